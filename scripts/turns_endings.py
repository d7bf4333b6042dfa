"""How answers end: what one answer's frames did to the endpointer, and the counts over many of them."""

from __future__ import annotations

import hashlib
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from turns_sound import Mask, Samples
from turns_testset import Condition, Spoken

from greenroom.listening import voice_activity
from greenroom.listening.endpointer import Endpointer, EndpointerSettings, Listening
from greenroom.listening.voice_activity import frames_of, load_detector
from greenroom.records import Clip

REOPEN_SECONDS = 2.0
"""As in a live interview."""

NO_LIMIT = 3600.0
"""The limit on an answer's length is taken away: it would end answers whose detector never does."""

Turn = Callable[[Endpointer, Listening], None]
"""Called after every frame; may change the patience and note words, as a live interview does."""


@dataclass(frozen=True)
class Ending:
    """How one answer ended.

    Attributes:
        cuts: ends decided before the true one, taken back or not.
        lost: an end before the true one was final, so that the rest of the answer was not heard.
        delay: from the true end and the patience then in force to the decision (s); None if lost or never.
        wait: from the true end to the decision (s); None likewise.
        wrongly: times that something behind the true end re-opened the answer.
        by: what ended it; None if it never ended.
    """

    cuts: int
    lost: bool
    delay: float | None
    wait: float | None
    wrongly: int
    by: str | None


@dataclass(frozen=True)
class Row:
    """One answer under one condition, detector and patience."""

    answer: str
    detector: str
    patience: str
    condition: Condition
    ending: Ending
    pauses: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def voiced(samples: Samples, detector: str, cache: Path) -> Mask:
    """The flag of every frame; kept in `cache`, since every patience listens to the same ones."""
    # The detectors' own code is part of the key: what is measured is always what is there now.
    code = Path(voice_activity.__file__).read_bytes()
    key = hashlib.sha256(code + detector.encode() + samples.tobytes()).hexdigest()[:32]
    path = cache / f"voiced-{key}.npy"
    if path.exists():
        packed = np.load(path)
        return np.unpackbits(packed).astype(bool)[: -(-len(samples) // 480)]
    loaded = load_detector(detector)
    flags = np.array([loaded.is_speech(frame) for frame in frames_of(Clip(samples))], dtype=bool)
    np.save(path, np.packbits(flags))
    return flags


def nothing(endpointer: Endpointer, listening: Listening) -> None:
    """A turn in which the patience stays as it is set."""


def listen(flags: Iterable[bool], end: float, patience: float, each_frame: Turn = nothing) -> Ending:
    """How the answer with these frames ends, if its speech really ends at `end` (s)."""
    settings = EndpointerSettings(patience=patience, max_answer=NO_LIMIT, reopen=REOPEN_SECONDS)
    endpointer, decided, delays, by = Endpointer(settings), list[float](), list[float](), None
    for flag in flags:
        before = by
        listening = endpointer.push(bool(flag))
        by = listening.ended_by
        if by and not before:
            decided.append(endpointer.seconds)
            delays.append(endpointer.seconds - end - endpointer.patience)
        if listening.final:
            break
        each_frame(endpointer, listening)
    return _ending(decided, delays, end, by)


def _ending(decided: list[float], delays: list[float], end: float, by: str | None) -> Ending:
    cuts = sum(when < end for when in decided)
    lost = by is not None and decided[-1] < end
    ended_well = by is not None and not lost
    after = len(decided) - cuts
    return Ending(
        cuts=cuts,
        lost=lost,
        delay=delays[-1] if ended_well else None,
        wait=decided[-1] - end if ended_well else None,
        wrongly=max(0, after - 1) + (by is None and after > 0),
        by=by,
    )


def row(answer: Spoken, condition: Condition, detector: str, patience: str, ending: Ending) -> Row:
    return Row(answer.name, detector, patience, condition, ending, len(answer.pauses()))


HEADER = (
    "answers",
    "cut off",
    "lost",
    "pauses that cut, of 100",
    "beyond the patience (median, 95 %)",
    "from the true end",
    "by stall",
    "never ended",
    "re-opened wrongly",
)


def counts(rows: Sequence[Row]) -> tuple[str, ...]:
    """The cells of HEADER for some answers."""
    endings = [each.ending for each in rows]
    pauses = sum(each.pauses for each in rows)
    cuts = sum(ending.cuts for ending in endings)
    return (
        str(len(rows)),
        str(sum(ending.cuts > 0 for ending in endings)),
        str(sum(ending.lost for ending in endings)),
        f"{100 * cuts / pauses:.1f}" if pauses else "-",
        _spread(ending.delay for ending in endings),
        _spread(ending.wait for ending in endings),
        str(sum(ending.by == "stall" for ending in endings)),
        str(sum(ending.by is None for ending in endings)),
        str(sum(ending.wrongly > 0 for ending in endings)),
    )


def _spread(found: Iterable[float | None]) -> str:
    values = sorted(value for value in found if value is not None)
    return f"{statistics.median(values):.2f} s, {percentile(values, 0.95):.2f} s" if values else "-"


def percentile(ordered: Sequence[float], share: float) -> float:
    """The smallest of the values that `share` of them do not exceed."""
    return ordered[max(0, -(-len(ordered) * round(share * 1000) // 1000) - 1)]


def table(title: str, groups: Sequence[tuple[tuple[str, ...], Sequence[Row]]], heads: tuple[str, ...]) -> str:
    """A Markdown table: a line for each group that has answers."""
    lines = [f"### {title}", "", _line((*heads, *HEADER)), _line(["---"] * (len(heads) + len(HEADER)))]
    lines += [_line((*names, *counts(rows))) for names, rows in groups if rows]
    return "\n".join(lines) + "\n"


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def tables(rows: Sequence[Row]) -> str:
    """Every table of the part "endings"."""
    ways = list(dict.fromkeys((row.detector, row.patience) for row in rows))
    levels = list(dict.fromkeys((row.condition.variant, row.condition.name) for row in rows))
    noises = sorted({row.condition.noise for row in rows if row.condition.noise})
    whole = [
        ((*way, name), [row for row in rows if (row.detector, row.patience) == way and keep(row)])
        for way in ways
        for name, keep in (("clean to 15 dB", at_least_15_db), ("10 dB", lambda row: not at_least_15_db(row)))
    ]
    by_level = [
        ((*way, variant, level), [row for row in rows if _is(row, way) and _level(row) == (variant, level)])
        for way in ways
        for variant, level in levels
    ]
    by_noise = [
        (
            (*way, noise, name),
            [row for row in rows if _is(row, way) and row.condition.noise == noise and keep(row)],
        )
        for way in ways
        for noise in noises
        for name, keep in (("30 to 15 dB", at_least_15_db), ("10 dB", lambda row: not at_least_15_db(row)))
    ]
    heads = ("detector", "patience")
    return "\n".join(
        [
            table("Endings", whole, (*heads, "noise")),
            table("Endings by level", by_level, (*heads, "answers' pauses", "level")),
            table("Endings by noise", by_noise, (*heads, "noise", "level")),
        ]
    )


def at_least_15_db(row: Row) -> bool:
    return row.condition.snr_db is None or row.condition.snr_db >= 15


def _is(row: Row, way: tuple[str, str]) -> bool:
    return (row.detector, row.patience) == way


def _level(row: Row) -> tuple[str, str]:
    return row.condition.variant, row.condition.name
