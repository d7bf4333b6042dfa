"""What a saved turn still tells of its sound: where the person spoke, and what was heard in it.

Live, greenroom knew which sound was its own voice, and left it out. A recording does not tell that: a prompt,
or the feedback after the end, may be in it. So speech is looked for only where it was heard live.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from greenroom.records import Clip, Delivery, Filler, Prosody, Transcript, Turn, Utterance, Word

Stretch = tuple[float, float]

_FRAME = 0.03
"""By so much times may differ that mean the same (s): a frame, in which voice activity counts."""

_SHORTEST = 0.1
"""What is left of a stretch of speech that lay partly in a silence, and is shorter (s), is none."""

_ROUND_WORDS = 0.5
"""Voice activity begins late and ends early: speech may lie so far from its words (s; as in prosody)."""

_NO_SOUND = Clip(np.zeros(0, dtype=np.float32))


def own_speech(turn: Turn, speech: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """Of what voice activity hears in a recording, (start, end) in s, what was the person's speech live.

    Where the turn says nothing of its silences, all of it up to its end.
    """
    end = turn.timing.decided
    silent = [(silence.start + _FRAME, silence.start + silence.seconds - _FRAME) for silence in turn.silences]
    until = [*silent, (end, float("inf"))] if end is not None else silent
    return tuple(
        piece
        for stretch in speech
        for piece in _without(stretch, until)
        if not _before_the_answer(turn, piece)
    )


def remembered_utterance(turn: Turn) -> Utterance:
    """The answer as it was heard, without its sound: speech is what lies between its silences."""
    spans = [(word.start, word.end) for word in turn.transcript.words if word.start is not None]
    start = spans[0][0] or 0.0 if spans else 0.0
    end = turn.timing.speech_end or (spans[-1][1] if spans else None) or start
    gaps = [(silence.start, silence.start + silence.seconds) for silence in turn.silences if silence.resumed]
    return heard_live(turn, _NO_SOUND, tuple(_without((start, end), gaps)) if end > start else ())


def heard_live(turn: Turn, clip: Clip, speech: tuple[Stretch, ...]) -> Utterance:
    """The utterance of a turn: how and when it ended is what was decided live."""
    speech_end, decided = turn.timing.speech_end, turn.timing.decided
    return Utterance(
        clip=clip,
        speech=speech,
        ended_by=turn.ended_by,
        speech_end=speech_end if speech_end is not None else speech[-1][1] if speech else 0.0,
        decided=decided if decided is not None else clip.seconds,
    )


@dataclass(frozen=True, slots=True)
class Remembered:
    """A turn's words without the filled pauses that were put among them, and what its sound had told.

    `prosody` is None where the sound had not been listened to when the turn was saved.
    """

    transcript: Transcript
    prosody: Prosody | None


def remembered(turn: Turn) -> Remembered:
    """Takes a saved turn apart, so that its words can be read again and put together as they were."""
    words = turn.transcript.words
    filled = [filler for filler in turn.delivery.fillers if filler.kind == "filled_pause"]
    woven = {filler.first_word for filler in filled if _was_woven(filler, words)}
    kept = [index for index in range(len(words)) if index not in woven]
    plain = tuple(words[index] for index in kept)
    transcript = replace(turn.transcript, words=plain, text=" ".join(word.text for word in plain))
    if "voice" not in turn.delivery.reliability:
        return Remembered(transcript if woven else turn.transcript, None)
    return Remembered(transcript if woven else turn.transcript, _prosody(turn, filled, woven, kept))


def _prosody(turn: Turn, filled: Sequence[Filler], woven: set[int | None], kept: Sequence[int]) -> Prosody:
    before = [
        sum(index < filler.first_word for index in kept)
        if filler.first_word is not None
        else sum((turn.transcript.words[index].start or 0.0) < (filler.start or 0.0) for index in kept)
        for filler in filled
    ]
    fillers = tuple(
        replace(filler, first_word=None, last_word=None)
        if filler.first_word in woven
        else replace(filler, first_word=place, last_word=place)
        if filler.first_word is not None
        else filler
        for filler, place in zip(filled, before, strict=True)
    )
    spans = [
        (start, end)
        for start, end in (
            *((word.start, word.end) for word in turn.transcript.words),
            *((filler.start, filler.end) for filler in filled),
        )
        if start is not None and end is not None
    ]
    start, end = min((a for a, _ in spans), default=0.0), max((b for _, b in spans), default=0.0)
    return Prosody(
        silences=tuple((pause.start, pause.end) for pause in turn.delivery.pauses),
        start=start,
        end=end,
        fillers=fillers,
        before=tuple(before),
        unsure=_unsure(turn.delivery, start, end),
        voice=turn.delivery.voice,
    )


def _was_woven(filler: Filler, words: Sequence[Word]) -> bool:
    """Whether `weaving` put it among the words; what Whisper wrote by itself has Whisper's probability."""
    if filler.first_word is None or filler.first_word >= len(words):
        return False
    word = words[filler.first_word]
    return (word.start, word.end, word.probability) == (filler.start, filler.end, filler.confidence)


def _unsure(delivery: Delivery, start: float, end: float) -> tuple[Stretch, ...]:
    """As much of the speech as filled pauses could not be told in; it is kept only as a reason in words."""
    its = delivery.reliability.get("filled_pauses")
    if its is None:
        return ()
    if told := re.search(r"not to be told in (\d+)%", its.why):
        return ((start, start + (end - start) * int(told[1]) / 100),)
    return ((start, end),) if "no second pass" in its.why else ()


def _before_the_answer(turn: Turn, piece: Stretch) -> bool:
    """Whether it ended before anything was heard live: a prompt that greenroom spoke into a long silence.

    Live the first stretch of speech ended with the first silence, or else with the answer.
    """
    first_end = turn.silences[0].start if turn.silences else turn.timing.speech_end
    if first_end is None or piece[1] >= first_end - _FRAME:
        return False
    return not any(
        word.start is not None
        and word.end is not None
        and word.start - _ROUND_WORDS < piece[1]
        and piece[0] < word.end + _ROUND_WORDS
        for word in turn.transcript.words
    )


def _without(stretch: Stretch, gaps: Sequence[Stretch]) -> Iterator[Stretch]:
    """What of a stretch lies in none of the gaps; `gaps` are in order."""
    start, end = stretch
    cut = False
    for a, b in gaps:
        if b <= start or a >= end or a >= b:
            continue
        cut = True
        if a - start >= _SHORTEST:
            yield start, a
        start = b
    if start < end and (not cut or end - start >= _SHORTEST):
        yield start, end
