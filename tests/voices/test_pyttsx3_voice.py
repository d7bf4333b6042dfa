"""The voice of the computer's own speech engine: really rendered, and with engines that misbehave."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile

from greenroom.errors import ModelError
from greenroom.records import Clip
from greenroom.voices import pyttsx3_child
from greenroom.voices.pyttsx3_voice import KEPT_SILENCE, Pyttsx3Voice, load_pyttsx3, trim_silence

RATE = 22_050
TEXTS = ("Welcome.", "Tell me about a plan that went wrong.", "What did you do about it?", "Thank you.")

TONE = """
import json, sys, wave
request = json.load(sys.stdin)
with wave.open(request["path"], "wb") as file:
    file.setparams((1, 2, 22050, 0, "NONE", ""))
    file.writeframes(b"\\x00\\x20\\x00\\xe0" * 5000)
"""


def level(clip: Clip | None) -> float:
    """Root mean square level of a clip (full scale is 1)."""
    assert clip is not None
    return float(np.sqrt(np.mean(np.square(clip.samples))))


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that stands in for the one that speaks; the test writes it."""
    program = tmp_path / "child.py"
    monkeypatch.setattr(pyttsx3_child, "__file__", str(program))
    return program


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files of this test's own."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_really_speaks_text_after_text(temporary: Path, capfd: pytest.CaptureFixture[str]) -> None:
    voice = load_pyttsx3()
    clips = [voice.render(text) for text in TEXTS]
    assert all(level(clip) > 0.02 for clip in clips)
    seconds = [clip.seconds for clip in clips if clip]
    words = [len(text.split()) for text in TEXTS]
    assert np.argsort(seconds).tolist()[-2:] == np.argsort(words).tolist()[-2:]
    assert list(temporary.iterdir()) == []
    assert capfd.readouterr() == ("", "")


def test_really_speaks_from_two_threads_at_once() -> None:
    voice = load_pyttsx3()
    with ThreadPoolExecutor(2) as threads:
        both = list(threads.map(voice.render, TEXTS[:2] * 2))
    for one, again in zip(both[:2], both[2:], strict=True):
        assert one is not None
        assert again is not None
        assert np.array_equal(one.samples, again.samples)


def test_speaks_at_the_rate_it_is_asked_for() -> None:
    text = "Tell me about a plan you were responsible for that began to go wrong, and what you did about it."
    clip = Pyttsx3Voice(rate_wpm=165).render(text)
    slower = Pyttsx3Voice(rate_wpm=120).render(text)
    assert clip is not None
    assert slower is not None
    assert 140 < len(text.split()) / clip.seconds * 60 < 190
    assert slower.seconds > 1.25 * clip.seconds


def test_a_voice_of_the_engine_by_name() -> None:
    american, british = (Pyttsx3Voice(voice=name).render(TEXTS[1]) for name in ("en-us", "en-gb"))
    assert american is not None
    assert british is not None
    assert not np.array_equal(american.samples, british.samples)


def test_a_voice_that_the_engine_does_not_have() -> None:
    with pytest.raises(ModelError, match="no voice named 'nobody'") as caught:
        Pyttsx3Voice(voice="nobody").render("Welcome.")
    assert "English" in caught.value.details[0]


@pytest.mark.parametrize("text", ["", "…", "— ”"])
def test_nothing_to_say_is_no_sound(text: str, child: Path) -> None:
    assert load_pyttsx3().render(text) is None


def test_no_sound_is_tried_again(child: Path, tmp_path: Path) -> None:
    mark = str(tmp_path / "tried")
    empty = f"import os, sys\nif not os.path.exists({mark!r}): open({mark!r}, 'w'); sys.exit()\n"
    child.write_text(empty + TONE)
    assert level(load_pyttsx3().render("Welcome.")) == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("pass", "gave no sound"),
        (TONE.replace("5000", "0"), "gave no sound"),
        (TONE.replace("\\x20", "\\x00").replace("\\xe0", "\\x00"), "gave no sound"),
        ("import sys; open(sys.stdin.read().split('\"')[7], 'w').write('no sound')", "gave no sound"),
        ("raise RuntimeError('could not initialise the engine')", "could not initialise the engine"),
        ("import os; os.abort()", "does not work here: status -6"),
    ],
)
def test_an_engine_that_does_not_work(child: Path, program: str, message: str) -> None:
    child.write_text(program)
    with pytest.raises(ModelError, match=message) as caught:
        load_pyttsx3().render("Welcome.")
    assert "silent" in (caught.value.hint or "")
    assert "\n" not in caught.value.message


def test_an_engine_that_hangs_does_not_hang_the_interview(child: Path, temporary: Path) -> None:
    child.write_text("import time; time.sleep(60)")
    before = time.monotonic()
    with pytest.raises(ModelError, match="does not answer"):
        Pyttsx3Voice(timeout=0.3).render("Welcome.")
    assert time.monotonic() - before < 10
    assert list(temporary.iterdir()) == []


def test_a_disk_without_room_is_a_one_line_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "memfd_create", full)
    with pytest.raises(ModelError, match="No space left"):
        load_pyttsx3().render("Welcome.")


def test_the_text_is_cleaned_private_and_not_an_argument(child: Path, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    child.write_text(
        f"""
import io, json, os, sys
text = sys.stdin.read()
path = os.readlink(json.loads(text)["path"])
with open({str(seen)!r}, "w") as file:
    json.dump([json.loads(text)["text"], sys.argv[1:], path], file)
sys.stdin = io.StringIO(text)
{TONE}"""
    )
    load_pyttsx3().render("You said “we waited”…")
    assert seen.read_text() == '["You said we waited.", [], "/memfd:greenroom-speech (deleted)"]'


def test_the_fingerprint_names_what_the_sound_depends_on() -> None:
    voices = (Pyttsx3Voice(), Pyttsx3Voice(rate_wpm=150), Pyttsx3Voice(voice="en-gb"))
    assert len({voice.fingerprint for voice in voices}) == 3
    assert Pyttsx3Voice().fingerprint == voices[0].fingerprint


def test_silence_at_the_ends_is_trimmed_to_a_tenth_of_a_second() -> None:
    tone = np.full(RATE, 0.5, dtype=np.float32)
    padded = np.concatenate([np.zeros(RATE, np.float32), tone, np.full(RATE, 5e-4, np.float32)])
    trimmed = trim_silence(padded, RATE)
    assert len(trimmed) == RATE + 2 * int(KEPT_SILENCE * RATE)
    assert trimmed[int(KEPT_SILENCE * RATE)] == 0.5
    assert np.array_equal(trim_silence(tone, RATE), tone)
    assert len(trim_silence(np.zeros(RATE, np.float32), RATE)) == 0


def test_stereo_and_aiff_are_read(child: Path, tmp_path: Path) -> None:
    made = tmp_path / "made.aiff"
    soundfile.write(made, np.full((8000, 2), [0.5, 0.1]), 16_000, format="AIFF")
    child.write_text(f"import json, shutil, sys; shutil.copy({str(made)!r}, json.load(sys.stdin)['path'])")
    clip = load_pyttsx3().render("Welcome.")
    assert clip is not None
    assert (clip.rate, clip.samples.shape, clip.samples.dtype) == (16_000, (8000,), np.float32)
    assert clip.samples[0] == pytest.approx(0.3, abs=1e-3)


def voices(*entries: tuple[str, str, str]) -> list[SimpleNamespace]:
    return [SimpleNamespace(id=id_, name=name, languages=[language]) for id_, name, language in entries]


ESPEAK = voices(
    ("gmw/de", "German", "de"), ("gmw/en", "English (GB)", "en-gb"), ("gmw/en-us", "English (US)", "en-us")
)
APPLE = voices(
    ("com.anna", "Anna", "de_DE"), ("com.albert", "Albert", "en_US"), ("com.daniel", "Daniel", "en_GB")
)
WINDOWS = voices(
    ("HKEY_HEDDA", "Microsoft Hedda Desktop - German", "de-DE"),
    ("HKEY_ZIRA", "Microsoft Zira Desktop - English (United States)", "Unknown Locale: 9"),
)


@pytest.mark.parametrize(
    ("installed", "wanted", "current", "chosen"),
    [
        (ESPEAK, "", "gmw/en", "gmw/en-us"),
        (ESPEAK, "en-gb", "gmw/en", "gmw/en"),
        (ESPEAK, "German", "gmw/en", "gmw/de"),
        (ESPEAK, "gmw/en", "gmw/de", "gmw/en"),
        (APPLE, "", "com.daniel", "com.daniel"),
        (APPLE, "", "com.anna", "com.albert"),
        (APPLE, "dan", "com.anna", "com.daniel"),
        (WINDOWS, "", "HKEY_HEDDA", "HKEY_ZIRA"),
        (WINDOWS, "zira", "HKEY_HEDDA", "HKEY_ZIRA"),
        (WINDOWS[:1], "", "HKEY_HEDDA", None),
        (APPLE, "nobody", "com.daniel", None),
        ([], "", None, None),
    ],
)
def test_the_voice_that_is_chosen(
    installed: list[SimpleNamespace], wanted: str, current: str | None, chosen: str | None
) -> None:
    assert pyttsx3_child.choose_voice(installed, wanted, current) == chosen


def test_on_linux_the_library_of_the_package_is_used_and_not_the_systems(tmp_path: Path) -> None:
    program = f"""
import os, sys
from greenroom.voices import pyttsx3_child
pyttsx3_child.load_bundled_espeak()
from pyttsx3.engine import Engine
pyttsx3_child.write(Engine(), "Welcome.", {str(tmp_path / "speech.wav")!r})
sys.stderr.write(open("/proc/self/maps").read())
sys.stderr.flush()
os._exit(0)
"""
    mapped = run_python(program)
    assert {Path(line.split()[-1]).parent.name for line in mapped if "libespeak" in line} == {
        "espeakng_loader"
    }
    assert soundfile.info(tmp_path / "speech.wav").frames > RATE / 4


def run_python(program: str) -> list[str]:
    """Lines that the program wrote to stderr."""
    import subprocess

    environment = {**os.environ, "ESPEAK_DATA_PATH": ""}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, env=environment)
    return done.stderr.splitlines()
