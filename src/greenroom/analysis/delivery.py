"""How an answer was spoken: pace, pauses, fillers, hedges, and the bands they fall into.

Pauses come from the sound, never from word times: Whisper stretches its words over silences. Until the sound
has been listened to (`prosody`), they are the gaps in the utterance's speech, and the filled pauses are those
that Whisper wrote, which are few of them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from greenroom.records import (
    DOUBTFUL,
    Delivery,
    Disfluency,
    Filler,
    Pause,
    Prosody,
    Utterance,
    Voice,
    Word,
    bare,
    filled_pauses,
)

from .bands import Bands, load_bands
from .hedges import find_hedges
from .pace import Pace
from .pauses import find_pauses, gaps_in_speech, is_long, longest_run, silent_seconds
from .reliability import Grounds, believable, grounds_of, reliabilities
from .words import is_word


def measure(
    words: Sequence[Word],
    utterance: Utterance | None = None,
    clause_ends: Collection[int] = (),
    prosody: Prosody | None = None,
    filler_words: Sequence[Filler] = (),
    disfluencies: Sequence[Disfluency] = (),
    profile: str = "usual",
) -> Delivery:
    """The delivery of an answer; a text without word times gets its counts only.

    Args:
        words: of the transcript, filled pauses among them or not.
        clause_ends: indices of words after which a clause ends, to tell where a pause lies.
        prosody: what the sound told, None while it has not been listened to.
        filler_words, disfluencies: as found in these words.
        profile: one of records.PROFILES.
    """
    counts = _counts(words, prosody, filler_words, disfluencies, profile)
    timed = [w for w in words if is_word(w.text) and w.start is not None and w.end is not None]
    span = _span(timed, utterance, prosody)
    if span is None:
        return counts
    bands = load_bands(profile)
    silences = prosody.silences if prosody else gaps_in_speech(utterance) if utterance else ()
    pauses = find_pauses(words, silences, *span, clause_ends, bands)
    told = _with_rates(counts, timed, pauses, span, bands)
    if utterance is not None or prosody is not None:
        told = _with_silences(told, pauses, span)
    if prosody is not None:
        told = replace(told, voice=prosody.voice)
    grounds = grounds_of([w for w in words if is_word(w.text)], span, utterance, prosody, told.fillers, bands)
    return _judged(told, grounds, span)


def _counts(
    words: Sequence[Word],
    prosody: Prosody | None,
    filler_words: Sequence[Filler],
    disfluencies: Sequence[Disfluency],
    profile: str,
) -> Delivery:
    """What can be counted without any time."""
    filled = prosody.fillers if prosody is not None else _written(words)
    return Delivery(
        sum(is_word(word.text) for word in words),
        fillers=tuple(sorted((*filled, *filler_words), key=_place)),
        hedges=find_hedges(words),
        disfluencies=tuple(disfluencies),
        profile=profile,
    )


def _written(words: Sequence[Word]) -> tuple[Filler, ...]:
    """The filled pauses that are among the words."""
    return tuple(
        Filler(bare(words[i].text), words[i].start, words[i].end, first_word=i, last_word=i)
        for i in sorted(filled_pauses([word.text for word in words]))
    )


def _place(filler: Filler) -> tuple[float, int]:
    return (filler.start or 0.0, filler.first_word or 0)


def _span(
    timed: Sequence[Word], utterance: Utterance | None, prosody: Prosody | None
) -> tuple[float, float] | None:
    """Start and end of the speech (s), None for a text.

    Whisper gives a first word the silence before it, too, and a last word the silence after it.
    """
    if not timed or timed[0].start is None or timed[-1].end is None:
        return None
    start, end = timed[0].start, timed[-1].end
    if prosody is not None and prosody.start < prosody.end:
        return prosody.start, prosody.end
    if utterance is None or not utterance.speech:
        return start, end
    first, last = max(start, utterance.speech[0][0]), min(end, utterance.speech[-1][1])
    return (round(first, 3), round(last, 3)) if first < last else (start, end)


def _with_rates(
    told: Delivery, timed: Sequence[Word], pauses: tuple[Pause, ...], span: tuple[float, float], bands: Bands
) -> Delivery:
    start, end = span
    speaking = max(0.0, end - start - silent_seconds(pauses))
    filled = sum(filler.kind == "filled_pause" for filler in told.fillers)
    pace = Pace(timed, pauses, start, end, bands)
    return replace(
        told,
        speech_rate_wpm=_per_minute(told.words, end - start),
        first_word_seconds=max(start, timed[0].start or 0.0),
        speaking_seconds=round(speaking, 3),
        pauses=pauses,
        fillers_per_minute=_per_minute(len(told.fillers), speaking),
        filled_pauses_per_minute=_per_minute(filled, speaking),
        pace=pace.curve(),
        pace_departures=pace.departures(),
    )


def _with_silences(told: Delivery, pauses: Sequence[Pause], span: tuple[float, float]) -> Delivery:
    """What only a recording tells."""
    start, end = span
    return replace(
        told,
        articulation_rate_wpm=_per_minute(told.words, told.speaking_seconds or 0.0),
        longest_run_seconds=round(longest_run(pauses, start, end), 3),
        silence_share=round(silent_seconds(pauses) / (end - start), 3) if end > start else None,
    )


def _judged(told: Delivery, grounds: Grounds, span: tuple[float, float]) -> Delivery:
    """With its reliability, and with bands where there was enough to judge by."""
    bands, reliability = grounds.bands, reliabilities(grounds)
    told = replace(told, reliability=reliability)
    if grounds.words < bands.least.words or grounds.seconds < bands.least.seconds:
        return told
    values = {**_values(told, span, bands), **_voice_values(told.voice)}
    unheard = ["fillers"] if grounds.fillers_are_a_lower_bound else []
    lower = ["disfluencies", *unheard]
    # Fillers that were not heard make what was heard no less sure; words recognised with doubt do.
    believed = {m: v for m, v in values.items() if m in unheard or believable(reliability, m)}
    named = bands.named(believed, lower)
    return replace(told, bands=named, remarkable=bands.remarkable(named, _events(told, bands)))


def _values(told: Delivery, span: tuple[float, float], bands: Bands) -> dict[str, float | None]:
    seconds, heard = span[1] - span[0], told.longest_run_seconds is not None
    long, inside = _long_pauses(told, bands)
    weighed = long + (bands.pauses.inside_weight - 1) * inside
    fast = [d.end - d.start for d in told.pace_departures if d.kind == "fast"]
    return {
        "speech_rate": told.speech_rate_wpm,
        "articulation_rate": told.articulation_rate_wpm,
        "fillers": _per_minute(_weight(told.fillers, bands), told.speaking_seconds or 0.0),
        "first_word": told.first_word_seconds,
        "long_pauses": _per_minute(weighed, seconds) if heard else None,
        "inside_pauses": _per_minute(inside, seconds) if heard else None,
        "longest_run": told.longest_run_seconds,
        "pace": sum(fast) if told.pace else None,
        "hedges": 100 * len(told.hedges) / told.words,
        "disfluencies": 100 * len(told.disfluencies) / told.words,
        "length": seconds,
    }


def _events(told: Delivery, bands: Bands) -> dict[str, int]:
    """Of how many each rate is made."""
    long, inside = _long_pauses(told, bands)
    return {
        "fillers": len(told.fillers),
        "disfluencies": len(told.disfluencies),
        "hedges": len(told.hedges),
        "long_pauses": long,
        "inside_pauses": inside,
    }


def _long_pauses(told: Delivery, bands: Bands) -> tuple[int, int]:
    """How many there are, and how many of them lie inside a clause."""
    long = [pause for pause in told.pauses if is_long(pause, bands.pauses)]
    return len(long), sum(pause.inside_clause is True for pause in long)


def _voice_values(voice: Voice | None) -> dict[str, float | None]:
    if voice is None:
        return {}
    return {
        "snr": voice.snr_db,
        "clipping": voice.clipped,
        "fade": voice.fade_db,
        "pitch_sd": voice.pitch_sd_semitones,
    }


def _weight(fillers: Sequence[Filler], bands: Bands) -> float:
    weights = bands.filler_weights
    kinds = {"filled_pause": weights.filled_pause, "filler_word": weights.filler_word}
    sure = [filler for filler in fillers if filler.confidence >= DOUBTFUL]
    return sum(weights.words.get(bare(filler.text), kinds[filler.kind]) for filler in sure)


def _per_minute(count: float, seconds: float) -> float | None:
    return round(60 * count / seconds, 1) if seconds > 0 else None
