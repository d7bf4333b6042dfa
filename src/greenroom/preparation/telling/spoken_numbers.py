"""Numbers by their value, however they are said: "forty percent", "40 %" and "40%" are one and the same."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen"
)
_UNITS = {name: value for value, name in enumerate(_SMALL.split())}
_ROUND = "twenty thirty forty fifty sixty seventy eighty ninety"
_TENS = {name: 10 * tens for tens, name in enumerate(_ROUND.split(), start=2)}
_BELOW_HUNDRED = {**_UNITS, **_TENS}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_SHORT = {"k": 1e3, "m": 1e6, "bn": 1e9, "b": 1e9}
_PERCENT = frozenset({"%", "percent", "percentage", "pct"})
_FIGURE = re.compile(
    r"[$€£~<>+]*(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?:ms|min|hrs|[sxh%]|(k|m|bn|b))?\+?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Amount:
    """One number.

    Attributes:
        percent: whether it is one of a hundred: 40 % is another number than 40.
        first, last: its words, both included, without the word for percent.
    """

    value: float
    percent: bool
    first: int
    last: int


def amounts(words: Sequence[str]) -> Iterator[Amount]:
    """The numbers among words that are small and bare (records.bare), in order.

    A hyphen may join the words of one number ("thirty-eight"). Ordinals are none.
    """
    at = 0
    while at < len(words):
        if (read := _figure(words, at) or _spelled(words, at)) is None:
            at += 1
            continue
        value, end = read
        followed = " ".join(words[end : end + 2])
        percent = words[end - 1].endswith("%") or followed.split(" ")[0] in _PERCENT or followed == "per cent"
        yield Amount(value, percent, at, end - 1)
        at = end


def _figure(words: Sequence[str], at: int) -> tuple[float, int] | None:
    """A number in figures from words[at] on, with a scale after it, and where it ends."""
    if (found := _FIGURE.fullmatch(words[at])) is None:
        return None
    whole, part, short = found.groups()
    value = float(whole.replace(",", "") + (part or "")) * _SHORT.get((short or "").lower(), 1)
    end = at + 1
    if end < len(words) and words[end] in _SCALES:
        value, end = value * _SCALES[words[end]], end + 1
    return value, end


def _spelled(words: Sequence[str], at: int) -> tuple[float, int] | None:
    """The same for a number in words: "a hundred and forty", "two point six million"."""
    total = group = 0.0
    end, last = at, ""
    while end < len(words):
        word = words[end]
        if word == "a" and not last and _all_in(words, end + 1, _SCALES):
            group, last = 1.0, "unit"
        elif word == "and" and last and tuple(words[end + 1 : end + 3]) == ("a", "half"):
            group, last, end = group + 0.5, "end", end + 2
        elif word == "and" and last == "scale" and _all_in(words, end + 1, _BELOW_HUNDRED):
            pass
        elif word == "point" and last in ("unit", "tens") and _all_in(words, end + 1, _UNITS):
            group, end = _decimals(group, words, end + 1)
            last = "unit"
        elif (pieces := _pieces(word)) and _goes_on(last, pieces[0]):
            for piece in pieces:
                total, group = _with(total, group, piece)
            last = _kind(pieces[-1])
        else:
            break
        end += 1
    return (total + group, end) if last and words[at] not in _SCALES else None


def _pieces(word: str) -> list[str]:
    """The parts of a number in one word, "thirty-eight"; [] if it is none."""
    pieces = word.split("-")
    return pieces if all(piece in _BELOW_HUNDRED or piece in _SCALES for piece in pieces) else []


def _goes_on(last: str, piece: str) -> bool:
    """Whether it belongs to the number so far; "two three" are two numbers."""
    if _kind(piece) == "scale" or last in ("", "scale"):
        return True
    return last == "tens" and _UNITS.get(piece, 10) < 10


def _with(total: float, group: float, piece: str) -> tuple[float, float]:
    if piece == "hundred":
        return total, (group or 1) * 100
    if piece in _SCALES:
        return total + (group or 1) * _SCALES[piece], 0.0
    return total, group + _BELOW_HUNDRED[piece]


def _kind(piece: str) -> str:
    return "scale" if piece in _SCALES else "tens" if piece in _TENS else "unit"


def _all_in(words: Sequence[str], at: int, known: Container[str]) -> bool:
    return at < len(words) and all(piece in known for piece in words[at].split("-"))


def _decimals(whole: float, words: Sequence[str], at: int) -> tuple[float, int]:
    """A number with the digits after its point ("two point six five"), and its last word."""
    digits = ""
    while at < len(words) and _UNITS.get(words[at], 10) < 10:
        digits, at = digits + str(_UNITS[words[at]]), at + 1
    return float(f"{whole:.0f}.{digits or 0}"), at - 1
