"""A story as the text of its file. In a file that a person has edited, only what differs is changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Array, Table

from greenroom.preparation.stories.stories import Story, Told
from greenroom.preparation.stories.story_faults import UnreadableError, parse
from greenroom.preparation.stories.story_reading import KEYS, LISTS, read_text
from greenroom.records import PARTS

_HEAD = "# One true story. All of it is yours to change; docs/stories.md has every key.\n"
_WIDEST = 88  # characters of a line: longer ones are hard to edit
_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f"}
_BOM = "\ufeff"


def new_text(story: Story) -> str:
    """A whole file for a story, with every key to fill in."""
    lines = [f"title = {_line(story.title)}", ""]
    for part in PARTS:
        lines += [f"{part} = {_long(getattr(story, part))}", ""]
    lines += [f"{key} = {_listed(getattr(story, key))}" for key in LISTS]
    for told in story.told:
        lines += ["", "[[told]]", *(f"{key} = {value}" for key, value in _told(told).items())]
    return _HEAD + "\n".join(lines) + "\n"


def changed_text(text: str, was: Story, story: Story) -> str:
    """A file's text with what differs between `was`, as it was read from it, and `story`.

    Comments, order, unknown keys, and what is at fault in it stay. Should that fail, it is a new text: the
    file as it was is kept all the same (see places.replace_file).
    """
    if story == was:
        return text
    try:
        changed = _changed(text.removeprefix(_BOM), was, story)
        kept = _others(parse(text.removeprefix(_BOM))) == _others(parse(changed))
    except (TOMLKitError, UnreadableError, ValueError, LookupError, AttributeError, TypeError):
        return new_text(story)
    if not kept or read_text(changed, Path(f"{story.name}.toml")).story != story:
        return new_text(story)
    if "\r\n" in text:
        changed = re.sub(r"(?<!\r)\n", "\r\n", changed)
    return (_BOM if text.startswith(_BOM) else "") + changed


def _changed(text: str, was: Story, story: Story) -> str:
    # The last line may lack its end, and what is added must not go on in it.
    document = tomlkit.parse(text if text.endswith("\n") else text + "\n")
    for key in ("title", *PARTS):
        if getattr(story, key) != getattr(was, key):
            write = _line if key == "title" else _long
            document[key] = tomlkit.value(write(getattr(story, key)))
    for key in LISTS:
        before, now = getattr(was, key), getattr(story, key)
        if now != before:
            _change_list(document, key, before, now)
    if story.told != was.told:
        _change_told(document, was.told, story.told)
    return tomlkit.dumps(document)


def _change_list(document: Any, key: str, before: Sequence[str], now: Sequence[str]) -> None:
    stands = document.get(key)
    if isinstance(stands, Array) and tuple(stands) == before and now[: len(before)] == before:
        for entry in now[len(before) :]:  # comments between the entries stay
            stands.append(tomlkit.value(_line(entry)))
    else:
        document[key] = tomlkit.value(_listed(now))


def _change_told(document: Any, before: Sequence[Told], now: Sequence[Told]) -> None:
    stands = document.get("told")
    added = now[len(before) :] if now[: len(before)] == before else None
    if added is None or (stands is not None and not isinstance(stands, AoT)):
        if stands is not None:
            document.remove("told")
        stands, added = None, now
    if stands is None:
        stands = tomlkit.aot()
        document.append("told", stands)
    for told in added:
        stands.append(_table(told))


def _table(told: Told) -> Table:
    table = tomlkit.table()
    for key, value in _told(told).items():
        table.append(key, tomlkit.value(value))
    return table


def _told(told: Told) -> dict[str, str]:
    """Keys and values as they are written."""
    values = {"session": _line(told.session), "turn": str(told.turn), "at": _line(told.at)}
    return {**values, "angle": _line(told.angle)} if told.angle else values


def _others(values: dict[str, Any]) -> str:
    """What the person wrote that is none of our keys. As text: nan is not equal to itself."""
    return repr({key: value for key, value in values.items() if key not in KEYS})


def _escaped(text: str) -> str:
    # Half a character, from a terminal with another encoding, can stand in no file.
    text = text.encode("utf-8", "replace").decode()
    text = "".join(_ESCAPES.get(c, c) for c in text)
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", lambda control: f"\\u{ord(control[0]):04x}", text)


def _line(text: str) -> str:
    """Text in quotes, on one line."""
    return '"' + _escaped(text).replace('"', '\\"').replace("\n", "\\n") + '"'


def _long(text: str) -> str:
    r"""Text in quotes, over several lines where it is long.

    Lines are broken between words. The \ at the end of such a line takes the break out again, so that what is
    read is just what was written.
    """
    if "\n" not in text and len(text) <= _WIDEST:
        return _line(text)
    quoted = re.sub(r'"(?="|\Z)', lambda _: '\\"', _escaped(text))
    rows = ["\\\n".join(_rows(line)) for line in quoted.split("\n")]
    return '"""\n' + "\n".join(rows) + '"""'


def _rows(line: str) -> list[str]:
    rows = [""]
    for word in re.findall(r"\S+\s*|\s+", line):
        if rows[-1] and len(rows[-1]) + len(word.rstrip()) > _WIDEST and not word.isspace():
            rows.append("")
        rows[-1] += word
    return rows


def _listed(entries: Sequence[str]) -> str:
    """A list on one line, or where that is long on one line each."""
    written = [_line(entry) for entry in entries]
    short = f"[{', '.join(written)}]"
    return short if len(short) <= _WIDEST else "[\n" + "".join(f"  {each},\n" for each in written) + "]"
