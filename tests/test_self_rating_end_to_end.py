"""How an answer went for the person: by a key, and asked with --rate, at a virtual sound card."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from end_to_end import (
    ENTER,
    JFK,
    PATIENCE,
    Terminal,
    environment,
    is_heard,
    only_session,
    plain,
    recognise,
    session_of,
    share_of_words,
)
from soundcard import SoundCard, start_playing

from greenroom.prompts import HOW_IT_WENT
from greenroom.self_rating import said
from greenroom.session import load_session

pytestmark = [pytest.mark.device, pytest.mark.weights]

OPTIONS = (
    "practice", "--questions", 1, "--follow-ups", 0, "--patience", PATIENCE, "--engine", "faster-whisper",
    "--model", "tiny.en",
)  # fmt: skip
CALM = "xterm-256color"


def test_with_rate_the_feedback_waits_for_the_persons_own_word(sound_card: SoundCard, tmp_path: Path) -> None:
    env = environment(tmp_path, sound_card.env)
    with sound_card.record() as lines, Terminal([*OPTIONS, "--rate"], env, CALM) as terminal:
        terminal.await_text("question 1 of 1")
        terminal.press(ENTER)
        terminal.await_text("Listening")
        start_playing(JFK, env).wait()
        ended = time.monotonic()
        terminal.await_text("How did that go?")
        time.sleep(5.0)  # the question has been said, and it is waited
        rated = terminal.press("3")
        terminal.await_text("You gave it a 3; by the rubric it comes to", timeout=90)
        terminal.press("q")
        assert terminal.status() == 0
    (turn,) = session_of(only_session(tmp_path))["turns"]
    assert turn["self_rating"] == 3
    asked = recognise(lines.loudspeaker.between(ended, rated))
    assert is_heard(plain(HOW_IT_WENT).split(" one ")[0], asked)
    assert share_of_words(turn["feedback"]["spoken"], asked) < 0.4, "none of the feedback yet"
    replies = [start for start, _ in lines.loudspeaker.sounds() if start > rated]
    print(f"from the key to the first word: {replies[0] - rated:.2f} s")
    assert replies[0] - rated < 2.0
    heard = recognise(lines.loudspeaker.between(rated, lines.loudspeaker.sounds()[-1][1]))
    opening = said(load_session(only_session(tmp_path)).turns[0]) or ""
    assert plain(opening) in plain(" ".join(terminal.text.split()))
    assert share_of_words(opening, heard[: 2 * len(opening)]) >= 0.5
    assert share_of_words(turn["feedback"]["spoken"], heard) >= 0.4


def test_without_rate_a_number_ends_the_answer_and_nothing_is_asked(
    sound_card: SoundCard, tmp_path: Path
) -> None:
    env = environment(tmp_path, sound_card.env)
    with sound_card.record() as lines, Terminal(OPTIONS, env, CALM) as terminal:
        terminal.await_text("question 1 of 1")
        terminal.press(ENTER)
        terminal.await_text("Listening")
        with start_playing(JFK, env) as player:
            time.sleep(6.0)
            rated = terminal.press("2")
            player.terminate()
        terminal.await_text("◆ Feedback", timeout=90)
        time.sleep(1.5)  # until its first word is heard a number still counts
        terminal.press("4")  # too late, and it does nothing
        terminal.await_text("You gave it a 2; by the rubric it comes to", timeout=90)
        terminal.press("q")
        assert terminal.status() == 0
    (turn,) = session_of(only_session(tmp_path))["turns"]
    assert (turn["self_rating"], turn["ended_by"]) == (2, "key")
    assert turn["seconds"] < 8.0
    heard = plain(recognise(lines.loudspeaker.between(rated, lines.loudspeaker.sounds()[-1][1])))
    assert "how did that go" not in heard
