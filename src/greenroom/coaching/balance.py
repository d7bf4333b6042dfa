"""How a story spends its time: whether the scene leaves room for the deeds, and whether it has an end."""

from __future__ import annotations

from collections.abc import Sequence

from greenroom.records import OPEN_END, Analysis, Finding, Transcript

from .quotes import is_sayable, quotable, says_who

# A listener who waits for more than half of the answer has waited too long (judgement; a little more, as the
# place of the first step is heard to within a clause or two).
_LATE = 0.55
# Nobody is told to leave it so where so much of the story is its scene (judgement).
_MOSTLY_SCENE = 0.6
# Some 40 seconds: in a shorter answer nobody waits long (judgement).
_LEAST_WORDS = 100


def late_first_step(transcript: Transcript, analysis: Analysis, needed: Sequence[Finding]) -> str | None:
    """The first step of one's own, as it can be said back, where more than half of the story lies before it.

    None where the story has no scene that could be shorter, and where another story is `needed`, or more of
    what was wrong.
    """
    if any(finding.id in ("hypothetical", "buried_problem") for finding in needed):
        return None
    told = [part.id for part in analysis.parts]
    if analysis.form != "story" or "action" not in told or "situation" not in told[: told.index("action")]:
        return None
    words = len(transcript.text.split())
    first = analysis.parts[told.index("action")]
    quote = quotable(first.text)
    late = words >= _LEAST_WORDS and first.first_word >= _LATE * words
    return quote if late and says_who(quote) and is_sayable(quote) else None


def has_an_end(analysis: Analysis) -> bool:
    """Whether it says what came of it, so that nobody would have to ask."""
    return tells_a_result(analysis) and all(opening.id != "outcome" for opening in analysis.openings)


def tells_a_result(analysis: Analysis) -> bool:
    return any(part.id == "result" for part in analysis.parts)


def stops_early(analysis: Analysis) -> bool:
    """Whether the last words of a story are its deeds, and nobody knows what came of them."""
    openings = {opening.id: opening.wanted for opening in analysis.openings}
    return analysis.form == "story" and openings.get("outcome", 0.0) >= OPEN_END


def begins_early(transcript: Transcript, analysis: Analysis) -> bool:
    """Whether the scene is not most of it, and a strong moment comes before half of it is over."""
    words = len(transcript.text.split())
    early = any(each.span.first_word < _LATE * words for each in analysis.highlights)
    return early and analysis.shares.get("situation", 0.0) < _MOSTLY_SCENE


def is_complete(analysis: Analysis) -> bool:
    """Whether nobody has to ask what came of it; where no story was asked for, nothing had to come of it."""
    return analysis.asks not in ("episode", "experience") or has_an_end(analysis)
