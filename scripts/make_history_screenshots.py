"""Makes docs/history-page.png and docs/history.svg anew: a look back, on a page and in a terminal.

The sessions are those of practised_sessions.py, with numbers that are made up. It needs Debian's chromium and
tmux. .venv/bin/python scripts/make_history_screenshots.py
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from page_picture import DESKTOP, DOCS, chromium, keep, opened
from practised_sessions import LAST_DAY, SESSIONS, practise
from terminal_picture import draw, screen_of

from greenroom.review.history_index import read_history
from greenroom.review.history_page import Asked, write_page

COLUMNS, ROWS = 96, 54


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        recordings = Path(folder) / "recordings"
        practise(recordings)
        in_terminal(Path(folder))
        path = write_page(read_history(recordings), Asked(last=SESSIONS), LAST_DAY.date())
        look = {**DESKTOP, "viewport": {"width": 1280, "height": 1250}}
        with chromium() as browser, opened(browser, path.resolve().as_uri(), look) as page:
            keep(page, "history-page")


def in_terminal(folder: Path) -> None:
    command = [sys.executable, "-m", "greenroom", "history", "--recordings", "recordings"]
    command += ["--last", str(SESSIONS)]
    screen = screen_of(command, folder, lambda text: "index.html" in text, COLUMNS, ROWS)
    draw(screen, "greenroom history", COLUMNS, DOCS / "history.svg")


if __name__ == "__main__":
    main()
