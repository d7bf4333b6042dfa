"""How an answer was spoken: pace, pauses, fillers, hedges, and the bands they fall into.

Pauses come from the sound (the utterance's speech intervals), never from word times: Whisper stretches its
words over silences. Whisper also leaves out many fillers, so their count is a lower bound.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from greenroom.records import Delivery, Filler, Pause, Span, Utterance, Word

from .lexicon import read_toml
from .words import bare, is_filled_pause, is_word, span_of

# The shortest silence that counts as a pause, usual in phonetics: shorter ones are closures of stops.
LEAST_PAUSE = 0.25
LONG_PAUSE = 1.0

_BANDS = read_toml("lexicons", "bands.toml")
_HEDGES = read_toml("lexicons", "hedges.toml")
_HEDGE_PHRASES = tuple(tuple(entry.split()) for entry in _HEDGES["hedges"])


def measure(
    words: Sequence[Word], utterance: Utterance | None = None, clause_ends: Collection[int] = ()
) -> Delivery:
    """The delivery of an answer; a text without word times gets its word count, fillers and hedges only.

    `clause_ends`: indices of words after which a clause ends, to tell where a pause lies.
    """
    spoken = [word for word in words if is_word(word.text)]
    fillers = tuple(Filler(bare(w.text), w.start, w.end) for w in words if is_filled_pause(w.text))
    hedges = tuple(find_hedges(words))
    timed = [w for w in spoken if w.start is not None and w.end is not None]
    if not timed or timed[-1].end is None or timed[0].start is None:
        return Delivery(len(spoken), fillers=fillers, hedges=hedges)
    start, end = _within_speech(timed[0].start, timed[-1].end, utterance)
    pauses = find_pauses(words, utterance, start, end, clause_ends)
    speaking = max(0.0, end - start - sum(p.end - p.start for p in pauses))
    rates = {
        "speech_rate": _per_minute(len(spoken), end - start),
        "articulation_rate": _per_minute(len(spoken), speaking) if utterance else None,
        "fillers": _per_minute(len(fillers), speaking),
        "first_word": start,
        "long_pauses": _long_pauses(pauses, end - start) if utterance else None,
        "hedges": 100 * len(hedges) / len(spoken),
        "length": end - start,
    }
    return Delivery(
        words=len(spoken),
        speech_rate_wpm=_rounded(rates["speech_rate"]),
        articulation_rate_wpm=_rounded(rates["articulation_rate"]),
        first_word_seconds=start,
        speaking_seconds=round(speaking, 3),
        pauses=pauses,
        fillers=fillers,
        fillers_per_minute=_rounded(rates["fillers"]),
        hedges=hedges,
        bands=bands(rates) if _enough(len(spoken), end - start) else {},
    )


def _within_speech(start: float, end: float, utterance: Utterance | None) -> tuple[float, float]:
    """The first word's start and the last one's end, kept inside the speech that was heard.

    Whisper gives a first word the silence before it, too, and a last word the silence after it.
    """
    if utterance is None or not utterance.speech:
        return start, end
    first, last = max(start, utterance.speech[0][0]), min(end, utterance.speech[-1][1])
    return (round(first, 3), round(last, 3)) if first < last else (start, end)


def find_pauses(
    words: Sequence[Word], utterance: Utterance | None, start: float, end: float, clause_ends: Collection[int]
) -> tuple[Pause, ...]:
    """The silences of 250 ms and more between the first word and the last; none without the sound."""
    if utterance is None:
        return ()
    gaps = zip((e for _, e in utterance.speech), (s for s, _ in utterance.speech[1:]), strict=False)
    inside = [(max(a, start), min(b, end)) for a, b in gaps]
    return tuple(
        Pause(a, b, _inside_clause(words, a, b, clause_ends)) for a, b in inside if b - a >= LEAST_PAUSE
    )


def _inside_clause(words: Sequence[Word], start: float, end: float, ends: Collection[int]) -> bool | None:
    """Whether the word said before the pause leaves its clause open; None where no word is near."""
    middle = (start + end) / 2
    before = [
        i for i, w in enumerate(words) if w.end is not None and w.start is not None and w.start < middle
    ]
    spoken = [i for i in before if is_word(words[i].text)]
    if not spoken or not ends:
        return None
    return spoken[-1] not in ends and words[spoken[-1]].text.rstrip()[-1:] not in ".,;:!?"


def find_hedges(words: Sequence[Word]) -> list[Span]:
    """Hedges, where the words around do not make them content ("that kind of bug", "just before")."""
    said = [bare(word.text) for word in words]
    found = []
    for i in range(len(said)):
        for phrase in _HEDGE_PHRASES:
            if tuple(said[i : i + len(phrase)]) == phrase and not _is_content(said, i, phrase):
                found.append(span_of(words, i, i + len(phrase) - 1))
    return found


def _is_content(said: Sequence[str], at: int, phrase: tuple[str, ...]) -> bool:
    before = said[at - 1] if at else ""
    after = said[at + len(phrase)] if at + len(phrase) < len(said) else ""
    if phrase == ("just",):
        return bool(
            after in _HEDGES["content_after_just"]
            or after[:1].isdigit()
            or before in ("not", "had", "was", "have")
        )
    return phrase[0] in ("kind", "sort") and bool(before in _HEDGES["content_before"])


def bands(values: Mapping[str, float | None]) -> dict[str, str]:
    """The name of the band of each measure that has a value.

    Left out where the value is known to be too low (Whisper omits most fillers) and the band would praise it.
    """
    named = {name: band(name, value) for name, value in values.items() if value is not None}
    return {name: its for name, its in named.items() if its not in _BANDS[name].get("not_from_whisper", ())}


def band(measure_name: str, value: float) -> str:
    edges: list[dict[str, Any]] = _BANDS[measure_name]["bands"]
    return str(next(edge["name"] for edge in edges if value < edge.get("below", float("inf"))))


def is_remarkable(measure_name: str, name: str) -> bool:
    """Whether a band is clearly outside what listeners take as usual, so that it is worth a remark."""
    return bool(name in _BANDS.get(measure_name, {}).get("remark_on", ()))


def _enough(words: int, seconds: float) -> bool:
    least = _BANDS["least"]
    return bool(words >= least["words"] and seconds >= least["seconds"])


def _per_minute(count: float, seconds: float) -> float | None:
    return 60 * count / seconds if seconds > 0 else None


def _long_pauses(pauses: Sequence[Pause], seconds: float) -> float | None:
    return _per_minute(sum(p.end - p.start >= LONG_PAUSE for p in pauses), seconds)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
