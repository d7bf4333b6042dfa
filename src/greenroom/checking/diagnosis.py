"""What is wrong with the sound, from what was measured; pure, so that every case can be tried.

`in the way`: an interview cannot be held. `look here`: it can, but would be better otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from greenroom.audio.devices import Device
from greenroom.checking.levels import Quiet, Speech, signal_to_noise_db
from greenroom.checking.loudspeaker_echo import Echo
from greenroom.errors import ModelError, UserError

Weight = Literal["look here", "in the way"]

GOOD_SNR_DB = 20.0
POOR_SNR_DB = 15.0
"""From 20 dB on a recording is good; below 15 dB voice activity detectors fail, and the person is asked to
move or to take a headset (reference, turn-taking and norms, sections 3 and 5, measured)."""

QUIET_DB = -45.0
"""Speech below this is very quiet. Of 38 recordings those spoken aloud lay at -37 to -15 dB, two that were
whispered at -47 and -50; from -55 dB on the voice activity detector lost more than half of every sixth one
(scripts/measure_check.py). Telephony aims at -26 (ITU-T P.56, P.830)."""

NOTHING_DB = -60.0
"""Where nobody is heard and nothing is louder than this, it is hardly a microphone in a room with somebody in
it. (Judgement: two steps of a factor of two below whispering.)"""

CLIPPED_SHARE = 0.05
"""Of 38 recordings of speech 0 to 2 % of the frames had a flat top; with peaks 6 dB above full scale
33 of them had one in more than 5 %, 9 dB above it 36 (scripts/measure_check.py)."""

NARROW_DB = -50.0
"""Broadband speech had -40 dB or more above the telephone's band, the same at 8 kHz -90 or less (same
script)."""

USUAL_DB = -27.0
"""The level of speech before it has been measured: near the median of the same recordings (-28)."""

HARMLESS_ECHO_DB = 30.0
"""An echo so far below the person's voice is left alone: what leaks out of headphones. (Judgement.)"""

LEAST_SPEECH_SECONDS = 0.5
"""Less is no sentence: a cough, or a chair. (Judgement.)"""

VOICE_IN_THE_ROOM_SECONDS = 0.5

NARROW_RATE_HZ = 8_000
"""A device of its own at this rate is a telephone's."""

_BLUETOOTH = re.compile(
    r"bluetooth|bluez|hands-?free|\bhfp\b|\bhsp\b|\bag audio\b|headset[_-]head[_-]unit|airpods", re.IGNORECASE
)
"""What systems call a headset in its call profile: Windows "… Hands-Free AG Audio", PulseAudio "bluez_…" and
"headset-head-unit", macOS the product's name."""

_LOOPBACK = re.compile(
    r"\bmonitor of\b|\.monitor\b|stereo ?mix|what u hear|blackhole|soundflower", re.IGNORECASE
)
"""What systems call an input that records what the loudspeaker plays."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that went wrong before there was any sound to judge: a device, a voice or a model.

    `hint` says what to do, where that is known better than by the kind alone.
    """

    kind: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """What is known so far; None is what is not known (yet).

    Attributes:
        understood: the words that Whisper wrote.
        complete: whether all of the recording arrived.
        unheard: whether the person says that the loudspeaker stays silent.
    """

    microphone: Device | None = None
    loudspeaker: Device | None = None
    faults: tuple[Fault, ...] = ()
    echo: Echo | None = None
    unheard: bool = False
    room: Quiet | None = None
    speech: Speech | None = None
    complete: bool = True
    understood: str | None = None

    @property
    def snr_db(self) -> float | None:
        """How far the person's voice stands out of the room's noise (dB)."""
        if self.room is None or self.speech is None or self.speech.level_db is None:
            return None
        return signal_to_noise_db(self.speech.level_db, self.room.noise_db)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that is wrong: its kind (a key of advice.toml), how much it weighs, and a sentence.

    `hint` says what to do in place of advice.toml; "" where that is to say it.
    """

    kind: str
    weight: Weight
    message: str
    hint: str = ""


IN_THE_WAY = frozenset({"no_microphone", "busy", "nothing_arrives", "lost", "no_model"})
"""Faults without whose cure no interview can be held aloud."""


def with_fault(measured: Measured, kind: str, error: UserError) -> Measured:
    """With a fault more. What helps a model or a voice its error knows; what helps a device, advice.toml."""
    hint = f"{error.hint or ''}" if isinstance(error, ModelError) else ""
    return replace(measured, faults=(*measured.faults, Fault(kind, error.sentence, hint)))


def diagnose(measured: Measured) -> tuple[Diagnosis, ...]:
    """All that is wrong, what is in the way first."""
    found = tuple(_all(measured))
    return tuple(sorted(found, key=lambda each: each.weight != "in the way"))


def _all(measured: Measured) -> Iterator[Diagnosis]:
    for fault in measured.faults:
        weight: Weight = "in the way" if fault.kind in IN_THE_WAY else "look here"
        yield Diagnosis(fault.kind, weight, fault.message, fault.hint)
    if measured.microphone is not None:
        yield from _named(measured.microphone)
    if measured.unheard:
        yield Diagnosis("unheard", "look here", "You heard nothing from the loudspeaker.")
    if measured.speech is not None:
        yield from _spoken(measured, measured.speech)
    yield from _room(measured)
    yield from _echo(measured)
    if measured.understood is not None and not measured.understood.strip():
        yield Diagnosis("not_understood", "look here", "Whisper understood no word of it.")


def _named(microphone: Device) -> Iterator[Diagnosis]:
    if _LOOPBACK.search(microphone.name):
        yield Diagnosis(
            "loopback",
            "look here",
            f"“{microphone.name}” is no microphone: it records what the loudspeaker plays.",
        )
    elif _BLUETOOTH.search(microphone.name) or microphone.rate <= NARROW_RATE_HZ:
        yield Diagnosis(
            "headset_profile",
            "look here",
            f"“{microphone.name}” ({microphone.rate} Hz) looks like a Bluetooth headset in its call profile, "
            "which sounds like a telephone.",
        )


def _spoken(measured: Measured, speech: Speech) -> Iterator[Diagnosis]:
    heard_something = measured.echo is not None and measured.echo.found
    if speech.dead and not heard_something:
        yield Diagnosis(
            "all_zeros",
            "in the way",
            "Only zeros came from the microphone: it is muted, or the system keeps greenroom from it.",
        )
        return
    if speech.level_db is None or speech.spoken < LEAST_SPEECH_SECONDS:
        if speech.loudest_db < NOTHING_DB and not heard_something:
            yield Diagnosis(
                "very_quiet",
                "in the way",
                f"Next to nothing came from the microphone ({_level(speech.loudest_db)}): "
                "it may be the wrong one, or turned down.",
            )
        else:
            yield Diagnosis(
                "no_speech",
                "in the way",
                f"Sound came from the microphone ({_level(speech.loudest_db)}), "
                "but no voice was heard in it.",
            )
        return
    if not measured.complete:
        yield Diagnosis("holes", "look here", "Some of your voice was lost on its way: the computer is busy.")
    yield from _loudness(speech, speech.level_db)
    if speech.high_db is not None and speech.high_db < NARROW_DB and not _named_headset(measured.microphone):
        yield Diagnosis(
            "headset_profile",
            "look here",
            "Your voice arrives as through a telephone, with nothing above 4 kHz: as a Bluetooth headset "
            "in its call profile sounds.",
        )


def _loudness(speech: Speech, level: float) -> Iterator[Diagnosis]:
    if speech.clipped > CLIPPED_SHARE:
        yield Diagnosis(
            "clipping",
            "look here",
            "Your voice is too loud for the microphone: it is cut off in "
            f"{100 * speech.clipped:.0f} % of the time you speak.",
        )
    elif level < QUIET_DB:
        yield Diagnosis(
            "very_quiet",
            "look here",
            f"Your voice is very quiet ({_level(level)}, usual is -37 to -15): "
            "the wrong microphone, or it is far away.",
        )


def _room(measured: Measured) -> Iterator[Diagnosis]:
    if measured.room is not None and measured.room.spoken > VOICE_IN_THE_ROOM_SECONDS:
        yield Diagnosis(
            "other_voices",
            "look here",
            "A voice was heard while it should be quiet: it would count as your answer.",
        )
        return  # it is no measure of the noise then
    snr = measured.snr_db
    if snr is not None and snr < GOOD_SNR_DB:
        much = "far " if snr < POOR_SNR_DB else ""
        yield Diagnosis(
            "noise",
            "look here",
            f"It is {much}too noisy: your voice is only {snr:.0f} dB over the noise, "
            f"and {GOOD_SNR_DB:.0f} would be good.",
        )


def _echo(measured: Measured) -> Iterator[Diagnosis]:
    echo, speech = measured.echo, measured.speech
    if echo is None or not echo.found or echo.level_db is None:
        return
    voice = speech.level_db if speech is not None else None
    if echo.level_db < (USUAL_DB if voice is None else voice) - HARMLESS_ECHO_DB:
        return
    beside = (
        f", {abs(voice - echo.level_db):.0f} dB {_side(echo.level_db, voice)} your voice"
        if voice is not None
        else ""
    )
    yield Diagnosis("echo", "look here", f"The microphone hears the loudspeaker{beside}: wear headphones.")


def _side(echo: float, voice: float) -> str:
    return "above" if echo > voice else "below"


def _named_headset(microphone: Device | None) -> bool:
    return microphone is not None and any(each.kind == "headset_profile" for each in _named(microphone))


def _level(db: float) -> str:
    return f"{db:.0f} dB"
