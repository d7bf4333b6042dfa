"""Loading PortAudio without its noise, and its clock expressed in the program's own."""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING, Any

from greenroom.audio import native
from greenroom.errors import DeviceError
from greenroom.installing import install_line

if TYPE_CHECKING:
    from greenroom.audio.devices import Device

STARVED_SECONDS = 2.0
"""No callback for so long means that the device is gone; callbacks come every 0.1 to 0.4 s."""

FALLBACK_RATES_HZ = (48_000, 44_100, 16_000)
"""Tried in turn where a device refuses the rate that it gives as its own."""

_STARTS = 3
"""How often a stream is started that does not get going. PortAudio gives its thread one second to come up and
have its first buffer filled, which takes Python's lock: on two processors with two other programs at full
load that passed in one of ten interviews, with three in two of six."""

_TIMED_OUT = -9987
"""PortAudio's paTimedOut."""

_STDERR = 2
_loading = threading.Lock()
_loaded: ModuleType | None = None
_turned_away = False


def load() -> ModuleType:
    """The sounddevice module, with PortAudio initialised.

    Raises:
        DeviceError: the PortAudio library is not installed, or the sound system does not answer.
    """
    global _loaded
    if _loaded is not None:  # without the lock: a look for devices that hangs holds it
        return _loaded
    with _loading:
        if _loaded is None:
            _quieten_alsa()
            _turn_away_native_stderr()
            with _stderr_silenced():
                native.within(_import_sounddevice, native.LISTING_SECONDS)
            _loaded = sys.modules["sounddevice"]
            _leave_quietly(_loaded)
        return _loaded


def _import_sounddevice() -> None:
    try:
        import sounddevice  # noqa: F401
    except OSError as error:
        raise DeviceError(
            "the PortAudio library, which plays and records sound, is missing", _hint()
        ) from error


def _leave_quietly(sounddevice: ModuleType) -> None:
    """Ending the program never waits for a sound system that hangs; sounddevice's own way out would."""
    leave = getattr(sounddevice, "_exit_handler", None)
    if leave is not None:
        atexit.unregister(leave)
        atexit.register(lambda: None if native.is_stuck() else leave())


def _hint() -> str:
    if sys.platform.startswith("linux"):
        return "sudo apt-get install libportaudio2 (Debian, Ubuntu) or sudo dnf install portaudio (Fedora)"
    return install_line("sounddevice", again=True)


def initialise_again(sounddevice: ModuleType) -> None:
    """Make PortAudio look for devices afresh: it does so only when it starts. No stream may be open.

    Raises:
        DeviceError: the sound system does not answer, or is not there now; the next time it may be.
    """

    def again() -> None:
        with contextlib.suppress(sounddevice.PortAudioError):  # it did not start the last time
            sounddevice._terminate()
        try:
            sounddevice._initialize()
        except sounddevice.PortAudioError as error:
            raise no_sound_system(error) from error

    with _loading:
        if _turn_away_native_stderr():  # what moves on the screen meanwhile goes on
            native.within(again, native.LISTING_SECONDS)
            return
        with _stderr_silenced():
            native.within(again, native.LISTING_SECONDS)


@contextlib.contextmanager
def _stderr_silenced() -> Iterator[None]:
    """Send file descriptor 2 to nowhere: ALSA and JACK write to it directly about every card they miss."""
    try:
        saved = os.dup(_STDERR)
    except OSError:  # started without a stderr: nobody to spare the noise
        yield
        return
    sink = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(sink, _STDERR)
        yield
    finally:
        os.dup2(saved, _STDERR)
        os.close(saved)
        os.close(sink)


def _turn_away_native_stderr() -> bool:
    """Send what C libraries print to their stream `stderr` nowhere, for good; False where that cannot be.

    PortAudio prints there from its own threads whenever a device fails ("Expression … failed"). Python writes
    to the file descriptor and not through that stream, so nothing of ours is hidden. glibc's stream is a
    variable that may be set (its manual, "Standard Streams"); elsewhere it may not be one.
    """
    if not sys.platform.startswith("linux"):
        return False
    global _turned_away
    if _turned_away:
        return True
    try:
        libc = ctypes.CDLL(None)
        libc.gnu_get_libc_version  # noqa: B018 - glibc alone has it
        libc.fopen.restype = ctypes.c_void_p
        stream = ctypes.c_void_p.in_dll(libc, "stderr")
        nowhere = libc.fopen(os.devnull.encode(), b"w")
    except (AttributeError, OSError, ValueError):
        return False
    if not nowhere:
        return False
    stream.value = nowhere
    _turned_away = True
    return True


def _quieten_alsa() -> None:
    """Keep ALSA from writing onto the screen later on, where no redirection is in force ("underrun…").

    The handler is a C function that ignores its arguments: a Python one would need the interpreter's lock in
    the audio thread, and might be called when the interpreter is gone.
    """
    if not sys.platform.startswith("linux"):
        return
    with contextlib.suppress(OSError, AttributeError):
        harmless = ctypes.CDLL(None).getpid
        ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(ctypes.cast(harmless, ctypes.c_void_p))


def clock_offset(stream: Any) -> float:
    """What to add to a time of this stream to get time.monotonic() (s); the tightest of a few readings."""

    def read() -> float:
        readings = []
        for _ in range(5):
            before = time.monotonic()
            there = float(stream.time)
            after = time.monotonic()
            readings.append((after - before, (before + after) / 2 - there))
        return min(readings)[1]

    return native.within(read)


def begin_stream(
    make: Callable[[int, int], Any],
    device: Device,
    channels: int,
    called: str,
    ready: Callable[[Any, int], None],
) -> Any:
    """A running stream from make(rate, channels), at the first rate (Hz) that the device takes.

    Mono is tried too at each rate: not every device does all that it lists. A stream that does not get going
    in time is made once more.

    Args:
        called: what kind of device that is, for errors.
        ready: called with each stream and its rate before it starts, to begin from nothing.

    Raises:
        DeviceError: the device takes no rate, or does not play along; no stream is open then.
    """
    for left in reversed(range(_STARTS)):
        stream, rate = _open_stream(make, device, channels, called)
        try:
            ready(stream, rate)
            native.within(stream.start)
        except load().PortAudioError as error:
            close(stream)
            if not left or _TIMED_OUT not in error.args:
                raise DeviceError(
                    f"the {called} “{device.name}” cannot be used ({_reason(error)})",
                    "see `greenroom devices`",
                ) from error
        except BaseException:
            close(stream)
            raise
        else:
            return stream
    raise AssertionError("the last start either worked or raised")


def close(stream: Any) -> None:
    """Throw away what the stream holds and close it; returns soon even where the sound system hangs."""

    def gone() -> None:
        stream.abort(ignore_errors=True)
        stream.close(ignore_errors=True)

    native.let_go(gone)


def _open_stream(
    make: Callable[[int, int], Any], device: Device, channels: int, called: str
) -> tuple[Any, int]:
    sounddevice = load()
    problem: Exception | None = None
    for rate in dict.fromkeys((device.rate, *FALLBACK_RATES_HZ)):
        for count in dict.fromkeys((channels, 1)):
            try:
                stream = native.within(partial(make, rate, count), late=_close_late)
                return stream, rate
            except (sounddevice.PortAudioError, ValueError) as error:
                problem = problem or error
    raise DeviceError(
        f"the {called} “{device.name}” cannot be opened ({_reason(problem)})",
        "close other programs that use it, or choose another: see `greenroom devices`",
    ) from problem


def _close_late(stream: Any) -> None:
    stream.close(ignore_errors=True)


def is_active(stream: Any) -> bool:
    """Whether the stream still runs; a device that was pulled out ends it, or makes even asking an error."""
    try:
        return bool(stream.active)
    except load().PortAudioError:
        return False


def no_sound_system(error: Exception) -> DeviceError:
    """PortAudio's error where not one device can be asked for."""
    return DeviceError(
        f"the computer's sound system cannot be used ({_reason(error)})", "see `greenroom devices`"
    )


def lost(device: Device, called: str) -> DeviceError:
    return DeviceError(f"the {called} “{device.name}” was lost", "plug it in again, or choose another")


def _reason(error: Exception | None) -> str:
    """What PortAudio says of an error, without its prefix and its number."""
    text = str(error.args[0]) if error and error.args else str(error)
    return text.split("[PaErrorCode")[0].rpartition(": ")[2].strip()
