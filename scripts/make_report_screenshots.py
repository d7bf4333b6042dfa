"""Makes docs/report-*.png anew: the report of recordings/sample on a desktop, on a phone, dark, and on paper.

To be run when the page or the sample has changed. It needs Debian's chromium and poppler-utils; the letters
are the system's. .venv/bin/python scripts/make_report_screenshots.py
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from greenroom.review.report import write_report

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "recordings" / "sample"
DOCS = ROOT / "docs"

PAPER = {"format": "A4", "margin": dict.fromkeys(("top", "right", "bottom", "left"), "16mm")}
PAPER_DPI = 80

WORD = "#answer-1 .w >> nth=68"
"""A word in the middle of the first answer: it is being spoken in the pictures of that answer."""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        copy = Path(folder) / "sample"
        shutil.copytree(SAMPLE, copy)
        address = write_report(copy).resolve().as_uri()
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        on_screen(browser, address, "desktop", {"viewport": {"width": 1280, "height": 1000}})
        on_screen(
            browser,
            address,
            "dark",
            {"viewport": {"width": 1280, "height": 1000}, "color_scheme": "dark"},
            WORD,
        )
        on_screen(
            browser,
            address,
            "phone",
            {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2},
            WORD,
        )
        on_paper(browser, address, Path(folder))
        browser.close()


def on_screen(
    browser: Browser, address: str, name: str, look: dict[str, Any], word: str | None = None
) -> None:
    """The top of the page; or with a word, its answer while the word is being spoken."""
    page = browser.new_page(reduced_motion="reduce", **look)
    page.goto(address)
    if word is not None:
        speak(page, word)
    page.wait_for_timeout(600)
    keep(page.screenshot(), name)
    page.close()


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
    keep((folder / "print.png").read_bytes(), "print")
    page.close()


def keep(picture: bytes, name: str) -> None:
    path = DOCS / f"report-{name}.png"
    path.write_bytes(picture)
    print(path)


if __name__ == "__main__":
    main()
