"""The words of a look back: which signals they name, and how they are said to the person the next time."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

from greenroom.coaching.needs import HIDES
from greenroom.records import PATTERNS, SIGNALS

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

LONGEST_SAID = 30
"""Words of the person's own that are said back; more would be a lecture. (Judgement.)"""

_TO_YOU = {
    "i": "you",
    "me": "you",
    "my": "your",
    "mine": "yours",
    "myself": "yourself",
    "i'm": "you're",
    "i'll": "you'll",
    "i've": "you've",
    "i'd": "you'd",
    "am": "are",
}
_ALREADY_TURNED = frozenset(
    {"you", "your", "yours", "yourself", "you're", "you'll", "you've", "we", "us", "our"}
)
"""Beside these, "you" would say of whom nobody knows: who speaks of the interviewer says "you" as well."""

_MENTIONS = frozenset(
    {"say", "saying", "said", "use", "using", "word", "not", "of", "than", "with", "an", "the"}
)
"""After these "I" may be the word itself: "say I and not we"."""

_OPENINGS = re.compile(
    r"^(?:(?:um|uh|erm|well|so|okay|ok|yeah|yes|hm|hmm|and|then|maybe|perhaps|probably|i think|i guess"
    r"|next time)(?:\s*[,.:;–—-]+\s*|\s+))+",
    re.IGNORECASE,
)
_WISH = re.compile(
    r"^(?:(?:i|we) (?:will|would|should|could|can|must|need to|have to|want to|would like to|am going to"
    r"|ought to|might|had better)|i'll|i'd|i'm going to|i'd like to|to) (?:(?:just|really|also) )?(.+)$",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def recognised(text: str) -> tuple[str, ...]:
    """Those of SIGNALS and PATTERNS that the words name, in the order of their first mention."""
    words = " ".join(_WORD.findall(text.lower().replace("’", "'").replace("_", " ")))
    found = {id: at for id, pattern in _spoken_names().items() if (at := _first(pattern, words)) is not None}
    return tuple(sorted(found, key=lambda id: found[id]))


def as_signals(ids: Sequence[str]) -> tuple[str, ...]:
    """The same as signals alone: for a pattern the signal that it hides most."""
    return tuple(
        dict.fromkeys(HIDES[id][0] if id in HIDES else id for id in ids if id in SIGNALS or id in HIDES)
    )


def reminder(fix: str, signal: str) -> str:
    """What is said before the next session, in one or two sentences; "" where there is nothing to say.

    The person's own words stand in it: turned to "you" where that is safe, else in quotation marks.

    Args:
        fix: what the person wanted to do differently; `signal`: what did not come across.
    """
    if fix.strip():
        deed = _deed(fix)
        return f"Last time you wanted to {deed}." if deed else f"Last time you wanted to: {_quoted(fix)}"
    return f"Last time this did not come across: {_quoted(signal)}" if signal.strip() else ""


def _quoted(text: str) -> str:
    """The first sentences, with LONGEST_SAID words at most, in quotation marks."""
    first, *more = _sentences(text)
    words = first.split()
    if len(words) > LONGEST_SAID:
        return f'"{" ".join(words[:LONGEST_SAID]).rstrip(",;:")} …"'
    said = first
    for sentence in more:
        if len(f"{said} {sentence}".split()) > LONGEST_SAID:
            break
        said = f"{said} {sentence}"
    said = re.sub(r'["“”]', "'", said)  # inside a quotation
    return f'"{said}"' if said.endswith((".", "?", "!", "…")) else f'"{said}."'


def _sentences(text: str) -> list[str]:
    return [each.strip() for each in _SENTENCE.split(" ".join(text.split())) if each.strip()]


def _deed(text: str) -> str | None:
    """What follows "you wanted to": "name your number first"; None where turning the words is not safe.

    Only the first sentence is turned; whoever begins with what they will do has said it there.
    """
    own = _sentences(text)[0].rstrip(" .")
    if len(own.split()) > LONGEST_SAID or own.endswith(("?", "!", "…")):
        return None
    if re.search(r"[\"“”]|['‘](?!\w)|(?<!\w)['‘]", own):  # somebody quotes something
        return None
    bare = _OPENINGS.sub("", own)
    wish = _WISH.match(bare)
    words = (wish[1] if wish else bare).split()
    if not words or words[0].lower().strip(",") not in _lists()["deeds"]["verbs"]:
        return None
    words[0] = words[0].lower()
    turned = _turned(words)
    return " ".join(turned) if turned else None


def _turned(words: Sequence[str]) -> list[str] | None:
    """First person to second, word by word; None where a word may mean something else."""
    turned: list[str] = []
    for place, word in enumerate(words):
        match = _WORD.search(word)
        plain = match[0].lower().replace("’", "'") if match else ""
        if plain in _ALREADY_TURNED:
            return None
        if plain == "i" and not _acts(words, place):
            return None
        if plain == "was" and turned and turned[-1].lower() == "you":
            turned.append(word.replace("was", "were"))
        elif match and plain in _TO_YOU:
            turned.append(word.replace(match[0], _TO_YOU[plain]))
        else:
            turned.append(word)
    return turned


def _acts(words: Sequence[str], place: int) -> bool:
    """Whether the "I" at that place does something, and is neither a word spoken of nor a new sentence."""
    before = words[place - 1].lower() if place else ""
    if before.endswith((",", ";", ":")):  # "keep it short, I always lose myself": said of somebody, it judges
        return False
    after = words[place + 1].lower().strip(",.;") if place + 1 < len(words) else ""
    return before not in _MENTIONS and any(after in words for words in _lists()["deeds"].values())


def _first(pattern: re.Pattern[str], words: str) -> int | None:
    found = pattern.search(words)
    return found.start() if found else None


@cache
def _lists() -> Mapping[str, Mapping[str, Sequence[str]]]:
    path = resources.files(__package__).joinpath("look_back_words.toml")
    lists: dict[str, dict[str, list[str]]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return lists


@cache
def _spoken_names() -> Mapping[str, re.Pattern[str]]:
    """A pattern for each signal and each pattern: its name, and the common ways to say it."""
    lists = _lists()
    ways = {id: lists["signals"][id] for id in SIGNALS} | {id: lists["patterns"][id] for id in PATTERNS}
    return {id: _any_of((id.replace("_", " "), *words)) for id, words in ways.items()}


def _any_of(entries: Sequence[str]) -> re.Pattern[str]:
    longest_first = sorted(entries, key=len, reverse=True)
    return re.compile(
        r"\b(?:" + "|".join(re.escape(each).replace(r"\*", r"\w*") for each in longest_first) + r")\b"
    )
