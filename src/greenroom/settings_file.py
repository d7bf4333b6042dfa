"""The settings file as a person writes it: read with the line of every key, checked, and begun for them.

What a setting is called, takes and does is told by its option of `greenroom practice` alone.
"""

from __future__ import annotations

import difflib
import json
import math
import os
import sys
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from greenroom.config import PracticeSettings, config_file
from greenroom.errors import BadInputError, UserError
from greenroom.private_files import make_private_folder
from greenroom.toml_lines import places_of

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Options = Mapping[str, click.Option]
"""The option of each setting, by the setting's name, in the order in which they are shown."""

EXAMPLES: Mapping[str, Any] = {
    "focus": "ownership",
    "level": "senior",
    "story": "the-queue",
    "look_back": True,
    "plain": True,
    "seed": 7,
    "input": "USB",
    "output": "Headphones",
    "recordings": "/media/private/interviews",
    "data": "/media/private/greenroom",
    "candidate": ["first-answer.wav", "second-answer.wav"],
}
"""What stands in a new file for settings that have no value unless they are given one."""

TELL_OF_FAULTS = ("config", "doctor")
"""Commands that look at the file themselves, and would not be of use where they refuse to begin."""

MAX_SETTINGS_BYTES = 100_000
"""Every setting with its comment takes some four thousand; anything larger is another file (judgement)."""

_UNSET = "Not set unless you do; for example:"
_SHOWN_LENGTH = 60  # characters of a person's own word that an error line repeats
_LONGEST_REASON = 300
_WIDTH = 100  # of a comment; a help text is one sentence, seldom longer


@dataclass(frozen=True, slots=True)
class SettingFault:
    """One thing that is wrong in a settings file or in the environment; `str()` gives it on one line.

    Attributes:
        place: the file, or the environment variable.
        line: of the file, from 1; None in the environment.
        key: as it is written there.
    """

    place: str
    line: int | None
    key: str
    message: str

    def __str__(self) -> str:
        line = f", line {self.line}" if self.line else ""
        key = f", {self.key}" if self.line is not None or self.key != self.place else ""
        return f"{self.place}{line}{key}: {self.message}"


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """A settings file as it was found.

    Attributes:
        values, lines: of the settings in it that can be used, by their names.
    """

    path: Path
    exists: bool
    values: Mapping[str, Any]
    lines: Mapping[str, int]
    faults: tuple[SettingFault, ...] = ()


def settings_options(practice: click.Command) -> dict[str, click.Option]:
    """Those options of `greenroom practice` that are settings, in the order of PracticeSettings."""
    options = {each.name: each for each in practice.params if isinstance(each, click.Option)}
    return {name: options[name] for name in PracticeSettings.__dataclass_fields__ if name in options}


def read_settings(options: Options, path: Path | None = None) -> SettingsFile:
    """The settings file (`config_file()` unless another is named), with all of its faults.

    Raises:
        BadInputError: the file cannot be read, or is no TOML; the message names file and line.
    """
    path = path or config_file()
    try:
        # With or without a byte order mark: Windows' editor writes one.
        text = _read(path)
        content = tomllib.loads(text)
    except FileNotFoundError:
        return SettingsFile(path, False, {}, {})
    except (OSError, ValueError, RecursionError) as error:  # TOML's and UTF-8's errors are ValueErrors
        nested = isinstance(error, RecursionError)
        reason = "nested too deeply" if nested else _plain(str(error), _LONGEST_REASON)
        raise BadInputError(f"{path} cannot be read: {reason}", "mend the file, or move it away") from error
    return _checked(path, text, content, options)


def _read(path: Path) -> str:
    with path.open("rb") as file:
        data = file.read(MAX_SETTINGS_BYTES + 1)
    if len(data) > MAX_SETTINGS_BYTES:
        raise ValueError(f"it is larger than {MAX_SETTINGS_BYTES // 1000} kB")
    return data.decode("utf-8-sig")


def checked_settings(options: Options, path: Path | None = None) -> dict[str, Any]:
    """The values of the settings file by their names, for click's `default_map`; {} if there is no file.

    Raises:
        BadInputError: anything is wrong in it; each fault is named with file, line and key.
    """
    found = read_settings(options, path)
    if found.faults:
        raise faults_error(found.faults)
    return dict(found.values)


def values_for(command: str | None, options: Options, path: Path | None = None) -> dict[str, Any]:
    """What the settings file gives to a command of greenroom; those that tell of faults get what can be used.

    Raises:
        BadInputError: as checked_settings, for every other command.
    """
    if command not in TELL_OF_FAULTS:
        return checked_settings(options, path)
    try:
        return dict(read_settings(options, path).values)
    except BadInputError:
        return {}


def faults_error(faults: tuple[SettingFault, ...]) -> BadInputError:
    """All faults at once, so that they can be mended in one go."""
    first, *others = map(str, faults)
    return BadInputError(first, "mend it there; greenroom config shows every setting", details=tuple(others))


def fault_of(option: click.Option, value: object) -> str | None:
    """What is wrong with a value for a setting; None if it can be used."""
    if (problem := _wrong_kind(option, value)) is not None:
        return problem
    try:
        with click.Context(click.Command("practice")) as context:
            meant = option.type_cast_value(context, _listed(option, value))
        _check_meaning(str(option.name), meant)
    except click.BadParameter as error:
        return _in_our_words(option, value) or error.message.rstrip(".")
    except (TypeError, ValueError, OverflowError):
        return f"{_shown(value)} cannot be used here"
    except UserError as error:
        return _plain(error.message, _LONGEST_REASON)
    return None


def write_new(options: Options, path: Path | None = None) -> Path:
    """Begin a settings file in which everything is commented out; its path.

    Raises:
        BadInputError: there is one already, which is left as it is, or it cannot be written.
    """
    path = path or config_file()
    try:
        make_private_folder(path.parent)
        # "x": made here or not at all, also where somebody else makes it in the same moment.
        with open(path, "x", encoding="utf-8", opener=_private) as file:
            file.write(new_text(options))
    except FileExistsError:
        raise BadInputError(
            f"{path} is there already; it was left as it is",
            "greenroom config shows what is in it; move it away to begin a new one",
        ) from None
    except OSError as error:
        raise BadInputError(
            f"{path} cannot be written: {error.strerror or error}",
            "GREENROOM_CONFIG=PATH names another place for it",
        ) from error
    return path


def new_text(options: Options) -> str:
    """The settings file with every setting, commented out."""
    head = (
        "# The settings of greenroom. A line without the # in front changes one.",
        "# An option on the command line stands over an environment variable, that over this file.",
        "# `greenroom config` shows what is in force and where it comes from.",
    )
    return "\n".join((*head, *(line for entry in options.items() for line in _entry(*entry)), ""))


def _entry(name: str, option: click.Option) -> tuple[str, ...]:
    default = PracticeSettings.__dataclass_fields__[name].default
    unset = default is None or default == ()
    value = _example(name, option) if unset else default
    told = " ".join(filter(None, (option.help, _limits(option), _UNSET if unset else None)))
    lines = textwrap.wrap(told, _WIDTH - 2)
    return ("", *(f"# {line}" for line in lines), f"# {name.replace('_', '-')} = {as_toml(value)}")


def _example(name: str, option: click.Option) -> Any:
    if isinstance(option.type, click.Choice) and name not in EXAMPLES:
        return next(iter(option.type.choices))
    return EXAMPLES[name]


def as_toml(value: object) -> str:
    """A setting's value as it is written in the file; "" for None."""
    if value is None:
        return ""
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(as_toml, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    # JSON's strings are TOML's: the same quotes and the same backslashes.
    return repr(value) if isinstance(value, int | float) else json.dumps(str(value), ensure_ascii=False)


def _limits(option: click.Option) -> str | None:
    """What the option takes, where that is a list or a range."""
    if isinstance(option.type, click.Choice):
        return f"One of: {', '.join(map(str, option.type.choices))}."
    if isinstance(option.type, click.IntRange | click.FloatRange):
        return f"From {option.type.min:g} to {option.type.max:g}."
    return None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _checked(path: Path, text: str, content: Mapping[str, Any], options: Options) -> SettingsFile:
    places = places_of(text)
    values, lines, faults = {}, {}, []
    for key, value in content.items():
        name, line = key.replace("-", "_"), places.get((key,))
        option = options.get(name)
        problem = _unknown(name, options) if option is None else fault_of(option, value)
        if problem is not None or option is None:
            faults.append(SettingFault(str(path), line or 0, _plain(key), problem or ""))
            continue
        values[name] = _listed(option, value)
        lines[name] = line or 0
    return SettingsFile(path, True, values, lines, tuple(faults))


def _unknown(name: str, options: Options) -> str:
    near = difflib.get_close_matches(name, options, n=1)
    if near:
        return f'no setting has this name; did you mean "{near[0].replace("_", "-")}"?'
    return "no setting has this name; `greenroom config` lists them all"


def _listed(option: click.Option, value: object) -> object:
    return [value] if option.multiple and not isinstance(value, list | tuple) else value


def _in_our_words(option: click.Option, value: object) -> str | None:
    """What click says of a number is about types; this is about what to write."""
    if not isinstance(option.type, click.types.IntParamType | click.types.FloatParamType):
        return None
    whole = isinstance(option.type, click.types.IntParamType)
    limits = (_limits(option) or "").rstrip(".").replace("From", "from", 1)
    return " ".join(f"{_shown(value)} is not {'a whole number' if whole else 'a number'} {limits}".split())


def _wrong_kind(option: click.Option, value: object) -> str | None:
    """What click would take for something else than was meant, or stumble over."""
    if option.multiple and isinstance(value, list):
        return next(filter(None, (_wrong_item(option, each) for each in value)), None)
    return _wrong_item(option, value)


def _wrong_item(option: click.Option, value: object) -> str | None:
    flag = option.is_flag or option.type is click.BOOL
    if flag:
        return None if isinstance(value, bool) else f"{_shown(value)} is not true or false"
    number = isinstance(option.type, click.types.IntParamType | click.types.FloatParamType)
    if isinstance(value, float) and not math.isfinite(value):
        return f"{_shown(value)} is not a number of anything"
    if isinstance(option.type, click.types.IntParamType) and isinstance(value, float):
        return f"{_shown(value)} is not a whole number"
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return f"{_shown(value)} is not {'a number' if number else 'a text in quotes'}"
    if isinstance(option.type, click.Path) and not isinstance(value, str):
        return f"{_shown(value)} is not a text in quotes"
    return None


def _check_meaning(name: str, value: Any) -> None:
    """What an option takes, and the interview would refuse. UserError says why."""
    if value is None:
        return
    if name == "patience":
        from greenroom.listening.patience import named_patience

        named_patience(value)
    elif name in ("level", "focus"):
        from greenroom.question_check import unknown
        from greenroom.records import LEVELS, SIGNALS

        known = LEVELS if name == "level" else SIGNALS
        if value not in known:
            raise BadInputError(unknown("signal" if name == "focus" else name, value, known))
    elif name == "voice":
        from greenroom.voices import AUTO, VOICES

        if value != AUTO and value.partition(":")[0] not in VOICES:
            raise BadInputError(f"no voice is named {value!r}; there are: auto, {', '.join(sorted(VOICES))}")


def _shown(value: object) -> str:
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    return _plain(as_toml(value))


def _plain(text: str, limit: int = _SHOWN_LENGTH) -> str:
    """Safe to print in a terminal, and not too long."""
    text = text[: limit + 1]  # before it is escaped: a value may be megabytes long
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"
