"""A report in a real Chromium, watched: whatever it complains of or asks for is kept."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, Locator, Page, sync_playwright

AXE = Path(__file__).parents[1] / "data" / "axe-core" / "axe.min.js"
NAMES = ("chromium", "chromium-browser", "google-chrome")
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}

# What an element tells only in passing: where its sound was sent to, before it plays on from there.
_NOTE_SEEKS = """
addEventListener("seeking", (event) => { (window.sought ??= []).push(event.target.currentTime); }, true);
"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's own; FileNotFoundError where there is none."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        raise FileNotFoundError(f"none of {', '.join(NAMES)} is installed; scripts/test installs chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Shown:
    """A page that is open, with everything that it complained of and asked for (`requests`)."""

    page: Page
    folder: Path
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def answer(self, number: int) -> Locator:
        return self.page.locator(f"#answer-{number}")

    def audio(self, number: int, what: str) -> Any:
        """A property of an answer's sound: "currentTime", "paused", "playbackRate"."""
        return self.page.evaluate(f"document.querySelector('#answer-{number} audio').{what}")

    def until_ready(self, number: int) -> None:
        """Wait until the sound of an answer can be moved about in."""
        self.until(f"document.querySelector('#answer-{number} audio').readyState >= 1")

    def until_sought(self) -> float:
        """Wait until sound was sent somewhere, and where that is (s)."""
        self.until("window.sought?.length > 0")
        return self.sought()[0]

    def until(self, condition: str, timeout: float = 10.0) -> None:
        """Wait for what is said in JavaScript; asked from outside, since the page lets nothing evaluate."""
        end = monotonic() + timeout
        while not self.page.evaluate(condition):
            assert monotonic() < end, f"after {timeout} s still not: {condition}"
            sleep(0.03)

    def sought(self) -> list[float]:
        """Where sound was sent to since the last time this was asked."""
        return list(
            self.page.evaluate(
                "(() => { const all = window.sought ?? []; window.sought = []; return all; })()"
            )
        )

    @property
    def said(self) -> str:
        """What a screen reader was told last."""
        return self.page.locator("#live").inner_text()

    def strangers(self) -> list[str]:
        """Requests for anything but files of the page's own folder."""
        own = self.folder.resolve()
        return [
            address
            for address in self.requests
            if not address.startswith("data:")
            and (
                urlsplit(address).scheme != "file"
                or Path(unquote(urlsplit(address).path)).parent.resolve() != own
            )
        ]


def faults_by_axe(shown: Shown) -> list[tuple[str, str]]:
    """What axe-core calls a fault of more than a minor kind: the rule, and where it is broken first."""
    page = shown.page
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert shown.complaints == []
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    shown.complaints.clear()  # axe restores styles in a way that a page's policy forbids
    assert found["testEngine"]["name"] == "axe-core"
    assert len(found["passes"]) > 15
    grave = [each for each in found["violations"] if each["impact"] != "minor"]
    return [(each["id"], each["nodes"][0]["html"][:200]) for each in grave]


def starts(words: Locator) -> list[float]:
    """When each of these words begins (s)."""
    return [float(text) for text in words.evaluate_all("all => all.map((each) => each.dataset.t)")]


@contextmanager
def shown(browser: Browser, path: Path, **context: Any) -> Iterator[Shown]:
    """The page in a file, opened; AssertionError at the end for a complaint or a request to elsewhere."""
    room = browser.new_context(**{"viewport": DESKTOP, "reduced_motion": "reduce", **context})
    room.add_init_script(_NOTE_SEEKS)
    page = room.new_page()
    its = Shown(page, path.parent)
    page.on("console", lambda message: its.complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: its.complaints.append(str(error)))
    page.on("dialog", lambda dialog: (its.complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("request", lambda request: its.requests.append(request.url))
    page.goto(path.resolve().as_uri())
    try:
        yield its
    finally:
        room.close()
    assert not its.complaints, its.complaints
    assert not its.strangers(), its.strangers()
