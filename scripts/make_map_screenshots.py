"""Makes docs/map-page.png, docs/map-phone.png and docs/map.svg anew: a story map.

The stories are those of made_stories.py, read by the real analyzer. It needs Debian's chromium and tmux.
.venv/bin/python scripts/make_map_screenshots.py
"""

from __future__ import annotations

import shlex
import sys
import tempfile
from pathlib import Path

from made_stories import ROLE, write_stories
from page_picture import DESKTOP, DOCS, PHONE, chromium, keep, opened
from terminal_picture import draw, screen_of

COLUMNS, ROWS = 84, 62


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        write_stories(data)
        in_terminal(Path(folder))
        address = (data / "map.html").resolve().as_uri()
        with chromium() as browser:
            with opened(browser, address, {**DESKTOP, "viewport": {"width": 1280, "height": 1150}}) as page:
                keep(page, "map-page")
            with opened(browser, address, PHONE) as page:
                keep(page, "map-phone")


def in_terminal(folder: Path) -> None:
    """Also writes the page."""
    command = [sys.executable, "-m", "greenroom", "stories", "map", "--data", "data", "--role", ROLE]
    screen = screen_of(command, folder, lambda text: "map.html" in text, COLUMNS, ROWS)
    draw(screen, f"greenroom stories map --role {shlex.quote(ROLE)}", COLUMNS, DOCS / "map.svg")


if __name__ == "__main__":
    main()
