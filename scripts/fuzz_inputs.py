"""Hostile inputs: valid files with values swapped for what nobody expects, and then bytes damaged.

All of it comes from a `random.Random`, so that an input is told by its seed; hypothesis has one that shrinks.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from random import Random
from typing import Any

DEEP = 100_000
"""Levels of nesting: more than any reader's stack holds."""

_LONG = 10_000_000  # characters of the longest text; one input in some hundreds has one
_RARE = 150
_LARGEST = 12_000_000  # bytes of one input

WHOLE = (0, -1, 1, 2, 3, 40, 255, 2**31, -(2**31), 2**53 + 1, 2**63 - 1, -(2**63))
FLOATS = (0.0, -0.0, -0.5, 0.5, 1e-320, 1.5, 99.9, 86_400.0, 1e7, 1e15, 1e300, -1e308, 1.7976931348623157e308)
NUMBERS: tuple[Any, ...] = (
    *WHOLE,
    *FLOATS,
    2**63,
    2**64,
    10**30,
    10**400,
    *map(float, ("nan", "inf", "-inf")),
)
TEXTS = (
    *(
        "",
        " ",
        "\t",
        "\n",
        "\r\n\r\n",
        "\x00",
        "a\x00b",
        "\x1b[2J\x1b[31m",
        "\x07",
        "\x85",
        "\u2028",
        "\u2029",
    ),
    *(
        "\u202eright to left",
        "שלום עולם",
        "مرحبا",
        "👩‍👩‍👧‍👦",
        "e" + "\u0301" * 300,
        "ﬁ",
        "İ",
        "ß",
        "\ufeff",
        "\ufffe",
    ),
    *("\ud800", "\udfff\ud800", "\U0010ffff", "\u200b", "null", "NaN", "-1", "1e999", "0x" + "f" * 5000),
    *(
        "../../../etc/passwd",
        "/etc/passwd",
        "C:\\con",
        "nul",
        "a/b",
        "..",
        ".",
        "~",
        "$(id)",
        "`id`",
        "%s%n%d",
    ),
    *(
        "</script><script>alert(1)</script>",
        "{{ 7*7 }}",
        "<!--",
        "]]>",
        "-->",
        "WEBVTT\n\n00:00 --> 1",
        "=1+1",
    ),
    *("2026-11-22T10:00:00+00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-13-40"),
    *(
        '"""',
        "'''",
        "#",
        "[[",
        "]]",
        "\\",
        '\\"',
        "\\u0000",
        "um " * 50,
        "word " * 2000,
        "a" * 5000,
        "." * 3000,
    ),
)
DATES = (date.min, date.max, datetime.min, datetime.max, time(0, 0))
BITS = (b"\x00", b"\xff", b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\r\n", b"\r", b"\n", b'"', b"\\", b"{")
MORE_BITS = (
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"=",
    b"#",
    b"'",
    b'"""',
    b"'''",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\x1b[2J",
)

Path = tuple[Any, ...]


def hostile_document(rng: Random, seeds: Sequence[Any], wild: float = 0.15) -> Any:
    """One of the valid documents with one to five values swapped, taken out, doubled, or put in.

    `wild`: how many of the swaps go by no type. What is typed strictly would else refuse nearly all.
    """
    document = copy.deepcopy(rng.choice(seeds))
    for _ in range(rng.randrange(1, 6)):
        document = _swapped(rng, document, wild)
    return document


def hostile_record(rng: Random, seeds: Sequence[Any]) -> bytes:
    """JSON whose types mostly hold and whose values do not; one in twelve damaged beyond that."""
    document = hostile_document(rng, seeds, wild=0.01)
    data = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
    return mutated(rng, data) if rng.randrange(12) == 0 else data[:_LARGEST]


def hostile_json(rng: Random, seeds: Sequence[Any]) -> bytes:
    """A hostile document as JSON; one in three damaged beyond that."""
    text = json.dumps(hostile_document(rng, seeds), ensure_ascii=rng.random() < 0.5)
    if rng.randrange(_RARE) == 0:
        text = _nested(rng, text, "[", "]")
    return damaged(rng, encoded(rng, text))


def hostile_toml(rng: Random, seeds: Sequence[Any]) -> bytes:
    """A hostile document as TOML; one in three damaged beyond that."""
    document = hostile_document(rng, seeds)
    text = as_toml(document if isinstance(document, dict) else {"value": document})
    if rng.randrange(_RARE) == 0:
        text += "\ndeep = " + _nested(rng, "1", *rng.choice((("[", "]"), ("{a=", "}"))))
    return damaged(rng, encoded(rng, text))


def hostile_text(rng: Random, seeds: Sequence[str]) -> bytes:
    """Plain text with hostile pieces put into it."""
    words = rng.choice(seeds).split(" ")
    for _ in range(rng.randrange(0, 6)):
        words.insert(rng.randrange(len(words) + 1), _text(rng))
    del words[rng.randrange(len(words)) + 1 :]
    return damaged(rng, encoded(rng, rng.choice((" ", "\n", "")).join(words)))


def encoded(rng: Random, text: str) -> bytes:
    """Mostly UTF-8; else with a byte order mark, as UTF-16, or with other ends of lines."""
    way = rng.randrange(20)
    if way == 0:
        return text.encode("utf-16", "surrogatepass")
    if way == 1:
        return text.encode("latin-1", "replace")
    if way == 2:
        text = "\ufeff" + text
    if way == 3:
        text = text.replace("\n", "\r\n")
    return text.encode("utf-8", "surrogatepass")


def damaged(rng: Random, data: bytes) -> bytes:
    """One input in three with bytes flipped, cut out, doubled or put in; and none too large."""
    if rng.randrange(3):
        return data[:_LARGEST]
    return mutated(rng, data)


def mutated(rng: Random, data: bytes) -> bytes:
    """One to four damages of the bytes."""
    for _ in range(rng.randrange(1, 5)):
        data = _damage(rng, data)
    return data[:_LARGEST]


def as_toml(document: dict[str, Any]) -> str:
    """TOML of whatever Python holds, valid where the values can be."""
    simple = [f"{_key(k)} = {_value(v)}" for k, v in document.items() if not _is_tables(v)]
    tables = [
        f"\n[[{_key(k)}]]\n" + "\n".join(f"{_key(n)} = {_value(w)}" for n, w in each.items())
        for k, v in document.items()
        if _is_tables(v)
        for each in v
    ]
    return "\n".join((*simple, *tables)) + "\n"


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)


def _key(key: Any) -> str:
    text = str(key)
    return text if text.isascii() and text.replace("_", "").replace("-", "").isalnum() else json.dumps(text)


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float):
        return repr(value)
    return '""' if value is None else json.dumps(value, ensure_ascii=False)


def _swapped(rng: Random, document: Any, wild: float) -> Any:
    places = list(_places(document))
    path = rng.choice(places) if places else ()
    if not path:
        return _hostile(rng)
    holder = document
    for key in path[:-1]:
        holder = holder[key]
    way = rng.randrange(10)
    if way == 0 and isinstance(holder, dict) and rng.random() < 0.5 + wild:
        del holder[path[-1]]
    elif way == 1 and isinstance(holder, list):
        holder += [copy.deepcopy(holder[path[-1]]) for _ in range(rng.choice((1, 2, 40)))]
    elif way == 2 and isinstance(holder, dict):
        holder[_text(rng)[:5000]] = _hostile(rng)
    elif way == 3:
        same = [each for each in places if type(_at(document, each)) is type(holder[path[-1]])]
        holder[path[-1]] = copy.deepcopy(_at(document, rng.choice(same if rng.random() > wild else places)))
    else:
        holder[path[-1]] = _like(rng, holder[path[-1]], wild)
    return document


def _at(document: Any, path: Path) -> Any:
    for key in path:
        document = document[key]
    return document


def _like(rng: Random, value: Any, wild: float) -> Any:
    """Hostile, and mostly of the kind that stands there: what is of another is refused early."""
    if rng.random() < wild:
        return _hostile(rng)
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        if rng.random() < 0.5:
            return rng.choice((value + 1, value - 1, -value, value * 1000, value // 2))
        return rng.choice(NUMBERS if rng.random() < wild else WHOLE if isinstance(value, int) else FLOATS)
    if isinstance(value, str):
        return _text(rng)
    if isinstance(value, list):
        return rng.choice(
            ([], value * 2, value[::-1], value[:1] * 50, *([[_hostile(rng)]] if wild > 0.1 else []))
        )
    if isinstance(value, dict) and rng.random() > wild:
        return dict(reversed(value.items()))
    return _hostile(rng)


def _hostile(rng: Random) -> Any:
    way = rng.randrange(12)
    if way < 4:
        return _text(rng)
    if way < 8:
        return rng.choice(NUMBERS)
    if way == 8:
        return rng.choice((None, True, False))
    if way == 9:
        return [rng.choice(NUMBERS), _text(rng)]
    if way == 10:
        return {_text(rng)[:200]: rng.choice(NUMBERS)}
    nested: Any = rng.choice((1, "", None))
    for _ in range(rng.choice((3, 40, 300))):
        nested = [nested] if rng.random() < 0.5 else {"a": nested}
    return nested


def _text(rng: Random) -> str:
    if rng.randrange(_RARE) == 0:
        return rng.choice(("a", "ab ", "é", "\n", "um. ")) * (rng.choice((20_000, 200_000, _LONG)) // 4)
    if rng.randrange(8) == 0:
        return "".join(chr(rng.randrange(1, 0x3000)) for _ in range(rng.randrange(1, 12)))
    return rng.choice(TEXTS)


def _places(value: Any, path: Path = (), depth: int = 0) -> Iterator[Path]:
    """Where each value stands; long lists are told by their first and last few."""
    if path:
        yield path
    if depth > 12:
        return
    if isinstance(value, dict):
        for key in value:
            yield from _places(value[key], (*path, key), depth + 1)
    elif isinstance(value, list):
        for index in {*range(min(4, len(value))), *range(max(0, len(value) - 2), len(value))}:
            yield from _places(value[index], (*path, index), depth + 1)


def _nested(rng: Random, text: str, begin: str, end: str) -> str:
    levels = rng.choice((100, 900, 1100, 5000, DEEP))
    return begin * levels + text + end * levels


def _damage(rng: Random, data: bytes) -> bytes:
    at = rng.randrange(len(data) + 1)
    until = min(len(data), at + rng.choice((1, 2, 8, 100, 4000)))
    way = rng.randrange(7)
    if way == 0:
        return data[:at]
    if way == 1:
        return data[:at] + data[until:]
    if way == 2:
        return data[:at] + data[at:until] * rng.choice((2, 3, 50)) + data[until:]
    if way == 3:
        return data[:at] + rng.choice(BITS + MORE_BITS) + data[at:]
    if way == 4:
        return (
            data[:at]
            + bytes(rng.randrange(256) for _ in range(until - at if until - at < 9 else 8))
            + data[until:]
        )
    if way == 5 and at < len(data):
        return data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :]
    return data[:at] + rng.choice(BITS + MORE_BITS) * rng.choice((1, 3, 300)) + data[until:]
