"""What a check found, as lines for the person and as JSON."""

from __future__ import annotations

import json
import textwrap
from dataclasses import asdict
from typing import Any

from greenroom.checking.advice import advice_for, advice_here
from greenroom.checking.diagnosis import Diagnosis, Measured, diagnose
from greenroom.checking.listening_check import Checked
from greenroom.errors import EXIT_DONE, EXIT_NO_DEVICE, EXIT_NO_MODEL

WIDTH = 80
_INDENT = " " * 12

_ALL_WELL = "All is well: an interview can be held. To begin: greenroom practice"
_WELL_ENOUGH = "Well enough: an interview can be held, and would be better without this:"
_NOT_YET = "Not yet: an interview cannot be held aloud. (greenroom practice --typed needs no microphone.)"
_LEFT = "You left before the end, so not all of it was looked at."
_NOTHING_KEPT = "Nothing of this was kept."


def status_of(checked: Checked) -> int:
    """The exit status: EXIT_DONE where an interview can be held, or what keeps it from being held."""
    in_the_way = [each.kind for each in diagnose(checked.measured) if each.weight == "in the way"]
    if not in_the_way:
        return EXIT_DONE
    return EXIT_NO_MODEL if set(in_the_way) == {"no_model"} else EXIT_NO_DEVICE


def lines_of(checked: Checked) -> tuple[str, ...]:
    """The verdict, and each diagnosis with what to do about it on this system."""
    found = diagnose(checked.measured)
    status = status_of(checked)
    verdict = _NOT_YET if status else _WELL_ENOUGH if found else _ALL_WELL
    if checked.left and not status:
        verdict = _LEFT
    told = [line for each in found for line in _told(each)]
    return (*textwrap.wrap(verdict, WIDTH), *told, _NOTHING_KEPT)


def json_of(checked: Checked) -> str:
    """All that was measured and found, with what to do on every system, as one line of JSON."""
    measured = checked.measured
    told: dict[str, Any] = {
        "can_be_held": not status_of(checked),
        "complete": not checked.left,
        "microphone": _or_none(measured.microphone),
        "loudspeaker": _or_none(measured.loudspeaker),
        "measured": _numbers(measured),
        "understood": measured.understood,
        "findings": [{**asdict(each), "do": advice_for(each.kind, each.hint)} for each in diagnose(measured)],
    }
    return json.dumps(told, ensure_ascii=False)


def _numbers(measured: Measured) -> dict[str, Any]:
    """The levels in dB of full scale, the others as their records say."""
    return {
        "snr_db": _rounded(measured.snr_db),
        "room": _or_none(measured.room),
        "speech": _or_none(measured.speech),
        "echo": _or_none(measured.echo),
        "complete": measured.complete,
    }


def _or_none(record: Any) -> dict[str, Any] | None:
    return None if record is None else {name: _rounded(value) for name, value in asdict(record).items()}


def _rounded(value: Any) -> Any:
    return round(value, 3) if isinstance(value, float) else value


def _told(each: Diagnosis) -> list[str]:
    head = f"{each.weight:<{len(_INDENT)}}"
    return [
        *textwrap.wrap(each.message, WIDTH, initial_indent=head, subsequent_indent=_INDENT),
        *textwrap.wrap(
            advice_here(each.kind, each.hint),
            WIDTH,
            initial_indent=f"{_INDENT}> ",
            subsequent_indent=f"{_INDENT}  ",
        ),
    ]
