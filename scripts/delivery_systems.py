"""What `scripts/evaluate delivery` measures: greenroom, and Whisper by itself on the same engine."""

from __future__ import annotations

import hashlib
import os
import pickle
import resource
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from delivery_references import Timed
from delivery_texts import FILLER, tokens

import greenroom.analyze
import greenroom.transcription
from greenroom.analyze import AnalyzeSettings, FileAnalysis
from greenroom.audio.clip import load_clip
from greenroom.records import Answer, Clip
from greenroom.transcription import Transcriber, load_transcriber

OPENAI_PROMPT = "Umm, let me think like, hmm... Okay, here's what I'm, like, thinking."
"""For filler words, from OpenAI's guide to speech to text."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a system says of a recording.

    Attributes:
        tokens: words and filled pauses in order, normalised, with times.
        silences: (start, end), s.
        said: words as they are counted for a rate.
    """

    tokens: tuple[Timed, ...]
    silences: tuple[tuple[float, float], ...]
    said: int
    words_per_minute: float | None

    @property
    def fillers(self) -> tuple[Timed, ...]:
        return tuple(token for token in self.tokens if token.text == FILLER)


@dataclass(frozen=True, slots=True)
class System:
    """Attributes: listen: takes a recording; close: what to do at the end."""

    name: str
    listen: Callable[[Path], Heard]
    close: Callable[[], None]


def greenroom_whole(engine: str, model: str) -> System:
    """From the file to the answer as `greenroom analyze --json` prints it, the advice included."""
    analysis = FileAnalysis(AnalyzeSettings(engine=engine, model=model), sound=True)
    return System("greenroom", lambda path: of_answer(next(iter(analysis.answers(path)))), analysis.close)


def of_answer(answer: Answer) -> Heard:
    """Filled pauses are those that the delivery counts, wherever they stand in the transcript."""
    delivery = answer.delivery
    words = [_token(w.text, w.start, w.end) for w in answer.transcript.words]
    kept = [token for several in words for token in several if token.text != FILLER]
    fillers = (f for f in delivery.fillers if f.kind == "filled_pause" and f.start is not None)
    kept += [Timed(FILLER, f.start or 0.0, f.end or 0.0) for f in fillers]
    kept.sort(key=lambda token: token.start + token.end)
    silences = tuple((pause.start, pause.end) for pause in delivery.pauses)
    return Heard(tuple(kept), silences, delivery.words, delivery.speech_rate_wpm)


def whisper_alone(engine: str, model: str, prompt: str | None, folder: Path | None = None) -> System:
    """The engine's library as its makers set it up: whole recordings, word times, no voice activity.

    What it hears is kept in `folder`, if there is one.
    """
    transcriber: Any = load_transcriber(engine, model)
    library = transcriber._whisper

    def listen(path: Path) -> Heard:
        arguments = {"language": "en", "word_timestamps": True, "initial_prompt": prompt}
        samples = load_clip(path).samples
        if engine == "openai-whisper":
            import whisper

            segments = whisper.transcribe(library, samples, fp16=False, **arguments)["segments"]
            words = [(w["word"], w["start"], w["end"]) for s in segments for w in s["words"]]
        else:
            found, _ = library.transcribe(samples, **arguments)
            words = [(word.word, word.start, word.end) for segment in found for word in segment.words]
        return of_words(words)

    def remembered(path: Path) -> Heard:
        key = f"{engine} {model} {prompt}".encode() + path.read_bytes()
        heard = once(folder and folder / hashlib.sha256(key).hexdigest(), lambda: listen(path))
        assert isinstance(heard, Heard)
        return heard

    name = "Whisper with OpenAI's prompt" if prompt else "plain Whisper"
    return System(name, remembered, transcriber.close)


def of_words(words: Sequence[tuple[str, float, float]]) -> Heard:
    """Where there are only words, a pause is what lies between two of them."""
    heard = [token for text, start, end in words for token in _token(text, float(start), float(end))]
    said = [(start, end) for text, start, end in words if tokens(text)[:1] not in ([], [FILLER])]
    span = said[-1][1] - said[0][0] if said else 0.0
    silences = tuple((a.end, b.start) for a, b in pairwise(heard) if b.start > a.end)
    return Heard(tuple(heard), silences, len(said), 60 * len(said) / span if span > 0 else None)


def _token(text: str, start: float | None, end: float | None) -> list[Timed]:
    return [Timed(token, start or 0.0, end or 0.0) for token in tokens(text)]


def processor_seconds() -> float:
    """Of this process and all its children, those that still run included (on Linux)."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in used) + sum(_of_children(os.getpid()))


def _of_children(parent: int) -> Iterator[float]:
    """What /proc says; a child's own children that it has waited for count as its time."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended since
            continue
        if int(fields[1]) == parent:
            yield sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
            yield from _of_children(int(stat.parent.name))


@dataclass(slots=True)
class Saved:
    """What was not done again because it was remembered: how often, and what it cost then (s).

    Attributes:
        paused: nothing is remembered now; so that what is cold costs nobody anything.
    """

    times: int = 0
    processor_seconds: float = 0.0
    paused: bool = False


SAVED = Saved()


def once(file: Path | None, work: Callable[[], object]) -> object:
    """What `work` gives; if a file is given, over all runs it is done only once."""
    if file is None or SAVED.paused:
        return work()
    if file.exists():
        result, cost = pickle.loads(file.read_bytes())
        SAVED.times, SAVED.processor_seconds = SAVED.times + 1, SAVED.processor_seconds + cost
        return result
    before = processor_seconds()
    result = work()
    file.write_bytes(pickle.dumps((result, processor_seconds() - before)))
    return result


class Remembered:
    """A transcriber that decodes the same sound only once, over all runs with the same folder."""

    def __init__(self, transcriber: Transcriber, folder: Path) -> None:
        self._transcriber, self._folder = transcriber, folder

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._transcriber, name)
        if name not in ("transcribe", "transcribe_verbatim"):
            return found

        def decode(clip: Clip, *, offset: float = 0.0) -> Any:
            key = f"{name} {self._transcriber.engine} {self._transcriber.model} {offset:.4f} {_sources()}"
            digest = hashlib.sha256(key.encode() + clip.samples.tobytes()).hexdigest()
            return once(self._folder / digest, lambda: found(clip, offset=offset))

        return decode


def _sources() -> str:
    """Changes with every line that decodes; not with where chunks are cut, since that is in the sound."""
    folder = Path(greenroom.transcription.__file__).parent
    files = [f for f in sorted(folder.glob("*.py")) if f.stem not in ("chunking", "incremental", "context")]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


@contextmanager
def remembering(folder: Path | None) -> Iterator[None]:
    """Has FileAnalysis use `Remembered`, if there is a folder for it."""
    if folder is None:
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    whole: Any = greenroom.analyze
    load = whole.load_transcriber
    whole.load_transcriber = lambda *wanted, **more: Remembered(load(*wanted, **more), folder)
    try:
        yield
    finally:
        whole.load_transcriber = load


def timed(listen: Callable[[], Heard]) -> tuple[Heard, float]:
    """What was heard, and the processor seconds that took; with those of what was remembered."""
    before = processor_seconds() + SAVED.processor_seconds
    heard = listen()
    return heard, processor_seconds() + SAVED.processor_seconds - before
