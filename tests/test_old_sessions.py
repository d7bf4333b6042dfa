"""Sessions that older versions wrote still open, everywhere, and nothing in them comes out changed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest

from greenroom.errors import BadInputError
from greenroom.questions import load_banks
from greenroom.reanalysis.archive import is_known, job_of, keep, open_session, wanted_for
from greenroom.reanalysis.jobs import Wanted
from greenroom.records import SCHEMA, Session
from greenroom.review.exports import EXPORTS, export
from greenroom.review.history_index import read_history
from greenroom.review.history_page import Asked
from greenroom.review.look_back import look_back
from greenroom.review.replay import ReplaySettings, replay
from greenroom.review.report import write_report
from greenroom.session import load_session, save_session

KEPT = Path(__file__).parent / "data" / "old_sessions"
NAMES = sorted(folder.name for folder in KEPT.iterdir() if folder.is_dir())


@pytest.fixture(params=NAMES)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of a kept session, under a recordings folder of its own."""
    its: Path = tmp_path / "recordings" / str(request.param)
    shutil.copytree(KEPT / request.param, its)
    return its


def stored(folder: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((folder / "session.json").read_text("utf-8"))
    return data


def assert_holds(now: Any, before: Any, place: str = "") -> None:
    """All that was there is there, with the same value; there may be more."""
    if isinstance(before, dict):
        for key, value in before.items():
            assert key in now, f"{place}.{key} is gone"
            assert_holds(now[key], value, f"{place}.{key}")
    elif isinstance(before, list):
        assert len(now) == len(before), place
        for number, (each, was) in enumerate(zip(now, before, strict=True)):
            assert_holds(each, was, f"{place}[{number}]")
    else:
        assert now == before, place


def test_there_are_sessions_of_many_versions() -> None:
    assert len(NAMES) >= 7
    told = (KEPT / "README.md").read_text()
    assert [name for name in NAMES if f"`{name}`" not in told] == [], "README.md says who wrote each"
    fields = [set(stored(KEPT / name)["turns"][0]) for name in NAMES]
    assert len({frozenset(each) for each in fields}) >= 5, "they are all of one version"


def test_nothing_of_it_is_changed_by_opening_and_by_saving_it(folder: Path) -> None:
    before = stored(folder)
    session = load_session(folder)
    for turn, was in zip(session.turns, before["turns"], strict=True):
        assert [word.text for word in turn.transcript.words] == [
            w["text"] for w in was["transcript"]["words"]
        ]
        assert (turn.ended_by, turn.feedback.spoken) == (was["ended_by"], was["feedback"]["spoken"])
    assert_holds(msgspec.to_builtins(session), before)
    save_session(folder, session)
    assert_holds(stored(folder), before)
    assert load_session(folder) == session


def test_it_can_be_read_as_a_page_and_exported(folder: Path) -> None:
    session = load_session(folder)
    first = session.turns[0]
    page = write_report(folder).read_text("utf-8")
    assert first.question is not None
    assert first.question.split(".")[0] in page
    for kind in EXPORTS:
        assert export(session, kind)
    assert first.transcript.text.split()[0] in export(session, "md")


def test_it_can_be_replayed_and_is_in_the_history(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    session = load_session(folder)
    replay(folder, ReplaySettings(quiet=True))
    shown = capsys.readouterr().out
    assert all(word.text in shown for word in session.turns[0].transcript.words[:5])
    history = read_history(folder.parent)
    assert [each.folder for each in history.sessions] == [folder.name]
    assert history.skipped == ()
    look_back(folder.parent, Asked(None, None, None), as_json=True)
    assert json.loads(capsys.readouterr().out)["sessions"]


def test_it_can_be_read_again_and_what_it_was_is_kept(folder: Path) -> None:
    before = (folder / "session.json").read_bytes()
    opened = open_session(folder)
    wanted = wanted_for(opened, Wanted("openai-whisper", "base", rules="today's"))
    assert wanted.keeps_words, "there is no sound, so the words stay"
    assert not is_known(opened.session, wanted)
    job, silent = job_of(opened, wanted)
    assert (job.session.turns, silent) == (opened.session.turns, ())
    kept = keep(opened, opened.session.turns, wanted)
    assert (folder / kept.reanalyses[-1].earlier).read_bytes() == before
    assert load_session(folder).turns == opened.session.turns


def test_a_newer_schema_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "session.json").write_text(json.dumps({**stored(KEPT / NAMES[0]), "schema": SCHEMA + 1}))
    with pytest.raises(BadInputError) as refused:
        load_session(tmp_path)
    assert refused.value.status == 3
    assert refused.value.lines == (
        f"error: {tmp_path / 'session.json'} was written by a newer greenroom "
        f"(schema {SCHEMA + 1}, known up to {SCHEMA})",
        "try: install the newest greenroom",
    )


def test_fields_that_are_not_known_yet_are_passed_over(tmp_path: Path) -> None:
    """Within a schema fields are only added. Reading it again leaves them out, and keeps the old file."""
    later = stored(KEPT / "retried-and-rated")
    later["mood"] = {"of": "the day"}
    later["turns"][0]["gestures"] = [1, 2]
    (tmp_path / "session.json").write_text(json.dumps(later))
    session = load_session(tmp_path)
    assert session == load_session(KEPT / "retried-and-rated")
    opened = open_session(tmp_path)
    kept = keep(opened, session.turns, Wanted("", "", rules="today's"))
    assert "mood" not in stored(tmp_path)
    assert json.loads((tmp_path / kept.reanalyses[-1].earlier).read_text()) == later


def test_the_first_fields_alone_are_enough(tmp_path: Path) -> None:
    (tmp_path / "session.json").write_text('{"id": "a", "started_at": "2026-11-21T20:15:03+01:00"}')
    assert load_session(tmp_path) == Session(id="a", started_at="2026-11-21T20:15:03+01:00")
    with pytest.raises(BadInputError, match="no question was asked"):
        replay(tmp_path, ReplaySettings(quiet=True))


def test_a_bank_from_before_strong_answers_still_loads() -> None:
    (bank,) = load_banks([str(KEPT / "bank-without-strong.toml")])
    assert [(each.id, each.strong) for each in bank.questions] == [("earlier-one", "")]
