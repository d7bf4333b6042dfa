"""What a full disk sent elsewhere is at home again before anything is read there, and nothing is lost."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import soundfile
from broken_off import PLAN, left_open, raw_sound, session_with, turn

from greenroom import begin, resuming
from greenroom.config import PracticeSettings
from greenroom.errors import BadInputError
from greenroom.records import Session, Turn, Unanswered
from greenroom.recovering import bringing_home, spare_places
from greenroom.recovering.bringing_home import (
    ANOTHER,
    NOT_TOLD_OF,
    TWO_RECORDS,
    Apart,
    Returned,
    bring_all_home,
    bring_home,
)
from greenroom.recovering.discovery import find_remains
from greenroom.recovering.holding import LOCK_FILE, hold
from greenroom.recovering.spare_places import name_for, used_places
from greenroom.recovering.telling import lines_of_return
from greenroom.recovering.wholeness import gone_on_with
from greenroom.resuming import LATEST, begin_or_go_on
from greenroom.session import SESSION_FILE, load_session, save_session

SECOND = turn(2, PLAN[1])


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one place that takes what a session's folder does not."""
    place = tmp_path / "elsewhere"
    monkeypatch.setattr(spare_places, "used_places", lambda: [place])
    return place


def sent_elsewhere(
    folder: Path, elsewhere: Path, *answers: int, asked: tuple[Turn | Unanswered, ...] | None = None
) -> Path:
    """A spare folder with these answers, and a record in which that was asked after the first turn."""
    spare = elsewhere / name_for(folder.name)
    spare.mkdir(parents=True)
    for number in answers:
        answer(spare, number, level=7)
    if asked is not None:
        home = load_session(folder)
        turns = (*home.turns, *(each for each in asked if isinstance(each, Turn)))
        save_session(spare, replace(home, turns=turns, unanswered=unanswered_of(asked)))
    return spare


def unanswered_of(asked: tuple[Turn | Unanswered, ...]) -> tuple[Unanswered, ...]:
    return tuple(each for each in asked if isinstance(each, Unanswered))


def answer(folder: Path, number: int, *, level: int = 7) -> Path:
    path = folder / f"{number:02}-answer.flac"
    soundfile.write(path, [level / 100] * 16_000, 16_000)
    return path


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A session of which the disk took the first turn, and nothing of the second."""
    return session_with(tmp_path / "recordings", turn(1, PLAN[0]), left_open(2, PLAN[1]), died=False)


def test_what_was_answered_is_not_asked_again(
    folder: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sent_elsewhere(folder, elsewhere, 2, asked=(SECOND, left_open(3, PLAN[2], "skipped")))
    asked: list[str] = []

    def go_on(_: object, folder: Path, session: Session, left: resuming.Remaining, *, read: bool) -> None:
        asked.extend(question.id for question in left.questions)

    monkeypatch.setenv("GREENROOM_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(begin, "with_somebody_to_answer", lambda settings, **_: settings)
    monkeypatch.setattr(resuming, "go_on", go_on)
    monkeypatch.setattr("sys.stderr", shown := io.StringIO())
    begin_or_go_on(PracticeSettings(recordings=folder.parent), {}, LATEST)
    assert asked == ["three"]
    assert [turn.number for turn in load_session(folder).turns] == [1, 2]
    assert names(folder) == {
        SESSION_FILE,
        "01-answer.flac",
        "02-answer.flac",
        "01-answer.vtt",
        "02-answer.vtt",
    }
    assert not elsewhere.exists()
    assert shown.getvalue().startswith("What the disk had not taken of your interview of ")


def test_it_comes_home_when_the_session_is_gone_on_with(folder: Path, elsewhere: Path) -> None:
    sent_elsewhere(folder, elsewhere, 2, asked=(SECOND,))
    with gone_on_with(folder) as remains:
        assert remains.session.turns[1] == SECOND
    assert not elsewhere.exists()


def test_it_comes_home_before_a_death_is_told_of(folder: Path, elsewhere: Path) -> None:
    """Of the answer the home disk has a part; all of it lies elsewhere."""
    sent_elsewhere(folder, elsewhere, 2, asked=(SECOND,))
    raw_sound(folder, 2, 0.1)
    (folder / LOCK_FILE).touch()
    (remains,) = find_remains(folder.parent)
    assert remains.session.turns[1] == SECOND
    assert soundfile.info(folder / "02-answer.flac").duration == 1.0
    assert not elsewhere.exists()


def test_a_death_is_still_told_of_after_it_came_home(folder: Path, elsewhere: Path) -> None:
    sent_elsewhere(folder, elsewhere, 2, asked=(SECOND,))
    (folder / LOCK_FILE).touch()
    (returned,) = bring_all_home(folder.parent)
    assert returned.brought
    assert len(find_remains(folder.parent)) == 1


def test_an_answer_at_home_is_never_overwritten(folder: Path, elsewhere: Path) -> None:
    spare = sent_elsewhere(folder, elsewhere, 1, 2, asked=(SECOND,))
    before = (folder / "01-answer.flac").read_bytes()
    returned = bring_home(folder)
    assert returned.apart == (Apart(spare, ANOTHER.format(name="01-answer.flac")),)
    assert (folder / "01-answer.flac").read_bytes() == before
    assert names(spare) == {"01-answer.flac"}
    assert (folder / "02-answer.flac").exists()
    (line, named) = lines_of_return(returned, datetime.now().astimezone().date())
    assert line.endswith("is in its folder now.")
    assert f"is still in {spare}: 01-answer.flac there is another than" in named


def test_a_copy_of_what_is_at_home_goes(folder: Path, elsewhere: Path) -> None:
    spare = sent_elsewhere(folder, elsewhere, asked=())
    (spare / "01-answer.flac").write_bytes((folder / "01-answer.flac").read_bytes())
    (spare / ".02-answer.abcdefgh.part").touch()
    assert not bring_home(folder).is_worth_telling
    assert not elsewhere.exists()


@pytest.mark.parametrize("later", ["home", "spare"])
def test_of_two_records_the_one_that_knows_more_stays_whichever_is_later(
    later: str, folder: Path, elsewhere: Path
) -> None:
    spare = sent_elsewhere(folder, elsewhere, asked=(SECOND,))
    fuller = load_session(spare)
    save_session(spare, load_session(folder))
    save_session(folder, fuller)
    os.utime(folder / SESSION_FILE, (1, 3 if later == "home" else 1))
    os.utime(spare / SESSION_FILE, (2, 2))
    bring_home(folder)
    assert load_session(folder) == fuller
    assert not elsewhere.exists()


@pytest.mark.parametrize("later", ["home", "spare"])
def test_of_two_that_know_the_same_the_later_stays(later: str, folder: Path, elsewhere: Path) -> None:
    """The words of an answer were heard once more."""
    spare = sent_elsewhere(folder, elsewhere, asked=(left_open(2, PLAN[1]),))
    (first,) = load_session(folder).turns
    heard = replace(load_session(folder), turns=(replace(first, self_rating=3),))
    save_session(spare, heard)
    os.utime(folder / SESSION_FILE, (1, 3 if later == "home" else 1))
    os.utime(spare / SESSION_FILE, (2, 2))
    bring_home(folder)
    assert load_session(folder).turns[0].self_rating == (3 if later == "spare" else None)


@pytest.mark.parametrize(
    "at_home",
    [turn(2, PLAN[1], ended_by="key"), turn(2, PLAN[2]), left_open(2, PLAN[2], "skipped")],
)
def test_where_both_know_something_both_stay_and_it_is_named(
    at_home: Turn | Unanswered, folder: Path, elsewhere: Path
) -> None:
    """The question was asked again by a greenroom that knew nothing of the spare folder."""
    spare = sent_elsewhere(folder, elsewhere, 2, 3, asked=(SECOND, turn(3, PLAN[2])))
    home = load_session(folder)
    turns = (*home.turns, at_home) if isinstance(at_home, Turn) else home.turns
    save_session(folder, replace(home, turns=turns, unanswered=unanswered_of((at_home,))))
    before = (folder / SESSION_FILE).read_bytes(), names(folder), names(spare)
    assert bring_home(folder).apart == (Apart(spare, TWO_RECORDS),)
    assert before == ((folder / SESSION_FILE).read_bytes(), names(folder), names(spare))


@pytest.mark.parametrize("changed", [{"started_at": "2026-01-01T00:00:00+01:00"}, {"plan": PLAN[:1]}])
def test_another_session_of_that_name_is_left_alone(
    changed: dict[str, object], folder: Path, elsewhere: Path
) -> None:
    """It lies in other recordings."""
    spare = sent_elsewhere(folder, elsewhere, 2, asked=(SECOND,))
    save_session(spare, replace(load_session(spare), **changed))  # type: ignore[arg-type]
    assert bring_home(folder) == Returned(load_session(folder))
    assert names(spare) == {SESSION_FILE, "02-answer.flac"}


def test_without_a_record_only_answers_come_that_the_one_at_home_tells_of(
    folder: Path, elsewhere: Path
) -> None:
    home = load_session(folder)
    entries = (*home.unanswered, left_open(3, PLAN[2], "skipped"))
    save_session(folder, replace(home, turns=(*home.turns, turn(4, PLAN[2])), unanswered=entries))
    spare = sent_elsewhere(folder, elsewhere, 2, 3, 4)
    returned = bring_home(folder)
    assert returned.apart == (Apart(spare, NOT_TOLD_OF.format(name="03-answer.flac")),)
    assert {"02-answer.flac", "04-answer.flac"} <= names(folder)
    assert names(spare) == {"03-answer.flac"}


def test_where_the_place_filled_up_too_all_of_it_comes_home(folder: Path, elsewhere: Path) -> None:
    """An answer went to the first, another and the record then to the second."""
    sent_elsewhere(folder, elsewhere, 3)
    sent_elsewhere(folder, elsewhere, 2, asked=(SECOND, turn(3, PLAN[2])))
    assert bring_home(folder).apart == ()
    assert {"02-answer.flac", "03-answer.flac"} <= names(folder)
    assert not elsewhere.exists()


@pytest.mark.parametrize("part", ["save_session", "write_private"])
def test_a_home_that_is_still_full_is_refused_and_loses_nothing(
    part: str, folder: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spare = sent_elsewhere(folder, elsewhere, 2, asked=(SECOND,))
    (folder / LOCK_FILE).touch()
    raw = raw_sound(folder, 2, 0.1)

    def full(*_: object) -> None:
        raise BadInputError("it cannot be written: No space left on device")

    with monkeypatch.context() as patch:
        if part == "save_session":
            patch.setattr("greenroom.keeping.save_session", full)
        else:
            patch.setattr(bringing_home, "write_private", full)
        with pytest.raises(BadInputError, match="No space left") as refused, gone_on_with(folder):
            pass
        assert refused.value.hint == f"make room there; some of this session is in {spare}"
        (returned,) = bring_all_home(folder.parent)
        told = list(lines_of_return(returned, datetime.now().astimezone().date()))
        assert told[-1].endswith(f"is still in {spare}: it cannot be written: No space left on device. "
                                 "It is tried again at the next start.")  # fmt: skip
        assert find_remains(folder.parent) == ()
    assert raw.exists(), "a part of an answer is not taken for all of it"
    assert names(spare) == {SESSION_FILE, "02-answer.flac"}
    (remains,) = find_remains(folder.parent)
    assert remains.session.turns[1] == SECOND
    assert not elsewhere.exists()


def test_to_look_for_what_lies_elsewhere_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """tempfile.gettempdir() tries the folder out."""
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "gettempdir", lambda: pytest.fail("written"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("TEMP", str(tmp_path))
    (tmp_path / "greenroom-x").mkdir()
    assert [place for place in used_places() if tmp_path in place.parents] == [tmp_path / "greenroom-x"]


def links(spare: Path) -> None:
    target = spare.parent.parent / "target"
    spare.rename(target)
    spare.symlink_to(target, target_is_directory=True)


def linked_record(spare: Path) -> None:
    (spare / SESSION_FILE).rename(spare.parent / "record")
    (spare / SESSION_FILE).symlink_to(spare.parent / "record")


def linked_answer(spare: Path) -> None:
    (spare / "02-answer.flac").rename(spare.parent / "sound")
    (spare / "02-answer.flac").symlink_to(spare.parent / "sound")


def other_name(spare: Path) -> None:
    (spare / "02-answer.flac").rename(spare / "answer.flac")


def no_stamp(spare: Path) -> None:
    spare.rename(spare.with_name(spare.name.rpartition("-")[0]))


@pytest.mark.parametrize("meddle", [links, linked_record, linked_answer, other_name, no_stamp])
def test_only_plain_files_of_a_session_in_a_folder_of_its_shape_come_home(
    meddle: Callable[[Path], None], folder: Path, elsewhere: Path
) -> None:
    meddle(sent_elsewhere(folder, elsewhere, 2, asked=(SECOND,)))
    bring_home(folder)
    assert "02-answer.flac" not in names(folder)
    assert not (folder / SESSION_FILE).is_symlink()


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="no owners")
def test_what_another_person_put_there_is_left_alone(
    folder: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent_elsewhere(folder, elsewhere, 2, asked=(SECOND,))
    uid = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: uid + 1)
    assert bring_home(folder) == Returned()


def test_a_session_that_is_held_or_no_session_is_left_alone(folder: Path, elsewhere: Path) -> None:
    spare = sent_elsewhere(folder, elsewhere, 2, asked=(SECOND,))
    with hold(folder):
        assert bring_all_home(folder.parent) == ()
    assert names(spare) == {SESSION_FILE, "02-answer.flac"}
    above = elsewhere / name_for("..")
    above.mkdir()
    save_session(above, load_session(spare))
    save_session(folder.parent.parent, before := load_session(folder))
    (elsewhere / name_for("another-program")).mkdir()
    (folder.parent / "another-program").mkdir()
    (folder.parent / "another-program" / LOCK_FILE).write_text("theirs")
    bring_all_home(folder.parent)
    assert (folder.parent / "another-program" / LOCK_FILE).read_text() == "theirs"
    assert load_session(folder.parent.parent) == before


def test_a_record_that_never_was_at_home_comes_there(folder: Path, elsewhere: Path) -> None:
    sent_elsewhere(folder, elsewhere, 2, asked=(SECOND,))
    (folder / SESSION_FILE).unlink()
    (returned,) = bring_all_home(folder.parent)
    assert returned.brought
    assert load_session(folder).turns[1] == SECOND


def test_a_damaged_record_stays_and_is_named(folder: Path, elsewhere: Path) -> None:
    spare = sent_elsewhere(folder, elsewhere, 2)
    (spare / SESSION_FILE).write_text("{")
    (apart,) = bring_home(folder).apart
    assert apart.place == spare
    assert "is damaged" in apart.why
    assert names(spare) == {SESSION_FILE, "02-answer.flac"}
