"""The command line: parse, call, print; no logic. Results go to standard output, talk to standard error."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

import click

import greenroom
from greenroom.check_command import check_command
from greenroom.config import MODES, PracticeSettings
from greenroom.config_command import config_command
from greenroom.debrief_command import debrief_command
from greenroom.doctor_command import doctor_command
from greenroom.errors import EXIT_DONE, EXIT_INTERRUPTED, EXIT_USAGE, BadInputError, DeviceError, UserError
from greenroom.live_options import (
    check_candidate,
    engine_option,
    live_options,
    model_option,
    option,
    profile_option,
    vad_option,
)
from greenroom.plan_command import plan_command
from greenroom.preparation.stories.stories import ANGLES
from greenroom.reanalysis_command import reanalyze_command
from greenroom.records import KINDS
from greenroom.retake_command import retake_command
from greenroom.review_commands import history_command, replay_command, report_command
from greenroom.settings_file import settings_options, values_for
from greenroom.stories_commands import stories_group


def main() -> NoReturn:
    """Run the command line; every way out is an exit status of INTERFACE (see errors.py)."""
    _interrupts_save_in_peace()
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


def _interrupts_save_in_peace() -> None:
    """A closed terminal and a polite kill end an interview as Ctrl-C does, and none of them twice."""
    ways = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]

    def interrupt(number: int, _: object) -> NoReturn:
        for way in ways:  # the second Ctrl-C of an impatient person must not interrupt the saving
            signal.signal(way, signal.SIG_IGN)
        if number == getattr(signal, "SIGHUP", None):
            _forget_terminal()
        raise KeyboardInterrupt

    for way in ways:
        signal.signal(way, interrupt)


def _forget_terminal() -> None:
    """What is still printed goes nowhere: writing to a terminal that has gone is an error."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)


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
    "stories",
    "plan",
    "debrief",
    "doctor",
    "check",
)
"""Commands to which the settings file speaks: to their options that bear the name of a setting."""


class _PracticeByDefault(click.Group):
    """`greenroom` alone begins an interview."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, args or ["practice"])


@click.group(
    cls=_PracticeByDefault,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: greenroom practice --bank leadership --questions 3",
)
@click.version_option(greenroom.__version__, prog_name="greenroom", message="%(prog)s %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """Mock interviews aloud, on your own computer.

    greenroom asks a question, listens until you have finished, and says what your answer showed and what it
    did not show. Nothing leaves this computer. Without a command it begins an interview.
    """
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
    "practice", epilog="Example: greenroom practice --bank leadership --questions 3 --patience short"
)
@option("--bank", help="Name of a question bank, or a TOML file; may be repeated.", multiple=True)
@option("--questions", help="How many questions; follow-ups come on top.", type=click.IntRange(1, 100))
@option("--focus", help="Only questions that probe this signal, such as ownership.")
@option("--level", help="Questions for this level and for everybody: junior, mid or senior.")
@option("--story", help="One of your own stories is asked for: its name (greenroom stories).")
@option("--angle", help="The side from which --story is asked for.", type=click.Choice(ANGLES))
@option(
    "--look-back/--no-look-back", help="Two questions at the end: what did not come across, and what next."
)
@option("--seed", help="The same seed asks the same questions in the same order.", type=int)
@option(
    "--mode", help="Feedback after each answer (practice) or at the end (real).", type=click.Choice(MODES)
)
@option("--follow-ups", help="Follow-up questions per question, at most.", type=click.IntRange(0, 5))
@live_options
@option(
    "--choose", help="Seconds after the feedback to choose what comes next.", type=click.FloatRange(0, 3600)
)
@click.argument("more", nargs=-1, metavar="[FILE]...")
def practice_command(more: tuple[str, ...], **options: Any) -> None:
    """A live mock interview.

    It asks aloud, listens, and gives feedback. Keys while it runs: Enter done, 1 to 4 done and how it went
    (4 best), Space pause, r repeat, s skip, h hint, t type instead, q save and quit. After the feedback:
    Enter goes on, r asks the same question again, s skips the follow-up, f gives the feedback again. FILEs
    after --candidate are further recordings.

    Every option has an environment variable (GREENROOM_PATIENCE and so on), and can be kept under its name in
    config.toml in your configuration folder (GREENROOM_CONFIG names another file).
    """
    if more and not options["candidate"]:
        raise click.UsageError(f"unexpected argument: {more[0]}")
    options["candidate"] += more
    check_candidate(options)
    if options["angle"] and not options["story"]:
        raise click.UsageError("--angle goes with --story")
    from greenroom.begin import begin

    folder = begin(PracticeSettings(**options))
    if folder is not None:
        click.echo(folder)


@cli.command("analyze", epilog="Example: greenroom analyze answer.m4a --question 'Tell me about a failure.'")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--question", help="The question that was answered.")
@click.option("--kind", help=f"What kind of question it was: {', '.join(KINDS)}.")
@engine_option
@model_option
@vad_option
@profile_option
@click.option("--json", "as_json", is_flag=True, help="One line of JSON per answer.")
def analyze_command(paths: tuple[Path, ...], as_json: bool, **options: Any) -> None:
    """Analyse recordings, transcripts (.txt) or many answers (.jsonl, an object with "answer" per line).

    One file that cannot be read does not keep the others from being analysed; the exit status is then 3.
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


@cli.group("questions", invoke_without_command=True, epilog="Example: greenroom questions check my-bank.toml")
@click.pass_context
def questions_group(context: click.Context) -> None:
    """The question banks: list them, show one, check one that you wrote."""
    if context.invoked_subcommand is None:
        context.invoke(questions_list)


@questions_group.command("list", epilog="Example: greenroom questions list --json")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
def questions_list(as_json: bool = False) -> None:
    """The shipped banks and how many questions each has."""
    from greenroom.questions import load_banks

    rows = [
        {"name": bank.name, "title": bank.title, "questions": len(bank.questions), "about": bank.description}
        for bank in load_banks()
    ]
    if as_json:
        click.echo(json.dumps(rows))
    else:
        for row in rows:
            click.echo(f"{row['name']:<16} {row['questions']:>3}  {row['about']}")


@questions_group.command("show", epilog="Example: greenroom questions show leadership")
@click.argument("banks", nargs=-1, required=True, metavar="BANK...")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")
def questions_show(banks: tuple[str, ...], as_json: bool) -> None:
    """The questions of a bank: a shipped one's name, or a TOML file."""
    from greenroom.questions import load_banks, question_data

    for bank in load_banks(banks):
        if as_json:
            click.echo(json.dumps([question_data(question) for question in bank.questions]))
            continue
        click.echo(f"{bank.title}: {bank.description}\n")
        for question in bank.questions:
            signals = ", ".join(question.signals)
            click.echo(f"{question.id} ({question.level}, {question.target_seconds} s; {signals})")
            click.echo(f"  {question.text}\n  About: {question.about}")
            click.echo(f"  Strong: {question.strong}\n" if question.strong else "")


@questions_group.command("check", epilog="Example: greenroom questions check my-bank.toml")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
def questions_check(files: tuple[Path, ...]) -> None:
    """Name every fault of a bank: file, entry and key."""
    from greenroom.questions import check_bank

    faults = [fault for file in files for fault in check_bank(file)]
    for fault in faults:
        click.echo(str(fault))
    if faults:
        count = f"{len(faults)} fault{'s' if len(faults) != 1 else ''}"
        raise BadInputError(f"{count} found", "docs/banks.md describes the format")
    click.echo("no faults")


@cli.command("devices", epilog="Example: greenroom devices --json")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
def devices_command(as_json: bool) -> None:
    """The microphones and loudspeakers of this computer; > marks the default input, < the default output."""
    from greenroom.audio.devices import list_devices

    devices = list_devices()
    if as_json:
        click.echo(json.dumps([asdict(device) for device in devices]))
    elif not devices:
        raise DeviceError("no sound device was found", "plug one in, or: greenroom practice --candidate demo")
    else:
        for device in devices:
            click.echo(str(device))


@cli.group("models", invoke_without_command=True, epilog="Example: greenroom models fetch small.en")
@click.pass_context
def models_group(context: click.Context) -> None:
    """The Whisper weights: list, fetch, verify."""
    if context.invoked_subcommand is None:
        context.invoke(models_list)


@models_group.command("list", epilog="Example: greenroom models list --json")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
def models_list(as_json: bool = False) -> None:
    """Which weights are known, and where those that are here lie."""
    from greenroom.transcription.weights import list_models

    models = list_models()
    if as_json:
        click.echo(json.dumps([asdict(model) for model in models], default=str))
    else:
        for model in models:
            click.echo(str(model))


@models_group.command("verify", epilog="Example: greenroom models verify base")
@click.argument("name")
def models_verify(name: str) -> None:
    """Check weights against their published hash."""
    from greenroom.transcription.weights import verify

    click.echo(f"{name}: {verify(name)}")


@models_group.command("fetch", epilog="Example: greenroom models fetch small.en")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask before downloading.")
def models_fetch(name: str, yes: bool) -> None:
    """Download weights, after asking: the one thing that greenroom ever fetches."""
    from greenroom.transcription.weights import fetch

    if not yes:
        click.confirm(f"Download the {name} weights from OpenAI?", abort=True, err=True)
    click.echo(fetch(name))


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


if __name__ == "__main__":
    main()
