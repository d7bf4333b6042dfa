"""Stand-ins for every stage, so that the loop can be tested in milliseconds, without devices and weights."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from greenroom.following import Sound
from greenroom.listening.endpointer import Endpointer, Listening
from greenroom.records import (
    FRAME_SAMPLES,
    SAMPLE_RATE_HZ,
    Analysis,
    Answer,
    Clip,
    Delivery,
    Feedback,
    Finding,
    Prosody,
    Question,
    RubricScore,
    SignalEvidence,
    Span,
    Transcript,
    Turn,
    Utterance,
    Word,
)
from greenroom.screens import Choice, Meter, Opening
from greenroom.screens.side_by_side import SideBySide, plain

VOICED = np.full(FRAME_SAMPLES, 0.1, dtype=np.float32)
UNVOICED = np.zeros(FRAME_SAMPLES, dtype=np.float32)


def frames(seconds: float, *, voiced: bool) -> list[np.ndarray]:
    return [VOICED if voiced else UNVOICED] * round(seconds * SAMPLE_RATE_HZ / FRAME_SAMPLES)


class FakeSource:
    """Gives frames without waiting; afterwards silence for ever, or an exception."""

    def __init__(self, heard: Sequence[np.ndarray], fault: BaseException | None = None) -> None:
        self._heard = deque(heard)
        self._fault = fault
        self.overflowed = False
        self.log: list[str] = []
        self._given = 0
        self._last_read = 0.0

    def open(self) -> None:
        self.log.append("open")

    def read(self, timeout: float) -> np.ndarray | None:
        self._given += 1
        self._last_read = time.monotonic()
        if self._heard:
            return self._heard.popleft()
        if self._fault is not None:
            raise self._fault
        return UNVOICED

    def pause(self) -> None:
        self.log.append("pause")

    def resume(self) -> None:
        self.log.append("resume")

    def clock(self) -> float:
        return self._given * FRAME_SAMPLES / SAMPLE_RATE_HZ + time.monotonic() - self._last_read

    def close(self) -> None:
        self.log.append("close")


class FakeDetector:
    name = "fake"

    def is_speech(self, frame: np.ndarray) -> bool:
        return bool(np.abs(frame).max() > 0.01)

    def reset(self) -> None:
        pass


class FakeVoice:
    """Every text is a tenth of a second of sound."""

    name = "fake"

    def __init__(self) -> None:
        self.kept: list[str] = []
        self.rendered: list[str] = []
        self.prepared: list[str] = []

    def render(self, text: str, *, keep: bool = False) -> Clip | None:
        self.rendered.append(text)
        if keep:
            self.kept.append(text)
        return Clip(np.full(SAMPLE_RATE_HZ // 10, 0.1, dtype=np.float32))

    def prepare(self, *texts: str, keep: bool = False) -> None:
        self.prepared += texts


class FakePlayback:
    def __init__(self, looks: int) -> None:
        self.begins: float | None = time.monotonic()
        self.started: float | None = self.begins
        self._looks = looks
        self.log: list[str] = []

    def wait(self, timeout: float) -> bool:
        self._looks -= 1
        return self._looks < 0

    def stop(self) -> None:
        self.log.append("stop")

    def pause(self) -> None:
        self.log.append("pause")

    def resume(self) -> None:
        self.log.append("resume")


class FakeSpeaker:
    """Plays at once; each text lasts so many looks at the keyboard."""

    def __init__(self, looks: int = 0) -> None:
        self._looks = looks
        self.played: list[FakePlayback] = []
        self.clips: list[Clip] = []

    def play(self, clip: Clip) -> FakePlayback:
        self.clips.append(clip)
        self.played.append(FakePlayback(self._looks))
        return self.played[-1]

    def close(self) -> None:
        pass


class FakeKeys:
    """Presses keys by plan: None is a look at the keyboard at which nothing was pressed.

    `typed` is what is typed every time, or a list of what is typed in turn.
    """

    interactive = True
    by_words = False

    def __init__(self, presses: Sequence[str | None] = (), typed: str | Sequence[str] | None = None) -> None:
        self._presses = deque(presses)
        self._typed = deque([typed] if isinstance(typed, str) else typed or ())

    def press(self, *actions: str | None) -> None:
        self._presses.extend(actions)

    def poll(self) -> str | None:
        return self._presses.popleft() if self._presses else None

    def read_lines(self, prompt: str) -> str | None:
        if len(self._typed) > 1:
            return self._typed.popleft()
        return self._typed[0] if self._typed else None


class FakeScreen:
    """Remembers what it was told, in order: (method, the telling part)."""

    def __init__(self) -> None:
        self.log: list[tuple[str, str]] = []
        self.rates = True
        self._shown = ""

    def opening(self, opening: Opening) -> None:
        self.log.append(("opening", opening.banks))

    def question(
        self,
        question: Question,
        number: int,
        total: int,
        *,
        follow_up: bool,
        advice: Sequence[str] | None = None,
    ) -> None:
        self.log.append(("follow-up" if follow_up else "question", question.text))
        if advice is not None:
            self.log.append(("advice", " ".join(advice)))

    def state(self, name: str) -> None:
        self.log.append(("state", name))

    def listening(self, meter: Meter) -> None:
        if self.log[-1:] != [("listening", meter.phase)]:
            self.log.append(("listening", meter.phase))
        if meter.hint and meter.hint != self._shown:
            self.log.append(("shown", meter.hint))
        self._shown = meter.hint

    def hint(self, lines: Sequence[str]) -> None:
        self.log.append(("hint", " ".join(lines)))

    def choosing(self, choice: Choice) -> None:
        if (told := ("choosing", f"{choice.phase}, then {choice.comes_next}")) not in self.log[-1:]:
            self.log.append(told)

    def transcript(self, answer: Answer) -> None:
        self.log.append(("transcript", answer.transcript.text))

    def feedback(self, answer: Answer) -> None:
        self.log.append(("feedback", answer.feedback.spoken))

    def measured(self, turn: Turn) -> None:
        self.log.append(("measured", f"{turn.number}: {len(turn.delivery.fillers)} fillers"))

    def side_by_side(self, told: SideBySide) -> None:
        self.log.append(("side by side", " ".join(plain(told))))

    def said(self, text: str) -> None:
        self.log.append(("said", text))

    def note(self, text: str) -> None:
        self.log.append(("note", text))

    def closing(self, folder: Path, answers: int) -> None:
        self.log.append(("closing", str(answers)))

    def no_ratings(self) -> None:
        self.rates = False

    def offered(self) -> tuple[()]:
        return ()

    def offers(self, ways: object) -> None:
        pass

    @contextmanager
    def still(self) -> Iterator[None]:
        self.log.append(("still", ""))
        yield

    def close(self) -> None:
        pass

    def told(self, what: str) -> list[str]:
        return [text for method, text in self.log if method == what]


class FakeTranscriber:
    """Writes one word per half second of sound, and remembers what it was given."""

    engine, model = "fake", "fake"

    def __init__(self, fault: Exception | None = None) -> None:
        self._fault = fault
        self.given: list[tuple[float, float]] = []

    def transcribe(self, clip: Clip, *, offset: float = 0.0) -> Transcript:
        if self._fault is not None:
            raise self._fault
        self.given.append((clip.seconds, offset))
        count = int(clip.seconds * 2)
        words = tuple(Word("word", offset + i / 2, offset + i / 2 + 0.4, 0.9) for i in range(count))
        return Transcript(" ".join(["word"] * count), engine="fake", model="fake", words=words)

    def transcribe_verbatim(self, clip: Clip, *, offset: float = 0.0) -> Transcript:
        return Transcript("", words=(Word("um", offset, offset + 0.4, 0.9),))

    def close(self) -> None:
        pass


class FakeFollower:
    """Follows an answer, has one sound for its end, and remembers what it was told."""

    def __init__(self, feedback: Sound | None = None, thanks: Clip | None = None) -> None:
        self.heard = 0
        self.log: list[str] = []
        self._feedback = feedback
        self._thanks = thanks or Clip(VOICED)

    def hear(self, frame: np.ndarray, endpointer: Endpointer, state: Listening) -> None:
        self.heard += 1

    def respond(self, ended_by: str) -> Sound:
        self.log.append(f"respond {ended_by}")
        return Sound(self._thanks, "Thank you.")

    def feedback(self) -> Sound | None:
        sound, self._feedback = self._feedback, None
        if sound is not None:
            self.log.append("feedback")
        return sound

    def take_back(self) -> None:
        self.log.append("take back")


class FakeAnalyzer:
    """Finds no outcome in every answer, and impact in the answer to every follow-up."""

    def analyze(
        self,
        transcript: Transcript,
        question: Question | None = None,
        utterance: Utterance | None = None,
        prosody: Prosody | None = None,
        profile: str = "usual",
    ) -> Analysis:
        end = transcript.words[-1].end if transcript.words else None
        span = Span("word", 0.0 if end else None, end, 0, 0)
        return Analysis(
            Delivery(words=len(transcript.words), fillers=prosody.fillers if prosody else ()),
            patterns=(Finding("no_outcome", 0.9, (span,), "why", "advice"),),
            signals=(SignalEvidence("business_impact", (span,)),) if question and ":" in question.id else (),
            rubric=(RubricScore("clarity", 2, "why"),),
        )


class FakeCoach:
    def __init__(self, *, follow_ups: bool = True) -> None:
        self._follow_ups = follow_ups
        self.remembered: list[Question] = []

    def remember(self, question: Question, analysis: Analysis) -> None:
        self.remembered.append(question)

    def feedback(self, transcript: Transcript, analysis: Analysis, question: Question | None) -> Feedback:
        follow_up = "And what came of it?" if self._follow_ups else None
        return Feedback(
            "Well told.",
            changes=("Say what changed.",),
            follow_up=follow_up,
            follow_up_for="no_outcome" if follow_up else None,
        )

    def memory(self) -> object:
        return None

    def return_to(self, memory: object) -> None:
        pass

    def closing(
        self, answers: Sequence[Analysis], questions: Sequence[Question], *, asks: bool = True
    ) -> str:
        left = sum(len(answer.patterns) for answer in answers)
        ask = " What next?" if asks else ""
        return f"That was all of {len(answers)}, with {left} patterns left.{ask}"

    def hint(self, question: Question) -> tuple[str, ...]:
        return (question.about, "Business first.")
