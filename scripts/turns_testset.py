"""The test set of the benchmark of turn-taking: answers whose pauses and ends are known to 10 ms.

An answer is one speaker's recording, cut between words and put together again with thinking pauses of 0.3 to
3.5 s between, as many minutes of it as are wanted. It is deterministic: the same seed, the same answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from turns_sound import TICK_SAMPLES, TICKS_PER_SECOND, Mask, Samples, amplitude, faded, rms, room_tone, runs
from turns_sources import Source

LEAD_SECONDS = 1.0
TAIL_SECONDS = 15.0
"""Room tone behind the end: more than twice the longest patience and the window for re-opening."""

PAUSE_MEDIAN, PAUSE_SIGMA = 0.6, 1.14
"""Log-normal; the spread is fitted to the eot-bench points for a plain timeout (21.7 % of pauses over 0.6 s,
5 % over 1.6 s), the median is that of speakers who think: most of theirs lie between 0.3 and 1.2 s."""

SHORTEST_PAUSE, LONGEST_PAUSE = 0.3, 3.5
STRESS_PAUSE = (3.0, 3.5)
"""Of the stress variant, every answer has one at least."""

PHRASE_SECONDS = (1.5, 5.0)
"""Speech between two thinking pauses: at least, and on average beyond that, exponentially distributed."""

CLEAN_ROOM_DBFS = -65.0
LOUDEST_FLOOR_DBFS = -50.0
"""Inserted pauses carry on the recording's own silence, but nothing louder than this: clean is clean."""

SNRS_DB = (30, 20, 15, 10)
SHORTEST_ANSWER, LONGEST_ANSWER = 10.0, 300.0


@dataclass(frozen=True)
class Plan:
    """Which answer to make: its number, who speaks, and how long (s, from the first word to the last)."""

    number: int
    source: int
    seconds: float


@dataclass(frozen=True)
class Spoken:
    """An answer in its room.

    Attributes:
        samples: LEAD_SECONDS of room tone, the answer, TAIL_SECONDS of room tone.
        mask: which ticks of it are audible speech.
        inserted: (start, end) of the pauses that were put in or made longer (s).
        level: of the speech (RMS of the audible ticks).
        taken: ticks of the source that it is made of.
    """

    name: str
    samples: Samples
    mask: Mask
    inserted: tuple[tuple[float, float], ...]
    level: float
    taken: int

    @property
    def begin(self) -> float:
        """Where the first audible tick begins (s)."""
        return float(np.flatnonzero(self.mask)[0]) / TICKS_PER_SECOND

    @property
    def end(self) -> float:
        """The true end (s): that of the last audible tick."""
        return float(np.flatnonzero(self.mask)[-1] + 1) / TICKS_PER_SECOND

    def pauses(self, shortest: float = SHORTEST_PAUSE) -> list[tuple[float, float]]:
        """(start, end) of every silence inside the answer (s), put in or the speaker's own."""
        inner = [(a / TICKS_PER_SECOND, b / TICKS_PER_SECOND) for a, b in runs(~self.mask)]
        return [(a, b) for a, b in inner if a > 0 and b <= self.end and b - a >= shortest - 1e-9]


@dataclass(frozen=True)
class Condition:
    """What lies under an answer: nothing but the room, or `noise` at `snr_db` below the speech."""

    variant: str = "natural"
    noise: str | None = None
    snr_db: int | None = None

    @property
    def name(self) -> str:
        return "clean" if self.snr_db is None else f"{self.snr_db} dB"


def plans(sources: Sequence[Source], count: int, seed: int, longest: float = LONGEST_ANSWER) -> list[Plan]:
    """`count` answers, many short and few long, half of real speakers where there are any; the speakers in
    turn, and each with short and long answers."""
    rng = np.random.default_rng([seed, 1])
    steps = np.linspace(0, 1, count) ** 1.4
    lengths = rng.permutation(SHORTEST_ANSWER * (longest / SHORTEST_ANSWER) ** steps)
    groups = [[n for n, source in enumerate(sources) if source.real is real] for real in (True, False)]
    groups = [group for group in groups if group]
    return [Plan(n, _speaker(groups, n), float(length)) for n, length in enumerate(lengths)]


def _speaker(groups: list[list[int]], number: int) -> int:
    group = groups[number % len(groups)]
    return group[number // len(groups) % len(group)]


def spoken(plan: Plan, source: Source, seed: int, variant: str = "natural") -> Spoken:
    """The answer of a plan; "stress" is the same speech with one pause of STRESS_PAUSE in its second half."""
    # The phrases are cut alike in both variants: each kind of choice has a generator of its own.
    cuts, lengths, rooms = (np.random.default_rng([seed, plan.number, n]) for n in (2, 3, 4))
    room = min(source.floor_dbfs, LOUDEST_FLOOR_DBFS)
    track = _Track(room, rooms)
    track.silence(LEAD_SECONDS)
    stressed = variant != "stress"
    for piece, mask in _phrases(source, cuts):
        track.sound(piece, mask)
        spent = track.seconds - LEAD_SECONDS
        if spent >= plan.seconds and stressed:
            break
        pause = _pause(lengths)
        if not stressed and spent >= plan.seconds / 2:
            pause, stressed = (
                float(np.random.default_rng([seed, plan.number, 5]).uniform(*STRESS_PAUSE)),
                True,
            )
        track.pause(pause)
    return track.spoken(f"{plan.number:02d}-{source.name}")


def _pause(rng: np.random.Generator) -> float:
    while True:
        seconds = float(rng.lognormal(np.log(PAUSE_MEDIAN), PAUSE_SIGMA))
        if SHORTEST_PAUSE <= seconds <= LONGEST_PAUSE:
            return seconds


def _phrases(source: Source, rng: np.random.Generator) -> Iterator[tuple[Samples, Mask]]:
    """The recording in phrases, cut in the longest silence near each end; at its end it begins again."""
    first = 0
    while True:
        last = _cut(source, first, rng)
        yield source.samples[first * TICK_SAMPLES : last * TICK_SAMPLES], source.mask[first:last]
        first = last % len(source.mask)


def _cut(source: Source, first: int, rng: np.random.Generator) -> int:
    """The tick at which the phrase that begins at `first` ends."""
    shortest, mean = (round(seconds * TICKS_PER_SECOND) for seconds in PHRASE_SECONDS)
    wanted = first + shortest + round(rng.exponential(mean))
    earliest = max(first + shortest // 2, wanted - shortest)
    later = [(tick, length) for tick, length in source.places if tick >= earliest]
    near = [place for place in later if place[0] <= wanted + shortest] or later[:1]
    if not near or len(source.mask) - near[0][0] < shortest:
        return len(source.mask)
    return max(near, key=lambda place: place[1])[0]


def _silent(mask: Mask) -> float:
    """Silence (s) before the first audible tick."""
    heard = np.flatnonzero(mask)
    return (int(heard[0]) if len(heard) else len(mask)) / TICKS_PER_SECOND


class _Track:
    """An answer as it grows."""

    def __init__(self, room_dbfs: float, rng: np.random.Generator) -> None:
        self._room_dbfs, self._rng = room_dbfs, rng
        self._pieces: list[Samples] = []
        self._masks: list[Mask] = []
        self._inserted: list[int] = []
        self._pause = 0.0
        self._taken = 0

    @property
    def seconds(self) -> float:
        return sum(map(len, self._masks)) / TICKS_PER_SECOND

    def sound(self, samples: Samples, mask: Mask) -> None:
        if self._pause:
            self._fill(self._pause - _silent(self._masks[-1][::-1]) - _silent(mask))
        self._pause = 0.0
        self._taken += len(mask)
        self._pieces.append(faded(samples))
        self._masks.append(mask)

    def silence(self, seconds: float) -> None:
        ticks = round(seconds * TICKS_PER_SECOND)
        self._pieces.append(room_tone(ticks * TICK_SAMPLES, self._room_dbfs, self._rng))
        self._masks.append(np.zeros(ticks, dtype=bool))

    def pause(self, seconds: float) -> None:
        """A silence before the next sound; what is silent at either side of it counts."""
        self._pause = seconds

    def _fill(self, seconds: float) -> None:
        if seconds > 0:
            self._inserted.append(sum(map(len, self._masks)))
            self.silence(seconds)

    def spoken(self, name: str) -> Spoken:
        samples, mask = np.concatenate(self._pieces), np.concatenate(self._masks)
        end = int(np.flatnonzero(mask)[-1]) + 1
        inside = [tick for tick in self._inserted if tick < end]
        tail = room_tone(round(TAIL_SECONDS * TICKS_PER_SECOND) * TICK_SAMPLES, self._room_dbfs, self._rng)
        samples = np.concatenate([faded(samples[: end * TICK_SAMPLES]), tail])
        samples = samples + room_tone(len(samples), CLEAN_ROOM_DBFS, self._rng)
        mask = np.concatenate([mask[:end], np.zeros(len(tail) // TICK_SAMPLES, dtype=bool)])
        level = rms(samples.reshape(-1, TICK_SAMPLES)[mask].ravel())
        silent = runs(~mask)
        inserted = tuple(
            (a / TICKS_PER_SECOND, b / TICKS_PER_SECOND) for a, b in silent if any(a <= t < b for t in inside)
        )
        return Spoken(name, samples, mask, inserted, level, self._taken)


def conditions(noises: Sequence[str], number: int, *, every_noise: bool = False) -> list[Condition]:
    """What to lay under answer `number`: the room; at each level one of the noises, in turn, or every one;
    and the stress variant, clean and at 15 dB."""
    found = [Condition(), Condition("stress")]
    for step, snr in enumerate(SNRS_DB):
        turn = noises[(number + step) % len(noises)]
        found += [Condition("natural", noise, snr) for noise in (noises if every_noise else [turn])]
    return [*found, Condition("stress", noises[(number + 2) % len(noises)], 15)]


def mixed(answer: Spoken, condition: Condition, noises: Mapping[str, Samples], seed: int) -> Samples:
    """The answer with the noise of the condition under the whole recording, looped from a random place."""
    if condition.noise is None or condition.snr_db is None:
        return np.clip(answer.samples, -1, 1)
    noise = noises[condition.noise]
    rng = np.random.default_rng([seed, len(answer.samples), condition.snr_db])
    looped = np.resize(np.roll(noise, int(rng.integers(len(noise)))), len(answer.samples))
    gain = answer.level / rms(looped) * float(amplitude(-condition.snr_db))
    return np.clip(answer.samples + looped * np.float32(gain), -1, 1)
