"""Around an interview: what the person's own material adds before its first question and after its last."""

from __future__ import annotations

from pathlib import Path

from greenroom import keys
from greenroom.answering import Quit, Stages
from greenroom.casting import DEMO
from greenroom.config import PracticeSettings
from greenroom.errors import UsageError, UserError
from greenroom.preparation.angles.angles import angle_asked, angle_question, judge_angle
from greenroom.preparation.look_back.look_backs import ask_after, prefer, remind_before
from greenroom.preparation.places import default_data, private_bank
from greenroom.preparation.plan.mock_interviews import is_mock
from greenroom.preparation.recognition.keeping_stories import offer_to_keep
from greenroom.preparation.recognition.recognising import Recognised, note_tellings
from greenroom.preparation.stories.stories import ANGLES, Story
from greenroom.preparation.stories.story_files import find_story
from greenroom.records import Question, Session
from greenroom.screens import listed

LOOK_BACK_KEPT = "Your look back is kept."
NO_LOOK_BACK = "No look back was kept. greenroom plan --look-back asks again."

_CHOSEN_FROM = 3
"""So many times as many questions are drawn as are asked, and those that probe what was lost come first."""


def data_of(settings: PracticeSettings) -> Path:
    """Where the person's own material lies."""
    return settings.data or default_data()


def asked_for(settings: PracticeSettings) -> tuple[Question, Story]:
    """The question for the story that the settings name, from their side or the one it was told from least.

    Raises:
        UsageError: there is no such story.
    """
    story = find_story(data_of(settings), settings.story or "")
    return angle_question(story, settings.angle or least_told(story)), story


def least_told(story: Story) -> str:
    """The angle from which a story was told least; of several the first."""
    return min(ANGLES, key=lambda angle: sum(told.angle == angle for told in story.told))


def banks_of(settings: PracticeSettings) -> tuple[str, ...]:
    """The banks that the settings name, the private one by its file.

    Raises:
        UsageError: the private bank is wanted and holds nothing yet.
    """
    private = private_bank(data_of(settings))
    if private.stem in settings.bank and not private.exists():
        raise UsageError(f"{private.stem} holds no questions yet", "greenroom debrief fills it")
    return tuple(str(private) if name == private.stem else name for name in settings.bank)


def draws(settings: PracticeSettings) -> int:
    """How many questions to draw for an interview, of which `chosen` takes what is asked."""
    return settings.questions * (_CHOSEN_FROM if _follows_look_backs(settings) else 1)


def chosen(questions: tuple[Question, ...], settings: PracticeSettings) -> tuple[Question, ...]:
    """Of those that were drawn the ones to ask: what the last look backs found lost is probed first.

    Who names a seed or a focus has chosen, and whom recordings answer is asked what they answer.
    """
    if not _follows_look_backs(settings):
        return questions
    return prefer(questions, data_of(settings), settings.recordings)[: settings.questions]


def _follows_look_backs(settings: PracticeSettings) -> bool:
    return settings.seed is None and settings.focus is None and not settings.candidate


class Bookends:
    """Before and after one interview, with the same stages.

    What is wrong with a file of the person's is told, and keeps nothing else from happening.
    """

    def __init__(self, settings: PracticeSettings, stages: Stages, folder: Path) -> None:
        self._settings = settings
        self._stages = stages
        self._folder = folder
        self._data = data_of(settings)
        # Recordings can be asked nothing, and a pipe cannot look back.
        self._at_the_desk = stages.keyboard.interactive and not settings.candidate

    def before(self) -> bool:
        """What the person wanted to do differently this time; False if they want to leave."""
        if not self._at_the_desk:
            return True
        return remind_before(self._stages, self._data) != keys.QUIT

    def looks_back(self, session: Session) -> bool:
        """Whether `after` asks the two questions of a look back."""
        wanted = self._settings.look_back
        return self._at_the_desk and (is_mock(session) if wanted is None else wanted)

    def after(self, session: Session) -> None:
        """Judge the angle, note which stories were told, offer to keep a new one, and look back."""
        try:
            self._tell_angles(session)
            if self._settings.candidate != (DEMO,):
                self._note_tellings(session)
            if self._at_the_desk:
                if self._settings.story is None:
                    offer_to_keep(self._stages, session, self._data)
                if self.looks_back(session):
                    kept = ask_after(self._stages, session, self._data, asked_for=True)
                    if session.turns:
                        self._stages.screen.note(NO_LOOK_BACK if kept is None else LOOK_BACK_KEPT)
        except Quit:
            return
        except UserError as error:
            self._stages.screen.note(" ".join(error.lines))

    def _tell_angles(self, session: Session) -> None:
        """Whether the last answer to the question for a story met the angle that it asked for."""
        last = {asked: turn for turn in session.turns if (asked := angle_asked(turn.asked)) is not None}
        for (_, angle), turn in last.items():
            judged = judge_angle(turn, angle, self._stages.assessor.analyzer())
            self._stages.screen.said(judged.sentence)
            if self._stages.narrator.say(judged.sentence, heeded=(keys.QUIT,)) == keys.QUIT:
                raise Quit

    def _note_tellings(self, session: Session) -> None:
        told = note_tellings(
            session, self._folder.name, self._data, self._settings.angle or "", self._settings.story
        )
        if told:
            self._stages.screen.note(_noted(told))


def _noted(told: tuple[Recognised, ...]) -> str:
    names = list(dict.fromkeys(each.story for each in told))
    return f"Told again: {listed(names)}. It is counted; see greenroom stories."
