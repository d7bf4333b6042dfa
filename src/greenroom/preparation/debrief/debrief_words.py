"""What somebody means who tells of an interview: a name, a question, how it ended, or that this was all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

import tomlkit

_INDIRECT = re.compile(r"^(how|why|what|when|where|which|whether|if|whom?) (i|my|we)\b", re.IGNORECASE)
_TO = re.compile(r"^to (?=[a-z])", re.IGNORECASE)
_TURNED = {
    "i am": "you are",
    "i'm": "you are",
    "i was": "you were",
    "i've": "you have",
    "i": "you",
    "my": "your",
    "mine": "yours",
    "myself": "yourself",
    "me": "you",
}
_FOR_TURNING = re.compile(r"\b(i am|i['’]m|i was|i['’]ve|i|my|mine|myself|me)\b", re.IGNORECASE)
_OPEN_QUESTION = re.compile(
    r"(how|why|what|when|where|which|who|whom|would|could|can|do|did|have|are|is|if)\b", re.IGNORECASE
)
_THEM = re.compile(r"\b(tell|give|walk|show|explain to) (them|him|her)\b", re.IGNORECASE)
_SHORT_FORMS = (
    ("can't", "can not"),
    ("cannot", "can not"),
    ("won't", "will not"),
    ("n't", " not"),
    ("'m", " am"),
    ("'s", " is"),
    ("'ve", " have"),
    ("'re", " are"),
)


def no_more(text: str) -> bool:
    """Whether this says that there is no further question, and nothing else."""
    return _replies().no_more.fullmatch(_plain(text)) is not None


def name_in(text: str) -> str:
    """The company's name in a reply to "Which company was it?"."""
    return _without(_replies().before["company"], text).rstrip(" .!,")


def round_in(text: str) -> str:
    """The round in a reply to "Which round was it?"."""
    named = _without(_replies().before["round"], text).rstrip(" .!,")
    return _lowered(named) if named.split()[:1] and named.split()[0].lower() in _replies().no_names else named


def question_in(text: str) -> str:
    """The question as it was put: "They asked me why I left" becomes "Tell me why you left."."""
    inner = _without(_replies().before["question"], text).strip("\"“”' ")
    if re.match(r"about\b", inner, re.IGNORECASE) or _INDIRECT.match(inner):
        inner = f"tell me {_turned(inner)}"
    elif inner != text.strip() and _TO.match(inner):
        inner = _turned(_THEM.sub(r"\1 \2", _TO.sub("", inner)))
        inner = _THEM.sub(lambda match: f"{match[1]} me", inner)
    inner = inner[:1].upper() + inner[1:]
    if not inner or inner[-1] in ".?!":
        return inner
    return f"{inner}{'?' if _OPEN_QUESTION.match(inner) else '.'}"


def outcome_in(text: str) -> str:
    """One of debriefs.OUTCOMES: "unknown" wherever it is not said plainly."""
    plain = _plain(text)
    replies = _replies()
    if replies.open.search(plain):
        return "unknown"
    return next((outcome for outcome, words in replies.outcomes if words.search(plain)), "unknown")


@dataclass(frozen=True, slots=True)
class _Replies:
    no_more: re.Pattern[str]
    before: dict[str, re.Pattern[str]]
    open: re.Pattern[str]
    only_open: re.Pattern[str]
    no_names: frozenset[str]
    outcomes: tuple[tuple[str, re.Pattern[str]], ...]


@cache
def _replies() -> _Replies:
    file = resources.files(__package__).joinpath("debrief_replies.toml")
    content = tomlkit.parse(file.read_text("utf-8")).unwrap()
    ending, outcomes = content["no_more"], content["outcomes"]
    return _Replies(
        re.compile(f"(({ending['before']}) )*({'|'.join(ending['words'])})( ({ending['after']}))*"),
        {what: re.compile(words, re.IGNORECASE) for what, words in content["before"].items()},
        _any(outcomes.pop("unknown")),
        re.compile("|".join(content["open"]["words"])),
        frozenset(content["round"]["begins"].split()),
        tuple((outcome, _any(words)) for outcome, words in outcomes.items()),
    )


def _any(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<!\w)(?:{each})(?!\w)" for each in words))


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def says_only_open(text: str) -> bool:
    """Whether this says that the outcome is not known, and nothing else."""
    return _replies().only_open.fullmatch(_plain(text)) is not None


def _without(beginning: re.Pattern[str], text: str) -> str:
    text = " ".join(text.split())
    return beginning.sub("", text, count=1).strip() or text


def _turned(text: str) -> str:
    """From the person's side to the interviewer's: I becomes you."""
    return _FOR_TURNING.sub(lambda match: _TURNED[match[0].lower().replace("’", "'")], text)


def _plain(text: str) -> str:
    text = text.lower().replace("’", "'")
    for short, long in _SHORT_FORMS:
        text = text.replace(short, long)
    return " ".join(re.findall(r"[\w]+", text))
