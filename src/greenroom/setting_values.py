"""What is in force for each setting, and where it comes from; `greenroom config` shows it."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import click

from greenroom.config import PracticeSettings
from greenroom.settings_file import Options, SettingFault, SettingsFile, as_toml, fault_of

Origin = Literal["environment", "file", "default"]

OTHER_VARIABLES = ("GREENROOM_CONFIG", "GREENROOM_VENV", "GREENROOM_SCRIPT_RESTARTED", "GREENROOM_AUDIO")
"""Environment variables that are no settings: where the settings file is; of the scripts and the tests."""

_PREFIX = "GREENROOM_"

_NEAR = 0.85
"""How near (difflib's ratio) a variable's name is to a known one that was meant. All begin alike, so that
difflib's own 0.6 would take any for any."""


@dataclass(frozen=True, slots=True)
class SettingValue:
    """One setting as an interview that is begun now would have it.

    Attributes:
        name: as in the settings file and, behind two dashes, on the command line.
        value: plain values: texts, numbers, lists of texts; None where it is not set.
        line: of the settings file, where it comes from there.
        variable: its environment variable, whether it is set or not.
    """

    name: str
    value: Any
    origin: Origin
    line: int | None
    variable: str
    default: Any
    help: str

    def told_origin(self) -> str:
        """Where it comes from, in a word or two."""
        if self.origin == "environment":
            return self.variable
        return f"file, line {self.line}" if self.origin == "file" else "default"


@dataclass(frozen=True, slots=True)
class SettingValues:
    """All settings; `faults` are those of the file and of the environment."""

    file: SettingsFile
    values: tuple[SettingValue, ...]
    faults: tuple[SettingFault, ...] = field(default=())


def setting_values(
    file: SettingsFile, options: Options, environment: Mapping[str, str] = os.environ
) -> SettingValues:
    """Every setting's value by the order that every command keeps: environment over file over default.

    A value with a fault is left out, and the next in that order is shown; an interview would refuse to begin.
    """
    values, faults = [], []
    for name, option in options.items():
        variable = str(option.envvar)
        given = environment.get(variable) or None  # an empty variable counts as none, as for click
        if given is not None and (problem := _variable_fault(option, given)) is not None:
            faults.append(SettingFault(variable, None, variable, problem))
            given = None
        values.append(_value(name, option, file, variable, given))
    unknown = tuple(_unknown_variables(options, environment))
    return SettingValues(file, tuple(values), (*file.faults, *faults, *unknown))


def lines_of(found: SettingValues) -> Iterator[str]:
    """The table in plain words; what differs from the default says where it comes from."""
    if found.file.exists:
        yield f"Settings file: {found.file.path}"
    else:
        yield f"Settings file: none at {found.file.path}"
        yield "               (greenroom config --write begins one)"
    yield ""
    yield f"{'setting':<13} {'value':<31} comes from"
    for each in found.values:
        shown = "(not set)" if each.value in (None, []) else as_toml(each.value)
        # A value that is too long for its column has a line for itself.
        between = f"\n{'':<45} " if len(shown) > 31 else " " * (32 - len(shown))
        yield from f"{each.name:<13} {shown}{between}{each.told_origin()}".split("\n")


def as_data(found: SettingValues) -> dict[str, Any]:
    """All of it for JSON."""
    return {
        "file": str(found.file.path),
        "exists": found.file.exists,
        "settings": [
            {
                "name": each.name,
                "value": each.value,
                "from": each.origin,
                "file": str(found.file.path) if each.origin == "file" else None,
                "line": each.line,
                "variable": each.variable,
                "default": each.default,
                "help": each.help,
            }
            for each in found.values
        ],
        "faults": [str(fault) for fault in found.faults],
    }


def _value(
    name: str, option: click.Option, file: SettingsFile, variable: str, given: str | None
) -> SettingValue:
    default = PracticeSettings.__dataclass_fields__[name].default
    origin: Origin = "environment" if given is not None else "file" if name in file.values else "default"
    raw = _of_variable(option, given) if given is not None else file.values.get(name, default)
    return SettingValue(
        name.replace("_", "-"),
        _plain(option, raw),
        origin,
        file.lines[name] if origin == "file" else None,
        variable,
        _plain(option, default),
        option.help or "",
    )


def _plain(option: click.Option, raw: object) -> Any:
    """The value as the interview gets it, in what JSON knows."""
    with click.Context(click.Command("practice")) as context:
        value = option.type_cast_value(context, raw)
    if isinstance(value, tuple):
        return [str(each) for each in value]
    return str(value) if isinstance(value, Path) else value


def _of_variable(option: click.Option, given: str) -> object:
    # Several values in one variable: click's own rule, which parts them at spaces.
    return option.type.split_envvar_value(given) if option.multiple else given


def _variable_fault(option: click.Option, given: str) -> str | None:
    if option.is_flag or option.type is click.BOOL:
        try:
            option.type.convert(given, option, None)
        except click.BadParameter:
            return f'"{given}" is not true or false (1 or 0)'
        return None
    return fault_of(option, list(_of_variable(option, given)) if option.multiple else given)  # type: ignore[call-overload]


def _unknown_variables(options: Options, environment: Mapping[str, str]) -> Iterator[SettingFault]:
    known = [*(str(option.envvar) for option in options.values()), *OTHER_VARIABLES]
    for variable in environment:
        if variable.startswith(_PREFIX) and variable not in known:
            # One that is near to none is somebody else's, of a script around greenroom perhaps.
            for near in difflib.get_close_matches(variable, known, n=1, cutoff=_NEAR):
                yield SettingFault(
                    variable, None, variable, f"no setting has this name; did you mean {near}?"
                )
