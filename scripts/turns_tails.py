"""Words for the simulated endpointing: what would be known of an answer at each moment of it.

The answer is transcribed by the same code that follows it live, only that time is that of the recording:
words become known as much later as decoding them took. Decoded chunks are kept on disk, since every patience
hears the same ones.
"""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path

from turns_sound import Samples

import greenroom.transcription
from greenroom.listening.endpointer import Endpointer, Listening
from greenroom.listening.patience import Patience
from greenroom.records import FRAME_SAMPLES, Clip, Transcript, Word
from greenroom.transcription import Transcriber, load_transcriber
from greenroom.transcription.incremental import IncrementalTranscriber

TAIL_WORDS = 40

_PATIENT_SECONDS = 600.0
"""Real time that one decoding may take; after that something is wrong, and the benchmark says so."""


class KeptTranscriber:
    """A transcriber that remembers on disk what it decoded, and how long that took.

    Attributes:
        spent: processor time of all decoding so far (s), of what was remembered too.
    """

    def __init__(self, engine: str, model: str, cache: Path) -> None:
        self.engine, self.model = engine, model
        self.spent = 0.0
        self._cache = cache
        self._loaded: Transcriber | None = None
        folder = Path(greenroom.transcription.__file__).parent
        code = b"".join(path.read_bytes() for path in sorted(folder.glob("*whisper*.py")))
        self._code = hashlib.sha256(code + f"{engine} {model}".encode()).digest()

    def transcribe(self, clip: Clip, *, offset: float = 0.0) -> Transcript:
        key = hashlib.sha256(self._code + clip.samples.tobytes()).hexdigest()[:32]
        path = self._cache / f"words-{key}.json"
        if not path.exists():
            path.write_text(json.dumps(self._decode(clip)), encoding="utf-8")
        kept = json.loads(path.read_text(encoding="utf-8"))
        self.spent += kept["seconds"]
        words = tuple(Word(text, start + offset, end + offset) for text, start, end in kept["words"])
        return Transcript(" ".join(word.text for word in words), words=words)

    def close(self) -> None:
        if self._loaded is not None:
            self._loaded.close()

    def _decode(self, clip: Clip) -> dict[str, object]:
        if self._loaded is None:
            self._loaded = load_transcriber(self.engine, self.model, threads=1)
            self._loaded.transcribe(clip)  # the first one takes longer, once in a session
        # Processor time: other processes run beside this one, for which no interview has to wait.
        began = time.process_time()
        words = self._loaded.transcribe(clip).words
        seconds = time.process_time() - began
        return {"seconds": seconds, "words": [(word.text, word.start, word.end) for word in words]}


class Follower:
    """Follows one simulated answer, and sets its patience as a live interview does (greenroom.following)."""

    def __init__(self, samples: Samples, transcriber: KeptTranscriber, patience: Patience) -> None:
        self._samples, self._transcriber, self._patience = samples, transcriber, patience
        self._words = IncrementalTranscriber(lambda: transcriber)
        self._frame = 0
        self._free = 0.0  # when everything that was to be decoded will have been (s of the recording)

    def __call__(self, endpointer: Endpointer, listening: Listening) -> None:
        first = self._frame * FRAME_SAMPLES
        self._frame += 1
        self._words.feed(self._samples[first : first + FRAME_SAMPLES])
        silence = 0.0 if listening.phase == "speaking" else listening.silence
        self._words.follow(endpointer.speech, silence)
        if self._words.behind > 0:
            self._decode(listening.elapsed)
        known = listening.elapsed >= self._free
        if known:
            endpointer.note_words(self._words.until, self._words.decoded)
        if listening.phase == "silence":
            endpointer.patience = self._patient(endpointer, known=known)

    def close(self) -> None:
        self._words.close()

    def _patient(self, endpointer: Endpointer, *, known: bool) -> float:
        if not known or not self._words.settled:
            return self._patience.extended
        tail = [word.text for word in self._words.words[-TAIL_WORDS:]]
        return self._patience.after(tail, endpointer.speech)

    def _decode(self, now: float) -> None:
        before, given_up = self._transcriber.spent, time.monotonic() + _PATIENT_SECONDS
        while self._words.behind > 0:
            self._words.check()
            if time.monotonic() > given_up:
                raise RuntimeError(f"decoding has not come to its end in {_PATIENT_SECONDS:.0f} s")
            time.sleep(0.002)
        self._free = max(self._free, now) + self._transcriber.spent - before
