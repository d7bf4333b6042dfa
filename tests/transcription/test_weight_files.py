"""Where weights are looked for, in which order, and what is said of those that are missing or damaged."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import tomlkit

from greenroom.errors import EXIT_NO_MODEL, ModelError
from greenroom.installing import install_line
from greenroom.transcription import ENGINES, weight_files
from greenroom.transcription.weight_files import (
    MODELS,
    PACKAGES,
    Package,
    Weights,
    cache_folder,
    check_hash,
    find,
    find_all,
    openai_sha256,
    read_joined,
)

ROOT = Path(__file__).parents[2]
BOTH = ENGINES["openai-whisper"].layouts
CTRANSLATE2 = ENGINES["faster-whisper"].layouts
PARTS = (b"first half, ", b"second half")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """openai-whisper's cache, empty, and nowhere else."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "cache" / "whisper"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two installed modules that carry "base" in two parts, and nothing that may be run."""
    for number, part in enumerate(PARTS, 1):
        data = tmp_path / "site" / f"weights_part{number}" / "data"
        data.mkdir(parents=True)
        (data.parent / "__init__.py").write_text("raise AssertionError('a weights package was run')")
        (data / f"model.bin.part{number}").write_bytes(part)
    files = tuple((f"weights_part{n}", f"data/model.bin.part{n}") for n in (1, 2))
    sha256 = hashlib.sha256(b"".join(PARTS)).hexdigest()
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    base = Package(files, sha256, "greenroom[weights]", ("weights-part1==1.0", "weights-part2==1.0"))
    monkeypatch.setattr(weight_files, "PACKAGES", {"base": base})
    return tmp_path / "site"


@pytest.fixture
def no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = {
        name: replace(entry, files=(("a_module_that_is_not_here", "model.bin"),))
        for name, entry in PACKAGES.items()
    }
    monkeypatch.setattr(weight_files, "PACKAGES", absent)


def test_the_package_serves_both_engines(package: Path) -> None:
    for layouts in (BOTH, CTRANSLATE2):
        weights = find("base", layouts)
        assert (weights.source, weights.layout) == ("package", "ctranslate2")
        assert [file.name for file in weights.files] == ["model.bin.part1", "model.bin.part2"]


def test_the_cache_comes_before_the_package_where_the_engine_can_read_it(package: Path, cache: Path) -> None:
    (cache / "base.pt").write_bytes(b"weights")
    assert find("base", BOTH).source == "cache"
    assert find("base", CTRANSLATE2).source == "package"
    assert [weights.source for weights in find_all("base")] == ["cache", "package"]


def test_a_path_is_taken_as_it_is(package: Path, tmp_path: Path) -> None:
    checkpoint = tmp_path / "base.pt"
    checkpoint.write_bytes(b"weights")
    weights = find(str(checkpoint), BOTH)
    assert (weights.source, weights.layout, weights.name) == ("path", "openai", "base.pt")
    assert weights.published_sha256() is None


def test_a_folder_is_taken_where_it_holds_a_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no model\.bin"):
        find(str(tmp_path), CTRANSLATE2)
    (tmp_path / "model.bin").write_bytes(b"weights")
    assert find(str(tmp_path), CTRANSLATE2).files == (tmp_path / "model.bin",)


def test_a_path_of_the_other_layout_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.pt").write_bytes(b"weights")
    with pytest.raises(ModelError, match="not a CTranslate2 folder"):
        find(str(tmp_path / "mine.pt"), CTRANSLATE2)


def test_a_path_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"nowhere\.pt"):
        find(str(tmp_path / "nowhere.pt"), BOTH)


@pytest.mark.usefixtures("no_package")
@pytest.mark.parametrize("layouts", [BOTH, CTRANSLATE2])
def test_missing_weights_come_with_what_brings_them(layouts: tuple[weight_files.Layout, ...]) -> None:
    with pytest.raises(ModelError) as caught:
        find("base", layouts)
    assert caught.value.status == EXIT_NO_MODEL
    assert caught.value.hint is not None
    assert install_line("greenroom[weights]") in caught.value.hint
    assert ("greenroom models fetch base" in caught.value.hint) == (layouts == BOTH)


def test_one_part_alone_is_no_package(package: Path) -> None:
    (package / "weights_part2" / "data" / "model.bin.part2").unlink()
    assert list(find_all("base")) == []


def test_an_unknown_name_comes_with_the_known() -> None:
    with pytest.raises(ModelError, match='no Whisper model is called "bass"') as caught:
        find("bass", BOTH)
    assert "base" in str(caught.value.hint)


def test_parts_are_joined_in_order(package: Path) -> None:
    weights = find("base", BOTH)
    assert read_joined(weights) == b"".join(PARTS)
    assert check_hash(weights) == hashlib.sha256(b"".join(PARTS)).hexdigest()
    assert weights.size_bytes == len(b"".join(PARTS))


@pytest.mark.parametrize("read", [read_joined, check_hash])
def test_one_changed_byte_is_noticed_and_the_file_named(
    package: Path, read: Callable[[Weights], object]
) -> None:
    part = package / "weights_part2" / "data" / "model.bin.part2"
    part.write_bytes(b"Second half")
    with pytest.raises(ModelError, match="damaged") as caught:
        read(find("base", BOTH))
    assert str(part) in caught.value.message
    assert caught.value.hint == install_line("weights-part1==1.0", "weights-part2==1.0", again=True)


def test_a_package_is_repaired_by_what_its_extra_brings() -> None:
    project = tomlkit.parse((ROOT / "pyproject.toml").read_text()).unwrap()["project"]
    extras = project["optional-dependencies"]
    for package in weight_files.PACKAGES.values():
        assert package.distributions == tuple(extras[package.requirement[len("greenroom[") : -1]])


def test_a_damaged_download_is_noticed(cache: Path) -> None:
    (cache / "tiny.pt").write_bytes(b"half of a download")
    with pytest.raises(ModelError, match=r"tiny\.pt") as caught:
        check_hash(find("tiny", BOTH))
    assert caught.value.hint == "greenroom models fetch tiny"


def test_a_file_that_goes_while_it_is_read_is_named(tmp_path: Path) -> None:
    gone = Weights("mine", "path", "openai", (tmp_path / "gone.pt",))
    with pytest.raises(ModelError, match=r"gone\.pt cannot be read"):
        check_hash(gone)


def test_without_a_cache_of_its_own_the_home_folder_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert cache_folder() == tmp_path / ".cache" / "whisper"


def test_the_table_is_that_of_openai_whisper() -> None:
    import whisper

    assert set(MODELS) == set(whisper.available_models())
    addresses = whisper._MODELS
    assert {name: model.cache_file for name, model in MODELS.items()} == {
        name: address.rsplit("/", 1)[1] for name, address in addresses.items()
    }
    assert all(len(sha256) == 64 for sha256 in openai_sha256().values())
