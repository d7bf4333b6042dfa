"""A stand-in for the sounddevice module: devices as data, and streams whose callbacks the test calls."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import numpy as np

from greenroom.audio.devices import Device


class PortAudioError(Exception):
    pass


class Stream:
    def __init__(self, **options: Any) -> None:
        self.callback = options["callback"]
        self.options = options
        self.active = self.closed = self.aborted = False
        self.latency = 0.05

    @property
    def time(self) -> float:
        return time.monotonic() + 1000.0  # a clock of its own, as real ones have

    def start(self) -> None:
        self.active = True

    def abort(self, ignore_errors: bool = True) -> None:
        self.active, self.aborted = False, True

    def close(self, ignore_errors: bool = True) -> None:
        self.active, self.closed = False, True

    def capture(self, samples: np.ndarray, *, at: float | None = None, overflow: bool = False) -> None:
        """What a device does that has captured `samples`, the first of them at `at` (time.monotonic())."""
        at = time.monotonic() - len(samples) / self.options["samplerate"] if at is None else at
        when = SimpleNamespace(inputBufferAdcTime=at + 1000.0)
        self.callback(samples, len(samples), when, SimpleNamespace(input_overflow=overflow))

    def ask(self, frames: int, *, at: float, underflow: bool = False) -> np.ndarray:
        """What a device does that wants `frames` samples, to be heard at `at` (time.monotonic())."""
        out = np.full((frames, self.options["channels"]), 9.0, dtype=np.float32)
        when = SimpleNamespace(outputBufferDacTime=at + 1000.0)
        self.callback(out, frames, when, SimpleNamespace(output_underflow=underflow))
        return out


class FakePortAudio:
    """`refuse` says which (rate, channels) a device does not take; `streams` are those that were opened."""

    PortAudioError = PortAudioError

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self.apis = [{"name": "ALSA"}, {"name": "JACK"}]
        self.defaults = {"input": -1, "output": -1}
        self.refuse = lambda rate, channels: False
        self.streams: list[Stream] = []
        self.scans = 0

    def add(self, name: str, inputs: int, outputs: int, *, api: int = 0, rate: float = 48_000.0) -> None:
        self.entries.append(
            {
                "name": name,
                "hostapi": api,
                "max_input_channels": inputs,
                "max_output_channels": outputs,
                "default_samplerate": rate,
                "index": len(self.entries),
            }
        )

    def query_devices(self, device: int | None = None, kind: str | None = None) -> Any:
        if kind is None:
            return self.entries
        if self.defaults[kind] < 0:
            raise PortAudioError("Error querying device -1")
        return self.entries[self.defaults[kind]]

    def query_hostapis(self) -> list[dict[str, str]]:
        return self.apis

    def _terminate(self) -> None:
        self.scans += 1

    def _initialize(self) -> None:
        self.scans += 1

    def InputStream(self, **options: Any) -> Stream:  # noqa: N802
        if self.refuse(options["samplerate"], options["channels"]):
            raise PortAudioError("Error opening InputStream: Invalid sample rate [PaErrorCode -9997]", -9997)
        self.streams.append(Stream(**options))
        return self.streams[-1]

    OutputStream = InputStream


def device(rate: int = 16_000, inputs: int = 2, outputs: int = 2) -> Device:
    return Device(3, "Desk set", "ALSA", inputs, outputs, rate, True, True)
