"""What to do about a diagnosis, on each system (advice.toml)."""

from __future__ import annotations

import sys
from functools import cache
from importlib import resources

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SYSTEMS = ("linux", "macos", "windows")

_PLATFORMS = {"darwin": "macos", "win32": "windows", "cygwin": "windows"}


def advice_for(kind: str, hint: str = "") -> dict[str, str]:
    """What to do about a diagnosis of this kind, a line for each of SYSTEMS; its own hint comes first."""
    return dict.fromkeys(SYSTEMS, hint) if hint else dict(_advice()[kind])


def advice_here(kind: str, hint: str = "") -> str:
    """The line for the system that this runs on; Linux's for a Unix that is none of them."""
    return advice_for(kind, hint)[_PLATFORMS.get(sys.platform, "linux")]


@cache
def _advice() -> dict[str, dict[str, str]]:
    text = resources.files(__package__).joinpath("advice.toml").read_text("utf-8")
    return {
        kind: {system: lines[system] for system in SYSTEMS} for kind, lines in tomllib.loads(text).items()
    }
