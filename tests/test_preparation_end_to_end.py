"""A story asked for from one side, and a look back, in a pseudo-terminal at a virtual sound card."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from end_to_end import (
    ENTER,
    JFK,
    PATIENCE,
    Terminal,
    environment,
    only_session,
    recognise,
    said_by_another,
    session_of,
    share_of_words,
)
from soundcard import Heard, SoundCard, start_playing

from greenroom.audio.clip import save_clip
from greenroom.preparation.look_back.look_back_file import load_look_backs
from greenroom.preparation.look_back.look_backs import FIX_QUESTION, SIGNAL_QUESTION
from greenroom.preparation.stories.stories import Story
from greenroom.preparation.stories.story_files import find_story, save_story

pytestmark = [pytest.mark.device, pytest.mark.weights]

CALM = "xterm-256color"
OPTIONS = ("--follow-ups", 0, "--patience", PATIENCE, "--engine", "faster-whisper", "--model", "tiny.en")
SAID = {
    "story": "The website of the garden shop was slow, and every day customers left the basket. I measured "
    "it, and the database was the reason. We could buy a bigger server or write a cache. I decided to write "
    "the cache in Python, because the server was too expensive. After that the website was fast again.",
    "signal": "They did not hear that the decision was mine. My ownership was not clear.",
    "fix": "I will say the number first.",
}
SHOP = Story(
    "slow-website",
    "The slow website",
    situation="The website of the garden shop was slow, and customers left.",
    action="I measured it, and wrote a cache in Python.",
    result="The website was fast again.",
    technologies=("Python",),
)


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """What the person says, by a made voice."""
    folder = tmp_path_factory.mktemp("said")
    for name, text in SAID.items():
        save_clip(folder / f"{name}.wav", said_by_another(text))
    return {name: folder / f"{name}.wav" for name in SAID}


@dataclass(frozen=True)
class Sitting:
    """One practice, and what was shown and heard of it."""

    home: Path
    screen: str
    loudspeaker: Heard

    @property
    def data(self) -> Path:
        return self.home / "data"


@pytest.fixture(scope="module")
def told(card: SoundCard, sounds: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Sitting:
    """A story told from its technical side, and then looked back at."""
    home = tmp_path_factory.mktemp("angle")
    save_story(home / "data", SHOP)
    env = environment(home, card.env)
    asked = ["--story", "slow-website", "--angle", "technical", "--look-back"]
    with card.record() as lines, Terminal(["practice", *asked, *OPTIONS], env, CALM) as terminal:
        terminal.await_text("The slow website")
        terminal.await_text("Listening")
        start_playing(sounds["story"], env).wait()
        terminal.await_text("◆ Feedback", timeout=90)
        for name, question in (("signal", SIGNAL_QUESTION), ("fix", FIX_QUESTION)):
            terminal.await_text(question.text, timeout=120)
            terminal.await_text("Listening")
            start_playing(sounds[name], env).wait()
        assert terminal.status(120) == 0
        screen = " ".join(terminal.text.split())
    return Sitting(home, screen, lines.loudspeaker)


def test_the_question_is_for_that_story_from_that_side(told: Sitting) -> None:
    (turn,) = session_of(only_session(told.home))["turns"]
    assert turn["asked"]["id"] == "slow-website:technical"
    assert "slow website" in turn["question"].lower()


def test_the_telling_is_counted_with_its_side(told: Sitting) -> None:
    (noted,) = find_story(told.data, "slow-website").told
    assert (noted.session, noted.turn, noted.angle) == (only_session(told.home).name, 1, "technical")
    assert "Told again: slow-website" in told.screen


def test_it_is_said_aloud_whether_the_side_was_met(told: Sitting) -> None:
    from greenroom.analysis import Analyzer
    from greenroom.preparation.angles.angles import judge_angle
    from greenroom.session import load_session

    (turn,) = load_session(only_session(told.home)).turns
    judged = judge_angle(turn, "technical", Analyzer())
    assert " ".join(judged.sentence.split()) in told.screen
    assert share_of_words(judged.sentence, recognise(told.loudspeaker.samples)) > 0.6


def test_the_look_back_is_kept_in_the_persons_words(told: Sitting) -> None:
    (look_back,), faults = load_look_backs(told.data)
    assert faults == ()
    assert look_back.session == only_session(told.home).name
    assert look_back.signals[0] == "ownership"
    assert share_of_words(SAID["fix"], look_back.fix) > 0.7
    folder = told.data / "look-backs" / look_back.recording
    assert (folder / "01-answer.flac").exists() and (folder / "02-answer.flac").exists()
    assert len(session_of(folder)["turns"]) == 2


def test_both_questions_of_the_look_back_are_heard(told: Sitting) -> None:
    heard = recognise(told.loudspeaker.samples)
    for question in (SIGNAL_QUESTION, FIX_QUESTION):
        assert share_of_words(question.text, heard) > 0.7


def test_it_comes_back_before_the_next_session(told: Sitting, card: SoundCard) -> None:
    env = environment(told.home, card.env) | {"GREENROOM_RECORDINGS": str(told.home / "later")}
    with card.record() as lines, Terminal(["practice", "--questions", 1, *OPTIONS], env, CALM) as terminal:
        terminal.await_text("question 1 of 1")
        terminal.await_text("Listening")
        start_playing(JFK, env).wait()
        terminal.press(ENTER)
        terminal.await_text("◆ Feedback", timeout=90)
        terminal.press("q")
        assert terminal.status() == 0
        before = terminal.text.split("question 1 of 1")[0]
    assert "number first" in " ".join(before.split())
    spoken = lines.loudspeaker.sounds(quiet=1.0)[0]
    words = recognise(lines.loudspeaker.between(*spoken)).lower()
    assert "number" in words and "first" in words
