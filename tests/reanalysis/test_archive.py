"""Session folders read for another reading and written after it: nothing of before is lost."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from archives import SAMPLE, TRANSCRIBED, WORDS_KEPT, said, sample_copy, with_turn

from greenroom.audio.clip import load_clip, save_clip
from greenroom.captions import web_vtt
from greenroom.errors import BadInputError
from greenroom.reanalysis import archive
from greenroom.reanalysis.archive import EARLIER, is_known, job_of, keep, open_session, wanted_for
from greenroom.reanalysis.jobs import keeping_words
from greenroom.records import Clip, Reanalysis, Turn
from greenroom.session import load_session


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return sample_copy(tmp_path / "my recordings")


def other_words(folder: Path) -> list[Turn]:
    return [said(turn, f"other words {turn.number}") for turn in load_session(folder).turns]


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


class TestKeeping:
    def test_what_was_there_is_kept_byte_for_byte(self, folder: Path) -> None:
        before = (folder / "session.json").read_bytes()
        session = keep(open_session(folder), other_words(folder), TRANSCRIBED)
        assert load_session(folder) == session
        assert [turn.transcript.text for turn in session.turns] == [f"other words {n}" for n in (1, 2, 3)]
        (entry,) = session.reanalyses
        assert (entry.engine, entry.model, entry.rules) == ("fake", "fake", "these rules")
        assert entry.greenroom == load_session(SAMPLE).greenroom
        assert (folder / entry.earlier).read_bytes() == before

    def test_the_captions_are_those_of_the_new_words(self, folder: Path) -> None:
        session = keep(open_session(folder), other_words(folder), TRANSCRIBED)
        for turn in session.turns:
            assert (folder / f"0{turn.number}-answer.vtt").read_text() == web_vtt(turn.transcript.words)

    def test_a_typed_answer_gets_no_captions(self, folder: Path) -> None:
        with_turn(folder, 2, lambda turn: replace(turn, ended_by="typed"))
        (folder / "02-answer.vtt").unlink()
        keep(open_session(folder), load_session(folder).turns, WORDS_KEPT)
        assert not (folder / "02-answer.vtt").exists()

    def test_only_its_owner_can_read_any_of_it(self, folder: Path) -> None:
        keep(open_session(folder), other_words(folder), TRANSCRIBED)
        assert (folder / EARLIER).stat().st_mode & 0o777 == 0o700
        for path in (*(folder / EARLIER).iterdir(), *folder.glob("*.json"), *folder.glob("*.vtt")):
            assert path.stat().st_mode & 0o777 == 0o600

    def test_two_readings_within_a_second_are_both_kept(self, folder: Path) -> None:
        kept = [(folder / "session.json").read_bytes()]
        keep(open_session(folder), other_words(folder), TRANSCRIBED)
        kept.append((folder / "session.json").read_bytes())
        session = keep(open_session(folder), other_words(folder), WORDS_KEPT)
        assert len({entry.earlier for entry in session.reanalyses}) == 2
        assert [(folder / entry.earlier).read_bytes() for entry in session.reanalyses] == kept

    def test_an_interview_that_goes_on_meanwhile_is_not_overwritten(self, folder: Path) -> None:
        stored = open_session(folder)
        with_turn(folder, 3, lambda turn: replace(turn, self_rating=4))
        now = files(folder)
        with pytest.raises(BadInputError, match="changed while it was read again") as caught:
            keep(stored, other_words(folder), TRANSCRIBED)
        assert caught.value.hint
        assert files(folder) == now

    @pytest.mark.parametrize("last", ["captions", "session.json"])
    def test_broken_off_the_session_is_as_it_was_and_is_read_once_more(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, last: str
    ) -> None:
        before = (folder / "session.json").read_bytes()
        name = {"captions": "save_captions", "session.json": "save_session"}[last]
        with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
            broken.setattr(archive, name, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
            keep(open_session(folder), other_words(folder), TRANSCRIBED)
        assert (folder / "session.json").read_bytes() == before
        assert not is_known(load_session(folder), TRANSCRIBED)
        session = keep(open_session(folder), other_words(folder), TRANSCRIBED)
        assert [path.name for path in (folder / EARLIER).iterdir()] == [
            Path(session.reanalyses[0].earlier).name
        ], "what the broken one had kept is the same, and stands for this one"

    def test_a_file_in_the_way_is_told_in_a_line(self, folder: Path) -> None:
        (folder / EARLIER).write_text("mine")
        before = files(folder)
        with pytest.raises(BadInputError, match="earlier"):
            keep(open_session(folder), other_words(folder), TRANSCRIBED)
        assert files(folder) == before

    def test_a_folder_that_may_not_be_written_is_told_before_anything_is_read(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            os, "access", lambda *_: False
        )  # whoever runs the tests may be allowed everything
        with pytest.raises(BadInputError, match="may not be written"):
            open_session(folder)


class TestJobs:
    def test_the_sound_comes_as_samples(self, tmp_path: Path) -> None:
        folder = sample_copy(tmp_path, sound=True)
        stored = open_session(folder)
        job, silent = job_of(stored, TRANSCRIBED)
        assert silent == ()
        assert {number: len(sound) // 2 / 16_000 for number, sound in job.sounds.items()} == {
            turn.number: pytest.approx(turn.seconds, abs=0.001) for turn in stored.session.turns
        }

    def test_words_that_are_kept_need_no_sound(self, tmp_path: Path) -> None:
        folder = sample_copy(tmp_path, sound=True)
        assert job_of(open_session(folder), WORDS_KEPT)[0].sounds == {}

    def test_without_any_recording_the_words_are_read(self, folder: Path) -> None:
        stored = open_session(folder)
        assert wanted_for(stored, TRANSCRIBED) == keeping_words(TRANSCRIBED)
        job, silent = job_of(stored, TRANSCRIBED)
        assert (job.wanted, silent) == (keeping_words(TRANSCRIBED), (1, 2, 3))

    def test_a_damaged_recording_and_one_that_broke_off_keep_no_other_from_being_heard(
        self, folder: Path
    ) -> None:
        (folder / "01-answer.flac").write_bytes(b"nothing of the sort")
        shutil.copy(SAMPLE / "03-answer.flac", folder)
        save_clip(folder / "02-answer.flac", Clip(load_clip(SAMPLE / "02-answer.flac").samples[:160_000]))
        stored = open_session(folder)
        assert wanted_for(stored, TRANSCRIBED) == TRANSCRIBED
        job, silent = job_of(stored, TRANSCRIBED)
        assert (list(job.sounds), silent, job.wanted) == ([3], (1, 2), TRANSCRIBED)

    @pytest.mark.parametrize("name", ["../other/01-answer.flac", "/etc/01-answer.flac", "..", ""])
    def test_a_session_from_elsewhere_reads_no_file_outside_of_its_folder(
        self, folder: Path, name: str
    ) -> None:
        shutil.copytree(SAMPLE, folder.parent / "other")
        with_turn(folder, 1, lambda turn: replace(turn, recording=name))
        assert job_of(open_session(folder), TRANSCRIBED)[1] == (1, 2, 3)

    def test_typed_answers_have_no_sound_to_miss(self, folder: Path) -> None:
        for number in (1, 2, 3):
            with_turn(folder, number, lambda turn: replace(turn, ended_by="typed"))
        assert job_of(open_session(folder), TRANSCRIBED)[1] == ()

    def test_a_session_of_a_newer_greenroom_is_not_touched(self, folder: Path) -> None:
        content = json.loads((folder / "session.json").read_text())
        (folder / "session.json").write_text(json.dumps(content | {"schema": 2}))
        with pytest.raises(BadInputError, match="newer greenroom"):
            open_session(folder)

    def test_a_session_of_an_older_one_is_read_with_what_it_has(self, folder: Path) -> None:
        content = json.loads((folder / "session.json").read_text())
        for turn in content["turns"]:
            for later in ("silences", "reopened", "retry_of", "form", "shares", "markers", "deeds"):
                del turn[later]
        (folder / "session.json").write_text(json.dumps(content))
        session = keep(open_session(folder), load_session(folder).turns, WORDS_KEPT)
        assert len(session.turns) == 3


def entry(rules: str = "these rules", engine: str = "fake", model: str = "fake") -> Reanalysis:
    return Reanalysis("2026-11-22T20:00:00+00:00", "0.1.0", rules, engine, model, "earlier/session.json")


@pytest.mark.parametrize(
    ("readings", "transcribed", "kept"),
    [
        ((), False, False),
        ((entry(),), True, True),
        ((entry("older rules"),), False, False),
        ((entry(model="tiny.en"),), False, True),
        ((entry(engine="", model=""),), False, True),
        ((entry(), entry("older rules")), False, False),
        ((entry("older rules"), entry()), True, True),
    ],
    ids=["never", "this", "older rules", "another model", "words kept", "and back", "and on"],
)
def test_what_the_last_reading_was_made_with_is_known(
    readings: tuple[Reanalysis, ...], transcribed: bool, kept: bool
) -> None:
    session = replace(load_session(SAMPLE), reanalyses=readings)
    assert is_known(session, TRANSCRIBED) is transcribed
    assert is_known(session, WORDS_KEPT) is kept


@pytest.mark.parametrize(
    ("answered", "known"),
    [("", True), ("2026-11-22T20:30:00+01:00", True), ("2026-11-22T20:30:00+00:00", False)],
)
def test_an_answer_that_was_given_since_has_not_been_read(answered: str, known: bool) -> None:
    session = load_session(SAMPLE)
    again = replace(session.turns[0], number=4, retry_of=1, answered_at=answered)
    session = replace(session, turns=(*session.turns, again), reanalyses=(entry(),))
    assert is_known(session, TRANSCRIBED) is known


def test_a_model_goes_by_the_last_part_of_its_path(folder: Path) -> None:
    wanted = replace(TRANSCRIBED, model="/home/me/models/my-model.pt")
    session = keep(open_session(folder), other_words(folder), wanted)
    assert session.reanalyses[0].model == "my-model.pt"
    assert is_known(session, wanted)
