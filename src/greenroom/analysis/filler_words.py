"""Filler words: "like", "you know" and others, where they say nothing; where they mean something they stay.

Each is one file, fillers/*.toml. Its cases are tried in turn; the first whose conditions all hold decides.
A condition is a list of marks, of which a neighbour, the phrase itself or its head must carry one:

    like        the form             ~be     the lemma
    VBD VERB    tag, part of speech  dep=..  the dependency
    ^ $         nothing but the edge of the sentence; ^^ and $$ of the whole answer
    ,           punctuation lies between it and the phrase
    #um         a filled pause lies between them
    #np         begins a noun phrase; #subject: one that is the subject of what follows
    #again      the same word as the one before the phrase ("a, you know, a")
    =name       any mark of that group in the file
    !...        must not be carried; a list of only these holds where none is
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import msgspec

from greenroom.records import Filler, bare, is_filled_pause

from .lexicon import read_toml, toml_names
from .reading import Reading, Token

# A neighbour's marks are looked up this many words away; `earlier` asks all of them.
REACH = 8
_ENDS = frozenset(".?!")
_INSIDE_NOUN_PHRASE = frozenset({"det", "amod", "poss", "compound", "nummod", "advmod", "quantmod", "predet"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "expl", "csubj"})
_NOTHING: frozenset[str] = frozenset()

Marks = frozenset[str]
Condition = tuple[str, ...]


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way in which the phrase occurs, and whether it is a filler there.

    Attributes:
        filler: what it is; `confidence` how sure that is (0 to 1), our own judgement.
        why: the same in words.
        before, before2: the word before the phrase, and the one before that; after, after2, after3 likewise.
        earlier: any of the `REACH` words before it in its sentence.
        own: the phrase's last token; `head` what that hangs on; `kids` what hangs on it.
    """

    filler: bool
    why: str
    confidence: float = 0.9
    before: Condition = ()
    before2: Condition = ()
    after: Condition = ()
    after2: Condition = ()
    after3: Condition = ()
    earlier: Condition = ()
    own: Condition = ()
    head: Condition = ()
    kids: Condition = ()


class FillerRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One filler word.

    Attributes:
        phrase: its name; `forms` are the ways in which it is written, each one or more words.
        why: when it says nothing; `why_not` when it means something.
        groups: marks that go by one name.
        examples, against: sentences in which it is a filler at the [brackets], and in which it is none.
    """

    phrase: str
    forms: tuple[str, ...]
    why: str
    why_not: str
    cases: tuple[Case, ...]
    examples: tuple[str, ...]
    against: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]] = {}


class Place(msgspec.Struct, frozen=True):
    """What surrounds one occurrence, as sets of marks: nearest first."""

    before: tuple[Marks, ...]
    after: tuple[Marks, ...]
    own: Marks
    head: Marks
    kids: Marks


@cache
def load_fillers() -> tuple[FillerRule, ...]:
    """Every filler word, longer phrases first. Raises ValueError that names the file at fault."""
    rules = [_load(name) for name in toml_names("fillers")]
    return tuple(sorted(rules, key=lambda rule: (-len(rule.phrase.split()), rule.phrase)))


def _load(name: str) -> FillerRule:
    try:
        rule = msgspec.convert(read_toml("fillers", name), FillerRule)
        cases = tuple(_expanded(case, rule.groups) for case in rule.cases)
    except (msgspec.ValidationError, KeyError) as error:
        raise ValueError(f"fillers/{name}: {error}") from error
    return msgspec.structs.replace(rule, cases=cases)


def _expanded(case: Case, groups: Mapping[str, Sequence[str]]) -> Case:
    """The case with the marks of its groups in place of their names."""
    fields = {name: getattr(case, name) for name in case.__struct_fields__}
    conditions = {name: value for name, value in fields.items() if isinstance(value, tuple)}
    spelled = {
        name: tuple(mark for wanted in value for mark in _spelled(wanted, groups))
        for name, value in conditions.items()
    }
    return msgspec.structs.replace(case, **spelled)


def _spelled(wanted: str, groups: Mapping[str, Sequence[str]]) -> Iterator[str]:
    no = "!" if wanted.startswith("!") else ""
    name = wanted.removeprefix("!")
    yield from (no + mark for mark in groups[name[1:]]) if name.startswith("=") else (wanted,)


def filler_words(reading: Reading) -> tuple[Filler, ...]:
    """The words and phrases of an answer that are fillers where they stand, in order."""
    rules, said = load_fillers(), [bare(word.text) for word in reading.words]
    where = _tokens_by_word(reading.tokens)
    found: list[Filler] = []
    taken: set[int] = set()
    for rule, first, last in _occurrences(rules, said):
        case = _decided(rule, reading, where, first, last)
        if case is not None and case.filler and taken.isdisjoint(range(first, last + 1)):
            taken.update(range(first, last + 1))
            found.append(_filler(reading, said, first, last, case.confidence))
    return tuple(sorted(found, key=lambda filler: filler.first_word or 0))


def _filler(reading: Reading, said: Sequence[str], first: int, last: int, confidence: float) -> Filler:
    return Filler(
        " ".join(said[first : last + 1]),
        reading.words[first].start,
        reading.words[last].end,
        confidence=confidence,
        kind="filler_word",
        first_word=first,
        last_word=last,
    )


def _tokens_by_word(tokens: Sequence[Token]) -> dict[int, list[int]]:
    where: dict[int, list[int]] = {}
    for i, token in enumerate(tokens):
        if token.kind not in ("PUNCT", "SPACE"):
            where.setdefault(token.word, []).append(i)
    return where


def _occurrences(rules: Sequence[FillerRule], said: Sequence[str]) -> Iterator[tuple[FillerRule, int, int]]:
    """(rule, first word, last word) of each occurrence of each form."""
    for rule in rules:
        for form in (tuple(form.split()) for form in rule.forms):
            for i, word in enumerate(said):
                if word == form[0] and tuple(said[i : i + len(form)]) == form:
                    yield rule, i, i + len(form) - 1


def _decided(
    rule: FillerRule, reading: Reading, where: Mapping[int, Sequence[int]], first: int, last: int
) -> Case | None:
    """The first case that holds; None where none does or the phrase is not in the parse."""
    if first not in where or last not in where:
        return None
    place = _place(reading, where[first][0], where[last][-1], first, last)
    return next((case for case in rule.cases if _holds(case, place)), None)


def _holds(case: Case, place: Place) -> bool:
    around = (
        (case.before, _nth(place.before, 0)),
        (case.before2, _nth(place.before, 1)),
        (case.after, _nth(place.after, 0)),
        (case.after2, _nth(place.after, 1)),
        (case.after3, _nth(place.after, 2)),
        (case.earlier, _NOTHING.union(*place.before)),
        (case.own, place.own),
        (case.head, place.head),
        (case.kids, place.kids),
    )
    return all(_met(wanted, marks) for wanted, marks in around)


def _nth(marks: Sequence[Marks], n: int) -> Marks:
    return marks[n] if n < len(marks) else _NOTHING


def _met(wanted: Condition, marks: Marks) -> bool:
    if any(mark[1:] in marks for mark in wanted if mark[0] == "!"):
        return False
    asked = [mark for mark in wanted if mark[0] != "!"]
    return not asked or any(mark in marks for mark in asked)


def _place(reading: Reading, start: int, end: int, first: int, last: int) -> Place:
    """The surroundings of tokens[start] to tokens[end], which are words[first] to words[last]."""
    tokens = reading.tokens
    hangs = frozenset(f"dep={t.role}" for t in tokens if t.head == end and t.role not in ("punct", "ROOT"))
    before = tuple(_beyond(reading, range(start - 1, -1, -1), first, "^"))
    after = list(_beyond(reading, range(end + 1, len(tokens)), last, "$"))
    if before and after and _form(before[0]) & _form(after[0]):
        after[0] |= {"#again"}
    return Place(before, tuple(after), _marks(tokens, end), _marks(tokens, tokens[end].head), hangs)


def _form(marks: Marks) -> Marks:
    """The lower-case form among the marks, without lemma, tags and signs."""
    return frozenset(mark for mark in marks if mark[:1].isalpha() and mark.islower() and "=" not in mark)


def _beyond(reading: Reading, order: range, edge_word: int, edge: str) -> Iterator[Marks]:
    """Marks of the words that follow in `order`, up to the sentence's edge, which ends them."""
    extra: set[str] = set()
    near, count = edge_word, 0
    for i in order:
        token = reading.tokens[i]
        if token.kind in ("PUNCT", "SPACE"):
            if _ENDS & set(token.form) and "..." not in token.form:
                yield frozenset({edge, *_hesitation(reading, near, token.word)})
                return
            extra.add(",")
            continue
        yield _marks(reading.tokens, i) | extra | _hesitation(reading, near, token.word)
        extra, near, count = set(), token.word, count + 1
        if count == REACH:
            return
    outside = -1 if edge == "^" else len(reading.words)
    yield frozenset({edge, 2 * edge, *extra, *_hesitation(reading, near, outside)})


def _hesitation(reading: Reading, near: int, far: int) -> frozenset[str]:
    """ "#um" if a filled pause is among the words between the two."""
    between = reading.words[min(near, far) + 1 : max(near, far)]
    return frozenset({"#um"}) if any(is_filled_pause(word.text) for word in between) else _NOTHING


def _marks(tokens: Sequence[Token], i: int) -> Marks:
    token = tokens[i]
    own = {token.form, f"~{token.lemma}", token.tag, token.kind, f"dep={token.role}"}
    root = _phrase_root(tokens, i)
    if tokens[root].kind in ("NOUN", "PROPN", "NUM") or token.tag in ("DT", "PRP$", "WP$"):
        own.add("#np")
    if tokens[root].role in _SUBJECTS and tokens[root].head > root:
        own.add("#subject")
    return frozenset(own)


def _phrase_root(tokens: Sequence[Token], i: int) -> int:
    """The noun that a determiner, adjective or number before it belongs to, else the token itself."""
    while tokens[i].role in _INSIDE_NOUN_PHRASE and tokens[i].head > i:
        i = tokens[i].head
    return i
