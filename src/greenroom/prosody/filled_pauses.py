"""Filled pauses ("um", "uh") from two sources, joined: the verbatim pass, and the sound itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from greenroom.prosody.acoustics import HOP_SECONDS, Acoustics
from greenroom.prosody.steadiness import steady_voice
from greenroom.prosody.stretches import (
    Hops,
    Stretch,
    Stretches,
    bridged,
    inside,
    length_of,
    longer,
    meet,
    spans_of,
    stretches_of,
    words_before,
)
from greenroom.prosody.verbatim import Claim, confidence_of, found
from greenroom.records import LONGEST_FILLED_PAUSE, Filler, Verbatim, Word, bare, filled_pauses

UNNAMED = "…"
"""The text of a filled pause that was heard and written by nobody."""

# A vowel of a word is seldom held longer than 0.2 s; conservative, since nothing but the sound speaks for it.
_SHORTEST = 0.25
_COVERED = 0.3  # share of it that words may cover
_APART = 0.1  # silence on one side at least (s): between two words, sound belongs to either
_WAVERING = 0.03
_HEARD_CONFIDENCE = 0.5
_BOTH_CONFIDENCE = 0.9


@dataclass(frozen=True, slots=True)
class FilledPauses:
    """Filled pauses in order, for each the word it comes before, and where they could not be told (s)."""

    fillers: tuple[Filler, ...] = ()
    before: tuple[int, ...] = ()
    unsure: Stretches = ()


def join(
    words: tuple[Word, ...],
    verbatim: Sequence[Verbatim],
    acoustics: Acoustics,
    sounding: Hops,
) -> FilledPauses:
    """All filled pauses of an answer; what both sources heard is one, and more certain.

    Args:
        words: of record, timed as well as can be; those that are filled pauses are taken for that.
        sounding: where somebody is heard (`silences.speech_sound`), one item for every hop.
    """
    claims = found(words, verbatim, acoustics, sounding)
    heard = detected(acoustics, words, sounding)
    written = [
        _written(i, words[i], claims.written.get(i))
        for i in sorted(filled_pauses([word.text for word in words]))
    ]
    claimed = [_claimed(claim, heard) for claim in claims.fillers]
    known = [filler for _, filler in (*written, *claimed)]
    taken = spans_of(known)
    alone = [_heard(span, words) for span in heard if not any(meet(span, other) for other in taken)]
    ordered = sorted((*written, *claimed, *alone), key=lambda each: (each[0], each[1].start or 0.0))
    return FilledPauses(
        tuple(filler for _, filler in ordered), tuple(before for before, _ in ordered), claims.unsure
    )


def detected(acoustics: Acoustics, words: Sequence[Word], sounding: Hops) -> Stretches:
    """Stretches (s) of a steady voice that no word covers, and that stand beside a silence.

    None where there are no words at all: that is music, or an engine.
    """
    if not words:
        return ()
    steady = bridged(steady_voice(acoustics) & sounding, _WAVERING)
    covered = inside(spans_of(words), len(sounding))
    return tuple(
        span
        for span in stretches_of(longer(steady, _SHORTEST))
        if length_of(span) <= LONGEST_FILLED_PAUSE
        and covered[acoustics.hops(*span)].mean() <= _COVERED
        and _stands_apart(acoustics, sounding, span)
    )


def _stands_apart(acoustics: Acoustics, sounding: Hops, span: Stretch) -> bool:
    before = sounding[acoustics.hops(span[0] - 2 * _APART, span[0])]
    after = sounding[acoustics.hops(span[1], span[1] + 2 * _APART)]
    return bool(max((~before).sum(), (~after).sum()) * HOP_SECONDS >= _APART)


def _written(index: int, word: Word, sound: Stretch | None) -> tuple[int, Filler]:
    start, end = sound or (word.start, word.end)
    confidence = 1.0 if word.probability is None else confidence_of(word)
    filler = Filler(bare(word.text), start, end, confidence=confidence, first_word=index, last_word=index)
    return index, filler


def _claimed(claim: Claim, heard: Sequence[Stretch]) -> tuple[int, Filler]:
    both = any(meet(span, (claim.start, claim.end)) for span in heard)
    confidence = max(claim.confidence, _BOTH_CONFIDENCE) if both else claim.confidence
    return claim.before, Filler(claim.text, claim.start, claim.end, confidence=round(confidence, 3))


def _heard(span: Stretch, words: Sequence[Word]) -> tuple[int, Filler]:
    start, end = round(span[0], 3), round(span[1], 3)
    filler = Filler(UNNAMED, start, end, source="audio", confidence=_HEARD_CONFIDENCE)
    return words_before(words, sum(span) / 2), filler
