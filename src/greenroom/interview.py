"""The loop that joins the stages: ask, hear, assess, speak, save; then the next question."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from greenroom import keys
from greenroom.asking import Questioner, Reply
from greenroom.assessment import Assessed, Assessor
from greenroom.audio.source import AudioSource
from greenroom.captions import web_vtt
from greenroom.choosing import Asking, Choosing
from greenroom.following import Listened, Prepared
from greenroom.keys import Keys
from greenroom.records import (
    Analysis,
    Answer,
    Feedback,
    Question,
    Session,
    Timing,
    Turn,
    Unanswered,
    findings_of,
)
from greenroom.screens import Choice, Screen
from greenroom.session import save_session, write_private
from greenroom.speaking import Narrator

_KEY_INTERVAL = 0.05  # s between looks at the keyboard while an answer is assessed

_A_MOMENT = 1.5
"""How long the numbers of an answer are waited for after its feedback (s); else they come with the next."""

_LONGEST_ON_QUITTING = 3.0
_LONGEST_AT_THE_END = 20.0  # s; about what the longest answer needs on a slow machine

UNHEARD = "I did not hear an answer, so let us go on."
LAST_ANSWER = "Saving your last answer."


@dataclass(frozen=True, slots=True)
class Manner:
    """How the interview is led.

    Attributes:
        mode: "practice" gives feedback after each answer, "real" at the end.
        follow_ups: at most so many per question.
        choose: how long after the feedback it waits for the person to choose what comes next (s).
    """

    mode: str = "practice"
    follow_ups: int = 1
    choose: float = 0.0


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


class _Quit(Exception):  # noqa: N818 - not an error: the person pressed the key to save and quit
    pass


class Interview:
    """One interview. `session` is its record so far, on the disk whenever it has changed."""

    def __init__(
        self, stages: Stages, questions: Sequence[Question], manner: Manner, folder: Path, session: Session
    ) -> None:
        self._stages = stages
        self._questions = questions
        self._manner = manner
        self._folder = folder
        self._number = 0
        self._open: Question | None = None  # asked, and neither answered nor given up yet
        self._nobody_left = False
        self._choosing = Choosing(
            stages.narrator, stages.keyboard, stages.screen, stages.questioner.hint, manner.choose
        )
        self._later: dict[int, Future[Listened]] = {}  # by the number of the turn that it tells of
        self.session = session

    def run(self) -> Session:
        """Ask every question. Whatever ends it early passes through, with everything so far saved."""
        try:
            for index, question in enumerate(self._questions, start=1):
                self._question(question, index)
                if self._nobody_left:
                    break
            self._say_goodbye()
            self._update(finished=True)
        except _Quit:
            self._stages.screen.note("Stopped here, as you asked.")
            self._take_in(_LONGEST_ON_QUITTING)
        finally:
            self._rescue()
        return self.session

    def _question(self, question: Question, index: int) -> None:
        """Ask one question and its follow-ups, each as often as the person wants to answer it."""
        asking: Asking | None = Asking(question, question, index, self._manner.follow_ups)
        while asking is not None:
            asking = self._turn(asking)

    def _turn(self, asking: Asking) -> Asking | None:
        """One question and its answer, and what is asked next.

        None if that is another question, as where there was no answer, or if nobody is left to give one.
        """
        source = self._next_source()
        if self._nobody_left:
            return None
        self._stages.assessor.check()
        self._number += 1
        self._open = question = asking.question
        follow_up = asking.follow_up_to is not None
        advice = asking.retry.feedback.changes if asking.retry is not None else None
        self._stages.screen.question(
            question, asking.index, len(self._questions), follow_up=follow_up, advice=advice
        )
        # A follow-up may quote the answer, and nothing of the person's lies outside the session's folder.
        reply = self._stages.questioner.ask(question, self._number, source, fixed=not follow_up)
        if reply.reason is not None:
            self._give_up(question, reply)
            return None
        return self._settle(asking, reply)

    def _next_source(self) -> AudioSource | None:
        if self._stages.next_source is None:
            return None
        source = self._stages.next_source()
        self._nobody_left = source is None
        return source

    def _give_up(self, question: Question, reply: Reply) -> None:
        """Go on without an answer; what was recorded stays."""
        self._leave_open(question, reply.reason or "skipped", reply.recording)
        if reply.quit:
            raise _Quit
        if reply.reason == "silence":
            self._say(UNHEARD, keep=True)

    def _settle(self, asking: Asking, reply: Reply) -> Asking | None:
        """From what was heard or typed to a saved turn, and the feedback on it; what is asked next."""
        assessing = self._assess(asking.question, reply)
        if reply.quit:
            _fall_silent(reply)
            self._stages.screen.note(LAST_ANSWER)
        if not assessing.done():
            self._stages.screen.state("thinking")
        assessed, quitting = self._wait(assessing, quitting=reply.quit)
        turn = self._as_turn(assessed, asking, reply)
        self._open = None
        self._save(turn)
        if reply.follower is not None and reply.utterance is not None:
            self._later[turn.number] = reply.follower.listen_again(turn.transcript, reply.utterance)
        self._stages.screen.transcript(turn)
        if quitting:
            _fall_silent(reply)
            raise _Quit
        follow_up = _follow_up(asking, turn)
        if self._manner.mode != "practice":
            self._go_on(reply)
            return follow_up
        comes_next = "question" if asking.index < len(self._questions) else "end"
        chosen = self._respond(turn, reply, "follow-up" if follow_up else comes_next)
        if chosen == keys.REPEAT:
            return replace(asking, retry=turn)
        return None if chosen == keys.SKIP else follow_up

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
                quitting = quitting or self._stages.keyboard.poll() == keys.QUIT

    def _as_turn(self, assessed: Assessed, asking: Asking, reply: Reply) -> Turn:
        heard, answer = reply.heard, assessed.answer
        known = {field.name: getattr(answer, field.name) for field in fields(Answer)}
        if heard is not None:  # the recording went on after it was assessed
            known["seconds"] = round(heard.utterance.clip.seconds, 3)
        return Turn(
            **known,
            number=self._number,
            asked=asking.question,
            recording=reply.recording,
            question_recording=reply.question_recording,
            ended_by=heard.utterance.ended_by if heard is not None else "typed",
            timing=_timing(assessed, reply),
            follow_up_to=asking.follow_up_to,
            retry_of=asking.retry.number if asking.retry is not None else None,
            overflowed=reply.overflowed,
            silences=heard.silences if heard is not None else (),
            reopened=heard.reopened if heard is not None else 0,
        )

    def _respond(self, turn: Turn, reply: Reply, comes_next: str) -> str:
        """Print and speak the feedback, or go on speaking it; what the person chose to do then."""
        self._stages.screen.feedback(turn)
        self._stages.screen.choosing(Choice(comes_next, "feedback"))
        pressed, started = self._speak_feedback(turn, reply)
        if started is not None and reply.utterance is not None:
            feedback_started = round(reply.clock() - (time.monotonic() - started), 3)
            turn = replace(turn, timing=replace(turn.timing, feedback_started=feedback_started))
            self._save(turn)
        if turn.number not in self._later:
            self._stages.screen.measured(turn)
        chosen = self._choosing.choose(turn, comes_next, pressed, meanwhile=lambda: self._take_in(0.0))
        self._stages.screen.state("")
        if chosen == keys.QUIT:
            raise _Quit
        self._take_in(_A_MOMENT)
        return chosen

    def _take_in(self, seconds: float) -> None:
        """Turns get what listening to them again has told, saved and shown; waits at most so long for it."""
        until = time.monotonic() + seconds
        for number, listening in list(self._later.items()):
            done, _ = wait([listening], timeout=max(0.0, until - time.monotonic()))
            if not done:
                continue
            del self._later[number]
            turn = next(turn for turn in self.session.turns if turn.number == number)
            if listening.exception() is None:
                turn = _with_what_was_heard(turn, listening.result())
                self._save(turn)
            if self._manner.mode == "practice":
                self._stages.screen.measured(turn)

    def _save(self, turn: Turn) -> None:
        """Put a turn, a new one or one that has changed, on the disk."""
        if turn.recording is not None and turn.ended_by != "typed":
            captions = web_vtt(turn.transcript.words).encode()
            write_private(self._folder / f"{turn.number:02}-answer.vtt", captions)
        others = [other for other in self.session.turns if other.number != turn.number]
        self._update(turns=tuple(sorted((*others, turn), key=lambda turn: turn.number)))

    def _speak_feedback(self, turn: Turn, reply: Reply) -> tuple[str | None, float | None]:
        """The key that ended it, and when its first word was heard (`time.monotonic()`)."""
        narrator = self._stages.narrator
        if reply.sounding is not None:
            sound = reply.sounding.sound
            action = narrator.attend(reply.sounding.playback, reply.key, heeded=keys.AFTER_FEEDBACK)
            if sound.feedback:
                started = None if narrator.started is None else narrator.started + sound.lead
                return action, started
            if action not in (None, keys.DONE):  # Enter ends the thanks alone
                return action, None
        action = narrator.say(turn.feedback.spoken, heeded=keys.AFTER_FEEDBACK)
        return action, narrator.started

    def _go_on(self, reply: Reply) -> None:
        """Let the thanks be said to their end."""
        if reply.sounding is not None:
            action = self._stages.narrator.attend(reply.sounding.playback, reply.key)
            if action == keys.QUIT:
                raise _Quit

    def _say_goodbye(self) -> None:
        self._take_in(_LONGEST_AT_THE_END)
        turns = self.session.turns
        if not turns:
            return
        analyses = [_as_it_stands(turn, turns) for turn in turns]
        if self._manner.mode == "real":
            for turn in turns:
                self._stages.screen.feedback(turn)
                self._stages.screen.measured(turn)
        self._say(self._stages.assessor.coach.closing(analyses, [turn.asked for turn in turns]))

    def _say(self, text: str, *, keep: bool = False) -> None:
        self._stages.screen.said(text)
        if self._stages.narrator.say(text, keep=keep) == keys.QUIT:
            raise _Quit

    def _leave_open(self, question: Question, reason: str, recording: str | None) -> None:
        self._open = None
        entry = Unanswered(self._number, question.text, question, reason, recording)
        self._update(unanswered=(*self.session.unanswered, entry))

    def _rescue(self) -> None:
        """However the interview ended: what was being recorded is on the disk and named in the session."""
        recording = self._stages.questioner.rescue()
        if self._open is not None:
            name = f"{self._number:02}-answer.flac"
            kept = recording or (name if (self._folder / name).exists() else None)
            self._leave_open(self._open, "interrupted", kept)

    def _update(self, **changes: object) -> None:
        self.session = replace(self.session, **changes)  # type: ignore[arg-type]
        save_session(self._folder, self.session)


def _with_what_was_heard(turn: Turn, listened: Listened) -> Turn:
    """The turn with its words and its analysis as they are now known; what was said about it stays."""
    transcript, analysis = listened
    return replace(turn, transcript=transcript, **findings_of(analysis))


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
    return replace(asking, question=question, left=asking.left - 1, follow_up_to=turn.number, retry=None)


def follow_up_question(question: Question, feedback: Feedback) -> Question:
    """The follow-up as a question of its own; it has none in turn, and what it is about stays."""
    return replace(
        question,
        id=f"{question.id}:{feedback.follow_up_for or 'more'}",
        text=feedback.follow_up or "",
        kind="other",
        follow_ups={},
        follows=question.id,
    )
