"""`greenroom doctor`: what it looks at, and what it says of it."""

from __future__ import annotations

import json
import re
import shutil
import sys
import time
from collections import namedtuple
from collections.abc import Sequence
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from greenroom import voices
from greenroom.cli import practice_command
from greenroom.config import PracticeSettings
from greenroom.doctor_command import doctor_command
from greenroom.doctoring import computer, examination, findings, sound, speech, speed, versions
from greenroom.doctoring.examination import Summary, summed_up
from greenroom.doctoring.findings import Finding, cures, the_same, this_system
from greenroom.doctoring.showing import Lines, as_data
from greenroom.doctoring.speed import Speed, advised
from greenroom.errors import DeviceError, ModelError
from greenroom.records import Clip
from greenroom.settings_file import settings_options

SOURCES = Path(findings.__file__).parent
SYSTEMS = {"linux", "macos", "windows"}


def only(found: Sequence[Finding], name: str) -> Finding:
    (finding,) = (each for each in found if each.name == name)
    return finding


# --- what to do ------------------------------------------------------------


def test_every_cure_that_is_asked_for_is_there_for_every_system() -> None:
    asked = {
        name
        for path in SOURCES.glob("*.py")
        for name in re.findall(r'\bcures\(\s*"([a-z-]+)"', path.read_text("utf-8"))
    } | {"microphone", "loudspeaker"}  # these by the name of the device
    assert asked == set(findings._cures())
    for name in asked:
        texts = cures(name, package="p", option="o", name="n", hint="h", advice="a")
        assert set(texts) == SYSTEMS
        assert all(text.strip() and "\n" not in text and "{" not in text for text in texts.values())


@pytest.mark.parametrize(
    ("platform", "system"),
    [("linux", "linux"), ("darwin", "macos"), ("win32", "windows"), ("freebsd14", "linux")],
)
def test_each_system_gets_its_own(platform: str, system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert this_system() == system
    assert Finding("g", "n", "missing", "t", cures("portaudio")).cure == cures("portaudio")[system]


# --- versions ------------------------------------------------------------


def test_what_is_installed_is_named_with_its_version() -> None:
    found = list(versions.examine())
    assert only(found, "greenroom").state == "ok"
    assert only(found, "torch").told == metadata.version("torch")
    assert [each.name for each in found if each.stops] == []


def test_a_library_that_is_missing_stops_an_interview_and_an_extra_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nothing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(versions.metadata, "version", nothing)
    monkeypatch.setattr(versions, "find_spec", lambda name: None)
    found = list(versions.examine())
    spacy, faster = only(found, "spacy"), only(found, "faster-whisper")
    assert (spacy.state, spacy.stops) == ("missing", 5)
    assert spacy.cures["linux"].endswith("-m pip install spacy")
    assert (faster.state, faster.stops) == ("missing", None)
    assert '"greenroom[faster]"' in faster.cures["windows"]


def test_a_python_that_nobody_tried_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    version = namedtuple("version", "major minor micro")(3, 9, 2)
    monkeypatch.setattr(versions, "sys", type("sys", (), {"version_info": version, "executable": "python"}))
    finding = only(list(versions.examine()), "Python")
    assert finding.state == "look here"
    assert "3.10 to 3.13" in finding.told


# --- sound ------------------------------------------------------------


def test_within_gives_what_comes_raises_what_is_raised_and_does_not_wait_for_ever() -> None:
    assert sound.within(5.0, lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        sound.within(5.0, lambda: 1 / 0)
    began = time.monotonic()
    with pytest.raises(sound.HungError):
        sound.within(0.05, lambda: time.sleep(3))
    assert time.monotonic() - began < 2


def no_devices(wanted: str | None) -> Any:
    raise DeviceError(f"no device is called “{wanted}”" if wanted else "no microphone was found")


def test_without_devices_the_microphone_is_what_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound, "_look", lambda: ("V19", ()))
    monkeypatch.setattr(sound, "find_input", no_devices)
    monkeypatch.setattr(sound, "find_output", no_devices)
    found = list(sound.examine(PracticeSettings()))
    assert (only(found, "microphone").state, only(found, "microphone").stops) == ("missing", 4)
    assert "--typed" in (only(found, "microphone").cure or "")
    assert (only(found, "loudspeaker").state, only(found, "loudspeaker").stops) == ("missing", None)
    assert "0 inputs and 0 outputs" in only(found, "PortAudio").told
    assert summed_up(found) == Summary(
        4,
        "A spoken interview cannot be held yet: see microphone. A typed one can: greenroom practice --typed",
    )


def test_devices_that_were_named_have_to_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound, "_look", lambda: ("V19", ()))
    monkeypatch.setattr(sound, "find_input", no_devices)
    monkeypatch.setattr(sound, "find_output", no_devices)
    found = list(sound.examine(PracticeSettings(input="USB", output="HDMI")))
    assert [only(found, name).stops for name in ("microphone", "loudspeaker")] == [4, 4]
    assert "--output" in (only(found, "loudspeaker").cure or "")


def test_a_sound_system_that_hangs_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound, "list_devices", lambda: time.sleep(5))
    (finding,) = sound.examine(PracticeSettings(), patience=0.2)
    assert (finding.state, finding.stops) == ("look here", 4)
    assert "not answered for 0.2 s" in finding.told


def test_without_portaudio_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> Any:
        raise DeviceError("the PortAudio library is missing")

    monkeypatch.setattr(sound.portaudio, "load", missing)
    (finding,) = sound.examine(PracticeSettings())
    assert (finding.state, finding.stops) == ("missing", 4)
    assert "libportaudio2" in finding.cures["linux"]


# --- voices, engines, weights, readers ------------------------------------------------------------


class Mute:
    name = "mute"

    def render(self, text: str) -> Clip | None:
        raise ModelError("the engine does not start", "install it")


def test_the_voice_really_speaks() -> None:
    finding = only(list(speech.examine_voices(PracticeSettings())), "pyttsx3")
    assert finding.state == "ok"
    assert "s of sound" in finding.told


def test_only_the_chosen_voice_has_to_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(voices.VOICES, "mute", lambda which, rate: Mute())
    monkeypatch.delitem(voices.VOICES, "pyttsx3")
    monkeypatch.delitem(voices.VOICES, "piper")
    (other,) = speech.examine_voices(PracticeSettings(voice="silent"))
    (chosen,) = speech.examine_voices(PracticeSettings(voice="mute"))
    assert (other.name, other.state, other.stops) == ("mute", "missing", None)
    assert (chosen.state, chosen.stops, chosen.cure) == ("missing", 5, "install it")
    unknown = next(iter(speech.examine_voices(PracticeSettings(voice="bark"))))
    assert (unknown.name, unknown.state, unknown.stops) == ("bark", "missing", 5)


@pytest.mark.weights
def test_weights_are_read_through_and_their_hash_is_told() -> None:
    found = list(speech.examine_engines(PracticeSettings()))
    chosen = only(found, "base, chosen")
    assert chosen.state == "ok"
    assert "d01c3014881c…, as published" in chosen.told
    assert [each.stops for each in found] == [None] * len(found)


def test_damaged_weights_are_told_and_stop_where_they_are_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "whisper").mkdir()
    (tmp_path / "whisper" / "small.en.pt").write_bytes(b"half a download")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(speech, "MODELS", {"small.en": speech.MODELS["small.en"]})
    chosen = only(list(speech.examine_engines(PracticeSettings(model="small.en"))), "small.en, chosen")
    other = only(list(speech.examine_engines(PracticeSettings(model="large-v3"))), "small.en")
    assert (chosen.state, chosen.stops, other.state, other.stops) == ("look here", 5, "look here", None)
    assert "damaged (wrong SHA-256)" in chosen.told
    assert chosen.cure == "greenroom models fetch small.en"


def test_a_model_that_is_not_here_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(speech, "MODELS", {})
    found = list(speech.examine_engines(PracticeSettings(model="large-v3")))
    missing = only(found, "large-v3")
    assert (missing.state, missing.stops) == ("missing", 5)
    assert "models fetch large-v3" in (missing.cure or "")


def test_the_detector_hears_speech_in_what_comes_with_greenroom() -> None:
    finding = speech._detector("webrtc")
    assert (finding.state, finding.stops) == ("ok", None)
    assert speech._detector("bat").stops == 5


@pytest.mark.slow
def test_the_readers_read() -> None:
    assert [each.state for each in speech.examine_readers(PracticeSettings())] == ["ok", "ok"]


def test_whatever_the_analysis_raises_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("no\nmodel")

    monkeypatch.setattr("greenroom.analysis.Analyzer", broken)
    finding = speech._analysis()
    assert (finding.state, finding.stops) == ("missing", 5)
    assert finding.told == "does not work: RuntimeError: no model"


# --- the computer ------------------------------------------------------------

MINUTE = 3_840_000  # bytes


@pytest.mark.parametrize(
    ("minutes", "state", "stops"), [(4.9, "missing", 3), (5.1, "look here", None), (61, "ok", None)]
)
def test_room_is_told_in_minutes_of_recording(
    minutes: float, state: str, stops: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")(0, 0, int(minutes * MINUTE))
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    finding = only(list(computer.examine(tmp_path / "not" / "there" / "yet")), "recordings")
    assert (finding.state, finding.stops) == (state, stops)
    assert f"{minutes:.0f} minutes" in finding.told
    assert list(tmp_path.iterdir()) == []


def test_a_minute_takes_what_the_recorder_writes() -> None:
    assert computer.BYTES_PER_MINUTE == MINUTE


def test_a_place_that_cannot_be_written_stops(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    finding = only(list(computer.examine(tmp_path / "file" / "recordings")), "recordings")
    assert (finding.state, finding.stops) == ("missing", 3)
    assert "cannot be written" in finding.told


@pytest.mark.parametrize(
    ("size", "state"), [(None, "ok"), (1_900_000_000, "look here"), (2_000_000_000, "ok")]
)
def test_little_memory_is_worth_a_look(size: int | None, state: str) -> None:
    assert computer._memory(size).state == state


# --- speed ------------------------------------------------------------


def measured(model: str, factor: float, engine: str = "openai-whisper") -> Speed:
    return Speed(engine, model, 3.0, 8.0, factor * 6.0, factor * 2.0)


@pytest.mark.parametrize(
    ("chosen", "others", "advice"),
    [
        (measured("base", 0.1), [], "small.en makes fewer mistakes and would keep up, too (estimated 0.45)"),
        (measured("base", 0.3), [], "small.en would be too slow (estimated 1.3)"),
        (measured("large", 0.3), [], "large on openai-whisper"),
        (measured("my-own", 0.3), [], "my-own on openai-whisper"),
        (
            measured("base", 0.9),
            [measured("base", 0.45, "faster-whisper")],
            "--engine faster-whisper --model base, which keeps up",
        ),
        (
            measured("base", 2.0),
            [measured("base", 1.5, "faster-whisper"), measured("tiny.en", 0.8)],
            "--engine openai-whisper --model tiny.en, which just keeps up",
        ),
        (measured("base", 0.9), [measured("tiny.en", 0.89)], "base on openai-whisper"),
        (measured("tiny.en", 2.0), [], "tiny.en, for want of a faster one"),
    ],
)
def test_which_model_to_choose(chosen: Speed, others: list[Speed], advice: str) -> None:
    assert advice in advised(chosen, others)


def test_a_chosen_model_that_is_too_slow_is_held_against_others_that_are_here() -> None:
    asked: list[tuple[str, str]] = []

    def measure(engine: str, model: str) -> Speed:
        asked.append((engine, model))
        return measured(model, 1.6 if len(asked) == 1 else 0.4, engine)

    found = list(speed.examine(PracticeSettings(), measure))
    assert found[0].state == "look here"
    assert "does not keep up" in found[0].told
    if asked[1:]:  # only where another is installed
        assert len(asked) == 2
        assert found[-1].told.startswith(f"--engine {asked[1][0]} --model {asked[1][1]}")
        assert found[-1].told in (found[0].cure or "")
    assert all(each.stops is None for each in found)


def test_a_measurement_beside_busy_programs_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "_faster", lambda chosen: [])
    monkeypatch.setattr(speed, "processors", lambda: 2)
    for load, told in ((0.9, False), (1.1, True)):
        monkeypatch.setattr("os.getloadavg", lambda load=load: (load, 0.0, 0.0), raising=False)
        first, _ = speed.examine(PracticeSettings(), lambda engine, model: measured(model, 0.7))
        assert ("Other programs were at work" in first.told) == told
        assert ("measure again" in (first.cure or "")) == told


def test_a_model_that_keeps_up_is_measured_alone() -> None:
    asked: list[str] = []

    def measure(engine: str, model: str) -> Speed:
        asked.append(model)
        return measured(model, 0.3, engine)

    first, advice = speed.examine(PracticeSettings(), measure)
    assert (first.state, first.cures, asked) == ("ok", {}, ["base"])
    assert "0.30 s of work for a second of speech (0.22 for the words, 0.07 for the ums" in first.told
    assert advice.name == "which to choose"


def test_a_model_that_does_not_run_is_told() -> None:
    def measure(engine: str, model: str) -> Speed:
        raise ModelError("its process was ended by signal 9")

    (finding,) = speed.examine(PracticeSettings(), measure)
    assert (finding.state, finding.stops) == ("missing", 5)


class Clockwork:
    """A transcriber that takes its time by a clock of its own, and that clock."""

    engine, model = "clockwork", "base"

    def __init__(self) -> None:
        self.now = 100.0
        self.lengths: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def transcribe(self, clip: Clip) -> None:
        self.lengths.append(clip.seconds)
        self.now += 2.0

    def transcribe_verbatim(self, clip: Clip) -> None:
        self.now += 1.0


def test_pieces_have_the_sound_before_them_and_it_stops_in_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow: Any = Clockwork()
    monkeypatch.setattr(speed, "time", slow)
    found = speed._timed(slow, 1.0, 10.0)
    assert slow.lengths == [8.0, 12.0, 12.0]  # a fourth would have gone beyond the limit
    assert found == Speed("clockwork", "base", 1.0, 24.0, 6.0, 3.0)
    assert found.factor == pytest.approx(9 / 24)
    assert speed._timed(slow, 1.0, 0.1).speech == 8.0  # one is always measured


@pytest.mark.weights
def test_this_computer_is_really_measured() -> None:
    found = speed.measure("faster-whisper", "tiny.en", limit=0.1)
    assert (found.engine, found.model, found.speech) == ("faster-whisper", "tiny.en", 8.0)
    assert found.load > 0.2
    assert 0.02 < found.words / found.speech < 20
    assert found.fillers > 0


# --- all of it ------------------------------------------------------------


def test_a_faulty_settings_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = settings_options(practice_command)
    path = tmp_path / "config.toml"
    monkeypatch.setenv("GREENROOM_CONFIG", str(path))
    assert examination._settings(options).state == "ok"
    path.write_text("qestions = 2\n")
    assert (examination._settings(options).state, examination._settings(options).stops) == ("look here", 3)
    assert 'did you mean "questions"?' in examination._settings(options).told
    path.write_text("questions = ")
    assert "cannot be read" in examination._settings(options).told
    path.write_text("questions = 2\n")
    assert examination._settings(options).told == f"{path}, 1 set"


def test_an_interview_can_be_held_where_nothing_stops_it() -> None:
    well = Finding("g", "n", "ok", "t")
    assert summed_up([well, replace(well, state="missing")]).status == 0
    broken = summed_up([well, replace(well, name="base", stops=5), replace(well, name="microphone", stops=4)])
    assert broken == Summary(5, "A spoken interview cannot be held yet: see base and microphone.")


SOME = (
    Finding(
        "Sound", "microphone", "missing", "no microphone was found " * 5, the_same("plug one in " * 9), 4
    ),
    Finding("Sound", "loudspeaker", "look here", "quiet\x1b[2J", the_same("turn it up")),
    Finding("Speed", "base", "ok", "keeps up", the_same("nothing")),
)


def shown(width: int = 80, coloured: bool = False) -> list[str]:
    lines = Lines(width=width, coloured=coloured)
    return [line for finding in SOME for line in lines.of(finding)]


def test_lines_fit_a_terminal_and_say_the_state_in_words() -> None:
    lines = shown()
    assert max(map(len, lines)) <= 80
    assert [line for line in lines if line and not line.startswith(" ")] == ["Sound", "Speed"]
    assert [line[2:11].strip() for line in lines if re.match(r"  \S", line)] == ["missing", "look here", "ok"]
    assert sum("what to do:" in line for line in lines) == 2
    assert "\x1b" not in "".join(lines)


def test_colours_add_nothing_that_words_do_not_say() -> None:
    coloured = shown(coloured=True)
    assert any("\x1b[31m" in line for line in coloured)
    assert [re.sub(r"\x1b\[\d+m", "", line) for line in coloured] == shown()


@pytest.mark.parametrize(
    ("variable", "value", "coloured"), [("X", "", True), ("NO_COLOR", "1", False), ("TERM", "dumb", False)]
)
def test_colours_are_for_terminals_that_want_them(
    variable: str, value: str, coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b" not in "".join(Lines().of(SOME[1]))  # no terminal
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv(variable, value)
    assert ("\x1b" in "".join(Lines().of(SOME[1]))) == coloured


def test_json_has_the_cures_of_all_systems() -> None:
    first, _, last = as_data(SOME)
    assert first["stops"] is True
    assert set(first["cures"]) == SYSTEMS
    assert first["do"] == SOME[0].cure
    assert last["do"] is None
    json.dumps([first, last])


def run_doctor(*arguments: str) -> Result:
    return CliRunner().invoke(doctor_command, arguments, catch_exceptions=False)


def test_the_command_shows_and_ends_with_the_status(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[PracticeSettings] = []

    def examine(settings: PracticeSettings, options: object) -> list[Finding]:
        seen.append(settings)
        return list(SOME)

    monkeypatch.setattr(examination, "examine", examine)
    result = run_doctor("--model", "tiny.en", "--voice", "silent")
    assert result.exit_code == 4
    assert (seen[0].model, seen[0].voice) == ("tiny.en", "silent")
    assert "greenroom practice --typed" in result.stdout
    data = json.loads(run_doctor("--json").stdout)
    assert (data["status"], len(data["findings"])) == (4, 3)


@pytest.mark.slow
@pytest.mark.weights
def test_the_whole_doctor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "LIMIT", 0.1)
    result = run_doctor("--json", "--recordings", str(tmp_path / "recordings"))
    data = json.loads(result.stdout)
    by_name = {each["name"]: each for each in data["findings"]}
    assert {"greenroom", "PortAudio", "microphone", "pyttsx3", "base, chosen", "analysis", "recordings"} <= {
        *by_name
    }
    assert "which to choose" in by_name
    stopping = {each["name"] for each in data["findings"] if each["stops"]}
    assert stopping <= {"microphone", "PortAudio"}  # a computer for tests may have no sound
    assert result.exit_code == (4 if stopping else 0)
