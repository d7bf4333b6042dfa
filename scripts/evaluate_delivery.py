"""How well pace, pauses, words and filled pauses are heard, on recordings of which it is known.

    scripts/evaluate delivery DIR [--engine NAME] [--model NAME] [--compare] [--verbose] [--json FILE]

DIR is in the format of `delivery_references`. A filled pause is found if one is claimed within 0.3 s of it;
where the reference has no times, if it stands at its place in the text. --compare measures beside greenroom
what its engine gives alone, plain and with the prompt that OpenAI documents for filler words.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import resource
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median

import soundfile
from delivery_references import Reference, references
from delivery_scores import PAUSES, Scored, Summary, Tally, score, summarise
from delivery_systems import (
    OPENAI_PROMPT,
    SAVED,
    System,
    greenroom_whole,
    remembering,
    timed,
    whisper_alone,
)

from greenroom.transcription import DEFAULT_ENGINE, DEFAULT_MODEL, ENGINES


def main() -> None:
    options = _options()
    chosen = [r for r in references(options.folder) if any(part in r.name for part in options.only or [""])]
    if not chosen:
        sys.exit("error: no recording has such a name\ntry: --only with a part of a name from INDEX.tsv")
    results: dict[str, list[Scored]] = {}
    memory = 0.0
    with remembering(options.remember):
        for make in _systems(options):
            system = make()
            results[system.name] = measure(system, chosen)
            system.close()
            memory = memory or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    report(results, options.verbose)
    print(f"\n{options.engine} {options.model}; {memory:.0f} MB at most while greenroom listened.")
    if SAVED.times:
        print(f"{SAVED.times} decodings were remembered from an earlier run, and so was what they cost.")
    if options.json:
        options.json.write_text(json.dumps(as_json(results), indent=1) + "\n", "utf-8")


def _systems(options: argparse.Namespace) -> Iterator[Callable[[], System]]:
    """How each is made; greenroom first, since memory is measured after it."""
    yield partial(greenroom_whole, options.engine, options.model)
    if options.compare:
        for prompt in (None, OPENAI_PROMPT):
            yield partial(whisper_alone, options.engine, options.model, prompt, options.remember)


def measure(system: System, chosen: Sequence[Reference]) -> list[Scored]:
    """Scores of all recordings. One is heard before that and not counted, so that everything is loaded."""
    speech = [r for r in chosen if r.group != "no speech"] or list(chosen)
    lengths = {r.name: soundfile.info(str(r.path)).duration for r in chosen}
    SAVED.paused = True
    system.listen(min(speech, key=lambda r: lengths[r.name]).path)
    SAVED.paused = False
    scored = []
    for number, reference in enumerate(chosen, start=1):
        if sys.stderr.isatty():
            print(f"\r{system.name}: {number} of {len(chosen)} ", end="", file=sys.stderr, flush=True)
        heard, busy = timed(partial(system.listen, reference.path))
        scored.append(score(reference, heard, lengths[reference.name]))
        scored[-1].processor_seconds = busy
    return scored


def report(results: dict[str, list[Scored]], verbose: bool) -> None:
    """Markdown on standard output: the figures, and with `verbose` every recording."""
    some = next(iter(results.values()))
    minutes = sum(said.seconds for said in some) / 60
    print(f"{len(some)} recordings, {minutes:.1f} minutes.\n")
    summaries = [summarise(name, scored) for name, scored in results.items()]
    print("| | " + " | ".join(summary.system for summary in summaries) + " | to reach |")
    print("|---" * (len(summaries) + 2) + "|")
    for (name, goal), cells in zip(ROWS, zip(*map(_cells, summaries), strict=True), strict=True):
        if any(cell != "-" for cell in cells):
            print(f"| {name} | " + " | ".join(cells) + f" | {goal} |")
    if verbose:
        for name, scored in results.items():
            _every_recording(name, scored)


ROWS = (
    ("filled pauses, spontaneous", "F1 0.90"),
    ("filled pauses, acted", ""),
    ("invented fillers, no speech / fluent", "0 / 1 at most"),
    ("invented words, no speech / fluent", ""),
    ("word errors, fillers kept", ""),
    ("word errors, without fillers", "plain Whisper's"),
    ("the same, acted", ""),
    ("words per minute off, median / most", "3 %"),
    *((f"pauses of {least:g} s and more", "F1 0.90" if least == 0.5 else "") for least in PAUSES),
    *((f"the same, {least:g} s, 0.1 s of slack", "") for least in PAUSES),
    *((f"the same, {least:g} s, labels of speech", "") for least in PAUSES),
    ("word starts off, median / beyond 200 ms", "60 ms / 8 %"),
    ("processor s per s of recordings with speech", "0.35"),
)


def _cells(summary: Summary) -> list[str]:
    pauses = [tallies[least] for tallies in _pause_tallies(summary) for least in PAUSES]
    starts = f"{_number(summary.start_median, 1000, ' ms')} / {_number(summary.start_far, 100, ' %', 1)}"
    starts = f"{starts} of {summary.starts}" if summary.starts else "-"
    rates = f"{_number(summary.rate_error, 100, ' %', 1)} / {_number(summary.worst_rate_error, 100, ' %', 1)}"
    return [
        _tally(summary.fillers["spontaneous"]),
        _tally(summary.fillers["acted"]),
        f"{summary.invented_without_speech} / {summary.invented_when_fluent}",
        f"{summary.words_without_speech} / {summary.inserted_when_fluent}",
        _number(summary.error_rate, 100, " %", 1),
        _number(summary.clean_error_rate, 100, " %", 1),
        _number(summary.acted_error_rate, 100, " %", 1),
        "-" if summary.rate_error is None else rates,
        *map(_tally, pauses),
        starts,
        _number(summary.cost, 1, "", 3),
    ]


def _pause_tallies(summary: Summary) -> tuple[dict[float, Tally], ...]:
    return summary.pauses, summary.lenient, summary.labelled


def _tally(tally: Tally) -> str:
    """F1, then how many of those that are there were found, and how many were claimed."""
    return (
        "-"
        if tally.f1 is None
        else f"{tally.f1:.2f} ({tally.found} of {tally.there}, {tally.claimed} claimed)"
    )


def _number(value: float | None, factor: float, unit: str, digits: int = 0) -> str:
    return "-" if value is None else f"{factor * value:.{digits}f}{unit}"


def _every_recording(system: str, scored: Sequence[Scored]) -> None:
    print(f"\n## {system}\n")
    print("| recording | group | fillers | pauses of 0.5 s | starts | errors | wpm | cost |")
    print("|---" * 8 + "|")
    for said in scored:
        print("| " + " | ".join(_row(said)) + " |")
    print()
    for said in scored:
        if details := "; ".join(_details(said)):
            print(f"- {said.name}: {details}")


def _row(said: Scored) -> list[str]:
    starts = (
        f"{1000 * median(said.starts):.0f} ms, {len(said.far)} of {len(said.starts)} far"
        if said.starts
        else ""
    )
    return [
        said.name,
        said.group,
        "not known" if said.fillers is None else _tally(said.fillers),
        _tally(said.pauses[0.5]) if said.pauses else "",
        starts,
        f"{said.clean_errors} of {said.clean_length}" if said.clean_errors is not None else "",
        f"{said.rate[0]:.0f}, heard {said.rate[1]:.0f}" if said.rate else "",
        f"{said.processor_seconds / said.seconds:.2f}",
    ]


def _details(said: Scored) -> Iterator[str]:
    """What was wrong with a recording, kind by kind."""
    for name, mistakes in (
        ("fillers missed", said.missed),
        ("fillers invented", said.invented),
        ("pauses missed", said.pauses_missed),
        ("false pauses", said.pauses_false),
        ("starts", said.far),
        ("words", said.changed),
    ):
        if mistakes:
            yield f"{name} {', '.join(mistakes)}"


def as_json(results: dict[str, list[Scored]]) -> dict[str, object]:
    """Everything: {system: {"summary": ..., "recordings": [...]}}."""
    return {
        name: {
            "summary": dataclasses.asdict(summarise(name, scored)),
            "recordings": [dataclasses.asdict(said) for said in scored],
        }
        for name, scored in results.items()
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/evaluate delivery",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", type=Path, help="recordings with references, and INDEX.tsv")
    parser.add_argument("--engine", choices=list(ENGINES), default=DEFAULT_ENGINE)
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--compare", action="store_true", help="beside it Whisper alone, twice")
    parser.add_argument(
        "--verbose", action="store_true", help="every recording: what was missed and invented"
    )
    parser.add_argument("--only", action="append", metavar="PART", help="recordings with this in their name")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything to FILE as well")
    parser.add_argument(
        "--remember", type=Path, metavar="FOLDER", help="keep what was decoded there, for the next run"
    )
    options = parser.parse_args()
    if not (options.folder / "INDEX.tsv").is_file():
        parser.error(f"{options.folder} has no INDEX.tsv")
    return options


if __name__ == "__main__":
    main()
