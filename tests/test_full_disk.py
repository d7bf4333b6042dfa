"""A disk that is full or may not be written: told before anything is asked, and no answer is lost to it."""

from __future__ import annotations

import errno
import io
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from end_to_end import ENTER, JFK, Terminal, environment, names_in, session_of
from fakes import FakeKeys, FakeScreen, FakeSpeaker, FakeVoice
from soundcard import SoundCard, start_playing

from greenroom import keys
from greenroom.audio.clip import load_clip
from greenroom.audio.recorder import AnswerRecorder
from greenroom.errors import BadInputError
from greenroom.keys import word_line
from greenroom.prompts import AT_HOME, IN_MEMORY, SHELTERED
from greenroom.records import Session
from greenroom.screens.plain import PlainScreen
from greenroom.session import load_session, save_session, start_session
from greenroom.sheltering import Shelter, room_for
from greenroom.speaking import Narrator

SOUND = np.full(16_000, 0.25, dtype=np.float32)


class Disk:
    """A session's folder that takes nothing until there is room."""

    def __init__(self, root: Path) -> None:
        self.folder, self.session = start_session(root / "recordings", "test", {})
        self.home = self.folder.with_name("real")
        self.spare = root / "spare"
        self.recorder = AnswerRecorder(self.folder / "01-answer.flac")
        self.recorder.write(SOUND)
        self.folder.rename(self.home)
        self.folder.touch()  # in place of the folder: whatever is written there is refused

    def make_room(self) -> None:
        self.folder.unlink()
        self.home.rename(self.folder)

    def refusal(self) -> BadInputError:
        with pytest.raises(BadInputError) as caught:
            self.recorder.finish()
        return caught.value


class Presses(FakeKeys):
    """Presses keys; before the key at which there is room, room is made."""

    def __init__(self, disk: Disk, *presses: str, room_at: int = -1) -> None:
        super().__init__(presses)
        self._disk, self._room_at, self._pressed = disk, room_at, 0

    def poll(self) -> str | None:
        if self._pressed == self._room_at:
            self._disk.make_room()
        self._pressed += 1
        return super().poll()


def shelter(
    disk: Disk, keyboard: FakeKeys, places: Callable[[], list[Path]] | None = None
) -> tuple[Shelter, FakeScreen]:
    screen = FakeScreen()
    narrator = Narrator(FakeVoice(), FakeSpeaker(), FakeKeys())  # type: ignore[arg-type]
    kept = Shelter(narrator, keyboard, screen, disk.folder, places or (lambda: [disk.spare]))
    return kept, screen


def test_an_answer_is_safe_elsewhere_at_once_and_comes_home_when_there_is_room(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    kept, screen = shelter(disk, Presses(disk, keys.DONE, keys.DONE, room_at=1))
    clip = kept.take(disk.recorder, disk.refusal())
    assert clip.seconds == 1.0
    assert screen.told("said") == [SHELTERED, AT_HOME]
    assert "It cannot be written yet." in screen.told("note")
    assert load_clip(disk.folder / "01-answer.flac").seconds == 1.0
    assert not disk.spare.exists(), "nothing of the person's is left where nobody looks for it"
    assert not kept.quit


@pytest.mark.parametrize(("pressed", "quits"), [(keys.SKIP, False), (keys.QUIT, True)])
def test_who_goes_on_finds_answer_and_record_in_a_folder_that_is_a_session(
    tmp_path: Path, pressed: str, quits: bool
) -> None:
    disk = Disk(tmp_path)
    kept, screen = shelter(disk, FakeKeys([pressed]))
    kept.take(disk.recorder, disk.refusal())
    kept.take_session(disk.session, BadInputError("full"))
    kept.tell_what_is_left()
    assert kept.quit == quits
    assert kept.folder is not None
    assert {path.name for path in kept.folder.iterdir()} == {"01-answer.flac", "session.json"}
    assert load_session(kept.folder) == disk.session
    assert kept.folder.stat().st_mode & 0o777 == 0o700
    assert str(kept.folder) in screen.told("note")[-1]
    disk.make_room()
    kept.tell_what_is_left()
    assert load_clip(disk.folder / "01-answer.flac").seconds == 1.0
    assert kept.folder is None


def test_where_no_place_takes_it_the_answer_stays_in_memory(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    (tmp_path / "file").touch()
    keyboard = Presses(disk, keys.DONE, room_at=0)
    kept, screen = shelter(disk, keyboard, lambda: [tmp_path / "file" / "below"])
    kept.take(disk.recorder, disk.refusal())
    assert screen.told("said") == [IN_MEMORY, AT_HOME]
    assert load_clip(disk.folder / "01-answer.flac").seconds == 1.0


def test_where_the_other_place_fills_up_too_all_places_are_named_and_cleaned(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    second = AnswerRecorder(disk.home / "02-answer.flac")
    second.write(SOUND)
    second._flac_path = disk.folder / "02-answer.flac"
    places = [tmp_path / "first"]
    kept, screen = shelter(disk, FakeKeys(), lambda: places)
    assert kept.keep(disk.recorder, disk.refusal())
    kept.take_session(disk.session, BadInputError("full"))
    first = kept.folder
    assert first is not None
    full = first.with_name("was")
    first.rename(full)
    first.touch()  # it takes nothing any more
    places[:] = [tmp_path / "file" / "below", tmp_path / "second"]
    (tmp_path / "file").touch()
    assert kept.keep(second, BadInputError("full"))
    first.unlink()
    full.rename(first)
    kept.take_session(disk.session, BadInputError("full"))
    assert kept.folder is not None
    assert kept.folder.parent == tmp_path / "second"
    assert not (first / "session.json").exists(), "the record lies in one place"
    kept.tell_what_is_left()
    left = screen.told("note")[-1]
    assert str(first) in left
    assert str(kept.folder) in left
    disk.make_room()
    kept.tell_what_is_left()
    assert {"01-answer.flac", "02-answer.flac"} <= set(names_in(disk.folder))
    assert kept.folder is None
    assert not (tmp_path / "first").exists()
    assert not (tmp_path / "second").exists()


def test_help_tells_the_words_of_this_choice(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    screen = PlainScreen(io.StringIO(), words=True)
    told: list[str] = []

    class Asking(FakeKeys):
        def poll(self) -> str | None:
            told.append(word_line(screen.offered()))
            return super().poll()

    narrator = Narrator(FakeVoice(), FakeSpeaker(), FakeKeys())  # type: ignore[arg-type]
    kept = Shelter(narrator, Asking([keys.SKIP]), screen, disk.folder, lambda: [disk.spare])
    kept.take(disk.recorder, disk.refusal())
    assert told == ["done to try again, once there is room; skip to go on as it is; quit"]
    assert not screen.offered()


def test_a_place_that_fails_leaves_no_empty_folder(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    (tmp_path / "temporary").mkdir()
    kept, _ = shelter(disk, FakeKeys(), lambda: [tmp_path / "temporary"])
    refusal = disk.refusal()
    disk.recorder.save_copy = lambda path: disk.recorder.finish()  # type: ignore[method-assign,assignment,return-value]
    assert not kept.keep(disk.recorder, refusal)
    assert not (tmp_path / "temporary").exists()


def test_the_record_that_was_refused_comes_home_with_the_next_that_is_not(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    kept, _ = shelter(disk, FakeKeys())
    kept.take_session(disk.session, BadInputError("full"))
    spare = kept.folder
    assert spare is not None
    disk.make_room()
    save_session(disk.folder, Session(id="later", started_at="", settings={}, greenroom=""))
    kept.session_saved()
    assert load_session(disk.folder).id == "later"
    assert not spare.exists()
    disk.recorder.discard()


def test_room_for_recordings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def free(megabytes: int) -> None:
        usage = type("Usage", (), {"free": megabytes * 1_000_000})
        monkeypatch.setattr("greenroom.sheltering.shutil.disk_usage", lambda _: usage)

    free(500)
    assert room_for(tmp_path / "not" / "yet") is None
    free(100)
    assert "100 MB left" in (room_for(tmp_path) or "")
    free(5)
    with pytest.raises(BadInputError, match="nearly full: 5 MB"):
        room_for(tmp_path)


def test_a_disk_that_fails_is_told_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("greenroom.sheltering.shutil.disk_usage", fails)
    with pytest.raises(BadInputError, match="Input/output error"):
        room_for(tmp_path)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 16 MB of its own; where the machine does not allow one, the test fails."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount("-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def mount(*arguments: str) -> None:
    done = subprocess.run(["mount", *arguments], check=False, capture_output=True, text=True)
    assert done.returncode == 0, f"a disk to fill could not be mounted: {done.stderr}"


def practise(env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "greenroom", "practice", "--candidate", str(JFK), "--fast", "--quiet"]
    return subprocess.run(
        [*command, "--engine", "faster-whisper", "--model", "tiny.en"],
        check=False,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.slow
@pytest.mark.weights
def test_a_disk_that_takes_nothing_is_told_before_anything_is_asked(tmp_path: Path, small_disk: Path) -> None:
    env = environment(tmp_path) | {"GREENROOM_RECORDINGS": str(small_disk)}
    (small_disk / "fill").write_bytes(bytes(10_000_000))
    full = practise(env)
    (small_disk / "fill").unlink()
    mount("-o", "remount,ro", str(small_disk))
    read_only = practise(env)
    for done, told in ((full, "error: the disk is nearly full"), (read_only, "error: recordings cannot be")):
        assert done.returncode == 3
        error, hint = done.stderr.splitlines()
        assert error.startswith(told)
        assert hint.startswith("try: make room there, or name another place with --recordings")
    assert not list(small_disk.iterdir())


@pytest.mark.device
@pytest.mark.weights
def test_a_disk_that_fills_up_in_mid_answer(sound_card: SoundCard, tmp_path: Path, small_disk: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    env = environment(tmp_path, sound_card.env) | {
        "GREENROOM_RECORDINGS": str(small_disk),
        "XDG_DATA_HOME": str(elsewhere),
        "NO_COLOR": "1",
    }
    options = ("--questions", "1", "--follow-ups", "0", "--engine", "faster-whisper", "--model", "tiny.en")
    with Terminal(["practice", *options], env, "xterm") as terminal:
        terminal.await_text("Question 1 of 1")
        terminal.press(ENTER)
        terminal.await_text("Listening.")
        with start_playing(JFK, env):
            time.sleep(3.0)
            fill = small_disk / "fill"
            with fill.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
                while True:
                    file.write(bytes(4096))
        terminal.press(ENTER)
        terminal.await_text("cannot be written")
        terminal.await_text(SHELTERED)
        terminal.await_text("Enter try again, once there is room")
        (spare,) = (elsewhere / "greenroom" / "kept-elsewhere").iterdir()
        safe = load_clip(spare / "01-answer.flac").seconds
        fill.unlink()
        terminal.press(ENTER)
        terminal.await_text(AT_HOME)
        terminal.await_text("You said")
        terminal.press("q")
        status = terminal.status()
    folder = small_disk / only_name(small_disk)
    (turn,) = session_of(folder)["turns"]
    kept = load_clip(folder / "01-answer.flac").seconds
    assert status == 0
    assert "Traceback" not in terminal.text
    assert kept == pytest.approx(safe)
    assert kept == pytest.approx(turn["seconds"], abs=0.01)
    assert kept > 10.5  # all of the recording that was played
    assert not [name for name in names_in(folder) if name.endswith((".pcm", ".part"))]
    assert not spare.exists()


def only_name(root: Path) -> str:
    (folder,) = (path.name for path in root.iterdir() if path.is_dir())
    return folder
