"""`greenroom retake`: parse, call, print; no logic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from greenroom.command_help import manual
from greenroom.completing import session_names
from greenroom.config import PracticeSettings
from greenroom.live_options import check_candidate, live_options

if TYPE_CHECKING:
    from greenroom.records import Turn
    from greenroom.review.comparison import Comparison


@click.command(
    "retake",
    epilog=manual(
        "greenroom retake",
        "greenroom retake 2 --patience short",
        "greenroom retake 2026-11-21T20-15-03-behavioural 3 --typed",
        see="greenroom replay, greenroom report",
    ),
)
@click.argument("given", nargs=-1, metavar="[SESSION] [TURN]", shell_complete=session_names)
@live_options
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON, a line for each answer.")
def retake_command(given: tuple[str, ...], *, as_json: bool, **options: Any) -> None:
    """Answer a question of an earlier session again, and hold both answers against each other.

    SESSION is a folder, its name, or nothing for the latest. Without TURN it is the answer with the most to
    win; a number alone is a turn of the latest session. The new answer is added to the session, and nothing
    of the earlier one changes.

    Keys and words are those of practice. After the comparison: 1 (old) hears the old answer, 2 (new) the new
    one, f (feedback) the feedback, r (again) asks the same question again, Enter (done) ends.
    """
    check_candidate(options)
    settings = PracticeSettings(**options)
    from greenroom.begin import with_somebody_to_answer
    from greenroom.resuming import tell_remains
    from greenroom.retaking.retake import retake
    from greenroom.retaking.subject import subject_of
    from greenroom.session import default_recordings

    recordings = settings.recordings or default_recordings()
    tell_remains(recordings, settings.data)
    subject = subject_of(given, recordings)
    ready = with_somebody_to_answer(settings, demo=False)
    if ready is None:
        return
    retake(subject, ready, _print_json if as_json else lambda *_: None)
    if not as_json:
        click.echo(subject.folder)


def _print_json(before: Turn, after: Turn, compared: Comparison) -> None:
    import msgspec

    told = {"before": before.number, "after": after.number, **msgspec.to_builtins(compared)}
    click.echo(msgspec.json.encode(told))
