"""Piper: where it is found, what its process does and what it does not, and the real one."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import shutil
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest

from greenroom.errors import ModelError
from greenroom.installing import install_line
from greenroom.questions import load_banks
from greenroom.records import Clip
from greenroom.voices import DEFAULT_WPM, FASTEST_WPM, SLOWEST_WPM, piper_child
from greenroom.voices.piper_models import PACKAGE, SHA256, PiperModel, find_piper
from greenroom.voices.piper_voice import PiperVoice, length_scale, load_piper, start

QUESTION = "Tell me about a plan you were responsible for that began to go wrong, and what you did about it."

TONE = """
import json, struct, sys
loading = json.loads(sys.stdin.readline())
print(json.dumps({"rate": 16000}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    sound = struct.pack("<8000f", *[0.5] * 8000)
    print(json.dumps({"samples": 8000}), flush=True)
    sys.stdout.buffer.write(sound)
    sys.stdout.buffer.flush()
"""


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that stands in for the one that speaks; the test writes it."""
    program = tmp_path / "child.py"
    monkeypatch.setattr(piper_child, "__file__", str(program))
    return program


def own_voice(folder: Path, config: str = '{"espeak": {"voice": "en-gb"}}') -> Path:
    """A file where a person's own voice would be."""
    path = folder / "my-voice.onnx"
    path.write_bytes(b"weights")
    path.with_name("my-voice.onnx.json").write_text(config)
    return path


def own(folder: Path, timeout: float = 20.0) -> PiperVoice:
    return PiperVoice(find_piper(str(own_voice(folder))), timeout=timeout)


def block(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """As if these modules were not installed."""
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name in names else real(name))


# --- where it is found ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("missing", "told"), [("piper", "piper is not installed"), (PACKAGE, "no voice for it")]
)
def test_what_is_not_installed(missing: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    block(monkeypatch, missing)
    with pytest.raises(ModelError, match=told) as caught:
        load_piper()
    assert install_line("greenroom[piper]") in (caught.value.hint or "")
    assert caught.value.status == 5


def test_another_package_whose_module_has_the_same_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", unknown)
    with pytest.raises(ModelError, match="piper is not installed"):
        load_piper()


def test_a_persons_own_voice_is_found_by_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = own_voice(tmp_path)
    voice = load_piper(str(path))
    assert (voice.name, find_piper(str(path)).language()) == ("piper:my-voice", "en-gb")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert find_piper("~/my-voice.onnx").path == path


@pytest.mark.parametrize("missing", ["my-voice.onnx", "my-voice.onnx.json"])
def test_an_own_voice_that_is_not_there(missing: str, tmp_path: Path) -> None:
    path = own_voice(tmp_path)
    (tmp_path / missing).unlink()
    with pytest.raises(ModelError, match="has no file .*" + missing):
        load_piper(str(path))


@pytest.mark.parametrize("config", ["", "[]", "{}", '{"espeak": 3}'])
def test_settings_that_name_no_language(config: str, tmp_path: Path) -> None:
    assert find_piper(str(own_voice(tmp_path, config))).language() == ""


def test_the_fingerprint_names_what_the_sound_depends_on(tmp_path: Path) -> None:
    path = own_voice(tmp_path)
    found = find_piper(str(path))
    before = {PiperVoice(found).fingerprint, PiperVoice(found, 150).fingerprint}
    path.write_bytes(b"other weights")
    assert len(before | {PiperVoice(found).fingerprint}) == 3


def test_a_voice_that_has_gone_is_no_traceback(tmp_path: Path) -> None:
    path = own_voice(tmp_path)
    voice = PiperVoice(find_piper(str(path)))
    path.unlink()
    with pytest.raises(ModelError, match="piper cannot be read: No such file"):
        _ = voice.fingerprint


def test_the_rate_is_one_of_the_words_that_are_heard() -> None:
    scales = [length_scale(rate) for rate in range(SLOWEST_WPM, FASTEST_WPM + 1)]
    assert scales == sorted(scales, reverse=True)
    assert 0.8 < scales[-1] < 1.2 < length_scale(DEFAULT_WPM) < 1.7 < scales[0] < 3


# --- what its process does ------------------------------------------------------------------------


@pytest.mark.slow
def test_one_process_says_text_after_text_and_is_told_them_by_pipe(child: Path, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    child.write_text(
        TONE.replace(
            "sound =", f"open({str(seen)!r}, 'a').write(json.dumps([request, sys.argv[1:]]) + '\\n'); sound ="
        )
    )
    voice = own(tmp_path)
    clips = [voice.render(text) for text in ("You said “we waited”…", "**Thank you**")]
    assert [(clip.rate, clip.seconds) for clip in clips if clip] == [(16_000, 0.5), (16_000, 0.5)]
    told = [json.loads(line) for line in seen.read_text().splitlines()]
    assert [request["text"] for request, _ in told] == ["You said we waited.", "Thank you"]
    assert [arguments for _, arguments in told] == [[], []]
    assert voice.render(" … ") is None
    voice.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("", "has stopped"),
        ("import sys; sys.stdin.readline(); print('nonsense')", "has stopped"),
        (
            'import sys; sys.stdin.readline(); print(\'{"fault": "ValueError: no"}\')',
            "does not work here: ValueError: no",
        ),
        (TONE.replace("sound = struct", "sys.exit(3)"), "has stopped"),
        (
            TONE.replace('"samples": 8000', '"samples": 9000').replace(
                "sys.stdout.buffer.flush()", "sys.exit()"
            ),
            "has stopped",
        ),
        (TONE.replace('{"samples": 8000}', '{"fault": "KeyError"}'), "cannot say this: KeyError"),
        (TONE.replace("0.5", "0.0"), "gave no sound"),
    ],
)
def test_a_process_that_fails_is_one_line(program: str, told: str, child: Path, tmp_path: Path) -> None:
    child.write_text(program)
    with pytest.raises(ModelError, match=told) as caught:
        own(tmp_path).render("Welcome.")
    assert "pyttsx3" in (caught.value.hint or "")


@pytest.mark.slow
def test_a_process_that_stopped_is_started_once_more(child: Path, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    child.write_text(
        f"import os, sys\nmark = {str(mark)!r}\n"
        f"if not os.path.exists(mark):\n open(mark, 'w')\n sys.exit(1)\n{TONE}"
    )
    assert own(tmp_path).render("Welcome.") is not None


@pytest.mark.slow
def test_one_that_hangs_is_ended(child: Path, tmp_path: Path) -> None:
    child.write_text(TONE.replace("sound = struct", "import time; time.sleep(60); sound = struct"))
    began = time.monotonic()
    with pytest.raises(ModelError, match="does not answer"):
        own(tmp_path, timeout=0.5).render("Hm.")
    assert time.monotonic() - began < 15


@pytest.mark.slow
def test_what_an_interrupted_text_sounds_like_is_not_taken_for_the_next(
    child: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child.write_text(
        TONE.replace('"<8000f", *[0.5] * 8000', "f'<{samples}f', *[0.5] * samples")
        .replace('{"samples": 8000}', '{"samples": samples}')
        .replace("    sound =", "    samples = 1000 * len(request['text'])\n    sound =")
    )
    voice = own(tmp_path)

    def interrupted(process: subprocess.Popen[bytes], request: dict[str, object]) -> None:
        assert process.stdin is not None
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.flush()
        raise KeyboardInterrupt

    assert voice.render("Hm, well.") is not None
    with monkeypatch.context() as patch:
        patch.setattr(voice, "_ask", interrupted)
        with pytest.raises(KeyboardInterrupt):
            voice.render("You said something that took a while.")
    clip = voice.render("Yes.")
    assert clip is not None and clip.seconds == pytest.approx(4 / 16)
    voice.close()


@pytest.mark.slow
def test_the_process_ends_with_its_input() -> None:
    process = start()
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(timeout=20) == 0


def test_long_sentences_are_made_in_parts_that_lose_nothing() -> None:
    sentence = list("ab, " * 150 + "x" * 900)
    parts = list(piper_child.parts(sentence))
    assert [phoneme for part in parts for phoneme in part] == sentence
    assert max(map(len, parts)) <= piper_child.LONGEST_PHONEMES
    assert parts[0][-1] == ","
    assert list(piper_child.parts([])) == []


# --- the real one ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real() -> PiperVoice:
    return load_piper()


def level(clip: Clip | None) -> float:
    assert clip is not None
    return float(np.sqrt(np.mean(np.square(clip.samples))))


@pytest.mark.weights
def test_piper_really_speaks(real: PiperVoice, capfd: pytest.CaptureFixture[str]) -> None:
    clips = [real.render(text) for text in ("Thank you.", QUESTION)]
    assert [clip.rate for clip in clips if clip] == [22_050, 22_050]
    assert all(0.03 < level(clip) < 0.3 for clip in clips)
    assert clips[0] is not None
    assert clips[1] is not None
    assert clips[0].seconds < clips[1].seconds
    assert clips[0].samples.dtype == np.float32
    assert capfd.readouterr() == ("", "")
    assert real.name == "piper"


@pytest.mark.weights
@pytest.mark.parametrize("rate", [130, DEFAULT_WPM, 200])
def test_it_speaks_at_the_rate_it_is_asked_for(rate: int) -> None:
    (bank,) = load_banks(["behavioural"])
    text = " ".join(question.text for question in bank.questions[4:8])
    clip = load_piper(rate_wpm=rate).render(text)
    assert clip is not None
    assert len(text.split()) / clip.seconds * 60 == pytest.approx(rate, rel=0.15)


@pytest.mark.weights
def test_a_model_that_is_not_the_published_one_is_not_used(tmp_path: Path) -> None:
    model = find_piper()
    changed = bytearray(model.path.read_bytes())
    changed[len(changed) // 2] ^= 1
    (tmp_path / model.path.name).write_bytes(changed)
    shutil.copy(model.config, tmp_path)
    damaged = PiperModel(model.name, tmp_path / model.path.name, SHA256)
    with pytest.raises(ModelError, match="its hash is not the published one"):
        PiperVoice(damaged).render("Welcome.")


@pytest.mark.weights
def test_a_persons_own_voice_speaks(tmp_path: Path) -> None:
    model = find_piper()
    for path in (model.path, model.config):
        (tmp_path / path.name).symlink_to(path)
    voice = load_piper(str(tmp_path / model.path.name))
    assert voice.name == "piper:en_US-joe-medium"
    assert level(voice.render("Welcome.")) > 0.02


@pytest.mark.weights
def test_a_file_that_is_no_voice_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="does not work here") as caught:
        own(tmp_path).render("Welcome.")
    assert len(caught.value.lines) == 2
