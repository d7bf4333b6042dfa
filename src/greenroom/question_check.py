"""Reads a file of questions and names every fault in it, so that a person can mend it in one go.

The checks are written by hand rather than left to a schema library: those stop at the first fault of an
entry, and a person who writes a bank wants all of them, each with its place and the nearest right word.
"""

from __future__ import annotations

import difflib
import re
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from greenroom.records import KINDS, LEVELS, OPENINGS, PATTERNS, SIGNALS, Question

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

MAX_BANK_BYTES = 2_000_000
"""A bank of this size would hold some two thousand questions; anything larger is another kind of file."""

TARGET_SECONDS = (10, 600)
"""Shortest and longest `target_seconds`: the answers of a live interview, with room on both sides."""

MOST_SIGNALS = 3
MOST_FAULTS = 1000
"""After so many the reading stops: it is another kind of file, and nobody mends a thousand faults at once."""

NO_SUCH_FILE = "there is no such file"
BANK_KEYS = ("name", "title", "description", "question")
QUESTION_KEYS = (
    "id",
    "text",
    "kind",
    "signals",
    "about",
    "strong",
    "level",
    "target_seconds",
    "follow_ups",
    "deeper",
)
_PLAIN_NAME = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")
_TYPE_NAMES = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "a table",
}
_SHOWN_LENGTH = 60  # characters of a person's own word that an error line repeats


@dataclass(frozen=True, slots=True)
class QuestionBank:
    """The questions of one file, in its order.

    Attributes:
        name: short name, also part of a session folder's name: small letters, digits, hyphens.
        path: the file it was read from.
    """

    name: str
    title: str
    description: str
    questions: tuple[Question, ...]
    path: Path


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a bank; `str()` gives it on one line.

    Attributes:
        file: the file as it was given.
        entry: the question, such as 'question 3 (id "saw-it-first")'; empty for the file as a whole.
        key: the key, such as "signals" or "follow_ups.no_outcome"; empty where it is not about one key.
    """

    file: str
    entry: str
    key: str
    message: str

    def __str__(self) -> str:
        places = (_plain(self.file), self.entry, f"key {quoted(self.key)}" if self.key else "")
        return ": ".join([*filter(None, places), self.message])


def read_bank(path: Path) -> tuple[QuestionBank | None, tuple[Fault, ...]]:
    """The bank in a file, or None and every fault that keeps it from being used. Raises nothing."""
    faults: list[Fault] = []
    try:
        bank = _read_document(_Table(_parse(_read_text(path)), faults, str(path)), path)
    except _UnreadableError as problem:
        return None, (*faults, Fault(str(path), "", "", str(problem)))
    return (None if faults else bank), tuple(faults)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that a misspelt one most probably means, or None."""
    plain = re.sub(r"[\s-]+", "_", word.strip().lower())[:_SHOWN_LENGTH]
    by_plain = {name.replace("-", "_"): name for name in known}
    # 0.6 is difflib's own cutoff: it forgives a missing half ("owner") and refuses another word ("speed").
    found = difflib.get_close_matches(plain, by_plain, n=1, cutoff=0.6)
    return by_plain[found[0]] if found else None


def quoted(word: str) -> str:
    """A person's own word in double quotes, short and safe to print in a terminal."""
    return f'"{_plain(word, _SHOWN_LENGTH)}"'


def unknown(what: str, word: str, known: Sequence[str]) -> str:
    """'unknown signal "owner": did you mean "ownership"?', or the known ones where none is near."""
    near = nearest(word, known)
    advice = f"did you mean {quoted(near)}?" if near else f"known are {', '.join(known)}"
    return f"unknown {what} {quoted(word)}: {advice}"


def _plain(text: str, limit: int | None = None) -> str:
    text = text if limit is None else text[: limit + 1]  # before it is escaped: a word may be megabytes long
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return shown if limit is None or len(shown) <= limit else shown[: limit - 1] + "…"


class _UnreadableError(Exception):
    """The file cannot be read, or no further; says why."""


def _read_text(path: Path) -> str:
    try:
        if not path.is_file():  # asked before opening: a pipe or a device would make us wait for ever
            raise _UnreadableError("not a file" if path.exists() else NO_SUCH_FILE)
        with path.open("rb") as stream:
            content = stream.read(MAX_BANK_BYTES + 1)
    except (OSError, ValueError) as problem:  # ValueError: a name with a zero byte
        raise _UnreadableError(f"cannot be read ({getattr(problem, 'strerror', None) or problem})") from None
    if len(content) > MAX_BANK_BYTES:
        raise _UnreadableError(f"larger than {MAX_BANK_BYTES // 1_000_000} MB, so hardly a question bank")
    return _decode(content)


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")  # Windows editors put a byte order mark first
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise _UnreadableError(f"not UTF-8 text (line {line})") from None


def _parse(text: str) -> dict[str, Any]:
    try:
        document: dict[str, Any] = tomllib.loads(text)
        return document
    except tomllib.TOMLDecodeError as problem:
        raise _UnreadableError(f"not valid TOML: {_plain(str(problem), 200)}") from None
    except RecursionError:
        raise _UnreadableError("not valid TOML: nested too deeply") from None
    except ValueError as problem:  # a number with thousands of digits
        raise _UnreadableError(f"not valid TOML: {_plain(str(problem), 200)}") from None


@dataclass(frozen=True)
class _Table:
    """One table of the file: hands out its values and notes every fault of theirs on the way.

    A value that is missing or wrong comes back as an empty one of the right type, so that the reading goes
    on to the next fault.
    """

    values: Mapping[str, Any]
    faults: list[Fault] = field(repr=False)
    file: str
    entry: str = ""

    def fault(self, key: str, message: str) -> None:
        if len(self.faults) >= MOST_FAULTS:
            raise _UnreadableError(f"read no further after {MOST_FAULTS} faults")
        self.faults.append(Fault(self.file, self.entry, key, message))

    def check_keys(self, known: Sequence[str]) -> None:
        for key in self.values:
            if key not in known:
                self.fault(key, unknown("key", key, known))

    def has(self, key: str, kind: type, message: str | None = None) -> bool:
        """Whether the key is there with a value of that type; a wrong type is noted, absence is not."""
        if key not in self.values:
            return False
        # type() and not isinstance(): true and false are whole numbers to Python, not to the person.
        if type(self.values[key]) is kind:
            return True
        given = _TYPE_NAMES.get(type(self.values[key]), "a date or a time")
        self.fault(key, message or f"must be {_TYPE_NAMES[kind]}, not {given}")
        return False

    def text(self, key: str, *, needed: bool = True) -> str:
        """Text on one line, without white space around it."""
        if key not in self.values and needed:
            self.fault(key, "is missing")
        if not self.has(key, str):
            return ""
        text = " ".join(self.values[key].split())
        if not text and needed:
            self.fault(key, "is empty")
        if any(unicodedata.category(c) == "Cc" for c in text):
            self.fault(key, "holds a control character")
        return text

    def plain_name(self, key: str) -> str:
        name = self.text(key)
        if name and not _PLAIN_NAME.fullmatch(name):
            self.fault(key, f"{quoted(name)} may hold only small letters, digits and hyphens between them")
        return name

    def one_of(self, key: str, what: str, known: Sequence[str]) -> str:
        word = self.text(key)
        if word and word not in known:
            self.fault(key, unknown(what, word, known))
        return word

    def signals(self) -> tuple[str, ...]:
        if "signals" not in self.values:
            self.fault("signals", "is missing")
        if not self.has("signals", list):
            return ()
        words = self.values["signals"]
        if not 1 <= len(words) <= MOST_SIGNALS:
            self.fault("signals", f"must name 1 to {MOST_SIGNALS} signals, not {len(words)}")
        for word in words:
            self._check_signal(word)
        strings = [word for word in words if isinstance(word, str)]
        for word in (
            sorted({word for word in strings if strings.count(word) > 1}) if len(words) <= 100 else ()
        ):
            self.fault("signals", f"names {quoted(word)} more than once")
        return tuple(strings)

    def _check_signal(self, word: object) -> None:
        if not isinstance(word, str):
            self.fault(
                "signals", f"must hold text only, not {_TYPE_NAMES.get(type(word), 'a date or a time')}"
            )
        elif word not in SIGNALS:
            self.fault("signals", unknown("signal", word, SIGNALS))

    def target_seconds(self) -> int:
        default = Question(id="", text="").target_seconds
        if not self.has("target_seconds", int):
            return default
        low, high = TARGET_SECONDS
        seconds: int = self.values["target_seconds"]
        if not low <= seconds <= high:
            self.fault("target_seconds", f"must be {low} to {high} seconds")
        return seconds

    def questions_by(self, key: str, what: str, known: Sequence[str]) -> dict[str, str]:
        """A table of questions to ask next, each under a name that is `known`."""
        if not self.has(key, dict, f"must be a table: write [question.{key}] below the question"):
            return {}
        named = {f"{key}.{name}": text for name, text in self.values[key].items()}
        table = _Table(named, self.faults, self.file, self.entry)
        for name in self.values[key]:
            if name not in known:
                self.fault(f"{key}.{name}", unknown(what, name, known))
        return {name: table.text(f"{key}.{name}") for name in self.values[key]}


def _read_document(table: _Table, path: Path) -> QuestionBank:
    table.check_keys(BANK_KEYS)
    return QuestionBank(
        name=(name := table.plain_name("name")),
        title=table.text("title"),
        description=table.text("description", needed=False),
        questions=_read_questions(table, name),
        path=path,
    )


def _read_questions(bank: _Table, name: str) -> tuple[Question, ...]:
    if bank.values.get("question", []) == []:
        bank.fault("question", "holds no questions: write each one below a line [[question]]")
        return ()
    if not bank.has("question", list, "must be written [[question]], with two brackets on each side"):
        return ()
    questions = []
    for number, values in enumerate(bank.values["question"], start=1):
        entry = f"question {number}"
        if not isinstance(values, dict):
            _Table({}, bank.faults, bank.file, entry).fault(
                "", "must be a table: write [[question]] above it"
            )
            continue
        if isinstance(values.get("id"), str):
            entry += f" (id {quoted(values['id'])})"
        questions.append((number, _read_question(_Table(values, bank.faults, bank.file, entry), name)))
    _check_ids(questions, bank)
    return tuple(question for _, question in questions)


def _read_question(table: _Table, bank: str) -> Question:
    table.check_keys(QUESTION_KEYS)
    return Question(
        id=table.plain_name("id"),
        text=table.text("text"),
        kind=table.one_of("kind", "kind", KINDS),
        signals=table.signals(),
        about=table.text("about"),
        strong=table.text("strong", needed=False),
        level=table.one_of("level", "level", LEVELS) if "level" in table.values else "any",
        target_seconds=table.target_seconds(),
        follow_ups=table.questions_by("follow_ups", "pattern", PATTERNS),
        deeper=table.questions_by("deeper", "opening", OPENINGS),
        bank=bank,
    )


def _check_ids(questions: Sequence[tuple[int, Question]], bank: _Table) -> None:
    first: dict[str, int] = {}
    for number, question in questions:
        if question.id and first.setdefault(question.id, number) != number:
            entry = f"question {number} (id {quoted(question.id)})"
            table = _Table({}, bank.faults, bank.file, entry)
            table.fault("id", f"is already the id of question {first[question.id]}")
