"""A story in draft: what was told, put into its four parts, without the stumbles, and what is named in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from greenroom.analysis.lexicon import read_toml
from greenroom.analysis.query import ABSTRACT, DONE
from greenroom.analysis.reading import Clause, Reading
from greenroom.analysis.sentences import sentences_of
from greenroom.analysis.words import is_word, words_of
from greenroom.preparation.stories.stories import Story
from greenroom.preparation.telling.entities import Entities, EntityReader, together
from greenroom.records import PARTS, Answer, Word, bare, is_filled_pause

DECIDED_BY_QUESTION: dict[str, tuple[str, ...]] = {
    "situation": ("situation",),
    "task": ("task",),
    "action": ("task", "action"),
    "result": ("result",),
}
"""Where the words of an answer go whose question asked for a part. What somebody did is told together with
what was to be done, so there the analysis still tells the two apart."""

_BEGINS = {"situation": 0.0, "task": 1.0, "action": 2.0, "result": 10.0}
_GOES_ON = {  # a story is told in this order, and each step back needs many words that speak for it
    ("situation", "task"): 1.0,
    ("situation", "action"): 1.0,
    ("situation", "result"): 4.0,
    ("task", "situation"): 3.0,
    ("task", "action"): 1.0,
    ("task", "result"): 4.0,
    ("action", "situation"): 30.0,
    ("action", "task"): 30.0,
    ("action", "result"): 1.0,
    ("result", "situation"): 30.0,
    ("result", "task"): 30.0,
    ("result", "action"): 12.0,
}
"""What it costs to begin with a part, and to go from one to another, in words that the analysis would have to
give to the new one. (Judgement, from reading drafts of thirty told answers.)"""

_OWN_DEED = 0.6
""""I went to the engineer" speaks by so much of its words for the action and by so much less for the scene,
which the analysis hears there, since it looks for a verb of making. (Judgement, as above.)"""
_ASKED_FOR = 3.0
"""Words by which every sentence speaks for the part that its question asked for. (Judgement.)"""
_HEARD_AND_LOST = 3.0
"""What the words of a part count that the analysis heard and the order would lose. (Judgement, as above.)"""
_NO_DEEDS = frozenset(
    ("be", "have", "know", "want", "need", "feel", "think", "believe", "like", "love", "hope", "see", "hear")
)
_CALLED = re.compile(r"^(?:let['’]?s|let us|i['’]d|i would|we could|you can)? ?call it ", re.I)
_OPENS = frozenset(("so", "and", "but", "then", "because"))
_LONG_UNMARKED = 20  # words: of a sentence that anybody would say in one breath
_LEAST_PIECE = 4  # words: what is shorter stays with its sentence
_LABEL = re.compile(r"^(?:the )?(?:situation|task|action|result)\s*:\s*", re.I)  # who tells it by the book
_FACTS = read_toml("lexicons", "facts.toml")
_EMPTY = frozenset((*_FACTS["empty_things"], *_FACTS["people"], *ABSTRACT, "story", "company", "project"))
_EMPTY_ADJECTIVES = frozenset(_FACTS["empty_adjectives"])
_SENTENCE_ENDS = (".", "?", "!", "…")
_MOST_TITLE_WORDS = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """Something that was told: an answer, and the part that its question asked for: "" for all."""

    answer: Answer
    part: str = ""


def draft_of(answer: Answer, reader: EntityReader, *, name: str = "", title: str = "") -> Story:
    """One answer that tells a story, as a story; without a title it is called by what it is most about."""
    return drafted([Piece(answer)], reader, name=name, title=title)


def drafted(pieces: Sequence[Piece], reader: EntityReader, *, name: str = "", title: str = "") -> Story:
    """All that was told of one story, in the order in which it was told, as a story."""
    told: dict[str, list[str]] = {part: [] for part in PARTS}
    named: list[Entities] = []
    nouns: list[str] = []
    for piece in pieces:
        words = words_of(piece.answer.transcript)
        reading = reader.read(words)
        named.append(reader.entities(reading))
        nouns.append(title_of(reading, named[-1]))
        for part, text in _parts_told(piece, reading):
            told[part].append(text)
    found = together(named)
    return Story(
        name=name,
        title=title or next(filter(None, nouns), "A story"),
        situation=" ".join(told["situation"]),
        task=" ".join(told["task"]),
        action=" ".join(told["action"]),
        result=" ".join(told["result"]),
        numbers=found.numbers,
        people=found.people,
        dates=found.dates,
        technologies=found.technologies,
    )


def title_of(reading: Reading, named: Entities) -> str:
    """What a story is most about, as a title: the noun it says most often, with what stands before it."""
    names = {bare(word) for group in (named.people, named.dates, named.numbers) for each in group
             for word in each.split()}  # fmt: skip
    lemmas = [
        token.lemma if token.kind in ("NOUN", "PROPN") and bare(token.form) not in names else ""
        for token in reading.tokens
    ]
    nouns = [lemma for lemma in lemmas if lemma and lemma not in _EMPTY]
    if not nouns:
        return ""
    most = max(dict.fromkeys(nouns), key=nouns.count)
    at = [i for i, lemma in enumerate(lemmas) if lemma == most]
    phrases = [_phrase(reading, i) for i in at]
    best = max(phrases, key=lambda words: len(words.split()))
    return best[:1].upper() + best[1:] if " " in best or best[:1].isupper() else f"The {best}"


def spoken_title(answer: Answer) -> str:
    """A title as it was said or typed: without stumbles, "let's call it" and the mark at its end."""
    words = words_of(answer.transcript)
    text = cleaned(words, 0, len(words) - 1, left_out(answer)).strip(" .,;:!?…\"“”'")
    text = _CALLED.sub("", text).strip(" ,\"“'")
    return text[:1].upper() + text[1:]


def cleaned(words: Sequence[Word], first: int, last: int, out: frozenset[int]) -> str:
    """words[first] to words[last] without those in `out`, as a sentence or several.

    Where a word goes, the mark that ended a sentence on it stays, and the next begins with a capital; the
    commas around an "um" go with it.
    """
    kept: list[str] = []
    capital = True
    for i in range(first, last + 1):
        text = words[i].text.strip()
        if i in out and text and kept:
            if text[-1] in _SENTENCE_ENDS and kept[-1][-1] not in _SENTENCE_ENDS:
                kept[-1] = kept[-1].rstrip(",;:–—-") + text[-1]
                capital = True
            elif is_filled_pause(text):
                kept[-1] = kept[-1].rstrip(",")
        if i in out or not text:
            continue
        kept.append(text[:1].upper() + text[1:] if capital else text)
        capital = text[-1] in _SENTENCE_ENDS and not text.endswith(("...", "…"))
    whole = _LABEL.sub("", " ".join(kept)).rstrip(" ,;:–—-")
    whole = whole[:1].upper() + whole[1:]
    return whole if not whole or whole.endswith((*_SENTENCE_ENDS, '"', "”")) else f"{whole}."


def _parts_told(piece: Piece, reading: Reading) -> list[tuple[str, str]]:
    """(part, its text) of each stretch of an answer, in order."""
    out = left_out(piece.answer)
    allowed = DECIDED_BY_QUESTION.get(piece.part, PARTS)
    units = _units(piece.answer, reading)
    runs: list[tuple[str, int, int]] = []
    for (first, last), part in zip(units, _likeliest(piece, units, reading, allowed), strict=True):
        if runs and runs[-1][0] == part:
            runs[-1] = (part, runs[-1][1], last)
        else:
            runs.append((part, first + _leads_on(reading.words, first), last))
    texts = [(part, cleaned(reading.words, first, last, out)) for part, first, last in runs]
    return [(part, text) for part, text in texts if text]


def _leads_on(words: Sequence[Word], first: int) -> int:
    """1 where a stretch that was cut out of a sentence begins with "and", else 0."""
    inside = first > 0 and words[first - 1].text.rstrip()[-1:] not in _SENTENCE_ENDS
    return int(inside and bare(words[first].text) == "and")


def left_out(answer: Answer) -> frozenset[int]:
    """The words that one would leave out: "um", "you know", and what was taken back."""
    fillers = ((f.first_word, f.last_word) for f in answer.delivery.fillers)
    slips = ((slip.first_word, slip.last_word) for slip in answer.delivery.disfluencies)
    return frozenset(
        word
        for first, last in (*fillers, *slips)
        if first is not None
        for word in range(first, (first if last is None else last) + 1)
    )


def _units(answer: Answer, reading: Reading) -> list[tuple[int, int]]:
    """The stretches that belong to one part each: sentences, cut where "so I ..." leads to another part."""
    begun = {part.first_word for part in answer.parts}
    cuts = begun | {clause.first for clause in reading.clauses}
    units = []
    for first, after in sentences_of([word.text for word in reading.words]):
        start = first
        unmarked = _is_unmarked(reading.words[first:after])
        for i in range(first + 1, after):
            pause = reading.words[i - 1].text.rstrip()[-1:] in ",;:–—"
            opens = bare(reading.words[i].text) in _OPENS and not cuts.isdisjoint((i, i + 1))
            begins = (pause and opens) or (unmarked and i in begun)
            if begins and i - start >= _LEAST_PIECE and after - i >= _LEAST_PIECE:
                units.append((start, i - 1))
                start = i
        units.append((start, after - 1))
    return units


def _is_unmarked(words: Sequence[Word]) -> bool:
    """Whether a long stretch was written without any mark, as small models of Whisper do at times."""
    return len(words) > _LONG_UNMARKED and not any(w.text.rstrip()[-1:] in ",;:–—" for w in words[:-1])


def _likeliest(
    piece: Piece, units: Sequence[tuple[int, int]], reading: Reading, allowed: Sequence[str]
) -> list[str]:
    """The part of each unit, such that most words are where the analysis has them and the order is a story's.

    The analysis decides clause by clause; a story to be read should not jump with every clause.
    """
    labels = {word: part for word, part in _labels(piece.answer).items() if part in allowed}
    speaks = [_spoken_for(unit, labels, reading, allowed) for unit in units]
    if piece.part:
        speaks = [{**each, piece.part: each[piece.part] + _ASKED_FOR} for each in speaks]
    found = _best_way(speaks, allowed)
    if lost := set(labels.values()) - set(found):
        louder = [
            {part: words * (_HEARD_AND_LOST if part in lost else 1.0) for part, words in each.items()}
            for each in speaks
        ]
        other = _best_way(louder, allowed)
        found = other if set(other) > set(found) else found
    return found


def _spoken_for(
    unit: tuple[int, int], labels: Mapping[int, str], reading: Reading, allowed: Sequence[str]
) -> dict[str, float]:
    """How many of its words speak for each part."""
    own = {word for clause in reading.clauses if _is_own_deed(clause) for word in clause.words}
    speaks = dict.fromkeys(allowed, 0.0)
    for word in range(unit[0], unit[1] + 1):
        if not is_word(reading.words[word].text):
            continue
        mine = word in own and "action" in speaks
        if (part := labels.get(word)) is not None:
            speaks[part] += 1.0 - _OWN_DEED if mine and part == "situation" else 1.0
        if mine:
            speaks["action"] += _OWN_DEED
    return speaks


def _best_way(speaks: Sequence[Mapping[str, float]], allowed: Sequence[str]) -> list[str]:
    """Viterbi's algorithm: of all ways through the parts the one that most words speak for."""
    best: dict[str, tuple[float, list[str]]] = {part: (-_BEGINS[part], []) for part in allowed}
    for n, each in enumerate(speaks):
        step = {} if n == 0 else _GOES_ON
        before = {part: (best[part],) if n == 0 else tuple(best.values()) for part in allowed}
        best = {
            part: max(
                (score - (step.get((way[-1], part), 0.0) if way else 0.0) + each[part], [*way, part])
                for score, way in before[part]
            )
            for part in allowed
        }
    return max(best.values())[1]


def _labels(answer: Answer) -> dict[int, str]:
    """The part of each word, as the analysis has it."""
    return {word: part.id for part in answer.parts for word in range(part.first_word, part.last_word + 1)}


def _is_own_deed(clause: Clause) -> bool:
    told = clause.subject in ("i", "we") and clause.mood in DONE and not clause.progressive
    return told and not clause.negated and not clause.conditional and not clause.verbs & _NO_DEEDS


def _phrase(reading: Reading, at: int) -> str:
    """A noun with the adjectives and nouns right before it, as it was said: "billing service"."""
    head = reading.tokens[at]
    first = head.word
    for token in reversed(reading.tokens[:at]):
        belongs = token.head == at and token.role in ("compound", "amod")
        belongs = belongs and token.lemma not in _EMPTY_ADJECTIVES
        if not belongs or token.word != first - 1 or head.word - token.word >= _MOST_TITLE_WORDS:
            break
        first = token.word
    words = [reading.words[i].text.strip(' .,;:!?…"“”') for i in range(first, head.word + 1)]
    return " ".join(words)
