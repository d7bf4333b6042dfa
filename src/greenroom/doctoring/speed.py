"""Whether this computer transcribes as fast as somebody speaks, measured on a bundled recording."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from greenroom.audio.clip import load_clip
from greenroom.config import PracticeSettings
from greenroom.demo import demo_recordings
from greenroom.errors import EXIT_NO_MODEL, UserError
from greenroom.records import SAMPLE_RATE_HZ, Clip
from greenroom.transcription import ENGINES, Transcriber
from greenroom.transcription.chunking import Cuts
from greenroom.transcription.process import ProcessTranscriber
from greenroom.transcription.weights import list_models

from .computer import processors
from .findings import Finding, State, cures

GROUP = "Speed"

LIMIT = 10.0
"""Seconds of transcribing after which no further piece is begun; loading the model comes on top."""

HUNG = 180.0
"""Seconds after which one measurement, with its loading, is given up; on two processors that other programs
kept busy it took up to 75."""

COMFORTABLE, BARELY = 0.5, 1.0
"""Seconds of work for a second of speech: under the first it keeps up and leaves room for analysis, voice and
other programs; under the second it just keeps up. (Judgement.)"""

# The work of a model's encoder, which looks at 30 s whatever was said and so takes most of the time: layers *
# width², by the dimensions that openai-whisper publishes. base by tiny.en comes to 2.7; measured were 1.5 to
# 2.0 (docs/models.md), so what is foretold of a larger model is rather too much than too little.
_WORK = {
    "tiny": 4 * 384**2,
    "base": 6 * 512**2,
    "small": 12 * 768**2,
    "medium": 24 * 1024**2,
    "large": 32 * 1280**2,
}
_LARGER = {"tiny": "base", "base": "small.en", "small": "medium.en", "medium": "large"}
_MOST_ALTERNATIVES = 2


@dataclass(frozen=True, slots=True)
class Speed:
    """One measurement.

    Attributes:
        load: until the model is ready (s).
        speech: how much speech was transcribed (s).
        words: time taken for the words (s), with the sound before each piece, as live.
        fillers: time taken to go through it once more for filled pauses (s).
    """

    engine: str
    model: str
    load: float
    speech: float
    words: float
    fillers: float

    @property
    def factor(self) -> float:
        """Seconds of work for one second of speech."""
        return (self.words + self.fillers) / self.speech

    @property
    def verdict(self) -> str:
        if self.factor <= COMFORTABLE:
            return "keeps up"
        return "just keeps up" if self.factor <= BARELY else "does not keep up"

    def __str__(self) -> str:
        return (
            f"{self.verdict}: {self.factor:.2f} s of work for a second of speech "
            f"({self.words / self.speech:.2f} for the words, {self.fillers / self.speech:.2f} for the ums; "
            f"{self.speech:.0f} s of a bundled recording; loaded in {self.load:.1f} s)"
        )


Measure = Callable[[str, str], Speed]


def measure(engine: str, model: str, *, limit: float = LIMIT) -> Speed:
    """Transcribe a bundled recording piece by piece, as an interview does while somebody speaks.

    Raises:
        UserError: the engine or the weights are missing or damaged, or it took longer than HUNG.
    """
    began = time.monotonic()
    transcriber = ProcessTranscriber(engine, model, wait=False)
    given_up = threading.Timer(HUNG, transcriber.close)  # whoever waits gets a ModelError then
    given_up.daemon = True
    given_up.start()
    try:
        transcriber.load()
        return _timed(transcriber, time.monotonic() - began, limit)
    finally:
        given_up.cancel()
        transcriber.close()


def _timed(transcriber: Transcriber, load: float, limit: float) -> Speed:
    words = fillers = speech = 0.0
    for clip, new in _pieces():
        before = time.monotonic()
        transcriber.transcribe(clip)
        between = time.monotonic()
        transcriber.transcribe_verbatim(clip)
        words, fillers = words + between - before, fillers + time.monotonic() - between
        speech += new
        if words + fillers + (words + fillers) * new / speech > limit:  # another like these would be too long
            break
    return Speed(transcriber.engine, transcriber.model, load, speech, words, fillers)


def _pieces() -> Iterator[tuple[Clip, float]]:
    """Pieces as they are cut live at the shortest, each with the sound before it, and how much is new (s)."""
    cuts = Cuts()
    sound = np.concatenate([load_clip(path).samples for path in demo_recordings()])
    new, context = (round(seconds * SAMPLE_RATE_HZ) for seconds in (cuts.shortest, cuts.context))
    for start in range(0, len(sound) - new + 1, new):
        yield Clip(sound[max(0, start - context) : start + new]), cuts.shortest


def examine(settings: PracticeSettings, measure: Measure = measure) -> Iterator[Finding]:
    """The chosen model, others that are here if it does not keep up, and which to choose."""
    busy = others_at_work()
    try:
        chosen = measure(settings.engine, settings.model)
    except UserError as error:
        told = " ".join((error.message, *error.details))
        cure = cures("weights", hint=error.hint or "greenroom models")
        yield Finding(GROUP, _called(settings.engine, settings.model), "missing", told, cure, EXIT_NO_MODEL)
        return
    others = []
    if chosen.factor > COMFORTABLE:
        others = list(_others(chosen, measure))
    advice = advised(chosen, others)
    cure = {}
    if _state(chosen) != "ok":
        cure = cures("busy", advice=advice) if busy else cures("slow", advice=advice)
    yield Finding(
        GROUP,
        _called(chosen.engine, chosen.model),
        _state(chosen),
        ". ".join(filter(None, (str(chosen), busy))),
        cure,
    )
    for each in others:
        yield Finding(GROUP, _called(each.engine, each.model), _state(each), str(each))
    yield Finding(GROUP, "which to choose", "ok", advice)


def _state(speed: Speed) -> State:
    return "ok" if speed.factor <= COMFORTABLE else "look here"


def advised(chosen: Speed, others: Sequence[Speed]) -> str:
    """Which engine and model to choose, by what was measured; what was not measured is called estimated."""
    better = next((each for each in others if each.factor <= COMFORTABLE), None)
    if chosen.factor > COMFORTABLE and better is None:
        better = min(
            (each for each in others if each.factor < 0.8 * chosen.factor), key=_factor, default=None
        )
    if better is not None:
        return f"--engine {better.engine} --model {better.model}, which {better.verdict}"
    if chosen.factor > BARELY:
        return f"{chosen.model}, for want of a faster one; feedback comes later, and no word is lost"
    size = _size_of(chosen.model)
    larger = _LARGER.get(size)
    if chosen.factor > COMFORTABLE or larger is None:
        return f"{chosen.model} on {chosen.engine}"
    foretold = chosen.factor * _WORK[larger.partition(".")[0]] / _WORK[size]
    if foretold <= COMFORTABLE:
        return (
            f"{chosen.model} is fine; {larger} makes fewer mistakes and would keep up, too "
            f"(estimated {foretold:.2f}): greenroom models fetch {larger}"
        )
    return f"{chosen.model} on {chosen.engine}; {larger} would be too slow (estimated {foretold:.1f})"


def _others(chosen: Speed, measure: Measure) -> Iterator[Speed]:
    """Faster ones that are here, measured until one keeps up."""
    for engine, model in _faster(chosen)[:_MOST_ALTERNATIVES]:
        try:
            found = measure(engine, model)
        except UserError:
            continue  # it is not the chosen one, and its weights were told of above
        yield found
        if found.factor <= COMFORTABLE:
            return


def _faster(chosen: Speed) -> list[tuple[str, str]]:
    """The same model on the lighter engine first, then smaller ones: an engine costs no words."""
    here = [(engine, info.name) for info in list_models() for engine in info.engines if engine in ENGINES]
    work = _WORK.get(_size_of(chosen.model), max(_WORK.values()))
    smaller = [pair for pair in here if _WORK[_size_of(pair[1]) or "large"] < work]
    lighter = [("faster-whisper", chosen.model)] if chosen.engine != "faster-whisper" else []
    by_lightness = sorted(smaller, key=lambda pair: (pair[0] != "faster-whisper", -_WORK[_size_of(pair[1])]))
    return [pair for pair in (*lighter, *by_lightness) if pair in here]


def _size_of(model: str) -> str:
    """ "base" of "base.en"; "" of a path."""
    size = model.partition(".")[0].partition("-")[0]
    return "large" if size == "turbo" else size if size in _WORK else ""


def _factor(speed: Speed) -> float:
    return speed.factor


def _called(engine: str, model: str) -> str:
    return f"{model} on {engine}"


def others_at_work() -> str | None:
    """A sentence if other programs are busy, so that the measurement tells less; not known on Windows."""
    if not hasattr(os, "getloadavg"):
        return None
    load, count = os.getloadavg()[0], processors()
    if load < count / 2:
        return None
    return (
        f"Other programs were at work meanwhile (load {load:.1f} on {count} processors): alone it is faster"
    )
