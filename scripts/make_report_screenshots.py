"""Makes docs/report-*.png anew: the report of recordings/sample on a desktop, on a phone, dark, and on paper.

One more shows two attempts side by side: the first question is answered again by `greenroom retake`, with the
figures that the demo candidate names only when asked for them. To be run when the page or the sample has
changed. It needs Debian's chromium and poppler-utils. .venv/bin/python scripts/make_report_screenshots.py
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from page_picture import DARK, DESKTOP, PHONE, chromium, keep, keep_picture, opened
from playwright.sync_api import Browser, Page

from greenroom.audio.clip import load_clip, save_clip
from greenroom.records import Clip, Turn
from greenroom.review.report import write_report
from greenroom.session import load_session

SAMPLE = Path(__file__).parents[1] / "recordings" / "sample"

PAPER = {"format": "A4", "margin": dict.fromkeys(("top", "right", "bottom", "left"), "16mm")}
PAPER_DPI = 80

WORD = "#answer-1 .w >> nth=68"
"""A word in the middle of the first answer: it is being spoken in the pictures of that answer."""

WITHOUT_FIGURES, WITH_FIGURES = "After that", "Before I changed"
"""Where the first answer leaves its result open, and where the second begins to tell it."""
BREATH_SECONDS = 0.6


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        copy = Path(folder) / "sample"
        shutil.copytree(SAMPLE, copy)
        address = write_report(copy).resolve().as_uri()
        on_screen(browser, address, "report-desktop", DESKTOP)
        on_screen(browser, address, "report-dark", DARK, WORD)
        on_screen(browser, address, "report-phone", PHONE, WORD)
        on_paper(browser, address, Path(folder))
        answer_again(copy, Path(folder) / "again.wav")
        side_by_side(browser, write_report(copy).resolve().as_uri())


def on_screen(
    browser: Browser, address: str, name: str, look: dict[str, Any], word: str | None = None
) -> None:
    """The top of the page; or with a word, its answer while the word is being spoken."""
    with opened(browser, address, look) as page:
        if word is not None:
            speak(page, word)
        keep(page, name)


def speak(page: Page, word: str) -> None:
    page.locator(word).click()
    page.wait_for_timeout(150)
    page.keyboard.press(" ")
    page.mouse.move(0, 0)
    page.evaluate("document.querySelector('#answer-1 .head').scrollIntoView()")


def on_paper(browser: Browser, address: str, folder: Path) -> None:
    """The page of the first answer."""
    page = browser.new_page()
    page.goto(address)
    page.pdf(path=folder / "report.pdf", print_background=True, **PAPER)
    picture = ["pdftoppm", "-png", "-r", str(PAPER_DPI), "-f", "2", "-singlefile", "report.pdf", "print"]
    subprocess.run(picture, cwd=folder, check=True)
    keep_picture((folder / "print.png").read_bytes(), "report-print")
    page.close()


def answer_again(session: Path, sound: Path) -> None:
    """The first question answered once more, in the candidate's own words and voice."""
    told, asked_for = load_session(session).turns[:2]
    before = load_clip(session / (told.recording or ""))
    after = load_clip(session / (asked_for.recording or ""))
    pause = np.zeros(round(BREATH_SECONDS * before.rate), dtype=np.float32)
    until = before.samples[: round(begin_of(WITHOUT_FIGURES, told) * before.rate)]
    since = after.samples[round(begin_of(WITH_FIGURES, asked_for) * after.rate) :]
    save_clip(sound, Clip(np.concatenate([until, pause, since]), before.rate))
    command = [sys.executable, "-m", "greenroom", "retake", str(session), "1"]
    command += ["--candidate", str(sound), "--fast", "--quiet"]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def begin_of(text: str, turn: Turn) -> float:
    """When these words of an answer begin (s)."""
    words, sought = turn.transcript.words, text.split()
    for index in range(len(words)):
        if [word.text.strip(",.") for word in words[index : index + len(sought)]] == sought:
            return (words[index].start or 0.0) - 0.05
    raise SystemExit(f"the sample does not say “{text}” any more")


def side_by_side(browser: Browser, address: str) -> None:
    look = {**DESKTOP, "viewport": {"width": 1280, "height": 1400}}
    with opened(browser, address, look) as page:
        page.locator("#tab-side-1").click()
        page.evaluate("document.activeElement.blur()")
        page.mouse.move(0, 0)
        page.evaluate("document.querySelector('#question-1').scrollIntoView()")
        keep(page, "report-attempts")


if __name__ == "__main__":
    main()
