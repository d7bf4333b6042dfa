"""What to say back of what was said: short, whole, without the stumbles, and worth being said back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from greenroom.records import StoryPart, bare

from .phrasing import load_phrases, word_count

# Longer than that, what is said around a quote is lost on somebody who only listens.
MOST_QUOTE_WORDS = 12
# What is longer is cut to this.
_CUT_TO = 9
LEAST_QUOTE_WORDS = 3

_QUOTING = {name: frozenset(words) for name, words in load_phrases()["quoting"].items()}
_SMALL = (_QUOTING["dangling"] | _QUOTING["determiners"] | _QUOTING["edges"] | _QUOTING["small"]) - {"i"}
_FILLERS = re.compile(rf",?\s*\b({'|'.join(sorted(_QUOTING['fillers']))})\b(,|(?=\s))", re.I)
_PAUSES = re.compile(rf"(,?\s+|^)({'|'.join(sorted(_QUOTING['pauses']))})\b[.…]*(,\s*|(?=\s|$))", re.I)
_SET_IN = re.compile(r",\s*(?:like|they said|I think|I guess),", re.I)
_MARKS = re.compile(r"[\"“”*()\[\]]")
# "it, it was", "and he was, he was": what was begun twice is said back once.
_BEGUN_AGAIN = re.compile(r"^(we|i|he|she|they|it|you)\b(?: \w+){0,2}, (?=\1\b)", re.I)
_TWICE = re.compile(r"\b(\w+(?:'\w+)?(?: \w+(?:'\w+)?){0,2}),? \1\b", re.I)


def quotable(text: str, most: int = MOST_QUOTE_WORDS) -> str:
    """What to quote of a stretch: no filled pauses, no "and so" in front, cut where a clause ends."""
    words: Sequence[str] = _TWICE.sub(r"\1", _plain(text)).split()
    while len(words) > 1 and bare(words[0]) in _QUOTING["openers"]:
        words = words[1:]
    words = _BEGUN_AGAIN.sub("", " ".join(words)).split()
    if len(words) > LEAST_QUOTE_WORDS and words[0].endswith(":") and bare(words[0]) in _QUOTING["labels"]:
        words = words[1:]
    if len(words) > 3 and bare(words[0]) == "that" and bare(words[1]) in _QUOTING["determiners"]:
        words = words[1:]
    words = _sentence(words)
    if len(words) > most:
        words = _trimmed(words[: _cut(words, min(most, _CUT_TO))])
    while len(words) > 3 and bare(words[-1]) in _QUOTING["edges"] | {"or"}:
        words = words[:-1]
    quote = re.sub(r"\s+", " ", " ".join(words).strip(" ,.;:!?…-—–"))
    # It stands inside a sentence now; of longer words it is not known whether they are names.
    return quote[:1].lower() + quote[1:] if bare(re.split("[ ']", quote)[0]) in _SMALL else quote


def _trimmed(words: Sequence[str]) -> Sequence[str]:
    """Without the function words at the end, where something was cut off that they led to."""
    while len(words) > LEAST_QUOTE_WORDS and bare(words[-1]) in _QUOTING["dangling"]:
        words = words[:-1]
    return words


def _plain(text: str) -> str:
    """Without quotation marks, filled pauses, "you know" and the like."""
    text = _PAUSES.sub(" ", _MARKS.sub("", text).replace("’", "'"))
    return _SET_IN.sub("", _FILLERS.sub("", text))


def _sentence(words: Sequence[str]) -> Sequence[str]:
    """The first sentence of more than two words: "Challenge… we had to go" begins with "we"."""
    begin = 0
    for n, word in enumerate(words, 1):
        if word[-1] in ".?!…":
            if n - begin >= LEAST_QUOTE_WORDS:
                return words[begin:n]
            begin = n if len(words) - n >= LEAST_QUOTE_WORDS else begin
    return words[begin:]


def _cut(words: Sequence[str], most: int) -> int:
    """How many words to keep: up to a clause's edge if one is near, else not ending on a function word."""
    for n in range(most, LEAST_QUOTE_WORDS, -1):
        if words[n - 1][-1] in ",.;:" or bare(words[n]) in _QUOTING["edges"]:
            return n
    for n in range(most, LEAST_QUOTE_WORDS, -1):
        if bare(words[n - 1]) not in _QUOTING["dangling"]:
            return n
    return most


def in_first_person(quote: str) -> str | None:
    """ "we moved it" as "I moved it", None where that cannot be done by changing one word."""
    match = re.match(r"we (?!were |are |'re |have |was )", quote, re.I)
    return (
        "I " + quote[match.end() :] if match and not re.search(r"\b(we|our|us)\b", quote[3:], re.I) else None
    )


def best_praised(texts: Iterable[str], answer: str, *, own: bool) -> str | None:
    """The quote that shows most of what was done; None if none earns praise. `own`: told as I."""
    quotes = [quote for text in texts if is_earning(quote := quotable(text)) and is_whole(quote, answer)]
    if own:
        quotes = [quote for quote in quotes if re.search(r"\b(I|I'\w+|my)\b", quote)]
    return max(quotes, key=lambda quote: (quote.startswith("I "), word_count(quote)), default=None)


def is_earning(quote: str) -> bool:
    """Whether it tells something that was done, in words enough to be recognised."""
    words = {bare(word) for word in quote.split()}
    negated = any(word.endswith("n't") for word in words)
    return is_sayable(quote) and not negated and words.isdisjoint(_QUOTING["unearned"])


def is_sayable(quote: str) -> bool:
    """Whether it stands by itself, in words enough to be recognised: not "which was scrap"."""
    words = quote.split()
    return len(words) >= LEAST_QUOTE_WORDS and bare(words[0]) not in _QUOTING["relative"]


def is_whole(quote: str, answer: str) -> bool:
    """Whether the answer pauses, or begins another clause, where the quote ends."""
    words, last = answer.split(), [bare(word) for word in quote.split()[-2:]]
    for n in range(2, len(words)):
        if [bare(word) for word in words[n - 2 : n]] == last:
            return words[n - 1][-1] in ".,;:!?…" or bare(words[n]) in _QUOTING["edges"]
    return True


def telling(texts: Iterable[str], answer: str, quoted: Sequence[str]) -> str:
    """The first quote that stands by itself and was not said back before."""
    quotes = [quotable(text) for text in texts]
    good = [quote for quote in quotes if is_sayable(quote)] or quotes
    good.sort(key=lambda quote: not is_whole(quote, answer))
    return next((quote for quote in good if not was_said(quote, quoted)), good[0])


def was_said(quote: str, quoted: Sequence[str]) -> bool:
    return any(quote in earlier or earlier in quote for earlier in quoted)


def measured_results(parts: Iterable[StoryPart]) -> Iterator[str]:
    """The clauses of the result that have an amount in them."""
    for part in parts:
        if part.id == "result":
            yield from (quote for quote in _clauses(part.text) if has_amount(quote))


def concrete(text: str) -> Iterator[str]:
    """The clauses that name somebody or something by name, or an amount; a capital may open a sentence."""
    for clause in _clauses(text):
        names = [w for w in clause.split()[1:] if w[0].isupper() and bare(w).split("'")[0] != "i"]
        if (names or has_amount(clause)) and is_earning(clause):
            yield clause


def has_amount(text: str) -> bool:
    words = [bare(word) for word in text.replace("-", " ").split()]
    return any(word in _QUOTING["numbers"] or any(map(str.isdigit, word)) for word in words)


def _clauses(text: str) -> Iterator[str]:
    """The text in stretches that are said back whole: those that would have to be cut are left out."""
    for stretch in re.split(
        r"[.;:!?…]\s+|,\s+(?=(?:and|but|so|because|then|I|we|it|he|she|they)\b(?! said))", text
    ):
        quote = quotable(stretch, most=1000)
        if LEAST_QUOTE_WORDS < word_count(quote) <= MOST_QUOTE_WORDS:
            yield quote
