"""What every page shares: its frame, its style, and a policy that lets only what is listed run or load."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from greenroom.errors import BadInputError
from greenroom.session import write_private

if TYPE_CHECKING:
    from jinja2 import Environment

REPORT_FILE = "report.html"
"""The page of a session, in its folder."""

HISTORY_FILE = "index.html"
"""The page of all sessions, beside their folders."""

MAP_FILE = "map.html"
"""The page of a person's stories, in the data folder."""

_BEGINNING_BYTES = 4096
_MARK = b'<meta name="generator" content="greenroom">'
_TITLES = {
    HISTORY_FILE: re.compile(rb"<title>Your practice: \d+ sessions?</title>"),
    MAP_FILE: re.compile(rb"<title>Your stories: \d+ stor(?:y|ies)</title>"),
}
"""By what the pages of earlier greenrooms are known, which have no mark."""


def page_text(
    name: str, scripts: Sequence[str], *, rules: str = "", nonce: str = "", media: str = "", **told: object
) -> str:
    """The page that templates/`name`.html.j2 makes of what it is `told`; whatever is put in is escaped.

    Args:
        scripts: those files of templates/ that it runs.
        rules: style beyond page.css and `name`.css.
        nonce: what a style has to carry that a script writes; "" where none does.
        media: where sound may come from, as a source of its policy; "" for nowhere.
    """
    style = template_text("page.css") + template_text(f"{name}.css") + rules
    texts = [template_text(script) for script in scripts]
    return _environment().get_template(f"{name}.html.j2").render(
        policy=_policy(style, texts, nonce, media),
        nonce=nonce,
        style=Markup(style),
        scripts=[Markup(text) for text in texts],
        **told,
    )  # fmt: skip


def write_page_over(path: Path, html: str, *, again: str) -> None:
    """Write a page for its owner only, over an earlier one of greenroom's own.

    Args:
        again: the command that writes it.

    Raises:
        BadInputError: it cannot be written, or somebody else's page is in its place.
    """
    if os.path.lexists(path) and not is_own_page(path):
        raise BadInputError(
            f"{path} cannot be written: greenroom did not make what is there",
            f"give that another name, then {again} again",
        )
    write_private(path, html.encode("utf-8", "replace"))


def is_own_page(path: Path) -> bool:
    """Whether greenroom wrote it, by its mark; what cannot be read, or is a link, is not its own."""
    try:
        if path.is_symlink() or not path.is_file():
            return False
        with path.open("rb") as file:
            beginning = file.read(_BEGINNING_BYTES)
    except OSError:
        return False
    title = _TITLES.get(path.name)
    return _MARK in beginning or (title is not None and title.search(beginning) is not None)


def template_text(name: str) -> str:
    return (files("greenroom.review") / "templates" / name).read_text(encoding="utf-8")


def _policy(style: str, scripts: Sequence[str], nonce: str, media: str) -> str:
    """The page's Content-Security-Policy."""
    allowed = {
        "default-src": ["'none'"],
        "script-src": [_hash(script) for script in scripts],
        "style-src": [_hash(style), *([f"'nonce-{nonce}'"] if nonce else [])],
        "media-src": [media] if media else [],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }
    return "; ".join(" ".join([kind, *sources]) for kind, sources in allowed.items() if sources)


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # not for whoever wants only a name

    return Environment(
        loader=PackageLoader("greenroom.review"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
