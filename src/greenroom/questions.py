"""The question banks: finding them, loading them, and choosing the questions of an interview."""

from __future__ import annotations

import random
import shlex
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from greenroom.errors import BadInputError, UsageError
from greenroom.question_check import NO_SUCH_FILE, Fault, QuestionBank, nearest, quoted, read_bank, unknown
from greenroom.records import LEVELS, SIGNALS, Question

__all__ = [
    "Fault",
    "QuestionBank",
    "bank_data",
    "banks_folder",
    "check_bank",
    "choose",
    "fault_data",
    "find_question",
    "load_banks",
    "question_data",
    "shipped_banks",
]

_MOST_DETAILS = 20  # lines of faults that one error shows; `greenroom questions check` shows all


def banks_folder() -> Path:
    """The folder of the banks that come with greenroom: inside an installed package, else the checkout's."""
    package = Path(__file__).resolve().parent
    installed = package / "question_banks"
    if installed.is_dir():  # first, so that a checkout around a virtual environment is not taken for ours
        return installed
    for folder in package.parents:
        if (folder / "question_banks").is_dir() and (folder / "pyproject.toml").is_file():
            return folder / "question_banks"
    return installed


def shipped_banks() -> dict[str, Path]:
    """The banks that come with greenroom, name to file, in the order of their names."""
    return {path.stem: path for path in sorted(banks_folder().glob("*.toml"))}


def check_bank(path: Path) -> tuple[Fault, ...]:
    """Every fault of a bank's file, () if it is sound. Never raises."""
    return read_bank(path)[1]


def load_banks(names: Sequence[str] = ()) -> tuple[QuestionBank, ...]:
    """The banks with these names, in this order; a bank that is named twice comes once.

    Args:
        names: names of shipped banks or paths of .toml files; () for all that are shipped.

    Raises:
        UsageError: there is no bank of that name.
        BadInputError: a file with faults, or two files that share a bank's name or a question's id.
    """
    shipped = shipped_banks()
    paths = {path.absolute(): path for path in (_locate(name, shipped) for name in names or shipped)}
    banks = tuple(_load(path) for path in paths.values())
    if not banks:
        raise BadInputError("this installation has no question banks", "install greenroom again")
    _check_collisions(banks)
    return banks


def choose(
    banks: Sequence[QuestionBank],
    *,
    count: int,
    seed: int | None = None,
    level: str | None = None,
    focus: str | None = None,
) -> tuple[Question, ...]:
    """Questions for an interview, none twice, drawn evenly from the banks, in the order to ask them.

    Where one of several banks holds only introductions, its questions come first, as in a real interview.

    Args:
        count: how many, at least 1; fewer come back where fewer match.
        seed: the same seed chooses the same questions; None chooses anew each time.
        level: one of LEVELS: only questions for that level or for "any".
        focus: one of SIGNALS: only questions that probe it.

    Raises:
        UsageError: an unknown level or signal, a count below 1, or no question that matches.
    """
    _check_wishes(count, level, focus)
    rng = random.Random(seed)
    pools = [(bank, _matching(bank, level, focus)) for bank in banks]
    decks = [(_is_opening(bank), rng.sample(pool, len(pool))) for bank, pool in pools if pool]
    if not decks:
        raise _none_match(banks, level, focus)
    return tuple(_deal(decks, count, rng))


def find_question(banks: Sequence[QuestionBank], id: str) -> Question:
    """The question with that id. UsageError if no bank has it."""
    by_id = {question.id: question for bank in banks for question in bank.questions}
    if id in by_id:
        return by_id[id]
    near = nearest(id, by_id)
    hint = f"greenroom questions show {near}" if near else "greenroom questions list"
    raise UsageError(f"there is no question with the id {quoted(id)}", hint)


def question_data(question: Question) -> dict[str, Any]:
    """A question as plain data for JSON and tables."""
    return {**asdict(question), "signals": list(question.signals)}


def bank_data(bank: QuestionBank) -> dict[str, Any]:
    """A bank and its questions as plain data for JSON and tables."""
    questions = [question_data(question) for question in bank.questions]
    head = {"name": bank.name, "title": bank.title, "description": bank.description}
    return {**head, "path": str(bank.path), "count": len(questions), "questions": questions}


def fault_data(fault: Fault) -> dict[str, str]:
    """A fault as plain data for JSON, with its one line as `line`."""
    return {**asdict(fault), "line": str(fault)}


def _locate(name: str, shipped: dict[str, Path]) -> Path:
    if name in shipped:
        return shipped[name]
    path = Path(name)
    if path.suffix.lower() == ".toml" or len(path.parts) > 1:
        return path
    near = nearest(name, shipped)
    message = f"there is no question bank {quoted(name)}; the banks are {', '.join(shipped)}"
    raise UsageError(message, f"--bank {near}" if near else "one of these names, or the path of a .toml file")


def _load(path: Path) -> QuestionBank:
    bank, faults = read_bank(path)
    if bank is not None:
        return bank
    details = [str(fault) for fault in faults[1 : _MOST_DETAILS + 1]]
    if hidden := len(faults) - 1 - len(details):
        details.append(f"and {hidden} more")
    missing = faults[0].message == NO_SUCH_FILE
    hint = "greenroom questions list" if missing else f"greenroom questions check {shlex.quote(str(path))}"
    raise BadInputError(str(faults[0]), hint, details=tuple(details))


def _check_collisions(banks: Sequence[QuestionBank]) -> None:
    names: dict[str, QuestionBank] = {}
    ids: dict[str, QuestionBank] = {}
    for bank in banks:
        if (other := names.setdefault(bank.name, bank)) is not bank:
            raise _collision("the bank name", bank.name, other, bank)
        for question in bank.questions:
            if (other := ids.setdefault(question.id, bank)) is not bank:
                raise _collision("the question id", question.id, other, bank)


def _collision(what: str, word: str, one: QuestionBank, other: QuestionBank) -> BadInputError:
    message = f"two banks have {what} {quoted(word)}: {one.path} and {other.path}"
    return BadInputError(message, f"change it in {other.path}, or use one of the two banks")


def _check_wishes(count: int, level: str | None, focus: str | None) -> None:
    if count < 1:
        raise UsageError(f"an interview needs at least 1 question, not {count}", "--questions 5")
    if level is not None and level not in LEVELS:
        raise UsageError(unknown("level", level, LEVELS), f"--level {nearest(level, LEVELS) or 'mid'}")
    if focus is not None and focus not in SIGNALS:
        message = f"unknown signal {quoted(focus)}; the signals are {', '.join(SIGNALS)}"
        raise UsageError(message, f"--focus {nearest(focus, SIGNALS) or 'ownership'}")


def _matching(bank: QuestionBank, level: str | None, focus: str | None) -> list[Question]:
    return [
        question
        for question in bank.questions
        if (level is None or question.level in (level, "any"))
        and (focus is None or focus in question.signals)
    ]


def _none_match(banks: Sequence[QuestionBank], level: str | None, focus: str | None) -> UsageError:
    wishes = [f"level {level}" if level else "", f"focus {focus}" if focus else ""]
    names = ", ".join(bank.name for bank in banks)
    message = f"no question in {names or 'no bank'} has {' and '.join(filter(None, wishes))}"
    return UsageError(message, "leave out --level or --focus, or add another --bank")


def _is_opening(bank: QuestionBank) -> bool:
    return all(question.kind == "intro" for question in bank.questions)


def _deal(decks: list[tuple[bool, list[Question]]], count: int, rng: random.Random) -> list[Question]:
    """One question from each shuffled deck in turn, the banks in a new order each round."""
    openers: list[Question] = []
    others: list[Question] = []
    several = len(decks) > 1
    left = [deck for deck in decks if deck[1]]
    while left and len(openers) + len(others) < count:
        rng.shuffle(left)
        if not openers and not others:
            left.sort(key=lambda deck: not deck[0])  # stable: an opening bank first, the rest as shuffled
        for opening, deck in left[: count - len(openers) - len(others)]:
            (openers if opening and several else others).append(deck.pop())
        left = [deck for deck in left if deck[1]]
    return openers + others
