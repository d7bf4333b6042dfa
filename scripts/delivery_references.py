"""The recordings that `scripts/evaluate delivery` scores, and what was said in them.

A folder holds INDEX.tsv (a line for each recording, with at least the columns `file` and `kind`), the
recordings, and beside them or in references/, for each as far as there is one: NAME.ref.txt, NAME.TextGrid
(Praat), NAME.cha (CHAT with a %wor tier) and NAME.scv (speech and no speech by turns).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from delivery_texts import FILLER, aligned, tokens

Stretch = tuple[float, float]
Spoken = tuple[str, float, float]
"""What was said, as it was written, and from when to when (s)."""

GROUPS = ("spontaneous", "acted", "fluent", "no speech")

# Read aloud counts as fluent, but "half-read" talk or an unscripted monologue does not.
_KINDS = (
    ("no speech", r"\bnoise-only|\bno[ -]speech|^silence"),
    ("fluent", r"\bscripted|\bfluent|\bcontrol"),
    ("spontaneous", r"\bconversation|\bspontaneous|\binterview|\bunscripted"),
    ("acted", r"\bacted"),
    ("fluent", r"\bread\b|\bspeech\b"),
)

# An aligner that was given one filler too many squeezes it into its shortest interval.
_DOUBTFUL_SECONDS = 0.04

_NO_WORD = re.compile(r"^(sil|sp|spn|\W*|[\[{(<].*[\]})>])$", re.IGNORECASE)
_CHAT_WORD = re.compile(r"(\S+)\s+\x15?(\d+)_(\d+)\x15?")


@dataclass(frozen=True, slots=True)
class Timed:
    """A word or a filled pause (`FILLER`), normalised, and its time (s)."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Reference:
    """What is known of a recording.

    Attributes:
        group: one of GROUPS.
        text: its words and filled pauses, normalised; None where nobody wrote them down.
        exact_text: whether `text` can be compared word by word: not where words are cut off in it.
        timed: the same with times, in order; empty where there are none.
        doubtful: filled pauses (s) with a time, that the text has not: neither missed nor invented.
        untimed: those that only the text has: between which words (s); among `timed` too.
        unclear: between words (s) where the text has something that was given no time, so not silent.
        silences: (start, end) between words, or between stretches labelled as speech (s).
        labelled: whether `silences` come from such labels, and not from words.
        said: how many words as they are counted for a rate: "don't" and "wake-up" are one.
    """

    name: str
    path: Path
    group: str
    text: tuple[str, ...] | None = None
    exact_text: bool = True
    timed: tuple[Timed, ...] = ()
    doubtful: tuple[Stretch, ...] = ()
    untimed: tuple[Stretch, ...] = ()
    unclear: tuple[Stretch, ...] = ()
    silences: tuple[Stretch, ...] = ()
    labelled: bool = False
    said: int = 0

    @property
    def fluent(self) -> bool:
        """Whether it is fluent speech, in which every filled pause is an invented one."""
        return self.group == "fluent" and FILLER not in (self.text or ())


def references(folder: Path) -> list[Reference]:
    """All recordings of `folder`, in the order of its INDEX.tsv."""
    with (folder / "INDEX.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [_reference(folder, row) for row in rows]


def _reference(folder: Path, row: dict[str, str]) -> Reference:
    path = folder / row["file"]
    group = next((group for group, kind in _KINDS if re.search(kind, row["kind"], re.IGNORECASE)), "acted")
    words = _words(folder, path.stem)
    written = _found(folder, path.stem, ".ref.txt")
    raw = written.read_text("utf-8-sig") if written else " ".join(text for text, _, _ in words)
    text = tuple(tokens(raw)) if raw.strip() else () if group == "no speech" else None
    cut_off = bool(re.search(r"<cutoff|[a-z](-|—|–)(\s|$)", raw))
    reference = Reference(path.stem, path, group, text, not cut_off)
    if text and _word_by_word(words):
        return _with_times(reference, words, text)
    labels = _found(folder, path.stem, ".scv")
    silences = tuple(_between_labels(labels.read_text())) if labels else ()
    return replace(reference, silences=silences, labelled=True)


def _with_times(reference: Reference, words: Sequence[Spoken], text: tuple[str, ...]) -> Reference:
    """Words as the text has them; what is written as one and compared as two shares its time."""
    timed = [Timed(token, start, end) for spoken, start, end in words for token in tokens(spoken)]
    silences = [(a.end, b.start) for a, b in pairwise(timed) if b.start > a.end]
    doubtful, untimed, gaps = _disagreements(timed, text)
    timed += [Timed(FILLER, start, end) for start, end in untimed]
    return replace(
        reference,
        timed=tuple(sorted(timed, key=lambda word: word.start)),
        doubtful=doubtful,
        untimed=untimed,
        silences=tuple(s for s in silences if s not in gaps),
        unclear=gaps,
        said=sum(tokens(spoken)[:1] not in ([], [FILLER]) for spoken, _, _ in words),
    )


def _found(folder: Path, stem: str, suffix: str) -> Path | None:
    places = (folder / "references" / (stem + suffix), folder / (stem + suffix))
    return next((place for place in places if place.is_file()), None)


def _words(folder: Path, stem: str) -> list[Spoken]:
    """(text, start, end) of all that was said, as it was written."""
    if grid := _found(folder, stem, ".TextGrid"):
        return sorted(_of_grid(text_grid(grid)), key=lambda word: word[1])
    if chat := _found(folder, stem, ".cha"):
        lines = chat.read_text("utf-8-sig").splitlines()
        said = " ".join(line for line in lines if line.startswith("%wor:"))
        return [(w, int(a) / 1000, int(b) / 1000) for w, a, b in _CHAT_WORD.findall(said)]
    return []


def _of_grid(tiers: dict[str, list[Spoken]]) -> Iterator[Spoken]:
    """The words of all speakers, and filled pauses that have a tier of their own."""
    names = [name for name in tiers if re.search(r"\bwords?$", name, re.IGNORECASE)]
    chosen = names or [name for name in tiers if not re.search(r"phone|pause|silence|speech", name)][:1]
    words = [word for name in chosen for word in tiers[name] if not _NO_WORD.match(word[0].strip())]
    yield from words
    starts = {round(start, 2) for _, start, _ in words}
    for name in tiers:
        if re.search("filler|filled", name, re.IGNORECASE) and name not in chosen:
            yield from (w for w in tiers[name] if w[0].strip() and round(w[1], 2) not in starts)


def text_grid(path: Path) -> dict[str, list[Spoken]]:
    """The interval tiers of a Praat TextGrid, long or short form: name to (text, start, end).

    Both forms hold the same free-standing numbers and quoted texts in the same order; the rest is comment.
    """
    data = path.read_bytes()
    content = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    found = re.findall(r'"((?:[^"]|"")*)"|(?<!\S)(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)(?!\S)', content)
    items = iter([number or text.replace('""', '"') for text, number in found][2:])
    _, _, count = next(items), next(items), int(next(items))
    tiers: dict[str, list[Spoken]] = {}
    for _ in range(count):
        form, name, _, _, size = (next(items) for _ in range(5))
        if form == "IntervalTier":
            rows = [(float(next(items)), float(next(items)), next(items)) for _ in range(int(size))]
            tiers[name] = [(text, start, end) for start, end, text in rows]
        else:
            for _ in range(2 * int(size)):
                next(items)
    return tiers


def _word_by_word(words: Sequence[Spoken]) -> bool:
    """Whether the times are those of words; some grids have one for a sentence."""
    return 0 < sum(len(text.split()) for text, _, _ in words) < 2 * len(words)


def _disagreements(
    timed: Sequence[Timed], text: tuple[str, ...]
) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...], tuple[Stretch, ...]]:
    """`doubtful`, `untimed` and `unclear` of a Reference: its text and its times may differ."""
    doubtful, untimed, unclear, last = list[Stretch](), list[Stretch](), list[Stretch](), 0.0
    path = aligned([word.text for word in timed], text)
    for at, (i, j) in enumerate(path):
        if i is None and j is not None:
            unclear.append((last, next((timed[k].start for k, _ in path[at:] if k is not None), last)))
            untimed += unclear[-1:] if text[j] == FILLER else []
        elif i is not None:
            word, last = timed[i], timed[i].end
            if word.text == FILLER and (j is None or word.end - word.start < _DOUBTFUL_SECONDS):
                doubtful.append((word.start, word.end))
    return tuple(doubtful), tuple(untimed), tuple(unclear)


def _between_labels(content: str) -> Iterator[Stretch]:
    """Silences of an .scv line (name, then start, end and 1 or 0 again and again) inside its speech."""
    values = [float(value) for value in content.strip().split(",")[1:]]
    rows = list(zip(values[::3], values[1::3], values[2::3], strict=False))
    for (_, _, before), (start, end, speech), (_, _, after) in zip(rows, rows[1:], rows[2:], strict=False):
        if before and after and not speech:
            yield start, end
