"""One story asked for from one side, and whether its answer shows that side."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Protocol

import msgspec

from greenroom.preparation.stories.stories import ANGLES, Story
from greenroom.records import OWN_BANKS, Answer, Question, Span

if TYPE_CHECKING:
    from greenroom.analysis.lexicon import PhraseFinder
    from greenroom.analysis.parse import Parser
    from greenroom.analysis.query import Query
    from greenroom.analysis.reading import Clause, Reading, Token
    from greenroom.records import Transcript

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

BANK, _ = OWN_BANKS
"""Bank of the questions that ask for a story of the person's own."""

_LONGEST_QUOTE = 9
"""Words of a quote inside a sentence; with more nobody would still hear the sentence around it."""


_OBJECTS = ("dobj", "dative", "nsubj", "appos")
_TOWARDS = frozenset({"to", "with"})
"""Where in a clause the other person may stand; as a subject only of what somebody let or made them do."""

_OTHERS = frozenset({"him", "her", "them", "both", "everyone", "everybody"})
_NOBODY = frozenset(
    {"company", "firm", "business", "organisation", "organization", "agency", "they", "he", "she", "it"}
)
"""Of the words for groups and people those that nobody speaks with, and pronouns as subjects."""


class Reader(Protocol):
    """Reads answers into clauses: analysis.Analyzer, or `AngleReader`."""

    def read(self, transcript: Transcript, question: Question | None = None) -> Reading: ...


@dataclass(frozen=True, slots=True)
class Shown:
    """One facet of an angle that an answer shows, in words ("how it worked"), and where it shows most."""

    id: str
    words: str
    quote: Span


@dataclass(frozen=True, slots=True)
class AngleJudgement:
    """Whether an answer told its story from the side that was asked for.

    Attributes:
        angle: one of stories.ANGLES.
        missing: what could be added, in words ("who was against it, and what they feared").
        sentence: one sentence to be said: what met the angle, or what to add.
    """

    angle: str
    met: bool
    shown: tuple[Shown, ...]
    missing: tuple[str, ...]
    sentence: str


class _Facet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    shown: str
    add: str
    threshold: float
    evidence: tuple[dict[str, object], ...]
    signal: str = ""
    bonus: float = 0.0


class _Angle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: str
    kind: str
    signals: tuple[str, ...]
    target_seconds: int
    about: str
    strong: str
    questions: tuple[str, ...]
    least: int
    needed: tuple[str, ...]
    met: tuple[str, ...]
    met_quote: tuple[str, ...]
    quoted: str
    missing: tuple[str, ...]
    nothing: tuple[str, ...]
    follow_ups: dict[str, str]
    facet: tuple[_Facet, ...]


@cache
def _data() -> tuple[dict[str, tuple[str, ...]], dict[str, _Angle]]:
    """The own tags, and each angle."""
    text = resources.files(__package__).joinpath("angles.toml").read_text("utf-8")
    data = tomllib.loads(text)
    return data["tags"], {angle: msgspec.convert(data[angle], _Angle) for angle in ANGLES}


def angle_question(story: Story, angle: str) -> Question:
    """The question that asks for a story from one side; told once more, it is asked in other words.

    Args:
        angle: one of stories.ANGLES.
    """
    its = _data()[1][angle]
    first = zlib.crc32(story.name.encode())
    text = its.questions[(first + len(story.told)) % len(its.questions)]
    return Question(
        id=f"{story.name}:{angle}",
        text=text.format(title=f"“{story.title.strip().rstrip('.')}”"),
        kind=its.kind,
        signals=its.signals,
        about=its.about,
        strong=its.strong,
        target_seconds=its.target_seconds,
        follow_ups=its.follow_ups,
        bank=BANK,
    )


def angle_asked(question: Question) -> tuple[str, str] | None:
    """The story's name and the angle that a question of `angle_question`, or a follow-up to it, asks for."""
    name, _, angle = (question.follows or question.id).rpartition(":")
    return (name, angle) if question.bank == BANK and angle in ANGLES and name else None


class AngleReader:
    """Reads an answer as `judge_angle` needs it, without the learned scorer.

    The first answer that it reads loads the parser, which takes a second.
    """

    def __init__(self) -> None:
        self._parser: Parser | None = None

    def read(self, transcript: Transcript, question: Question | None = None) -> Reading:  # noqa: ARG002
        """The clauses of an answer; the question has no say in them."""
        from greenroom.analysis.parse import Parser
        from greenroom.analysis.story import with_parts
        from greenroom.analysis.words import words_of

        self._parser = self._parser or Parser()
        return with_parts(self._parser.read(words_of(transcript)))


def judge_angle(answer: Answer, angle: str, reader: Reader | Reading) -> AngleJudgement:
    """Whether the answer tells its story from the side of `angle`, one of stories.ANGLES.

    Args:
        reader: what reads the answer, or its reading.
    """
    from greenroom.analysis.quoting import quote
    from greenroom.analysis.reading import Reading

    its = _data()[1][angle]
    reading = reader if isinstance(reader, Reading) else reader.read(answer.transcript)
    reading = _tagged(reading)
    sent = {signal.id for signal in answer.signals}
    shown: list[Shown] = []
    missing: list[_Facet] = []
    for facet in its.facet:
        found = sorted(_found(reading, facet.id, angle), key=lambda each: (-each[1], each[0].first))
        weight = sum(each[1] for each in found) + (facet.bonus if facet.signal in sent else 0.0)
        if found and weight >= facet.threshold:
            shown.append(Shown(facet.id, facet.shown, quote(reading, found[0][0])))
        else:
            missing.append(facet)
    ids = {each.id for each in shown}
    met = len(shown) >= its.least and ids.issuperset(its.needed)
    return AngleJudgement(
        angle,
        met,
        tuple(shown),
        tuple(facet.add for facet in missing),
        _sentence(its, shown, missing, answer.transcript.text, met=met),
    )


def _sentence(its: _Angle, shown: Sequence[Shown], missing: Sequence[_Facet], text: str, *, met: bool) -> str:
    turn = zlib.crc32(text.encode())  # the same answer is told the same, and another one something else
    if met:
        quoted = _said_back(shown, its.quoted)
        ways = (*its.met, *(its.met_quote if quoted else ()))
        return ways[turn % len(ways)].format(quote=quoted)
    needed = [facet for facet in missing if facet.id in its.needed] or list(missing)
    ways = its.missing if shown else its.nothing
    heard = shown[0].words if shown else ""
    return ways[turn % len(ways)].format(heard=heard, add=needed[0].add)


def _said_back(shown: Sequence[Shown], facet: str) -> str:
    """The words that show a facet as they are said back, "" where they do not stand by themselves."""
    from greenroom.coaching.quotes import is_sayable, quotable

    quotes = [quotable(each.quote.text, _LONGEST_QUOTE) for each in shown if each.id == facet]
    return quotes[0] if quotes and is_sayable(quotes[0]) else ""


@cache
def _queries(angle: str, facet: str) -> tuple[Query, ...]:
    from greenroom.analysis.query import Query

    its = next(each for each in _data()[1][angle].facet if each.id == facet)
    return tuple(msgspec.convert(evidence, Query) for evidence in its.evidence)


def _found(reading: Reading, facet: str, angle: str) -> Iterator[tuple[Clause, float]]:
    from greenroom.analysis.query import found

    return found(reading, _queries(angle, facet))


def _tagged(reading: Reading) -> Reading:
    """With the own tags on its clauses, and those that the parse alone tells.

    "named": the subject is a name; "to_others": something done to, or said to, another person; "after": it
    comes after the first of these.
    """
    tokens = reading.tokens
    tags: dict[int, set[str]] = {}
    for tag, first, _ in _finder().find([token.form for token in tokens], [token.lemma for token in tokens]):
        tags.setdefault(tokens[first].word, set()).add(tag)
    technical = {hit.first_word for hit in reading.hits if hit.tag == "technical"}
    for token in tokens:
        name = token.kind == "PROPN" and token.word not in technical
        if name and token.role == "nsubj":
            tags.setdefault(token.word, set()).add("named")
        if _is_object(token, tokens) and (name or token.form in _OTHERS or token.lemma in _people()):
            tags.setdefault(token.word, set()).add("to_others")
    clauses = [_with_tags(clause, tags) for clause in reading.clauses]
    begun = next((n for n, clause in enumerate(clauses) if _moves(clause)), len(clauses))
    late = [replace(clause, tags=clause.tags | {"after"}) for clause in clauses[begun + 1 :]]
    return reading.with_clauses((*clauses[: begun + 1], *late))


def _is_object(token: Token, tokens: Sequence[Token]) -> bool:
    """Whether it stands where somebody stands to whom something is done or said."""
    return token.role in _OBJECTS or (token.role == "pobj" and tokens[token.head].form in _TOWARDS)


def _moves(clause: Clause) -> bool:
    return clause.subject in ("i", "we") and not clause.tags.isdisjoint(("to_others", "move"))


@cache
def _finder() -> PhraseFinder:
    from greenroom.analysis.lexicon import PhraseFinder

    return PhraseFinder(_data()[0], str.split)


@cache
def _people() -> frozenset[str]:
    """What other people are called, in dictionary form."""
    from greenroom.analysis.lexicon import read_toml

    subjects = read_toml("lexicons", "people.toml")["subjects"]
    people = (*subjects["they"], *subjects["team"], *read_toml("lexicons", "facts.toml")["people"])
    return frozenset(people) - _NOBODY


def _with_tags(clause: Clause, tags: Mapping[int, set[str]]) -> Clause:
    own = frozenset(tag for word in clause.words for tag in tags.get(word, ()))
    return replace(clause, tags=clause.tags | own) if own else clause
