"""How a story spends its time: whether the scene leaves room for the deeds, and whether it has an end."""

from __future__ import annotations

from greenroom.records import Analysis

from .quotes import has_measured_result, is_sayable, quotable

# A listener who waits for more than half of the answer has waited too long (judgement; where the first step
# lies is heard to within a clause or two).
_LATE = 0.55
# Of an answer of half a minute that is two sentences.
_LEAST_WORDS = 100


def late_first_step(analysis: Analysis) -> str | None:
    """The first thing done, as it can be said back, where more than half of the words lie before it."""
    first = next((part for part in analysis.parts if part.id == "action"), None)
    words = analysis.delivery.words
    if analysis.asks != "episode" or first is None or words < _LEAST_WORDS:
        return None
    quote = quotable(first.text)
    return quote if first.first_word >= _LATE * words and is_sayable(quote) else None


def has_an_end(analysis: Analysis) -> bool:
    """Whether it says what came of it: by a figure, or after the last deed."""
    return has_measured_result(analysis.parts) or (bool(analysis.parts) and analysis.parts[-1].id == "result")


def is_complete(analysis: Analysis) -> bool:
    """Whether nobody has to ask what came of it; where no story was asked for, nothing had to come of it."""
    return analysis.asks not in ("episode", "experience") or has_an_end(analysis)
