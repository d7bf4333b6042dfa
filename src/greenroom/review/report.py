"""`greenroom report`: a session as one page that opens from the disk, without a server or a request."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from greenroom.records import Session
from greenroom.session import load_session, write_private

from .answers import Sound
from .peaks import peaks_of
from .view import Page, page_of

REPORT_FILE = "report.html"

_RULES = {"left": "x{0} {{left:{1}%}}", "width": "w{0} {{width:{1}%}}", "top": "y{0} {{top:{1}%}}"}
_OF_HUNDRED = {"left": 10, "width": 10, "top": 1}  # how many of its steps make a hundredth
_SOUND_TYPES = {".flac": "audio/flac", ".wav": "audio/wav", ".ogg": "audio/ogg", ".mp3": "audio/mpeg"}


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
    """The page as text. Nothing in it can run or load that is not listed in its security policy."""
    style = _text("report.css") + "\n".join(_rules(page)) + "\n"
    scripts = (_text("wavesurfer.min.js"), _text("report.js"))
    nonce = secrets.token_urlsafe(16)  # wavesurfer.js writes a style of its own, which only a nonce can allow
    return _environment().get_template("report.html.j2").render(
        page=page,
        policy=_policy(style, scripts, nonce, embed=embed),
        nonce=nonce,
        style=Markup(style),
        scripts=[Markup(script) for script in scripts],
        licence=Markup(_text("wavesurfer.LICENSE.txt")),
    )  # fmt: skip


def sounds_of(session: Session, folder: Path, *, embed: bool) -> dict[str, Sound]:
    """Those of the session's recordings that lie in its folder and can be read, by their names."""
    sounds = {}
    for name in _recordings(session):
        path = folder / name
        if not _is_bare(name) or (peaks := peaks_of(path)) is None:
            continue
        address = _inside(path) if embed else quote(name)
        sounds[name] = Sound(address, round(peaks.seconds, 3), peaks.packed, peaks.outline)
    return sounds


def _recordings(session: Session) -> Iterator[str]:
    for turn in session.turns:
        yield from (name for name in (turn.recording, turn.question_recording) if name)
    yield from (each.recording for each in session.unanswered if each.recording)


def _is_bare(name: str) -> bool:
    """Whether it names a file of the folder itself: a session.json from elsewhere may name anything."""
    return Path(name).name == name and not set(name) & set("/\\:") and name not in (".", "..")


def _inside(path: Path) -> str:
    kind = _SOUND_TYPES.get(path.suffix.lower(), "audio/flac")
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"


def _policy(style: str, scripts: tuple[str, ...], nonce: str, *, embed: bool) -> str:
    """The page's Content-Security-Policy; not every browser takes files beside the page for its 'self'."""
    return "; ".join((
        "default-src 'none'",
        f"script-src {' '.join(_hash(script) for script in scripts)}",
        f"style-src {_hash(style)} 'nonce-{nonce}'",
        "media-src data:" if embed else "media-src 'self' file:",
        "base-uri 'none'",
        "form-action 'none'",
    ))  # fmt: skip


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


def _rules(page: Page) -> Iterator[str]:
    """A rule for each place that is used: an element may not carry a style of its own."""
    for kind, number in sorted(page.places()):
        yield "." + _RULES[kind].format(number, f"{number / _OF_HUNDRED[kind]:g}")


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("greenroom.review"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _text(name: str) -> str:
    return (files("greenroom.review") / "templates" / name).read_text(encoding="utf-8")
