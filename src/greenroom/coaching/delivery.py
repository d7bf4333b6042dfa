"""The one thing worth saying about how an answer was spoken: only what is clearly outside its band."""

from __future__ import annotations

from greenroom.records import Delivery

# In the order in which listeners mind them (Feiler & Powell 2016; Laske & DiGennaro Reed 2024); the bands
# themselves, with their edges and sources, belong to the analysis.
REMARKABLE = (
    "fillers.harmful",
    "speech_rate.fast",
    "speech_rate.very slow",
    "articulation_rate.rushed",
    "fillers.work on it",
    "length.too long",
    "long_pauses.many",
    "hedges.many",
    "first_word.long",
)


def delivery_remark(delivery: Delivery) -> tuple[str, int] | None:
    """The key of the remark and the value it names, None where everything is within what is usual."""
    bands = {f"{measure}.{name}" for measure, name in delivery.bands.items()}
    key = next((key for key in REMARKABLE if key in bands), None)
    return None if key is None else (key, _value(key.split(".")[0], delivery))


def _value(measure: str, delivery: Delivery) -> int:
    values = {"speech_rate": delivery.speech_rate_wpm, "fillers": delivery.fillers_per_minute}
    return round(values.get(measure) or 0)
