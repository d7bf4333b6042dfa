"""What the person sees: one line for each step, the level as a bar, and nothing that only colour tells."""

from __future__ import annotations

import io
import time

import pytest
from rich.console import Console

from greenroom.audio.devices import Device
from greenroom.checking.check_screen import (
    CalmCheckScreen,
    PlainCheckScreen,
    bar_of,
    loudness_word,
    open_check_screen,
)
from greenroom.checking.device_lines import device_lines
from greenroom.checking.gear import Found

MOMENT = 0.3  # s; the calm screen is drawn ten times a second


def device(index: int, inputs: int, outputs: int) -> Device:
    return Device(index, f"Card {index}", "ALSA", inputs, outputs, 48_000, index == 0, index == 1)


def shown_on(screen: CalmCheckScreen | PlainCheckScreen) -> None:
    screen.opening(47.0)
    screen.devices([" >   0  USB Mic (ALSA; in): listens"])
    screen.step(3, "The room", "please be quiet for 2 seconds")
    screen.level(-62.0)
    screen.level(-20.0)
    time.sleep(MOMENT)
    screen.done(3, "The room", "look here", "It is too noisy: your voice is only 17 dB over the noise. " * 2)
    for remaining in (3.0, 2.9):
        screen.choosing(["Close the window."], "Enter go on · r once more · q leave", remaining)
    time.sleep(MOMENT)
    screen.close()


def calm() -> str:
    out = io.StringIO()
    console = Console(file=out, width=80, force_terminal=True, color_system=None, highlight=False)
    shown_on(CalmCheckScreen(console))
    return out.getvalue()


def plain() -> str:
    out = io.StringIO()
    shown_on(PlainCheckScreen(out))
    return out.getvalue()


def test_the_calm_screen_shows_the_step_its_level_and_what_to_do() -> None:
    text = calm()
    assert "Nothing is kept" in text
    assert "The room" in text
    assert "look here" in text  # in words, there is no colour
    assert "█" in text
    assert "-20 dB  good" in text
    assert "Close the window." in text
    assert "goes on in 3 s" in text
    assert max(len(line) for line in text.replace("\r", "\n").split("\n") if "\x1b" not in line) <= 80


def test_plain_lines_hold_nothing_that_moves_and_offer_the_keys_once() -> None:
    text = plain()
    assert "Step 3 of 5, The room: please be quiet for 2 seconds" in text
    assert "Step 3, The room: look here. It is too noisy" in text
    assert text.count("Enter go on · r once more · q leave. It goes on in 3 seconds.") == 1
    assert text.count("Close the window.") == 1
    assert not set("█░▕\x1b\r") & set(text)


def test_plain_lines_offer_the_keys_again_in_the_next_step() -> None:
    out = io.StringIO()
    screen = PlainCheckScreen(out)
    for number in (1, 2):
        screen.step(number, "A step", "asked")
        screen.choosing([], "Enter go on", 3.0)
    assert out.getvalue().count("Enter go on. It goes on in 3 seconds.") == 2


@pytest.mark.parametrize(("db", "cells"), [(-96.0, 0), (-66.0, 0), (-33.0, 16), (0.0, 32), (3.0, 32)])
def test_the_bar_is_as_long_as_the_level_is_high(db: float, cells: int) -> None:
    assert bar_of(db).count("█") == cells
    assert len(bar_of(db)) == 34


@pytest.mark.parametrize(
    ("db", "word"), [(-96, "silence"), (-60, "quiet"), (-46, "quiet"), (-27, "good"), (-3, "too loud")]
)
def test_a_level_has_a_word(db: float, word: str) -> None:
    assert loudness_word(db) == word


def test_no_colour_means_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert isinstance(open_check_screen(), PlainCheckScreen)


def test_the_chosen_devices_are_marked() -> None:
    both, other = device(0, 2, 2), device(1, 0, 2)
    assert device_lines(Found((both, other), both, other)) == (
        ">    0  Card 0 (ALSA; default in, out): listens",
        " <   1  Card 1 (ALSA; default out): plays",
    )
    assert device_lines(Found((both,), both, both)) == (
        "><   0  Card 0 (ALSA; default in, default out): listens and plays",
    )
    assert device_lines(Found((), None, None)) == ()


def test_of_many_devices_only_the_chosen_are_listed() -> None:
    many = tuple(device(index, 1, 1) for index in range(12))
    lines = device_lines(Found(many, many[3], many[9]))
    assert len(lines) == 3
    assert lines[-1].endswith("and 10 more: greenroom devices")
