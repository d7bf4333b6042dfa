"""An interview of fakes in a temporary folder, for tests of the loop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from fakes import (
    FakeAnalyzer,
    FakeCoach,
    FakeDetector,
    FakeKeys,
    FakeScreen,
    FakeSource,
    FakeSpeaker,
    FakeTranscriber,
    FakeVoice,
    frames,
)

from greenroom.answering import Stages
from greenroom.asking import Questioner
from greenroom.assessment import Assessor
from greenroom.coaching import Coach
from greenroom.following import Followers
from greenroom.hearing import Listener
from greenroom.interview import Interview, Manner
from greenroom.listening.endpointer import EndpointerSettings
from greenroom.listening.patience import Patience
from greenroom.records import Question, Session
from greenroom.session import SESSION_FILE, load_session, start_session
from greenroom.speaking import Narrator

ANSWER = [*frames(0.6, voiced=False), *frames(3.0, voiced=True)]
QUESTIONS = (
    Question("one", "What did you build?", about="Depth.", follow_ups={"no_outcome": "What changed?"}),
    Question("two", "Whom did you persuade?"),
)

NO_FOLLOW_UPS = Manner(follow_ups=0)


class ChoosingKeys(FakeKeys):
    """Presses its keys only in one phase of choosing."""

    def __init__(self, *presses: str | None, phase: str = "choosing", typed: str | None = None) -> None:
        super().__init__(presses, typed)
        self._phase = phase
        self.room: Room | None = None

    def poll(self) -> str | None:
        assert self.room is not None
        method, told = self.room.screen.log[-1]
        return super().poll() if method == "choosing" and told.startswith(self._phase) else None


class Room:
    """An interview of fakes under a temporary folder, or its parts in the folder of a session."""

    def __init__(
        self,
        root: Path,
        sources: Sequence[FakeSource] | None = None,
        *,
        keyboard: FakeKeys | None = None,
        manner: Manner = NO_FOLLOW_UPS,
        coach: FakeCoach | Coach | None = None,
        transcriber: FakeTranscriber | None = None,
        speaker: FakeSpeaker | None = None,
        questions: Sequence[Question] = QUESTIONS,
        typed: bool = False,
        in_a_hurry: bool = True,
    ) -> None:
        if (root / SESSION_FILE).exists():
            self.folder, session = root, load_session(root)
        else:
            self.folder, session = start_session(root, "test", {"seed": 1})
        self.screen, self.voice = FakeScreen(), FakeVoice()
        self.transcriber = transcriber or FakeTranscriber()
        self.keyboard = keyboard or FakeKeys()
        self.speaker = speaker or FakeSpeaker()
        narrator = Narrator(self.voice, self.speaker, self.keyboard)  # type: ignore[arg-type]
        ends = EndpointerSettings(patience=1.0, reopen=2.0)
        listener = Listener(FakeDetector(), ends, self.keyboard, self.screen, narrator)
        assessor = Assessor(
            lambda: self.transcriber,
            coach or FakeCoach(),
            FakeAnalyzer,  # type: ignore[arg-type]
        )
        followers = Followers(
            assessor,
            narrator,
            Patience(1.0, 1.5),
            feedback_aloud=manner.mode == "practice" and not manner.rate,
            in_a_hurry=in_a_hurry,
        )
        questioner = Questioner(
            narrator,
            None if typed else listener,
            None if typed else followers,
            self.keyboard,
            self.screen,
            assessor.coach.hint,
            self.folder,
        )
        self.stages = stages = Stages(
            questioner,
            narrator,
            assessor,
            self.keyboard,
            self.screen,
            None if typed else self._giver(sources),
        )
        self.interview = Interview(stages, questions, manner, self.folder, session)

    @staticmethod
    def _giver(sources: Sequence[FakeSource] | None) -> Callable[[], FakeSource | None]:
        if sources is None:
            return lambda: FakeSource(ANSWER)
        remaining = iter(sources)
        return lambda: next(remaining, None)

    def saved(self) -> Session:
        return load_session(self.folder)
