"""Whole interviews that recordings answer, and bad recordings, banks, folders and names of devices."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import soxr
from end_to_end import (
    DATA,
    JFK,
    JFK_SAID,
    environment,
    names_in,
    only_session,
    session_of,
    word_error_rate,
)
from soundcard import RATE_HZ, SoundCard, read_sound, without_sound

from greenroom.demo import demo_recordings

pytestmark = pytest.mark.weights

QUICK = ("--fast", "--quiet", "--engine", "faster-whisper", "--model", "tiny.en")
STAGES = ("speech_end", "transcribed", "analysed")
TRUTHS = [json.loads(path.read_text("utf-8")) for path in sorted((DATA / "demo").glob("*.json"))]


def practice(
    home: Path, *arguments: object, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """An interview without a terminal and without anybody at the keyboard."""
    return subprocess.run(
        [sys.executable, "-m", "greenroom", "practice", *map(str, arguments)],
        env=environment(home) if env is None else dict(env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )


def session_after(done: subprocess.CompletedProcess[str], home: Path) -> dict[str, Any]:
    """The session of an interview that went well; standard output says where it is, and nothing else."""
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{only_session(home)}\n"
    assert "Traceback" not in done.stderr
    return session_of(only_session(home))


def error_of(done: subprocess.CompletedProcess[str], status: int) -> str:
    """The one line that says what is wrong, and what follows it."""
    assert done.returncode == status, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    errors = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert len(errors) == 1, done.stderr
    return done.stderr[done.stderr.index("error: ") :]


@pytest.mark.parametrize("engine", ["openai-whisper", "faster-whisper"])
def test_two_questions_answered_by_recordings(engine: str, tmp_path: Path) -> None:
    recordings = [JFK, demo_recordings()[1]]
    options = ["--questions", 2, "--follow-ups", 0, "--seed", 0, "--fast", "--quiet", "--engine", engine]
    session = session_after(practice(tmp_path, *options, "--candidate", *recordings), tmp_path)
    turns = session["turns"]
    assert [turn["number"] for turn in turns] == [1, 2]
    assert turns[0]["question"] != turns[1]["question"]
    assert session["unanswered"] == []
    assert session["finished"] is True
    assert session["settings"]["seed"] == 0
    assert word_error_rate(JFK_SAID, turns[0]["transcript"]["text"]) < 0.1
    assert word_error_rate(TRUTHS[1]["text"], turns[1]["transcript"]["text"]) < 0.15
    assert names_in(only_session(tmp_path)) == {
        "session.json", "01-answer.flac", "01-answer.vtt", "02-answer.flac", "02-answer.vtt",
    }  # fmt: skip
    for turn in turns:
        assert turn["transcript"]["engine"] == engine
        assert turn["question_recording"] is None  # --quiet
        stages = [turn["timing"][stage] for stage in STAGES]
        assert stages == sorted(stages)
        assert turn["timing"]["speech_end"] < turn["timing"]["decided"] < turn["seconds"]
        assert turn["timing"]["feedback_started"] is None


def test_the_interview_ends_when_the_recordings_run_out(tmp_path: Path) -> None:
    options = ["--questions", 3, "--follow-ups", 0, *QUICK]
    session = session_after(practice(tmp_path, *options, "--candidate", JFK), tmp_path)
    assert len(session["turns"]) == 1
    assert session["unanswered"] == []


def test_steady_noise_that_passes_for_a_voice_does_not_hold_an_answer_open(tmp_path: Path) -> None:
    speech = read_sound(JFK)
    noise = np.random.default_rng(0).normal(0, 0.03, len(speech) + 90 * RATE_HZ).astype(np.float32)
    noise[: len(speech)] *= 0.05
    noise[: len(speech)] += speech
    soundfile.write(tmp_path / "fan.wav", np.clip(noise, -1, 1), RATE_HZ)
    options = ["--questions", 1, "--follow-ups", 0, "--vad", "webrtc", *QUICK]
    session = session_after(practice(tmp_path, *options, "--candidate", tmp_path / "fan.wav"), tmp_path)
    (turn,) = session["turns"]
    print(f"ended by {turn['ended_by']} at {turn['timing']['decided']:.1f} s")
    assert turn["ended_by"] in ("stall", "silence")
    assert turn["timing"]["decided"] < len(speech) / RATE_HZ + 25
    assert word_error_rate(JFK_SAID, turn["transcript"]["text"]) < 0.2


def encode(path: Path, samples: np.ndarray, codec: str) -> Path:
    """A compressed file; mono samples at 16 kHz."""
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=RATE_HZ, layout="mono")
        frame = av.AudioFrame.from_ndarray(
            samples[np.newaxis].astype(np.float32), format="fltp", layout="mono"
        )
        frame.sample_rate = RATE_HZ
        for resampled in av.AudioResampler(
            stream.format, "mono", RATE_HZ, stream.frame_size or 1024
        ).resample(frame):
            container.mux(stream.encode(resampled))
        container.mux(stream.encode(None))
    return path


def test_recordings_of_every_kind_are_answers(tmp_path: Path) -> None:
    jfk = read_sound(JFK)
    stereo = np.column_stack((soxr.resample(jfk, RATE_HZ, 48_000), np.zeros(len(jfk) * 3)))
    soundfile.write(tmp_path / "stereo-48000.wav", stereo, 48_000)
    soundfile.write(tmp_path / "mono-8000.wav", soxr.resample(jfk, RATE_HZ, 8_000), 8_000)
    recordings = [
        tmp_path / "stereo-48000.wav",
        tmp_path / "mono-8000.wav",
        encode(tmp_path / "phone.m4a", jfk, "aac"),
        encode(tmp_path / "dictaphone.mp3", jfk, "libmp3lame"),
    ]
    options = ["--questions", len(recordings), "--follow-ups", 0, *QUICK]
    session = session_after(practice(tmp_path, *options, "--candidate", *recordings), tmp_path)
    rates = [word_error_rate(JFK_SAID, turn["transcript"]["text"]) for turn in session["turns"]]
    assert len(rates) == len(recordings)
    assert max(rates) < 0.2, rates


def test_a_recording_cut_off_is_an_answer_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = JFK.read_bytes()
    (tmp_path / "cut-off.flac").write_bytes(whole[: len(whole) // 2])
    options = ["--questions", 1, "--follow-ups", 0, *QUICK, "--candidate", tmp_path / "cut-off.flac"]
    (turn,) = session_after(practice(tmp_path, *options), tmp_path)["turns"]
    assert "fellow Americans" in turn["transcript"]["text"]
    assert "for your country" not in turn["transcript"]["text"]
    assert 3.0 < turn["timing"]["speech_end"] < 8.0


def test_silence_leaves_a_question_unanswered_and_the_next_one_is_asked(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "silence.wav", np.zeros(10 * RATE_HZ), RATE_HZ)
    options = ["--questions", 2, "--follow-ups", 0, *QUICK, "--candidate", tmp_path / "silence.wav", JFK]
    done = practice(tmp_path, *options)
    session = session_after(done, tmp_path)
    (unanswered,), (turn,) = session["unanswered"], session["turns"]
    assert (unanswered["number"], unanswered["reason"]) == (1, "silence")
    assert (turn["number"], turn["ended_by"]) == (2, "silence")
    assert "I did not hear an answer" in done.stderr


NOT_ANSWERS = {
    "empty.wav": b"",
    "letter.wav": b"Dear committee, I should like to apply.\n" * 40,
    "header-only.flac": JFK.read_bytes()[:100],
    "page.m4a": b"<!doctype html><title>not found</title>",
}


@pytest.mark.parametrize("name", [*NOT_ANSWERS, "absent.wav", "folder.wav"])
def test_what_is_no_recording_is_said_in_one_line(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if name in NOT_ANSWERS:
        path.write_bytes(NOT_ANSWERS[name])
    elif name == "folder.wav":
        path.mkdir()
    assert name in error_of(practice(tmp_path, "--quiet", "--candidate", JFK, path), 3)
    assert not (tmp_path / "recordings").exists(), "nothing has begun, so nothing is left behind"


GOOD_ENTRY = (
    '[[question]]\nid = "one"\ntext = "Why?"\nkind = "other"\nsignals = ["clarity"]\nabout = "You."\n'
)
BAD_BANKS = {
    "a missing key": (GOOD_ENTRY.replace('text = "Why?"\n', ""), ("one", "text")),
    "a duplicate id": (GOOD_ENTRY + GOOD_ENTRY, ("one", "id")),
    "bad TOML": (GOOD_ENTRY.replace('"one"', '"one'), ("bank.toml",)),
}


@pytest.mark.parametrize("fault", BAD_BANKS)
def test_a_faulty_bank_is_named_with_entry_and_key(fault: str, tmp_path: Path) -> None:
    entries, wanted = BAD_BANKS[fault]
    (tmp_path / "bank.toml").write_text(f'name = "b"\ntitle = "B"\ndescription = "B"\n{entries}')
    said = error_of(practice(tmp_path, "--bank", tmp_path / "bank.toml", "--candidate", JFK), 3)
    assert "bank.toml" in said
    assert all(word in said for word in wanted), said


@pytest.mark.parametrize("place", ["a file", "below a file"])
def test_a_place_that_cannot_be_written(place: str, tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("mine")
    root = tmp_path / "notes" if place == "a file" else tmp_path / "notes" / "recordings"
    said = error_of(practice(tmp_path, "--quiet", "--candidate", JFK, "--recordings", root), 3)
    assert str(root) in said
    assert "--recordings" in said
    assert (tmp_path / "notes").read_text() == "mine"


@pytest.mark.device
def test_a_device_name_that_matches_none_or_several(sound_card: SoundCard, tmp_path: Path) -> None:
    env = environment(tmp_path, sound_card.env)
    none = error_of(practice(tmp_path, "--input", "cathedral organ", env=env), 4)
    assert "cathedral organ" in none
    several = error_of(practice(tmp_path, "--output", "e", env=env), 4)
    for said in (none, several):
        assert said.count("\n  ") >= 2  # the list to choose from
        assert "\ntry: " in said
    assert not (tmp_path / "recordings").exists()


def test_the_demo_runs_by_itself_without_terminal_and_sound(tmp_path: Path) -> None:
    """In real time, as `scripts/rehearse < /dev/null` on a computer without sound."""
    env = environment(tmp_path) | without_sound(tmp_path)
    began = time.monotonic()
    done = practice(tmp_path, env=env)
    took = time.monotonic() - began
    session = session_after(done, tmp_path)
    turns = session["turns"]
    waits = [turn["timing"]["transcribed"] - turn["timing"]["decided"] for turn in turns]
    print(f"the demo took {took:.0f} s; transcribed after {', '.join(f'{wait:.1f}' for wait in waits)} s")
    assert "The demo candidate answers instead." in done.stderr
    assert [turn["follow_up_to"] for turn in turns] == [None, 1, None]
    assert turns[1]["question"] == turns[0]["feedback"]["follow_up"]
    assert session["finished"] is True
    assert session["unanswered"] == []
    rates = [
        word_error_rate(truth["text"], turn["transcript"]["text"])
        for truth, turn in zip(TRUTHS, turns, strict=True)
    ]
    assert max(rates) < 0.15, rates
    for truth, turn in zip(TRUTHS, turns, strict=True):
        assert turn["ended_by"] == "silence"
        assert turn["timing"]["speech_end"] == pytest.approx(truth["segments"][-1]["end"], abs=0.3)
        stages = [turn["timing"][stage] for stage in STAGES]
        assert stages == sorted(stages)
        assert turn["feedback"]["written"] in done.stderr
    assert took > sum(truth["seconds"] for truth in TRUTHS), "heard in real time"
