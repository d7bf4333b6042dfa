from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from greenroom.analysis import Analyzer, transcript_of
from greenroom.audio.clip import load_clip
from greenroom.coaching import Coach
from greenroom.demo import demo_bank_path, demo_recordings
from greenroom.interview import follow_up_question
from greenroom.listening.endpointer import Endpointer
from greenroom.listening.voice_activity import heard, load_detector
from greenroom.questions import load_banks
from greenroom.records import FRAME_SAMPLES, SAMPLE_RATE_HZ, Clip, Feedback, Question, Transcript

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
NAMES = ("1-nobody-asked", "2-before-and-after", "3-the-small-adapter")
TRUTHS = {name: json.loads((ROOT / f"tests/data/demo/{name}.json").read_text("utf-8")) for name in NAMES}

each_answer = pytest.mark.parametrize("name", NAMES)


def clip_of(name: str) -> Clip:
    return load_clip(demo_recordings()[NAMES.index(name)])


def decibels(samples: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(samples.astype(np.float64) ** 2)))


def spoken(clip: Clip) -> np.ndarray:
    """The 10 ms frames within 20 dB of the loudest: the words, without the silences between them."""
    frames = clip.samples[: len(clip.samples) // 160 * 160].reshape(-1, 160)
    power = np.mean(frames.astype(np.float64) ** 2, axis=1)
    return frames[power > 0.01 * power.max()]


def between(clip: Clip, spans: list[dict[str, Any]], margin: float = 0.0) -> np.ndarray:
    """The samples of these spans, each without `margin` s at both ends."""
    rate = clip.rate
    return np.concatenate(
        [
            clip.samples[round((span["start"] + margin) * rate) : round((span["end"] - margin) * rate)]
            for span in spans
        ]
    )


def questions() -> tuple[Question, Question, Question]:
    """What the recordings answer, in order."""
    (bank,) = load_banks([str(demo_bank_path())])
    first, second = bank.questions
    asked = Feedback("", follow_up=first.follow_ups["no_outcome"], follow_up_for="no_outcome")
    return first, follow_up_question(first, asked), second


def test_there_are_three_recordings_in_order_and_they_are_small() -> None:
    assert tuple(path.stem for path in demo_recordings()) == NAMES
    assert sum(path.stat().st_size for path in demo_recordings()) < 2_500_000


@each_answer
def test_recordings_are_16_khz_mono_of_the_length_of_their_truth(name: str) -> None:
    info = soundfile.info(demo_recordings()[NAMES.index(name)])
    assert (info.samplerate, info.channels, info.format, info.subtype) == (
        SAMPLE_RATE_HZ,
        1,
        "FLAC",
        "PCM_16",
    )
    assert info.duration == pytest.approx(TRUTHS[name]["seconds"], abs=0.01)
    assert 15 < info.duration < 45


@each_answer
def test_the_speech_is_at_its_level_and_the_room_is_quiet_and_steady(name: str) -> None:
    clip, truth = clip_of(name), TRUTHS[name]
    assert decibels(spoken(clip)) == pytest.approx(-23, abs=0.5)
    assert np.abs(clip.samples).max() < 0.8
    rooms = [decibels(between(clip, [pause], margin=0.1)) for pause in truth["pauses"]]
    assert all(-68 < room < -62 for room in rooms), rooms


@each_answer
def test_truth_says_what_the_script_says(name: str) -> None:
    script = tomllib.loads((ROOT / "scripts/demo_candidate.toml").read_text("utf-8"))
    (answer,) = (answer for answer in script["answer"] if answer["file"] == name)
    said = " ".join(segment.get("say") or segment.get("filler", "") for segment in answer["segments"])
    truth = TRUTHS[name]
    assert re.findall(r"[a-z']+", said.lower()) == truth["words"]
    assert [truth["words"][filler["word"]] for filler in truth["fillers"]] == [
        filler["text"] for filler in truth["fillers"]
    ]


def test_the_answers_hesitate() -> None:
    fillers = [[filler["text"] for filler in TRUTHS[name]["fillers"]] for name in NAMES]
    assert fillers == [["um", "uh", "um", "uh"], ["um", "uh"], ["um"]]
    assert "I was, I went" in TRUTHS[NAMES[0]]["text"]
    longest = [max(pause["end"] - pause["start"] for pause in TRUTHS[name]["pauses"]) for name in NAMES]
    assert 2.9 < longest[0] < 3.5
    assert max(longest) == longest[0]


@each_answer
def test_no_thinking_pause_ends_the_answer(name: str) -> None:
    clip, truth = clip_of(name), TRUTHS[name]
    detector, endpointer = load_detector("webrtc"), Endpointer()
    sound = np.concatenate([clip.samples, np.zeros(8 * clip.rate, np.float32)])
    for frame in sound[: len(sound) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES):
        listening = endpointer.push(detector.is_speech(frame))
        if listening.phase == "ended":
            break
    assert listening.ended_by == "silence"
    assert endpointer.speech_end == pytest.approx(truth["segments"][-1]["end"], abs=0.3)


def test_the_bank_holds_the_two_questions_and_the_one_follow_up() -> None:
    first, follow_up, second = questions()
    assert tuple(first.follow_ups) == ("no_outcome",)
    assert follow_up.text.endswith("before and after.")
    assert not second.follow_ups


def check_the_course(transcripts: list[Transcript], feedbacks: list[Feedback]) -> None:
    """The demo shows one follow-up, after the first answer; after the last nobody is left to answer one."""
    assert [feedback.follow_up_for for feedback in feedbacks] == ["no_outcome", None, None], transcripts
    # Worded from the answer; the recording that replies to the bank's own question replies to this one too.
    assert "constraint" in (feedbacks[0].follow_up or "")
    assert all(feedback.strength for feedback in feedbacks)


def test_the_words_lead_to_the_follow_up_and_no_other() -> None:
    analyzer, coach = Analyzer(), Coach()
    transcripts = [transcript_of(TRUTHS[name]["text"]) for name in NAMES]
    pairs = zip(transcripts, questions(), strict=True)
    analyses = [analyzer.analyze(transcript, question) for transcript, question in pairs]
    assert [[finding.id for finding in analysis.patterns] for analysis in analyses] == [
        ["no_outcome"],
        [],
        [],
    ]
    triples = zip(transcripts, analyses, questions(), strict=True)
    check_the_course(transcripts, [coach.feedback(*triple) for triple in triples])


@pytest.mark.weights
@pytest.mark.parametrize("engine", ["openai-whisper", "faster-whisper"])
def test_whisper_hears_what_was_said_and_the_demo_takes_its_course(engine: str) -> None:
    import jiwer
    from whisper.normalizers import EnglishTextNormalizer

    from greenroom.transcription import load_transcriber

    plain = EnglishTextNormalizer()  # figures for number words, no fillers
    transcriber, detector, analyzer, coach = load_transcriber(engine), load_detector(), Analyzer(), Coach()
    transcripts, feedbacks = [], []
    for name, question in zip(NAMES, questions(), strict=True):
        clip = clip_of(name)
        transcript = transcriber.transcribe(clip)
        assert jiwer.wer(plain(TRUTHS[name]["text"]), plain(transcript.text)) < 0.12, transcript.text
        analysis = analyzer.analyze(transcript, question, heard(clip, detector))
        transcripts.append(transcript)
        feedbacks.append(coach.feedback(transcript, analysis, question))
    check_the_course(transcripts, feedbacks)
