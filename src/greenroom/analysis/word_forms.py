"""Part of speech and lemma of parsed words, remembered: spaCy's own rules for them take as long as its parse.

What those rules say of a token hangs on its form, its tag, what they ask of its dependency, and in some pairs
("gon na") on the token beside it. So each such combination goes through them once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

_RULES = ("attribute_ruler", "lemmatizer")

_REMEMBERED = 50_000
"""Combinations: more than a person uses in years of answers (judgement); some megabytes."""

_BETWEEN = (",", ",", "punct")
"""Stands between words that are looked up together, so that no rule takes two of them for a pair."""

_Word = tuple[str, str, str]
"""A token as the rules see it: form, tag, dependency."""

_Key = tuple[Any, ...]


class WordForms:
    """Sets `pos` and `lemma` of tokens as the model's own last two steps would.

    Args:
        nlp: a spacy.Language with both of these steps; they are taken out of it.
    """

    def __init__(self, nlp: Any) -> None:
        self._vocab = nlp.vocab
        self._rules = [nlp.get_pipe(name) for name in _RULES]
        patterns = [each for rule in self._rules[0].patterns for each in rule["patterns"]]
        self._asked = [token["DEP"] for each in patterns for token in each if "DEP" in token]
        self._firsts = [each[0] for each in patterns if len(each) > 1]
        self._signatures: dict[str, tuple[bool, ...]] = {}
        self._begins: dict[_Word, bool] = {}
        self._known: dict[_Key, tuple[int, int]] = {}
        for name in _RULES:
            nlp.remove_pipe(name)

    def annotate(self, docs: Sequence[Any]) -> None:
        """Give every token of the parsed `docs` its part of speech and its lemma."""
        # Another thread may put a new one in its place at any time: this one stays whole till the end.
        known = self._known
        new: dict[_Key, tuple[_Word | None, _Word, _Word | None]] = {}
        keys = []
        for doc in docs:
            words = [(token.text, token.tag_, token.dep_) for token in doc]
            for around in zip([None, *words], words, [*words[1:], None], strict=False):
                key = self._key(*around)
                keys.append(key)
                if key not in known:
                    new[key] = around
        self._learn(new, known)
        for token, key in zip((token for doc in docs for token in doc), keys, strict=True):
            token.pos, token.lemma = known[key]
        if len(known) > _REMEMBERED:
            self._known = {}

    def _key(self, before: _Word | None, word: _Word, after: _Word | None) -> _Key:
        form, tag, dependency = word
        return (
            form,
            tag,
            self._signature(dependency),
            before if before is not None and self._begins_pair(before) else None,
            after if after is not None and self._begins_pair(word) else None,
        )

    def _signature(self, dependency: str) -> tuple[bool, ...]:
        """What the rules can tell of a dependency."""
        if dependency not in self._signatures:
            self._signatures[dependency] = tuple(_meets(dependency, asked) for asked in self._asked)
        return self._signatures[dependency]

    def _is_of_pair(self, before: _Word | None, word: _Word, after: _Word | None) -> bool:
        begun = before is not None and self._begins_pair(before)
        return begun or (after is not None and self._begins_pair(word))

    def _begins_pair(self, word: _Word) -> bool:
        if word not in self._begins:
            of_word = dict(zip(("LOWER", "TAG", "DEP"), (word[0].lower(), *word[1:]), strict=True))
            self._begins[word] = any(
                all(_meets(of_word[name], asked) for name, asked in first.items()) for first in self._firsts
            )
        return self._begins[word]

    def _learn(
        self,
        new: Mapping[_Key, tuple[_Word | None, _Word, _Word | None]],
        known: dict[_Key, tuple[int, int]],
    ) -> None:
        """Let the rules themselves speak of each new word between its neighbours, all in one text."""
        from spacy.tokens import Doc

        if not new:
            return
        words: list[_Word] = []
        places = []
        for around in new.values():
            between = _BETWEEN if words and self._begins_pair(words[-1]) else None
            before, word, after = around if self._is_of_pair(*around) else (None, around[1], None)
            words += [each for each in (between, before) if each is not None]
            places.append(len(words))
            words += [each for each in (word, after) if each is not None]
        forms, tags, dependencies = zip(*words, strict=True)
        doc = Doc(
            self._vocab,
            words=list(forms),
            tags=list(tags),
            deps=list(dependencies),
            heads=list(range(len(words))),
        )
        for rule in self._rules:
            doc = rule(doc)
        for key, place in zip(new, places, strict=True):
            known[key] = (doc[place].pos, doc[place].lemma)


def _meets(value: str, asked: Any) -> bool:
    """Whether an attribute meets a pattern's condition; a kind of condition that is not known may be met."""
    if isinstance(asked, str):
        return value == asked
    known = {
        "IN": lambda wanted: value in wanted,
        "NOT_IN": lambda wanted: value not in wanted,
        "REGEX": lambda wanted: re.search(wanted, value) is not None,
    }
    return all(known[kind](wanted) if kind in known else True for kind, wanted in asked.items())
