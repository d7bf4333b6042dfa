"""Repetitions, restarts and words cut off: speech that was taken back, told by the words alone.

They are found without punctuation too, and filled pauses and filler words in between hide nothing. What may
have been meant ("very very", "had had") is not counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from greenroom.records import Disfluency, Filler, Word, bare, is_filled_pause

from .lexicon import read_toml

# Longer stretches said twice are quoting or rhetoric, not slips.
LONGEST_REPETITION = 4
# "Excellent, excellent": a longer word after a comma is emphasis; a slip is "the, the" or "then, then".
LONGEST_SLIP_LETTERS = 4
# Words of a clause that was given up: more than that is a clause that somebody may have meant.
LONGEST_RESTART = 4

_DATA = {name: frozenset(words) for name, words in read_toml("lexicons", "disfluencies.toml").items()}
_ON_PURPOSE = _DATA["emphatic"] | _DATA["grammatical"]
_SENTENCE_ENDS = (".", "?", "!", ";", ":")
_DASHES = "-–—"


@dataclass(frozen=True, slots=True)
class _Said:
    """One word that counts: its index among all, and how it looks bare."""

    index: int
    form: str
    raw: str
    after_filler: bool

    @property
    def ends_sentence(self) -> bool:
        return self.raw.rstrip("\"'”’)").endswith(_SENTENCE_ENDS) and not self.raw.endswith("...")

    @property
    def breaks(self) -> bool:
        return self.raw[-1:] in ",.…;" or self.raw[-1:] in _DASHES


def disfluencies(words: Sequence[Word], fillers: Sequence[Filler] = ()) -> tuple[Disfluency, ...]:
    """What was taken back in an answer, in order; nothing is counted twice.

    `fillers`: filler words found in it, which are passed over like the filled pauses.
    """
    said = _counting(words, fillers)
    found: list[Disfluency] = []
    taken: set[int] = set()
    for kind, first, last in (*_cut_off(said), *_repetitions(said), *_restarts(said)):
        own = range(first, last + 1)
        if taken.isdisjoint(own):
            taken.update(own)
            found.append(_disfluency(words, kind, first, last))
    return tuple(sorted(found, key=lambda slip: slip.first_word))


def _disfluency(words: Sequence[Word], kind: str, first: int, last: int) -> Disfluency:
    text = " ".join(word.text.strip() for word in words[first : last + 1])
    return Disfluency(kind, text, words[first].start, words[last].end, first, last)


def _counting(words: Sequence[Word], fillers: Sequence[Filler]) -> list[_Said]:
    """The words without filled pauses, filler words and lone punctuation."""
    left_out = {i for f in fillers if f.first_word is not None for i in range(f.first_word, _last(f) + 1)}
    said: list[_Said] = []
    after_filler = False
    for i, word in enumerate(words):
        raw, form = word.text.strip(), bare(word.text)
        if i in left_out or is_filled_pause(raw):
            after_filler = True
        elif form:
            said.append(_Said(i, form, raw, after_filler))
            after_filler = False
    return said


def _last(filler: Filler) -> int:
    return filler.first_word or 0 if filler.last_word is None else filler.last_word


def _repetitions(said: Sequence[_Said]) -> Iterator[tuple[str, int, int]]:
    """Each stretch that is said again at once; of "I I I" the first two are one."""
    i = 0
    while i < len(said):
        length = next((n for n in range(LONGEST_REPETITION, 0, -1) if _again(said, i, n)), 0)
        if not length:
            i += 1
            continue
        end = i + length
        while _again(said, end, length):
            end += length
        yield "repetition", said[i].index, said[end - 1].index
        i = end


def _again(said: Sequence[_Said], at: int, length: int) -> bool:
    if length > 1 and (at + 2 * length > len(said) or said[at].form != said[at + length].form):
        return False
    one, two = said[at : at + length], said[at + length : at + 2 * length]
    if len(two) < length or any(word.ends_sentence for word in (*one, *two[:-1])):
        return False
    if length == 1:
        return _said_twice(said, at)
    same = all(a.form == b.form for a, b in zip(one, two, strict=True))
    whole = one[-1].breaks and at > 0 and said[at - 1].form in _DATA["whole_after"]
    return same and not whole and not _all_meant([word.form for word in one])


def _all_meant(forms: Sequence[str]) -> bool:
    """ "again and again", digits read out, or words that one repeats on purpose."""
    return all(form in _ON_PURPOSE or form.isdigit() or form in ("and", "by", "after") for form in forms)


def _said_twice(said: Sequence[_Said], at: int) -> bool:
    word, following = said[at], said[at + 1]
    if word.form in _DATA["objects"] and not (_opens_clause(said, at) or following.after_filler):
        return False
    if word.form != following.form:
        return word.form in _DATA["subjects"] and following.form.startswith(f"{word.form}'")
    return not _meant_twice(said, at)


def _opens_clause(said: Sequence[_Said], at: int) -> bool:
    return (
        at == 0 or said[at - 1].breaks or said[at - 1].ends_sentence or said[at - 1].form in _DATA["openers"]
    )


def _meant_twice(said: Sequence[_Said], at: int) -> bool:
    word = said[at]
    if any(map(str.isdigit, word.form)) or (word.form in _ON_PURPOSE and not said[at + 1].after_filler):
        return True
    if word.raw.endswith(",") and len(word.form) > LONGEST_SLIP_LETTERS:
        return "'" not in word.form
    before = {w.form for w in said[max(0, at - 6) : at]}
    if word.form in _DATA["after_question"]:
        return not before.isdisjoint(_DATA["question"])
    # "we came in in June": "in the the" is a slip, "in in" after a verb need not be one.
    return word.form in _DATA["particles"] and not word.breaks and bool(before)


def _cut_off(said: Sequence[_Said]) -> Iterator[tuple[str, int, int]]:
    """Words that break off: "mon-", "proj— project", "th-the"."""
    for i, word in enumerate(said):
        following = said[i + 1].form if i + 1 < len(said) else ""
        if _breaks_off(word, following) or _stammers(word):
            yield "cut_off", word.index, word.index


def _breaks_off(word: _Said, following: str) -> bool:
    if not _is_cut(word.raw) or following in _DATA["suspending"] or word.form == following:
        return False
    if word.form in _DATA["subjects"] or word.form in _DATA["never_last"]:
        return False
    return (word.raw.endswith("-") and not word.raw.endswith("--")) or _is_no_word(word.form, following)


def _is_cut(raw: str) -> bool:
    return raw.rstrip(".,…")[-1:] in tuple(_DASHES) and any(map(str.isalpha, raw))


def _is_no_word(form: str, following: str) -> bool:
    """After a long dash, which may be punctuation: only what can hardly be a whole word."""
    begins = following.startswith(form) and len(following) > len(form)
    return begins or not set(form) & set("aeiouy") or form[-1:] in _DATA["endings"]


def _stammers(word: _Said) -> bool:
    """ "th-the" and "pro-project", as a recogniser writes them in one piece; no prefix, no "bye-bye"."""
    parts = word.form.split("-")
    first, last = parts[0], parts[-1]
    if len(parts) < 2 or not first.isalpha() or first in _DATA["prefixes"]:
        return False
    return all(part == first for part in parts[:-1]) and last.startswith(first) and last != first


def _restarts(said: Sequence[_Said]) -> Iterator[tuple[str, int, int]]:
    """Clauses given up for another with a subject of its own ("we had the, we built")."""
    for i in range(1, len(said)):
        start = _given_up(said, i)
        if start is not None:
            yield "restart", said[start].index, said[i - 1].index


def _given_up(said: Sequence[_Said], new: int) -> int | None:
    """Where the clause begins that said[new] breaks with; None where nothing was given up."""
    last, subject = said[new - 1], _subject(said[new].form)
    if subject is None or last.ends_sentence or _is_set_in(said, new):
        return None
    start = _clause_start(said, new - 1)
    if last.form in _DATA["never_last"] and subject != "it":
        return start if start is not None else new - 1
    paused = last.breaks or said[new].after_filler
    if start is None or not paused or last.form not in _DATA["unfinished"]:
        return None
    other = [w.form for w in said[start:new]] != [w.form for w in said[new : 2 * new - start]]
    return start if other and _subject(said[start].form) == subject else None


def _is_set_in(said: Sequence[_Said], at: int) -> bool:
    return at + 1 < len(said) and said[at + 1].form in _DATA["set_in"]


def _clause_start(said: Sequence[_Said], last: int) -> int | None:
    """The nearest subject before `last` that begins a clause, at most LONGEST_RESTART words back."""
    for start in range(last, max(-1, last - LONGEST_RESTART), -1):
        if start < last and said[start].ends_sentence:
            return None
        if _subject(said[start].form) is not None:
            return start if start == 0 or said[start - 1].form not in _DATA["whole_after"] else None
    return None


def _subject(form: str) -> str | None:
    """The pronoun that a word is or begins with: "we" of "we're"."""
    pronoun = form.split("'")[0]
    return pronoun if pronoun in _DATA["subjects"] else None
