"""`greenroom purge` deletes what greenroom wrote, and nothing else; what it does, it says."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pexpect
import pytest
from click.testing import CliRunner, Result

from greenroom.cli import cli
from greenroom.errors import UserError
from greenroom.purging.gathering import purge_of_all
from greenroom.purging.purge import Deleted, delete
from greenroom.purging.traces import SESSION
from greenroom.records import Delivery, Feedback, Question, Session, Timing, Transcript, Turn
from greenroom.recovering.holding import LOCK_FILE, hold
from greenroom.review.history_index import INDEX_FILE
from greenroom.session import save_session, write_private

MONDAY, TUESDAY = "2026-11-16T20-15-03-behavioural", "2026-11-17T20-15-03-leadership"
SAID = "I rewrote the queue of the ledger"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two sessions and a data folder, as greenroom leaves them."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("GREENROOM_RECORDINGS", str(tmp_path / "recordings"))
    monkeypatch.setenv("GREENROOM_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("GREENROOM_CONFIG", raising=False)
    for name in (MONDAY, TUESDAY):
        make_session(tmp_path / "recordings" / name)
    fill(
        tmp_path,
        "recordings/index.html recordings/.history-index recordings/sample/session.json "
        "data/plan.toml data/look-backs.toml data/asked-of-me.toml data/map.html data/.story-qualities.json "
        "data/.earlier/plan-2026-11-16T20-15-03.toml data/stories/queue.toml "
        "data/stories/.earlier/queue.toml data/debriefs/2026-11-17T09-00-00-acme/debrief.toml "
        f"XDG_CACHE_HOME/greenroom/voices/{'a1' * 32}.flac",
    )
    (tmp_path / "recordings" / "index.html").write_text('<meta name="generator" content="greenroom">')
    make_session(tmp_path / "data" / "tellings" / "2026-11-15T20-15-03-queue")
    return tmp_path


def make_session(folder: Path) -> None:
    folder.mkdir(parents=True)
    turns = tuple(
        Turn(
            question="Why?",
            seconds=90.0,
            transcript=Transcript(SAID),
            delivery=Delivery(6),
            feedback=Feedback(""),
            asked=Question("why", "Why?"),
            number=number,
            recording=f"{number:02}-answer.flac",
            ended_by="silence",
            timing=Timing(),
        )
        for number in (1, 2)
    )
    save_session(
        folder, Session(id=folder.name, turns=turns, started_at="2026-11-16T20:15:03+01:00", settings={})
    )
    fill(
        folder,
        "01-question.wav 01-answer.flac 01-answer.vtt 02-answer.pcm report.html .02-answer.k3x_0a9b.part",
    )
    fill(folder, "earlier/session-2026-11-17T08-00-00.json .session.json.abcd1234")


def fill(root: Path, names: str) -> None:
    for name in names.split():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        write_private(root / name, SAID.encode())


def purge(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["purge", *map(str, arguments)])


def files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if not path.is_dir())


def test_a_session_goes_with_all_that_tells_of_it(home: Path) -> None:
    page = f"<title>Your stories: 2 stories</title><a href='{MONDAY}/report.html'>"
    (home / "data" / "map.html").write_text(page)
    before = files(home)
    done = purge(MONDAY, "--yes")
    assert done.exit_code == 0, done.output
    gone = set(before) - set(files(home))
    beside = {"recordings/index.html", "recordings/.history-index", "data/map.html"}
    assert gone == {name for name in before if name.startswith(f"recordings/{MONDAY}/")} | beside
    assert not (home / "recordings" / MONDAY).exists()
    assert "2 answers, 3.0 min" in done.stderr
    assert f"deleted {home / 'recordings' / MONDAY} (9 files)" in done.stdout.splitlines()
    assert f"deleted {home / 'recordings' / 'index.html'}" in done.stdout.splitlines()
    assert "12 files deleted" in done.stdout
    assert SAID not in done.output


def test_notes_of_the_persons_own_stay_and_are_named(home: Path) -> None:
    fill(home / "recordings" / MONDAY, "notes.txt 01-answer.txt earlier/mine.json photos/01-answer.flac")
    (home / "data" / "look-backs.toml").write_text(f'session = "{MONDAY}"')
    done = purge(MONDAY, "--yes")
    assert files(home / "recordings" / MONDAY) == [
        "01-answer.txt",
        "earlier/mine.json",
        "notes.txt",
        "photos/01-answer.flac",
    ]
    for stays in ("notes.txt", "01-answer.txt", "earlier/mine.json", "photos"):
        assert f"{home / 'recordings' / MONDAY / stays}: greenroom did not write it" in done.stdout
    assert f"{home / 'recordings' / MONDAY}: the folder is not empty" in done.stdout
    assert f"{home / 'data' / 'look-backs.toml'}: your own notes; {MONDAY} is named there" in done.stdout


def test_all_leaves_the_sample_and_the_persons_own_work(home: Path) -> None:
    done = purge("--all", "--yes")
    assert files(home / "recordings") == ["sample/session.json"]
    assert "data/plan.toml" in files(home) and "data/stories/queue.toml" in files(home)
    assert f"{home / 'data'}: your stories, plan and notes; purge --all --data deletes them" in done.stdout


def test_all_with_data_leaves_nothing(home: Path) -> None:
    fill(home, "XDG_CONFIG_HOME/greenroom/config.toml data/letter.txt data/stories/letter.txt")
    (home / "XDG_CONFIG_HOME" / "greenroom" / "config.toml").write_text("questions = 3")
    done = purge("--all", "--data", "--yes")
    assert done.exit_code == 0, done.output
    assert files(home) == [
        "XDG_CONFIG_HOME/greenroom/config.toml",
        "data/letter.txt",
        "data/stories/letter.txt",
        "recordings/sample/session.json",
    ]
    assert done.stdout.count("letter.txt: greenroom did not write it") == 2
    assert "your settings" in done.stdout


def test_recordings_inside_the_data_folder_are_no_strangers_there(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "recordings").rename(home / "data" / "recordings")
    monkeypatch.setenv("GREENROOM_RECORDINGS", str(home / "data" / "recordings"))
    done = purge("--all", "--data", "--yes")
    assert files(home / "data") == ["recordings/sample/session.json"]
    assert "did not write" not in done.stdout


def test_the_persons_id_of_an_early_version_goes(home: Path) -> None:
    folder = home / "XDG_CACHE_HOME" / "Microsoft" / "DeveloperTools" / ".onnxruntime"
    fill(folder, "onnxruntime.db")
    (folder / "deviceid").write_text("68062644-e30e-4ac2-b48d-acd81419ed93")
    done = purge("--all", "--yes")
    assert files(folder) == ["onnxruntime.db"]
    assert f"deleted {folder / 'deviceid'}" in done.stdout
    (folder / "deviceid").write_text("a shopping list")
    assert purge("--all", "--yes").exit_code == 0
    assert files(folder) == ["deviceid", "onnxruntime.db"]


def test_what_a_full_disk_put_elsewhere_goes_with_its_session(home: Path) -> None:
    (home / "HOME").mkdir()
    places = [
        home / "XDG_DATA_HOME" / "greenroom" / "kept-elsewhere",
        home / "HOME" / "greenroom-kept-elsewhere",
    ]
    places.append(home / "tmp" / "greenroom-abcd")
    for place in places:
        for name in (MONDAY, TUESDAY):
            fill(place, f"{name}-1763900000000000000/01-answer.flac {name}-1763900000000000000/session.json")
        fill(place, "letter.txt")
    purge(MONDAY, "--yes")
    assert [name for place in places for name in files(place) if MONDAY in name] == []
    assert len([name for place in places for name in files(place) if TUESDAY in name]) == 6
    done = purge("--all", "--data", "--yes")
    assert [files(place) for place in places] == [["letter.txt"]] * 3
    assert done.stdout.count("deleted ") > 3


def test_no_link_is_followed(home: Path) -> None:
    elsewhere = home / "elsewhere"
    make_session(elsewhere)
    before = files(elsewhere)
    session = home / "recordings" / MONDAY
    (session / "03-answer.flac").symlink_to(elsewhere / "01-answer.flac")
    (session / "02-question.wav").symlink_to(home / "nowhere")
    (session / ".earlier").symlink_to(elsewhere, target_is_directory=True)
    (home / "recordings" / "2026-11-18T10-00-00-linked").symlink_to(elsewhere, target_is_directory=True)
    assert purge("2026-11-18T10-00-00-linked", "--yes").exception is not None
    done = purge("--all", "--data", "--yes")
    assert files(elsewhere) == before
    assert done.stdout.count("it is a link, and greenroom makes none") == 4


@pytest.mark.parametrize(
    "name",
    [
        "../elsewhere",
        "recordings/../elsewhere",
        "{home}/data",
        "/etc",
        "..",
        ".",
        "",
        "nobody",
        "sample",
        "{home}/link",
    ],
)
def test_a_name_that_is_no_session_of_the_persons_deletes_nothing(home: Path, name: str) -> None:
    make_session(home / "elsewhere")
    (home / "link").symlink_to(home / "elsewhere", target_is_directory=True)
    before = files(home)
    done = purge(name.format(home=home), "--yes")
    assert isinstance(done.exception, UserError), done.output
    assert files(home) == before


def test_a_session_by_its_path(home: Path) -> None:
    make_session(home / "elsewhere")
    assert purge(home / "elsewhere", "--yes").exit_code == 0
    assert not (home / "elsewhere").exists()
    assert (home / "recordings" / "index.html").exists()


def test_a_damaged_session_can_be_deleted(home: Path) -> None:
    (home / "recordings" / MONDAY / "session.json").write_text("{")
    done = purge(MONDAY, "--yes")
    assert "it cannot be read" in done.stderr
    assert not (home / "recordings" / MONDAY).exists()


def test_a_session_that_is_being_recorded_is_refused(home: Path) -> None:
    with hold(home / "recordings" / MONDAY):
        assert "another greenroom is working on" in str(purge(MONDAY, "--yes").exception)
        done = purge("--all", "--yes")
        assert (home / "recordings" / MONDAY / "01-answer.flac").exists()
    assert "another greenroom is working on it" in done.stdout
    assert not (home / "recordings" / TUESDAY).exists()


def test_what_lies_elsewhere_of_a_session_that_stays_stays_as_well(home: Path) -> None:
    """An interview on a full disk: the only copy of its answers."""
    elsewhere = home / "XDG_DATA_HOME" / "greenroom" / "kept-elsewhere"
    telling = home / "data" / "tellings" / "2026-11-15T20-15-03-queue"
    names = [f"{name}-1763900000000000000" for name in (MONDAY, TUESDAY, telling.name)]
    fill(elsewhere, " ".join(f"{name}/01-answer.flac" for name in names))
    with hold(home / "recordings" / MONDAY):
        done = purge("--all", "--yes")
    assert f"{elsewhere / names[0]}: its session stays" in done.stdout
    assert sorted(path.name for path in elsewhere.iterdir()) == [names[2], names[0]]
    with hold(home / "recordings" / MONDAY), hold(telling):
        purge("--all", "--data", "--yes")
    assert sorted(path.name for path in elsewhere.iterdir()) == [names[2], names[0]]
    purge("--all", "--data", "--yes")
    assert not list(elsewhere.iterdir())


@pytest.mark.parametrize("with_data", [False, True])
def test_what_other_recordings_sent_elsewhere_stays(home: Path, with_data: bool) -> None:
    """An interview with --recordings on a small disk, perhaps held now: the only copy of its answers."""
    elsewhere = home / "XDG_DATA_HOME" / "greenroom" / "kept-elsewhere"
    usb = home / "usb" / "2026-11-18T20-15-03-technical"
    make_session(usb)
    theirs = elsewhere / f"{usb.name}-1763900000000000000"
    fill(elsewhere, f"{theirs.name}/03-answer.flac {MONDAY}-1763900000000000000/01-answer.flac")
    with hold(usb):
        done = purge("--all", *["--data"] * with_data, "--yes")
    assert done.exit_code == 0, done.output
    assert files(elsewhere) == [f"{theirs.name}/03-answer.flac"]
    assert f"{theirs}: its session is not among these" in done.stdout
    purge("--all", "--yes", "--recordings", usb.parent)
    assert not list(elsewhere.iterdir())


@pytest.mark.parametrize("arguments", [[MONDAY], ["--all"], ["--all", "--data"]])
def test_a_page_that_somebody_else_wrote_stays(home: Path, arguments: list[str]) -> None:
    page = home / "recordings" / "index.html"
    page.write_text("<!doctype html><title>My photographs</title>")
    done = purge(*arguments, "--yes")
    assert done.exit_code == 0, done.output
    assert page.exists()
    assert f"deleted {page}" not in done.stdout
    assert (f"{page}: greenroom did not write it" in done.stdout) is ("--all" in arguments)
    assert not (home / "recordings" / ".history-index").exists()


@pytest.mark.parametrize("kind", ["tellings", "debriefs", "look-backs"])
def test_what_is_being_told_stays(home: Path, kind: str) -> None:
    folder = home / "data" / kind / "2026-11-18T20-15-03-now"
    make_session(folder)
    with hold(folder):
        before = files(folder)
        done = purge("--all", "--data", "--yes")
        assert files(folder) == before
    assert f"{folder}: another greenroom is working on it" in done.stdout
    assert not (home / "data" / "plan.toml").exists()


def test_what_another_greenroom_took_up_since_it_was_looked_at_stays(home: Path) -> None:
    session, telling = (
        home / "recordings" / MONDAY,
        home / "data" / "tellings" / "2026-11-15T20-15-03-queue",
    )
    spare = home / "XDG_DATA_HOME" / "greenroom" / "kept-elsewhere"
    elsewhere = [spare / f"{each.name}-1763900000000000000" for each in (session, telling)]
    for each in elsewhere:
        fill(each, "01-answer.flac")
    (session / "earlier" / "session-2026-11-17T08-00-00.json").unlink()
    found, deleted = purge_of_all(home / "recordings", home / "data", with_data=True), Deleted()
    kept = [files(each) for each in (session, telling, *elsewhere)]
    with hold(session), hold(telling):
        delete(found, deleted)
    assert [files(each) for each in (session, telling, *elsewhere)] == kept
    assert (session / "earlier").is_dir(), "nothing of it is touched outside the lock"
    assert {session, telling, *elsewhere} <= {each.path for each in deleted.refused}
    assert not (home / "recordings" / TUESDAY).exists()


def test_a_lock_of_a_greenroom_that_died_is_no_hindrance(home: Path) -> None:
    fill(home / "recordings" / MONDAY, LOCK_FILE)
    assert purge(MONDAY, "--yes").exit_code == 0
    assert not (home / "recordings" / MONDAY).exists()


@pytest.mark.parametrize("arguments", [[], ["--all", MONDAY], [MONDAY, "--data"], [MONDAY]])
def test_what_is_not_clear_deletes_nothing(home: Path, arguments: list[str]) -> None:
    before = files(home)
    done = purge(*arguments)
    assert isinstance(done.exception, UserError) and done.exception.status == 2
    assert done.exception.hint is not None and "greenroom purge" in done.exception.hint
    assert files(home) == before


def test_json_names_every_path(home: Path) -> None:
    before = files(home)
    done = purge("--all", "--yes", "--json")
    told = json.loads(done.stdout)
    gone = {str(home / name) for name in set(before) - set(files(home))}
    assert gone == {path for path in told["deleted"] if Path(path).suffix or Path(path).name == INDEX_FILE}
    assert told["bytes"] > 0 and {"path", "why"} == set(told["left"][0])
    assert json.loads(purge("--all", "--yes", "--json").stdout)["deleted"] == []


def test_an_interrupted_deletion_can_be_taken_up(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = Path.unlink, list[Path]()

    def unlink(path: Path, missing_ok: bool = False) -> None:
        calls.append(path)
        if len(calls) == 4:
            raise KeyboardInterrupt
        real(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    done = purge(MONDAY, "--yes")
    assert done.stdout.count("deleted ") == 3 and "3 files deleted" in done.stdout
    monkeypatch.undo()
    left = home / "recordings" / MONDAY
    assert (left / "session.json").exists()
    assert (
        purge(left, "--yes", "--data-folder", home / "data", "--recordings", home / "recordings").exit_code
        == 0
    )
    assert not left.exists()


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("session.json", True),
        (".session.json.k3x_0a9b", True),
        ("12-answer.flac", True),
        ("123-answer.vtt", True),
        (".12-answer.k3x_0a9b.part", True),
        (".lock", True),
        ("1-answer.flac", False),
        ("12-answer.flac.bak", False),
        ("answer.flac", False),
        (".notes.k3x_0a9b", False),
        (".k3x_0a9b", False),
        ("session.json\n", False),
    ],
)
def test_what_counts_as_ours(name: str, ours: bool) -> None:
    assert SESSION.wrote(name) is ours


@pytest.mark.slow
@pytest.mark.parametrize(("answer", "stays"), [("y", False), ("n", True), ("", True), ("\x03", True)])
def test_it_asks(home: Path, answer: str, stays: bool) -> None:
    import os
    import sys

    child = pexpect.spawn(
        sys.executable,
        ["-m", "greenroom", "purge", MONDAY],
        env=dict(os.environ),
        encoding="utf-8",
        timeout=30,
    )
    child.expect("for good")
    child.send(answer if answer == "\x03" else f"{answer}\r")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == (130 if answer == "\x03" else 0)
    assert (home / "recordings" / MONDAY).exists() is stays
