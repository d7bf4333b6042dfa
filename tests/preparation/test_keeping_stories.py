"""New stories in a session: which they are, that one is offered, and that nothing is lost by going on."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from fakes import FakeKeys, FakeScreen, FakeSpeaker, FakeVoice
from made_turns import made_turn

from greenroom import keys
from greenroom.answering import Stages
from greenroom.errors import BadInputError, UsageError
from greenroom.preparation.angles.angles import angle_question
from greenroom.preparation.places import stories_folder
from greenroom.preparation.recognition import keeping_stories
from greenroom.preparation.recognition.keeping_stories import keep, new_stories, offer_to_keep
from greenroom.preparation.recognition.recognising import note_tellings
from greenroom.preparation.stories.stories import Story, Told
from greenroom.preparation.stories.story_files import load_stories, save_story
from greenroom.records import Answer, Deed, Delivery, Finding, Session, StoryPart, Transcript, Turn
from greenroom.session import save_session
from greenroom.speaking import Narrator
from greenroom.stories_keep_command import keep_command
from greenroom.voices import CachedVoice

pytestmark = pytest.mark.usefixtures("no_echo")

BEFORE = (
    "Every night our parking product sent the tickets to the city, and it took seven hours. I profiled the "
    "export with Marek and wrote the tickets in batches by COPY into Postgres. "
)
RESULT = "It takes 38 minutes now."
KNOWN = Story(
    "late-tickets",
    "The parking export",
    situation="The parking tickets went to the city each night and took seven hours.",
    action="I profiled the export with Marek and wrote batches of tickets through COPY into Postgres.",
    result="It runs in 38 minutes.",
    people=("Marek",),
)
NAME = "2026-11-22T10-00-00-behavioural"


def told(number: int = 1, *, result: str = RESULT, heard: str = "", **more: Any) -> Turn:
    """`heard`: what the analysis took for the result, where that is not all of the last sentence."""
    text = BEFORE + result
    first = len((BEFORE + result[: result.index(heard)]).split()) if heard else len(BEFORE.split())
    last = first + len((heard or result).split()) - 1
    parts = (
        StoryPart("action", None, None, "I profiled the export", 16, 19),
        StoryPart("result", None, None, heard or result, first, last),
    )
    usual = {"form": "story", "signals": ("execution",), "delivery": Delivery(words=60), "recording": None}
    turn = made_turn(number, transcript=Transcript(text), **{**usual, **more})
    object.__setattr__(turn, "parts", parts)
    return turn


def session(*turns: Turn, **settings: Any) -> Session:
    return Session(id=NAME, started_at="2026-11-22T10:00:00+00:00", turns=turns, settings=settings)


def draft(answer: Answer, title: str) -> Story:
    return Story("", title or "The parking export", action=answer.transcript.text)


def numbers(turns: Sequence[Turn]) -> list[int]:
    return [turn.number for turn in turns]


def test_a_story_with_a_measured_result_is_new(tmp_path: Path) -> None:
    assert numbers(new_stories(session(told()), tmp_path)) == [1]


def test_the_number_may_stand_in_another_clause_of_its_sentence(tmp_path: Path) -> None:
    result = "It takes 38 minutes now, and nobody waits."
    assert numbers(new_stories(session(told(result=result, heard="nobody waits.")), tmp_path)) == [1]
    apart = "It takes 38 minutes now. Nobody waits."
    assert new_stories(session(told(result=apart, heard="Nobody waits.")), tmp_path) == ()


@pytest.mark.parametrize(
    "more",
    [
        {"form": "pseudo_story"},
        {"form": None},
        {"result": "Everybody was glad about it."},
        {"patterns": ("no_outcome",)},
        {"patterns": ("hidden_in_team",)},
        {"delivery": Delivery(words=12)},
        {"follow_up_to": 3},
        {"asked": angle_question(KNOWN, "business")},
    ],
)
def test_what_is_no_whole_story_is_none(tmp_path: Path, more: dict[str, Any]) -> None:
    assert new_stories(session(told(**more)), tmp_path) == ()


def test_a_pattern_that_is_hardly_likely_keeps_no_story_away(tmp_path: Path) -> None:
    turn = told()
    object.__setattr__(turn, "patterns", (Finding("no_outcome", 0.55, (), "why", "advice"),))
    assert numbers(new_stories(session(turn), tmp_path)) == [1]


def test_a_known_story_is_not_new_nor_is_one_that_may_be_known(tmp_path: Path) -> None:
    save_story(tmp_path, KNOWN)
    assert new_stories(session(told()), tmp_path) == ()
    turn = told()
    object.__setattr__(
        turn, "transcript", Transcript("Marek and I wrote batches. " + "It was a very long day. " * 9)
    )
    assert new_stories(session(turn), tmp_path) == ()


def test_of_several_answers_to_one_question_it_is_the_latest(tmp_path: Path) -> None:
    assert numbers(new_stories(session(told(), told(2, retry_of=1)), tmp_path)) == [2]


def test_the_one_that_shows_most_comes_first(tmp_path: Path) -> None:
    held = session(told(), told(2, signals=("ownership", "execution", "business_impact")))
    assert numbers(new_stories(held, tmp_path)) == [2, 1]


def test_what_the_demo_candidate_tells_is_nobodys_own(tmp_path: Path) -> None:
    assert new_stories(session(told(), candidate=["demo"]), tmp_path) == ()


class Terminal:
    """The stages of an interview that has just ended, in a terminal."""

    def __init__(self, *presses: str | None, interactive: bool = True) -> None:
        self.screen, self.voice = FakeScreen(), FakeVoice()
        self.keyboard = FakeKeys(presses)
        self.keyboard.interactive = interactive
        narrator = Narrator(CachedVoice(self.voice, None), FakeSpeaker(), self.keyboard)
        unused: Any = None
        self.stages = Stages(unused, narrator, unused, self.keyboard, self.screen, None)

    def offer(self, held: Session, data: Path) -> Path | None:
        return offer_to_keep(self.stages, held, data, draft)


@pytest.mark.parametrize("pressed", [keys.YES, keys.DONE])
def test_y_or_enter_keeps_it_and_says_where(tmp_path: Path, pressed: str) -> None:
    terminal = Terminal(None, pressed)
    path = terminal.offer(session(told()), tmp_path)
    assert path == stories_folder(tmp_path) / "the-parking-export.toml"
    assert f"Kept: {path}" in terminal.screen.told("note")
    assert "That one is worth keeping." in terminal.voice.rendered
    (kept,) = load_stories(tmp_path).stories
    assert kept.told == (Told(NAME, 1, "2026-11-22T10:00:00+00:00"),)
    assert note_tellings(session(told()), NAME, tmp_path) == (), "it is counted once"
    assert new_stories(session(told()), tmp_path) == ()


@pytest.mark.parametrize("pressed", [keys.SKIP, keys.QUIT, keys.PAUSE, "1"])
def test_any_other_key_goes_on_at_once_and_says_how_to_keep_it_later(tmp_path: Path, pressed: str) -> None:
    terminal = Terminal(None, pressed)
    began = time.monotonic()
    assert terminal.offer(session(told()), tmp_path) is None
    assert time.monotonic() - began < 2
    assert load_stories(tmp_path).stories == ()
    assert f"greenroom stories keep {NAME} 1" in terminal.screen.told("note")[-1]


def test_without_a_key_it_goes_on_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping_stories, "_SECONDS", 0.2)
    assert Terminal().offer(session(told()), tmp_path) is None
    assert load_stories(tmp_path).stories == ()


def test_only_the_best_one_is_offered_and_named_by_what_it_is_about(tmp_path: Path) -> None:
    deed = Deed("i", "profiled", "profile", "the export", "time", 3, 0, 2)
    terminal = Terminal(keys.SKIP)
    terminal.offer(session(told(), told(2, signals=("ownership", "execution"), deeds=(deed,))), tmp_path)
    assert terminal.screen.told("said") == ["The story about the export: that one is worth keeping."]


def test_without_a_name_it_is_called_by_its_question(tmp_path: Path) -> None:
    terminal = Terminal(keys.SKIP)
    terminal.offer(session(told(1, form="opinion"), told(2), told(3, retry_of=2)), tmp_path)
    assert terminal.screen.told("said") == ["Your answer to question 2: that one is worth keeping."]


def test_nothing_is_offered_where_nobody_is_at_the_keys_or_nothing_is_new(tmp_path: Path) -> None:
    for terminal, held in (
        (Terminal(keys.DONE, interactive=False), session(told())),
        (Terminal(keys.DONE), session(told(form="opinion"))),
        (Terminal(keys.DONE), session()),
    ):
        assert terminal.offer(held, tmp_path) is None
        assert terminal.screen.log == []


def test_a_folder_that_cannot_be_written_ends_no_interview_with_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def save(*_: object) -> Path:
        raise BadInputError("the disk is full")

    monkeypatch.setattr(keeping_stories.story_files, "save_story", save)
    terminal = Terminal(keys.DONE)
    assert terminal.offer(session(told()), tmp_path) is None
    assert "It could not be kept: the disk is full" in terminal.screen.told("note")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "recordings" / NAME
    made.mkdir(parents=True)
    save_session(made, session(told(), told(2, retry_of=1), told(3)))
    return made


def test_an_answer_can_be_kept_later(tmp_path: Path, folder: Path) -> None:
    path = keep(folder, 3, tmp_path, "The night export", draft)
    assert path.name == "the-night-export.toml"
    (kept,) = load_stories(tmp_path).stories
    assert kept.title == "The night export"
    assert kept.action == BEFORE + RESULT
    assert [(each.session, each.turn) for each in kept.told] == [(NAME, 3)]


def test_an_answer_is_kept_once_whichever_try_of_it_is_named(tmp_path: Path, folder: Path) -> None:
    keep(folder, 2, tmp_path, None, draft)
    with pytest.raises(UsageError, match="the-parking-export"):
        keep(folder, 1, tmp_path, None, draft)
    keep(folder, 3, tmp_path, None, draft)
    assert [each.name for each in load_stories(tmp_path).stories] == [
        "the-parking-export",
        "the-parking-export-2",
    ]


def test_a_turn_that_is_not_there_is_named_with_those_that_are(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(UsageError, match="no turn 9") as fault:
        keep(folder, 9, tmp_path, None, draft)
    assert "1, 2, 3" in str(fault.value.hint)


@pytest.mark.slow
def test_the_real_draft_has_the_parts_of_what_was_told(tmp_path: Path, folder: Path) -> None:
    keep(folder, 1, tmp_path)
    (kept,) = load_stories(tmp_path).stories
    assert "profiled" in kept.action
    assert "38 minutes" in kept.result
    assert "Marek" in kept.people


def test_the_command_keeps_an_answer_and_prints_its_file(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping_stories, "_drafted", draft)
    where = ["--data", str(tmp_path), "--recordings", str(folder.parent)]
    done = CliRunner().invoke(keep_command, [NAME, "3", "--title", "The night export", *where])
    assert done.exit_code == 0
    assert Path(done.stdout.strip()) == stories_folder(tmp_path) / "the-night-export.toml"
