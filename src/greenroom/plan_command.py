"""`greenroom plan`: parse, call, print; no logic."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from greenroom.command_help import manual
from greenroom.completing import session_names
from greenroom.config import PracticeSettings
from greenroom.live_options import check_candidate, live_options

_LATEST = ""
_DAY = click.DateTime(["%Y-%m-%d"])


@click.command(
    "plan",
    epilog=manual(
        "greenroom plan",
        "greenroom plan --interview 2026-12-19 --role 'backend engineer'",
        "greenroom plan --look-back --typed",
        see="docs/plan.md",
    ),
)
@click.option("--interview", help="The day of the interview, like 2026-12-19.", type=_DAY, metavar="DATE")
@click.option("--role", help='What you apply for, such as "backend engineer".', metavar="TEXT")
@click.option(
    "--quality",
    "qualities",
    metavar="QUALITY",
    help="What you want to be seen, such as ownership, or in your own words; may be repeated.",
    multiple=True,
)
@click.option(
    "--look-back",
    "of_session",
    help="Look back at a session that you have not looked back at: its name, or nothing for the latest.",
    is_flag=False,
    flag_value=_LATEST,
    metavar="[SESSION]",
    shell_complete=session_names,
)
@click.option("--json", "as_json", is_flag=True, help="JSON instead of the plan.")
@click.option("--today", type=_DAY, hidden=True)
@live_options
@click.pass_context
def plan_command(
    context: click.Context,
    /,
    interview: datetime | None,
    role: str | None,
    qualities: tuple[str, ...],
    of_session: str | None,
    *,
    as_json: bool,
    today: datetime | None,
    **options: Any,
) -> None:
    """Four weeks to an interview: today's one next thing first, and the command that does it.

    Stories are collected, mapped to qualities, told from different angles; then there are mock interviews,
    each with a look back. However many days there are, the steps share them; without a date it is four weeks
    from the start. Every step is measured from what exists, nothing is ticked by hand, and a day without
    practice is no fault. It reminds nobody by itself.

    --look-back asks two questions about a mock interview, aloud or --typed; the options on how to ask and
    listen are for it.
    """
    check_candidate(options)
    settings = PracticeSettings(**options)
    if of_session is not None:
        from greenroom.begin import with_somebody_to_answer
        from greenroom.preparation.look_back.look_back_later import look_back_at, session_meant

        session = session_meant(of_session or None, settings)
        ready = with_somebody_to_answer(settings, demo=False)
        if ready is not None:
            look_back_at(session, ready, as_json=as_json)
        return
    from greenroom.preparation.places import default_data
    from greenroom.preparation.plan.plan_showing import Places, Wishes, show_plan
    from greenroom.session import default_recordings

    places = Places(
        settings.data or default_data(), settings.recordings or default_recordings(), _named(context, options)
    )
    wishes = Wishes(interview.date() if interview else None, role, qualities)
    show_plan(places, wishes, today.date() if today else date.today(), as_json=as_json)


def _named(context: click.Context, options: dict[str, Any]) -> tuple[tuple[str, Path], ...]:
    """The places that were named on the command line itself."""
    given = ParameterSource.COMMANDLINE
    return tuple(
        (f"--{name}", options[name])
        for name in ("data", "recordings")
        if context.get_parameter_source(name) is given
    )
