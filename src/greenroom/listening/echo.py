"""Echo: is what the microphone hears our own voice coming back from the loudspeaker?

While greenroom speaks, the person may speak on and so re-open the answer. Over headphones the microphone
hears only them; over loudspeakers it hears us too, and that must not count as them. Two steps decide:

1. Is there an echo at all, and how late? Microphone and played sound are flattened in time and frequency
   (phase transform: Knapp & Carter 1976) and correlated over every lag that is possible. An echo stands out
   within 0.2 s of sound; two different voices never correlate like this. Until it has been found, and when it
   is found no more, nothing is explained: a person with headphones is heard from the first syllable.
2. With the lag known, the power of the echo is predicted for each band of frequencies, with a gain learnt
   from the last second and a tail for the room's reverberation. Sound much of which exceeds the prediction
   holds something else: the person.

A linear echo canceller would leave the person's words clean, but needs about a second of speech to converge,
and we have two in all; all we need is a yes or no.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from greenroom.listening.spectra import (
    HOP,
    TINY,
    WHITE_HOP,
    WHITE_RATE_HZ,
    Floats,
    flattened,
    laid_over,
    spectra_of,
)
from greenroom.records import FRAME_SAMPLES, SAMPLE_RATE_HZ

EARLIEST_LAG = -0.35
LATEST_LAG = 0.95
"""Where an echo may lie (s) beside the time we were told: +-0.3 s of error, up to 0.3 s more for Bluetooth
and 0.3 s through the room, and a little to spare."""

SEARCH_FRAMES = 20
"""Frames that are correlated: 0.6 s."""

FOUND = 0.27
"""Significance (_Played.significance) from which an echo is found. Of 5400 looks at the speech of people with
headphones the highest had 0.20; echoes reached 0.27 within 0.09 s of their arrival (median; 95 %: 0.21 s)."""

SAME_LAG = 0.03
"""Lags nearer than this (s) are reflections of one echo."""

EXPECTED_LAG = 0.1
"""The echo of the next clip comes as late as that of the last, but for how well we know when it began (s)."""

KEPT = 0.6 * FOUND
"""A known echo is confirmed by this much at its lag: at one place less happens by chance than at 10 000."""

LOST_FRAMES = 25
"""Sounding frames without confirmation after which a known echo is known no more: 0.75 s."""

_SEARCH_EVERY = 2
_CONFIRM_EVERY = 5
"""Frames between two searches (each about 1 ms), before an echo has been found and after."""

_FFT = 16_384
"""Power of two that holds the window and all lags, at 8 kHz: (0.6 + 1.3) s * 8000 = 15 200."""

_EDGES_HZ = (
    170,
    300,
    430,
    560,
    700,
    860,
    1030,
    1220,
    1430,
    1670,
    1940,
    2250,
    2600,
    3000,
    3500,
    4100,
    4900,
    6000,
)
"""Bands of about one critical band each (Bark scale, Zwicker 1961)."""

_TAIL_SECONDS = 0.5
"""Reverberation time (to -60 dB) of the predicted tail: rooms at home have 0.3 to 0.6 s."""
_TAIL_SHARE = 1.0
"""Energy of the tail beside the direct sound's: a loudspeaker a metre away, at the critical distance."""

_GAIN_HOPS = 80
"""The gain is learnt from the last 1.2 s."""
_GAIN_QUANTILE = 0.4
"""Below the median, as the person's speech can only add to the echo."""
_GAIN_PRIOR = 8
"""Hops that a band must have given for its own gain to count as much as that of all bands together."""

MARGIN = 10 ** (6 / 10)
"""Power over the prediction that is still the echo: reverberation makes each band waver by some 5 dB."""
_NOISE_MARGIN = 4.0

DECISION_FRAMES = 5
"""A decision is made over 150 ms, as one frame wavers too much."""
UNEXPLAINED = 0.2
"""Share of the sound (as square roots) above the prediction from which there is somebody else. Over 24 echoes
without and 24 with a person as loud: from 0.15 no echo re-opened, and 0.15, 0.2, 0.3 noticed the person after
0.43, 0.48, 0.63 s (median)."""

_ROOM_FRAMES = 70
"""What is kept of the room until something is played: all that the noise floor is taken from, and half a
second in which its smoothing settles."""

_FLOOR_HOPS = 100
_FLOOR_BIAS = 2.0

_STOP_SECONDS = 0.1
"""A loudspeaker is silent at most this long after it was told to be."""


class EchoGate:
    """Tells our own voice from the person's, over loudspeakers and headphones alike.

    Push every frame of the microphone in order through `explains`, voiced or not, and also those before we
    speak: from them it learns the noise of the room.
    """

    def __init__(self) -> None:
        self._ear = _Ear()
        self._kept: deque[tuple[Floats, float]] = deque(maxlen=_ROOM_FRAMES)
        self._next: float | None = None
        self._samples: Floats = np.zeros(0, dtype=np.float32)
        self._started = 0.0
        self._played: _Played | None = None
        self._expected: float | None = None
        self._lag: float | None = None
        self._forget()

    def _forget(self) -> None:
        self._expected = self._expected if self._lag is None else self._lag
        self._lag = None
        self._unconfirmed = 0
        self._until_search = 0
        self._gain: Floats | None = None

    def playing(self, samples: Floats, started: float) -> None:
        """`samples` (16 kHz, mono) are heard from `started` on (s, the recording's time, known to +-0.3 s).

        Takes about 3 ms for each second of them. What was played before is forgotten, but not how late its
        echo came: that of the next is looked for there first.
        """
        self._samples, self._started = samples, started
        self._played = _Played.of(samples)
        while self._kept:
            self._hear(*self._kept.popleft())
        self._forget()

    def stopped(self, at: float) -> None:
        """We fell silent at `at` (s, by the clock of `started`); the echo until then is still explained."""
        heard = max(0, round((at - self._started + _STOP_SECONDS) * SAMPLE_RATE_HZ))
        if self._played is not None and heard < len(self._samples):
            self._samples = self._samples[:heard]
            self._played = _Played.of(self._samples)

    def explains(self, frame: Floats, at: float) -> bool:
        """Whether the frame (FRAME_SAMPLES,) that begins at `at` (s) holds our own voice and no other.

        Frames that were left out since the last one count as silence.
        """
        if self._played is None:
            self._kept.append((frame, at))  # to be listened to once there is something to look for
            return False
        now = self._hear(frame, at) - self._started
        self._follow(self._played, now)
        return self._lag is not None and self._accounts(self._played, now - self._lag)

    def _hear(self, frame: Floats, at: float) -> float:
        """Take in a frame; where it ends (s)."""
        missed = 0 if self._next is None else round((at - self._next) * SAMPLE_RATE_HZ / FRAME_SAMPLES)
        for _ in range(min(missed, SEARCH_FRAMES)):
            self._ear.hear(np.zeros(FRAME_SAMPLES, dtype=np.float32))
        self._ear.hear(frame)
        self._next = at + FRAME_SAMPLES / SAMPLE_RATE_HZ
        return self._next

    def _follow(self, played: _Played, now: float) -> None:
        """Look for an echo, or look whether the known one is still there; `now` is s since we started."""
        self._unconfirmed += self._ear.sounding
        self._until_search -= 1
        if self._unconfirmed > LOST_FRAMES:
            self._lag = None
        if self._until_search > 0 or not self._ear.sounding:
            return
        significance, first = played.significance(self._ear.white, now)
        best = int(np.argmax(significance))
        if significance[best] > FOUND:
            self._confirm(first - best / WHITE_RATE_HZ)
        elif self._lag is not None and significance[_near(first - self._lag)].max(initial=0.0) > KEPT:
            self._confirm(self._lag)
        elif self._lag is None and self._expected is not None:
            near = _near(first - self._expected, EXPECTED_LAG)
            if significance[near].max(initial=0.0) > KEPT:
                self._confirm(first - (near.start + int(np.argmax(significance[near]))) / WHITE_RATE_HZ)
        self._until_search = _SEARCH_EVERY if self._lag is None else _CONFIRM_EVERY

    def _confirm(self, lag: float) -> None:
        if self._lag is None or abs(lag - self._lag) > SAME_LAG:
            self._gain = None
            self._lag = lag
        self._unconfirmed = 0

    def _accounts(self, played: _Played, position: float) -> bool:
        """Whether what was played until `position` (s) accounts for what has been heard until now."""
        expected = played.expected(position, len(self._ear.power))
        heard, floor = self._ear.power, self._ear.floor_power * _NOISE_MARGIN
        self._gain = _gain(heard, expected, floor, self._gain)
        if self._gain is None:
            return True
        last = slice(-2 * DECISION_FRAMES, None)
        sound = np.maximum(heard[last] - floor, 0.0)
        excess = np.maximum(sound - MARGIN * self._gain * expected[last], 0.0)
        # Square roots, so that one loud vowel of ours does not outweigh a whole word of theirs.
        return bool(np.sqrt(excess).sum() < UNEXPLAINED * np.sqrt(sound).sum() + TINY)


class _Ear:
    """What the microphone heard lately.

    Attributes:
        white: the last SEARCH_FRAMES, flattened, 8 kHz.
        power: shape (_GAIN_HOPS, bands), the newest last.
        floor_power: power of the room's noise, shape (bands,).
        sounding: whether the last frame stands out of the noise.
    """

    def __init__(self) -> None:
        self.white: Floats = np.zeros(SEARCH_FRAMES * 2 * WHITE_HOP, dtype=np.float32)
        self.power: Floats = np.zeros((_GAIN_HOPS, len(_EDGES_HZ) - 1), dtype=np.float32)
        self.floor_power: Floats = np.zeros(len(_EDGES_HZ) - 1, dtype=np.float32)
        self.sounding = False
        self._last_hop: Floats = np.zeros(HOP, dtype=np.float32)
        self._overlap: Floats = np.zeros(WHITE_HOP, dtype=np.float32)
        self._smoothed: Floats = np.zeros(HOP + 1, dtype=np.float32)
        self._quietest: Floats = np.full((_FLOOR_HOPS, HOP + 1), np.inf, dtype=np.float32)

    def hear(self, frame: Floats) -> None:
        spectra = spectra_of(np.concatenate([self._last_hop, frame]))
        self._last_hop = frame[HOP:]
        power = np.square(np.abs(spectra))
        floor = self._floor(power)
        bands = power @ _BANDS
        self.floor_power = floor @ _BANDS
        self.sounding = bool(bands.sum() > 2 * _NOISE_MARGIN * self.floor_power.sum() + TINY)
        self.power = np.concatenate([self.power[2:], bands])
        white, self._overlap = laid_over(flattened(spectra, floor * _NOISE_MARGIN), self._overlap)
        self.white = np.concatenate([self.white[len(white) :], white])

    def _floor(self, power: Floats) -> Floats:
        """The power of the room's noise, shape (bins,): the least of a second and a half (Martin 2001)."""
        for spectrum in power:
            if spectrum.any():  # frames that were left out tell nothing
                self._smoothed = 0.7 * self._smoothed + 0.3 * spectrum if self._smoothed.any() else spectrum
                self._quietest = np.concatenate([self._quietest[1:], self._smoothed[None]])
        least = self._quietest.min(axis=0)
        return np.where(np.isfinite(least), least, 0.0).astype(np.float32) * _FLOOR_BIAS


@dataclass(frozen=True, slots=True)
class _Played:
    """What the loudspeaker plays, made ready.

    Attributes:
        white: flattened, 8 kHz.
        power: of an echo with gain 1 and the reverberation's tail; shape (hops, bands).
    """

    white: Floats
    power: Floats

    @classmethod
    def of(cls, samples: Floats) -> _Played:
        """Of sound at 16 kHz."""
        tail = round(_TAIL_SECONDS * SAMPLE_RATE_HZ)
        padding = tail - (len(samples) + tail) % HOP + HOP
        hush = np.zeros(HOP, dtype=np.float32)
        spectra = spectra_of(np.concatenate([hush, samples, np.zeros(padding, dtype=np.float32)]))
        power = np.square(np.abs(spectra))
        loudest = power.max(axis=0, initial=TINY)
        white, _ = laid_over(flattened(spectra, loudest * 1e-5), np.zeros(WHITE_HOP, dtype=np.float32))
        return cls(white, _with_tail(power @ _BANDS))

    def significance(self, heard: Floats, now: float) -> tuple[Floats, float]:
        """How surely the sound `heard` until `now` (s since the start) is an echo, for each lag.

        Returns the significance for lags from the latest to the earliest, in steps of one sample at 8 kHz,
        and the first of these lags (s). It is the normalised correlation, which for 1000 independent samples
        has a standard deviation of 0.03, times the square root of the thousands of samples there really are.
        """
        # What is heard has one hop of delay in laid_over, and so does what is played.
        begins = round((now - LATEST_LAG) * WHITE_RATE_HZ) - len(heard)
        lags = round((LATEST_LAG - EARLIEST_LAG) * WHITE_RATE_HZ)
        segment = _cut(self.white, begins, len(heard) + lags)
        product = np.fft.rfft(segment, _FFT) * np.conj(np.fft.rfft(heard, _FFT))
        correlation = np.abs(np.fft.irfft(product, _FFT)[: lags + 1])
        energy = np.concatenate([[0.0], np.cumsum(np.square(segment))])
        beside = energy[len(heard) :] - energy[: lags + 1]
        norm = np.sqrt((beside + 0.02 * beside.max() + TINY) * (heard @ heard + TINY))
        first = now - (begins + len(heard)) / WHITE_RATE_HZ
        return (correlation / norm * np.sqrt(_busy_samples(heard) / 1000)).astype(np.float32), first

    def expected(self, position: float, hops: int) -> Floats:
        """Power of an echo with gain 1 in the `hops` before `position` (s); the larger of two neighbours."""
        end = position * SAMPLE_RATE_HZ / HOP
        lower, upper = (_cut(self.power, int(edge) - hops, hops) for edge in (np.floor(end), np.ceil(end)))
        return np.maximum(lower, upper)


def _with_tail(power: Floats) -> Floats:
    """Power (hops, bands) as a room with gain 1 gives it back: the sound itself and its decaying tail."""
    keeps = 10 ** (-6 * HOP / SAMPLE_RATE_HZ / _TAIL_SECONDS)
    tail, tails = np.zeros_like(power[0]), np.zeros_like(power)
    for hop, now in enumerate(power):
        tails[hop] = tail
        tail = keeps * tail + (1 - keeps) * now
    return power + _TAIL_SHARE * tails


def _gain(heard: Floats, expected: Floats, floor: Floats, known: Floats | None) -> Floats | None:
    """Power gain of the echo for each band; what was `known` where there is nothing to learn from."""
    clear = (heard > floor) & (expected > 1e-2 * expected.max() + TINY)
    if clear.sum() < _GAIN_PRIOR:
        return known
    ratios = np.where(clear, np.log(heard + TINY) - np.log(expected + TINY), np.inf)
    overall = np.quantile(ratios[clear], _GAIN_QUANTILE)
    counts = clear.sum(axis=0)
    places = (_GAIN_QUANTILE * counts).astype(int)
    own = np.sort(ratios, axis=0)[places, np.arange(len(counts))]
    own = np.where(counts > 0, own, overall)
    gain: Floats = np.exp((counts * own + _GAIN_PRIOR * overall) / (counts + _GAIN_PRIOR)).astype(np.float32)
    return gain


def _busy_samples(sound: Floats) -> float:
    """How many samples carry the energy: all if it is spread evenly, few if it lies in one burst."""
    energy = np.square(sound).reshape(-1, WHITE_HOP).sum(axis=1)
    return float(energy.sum() ** 2 / (np.square(energy).sum() + TINY)) * WHITE_HOP


def _near(seconds: float, around: float = SAME_LAG) -> slice:
    """The lags around one: `seconds` before the latest."""
    middle = round(seconds * WHITE_RATE_HZ)
    width = round(around * WHITE_RATE_HZ)
    return slice(max(0, middle - width), max(0, middle + width))


def _cut(rows: Floats, start: int, count: int) -> Floats:
    """`count` rows from `start` on, zeros where there are none."""
    cut = np.zeros((count, *rows.shape[1:]), dtype=np.float32)
    first, last = max(start, 0), min(start + count, len(rows))
    if first < last:
        cut[first - start : last - start] = rows[first:last]
    return cut


def _bands() -> Floats:
    """The bins that belong to each band, shape (bins, bands)."""
    hz = np.fft.rfftfreq(2 * HOP, 1 / SAMPLE_RATE_HZ)
    edges = np.array(_EDGES_HZ)
    return ((hz[:, None] >= edges[:-1]) & (hz[:, None] < edges[1:])).astype(np.float32)


_BANDS = _bands()
