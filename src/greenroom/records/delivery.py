"""How an answer was spoken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .words import Span

PROFILES = ("usual", "second-language", "stutter")
"""Whose bands an answer is held against, and how patiently it is listened to."""

LONG_PAUSE_SECONDS = 1.0
"""A class of its own from here on (Campione & Veronis 2002); the same as in lexicons/bands.toml."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A silence (s); `inside_clause` is None where its place is not known.

    Attributes:
        length: its class, as named in bands.toml; "" where it was not classed.
    """

    start: float
    end: float
    inside_clause: bool | None = None
    length: str = ""


DOUBTFUL = 0.5
"""Confidence below which a filler is as likely none."""


@dataclass(frozen=True, slots=True)
class Filler:
    """A filled pause ("um"), or a filler word: one that says nothing where it stands ("like", "you know").

    Attributes:
        text: as it was said; "…" where it was heard and no word tells what it was.
        source: "transcript" (Whisper wrote it) or "audio" (heard, and written by nobody).
        confidence: 0 to 1.
        kind: "filled_pause" or "filler_word".
        first_word, last_word: its words in the transcript, both included; None where it is not among them.
    """

    text: str
    start: float | None
    end: float | None
    source: str = "transcript"
    confidence: float = 1.0
    kind: str = "filled_pause"
    first_word: int | None = None
    last_word: int | None = None


@dataclass(frozen=True, slots=True)
class Disfluency:
    """Speech that was taken back: a "repetition", a "restart" or a "cut_off" word (`kind`).

    words[first_word] to words[last_word], both included, are what one would leave out.
    """

    kind: str
    text: str
    start: float | None
    end: float | None
    first_word: int
    last_word: int


@dataclass(frozen=True, slots=True)
class PacePoint:
    """Speech rate (words per minute) in the window around `time` (s)."""

    time: float
    wpm: float


@dataclass(frozen=True, slots=True)
class PaceDeparture:
    """A stretch (s) that was spoken clearly faster or slower than is usual, and not for a moment only.

    `kind` is "fast" or "slow"; `wpm` its speech rate.
    """

    kind: str
    start: float
    end: float
    wpm: float


@dataclass(frozen=True, slots=True)
class Voice:
    """The voice itself; a measure is None where there was too little to take it from.

    Attributes:
        level_dbfs: of speech.
        snr_db: speech over the room.
        clipped: share of the speech (0 to 1) in which samples are at the limit.
        fade_db: how far the last words before a pause lie under the rest of their phrase, median.
        pitch_hz: median.
        pitch_range_semitones: from the 5th to the 95th percentile.
        pitch_sd_semitones: standard deviation about the median.
    """

    level_dbfs: float | None = None
    snr_db: float | None = None
    clipped: float | None = None
    fade_db: float | None = None
    pitch_hz: float | None = None
    pitch_range_semitones: float | None = None
    pitch_sd_semitones: float | None = None


@dataclass(frozen=True, slots=True)
class Prosody:
    """What the sound of an answer tells besides its words.

    Attributes:
        silences: (start, end) of each silence of 250 ms and more inside the speech (s), in order.
        start, end: of the speech (s): first and last sound of a word or a filler; 0.0 if nobody spoke.
        fillers: filled pauses, in order.
        before: for each of them the index of the word it comes before; the number of words for the end.
        unsure: stretches (s) in which filled pauses could not be told.
    """

    silences: tuple[tuple[float, float], ...] = ()
    start: float = 0.0
    end: float = 0.0
    fillers: tuple[Filler, ...] = ()
    before: tuple[int, ...] = ()
    unsure: tuple[tuple[float, float], ...] = ()
    voice: Voice | None = None


@dataclass(frozen=True, slots=True)
class Reliability:
    """How far a number can be believed: `level` is "good", "fair" or "poor"; `why` says it in words."""

    level: str
    why: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the answer was spoken. Rates, times and pauses are None or empty for a text.

    Attributes:
        words: number of words, filled pauses not counted.
        speech_rate_wpm: words by the time from the first word to the last.
        articulation_rate_wpm: words by that time without its silences of 250 ms and more.
        first_word_seconds: from the start of the recording to the first word.
        speaking_seconds: from the first word to the last, without silences of 250 ms and more.
        fillers: filled pauses and filler words, in order.
        fillers_per_minute: all of them, by `speaking_seconds`.
        filled_pauses_per_minute: only "um" and its like.
        disfluencies: repetitions, restarts and words cut off; none of them is a filler.
        pace: the speech rate in a rolling window.
        pace_departures: where it was fast or slow for long.
        longest_run_seconds: the longest stretch without a pause.
        silence_share: of the time from the first word to the last (0 to 1).
        bands: band names by measure, e.g. {"speech_rate": "good"}; only what could be measured.
        remarkable: those of them, as "speech_rate.fast", that lie clearly outside what listeners are used to;
            what they mind most comes first.
        reliability: how far to believe each measure, by its name.
        profile: whose bands they are, one of PROFILES.
    """

    words: int
    speech_rate_wpm: float | None = None
    articulation_rate_wpm: float | None = None
    first_word_seconds: float | None = None
    speaking_seconds: float | None = None
    pauses: tuple[Pause, ...] = ()
    fillers: tuple[Filler, ...] = ()
    fillers_per_minute: float | None = None
    hedges: tuple[Span, ...] = ()
    bands: Mapping[str, str] = field(default_factory=dict)
    filled_pauses_per_minute: float | None = None
    disfluencies: tuple[Disfluency, ...] = ()
    pace: tuple[PacePoint, ...] = ()
    pace_departures: tuple[PaceDeparture, ...] = ()
    longest_run_seconds: float | None = None
    silence_share: float | None = None
    voice: Voice | None = None
    reliability: Mapping[str, Reliability] = field(default_factory=dict)
    profile: str = "usual"
    remarkable: tuple[str, ...] = ()


def long_pauses(delivery: Delivery) -> tuple[Pause, ...]:
    """Its pauses of LONG_PAUSE_SECONDS and more."""
    return tuple(pause for pause in delivery.pauses if pause.end - pause.start >= LONG_PAUSE_SECONDS)


def spoken_seconds(delivery: Delivery) -> float | None:
    """From the first word to the last (s); None for a text."""
    rate = delivery.speech_rate_wpm
    return 60 * delivery.words / rate if rate else None
