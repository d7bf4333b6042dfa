"""What goes to whoever reads a session again: records that any process understands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from greenroom.records import Session


@dataclass(frozen=True, slots=True)
class Wanted:
    """How sessions are to be read.

    Attributes:
        engine, model: what transcribes their recordings; "" and "" where the words are kept as they are.
        rules: the fingerprint of the rules that are to read them; others refuse.
    """

    engine: str
    model: str
    rules: str

    @property
    def keeps_words(self) -> bool:
        return not self.engine

    @property
    def model_name(self) -> str:
        """What the model goes by: of a path only the last part, which says nothing of the computer."""
        return Path(self.model).name


def keeping_words(wanted: Wanted) -> Wanted:
    """The same without transcribing anything."""
    return replace(wanted, engine="", model="")


@dataclass(frozen=True, slots=True)
class Job:
    """One session with its sound, so that whoever works on it needs no disk in common.

    Attributes:
        sounds: by number of the turn its recording: 16-bit little-endian samples, 16 kHz, mono. A turn whose
            recording is not there, or is not wanted, has none.
        threads: processor threads for Whisper; None for what suits one reader alone.
    """

    session: Session = field(repr=False)  # what was said stands in no log, wherever a job fails
    wanted: Wanted
    sounds: Mapping[int, bytes] = field(default_factory=dict, repr=False)
    threads: int | None = None
