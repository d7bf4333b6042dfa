"""Listing, verifying and fetching, without the network: openai-whisper's download is replaced."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from pathlib import Path

import pytest
import whisper

from greenroom.errors import ModelError, UsageError
from greenroom.transcription import weight_files, weights

BODY = b"a model"
ADDRESS = f"https://models.invalid/{hashlib.sha256(BODY).hexdigest()}/small.pt"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setitem(whisper._MODELS, "small", ADDRESS)
    return tmp_path / "whisper"


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    asked: list[str] = []

    def download(address: str, root: str, in_memory: bool) -> str:
        asked.append(address)
        target = Path(root) / "small.pt"
        target.write_bytes(BODY)
        return str(target)

    monkeypatch.setattr(whisper, "_download", download)
    return asked


def test_what_is_fetched_lies_in_the_cache_and_verifies(cache: Path, downloads: list[str]) -> None:
    assert weights.fetch("small") == cache / "small.pt"
    assert (cache / "small.pt").read_bytes() == BODY
    assert weights.verify("small") == f"verified, in {cache}"
    assert list(cache.iterdir()) == [cache / "small.pt"]


def test_what_is_there_and_good_is_not_fetched_again(cache: Path, downloads: list[str]) -> None:
    weights.fetch("small")
    weights.fetch("small")
    assert downloads == [ADDRESS]


def test_what_is_damaged_is_fetched_again(cache: Path, downloads: list[str]) -> None:
    cache.mkdir()
    (cache / "small.pt").write_bytes(b"half of a mod")
    with pytest.raises(ModelError, match="damaged"):
        weights.verify("small")
    weights.fetch("small")
    assert (cache / "small.pt").read_bytes() == BODY


def test_a_download_that_breaks_off_leaves_nothing(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(address: str, root: str, in_memory: bool) -> str:
        (Path(root) / "small.pt").write_bytes(BODY[:3])
        raise ConnectionResetError("the line went dead")

    monkeypatch.setattr(whisper, "_download", broken)
    with pytest.raises(ModelError, match="the line went dead"):
        weights.fetch("small")
    assert list(cache.iterdir()) == []


def test_only_published_models_are_fetched() -> None:
    with pytest.raises(ModelError, match="bass"):
        weights.fetch("bass")


def test_every_model_is_listed_with_where_it_lies(cache: Path, downloads: list[str]) -> None:
    weights.fetch("small")
    listed = {info.name: info for info in weights.list_models() if info.source != "package"}
    small = listed["small"]
    assert (small.state, small.engines, small.size_bytes) == ("not checked", ("openai-whisper",), len(BODY))
    assert (listed["medium"].state, listed["medium"].engines) == ("missing", ())
    assert "greenroom models fetch medium" in str(listed["medium"])
    assert str(cache) in str(small)
    assert asdict(small)["parameters_millions"] == 244


def test_verifying_what_is_not_there_says_so() -> None:
    with pytest.raises(ModelError, match="not on this computer"):
        weights.verify("medium")


def test_locating_reads_nothing(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.mkdir()
    (cache / "medium.pt").touch()
    monkeypatch.setattr(weight_files, "_blocks", lambda weights: pytest.fail("the weights were read"))
    assert weights.locate("medium", "openai-whisper").source == "cache"
    with pytest.raises(ModelError):
        weights.locate("medium", "faster-whisper")
    with pytest.raises(UsageError):
        weights.locate("medium", "slower-whisper")
