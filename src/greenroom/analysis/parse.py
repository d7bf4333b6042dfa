"""From words to clauses, by spaCy's dependency parse.

Filled pauses are left out before parsing and "i" becomes "I": the parser was trained on written text, and
both spoil it. Every token keeps the index of the word it came from, so whatever is found can be played.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from greenroom.records import Word, bare, filled_pauses

from . import language_model
from .lexicon import PhraseFinder, load_tags, read_toml
from .numbers import number_hits
from .query import looks_past
from .reading import Clause, Hit, Reading, Token
from .sentences import sentences_of
from .word_forms import WordForms
from .words import is_word

# Dependencies whose verb opens a clause of its own. A relative clause counts only at the end of its clause
# ("..., which cut the bill"): set in the middle it would tear the quote of the clause around it.
CLAUSE_DEPS = {"ROOT", "ccomp", "advcl", "parataxis", "conj", "csubj", "relcl"}
INHERITING_DEPS = {"conj", "advcl", "xcomp"}
# "Had it balanced", "saw him leave", "let them go".
BRINGING_ABOUT = {"have", "get", "make", "let", "help", "see", "hear", "watch", "keep", "want", "need"}
MODALS = {"would", "'d", "could", "might", "may", "should", "can", "must", "ca"}
FUTURE = {"will", "'ll", "wo", "shall"}

_REMEMBERED = 512
"""Sentences: some of the longest answers."""

_MOST_STEPS = 20
"""From a verb up to those it hangs on; nobody says more "and" in a breath, but a noisy transcript may."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    """What was read in one sentence, counted from its beginning; the parser may find several in it."""

    clauses: tuple[Clause, ...]
    hits: tuple[Hit, ...]
    nouns: tuple[tuple[str, int], ...]
    tokens: tuple[Token, ...]


class Parser:
    """spaCy with only what the rules need; loading takes about a second, so make one and keep it.

    An answer is parsed sentence by sentence, all of them side by side, and they are remembered: of an answer
    that goes on only what is new is left to do.
    """

    def __init__(self) -> None:
        self._remembered: dict[tuple[str, ...], _Sentence] = {}
        self._nlp = language_model.load()
        self._forms = WordForms(self._nlp)
        self._people = read_toml("lexicons", "people.toml")["subjects"]
        self._finder = PhraseFinder(load_tags(), self._split)

    def _split(self, entry: str) -> list[str]:
        return [token.text for token in self._nlp.tokenizer(entry)]

    def read(self, words: Sequence[Word]) -> Reading:
        texts = [word.text for word in words]
        bounds = sentences_of(texts)
        clauses: list[Clause] = []
        hits: list[Hit] = []
        nouns: list[tuple[str, int]] = []
        tokens: list[Token] = []
        for (first, _), read in zip(
            bounds, self._read_all([tuple(texts[a:b]) for a, b in bounds]), strict=True
        ):
            begun = clauses[-1].sentence + 1 if clauses else 0
            clauses.extend(_moved(clause, first, begun) for clause in read.clauses)
            hits.extend(Hit(hit.tag, hit.first_word + first, hit.last_word + first) for hit in read.hits)
            nouns.extend((noun, word + first) for noun, word in read.nouns)
            before = len(tokens)
            tokens.extend(replace(t, head=t.head + before, word=t.word + first) for t in read.tokens)
        return Reading(
            tuple(words),
            tuple(clauses),
            tuple(hits),
            nouns=tuple(nouns),
            content=sum(map(is_word, texts)),
            tokens=tuple(tokens),
        )

    def _read_all(self, sentences: Sequence[tuple[str, ...]]) -> list[_Sentence]:
        """What is read in each; new ones are parsed side by side, which takes a third of the time."""
        # Another thread may put a new one in its place at any time.
        remembered = self._remembered
        new = [words for words in dict.fromkeys(sentences) if words not in remembered]
        texts = [_plain_text(words) for words in new]
        docs = list(self._nlp.pipe([text for text, _ in texts], batch_size=len(new) or 1))
        self._forms.annotate(docs)
        read = {
            words: self._read(doc, owners) for words, (_, owners), doc in zip(new, texts, docs, strict=True)
        }
        found = [read.get(words) or remembered[words] for words in sentences]
        self._remembered = dict([*remembered.items(), *read.items()][-_REMEMBERED:])
        return found

    def _read(self, doc: Any, owners: Sequence[int]) -> _Sentence:
        at = [owners[token.idx] for token in doc]
        hits = self._hits(doc, at)
        nouns = tuple((_noun(t), at[t.i]) for t in doc if t.pos_ in ("NOUN", "PROPN") and t.is_alpha)
        tokens = tuple(_token(t, at[t.i]) for t in doc)
        return _Sentence(self._clauses(doc, at, hits), hits, nouns, tokens)

    def _hits(self, doc: Any, at: list[int]) -> tuple[Hit, ...]:
        forms = [token.lower_ for token in doc]
        lemmas = [token.lemma_.lower() for token in doc]
        found = [Hit(tag, at[a], at[b]) for tag, a, b in self._finder.find(forms, lemmas)]
        return tuple(sorted({*found, *number_hits(doc, at)}, key=lambda h: (h.first_word, h.tag)))

    def _clauses(self, doc: Any, at: list[int], hits: Sequence[Hit]) -> tuple[Clause, ...]:
        heads = {token.i for token in doc if _opens_clause(token)}
        above = [token.head.i for token in doc]
        members: dict[int, set[int]] = {head: set() for head in heads}
        placed: set[int] = set()
        for token in doc:
            # A word belongs to one clause, that of its first token: its comma may hang on another one.
            if at[token.i] not in placed and not token.is_punct:
                members[_head_of(token.i, above, heads)].add(at[token.i])
                placed.add(at[token.i])
        heads = {head for head in heads if members[head]}
        sentence = list(accumulate(int(token.i > 0 and token.is_sent_start) for token in doc))
        tags = _tags_by_word(hits)
        clauses = []
        for head in sorted(heads, key=lambda h: min(members[h])):
            own = tuple(sorted(members[head]))
            found = frozenset(tag for word in own for tag in tags.get(word, ()))
            clauses.append(self._clause(doc[head], own, sentence[head], found))
        return tuple(clauses)

    def _clause(self, head: Any, own: tuple[int, ...], sentence: int, tags: frozenset[str]) -> Clause:
        auxiliaries = _auxiliaries(head)
        passive = any(c.dep_ in ("nsubjpass", "auxpass") for c in head.children)
        conditional = any(c.dep_ == "mark" and c.lower_ == "if" for c in head.children)
        return Clause(
            words=own,
            subject=self._subject(head, passive),
            mood=_supposed(_mood(head, auxiliaries, tags), conditional),
            verb=head.lemma_.lower(),
            verbs=frozenset(_verbs(head)),
            passive=passive,
            negated=any(c.dep_ == "neg" for c in head.children),
            progressive=head.tag_ == "VBG" and any(a.lemma_ == "be" for a in auxiliaries),
            conditional=conditional,
            sentence=sentence,
            tags=tags,
        )

    def _subject(self, head: Any, passive: bool) -> str:
        for verb in _upwards(head):
            if verb.i != head.i:
                passive = any(c.dep_ == "nsubjpass" for c in verb.children)
            doer = (_agent(verb) if passive else None) or _own_subject(verb)
            if doer is not None:
                return self._who(doer)
            if passive or verb.dep_ not in INHERITING_DEPS:
                break
        return "none"

    def _who(self, token: Any) -> str:
        form, lemma = token.lower_, token.lemma_.lower()
        joined = {c.lower_ for c in token.subtree if c.dep_ in ("conj", "nsubj") or c.i == token.i}
        if joined & {"i", "me", "myself"}:
            return "i" if len(joined) == 1 else "we"
        for who, forms in self._people.items():
            if form in forms or lemma in forms:
                return str(who)
        return "it"


def _moved(clause: Clause, words: int, sentences: int) -> Clause:
    """The clause counted from the beginning of the answer, so many words and sentences before."""
    own = tuple(word + words for word in clause.words)
    return replace(clause, words=own, sentence=clause.sentence + sentences)


def _plain_text(words: Sequence[str]) -> tuple[str, list[int]]:
    """The text to parse, and for each of its characters the index of the word it came from."""
    pieces: list[str] = []
    owners: list[int] = []
    pauses = filled_pauses(words)
    for i, word in enumerate(words):
        text = word.strip()
        if not text or i in pauses:
            continue
        text = _as_written(text)
        pieces.append(text)
        owners.extend([i] * (len(text) + 1))
    return " ".join(pieces), owners


def _as_written(text: str) -> str:
    text = text.replace("’", "'")
    return "I" + text[1:] if bare(text.split("'")[0]) == "i" and text[0] == "i" else text


def _opens_clause(token: Any) -> bool:
    if token.dep_ == "ROOT":
        return True
    if token.dep_ not in CLAUSE_DEPS or token.pos_ not in ("VERB", "AUX"):
        return False
    if _is_brought_about(token):
        return False
    if token.dep_ == "conj":
        return token.head.pos_ in ("VERB", "AUX") or _own_subject(token) is not None
    if token.dep_ == "relcl":
        return token.right_edge.i + 1 >= _next_break(token) and _words_in(token) >= 4
    return True


def _is_brought_about(token: Any) -> bool:
    """ "I got it to read the tariff", "had it balanced", "saw him leave": no clause of its own."""
    if token.dep_ != "ccomp":
        return False
    auxiliaries = {c.lower_ for c in token.children if c.dep_ in ("aux", "auxpass")}
    bare_form = not auxiliaries and token.tag_ in ("VB", "VBN") and token.head.lemma_ in BRINGING_ABOUT
    return "to" in auxiliaries or bare_form


def _words_in(token: Any) -> int:
    return int(token.right_edge.i - token.left_edge.i + 1)


def _next_break(token: Any) -> int:
    """Where the clause around a relative clause ends: the sentence's end, or the next punctuation."""
    end = token.sent.end
    following = token.doc[token.right_edge.i + 1 : end]
    return token.right_edge.i + 1 if len(following) and following[0].is_punct else int(end)


def _head_of(token: int, above: Sequence[int], heads: set[int]) -> int:
    """The clause's head over a token; `above`: of each token, the one that it hangs on."""
    while token not in heads:
        token = above[token]
    return token


def _upwards(token: Any) -> Iterator[Any]:
    """The token and those over it, as far as is sensible: of a long chain each would walk all of it."""
    for _ in range(_MOST_STEPS):
        yield token
        if token.head.i == token.i:
            return
        token = token.head


def _own_subject(head: Any) -> Any | None:
    return next((c for c in head.children if c.dep_ in ("nsubj", "nsubjpass", "expl")), None)


def _agent(head: Any) -> Any | None:
    by = next((c for c in head.children if c.dep_ == "agent"), None)
    return next((c for c in by.children if c.dep_ == "pobj"), None) if by is not None else None


def _auxiliaries(head: Any) -> list[Any]:
    for verb in _upwards(head):
        own = [c for c in verb.children if c.dep_ in ("aux", "auxpass")]
        if own or verb.tag_ not in ("VB", "VBN", "VBG") or verb.dep_ != "conj":
            return own
    return []


def _mood(head: Any, auxiliaries: Sequence[Any], tags: frozenset[str]) -> str:
    mood, participle = _own_mood(head, auxiliaries, tags), False
    for verb in _upwards(head):
        if verb.i != head.i:
            mood = _own_mood(verb, _auxiliaries(verb), frozenset())
        if mood is not None:
            break
        participle = participle or verb.tag_ == "VBG"
    # "before going there I check": a participle tells no habit of its own, but it may tell a deed.
    return "none" if mood is None or (participle and mood not in ("past", "perfect")) else mood


def _own_mood(head: Any, auxiliaries: Sequence[Any], tags: frozenset[str]) -> str | None:
    """None where it has the mood of the verb over it."""
    forms = {a.lower_ for a in auxiliaries}
    if "to" in forms:
        return "none"
    if head.lemma_ == "use" and any(c.dep_ == "xcomp" for c in head.children) and head.tag_ in ("VBD", "VBN"):
        return "used_to"
    if forms & {"had", "was", "were", "did"} or _is_past(head) or ("'d" in forms and head.tag_ == "VBN"):
        return "past"
    if forms & FUTURE:
        return "future"
    if forms & MODALS:
        return "past" if {"could"} & forms and head.dep_ != "ROOT" else _softened(tags)
    if forms & {"have", "has", "'ve"}:
        return "perfect"
    if head.tag_ in ("VBP", "VBZ") or forms:
        return "present"
    if head.tag_ in ("VBG", "VBN", "VB") and head.dep_ in INHERITING_DEPS:
        return None
    return "past" if head.tag_ == "VBN" else "none"


def _is_past(head: Any) -> bool:
    return head.tag_ == "VBD" or (head.tag_ == "VBP" and looks_past(head.lower_))


def _supposed(mood: str, conditional: bool) -> str:
    """ "If I disagreed" tells of nothing that happened."""
    return "would" if conditional and mood == "past" else mood


def _softened(tags: frozenset[str]) -> str:
    """ "I would say" and "I'd love to" are politeness, not a hypothesis."""
    return "present" if "polite_would" in tags else "would"


def _verbs(head: Any) -> list[str]:
    """The verb and the infinitives and gerunds that hang on it."""
    verbs, left = [], [head]
    while left:
        verb = left.pop()
        verbs.append(verb.lemma_.lower())
        verbs += [f"{verb.lemma_} {child.lower_}" for child in verb.children if child.dep_ == "prt"]
        able = [c for c in verb.children if c.dep_ == "acomp" and c.lower_ == "able"]
        below = [*verb.children, *(c for each in able for c in each.children)]
        left += [child for child in below if child.dep_ == "xcomp" or _is_brought_about(child)]
    return verbs


def _token(token: Any, word: int) -> Token:
    form, lemma = token.lower_, token.lemma_.lower()
    return Token(form, lemma, token.tag_, token.pos_, token.dep_, token.head.i, word)


def _noun(token: Any) -> str:
    return str(token.text if token.pos_ == "PROPN" and token.text[0].isupper() else token.lemma_.lower())


def _tags_by_word(hits: Sequence[Hit]) -> dict[int, set[str]]:
    tags: dict[int, set[str]] = {}
    for hit in hits:
        tags.setdefault(hit.first_word, set()).add(hit.tag)
    return tags
