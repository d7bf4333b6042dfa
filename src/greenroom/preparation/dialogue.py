"""A conversation that is no interview: things are asked, aloud or typed, and answers are only kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from greenroom.answering import Answering, Stages
from greenroom.choosing import Asking
from greenroom.config import PracticeSettings
from greenroom.keeping import Keeper
from greenroom.records import Question, Session, Turn
from greenroom.recovering.holding import hold
from greenroom.recovering.wholeness import gone_on_with
from greenroom.session import load_session, start_session
from greenroom.staging import find_parts, staged

NOT_HEARD = "I did not hear anything, so we leave that open."

_ALL_THERE_IS = 5.0  # s; numbers of an answer that nobody looks at here


class Dialogue:
    """Asks one thing after the other; what was said lies in `folder`, which is a session's.

    Args:
        stages: held so that feedback is not spoken (`staging.staged` with mode "real", or
            `Questioner.only_listen`).
        session: the record of `folder` so far.
    """

    def __init__(self, stages: Stages, folder: Path, session: Session) -> None:
        self.stages = stages
        self.folder = folder
        self._keeper = Keeper(folder, session, lambda _: None)
        self._answering = Answering(stages, self._keeper, unheard=NOT_HEARD)
        self._asked = 0
        stages.screen.no_ratings()

    @property
    def session(self) -> Session:
        return self._keeper.session

    def ask(self, question: Question, total: int = 0, *, lead: str = "") -> Turn | None:
        """Ask one of `total` things (0: it stands alone); None if it was skipped or met with silence.

        Args:
            lead: what is said before it.

        Raises:
            answering.Quit: the person wants to leave; what was said until then is saved.
        """
        self._asked += 1
        asking = Asking(question, question, self._asked, left=0, lead=lead)
        answered = self._answering.ask(asking, total)
        if answered is None:
            return None
        self._answering.go_on(answered.reply)
        return answered.turn

    @property
    def nobody_left(self) -> bool:
        """Whether the recordings that answer have run out."""
        return self._answering.nobody_left

    def say(self, text: str) -> None:
        """Show and say something. answering.Quit: the person wants to leave."""
        self._answering.say(text)

    def close(self, *, finished: bool) -> None:
        """Everything safely on the disk, however it ended."""
        self._keeper.rescue(self.stages.questioner.rescue())
        self._keeper.take_in(_ALL_THERE_IS if finished else 0.0)
        if finished:
            self._keeper.finish()
        self.stages.questioner.shelter.settle()


@contextmanager
def dialogue(settings: PracticeSettings, root: Path, topic: str) -> Iterator[Dialogue]:
    """A dialogue with the settings of a live interview, kept in a new folder under `root`.

    Raises:
        UserError: something keeps it from beginning.
    """
    settings = _without_feedback(settings)
    parts = find_parts(settings)
    with (
        _begun(root, topic, settings.as_saved(parts.voice.name)) as (folder, session),
        staged(parts, settings, folder, settings.seed or 0) as stages,
        held(stages, folder, session) as talk,
    ):
        yield talk


@contextmanager
def dialogue_after(stages: Stages, root: Path, topic: str, saved: Mapping[str, Any]) -> Iterator[Dialogue]:
    """A dialogue with the stages of a session that has just ended, kept in a new folder under `root`.

    Args:
        saved: the settings that its session.json names.

    Raises:
        BadInputError: the folder cannot be made.
    """
    with _begun(root, topic, saved) as (folder, session):
        stages.questioner.only_listen(folder)
        with held(stages, folder, session) as talk:
            yield talk


@contextmanager
def continued(settings: PracticeSettings, folder: Path) -> Iterator[Dialogue]:
    """A dialogue in the folder of an earlier one, as `dialogue` holds one in a new folder.

    Raises:
        UserError: something keeps it from going on.
    """
    load_session(folder)  # says what is wrong before anything is done
    settings = _without_feedback(settings)
    parts = find_parts(settings)
    with (
        gone_on_with(folder) as remains,
        staged(parts, settings, folder, settings.seed or 0) as stages,
        held(stages, folder, remains.session) as talk,
    ):
        yield talk


@contextmanager
def _begun(root: Path, topic: str, saved: Mapping[str, Any]) -> Iterator[tuple[Path, Session]]:
    """A new folder under `root` and its session; nobody else works on it meanwhile."""
    with ExitStack() as lock:
        yield start_session(root, topic, saved, holding=lambda folder: lock.enter_context(hold(folder)))


@contextmanager
def held(stages: Stages, folder: Path, session: Session) -> Iterator[Dialogue]:
    """A dialogue with stages that are there; however it ends, all of it is on the disk then."""
    talk = Dialogue(stages, folder, session)
    finished = False
    try:
        yield talk
        finished = True
    finally:
        talk.close(finished=finished)


def _without_feedback(settings: PracticeSettings) -> PracticeSettings:
    return replace(settings, mode="real", rate=False, follow_ups=0)
