"""The bands that measures of delivery fall into, as bands.toml and profiles.toml in lexicons/ have them."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

import msgspec

from .lexicon import read_toml


class Band(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Values under `below` and not under that of the band before it."""

    name: str
    below: float = math.inf


class Measure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where its edges come from, what it measures in words, and the bands that a lower bound cannot claim."""

    source: str
    measure: str
    bands: tuple[Band, ...]
    not_as_lower_bound: tuple[str, ...] = ()


class Least(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Below so many words or seconds there is no band, below so many events no remark on their rate."""

    words: int
    seconds: float
    events: int


class Weights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a filler weighs in its band, by kind; `words` for single ones."""

    filled_pause: float
    filler_word: float
    words: Mapping[str, float]


class PauseSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Seconds; `inside_weight` is how often a long pause inside a clause counts."""

    least: float
    long: float
    inside_weight: int
    classes: tuple[Band, ...]


class PaceSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Seconds of the rolling window, of its step, and of what counts as lasting."""

    window: float
    step: float
    sustained: float


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From where on a number is believed well, and fairly."""

    words_good: int
    seconds_good: float
    snr_good: float
    snr_fair: float
    probability_good: float
    probability_fair: float
    unsure_good: float
    unsure_fair: float


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the bands of one profile differ from the usual ones."""

    source: str
    inside_weight: int | None = None
    not_judged: frozenset[str] = frozenset()
    bands: Mapping[str, tuple[Band, ...]] = {}


class Bands(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of bands.toml, as one profile has it."""

    remarks: tuple[str, ...]
    least: Least
    measures: Mapping[str, Measure]
    filler_weights: Weights
    pauses: PauseSettings
    pace: PaceSettings
    reliability: Limits
    not_judged: frozenset[str] = frozenset()

    def name(self, measure: str, value: float) -> str:
        """The band of a value, whether or not the profile judges it."""
        return band_of(self.measures[measure].bands, value)

    def named(self, values: Mapping[str, float | None], lower_bounds: Collection[str] = ()) -> dict[str, str]:
        """The band of each measure that has a value and is judged.

        Left out where the value is a lower bound (of `lower_bounds`) and the band would praise it.
        """
        names = {
            measure: self.name(measure, value)
            for measure, value in values.items()
            if value is not None and measure not in self.not_judged
        }
        return {m: name for m, name in names.items() if m not in lower_bounds or not self._praises(m, name)}

    def remarkable(
        self, named: Mapping[str, str], events: Mapping[str, int] | None = None
    ) -> tuple[str, ...]:
        """Which of these bands are worth a remark, as "measure.band", what listeners mind most first.

        `events`: of how many each rate is made; a rate of too few is not remarkable.
        """
        enough = [m for m in named if events is None or events.get(m, self.least.events) >= self.least.events]
        keys = {f"{measure}.{named[measure]}" for measure in enough}
        return tuple(key for key in self.remarks if key in keys)

    def _praises(self, measure: str, name: str) -> bool:
        return name in self.measures[measure].not_as_lower_bound


def band_of(bands: Collection[Band], value: float) -> str:
    return next(band.name for band in bands if value < band.below)


@cache
def load_bands(profile: str = "usual") -> Bands:
    """The bands of a profile, one of records.PROFILES. KeyError for another."""
    data = read_toml("lexicons", "bands.toml")
    its = load_profile(profile)
    for measure, bands in its.bands.items():
        data["measures"][measure]["bands"] = bands
    if its.inside_weight is not None:
        data["pauses"]["inside_weight"] = its.inside_weight
    return _converted({**data, "not_judged": its.not_judged}, profile)


def load_profile(name: str) -> Profile:
    """How one profile differs from the usual bands. KeyError for a name that is none."""
    return msgspec.convert(read_toml("lexicons", "profiles.toml")[name], Profile)


def _converted(data: dict[str, Any], profile: str) -> Bands:
    bands = msgspec.convert(msgspec.to_builtins(data), Bands)
    unknown = bands.not_judged - set(bands.measures)
    if unknown:
        raise ValueError(f"profiles.toml: {profile}: unknown measure {sorted(unknown)[0]}")
    return bands
