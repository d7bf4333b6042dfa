"""Session folders: private, atomic, read back as they were written, refused when they are not sessions."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from greenroom.errors import BadInputError
from greenroom.records import (
    Delivery,
    Feedback,
    Finding,
    Pause,
    Question,
    Session,
    Span,
    Timing,
    Transcript,
    Turn,
    Unanswered,
    Word,
)
from greenroom.session import load_session, save_session, start_session, write_private

QUESTION = Question("q", "Why?", signals=("ownership",), follow_ups={"no_outcome": "What changed?"}, bank="b")
TURN = Turn(
    question="Why?",
    seconds=3.0,
    transcript=Transcript(
        "So, yes.", engine="openai-whisper", model="base", words=(Word("So,", 0.1, 0.4, 0.9),)
    ),
    delivery=Delivery(2, pauses=(Pause(1.0, 2.0, True),), bands={"speech_rate": "good"}),
    patterns=(Finding("no_outcome", 0.9, (Span("yes", 0.5, 0.7, 1, 1),), "why", "advice"),),
    feedback=Feedback("Well.", follow_up="What changed?", follow_up_for="no_outcome"),
    number=1,
    asked=QUESTION,
    recording="01-answer.flac",
    ended_by="silence",
    timing=Timing(2.0, 6.0, 7.5, 7.6, 8.0),
)


def test_what_is_saved_is_what_is_read(tmp_path: Path) -> None:
    folder, session = start_session(tmp_path, "behavioural", {"bank": ["behavioural"], "questions": 3})
    session = replace(session, turns=(TURN,), unanswered=(Unanswered(2, "Why?", QUESTION, "skipped"),))
    save_session(folder, session)
    assert load_session(folder) == session


def test_the_json_has_the_names_of_the_interface(tmp_path: Path) -> None:
    folder, session = start_session(tmp_path, "behavioural", {})
    save_session(folder, replace(session, turns=(TURN,)))
    saved = json.loads((folder / "session.json").read_text())
    assert {"schema", "id", "started_at", "settings", "turns"} <= set(saved)
    (turn,) = saved["turns"]
    assert {
        "question",
        "recording",
        "ended_by",
        "timing",
        "transcript",
        "delivery",
        "parts",
        "patterns",
    } <= set(turn)
    assert turn["question"] == "Why?"
    assert turn["timing"] == {
        "speech_end": 2.0, "decided": 6.0, "transcribed": 7.5, "analysed": 7.6, "feedback_started": 8.0,
    }  # fmt: skip
    assert turn["transcript"]["words"] == [{"text": "So,", "start": 0.1, "end": 0.4, "probability": 0.9}]


def test_names_and_modes(tmp_path: Path) -> None:
    root = tmp_path / "new" / "place"
    folder, _ = start_session(root, "My Bank & more", {})
    assert folder.name.endswith("-my-bank-more")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "session.json").stat().st_mode) == 0o600


def test_two_sessions_in_one_second_have_folders_of_their_own(tmp_path: Path) -> None:
    folders = {start_session(tmp_path, "x", {})[0] for _ in range(5)}
    assert len(folders) == 5


def test_a_crash_while_saving_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, session = start_session(tmp_path, "x", {})

    def crash(fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", crash)
    with pytest.raises(BadInputError, match="No space left"):
        save_session(folder, replace(session, finished=True))
    monkeypatch.undo()
    assert load_session(folder) == session
    assert [path.name for path in folder.iterdir()] == ["session.json"]


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInputError) as caught:
        start_session(tmp_path / "file" / "recordings", "x", {})
    assert caught.value.status == 3
    assert "--recordings" in (caught.value.hint or "")


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"id": 3}', b'{"id": "x", "started_at": "y", "turns": [{}]}', b"\xff\xfe"]
)
def test_damaged_sessions_are_bad_input(tmp_path: Path, content: bytes) -> None:
    write_private(tmp_path / "session.json", content)
    with pytest.raises(BadInputError):
        load_session(tmp_path)


def test_a_newer_schema_says_so(tmp_path: Path) -> None:
    folder, session = start_session(tmp_path, "x", {})
    save_session(folder, replace(session, schema=99))
    with pytest.raises(BadInputError, match="newer"):
        load_session(folder)


def test_a_folder_without_a_session(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="not a session"):
        load_session(tmp_path)


def test_a_turn_of_an_older_version_is_no_retry(tmp_path: Path) -> None:
    folder, session = start_session(tmp_path, "x", {})
    save_session(folder, replace(session, turns=(replace(TURN, retry_of=1),)))
    saved = json.loads((folder / "session.json").read_text())
    assert saved["turns"][0].pop("retry_of") == 1
    write_private(folder / "session.json", json.dumps(saved).encode())
    assert load_session(folder).turns == (TURN,)


def test_unknown_fields_of_later_versions_are_passed_over(tmp_path: Path) -> None:
    folder, session = start_session(tmp_path, "x", {})
    saved = json.loads((folder / "session.json").read_text())
    write_private(folder / "session.json", json.dumps({**saved, "mood": "good"}).encode())
    assert load_session(folder) == session
    assert isinstance(session, Session)
