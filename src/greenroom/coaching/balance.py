"""How a story spends its time: whether the scene leaves room for the deeds, and whether it has an end."""

from __future__ import annotations

from collections.abc import Sequence

from greenroom.records import OF_THE_PAST, OPEN_END, Analysis, Finding, Transcript, how_wanted

from .quotes import is_sayable, quotable, says_who

# A listener who waits for more than half of the answer has waited too long (judgement; a little more, as the
# place of the first step is heard to within a clause or two).
_LATE = 0.55
# Where so much is scene, and all that is strong comes late: of some 90 stories of five coaches four are told
# so, and three of them take too long indeed.
_HALF_SCENE = 0.5
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
    if words < _LEAST_WORDS:
        return None
    first = analysis.parts[told.index("action")]
    steps = [(first.first_word, first.text)]
    # "And there were five sites" is taken for a deed sometimes; where most is scene, what is strong counts.
    if analysis.shares.get("situation", 0.0) >= _HALF_SCENE and analysis.highlights:
        steps.append(min((each.span.first_word, each.span.text) for each in analysis.highlights))
    quotes = [quotable(text) for begins, text in steps if begins >= _LATE * words]
    return next((quote for quote in quotes if says_who(quote) and is_sayable(quote)), None)


def has_an_end(analysis: Analysis) -> bool:
    """Whether it says what came of it, so that nobody would have to ask."""
    return tells_a_result(analysis) and not how_wanted(analysis.openings, "outcome")


def tells_a_result(analysis: Analysis) -> bool:
    return any(part.id == "result" for part in analysis.parts)


def stops_early(analysis: Analysis) -> bool:
    """Whether the last words of a story are its deeds, and nobody knows what came of them."""
    return analysis.form == "story" and how_wanted(analysis.openings, "outcome") >= OPEN_END


def begins_early(transcript: Transcript, analysis: Analysis) -> bool:
    """Whether the scene is not most of it, and a strong moment comes before half of it is over."""
    words = len(transcript.text.split())
    early = any(each.span.first_word < _LATE * words for each in analysis.highlights)
    return early and analysis.shares.get("situation", 0.0) < _MOSTLY_SCENE


def is_complete(analysis: Analysis) -> bool:
    """Whether nobody has to ask what came of it; where no story was asked for, nothing had to come of it."""
    return analysis.asks not in OF_THE_PAST or has_an_end(analysis)
