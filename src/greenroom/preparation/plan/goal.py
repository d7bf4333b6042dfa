"""What somebody prepares for: the day, the role, the qualities; in plan.toml, which is theirs to edit."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import ParseError, TOMLKitError

from greenroom.errors import BadInputError
from greenroom.preparation.places import replace_file
from greenroom.question_check import nearest, quoted, unknown
from greenroom.records import SIGNALS
from greenroom.review.wording import printable
from greenroom.toml_lines import Place, line_of, places_of

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

KEYS = ("interview", "started", "role", "qualities")

_ABOUT = (
    "What greenroom plan counts towards. Yours to edit: greenroom keeps your comments, and",
    "a copy of what the file was before each change of its own, in .earlier beside it.",
    "interview: the day, such as 2026-12-19; leave it out for four weeks from the start.",
    "qualities: of those that greenroom knows, or in your own words; leave it out for those of the role.",
)
MAX_BYTES = 1_000_000
"""Of a plan, and of all look backs together, of which it would hold some two thousand (judgement)."""

_MOST_FAULTS = 20  # that one error shows
_HINT = "mend the file in an editor, or move it away and begin again: greenroom plan --interview DATE"


@dataclass(frozen=True, slots=True)
class Goal:
    """What is prepared for.

    Attributes:
        interview: the day of it; None where none is known.
        started: the first day of preparing.
        role: such as "backend engineer"; "" where none was named.
        qualities: those chosen, of records.SIGNALS or in the person's own words; () for those of the role.
    """

    interview: date | None
    started: date
    role: str = ""
    qualities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanFault:
    """One thing that is wrong in a file; `str()` gives it on one line.

    Attributes:
        line: from 1; None where none can be named.
        key: "" where it is about the whole file.
    """

    file: str
    line: int | None
    key: str
    message: str

    def __str__(self) -> str:
        file = printable(self.file)
        place = file if self.line is None else f"{file}, line {self.line}"
        return ": ".join(filter(None, (place, quoted(self.key)[1:-1], self.message)))


def goal_file(data: Path) -> Path:
    """Where the goal is kept."""
    return data / "plan.toml"


def load_goal(data: Path) -> Goal | None:
    """The goal, None where none was set.

    Raises:
        BadInputError: the file has faults; each is named with its line and key.
    """
    path = goal_file(data)
    text = read_text(path)
    if text is None:
        return None
    faults: list[PlanFault] = []
    values = values_of(path, text)
    goal = _Reader(path, places_of(text), values, faults).goal()
    complain(faults, _HINT)
    return goal


def save_goal(data: Path, goal: Goal) -> None:
    """Write the goal; comments and order of the person's file stay.

    Raises:
        BadInputError: the file is no TOML, or cannot be written.
    """
    path = goal_file(data)
    text = read_text(path)
    document = _new_document() if text is None else parsed(path, text)
    values = {
        "interview": goal.interview,
        "started": goal.started,
        "role": goal.role or None,
        "qualities": list(goal.qualities) or None,
    }
    for key, value in values.items():
        if value is None:
            document.pop(key, None)
        elif key not in document or document[key] != value:
            document[key] = value
    replace_file(path, tomlkit.dumps(document))


def as_quality(given: str) -> str:
    """A quality as it is kept: "Technical fluency" is technical_fluency, own words stay as they are."""
    words = " ".join(given.split())
    plain = re.sub(r"[\s-]+", "_", words.lower())
    return plain if plain in SIGNALS else words


def read_text(path: Path) -> str | None:
    """A file's text, None where there is none. BadInputError: cannot be read, is no text, is too large."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise BadInputError(f"{path} is larger than {MAX_BYTES // 1_000_000} MB", "move it away")
        return data.decode("utf-8-sig")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise BadInputError(f"{path} is not UTF-8 text", "save it as UTF-8 in your editor") from error
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {error.strerror or error}") from error


def values_of(path: Path, text: str) -> dict[str, Any]:
    """The text's keys and values. BadInputError names the line where it is no TOML."""
    try:
        values: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason = printable(re.sub(r" \(at .*\)$", "", str(error)))
        found = re.search(r"at line (\d+)", str(error))
        line = found[1] if found else len(text.splitlines())
        raise BadInputError(f"{path}, line {line}: not valid TOML: {reason}", _MEND) from error
    except (ValueError, RecursionError) as error:  # a date that is none, or brackets without end
        raise BadInputError(f"{path}: not valid TOML: {_reason(error)}", _MEND) from error
    return values


def parsed(path: Path, text: str) -> tomlkit.TOMLDocument:
    """The text as a document that keeps its comments. BadInputError names the line where it is no TOML."""
    try:
        # The last line may lack its end, and what is added must not go on in it.
        return tomlkit.parse(text if text.endswith("\n") else text + "\n")
    except ParseError as error:
        reason = printable(re.sub(r" at line \d+ col \d+$", "", str(error)))
        raise BadInputError(f"{path}, line {error.line}: not valid TOML: {reason}", _MEND) from error
    except (TOMLKitError, ValueError, RecursionError) as error:
        raise BadInputError(f"{path}: not valid TOML: {_reason(error)}", _MEND) from error


def _reason(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else printable(str(error))


def complain(faults: Iterable[PlanFault], hint: str) -> None:
    """BadInputError that names all of them, unless there are none."""
    first, *more = [*map(str, faults), ""]
    if first:
        raise BadInputError(first, hint, details=tuple(filter(None, more[:_MOST_FAULTS])))


_MEND = "mend the file in an editor; what it was before is in .earlier beside it"


def _new_document() -> tomlkit.TOMLDocument:
    document = tomlkit.document()
    for line in _ABOUT:
        document.add(tomlkit.comment(line))
    document.add(tomlkit.nl())
    return document


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one value after the other, and notes what is wrong with each."""

    path: Path
    places: Mapping[Place, int]
    values: Mapping[str, Any]
    faults: list[PlanFault]

    def goal(self) -> Goal:
        for key in self.values:
            if key not in KEYS:
                self._fault(key, unknown("key", key, KEYS))
        if "started" not in self.values:
            self._fault("started", "is missing: the first day of preparing, such as started = 2026-11-21")
        return Goal(self._day("interview"), self._day("started") or date.min, self._role(), self._qualities())

    def _fault(self, key: str, message: str) -> None:
        self.faults.append(PlanFault(str(self.path), line_of(self.places, (key,)), key, message))

    def _day(self, key: str) -> date | None:
        value = self.values.get(key)
        if isinstance(value, datetime):
            return value.date()
        if value is None or isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value).strip())
        except ValueError:
            self._fault(key, f"{quoted(str(value))} is no day: write it like 2026-12-19")
            return None

    def _role(self) -> str:
        value = self.values.get("role", "")
        if not isinstance(value, str):
            self._fault("role", 'must be text in quotes, such as "backend engineer"')
            return ""
        return " ".join(value.split())

    def _qualities(self) -> tuple[str, ...]:
        value = self.values.get("qualities", [])
        if not isinstance(value, list):
            self._fault("qualities", 'must be a list, such as ["ownership", "clarity"]')
            return ()
        for each in value:
            if not isinstance(each, str) or not each.strip():
                self._fault("qualities", f"{quoted(str(each))} is no quality: each is text in quotes")
            elif near := _misspelt(each):
                self._fault("qualities", f"{quoted(each)} is hardly meant: did you mean {quoted(near)}?")
        return tuple(dict.fromkeys(as_quality(each) for each in value if isinstance(each, str)))


def _misspelt(quality: str) -> str | None:
    """The signal that a single word nearly is: own words are welcome, slips of the key are not."""
    plain = as_quality(quality)
    near = nearest(plain, SIGNALS) if plain not in SIGNALS and " " not in plain else None
    return near if near is not None and abs(len(near) - len(plain)) <= 2 and near[0] == plain[0] else None
