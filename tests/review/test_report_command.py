"""`greenroom report`, as it is called."""

from __future__ import annotations

import webbrowser
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner

from greenroom.cli import cli
from greenroom.review.pages import REPORT_FILE

TEMPLATES = files("greenroom.review") / "templates"


# ---- the command


def test_the_command_prints_where_the_page_is(everything: Path) -> None:
    done = CliRunner().invoke(cli, ["report", str(everything)])
    assert done.exit_code == 0
    assert done.stdout == f"{everything / REPORT_FILE}\n"
    assert (everything / REPORT_FILE).is_file()


def test_the_latest_session_is_the_one_that_is_meant(everything: Path) -> None:
    done = CliRunner().invoke(cli, ["report", "--recordings", str(everything.parent), "--embed"])
    assert done.stdout == f"{everything / REPORT_FILE}\n"
    assert "media-src data:" in (everything / REPORT_FILE).read_text()


def test_it_opens_in_the_browser(everything: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda address: opened.append(address) or True)
    CliRunner().invoke(cli, ["report", str(everything), "--open"])
    assert opened == [(everything / REPORT_FILE).resolve().as_uri()]


def test_without_a_browser_it_says_where_to_look(everything: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webbrowser, "open", lambda address: False)
    done = CliRunner().invoke(cli, ["report", str(everything), "--open"])
    assert done.exit_code == 0
    assert f"open {everything / REPORT_FILE} in one" in done.stderr
