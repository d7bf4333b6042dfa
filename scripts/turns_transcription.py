"""The response gap and what transcribing costs: greenroom, the naive way and RealtimeSTT."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import turns_texts
from turns_sound import TICK_SAMPLES, TICKS_PER_SECOND, Samples, room_tone
from turns_sources import Say, Source, sentence_clips, source_of, voices_here
from turns_testset import CLEAN_ROOM_DBFS, Plan, Spoken, spoken

from greenroom.audio.clip import save_clip
from greenroom.questions import load_banks
from greenroom.records import SAMPLE_RATE_HZ, Clip

LENGTHS = (15, 60, 180, 300)
HERE = Path(__file__).resolve().parent
REALTIMESTT_PATIENCE = 4.0
LONGEST_RUN_SECONDS = 1800.0

COLUMNS = (
    "answer",
    "way",
    "engine",
    "model",
    "words after 2.5 s",
    "words after 4 s",
    "feedback after 2.5 s",
    "feedback after 4 s",
    "WER to the whole",
    "WER to the text",
    "processor s per s",
    "memory",
    "behind",
    "late",
)


@dataclass(frozen=True)
class Told:
    """An answer to transcribe; `text` is what is said in it, None where nobody wrote it down."""

    name: str
    spoken: Spoken
    text: str | None


@dataclass(frozen=True)
class Run:
    """One answer, one way; `result` is what turns_one prints."""

    told: Told
    way: str
    engine: str
    model: str
    result: dict[str, Any]


def joined(sources: Sequence[Source]) -> Source:
    """Speakers one after the other as one: more words than any has alone, so that none come twice."""
    gap = room_tone(TICKS_PER_SECOND // 2 * TICK_SAMPLES, CLEAN_ROOM_DBFS, np.random.default_rng(0))
    starts = [0, *accumulate(len(source.mask) + TICKS_PER_SECOND // 2 for source in sources)]
    places = [
        (tick + start, n) for source, start in zip(sources, starts, strict=False) for tick, n in source.places
    ]
    silent = np.zeros(TICKS_PER_SECOND // 2, dtype=bool)
    return Source(
        "real",
        True,
        np.concatenate([part for source in sources for part in (source.samples, gap)]),
        np.concatenate([part for source in sources for part in (source.mask, silent)]),
        tuple(places),
        max(source.floor_dbfs for source in sources),
    )


def real_answer(sources: Sequence[Source], seconds: int, seed: int) -> Told:
    source = joined([source for source in sources if source.real])
    return Told(f"real, {seconds} s", spoken(Plan(seconds, 0, seconds), source, seed), None)


def read_answer(name: str, say: Say, seconds: int, seed: int, cache: Path) -> Told:
    """A voice that reads whole sentences, with pauses between them, so that every word is known."""
    texts = [*(part for text in turns_texts.ANSWERS for part in turns_texts.sentences(text)), *_questions()]
    clips = list[Samples]()
    while len(clips) < len(texts) and sum(map(len, clips)) < (seconds + 15) * SAMPLE_RATE_HZ:
        clips += sentence_clips(name, say, texts[len(clips) : len(clips) + 1], cache)
    source = source_of(name, np.concatenate(clips), real=False)
    ends = list(accumulate(len(clip) // TICK_SAMPLES for clip in clips))
    # The end of a sentence is the only place to pause; what was trimmed off the beginning is little.
    source = replace(source, places=tuple((end - 20, 30) for end in ends))
    answer = spoken(Plan(seconds, 0, seconds), source, seed)
    said = sum(end - 20 < answer.taken + 10 for end in ends)
    return Told(f"read, {seconds} s", answer, " ".join(texts[:said]))


def _questions() -> list[str]:
    return [question.text for bank in load_banks() for question in bank.questions]


def answers(sources: Sequence[Source], options: argparse.Namespace, seed: int) -> Iterator[Told]:
    lengths = (10,) if options.small else options.length or LENGTHS
    voices = voices_here()
    name = next((name for name in ("piper-joe", "espeak") if name in voices), "espeak")
    for seconds in lengths:
        if options.speech != "read":
            yield real_answer(sources, seconds, seed)
        if options.speech != "real":
            yield read_answer(name, voices[name], seconds, seed, options.cache)


def measure(
    sources: Sequence[Source], options: argparse.Namespace, seed: int, tell: Callable[[str], None]
) -> list[Run]:
    runs = list[Run]()
    for told in answers(sources, options, seed):
        sound = options.cache / f"answer-{told.name.replace(', ', '-').replace(' ', '')}.flac"
        save_clip(sound, Clip(np.clip(told.spoken.samples, -1, 1)))
        for engine in options.engine:
            for model in options.model:
                for way in ("live", "whole"):
                    tell(f"{told.name}: {way}, {engine} {model}")
                    task = {"way": way, "engine": engine, "model": model, "feedback": not options.no_feedback}
                    runs.append(
                        Run(
                            told,
                            way,
                            engine,
                            model,
                            child(sys.executable, "turns_one.py", task, told, sound, options),
                        )
                    )
        if options.realtimestt:
            tell(f"{told.name}: RealtimeSTT")
            runs.append(realtimestt(told, sound, options))
    return runs


def realtimestt(told: Told, sound: Path, options: argparse.Namespace) -> Run:
    """RealtimeSTT runs faster-whisper; with the weights that greenroom has."""
    model = options.model[0]
    task = {"weights": str(weights_folder(model, options.cache)), "patience": REALTIMESTT_PATIENCE}
    result = child(str(options.realtimestt), "turns_realtimestt.py", task, told, sound, options)
    return Run(told, "RealtimeSTT", "faster-whisper", model, result)


def weights_folder(model: str, cache: Path) -> Path:
    """The weights as one folder, which is what faster-whisper takes where it is used by others."""
    from greenroom.transcription.weight_files import MODEL_FILE, find, read_joined

    folder = cache / f"weights-{model}"
    if not (folder / MODEL_FILE).exists():
        weights = find(model, ("ctranslate2",))
        folder.mkdir(exist_ok=True)
        for file in weights.folder.iterdir():
            if file.suffix in (".json", ".txt"):
                (folder / file.name).write_bytes(file.read_bytes())
        (folder / MODEL_FILE).write_bytes(bytes(read_joined(weights)))
    return folder


def child(
    python: str, script: str, task: dict[str, Any], told: Told, sound: Path, options: argparse.Namespace
) -> dict[str, Any]:
    """What the script prints last; a fault is shown and leaves a row without figures."""
    seconds = told.spoken.end - told.spoken.begin
    task = {**task, "sound": str(sound), "speed": options.speed, "seconds": seconds}
    command = [python, str(HERE / script), json.dumps(task)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_RUN_SECONDS, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not lines:
        print(f"{script}: {done.stderr.strip()[-800:]}", file=sys.stderr)
        return {}
    return dict(json.loads(lines[-1]))


def error_rate(reference: str | None, text: str | None) -> float | None:
    """Word error rate with Whisper's own normalisation of spelling, numbers and fillers."""
    if not reference or text is None:
        return None
    import jiwer
    from whisper.normalizers import EnglishTextNormalizer

    normalized = EnglishTextNormalizer()
    return float(jiwer.wer(normalized(reference), normalized(text)))


def table(runs: Sequence[Run]) -> str:
    lines = ["### Transcription", "", _line(COLUMNS), _line(["---"] * len(COLUMNS))]
    wholes = {
        (run.told.name, run.engine, run.model): run.result.get("text") for run in runs if run.way == "whole"
    }
    for run in runs:
        same = wholes.get((run.told.name, run.engine, run.model))
        lines.append(_line(_cells(run, None if run.way == "whole" else same)))
    return "\n".join(lines) + "\n"


def _cells(run: Run, whole: str | None) -> tuple[str, ...]:
    result = run.result
    gaps = [result.get(key) for key in ("words_2.5", "words_4", "feedback_2.5", "feedback_4")]
    rates = [error_rate(whole, result.get("text")), error_rate(run.told.text, result.get("text"))]
    return (
        run.told.name,
        run.way,
        run.engine,
        run.model,
        *(_figure(gap, "{:.2f} s") for gap in gaps),
        *(_figure(rate, "{:.1%}") for rate in rates),
        _figure(result.get("processor"), "{:.2f}"),
        _figure(result.get("memory_mb"), "{:.0f} MB"),
        _figure(result.get("behind"), "{:.1f} s"),
        _figure(result.get("late"), "{:.2f} s"),
    )


def _figure(value: float | None, form: str) -> str:
    return "-" if value is None else form.format(value)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def as_json(run: Run) -> dict[str, Any]:
    facts = {"answer": run.told.name, "way": run.way, "engine": run.engine, "model": run.model}
    return {**facts, "reference": run.told.text, **run.result}
