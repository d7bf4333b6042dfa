"""What a debrief says at its end: aloud in a few sentences, written in full, and as data."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from greenroom.preparation.debrief.asked_bank import Added
from greenroom.preparation.debrief.debriefs import Debrief
from greenroom.preparation.debrief.last_three import HOW_MANY, InCommon, Shared
from greenroom.preparation.debrief.one_thing import OneThing
from greenroom.preparation.debrief.reasons import LEAST_WORDS, Evidence, Reason, repeatable
from greenroom.records import Turn
from greenroom.screens import counted, listed
from greenroom.screens.names import PATTERN_TITLES, SIGNAL_TITLES, named

WIDTH = 100
"""Columns of what is written."""

RETELLING = (
    "A retelling is not the answer: it is shorter, and you know by now what you wish you had said. "
    "What is missing from it may well have been said there."
)
RETELLING_ALOUD = "What I heard is a retelling, and that is not the answer itself."
PERHAPS_NOTHING = "Perhaps nothing was wrong."
NOTHING_SAYS_SO = "Nothing in what you told me shows an answer that needed to be told differently."
NOTHING_TO_CHANGE = "Nothing stands out that needs to change."
BETWEEN_PEOPLE = (
    "Interviews are human, and much of what goes into them stays unseen. "
    "The question worth keeping is what could be said more clearly."
)
LITTLE_TO_GO_BY = "There is little to go by: no answer was retold in more than a few sentences."
OUTCOME_TITLES = {
    "offer": "an offer",
    "no": "a no",
    "moved-on": "on to the next round",
    "unknown": "not known yet",
}

_YOURS = "What can be worked on"
_NOBODYS = "What nobody in an interview controls"
_BASES = {"told": "They told you", "own": "You said", "guess": "You suppose"}
_MOST_EVIDENCE = 3  # for each reason, written


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A debrief with all that is known of it.

    Attributes:
        turns: those of its session, by number.
        common: what the last interviews have in common; None where this one is not among them.
        added: what joined the private bank just now; None where nothing was to.
    """

    debrief: Debrief
    turns: Mapping[int, Turn]
    reasons: tuple[Reason, ...]
    common: InCommon | None
    try_this: OneThing
    added: Added | None = None

    @property
    def nothing_stands_out(self) -> bool:
        """Whether there is no evidence for anything that could have been told otherwise."""
        return not any(reason.yours for reason in self.reasons)

    def retold(self, number: int) -> Turn | None:
        """The turn of the so manyth question, from 1, that holds its retelling."""
        answer = self.debrief.questions[number - 1].answer
        return self.turns.get(answer) if answer is not None else None

    @property
    def told_in_full(self) -> bool:
        """Whether any answer was retold at such a length that what is missing means something."""
        turns = [self.retold(number) for number in range(1, len(self.debrief.questions) + 1)]
        return any(turn and len(turn.transcript.text.split()) >= LEAST_WORDS for turn in turns)


def title(debrief: Debrief) -> str:
    """Acme · the second, with the team lead · 2026-11-22"""
    return " · ".join(filter(None, (debrief.company or "An interview", debrief.round, debrief.day)))


def spoken(looked: LookedAt) -> tuple[str, ...]:
    """The end of a debrief as it is said: what comes back first, and one thing to try last."""
    return tuple(filter(None, _spoken(looked)))


def written(looked: LookedAt) -> str:
    """The same in full, with all evidence, for the eye."""
    return "\n".join(_folded(line) for line in _written(looked)).strip() + f"\n  {looked.try_this.line}"


def rows(debriefs: Sequence[Debrief], common: InCommon | None) -> str:
    """What the last ones have in common, and every debrief in a line."""
    lines = [*_common_lines(common), ""] if common is not None else []
    for each in debriefs:
        asked = counted(len(each.questions), "question")
        open_end = "" if each.finished else f"; not finished: greenroom debrief --resume {each.name}"
        company = ", ".join(filter(None, (each.company or "(no name yet)", each.round)))
        lines.append(f"{each.name}  {company}: {asked}, {OUTCOME_TITLES[each.outcome]}{open_end}")
    return "\n".join(lines)


def data(looked: LookedAt) -> dict[str, Any]:
    """All of it as plain data for JSON."""
    debrief = looked.debrief
    return {
        **row_data(debrief),
        "retelling": RETELLING,
        "felt": debrief.felt,
        "said": list(debrief.said),
        "questions": [_question_data(looked, number) for number in range(1, len(debrief.questions) + 1)],
        "reasons": [_reason_data(reason) for reason in looked.reasons],
        "nothing_stands_out": looked.nothing_stands_out,
        "in_common": common_data(looked.common),
        "try": {"sentence": looked.try_this.sentence, "command": looked.try_this.line},
        "bank": None if looked.added is None else {
            "path": str(looked.added.path),
            "added": [question.id for question in looked.added.questions],
            "known": list(looked.added.known),
        },
    }  # fmt: skip


def row_data(debrief: Debrief) -> dict[str, Any]:
    """One debrief in short."""
    keys = ("name", "company", "round", "outcome", "finished")
    short = {key: getattr(debrief, key) for key in keys}
    return {**short, "folder": str(debrief.folder), "asked": len(debrief.questions)}


def common_data(common: InCommon | None) -> dict[str, Any] | None:
    """What the last ones share; None where there are too few of them."""
    if common is None:
        return None
    shared = [
        {
            "id": each.reason.id,
            "yours": each.reason.yours,
            "in": each.how_many,
            "evidence": [{"debrief": name, **asdict(evidence)} for name, evidence in each.evidence],
        }
        for each in common.shared
    ]
    return {"debriefs": [debrief.name for debrief in common.debriefs], "shared": shared}


def _spoken(looked: LookedAt) -> Iterator[str]:
    if looked.common is not None:
        yield _common_sentence(looked.common)
    if any(each.answer is not None for each in looked.debrief.questions):
        yield RETELLING_ALOUD
    yours = [reason for reason in looked.reasons if reason.yours]
    others = [reason for reason in looked.reasons if not reason.yours]
    if yours:
        yield f"What could be worked on: {_lowered(yours[0].about)}"
    else:
        yield " ".join(_nothing(looked))
    if others:
        names = listed([_lowered(reason.title) for reason in others])
        yield f"There are also signs of {names}, which nobody in an interview controls."
    yield f"One thing to try. {looked.try_this.sentence}"


def _written(looked: LookedAt) -> Iterator[str]:
    debrief = looked.debrief
    if looked.common is not None:
        yield from _common_lines(looked.common)
        yield ""
    yield title(debrief)
    yield f"Outcome: {OUTCOME_TITLES[debrief.outcome]}"
    for label, words in (("It felt", debrief.felt), ("What you know", " ".join(debrief.said))):
        if repeatable(words):
            yield f"{label}: “{repeatable(words)}”"
    for number, each in enumerate(debrief.questions, start=1):
        yield f"\n{number}. {each.asked}"
        yield f"   {_found(looked, number)}"
    for heading, yours in ((_YOURS, True), (_NOBODYS, False)):
        its = [reason for reason in looked.reasons if reason.yours is yours]
        if its:
            yield f"\n{heading}"
        elif yours:
            yield f"\n{' '.join(_nothing(looked))}"
        for reason in its:
            yield f"  {reason.title}: {reason.about}"
            yield from (f"    {_evidence(each)}" for each in reason.evidence[:_MOST_EVIDENCE])
    if any(each.answer is not None for each in debrief.questions):
        yield f"\n{RETELLING}"
    if looked.added is not None and (looked.added.questions or looked.added.known):
        yield f"\n{_bank_line(looked.added)}"
    yield "\nOne thing to try"
    yield f"  {looked.try_this.sentence}"


def _nothing(looked: LookedAt) -> Iterator[str]:
    """What is said where nothing stands out."""
    if looked.debrief.outcome in ("offer", "moved-on"):
        yield NOTHING_TO_CHANGE
        return
    yield PERHAPS_NOTHING
    yield NOTHING_SAYS_SO if looked.told_in_full else LITTLE_TO_GO_BY
    yield BETWEEN_PEOPLE


def _folded(line: str) -> str:
    """Broken to WIDTH, the later lines under the first; an empty line before it stays."""
    before = line[: len(line) - len(line.lstrip("\n"))]
    text = line[len(before) :]
    indent = " " * (len(text) - len(text.lstrip()))
    folded = textwrap.fill(
        text.strip(),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return before + folded


def _common_sentence(common: InCommon) -> str:
    if not common.shared:
        return "First, your last three interviews: they have nothing in common that I can see."
    reason = common.first_of_yours or common.shared[0].reason
    each = next(one for one in common.shared if one.reason.id == reason.id)
    came = f"First, your last three interviews. The same thing came back in {_how_many(each)} of them"
    return f"{came}: {_lowered(reason.about)}"


def _common_lines(common: InCommon) -> Iterator[str]:
    names = listed([debrief.company or debrief.day or debrief.name for debrief in common.debriefs])
    if not common.shared:
        yield f"Your last three interviews ({names}) have nothing in common that I can see."
        return
    yield f"Your last three interviews ({names}) have this in common"
    for each in common.shared:
        control = "can be worked on" if each.reason.yours else "nobody in an interview controls it"
        yield f"  {each.reason.title}, in {_how_many(each)} of them: {control}"
        by_name = {debrief.name: debrief.company or debrief.name for debrief in common.debriefs}
        yield from (f"    {by_name[name]}: {_evidence(one)}" for name, one in each.evidence)


def _how_many(each: Shared) -> str:
    return "all three" if each.how_many == HOW_MANY else "two"


def _found(looked: LookedAt, number: int) -> str:
    """What a retold answer shows: what came across first."""
    turn = looked.retold(number)
    if turn is None:
        return "Retold by hand." if looked.debrief.questions[number - 1].retold else "Not retold."
    if len(turn.transcript.text.split()) < LEAST_WORDS:
        return "Told in short, so nothing is said of what is missing."
    signals = [named(SIGNAL_TITLES, each.id).lower() for each in turn.signals]
    patterns = [named(PATTERN_TITLES, each.id) for each in turn.patterns]
    shows = f"Retold, it shows {listed(signals)}." if signals else "Retold, it shows no quality plainly."
    look_at = f" To look at: {'; '.join(patterns)}." if patterns else ""
    return f"{shows}{look_at}"


def _evidence(each: Evidence) -> str:
    quote = repeatable(each.quote)
    quoted = f": “{quote}”" if quote else ""
    if each.basis != "answer":
        return f"{_BASES[each.basis]}{quoted}"
    what = "It is no story of one time" if each.found == "form" else named(PATTERN_TITLES, each.found)
    return f"Question {each.question}, retold: {what}{quoted}"


def _bank_line(added: Added) -> str:
    new, known = len(added.questions), len(added.known)
    if not new:
        return f"{counted(known, 'question')} stood in your private bank already: {added.path}"
    already = f", {counted(known, 'question')} stood in it already" if known else ""
    return f"{counted(new, 'question')} joined your private bank{already}: {added.path}"


def _question_data(looked: LookedAt, number: int) -> dict[str, Any]:
    each, turn = looked.debrief.questions[number - 1], looked.retold(number)
    found = {} if turn is None else {
        "form": turn.form,
        "signals": [signal.id for signal in turn.signals],
        "patterns": [{"id": one.id, "confidence": one.confidence} for one in turn.patterns],
    }  # fmt: skip
    return {"asked": each.asked, "retold": each.retold, "answer": each.answer, **found}


def _reason_data(reason: Reason) -> dict[str, Any]:
    shown = ("id", "yours", "title", "about", "tries")
    return {
        **{key: getattr(reason, key) for key in shown},
        "evidence": [asdict(each) for each in reason.evidence],
    }


def _lowered(title: str) -> str:
    return title[:1].lower() + title[1:]
