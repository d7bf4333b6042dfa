"""Sessions found by folder, by name, or as the latest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from greenroom.errors import EXIT_BAD_INPUT, BadInputError
from greenroom.review.finding import find_session, session_folders

OLD, NEW = "2026-11-20T09-00-00-behavioural", "2026-11-21T20-15-03-leadership"


def make(root: Path, name: str, started_at: str = "2026-11-19T08:00:00+01:00") -> Path:
    folder = root / name
    folder.mkdir(parents=True)
    (folder / "session.json").write_text(
        json.dumps({"id": name, "started_at": started_at, "turns": "unread"})
    )
    return folder


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    root = tmp_path / "recordings"
    for name in (OLD, NEW):
        make(root, name)
    make(root, "sample", "2030-01-01T00:00:00+00:00")
    return root


def names(folders: list[Path]) -> list[str]:
    return [folder.name for folder in folders]


def test_the_latest_is_the_newest_of_ones_own(recordings: Path) -> None:
    assert find_session(None, recordings) == recordings / NEW


def test_by_name_by_folder_and_by_the_file_in_it(recordings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_session(OLD, recordings) == recordings / OLD
    assert find_session(f"{OLD}/", recordings) == recordings / OLD
    assert find_session("sample", recordings) == recordings / "sample"
    elsewhere = recordings.parent / "elsewhere"
    assert find_session(str(recordings / OLD), elsewhere) == recordings / OLD
    assert find_session(str(recordings / OLD / "session.json"), elsewhere) == recordings / OLD
    monkeypatch.chdir(recordings / OLD)
    assert find_session(".", elsewhere).resolve() == recordings / OLD


def test_a_folder_here_that_is_no_session_does_not_hide_the_one_of_that_name(
    recordings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (recordings.parent / OLD).mkdir()
    monkeypatch.chdir(recordings.parent)
    assert find_session(OLD, recordings) == recordings / OLD


def test_newest_first_whatever_they_are_called(recordings: Path) -> None:
    make(recordings, "before the real one", "2026-11-21T12:00:00+02:00")
    make(recordings, f"{NEW}-2")
    assert names(session_folders(recordings)) == [f"{NEW}-2", NEW, "before the real one", OLD]


def test_what_is_no_session_is_passed_over(recordings: Path) -> None:
    (recordings / "2027-01-01T00-00-00-empty").mkdir()
    (recordings / "2027-01-01T00-00-00-file").write_text("")
    make(recordings, ".trash")
    (make(recordings, "damaged") / "session.json").write_text("{")
    assert names(session_folders(recordings)) == [NEW, OLD, "damaged"]


def test_without_ones_own_the_sample_is_the_latest(tmp_path: Path) -> None:
    assert find_session(None, make(tmp_path, "sample").parent).name == "sample"
    assert session_folders(tmp_path) == []


def test_no_session_yet(tmp_path: Path) -> None:
    for root in (tmp_path, tmp_path / "nowhere"):
        assert session_folders(root) == []
        with pytest.raises(BadInputError, match=r"no session in .* yet") as caught:
            find_session(None, root)
        assert caught.value.status == EXIT_BAD_INPUT
        assert "greenroom practice" in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("leader", (NEW,)),
        ("2026-11-21T20-15-04-leadership", (NEW, OLD)),
        ("zzz", (NEW, OLD)),
        ("", (NEW, OLD)),
    ],
)
def test_a_name_that_is_not_there_shows_those_that_are(
    recordings: Path, given: str, shown: tuple[str, ...]
) -> None:
    with pytest.raises(BadInputError, match="there is no session") as caught:
        find_session(given, recordings)
    assert caught.value.details == shown
    assert caught.value.hint


def test_a_folder_without_a_session_in_it(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"is not a session: there is no session\.json"):
        find_session(str(tmp_path), tmp_path)


@pytest.mark.parametrize("given", ["x" * 5000, "a\0b", "  "])
def test_names_that_cannot_be_are_not_found(recordings: Path, given: str) -> None:
    with pytest.raises(BadInputError, match="there is no session"):
        find_session(given, recordings)


def test_a_file_in_place_of_the_folder_of_sessions(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInputError, match="cannot be read") as caught:
        session_folders(tmp_path / "file")
    assert "--recordings" in (caught.value.hint or "")


def test_ten_thousand_sessions_are_found_without_being_read(tmp_path: Path) -> None:
    for number in range(300):  # unreadable as JSON: reading them would be an error
        folder = tmp_path / f"2026-{1 + number // 28:02}-{1 + number % 28:02}T10-00-00-x"
        folder.mkdir()
        (folder / "session.json").write_bytes(b"\xff")
    assert len(session_folders(tmp_path)) == 300
    assert find_session(None, tmp_path).name == "2026-11-20T10-00-00-x"
