"""`greenroom report`: a session as one page that opens from the disk, without a server or a request."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from greenroom.records import Session
from greenroom.session import load_session, write_private

from .answers import Sound
from .finding import file_in
from .pages import REPORT_FILE, page_text, template_text
from .peaks import peaks_of
from .view import Page, page_of

_RULES = {"left": "x{0} {{left:{1}%}}", "width": "w{0} {{width:{1}%}}", "top": "y{0} {{top:{1}%}}"}
_OF_HUNDRED = {"left": 10, "width": 10, "top": 1}  # how many of its steps make a hundredth
_SOUND_TYPES = {".flac": "audio/flac", ".wav": "audio/wav", ".ogg": "audio/ogg", ".mp3": "audio/mpeg"}
_BESIDE = "'self' file:"  # not every browser takes files beside the page for its 'self'


def write_report(folder: Path, *, embed: bool = False) -> Path:
    """Write the page of the session in `folder` there, for its owner only, and return where it is.

    `embed`: the recordings are put inside, so that the page can be passed on without its folder.

    Raises:
        BadInputError: the session cannot be read, or the page not written.
    """
    session = load_session(folder)
    page = page_of(session, sounds_of(session, folder, embed=embed))
    path = folder / REPORT_FILE
    write_private(path, html_of(page, embed=embed).encode("utf-8"))
    return path


def html_of(page: Page, *, embed: bool) -> str:
    """The page as text."""
    return page_text(
        "report",
        ("wavesurfer.min.js", "answer.js", "report.js"),
        rules="\n".join(_rules(page)) + "\n",
        nonce=secrets.token_urlsafe(16),  # wavesurfer.js writes a style, which only a nonce can allow
        media="data:" if embed else _BESIDE,
        page=page,
        licence=Markup(template_text("wavesurfer.LICENSE.txt")),
    )


def sounds_of(session: Session, folder: Path, *, embed: bool) -> dict[str, Sound]:
    """Those of the session's recordings that lie in its folder and can be read, by their names."""
    sounds = {}
    for name in _recordings(session):
        path = file_in(folder, name)
        if path is None or (peaks := peaks_of(path)) is None:
            continue
        address = _inside(path) if embed else quote(name)
        sounds[name] = Sound(address, round(peaks.seconds, 3), peaks.packed, peaks.outline)
    return sounds


def _recordings(session: Session) -> Iterator[str]:
    for turn in session.turns:
        yield from (name for name in (turn.recording, turn.question_recording) if name)
    yield from (each.recording for each in session.unanswered if each.recording)


def _inside(path: Path) -> str:
    kind = _SOUND_TYPES.get(path.suffix.lower(), "audio/flac")
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"


def _rules(page: Page) -> Iterator[str]:
    """A rule for each place that is used: an element may not carry a style of its own."""
    for kind, number in sorted(page.places()):
        yield "." + _RULES[kind].format(number, f"{number / _OF_HUNDRED[kind]:g}")
