"""The process that speaks with Piper for as long as its input is open. Started by piper_voice, by path.

A process of its own: Piper is under the GPL and stays apart from greenroom; synthesis holds Python's lock and
the processor while the microphone is heard; a crash takes nothing along.

The first line on stdin is the request to load: model, config (paths), sha256 (or null), threads. It is
answered by {"rate": Hz}. Every further line holds text, length_scale and pause (s), and is answered by
{"samples": n} and n little-endian float32. In place of either, {"fault": ...}. Standard library, numpy and
Piper only.
"""

from __future__ import annotations

import hashlib
import json
import os
import queue
import signal
import sys
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

PEAK = 0.95
"""Level of the loudest sample of an utterance (full scale is 1). That is 2 dB under espeak-ng."""

LONGEST_PHONEMES = 400
"""Phonemes at most that are made at once, about 30 s of speech: memory grows with them (200 words at once
took 0.85 GB). A longer sentence is made in parts, cut at a comma or a space."""

KEPT_SENTENCES = 64
"""Sentences whose sound is kept in memory: feedback prepared anew in each silence says much of it again."""

_STOPS = {",", ";", ":"}


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Python put this folder first: a module in it must not stand in for a package of the same name.
    sys.path[:] = [folder for folder in sys.path if Path(folder).resolve() != Path(__file__).resolve().parent]
    answers = private_output()
    requests: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=receive, args=(requests,), daemon=True).start()
    try:
        speech = Speech(**requests.get())
    except Exception as error:  # every fault of a foreign library is told, not shown as a traceback
        tell(answers, {"fault": f"{type(error).__name__}: {error}".splitlines()[0][:300]})
        return
    tell(answers, {"rate": speech.rate})
    while True:
        request = requests.get()
        try:
            sound = speech.say(**request)
        except Exception as error:
            # Its name alone: what an error says may quote the text.
            tell(answers, {"fault": type(error).__name__})
            continue
        tell(answers, {"samples": len(sound) // 4}, sound)


def private_output() -> IO[bytes]:
    """What was standard output. That now leads to standard error: no library writes among the answers."""
    stream = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return stream


def receive(requests: queue.SimpleQueue[dict[str, Any]]) -> None:
    """Take requests as they come. Where they end, this process ends, even in the middle of its work."""
    for line in sys.stdin.buffer:
        requests.put(json.loads(line))
    os._exit(0)


def tell(answers: IO[bytes], head: dict[str, Any], body: bytes = b"") -> None:
    answers.write(json.dumps(head).encode() + b"\n" + body)
    answers.flush()


class Speech:
    """A loaded voice. ValueError where the model is not the one that was expected."""

    def __init__(self, model: str, config: str, sha256: str | None, threads: int) -> None:
        content = Path(model).read_bytes()
        if sha256 is not None and hashlib.sha256(content).hexdigest() != sha256:
            raise ValueError("its hash is not the published one")
        import onnxruntime
        from piper import PiperVoice, SynthesisConfig
        from piper.config import PiperConfig

        onnxruntime.set_seed(1)  # the same text, asked first, sounds the same every time
        session = onnxruntime.InferenceSession(
            content, session_options(onnxruntime, threads), providers=["CPUExecutionProvider"]
        )
        settings = PiperConfig.from_dict(json.loads(Path(config).read_text(encoding="utf-8")))
        self.rate = int(settings.sample_rate)
        self._voice = PiperVoice(session=session, config=settings)
        self._settings = SynthesisConfig
        self._own_scale = settings.length_scale
        self._kept: OrderedDict[tuple[float, tuple[str, ...]], Any] = OrderedDict()

    def say(self, text: str, length_scale: float, pause: float) -> bytes:
        """The sound of `text`; none where there is nothing in it to say. `pause` (s) parts its sentences."""
        import numpy as np

        silence = np.zeros(round(pause * self.rate), dtype=np.float32)
        sounds: list[Any] = []
        for sentence in self._voice.phonemize(text):
            for number, part in enumerate(parts(sentence)):
                sounds += [silence] if sounds and not number else []
                sounds.append(self._sound(tuple(part), length_scale * self._own_scale))
        if not sounds:
            return b""
        joined = np.concatenate(sounds)
        loudest = float(np.max(np.abs(joined))) or 1.0
        return bytes((joined * (PEAK / loudest)).astype("<f4").tobytes())

    def _sound(self, phonemes: tuple[str, ...], length_scale: float) -> Any:
        key = (length_scale, phonemes)
        if key not in self._kept:
            ids = self._voice.phonemes_to_ids(list(phonemes))
            settings = self._settings(length_scale=length_scale)
            self._kept[key] = self._voice.phoneme_ids_to_audio(ids, settings)
        self._kept.move_to_end(key)
        if len(self._kept) > KEPT_SENTENCES:
            self._kept.popitem(last=False)
        return self._kept[key]


def session_options(onnxruntime: Any, threads: int) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    # Planning how memory is used again takes 3 s of the 3.7 that loading took (onnxruntime 1.31), and saved
    # nothing measurable: 850 MB for a text of 200 words with it and without.
    options.enable_mem_reuse = False
    # Threads that wait by turning round would take the processor from Whisper and from the microphone.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return options


def parts(phonemes: Sequence[str]) -> Iterator[Sequence[str]]:
    """A sentence in pieces of at most LONGEST_PHONEMES."""
    while len(phonemes) > LONGEST_PHONEMES:
        within = range(LONGEST_PHONEMES, LONGEST_PHONEMES // 2, -1)
        stop = next((n for n in within if phonemes[n - 1] in _STOPS), None)
        cut = stop or next((n for n in within if phonemes[n - 1] == " "), LONGEST_PHONEMES)
        yield phonemes[:cut]
        phonemes = phonemes[cut:]
    if phonemes:
        yield phonemes


if __name__ == "__main__":
    main()
