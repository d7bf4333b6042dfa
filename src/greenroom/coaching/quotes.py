"""What to say back of what was said: short, whole, without the stumbles, and worth being said back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from greenroom.records import StoryPart, bare, ends_sentence, filled_pauses

from .phrasing import load_phrases

# Longer than that, what is said around a quote is lost on somebody who only listens.
MOST_QUOTE_WORDS = 14
# What is longer is cut to this.
_CUT_TO = 9
LEAST_QUOTE_WORDS = 3
# Who did it is said at the beginning, after a word on when: "in the evening of the first day I write".
_EARLY = 9
# So many stay before a phrase that is cut off: fewer are hardly more than a verb without what belongs to it.
_LEAST_BEFORE_A_PHRASE = 5

_QUOTING = {name: frozenset(words) for name, words in load_phrases()["quoting"].items()}
_SMALL = (_QUOTING["dangling"] | _QUOTING["determiners"] | _QUOTING["edges"] | _QUOTING["small"]) - {"i"}


def _one_of(name: str) -> str:
    return "|".join(sorted(_QUOTING[name], key=len, reverse=True))


_FILLERS = re.compile(rf",?\s*\b({_one_of('fillers')})\b(,|(?=\s))", re.I)
_NOT_LED_TO = "".join(rf"(?<!\b{word})" for word in sorted(_QUOTING["led_to"]))
# Before a comma or at an end: ", you know, it was". At a beginning: "and you know we were late".
_CLOSING_FILLERS = re.compile(
    rf"(?:,\s*|^|{_NOT_LED_TO}\s+)\b({_one_of('set_off_fillers')})(?:,|(?=\s*(?:[.;:!?…]|$)))", re.I
)
_OPENING_FILLERS = re.compile(
    rf"(?:^|(?<=[,.;:!?…])\s+|(?<=\b(?:and|but))\s+)({_one_of('set_off_fillers')})(?=\s)", re.I
)
_SET_IN = re.compile(r",\s*(?:like|they said|I think|I guess),", re.I)
_MARKS = re.compile(r"[\"“”*()\[\]]")
# "it, it was", "and he was, he was": what was begun twice is said back once.
_BEGUN_AGAIN = re.compile(
    r"^(we|i|he|she|they|it|you)\b"
    rf"(?:(?: (?:{_one_of('cut_short')}))*|(?P<verb> \w+)(?: (?:{_one_of('dangling')}))?), "
    r"(?=\1\b(?(verb)(?P=verb)\b))",
    re.I,
)
_TWICE = re.compile(r"\b(\w+(?:'\w+)?(?: \w+(?:'\w+)?){0,2})(,?) \1\b", re.I)
_CORRECTED = re.compile(r", (?:well|I mean|no|sorry|or rather),? (?:I|we|he|she|they|it|the|a)\b")
_LONE_I = re.compile(r"(?<![\w.'-])i(?='|[\s,;:!?]|$)")
_CHANGE = re.compile(
    r"\bfrom .+ to\b|\b(down|up|drop\w*|fell|rose|grew|cut) (to|by)\b|%|\bper ?cent\b|\bhalf\b"
    r"|\binstead of\b|\bnow\b"
)
_BEFORE = re.compile(r"(?:and |but )?(?:because |since )?(?:before that|(?:it|that|they|we) used to)\b", re.I)
# "COVID-19" is a name, "40-person" an amount.
_NAMED = re.compile(r"\b[A-Z]\w*-\d\S*")
_AMOUNT = re.compile(
    r"[~+<>≈]?[$£€]?\d[\d.,:/]*"
    r"(?:[%$£€+]|k|m|bn|x|h|hrs?|mins?|secs?|ms|(?<!0)s|[kmgt]b|kg|km|cm|mm)?(?:/\w+)?"
)
_YEAR = re.compile(r"(?:19|20)\d\d")


def quotable(text: str, most: int = MOST_QUOTE_WORDS) -> str:
    """What to quote of a stretch: no filled pauses, no "and so" in front, cut where a clause ends."""
    words: Sequence[str] = _TWICE.sub(_once, _plain(text)).split()
    while len(words) > 1 and bare(words[0]) in _QUOTING["openers"]:
        words = words[1:]
    words = _BEGUN_AGAIN.sub("", " ".join(words)).split()
    if len(words) > LEAST_QUOTE_WORDS and words[0].endswith(":") and bare(words[0]) in _QUOTING["labels"]:
        words = words[1:]
    if len(words) > 3 and bare(words[0]) == "that" and bare(words[1]) in _QUOTING["determiners"]:
        words = words[1:]
    words = _sentence(words)
    if len(words) > most:
        words = _trimmed(words[: _cut(words, min(most, _CUT_TO), most)])
    # "I had never done that before" ends so itself; "and" leads on, whoever stopped there.
    # But "is it really so?" has its end.
    while len(words) > 3 and bare(words[-1]) in _QUOTING["edges"] - {"before", "after"} | {"or"}:
        if bare(words[-1]) == "so" and not words[-1][-1].isalnum():
            break
        words = words[:-1]
    quote = _LONE_I.sub("I", " ".join(words).strip(" ,.;:!?…-—–"))
    # It stands inside a sentence now; of longer words it is not known whether they are names.
    return quote[:1].lower() + quote[1:] if _first_word(quote) in _SMALL else quote


def _trimmed(words: Sequence[str]) -> Sequence[str]:
    """Without the function words at the end, where something was cut off that they led to."""
    while len(words) > LEAST_QUOTE_WORDS and bare(words[-1]) in _QUOTING["dangling"]:
        words = words[:-1]
    return words


def _plain(text: str) -> str:
    """Without quotation marks, filled pauses, "you know" and the like."""
    text = _without_pauses(_MARKS.sub("", text).replace("’", "'"))
    text = _OPENING_FILLERS.sub("", _CLOSING_FILLERS.sub("", text))
    return _SET_IN.sub("", _FILLERS.sub("", text))


def _without_pauses(text: str) -> str:
    """Without "um", and without the commas that set it off."""
    words, kept = text.split(), list[str]()
    pauses = filled_pauses(words)
    for i, word in enumerate(words):
        if i not in pauses:
            kept.append(word)
        elif kept:
            kept[-1] = kept[-1].rstrip(",")
    return " ".join(kept)


def _once(twice: re.Match[str]) -> str:
    """What was said twice: once, unless it was meant, as in "nine to five, five days a week"."""
    words = [bare(word) for word in twice[1].split()]
    if all(_is_number(word) or word == "one" for word in words):
        return twice[0]
    # Of single words only those are stumbled over before a comma: else one clause ends as another begins.
    meant = twice[2] and len(words) == 1 and words[0] not in _SMALL | {"i"} and "'" not in words[0]
    return twice[0] if meant else twice[1]


def _sentence(words: Sequence[str]) -> Sequence[str]:
    """The first sentence of more than two words: "Challenge… we had to go" begins with "we"."""
    begin = 0
    for n, word in enumerate(words, 1):
        if word[-1] == "…" or ends_sentence(word):
            if n - begin >= LEAST_QUOTE_WORDS:
                return words[begin:n]
            begin = n if len(words) - n >= LEAST_QUOTE_WORDS else begin
    return words[begin:]


def _cut(words: Sequence[str], near: int, most: int) -> int:
    """How many words to keep: up to a clause's or phrase's edge, else not ending on a function word."""
    places = range(near, LEAST_QUOTE_WORDS, -1)
    edges = [n for n in (*places, *range(near + 1, most + 1)) if _is_edge(words, n)]
    whole = [n for n in places if bare(words[n - 1]) not in _QUOTING["dangling"] and not _in_amount(words, n)]
    phrases = [n for n in places if _begins_phrase(words, n)]
    return next(iter((*[n for n in edges if n <= near], *phrases, *edges, *whole)), near)


def _is_edge(words: Sequence[str], n: int) -> bool:
    """Whether a clause ends after `n` words, or another begins."""
    if _in_amount(words, n):
        return False
    return words[n - 1][-1] in ",;:…" or ends_sentence(words[n - 1]) or bare(words[n]) in _QUOTING["edges"]


def _in_amount(words: Sequence[str], n: int) -> bool:
    """Whether `n` words end inside of an amount: "two | and a half"."""
    more = any(map(_is_amount_word, words[n + 1 : n + 3]))
    return bare(words[n]) == "and" and _is_amount_word(words[n - 1]) and more


def _begins_phrase(words: Sequence[str], n: int) -> bool:
    """Whether a phrase begins after `n` words that can be left out: "we moved all our customers | from".

    Only after an object, so that nothing is taken from a verb that needs it ("I looked | into it").
    """
    if n < _LEAST_BEFORE_A_PHRASE or bare(words[n]) not in _QUOTING["phrase_openers"]:
        return False
    # "cut it from ninety minutes to twenty": without the numbers little is left of it.
    if any(map(_is_amount_word, words[n + 1 : n + 3])):
        return False
    last = bare(words[n - 1])
    if last in _QUOTING["irregular_verbs"] | _QUOTING["dangling"] or last.endswith(("ed", "ing")):
        return False
    # "stopped the team from shipping": without that it is another story.
    if n + 1 < len(words) and bare(words[n + 1]).endswith("ing"):
        return False
    near = {bare(word) for word in words[max(2, n - 4) : n - 1]}
    subjects = (_QUOTING["determiners"] - _QUOTING["object_openers"]) | _QUOTING["relative"]
    return not near.isdisjoint(_QUOTING["object_openers"]) and near.isdisjoint(subjects - {"of"})


def in_first_person(quote: str) -> str | None:
    """ "we moved it" as "I moved it", None where that cannot be done by changing one word."""
    match = re.match(r"we (?!were |are |'re |have |was )", quote, re.I)
    return (
        "I " + quote[match.end() :] if match and not re.search(r"\b(we|our|us)\b", quote[3:], re.I) else None
    )


def says_i(quote: str) -> bool:
    """Whether it is told of oneself."""
    return re.search(r"\b(I|I'\w+|my)\b", quote) is not None


def is_claimed(quote: str) -> bool:
    """Whether it tells what is or was so: neither what would be, nor what is not."""
    words = {bare(word) for word in quote.split()}
    away = any(word.endswith(("n't", "'d")) for word in words)
    return is_sayable(quote) and not away and words.isdisjoint(_QUOTING["imagined"] | _QUOTING["negations"])


def begins_well(quote: str) -> bool:
    """Whether it says who or what, or what was done: "painted a ring on the lid", not "do what she does"."""
    first = _first_word(quote)
    subject = first in _QUOTING["determiners"] or _is_number(first) or first.endswith("ed")
    return subject or quote[0].isupper() or says_who(" ".join(quote.split()[:_EARLY]))


def says_who(quote: str) -> bool:
    """Whether I or we do it: "on the next rounds I asked every customer", not "my colleagues say"."""
    return re.search(r"\b(I|I'\w+|[Ww]e|[Ww]e'\w+)\b", quote) is not None


def says_change(quote: str) -> bool:
    """Whether it says how much something changed: "four days" by itself may be what it cost."""
    return has_amount(quote) and _CHANGE.search(quote.lower()) is not None


def is_sayable(quote: str) -> bool:
    """Whether it stands by itself, in words enough to be recognised: not "which was scrap".

    Nor is a slip of the tongue read out: "I typed up, well I transcribed".
    """
    words = quote.split()
    slipped = _CORRECTED.search(quote) is not None
    return len(words) >= LEAST_QUOTE_WORDS and bare(words[0]) not in _QUOTING["relative"] and not slipped


def is_whole(quote: str, answer: str) -> bool:
    """Whether the answer pauses, or begins another clause, where the quote ends."""
    words, quoted = answer.split(), quote.split()
    last = [bare(word) for word in quoted[-2:]]
    for n in range(2, len(words)):
        if [bare(word) for word in words[n - 2 : n]] == last:
            if bare(words[n]) in _QUOTING["completing"]:
                return False
            return _is_edge(words, n) or _begins_phrase([*quoted, *words[n : n + 2]], len(quoted))
    return True


def telling(texts: Iterable[str], answer: str, quoted: Sequence[str]) -> str:
    """The first quote that stands by itself and was not said back before."""
    quotes = [quotable(text) for text in texts]
    good = [quote for quote in quotes if is_sayable(quote)] or quotes
    # What others did shows less of what is missed in one's own part.
    good.sort(key=lambda quote: (_of_others(quote), not is_whole(quote, answer)))
    return next((quote for quote in good if not was_said(quote, quoted)), good[0])


def _of_others(quote: str) -> bool:
    return _first_word(quote) in ("he", "she", "they")


def _first_word(quote: str) -> str:
    """ "I" of "I'd asked"."""
    return bare(re.split("[ ']", quote)[0])


def was_said(quote: str, quoted: Sequence[str]) -> bool:
    return any(quote in earlier or earlier in quote for earlier in quoted)


def has_measured_result(parts: Iterable[StoryPart]) -> bool:
    """Whether an amount was told in the result, quotable or not: of a text without marks no clause is."""
    return any(has_amount(text) for text in _results(parts))


def _results(parts: Iterable[StoryPart]) -> Iterator[str]:
    """What is told of the result, without how it had been: "because before that it was ten minutes"."""
    for part in parts:
        if part.id == "result":
            yield from (text for text in _sentences(part.text) if not _is_how_it_was(text))


def _is_how_it_was(text: str) -> bool:
    """Whether it only tells that; not "we used to lose nine a week and now we lose one"."""
    return _BEFORE.match(text) is not None and _CHANGE.search(text.lower()) is None


def has_amount(text: str) -> bool:
    """Whether it says how much or how many; "in March 2019", "v2" and "the two teams" do not."""
    words = [word for word in re.split(r"[\s→–-]+", _NAMED.sub("", text)) if word]
    return any(_is_amount(words, n) for n in range(len(words)))


def _is_amount(words: Sequence[str], n: int) -> bool:
    word, before = bare(words[n]), bare(words[n - 1]) if n else ""
    if not _is_number(word) or before in _QUOTING["numbered"]:
        return False
    after = [bare(each) for each in words[n + 1 : n + 3]] if words[n][-1].isalnum() else []
    who = after[:1] if before != "the" else [*after[:1], " ".join(after)]
    if word in _QUOTING["few"] and not _QUOTING["groups"].isdisjoint(who):
        return False
    counts = bool(after) and after[0] not in _SMALL | {"i"}
    return not _is_date(word, before, counts=counts)


def _is_amount_word(word: str) -> bool:
    return _is_number(bare(word)) or bare(word) in ("half", "quarter")


def _is_number(word: str) -> bool:
    return word in _QUOTING["numbers"] or bool(_AMOUNT.fullmatch(word))


def _is_date(word: str, before: str, *, counts: bool) -> bool:
    """`counts`: a word follows that may be what is counted, as in "a list of 2000 customers"."""
    if not word.isdigit():
        return False
    if _YEAR.fullmatch(word):
        return before in _QUOTING["dated"] | _QUOTING["months"] or (before in ("by", "of") and not counts)
    return before in _QUOTING["months"] and not counts


def _sentences(text: str) -> Iterator[str]:
    """The text cut after each mark, but those inside of it ("Dr. Miller")."""
    words, begin = text.split(), 0
    for n, word in enumerate(words, 1):
        if word[-1] in ";:…" or ends_sentence(word) or n == len(words):
            yield " ".join(words[begin:n])
            begin = n
