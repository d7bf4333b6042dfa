"""Numbers, and what they measure: a change, an amount that could be a result, or only the scene."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .lexicon import read_toml
from .reading import Hit

_YEAR = re.compile(r"^(19|20)\d\d$")
# "P95", "v2", "HTTP/2", "Q3", "3pm": a digit inside a name is no amount.
_NAME = re.compile(r"^[a-z]+[-/]?\d+[a-z]*$", re.I)
_AMOUNT = re.compile(r"^[~<>+]?\d[\d,.]*(%|x|k|m|b|bn|ms|s|min|h|hrs|\+)*$", re.I)

_DATA = read_toml("lexicons", "numbers.toml")
_SCENE_UNITS = frozenset(_DATA["scene_units"])
_MONEY = frozenset(_DATA["money"])
_PERCENT = frozenset(_DATA["percent"])
_TIME = frozenset(_DATA["time"])
_VAGUE = frozenset(_DATA["not_amounts"])
_CURRENCIES = frozenset("$€£")
# "in 2019", "a team of 5": what stands before a number tells what it is.
_DATING = frozenset({"in", "since"})
_OF_TEAM = frozenset({"of", "was", "were", "is"})


def number_hits(doc: Any, at: list[int]) -> Iterator[Hit]:
    """Tags: "number" (any amount), and one of "percent", "money", "duration", "count", "scene_number"."""
    for token in doc:
        if _is_amount(token):
            yield Hit("number", at[token.i], at[token.i])
            yield Hit(_measure(token), at[token.i], at[token.i])


def _is_amount(token: Any) -> bool:
    form = token.lower_
    if _NAME.match(form) or form in _VAGUE or (_YEAR.match(form) and not _counts(token)):
        return False
    if any(map(str.isdigit, form)):
        return bool(_AMOUNT.match(form)) or token.like_num
    return bool(token.like_num) and token.tag_ == "CD"


def _counts(token: Any) -> bool:
    """Whether what looks like a year is an amount: "2000 customers" is, "the 2019 figures" are not."""
    before, after = _before(token)[-1:], list(token.doc[token.i + 1 : token.i + 3])
    if _MONEY & set(_after(token)[:1]) or (before and before[0] in _CURRENCIES):
        return True
    if before and (before[0] in _DATING or token.nbor(-1).tag_ in ("DT", "PRP$", "POS")):
        return False
    described = after and after[0].tag_ in ("JJ", "JJR", "VBN", "VBG")
    counted = after[1:] if described else after[:1]
    return any(noun.tag_ in ("NNS", "NNPS") for noun in counted)


def _before(token: Any) -> list[str]:
    return [t.lower_ for t in token.doc[max(0, token.i - 2) : token.i]]


def _after(token: Any) -> list[str]:
    return [t.lemma_.lower() for t in token.doc[token.i + 1 : token.i + 4]]


def _measure(token: Any) -> str:
    before, after = _before(token), _after(token)
    form = token.lower_
    if form.endswith("%") or _PERCENT & set(after[:2]) or after[:2] == ["per", "cent"]:
        return "percent"
    if form[0] in _CURRENCIES or (before and before[-1] in _CURRENCIES) or _MONEY & set(after[:3]):
        return "money"
    if (before[:1] == ["team"] and before[-1] in _OF_TEAM) or _SCENE_UNITS & set(after[:2]):
        return "scene_number"
    # "40 per second" is a rate: the second is what it is counted by.
    if (_TIME & set(after[:2]) and after[0] != "per") or form.endswith(("ms", "min", "hrs")):
        return "duration"
    return "count"
