"""Prosody: what the sound of an answer tells besides its words; filled pauses, silences, pace and voice.

`listen` is the way in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from greenroom.prosody.acoustics import measured
from greenroom.prosody.filled_pauses import join
from greenroom.prosody.silences import silences, speech_sound
from greenroom.prosody.stretches import Stretch, Stretches, joined, meet, spans_of, stretches_of
from greenroom.prosody.voice import voice
from greenroom.prosody.word_times import refined
from greenroom.records import Filler, Prosody, Transcript, Utterance, Verbatim, Word

__all__ = ["listen"]

_ROUND_SPEECH = 0.5
"""How far from speech its words may lie (s): so much more sound was decoded before it."""


def listen(
    transcript: Transcript, utterance: Utterance, verbatim: Sequence[Verbatim] = ()
) -> tuple[Transcript, Prosody]:
    """What an answer's sound tells, and its words with their times moved to the sound.

    The transcript keeps its words, their number and their order; words without times stay as they are.

    Args:
        verbatim: what was decoded once more to find filled pauses, as far as it was.
    """
    utterance = _with_speech(utterance, transcript.words)
    acoustics = measured(utterance.clip, utterance.speech)
    sounding = speech_sound(acoustics, utterance.speech)
    silent = silences(acoustics, utterance)
    quiet = _all_silence(stretches_of(sounding), silent, utterance)
    words = refined(transcript.words, acoustics, quiet)
    filled = join(words, verbatim, acoustics, sounding)
    if unwritten := _unwritten(filled.fillers):
        # Once more: a word is not moved into the sound of a filled pause that nobody wrote.
        words = refined(transcript.words, acoustics, quiet, unwritten)
    start, end = _span(words, unwritten)
    prosody = Prosody(
        silences=tuple((a, b) for a, b in silent if start <= a and b <= end),
        start=start,
        end=end,
        fillers=filled.fillers,
        before=filled.before,
        unsure=filled.unsure,
        voice=voice(acoustics, sounding),
    )
    return replace(transcript, words=words), prosody


def _unwritten(fillers: Sequence[Filler]) -> list[Stretch]:
    """Where the filled pauses are that are not among the words (s)."""
    return spans_of(filler for filler in fillers if filler.first_word is None)


def _with_speech(utterance: Utterance, words: Sequence[Word]) -> Utterance:
    """A quiet voice may be none for voice activity: then the words tell where it speaks."""
    heard = utterance.speech
    near = [(start - _ROUND_SPEECH, end + _ROUND_SPEECH) for start, end in heard]
    missed = [span for span in spans_of(words) if not any(meet(span, stretch) for stretch in near)]
    return replace(utterance, speech=joined([*heard, *missed])) if missed else utterance


def _all_silence(sounding: Stretches, silent: Stretches, utterance: Utterance) -> Stretches:
    """The silences, and those before and after the answer."""
    if not sounding:
        return ()
    return ((0.0, sounding[0][0]), *silent, (sounding[-1][1], utterance.clip.seconds))


def _span(words: Sequence[Word], unwritten: Sequence[Stretch]) -> Stretch:
    """From the first word or filled pause to the end of the last (s); (0, 0) if no word has times."""
    spans = [*spans_of(words), *unwritten] if words else []
    return (min(start for start, _ in spans), max(end for _, end in spans)) if spans else (0.0, 0.0)
