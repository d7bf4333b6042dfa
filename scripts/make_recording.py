"""Draws docs/recording.svg: the demo interview in the terminal, in half a minute.

Runs `greenroom practice --candidate demo` in a terminal of its own, on a virtual sound card, and notes what
it prints, and when. Only the time is shortened, to the seconds of each of PARTS; what is seen is what was
printed. The picture moves by itself and needs no script. Linux only: it needs PulseAudio, greenroom beside
this Python, and the tool that draws: pip install 'termtosvg-ng==1.4.1'
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pexpect

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from soundcard import SoundCard  # noqa: E402

SHOWN = ROOT / "docs" / "recording.svg"
COLUMNS, ROWS = 88, 29
LINE = "greenroom practice --candidate demo"
FRAME_SECONDS = 0.25
"""Four pictures a second are enough for a bar that moves, and keep the file small."""

HOLD_SECONDS = 4.0
"""The last picture stays so long before it begins again."""

DULL = "#272822:#f92672:#a6e22e:#f4bf75:#66d9ef:#ae81ff:#a1efe4:#f8f8f2"
THEME = {"fg": "#f8f8f2", "bg": "#272822", "palette": DULL + DULL.replace("#272822", ":#a59f85")}
"""Monokai, as in the other pictures. What is bold takes the bright colours, so these are the same."""

PARTS = (
    ("greenroom ", 1.5),
    ("Asking", 2.5),
    ("Listening", 5.5),
    ("That is your answer", 1.2),
    ("you said", 7.0),
    ("follow-up", 2.0),
    ("Listening", 2.5),
    ("you said", 3.0),
    ("question 2 of 2", 1.0),
    ("Listening", 1.0),
    ("you said", 2.0),
    ("Saved:", 0.0),
)
"""In their order: what is printed first in a part, and for how long (s) the part is shown."""

Event = tuple[float, str]
"""When (s), and what was printed."""

_SEQUENCES = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|[@-Z\\-_])")


def main() -> None:
    tool = shutil.which("termtosvg", path=Path(sys.executable).parent) or shutil.which("termtosvg")
    if tool is None:
        raise SystemExit("error: termtosvg is not installed\ntry: pip install 'termtosvg-ng==1.4.1'")
    with tempfile.TemporaryDirectory() as folder:
        card = SoundCard()
        try:
            events = list(_interview(Path(folder), card.env))
        finally:
            card.close()
        cast = Path(folder) / "recording.cast"
        cast.write_text("\n".join(_cast(_typed(), _thinned(_shortened(events)))))
        options = ["-t", "window_frame", "--theme", "auto", "-D", str(round(HOLD_SECONDS * 1000))]
        subprocess.run([tool, "render", str(cast), str(SHOWN), *options], check=True)
    print(f"{SHOWN}: {SHOWN.stat().st_size / 1000:.0f} kB")


def _interview(folder: Path, env: Mapping[str, str]) -> Iterator[Event]:
    """All that the demo interview prints; an empty home, so that it finds no settings."""
    command = ["-m", "greenroom", *LINE.split()[1:], "--recordings", "recordings", "--no-look-back"]
    ours = {name: value for name, value in env.items() if not name.startswith("GREENROOM_")}
    ours = {**ours, "TERM": "xterm-256color", "HOME": str(folder)}
    ours.pop("NO_COLOR", None)
    process = pexpect.spawn(
        sys.executable, command, cwd=str(folder), env=ours, dimensions=(ROWS, COLUMNS), encoding="utf-8"
    )
    began = time.monotonic()
    while True:
        try:
            printed = process.read_nonblocking(65536, timeout=1)
        except pexpect.TIMEOUT:
            continue
        except pexpect.EOF:
            return
        yield time.monotonic() - began, printed


def _shortened(events: list[Event]) -> list[Event]:
    """The events at the times at which they are shown."""
    starts = list(_starts(events))
    shown, parts = [], iter(zip(starts, [*starts[1:], events[-1][0] + 1], PARTS, strict=True))
    begin, end, (_, seconds) = next(parts)
    so_far = 0.0
    for when, printed in events:
        while when >= end:
            so_far += seconds
            begin, end, (_, seconds) = next(parts)
        shown.append((so_far + seconds * max(0.0, when - begin) / (end - begin), printed))
    return shown


def _starts(events: list[Event]) -> Iterator[float]:
    """When each of PARTS began (s)."""
    remaining = iter(events)
    for seen, _ in PARTS:
        for when, printed in remaining:
            if seen in _SEQUENCES.sub("", printed):
                yield when
                break
        else:
            raise SystemExit(f"error: the interview never showed {seen!r}")


def _thinned(events: list[Event]) -> list[Event]:
    """What comes within one picture, as one event."""
    pictures: dict[int, str] = {}
    for when, printed in events:
        picture = int(when / FRAME_SECONDS)
        pictures[picture] = pictures.get(picture, "") + printed
    return [(picture * FRAME_SECONDS, printed) for picture, printed in pictures.items()]


def _typed() -> list[Event]:
    """The command, as somebody types it."""
    prompt = "\x1b[1;32m$\x1b[0m "
    words = LINE.split()
    typed = [(0.4 + 0.3 * index, f"{' ' * (index > 0)}{word}") for index, word in enumerate(words)]
    return [(0.0, prompt), *typed, (0.4 + 0.3 * len(words), "\r\n")]


def _cast(typed: list[Event], interview: list[Event]) -> Iterator[str]:
    """Lines of an asciicast, version 2; the interview follows the typing."""
    yield json.dumps({"version": 2, "width": COLUMNS, "height": ROWS, "theme": THEME})
    for when, printed in typed:
        yield json.dumps([when, "o", printed])
    for when, printed in interview:
        yield json.dumps([typed[-1][0] + when, "o", printed])


if __name__ == "__main__":
    main()
