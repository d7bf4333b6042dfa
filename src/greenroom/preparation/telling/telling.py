"""`greenroom stories tell`: a story told aloud, what is missing asked for, read back, and kept as a file."""

from __future__ import annotations

import sys
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

from greenroom import keys
from greenroom.answering import Quit
from greenroom.config import PracticeSettings
from greenroom.errors import UserError
from greenroom.preparation.dialogue import Dialogue, dialogue
from greenroom.preparation.places import default_data, make_folder, tellings_folder
from greenroom.preparation.stories.stories import Story
from greenroom.preparation.stories.story_editor import edit
from greenroom.preparation.stories.story_files import find_story, new_name, save_story
from greenroom.preparation.telling.drafting import Piece, drafted, spoken_title
from greenroom.preparation.telling.entities import EntityReader
from greenroom.preparation.telling.reading_back import DISCARD, EDIT, read_back
from greenroom.preparation.telling.telling_questions import LED, MOST_GAPS, TITLE, WHOLE, Prompt, next_gap
from greenroom.session import load_session
from greenroom.staging import patience_for

NOTHING_TOLD = "Nothing was told, so there is no new story."
AGAIN = "Once more, then, from the beginning."
UNTIL_THEN = "What you told until then is kept in {folder}"
THROWN_AWAY = "Thrown away. The recording stays in {folder} until you delete it."
CALLED = 'If you skip that, it is called "{title}".'


def tell(settings: PracticeSettings, title: str, *, led: bool) -> tuple[Path, Story] | None:
    """Have a story told, and keep it: its file and the story; None if there is none to keep.

    The telling itself, with its recordings, stays in the data folder's tellings/ whatever becomes of it. It
    is no session, so it does not count among those where the story was told.

    Args:
        title: "" to be asked for.
        led: whether it is led by questions.

    Raises:
        UserError: something keeps it from beginning, or a device is lost; what was told until then is kept.
    """
    data = settings.data or default_data()
    make_folder(tellings_folder(data))
    folder: Path | None = None
    try:
        with dialogue(settings, tellings_folder(data), title or "story") as talk:
            folder = talk.folder
            story, choice = Telling(talk, settings, title, led=led).run()
            if choice == DISCARD:
                talk.stages.screen.note(THROWN_AWAY.format(folder=folder))
        if story is None or choice == DISCARD:
            return None
        return keep(data, story, edited=choice == EDIT)
    except Quit:
        _say_where(folder)
        return None
    except BaseException:
        _say_where(folder)
        raise


def keep(data: Path, story: Story, *, edited: bool) -> tuple[Path, Story]:
    """Save a story under a name of its own; where it is `edited`, the person's editor opens it then."""
    path = save_story(data, replace(story, name=new_name(data, story.title)))
    try:
        if edited:
            edit(path)
        story = find_story(data, path.stem)
    except UserError as error:  # it is saved, which is what counts
        print("\n".join(error.lines), file=sys.stderr)
    return path, story


class Telling:
    """One story being told in a dialogue."""

    def __init__(self, talk: Dialogue, settings: PracticeSettings, title: str, *, led: bool) -> None:
        self._talk = talk
        self._title = title
        self._prompts = LED if led else (WHOLE,)
        self._waits = not settings.candidate
        self._settings = settings
        self._skipped: set[str] = set()
        self._reader: Future[EntityReader] = talk.stages.assessor.run(EntityReader)

    def run(self) -> tuple[Story | None, str]:
        """The story, None if nothing was told; and what shall become of it, as read_back() says it.

        Raises:
            Quit: the person left in the middle of it.
        """
        self._open()
        story: Story | None = None
        while True:
            pieces = self._tell(again=story)
            if not pieces:
                if story is None:
                    self._talk.stages.screen.note(NOTHING_TOLD)
                return story, keys.DONE
            story, leaves = self._complete(pieces)
            if leaves:
                return story, keys.DONE
            choice = read_back(self._talk.stages, story, waits=self._waits)
            if choice != keys.REPEAT:
                return story, choice
            self._title = story.title

    def _open(self) -> None:
        how = "Take your time."
        if not self._settings.typed:
            patience = patience_for(self._settings)
            how = f"Take your time: {patience.base:g} s of silence end what you tell, and so does Enter."
        self._talk.stages.screen.note(
            f"{how} What you say is kept in {self._talk.folder}, and the story as a file in your data folder."
        )

    def _tell(self, again: Story | None) -> list[Piece]:
        """The answers to what is asked first, in their order; those that were skipped are left out.

        Whoever leaves while telling it `again` tells nothing new, and what was told before stands.
        """
        # The second time they are not counted: what was asked in between would count with them.
        total = len(self._prompts) if len(self._prompts) > 1 and again is None else 0
        self._skipped.clear()
        pieces = []
        try:
            if again is not None:
                self._talk.say(AGAIN)
            for prompt in self._prompts:
                if piece := self._ask(prompt, total):
                    pieces.append(piece)
                else:
                    self._skipped.add(prompt.topic)
        except Quit:
            if again is None:
                raise
            return []
        return pieces

    def _complete(self, pieces: list[Piece]) -> tuple[Story, bool]:
        """The story with what was still open and a title; and whether the person leaves now.

        Whoever leaves once the story itself was told has it kept as it stands.
        """
        story = self._draft(pieces)
        try:
            story = self._fill(story, pieces)
            return replace(story, title=self._title or self._ask_title(story.title)), False
        except Quit:
            return self._draft(pieces), True

    def _fill(self, story: Story, pieces: list[Piece]) -> Story:
        """The draft after its gaps were asked for; `pieces` grows by the answers."""
        led = {prompt.topic for prompt in self._prompts}
        # Of what was led to and answered only the number is worth a second question.
        asked = (led - {"number"}) | self._skipped
        for _ in range(MOST_GAPS):
            gap = next_gap(story, pieces, asked)
            if gap is None or self._talk.nobody_left:
                break
            asked.add(gap.topic)
            if piece := self._ask(gap, 0):
                pieces.append(piece)
                story = self._draft(pieces)
        return story

    def _ask(self, prompt: Prompt, total: int) -> Piece | None:
        turn = self._talk.ask(prompt.question, total)
        if turn is None or not any(map(str.isalnum, turn.transcript.text)):
            return None
        return Piece(turn, prompt.part)

    def _ask_title(self, by_itself: str) -> str:
        """What the person calls it; `by_itself` where nothing is said."""
        if self._talk.nobody_left:
            return by_itself
        self._talk.stages.screen.note(CALLED.format(title=by_itself))
        turn = self._talk.ask(TITLE.question)
        return (spoken_title(turn) if turn else "") or by_itself

    def _draft(self, pieces: list[Piece]) -> Story:
        return drafted(pieces, self._reader.result(), title=self._title)


def _say_where(folder: Path | None) -> None:
    """Where it lies, if anything was told."""
    if folder is not None and (any(folder.glob("*-answer.*")) or load_session(folder).turns):
        print(UNTIL_THEN.format(folder=folder), file=sys.stderr)
