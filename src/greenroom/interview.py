"""The loop that joins the stages: ask, hear, assess, speak, save; then the next question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from greenroom import keys
from greenroom.answering import Answered, Answering, Quit, Stages
from greenroom.choosing import Asking, Choosing
from greenroom.keeping import Keeper
from greenroom.records import Analysis, Feedback, Question, Session, Turn, findings_of
from greenroom.rendering_ahead import render_ahead
from greenroom.screens import Choice

_A_MOMENT = 1.5
"""How long the numbers of an answer are waited for after its feedback (s); else they come with the next."""

_LONGEST_ON_QUITTING = 3.0
_LONGEST_AT_THE_END = 20.0  # s; about what the longest answer needs on a slow machine


STOPPED = "Stopped here, as you asked. To go on: greenroom practice --resume"


@dataclass(frozen=True, slots=True)
class Manner:
    """How the interview is led.

    Attributes:
        mode: "practice" gives feedback after each answer, "real" at the end.
        follow_ups: at most so many per question.
        choose: how long after the feedback it waits for the person to choose what comes next (s).
        rate: whether it asks, before the feedback, how the answer went.
    """

    mode: str = "practice"
    follow_ups: int = 1
    choose: float = 0.0
    rate: bool = False


class Interview:
    """One interview. `session` is its record so far, on the disk whenever it has changed; after its end, only
    what is on a disk.

    `looks_back` tells of a session whether the person is asked afterwards to look back at it; `begun` is how
    many questions were asked before these, in an interview that broke off.
    """

    def __init__(
        self,
        stages: Stages,
        questions: Sequence[Question],
        manner: Manner,
        folder: Path,
        session: Session,
        looks_back: Callable[[Session], bool] = lambda _: False,
        begun: int = 0,
    ) -> None:
        self._stages = stages
        self._questions = questions
        self._manner = manner
        self._looks_back = looks_back
        self._first, self._total = begun + 1, begun + len(questions)
        self._practice = manner.mode == "practice"
        self._keeper = Keeper(folder, session, self._measured, tell=stages.screen.note)
        self._answering = Answering(stages, self._keeper, rate=manner.rate and self._practice)
        self._unsaved: frozenset[str] = frozenset()
        self._choosing = Choosing(
            stages.narrator, stages.keyboard, stages.screen, stages.questioner.hint, manner.choose
        )

    @property
    def session(self) -> Session:
        return self._keeper.saved_part(self._unsaved) if self._unsaved else self._keeper.session

    def run(self) -> Session:
        """Ask every question. Whatever ends it early passes through, with everything so far saved."""
        try:
            for index, question in enumerate(self._questions, start=self._first):
                self._question(question, index)
                if self._answering.nobody_left:
                    break
            self._say_goodbye()
            self._keeper.finish()
        except Quit:
            self._stages.screen.note(STOPPED)
            self._keeper.take_in(_LONGEST_ON_QUITTING)
        finally:
            try:
                self._keeper.rescue(self._stages.questioner.rescue())
                self._stages.questioner.shelter.settle()
            finally:
                self._unsaved = self._stages.questioner.shelter.in_memory
        return self.session

    def _question(self, question: Question, index: int) -> None:
        """Ask one question and its follow-ups, each as often as the person wants to answer it."""
        render_ahead(self._stages, self._questions[index - self._first :][:2])
        follow_ups, followed = self._manner.follow_ups, None
        if question.follows:  # it broke off, and is asked again
            same = [turn.number for turn in self.session.turns if turn.asked.id == question.follows]
            follow_ups, followed = 0, max(same, default=None)
        asking: Asking | None = Asking(question, question, index, follow_ups, followed)
        while asking is not None:
            answered = self._answering.ask(asking, self._total)
            asking = self._after(asking, answered) if answered is not None else None

    def _after(self, asking: Asking, answered: Answered) -> Asking | None:
        """What is asked next, in practice after the feedback; None if that is another question."""
        follow_up = None if self._answering.nobody_next else _follow_up(asking, answered.turn)
        if follow_up is not None:
            self._stages.narrator.prepare(follow_up.question.text)
        if not self._practice:
            self._answering.go_on(answered.reply)
            return follow_up
        comes_next = "question" if asking.index < self._total else "end"
        chosen = self._respond(answered, "follow-up" if follow_up else comes_next)
        if chosen == keys.REPEAT:
            turn = answered.turn
            return replace(asking, retry_of=turn.number, advice=turn.feedback.changes)
        return None if chosen == keys.SKIP else follow_up

    def _respond(self, answered: Answered, comes_next: str) -> str:
        """Give the feedback; what the person chose to do then."""
        turn, pressed = self._answering.respond(answered, Choice(comes_next, "feedback"))
        chosen = self._choosing.choose(turn, comes_next, pressed, meanwhile=lambda: self._keeper.take_in(0.0))
        self._stages.screen.state("")
        if chosen == keys.QUIT:
            raise Quit
        self._keeper.take_in(_A_MOMENT)
        return chosen

    def _measured(self, turn: Turn) -> None:
        if self._practice:
            self._stages.screen.measured(turn)

    def _say_goodbye(self) -> None:
        self._keeper.take_in(_LONGEST_AT_THE_END)
        turns = self.session.turns
        if not turns:
            return
        analyses = [_as_it_stands(turn, turns) for turn in turns]
        if not self._practice:
            for turn in turns:
                self._stages.screen.feedback(turn)
                self._stages.screen.measured(turn)
        questions = [turn.asked for turn in turns]
        asks = not self._looks_back(self.session)
        self._answering.say(self._stages.assessor.coach.closing(analyses, questions, asks=asks))


def _as_it_stands(turn: Turn, turns: Sequence[Turn]) -> Analysis:
    """A turn's analysis without the patterns that were mended later.

    All of them, if the question was answered once more; else the one that a follow-up asked about, if its
    answer showed a signal.
    """
    tried_again = any(later.retry_of == turn.number for later in turns)
    mended = {
        turn.feedback.follow_up_for for later in turns if later.follow_up_to == turn.number and later.signals
    }
    left = () if tried_again else tuple(finding for finding in turn.patterns if finding.id not in mended)
    return replace(Analysis(**findings_of(turn)), patterns=left)


def _follow_up(asking: Asking, turn: Turn) -> Asking | None:
    """The asking of the follow-up to an answer; None if there is none, or were enough."""
    if not asking.left or turn.feedback.follow_up is None:
        return None
    question = follow_up_question(asking.main, turn.feedback)
    return Asking(asking.main, question, asking.index, asking.left - 1, follow_up_to=turn.number)


def follow_up_question(question: Question, feedback: Feedback) -> Question:
    """The follow-up as a question of its own; it has none in turn, and what it is about stays."""
    return replace(
        question,
        id=f"{question.id}:{feedback.follow_up_for or 'more'}",
        text=feedback.follow_up or "",
        kind="other",
        follow_ups={},
        deeper={},
        follows=question.id,
    )
