"""What a death left in a session's folder is made whole, and told in a calm line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
import soundfile
from broken_off import FOLLOW_UP, PLAN, left_open, raw_sound, session_with, turn

from greenroom.errors import BadInputError
from greenroom.recovering.discovery import find_remains
from greenroom.recovering.holding import LOCK_FILE, hold
from greenroom.recovering.telling import lines_of
from greenroom.recovering.wholeness import QUESTION_UNKNOWN, Remains
from greenroom.session import SESSION_FILE, load_session, start_session


def told(remains: Remains) -> list[str]:
    began = datetime.fromisoformat(remains.session.started_at).date()
    return list(lines_of(remains, began))


def test_raw_sound_becomes_a_recording_that_is_named(tmp_path: Path) -> None:
    folder = session_with(tmp_path, turn(1, PLAN[0]), left_open(2, PLAN[1]))
    raw_sound(folder, 2, 41.2)
    (folder / ".session.json.x1y2z3_a").write_text("{")
    (folder / ".02-answer.abcdefgh.part").write_text("")
    (folder / ".notes").write_text("mine")
    (remains,) = find_remains(tmp_path)
    assert {path.name for path in folder.iterdir()} == {
        "session.json", "01-answer.flac", "02-answer.flac", ".notes",
    }  # fmt: skip
    (entry,) = load_session(folder).unanswered
    assert (entry.reason, entry.recording) == ("interrupted", "02-answer.flac")
    assert soundfile.info(folder / "02-answer.flac").duration == pytest.approx(41.2)
    first, resume, analyze = told(remains)
    assert first.endswith("broke off in question 2; 41 s of your answer were kept.")
    assert resume == "  To go on with it: greenroom practice --resume"
    assert analyze.endswith(f"greenroom analyze {folder / '02-answer.flac'}")
    assert find_remains(tmp_path) == (), "said once"


def test_a_death_between_two_questions_has_lost_nothing(tmp_path: Path) -> None:
    session_with(tmp_path, turn(1, PLAN[0]))
    (remains,) = find_remains(tmp_path)
    assert told(remains)[0].endswith("broke off after question 1; nothing of it is lost.")


def test_a_death_in_a_follow_up_and_before_a_word(tmp_path: Path) -> None:
    folder = session_with(tmp_path, turn(1, PLAN[0]), turn(2, PLAN[1]), left_open(3, FOLLOW_UP))
    raw_sound(folder, 3, 0.0)
    (remains,) = find_remains(tmp_path)
    assert told(remains)[0].endswith("broke off in a follow-up; nothing of an answer was recorded yet.")
    assert not (folder / "03-answer.pcm").exists()


def test_another_day_is_named(tmp_path: Path) -> None:
    session_with(tmp_path, started_at="2026-11-21T20:15:03+01:00")
    (remains,) = find_remains(tmp_path)
    assert next(lines_of(remains, date(2026, 11, 22))).startswith("Your interview of 21 November, 20:15 ")


def test_a_living_session_is_left_alone(tmp_path: Path) -> None:
    folder = session_with(tmp_path, left_open(1, PLAN[0]), died=False)
    raw = raw_sound(folder, 1, 1.0)
    with hold(folder):
        assert find_remains(tmp_path) == ()
        assert raw.exists()


def test_what_an_older_greenroom_left_is_found_without_a_lock(tmp_path: Path) -> None:
    folder, _ = start_session(tmp_path, "old", {})
    raw_sound(folder, 1, 2.0)
    (remains,) = find_remains(tmp_path)
    (entry,) = load_session(folder).unanswered
    assert (entry.question, entry.recording) == (QUESTION_UNKNOWN, "01-answer.flac")
    assert not any("--resume" in line for line in told(remains)), "its questions are not known"


def test_a_death_before_the_first_save_leaves_no_folder(tmp_path: Path) -> None:
    folder = tmp_path / "2026-11-22T20-15-03-test"
    folder.mkdir()
    (folder / LOCK_FILE).touch()
    (folder / ".session.json.x1y2z3_a").write_text("{")
    assert find_remains(tmp_path) == ()
    assert not folder.exists()


@pytest.mark.parametrize(
    ("name", "beside"),
    [
        ("another-program", ""),
        ("another-program", "data.db"),
        ("2026-11-22T20-15-03-test", "notes.txt"),
        ("2026-11-22", ""),
    ],
)
def test_a_lock_of_another_program_is_not_touched(name: str, beside: str, tmp_path: Path) -> None:
    folder = tmp_path / name
    folder.mkdir()
    for each in (LOCK_FILE, *beside.split()):
        (folder / each).write_text("theirs")
    assert find_remains(tmp_path) == ()
    assert {path.name: path.read_text() for path in folder.iterdir()} == dict.fromkeys(
        (LOCK_FILE, *beside.split()), "theirs"
    )


def test_a_folder_that_was_just_begun_is_known_by_the_name_it_was_given(tmp_path: Path) -> None:
    folder, _ = start_session(tmp_path, "My Bank & more", {})
    (folder / SESSION_FILE).unlink()
    (folder / LOCK_FILE).touch()
    assert find_remains(tmp_path) == ()
    assert not folder.exists()


def test_nothing_behind_a_link_is_touched(tmp_path: Path) -> None:
    elsewhere = session_with(tmp_path / "elsewhere", left_open(1, PLAN[0]))
    raw = raw_sound(elsewhere, 1, 1.0)
    (tmp_path / "recordings").mkdir()
    (tmp_path / "recordings" / elsewhere.name).symlink_to(elsewhere, target_is_directory=True)
    assert find_remains(tmp_path / "recordings") == ()
    assert raw.exists() and (elsewhere / LOCK_FILE).exists()


def test_a_disk_that_is_full_is_said_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = session_with(tmp_path, left_open(1, PLAN[0]))
    raw = raw_sound(folder, 1, 3.0)

    def full(path: Path) -> Path:
        raise BadInputError(f"{path.name} cannot be written (No space left on device)")

    with monkeypatch.context() as patch:
        patch.setattr("greenroom.recovering.wholeness.recover", full)
        (remains,) = find_remains(tmp_path)
    assert "your answer was kept" in told(remains)[0]
    assert "No space left" in told(remains)[1]
    assert raw.exists()
    (again,) = find_remains(tmp_path)
    assert again.seconds == pytest.approx(3.0)


@pytest.mark.parametrize("damaged", [False, True])
def test_what_could_not_be_mended_is_tried_again_however_many_sessions_follow(
    damaged: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = session_with(tmp_path, left_open(1, PLAN[0]))
    raw = raw_sound(folder, 1, 3.0)
    whole = (folder / SESSION_FILE).read_bytes()

    def full(path: Path) -> Path:
        raise BadInputError(f"{path.name} cannot be written (No space left on device)")

    with monkeypatch.context() as patch:
        if damaged:
            (folder / SESSION_FILE).write_text("{")
        else:
            patch.setattr("greenroom.recovering.wholeness.recover", full)
        find_remains(tmp_path)
    (folder / SESSION_FILE).write_bytes(whole)
    for day in range(4):
        newer = tmp_path / f"2999-01-0{day + 1}T20-15-03-test"
        newer.mkdir()
        (newer / SESSION_FILE).write_bytes(whole)
    (remains,) = find_remains(tmp_path)
    assert remains.folder == folder
    assert remains.seconds == pytest.approx(3.0)
    assert not raw.exists()
    assert find_remains(tmp_path) == ()


def test_a_file_that_cannot_be_removed_is_no_end_of_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder without the right to write, in which only the lock can be opened."""
    folder = session_with(tmp_path, left_open(1, PLAN[0]))
    raw_sound(folder, 1, 3.0)
    (folder / ".session.json.x1y2z3_a").write_text("{")

    def refused(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refused)
    (remains,) = find_remains(tmp_path)
    assert "Permission denied" in remains.fault
    assert remains.seconds == pytest.approx(3.0)


def test_of_a_session_that_came_to_its_end_nothing_broke_off(tmp_path: Path) -> None:
    """A retake that was killed between two questions, or a purge."""
    folder = session_with(tmp_path, turn(1, PLAN[0]), finished=True)
    (remains,) = find_remains(tmp_path)
    assert told(remains) == []
    assert not (folder / LOCK_FILE).exists()
    (line,) = told(replace(remains, fault="01-answer.pcm cannot be read"))
    assert "01-answer.pcm" in line and "broke off" not in line


def test_nothing_is_there_to_be_found(tmp_path: Path) -> None:
    assert find_remains(tmp_path / "none") == ()
    session_with(tmp_path, died=False)
    assert find_remains(tmp_path) == ()
