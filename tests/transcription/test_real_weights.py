"""The published weights in each form they may lie in: parts, a folder, a checkpoint; whole and damaged."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from greenroom.errors import EXIT_NO_MODEL, ModelError
from greenroom.installing import install_line
from greenroom.records import Clip
from greenroom.transcription import ENGINES, Transcriber, load_transcriber, openai_whisper, weight_files
from greenroom.transcription.weight_files import PACKAGES, find
from greenroom.transcription.weights import list_models, verify

pytestmark = pytest.mark.weights

BOTH = ENGINES["openai-whisper"].layouts


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache: what the person has downloaded must not stand in for the packages."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "whisper"


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], tuple[Path, ...]]:
    """Copies a model's package and has it found there: its files, which a test may then damage."""

    def copy(name: str) -> tuple[Path, ...]:
        modules = {module for module, _ in PACKAGES[name].files}
        for module in modules:
            source = weight_files._module_folder(module)
            assert source is not None
            shutil.copytree(source, tmp_path / module)
        monkeypatch.setattr(weight_files, "_module_folder", lambda module: tmp_path / module)
        return find(name, BOTH).files

    return copy


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """tiny.en as OpenAI's files are: float16, with its dimensions."""
    import torch

    model = openai_whisper._load(find("tiny.en", BOTH))
    state = {name: tensor.half() for name, tensor in model.state_dict().items()}
    path = tmp_path_factory.mktemp("checkpoint") / "mine.pt"
    torch.save({"dims": vars(model.dims), "model_state_dict": state}, path)
    yield path
    path.unlink()


@pytest.mark.parametrize("name", PACKAGES)
def test_the_installed_weights_are_the_published_ones(name: str) -> None:
    assert verify(name).startswith("verified, in ")
    listed = [info for info in list_models() if info.name == name]
    assert [(info.source, info.engines) for info in listed] == [("package", tuple(ENGINES))]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", PACKAGES)
def test_one_flipped_bit_stops_either_engine(
    copied: Callable[[str], tuple[Path, ...]], engine: str, name: str
) -> None:
    damaged = copied(name)[-1]
    with damaged.open("r+b") as file:
        file.seek(1_000_000)
        byte = file.read(1)[0]
        file.seek(1_000_000)
        file.write(bytes([byte ^ 1]))
    with pytest.raises(ModelError, match="damaged") as caught:
        load_transcriber(engine, name)
    assert caught.value.status == EXIT_NO_MODEL
    assert str(damaged) in caught.value.message


@pytest.mark.parametrize("engine", ENGINES)
def test_a_package_of_which_a_part_is_gone_is_missing(
    copied: Callable[[str], tuple[Path, ...]], engine: str
) -> None:
    copied("base")[-1].unlink()
    with pytest.raises(ModelError) as caught:
        load_transcriber(engine, "base")
    assert install_line("greenroom[weights]") in str(caught.value.hint)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_folder_is_a_model(engine: str, jfk: Clip) -> None:
    folder = find("tiny.en", BOTH).folder
    transcript = load_transcriber(engine, str(folder), threads=2).transcribe(jfk)
    assert "ask not what your country" in transcript.text
    assert transcript.model == folder.name


@pytest.mark.parametrize("engine", ENGINES)
def test_a_folder_with_half_a_model_is_refused(
    copied: Callable[[str], tuple[Path, ...]], engine: str
) -> None:
    model = copied("tiny.en")[0]
    with model.open("r+b") as file:
        file.truncate(model.stat().st_size // 2)
    with pytest.raises(ModelError, match="is not a model that") as caught:
        load_transcriber(engine, str(model.parent))
    assert "\n" not in caught.value.message


def test_a_folder_without_a_tokenizer_is_refused_before_a_hub_is_asked(
    copied: Callable[[str], tuple[Path, ...]],
) -> None:
    folder = copied("tiny.en")[0].parent
    (folder / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match=r"tokenizer\.json"):
        load_transcriber("faster-whisper", str(folder))


def test_a_checkpoint_of_openai_s_form_is_a_model(
    checkpoint: Path, jfk: Clip, transcriber_of: Callable[[str, str], Transcriber]
) -> None:
    transcript = load_transcriber("openai-whisper", str(checkpoint), threads=2).transcribe(jfk)
    assert transcript.text == transcriber_of("openai-whisper", "tiny.en").transcribe(jfk).text
    assert transcript.model == "mine.pt"


def test_a_checkpoint_in_the_cache_is_found_checked_and_timed_by_its_own_heads(
    checkpoint: Path,
    cache: Path,
    jfk: Clip,
    transcriber_of: Callable[[str, str], Transcriber],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import whisper

    cache.mkdir(parents=True)
    shutil.copy(checkpoint, cache / "tiny.en.pt")
    with pytest.raises(ModelError, match=r"tiny\.en\.pt"):
        load_transcriber("openai-whisper", "tiny.en")
    sha256 = weight_files.check_hash(find(str(checkpoint), BOTH))
    monkeypatch.setitem(whisper._MODELS, "tiny.en", f"https://models.invalid/{sha256}/tiny.en.pt")
    transcript = load_transcriber("openai-whisper", "tiny.en", threads=2).transcribe(jfk)
    assert transcript == transcriber_of("openai-whisper", "tiny.en").transcribe(jfk)


@pytest.mark.parametrize("body", [b"", b"not weights at all", b"\x80\x04N."], ids=["empty", "text", "pickle"])
def test_a_file_that_is_no_checkpoint_is_refused(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "mine.pt").write_bytes(body)
    with pytest.raises(ModelError, match=r"mine\.pt is not a model") as caught:
        load_transcriber("openai-whisper", str(tmp_path / "mine.pt"))
    assert "\n" not in caught.value.message


@pytest.mark.parametrize("name", PACKAGES)
def test_both_engines_time_words_by_the_same_heads(
    name: str, transcriber_of: Callable[[str, str], Transcriber]
) -> None:
    model: Any = transcriber_of("openai-whisper", name)._whisper  # type: ignore[attr-defined]
    config = json.loads((find(name, BOTH).folder / "config.json").read_text())
    assert model.alignment_heads.indices().T.tolist() == config["alignment_heads"]


def test_a_window_is_encoded_once_for_words_and_their_times(
    transcriber_of: Callable[[str, str], Transcriber], jfk: Clip
) -> None:
    transcriber = transcriber_of("openai-whisper", "tiny.en")
    model: Any = transcriber._whisper  # type: ignore[attr-defined]
    # Not as loud as in any other test: the last windows are remembered.
    quiet, quieter = Clip(jfk.samples * 0.55), Clip(jfk.samples * 0.45)
    encoded: list[object] = []
    hook = model.encoder.conv1.register_forward_hook(lambda *call: encoded.append(call))
    try:
        first, second = transcriber.transcribe(quieter), transcriber.transcribe(quiet)
    finally:
        hook.remove()
    assert len(encoded) == 2
    assert first.words[0].probability != second.words[0].probability
