"""The index is only a cache: what it says is what the sessions say, whatever happens to it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from past_sessions import Said, make_session, settle

from greenroom.errors import BadInputError
from greenroom.records import Session
from greenroom.review import history_index
from greenroom.review.history import History
from greenroom.review.history_index import INDEX_FILE, read_history
from greenroom.session import SESSION_FILE, load_session


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the folders whose session.json was read."""
    names: list[str] = []

    def load(folder: Path) -> Session:
        names.append(folder.name)
        return load_session(folder)

    monkeypatch.setattr(history_index, "load_session", load)
    return names


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    root = tmp_path / "recordings"
    for day in range(4):
        make_session(root, day, [Said(patterns=("no_outcome",)), Said()])
    return root


def names(history: History) -> list[str]:
    return [session.name for session in history.sessions]


def skipped(history: History) -> dict[str, str]:
    return {each.name: each.why for each in history.skipped}


def test_the_second_time_nothing_is_read_and_the_same_is_known(recordings: Path, read: list[str]) -> None:
    first = read_history(recordings)
    assert len(read) == 4
    read.clear()
    assert read_history(recordings) == first
    assert read == []
    assert first.sessions[0].facts.patterns == {"no_outcome": 1}


def test_only_what_changed_is_read_again(recordings: Path, read: list[str]) -> None:
    before = read_history(recordings)
    folder = recordings / before.sessions[1].folder
    text = (folder / SESSION_FILE).read_text()
    (folder / SESSION_FILE).write_text(text.replace('"no_outcome"', '"no_business"'))
    settle(folder / SESSION_FILE)
    read.clear()
    after = read_history(recordings)
    assert read == [folder.name]
    assert after.sessions[1].facts.patterns == {"no_business": 1}


def test_how_many_will_be_read_is_told_before(recordings: Path) -> None:
    told: list[int] = []
    read_history(recordings, told.append)
    read_history(recordings, told.append)
    make_session(recordings, 9)
    read_history(recordings, told.append)
    assert told == [4, 0, 1]


def test_a_change_that_keeps_the_size_is_seen_by_its_time(recordings: Path, read: list[str]) -> None:
    path = recordings / read_history(recordings).sessions[0].folder / SESSION_FILE
    its = path.stat()
    path.write_text(path.read_text().replace('"no_outcome"', '"reactive_x"'))  # as long
    os.utime(path, ns=(its.st_atime_ns, its.st_mtime_ns + 10**6))
    assert path.stat().st_size == its.st_size
    read.clear()
    assert read_history(recordings).sessions[0].facts.patterns == {"reactive_x": 1}
    assert len(read) == 1


def test_a_change_that_keeps_the_time_is_seen_by_its_size(recordings: Path) -> None:
    path = recordings / read_history(recordings).sessions[0].folder / SESSION_FILE
    its = path.stat()
    path.write_text(path.read_text().replace('"no_outcome"', '"reactive"'))
    os.utime(path, ns=(its.st_atime_ns, its.st_mtime_ns))
    assert read_history(recordings).sessions[0].facts.patterns == {"reactive": 1}


def test_what_was_written_just_now_is_not_relied_on(recordings: Path, read: list[str]) -> None:
    """A second change in the same tick of a coarse clock would have the same size and the same time."""
    newest = make_session(recordings, 9)
    settle(newest / SESSION_FILE, -3600 * 10**9)  # back to now
    read_history(recordings)
    read.clear()
    read_history(recordings)
    assert read == [newest.name]


def test_new_sessions_come_and_deleted_ones_go(recordings: Path) -> None:
    before = names(read_history(recordings))
    new = make_session(recordings, 7)
    gone = recordings / before[0]
    (gone / SESSION_FILE).unlink()
    gone.rmdir()
    assert names(read_history(recordings)) == [*before[1:], new.name]


@pytest.mark.parametrize("damage", ["missing", "empty", "garbage", "cut off", "one bit", "a folder"])
def test_a_damaged_index_is_made_anew(recordings: Path, read: list[str], damage: str) -> None:
    first = read_history(recordings)
    path = recordings / INDEX_FILE
    whole = path.read_bytes()
    path.unlink()
    if damage == "a folder":
        path.mkdir()
    elif damage != "missing":
        flipped = bytearray(whole)
        flipped[len(whole) // 2] ^= 1
        path.write_bytes(
            {"empty": b"", "garbage": b"\x00\xff" * 500, "cut off": whole[:-9], "one bit": bytes(flipped)}[
                damage
            ]
        )
    read.clear()
    assert read_history(recordings) == first
    assert len(read) == 4
    if damage != "a folder":
        assert path.read_bytes() == whole


def test_an_index_of_another_version_is_made_anew(
    recordings: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = read_history(recordings)
    monkeypatch.setattr(history_index, "_MADE_BY", "999")
    read.clear()
    assert read_history(recordings) == first
    assert len(read) == 4


def test_the_index_is_for_its_owner_only_and_holds_no_words(tmp_path: Path) -> None:
    make_session(tmp_path, 0, [Said(patterns=("no_outcome",), quote="what nobody else shall read")])
    read_history(tmp_path)
    index = tmp_path / INDEX_FILE
    assert stat.S_IMODE(index.stat().st_mode) == 0o600
    assert b"no_outcome" in index.read_bytes()
    assert b"nobody else" not in index.read_bytes()


def test_an_index_that_is_up_to_date_is_left_alone(recordings: Path) -> None:
    read_history(recordings)
    its = (recordings / INDEX_FILE).stat()
    read_history(recordings)
    again = (recordings / INDEX_FILE).stat()
    assert (its.st_mtime_ns, its.st_ino) == (again.st_mtime_ns, again.st_ino)


def test_where_nothing_can_be_written_the_sessions_are_read_each_time(
    recordings: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, data: bytes) -> None:
        raise BadInputError(f"{path} cannot be written")

    monkeypatch.setattr(history_index, "write_private", refuse)
    first = read_history(recordings)
    assert read_history(recordings) == first
    assert len(read) == 8
    assert not (recordings / INDEX_FILE).exists()


def test_broken_and_foreign_folders_are_named_with_their_reasons(recordings: Path) -> None:
    (recordings / "notes").mkdir()
    (recordings / "a file.txt").write_text("not a folder, so not named")
    (recordings / ".hidden").mkdir()
    make_session(recordings, 20, folder="no date", started_at="yesterday")
    make_session(recordings, 21, folder="newer", schema=999)
    for name, text in {
        "cut off": '{"schema": 1, "id":',
        "not json": "hello",
        "a list": "[]",
        "foreign": '{"name": "some-package", "version": "1.0"}',
        "empty": "",
    }.items():
        (recordings / name).mkdir()
        (recordings / name / SESSION_FILE).write_text(text)
    history = read_history(recordings)
    assert len(history.sessions) == 4
    why = skipped(history)
    assert set(why) == {"notes", "no date", "newer", "cut off", "not json", "a list", "foreign", "empty"}
    assert why["notes"] == "there is no session.json in it"
    assert why["no date"] == "“yesterday” is no date"
    assert why["newer"].startswith("session.json was written by a newer greenroom")
    assert all(why[name].startswith("session.json is damaged") for name in ("cut off", "foreign", "empty"))
    assert not any(str(recordings) in reason for reason in why.values())


def test_a_broken_session_is_remembered_as_broken_until_it_is_mended(
    recordings: Path, read: list[str]
) -> None:
    folder = recordings / read_history(recordings).sessions[2].folder
    path = folder / SESSION_FILE
    whole = path.read_bytes()
    path.write_bytes(whole[:100])
    settle(path)
    assert set(skipped(read_history(recordings))) == {folder.name}
    read.clear()
    assert set(skipped(read_history(recordings))) == {folder.name}
    assert read == []
    path.write_bytes(whole)
    assert skipped(read_history(recordings)) == {}


def test_what_may_not_be_read_is_tried_again(recordings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To be let in changes neither size nor time."""

    def shut(folder: Path) -> Session:
        cause = PermissionError(13, "Permission denied")
        raise BadInputError(f"{folder} is not a session: it cannot be read") from cause

    monkeypatch.setattr(history_index, "load_session", shut)
    assert len(read_history(recordings).skipped) == 4
    monkeypatch.setattr(history_index, "load_session", load_session)
    assert read_history(recordings).skipped == ()


def test_a_pipe_named_session_json_does_not_hang(recordings: Path) -> None:
    (recordings / "pipe").mkdir()
    os.mkfifo(recordings / "pipe" / SESSION_FILE)
    (recordings / "folder" / SESSION_FILE).mkdir(parents=True)
    why = skipped(read_history(recordings))
    assert why == {"pipe": "session.json is not a file", "folder": "session.json is not a file"}


def test_the_same_session_twice_counts_once(recordings: Path) -> None:
    first = read_history(recordings).sessions[0]
    copy = recordings / "zz a copy"
    copy.mkdir()
    (copy / SESSION_FILE).write_bytes((recordings / first.folder / SESSION_FILE).read_bytes())
    history = read_history(recordings)
    assert len(history.sessions) == 4
    assert skipped(history) == {"zz a copy": f"the same session as {first.name}"}


def test_the_sample_is_nobodys_own(recordings: Path) -> None:
    make_session(recordings, 30, folder="sample")
    assert len(read_history(recordings).sessions) == 4
    assert read_history(recordings).skipped == ()


def test_a_folder_that_was_moved_keeps_its_history(recordings: Path, tmp_path: Path, read: list[str]) -> None:
    before = read_history(recordings)
    moved = tmp_path / "elsewhere"
    recordings.rename(moved)
    read.clear()
    after = read_history(moved)
    assert after.sessions == before.sessions
    assert read == []


@pytest.mark.parametrize("name", [b"caf\xe9", b"a\x1b[31mred", "tschüß 😀".encode(), b"new\nline"])
def test_names_of_any_bytes_are_read_and_can_be_shown(tmp_path: Path, name: bytes, read: list[str]) -> None:
    make_session(tmp_path, 0, folder=os.fsdecode(name), id="its id")
    (session,) = read_history(tmp_path).sessions
    assert session.name.isprintable()
    session.name.encode("utf-8")
    read.clear()
    assert read_history(tmp_path).sessions == (session,)
    assert read == []


def test_sessions_are_in_the_order_of_time_not_of_names(tmp_path: Path) -> None:
    make_session(tmp_path, 2, folder="a")
    make_session(tmp_path, 0, folder="c")
    make_session(tmp_path, 1, folder="b", started_at="2026-09-02T23:30:00-09:00")  # later than a day's "c"
    make_session(tmp_path, 1, folder="d", started_at="2026-09-03T01:00:00Z")
    assert names(read_history(tmp_path)) == ["c", "d", "b", "a"]


def test_no_folder_is_no_session(tmp_path: Path) -> None:
    assert read_history(tmp_path / "nowhere") == History(tmp_path / "nowhere", ())


def test_a_file_in_place_of_the_folder_is_an_error_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInputError, match="cannot be read") as caught:
        read_history(tmp_path / "file")
    assert caught.value.hint
