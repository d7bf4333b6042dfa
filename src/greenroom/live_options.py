"""The options of the commands that ask and listen, one for each setting that a person may want to change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from greenroom.completing import model_names, recording_names, voice_names
from greenroom.config import PracticeSettings
from greenroom.plain_mode import plain_mode
from greenroom.records import PROFILES

ENGINES = ("openai-whisper", "faster-whisper")
DETECTORS = ("auto", "webrtc", "silero")

Command = Callable[..., None]
Decorator = Callable[[Command], Command]

_DEFAULTS = PracticeSettings()
_SECONDS = click.FloatRange(0, 3600)
_UNITS = {click.FloatRange: "SECONDS", click.IntRange: "N"}
"""What a number is called in the help; all that are no counts are seconds."""


def option(*names: str, help: str, **more: Any) -> Decorator:
    """An option named as its field in PracticeSettings, with an environment variable."""
    name = next(name for name in names if name.startswith("--"))
    field = name.partition("/")[0].strip("-").replace("-", "_")
    default = getattr(_DEFAULTS, field)
    unit = next((unit for kind, unit in _UNITS.items() if isinstance(more.get("type"), kind)), None)
    if unit is not None:
        more.setdefault("metavar", unit)
    return click.option(
        *names,
        field,
        help=help,
        default=default,
        show_default=default not in (None, (), False),
        envvar=f"GREENROOM_{field.upper()}",
        show_envvar=True,
        **more,
    )


def _choose_plain(context: click.Context, _: click.Parameter, wanted: bool | None) -> None:
    """Plain mode until the command is over."""
    context.with_resource(plain_mode(wanted))


plain_option = option(
    "--plain/--no-plain",
    help="Plain lines for screen readers, and words with Enter in place of keys. By itself: plain lines "
    "with NO_COLOR, TERM=dumb or in a pipe, words with TERM=dumb.",
    callback=_choose_plain,
    expose_value=False,
)

profile_option = option(
    "--profile",
    help="Whose speech it is: what is usual for it is not remarked on, and it is given its time.",
    type=click.Choice(PROFILES),
)
engine_option = option("--engine", help="The Whisper program that transcribes.", type=click.Choice(ENGINES))
model_option = option(
    "--model",
    help="Whisper model: a name such as base, or a path.",
    metavar="NAME|PATH",
    shell_complete=model_names,
)
data_option = option(
    "--data",
    help="Where your stories, plan and notes are kept.",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
)
voice_option = option(
    "--voice",
    help="Voice that asks: auto, or one of those that `greenroom voices` lists.",
    metavar="NAME",
    shell_complete=voice_names,
)
speech_rate_option = option(
    "--speech-rate", help="Words a minute of the voice that asks.", type=click.IntRange(100, 260)
)
vad_option = option("--vad", help="Voice activity detector.", type=click.Choice(DETECTORS))

_LIVE = (
    option(
        "--patience",
        help="Silence that ends an answer: short (2.5 s), patient (4 s or more), or seconds.",
        metavar="short|patient|SECONDS",
    ),
    profile_option,
    option(
        "--max-answer",
        help="Seconds after which an answer ends in its next pause.",
        type=click.FloatRange(10, 3600),
    ),
    option("--reopen", help="Seconds after the end in which speech takes it back.", type=_SECONDS),
    option("--look", help="Seconds without a word until it shows that it listens.", type=_SECONDS),
    option("--lost", help="Seconds of silence until a hint is offered (practice mode).", type=_SECONDS),
    option("--encourage", help='Seconds without a word until "take your time" is said.', type=_SECONDS),
    option("--offer", help="Seconds without a word until repeating or skipping is offered.", type=_SECONDS),
    option("--no-speech", help="Seconds without a word until the question is left.", type=_SECONDS),
    option("--long-answer", help="Seconds of an answer until a hint is shown.", type=_SECONDS),
    option("--wrap-up", help="Seconds of an answer until two soft taps are heard.", type=_SECONDS),
    option("--rate", help="Ask how it went, 1 to 4, before the feedback (practice mode).", is_flag=True),
    option("--input", help="Microphone: its number or part of its name.", metavar="DEVICE"),
    option("--output", help="Loudspeaker: its number or part of its name.", metavar="DEVICE"),
    voice_option,
    speech_rate_option,
    engine_option,
    model_option,
    vad_option,
    option(
        "--recordings", help="Where sessions are kept.", type=click.Path(path_type=Path), metavar="FOLDER"
    ),
    data_option,
    option("--quiet", help="Print, do not speak.", is_flag=True),
    option(
        "--candidate",
        help="Recordings that answer in place of a microphone, one per question, follow-ups included; "
        '"demo" for those that come with greenroom. May be repeated.',
        multiple=True,
        metavar="FILE|demo",
        shell_complete=recording_names,
    ),
    option("--fast", help="With --candidate: not in real time.", is_flag=True),
    option("--typed", help="Type the answers; no microphone is opened.", is_flag=True),
    plain_option,
)


def live_options(command: Command) -> Command:
    """All that a live interview can be told, but for what it asks."""
    for each in reversed(_LIVE):
        command = each(command)
    return command


def check_candidate(options: Mapping[str, Any]) -> None:
    """UsageError where options do not go together."""
    if options["fast"] and not options["candidate"]:
        raise click.UsageError("--fast goes with --candidate")
