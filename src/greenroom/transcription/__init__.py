"""Speech to words with times, by Whisper, on this computer.

Two engines run the same models behind one protocol. A new engine is one file and one line in `ENGINES`.
Nothing here reaches for the network; only `weights.fetch` does, when a person asks for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, cast

from greenroom.errors import ModelError, UsageError
from greenroom.installing import install_line
from greenroom.records import Clip, Transcript
from greenroom.transcription.weight_files import Layout

DEFAULT_ENGINE = "openai-whisper"
DEFAULT_MODEL = "base"


class Transcriber(Protocol):
    """A loaded model that turns a clip into words.

    Attributes:
        engine: its name in `ENGINES`.
        model: the name it was asked for by; of a path, only the last part.
    """

    @property
    def engine(self) -> str: ...
    @property
    def model(self) -> str: ...

    def transcribe(self, clip: Clip, *, offset: float = 0.0) -> Transcript:
        """The words of `clip` (16 kHz mono), in order, with times inside the clip plus `offset` (s).

        A clip without speech gives a transcript without words. One call runs at a time; others wait.

        Raises:
            ValueError: the clip is not at 16 kHz.
        """
        ...

    def transcribe_verbatim(self, clip: Clip, *, offset: float = 0.0) -> Transcript:
        """The same words with the filled pauses ("um", "uh") between them, of a clip of up to 30 s.

        Cheap where the clip is one of the last that `transcribe` was given; else it does that first. Of each
        filled pause that was added, the probability is how likely it was said; under `verbatim.LEAST` (0.15)
        it is a doubt that the sound has to decide, and its time is that between the words around it.

        Raises:
            ValueError: the clip is not at 16 kHz, or longer than 30 s.
        """
        ...

    def close(self) -> None:
        """Give back what it holds; it transcribes nothing from then on. Harmless when done twice."""
        ...


@dataclass(frozen=True, slots=True)
class Engine:
    """Where an engine lives.

    Attributes:
        module, class_name: in this package; imported when it is loaded.
        library: the module it needs; pip brings it as `requirement`.
        layouts: of weights, that it can read.
    """

    module: str
    class_name: str
    library: str
    requirement: str
    layouts: tuple[Layout, ...]


ENGINES = {
    "openai-whisper": Engine(
        "greenroom.transcription.openai_whisper",
        "OpenAIWhisper",
        "whisper",
        "openai-whisper",
        ("openai", "ctranslate2"),
    ),
    "faster-whisper": Engine(
        "greenroom.transcription.faster_whisper",
        "FasterWhisper",
        "faster_whisper",
        "greenroom[faster]",
        ("ctranslate2",),
    ),
}


def load_transcriber(
    engine: str = DEFAULT_ENGINE, model: str = DEFAULT_MODEL, *, threads: int | None = None
) -> Transcriber:
    """Loads `model`, a name or a path, into `engine`; 2 to 5 s, so done in a worker.

    Args:
        threads: processor threads to use; None for all of them, up to eight.

    Raises:
        UsageError: no engine has that name.
        ModelError: the engine's library or the weights are missing or damaged.
    """
    entry = find_engine(engine)
    loaded = getattr(import_module(entry.module), entry.class_name)(model, threads)
    return cast(Transcriber, loaded)


def find_engine(name: str) -> Engine:
    """The entry of an engine that can run here.

    Raises:
        UsageError: no engine has that name.
        ModelError: its library is not installed.
    """
    entry = ENGINES.get(name)
    if entry is None:
        raise UsageError(f'no engine is called "{name}"', f"one of these: {', '.join(ENGINES)}")
    if find_spec(entry.library) is None:
        raise ModelError(f"{name} is not installed", install_line(entry.requirement))
    return entry
