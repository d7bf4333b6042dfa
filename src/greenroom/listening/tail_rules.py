"""Rules by which a sentence is seen to go on although the speaker pauses. Their words are in tails.toml.

Every rule takes the last sentence and says whether it, or what it belongs to, is open. They know no grammar
but what lists of words give, and are meant to be right for most of what people say, not for all.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Phrase = tuple[str, ...]

LONGEST_LEADING_CLAUSE = 12
"""Words: a sentence that begins with "when" or "if" and is longer than this, without a comma, has most likely
had its second clause. (Judgement.)"""

LONGEST_FRAGMENT = 6
"""Words: a sentence without a verb that we know, and longer than this, more likely has one that we do not."""

_SUBJECT_ENDINGS = ("'m", "'re", "'ve", "'ll", "'d")


class Phrases:
    """Phrases of several words, for finding them at once among many."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._known = frozenset(tuple(phrase.split()) for phrase in phrases)
        self._lengths = sorted({len(phrase) for phrase in self._known}, reverse=True)

    def at_end(self, words: Phrase) -> Phrase | None:
        """The longest phrase that the words end with."""
        ends = (words[-n:] for n in self._lengths)
        return next((end for end in ends if end in self._known), None)

    def at_start(self, words: Phrase) -> bool:
        return any(words[:n] in self._known for n in self._lengths)

    def within(self, words: Phrase) -> bool:
        return any(self.at_start(words[i:]) for i in range(len(words)))


class Lexicon:
    """The lists of tails.toml, ready for looking things up."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.examples: dict[str, list[str]] = data["examples"]
        parts = (table for part, table in data.items() if part != "examples")
        entries = {name: value for table in parts for name, value in table.items()}
        self.pairs = tuple((tuple(one.split()), tuple(other.split())) for one, other in entries.pop("pairs"))
        self.words = {
            name: frozenset(text.split()) for name, text in entries.items() if isinstance(text, str)
        }
        self.phrases = {name: Phrases(texts) for name, texts in entries.items() if isinstance(texts, list)}
        self.verbs = self.words["irregular"].union(*map(_verb_forms, self.words["regular"]))


@cache
def lexicon() -> Lexicon:
    """The data, read once: some milliseconds at the first call."""
    return Lexicon(tomllib.loads(resources.files(__package__).joinpath("tails.toml").read_text("utf-8")))


def _verb_forms(verb: str) -> tuple[str, ...]:
    stem = verb[:-1] if verb.endswith(("e", "y")) else verb
    past = f"{stem}ied" if verb.endswith("y") and verb[-2] not in "aeou" else f"{verb.removesuffix('e')}ed"
    third = f"{stem}ies" if past.endswith("ied") else f"{verb}s"
    return verb, third, f"{verb}es", past, f"{verb.removesuffix('e')}ing"


class Sentence:
    """The last sentence of a transcript.

    Attributes:
        words: in small letters, without marks; at least one.
        marks: what stands after each word; "" for nothing.
        last: the last word; `before`: the one before it, or "".
        start: where the sentence really begins, after "so", "and", "well" ...; `body`: from there on.
    """

    def __init__(self, words: Phrase, marks: tuple[str, ...]) -> None:
        self.words = words
        self.marks = marks
        self.last = words[-1]
        self.before = words[-2] if len(words) > 1 else ""
        preambles = _list("preambles")
        self.start = next((i for i, word in enumerate(words) if word not in preambles), len(words))
        self.body = words[self.start :]

    def ends_with(self, name: str) -> bool:
        """Whether it ends with a phrase of the list of this name."""
        return lexicon().phrases[name].at_end(self.words) is not None

    def begins_with(self, name: str) -> bool:
        # "Then" is a preamble as well as an opener: both beginnings count.
        return any(lexicon().phrases[name].at_start(begin) for begin in (self.body, self.words))


def _list(name: str) -> frozenset[str]:
    return lexicon().words[name]


def _in(name: str, word: str) -> bool:
    return word in lexicon().words[name]


def _has_verb(words: Sequence[str]) -> bool:
    known = lexicon().verbs
    return any(
        word in known or word.endswith(("ed", "n't", "'s", *_SUBJECT_ENDINGS)) for word in words
    )  # "'s" may be a possessive: then the sentence passes for complete, which is the old patience


def _position(words: Sequence[str], phrase: Phrase) -> int | None:
    """Where the phrase stands last; None if it does not."""
    at = range(len(words) - len(phrase), -1, -1)
    return next((i for i in at if tuple(words[i : i + len(phrase)]) == phrase), None)


def _is_subject(word: str) -> bool:
    return _in("subjects", word) or word in ("you", "it", "that") or word.endswith(_SUBJECT_ENDINGS)


def _relative(sentence: Sentence) -> bool:
    """Whether the object came before the clause: "what we needed", "a team I worked with"."""
    words, heads, breaks = sentence.words, _list("heads"), _list("clause_breaks")
    # At the start of a sentence it is a subject to come: "What I did" waits for its "was".
    for i in range(len(words) - 2, sentence.start, -1):
        if words[i] in breaks or sentence.marks[i] == ",":
            return False
        if words[i] in heads:
            return any(_is_subject(word) for word in words[i + 1 :])
    return False


def _passive(sentence: Sentence) -> bool:
    return not sentence.last.endswith("ing") and not _list("passive").isdisjoint(sentence.words[-4:-1])


def _closed(sentence: Sentence) -> bool:
    if sentence.last == "since" and not _list("perfect").isdisjoint(sentence.words):
        return True
    return sentence.ends_with("closed")


def repeated(sentence: Sentence) -> bool:
    """A restart: "we we"; some words, and those with a comma between, are said twice on purpose."""
    twice = sentence.last == sentence.before and not sentence.marks[-2]
    return twice and not _in("doubled", sentence.last)


def promising(sentence: Sentence) -> bool:
    """The person asks for time to think, or announces what comes."""
    if lexicon().phrases["promises"].within(sentence.words):
        return True
    return _in("announced", sentence.last) and not _list("counted").isdisjoint(sentence.words[-4:-1])


def opening(sentence: Sentence) -> bool:
    """The sentence lays the ground: a setting, the first of several, a step of a story."""
    return sentence.begins_with("openers")


def open_phrase(sentence: Sentence) -> bool:
    """An end of several words that wants more: "in terms", "you know", "ended up"."""
    return sentence.ends_with("open") and not _closed(sentence)


def open_word(sentence: Sentence) -> bool:
    """A connective, determiner, adverb of degree or filler: a word that nothing ends in."""
    if _closed(sentence):
        return False
    if sentence.last in ("really", "exactly") and sentence.marks[-2:-1] == (",",):
        return False  # "It was simple, really."
    return any(_in(name, sentence.last) for name in _OPEN_WORDS) and not _than_subject(sentence)


def _than_subject(sentence: Sentence) -> bool:
    return sentence.before in ("than", "as") and _in("subjects", sentence.last)


def open_subject(sentence: Sentence) -> bool:
    """A pronoun that begins a clause: "because it", "we did, you"."""
    if not _in("subjects_or_objects", sentence.last):
        return False
    return sentence.marks[-2:-1] == (",",) or sentence.before in _list("subordinators") | {"and", "or", "if"}


def open_preposition(sentence: Sentence) -> bool:
    """A preposition without its noun, unless that came before ("what I was looking for")."""
    if not _in("prepositions", sentence.last) or _closed(sentence):
        return False
    verb = sentence.words[-3:-2] if _in("particles", sentence.before) else (sentence.before,)
    return not (lexicon().verbs.issuperset(verb) and _relative(sentence))


def open_auxiliary(sentence: Sentence) -> bool:
    """An auxiliary without its verb ("I didn't."), or a name without what is theirs ("the customer's.")."""
    last = sentence.last
    if last.endswith(("'s", *_SUBJECT_ENDINGS)):
        return True
    auxiliary = _in("auxiliaries", last) or last.endswith("n't")
    return auxiliary and not _relative(sentence) and not _closed(sentence)


def open_verb(sentence: Sentence) -> bool:
    """A verb that wants its object: not in the passive, and not where the object came before."""
    if not _in("transitive", sentence.last) or _closed(sentence):
        return False
    if _in("opinions", sentence.last) and "," in sentence.marks[-4:-1]:
        return False  # "About ten, I think."
    noun = _adjective(sentence.before) or _in("determiners", sentence.before)  # "different needs"
    return not noun and not _relative(sentence) and not _passive(sentence)


def open_adverb(sentence: Sentence) -> bool:
    """ "I finally", "was probably", "to quickly": an adverb between a subject or auxiliary and its verb."""
    adverb = sentence.last.endswith("ly") and not _in("not_adverbs", sentence.last)
    if not (adverb or sentence.last in ("also", "always", "never", "often", "still", "now", "then")):
        return False
    before = sentence.before
    names = ("subjects", "auxiliaries", "determiners", "preambles")
    return before == "to" or any(_in(name, before) for name in names) or before.endswith(_SUBJECT_ENDINGS)


def open_noun_phrase(sentence: Sentence) -> bool:
    """A determiner or preposition with adjectives, and no noun yet: "a very big", "of different"."""
    participle = sentence.last.endswith("ed") and len(sentence.last) > len("speed")
    if _closed(sentence) or not (_adjective(sentence.last) or participle):
        return False
    rest = sentence.words[:-1]
    while rest and (_adjective(rest[-1]) or _in("adverbs", rest[-1])):
        rest = rest[:-1]
    begun = ("determiners", "prepositions")
    return bool(rest) and any(_in(name, rest[-1]) for name in begun) and not _in("comparing", rest[-1])


def _adjective(word: str) -> bool:
    if _in("adjectives", word):
        return True
    ending = word.endswith(("ous", "ful", "less", "ible", "able", "ical", "ive", "ic", "ional"))
    return ending and not _in("not_adjectives", word)


def open_number(sentence: Sentence) -> bool:
    """A number that wants its noun; not in "from ten to two", "by 30%", "in 2019"."""
    last = sentence.last
    if not (_in("numbers", last) or last.isdigit()):
        return False
    year = last.isdigit() and len(last) == len("2019") and last[:2] in ("19", "20")
    return not year and not _in("number_closers", sentence.before) and not _in("numbers", sentence.before)


def open_clause(sentence: Sentence) -> bool:
    """A clause was opened and has no verb yet: "because the whole team"."""
    at = max((i for i, word in enumerate(sentence.words) if _in("subordinators", word)), default=None)
    if at is None or at == len(sentence.words) - 1:
        return False
    clause = sentence.words[at + 1 :]
    # "So far", "what a team" and "all that work" open no clause.
    if sentence.words[at] == "that" and _in("prepositions", sentence.words[at - 1]):
        return False  # "proud of that one"
    if sentence.words[at] in ("so", "but", "then", "that", "what", "how", "why"):
        subject = _in("clause_starts", clause[0])
    else:
        subject = not _in("verbless_ok", clause[0])
    return subject and len(clause) <= LONGEST_FRAGMENT and not _has_verb(clause)


def leading_clause(sentence: Sentence) -> bool:
    """The sentence begins with "when", "if", "to" ... and its main clause has not come."""
    body = sentence.body
    if not body or not (_in("leading", body[0]) or _in("leading_bare", body[0])):
        return False
    if body[1:2] == ("then",):
        return False  # "Since then" opens nothing.
    commas = [i for i, mark in enumerate(sentence.marks[:-1]) if mark == "," and i >= sentence.start]
    if commas:
        return not _has_verb(sentence.words[commas[-1] + 1 :])
    # The last word is no subject, and neither is what a preposition has.
    pairs = pairwise(body[:-1])
    subjects = sum(_is_subject(word) and not _in("prepositions", previous) for previous, word in pairs)
    return len(body) <= LONGEST_LEADING_CLAUSE and subjects <= _in("leading", body[0])


def cleft(sentence: Sentence) -> bool:
    """A subject that waits for its "is" or "was": "What I did", "The first thing I did"."""
    body = sentence.body
    if not (body[:1] == ("what",) or sentence.begins_with("clefts")):
        return False
    return not any(word in ("is", "was", "were", "are") or word.endswith("'s") for word in body[1:])


def open_pair(sentence: Sentence) -> bool:
    """ "Not only ..." without its "but"."""
    for first, second in lexicon().pairs:
        # At the very end it is an adverb ("not faster either"), or an open word of its own.
        at = _position(sentence.words[:-1], first)
        if at is not None and _position(sentence.words[at + len(first) :], second) is None:
            return True
    return False


def fragment(sentence: Sentence) -> bool:
    """A phrase that the sentence was to begin with: "In my last job.", "The second project.", "So."."""
    body = sentence.body
    if len(body) <= 1:
        return True
    begins = any(_in(name, body[0]) for name in ("prepositions", "determiners", "subjects"))
    return begins and len(body) <= LONGEST_FRAGMENT and not _has_verb(body)


_OPEN_WORDS = ("connectives", "determiners", "subjects", "adverbs", "fillers", "wanting")

RULES: dict[str, Callable[[Sentence], bool]] = {
    "restart": repeated,
    "promise": promising,
    "open word": open_word,
    "subject": open_subject,
    "preposition": open_preposition,
    "auxiliary": open_auxiliary,
    "verb": open_verb,
    "open phrase": open_phrase,
    "adverb": open_adverb,
    "noun phrase": open_noun_phrase,
    "number": open_number,
    "open clause": open_clause,
    "leading clause": leading_clause,
    "cleft": cleft,
    "open pair": open_pair,
    "fragment": fragment,
    "opener": opening,
}
"""All rules by name, in the order they are asked."""
