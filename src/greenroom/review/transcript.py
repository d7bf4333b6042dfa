"""An answer's words as a page shows them: as they were said, with pauses, in paragraphs, and marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from greenroom.records import Span, Turn, bare, ends_sentence, long_pauses

_PARAGRAPH_WORDS = 70  # from here on a paragraph ends with a sentence where the next part of the story begins
_LONGEST_PARAGRAPH = 110  # and from here on with any sentence
_JITTER = 0.02  # s by which a word may begin before the pause that it follows has ended


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing in the line of words.

    Attributes:
        kind: "word", "pause", "unwritten" (a filler that was heard and is not among the words), or "part":
            the name of the part of the story that begins here.
        style: of a word: "filler", "back" (taken back), or "".
        word: index in the transcript, None for what is no word of it.
        start, end: seconds, None where there is no sound.
    """

    kind: str
    text: str
    start: float | None = None
    end: float | None = None
    word: int | None = None
    style: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """Pieces next to each other that are marked the same: as "change", "shown", "hedge", or not ("")."""

    mark: str
    pieces: tuple[Piece, ...]


@dataclass(slots=True)
class _Sheet:
    """What is known of each word, by its index."""

    styles: dict[int, str] = field(default_factory=dict)
    marks: dict[int, str] = field(default_factory=dict)
    parts: dict[int, str] = field(default_factory=dict)


def paragraphs_of(turn: Turn) -> tuple[tuple[Run, ...], ...]:
    """The transcript of a turn; () where nothing was understood."""
    if not turn.transcript.words:
        return ()
    sheet = _sheet_of(turn)
    return tuple(tuple(_runs(paragraph, sheet)) for paragraph in _paragraphs(list(_pieces(turn, sheet))))


def place_of(turn: Turn, quote: str) -> tuple[int, int] | None:
    """First and last index of the words that a quote repeats, or None."""
    sought = [bare(text) for text in quote.split() if bare(text)]
    # An "um" that was written later stands between words that were quoted next to each other.
    fillers = {f.first_word for f in turn.delivery.fillers if f.kind == "filled_pause"}
    said = [(i, bare(w.text)) for i, w in enumerate(turn.transcript.words) if i not in fillers]
    for begin in range(len(said) - len(sought) + 1 if sought else 0):
        if [text for _, text in said[begin : begin + len(sought)]] == sought:
            return said[begin][0], said[begin + len(sought) - 1][0]
    return None


def _sheet_of(turn: Turn) -> _Sheet:
    sheet = _Sheet()
    for back in turn.delivery.disfluencies:
        sheet.styles.update(dict.fromkeys(range(back.first_word, back.last_word + 1), "back"))
    for filler in turn.delivery.fillers:
        if filler.first_word is not None and filler.last_word is not None:
            sheet.styles.update(dict.fromkeys(range(filler.first_word, filler.last_word + 1), "filler"))
    marked: tuple[tuple[str, Sequence[Span]], ...] = (
        ("hedge", turn.delivery.hedges),
        ("shown", [span for signal in turn.signals for span in signal.evidence]),
        # Last, and so over the others.
        ("change", [span for finding in turn.patterns for span in finding.evidence]),
    )
    for mark, spans in marked:
        for span in spans:
            sheet.marks.update(dict.fromkeys(range(span.first_word, span.last_word + 1), mark))
    before = ""
    for part in sorted(turn.parts, key=lambda part: part.first_word):
        if part.id != before:
            sheet.parts[part.first_word] = before = part.id
    return sheet


def _runs(paragraph: Sequence[Piece], sheet: _Sheet) -> Iterator[Run]:
    """What stands between two words that are marked the same, a pause for example, goes with them."""
    marks = [None if piece.word is None else sheet.marks.get(piece.word, "") for piece in paragraph]
    before, after = _carried(marks), _carried(marks[::-1])[::-1]
    found = [mark if mark == other else "" for mark, other in zip(before, after, strict=True)]
    for mark, pieces in groupby(zip(found, paragraph, strict=True), lambda each: each[0]):
        yield Run(mark, tuple(piece for _, piece in pieces))


def _carried(marks: Sequence[str | None]) -> list[str]:
    """Each mark, and for None the one before it."""
    carried = [""]
    for mark in marks:
        carried.append(carried[-1] if mark is None else mark)
    return carried[1:]


def _pieces(turn: Turn, sheet: _Sheet) -> Iterator[Piece]:
    between = sorted(_between(turn), key=lambda piece: piece.start or 0.0)
    for index, word in enumerate(turn.transcript.words):
        while between and word.start is not None and (between[0].start or 0.0) < word.start - _JITTER:
            yield between.pop(0)
        if index in sheet.parts:
            yield Piece("part", sheet.parts[index])
        yield Piece("word", word.text, word.start, word.end, index, sheet.styles.get(index, ""))
    yield from between


def _between(turn: Turn) -> Iterator[Piece]:
    """What stands between words: long pauses, and fillers that nobody wrote."""
    for pause in long_pauses(turn.delivery):
        yield Piece("pause", f"{pause.end - pause.start:.1f} s", pause.start, pause.end)
    for filler in turn.delivery.fillers:
        if filler.first_word is None and filler.start is not None:
            yield Piece("unwritten", filler.text, filler.start, filler.end, style="filler")


def _paragraphs(pieces: list[Piece]) -> Iterator[list[Piece]]:
    paragraph: list[Piece] = []
    words, after_sentence = 0, False
    for piece in pieces:
        enough = words >= (_PARAGRAPH_WORDS if piece.kind == "part" else _LONGEST_PARAGRAPH)
        if after_sentence and enough and piece.kind != "pause":
            yield paragraph
            paragraph, words = [], 0
        paragraph.append(piece)
        if piece.kind == "word":
            words += 1
            after_sentence = ends_sentence(piece.text)
    if paragraph:
        yield paragraph
