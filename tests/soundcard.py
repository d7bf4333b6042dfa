"""A sound card made of software: a private PulseAudio, its loudspeaker and its microphone leading nowhere.

What a program plays to its default output can be recorded from the loudspeaker's monitor; what is played
into the microphone is heard by whatever records from the default input. PortAudio reaches it over ALSA's
pulse plugin, as on a desktop. Nothing of the machine's own sound set-up is read, used or changed.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 16_000
BLOCK_SAMPLES = 320
"""20 ms: short enough to tell when a sound begins, long enough to cost nothing."""

SOUND_RMS = 0.003
"""-50 dBFS. The card itself is digitally silent, so anything above is something that was played."""

LOUDSPEAKER = "spk"
MICROPHONE = "mic"
LATENCY_MS = 20
PLAYING_AHEAD_MS = 500
"""What a player hands over in advance, so that a busy machine leaves no holes. It delays nothing: the card
takes what it needs every 20 ms, the first time at once."""

PROGRAMS = ("pulseaudio", "pactl", "parec", "pacat")

# The system's own file comes first, because it is what defines the plugins; only the default device changes.
ALSA_CONFIG = """\
</usr/share/alsa/alsa.conf>
pcm.!default {
    type pulse
    hint { show on description "greenroom's virtual sound card" }
}
ctl.!default { type pulse }
"""

# A machine's own sound hardware, if it has any, becomes devices that cannot be opened, and so are not listed.
SILENT_CONFIG = """\
</usr/share/alsa/alsa.conf>
pcm.!hw { type absent }
pcm.!default { type absent }
"""

Samples = NDArray[np.float32]


@dataclass(frozen=True)
class Heard:
    """What came over one line: 16 kHz mono samples, the first of them at `started` (time.monotonic(), s)."""

    samples: Samples
    started: float

    @property
    def seconds(self) -> float:
        return len(self.samples) / RATE_HZ

    def between(self, start: float, end: float) -> Samples:
        """The samples from `start` to `end`, both times of time.monotonic()."""
        first, last = (max(0, round((when - self.started) * RATE_HZ)) for when in (start, end))
        return self.samples[first:last]

    def sounds(self, quiet: float = 0.3) -> tuple[tuple[float, float], ...]:
        """(start, end) of each stretch of sound, by time.monotonic(); gaps under `quiet` s do not count."""
        stretches: list[tuple[float, float]] = []
        for index in range(len(self.samples) // BLOCK_SAMPLES):
            block = self.samples[index * BLOCK_SAMPLES : (index + 1) * BLOCK_SAMPLES]
            if not is_sound(block):
                continue
            start = self.started + index * BLOCK_SAMPLES / RATE_HZ
            end = start + BLOCK_SAMPLES / RATE_HZ
            if stretches and start - stretches[-1][1] < quiet:
                start = stretches.pop()[0]
            stretches.append((start, end))
        return tuple(stretches)


def is_sound(block: Samples) -> bool:
    return bool(np.sqrt(np.mean(np.square(block))) > SOUND_RMS)


def read_sound(path: Path) -> Samples:
    """Any file that libsndfile reads, as 16 kHz mono."""
    import soundfile
    import soxr

    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return np.asarray(soxr.resample(samples.mean(axis=1), rate, RATE_HZ), dtype=np.float32)


def start_playing(
    sound: Path | Samples, env: Mapping[str, str], device: str = MICROPHONE
) -> subprocess.Popen[bytes]:
    """Plays at once; the process ends when the last sample has been played. End it to stop the sound."""
    samples = read_sound(sound) if isinstance(sound, Path) else sound
    with tempfile.TemporaryFile() as raw:  # a pipe would make the caller wait until half of it is played
        raw.write((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
        raw.seek(0)
        return subprocess.Popen(_stream("--playback", device, PLAYING_AHEAD_MS), stdin=raw, env=dict(env))


def blocks(env: Mapping[str, str], device: str = LOUDSPEAKER) -> Iterator[tuple[float, Samples]]:
    """What plays on `device`, as it plays: (arrival by time.monotonic(), 20 ms of samples), until closed."""
    command = _stream("--record", f"{device}.monitor")
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, env=dict(env)
    ) as process:
        assert process.stdout is not None
        try:
            while len(data := process.stdout.read(BLOCK_SAMPLES * 2)) == BLOCK_SAMPLES * 2:
                yield time.monotonic(), np.frombuffer(data, "<i2").astype(np.float32) / np.float32(32768)
        finally:
            process.terminate()


def _stream(direction: str, device: str, latency_ms: int = LATENCY_MS) -> list[str]:
    shape = ["--raw", "--format=s16le", f"--rate={RATE_HZ}", "--channels=1", f"--latency-msec={latency_ms}"]
    return ["pacat", direction, f"--device={device}", *shape]


def without_sound(folder: Path) -> dict[str, str]:
    """Environment variables with which a program finds no sound device; `folder` is for their files."""
    config = folder / "no-sound.conf"
    config.write_text(SILENT_CONFIG)
    nowhere = str(folder / "nowhere")
    return {
        "ALSA_CONFIG_PATH": str(config),
        "PULSE_SERVER": f"unix:{nowhere}",
        "PIPEWIRE_REMOTE": nowhere,
        "JACK_NO_START_SERVER": "1",
    }


class _Line:
    """Records one device in a thread."""

    def __init__(self, env: Mapping[str, str], device: str) -> None:
        self._blocks: list[Samples] = []
        self._started = float("inf")
        self._stop = threading.Event()
        self._running = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(env, device), daemon=True)
        self._thread.start()
        if not self._running.wait(10):
            raise RuntimeError(f"nothing comes from the virtual {device}")

    def _run(self, env: Mapping[str, str], device: str) -> None:
        samples = 0
        for arrival, block in blocks(env, device):
            self._blocks.append(block)
            samples += len(block)
            # The block that came with the least delay tells best when the first sample was played.
            self._started = min(self._started, arrival - samples / RATE_HZ)
            self._running.set()
            if self._stop.is_set():
                return

    def finish(self) -> Heard:
        time.sleep(2 * LATENCY_MS / 1000)  # what has just been played is still on its way
        self._stop.set()
        self._thread.join(5)
        return Heard(np.concatenate(self._blocks), self._started)


@dataclass
class Recording:
    """Filled when the `with` block ends: what the loudspeaker played, and what went into the microphone."""

    loudspeaker: Heard = field(init=False)
    microphone: Heard = field(init=False)


class SoundCard:
    """A running virtual sound card.

    Attributes:
        env: environment of a program that shall use it (the whole of it, not only the additions).
    """

    def __init__(self) -> None:
        missing = [program for program in PROGRAMS if not shutil.which(program)]
        if missing:
            raise RuntimeError(
                f"not installed: {', '.join(missing)}; scripts/test installs what the tests need"
            )
        self._home = Path(
            tempfile.mkdtemp(prefix="greenroom-")
        )  # short: a socket's path has 107 characters at most
        (self._home / "asound.conf").write_text(ALSA_CONFIG)
        socket = self._home / "socket"
        self.env = os.environ | {
            "PULSE_SERVER": f"unix:{socket}",
            "PULSE_COOKIE": str(self._home / "cookie"),
            "ALSA_CONFIG_PATH": str(self._home / "asound.conf"),
        }
        self._clocks: list[subprocess.Popen[bytes]] = []
        self._log = (self._home / "log").open("wb")
        self._server = self._start_server(socket)
        try:
            self._await_server()
        except BaseException:
            self.close()
            raise

    def _start_server(self, socket: Path) -> subprocess.Popen[bytes]:
        modules = (
            f"module-native-protocol-unix auth-anonymous=1 socket={socket}",
            f"module-null-sink sink_name={LOUDSPEAKER} rate=48000 channels=2",
            f"module-null-sink sink_name={MICROPHONE} rate=48000 channels=2",
            # PortAudio's ALSA sees no monitors: to be a microphone it has to be a source of its own.
            f"module-remap-source source_name=microphone master={MICROPHONE}.monitor",
        )
        options = (
            "-n --daemonize=no --exit-idle-time=-1 --disallow-exit --use-pid-file=no --log-target=stderr"
        )
        quiet = "--realtime=no --high-priority=no --disable-shm=yes"  # works in a container, as any user
        command = ["pulseaudio", *options.split(), *quiet.split()]
        for module in modules:
            command += ["-L", module]
        private = {"HOME": "", "XDG_RUNTIME_DIR": "", "PULSE_RUNTIME_PATH": "", "PULSE_STATE_PATH": ""}
        return subprocess.Popen(
            command,
            env=os.environ | dict.fromkeys(private, str(self._home)),
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
        )

    def _await_server(self) -> None:
        deadline = time.monotonic() + 10
        while not self._control("info", check=False):
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(
                    f"the virtual sound card did not start:\n{(self._home / 'log').read_text()}"
                )
            time.sleep(0.02)
        self._control("set-default-sink", LOUDSPEAKER)
        self._control("set-default-source", "microphone")
        for device in (LOUDSPEAKER, MICROPHONE):
            self._clocks.append(self._keep_running(device))
        self._await_streams()
        for device in (LOUDSPEAKER, MICROPHONE):  # ends the sleep that each began before its silence came
            self._control("suspend-sink", device, "1")
            self._control("suspend-sink", device, "0")

    def _keep_running(self, device: str) -> subprocess.Popen[bytes]:
        # A null sink that nobody plays to sleeps for up to 2 s, and its monitor with it. Real cards do not:
        # silence played without end makes both lines run in steps of a few milliseconds all the time.
        with Path("/dev/zero").open("rb") as silence:
            return subprocess.Popen(
                _stream("--playback", device), stdin=silence, stderr=subprocess.DEVNULL, env=self.env
            )

    def _await_streams(self) -> None:
        deadline = time.monotonic() + 10
        while len(self._list("sink-inputs")) < len(self._clocks):
            if time.monotonic() > deadline:
                raise RuntimeError("the virtual sound card takes no sound")
            time.sleep(0.02)

    def _list(self, kind: str) -> list[str]:
        command = ["pactl", "list", "short", kind]
        return subprocess.run(
            command, env=self.env, capture_output=True, check=True, text=True
        ).stdout.splitlines()

    def _control(self, *arguments: str, check: bool = True) -> bool:
        done = subprocess.run(
            ["pactl", *arguments], env=self.env, capture_output=True, check=check, timeout=10
        )
        return done.returncode == 0

    def say(self, sound: Path | Samples) -> None:
        """Plays a file, or 16 kHz mono samples, into the microphone; returns when it has been played."""
        process = start_playing(sound, self.env)
        if process.wait():
            raise RuntimeError("the virtual microphone took no sound")

    @contextmanager
    def record(self) -> Iterator[Recording]:
        """Records both lines while the `with` block runs."""
        recording = Recording()
        loudspeaker, microphone = _Line(self.env, LOUDSPEAKER), _Line(self.env, MICROPHONE)
        try:
            yield recording
        finally:
            recording.loudspeaker, recording.microphone = loudspeaker.finish(), microphone.finish()

    @contextmanager
    def record_loudspeaker(self) -> Iterator[Recording]:
        """The same of the loudspeaker alone, for when the microphone gives nothing."""
        recording = Recording()
        loudspeaker = _Line(self.env, LOUDSPEAKER)
        try:
            yield recording
        finally:
            recording.loudspeaker = loudspeaker.finish()

    def play_into_the_room(self, latency_ms: int = 60) -> None:
        """From now on the microphone hears the loudspeaker, as without headphones."""
        # Without adjust_time=0 it changes its speed by percents to keep the latency: no room does.
        loop = (f"source={LOUDSPEAKER}.monitor", f"sink={MICROPHONE}", f"latency_msec={latency_ms}")
        loop += ("adjust_time=0",)
        self._control("load-module", "module-loopback", *loop)

    def unplug(self) -> None:
        """The card vanishes while programs use it, as a USB headset does."""
        for process in (self._server, *self._clocks):
            process.kill()
            process.wait()
        self._clocks.clear()

    def plug_in(self) -> None:
        """The card that vanished is there again."""
        socket = self._home / "socket"
        socket.unlink(missing_ok=True)
        self._server = self._start_server(socket)
        self._await_server()

    def let_microphone_sleep(self) -> None:
        """The microphone stays there and gives nothing any more, as Bluetooth does; the loudspeaker plays."""
        self._control("suspend-sink", MICROPHONE, "1")

    def hang(self) -> None:
        """The sound server stops answering, and holds on to everything."""
        self._server.send_signal(signal.SIGSTOP)

    def recover(self) -> None:
        """A server that hung answers again."""
        self._server.send_signal(signal.SIGCONT)

    def close(self) -> None:
        self.unplug()
        self._log.close()
        shutil.rmtree(self._home, ignore_errors=True)
