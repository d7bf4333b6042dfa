"""A story told aloud at a virtual sound card, and typed in a terminal: asked about, read back, and kept."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from end_to_end import (
    CTRL_C,
    ENTER,
    PATIENCE,
    Terminal,
    environment,
    is_heard,
    plain,
    recognise,
    said_by_another,
    session_of,
    share_of_words,
)
from soundcard import RATE_HZ, Heard, SoundCard, read_sound, start_playing

from greenroom.audio.clip import save_clip
from greenroom.preparation.stories.stories import Story
from greenroom.preparation.stories.story_files import find_story, load_stories
from greenroom.preparation.telling.telling_questions import LED, WHOLE

pytestmark = [pytest.mark.device, pytest.mark.weights]

CALM, PLAIN = "xterm-256color", "dumb"
QUICK = ("--engine", "faster-whisper", "--model", "tiny.en")
SAID = {
    "story": "Last March our website was slow, and many customers left before they could pay. I was asked to "
    "find the reason. I measured every page, and then I moved the pictures to Amazon. I also wrote a test in "
    "Python. After that the website was fast again.",
    "number": "It fell by ninety percent in two weeks.",
    "title": "The slow website.",
}
"""Words that the quick model understands from a made voice. The first lacks a number: that is its gap."""

ASKED = {
    "What was the number?": "number",
    "What changed in the end?": "result",
    "Which part was yours?": "own",
    "Who cared about it?": "stake",
    "What shall we call it?": "title",
}
"""What may be asked after the telling, by its first words."""


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """What the person says, by a made voice."""
    folder = tmp_path_factory.mktemp("said")
    paths = {name: folder / f"{name}.wav" for name in SAID}
    for name, text in SAID.items():
        save_clip(paths[name], said_by_another(text))
    return paths


def the_telling(home: Path) -> Path:
    """The one telling's folder under `home`."""
    (folder,) = (home / "data" / "tellings").iterdir()
    return folder


@dataclass(frozen=True)
class Aloud:
    """A story told in one go, its gap asked for and answered, and all of it read back."""

    home: Path
    status: int
    screen: str
    loudspeaker: Heard
    gap: tuple[float, float]
    reading: tuple[float, float]

    @property
    def story(self) -> Story:
        (story,) = load_stories(self.home / "data").stories
        return story


@pytest.fixture(scope="module")
def aloud(card: SoundCard, sounds: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Aloud:
    home = tmp_path_factory.mktemp("aloud")
    env = environment(home, card.env, "piper")
    options = ["--patience", PATIENCE, *QUICK]
    with card.record() as lines, Terminal(["stories", "tell", *options], env, CALM) as terminal:
        terminal.await_text("Tell me the story")
        terminal.await_text("Listening")
        start_playing(sounds["story"], env).wait()
        asked: dict[str, tuple[float, float]] = {}
        while "title" not in asked:
            shown = terminal.await_text(*ASKED, timeout=90)
            topic = ASKED[max(ASKED, key=terminal.text.rfind)]
            asked[topic] = shown, terminal.await_text("Listening")
            if topic in sounds:
                start_playing(sounds[topic], env).wait()
            else:  # the quick model has overheard a part
                terminal.press("s")
        began = terminal.await_text("The situation:", timeout=90)
        reading = began, terminal.await_text("Shall I keep it?", timeout=90)
        terminal.press(ENTER)
        status = terminal.status()
    return Aloud(home, status, terminal.text, lines.loudspeaker, asked["number"], reading)


def test_it_ends_well_and_says_where_the_story_is(aloud: Aloud) -> None:
    assert aloud.status == 0
    assert "Traceback" not in aloud.screen
    assert aloud.screen.split()[-1] == str(aloud.home / "data" / "stories" / f"{aloud.story.name}.toml")


def test_its_parts_stand_in_the_file_in_the_persons_words(aloud: Aloud) -> None:
    story = aloud.story
    assert not story.missing
    said = {
        "situation": "Last March our website was slow, and many customers left before they could pay.",
        "task": "I was asked to find the reason.",
        "action": "I measured every page, and then I moved the pictures to Amazon.",
        "result": "After that the website was fast again.",
    }
    for part, text in said.items():
        assert share_of_words(text, getattr(story, part)) > 0.7, part
    assert story.technologies == ("Python",)
    assert story.told == ()


def test_the_gap_was_asked_aloud_and_its_answer_is_in_the_result(aloud: Aloud) -> None:
    asked = recognise(aloud.loudspeaker.between(*aloud.gap))
    assert share_of_words("What was the number? How much, how many or how long", asked) > 0.7
    assert "90%" in aloud.story.result
    assert any("90%" in number for number in aloud.story.numbers)


def test_the_title_that_was_said_is_its_name(aloud: Aloud) -> None:
    said = session_of(the_telling(aloud.home))["turns"][-1]["transcript"]["text"]
    assert plain(aloud.story.title) == plain(said)
    assert aloud.story.title.startswith("The slow w")


def test_all_of_it_is_read_back_and_shown(aloud: Aloud) -> None:
    heard = recognise(aloud.loudspeaker.between(*aloud.reading))
    shown = plain(aloud.screen[aloud.screen.index("The situation:") :])
    for part in ("situation", "task", "action", "result"):
        text = getattr(aloud.story, part)
        assert share_of_words(text, heard) > 0.7, part
        assert plain(text) in shown, part
    for announced in ("the situation", "your task", "what you did", "what came of it"):
        assert is_heard(announced, heard), heard
    assert "situation is still open" not in plain(heard)


def test_the_telling_is_kept_with_its_recordings(aloud: Aloud) -> None:
    folder = the_telling(aloud.home)
    session = session_of(folder)
    assert session["finished"]
    assert len(session["turns"]) >= 3
    assert all((folder / turn["recording"]).exists() for turn in session["turns"])
    assert len(read_sound(folder / "01-answer.flac")) / RATE_HZ > 10.0
    assert not (aloud.home / "recordings").exists(), "a telling is no session"


def test_led_and_typed_each_answer_stands_where_it_was_asked_for(tmp_path: Path) -> None:
    answers = (
        "Every night forty orders were lost, and nobody saw it.",
        "The customers waited for their parcels.",
        "I was asked to stop it. I stopped the nightly job and wrote a queue in Redis.",
        "No order was lost after that.",
        "From forty a night to zero.",
    )
    arguments = ["stories", "tell", "The lost orders", "--led", "--typed", "--quiet"]
    with Terminal(arguments, environment(tmp_path), CALM) as terminal:
        for number, (prompt, answer) in enumerate(zip(LED, answers, strict=True), 1):
            terminal.await_text(f"question {number} of {len(LED)}")
            terminal.await_text(prompt.question.text)
            terminal.await_text("Type your answer")
            terminal.press(f"{answer}\n\n")
        terminal.await_text("throw it away")
        terminal.press(ENTER)
        assert terminal.status() == 0
    story = find_story(tmp_path / "data", "the-lost-orders")
    assert story.situation == f"{answers[0]} {answers[1]}"
    assert story.task == "I was asked to stop it."
    assert story.action == "I stopped the nightly job and wrote a queue in Redis."
    assert story.result == f"{answers[3]} {answers[4]}"
    assert "zero" in story.numbers
    assert story.technologies == ("Redis",)


def test_interrupted_in_mid_telling_what_was_said_is_kept_and_the_person_is_told(
    card: SoundCard, sounds: dict[str, Path], tmp_path: Path
) -> None:
    env = environment(tmp_path, card.env)
    with Terminal(["stories", "tell", "The slow website", *QUICK], env, PLAIN) as terminal:
        terminal.await_text(WHOLE.question.text)
        time.sleep(0.5)
        terminal.press(ENTER)
        terminal.await_text("Listening.")
        with start_playing(sounds["story"], env) as player:
            time.sleep(5.0)
            terminal.press(CTRL_C)
            status = terminal.status(20)
            player.terminate()
    folder = the_telling(tmp_path)
    assert status == 130
    assert "Traceback" not in terminal.text
    assert f"kept in {folder}" in terminal.text
    assert len(read_sound(folder / "01-answer.flac")) / RATE_HZ > 4.0
    assert load_stories(tmp_path / "data").stories == ()


def test_the_microphone_lost_in_mid_telling(
    sound_card: SoundCard, sounds: dict[str, Path], tmp_path: Path
) -> None:
    env = environment(tmp_path, sound_card.env)
    with Terminal(["stories", "tell", "The slow website", *QUICK], env, PLAIN) as terminal:
        terminal.await_text(WHOLE.question.text)
        time.sleep(0.5)
        terminal.press(ENTER)
        terminal.await_text("Listening.")
        with start_playing(sounds["story"], env) as player:
            time.sleep(5.0)
            sound_card.unplug()
            terminal.await_text("What you said is kept.")
            player.terminate()
            terminal.press("quit\n")
            status = terminal.status(30)
    folder = the_telling(tmp_path)
    assert "Traceback" not in terminal.text
    assert status == 0, terminal.text
    assert f"kept in {folder}" in terminal.text
    assert len(read_sound(folder / "01-answer.flac")) / RATE_HZ > 3.0


def test_recordings_tell_it_with_nobody_at_the_keys(sounds: dict[str, Path], tmp_path: Path) -> None:
    told = [option for path in sounds.values() for option in ("--candidate", str(path))]
    done = subprocess.run(
        [sys.executable, "-m", "greenroom", "stories", "tell", *told, "--fast", "--quiet", "--json", *QUICK],
        env=environment(tmp_path),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    story = json.loads(done.stdout)
    (kept,) = load_stories(tmp_path / "data").stories
    assert (story["name"], story["title"], story["action"]) == (kept.name, kept.title, kept.action)
    assert "90%" in story["result"]
    assert "\x1b" not in done.stderr
    assert "throw it away" not in done.stderr, "nobody is there to press a key"
