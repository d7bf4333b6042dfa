"""Pictures of a page for docs/, made in the system's Chromium; the letters are the system's."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

DOCS = Path(__file__).parents[1] / "docs"
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 1000}}
DARK: dict[str, Any] = {**DESKTOP, "color_scheme": "dark"}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, address: str, look: dict[str, Any]) -> Iterator[Page]:
    """The page, where nothing moves by itself."""
    page = browser.new_page(reduced_motion="reduce", **look)
    page.goto(address)
    yield page
    page.close()


def keep(page: Page, name: str) -> None:
    """What is seen of the page, as docs/`name`.png."""
    page.wait_for_timeout(600)
    keep_picture(page.screenshot(), name)


def keep_picture(picture: bytes, name: str) -> None:
    path = DOCS / f"{name}.png"
    path.write_bytes(picture)
    print(path)
