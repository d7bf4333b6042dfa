"""One question, from its asking to a saved turn and spoken feedback: the same wherever one is asked."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass, fields, replace
from typing import Any

from greenroom import keys, self_rating
from greenroom.asking import Questioner, Reply
from greenroom.assessment import Assessed, Assessor
from greenroom.audio.candidate import RecordedCandidate
from greenroom.audio.source import AudioSource
from greenroom.choosing import Asking
from greenroom.following import Prepared
from greenroom.keeping import Keeper
from greenroom.keys import Keys
from greenroom.prompts import LAST_ANSWER, SKIPPED, UNHEARD
from greenroom.rating import ask_rating
from greenroom.records import Answer, Question, Timing, Turn
from greenroom.screens import Choice, Screen
from greenroom.speaking import Narrator

_KEY_INTERVAL = 0.05  # s between looks at the keyboard while an answer is assessed

_BEFORE_RATING = frozenset({keys.QUIT, *keys.RATINGS})


@dataclass(frozen=True, slots=True)
class Stages:
    """The parts that an interview is made of.

    `next_source` gives what to listen to for the next answer: a microphone every time, or the next recording
    of a candidate, and None when they have run out. It is None itself where all answers are typed.
    """

    questioner: Questioner
    narrator: Narrator
    assessor: Assessor
    keyboard: Keys
    screen: Screen
    next_source: Callable[[], AudioSource | None] | None


class Quit(Exception):  # noqa: N818 - not an error: the person pressed the key to save and quit
    pass


@dataclass(frozen=True, slots=True)
class Answered:
    """A question's turn, saved, and the reply that it was made of, to which something may still be said."""

    turn: Turn
    reply: Reply


class Answering:
    """Asks questions one at a time.

    Args:
        rate: whether it is asked after every answer how it went.
        unheard: what is said where nobody has answered.

    Attributes:
        nobody_left: whether there is nobody to answer any more.
        nobody_next: whether there will be nobody after the answer at hand.
    """

    def __init__(self, stages: Stages, keeper: Keeper, *, rate: bool = False, unheard: str = UNHEARD) -> None:
        self._stages = stages
        self._keeper = keeper
        keeper.refused = stages.questioner.shelter.take_session
        keeper.saved = stages.questioner.shelter.session_saved
        self._rate = rate
        self._unheard = unheard
        self._rating: int | None = None  # given by key to the answer at hand
        self.nobody_left = self.nobody_next = False

    def ask(self, asking: Asking, total: int) -> Answered | None:
        """Ask one of `total` questions; None if there was no answer, or if nobody is left to give one.

        Raises:
            Quit: the person wants to leave; an answer that was begun is saved.
        """
        source = self._next_source()
        if self.nobody_left:
            return None
        self._stages.assessor.check()
        question = asking.question
        self._stages.screen.question(
            question, asking.index, total, follow_up=asking.follow_up_to is not None, advice=asking.advice
        )
        self._lead_in(asking.lead)
        number = self._keeper.begin(question)
        reply = self._stages.questioner.ask(question, number, source)
        if reply.reason is not None:
            self._give_up(reply)
            return None
        return self._settle(asking, reply)

    def _next_source(self) -> AudioSource | None:
        if self._stages.next_source is None:
            return None
        source = self._stages.next_source()
        self.nobody_left = source is None
        self.nobody_next = isinstance(source, RecordedCandidate) and source.is_last
        return source

    def _lead_in(self, text: str) -> None:
        if text:
            self._stages.screen.state("asking")
            self._heed(self._stages.narrator.say(text, heeded=(keys.QUIT, keys.TYPE)))

    def _give_up(self, reply: Reply) -> None:
        """Go on without an answer; what was recorded stays."""
        self._keeper.leave_open(reply.reason or "skipped", reply.recording)
        if reply.quit:
            raise Quit
        if reply.reason == "skipped" and self._stages.keyboard.by_words:
            self._stages.screen.note(SKIPPED)
        if reply.reason == "silence":
            self.say(self._unheard, keep=True)

    def _settle(self, asking: Asking, reply: Reply) -> Answered | None:
        """From what was heard or typed to a saved turn; None if neither speech nor words were in it."""
        assessing = self._assess(asking.question, reply)
        if reply.quit:
            _fall_silent(reply)
            self._stages.screen.note(LAST_ANSWER)
        if not assessing.done():
            self._stages.screen.state("thinking")
        self._rating = reply.heard.rating if reply.heard is not None else None
        assessed, quitting = self._wait(assessing, quitting=reply.quit)
        if _is_silence(reply, assessed):
            self._give_up(replace(reply, reason="silence", quit=quitting))
            return None
        turn = self._keeper.answered(self._as_turn(assessed, asking, reply))
        if reply.follower is not None and reply.utterance is not None:
            listening = reply.follower.listen_again(turn.transcript, reply.utterance)
            self._keeper.await_more(turn.number, listening)
        if self._rate and not quitting:
            quitting = self._ask_rating(reply) == keys.QUIT
            turn, reply = self._keep_rating(turn), reply.silenced()
        self._stages.screen.transcript(turn)
        if quitting:
            _fall_silent(reply)
            raise Quit
        return Answered(turn, reply)

    def _assess(self, question: Question, reply: Reply) -> Future[Any]:
        """What will give an Assessed, or a Prepared of a spoken answer."""
        if reply.follower is not None and reply.utterance is not None:
            return reply.follower.finish(reply.utterance)
        return self._stages.assessor.assess_text(reply.text or "", question, None)

    def _wait(self, assessing: Future[Any], *, quitting: bool) -> tuple[Assessed, bool]:
        """The assessed answer, and whether the person pressed the key to quit meanwhile."""
        while True:
            try:
                result = assessing.result(timeout=_KEY_INTERVAL)
                return result.assessed if isinstance(result, Prepared) else result, quitting
            except FutureTimeoutError:
                if assessing.done():  # the assessment itself ran into a timeout: not ours to hide
                    raise
                pressed = self._stages.keyboard.poll()
                self._note_rating(pressed)
                quitting = quitting or pressed == keys.QUIT

    def _as_turn(self, assessed: Assessed, asking: Asking, reply: Reply) -> Turn:
        heard, answer = reply.heard, assessed.answer
        known = {field.name: getattr(answer, field.name) for field in fields(Answer)}
        if heard is not None:  # the recording went on after it was assessed
            known["seconds"] = round(heard.utterance.clip.seconds, 3)
        return Turn(
            **known,
            number=self._keeper.number,
            asked=asking.question,
            recording=reply.recording,
            question_recording=reply.question_recording,
            ended_by=heard.utterance.ended_by if heard is not None else "typed",
            timing=_timing(assessed, reply),
            follow_up_to=asking.follow_up_to,
            retry_of=asking.retry_of,
            overflowed=reply.overflowed,
            silences=heard.silences if heard is not None else (),
            reopened=heard.reopened if heard is not None else 0,
            self_rating=self._rating,
            gaps=tuple(round(gap, 3) for gap in heard.gaps) if heard is not None else (),
        )

    def _note_rating(self, pressed: str | None) -> None:
        self._rating = keys.RATINGS.get(pressed or "", self._rating)

    def _keep_rating(self, turn: Turn) -> Turn:
        if turn.self_rating != self._rating:
            turn = replace(turn, self_rating=self._rating)
            self._keeper.save(turn)
        return turn

    def _ask_rating(self, reply: Reply) -> str | None:
        """After the thanks ask how it went, where that was not said yet; the key that was pressed."""
        stages, pressed = self._stages, None
        if reply.sounding is not None:
            pressed = stages.narrator.attend(reply.sounding.playback, reply.key, heeded=_BEFORE_RATING)
        if pressed is None and self._rating is None:
            aloud = reply.heard is not None
            pressed = ask_rating(stages.narrator, stages.keyboard, stages.screen, aloud=aloud)
        self._note_rating(pressed)
        return pressed

    def respond(self, answered: Answered, choice: Choice) -> tuple[Turn, str | None]:
        """Show and speak the feedback, or go on speaking it; the turn, and the key that ended it."""
        turn, reply, screen = answered.turn, answered.reply, self._stages.screen
        opening = self_rating.said(turn) if self._rate else None
        if opening is not None:
            screen.said(opening)
        screen.feedback(turn)
        screen.choosing(choice)
        pressed, started = self._speak_feedback(f"{opening or ''} {turn.feedback.spoken}".strip(), reply)
        turn = self._keep_rating(turn)
        if started is not None and reply.utterance is not None:
            feedback_started = round(reply.clock() - (time.monotonic() - started), 3)
            turn = replace(turn, timing=replace(turn.timing, feedback_started=feedback_started))
            self._keeper.save(turn)
        if not self._keeper.awaits_more(turn.number):
            screen.measured(turn)
        return turn, pressed

    def _speak_feedback(self, text: str, reply: Reply) -> tuple[str | None, float | None]:
        """The key that ended it, and when its first word was heard (`time.monotonic()`)."""
        narrator, heeded = self._stages.narrator, keys.AFTER_FEEDBACK
        if reply.sounding is not None and reply.sounding.sound.feedback:
            action = narrator.attend(reply.sounding.playback, reply.key, heeded=heeded)
            started = None if narrator.started is None else narrator.started + reply.sounding.sound.lead
            return action, started
        if reply.sounding is not None:
            action = narrator.attend(reply.sounding.playback, reply.key, heeded={*heeded, *keys.RATINGS})
            self._note_rating(action)
            if action not in (None, keys.DONE, *keys.RATINGS):  # Enter ends the thanks alone
                return action, None
        action = narrator.say(text, heeded=heeded)
        return action, narrator.started

    def go_on(self, reply: Reply) -> None:
        """Without feedback: let the thanks be said to their end."""
        if reply.sounding is not None:
            self._heed(self._stages.narrator.attend(reply.sounding.playback, reply.key))

    def say(self, text: str, *, keep: bool = False) -> None:
        """Show and say something else.

        Raises:
            Quit: the person wants to leave.
        """
        self._stages.screen.said(text)
        self._heed(self._stages.narrator.say(text, keep=keep))

    def _heed(self, pressed: str | None) -> None:
        """A key pressed where nothing is asked: leaving, or how the next answer is given."""
        if pressed == keys.QUIT:
            raise Quit
        if pressed == keys.TYPE:
            self._stages.questioner.types_next = True


def _is_silence(reply: Reply, assessed: Assessed) -> bool:
    """Whether neither voice activity nor the transcriber found anything said."""
    if reply.utterance is None or reply.utterance.speech or assessed.answer.transcript.text:
        return False
    if reply.follower is not None:
        reply.follower.close()
    return True


def _fall_silent(reply: Reply) -> None:
    if reply.sounding is not None:
        reply.sounding.playback.stop()


def _timing(assessed: Assessed, reply: Reply) -> Timing:
    """When each stage was done, from times of `time.monotonic()` to seconds of the recording."""
    if reply.utterance is None:
        return Timing()
    ago = reply.clock() - time.monotonic()
    return Timing(
        speech_end=round(reply.utterance.speech_end, 3),
        decided=round(reply.utterance.decided, 3),
        transcribed=round(assessed.transcribed + ago, 3),
        analysed=round(assessed.analysed + ago, 3),
    )
