"""The commands that look back at sessions: parse, call, print; no logic."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from greenroom.command_help import manual
from greenroom.completing import bank_names, session_names
from greenroom.live_options import plain_option

_MOMENT = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,6}(?:\.\d+)?)")


def _moment(text: str) -> float:
    """Seconds, m:ss or h:mm:ss, as seconds."""
    given = _MOMENT.fullmatch(text.strip())
    if given is None:
        raise click.BadParameter(f"{text!r} is no time: give seconds (90), or minutes and seconds (1:30)")
    hours, minutes, seconds = given.groups()
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(seconds)


def _or_the_usual_place(_: click.Context, __: click.Parameter, given: Path | None) -> Path:
    from greenroom.session import default_recordings

    return given or default_recordings()


session_argument = click.argument(
    "session", required=False, metavar="[SESSION]", shell_complete=session_names
)
recordings_option = click.option(
    "--recordings",
    help="Where sessions are kept.",
    type=click.Path(path_type=Path),
    envvar="GREENROOM_RECORDINGS",
    show_envvar=True,
    metavar="FOLDER",
    callback=_or_the_usual_place,
)


def session_folder(session: str | None, recordings: Path) -> Path:
    """The session's folder: SESSION is a folder, its name, or None for the latest."""
    from greenroom.review.finding import find_session

    return find_session(session, recordings)


@click.command(
    "replay",
    epilog=manual(
        "greenroom replay",
        "greenroom replay --turn 2 --from 0:30",
        "greenroom replay --plain",
        see="docs/accessibility.md; greenroom report",
    ),
)
@session_argument
@click.option("--turn", help="Begin with the question of this turn.", type=click.IntRange(min=1), metavar="N")
@click.option(
    "--from",
    "begin",
    help="Begin there in the answer of the turn, or of the first one.",
    type=_moment,
    metavar="SECONDS|m:ss",
)
@click.option(
    "--output",
    help="Loudspeaker: its number or part of its name.",
    envvar="GREENROOM_OUTPUT",
    show_envvar=True,
    metavar="DEVICE",
    default=None,
)
@click.option("--quiet", help="Read along, without sound.", is_flag=True)
@plain_option
@recordings_option
def replay_command(session: str | None, recordings: Path, **options: Any) -> None:
    """Play a session back, with the words lit as they are spoken.

    SESSION is a folder, its name, or nothing for the latest. Nothing in it is changed.

    Keys, or in plain mode words with Enter:

    \b
      Space         pause, go on       (in plain mode Enter does both)
      left, right   back, forward      5 seconds
      n, p          next finding, previous finding
      down, up      next turn, previous turn      (or N and P)
      q             quit

    Without a loudspeaker, or with --quiet, it walks through the transcript by the clock. In plain mode,
    with NO_COLOR or TERM=dumb, and into a pipe it prints plain lines with times.
    """
    from greenroom.review.replay import ReplaySettings, replay

    replay(session_folder(session, recordings), ReplaySettings(**options))


@click.command(
    "report",
    epilog=manual(
        "greenroom report --open",
        "greenroom report --export md > answers.md",
        see="greenroom history, greenroom replay",
    ),
)
@session_argument
@click.option("--open", "show", help="Open it in the browser.", is_flag=True)
@click.option("--embed", help="Put the recordings inside, to pass the page on as one file.", is_flag=True)
@click.option(
    "--export",
    "kind",
    help="Print captions with the findings, Markdown, or the numbers as CSV instead; no page is written.",
    type=click.Choice(("vtt", "md", "csv")),
)
@click.option("--turn", help="With --export: only this turn.", type=click.IntRange(min=1), metavar="N")
@plain_option
@recordings_option
def report_command(
    session: str | None,
    recordings: Path,
    *,
    show: bool,
    embed: bool,
    kind: str | None,
    turn: int | None,
) -> None:
    """Write report.html in the session's folder: a page to see and hear every answer.

    SESSION is a folder, its name, or nothing for the latest. The page opens from the disk in any browser,
    asks nothing of any server, and goes with its folder. With --embed it needs no folder; whoever has it can
    then hear the answers.
    """
    if kind is not None:
        if show or embed:
            raise click.UsageError("--export prints; it does not go with --open or --embed")
        _print_export(session_folder(session, recordings), kind, turn)
        return
    if turn is not None:
        raise click.UsageError("--turn goes with --export")
    from greenroom.review.report import write_report

    path = write_report(session_folder(session, recordings), embed=embed)
    click.echo(path)
    if show:
        _open(path)


def _print_export(folder: Path, kind: str, turn: int | None) -> None:
    from greenroom.review.exports import export
    from greenroom.session import load_session

    click.echo(export(load_session(folder), kind, turn), nl=False)


@click.command(
    "history",
    epilog=manual(
        "greenroom history --last 20 --bank leadership --open",
        "greenroom history --since 2026-11-01 --json",
        see="docs/rubric.md",
    ),
)
@click.option(
    "--last", metavar="N", help="Trends over so many of the newest sessions.", type=click.IntRange(1, 60)
)
@click.option(
    "--bank",
    "of_bank",
    help="Only sessions with questions of this bank.",
    metavar="NAME",
    shell_complete=bank_names,
)
@click.option(
    "--since", help="Only sessions of this day and later.", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE"
)
@click.option("--json", "as_json", is_flag=True, help="JSON instead of the summary.")
@click.option("--open", "show", help="Open the page in the browser.", is_flag=True)
@plain_option
@recordings_option
def history_command(
    last: int | None,
    of_bank: str | None,
    since: datetime | None,
    recordings: Path,
    *,
    as_json: bool,
    show: bool,
) -> None:
    """What your sessions show: what to fix first, what changed, what stayed.

    Without --last or --since it looks at the last 10 sessions. A difference is called a change only where
    chance would hardly make it. It also writes index.html beside your recordings: all of it as a page with
    charts, where every point opens its session. DATE is like 2026-11-21.
    """
    from greenroom.review.history_page import Asked
    from greenroom.review.look_back import look_back

    asked = Asked(of_bank, since.date() if since else None, last)
    path = look_back(recordings, asked, as_json=as_json)
    if not as_json:
        click.echo(path)
    if show:
        _open(path)


def _open(page: Path) -> None:
    import webbrowser

    if not webbrowser.open(page.resolve().as_uri()):
        click.echo(f"no browser was found; open {page} in one", err=True)
