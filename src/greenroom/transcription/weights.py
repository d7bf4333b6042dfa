"""Whisper's weights as a person meets them: which there are, where they lie, fetched and verified."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from greenroom.errors import ModelError
from greenroom.transcription import ENGINES, find_engine
from greenroom.transcription.weight_files import (
    MODELS,
    Weights,
    cache_folder,
    check_hash,
    find,
    find_all,
    install_hint,
)

State = Literal["missing", "not checked", "verified"]


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """One published model in one place where it lies, or nowhere.

    Attributes:
        engines: that can run it from here; none if it is missing.
        source: "cache" (openai-whisper's downloads) or "package" (installed); None if it is missing.
        state: of its hash; a damaged one is an error of `verify`.
    """

    name: str
    parameters_millions: int
    state: State
    engines: tuple[str, ...] = ()
    source: str | None = None
    files: tuple[Path, ...] = ()
    size_bytes: int | None = None

    def __str__(self) -> str:
        size = f"{self.name:<15}{self.parameters_millions:>5} M parameters"
        if self.size_bytes is None:
            return f"{size}  not here: {install_hint(self.name)}"
        where = f"{self.size_bytes / 1e6:,.0f} MB in {self.files[0].parent}"
        return f"{size}  {where} ({self.source}, {self.state}; {', '.join(self.engines)})"


def locate(model: str, engine: str) -> Weights:
    """Where `engine` would load `model` from; quick, nothing is read or imported.

    Raises:
        UsageError: no engine has that name.
        ModelError: the engine's library is not installed, or the weights are not here.
    """
    return find(model, find_engine(engine).layouts)


def list_models() -> tuple[ModelInfo, ...]:
    """Every published model, once for each place where it lies; hashes are not checked."""
    return tuple(info for name in MODELS for info in _infos(name))


def verify(name: str) -> str:
    """Reads every copy of the published model `name` through; says "verified" and where they lie.

    Raises:
        ModelError: there is none, or one is damaged.
    """
    copies = tuple(find_all(name)) or (find(name, ("openai", "ctranslate2")),)
    for weights in copies:
        check_hash(weights)
    return "verified, in " + " and ".join(str(weights.folder) for weights in copies)


def fetch(name: str) -> Path:
    """Downloads the published model `name` into openai-whisper's cache, unless a good copy lies there.

    The download is openai-whisper's own, from OpenAI's address and checked against the hash in it. It goes
    to a folder of its own first, so that an interrupted one leaves nothing that looks like a model.

    Raises:
        ModelError: no model has that name, or the download did not succeed.
    """
    if name not in MODELS:
        raise ModelError(f'no Whisper model is called "{name}"', f"one of these: {', '.join(MODELS)}")
    target = cache_folder() / MODELS[name].cache_file
    if not _good(name):
        _download(name, target)
    return target


def _good(name: str) -> bool:
    cached = next((weights for weights in find_all(name) if weights.source == "cache"), None)
    try:
        return cached is not None and bool(check_hash(cached))
    except ModelError:
        return False


def _download(name: str, target: Path) -> None:
    import whisper

    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        try:
            # whisper.load_model would download too, but also build the model.
            downloaded = whisper._download(whisper._MODELS[name], folder, False)
        except (OSError, RuntimeError) as error:
            raise ModelError(f"{name} could not be downloaded: {error}", install_hint(name)) from error
        Path(downloaded).replace(target)


def _infos(name: str) -> Iterator[ModelInfo]:
    size = MODELS[name].parameters_millions
    found = tuple(find_all(name))
    if not found:
        yield ModelInfo(name, size, "missing")
    for weights in found:
        engines = tuple(engine for engine, entry in ENGINES.items() if weights.layout in entry.layouts)
        yield ModelInfo(name, size, "not checked", engines, weights.source, weights.files, weights.size_bytes)
