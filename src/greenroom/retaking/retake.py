"""`greenroom retake`: the question again, its new answer beside the old one, and both to be heard."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable

from greenroom import keys
from greenroom.answering import Answered, Answering, Quit, Stages
from greenroom.choosing import Asking
from greenroom.config import PracticeSettings
from greenroom.keeping import Keeper
from greenroom.records import Analysis, Turn, findings_of
from greenroom.recovering.holding import hold
from greenroom.retaking.afterwards import HEEDED, Afterwards
from greenroom.retaking.beside import side_by_side
from greenroom.retaking.difference import difference
from greenroom.retaking.subject import Subject, root_of
from greenroom.review.comparison import Comparison, compare
from greenroom.screens import Choice
from greenroom.staging import find_parts, opening_of, staged

NOT_ANSWERED = "I did not hear an answer, so we leave it there for now."
NOTHING_NEW = "There is no new answer, and the earlier ones are as they were."
LAST_TIME = "Last time I said:"
OTHER_WEIGHTS = (
    "The earlier answer was written down by {before}, this one by {after}: a small difference may be theirs."
)

_ALL_THERE_IS = 20.0  # s; what is compared waits for the numbers of the longest answer on a slow machine
_IN_A_HURRY = 3.0  # s; the same for somebody who wants to leave, or to answer again
_KEY_INTERVAL = 0.05  # s between looks at the keyboard

Told = Callable[[Turn, Turn, Comparison], None]


def retake(subject: Subject, settings: PracticeSettings, told: Told) -> None:
    """Ask the subject's question again, once or more; its new answers lie beside the earlier one.

    Args:
        told: called with an answer, the one after it, and what lies between them.

    Raises:
        UserError: something keeps it from beginning, also another greenroom in the same session.
    """
    parts = find_parts(settings)
    turn = subject.turn
    seed = len(subject.session.turns)  # feedback in other words than last time
    with hold(subject.folder), staged(parts, settings, subject.folder, seed) as stages:
        screen = stages.screen
        screen.opening(opening_of(settings, parts, turn.asked.bank or "your own", 1, subject.folder))
        if subject.why:
            screen.note(subject.why)
        sitting = Sitting(stages, subject, settings, told)
        try:
            sitting.run()
        finally:
            sitting.close()


class Sitting:
    """One question, and as many answers as the person wants to give."""

    def __init__(self, stages: Stages, subject: Subject, settings: PracticeSettings, told: Told) -> None:
        self._stages = stages
        self._subject = subject
        self._told = told
        self._new = 0
        self._keeper = Keeper(
            subject.folder, subject.session, stages.screen.measured, later=True, tell=stages.screen.note
        )
        self._answering = Answering(stages, self._keeper, rate=settings.rate, unheard=NOT_ANSWERED)
        self._afterwards = Afterwards(stages, subject.folder, waits=not settings.candidate)

    def run(self) -> None:
        """Whatever ends it early passes through, with everything so far saved."""
        before = self._subject.turn
        self._remember_what_it_follows(before)
        # Later on it has just been heard.
        lead = " ".join([LAST_TIME, *before.feedback.changes]) if before.feedback.changes else ""
        try:
            while (answered := self._answering.ask(self._asking(before, lead), 0)) is not None:
                self._new += 1
                if not self._after(before, answered):
                    return
                before, lead = self._keeper.turn(answered.turn.number), ""
        except Quit:
            self._keeper.take_in(_IN_A_HURRY)
        finally:
            self._keeper.rescue(self._stages.questioner.rescue())
            self._stages.questioner.shelter.settle()

    def close(self) -> None:
        """Say what there is now, and where to see it."""
        if not self._new:
            self._stages.screen.note(NOTHING_NEW)
            return
        folder = self._subject.folder
        saved = self._keeper.saved_part(self._stages.questioner.shelter.in_memory)
        before = {turn.number for turn in self._subject.session.turns}
        new = len({turn.number for turn in saved.turns} - before)
        if not new:
            return  # what could not be saved is told where that is
        self._stages.screen.closing(folder, new)
        self._stages.screen.note(f"Old and new on one timeline: greenroom report {shlex.quote(str(folder))}")

    def _remember_what_it_follows(self, turn: Turn) -> None:
        """Who answers a follow-up is not asked for what was told before it."""
        for main in self._subject.session.turns:
            if main.number == turn.follow_up_to:
                self._stages.assessor.coach.remember(main.asked, Analysis(**findings_of(main)))

    def _asking(self, before: Turn, lead: str) -> Asking:
        return Asking(
            main=before.asked,
            question=before.asked,
            index=before.number,
            left=0,
            follow_up_to=before.follow_up_to,
            retry_of=root_of(before, self._keeper.session.turns).number,
            advice=before.feedback.changes,
            lead=lead,
        )

    def _after(self, before: Turn, answered: Answered) -> bool:
        """Feedback, and the new answer held against the one before; whether to answer once more."""
        turn, pressed = self._answering.respond(answered, Choice("comparison", "feedback"))
        in_a_hurry = pressed in (keys.REPEAT, keys.QUIT)
        turn = self._complete(turn, _IN_A_HURRY if in_a_hurry else _ALL_THERE_IS)
        compared = compare(before, turn)
        began = self._subject.session.started_at
        self._stages.screen.side_by_side(side_by_side(before, turn, compared, began))
        if before.transcript.model and turn.transcript.model not in (None, before.transcript.model):
            self._stages.screen.note(
                OTHER_WEIGHTS.format(before=before.transcript.model, after=turn.transcript.model)
            )
        self._told(before, turn, compared)
        if not in_a_hurry:
            sentence = difference(before, turn, compared)
            self._stages.screen.said(sentence)
            if pressed not in HEEDED:  # else it is the key for something else to be heard
                pressed = self._stages.narrator.say(sentence, heeded=HEEDED)
            pressed = self._afterwards.choose(before, turn, pressed)
        self._stages.screen.state("")
        if pressed == keys.QUIT:
            raise Quit
        return pressed == keys.REPEAT

    def _complete(self, turn: Turn, seconds: float) -> Turn:
        """The turn with what listening to it again has told; without, where that takes too long."""
        until = time.monotonic() + seconds
        if self._keeper.awaits_more(turn.number):
            self._stages.screen.state("thinking")
        while self._keeper.awaits_more(turn.number) and time.monotonic() < until:
            if self._stages.keyboard.poll() == keys.QUIT:
                raise Quit
            self._keeper.take_in(_KEY_INTERVAL)
        return self._keeper.turn(turn.number)
