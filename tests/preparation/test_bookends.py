"""Before and after an interview: what comes back, what is noted, what is asked, and where nothing is."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import FakeKeys
from interview_room import QUESTIONS, Room

from greenroom import keys
from greenroom.config import PracticeSettings
from greenroom.errors import UsageError
from greenroom.interview import Manner
from greenroom.preparation import bookends
from greenroom.preparation.bookends import (
    LOOK_BACK_KEPT,
    NO_LOOK_BACK,
    Bookends,
    asked_for,
    banks_of,
    chosen,
    draws,
    least_told,
)
from greenroom.preparation.look_back.look_backs import (
    FIX_QUESTION,
    SIGNAL_QUESTION,
    LookBack,
    add_look_back,
    load_look_backs,
)
from greenroom.preparation.stories.stories import Story, Told
from greenroom.preparation.stories.story_files import find_story, save_story
from greenroom.records import Question, Session

pytestmark = pytest.mark.usefixtures("no_echo")

OUTAGE = Story(
    "outage",
    "The night the queue stood still",
    situation="Orders of Kestrel Foods were lost whenever the import queue ran full.",
    action="I wrote the queue to disk with a journal.",
    result="Lost orders fell from 40 a night to none.",
    numbers=("40",),
    people=("Kestrel Foods",),
    technologies=("journal",),
)
TOLD = (
    "When the import queue ran full at Kestrel Foods we lost orders, about forty a night, and I wrote "
    "the queue to disk with a journal, and after that lost orders fell to none."
)


class NobodyAtTheKeys(FakeKeys):
    interactive = False


def held(tmp_path: Path, typed: str = TOLD, keyboard: FakeKeys | None = None, **more: object) -> Room:
    """A typed interview that has been held."""
    keyboard = keyboard or FakeKeys(typed=typed)
    room = Room(tmp_path / "recordings", keyboard=keyboard, typed=True, manner=Manner("real", 0), **more)  # type: ignore[arg-type]
    room.interview.run()
    return room


def around(room: Room, tmp_path: Path, **settings: object) -> Bookends:
    return Bookends(PracticeSettings(data=tmp_path / "data", **settings), room.stages, room.folder)  # type: ignore[arg-type]


def test_a_known_story_is_noted_where_it_was_told(tmp_path: Path) -> None:
    save_story(tmp_path / "data", OUTAGE)
    room = held(tmp_path, questions=QUESTIONS[:1])
    around(room, tmp_path, look_back=False).after(room.saved())
    (told,) = find_story(tmp_path / "data", "outage").told
    assert (told.session, told.turn) == (room.folder.name, 1)
    assert any("Told again: outage" in note for note in room.screen.told("note"))


def test_the_demo_candidate_tells_nothing_of_the_persons(tmp_path: Path) -> None:
    save_story(tmp_path / "data", OUTAGE)
    room = held(tmp_path, questions=QUESTIONS[:1])
    around(room, tmp_path, candidate=("demo",)).after(room.saved())
    assert find_story(tmp_path / "data", "outage").told == ()


THREE = (*QUESTIONS, Question("three", "What did you learn?"))


def test_after_three_questions_two_more_look_back(tmp_path: Path) -> None:
    room = held(tmp_path, typed="I moved ownership of the report to the team.", questions=THREE)
    ends = around(room, tmp_path)
    assert ends.looks_back(room.saved())
    ends.after(room.saved())
    asked = room.screen.told("question")
    assert asked[-2:] == [SIGNAL_QUESTION.text, FIX_QUESTION.text]
    (look_back,), faults = load_look_backs(tmp_path / "data")
    assert faults == ()
    assert (look_back.session, look_back.fix) == (
        room.folder.name,
        "I moved ownership of the report to the team.",
    )
    assert len(room.saved().turns) == 3, "a look back is no part of the interview"
    assert room.screen.told("note")[-1] == LOOK_BACK_KEPT


def test_that_no_look_back_was_kept_is_said(tmp_path: Path) -> None:
    room = held(tmp_path, questions=THREE, keyboard=FakeKeys(typed=[*["I did."] * 3, "skip"]))
    around(room, tmp_path).after(room.saved())
    assert load_look_backs(tmp_path / "data") == ((), ())
    assert room.screen.told("note")[-1] == NO_LOOK_BACK


@pytest.mark.parametrize(
    ("questions", "settings", "looks_back"),
    [
        (THREE, {}, True),
        (THREE, {"look_back": False}, False),
        (THREE, {"candidate": ("a.wav",)}, False),
        (QUESTIONS, {}, False),
        (QUESTIONS, {"look_back": True}, True),
    ],
)
def test_when_it_looks_back(
    tmp_path: Path, questions: tuple[Question, ...], settings: dict[str, object], looks_back: bool
) -> None:
    room = held(tmp_path, typed="I did what I did.", questions=questions)
    ends = around(room, tmp_path, **settings)
    assert ends.looks_back(room.saved()) == looks_back
    ends.after(room.saved())
    assert (SIGNAL_QUESTION.text in room.screen.told("question")) == looks_back


def test_nobody_at_the_keys_is_asked_nothing(tmp_path: Path) -> None:
    add_look_back(tmp_path / "data", LookBack("x", "2026-11-20T20:00:00+00:00", fix="Say the number first."))
    room = held(tmp_path, keyboard=NobodyAtTheKeys(typed=TOLD), questions=THREE)
    ends = around(room, tmp_path)
    assert ends.before()
    ends.after(room.saved())
    assert not any("number first" in said for said in room.screen.told("said"))
    assert SIGNAL_QUESTION.text not in room.screen.told("question")


def test_what_was_wanted_last_time_comes_back(tmp_path: Path) -> None:
    add_look_back(tmp_path / "data", LookBack("x", "2026-11-20T20:00:00+00:00", fix="Say the number first."))
    room = Room(tmp_path / "recordings", typed=True)
    assert around(room, tmp_path).before()
    assert any("number first" in said.lower() for said in room.screen.told("said"))
    assert room.screen.told("said")[0] in room.voice.rendered


def test_whoever_leaves_while_it_comes_back_is_asked_nothing(tmp_path: Path) -> None:
    add_look_back(tmp_path / "data", LookBack("x", "2026-11-20T20:00:00+00:00", fix="Say the number first."))
    from fakes import FakeSpeaker

    room = Room(tmp_path / "r", typed=True, keyboard=FakeKeys([keys.QUIT]), speaker=FakeSpeaker(looks=2))
    assert not around(room, tmp_path).before()


def test_a_broken_file_is_told_and_nothing_else_is_lost(tmp_path: Path) -> None:
    save_story(tmp_path / "data", OUTAGE)
    (tmp_path / "data" / "look-backs.toml").write_text("this is no TOML [")
    room = held(tmp_path, questions=THREE)
    around(room, tmp_path).after(room.saved())
    assert any("look-backs.toml" in note for note in room.screen.told("note"))
    assert find_story(tmp_path / "data", "outage").told


def test_a_story_is_asked_for_from_the_side_it_was_told_from_least(tmp_path: Path) -> None:
    at = "2026-11-20T20:00:00+00:00"
    told = (Told("a", 1, at, "technical"), Told("b", 1, at, "leadership"), Told("c", 1, at, "technical"))
    save_story(tmp_path / "data", Story("outage", "The night the queue stood still", told=told))
    question, story = asked_for(PracticeSettings(story="outage", data=tmp_path / "data"))
    assert least_told(story) == "business"
    assert question.id == "outage:business"
    question, _ = asked_for(PracticeSettings(story="outage", angle="technical", data=tmp_path / "data"))
    assert question.id == "outage:technical"


def test_the_last_look_back_chooses_among_what_was_drawn(tmp_path: Path) -> None:
    drawn = tuple(
        Question(f"q{number}", "Why?", signals=("clarity",) if number != 5 else ("ownership",))
        for number in range(6)
    )
    look_back = LookBack("x", "2026-11-20T20:00:00+00:00", "my ownership", "say I", ("ownership",))
    add_look_back(tmp_path / "data", look_back)
    settings = PracticeSettings(questions=2, data=tmp_path / "data", recordings=tmp_path / "none")
    assert draws(settings) == 6
    assert [each.id for each in chosen(drawn, settings)] == ["q5", "q0"]


def test_the_private_bank_has_a_name(tmp_path: Path) -> None:
    settings = PracticeSettings(bank=("asked-of-me", "leadership"), data=tmp_path)
    with pytest.raises(UsageError, match="asked-of-me holds no questions yet"):
        banks_of(settings)
    (tmp_path / "asked-of-me.toml").write_text("")
    assert banks_of(settings) == (str(tmp_path / "asked-of-me.toml"), "leadership")


@pytest.mark.parametrize("wish", [{"seed": 1}, {"focus": "ownership"}, {"candidate": ("a.wav",)}])
def test_whoever_has_chosen_gets_what_was_drawn(tmp_path: Path, wish: dict[str, object]) -> None:
    settings = PracticeSettings(questions=2, data=tmp_path / "data", **wish)  # type: ignore[arg-type]
    assert draws(settings) == 2
    assert chosen(QUESTIONS, settings) == QUESTIONS


def test_the_angle_is_judged_aloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_story(tmp_path / "data", OUTAGE)
    settings = PracticeSettings(story="outage", angle="technical", data=tmp_path / "data")
    question, _ = asked_for(settings)
    room = held(tmp_path, questions=(question,))
    judged: list[tuple[str, str]] = []

    class Judged:
        sentence = "That was the technical side."

    def judge(turn: object, angle: str, reader: object) -> Judged:
        judged.append((str(getattr(turn, "question", "")), angle))
        return Judged()

    monkeypatch.setattr(bookends, "judge_angle", judge)
    Bookends(settings, room.stages, room.folder).after(room.saved())
    assert judged == [(question.text, "technical")]
    assert "That was the technical side." in room.voice.rendered
    (told,) = find_story(tmp_path / "data", "outage").told
    assert told.angle == "technical"


def test_an_empty_session_leaves_nothing(tmp_path: Path) -> None:
    room = Room(tmp_path / "recordings", typed=True)
    around(room, tmp_path).after(Session(id="empty", started_at=""))
    assert not (tmp_path / "data").exists()
