"""The virtual sound card and the candidate are instruments: they are checked before they are believed."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from candidate_program import Candidate
from soundcard import RATE_HZ, Heard, Samples, SoundCard

LISTEN = """
import sounddevice, numpy, sys
stream = sounddevice.InputStream(samplerate=48000, channels=1, dtype="float32")
with stream:
    print("listening", flush=True)
    samples, _ = stream.read(48000 * 2)
numpy.save(sys.argv[1], samples[:, 0])
"""

SPEAK = """
import sounddevice, numpy, sys
sounddevice.play(numpy.load(sys.argv[1]), 16000, blocking=True)
"""


def tone(seconds: float, hertz: float) -> Samples:
    return (0.3 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE_HZ)) / RATE_HZ)).astype(
        np.float32
    )


def pitch(samples: Samples, rate: int = RATE_HZ) -> float:
    """The loudest frequency (Hz)."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * rate / len(samples))


def test_stretches_of_sound_are_found_and_short_gaps_bridged() -> None:
    silence = np.zeros(RATE_HZ // 10, dtype=np.float32)
    heard = Heard(np.concatenate([silence, tone(0.2, 440), silence, tone(0.2, 440), silence]), started=100.0)
    assert heard.sounds(quiet=0.3) == (pytest.approx((100.1, 100.6), abs=0.021),)
    assert len(heard.sounds(quiet=0.05)) == 2
    assert pitch(heard.between(100.1, 100.3)) == pytest.approx(440, abs=5)


def test_silence_holds_no_sound() -> None:
    assert Heard(np.zeros(RATE_HZ, dtype=np.float32), 0.0).sounds() == ()


@pytest.mark.device
def test_a_program_hears_what_is_said_into_the_microphone(sound_card: SoundCard, tmp_path: Path) -> None:
    heard = tmp_path / "heard.npy"
    command = [sys.executable, "-c", LISTEN, str(heard)]
    with subprocess.Popen(command, env=sound_card.env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "listening\n"
        sound_card.say(tone(1.0, 440))
    samples = np.load(heard)
    assert pitch(samples, 48_000) == pytest.approx(440, abs=3)
    assert np.abs(samples).max() == pytest.approx(0.3, abs=0.05)


@pytest.mark.device
def test_what_a_program_plays_is_recorded_from_the_loudspeaker(sound_card: SoundCard, tmp_path: Path) -> None:
    np.save(tmp_path / "tone.npy", tone(1.0, 660))
    with sound_card.record() as recording:
        command = [sys.executable, "-c", SPEAK, str(tmp_path / "tone.npy")]
        subprocess.run(command, env=sound_card.env, check=True, timeout=30)
    ((start, end),) = recording.loudspeaker.sounds()
    assert end - start == pytest.approx(1.0, abs=0.1)
    assert pitch(recording.loudspeaker.between(start, end)) == pytest.approx(660, abs=3)
    assert recording.microphone.sounds() == ()


@pytest.mark.device
def test_both_lines_are_recorded_on_one_clock(sound_card: SoundCard) -> None:
    with sound_card.record() as recording:
        time.sleep(0.5)
        said = time.monotonic()
        sound_card.say(tone(0.5, 440))
        ended = time.monotonic()
    ((start, end),) = recording.microphone.sounds()
    assert start == pytest.approx(said, abs=0.2)
    assert end < ended + 0.05  # not sooner than it was heard: that is what `say` waits for
    assert end - start == pytest.approx(0.5, abs=0.05)
    assert recording.loudspeaker.started == pytest.approx(recording.microphone.started, abs=0.5)


@pytest.mark.device
def test_two_cards_do_not_hear_each_other(sound_card: SoundCard) -> None:
    other = SoundCard()
    try:
        with other.record() as recording:
            sound_card.say(tone(0.3, 440))
    finally:
        other.close()
    assert recording.microphone.sounds() == ()


@pytest.mark.device
def test_the_candidate_waits_for_quiet_and_for_the_word_to_go(sound_card: SoundCard, tmp_path: Path) -> None:
    import soundfile

    answer = tmp_path / "answer.wav"
    soundfile.write(answer, tone(0.6, 880), RATE_HZ)
    np.save(
        tmp_path / "question.npy", np.concatenate([tone(0.5, 330), np.zeros(RATE_HZ // 2), tone(0.5, 330)])
    )
    question = [sys.executable, "-c", SPEAK, str(tmp_path / "question.npy")]
    with (
        sound_card.record() as recording,
        Candidate([answer], sound_card.env, tmp_path / "candidate", quiet=0.8) as candidate,
    ):
        subprocess.run(question, env=sound_card.env, check=True, timeout=30)
        candidate.await_event("question_ended")
        time.sleep(1.0)
        told = time.monotonic()
        candidate.go()
        candidate.await_event("answer_ended")
    ((asked, asked_end),) = recording.loudspeaker.sounds(quiet=0.6)
    ((answered, _),) = recording.microphone.sounds()
    events = {event["event"]: event for event in candidate.events()}
    assert events["question_started"]["at"] == pytest.approx(asked, abs=0.15)
    assert events["question_ended"]["at"] == pytest.approx(asked_end, abs=0.15)
    assert told < answered < told + 0.5
    assert events["answer_started"]["at"] == pytest.approx(answered, abs=0.2)
    heard, rate = soundfile.read(candidate.heard(1), dtype="float32")
    assert len(heard) / rate == pytest.approx(asked_end - asked, abs=0.8)
    assert pitch(heard, rate) == pytest.approx(330, abs=5)


@pytest.mark.device
def test_the_candidate_is_a_program_that_writes_its_events_as_lines_of_json(
    sound_card: SoundCard, tmp_path: Path
) -> None:
    with Candidate([], sound_card.env, tmp_path / "candidate") as candidate:
        candidate.await_event("listening")
    lines = (tmp_path / "candidate" / "events.jsonl").read_text().splitlines()
    assert [json.loads(line)["event"] for line in lines] == ["listening", "left"]
