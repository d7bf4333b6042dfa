"""What every page shares: its frame, its style, and a policy that lets only what is listed run or load."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from jinja2 import Environment

REPORT_FILE = "report.html"
"""The page of a session, in its folder."""

HISTORY_FILE = "index.html"
"""The page of all sessions, beside their folders."""


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
