"""The made delivery set on disk, in the format of ../shared/audio: recordings, INDEX.tsv and references."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from delivery_set_answers import FILLERS
from delivery_set_phrases import Said

COLUMNS = ("file", "seconds", "sample_rate", "source", "licence", "kind", "reference", "notes")


@dataclass(frozen=True)
class Row:
    """A line of INDEX.tsv."""

    file: str
    seconds: float
    source: str
    licence: str
    kind: str
    reference: str
    notes: str

    def line(self) -> str:
        cells = (self.file, f"{self.seconds:.2f}", "16000 (made)", self.source, self.licence, self.kind)
        return "\t".join((*cells, self.reference, self.notes))


def write_index(folder: Path, rows: Sequence[Row]) -> None:
    lines = ["\t".join(COLUMNS), *(row.line() for row in rows)]
    (folder / "INDEX.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def words_text(words: Sequence[Said]) -> str:
    return " ".join(word.text for word in words)


def fillers(words: Sequence[Said]) -> list[Said]:
    return [word for word in words if word.text in FILLERS]


def write_reference(
    folder: Path, stem: str, seconds: float, words: Sequence[Said], others: dict[str, Sequence[Said]]
) -> None:
    """NAME.ref.txt and, in Praat's short form, NAME.TextGrid: a tier "words", where what is empty is silence,
    and a tier for each of `others`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{stem}.ref.txt").write_text(words_text(words) + "\n", encoding="utf-8")
    tiers = {"words": words, **others}
    lines = ['File type = "ooTextFile"', 'Object class = "TextGrid"', "", "0", number(seconds), "<exists>"]
    lines.append(str(len(tiers)))
    for name, said in tiers.items():
        intervals = filled(said, seconds)
        lines += ['"IntervalTier"', f'"{name}"', "0", number(seconds), str(len(intervals))]
        for each in intervals:
            lines += [number(each.start), number(each.end), f'"{each.text}"']
    (folder / f"{stem}.TextGrid").write_text("\n".join(lines) + "\n", encoding="utf-8")


def filled(said: Sequence[Said], seconds: float) -> list[Said]:
    """What was said and the silences between, so that every moment is in one interval."""
    intervals: list[Said] = []
    at = 0.0
    for each in sorted(said, key=lambda word: word.start):
        if each.start > at + 5e-4:
            intervals.append(Said("", at, each.start))
        intervals.append(Said(each.text, max(at, each.start), each.end))
        at = each.end
    return [*intervals, Said("", at, seconds)] if seconds > at + 5e-4 else intervals


def number(seconds: float) -> str:
    return f"{seconds:.4f}".rstrip("0").rstrip(".")
