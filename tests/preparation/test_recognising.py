"""Which known story an answer tells, and where that is written down."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_turns import made_turn

from greenroom.errors import UserError
from greenroom.preparation.angles.angles import angle_question
from greenroom.preparation.places import stories_folder
from greenroom.preparation.recognition.recognising import note_tellings, recognise, recognise_text
from greenroom.preparation.recognition.story_words import sound, stem
from greenroom.preparation.stories.stories import Story
from greenroom.preparation.stories.story_files import load_stories, save_story
from greenroom.preparation.telling.spoken_numbers import amounts
from greenroom.records import Delivery, Session, Transcript, Turn

MADE = Path(__file__).parents[1] / "data" / "stories_told" / "recognition.jsonl"

EXPORT = Story(
    "late-tickets",
    "The parking meter export",
    situation="Every night our parking product exported the tickets to the city, and it took seven hours.",
    task="I had to bring it under two hours before the contract review.",
    action="I profiled it and wrote batches of 500 through COPY into Postgres. Marek checked the totals.",
    result="It runs in 38 minutes and failed 40 % less often.",
    numbers=("38 minutes", "40 %"),
    people=("Marek",),
    technologies=("Postgres",),
)
SEARCH = Story(
    "search-move",
    "Leaving the old search",
    situation="Only Henrik understood our old Solr, and he was retiring.",
    task="I wanted to replace it before he left.",
    action="I wrote down all 63 ranking rules with Henrik and moved 22 of them to OpenSearch.",
    result="Searches without a result fell from 9 % to 4 %.",
    people=("Henrik",),
    technologies=("Solr", "OpenSearch"),
)
TOLD_EXPORT = "The parking tickets went to the city each night, and Marek and I wrote batches through COPY."
TOLD_SEARCH = "Henrik retired, so we went through the ranking rules of Solr and moved them to OpenSearch."
TOLD_NONE = "I was late for my first day because of the train, and I learned to leave the house earlier."


def told(text: str, number: int = 1, **more: Any) -> Turn:
    words = Delivery(words=len(text.split()))
    return made_turn(number, transcript=Transcript(text), delivery=words, **{"recording": None, **more})


def session(*turns: Turn) -> Session:
    return Session(id="2026-11-22T10-00-00-behavioural", started_at="2026-11-22T10:00:00+00:00", turns=turns)


def stories_of(trade: str) -> tuple[Story, ...]:
    fields = [each for each in lines() if each["kind"] == "story" and each["trade"] == trade]
    return tuple(
        Story(**{k: tuple(v) if isinstance(v, list) else v for k, v in each.items() if k in Story.__slots__})
        for each in fields
    )


def lines() -> Iterator[dict[str, Any]]:
    for line in MADE.read_text("utf-8").splitlines():
        yield json.loads(line)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("forty percent", [(40, True)]),
        ("40 %", [(40, True)]),
        ("40% less", [(40, True)]),
        ("six point five per cent", [(6.5, True)]),
        ("five and a half", [(5.5, False)]),
        ("three and a half million", [(3_500_000, False)]),
        ("2.6 million", [(2_600_000, False)]),
        ("two point six million", [(2_600_000, False)]),
        ("a hundred and forty", [(140, False)]),
        ("1,140", [(1140, False)]),
        ("$38k", [(38_000, False)]),
        ("340ms", [(340, False)]),
        ("from nine to four percent", [(9, False), (4, True)]),
        ("two three", [(2, False), (3, False)]),
        ("ninety two out of one hundred", [(92, False), (100, False)]),
        ("and a half point hundreds p95 s3 first", []),
    ],
)
def test_numbers_are_read_by_value(text: str, values: list[tuple[float, bool]]) -> None:
    assert [(each.value, each.percent) for each in amounts(text.split())] == values


_TO_NINETEEN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen"
)
_BY_TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety"
_ONES, _TENS = _TO_NINETEEN.split(), _BY_TENS.split()


def spelled(value: int, joint: str, linked: str) -> str:
    """The number in words, as people say it: with or without "and", with or without a hyphen."""
    for size, name in ((10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if value >= size:
            rest = value % size
            head = f"{spelled(value // size, joint, linked)} {name}"
            if not rest:
                return head
            return f"{head} {joint if rest < 100 else ''} {spelled(rest, joint, linked)}"
    if value >= 20 and value % 10:
        return f"{_TENS[value // 10]}{linked}{_ONES[value % 10]}"
    return _TENS[value // 10] if value >= 20 else _ONES[value]


@given(st.integers(0, 10**9 - 1), st.sampled_from(["", "and"]), st.sampled_from([" ", "-"]))
def test_every_whole_number_in_words_is_read_as_itself(value: int, joint: str, linked: str) -> None:
    words = spelled(value, joint, linked).split()
    assert [(each.value, each.first, each.last) for each in amounts(words)] == [(value, 0, len(words) - 1)]


@given(
    st.lists(st.sampled_from([*_ONES, "twenty", "hundred", "million", "and", "a", "half", "point", "%", "x"]))
)
def test_any_run_of_number_words_is_read_without_a_fault(words: list[str]) -> None:
    found = list(amounts(words))
    assert all(0 <= each.first <= each.last < len(words) for each in found)
    assert all(one.last < two.first for one, two in pairwise(found))


@pytest.mark.parametrize(
    ("one", "other"),
    [("annika", "annica"), ("marek", "merrick"), ("tomasz", "thomas"), ("solr", "solar"),
     ("postgres", "postgrass"), ("achterberg", "achterburg"), ("kafka", "cafca")],
)  # fmt: skip
def test_names_that_whisper_spells_otherwise_sound_alike(one: str, other: str) -> None:
    assert sound(one) == sound(other) != ""


def test_words_of_one_stem_are_the_same() -> None:
    assert stem("batches") == stem("batch") == stem("batched")
    assert stem("tickets") == stem("ticket's")
    assert stem("lucía") == stem("lucia"), "Whisper leaves accents out"
    assert stem("as")


def test_a_story_in_other_words_is_recognised_and_says_by_what() -> None:
    found = recognise(told(TOLD_EXPORT), (SEARCH, EXPORT))
    assert found is not None
    assert found.story == "late-tickets"
    assert "Marek" in found.shared
    assert recognise(told(TOLD_SEARCH), (SEARCH, EXPORT)).story == "search-move"  # type: ignore[union-attr]


def test_numbers_in_words_are_those_in_figures() -> None:
    answer = "It takes thirty-eight minutes and it fails forty percent less, with five hundred in a batch."
    found = recognise_text(answer, (SEARCH, EXPORT))
    assert found is not None
    assert set(found.shared) >= {"38", "40 %"}


def test_names_written_as_they_sound_are_enough() -> None:
    answer = (
        "um henric retired and it was all in solar so i wrote the ranking rules down and moved to open search"
    )
    found = recognise_text(answer, (EXPORT, SEARCH))
    assert found is not None
    assert found.story == "search-move"


@pytest.mark.parametrize("text", ["", "...", "Postgres.", TOLD_NONE, "My team had a problem and I fixed it."])
def test_nothing_is_recognised_in_what_anybody_may_say(text: str) -> None:
    assert recognise_text(text, (EXPORT, SEARCH)) is None


def test_between_two_stories_that_fit_as_well_nobody_decides() -> None:
    twin = replace(EXPORT, name="late-tickets-2")
    assert recognise_text(TOLD_EXPORT, (EXPORT, twin)) is None
    assert recognise_text(TOLD_EXPORT, ()) is None


def test_on_the_half_that_did_not_choose_the_threshold_what_is_recognised_is_right() -> None:
    stories = stories_of("ward")
    answers = [each for each in lines() if each["trade"] == "ward" and each["kind"] != "story"]
    found = [(each.get("story"), recognise_text(each["text"], stories)) for each in answers]
    recognised = [(story, best.story) for story, best in found if best is not None]
    right = sum(story == best for story, best in recognised)
    assert len([story for story, _ in found if story]) == 28
    assert right / len(recognised) >= 0.95
    assert right / 28 >= 0.9


def test_it_takes_milliseconds() -> None:
    stories = (*stories_of("ward"), *stories_of("backend"))
    answers = [each["text"] for each in lines() if each["kind"] == "retelling"]
    recognise_text(answers[0], stories)  # reads the word lists and the stories
    began = time.process_time()
    for answer in answers:
        recognise_text(answer, stories)
    assert (time.process_time() - began) / len(answers) < 0.02  # about 2 ms; room for a slow machine


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for story in (EXPORT, SEARCH):
        save_story(tmp_path, story)
    return tmp_path


def tellings(data: Path) -> dict[str, list[tuple[int, str]]]:
    return {
        story.name: [(each.turn, each.angle) for each in story.told] for story in load_stories(data).stories
    }


def test_tellings_are_written_into_the_files_once(data: Path) -> None:
    held = session(told(TOLD_EXPORT), told(TOLD_NONE, 2), told(TOLD_SEARCH, 3))
    found = note_tellings(held, held.id, data)
    assert [each.story for each in found] == ["late-tickets", "search-move"]
    assert tellings(data) == {"late-tickets": [(1, "")], "search-move": [(3, "")]}
    (noted,) = next(each for each in load_stories(data).stories if each.name == "late-tickets").told
    assert (noted.session, noted.at) == (held.id, held.started_at)
    assert note_tellings(held, held.id, data) == ()
    assert tellings(data) == {"late-tickets": [(1, "")], "search-move": [(3, "")]}


def test_the_same_story_in_another_session_counts_again(data: Path) -> None:
    held = session(told(TOLD_EXPORT))
    note_tellings(held, "one", data)
    note_tellings(held, "two", data)
    assert tellings(data)["late-tickets"] == [(1, ""), (1, "")]


def test_a_question_answered_again_or_followed_up_is_one_telling(data: Path) -> None:
    held = session(
        told(TOLD_NONE),
        told(TOLD_EXPORT, 2, retry_of=1),
        told(TOLD_EXPORT, 3, retry_of=2),
        told(TOLD_EXPORT, 4, follow_up_to=3),
        told(TOLD_SEARCH, 5, follow_up_to=3),
    )
    note_tellings(held, held.id, data)
    assert tellings(data) == {"late-tickets": [(1, "")], "search-move": [(1, "")]}


def test_what_a_question_asked_for_from_an_angle_is_told_from_it(data: Path) -> None:
    held = session(
        told(TOLD_EXPORT, asked=angle_question(EXPORT, "business")),
        told(TOLD_EXPORT, 2, asked=angle_question(EXPORT, "technical")),
        told(TOLD_SEARCH, 3, asked=angle_question(EXPORT, "leadership")),
    )
    note_tellings(held, held.id, data)
    assert tellings(data) == {
        "late-tickets": [(1, "business"), (2, "technical")],
        "search-move": [(3, "")],  # another story than was asked for
    }


def test_the_story_that_was_asked_for_counts_even_where_nobody_would_recognise_it(data: Path) -> None:
    unlike = "The wardens lost two thousand a day, and in the end everybody was glad that it was over."
    held = session(told(unlike), told("Pass.", 2), told(unlike, 3, asked=angle_question(SEARCH, "business")))
    note_tellings(held, held.id, data, "business", known="late-tickets")
    assert tellings(data) == {"late-tickets": [(1, "business")], "search-move": [(3, "business")]}


def test_a_story_asked_for_that_is_not_there_any_more_is_passed_over(data: Path) -> None:
    held = session(told(TOLD_NONE, asked=angle_question(replace(EXPORT, name="gone"), "business")))
    assert note_tellings(held, held.id, data, known="gone-too") == ()


def test_a_file_that_cannot_be_written_keeps_no_other_from_it(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from greenroom.preparation.stories import story_files

    real = story_files.note_told

    def note_told(folder: Path, name: str, each: Any) -> None:
        if name == "late-tickets":
            raise UserError("the disk is full")
        real(folder, name, each)

    monkeypatch.setattr(story_files, "note_told", note_told)
    held = session(told(TOLD_EXPORT), told(TOLD_SEARCH, 2))
    with pytest.raises(UserError, match="disk is full"):
        note_tellings(held, held.id, data)
    assert tellings(data) == {"late-tickets": [], "search-move": [(2, "")]}


def test_a_faulty_file_spoils_nothing(data: Path) -> None:
    (stories_folder(data) / "broken.toml").write_text("title = ")
    held = session(told(TOLD_EXPORT))
    assert [each.story for each in note_tellings(held, held.id, data)] == ["late-tickets"]
