"""All that the doctor looks at, in order; and whether an interview can be held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from greenroom.config import PracticeSettings
from greenroom.errors import EXIT_BAD_INPUT, EXIT_DONE, EXIT_NO_DEVICE, UserError
from greenroom.session import default_recordings
from greenroom.settings_file import Options, read_settings

from .findings import Finding, cures


@dataclass(frozen=True, slots=True)
class Summary:
    """Whether a spoken interview can be held: `status` is the exit status, `told` says it in a sentence."""

    status: int
    told: str


def examine(settings: PracticeSettings, options: Options | None) -> Iterator[Finding]:
    """Everything, one finding after the other as it becomes known; takes about 25 s in all.

    `options` are those of `greenroom practice`, for checking the settings file; None leaves that out.
    """
    from . import computer, sound, speech, speed, versions

    yield from versions.examine()
    if options is not None:
        yield _settings(options)
    yield from sound.examine(settings)
    yield from speech.examine_voices(settings)
    engines = []
    for finding in speech.examine_engines(settings):
        engines.append(finding)
        yield finding
    yield from speech.examine_readers(settings)
    yield from computer.examine(settings.recordings or default_recordings())
    if all(finding.stops is None for finding in engines):  # else there is nothing to measure
        yield from speed.examine(settings)


def summed_up(findings: Sequence[Finding]) -> Summary:
    """What stops an interview, the first thing first."""
    stopping = [finding for finding in findings if finding.stops is not None]
    if not stopping:
        return Summary(EXIT_DONE, "An interview can be held: greenroom practice")
    names = " and ".join(dict.fromkeys(finding.name for finding in stopping))
    told = f"A spoken interview cannot be held yet: see {names}."
    if all(finding.stops == EXIT_NO_DEVICE for finding in stopping):
        told += " A typed one can: greenroom practice --typed"
    return Summary(stopping[0].stops or EXIT_DONE, told)


def _settings(options: Options) -> Finding:
    try:
        found = read_settings(options)
    except UserError as error:
        return Finding("Settings", "file", "look here", error.message, cures("settings"), error.status)
    if not found.exists:
        return Finding("Settings", "file", "ok", f"none at {found.path}; every setting has its default")
    if found.faults:
        told = "; ".join(map(str, found.faults))
        return Finding("Settings", "file", "look here", told, cures("settings"), EXIT_BAD_INPUT)
    return Finding("Settings", "file", "ok", f"{found.path}, {len(found.values)} set")
