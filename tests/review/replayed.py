"""A session in which everything happens once: spoken, typed, left open, once more; and its sound.

Its recordings are steps: in second k of an answer there is a tone of 300 + 50 k Hz, and in questions one of
200 Hz, so what is heard tells which moment is being played.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from greenroom.audio.clip import save_clip
from greenroom.records import (
    SAMPLE_RATE_HZ,
    Clip,
    Delivery,
    Feedback,
    Filler,
    Finding,
    Pause,
    Question,
    Reanalysis,
    Reliability,
    RubricScore,
    Session,
    SignalEvidence,
    Span,
    StoryPart,
    Timing,
    Transcript,
    Turn,
    Unanswered,
    Word,
)
from greenroom.session import save_session

SAMPLE = Path(__file__).parents[2] / "recordings" / "sample"

QUESTION_SECONDS = 1.5
ANSWER_SECONDS = 24.0
WORD_SECONDS = 0.5
FIRST_WORD = 1.0

SAID = (
    "In May our orders were lost. We looked at the queue, um, and it was full. I wrote a worker that reads "
    "it twice. After that it was much better for everybody there."
)
TYPED = "I counted them. Forty a week before, none since."
RETRIED = "Forty orders a week were lost. I wrote a worker. None since."


def steps(seconds: float) -> NDArray[np.float32]:
    """16 kHz mono; shape (n,)."""
    time = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    frequency = 300.0 + 50.0 * np.floor(time)
    return np.asarray(0.3 * np.sin(2 * np.pi * np.cumsum(frequency) / SAMPLE_RATE_HZ), dtype=np.float32)


def tone(seconds: float, hertz: float = 200.0) -> NDArray[np.float32]:
    time = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    return np.asarray(0.3 * np.sin(2 * np.pi * hertz * time), dtype=np.float32)


def frequency_of(samples: NDArray[np.float32]) -> float:
    """The loudest frequency (Hz) in 16 kHz mono."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE_HZ)[int(np.argmax(spectrum))])


def timed(text: str, first: float = FIRST_WORD, each: float = WORD_SECONDS) -> tuple[Word, ...]:
    """Word number n begins at first + n * each (s), and leaves a fifth of its time silent."""
    starts = [first + index * each for index in range(len(text.split()))]
    return tuple(
        Word(word, start, start + 0.8 * each, 0.9) for word, start in zip(text.split(), starts, strict=True)
    )


def span(words: Sequence[Word], first: int, last: int) -> Span:
    text = " ".join(word.text for word in words[first : last + 1])
    return Span(text, words[first].start, words[last].end, first, last)


def finding(identifier: str, *evidence: Span) -> Finding:
    return Finding(identifier, 0.8, evidence, f"Why {identifier} matters.", f"What to say for {identifier}.")


def spoken_turn(number: int = 1, text: str = SAID, **more: object) -> Turn:
    words = timed(text)
    known: dict[str, object] = {
        "question": "What did you mend, and why?",
        "asked": Question("mend", "What did you mend, and why?", bank="demo", signals=("ownership",)),
        "source": f"{number:02}-answer.flac",
        "seconds": ANSWER_SECONDS,
        "transcript": Transcript(text, engine="openai-whisper", model="base", words=words),
        "delivery": Delivery(
            len(words) - 1,
            speech_rate_wpm=118.4,
            articulation_rate_wpm=141.2,
            first_word_seconds=1.0,
            speaking_seconds=14.0,
            pauses=(Pause(3.9, 5.2, False, "long"), Pause(8.0, 8.3, True, "short")),
            fillers=(Filler("um,", 6.5, 6.9, first_word=11, last_word=11), Filler("…", 9.0, 9.2, "audio")),
            fillers_per_minute=8.6,
            filled_pauses_per_minute=8.6,
            reliability={"filled_pauses": Reliability("good", "listened for")},
        ),
        "feedback": Feedback(
            "You wrote it.",
            written="You told me “I wrote a worker”. Say how much better it was.",
            strength="You told me “I wrote a worker”.",
            changes=("Say how much better it was.",),
        ),
        "number": number,
        "recording": f"{number:02}-answer.flac",
        "question_recording": f"{number:02}-question.wav",
        "ended_by": "silence",
        "timing": Timing(speech_end=16.9, decided=20.9),
    }
    return Turn(**{**known, **more})  # type: ignore[arg-type]


def first_turn() -> Turn:
    words = timed(SAID)
    return spoken_turn(
        form="story",
        parts=(StoryPart("situation", 1.0, 3.9, "In May our orders were lost.", 0, 5),),
        shares={"situation": 0.4, "task": 0.0, "action": 0.5, "result": 0.1},
        patterns=(
            finding("no_outcome", span(words, 24, 32)),
            finding("hidden_in_team", span(words, 6, 10)),
            finding("no_business"),
        ),
        signals=(SignalEvidence("ownership", (span(words, 16, 23),)),),
        rubric=(
            RubricScore("clarity", 4, "It is told in order."),
            RubricScore("ownership", 3, "It shows a step of your own."),
        ),
    )


def typed_turn() -> Turn:
    words = tuple(Word(text) for text in TYPED.split())
    follow_up = Question("mend:no_outcome", "How much better?", kind="other", bank="demo", follows="mend")
    return Turn(
        question="How much better?",
        asked=follow_up,
        transcript=Transcript(TYPED, words=words),
        delivery=Delivery(len(words)),
        patterns=(finding("generality", Span("I counted them.", None, None, 0, 2)),),
        feedback=Feedback("You gave a number."),
        number=2,
        recording=None,
        ended_by="typed",
        timing=Timing(),
        follow_up_to=1,
    )


def session_of(*turns: Turn, **more: object) -> Session:
    known = {"id": "s", "started_at": "2026-11-22T10:08:05+00:00", "turns": turns, "finished": True}
    return Session(**{**known, **more})  # type: ignore[arg-type]


def session_with_everything() -> Session:
    first = first_turn()
    other = Question("other", "Whom did you persuade?", bank="leadership")
    return Session(
        id="2026-11-22T10-08-05-demo",
        started_at="2026-11-22T10:08:05+00:00",
        settings={"bank": ["behavioural"], "mode": "practice"},
        turns=(first, typed_turn(), spoken_turn(4, RETRIED, retry_of=1, patterns=())),
        unanswered=(Unanswered(3, other.text, other, "skipped"),),
        finished=True,
        greenroom="0.1.0",
    )


def answered_again() -> Session:
    """The question answered three times, the last time a week later; rated by the person, and read again."""
    first = replace(first_turn(), self_rating=2)
    words = timed(RETRIED)
    second = spoken_turn(
        2,
        RETRIED,
        retry_of=1,
        self_rating=3,
        patterns=(finding("no_business"),),
        signals=(SignalEvidence("ownership", (span(words, 6, 9),)),),
        parts=(StoryPart("situation", 1.0, 3.9, "Forty orders a week were lost.", 0, 5),),
        rubric=(RubricScore("clarity", 4, "It is told in order."), RubricScore("ownership", 3, "A step.")),
        shares={"situation": 0.6, "result": 0.4},
        delivery=replace(first.delivery, speech_rate_wpm=132.0, words=11, fillers=(), fillers_per_minute=0.0),
    )
    third = replace(
        second,
        number=3,
        recording="03-answer.flac",
        self_rating=None,
        answered_at="2026-11-29T20:15:00+00:00",
        patterns=(finding("generality", span(words, 0, 2)),),
        signals=(*second.signals, SignalEvidence("execution", (span(words, 6, 9),))),
        parts=(*second.parts, StoryPart("result", 6.0, 6.9, "None since.", 10, 11)),
        rubric=(*second.rubric, RubricScore("execution", 3, "It is done.")),
    )
    reading = Reanalysis("2026-12-01T10:00:00+00:00", "0.2.0", "rules", "openai-whisper", "base", "earlier")
    return session_of(first, second, third, reanalyses=(reading,))


def save(folder: Path, session: Session) -> Path:
    """The session in a folder, with the sound that it names."""
    folder.mkdir(parents=True, exist_ok=True)
    save_session(folder, session)
    for turn in session.turns:
        if turn.recording:
            save_clip(folder / turn.recording, Clip(steps(turn.seconds or 1.0)))
        if turn.question_recording:
            save_clip(folder / turn.question_recording, Clip(tone(QUESTION_SECONDS)))
    return folder
