"""From what was told to a story in draft."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenroom.analysis import Analyzer, transcript_of
from greenroom.analysis.reading import Clause, Reading
from greenroom.preparation.stories.stories import Story
from greenroom.preparation.telling.drafting import Piece, cleaned, draft_of, drafted, spoken_title
from greenroom.preparation.telling.entities import Entities, EntityReader, together
from greenroom.records import (
    PARTS,
    Answer,
    Delivery,
    Disfluency,
    Feedback,
    Filler,
    Question,
    StoryPart,
    Word,
    bare,
    findings_of,
)

INVOICES = (
    "Last March our billing service was losing invoices. I was asked to find out why. So, um, I put a, I put "
    "a trace on every step, and I found a race between Kafka and the Postgres writer. Then I rewrote the "
    "writer with Dana from finance. After that the losses fell from forty a week to zero, and it saved us "
    "12,000 euros a month."
)
SAID = ("we", "moved", "it,", "um,", "and.", "then?", "fast;", "so")


class NothingNamed:
    """A reader of entities that knows sentences only."""

    def read(self, words: tuple[Word, ...]) -> Reading:
        return Reading(tuple(words), ())

    def entities(self, reading: Reading) -> Entities:
        return Entities()


def told(
    text: str, *parts: tuple[str, int, int], fillers: tuple[int, ...] = (), slips: tuple[int, ...] = ()
) -> Answer:
    """An answer; `parts` as (id, first word, last word), the others as words."""
    words = transcript_of(text).words
    delivery = Delivery(
        len(words),
        fillers=tuple(Filler(words[i].text, None, None, first_word=i) for i in fillers),
        disfluencies=tuple(Disfluency("cut_off", words[i].text, None, None, i, i) for i in slips),
    )
    return Answer(
        transcript=transcript_of(text),
        delivery=delivery,
        parts=tuple(StoryPart(id, None, None, "", first, last) for id, first, last in parts),
        feedback=Feedback(""),
    )


def draft(*pieces: Piece) -> Story:
    return drafted(pieces, NothingNamed(), title="A title")  # type: ignore[arg-type]


def without(text: str, *out: int) -> str:
    words = transcript_of(text).words
    return cleaned(words, 0, len(words) - 1, frozenset(out))


def test_the_commas_around_an_um_go_with_it() -> None:
    assert without("We had eight, um, servers, and they, you know, failed.", 3) == (
        "We had eight servers, and they, you know, failed."
    )


def test_the_first_word_that_is_left_begins_the_sentence() -> None:
    assert without("Um, so we moved it. Er, it held.", 0, 5) == "So we moved it. It held."


def test_the_end_of_a_sentence_stays_when_its_last_word_goes() -> None:
    assert without("We moved it, right? It held", 3) == "We moved it? It held."


def test_nothing_but_stumbles_is_nothing() -> None:
    assert without("Um, uh.", 0, 1) == ""


def test_who_tells_it_by_the_book_needs_no_label_in_the_file() -> None:
    assert without("Situation: the queue was full.") == "The queue was full."


@given(st.lists(st.sampled_from(SAID), max_size=12), st.data())
def test_no_word_is_invented_lost_or_moved(texts: list[str], data: st.DataObject) -> None:
    words = [Word(text) for text in texts]
    out = data.draw(st.frozensets(st.integers(0, max(0, len(words) - 1))))
    kept = [bare(word.text) for i, word in enumerate(words) if i not in out]
    assert [bare(word) for word in cleaned(words, 0, len(words) - 1, out).split()] == kept


@given(st.lists(st.sampled_from((*PARTS, "")), min_size=1, max_size=8))
def test_every_sentence_is_in_one_part_in_the_order_it_was_told(labels: list[str]) -> None:
    text = " ".join(f"Here was sentence number x{n}." for n in range(len(labels)))
    parts = [(part, 5 * n, 5 * n + 4) for n, part in enumerate(labels) if part]
    story = draft(Piece(told(text, *parts)))
    found = [word for part in PARTS for word in getattr(story, part).split() if word.startswith("x")]
    assert sorted(found, key=lambda word: int(word[1:-1])) == text.split()[4::5]
    for part in PARTS:
        numbers = [int(word[1:-1]) for word in getattr(story, part).split() if word.startswith("x")]
        assert numbers == sorted(numbers)


def test_a_clause_that_is_heard_as_the_scene_does_not_tear_the_action_apart() -> None:
    text = "The queue was full. I wrote a new reader for it. It was Tuesday then. I wrote a test. It held."
    parts = (
        ("situation", 0, 3),
        ("action", 4, 10),
        ("situation", 11, 14),
        ("action", 15, 18),
        ("result", 19, 20),
    )
    story = draft(Piece(told(text, *parts)))
    assert story.action == "I wrote a new reader for it. It was Tuesday then. I wrote a test."
    assert (story.situation, story.result) == ("The queue was full.", "It held.")


def test_a_part_that_was_heard_in_a_few_words_is_not_lost() -> None:
    class OneClause(NothingNamed):
        def read(self, words: tuple[Word, ...]) -> Reading:
            return Reading(tuple(words), (Clause((8, 9, 10), "it", "past", "hold"),))

    text = "I wrote a new reader for it, and it held well."
    answer = told(text, ("action", 0, 6), ("result", 8, 10))
    story = drafted([Piece(answer)], OneClause(), title="x")  # type: ignore[arg-type]
    assert (story.action, story.result) == ("I wrote a new reader for it.", "It held well.")


def test_a_story_that_was_written_down_without_marks_still_has_its_parts() -> None:
    text = (
        "last March our website was slow and customers left I was asked to find the reason I measured every "
        "page and I moved the pictures after that it was fast again"
    )
    parts = (("situation", 0, 8), ("task", 9, 15), ("action", 16, 24), ("result", 25, 30))
    story = draft(Piece(told(text, *parts)))
    assert story.situation == "Last March our website was slow and customers left."
    assert story.task == "I was asked to find the reason."
    assert story.action == "I measured every page and I moved the pictures."
    assert story.result == "After that it was fast again."


def test_the_question_decides_the_part_whatever_the_analysis_heard() -> None:
    story = draft(
        Piece(told("The queue was full.", ("action", 0, 3)), "situation"),
        Piece(told("Support could not work.", ("result", 0, 3)), "situation"),
        Piece(told("Ninety percent less.", ("situation", 0, 2)), "result"),
    )
    assert (story.situation, story.result) == (
        "The queue was full. Support could not work.",
        "Ninety percent less.",
    )
    assert story.missing == ("task", "action")


def test_what_was_to_be_done_is_told_apart_from_what_was_done() -> None:
    text = "I was asked to find the leak. I closed every file by hand."
    story = draft(Piece(told(text, ("task", 0, 6), ("action", 7, 12)), "action"))
    assert (story.task, story.action) == ("I was asked to find the leak.", "I closed every file by hand.")


def test_stumbles_are_left_out_by_what_the_delivery_marks() -> None:
    text = "So we, we, um, moved it."
    story = draft(Piece(told(text, fillers=(3,), slips=(1,)), "action"))
    assert story.action == "So we moved it."


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("The lost invoices.", "The lost invoices"),
        ("Let's call it the lost invoices.", "The lost invoices"),
        ("I'd call it “Friday the thirteenth”.", "Friday the thirteenth"),
        ("call it a day", "A day"),
        ("Calling home", "Calling home"),
    ],
)
def test_a_title_as_it_is_said(said: str, title: str) -> None:
    assert spoken_title(told(said)) == title


def test_what_is_named_twice_stands_there_once() -> None:
    both = together([Entities(people=("Dana",), numbers=("40 %",)), Entities(people=("dana", "Jo"))])
    assert both == Entities(numbers=("40 %",), people=("Dana", "Jo"))


@pytest.fixture(scope="module")
def reader() -> EntityReader:
    return EntityReader()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "named"),
    [
        (
            "Last March Kafka was slow, and Dana from finance told my manager.",
            Entities((), ("Dana", "my manager"), ("Last March",), ("Kafka",)),
        ),
        (
            "In 2023 I worked with Marcus on DynamoDB and GitHub Actions, and it took six weeks.",
            Entities(("six weeks",), ("Marcus",), ("2023",), ("DynamoDB", "GitHub Actions")),
        ),
        (
            "It was three out of eight, then 85 percent, and about 12,000 euros a month.",
            Entities(("three out of eight", "85 percent", "12,000 euros a month")),
        ),
        ("P95 latency was 900 ms, and after that 120 ms.", Entities(("900 ms", "120 ms"))),
        ("I go to work at eight, by week two I react.", Entities()),
        ("We wrote it in Go and React.", Entities(technologies=("Go", "React"))),
        ("On Black Friday, two years ago, it fell over.", Entities(dates=("Black Friday", "two years ago"))),
        ("We went to Lourdes.", Entities()),
    ],
)
def test_what_is_named(reader: EntityReader, text: str, named: Entities) -> None:
    assert reader.entities(reader.read(transcript_of(text).words)) == named


@pytest.mark.slow
def test_a_story_told_in_one_go(reader: EntityReader) -> None:
    transcript = transcript_of(INVOICES)
    question = Question("all", "Tell me the story as it comes.")
    answer = Answer(
        transcript=transcript,
        feedback=Feedback(""),
        **findings_of(Analyzer().analyze(transcript, question)),
    )
    story = draft_of(answer, reader)
    assert story.situation == "Last March our billing service was losing invoices."
    assert story.task == "I was asked to find out why."
    assert story.action == (
        "I put a trace on every step, and I found a race between Kafka and the Postgres writer. Then I "
        "rewrote the writer with Dana from finance."
    )
    assert story.result == (
        "After that the losses fell from forty a week to zero, and it saved us 12,000 euros a month."
    )
    assert story.numbers == ("forty a week", "zero", "12,000 euros a month")
    assert (story.people, story.dates) == (("Dana",), ("Last March",))
    assert story.technologies == ("Kafka", "Postgres")
    assert "writer" in story.title.lower()
