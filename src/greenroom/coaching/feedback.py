"""The coach: after an answer one strength, at most two changes and a follow-up; at the end, a closing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from greenroom.records import (
    ASSERTED,
    ENOUGH_WORDS,
    Analysis,
    Deed,
    Delivery,
    Feedback,
    Finding,
    Question,
    Transcript,
)

from .balance import begins_early, has_an_end, is_complete, late_first_step, stops_early
from .closing import closing
from .delivery import ABOUT_THE_MICROPHONE, delivery_remarks, delivery_slots
from .facts import deed_of, main_deed, measure_of, slots_of
from .follow_ups import follow_up
from .needs import MOST_CHANGES, fault_of, lost_signals, most_needed, open_signals
from .phrasing import MOST_SPOKEN_WORDS, Chooser, Remark, Slots, load_phrases, unlike, word_count
from .praise import praised
from .quotes import in_first_person, is_sayable, telling, was_said

# Told again, in the first person, a quote is only worth its seconds while it is short.
MOST_WORDS_RETOLD = 7
# The longest of the openers (phrases.toml).
MOST_OPENER_WORDS = 8


class Coach:
    """Words the feedback of one session; with the same seed and the same answers it says the same."""

    def __init__(self, seed: int = 0) -> None:
        self._phrases = load_phrases()
        self._choose = Chooser(seed)
        self._told: dict[str, Analysis] = {}

    def memory(self) -> object:
        """What was said so far, for `return_to`."""
        return self._choose.memory()

    def return_to(self, memory: Any) -> None:
        """Forget what was said since: it was a draft that nobody heard, and its words are free again."""
        self._choose.return_to(memory)

    def feedback(self, transcript: Transcript, analysis: Analysis, question: Question | None) -> Feedback:
        """What to say after an answer, at most 25 s of it; `transcript` is the answer's."""
        if analysis.delivery.words < ENOUGH_WORDS:
            said = self._choose.pick(self._phrases["coach"]["too_little"])
            return Feedback(said, said)
        before = self._before(analysis, question)
        needed = most_needed(analysis, question, before)
        strength = self._strength(analysis, question)
        unsent = open_signals(analysis, question, before)
        lost = lost_signals(analysis, unsent)
        faults = [(finding, fault_of(finding, analysis, question)) for finding in needed]
        late = None if before else late_first_step(transcript, analysis, needed)
        before_it = [strength] if strength else []
        changes = self._changes(
            transcript, analysis, faults, lost, before_it, late, follows=_follows(question)
        )
        asked = follow_up(self._choose, transcript, analysis, needed, unsent, question)
        complete = not unsent and is_complete(analysis) and begins_early(transcript, analysis)
        lines, kept = self._lines(strength, changes, complete=complete)
        return Feedback(
            spoken=" ".join(line.spoken for line in lines),
            written=" ".join(line.written for line in lines),
            strength=strength.written if strength else None,
            changes=tuple(change.written for change in kept),
            follow_up=asked.text if asked else None,
            follow_up_for=asked.reason if asked else None,
            follow_up_into=asked.into if asked else None,
        )

    def _before(self, analysis: Analysis, question: Question | None) -> Analysis | None:
        """What was told in answer to the question that this one follows up, if it does."""
        if question is None:
            return None
        self._told[question.id] = analysis
        return self._told.get(question.follows)

    def remember(self, question: Question, analysis: Analysis) -> None:
        """What was told in an earlier sitting, in answer to a question that is followed up in this one."""
        self._told[question.id] = analysis

    def closing(
        self, answers: Sequence[Analysis], questions: Sequence[Question], *, asks: bool = True
    ) -> str:
        """The last words of an interview, at most 25 s: what came across, what never did, what to fix.

        `asks`: whether they end with a question to oneself; not where a look back follows.
        """
        return closing(self._choose, answers, questions, asks=asks)

    def hint(self, question: Question) -> tuple[str, ...]:
        """What the question is really about, and three anchors for whoever is lost."""
        hints = self._phrases["hint"]
        lines = [hints["about"].format(about=question.about)] if question.about else []
        if question.signals and not question.about:
            names = [self._phrases["names"][id] for id in question.signals]
            lines.append(hints["asked_for"].format(signals=" and ".join(names)))
        return (*lines, hints["business"], hints["customer"], hints["expert"])

    def _strength(self, analysis: Analysis, question: Question | None) -> Remark | None:
        for id, quote in praised(analysis, question):
            if remark := self._choose.line(self._phrases["strength"][id], {"quote": quote}):
                return remark
        return None

    def _changes(
        self,
        transcript: Transcript,
        analysis: Analysis,
        needed: Sequence[tuple[Finding, str]],
        lost: Sequence[str],
        said: list[Remark],
        late: str | None,
        *,
        follows: bool,
    ) -> list[Remark]:
        """What to change, in the order of need.

        `needed` comes with the names the phrases have for each; `lost` are signals asked for in vain; `said`
        is what goes before in the same breath; `late` is a first step that comes late.
        """
        changes: list[Remark] = []
        for finding, fault in needed[:MOST_CHANGES]:
            room = _room(said, changes)
            if remark := self._change(finding, fault, transcript, analysis, [*said, *changes], room):
                changes.append(remark)
        told_of = {finding.id for finding, _ in needed}
        # Whoever was asked for one detail need not come to the end of the story again.
        unended = not follows and stops_early(analysis)
        unended = unended and told_of.isdisjoint(("no_outcome", "hypothetical"))
        if unended and len(changes) < MOST_CHANGES:
            changes += self._plain(self._phrases["no_end"]["say"], {})
        if not changes:
            # What somebody is or wants has no "it" of which anybody had anything.
            slots = slots_of(main_deed(analysis.deeds))
            for signal in lost[:1] if analysis.asks != "self" else ():
                changes += self._plain(self._phrases["lost"][signal], slots)
            if not changes and analysis.form == "self_description" and not analysis.signals:
                changes += self._plain(self._phrases["coach"]["introduced"], {})
        if len(changes) < MOST_CHANGES:
            if late:
                key = "bare" if was_said(late, _quoted(said)) else "say"
                changes += self._plain(self._phrases["late_step"][key], {"quote": late})
            else:
                changes += self._delivery(analysis.delivery)
        return changes

    def _delivery(self, delivery: Delivery) -> list[Remark]:
        """The first of the remarks on the delivery that is still new; one on the microphone only once."""
        for key in delivery_remarks(delivery):
            phrases = self._phrases["delivery"][key]
            if key in ABOUT_THE_MICROPHONE and self._choose.has_drawn(phrases):
                continue
            if remarks := self._plain(phrases, delivery_slots(key, delivery)):
                return remarks
        return []

    def _plain(self, lines: Sequence[str], slots: Slots) -> list[Remark]:
        remark = self._choose.line(lines, slots)
        return [remark] if remark else []

    def _change(
        self,
        finding: Finding,
        fault: str,
        transcript: Transcript,
        analysis: Analysis,
        said: Sequence[Remark],
        room: int,
    ) -> Remark | None:
        """The words said and what to say in their place; words just quoted are not said aloud again.

        Nor are they where that would take too long; None where any way of saying it would.
        """
        quoted = _quoted(said)
        quote = telling([span.text for span in finding.evidence], transcript.text, quoted)
        slots = self._slots(quote, deed_of(finding, analysis.deeds), measure_of(analysis.deeds))
        bare = was_said(quote, quoted) or not is_sayable(quote)
        # How it ended was told; whether it can be counted is a question.
        asks = finding.confidence < ASSERTED or (fault == "no_outcome" and has_an_end(analysis))
        remark = self._choose.remark(self._ways(fault, said, asks=asks, bare=bare), slots, room)
        if remark is None and not bare:
            bare = True
            remark = self._choose.remark(self._ways(fault, said, asks=asks, bare=True), slots, room)
        # What is not read out again still stands with its words where it is read.
        if remark is None or not bare or not is_sayable(quote):
            return remark
        return replace(remark, written=f"“{quote}”: {remark.written}")

    def _slots(self, quote: str, deed: Deed | None, measure: str) -> dict[str, str]:
        measure = (deed.measure if deed else "") or measure or "any"
        slots = slots_of(deed)
        if deed is not None and deed.thing.split()[-1] in quote:
            # "You said you moved the slab. You moved the slab, so ...": once is enough.
            slots = {"thing": deed.thing}
        slots["quote"] = quote
        slots["measure"] = self._choose.pick(self._phrases["measure"][measure])
        mine = in_first_person(quote)
        if mine and word_count(mine) <= MOST_WORDS_RETOLD:
            slots["mine"] = mine
        return slots

    def _ways(self, fault: str, said: Sequence[Remark], *, asks: bool, bare: bool) -> list[tuple[str, ...]]:
        phrases, lead = self._phrases["change"][fault], self._phrases["lead"]
        if asks:
            heads, tails, frames = lead["ask_bare" if bare else "ask"], phrases["ask"], ["{0}: {1}."]
        else:
            heads, tails = phrases["bare" if bare else "gap"], phrases["say"]
            frames = ["{0}. {1}.", "{0}: {1}."]
        heads = unlike(heads, [remark.template for remark in said])
        return list(product(heads, tails, frames))

    def _lines(
        self, strength: Remark | None, changes: Sequence[Remark], *, complete: bool
    ) -> tuple[list[Remark], list[Remark]]:
        """All of it in order, and the changes kept: the second one goes where it would take too long.

        That nothing is to be changed is only said where the answer is `complete`.
        """
        coach = self._phrases["coach"]
        lines = [strength] if strength else []
        if not strength or (complete and not changes):
            key = "nothing_to_change" if strength else "opener" if changes else "heard"
            lines += self._plain(coach[key], {})
        kept: list[Remark] = []
        for change in changes:
            if word_count(" ".join(line.spoken for line in [*lines, change])) <= MOST_SPOKEN_WORDS:
                lines.append(change)
                kept.append(change)
        if not lines:
            heard = self._choose.pick(coach["heard"])
            lines = [Remark(heard, heard)]
        return lines, kept


def _room(said: Sequence[Remark], changes: Sequence[Remark]) -> int:
    """How many words can still be said; where nothing was praised an opener comes first."""
    opener = 0 if said else MOST_OPENER_WORDS
    return MOST_SPOKEN_WORDS - opener - sum(word_count(remark.spoken) for remark in (*said, *changes))


def _follows(question: Question | None) -> bool:
    return question is not None and bool(question.follows)


def _quoted(said: Sequence[Remark]) -> list[str]:
    return [remark.quote for remark in said if remark.quote]
