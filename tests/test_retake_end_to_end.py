"""A question of an earlier session answered again in a pseudo-terminal, at a virtual sound card."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from end_to_end import (
    CTRL_C,
    ENTER,
    PATIENCE,
    Terminal,
    environment,
    is_heard,
    names_in,
    only_session,
    plain,
    recognise,
    session_of,
    share_of_words,
)
from soundcard import RATE_HZ, Heard, SoundCard, read_sound, start_playing

from greenroom.demo import demo_recordings

pytestmark = [pytest.mark.device, pytest.mark.weights]

SAMPLE = Path(__file__).parent.parent / "recordings" / "sample"
CALM, PLAIN = "xterm-256color", "dumb"
QUICK = ("--engine", "faster-whisper", "--model", "tiny.en")
ANSWER = demo_recordings()[1]  # 18 s, with figures in it: what the earlier answer lacks


def earlier_session(home: Path) -> Path:
    """A session of three answers, the second to a follow-up."""
    folder = home / "recordings" / "2026-11-20T20-15-03-demo"
    folder.parent.mkdir(parents=True)
    shutil.copytree(SAMPLE, folder)
    return folder


def everything_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def assert_turns_kept(before: dict[str, Any], after: dict[str, Any]) -> None:
    """All that was known of the earlier answers stands as it stood; fields that came since have defaults."""
    for old, new in zip(before["turns"], after["turns"], strict=False):
        assert old == {name: new[name] for name in old}


@dataclass(frozen=True)
class Again:
    """The first question answered again, and then either answer heard for a moment."""

    folder: Path
    before: dict[str, bytes]
    status: int
    screen: str
    loudspeaker: Heard
    listening: float
    old: tuple[float, float]
    new: tuple[float, float]

    @property
    def turn(self) -> dict[str, Any]:
        return dict(session_of(self.folder)["turns"][-1])

    def heard(self, begin: float, end: float) -> str:
        return recognise(self.loudspeaker.between(begin, end))


@pytest.fixture(scope="module")
def again(card: SoundCard, tmp_path_factory: pytest.TempPathFactory) -> Again:
    home = tmp_path_factory.mktemp("again")
    folder = earlier_session(home)
    before = everything_in(folder)
    env = environment(home, card.env)
    with card.record() as lines, Terminal(["retake", "--patience", PATIENCE, *QUICK], env, CALM) as terminal:
        terminal.await_text("Turn 1 has the most to win")
        terminal.await_text("once more")
        listening = terminal.await_text("Listening")
        start_playing(ANSWER, env).wait()
        terminal.await_text("◆ Feedback", timeout=90)
        terminal.press(ENTER)
        terminal.await_text("1 hear the old answer", timeout=60)
        old = terminal.press("1"), _later(terminal, 5.0)
        terminal.await_text("And now?")
        new = terminal.press("2"), _later(terminal, 5.0)
        terminal.await_text("And now?")
        terminal.press(ENTER)
        status = terminal.status()
    return Again(folder, before, status, terminal.text, lines.loudspeaker, listening, old, new)


def _later(terminal: Terminal, seconds: float) -> float:
    time.sleep(seconds)
    return terminal.press(ENTER)


def test_it_ends_well_and_says_where_both_can_be_seen(again: Again) -> None:
    assert again.status == 0
    assert "Traceback" not in again.screen
    assert f"greenroom report {again.folder}" in " ".join(again.screen.split())
    assert again.screen.split()[-1] == str(again.folder)


def test_the_advice_and_the_question_are_heard_first(again: Again) -> None:
    earlier = session_of(again.folder)["turns"][0]
    heard = again.heard(again.loudspeaker.started, again.listening)
    assert share_of_words(f"last time I said {earlier['feedback']['changes'][0]}", heard) > 0.6
    assert plain(heard).endswith("why it mattered")
    assert plain(earlier["feedback"]["changes"][0]) in plain(" ".join(again.screen.replace("│", " ").split()))


def test_the_answer_is_a_turn_of_its_own_and_all_else_is_as_it_was(again: Again) -> None:
    before, after = json.loads(again.before["session.json"]), session_of(again.folder)
    turn = again.turn
    assert (turn["number"], turn["retry_of"], turn["follow_up_to"]) == (4, 1, None)
    assert turn["asked"] == before["turns"][0]["asked"]
    assert turn["answered_at"] > before["started_at"]
    assert "30 double bookings every week" in turn["transcript"]["text"].lower().replace("thirty", "30")
    assert [one["number"] for one in after["turns"]] == [1, 2, 3, 4]
    assert_turns_kept(before, after)
    assert (after["finished"], after["settings"]) == (before["finished"], before["settings"])
    files = everything_in(again.folder)
    assert {name for name, data in again.before.items() if files[name] != data} == {"session.json"}
    assert names_in(again.folder) - set(again.before) == {
        "04-question.wav", "04-answer.flac", "04-answer.vtt",
    }  # fmt: skip
    assert len(read_sound(again.folder / "04-answer.flac")) / RATE_HZ == pytest.approx(
        turn["seconds"], abs=0.05
    )


def test_both_are_shown_side_by_side(again: Again) -> None:
    rows = [" ".join(line.split()) for line in again.screen.splitlines()]
    assert "To change No result that can be counted found gone (better)" in rows
    assert any(
        row.startswith("business impact 1 ") and row[-10:] in ("3 (better)", "4 (better)") for row in rows
    )
    assert any(row.startswith("Spoken length 0:") for row in rows)


def test_the_difference_is_heard(again: Again) -> None:
    """Enter cut the feedback, so it is all that was said between that and the first clip."""
    assert is_heard("This time I heard what came of it", again.heard(again.old[0] - 8.0, again.old[0]))


def test_either_answer_is_heard_from_its_first_words_and_enter_stops_it(again: Again) -> None:
    for (begun, stopped), number in ((again.old, 1), (again.new, 4)):
        turn = next(one for one in session_of(again.folder)["turns"] if one["number"] == number)
        first = " ".join(word["text"] for word in turn["transcript"]["words"][:8])
        assert share_of_words(first, again.heard(begun, stopped + 0.3)) >= 0.6
        sounds = [(a, b) for a, b in again.loudspeaker.sounds() if begun < a < stopped]
        waited, rang_on = sounds[0][0] - begun, max(b for _, b in sounds) - stopped
        print(
            f"answer {number}: heard {waited:.2f} s after its key, still {rang_on * 1000:.0f} ms after Enter"
        )
        assert waited < 1.6  # half a second of it is the silence before the first word
        assert rang_on < 0.25


def test_interrupted_in_mid_answer_the_session_is_whole(card: SoundCard, tmp_path: Path) -> None:
    folder = earlier_session(tmp_path)
    before = session_of(folder)
    env = environment(tmp_path, card.env)
    with Terminal(["retake", "1", *QUICK], env, PLAIN) as terminal:
        terminal.await_text("once more")
        time.sleep(0.5)
        terminal.press(ENTER)  # the advice
        time.sleep(0.5)
        terminal.press(ENTER)  # the question
        terminal.await_text("Listening.")
        with start_playing(ANSWER, env) as player:
            time.sleep(4.0)
            terminal.press(CTRL_C)
            status = terminal.status(20)
            player.terminate()
    after = session_of(folder)
    assert status == 130
    assert "Traceback" not in terminal.text
    assert_turns_kept(before, after)
    (begun,) = after["unanswered"]
    assert (begun["number"], begun["reason"], begun["recording"]) == (4, "interrupted", "04-answer.flac")
    assert len(read_sound(folder / "04-answer.flac")) / RATE_HZ > 3.0


def test_killed_in_mid_answer_nothing_is_lost_and_the_next_one_stands_apart(
    card: SoundCard, tmp_path: Path
) -> None:
    folder = earlier_session(tmp_path)
    before = everything_in(folder)
    env = environment(tmp_path, card.env)
    with Terminal(["retake", "2", *QUICK], env, PLAIN) as terminal:
        terminal.await_text("Follow-up, once more")
        time.sleep(0.5)
        terminal.press(ENTER)  # there was nothing to advise
        terminal.await_text("Listening.")
        with start_playing(ANSWER, env) as player:
            time.sleep(3.0)
            os.kill(terminal.pid, signal.SIGKILL)
            player.terminate()
    after = everything_in(folder)
    assert {name: after[name] for name in before if name != "session.json"} == {
        name: data for name, data in before.items() if name != "session.json"
    }
    assert_turns_kept(json.loads(before["session.json"]), session_of(folder))
    assert names_in(folder) - set(before) <= {"04-question.wav", "04-answer.pcm", ".lock"}

    done = by_recording(env, "2", "--json")
    assert "broke off as a question was asked again" in done.stderr
    (begun,) = session_of(folder)["unanswered"]
    assert (begun["number"], begun["recording"]) == (4, "04-answer.flac")
    assert not names_in(folder) & {"04-answer.pcm", ".lock"}
    told = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert (told["before"], told["after"]) == (2, 5)
    turn = session_of(folder)["turns"][-1]
    assert (turn["number"], turn["retry_of"], turn["follow_up_to"]) == (5, 2, 1)
    assert turn["question"] == session_of(folder)["turns"][1]["question"]


def by_recording(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Answered by a recording, with nobody at the keys."""
    command = [sys.executable, "-m", "greenroom", "retake", *arguments, "--candidate", str(ANSWER)]
    return subprocess.run(
        [*command, "--fast", "--quiet", *QUICK],
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_into_a_pipe_it_is_plain_lines_and_where_it_lies(tmp_path: Path) -> None:
    folder = earlier_session(tmp_path)
    done = by_recording(environment(tmp_path))
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{folder}\n" == f"{only_session(tmp_path)}\n"
    assert "\x1b" not in done.stderr
    lines = done.stderr.splitlines()
    assert "  No result that can be counted: found before, gone now, better" in lines
    assert any(line.startswith("Turn 1 has the most to win.") for line in lines)
    assert not any("hear the old answer" in line for line in lines), "nobody is there to press a key"
