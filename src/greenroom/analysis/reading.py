"""An answer as the rules see it: words, clauses with who does what in which mood, and tagged stretches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from greenroom.records import Span, Word

from .words import span_of


@dataclass(frozen=True, slots=True)
class Hit:
    """A stretch of words that a lexicon knows: words[first_word] to words[last_word], both included."""

    tag: str
    first_word: int
    last_word: int


@dataclass(frozen=True, slots=True)
class Token:
    """One token of the parse; a word may be several ("do", "n't"), and punctuation is one of its own.

    Attributes:
        form, lemma: in lower case.
        tag: Penn Treebank tag, "VBD".
        kind: universal part of speech, "VERB".
        role: its dependency, "nsubj", on tokens[head] (itself for a root).
        word: index of the word it came from.
    """

    form: str
    lemma: str
    tag: str
    kind: str
    role: str
    head: int
    word: int


@dataclass(frozen=True, slots=True)
class Clause:
    """One verb with what belongs to it.

    Attributes:
        words: indices of its words, in order; they may have a gap where another clause is set in.
        subject: "i", "we", "you", "they", "team", "it" or "none".
        mood: "past", "perfect", "used_to", "present", "would", "future" or "none" (no finite verb).
        verb: lemma of its verb; `verbs` also holds the infinitives that hang on it ("had to restart").
        progressive: "was running", as against "ran".
        part: one of PARTS, or "aside".
    """

    words: tuple[int, ...]
    subject: str
    mood: str
    verb: str
    verbs: frozenset[str] = frozenset()
    passive: bool = False
    negated: bool = False
    progressive: bool = False
    conditional: bool = False
    sentence: int = 0
    tags: frozenset[str] = frozenset()
    part: str = "aside"

    @property
    def first(self) -> int:
        return self.words[0]

    @property
    def last(self) -> int:
        return self.words[-1]


@dataclass(frozen=True, slots=True)
class Reading:
    """A parsed answer.

    Attributes:
        asks: what the question asks for: "episode", "would", "practice", "self" or "knowledge".
        question: its text in lower case, "" where it is not known.
        nouns: lemmas of its nouns, names marked by a capital, in order, with their word.
        content: number of words that are no filled pauses.
        tokens: the parse itself, in order; filled pauses are not in it.
    """

    words: tuple[Word, ...]
    clauses: tuple[Clause, ...]
    hits: tuple[Hit, ...] = ()
    asks: str = "episode"
    kind: str = "behavioural"
    nouns: tuple[tuple[str, int], ...] = ()
    content: int = 0
    question: str = ""
    tokens: tuple[Token, ...] = ()

    def span(self, clause: Clause) -> Span:
        return span_of(self.words, clause.first, clause.last)

    def with_clauses(self, clauses: Iterable[Clause]) -> Reading:
        return replace(self, clauses=tuple(clauses))
