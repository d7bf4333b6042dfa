"""The command line: parse, call, print; no logic. Results go to standard output, talk to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from greenroom.interrupting import leave_while_starting, save_in_peace

if Path(sys.argv[0]).stem == "greenroom":  # the program, and not a test: what follows takes a while
    leave_while_starting()

import click
from click.core import ParameterSource

import greenroom
from greenroom.check_command import check_command
from greenroom.command_help import EXIT_STATUS, WIDTH, Contents, help_command, manual
from greenroom.completing import bank_names, level_names, session_names, signal_names, story_names
from greenroom.completion_command import completion_command
from greenroom.config import MODES, PracticeSettings
from greenroom.config_command import config_command
from greenroom.debrief_command import debrief_command
from greenroom.devices_command import devices_command
from greenroom.doctor_command import doctor_command
from greenroom.errors import EXIT_DONE, EXIT_INTERRUPTED, EXIT_USAGE, BadInputError, UserError
from greenroom.live_options import (
    check_candidate,
    engine_option,
    live_options,
    model_option,
    option,
    profile_option,
    vad_option,
)
from greenroom.models_command import models_group
from greenroom.plan_command import plan_command
from greenroom.preparation.stories.stories import ANGLES
from greenroom.purge_command import purge_command
from greenroom.questions_command import questions_group
from greenroom.reanalysis_command import reanalyze_command
from greenroom.records import KINDS
from greenroom.retake_command import retake_command
from greenroom.review_commands import history_command, replay_command, report_command
from greenroom.settings_file import settings_options, values_for
from greenroom.stories_commands import stories_group
from greenroom.voices_command import voices_command


def main() -> NoReturn:
    """Run the command line; every way out is an exit status of INTERFACE (see errors.py)."""
    save_in_peace()
    try:
        status = cli.main(prog_name="greenroom", standalone_mode=False)
    except click.ClickException as error:
        command = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "greenroom"
        status = _complain(UserError(error.format_message(), f"{command} --help"), EXIT_USAGE)
    except UserError as error:
        status = _complain(error, error.status)
    except (KeyboardInterrupt, click.Abort):
        status = EXIT_INTERRUPTED
    except SystemExit:  # click's answer to a closed pipe: `greenroom ... | head` has read enough
        status = EXIT_DONE
    _leave(status if isinstance(status, int) else EXIT_DONE)


def _leave(status: int) -> NoReturn:
    """Exit now. Not through sys.exit: a worker that still decodes would keep the person waiting."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            continue
    os._exit(status)


def _complain(error: UserError, status: int) -> int:
    for line in error.lines:
        print(line, file=sys.stderr)
    return status


_CONFIGURABLE = (
    "practice",
    "retake",
    "replay",
    "report",
    "history",
    "reanalyze",
    "purge",
    "stories",
    "plan",
    "debrief",
    "doctor",
    "check",
    "voices",
)
"""Commands to which the settings file speaks: to their options that bear the name of a setting."""


_WITHOUT_SETTINGS = ("help", "completion")
"""Commands that a fault in the settings file shall not keep from their work."""

_HELP_NAMES = ["-h", "--help"]
_ASKS_FOR_HELP = "greenroom.asks_for_help"


class _PracticeByDefault(Contents):
    """`greenroom` alone begins an interview."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args and not ctx.resilient_parsing:  # a shell that completes asks for the commands
            args = ["practice"]
        ctx.meta[_ASKS_FOR_HELP] = not {*args}.isdisjoint(_HELP_NAMES)
        return super().parse_args(ctx, args)


@click.group(
    cls=_PracticeByDefault,
    context_settings={"help_option_names": _HELP_NAMES, "max_content_width": WIDTH},
    epilog=manual(
        "greenroom check",
        "greenroom practice --bank leadership --questions 3",
        "greenroom replay",
        see="`greenroom help COMMAND` for one command; docs/accessibility.md for\n"
        "plain mode, screen readers and typed answers; docs/settings.md",
    )
    + f"\n\n\b\n{EXIT_STATUS}",
)
@click.version_option(greenroom.__version__, prog_name="greenroom", message="%(prog)s %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """Mock interviews aloud, on your own computer.

    greenroom asks a question, listens until you have finished, and says what your answer showed and what it
    did not show. It transcribes and analyses here: nothing leaves this computer. Without a command it begins
    an interview. Results go to standard output, talk to standard error.
    """
    if context.invoked_subcommand in _WITHOUT_SETTINGS or context.meta[_ASKS_FOR_HELP]:
        return
    # Flags stand over environment variables, those over the settings file: click's own order.
    settings = values_for(context.invoked_subcommand, settings_options(practice_command))
    context.default_map = {name: _defaults(cli.commands[name], settings) for name in _CONFIGURABLE}


def _defaults(command: click.Command, settings: Mapping[str, Any]) -> dict[str, Any]:
    """What the settings file says, for a command or for a group and all of its commands."""
    known = {parameter.name for parameter in command.params}
    own = {name: value for name, value in settings.items() if name in known}
    below = command.commands if isinstance(command, click.Group) else {}
    return {**own, **{name: _defaults(each, settings) for name, each in below.items()}}


@cli.command(
    "practice",
    epilog=manual(
        "greenroom practice --bank leadership --questions 3",
        "greenroom practice --mode real --profile stutter",
        "greenroom practice --typed --quiet",
        "greenroom practice --plain",
        "greenroom practice --candidate demo",
        see="docs/settings.md, docs/banks.md, docs/accessibility.md",
    ),
)
@option(
    "--bank",
    help="Name of a question bank, or a TOML file; may be repeated.",
    multiple=True,
    metavar="NAME|FILE",
    shell_complete=bank_names,
)
@option("--questions", help="How many questions; follow-ups come on top.", type=click.IntRange(1, 100))
@option(
    "--focus",
    help="Only questions that probe this signal, such as ownership.",
    metavar="SIGNAL",
    shell_complete=signal_names,
)
@option(
    "--level",
    help="Questions for this level and for everybody: junior, mid or senior.",
    metavar="LEVEL",
    shell_complete=level_names,
)
@option(
    "--story",
    help="One of your own stories is asked for: its name, as greenroom stories lists it.",
    metavar="NAME",
    shell_complete=story_names,
)
@option("--angle", help="The side from which --story is asked for.", type=click.Choice(ANGLES))
@option(
    "--look-back/--no-look-back",
    help="Two questions at the end: what did not come across, and what next. By itself after an interview of "
    "three questions or more.",
)
@option("--seed", help="The same seed asks the same questions in the same order.", type=int, metavar="N")
@option(
    "--mode", help="Feedback after each answer (practice) or at the end (real).", type=click.Choice(MODES)
)
@option("--follow-ups", help="Follow-up questions per question, at most.", type=click.IntRange(0, 5))
@live_options
@option(
    "--choose",
    help="Seconds after the feedback to choose what comes next; in plain mode it waits for a word.",
    type=click.FloatRange(0, 3600),
)
@click.option(
    "--resume",
    metavar="[SESSION]",
    shell_complete=session_names,
    is_flag=False,
    flag_value="",
    help="Go on with an interview that broke off: a session's name or folder; alone, the latest unfinished.",
)
@click.argument("more", nargs=-1, metavar="[FILE]...")
@click.pass_context
def practice_command(
    context: click.Context, /, more: tuple[str, ...], resume: str | None, **options: Any
) -> None:
    """A live mock interview.

    It asks aloud, listens until you have finished, and gives feedback after each answer. Everything is kept
    in a folder of its own, which replay, report, history and retake use. It sends nothing anywhere, and gives
    no verdict on you as a person. FILEs after --candidate are further recordings.

    Keys, or in plain mode words with Enter:

    \b
      Enter  done       the answer is over
      1 - 4  1 to 4     it is over, and how it went for you (4 best)
      Space  pause      a rest; once more, or go on, listens again
      r      repeat     the question once more
      s      skip       leave this question
      h      hint       what the question is really about
      t      type       type the answer instead
      q      quit       save and leave
             help       the words of the moment

    After the feedback: Enter (go on) to what comes next, r (again) answers the same question again, s (skip)
    leaves the follow-up out, f (feedback) says it once more, Space (pause) holds it.

    --resume goes on with a session's own settings and questions; what is given on the command line stands
    over them. An option stands over its environment variable, that over its line in the settings file:
    `greenroom config` shows all three.
    """
    if more and not options["candidate"]:
        raise click.UsageError(f"unexpected argument: {more[0]}")
    options["candidate"] += more
    check_candidate(options)
    if options["angle"] and not options["story"]:
        raise click.UsageError("--angle goes with --story")
    from greenroom.resuming import begin_or_go_on

    given = {name: value for name, value in options.items() if is_given(context, name)}
    folder = begin_or_go_on(PracticeSettings(**options), given, resume)
    if folder is not None:
        click.echo(folder)


def is_given(context: click.Context, name: str) -> bool:
    """Whether an option stands on the command line itself."""
    return context.get_parameter_source(name) is ParameterSource.COMMANDLINE


@cli.command(
    "analyze",
    epilog=manual(
        "greenroom analyze answer.m4a --question 'Tell me about a failure.'",
        "greenroom analyze --json answers.jsonl",
        see="docs/rubric.md, docs/models.md",
    ),
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--question", help="The question that was answered.", metavar="TEXT")
@click.option("--kind", metavar="KIND", help=f"What kind of question it was: {', '.join(KINDS)}.")
@engine_option
@model_option
@vad_option
@profile_option
@click.option("--json", "as_json", is_flag=True, help="One line of JSON per answer.")
def analyze_command(paths: tuple[Path, ...], as_json: bool, **options: Any) -> None:
    """Analyse recordings, transcripts or many answers, without an interview.

    PATH is a recording (wav, flac, mp3, ogg, m4a, webm), a transcript (.txt), or many answers (.jsonl, an
    object with "answer" per line). Nothing is kept, and no file is changed. One file that cannot be read does
    not keep the others from being analysed; the exit status is then 3.
    """
    from greenroom.analyze import AnalyzeSettings, FileAnalysis, is_sound
    from greenroom.screens.summary import summary
    from greenroom.session import answer_json

    analysis = FileAnalysis(AnalyzeSettings(**options), sound=any(is_sound(path) for path in paths))
    status = EXIT_DONE
    for path in paths:
        try:
            for answer in analysis.answers(path):
                click.echo(answer_json(answer) if as_json else summary(answer))
        except BadInputError as error:
            status = _complain(error, error.status)
    analysis.close()
    _leave(status)


cli.add_command(questions_group)
cli.add_command(devices_command)
cli.add_command(models_group)
cli.add_command(replay_command)
cli.add_command(report_command)
cli.add_command(history_command)
cli.add_command(retake_command)
cli.add_command(reanalyze_command)
cli.add_command(stories_group)
cli.add_command(plan_command)
cli.add_command(debrief_command)
cli.add_command(doctor_command)
cli.add_command(check_command)
cli.add_command(config_command)
cli.add_command(purge_command)
cli.add_command(voices_command)
cli.add_command(completion_command)
cli.add_command(help_command)


if __name__ == "__main__":
    main()
