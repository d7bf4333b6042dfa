"""`greenroom history`, as it is called."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from called import call
from panes import Pane
from past_sessions import Said, make_session


def test_it_prints_the_summary_and_writes_the_page(tmp_path: Path) -> None:
    make_session(tmp_path, 0, [Said(quote="\x1b[31mred")] * 2)
    (tmp_path / "notes").mkdir()
    done = call("history", "--recordings", tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("1 session · ")
    assert done.stdout.splitlines()[-1] == str(tmp_path / "index.html")
    assert "\x1b" not in done.stdout
    assert done.stderr == "left out: notes: there is no session.json in it\n"
    assert (tmp_path / "index.html").stat().st_mode & 0o777 == 0o600


def test_json_stands_alone(tmp_path: Path) -> None:
    make_session(tmp_path, 0)
    (tmp_path / "notes").mkdir()
    done = call("history", "--recordings", tmp_path, "--json", "--last", 5)
    data = json.loads(done.stdout)
    assert data["looked_at"] == ["2026-09-01T20-15-00-behavioural"]
    assert data["skipped"] == [{"name": "notes", "why": "there is no session.json in it"}]
    assert data["page"] == str(tmp_path / "index.html")


def test_json_tells_the_own_ear(tmp_path: Path) -> None:
    make_session(tmp_path, 0, [Said(rated=1), Said(rated=4)])
    data = json.loads(call("history", "--recordings", tmp_path, "--json").stdout)
    assert data["sessions"][0]["ear"] == 1.5
    (ear,) = [trend for trend in data["trends"] if trend["kind"] == "ear"]
    assert ear["older"] == {"value": 1.5, "answers": 2, "sessions": 1}


@pytest.mark.parametrize(
    ("arguments", "status", "complaint"),
    [
        (["--bank", "nope"], 3, "no session has questions of the bank “nope”"),
        (["--since", "2030-01-01"], 3, "there is no session since 2030-01-01"),
        (["--since", "soon"], 2, "Invalid value for '--since'"),
        (["--last", "0"], 2, "Invalid value for '--last'"),
        (["--last", "61"], 2, "Invalid value for '--last'"),
    ],
)
def test_a_fault_is_one_line_and_a_hint(
    tmp_path: Path, arguments: list[str], status: int, complaint: str
) -> None:
    make_session(tmp_path, 0)
    done = call("history", "--recordings", tmp_path, *arguments)
    assert done.returncode == status
    assert done.stderr.startswith("error: ")
    assert complaint in done.stderr
    assert "\ntry: " in done.stderr
    assert done.stdout == ""


def test_nothing_yet_is_no_traceback(tmp_path: Path) -> None:
    done = call("history", "--recordings", tmp_path / "nowhere")
    assert done.returncode == 3
    assert "there is no session in" in done.stderr
    assert "greenroom practice makes one" in done.stderr
    assert not (tmp_path / "nowhere").exists()


def test_a_page_that_cannot_be_written_is_an_error_after_the_summary(tmp_path: Path) -> None:
    make_session(tmp_path, 0)
    (tmp_path / "index.html" / "in the way").mkdir(parents=True)
    done = call("history", "--recordings", tmp_path)
    assert done.returncode == 3
    assert done.stdout.startswith("1 session · ")
    assert "index.html cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("linked", [False, True])
def test_a_page_that_somebody_else_wrote_is_not_written_over(tmp_path: Path, linked: bool) -> None:
    make_session(tmp_path / "recordings", 0)
    page = tmp_path / "recordings" / "index.html"
    theirs = tmp_path / "theirs.html" if linked else page
    theirs.write_text("<!doctype html><title>My photographs</title>")
    if linked:
        page.symlink_to(theirs)
    done = call("history", "--recordings", tmp_path / "recordings")
    assert done.returncode == 3
    assert f"{page} cannot be written: greenroom did not make what is there" in done.stderr
    assert "\ntry: " in done.stderr
    assert "My photographs" in page.read_text() and page.is_symlink() is linked


@pytest.mark.parametrize("older", [False, True])
def test_its_own_page_is_written_anew(tmp_path: Path, older: bool) -> None:
    make_session(tmp_path, 0)
    page = tmp_path / "index.html"
    if older:  # the page carried no mark then
        page.write_text("<!doctype html>\n<title>Your practice: 12 sessions</title>\n")
    else:
        assert call("history", "--recordings", tmp_path).returncode == 0
        page.write_text(page.read_text().replace("<title>Your practice", "<title>Another title"))
    assert call("history", "--recordings", tmp_path).returncode == 0
    assert "<title>Your practice: 1 session</title>" in page.read_text()


@pytest.mark.device  # tmux comes with the sound card: --quick does without either
@pytest.mark.parametrize(("columns", "colour"), [(100, True), (60, True), (100, False)])
def test_in_a_terminal_it_fits(tmp_path: Path, columns: int, colour: bool) -> None:
    for day in range(12):
        make_session(tmp_path, day, [Said(fillers=day, quote="so " * 60, patterns=("reactive",))] * 2)
    inside = {"TERM": "xterm-256color"} if colour else {"NO_COLOR": "1", "TERM": "xterm-256color"}
    with Pane(["history", "--recordings", tmp_path], os.environ, columns, 70, inside) as pane:
        text = pane.await_("ended with status 0")
        assert ("█" in text) == (colour and columns == 100)
        assert "Fix this first: The first move is somebody else’s" in text
        if colour:
            assert "\n  “so so so" in text


def test_only_broken_folders_are_named(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    done = call("history", "--recordings", tmp_path)
    assert done.returncode == 3
    assert "  notes: there is no session.json in it\n" in done.stderr


def test_the_bank_of_the_settings_file_is_not_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.toml").write_text('bank = "technical"\n')
    monkeypatch.setenv("GREENROOM_CONFIG", str(tmp_path / "config.toml"))
    make_session(tmp_path / "recordings", 0)
    assert call("history", "--recordings", tmp_path / "recordings").returncode == 0
