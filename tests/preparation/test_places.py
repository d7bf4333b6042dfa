"""The person's own files: where they lie, and that writing them loses nothing."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from greenroom.errors import BadInputError
from greenroom.preparation import places
from greenroom.preparation.places import EARLIER, default_data, replace_file


def test_the_environment_names_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GREENROOM_DATA", str(tmp_path / "mine"))
    assert default_data() == tmp_path / "mine"
    monkeypatch.delenv("GREENROOM_DATA")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    assert default_data() == tmp_path / "share" / "greenroom"


def test_every_earlier_text_is_kept_and_nobody_else_reads_any(tmp_path: Path) -> None:
    path = tmp_path / "stories" / "outage.toml"
    for text in ("one", "two", "three", "three"):
        replace_file(path, text)
    earlier = sorted((path.parent / EARLIER).iterdir())
    assert path.read_text() == "three"
    assert sorted(each.read_text() for each in earlier) == ["one", "two"]
    assert all(each.name.startswith("outage-") and each.suffix == ".toml" for each in earlier)
    assert {stat.S_IMODE(each.stat().st_mode) for each in (path, *earlier)} == {0o600}
    assert {stat.S_IMODE(each.stat().st_mode) for each in (path.parent, path.parent / EARLIER)} == {0o700}


def test_the_same_text_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    replace_file(path, "as it is")
    before = path.stat().st_mtime_ns
    replace_file(path, "as it is")
    assert path.stat().st_mtime_ns == before
    assert not (tmp_path / EARLIER).exists()


def test_a_crash_while_writing_leaves_the_old_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "plan.toml"
    replace_file(path, "old")
    written: list[Path] = []
    whole = places.write_private

    def crash(to: Path, data: bytes) -> None:
        if written:
            raise KeyboardInterrupt
        written.append(to)
        whole(to, data)

    monkeypatch.setattr(places, "write_private", crash)
    with pytest.raises(KeyboardInterrupt):
        replace_file(path, "new")
    assert path.read_text() == "old"
    assert [each.read_text() for each in (tmp_path / EARLIER).iterdir()] == ["old"]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "stories").write_text("a file where the folder should be")
    with pytest.raises(BadInputError, match="stories cannot be made") as caught:
        replace_file(tmp_path / "stories" / "outage.toml", "text")
    assert caught.value.hint and "--data" in caught.value.hint
