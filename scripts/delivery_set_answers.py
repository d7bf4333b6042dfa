"""An answer of the made delivery set: its sound, put together piece by piece, and what is true of it.

Every phrase is said by a voice and cut where its sound begins and ends; pauses, filled pauses that stand
alone and sounds that are no speech are put between. So the pauses between pieces, and everything at the edge
of a piece, are known to the 5 ms in which edges are looked for; words inside a phrase are as exact as the
voice is (delivery_set_voices).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from delivery_set_phrases import STEP, Phrase, Said, Word, opened, sounding
from delivery_set_real import matched
from delivery_set_sounds import IN_PAUSES
from turns_sound import SPEECH_LEVEL_DBFS, Samples, amplitude, faded, rms, room_tone
from turns_testset import CLEAN_ROOM_DBFS

from greenroom.records import SAMPLE_RATE_HZ

FILLERS = frozenset({"um", "uh", "er", "hmm"})

PAUSE_MEDIAN, PAUSE_SIGMA = 0.55, 0.7
SHORTEST_PAUSE, LONGEST_PAUSE = 0.25, 3.0
"""Seconds; log-normal like the thinking pauses of the benchmark of turns, but without its long ones."""

CLOSE = (0.06, 0.12)
"""Seconds between a filler that stands alone and what follows it without a pause."""

EDGE = 0.03
"""Seconds of a phrase's own silence that stay at either end of it, faded; they count to the pause."""

LEAD, TAIL = (0.5, 1.2), (0.6, 1.0)
CARRIER = ("and", "we", "were,", "{filler},", "talking")
"""Rendered alone, a filler rises and falls like a word: it is cut out of the middle of a sentence, as in
make_demo_candidate."""

FILLER_SECONDS = {"um": 0.38, "uh": 0.3, "er": 0.33, "hmm": 0.45}
FILLER_SIGMA, SHORTEST_FILLER, LONGEST_FILLER = 0.3, 0.18, 1.2
"""Median and spread (log-normal) of what is drawn (s). Those of ../shared/audio with word times last 0.27 to
0.65 s, and "um" is longer than "uh" (Clark and Fox Tree 2002); voices left alone say them in 0.1 s."""

MOST_HELD = 8.0
SPEED_SPREAD, LEVEL_SPREAD_DB = 0.05, 1.0

_MARKS = re.compile(
    r"\{(?P<flow>\w+)(?::(?P<longer>[\d.]+))?\}(?P<mark>[,.]?)|<(?P<alone>\w+)>|\|(?P<pause>[\d.]*)"
    r"|\[(?P<sound>\w+)\]|(?P<word>[^\s{}<>|\[\]]+)"
)


@dataclass(frozen=True)
class Piece:
    """A part of an answer as it is written: `words` of a phrase, or one of the others."""

    words: tuple[Word, ...] = ()
    filler: str = ""
    pause: float | None = None
    sound: str = ""


@dataclass(frozen=True)
class Answer:
    """Sound at 16 kHz without a room, and its truth.

    Attributes:
        words: all that was said in order, filled pauses among them (s).
        sounds: what is no speech, by name.
        held: words of which a vowel was held and that are no fillers.
    """

    samples: Samples
    words: tuple[Said, ...]
    sounds: tuple[Said, ...] = ()
    held: tuple[Said, ...] = ()

    @property
    def seconds(self) -> float:
        return len(self.samples) / SAMPLE_RATE_HZ


def pieces(text: str, rng: np.random.Generator) -> Iterator[Piece]:
    """The text of delivery_set.toml taken apart; what it leaves open is drawn."""
    words: list[Word] = []
    for mark in _MARKS.finditer(text):
        if mark["word"]:
            word, _, held = mark["word"].partition("~")
            digits = re.match(r"[\d.]*\d", held)
            factor = float(digits[0]) if digits else 1.0
            words.append(Word(word + held[len(digits[0]) if digits else 0 :], factor))
            continue
        if mark["flow"]:
            words.append(_filled(mark["flow"], mark["mark"], float(mark["longer"] or 1), rng))
            continue
        if words:
            yield Piece(words=tuple(words))
            words = []
        if mark["alone"]:
            yield Piece(filler=mark["alone"])
        elif mark["sound"]:
            yield Piece(sound=mark["sound"])
        else:
            yield Piece(pause=float(mark["pause"]) if mark["pause"] else _pause(rng))
    if words:
        yield Piece(words=tuple(words))


def _filled(text: str, mark: str, longer: float, rng: np.random.Generator) -> Word:
    """A filled pause and how long it is to last; in tenths, so that a voice has less to say anew."""
    seconds = FILLER_SECONDS[text] * longer**0.5 * rng.lognormal(0, FILLER_SIGMA)
    return Word(
        text + mark, whole=True, seconds=round(float(np.clip(seconds, SHORTEST_FILLER, LONGEST_FILLER)), 1)
    )


def _pause(rng: np.random.Generator) -> float:
    while True:
        seconds = float(rng.lognormal(np.log(PAUSE_MEDIAN), PAUSE_SIGMA))
        if SHORTEST_PAUSE <= seconds <= LONGEST_PAUSE:
            return round(seconds, 2)


def seeded(*names: object) -> np.random.Generator:
    """The same for the same names, everywhere."""
    data = hashlib.sha256(repr(names).encode()).digest()
    return np.random.default_rng(int.from_bytes(data[:8], "big"))


@dataclass
class _Track:
    parts: list[Samples] = field(default_factory=list)
    words: list[Said] = field(default_factory=list)
    sounds: list[Said] = field(default_factory=list)
    held: list[Said] = field(default_factory=list)
    count: int = 0
    pad: float = 0.0

    def silence(self, seconds: float) -> None:
        self._add(np.zeros(max(0, round(seconds * SAMPLE_RATE_HZ)), np.float32))

    def phrase(self, phrase: Phrase, after: float, held: Sequence[float] = ()) -> None:
        """The phrase, so that it begins to sound `after` seconds behind what sounded last."""
        first, last = phrase.words[0].start, phrase.words[-1].end
        pad = min(EDGE, first, after / 2)
        self.silence(after - self.pad - pad)
        begin = self.count / SAMPLE_RATE_HZ + pad - first
        tail = min(EDGE, len(phrase.samples) / SAMPLE_RATE_HZ - last)
        cut = phrase.samples[_index(first - pad) : _index(last + tail)]
        self._add(faded(cut, 1.0))
        self.pad = tail
        placed = [replace(w, start=w.start + begin, end=w.end + begin) for w in phrase.words]
        self.words += placed
        self.held += [w for w, factor in zip(placed, held, strict=False) if factor > 1]

    def sound(self, name: str, samples: Samples) -> None:
        start = self.count / SAMPLE_RATE_HZ
        self._add(samples)
        self.sounds.append(Said(name, start, self.count / SAMPLE_RATE_HZ))

    def _add(self, samples: Samples) -> None:
        self.parts.append(samples)
        self.count += len(samples)


def _index(seconds: float) -> int:
    return max(0, round(seconds * SAMPLE_RATE_HZ))


Say = Callable[[Sequence[Word], float], Phrase]
"""A voice that says words at a speed: directly, or from what it said before."""

Real = Mapping[str, Sequence[Samples]]
"""Filled pauses of people, by what they are, at SPEECH_LEVEL_DBFS."""


def answer(
    text: str, say: Say, rng: np.random.Generator, speed: float = 1.0, real: Real | None = None
) -> Answer:
    """`text` said by a voice; of `real`, half of the filled pauses that stand alone are taken."""
    track, pause = _Track(), rng.uniform(*LEAD)
    for piece in pieces(text, rng):
        if piece.pause is not None:
            pause += piece.pause
            continue
        if piece.sound:
            track.silence(pause - track.pad)
            track.pad = 0.0
            track.sound(piece.sound, IN_PAUSES[piece.sound](rng))
        elif piece.filler:
            track.phrase(_alone(piece.filler, say, rng, real or {}), pause or rng.uniform(*CLOSE))
        else:
            held = [1.0 if word.whole else word.held for word in piece.words]
            track.phrase(_phrase(piece.words, say, speed, rng), pause or rng.uniform(*CLOSE), held)
        pause = 0.0
    track.silence(rng.uniform(*TAIL))
    return Answer(np.concatenate(track.parts), tuple(track.words), tuple(track.sounds), tuple(track.held))


def _phrase(words: tuple[Word, ...], say: Say, speed: float, rng: np.random.Generator) -> Phrase:
    # A voice lets a text without a mark at its end fall like a whole sentence.
    last = words[-1] if words[-1].text[-1] in ".,?!-" else replace(words[-1], text=words[-1].text + ",")
    said = held_as_wanted(
        (*words[:-1], last), say, round(speed * rng.uniform(1 - SPEED_SPREAD, 1 + SPEED_SPREAD), 3)
    )
    level = amplitude(rng.uniform(-LEVEL_SPREAD_DB, LEVEL_SPREAD_DB))
    return Phrase(said.samples * level, opened(said.words))


def _alone(text: str, say: Say, rng: np.random.Generator, real: Real) -> Phrase:
    level = amplitude(rng.uniform(-2.0, 0.0))  # fillers are spoken a little below the words around them
    word = _filled(text, ",", 1.5, rng)
    place = CARRIER.index("{filler},")
    carrier = [word if n == place else Word(part) for n, part in enumerate(CARRIER)]
    said = held_as_wanted(carrier, say, 1.0)
    sound = said.samples[_index(said.words[place].start) : _index(said.words[place].end)]
    if real.get(text) and rng.random() < 0.5:
        human = matched(real[text][int(rng.integers(len(real[text])))], sound)
        sound = sound if human is None else human
    return one_word(text, sound * level)


def held_as_wanted(words: Sequence[Word], say: Say, speed: float) -> Phrase:
    """What is said, with the words that are to last some time held for about that; said twice for it."""
    if not any(word.seconds for word in words):
        return say(words, speed)
    usual = say([replace(word, seconds=0.0) for word in words], speed)
    factors = [
        min(MOST_HELD, max(1.0, word.seconds / (said.end - said.start)))
        for word, said in zip(words, usual.words, strict=True)
    ]
    longer = [
        replace(word, held=round(factor, 1), seconds=0.0) if word.seconds else word
        for word, factor in zip(words, factors, strict=True)
    ]
    return say(longer, speed)


def one_word(text: str, samples: Samples) -> Phrase:
    """A sound that is one word, with a silence at either end of it."""
    silence = np.zeros(round(EDGE * SAMPLE_RATE_HZ), np.float32)
    samples = np.concatenate([silence, faded(samples, 1.5), silence])
    steps = np.flatnonzero(sounding(samples))
    step = STEP / SAMPLE_RATE_HZ
    return Phrase(samples, (Said(text, float(steps[0] * step), float((steps[-1] + 1) * step)),))


def in_room(
    samples: Samples, rng: np.random.Generator, noise: Samples | None = None, snr_db: float = 0
) -> Samples:
    """Sound in a quiet room, and with `noise` from a random place, so far below the level of speech."""
    heard = samples + room_tone(len(samples), CLEAN_ROOM_DBFS, rng)
    if noise is not None:
        looped = np.resize(np.roll(noise, int(rng.integers(len(noise)))), len(samples))
        heard = heard + looped * np.float32(amplitude(SPEECH_LEVEL_DBFS - snr_db) / rms(looped))
    return np.clip(heard, -1, 1).astype(np.float32)
