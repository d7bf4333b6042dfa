"""The one thing worth saying about how an answer was spoken: what it is, and the numbers it names.

What is outside the usual was decided by the analysis (`Delivery.remarkable`), in the order in which listeners
mind it; here is only how it is put. Every number is one that can be grasped aloud.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Mapping, Sequence

from greenroom.records import DOUBTFUL, Delivery, PaceDeparture

ABOUT_THE_MICROPHONE = ("snr.drowned", "clipping.clipped")
"""Remarks about the microphone, not about the speaking: said once in a session."""

# Words a minute: at this rate it is not the words that make the whole slow (the norms, section 3.1).
_USUAL_ARTICULATION = 170.0
_SLOW, _SLOW_BY_SILENCES = "speech_rate.very slow", "speech_rate.slow by silences"


def delivery_remarks(delivery: Delivery) -> tuple[str, ...]:
    """Keys of the remarks that could be made, the first the one to make; () where all is within the usual."""
    articulation = delivery.articulation_rate_wpm or 0.0
    return tuple(
        _SLOW_BY_SILENCES if key == _SLOW and articulation >= _USUAL_ARTICULATION else key
        for key in delivery.remarkable
    )


def shared_remark(deliveries: Sequence[Delivery], known: Container[str]) -> str | None:
    """The key, one of `known`, of what half of the answers or more could be told; None if there is none."""
    told = Counter(key for delivery in deliveries for key in delivery_remarks(delivery) if key in known)
    key, count = max(told.items(), key=lambda each: each[1], default=("", 0))
    return key if count and 2 * count >= len(deliveries) else None


def delivery_slots(key: str, delivery: Delivery) -> Mapping[str, str]:
    """What a remark's phrases may name, as it is said aloud."""
    return {name: slot(delivery) for name, slot in _SLOTS.get(key.split(".")[0], {}).items()}


def _rate(delivery: Delivery) -> str:
    return _to(10, delivery.speech_rate_wpm)


def _fast(delivery: Delivery) -> PaceDeparture | None:
    """The longest of the fast stretches."""
    stretches = [stretch for stretch in delivery.pace_departures if stretch.kind == "fast"]
    return max(stretches, key=lambda stretch: stretch.end - stretch.start, default=None)


def _fast_rate(delivery: Delivery) -> str:
    stretch = _fast(delivery)
    return _to(10, stretch.wpm if stretch else None)


def _where(delivery: Delivery) -> str:
    """In which third of the answer the middle of the fast stretch lies."""
    stretch, start = _fast(delivery), delivery.first_word_seconds
    if stretch is None or start is None or not delivery.speech_rate_wpm:
        return "for a while"
    length = 60 * delivery.words / delivery.speech_rate_wpm
    third = 3 * ((stretch.start + stretch.end) / 2 - start) / length
    return "near the start" if third < 1 else "in the middle" if third < 2 else "towards the end"


def _count(delivery: Delivery) -> str:
    """How many fillers a minute; where some could not be heard, that it is a lower bound.

    Where some of those found may be none it is no bound at all, whatever else was not heard.
    """
    its = delivery.reliability.get("filled_pauses")
    sure = all(filler.confidence >= DOUBTFUL for filler in delivery.fillers)
    bound = "at least" if its is not None and its.level != "good" and sure else "about"
    return f"{bound} {round(delivery.fillers_per_minute or 0)}"


def _which(delivery: Delivery) -> str:
    """The fillers that were most; filled pauses go by one name, since which one it was is hard to hear."""
    names = Counter(
        "um and uh" if filler.kind == "filled_pause" else _word(filler.text) for filler in delivery.fillers
    )
    most = names.most_common(2)
    if not most:
        return "of all kinds"
    if 2 * most[0][1] > len(delivery.fillers) or len(most) < 2:
        return f"mostly {most[0][0]}"
    return f"above all {most[0][0]}, and {most[1][0]}"


def _word(text: str) -> str:
    return f"the word{'s' if ' ' in text else ''} {text.lower()}"


def _run(delivery: Delivery) -> str:
    return _to(5, delivery.longest_run_seconds)


def _wait(delivery: Delivery) -> str:
    return _to(5, delivery.first_word_seconds)


def _to(step: int, value: float | None) -> str:
    return str(step * round((value or 0) / step))


_SLOTS: Mapping[str, Mapping[str, Callable[[Delivery], str]]] = {
    "speech_rate": {"rate": _rate},
    "pace": {"rate": _fast_rate, "where": _where},
    "fillers": {"count": _count, "which": _which},
    "first_word": {"seconds": _wait},
    "longest_run": {"seconds": _run},
}
