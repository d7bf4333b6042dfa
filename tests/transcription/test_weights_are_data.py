"""Weights are read as data: a file that would run a program where it is unpickled is refused."""

from __future__ import annotations

import io
import json
import os
import pickle
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from greenroom.errors import EXIT_NO_MODEL, ModelError
from greenroom.transcription import load_transcriber, openai_whisper, weight_files
from greenroom.transcription.weight_files import find

pytestmark = pytest.mark.weights

JFK = Path(__file__).parent.parent / "data" / "jfk.flac"


class Hostile:
    """Its pickle makes a file where it is loaded carelessly."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.mark),)


def bare(mark: Path) -> bytes:
    return pickle.dumps(Hostile(mark), protocol=2)


def among_weights(mark: Path) -> bytes:
    return pickle.dumps({"dims": {"n_mels": 80}, "model_state_dict": Hostile(mark)}, protocol=2)


def zipped(mark: Path) -> bytes:
    """As torch.save writes since 1.6."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("archive/data.pkl", among_weights(mark))
        archive.writestr("archive/version", "3")
        archive.writestr("archive/byteorder", "little")
    return file.getvalue()


def script(mark: Path) -> bytes:
    """As TorchScript: a zip with constants.pkl and code."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("data.pkl", "constants.pkl"):
            archive.writestr(f"archive/{name}", among_weights(mark))
        archive.writestr("archive/code/__torch__.py", f"import os\nos.mkdir({str(mark)!r})\n")
        archive.writestr("archive/version", "3")
    return file.getvalue()


def tarred(mark: Path) -> bytes:
    """As torch.save wrote until 0.1.10."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name in ("storages", "tensors", "pickle"):
            entry = tarfile.TarInfo(name)
            entry.size = len(bare(mark))
            archive.addfile(entry, io.BytesIO(bare(mark)))
    return file.getvalue()


def legacy(mark: Path) -> bytes:
    """As torch.save wrote until 1.5: a magic number, a protocol, the system, the object."""
    parts = (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True})
    return b"".join(pickle.dumps(part, protocol=2) for part in parts) + among_weights(mark)


HOSTILE = (bare, among_weights, zipped, script, tarred, legacy)


def refused(engine: str, model: Path) -> str:
    with pytest.raises(ModelError) as caught:
        load_transcriber(engine, str(model))
    assert "\n" not in caught.value.message
    assert "is not a model that" in caught.value.message
    return caught.value.message


@pytest.mark.parametrize("body", HOSTILE)
def test_these_would_do_harm(body: Callable[[Path], bytes], tmp_path: Path) -> None:
    """The pickles themselves do what they are for, or the tests below would show nothing."""
    if body in (bare, among_weights):
        pickle.loads(body(tmp_path / "mark"))
    elif body in (zipped, legacy):
        import torch

        path = tmp_path / "evil.pt"
        path.write_bytes(body(tmp_path / "mark"))
        with pytest.raises((RuntimeError, AttributeError, EOFError)) if body is legacy else _nothing():
            torch.load(path, weights_only=False)
    else:
        assert str(tmp_path / "mark").encode() in body(tmp_path / "mark")
        return
    assert (tmp_path / "mark").is_dir()


def _nothing() -> Any:
    from contextlib import nullcontext

    return nullcontext()


@pytest.mark.parametrize("body", HOSTILE)
def test_no_checkpoint_runs(body: Callable[[Path], bytes], tmp_path: Path) -> None:
    (tmp_path / "evil.pt").write_bytes(body(tmp_path / "mark"))
    refused("openai-whisper", tmp_path / "evil.pt")
    assert not (tmp_path / "mark").exists()


@pytest.mark.parametrize("engine", ["openai-whisper", "faster-whisper"])
@pytest.mark.parametrize("body", HOSTILE)
def test_no_folder_runs(engine: str, body: Callable[[Path], bytes], tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text("{}")
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "model.bin").write_bytes(body(tmp_path / "mark"))
    refused(engine, tmp_path)
    assert not (tmp_path / "mark").exists()


@pytest.mark.parametrize("companion", ["tokenizer.json", "config.json", "preprocessor_config.json"])
@pytest.mark.parametrize("body", [bare, lambda _: b"[]"])
def test_what_lies_beside_a_good_model_is_data_too(
    companion: str, body: Callable[[Path], bytes], tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(find("tiny.en", ("ctranslate2",)).folder, folder)
    (folder / companion).write_bytes(body(tmp_path / "mark"))
    try:
        load_transcriber("faster-whisper", str(folder))
    except ModelError as error:
        assert "\n" not in error.message
    assert not (tmp_path / "mark").exists()


@pytest.mark.parametrize(
    "dims",
    [
        {"n_vocab": 10**12},
        {"n_audio_layer": 10**6},
        {"n_mels": -1},
        {"n_text_ctx": "448"},
        {"n_mels": None},
        None,
    ],
)
def test_what_claims_to_be_too_large_is_not_built(dims: dict[str, Any] | None, tmp_path: Path) -> None:
    import torch

    good = dict.fromkeys(openai_whisper._LARGEST, 1)
    checkpoint = {"dims": None if dims is None else good | dims, "model_state_dict": {}}
    torch.save(checkpoint, tmp_path / "large.pt")
    refused("openai-whisper", tmp_path / "large.pt")


def test_a_hash_is_checked_before_anything_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "whisper").mkdir()
    (tmp_path / "whisper" / "tiny.pt").write_bytes(zipped(tmp_path / "mark"))

    def load(*_: object, **__: object) -> None:
        raise AssertionError("loaded before it was checked")

    monkeypatch.setattr(torch, "load", load)
    assert weight_files.find("tiny", ("openai",)).source == "cache"
    with pytest.raises(ModelError, match="damaged"):
        load_transcriber("openai-whisper", "tiny")


@pytest.mark.parametrize("engine", ["openai-whisper", "faster-whisper"])
def test_from_the_command_line_it_is_one_line(engine: str, tmp_path: Path) -> None:
    (tmp_path / "evil").mkdir()
    (tmp_path / "evil" / "tokenizer.json").write_text(json.dumps({}))
    (tmp_path / "evil" / "model.bin").write_bytes(bare(tmp_path / "mark"))
    (tmp_path / "evil.pt").write_bytes(zipped(tmp_path / "mark"))
    model = tmp_path / ("evil.pt" if engine == "openai-whisper" else "evil")
    command = ["-m", "greenroom", "analyze", str(JFK), "--engine", engine, "--model", str(model)]
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)
    assert done.returncode == EXIT_NO_MODEL, done.stderr
    assert len([line for line in done.stderr.splitlines() if line.startswith("error: ")]) == 1
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "mark").exists()
