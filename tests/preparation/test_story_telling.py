"""Telling a story: what is asked, in which order, what is read back, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest
from fakes import FakeKeys, FakeSource, FakeSpeaker
from interview_room import ANSWER, Room

from greenroom import keys
from greenroom.analysis import transcript_of
from greenroom.analysis.reading import Reading
from greenroom.config import PracticeSettings
from greenroom.errors import BadInputError, DeviceError, UserError
from greenroom.interview import Manner
from greenroom.preparation.dialogue import Dialogue, held
from greenroom.preparation.stories.stories import Story
from greenroom.preparation.stories.story_files import load_stories
from greenroom.preparation.telling import telling
from greenroom.preparation.telling.drafting import Piece
from greenroom.preparation.telling.entities import Entities
from greenroom.preparation.telling.reading_back import (
    DISCARD,
    EDIT,
    HERE_IT_IS,
    SHALL_I_KEEP_IT,
    WAYS,
    read_back,
    spoken,
    written,
)
from greenroom.preparation.telling.telling import AGAIN, NOTHING_TOLD, THROWN_AWAY, tell
from greenroom.preparation.telling.telling_questions import GAPS, LED, TITLE, WHOLE, next_gap
from greenroom.prompts import STALLED, THANKS
from greenroom.records import Answer, Delivery, Feedback, Finding, Word
from greenroom.session import load_session

pytestmark = pytest.mark.usefixtures("no_echo")

QUIETLY = Manner("real", follow_ups=0)
STORY = "The queue was full and we moved it."
TOLD = Story(
    "the-queue",
    "The queue",
    situation="The queue was full.",
    action="I moved it to disk.",
    result="It held.",
    numbers=("40 a week",),
    people=("Dana",),
)


class DigitsOnly:
    """A reader of entities that knows figures only, and has nothing to load."""

    def read(self, words: Sequence[Word]) -> Reading:
        return Reading(tuple(words), ())

    def entities(self, reading: Reading) -> Entities:
        return Entities(tuple(w.text.strip(".") for w in reading.words if w.text[0].isdigit()))


class Teller:
    """Somebody who types a story in a room of fakes, under `data`.

    Attributes:
        choices: what is chosen once it was read back, in turn.
        edited: the files that were opened in the editor.
    """

    def __init__(
        self, data: Path, monkeypatch: pytest.MonkeyPatch, lines: Sequence[str], **more: object
    ) -> None:
        more = {"typed": True, "keyboard": FakeKeys(typed=lines), **more}
        self.room = Room(data / "tellings" / "room", manner=QUIETLY, **more)  # type: ignore[arg-type]
        self.data = data
        self.choices: list[str] = []
        self.read: list[Story] = []
        self.edited: list[Path] = []
        monkeypatch.setattr(telling, "EntityReader", DigitsOnly)
        monkeypatch.setattr(telling, "dialogue", self._dialogue)
        monkeypatch.setattr(telling, "read_back", self._read_back)
        monkeypatch.setattr(telling, "edit", self.edited.append)

    @contextmanager
    def _dialogue(self, settings: PracticeSettings, root: Path, topic: str) -> Iterator[Dialogue]:
        with held(self.room.stages, self.room.folder, self.room.saved()) as talk:
            yield talk

    def _read_back(self, stages: object, story: Story, *, waits: bool) -> str:
        self.read.append(story)
        return self.choices.pop(0) if self.choices else keys.DONE

    def tell(self, title: str = "", *, led: bool = False) -> tuple[Path, Story] | None:
        return tell(PracticeSettings(data=self.data, typed=True), title, led=led)

    @property
    def asked(self) -> list[str]:
        return self.room.screen.told("question")


def text_of(topic: str, *, led: bool = False) -> str:
    """What is asked about a topic in the end, or while it is led to."""
    return next(each.question.text for each in (*(LED if led else GAPS), WHOLE, TITLE) if each.topic == topic)


def test_in_one_go_it_is_asked_for_and_what_is_open_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    teller = Teller(
        tmp_path, monkeypatch, [STORY, "It was fast.", "40 percent less.", "I led it.", "The full queue."]
    )
    kept = teller.tell()
    assert teller.asked == [text_of(topic) for topic in ("all", "result", "number", "own", "title")]
    assert kept is not None
    path, story = kept
    assert path == tmp_path / "stories" / "the-full-queue.toml"
    assert (story.title, story.situation, story.task) == ("The full queue", STORY, "I led it.")
    assert (story.result, story.numbers) == ("It was fast. 40 percent less.", ("40",))
    assert load_stories(tmp_path).stories == (story,)
    assert story.told == (), "a telling is no session"
    assert load_session(teller.room.folder).finished


def test_a_number_given_with_the_result_is_not_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    teller = Teller(tmp_path, monkeypatch, [STORY, "It was 40 percent faster.", "s"])
    teller.tell("The queue")
    assert teller.asked == [text_of(topic) for topic in ("all", "result", "own")]


def test_three_are_asked_for_at_most_and_skipped_ones_only_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    teller = Teller(tmp_path, monkeypatch, [STORY, "s"])
    kept = teller.tell("The queue")
    assert teller.asked == [text_of(topic) for topic in ("all", "result", "number", "own")]
    assert kept is not None
    assert kept[1].missing == ("task", "action", "result")


def test_led_by_questions_each_answer_stands_where_it_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = ["It was slow.", "Sales waited.", "I chose disks.", "It held.", "From 40 to 4.", "To choose."]
    teller = Teller(tmp_path, monkeypatch, answers)
    kept = teller.tell("The disks", led=True)
    assert teller.asked == [*(prompt.question.text for prompt in LED), text_of("own")]
    assert kept is not None
    story = kept[1]
    assert story.situation == "It was slow. Sales waited."
    assert (story.task, story.action) == ("To choose.", "I chose disks.")
    assert (story.result, story.numbers) == ("It held. From 40 to 4.", ("40", "4"))


def test_of_what_was_led_to_only_a_number_that_was_none_is_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    teller = Teller(tmp_path, monkeypatch, ["It was slow.", "s", "I chose disks.", "s", "A lot.", "s"])
    teller.tell("The disks", led=True)
    assert teller.asked[len(LED) :] == [text_of("number"), text_of("own")]


def test_without_a_title_it_is_called_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    teller = Teller(tmp_path, monkeypatch, [STORY, "s"])
    kept = teller.tell()
    assert kept is not None
    assert kept[1].title == "A story"  # DigitsOnly knows no nouns
    assert any('"A story"' in note for note in teller.room.screen.told("note"))


def test_nothing_told_is_no_story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    teller = Teller(tmp_path, monkeypatch, ["s"])
    assert teller.tell() is None
    assert teller.asked == [WHOLE.question.text]
    assert NOTHING_TOLD in teller.room.screen.told("note")
    assert not (tmp_path / "stories").exists()


def test_told_once_more_the_later_telling_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    teller = Teller(tmp_path, monkeypatch, [STORY, "s", "s", "s", "The queue", "It was 40 of them.", "s"])
    teller.choices = [keys.REPEAT, keys.DONE]
    kept = teller.tell()
    assert AGAIN in teller.room.voice.rendered
    assert kept is not None
    assert (kept[1].title, kept[1].situation) == ("The queue", "It was 40 of them.")
    assert teller.asked.count(TITLE.question.text) == 1
    assert len(load_stories(tmp_path).stories) == 1


@pytest.mark.parametrize("after", ["q", "s"])
def test_told_once_more_and_left_what_was_told_before_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: str
) -> None:
    teller = Teller(tmp_path, monkeypatch, [STORY, "s", "s", "s", after])
    teller.choices = [keys.REPEAT]
    kept = teller.tell("The queue")
    assert kept is not None
    assert kept[1].situation == STORY
    assert len(teller.read) == 1


def test_thrown_away_its_recording_stays_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    teller = Teller(tmp_path, monkeypatch, [STORY, "s"])
    teller.choices = [DISCARD]
    assert teller.tell("The queue") is None
    assert not (tmp_path / "stories").exists()
    assert THROWN_AWAY.format(folder=teller.room.folder) in teller.room.screen.told("note")
    assert load_session(teller.room.folder).turns


def test_the_editor_opens_the_saved_file_and_its_change_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    teller = Teller(tmp_path, monkeypatch, [STORY, "s"])
    teller.choices = [EDIT]
    seen: list[str] = []

    def change(path: Path) -> None:
        seen.append(path.read_text())
        path.write_text(seen[0].replace("The queue was full", "The queue ran over"))

    monkeypatch.setattr(telling, "edit", change)
    kept = teller.tell("The queue")
    assert kept is not None
    assert "The queue was full" in seen[0]
    assert kept[1].situation == "The queue ran over and we moved it."


def test_without_an_editor_it_is_kept_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    teller = Teller(tmp_path, monkeypatch, [STORY, "s"])
    teller.choices = [EDIT]

    def no_editor(path: Path) -> None:
        raise UserError("no editor is known", "export EDITOR=nano")

    monkeypatch.setattr(telling, "edit", no_editor)
    kept = teller.tell("The queue")
    assert kept is not None
    assert kept[0].exists()
    assert "no editor is known" in capsys.readouterr().err


def test_a_second_story_of_that_title_gets_a_file_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Teller(tmp_path, monkeypatch, [STORY, "s"]).tell("The queue")
    again = Teller(tmp_path / "again", monkeypatch, ["Another one.", "s"])
    again.data = tmp_path
    second = again.tell("The queue")
    assert first is not None
    assert second is not None
    assert (first[0].name, second[0].name) == ("the-queue.toml", "the-queue-2.toml")
    assert STORY in first[0].read_text()


def test_leaving_before_anything_was_told_leaves_no_story(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert Teller(tmp_path, monkeypatch, ["q"]).tell() is None
    assert not (tmp_path / "stories").exists()
    assert capsys.readouterr().err == ""


def test_leaving_in_the_middle_says_where_it_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    teller = Teller(tmp_path, monkeypatch, ["It was slow.", "q"])
    assert teller.tell(led=True) is None
    assert not (tmp_path / "stories").exists()
    assert str(teller.room.folder) in capsys.readouterr().err
    assert [turn.transcript.text for turn in load_session(teller.room.folder).turns] == ["It was slow."]


def test_leaving_once_it_was_told_keeps_it_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    teller = Teller(tmp_path, monkeypatch, [STORY, "It held.", "q"])
    kept = teller.tell("The queue")
    assert kept is not None
    assert kept[1].result == "It held."
    assert teller.read == [], "whoever leaves is not read to"


@pytest.mark.parametrize("fault", [DeviceError("the microphone was lost"), KeyboardInterrupt()])
def test_whatever_ends_it_what_was_said_until_then_is_kept(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fault: BaseException,
) -> None:
    source = FakeSource(ANSWER[:40], fault)
    teller = Teller(tmp_path, monkeypatch, [], typed=False, sources=[source])
    with pytest.raises(type(fault)):
        teller.tell()
    saved = load_session(teller.room.folder)
    (begun,) = saved.unanswered
    assert not saved.finished
    assert (teller.room.folder / str(begun.recording)).exists()
    assert str(teller.room.folder) in capsys.readouterr().err


def test_where_the_story_cannot_be_written_the_person_is_told_where_the_telling_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    teller = Teller(tmp_path, monkeypatch, [STORY, "s"])
    (tmp_path / "stories").write_text("a file where the folder should be")
    with pytest.raises(BadInputError):
        teller.tell("The queue")
    assert str(teller.room.folder) in capsys.readouterr().err


def test_recordings_that_run_out_ask_for_nothing_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = [FakeSource(ANSWER), FakeSource(ANSWER)]
    teller = Teller(tmp_path, monkeypatch, [], typed=False, sources=sources)
    kept = teller.tell()
    assert teller.asked == [text_of("all"), text_of("result")]
    assert kept is not None
    assert kept[1].title == "A story"


def test_what_matters_to_whom_is_asked_for_last_and_only_where_it_was_not_heard() -> None:
    def piece(*patterns: str) -> Piece:
        found = tuple(Finding(id, 0.9, (), "", "") for id in patterns)
        answer = Answer(
            transcript=transcript_of("x"), delivery=Delivery(1), patterns=found, feedback=Feedback("")
        )
        return Piece(answer)

    whole = Story("x", "x", "s", "t", "a", "40 less", numbers=("40",))
    assert next_gap(whole, [piece()], ()) is None
    asked: list[str] = []
    while gap := next_gap(whole, [piece("no_outcome", "hidden_in_team", "no_business")], asked):
        asked.append(gap.topic)
    assert asked == ["own", "stake"]
    vague = Story("x", "x", "s", "t", "a", "it was better", numbers=("40",))
    assert (next_gap(vague, [piece("no_outcome")], ()) or WHOLE).topic == "number"
    assert next_gap(vague, [piece()], ()) is None


def test_it_is_read_part_by_part_and_what_is_open_is_said() -> None:
    assert spoken(TOLD) == (
        f"{HERE_IT_IS} The queue.",
        "The situation: The queue was full.",
        "Your task in it is still open.",
        "What you did: I moved it to disk.",
        "What came of it: It held.",
    )
    assert written(TOLD).splitlines()[0] == "The queue"
    assert written(TOLD).endswith("Numbers: 40 a week\nPeople: Dana")


def read_aloud(room: Room) -> tuple[str, ...]:
    """What was rendered, but for the thanks, which are made ready in another thread."""
    return tuple(text for text in room.voice.rendered if text not in THANKS and text != STALLED)


@pytest.mark.parametrize("action", [keys.DONE, keys.REPEAT, EDIT, DISCARD])
def test_a_key_chooses_while_it_is_read(tmp_path: Path, action: str) -> None:
    room = Room(tmp_path, typed=True, speaker=FakeSpeaker(looks=5))
    own = FakeKeys([None, keys.PAUSE, keys.PAUSE, action])
    assert read_back(room.stages, TOLD, waits=True, opened=lambda: nullcontext(own)) == action
    assert read_aloud(room) == spoken(TOLD)[:1]
    assert room.speaker.played[0].log == ["pause", "resume", "stop"]
    assert WAYS in room.screen.told("note")


def test_after_it_was_read_it_is_waited_for_a_key(tmp_path: Path) -> None:
    room = Room(tmp_path, typed=True)
    own = FakeKeys([None] * 20 + [keys.PAUSE, DISCARD])
    assert read_back(room.stages, TOLD, waits=True, opened=lambda: nullcontext(own)) == DISCARD
    assert read_aloud(room) == (*spoken(TOLD), SHALL_I_KEEP_IT)


def test_with_nobody_at_the_keys_it_is_read_and_kept(tmp_path: Path) -> None:
    room = Room(tmp_path, typed=True)
    assert read_back(room.stages, TOLD, waits=True) == keys.DONE
    assert read_aloud(room) == spoken(TOLD)
    assert WAYS not in room.screen.told("note")
