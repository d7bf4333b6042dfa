"""A replay from outside: in a real terminal, with and without a sound card."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from called import call
from end_to_end import environment
from panes import Pane
from replayed import FIRST_WORD, SAID, WORD_SECONDS, frequency_of
from soundcard import BLOCK_SAMPLES, Heard, SoundCard, is_sound, without_sound

needs_tmux = pytest.mark.device
"""tmux comes with the sound card: scripts/test installs both, and --quick does without either."""

WINDOW = 0.2  # s over which the pitch of what is heard is taken


def silent(tmp_path: Path) -> dict[str, str]:
    """An environment without any sound device."""
    return environment(tmp_path, {**os.environ, **without_sound(tmp_path), "TERM": "xterm-256color"})


def position(text: str) -> float | None:
    """Where the bar says that it is (s)."""
    shown = re.search(r"[▶‖■] (\d+):(\d\d) ", text)
    return int(shown.group(1)) * 60 + int(shown.group(2)) if shown else None


def is_at(text: str) -> float:
    there = position(text)
    assert there is not None, text
    return there


def run(env: Mapping[str, str], *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """greenroom replay with its output in pipes."""
    command = [sys.executable, "-m", "greenroom", "replay", *map(str, arguments)]
    return subprocess.run(
        command,
        env=dict(env),
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )


# Without sound


@needs_tmux
def test_it_walks_through_the_transcript_by_the_clock(tmp_path: Path, everything: Path) -> None:
    with Pane(["replay", everything, "--from", "0:02"], silent(tmp_path)) as pane:
        pane.await_("Turn 1 of 4 · your answer")
        began, first = time.monotonic(), is_at(pane.await_(lambda text: position(text) is not None))
        assert "no loudspeaker was found, so read along" in pane.text
        pane.await_(lambda text: is_at(text) >= first + 4)
        assert time.monotonic() - began == pytest.approx(4.0, abs=1.1)
        words = SAID.split()
        lights = 0
        for _ in range(8):
            before, lit, after = is_at(pane.text), pane.lit, is_at(pane.text)
            earliest = round((before - FIRST_WORD) / WORD_SECONDS) - 1
            latest = round((after + 1.0 - FIRST_WORD) / WORD_SECONDS)
            assert lit in ("", *words[earliest : latest + 1])
            lights += bool(lit)
            time.sleep(0.2)
        assert lights >= 4
        pane.press("q")
        pane.await_("ended with status 0")
        assert re.search(
            r"To go on here: greenroom replay .* --turn 1 --from 0:\d\d", pane.text.replace("\n", "")
        )
        assert "▶" not in pane.text, "what was there before comes back"


@needs_tmux
def test_keys(tmp_path: Path, everything: Path) -> None:
    with Pane(["replay", everything, "--quiet"], silent(tmp_path)) as pane:
        pane.await_("Turn 1 of 4 · the question")
        assert "Space pause · ← → 5 s · n p finding · ↑ ↓ turn · q quit" in pane.text
        pane.press("Space")
        pane.await_("Space go on")
        held = pane.text
        pane.press("n")
        pane.await_(lambda text: "your answer" in text and position(text) == 3)
        assert "Why hidden_in_team matters. What to say for hidden_in_team." in pane.text
        pane.press("n")
        pane.await_(lambda text: position(text) == 12 and "Why no_outcome matters." in text)
        pane.press("Left")
        pane.await_(lambda text: position(text) == 7)
        pane.press("Right")
        pane.await_(lambda text: position(text) == 12)
        pane.press("p")
        pane.await_(lambda text: position(text) == 3)
        pane.press("Down")
        pane.await_("Turn 2 of 4, follow-up to turn 1 · the question")
        pane.press("N")
        pane.await_("Turn 3 of 4 · the question")
        assert "(Skipped.)" in pane.text
        pane.press("Up")
        pane.await_("Turn 2 of 4")
        pane.press("P", "P")
        pane.await_("Turn 1 of 4 · the question")
        pane.press("p")
        pane.await_("no finding before this")
        time.sleep(1.0)
        assert is_at(held) == is_at(pane.text) == 0, "it was held all the time"
        pane.press("Down")
        pane.await_("Turn 2 of 4")
        pane.press("Space")
        pane.await_("your answer, typed, at the pace of reading")
        assert "I counted them. Forty a week before, none since." in pane.text
        pane.press("q")
        pane.await_("ended with status 0")


@needs_tmux
def test_its_end_can_be_gone_back_from_and_closes_by_itself(tmp_path: Path, everything: Path) -> None:
    with Pane(["replay", everything, "--turn", "4", "--from", "6", "--quiet"], silent(tmp_path)) as pane:
        pane.await_("That was all. It closes in")
        pane.press("Left")
        pane.await_(lambda text: "That was all" not in text and 2 <= is_at(text) <= 6)
        pane.await_("That was all. It closes in 1 s")
        pane.await_("ended with status 0")
        assert "To go on" not in pane.text


@needs_tmux
@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (120, 40), (40, 14)])
def test_every_size_of_terminal(tmp_path: Path, everything: Path, columns: int, lines: int) -> None:
    with Pane(["replay", everything, "--from", "4", "--quiet"], silent(tmp_path), columns, lines) as pane:
        pane.await_("your answer")
        pane.press("Space")
        shown = pane.await_("Space go on").splitlines()
        assert len(shown) == lines
        assert "We looked at the queue" in " ".join(pane.text.split())
        pane.resize(60, 20)
        pane.await_(lambda text: len(text.splitlines()) == 20 and "Space go on" in text)
        assert max(map(len, pane.lines)) <= 60


@needs_tmux
@pytest.mark.parametrize("way", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_plain_lines_in_a_terminal_keep_time_and_heed_keys(
    tmp_path: Path, everything: Path, way: dict[str, str]
) -> None:
    arguments = ["replay", everything, "--from", "3.5", "--quiet"]
    dumb = "TERM" in way  # there each key, or its word, goes with Enter
    enter = ["Enter"] if dumb else []
    with Pane(arguments, silent(tmp_path), columns=100, lines=40, inside=way) as pane:
        pane.await_("[0:04] We looked at the queue, um, and it was full.")
        assert ("Words: pause or just Enter" if dumb else "Keys: Space pauses and goes on") in pane.text
        assert "[0:09]" not in pane.text
        pane.press("Space", *enter)
        pane.await_("Paused at 0:0")
        pane.press("n", *enter, "Space", *enter)
        pane.await_("From 0:12, in the middle of:")
        pane.await_("Going on.")
        pane.await_("[0:13] After that it was much better")
        assert pane.lit == ""
        pane.press("q", *enter)
        pane.await_("ended with status 0")


@needs_tmux
def test_ctrl_c_leaves_the_terminal_as_it_was(tmp_path: Path, everything: Path) -> None:
    with Pane(["replay", everything, "--quiet"], silent(tmp_path)) as pane:
        pane.await_("Turn 1 of 4")
        pane.press("C-c")
        pane.await_("ended with status 130")
        assert "Traceback" not in pane.text
        assert "Turn 1 of 4" not in pane.text


@pytest.mark.slow
def test_in_a_pipe_it_is_text_at_once(tmp_path: Path, everything: Path) -> None:
    began = time.monotonic()
    done = run(silent(tmp_path), everything)
    assert time.monotonic() - began < 15.0, "it would last three quarters of a minute"
    assert done.returncode == 0
    assert done.stderr == ""
    assert "\x1b" not in done.stdout
    assert "[0:13] After that it was much better for everybody there." in done.stdout
    assert done.stdout.splitlines()[1] == "Sound: no loudspeaker was found, so read along."


def test_the_session_is_the_latest_or_a_name(tmp_path: Path, everything: Path) -> None:
    env = silent(tmp_path) | {"GREENROOM_RECORDINGS": str(everything.parent)}
    texts = [
        call("replay", "--quiet", *meant, env=env).stdout for meant in ((), (everything.name,), (everything,))
    ]
    assert texts == [texts[0]] * 3 != [""] * 3


@pytest.mark.parametrize(
    ("arguments", "status", "complaint"),
    [
        (["nothing-of-that-name"], 3, "there is no session “nothing-of-that-name”"),
        (["--turn", "9"], 2, "this session has no turn 9"),
        (["--turn", "0"], 2, "--turn"),
        (["--from", "soon"], 2, "is no time"),
        (["--from", "9:99:"], 2, "is no time"),
        (["--from", "59:00"], 2, "the answer of turn 1 ends at 0:24, before 59:00"),
    ],
)
def test_complaints_are_a_line_and_a_hint(
    tmp_path: Path, everything: Path, arguments: list[str], status: int, complaint: str
) -> None:
    env = silent(tmp_path) | {"GREENROOM_RECORDINGS": str(everything.parent)}
    done = call("replay", "--quiet", *arguments, env=env)
    assert done.returncode == status
    assert done.stdout == ""
    error, *_, hint = done.stderr.splitlines()
    assert error.startswith("error: ")
    assert complaint in error
    assert hint.startswith("try: ")
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_the_settings_file_names_the_loudspeaker_and_the_place(tmp_path: Path, everything: Path) -> None:
    env = silent(tmp_path)
    del env["GREENROOM_RECORDINGS"]
    settings = f'recordings = "{everything.parent}"\n'
    (tmp_path / "config.toml").write_text(settings)
    assert call("replay", "--quiet", env=env).returncode == 0
    (tmp_path / "config.toml").write_text(f'{settings}output = "no such loudspeaker"\n')
    done = run(env)
    assert done.returncode == 4
    assert "no loudspeaker" in done.stderr


def test_no_session_and_a_damaged_one(tmp_path: Path, everything: Path) -> None:
    env = silent(tmp_path) | {"GREENROOM_RECORDINGS": str(tmp_path / "none")}
    assert call("replay", env=env).returncode == 3
    (everything / "session.json").write_text("{")
    done = call("replay", everything, env=env)
    assert done.returncode == 3
    assert "is damaged" in done.stderr


def test_help_names_the_options_and_an_example(tmp_path: Path) -> None:
    text = call("replay", "--help", env=silent(tmp_path)).stdout
    for expected in ("[SESSION]", "--turn", "--from", "--output", "Example: greenroom replay"):
        assert expected in text


# With a sound card


def second_heard(heard: Heard, at: float) -> int | None:
    """Which second of an answer sounds at that moment (monotonic); None where it is silent."""
    samples = heard.between(at, at + WINDOW)
    return round((frequency_of(samples) - 300) / 50) if is_sound(samples) else None


def is_silent(heard: Heard, start: float, end: float) -> bool:
    samples = heard.between(start, end)
    blocks = np.array_split(samples, max(1, len(samples) // BLOCK_SAMPLES))
    return not any(is_sound(block) for block in blocks)


@pytest.mark.device
def test_what_is_heard_is_what_is_shown(tmp_path: Path, everything: Path, sound_card: SoundCard) -> None:
    env = environment(tmp_path, {**sound_card.env, "TERM": "xterm-256color"})
    looks: list[tuple[float, str, float]] = []
    words = SAID.split()
    with sound_card.record() as recording, Pane(["replay", everything, "--from", "0:01"], env) as pane:
        pane.await_(lambda text: (position(text) or 0) >= 2)
        for _ in range(25):
            before = time.monotonic()
            lit = pane.lit
            looks.append((before, lit, time.monotonic()))
            time.sleep(0.1)
        pane.press("q")
        pane.await_("ended with status 0")
    heard = recording.loudspeaker
    lights = [(before, lit, after) for before, lit, after in looks if lit in words]
    assert len(lights) >= 12
    offsets = []
    for before, lit, after in lights:
        now = (before + after) / 2
        second = heard_position(heard, now)
        if second is not None and words.count(lit) == 1:
            offsets.append(second - (FIRST_WORD + words.index(lit) * WORD_SECONDS))
    # A word is lit from its beginning to a little after its end (0.4 s, and 0.15 s more).
    assert len(offsets) >= 5
    assert all(-0.2 <= offset <= 0.75 for offset in offsets), offsets


def heard_position(heard: Heard, at: float) -> float | None:
    """Where in the answer the sound is at that moment (s), told by the last change of its pitch."""
    here = second_heard(heard, at)
    if here is None:
        return None
    for back in np.arange(0.0, 1.2, 0.02):
        earlier = second_heard(heard, at - back)
        if earlier is not None and earlier != here:
            return here + back - WINDOW / 2
    return None


@pytest.mark.device
def test_keys_are_heard(tmp_path: Path, everything: Path, sound_card: SoundCard) -> None:
    env = environment(tmp_path, {**sound_card.env, "TERM": "xterm-256color"})
    with sound_card.record() as recording, Pane(["replay", everything], env) as pane:
        pane.await_(lambda text: "your answer" in text and position(text) == 1)
        forth = pane.press("Right")
        pane.await_(lambda text: is_at(text) >= 7)
        hold = pane.press("Space")
        pane.await_("Space go on")
        time.sleep(1.0)
        on = pane.press("Space")
        time.sleep(1.2)
        finding = pane.press("n")
        pane.await_(lambda text: is_at(text) == 13)
        quits = pane.press("q")
        pane.await_("ended with status 0")
        time.sleep(0.3)
    heard = recording.loudspeaker
    question = heard.sounds()[0]
    assert frequency_of(heard.between(question[0] + 0.3, question[0] + 0.8)) == pytest.approx(200, abs=10)
    assert second_heard(heard, forth - 0.3) in (0, 1)
    assert second_heard(heard, forth + 0.6) in (6, 7)
    assert is_silent(heard, hold + 0.3, on)
    assert second_heard(heard, on + 0.5) in (7, 8), "it goes on where it was"
    assert second_heard(heard, finding + 0.5) in (12, 13), "half a second before it, at 12.5 s"
    assert is_silent(heard, quits + 0.3, quits + 0.6)


@pytest.mark.device
def test_the_loudspeaker_can_be_named(tmp_path: Path, everything: Path, sound_card: SoundCard) -> None:
    env = environment(tmp_path, {**sound_card.env, "TERM": "xterm-256color"})
    with Pane(["replay", everything, "--output", "default"], env) as pane:
        pane.await_("♪ default")
        pane.press("q")
        pane.await_("ended with status 0")
    done = run(env, everything, "--output", "headset")
    assert done.returncode == 4
    assert "error: no loudspeaker is called “headset”" in done.stderr


@pytest.mark.device
def test_into_a_pipe_it_is_heard(tmp_path: Path, everything: Path, sound_card: SoundCard) -> None:
    env = environment(tmp_path, sound_card.env)
    with sound_card.record() as recording:
        done = run(env, everything, "--turn", "4", "--from", "3")
    assert done.returncode == 0
    assert "[0:06] None since." in done.stdout
    ((start, end),) = recording.loudspeaker.sounds()
    assert second_heard(recording.loudspeaker, start + 0.1) == 3
    assert end - start == pytest.approx(6.9 + 1.5 - 3.0, abs=0.5)


@pytest.mark.device
def test_a_sound_card_that_is_pulled_out_does_not_end_it(
    tmp_path: Path, everything: Path, sound_card: SoundCard
) -> None:
    env = environment(tmp_path, {**sound_card.env, "TERM": "xterm-256color"})
    with Pane(["replay", everything, "--from", "1"], env) as pane:
        pane.await_(lambda text: (position(text) or 0) >= 2)
        sound_card.unplug()
        pane.await_("was lost, so read along")
        there = is_at(pane.text)
        pane.await_(lambda text: is_at(text) >= there + 2)
        pane.press("q")
        pane.await_("ended with status 0")
