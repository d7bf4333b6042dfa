"""The command line: parse, call, print; no logic. Results go to standard output, talk to standard error."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

import click

import greenroom
from greenroom.config import MODES, PracticeSettings, read_config
from greenroom.errors import EXIT_DONE, EXIT_INTERRUPTED, EXIT_USAGE, BadInputError, DeviceError, UserError
from greenroom.records import KINDS, PROFILES
from greenroom.review_commands import history_command, replay_command, report_command

ENGINES = ("openai-whisper", "faster-whisper")
DETECTORS = ("auto", "webrtc", "silero")
_DEFAULTS = PracticeSettings()


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
    print(f"error: {error.message}", file=sys.stderr)
    for detail in error.details:
        print(f"  {detail}", file=sys.stderr)
    if error.hint:
        print(f"try: {error.hint}", file=sys.stderr)
    return status


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
    context.default_map = dict.fromkeys(("practice", "replay", "report", "history"), read_config())


_SECONDS = click.FloatRange(0, 3600)
_PROFILE_HELP = "Whose speech it is: what is usual for it is not remarked on, and it is given its time."


def _option(*names: str, help: str, **more: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """An option of practice, named as its field in PracticeSettings, with an environment variable."""
    field = next(name for name in names if name.startswith("--")).strip("-").replace("-", "_")
    default = getattr(_DEFAULTS, field)
    show = default not in (None, (), False)
    return click.option(
        *names,
        field,
        help=help,
        default=default,
        show_default=show,
        envvar=f"GREENROOM_{field.upper()}",
        **more,
    )


@cli.command(
    "practice", epilog="Example: greenroom practice --bank leadership --questions 3 --patience short"
)
@_option("--bank", help="Name of a question bank, or a TOML file; may be repeated.", multiple=True)
@_option("--questions", help="How many questions; follow-ups come on top.", type=click.IntRange(1, 100))
@_option("--focus", help="Only questions that probe this signal, such as ownership.")
@_option("--level", help="Questions for this level and for everybody: junior, mid or senior.")
@_option("--seed", help="The same seed asks the same questions in the same order.", type=int)
@_option(
    "--mode", help="Feedback after each answer (practice) or at the end (real).", type=click.Choice(MODES)
)
@_option("--follow-ups", help="Follow-up questions per question, at most.", type=click.IntRange(0, 5))
@_option("--patience", help="Silence that ends an answer: short (2.5 s), patient (4 s or more), or seconds.")
@_option("--profile", help=_PROFILE_HELP, type=click.Choice(PROFILES))
@_option(
    "--max-answer",
    help="Seconds after which an answer ends in its next pause.",
    type=click.FloatRange(10, 3600),
)
@_option("--reopen", help="Seconds after the end in which speech takes it back.", type=_SECONDS)
@_option("--look", help="Seconds without a word until it shows that it listens.", type=_SECONDS)
@_option("--lost", help="Seconds of silence until a hint is offered (practice mode).", type=_SECONDS)
@_option("--encourage", help='Seconds without a word until "take your time" is said.', type=_SECONDS)
@_option("--offer", help="Seconds without a word until repeating or skipping is offered.", type=_SECONDS)
@_option("--no-speech", help="Seconds without a word until the question is left.", type=_SECONDS)
@_option("--long-answer", help="Seconds of an answer until a hint is shown.", type=_SECONDS)
@_option("--wrap-up", help="Seconds of an answer until two soft taps are heard.", type=_SECONDS)
@_option("--choose", help="Seconds after the feedback to choose what comes next.", type=_SECONDS)
@_option("--input", help="Microphone: its number or part of its name.")
@_option("--output", help="Loudspeaker: its number or part of its name.")
@_option("--voice", help="Voice that asks: pyttsx3 or silent.")
@_option("--engine", help="What transcribes.", type=click.Choice(ENGINES))
@_option("--model", help="Whisper model: a name such as base, or a path.")
@_option("--vad", help="Voice activity detector.", type=click.Choice(DETECTORS))
@_option("--recordings", help="Where sessions are kept.", type=click.Path(path_type=Path))
@_option("--quiet", help="Print, do not speak.", is_flag=True)
@_option(
    "--candidate",
    help='Recordings that answer in place of a microphone, one per question, follow-ups included; "demo" for '
    "those that come with greenroom. May be repeated.",
    multiple=True,
)
@_option("--fast", help="With --candidate: not in real time.", is_flag=True)
@_option("--typed", help="Type the answers; no microphone is opened.", is_flag=True)
@click.argument("more", nargs=-1, metavar="[FILE]...")
def practice_command(more: tuple[str, ...], **options: Any) -> None:
    """A live mock interview.

    It asks aloud, listens, and gives feedback. Keys while it runs: Enter done, Space pause, r repeat,
    s skip, h hint, t type instead, q save and quit. After the feedback: Enter goes on, r asks the same
    question again, s skips the follow-up, f gives the feedback again. FILEs after --candidate are further
    recordings.

    Every option has an environment variable (GREENROOM_PATIENCE and so on), and can be kept under its name in
    config.toml in your configuration folder (GREENROOM_CONFIG names another file).
    """
    if more and not options["candidate"]:
        raise click.UsageError(f"unexpected argument: {more[0]}")
    if options["fast"] and not options["candidate"]:
        raise click.UsageError("--fast goes with --candidate")
    options["candidate"] += more
    from greenroom.begin import begin

    folder = begin(PracticeSettings(**options))
    if folder is not None:
        click.echo(folder)


@cli.command("analyze", epilog="Example: greenroom analyze answer.m4a --question 'Tell me about a failure.'")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--question", help="The question that was answered.")
@click.option("--kind", help=f"What kind of question it was: {', '.join(KINDS)}.")
@_option("--engine", help="What transcribes.", type=click.Choice(ENGINES))
@_option("--model", help="Whisper model: a name such as base, or a path.")
@_option("--vad", help="Voice activity detector.", type=click.Choice(DETECTORS))
@_option("--profile", help=_PROFILE_HELP, type=click.Choice(PROFILES))
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


if __name__ == "__main__":
    main()
