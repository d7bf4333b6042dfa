"""Phrases kept in memory and on disk."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import numpy as np
import platformdirs
import pytest

from greenroom.records import Clip
from greenroom.voices import cache
from greenroom.voices.cache import CachedVoice
from greenroom.voices.silent import SilentVoice

RATE = 22_050


class Counting:
    """A voice whose sound depends on the text, and which counts how often it spoke."""

    name = "counting"

    def __init__(self, fingerprint: str = "counting 1") -> None:
        self.fingerprint = fingerprint
        self.texts: list[str] = []

    def render(self, text: str) -> Clip:
        self.texts.append(text)
        samples = 0.5 * np.sin(np.arange(4000 + 10 * len(text)) / (2 + len(text)))
        return Clip(samples.astype(np.float32), RATE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "voices"


def stored(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*")) if folder.exists() else []


def same_sound(one: Clip | None, other: Clip | None) -> bool:
    assert one is not None
    assert other is not None
    # 16-bit samples on the disk.
    return one.rate == other.rate and np.allclose(one.samples, other.samples, atol=1e-4)


def test_a_text_is_rendered_once(folder: Path) -> None:
    voice = Counting()
    cached = CachedVoice(voice, folder)
    first, again, other = (cached.render(text) for text in ("Well done.", "Well done.", "Thank you."))
    assert first is again
    assert other is not first
    assert voice.texts == ["Well done.", "Thank you."]
    assert cached.name == "counting"


def test_what_quotes_the_person_never_reaches_the_disk(folder: Path) -> None:
    CachedVoice(Counting(), folder).render("You said: we lost the client.")
    assert stored(folder) == []


def test_a_kept_text_is_there_the_next_time(folder: Path) -> None:
    first = CachedVoice(Counting(), folder).render("Welcome.", keep=True)
    later = Counting()
    assert same_sound(CachedVoice(later, folder).render("Welcome.", keep=True), first)
    assert later.texts == []


def test_keeping_a_text_that_memory_knows_already(folder: Path) -> None:
    voice = Counting()
    cached = CachedVoice(voice, folder)
    cached.render("Welcome.")
    cached.render("Welcome.", keep=True)
    assert len(stored(folder)) == 1
    assert voice.texts == ["Welcome."]


@pytest.mark.parametrize("fingerprint", ["counting 2", "counting 1 slow"])
def test_other_settings_are_another_sound(folder: Path, fingerprint: str) -> None:
    CachedVoice(Counting(), folder).render("Welcome.", keep=True)
    changed = Counting(fingerprint)
    CachedVoice(changed, folder).render("Welcome.", keep=True)
    assert changed.texts == ["Welcome."]
    assert len(stored(folder)) == 2


def test_another_text_or_format_is_another_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    CachedVoice(Counting(), folder).render("Welcome.", keep=True)
    CachedVoice(Counting(), folder).render("Welcome!", keep=True)
    monkeypatch.setattr(cache, "FORMAT", cache.FORMAT + 1)
    CachedVoice(Counting(), folder).render("Welcome.", keep=True)
    assert len(stored(folder)) == 3


def test_files_are_the_owners_only(folder: Path) -> None:
    CachedVoice(Counting(), folder).render("Welcome.", keep=True)
    (file,) = stored(folder)
    assert file.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert "welcome" not in file.name.lower()


@pytest.mark.parametrize("damage", ["empty", "text", "cut", "flipped", "zeroes", "folder"])
def test_a_damaged_file_is_rendered_again(folder: Path, damage: str) -> None:
    first = CachedVoice(Counting(), folder).render("Welcome.", keep=True)
    (file,) = stored(folder)
    spoil(file, damage)
    again = Counting()
    assert same_sound(CachedVoice(again, folder).render("Welcome.", keep=True), first)
    assert again.texts == ["Welcome."]
    if damage != "folder":
        healed = Counting()
        assert same_sound(CachedVoice(healed, folder).render("Welcome.", keep=True), first)
        assert healed.texts == []


def spoil(file: Path, damage: str) -> None:
    content = file.read_bytes()
    if damage == "empty":
        file.write_bytes(b"")
    elif damage == "text":
        file.write_text("this is no sound")
    elif damage == "cut":
        file.write_bytes(content[: len(content) * 2 // 3])
    elif damage == "flipped":
        middle = len(content) // 2
        file.write_bytes(content[:middle] + bytes(255 - byte for byte in content[middle:]))
    elif damage == "zeroes":
        cache.store(file, Clip(np.zeros(4000, dtype=np.float32), RATE))
    elif damage == "folder":
        file.unlink()
        file.mkdir()


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file stands where the folder should")
    voice = Counting()
    cached = CachedVoice(voice, tmp_path / "cache" / "voices")
    assert cached.render("Welcome.", keep=True) is cached.render("Welcome.", keep=True)
    assert voice.texts == ["Welcome."]


def test_a_full_disk_is_no_error_and_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert CachedVoice(Counting(), folder).render("Welcome.", keep=True) is not None
    assert stored(folder) == []


def test_the_folder_is_in_the_users_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda name, appauthor: str(tmp_path / name))
    CachedVoice(Counting()).render("Welcome.", keep=True)
    assert len(list((tmp_path / "greenroom" / "voices").glob("*.flac"))) == 1


def test_a_silent_voice_stays_silent(folder: Path) -> None:
    cached = CachedVoice(SilentVoice(), folder)
    assert [cached.render("Welcome.", keep=True) for _ in range(2)] == [None, None]
    assert stored(folder) == []


def test_memory_forgets_what_was_used_longest_ago(folder: Path) -> None:
    voice = Counting()
    cached = CachedVoice(voice, folder)
    for number in range(cache.MEMORY_PHRASES):
        cached.render(f"phrase {number}")
    cached.render("phrase 0")
    cached.render("one more")
    voice.texts.clear()
    cached.render("phrase 0")
    cached.render("phrase 1")
    assert voice.texts == ["phrase 1"]


def test_a_phrase_asked_for_twice_at_once_is_rendered_once(folder: Path) -> None:
    class Slow(Counting):
        def render(self, text: str) -> Clip:
            time.sleep(0.05)
            return super().render(text)

    voice = Slow()
    cached = CachedVoice(voice, folder)
    threads = [threading.Thread(target=cached.render, args=("Welcome.",)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert voice.texts == ["Welcome."]
