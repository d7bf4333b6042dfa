"""`greenroom stories tell`: parse, call, print; no logic."""

from __future__ import annotations

from typing import Any

import click

from greenroom.command_help import manual
from greenroom.config import PracticeSettings
from greenroom.live_options import check_candidate, live_options


@click.command(
    "tell",
    epilog=manual(
        "greenroom stories tell the lost invoices --led",
        "greenroom stories tell --typed",
        see="docs/stories.md; greenroom stories add types one in five lines",
    ),
)
@click.argument("title", nargs=-1, metavar="[TITLE]")
@click.option(
    "--led", is_flag=True, help="Led by questions: what was broken, who cared, what you decided, ..."
)
@live_options
@click.option("--json", "as_json", is_flag=True, help="Print the story as JSON.")
def tell_command(title: tuple[str, ...], *, led: bool, as_json: bool, **options: Any) -> None:
    """Tell a story of yours aloud, in one go or led by questions.

    It is written down as situation, task, action and result, with its numbers, people, dates and
    technologies. What is missing is asked for, at most three things; then it is read back. Nothing is added
    that you did not say. Without TITLE you are asked for one.

    Keys and words while you tell are those of practice. When it is read back: Enter (keep) keeps it, e (edit)
    keeps it and opens it in your editor, r (again) tells it once more, d (discard) throws it away. With
    --candidate the recordings tell the story, answer what is asked and give the title, in this order, and it
    is kept.
    """
    check_candidate(options)
    settings = PracticeSettings(**options)
    from greenroom.begin import with_somebody_to_answer
    from greenroom.preparation.telling.telling import tell

    ready = with_somebody_to_answer(settings, demo=False)
    kept = tell(ready, " ".join(title), led=led) if ready is not None else None
    if kept is None:
        return
    path, story = kept
    click.echo(_as_json(story) if as_json else path)


def _as_json(story: object) -> bytes:
    import msgspec

    return msgspec.json.encode(story)
