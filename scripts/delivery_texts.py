"""Texts as `scripts/evaluate delivery` compares them: a normaliser that keeps filled pauses, and alignment.

Whisper's own normaliser takes "um" and "uh" out of both texts, so that no figure made with it says anything
about them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

FILLER = "<um>"
"""Any filled pause: whether it was an um or an uh is no error."""

_FILLED = re.compile(r"^(u+h*m+|u+h+|e+r+m*|e+h+m*|h+m+|m{2,}|mhm+|a+h+|…)$")

# One spelling for what transcribers spell in two ways.
_SAME = {
    "gonna": "going to",
    "wanna": "want to",
    "gotta": "got to",
    "kinda": "kind of",
    "sorta": "sort of",
    "yknow": "you know",
    "y'know": "you know",
    "alright": "all right",
    "ok": "okay",
    "'cause": "because",
    "cuz": "because",
    "cos": "because",
    "can't": "can not",
    "cannot": "can not",
    "won't": "will not",
    "let's": "let us",
    "mr": "mister",
    "dr": "doctor",
    "%": "percent",
}
_ENDINGS = (("n't", "not"), ("'m", "am"), ("'re", "are"), ("'ve", "have"), ("'ll", "will"))
_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")

_Way = tuple[float, int, int]
"""A step of an alignment: its cost to the end, and how far it goes in the other text and in the one."""

_A_SECOND_COSTS = 0.001  # so little that it only decides between ways that are as good


def tokens(text: str) -> list[str]:
    """The words of `text` as they are compared: lower case, no punctuation, every filled pause a `FILLER`.

    Of the marks of transcribers, a lengthened word ("<hes-forced>") is that word, one that was cut off
    ("<cutoff-forced>", "forc-") is none, and a noise ("[laughter]") is none.
    """
    text = text.lower().replace("’", "'").replace("‘", "'").replace("...", "…")
    text = re.sub(r"<hes-([^>]*)>", r"\1", text).replace("&-", "")
    text = re.sub(r"<cutoff-[^>]*>(\s+x\d+)?|\[[^\]]*\]|<[^>]*>|\b[a-z']+[-—–](?=\s|$)", " ", text)
    text = re.sub(r"(?<=\d)[,](?=\d{3})", "", text).replace("%", " % ")
    text = re.sub(r"(?<=\w)…|…(?=\w)", " ", text)
    return [token for word in re.findall(r"[\w'%…]+", text.replace("_", " ")) for token in _spelled(word)]


def _spelled(word: str) -> list[str]:
    if _FILLED.match(word):
        return [FILLER]
    if word in _SAME:
        return _SAME[word].split()
    word = word.rstrip("'") if word in ("'em", "'er", "'til") else word.strip("'")
    if word in _SAME:
        return _SAME[word].split()
    for ending, full in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending):
            return [word.removesuffix(ending), full]
    if word.isascii() and word.isdigit() and len(word) <= 4:
        return _number(int(word))
    return [word.replace("'", "")] if word.strip("'…") else []


def _number(value: int) -> list[str]:
    """A number as it is said; one from 1100 to 2099 as a year is."""
    if value < 20:
        return [_ONES[value]]
    if value < 100:
        return [_TENS[value // 10], *([_ONES[value % 10]] if value % 10 else [])]
    if 1100 <= value < 2100 and value % 1000 >= 10 and value % 100:
        return _number(value // 100) + (["oh"] if value % 100 < 10 else []) + _number(value % 100)
    size, name = (1000, "thousand") if value >= 1000 else (100, "hundred")
    return [*_number(value // size), name, *(_number(value % size) if value % size else [])]


def without_fillers(words: Sequence[str]) -> list[str]:
    return [word for word in words if word != FILLER]


def aligned(
    one: Sequence[str], other: Sequence[str], apart: Callable[[int, int], float] | None = None
) -> list[tuple[int | None, int | None]]:
    """The cheapest way from one text to the other: pairs of indices, None for what the other lacks.

    A filled pause is never the same as a word that it was not: a missed um and an invented word are two.

    Args:
        apart: of two indices, how far apart their times are (s): of two ways, the nearer.
    """
    cost = [[0.0] * (len(other) + 1) for _ in range(len(one) + 1)]
    ways: dict[tuple[int, int], _Way] = {}
    for i in range(len(one), -1, -1):
        for j in range(len(other), -1, -1):
            if i < len(one) or j < len(other):
                ways[i, j] = min(_ways(cost, one, other, i, j, apart))
                cost[i][j] = ways[i, j][0]
    path, i, j = list[tuple[int | None, int | None]](), 0, 0
    while (i, j) in ways:
        _, across, down = ways[i, j]
        path.append((i if down else None, j if across else None))
        i, j = i + down, j + across
    return path


def _ways(
    cost: list[list[float]],
    one: Sequence[str],
    other: Sequence[str],
    i: int,
    j: int,
    apart: Callable[[int, int], float] | None,
) -> Iterator[_Way]:
    if i < len(one) and j < len(other):
        change = 0 if one[i] == other[j] else 3 if FILLER in (one[i], other[j]) else 1
        nearer = _A_SECOND_COSTS * min(apart(i, j), 9.0) if apart else 0.0
        yield cost[i + 1][j + 1] + change + nearer, 1, 1
    if i < len(one):
        yield cost[i + 1][j] + 1, 0, 1
    if j < len(other):
        yield cost[i][j + 1] + 1, 1, 0


def paired(
    one: Sequence[str], other: Sequence[str], apart: Callable[[int, int], float] | None = None
) -> list[tuple[int, int]]:
    """Indices of what is the same in both texts; `apart` as for `aligned`."""
    pairs = aligned(one, other, apart)
    return [(i, j) for i, j in pairs if i is not None and j is not None and one[i] == other[j]]


def errors(reference: Sequence[str], heard: Sequence[str]) -> int:
    """Words to change, to take out and to put in: the count that a word error rate divides."""
    from rapidfuzz.distance import Levenshtein

    return int(Levenshtein.distance(list(reference), list(heard)))
