"""Real interviews, looked back on: one folder each, with a debrief.toml that can be changed by hand."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from greenroom.errors import BadInputError, UsageError
from greenroom.preparation.places import debriefs_folder, replace_file
from greenroom.question_check import quoted
from greenroom.records import Turn
from greenroom.review.wording import printable
from greenroom.session import SESSION_FILE, load_session, write_private
from greenroom.slugs import slug
from greenroom.toml_lines import Place, line_of, places_of

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DEBRIEF_FILE = "debrief.toml"
MAX_DEBRIEF_BYTES = 200_000
"""Of one debrief.toml: an hour told word for word makes some 60,000 (judgement)."""

OUTCOMES = ("offer", "no", "moved-on", "unknown")
"""An offer; no; the next round; not known, or not known yet."""

_HEAD = """\
A real interview, in your words: change whatever was heard wrongly.
outcome is one of offer, no, moved-on (to the next round) or unknown; docs/debrief.md tells the rest."""
_SHOWN_LENGTH = 60  # characters of a person's own word that are looked at, to guess what was meant
_TEXTS = ("company", "round", "felt")
_KEYS = (*_TEXTS, "outcome", "said", "question")
_QUESTION_KEYS = ("asked", "retold", "answer")


@dataclass(frozen=True, slots=True)
class Retold:
    """A question that was asked there.

    Attributes:
        asked: the question in the person's words.
        retold: how it was answered, told afterwards; "" where that was left open.
        answer: number of the turn in the folder's session.json that holds the retelling and what was found in
            it; None where there is none.
    """

    asked: str
    retold: str = ""
    answer: int | None = None


@dataclass(frozen=True, slots=True)
class Debrief:
    """One real interview.

    Attributes:
        folder: where it lies; its name is the debrief's.
        felt: how it felt, in the person's words.
        outcome: one of OUTCOMES.
        said: what else is known of it, in the person's words, each as it was added.
        finished: whether the conversation came to its end.
    """

    folder: Path
    company: str = ""
    round: str = ""
    questions: tuple[Retold, ...] = ()
    felt: str = ""
    outcome: str = "unknown"
    said: tuple[str, ...] = ()
    finished: bool = True

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def day(self) -> str:
        """The day it was told (YYYY-MM-DD); "" where the folder's name does not begin with one."""
        return self.name[:10] if re.match(r"\d{4}-\d\d-\d\d", self.name) else ""


@dataclass(frozen=True, slots=True)
class DebriefFault:
    """One thing that is wrong in a debrief.toml; `line` is 0 where it is about no line."""

    file: Path
    line: int
    key: str
    what: str

    def __str__(self) -> str:
        line = f", line {self.line}" if self.line else ""
        key = f", {quoted(self.key)[1:-1]}" if self.key else ""
        return f"{printable(str(self.file))}{line}{key}: {self.what}"


@dataclass(frozen=True, slots=True)
class LoadedDebriefs:
    """All that can be read, the earliest first, and what is wrong in the files."""

    debriefs: tuple[Debrief, ...]
    faults: tuple[DebriefFault, ...]


def load_debriefs(data: Path) -> LoadedDebriefs:
    """The debriefs in the person's data folder; what is wrong in one spoils no other."""
    debriefs: list[Debrief] = []
    faults: list[DebriefFault] = []
    for path in sorted(debriefs_folder(data).glob(f"*/{DEBRIEF_FILE}")):
        debrief, its = read_debrief(path.parent)
        faults.extend(its)
        if debrief is not None:
            debriefs.append(debrief)
    return LoadedDebriefs(tuple(debriefs), tuple(faults))


def read_debrief(folder: Path) -> tuple[Debrief | None, tuple[DebriefFault, ...]]:
    """A folder's debrief, and what is wrong in its file; None where nothing of the file can be read."""
    path = folder / DEBRIEF_FILE
    try:
        text = _text_of(path)
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else 0
        return None, (DebriefFault(path, line, "", f"not valid TOML: {_reason(error)}"),)
    except (OSError, ValueError, RecursionError) as error:
        return None, (DebriefFault(path, 0, "", f"cannot be read: {_reason(error)}"),)
    reader = _Reader(path, places_of(text))
    debrief = Debrief(
        folder,
        **{key: reader.text(values, key) for key in _TEXTS},
        questions=reader.questions(values),
        outcome=reader.outcome(values),
        said=reader.said(values),
        finished=_finished(folder),
    )
    reader.check_keys(values, _KEYS)
    return debrief, tuple(reader.faults)


def find_debrief(data: Path, name: str | None) -> Debrief:
    """The debrief of that name or part of it, such as the company; the latest of several, or of all.

    Raises:
        UsageError: there is none, or none of that name.
        BadInputError: its file cannot be read.
    """
    loaded = load_debriefs(data)
    if not loaded.debriefs:
        if loaded.faults:
            raise BadInputError(str(loaded.faults[0]), "mend the file; what it was before lies in .earlier")
        raise UsageError("there is no debrief yet", "greenroom debrief")
    if name is None:
        return loaded.debriefs[-1]
    wanted = slug(name)
    matching = [each for each in loaded.debriefs if each.name == name]
    matching = matching or [
        each for each in loaded.debriefs if wanted in slug(each.name) or wanted in slug(each.company)
    ]
    if matching and wanted:
        return matching[-1]
    for fault in loaded.faults:
        if wanted and wanted in slug(fault.file.parent.name):
            raise BadInputError(str(fault), "mend the file; what it was before lies in .earlier")
    known = {slug(each.company) or each.name: each.name for each in loaded.debriefs}
    near = difflib.get_close_matches(wanted, known, n=1)
    hint = f"greenroom debrief show {near[0]}" if near else "greenroom debrief list"
    raise UsageError(f'there is no debrief called "{name}"', hint)


def save_debrief(debrief: Debrief, *, keep_earlier: bool = True) -> Path:
    """Write debrief.toml; comments and keys that are already there stay.

    Args:
        keep_earlier: whether what it was before is kept in .earlier; needless while it is being told.

    Raises:
        BadInputError: what is there cannot be read, or nothing can be written.
    """
    path = debrief.folder / DEBRIEF_FILE
    document = _document(path)
    for key in (*_TEXTS, "outcome"):
        _put(document, key, getattr(debrief, key))
    _put(document, "said", list(debrief.said))
    tables: Any = document.get("question")
    if tables is None and debrief.questions:
        document["question"] = tables = tomlkit.aot()
    for number, each in enumerate(debrief.questions):
        if number == len(tables):
            inline = not isinstance(tables, AoT)  # question = [{...}], by hand
            table = tomlkit.inline_table() if inline else tomlkit.table()
            table.trivia.indent = "" if inline else "\n"
            tables.append(table)
        _put(tables[number], "asked", each.asked)
        _put(tables[number], "retold", each.retold)
        if each.answer is not None:
            _put(tables[number], "answer", each.answer)
    text = tomlkit.dumps(document)
    if keep_earlier:
        replace_file(path, text)
    else:
        write_private(path, text.encode())
    return path


def with_outcome(debrief: Debrief, outcome: str, words: str = "") -> Debrief:
    """The same with an outcome that is known now, and what was said about it."""
    said = (*debrief.said, words.strip()) if words.strip() else debrief.said
    return replace(debrief, outcome=outcome, said=said)


def turns_of(debrief: Debrief) -> Mapping[int, Turn]:
    """What was found in the retellings, by the number of the turn; {} where that cannot be read."""
    with suppress(BadInputError):
        return {turn.number: turn for turn in load_session(debrief.folder).turns}
    return {}


def _finished(folder: Path) -> bool:
    if not (folder / SESSION_FILE).exists():  # written by hand from beginning to end
        return True
    with suppress(BadInputError):
        return load_session(folder).finished
    return True


def _text_of(path: Path) -> str:
    """OSError, or ValueError where it is no text or too large."""
    with path.open("rb") as file:
        data = file.read(MAX_DEBRIEF_BYTES + 1)
    if len(data) > MAX_DEBRIEF_BYTES:
        raise ValueError(f"it is larger than {MAX_DEBRIEF_BYTES // 1000} kB")
    text = data.decode("utf-8-sig")
    # The last line may lack its end, and what is added must not go on in it.
    return text if text.endswith("\n") else text + "\n"


def _reason(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else printable(str(error))


def _document(path: Path) -> tomlkit.TOMLDocument:
    if not path.exists():
        document = tomlkit.document()
        for line in _HEAD.splitlines():
            document.add(tomlkit.comment(line))
        return document
    try:
        return tomlkit.parse(_text_of(path))
    except (OSError, ValueError, RecursionError, TOMLKitError) as error:
        raise BadInputError(
            f"{path} cannot be read: {_reason(error)}", "mend the file, or move it away"
        ) from error


def _put(table: Any, key: str, value: object) -> None:
    """Only what has changed is written: the person's own way of quoting it stays."""
    if key not in table or table[key] != value:
        table[key] = value


class _Reader:
    """Takes the values of one file, and notes what is wrong with them."""

    def __init__(self, path: Path, places: Mapping[Place, int]) -> None:
        self.faults: list[DebriefFault] = []
        self._path = path
        self._places = places

    def text(self, values: Mapping[str, Any], key: str, question: int = 0) -> str:
        value = values.get(key, "")
        if isinstance(value, str):
            return " ".join(value.split())
        self._fault(key, "must be text in quotes", question)
        return ""

    def outcome(self, values: Mapping[str, Any]) -> str:
        value = self.text(values, "outcome") or "unknown"
        if value in OUTCOMES:
            return value
        near = difflib.get_close_matches(value[:_SHOWN_LENGTH].lower(), OUTCOMES, n=1)
        advice = f'did you mean "{near[0]}"?' if near else f"known are {', '.join(OUTCOMES)}"
        self._fault("outcome", f"unknown outcome {quoted(value)}: {advice}")
        return "unknown"

    def said(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        value = values.get("said", [])
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self._fault("said", 'must be a list of texts, such as ["They liked the second answer."]')
            return ()
        return tuple(filter(None, (" ".join(each.split()) for each in value)))

    def questions(self, values: Mapping[str, Any]) -> tuple[Retold, ...]:
        tables = values.get("question", [])
        if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
            self._fault("question", "write each one below a line [[question]]")
            return ()
        return tuple(self._question(table, number) for number, table in enumerate(tables, start=1))

    def _question(self, table: Mapping[str, Any], number: int) -> Retold:
        asked = self.text(table, "asked", number)
        if not asked and "asked" not in table:
            self._fault("asked", f"question {number} has none", number)
        answer = table.get("answer")
        if answer is not None and type(answer) is not int:
            self._fault("answer", "must be a whole number: that of the retelling in session.json", number)
            answer = None
        self.check_keys(table, _QUESTION_KEYS, number)
        return Retold(asked, self.text(table, "retold", number), answer)

    def check_keys(self, values: Mapping[str, Any], known: Sequence[str], question: int = 0) -> None:
        for key in values:
            if key not in known:
                near = difflib.get_close_matches(key[:_SHOWN_LENGTH], known, n=1)
                advice = f'did you mean "{near[0]}"?' if near else f"known are {', '.join(known)}"
                self._fault(key, f"unknown key: {advice}", question)

    def _fault(self, key: str, what: str, question: int = 0) -> None:
        place = ("question", question, key) if question else (key,)
        self.faults.append(DebriefFault(self._path, line_of(self._places, place) or 0, key, what))
