"""The private bank: questions that were asked in real interviews, each once, ready to be practised."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path

import tomlkit

from greenroom.analysis.asked import asks_for
from greenroom.errors import BadInputError
from greenroom.preparation.places import private_bank, replace_file
from greenroom.question_check import MOST_SIGNALS, read_bank
from greenroom.questions import load_banks
from greenroom.records import OWN_BANKS, Question
from greenroom.slugs import slug

_, BANK_NAME = OWN_BANKS
"""The bank's name, and what `--bank` may call it."""

SAME = 0.74
"""Share of the words that carry two questions from which on they are one. (Judgement, held by the pairs of
tests/preparation/test_asked_bank.py: "three of four" is the same question, "two of three" another.)"""

NEAR = 0.6
"""Cosine of two questions from which on the shipped one's hint fits the other, too. (Judgement; below it the
nearest one's subject is mostly another.)"""

_HEAD = """\
Questions that you were asked in real interviews; `greenroom debrief` adds to them.
Change them as you like: docs/banks.md describes the format."""
_TITLE = "Asked of me"
_DESCRIPTION = "What real interviews asked you."
_ID_WORDS = 5
_ASKED_AS = {"self": "intro", "would": "situational", "practice": "situational", "knowledge": "technical"}
"""Kinds by how a question is put, where its words say nothing."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of questions that were to join the bank.

    Attributes:
        questions: those that are new in it, as they stand there.
        known: texts that it had already, in these or in other words.
    """

    path: Path
    questions: tuple[Question, ...]
    known: tuple[str, ...]


def add_questions(data: Path, texts: Iterable[str]) -> Added:
    """Put questions into the private bank, but for those that it has; what is there already stays as it is.

    Raises:
        BadInputError: the bank has faults, so nothing is changed in it.
    """
    path = private_bank(data)
    there = list(asked_questions(data))
    new: list[Question] = []
    known: list[str] = []
    for text in (_as_question(text) for text in texts):
        if not text:
            continue
        if any(is_same(text, other.text) for other in there):
            known.append(text)
            continue
        question = guessed(text, {each.id for each in there})
        there.append(question)
        new.append(question)
    if new:
        _append(path, new)
    return Added(path, tuple(new), tuple(known))


def asked_questions(data: Path) -> tuple[Question, ...]:
    """The questions of the private bank, () where there is none yet. BadInputError if it has faults."""
    path = private_bank(data)
    if not path.exists():
        return ()
    bank, faults = read_bank(path)
    if bank is None:
        raise BadInputError(
            str(faults[0]),
            f"mend {path.name}; what it was before lies in .earlier beside it",
            details=tuple(map(str, faults[1:])),
        )
    return bank.questions


def guessed(text: str, taken: Iterable[str] = ()) -> Question:
    """A question with what can be guessed of it: from a shipped one that is near, else from its words.

    Args:
        taken: ids that are not free.
    """
    # "technical" is the kind that lets a question ask for knowledge at all.
    asks = asks_for(Question(id="", text=text, kind="technical"))
    near, similarity = _nearest(text)
    kinds, signals = _cued(text)
    cues = _cues()
    question = Question(
        id=_free_id(text, set(taken)),
        text=text,
        kind=kinds[0] if kinds else _ASKED_AS.get(asks, "behavioural"),
        signals=signals[:MOST_SIGNALS] or near.signals,
        about=cues.about[asks],
        bank=BANK_NAME,
    )
    if similarity < NEAR:
        return question
    if similarity >= SAME:
        question = replace(question, follow_ups=near.follow_ups, deeper=near.deeper, strong=near.strong)
    return replace(
        question,
        kind=near.kind,
        signals=near.signals,
        about=near.about,
        target_seconds=near.target_seconds,
    )


def is_same(one: str, other: str) -> bool:
    """Whether two questions ask for the same thing, in whichever words."""
    mine, theirs = frozenset(_carrying(one)), frozenset(_carrying(other))
    if not mine or not theirs:
        return _plain(one) == _plain(other)
    return len(mine & theirs) / max(len(mine), len(theirs)) >= SAME


def _as_question(text: str) -> str:
    """As a bank holds it: on one line, without what only told that it was asked."""
    text = " ".join(text.split()).strip("\"“”' ")
    return text[:1].upper() + text[1:]


def _append(path: Path, questions: Sequence[Question]) -> None:
    if path.exists():
        document = tomlkit.parse(path.read_text(encoding="utf-8-sig"))
    else:
        document = tomlkit.document()
        for line in _HEAD.splitlines():
            document.add(tomlkit.comment(line))
        document.update({"name": BANK_NAME, "title": _TITLE, "description": _DESCRIPTION})
        document["question"] = tomlkit.aot()
    tables = document["question"]
    for question in questions:
        table = tomlkit.table()
        table.trivia.indent = "\n"
        for key in ("id", "text", "kind"):
            table[key] = getattr(question, key)
        table["signals"] = list(question.signals)
        table["about"] = question.about
        if question.strong:
            table["strong"] = question.strong
        table["target_seconds"] = question.target_seconds
        for key in ("follow_ups", "deeper"):
            if getattr(question, key):
                table[key] = dict(getattr(question, key))
        tables.append(table)
    replace_file(path, tomlkit.dumps(document))


def _free_id(text: str, taken: set[str]) -> str:
    words = list(dict.fromkeys(_plain(text).split()))
    carrying = [word for word in words if word not in _cues().frame] or words
    stem = slug(f"asked {' '.join(carrying[:_ID_WORDS])}")
    numbered = (stem if count == 1 else f"{stem}-{count}" for count in range(1, len(taken) + 2))
    return next(id for id in numbered if id not in taken)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


@lru_cache(maxsize=2000)
def _carrying(text: str) -> tuple[str, ...]:
    return tuple(_stem(word) for word in _plain(text).split() if word not in _cues().frame)


def _stem(word: str) -> str:
    """Cuts what makes one word look like two: failed, failing, failure; customers, customer."""
    for ending in _cues().endings:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return _stem(word.removesuffix(ending))
    return word


@cache
def _shipped() -> tuple[tuple[tuple[Question, Mapping[str, float]], ...], Mapping[str, float]]:
    """Every shipped question with its words' weights, and how much each word tells."""
    questions = [question for bank in load_banks() for question in bank.questions]
    bags = [Counter(_carrying(f"{each.text} {each.text} {each.about} {each.strong}")) for each in questions]
    in_how_many = Counter(word for bag in bags for word in bag)
    tells = {word: math.log(len(bags) / count) for word, count in in_how_many.items()}
    pairs = zip(questions, (_weighted(bag, tells) for bag in bags), strict=True)
    return tuple(pairs), tells


def _nearest(text: str) -> tuple[Question, float]:
    """The nearest shipped question and its cosine (0 to 1; 1 where it is the same)."""
    shipped, tells = _shipped()
    wanted = _weighted(Counter(_carrying(text)), tells)
    ranked = (
        (question, 1.0 if is_same(text, question.text) else _product(wanted, weights))
        for question, weights in shipped
    )
    return max(ranked, key=lambda pair: pair[1])


def _cued(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Kinds and signals that the question's words speak for, the surest first."""
    plain = text.lower().replace("’", "'")
    cues = _cues()
    return (
        tuple(kind for kind, words in cues.kinds if words.search(plain)),
        tuple(signal for signal, words in cues.signals if words.search(plain)),
    )


@dataclass(frozen=True, slots=True)
class _Cues:
    kinds: tuple[tuple[str, re.Pattern[str]], ...]
    signals: tuple[tuple[str, re.Pattern[str]], ...]
    about: Mapping[str, str]
    frame: frozenset[str]
    endings: tuple[str, ...]


@cache
def _cues() -> _Cues:
    file = resources.files(__package__).joinpath("asked_cues.toml")
    content = tomlkit.parse(file.read_text("utf-8")).unwrap()
    return _Cues(
        tuple((each["id"], re.compile(each["words"])) for each in content["kind"]),
        tuple((each["id"], re.compile(each["words"])) for each in content["signal"]),
        content["about"],
        frozenset(content["words"]["frame"].split()),
        tuple(content["words"]["endings"].split()),
    )


def _weighted(bag: Mapping[str, int], tells: Mapping[str, float]) -> Mapping[str, float]:
    weights = {word: (1 + math.log(count)) * tells[word] for word, count in bag.items() if word in tells}
    length = math.sqrt(sum(weight**2 for weight in weights.values()))
    return {word: weight / length for word, weight in weights.items()} if length else {}


def _product(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return sum(weight * other.get(word, 0.0) for word, weight in one.items())
