"""A story's file as a record: every fault is named, and what can be used in spite of it is used."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from greenroom.preparation.stories.stories import ANGLES, Story, Told
from greenroom.preparation.stories.story_faults import (
    StoryFault,
    UnreadableError,
    parse,
)
from greenroom.question_check import quoted, unknown
from greenroom.records import PARTS
from greenroom.slugs import slug
from greenroom.toml_lines import Place, line_of, places_of

MAX_STORY_BYTES = 100_000
"""A story of ten minutes has some ten thousand; anything larger is another kind of file (judgement)."""

LISTS = ("numbers", "people", "dates", "technologies", "qualities")
KEYS = ("title", *PARTS, *LISTS, "told")
TOLD_KEYS = ("session", "turn", "at", "angle")

_PLAIN_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MOST_FAULTS = 100  # of one file: nobody mends more at once
_MOST_TURNS = 10_000
_SAMPLE_TIME = "2026-11-22T18:30:00+01:00"
_TYPE_NAMES = {
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "a table",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in a file.

    Attributes:
        text: all of it; None where it is no text that can be read.
        story: None where nothing of it can be used.
    """

    text: str | None
    story: Story | None
    faults: tuple[StoryFault, ...]


def is_plain_name(name: str) -> bool:
    """Whether a file's name without its ending can name a story."""
    return _PLAIN_NAME.fullmatch(name) is not None


def read_file(path: Path, name: str | None = None) -> Standing:
    """What stands in a story's file. Never raises.

    Args:
        name: of the story, where the file lies elsewhere and is not called by it.
    """
    try:
        text = _read_text(path)
    except UnreadableError as problem:
        return Standing(None, None, (StoryFault(str(path), problem.line, problem.key, str(problem)),))
    return read_text(text, path, name)


def read_text(text: str, path: Path, name: str | None = None) -> Standing:
    """The same for what would stand in the file `path`."""
    faults: list[StoryFault] = []
    story = None
    try:
        plain = text.removeprefix("\ufeff")  # Windows editors put a byte order mark first
        values = parse(plain)
        if name is None and not (is_plain_name(path.stem) and path.suffix == ".toml"):
            raise UnreadableError(
                f"{quoted(path.name)} cannot be a story's name: rename it to {name_for(path.stem)}.toml"
            )
        story = _read_story(_Table(values, faults, str(path), plain), name or path.stem)
    except UnreadableError as problem:
        faults.append(StoryFault(str(path), problem.line, problem.key, str(problem)))
    return Standing(text, story, tuple(faults))


def name_for(title: str, longest: int = 40) -> str:
    """A story's name: the slug of its title, cut between words; "story" where nothing is left."""
    name = slug(re.sub("['’]", "", title))[: longest + 1]
    if len(name) > longest:
        name = name.rpartition("-")[0] or name[:longest]
    return name or "story"


def _read_text(path: Path) -> str:
    try:
        if not path.is_file():  # asked before opening: a pipe or a device would make us wait for ever
            raise UnreadableError("not a file" if path.exists() else "there is no such file")
        with path.open("rb") as stream:
            content = stream.read(MAX_STORY_BYTES + 1)
    except (OSError, ValueError) as problem:  # ValueError: a name with a zero byte
        raise UnreadableError(f"cannot be read ({getattr(problem, 'strerror', None) or problem})") from None
    if len(content) > MAX_STORY_BYTES:
        raise UnreadableError(f"larger than {MAX_STORY_BYTES // 1000} kB, so hardly a story")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise UnreadableError("not UTF-8 text: save it as UTF-8 in your editor", line) from None


@dataclass
class _Table:
    """One table of the file: hands out its values, and notes every fault of theirs on the way."""

    values: Mapping[str, Any]
    faults: list[StoryFault]
    file: str
    text: str
    above: Place = ()
    places: dict[Place, int] = field(default_factory=dict)

    def fault(self, key: str, message: str) -> None:
        if len(self.faults) >= _MOST_FAULTS:
            raise UnreadableError(f"read no further after {_MOST_FAULTS} faults")
        if not self.places:  # found only now: most files have no fault
            self.places.update(places_of(self.text))
        place = (*self.above, key) if key else self.above
        shown = quoted(key)[1:-1]
        if len(self.above) == 2:
            shown = f"{self.above[0]} {self.above[1]}{f', {shown}' if key else ''}"
        self.faults.append(StoryFault(self.file, line_of(self.places, place), shown, message))

    def check_keys(self, known: Sequence[str]) -> None:
        for key in self.values:
            if key not in known:
                self.fault(key, unknown("key", key, known))

    def text_of(self, key: str, *, needed: bool = False) -> str:
        """Text just as it stands there."""
        value = self.values.get(key)
        if value is None:
            if needed:
                self.fault(key, "is missing")
            return ""
        if not isinstance(value, str):
            self.fault(key, f"must be text, not {_type_of(value)}")
            return ""
        if needed and not value.strip():
            self.fault(key, "is empty")
        return value

    def texts_of(self, key: str) -> tuple[str, ...]:
        """A list of text; a single value, a number or a date is taken as the text it was meant as."""
        value = self.values.get(key, [])
        if not isinstance(value, list):
            meant = _as_text(value)
            wanted = f": write [{quoted(meant)}]" if meant else ""
            self.fault(key, f"must be a list of text, not {_type_of(value)}{wanted}")
            return (meant,) if meant else ()
        return tuple(filter(None, (self._entry(key, n, each) for n, each in enumerate(value, start=1))))

    def _entry(self, key: str, number: int, value: Any) -> str:
        meant = _as_text(value)
        if not isinstance(value, str):
            wanted = f": write {quoted(meant)}" if meant else ""
            self.fault(key, f"entry {number} must be text, not {_type_of(value)}{wanted}")
        elif not value.strip():
            self.fault(key, f"entry {number} is empty")
            return ""
        return meant

    def turn(self) -> int:
        value = self.values.get("turn")
        # type() and not isinstance(): true and false are whole numbers to Python, not to the person.
        if type(value) is int and 1 <= value <= _MOST_TURNS:
            return value
        self.fault("turn", "is missing" if value is None else f"must be a whole number, 1 to {_MOST_TURNS}")
        return 0

    def moment(self) -> str:
        """ISO 8601 with the time zone; where only that or the time is missing, this computer's is taken."""
        value = self.values.get("at")
        text = value if isinstance(value, str) else _as_text(value)
        if value is None or not text:
            self.fault("at", "is missing" if value is None else f"must be a time such as {_SAMPLE_TIME}")
            return ""
        try:
            at = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
            if not (isinstance(value, str) and at.tzinfo):
                self.fault("at", f"must be a time with its zone, in quotes, such as {quoted(_SAMPLE_TIME)}")
            return (at if at.tzinfo else at.astimezone()).isoformat()
        except (ValueError, OverflowError, OSError):
            self.fault("at", f"{quoted(text)} is no time: write it as {quoted(_SAMPLE_TIME)}")
            return ""

    def angle(self) -> str:
        word = self.text_of("angle")
        if word and word not in ANGLES:
            self.fault("angle", unknown("angle", word, ANGLES))
            return ""
        return word


def _type_of(value: object) -> str:
    return _TYPE_NAMES.get(type(value), "a date or a time")


def _as_text(value: object) -> str:
    """What somebody meant who left the quotes out; "" where that cannot be known."""
    if isinstance(value, str):
        return value
    if isinstance(value, (date, time)):
        return value.isoformat()
    try:
        return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else ""
    except ValueError:  # a hexadecimal number with thousands of digits
        return ""


def _read_story(table: _Table, name: str) -> Story:
    table.check_keys(KEYS)
    title = table.text_of("title", needed=True)
    return Story(
        name=name,
        title=title if title.strip() else name.replace("-", " ").capitalize(),
        situation=table.text_of("situation"),
        task=table.text_of("task"),
        action=table.text_of("action"),
        result=table.text_of("result"),
        numbers=table.texts_of("numbers"),
        people=table.texts_of("people"),
        dates=table.texts_of("dates"),
        technologies=table.texts_of("technologies"),
        qualities=table.texts_of("qualities"),
        told=_read_told(table),
    )


def _read_told(table: _Table) -> tuple[Told, ...]:
    entries = table.values.get("told", [])
    if not isinstance(entries, list):
        table.fault("told", "must be written [[told]], with two brackets on each side")
        return ()
    told = []
    for number, values in enumerate(entries, start=1):
        inner = _Table({}, table.faults, table.file, table.text, ("told", number), table.places)
        if not isinstance(values, dict):
            inner.fault("", "must be a table: write [[told]] above it")
            continue
        inner.values = values
        inner.check_keys(TOLD_KEYS)
        one = Told(inner.text_of("session", needed=True), inner.turn(), inner.moment(), inner.angle())
        if one.session.strip() and one.turn and one.at:
            told.append(one)
    return tuple(told)
