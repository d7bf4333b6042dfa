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


def number_hits(doc: Any, at: list[int]) -> Iterator[Hit]:
    """Tags: "number" (any amount), and one of "percent", "money", "duration", "count", "scene_number"."""
    for token in doc:
        if _is_amount(token):
            yield Hit("number", at[token.i], at[token.i])
            yield Hit(_measure(token), at[token.i], at[token.i])


def _is_amount(token: Any) -> bool:
    form = token.lower_
    if _YEAR.match(form) or _NAME.match(form) or form in _VAGUE:
        return False
    if any(map(str.isdigit, form)):
        return bool(_AMOUNT.match(form)) or token.like_num
    return bool(token.like_num) and token.ent_type_ != "ORDINAL" and token.tag_ == "CD"


def _measure(token: Any) -> str:
    around = [t.lower_ for t in token.doc[max(0, token.i - 2) : token.i]]
    after = [t.lemma_.lower() for t in token.doc[token.i + 1 : token.i + 4]]
    form = token.lower_
    if form.endswith("%") or _PERCENT & set(after[:2]):
        return "percent"
    if form[0] in "$€£" or (around and around[-1] in "$€£") or _MONEY & set(after[:3]):
        return "money"
    if "team" in around or _SCENE_UNITS & set(after[:2]):
        return "scene_number"
    if _TIME & set(after[:2]) or form.endswith(("ms", "min", "hrs")):
        return "duration"
    return "count"
