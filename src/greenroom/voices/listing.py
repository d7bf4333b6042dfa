"""What can speak here: every voice with what is known of it, and how to get those that are not here."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from greenroom.errors import ModelError
from greenroom.voices import AUTO, check_name
from greenroom.voices.piper_models import (
    ENGINE_LICENCE,
    MODEL,
    VOICE_LICENCE,
    PiperModel,
    find_piper,
)
from greenroom.voices.pyttsx3_voice import load_pyttsx3

_SYSTEM_LICENCE = (
    "of the operating system" if sys.platform in ("win32", "darwin") else "GPL-3.0-or-later (espeak-ng)"
)

_OTHER_ALPHABETS = {"en-shaw"}
"""English that is not written in Latin letters, which these voices could not read."""


@dataclass(frozen=True, slots=True)
class ListedVoice:
    """One voice.

    Attributes:
        name: what `--voice` takes.
        speaker: what the engine calls it; "" where it has no name of its own.
        language, gender: "" where they are not known.
        licence: of the voice; `engine_licence`: of the program that speaks with it.
        here: whether it can be used; `hint`: how to get it where it cannot.
        chosen: whether it asks, with the settings as they are.
    """

    name: str
    engine: str
    speaker: str
    language: str = ""
    gender: str = ""
    licence: str = ""
    engine_licence: str = ""
    here: bool = True
    hint: str | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class VoiceList:
    """All voices, and which one asks.

    Attributes:
        chosen: its name; None where the one that is wanted is not here. `why`: in a few words.
        rate_wpm: words a minute that are asked of it.
    """

    voices: tuple[ListedVoice, ...]
    wanted: str
    chosen: str | None
    why: str
    rate_wpm: int


def list_voices(wanted: str, rate_wpm: int) -> VoiceList:
    """All voices; `wanted` is the name that the settings give.

    Raises:
        UsageError: no voice has that name.
    """
    check_name(wanted)
    found = [*_piper(wanted), *_system(), _silent()]
    here = {each.engine for each in found if each.here}
    if wanted == AUTO:
        chosen = next((each.name for each in found if each.here), None)
        why = _why_auto(here)
    else:
        chosen = wanted if any(each.here and _meant(wanted, each) for each in found) else None
        why = "it was named" if chosen else "it was named, and is not here"
    # The first that fits: an engine's own name means its usual voice.
    first = next((each for each in found if chosen and each.here and _meant(chosen, each)), None)
    listed = tuple(replace(each, chosen=each is first) for each in found)
    return VoiceList(listed, wanted, chosen, why, rate_wpm)


def lines_of(found: VoiceList) -> Iterator[str]:
    """The list in plain words."""
    rows = [_row(each) for each in found.voices]
    widths = [max(map(len, column)) for column in zip(_HEAD, *rows, strict=True)]
    yield "  ".join(map(str.ljust, _HEAD, widths)).rstrip()
    for each, row in zip(found.voices, rows, strict=True):
        yield "  ".join(map(str.ljust, row, widths)).rstrip()
        if each.hint is not None:
            yield f"    to get it: {each.hint}"
    yield ""
    if found.chosen is None:
        yield f"{found.wanted} would ask: {found.why}."
    else:
        yield f"{found.chosen} asks, at {found.rate_wpm} words a minute: {found.why}."
    yield "Hear one: greenroom voices say --voice NAME"


_HEAD = ("  voice", "who", "gender", "licence")


def _row(each: ListedVoice) -> tuple[str, ...]:
    licence = each.licence if each.here else "not here"
    return (f"{'* ' if each.chosen else '  '}{each.name}", each.speaker, each.gender, licence)


def as_data(found: VoiceList) -> dict[str, Any]:
    """All of it for JSON."""
    return asdict(found)


def _piper(wanted: str) -> Iterator[ListedVoice]:
    name = MODEL.removesuffix(".onnx")
    try:
        yield _of_piper("piper", find_piper(), gender="male")
    except ModelError as error:
        yield ListedVoice(
            "piper", "piper", name, "en-us", "male", VOICE_LICENCE, ENGINE_LICENCE, False, error.hint
        )
    _, _, path = wanted.partition("piper:")
    if path:
        try:
            yield _of_piper(wanted, find_piper(path))
        except ModelError as error:
            yield ListedVoice(wanted, "piper", Path(path).stem, here=False, hint=error.hint)


def _of_piper(name: str, model: PiperModel, gender: str = "") -> ListedVoice:
    return ListedVoice(
        name, "piper", model.name, model.language(), gender, model.licence or "not known", ENGINE_LICENCE
    )


def _system() -> Iterator[ListedVoice]:
    try:
        engine = load_pyttsx3()
        voices = engine.voices()
    except ModelError as error:
        yield ListedVoice("pyttsx3", "pyttsx3", "", here=False, hint=error.hint)
        return
    yield ListedVoice("pyttsx3", "pyttsx3", "its English voice", "", "", _SYSTEM_LICENCE, _SYSTEM_LICENCE)
    for each in voices:
        if each["language"] in _OTHER_ALPHABETS:
            continue
        which = each["language"] or each["name"]
        yield ListedVoice(
            f"pyttsx3:{which}",
            "pyttsx3",
            each["name"],
            each["language"],
            each["gender"],
            _SYSTEM_LICENCE,
            _SYSTEM_LICENCE,
        )


def _silent() -> ListedVoice:
    return ListedVoice("silent", "silent", "nobody: you read along")


def _meant(wanted: str, each: ListedVoice) -> bool:
    """Whether it is what `wanted` names; the engine finds one of many by part of its name."""
    engine, _, which = wanted.partition(":")
    if engine != each.engine or engine == "piper":
        return wanted == each.name
    return not which or which.lower() in f"{each.speaker} {each.language}".lower()


def _why_auto(here: set[str]) -> str:
    if "piper" in here:
        return "the most natural voice that is installed"
    return "piper is not installed" if "pyttsx3" in here else "no voice is here, so you read along"
