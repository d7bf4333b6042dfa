"""Reading the end of a transcript: has the person finished, or is more to come?

It reads what a transcriber wrote of sound that stops in a pause, and transcribers guess there: Whisper sets a
full stop where the sentence goes on, or "...", or nothing where it does not. So the words count for more than
the marks. There is no parser (this runs in every pause, and stages are apart), only lists of words and a few
rules about clauses (tail_rules.py, tails.toml). A wrong "unfinished" costs a little waiting, a wrong
"finished" may cost the person their turn, so where a rule is in doubt it says unfinished.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from greenroom.listening.tail_rules import RULES, Sentence, lexicon

TAIL_WORDS = 60
"""So many words are looked at: more than nearly every spoken sentence has."""

UNPUNCTUATED_WORDS = 25
"""A tail with so many words and no mark at all comes from a transcriber that is setting none: then a missing
full stop says nothing. (Judgement: Whisper does not go so long without a comma otherwise.)"""

_STOPS = (".", "!", "?", "...", "…")
_AROUND = "\"'()[]*“”‘’"
_MARKS = ".,;:!?-–—…"

State = Literal["ended", "finished", "unfinished"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a tail says.

    Attributes:
        state: "ended" (the person said so), "finished" (it may be the end), "unfinished" (more is to come).
        why: the rule that decided, by name; "" for "finished".
        weak: "ended" by words like "that's it", which end a long answer only.
    """

    state: State
    why: str = ""
    weak: bool = False


def read_tail(tail: Sequence[str]) -> Reading:
    """What the last words of a transcript say, given with the marks that the transcriber wrote.

    More words than needed do no harm. No words at all are no answer yet: "unfinished".
    """
    return _read(tuple(tail[-TAIL_WORDS:]))


# Asked with every frame of a pause, and the words seldom change in one.
@lru_cache(maxsize=8)
def _read(tail: tuple[str, ...]) -> Reading:
    tokens = _tokens(tail)
    if not tokens:
        return Reading("unfinished", "no words")
    sentence = _last_sentence(tokens)
    if ending := _spoken_ending(sentence):
        return ending
    marked = any(token.mark for token in tokens) or len(tokens) < UNPUNCTUATED_WORDS
    if marked and (why := _open_mark(sentence)):
        return Reading("unfinished", why)
    if sentence.ends_with("vague"):
        return Reading("finished")
    why = next((name for name, rule in RULES.items() if rule(sentence)), "")
    return Reading("unfinished", why) if why else Reading("finished")


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    mark: str

    @property
    def ends_sentence(self) -> bool:
        return self.mark in _STOPS


def _tokens(texts: Sequence[str]) -> list[_Token]:
    """Words apart from the marks that follow them; a mark that stands alone goes to the word before."""
    tokens: list[_Token] = []
    for part in " ".join(texts).replace("’", "'").split():
        bare = part.strip(_AROUND)
        word = bare.rstrip(_MARKS + _AROUND)
        mark = "".join(c for c in bare[len(word) :] if c in _MARKS)
        if word.strip(_MARKS):
            tokens.append(_Token(word.lstrip(_MARKS), mark))
        elif tokens and mark:
            tokens[-1] = _Token(tokens[-1].word, tokens[-1].mark + mark)
    return tokens


def _last_sentence(tokens: Sequence[_Token]) -> Sentence:
    # A full stop before a small letter was a guess in a pause: the sentence went on.
    starts = [
        i + 1
        for i, (token, following) in enumerate(pairwise(tokens))
        if token.ends_sentence and not following.word[0].islower()
    ]
    last = tokens[starts[-1] if starts else 0 :]
    return Sentence(
        words=tuple(token.word.lower() for token in last),
        marks=tuple(token.mark for token in last),
    )


def _open_mark(sentence: Sentence) -> str:
    """What the last mark says, where it is none that ends a sentence."""
    mark = sentence.marks[-1]
    if not mark:
        return "no full stop"
    if mark[-1] in ",;:-–—…" or mark.endswith(".."):
        return f"ends in {mark}"
    # In a monologue a question is asked to be answered ("So what did I do?"); "right?" asks for a nod.
    if mark[-1] == "?" and sentence.last not in ("right", "okay", "sense"):
        return "a question"
    return ""


def _spoken_ending(sentence: Sentence) -> Reading | None:
    """An ending that the person said: a clause of its own, at the very end."""
    if sentence.marks[-1] not in ("", ".", "!", "?"):
        return None
    after = lexicon().words["after"]
    rest = sentence.words
    while rest:
        for name in ("strong", "weak"):
            phrase = lexicon().phrases[name].at_end(rest)
            if phrase and _own_clause(sentence, len(rest) - len(phrase)):
                return Reading("ended", " ".join(phrase), weak=name == "weak")
        if rest[-1] not in after:
            return None
        rest = rest[:-1]
    return None


def _own_clause(sentence: Sentence, start: int) -> bool:
    """Whether a clause begins at word `start`, said by the person and about now."""
    opening = lexicon().words["before"]
    while start > 0 and sentence.words[start - 1] in opening:
        start -= 1
        if sentence.words[start] in ("and", "so", "but"):
            # "… so that's my answer": the connective begins the clause, whether Whisper wrote a comma or not.
            return not _reported(sentence, start)
    return start == 0 or (bool(sentence.marks[start - 1]) and not _reported(sentence, start))


def _reported(sentence: Sentence, start: int) -> bool:
    """Whether what begins at `start` is another's voice or another time ("I told him, I'm done")."""
    return bool(lexicon().words["reporting"].intersection(sentence.words[max(0, start - 3) : start]))
