"""A session's folder from somebody else names no file outside it, neither by a name nor by a link."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from replayed import save, session_of, spoken_turn

from greenroom.errors import BadInputError
from greenroom.reanalysis.archive import job_of, keep, open_session
from greenroom.reanalysis.jobs import Wanted
from greenroom.records import Question, Unanswered
from greenroom.review.finding import file_in, find_session
from greenroom.review.passages import passages_of
from greenroom.review.report import sounds_of, write_report
from greenroom.session import load_session, save_session, stays_in

WANTED = Wanted("fake", "fake", "these rules")
NAMES = (
    "../other/01-answer.flac",
    "{outside}",
    "linked.flac",
    "folder/01-answer.flac",
    "loop.flac",
    "..",
    "a\0b",
)


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A recording of the person's own, in a folder beside the session's."""
    return save(tmp_path / "other", session_of(spoken_turn())) / "01-answer.flac"


@pytest.fixture
def folder(tmp_path: Path, outside: Path) -> Path:
    """A session with links to that recording, to its folder, and to themselves."""
    folder = save(tmp_path / "2026-11-22T10-00-00-given", session_of(spoken_turn()))
    (folder / "linked.flac").symlink_to(outside)
    (folder / "folder").symlink_to(outside.parent, target_is_directory=True)
    (folder / "loop.flac").symlink_to(folder / "loop.flac")
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_no_command_reads_it(name: str, folder: Path, outside: Path) -> None:
    named = name.format(outside=outside)
    turn = spoken_turn(recording=named, question_recording=named)
    left = Unanswered(2, "Why?", Question("q", "Why?"), "skipped", named)
    save_session(folder, replace(session_of(turn), unanswered=(left,)))
    session = load_session(folder)
    assert sounds_of(session, folder, embed=True) == {}
    assert [passage.sound for passage in passages_of(session, folder) if passage.sound] == []
    job, silent = job_of(open_session(folder), WANTED)
    assert job.sounds == {} and silent == (1,)
    assert file_in(folder, named) is None


def test_a_link_inside_the_folder_is_a_file_of_it(folder: Path) -> None:
    (folder / "again.flac").symlink_to("01-answer.flac")
    assert file_in(folder, "again.flac") == folder / "again.flac"
    assert stays_in(folder, "01-answer.flac") and stays_in(folder, "not-there.flac")


def test_what_was_before_is_kept_in_the_folder_itself(folder: Path, outside: Path) -> None:
    (folder / "earlier").symlink_to(outside.parent, target_is_directory=True)
    before = sorted(outside.parent.iterdir())
    stored = open_session(folder)
    with pytest.raises(BadInputError, match="is a link"):
        keep(stored, stored.session.turns, WANTED)
    assert sorted(outside.parent.iterdir()) == before


def test_what_is_written_replaces_a_link_and_not_what_it_leads_to(folder: Path, outside: Path) -> None:
    victim = outside.parent / "victim"
    victim.write_text("mine")
    for name in ("report.html", "01-answer.vtt"):
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(victim)
    write_report(folder)
    stored = open_session(folder)
    keep(stored, stored.session.turns, WANTED)
    assert victim.read_text() == "mine"
    assert not (folder / "report.html").is_symlink() and not (folder / "01-answer.vtt").is_symlink()


@pytest.mark.parametrize("name", ["../other", "{folder}/../../other", "./../other/session.json"])
def test_a_name_leads_to_no_folder_beside_the_recordings(
    name: str, folder: Path, outside: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recordings = tmp_path / "recordings"
    shutil.copytree(folder, recordings / folder.name, symlinks=True)
    (tmp_path / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a" / "b")  # from where the name is no path
    assert (recordings / "../other/session.json").exists()
    with pytest.raises(BadInputError, match="no session"):
        find_session(name.format(folder=folder.name), recordings)
    assert find_session(folder.name, recordings) == recordings / folder.name
    assert find_session(str(outside.parent), recordings) == outside.parent
