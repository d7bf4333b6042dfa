"""Look backs as they are kept: look-backs.toml in the person's data folder, which is theirs to edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import AoT

from greenroom.errors import BadInputError
from greenroom.preparation.places import replace_file
from greenroom.preparation.plan.goal import PlanFault, parsed, read_text, values_of
from greenroom.question_check import quoted, unknown
from greenroom.records import PATTERNS, SIGNALS
from greenroom.review.dates import moment
from greenroom.toml_lines import Place, line_of, places_of

_KEYS = ("session", "at", "signal", "fix", "signals", "recording")
_ABOUT = (
    "What you said when you looked back at your mock interviews. Yours to edit: greenroom keeps your",
    "comments, and a copy of what the file was before each change of its own, in .earlier beside it.",
)


@dataclass(frozen=True, slots=True)
class LookBack:
    """What somebody said on looking back at one session.

    Attributes:
        session: name of the session's folder.
        at: when it was said (ISO 8601 with the time zone).
        signal, fix: the answers to the two questions; "" for one that was left open.
        signals: those of records.SIGNALS and records.PATTERNS that are named in them, the first named first.
        recording: name of the folder in look-backs/ with what was said; "" where there is none.
    """

    session: str
    at: str
    signal: str = ""
    fix: str = ""
    signals: tuple[str, ...] = ()
    recording: str = ""


def look_backs_file(data: Path) -> Path:
    """Where the answers are kept as text."""
    return data / "look-backs.toml"


def load_look_backs(data: Path) -> tuple[tuple[LookBack, ...], tuple[str, ...]]:
    """All that can be used, the earliest first, and every fault of the file on a line. Never raises."""
    path = look_backs_file(data)
    try:
        text = read_text(path)
        document = values_of(path, text) if text is not None else {}
    except BadInputError as error:
        return (), (error.message,)
    reader = _Reader(path, places_of(text or ""), [])
    found = [reader.entry(number, values) for number, values in enumerate(reader.entries(document), 1)]
    kept = sorted((each for each in found if each is not None), key=lambda each: moment(each.at))
    return tuple(kept), tuple(map(str, reader.faults))


def add_look_back(data: Path, look_back: LookBack) -> Path:
    """Write it behind the others.

    Raises:
        BadInputError: the file is no TOML, or cannot be written.
    """
    path = look_backs_file(data)
    text = read_text(path)
    document = tomlkit.document() if text is None else parsed(path, text)
    if text is None:
        for line in _ABOUT:
            document.add(tomlkit.comment(line))
        document.add(tomlkit.nl())
    stands = document.get("look_back")
    inline = isinstance(stands, list) and not isinstance(stands, AoT)  # look_back = [{...}], by hand
    entry = tomlkit.inline_table() if inline else tomlkit.table()
    for key, value in asdict(look_back).items():
        if value:
            entry[key] = list(value) if isinstance(value, tuple) else value
    if not isinstance(stands, list):
        if "look_back" in document:
            raise BadInputError(f"{path}: look_back: must be written [[look_back]], with two brackets")
        document["look_back"] = tomlkit.aot()
    document["look_back"].append(entry)
    replace_file(path, tomlkit.dumps(document))
    return path


def _is_moment(text: str) -> bool:
    try:
        moment(text)
    except BadInputError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one entry after the other; what is wrong with one spoils nothing else."""

    path: Path
    places: Mapping[Place, int]
    faults: list[PlanFault]

    def entries(self, document: dict[str, Any]) -> list[Any]:
        for key in document:
            if key != "look_back":
                self._fault((key,), key, unknown("key", key, ("look_back",)))
        entries = document.get("look_back", [])
        if isinstance(entries, list):
            return entries
        self._fault(("look_back",), "look_back", "must be written [[look_back]], with two brackets")
        return []

    def entry(self, number: int, values: Any) -> LookBack | None:
        begin, before = ("look_back", number), len(self.faults)
        if not isinstance(values, dict):
            self._fault(begin, f"look_back {number}", "must be a table: write [[look_back]] above it")
            return None
        for key in values:
            if key not in _KEYS:
                self._fault((*begin, key), key, unknown("key", key, _KEYS))
        ids = self._signals(begin, values.get("signals", []))
        texts = {key: self._text(begin, key, values.get(key, "")) for key in _KEYS if key != "signals"}
        for key in ("session", "at"):
            if not values.get(key, ""):
                self._fault((*begin, key), key, "is missing")
        if texts["at"] and not _is_moment(texts["at"]):
            wrong = f"{quoted(texts['at'])} is no date: write it like 2026-12-12T20:45:00+01:00"
            self._fault((*begin, "at"), "at", wrong)
        broken = any(fault.key in ("session", "at") for fault in self.faults[before:])
        return None if broken else LookBack(signals=ids, **texts)

    def _fault(self, place: Place, key: str, message: str) -> None:
        self.faults.append(PlanFault(str(self.path), line_of(self.places, place), key, message))

    def _text(self, begin: Place, key: str, value: object) -> str:
        if isinstance(value, datetime):
            return value.astimezone().isoformat(timespec="seconds")
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, str):
            return " ".join(value.split())
        self._fault((*begin, key), key, f"must be text in quotes, not {quoted(str(value))}")
        return ""

    def _signals(self, begin: Place, value: object) -> tuple[str, ...]:
        if not isinstance(value, list):
            self._fault((*begin, "signals"), "signals", 'must be a list, such as ["ownership"]')
            return ()
        known = (*SIGNALS, *PATTERNS)
        for each in value:
            if each not in known:
                self._fault((*begin, "signals"), "signals", unknown("signal", str(each), known))
        return tuple(each for each in value if each in known)
