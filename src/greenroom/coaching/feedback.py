"""The coach: after an answer one strength, at most two changes and a follow-up; at the end, a closing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from greenroom.records import (
    Analysis,
    Delivery,
    Feedback,
    Finding,
    Question,
    SignalEvidence,
    Span,
    Transcript,
)

from .delivery import ABOUT_THE_MICROPHONE, delivery_remarks, delivery_slots, shared_remark
from .needs import MOST_CHANGES, earned, lost_signals, most_needed
from .phrasing import (
    MOST_SPOKEN_WORDS,
    Chooser,
    in_first_person,
    load_phrases,
    quotable,
    spoken,
    unlike,
    word_count,
    written,
)

# Below this there is too little to go by.
LEAST_WORDS = 10
# A finding less sure than this is asked about, not asserted.
SURE = 0.65
LEAST_QUOTE_WORDS = 3


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to say, for the eye and for the ear; `lead` is what its quote was introduced with."""

    written: str
    spoken: str
    quote: str = ""
    lead: str = ""


class Coach:
    """Words the feedback of one session; with the same seed and the same answers it says the same."""

    def __init__(self, seed: int = 0) -> None:
        self._phrases = load_phrases()
        self._choose = Chooser(seed)

    def memory(self) -> object:
        """What was said so far, for `return_to`."""
        return self._choose.memory()

    def return_to(self, memory: Any) -> None:
        """Forget what was said since: it was a draft that nobody heard, and its words are free again."""
        self._choose.return_to(memory)

    def feedback(self, transcript: Transcript, analysis: Analysis, question: Question | None) -> Feedback:
        """What to say after an answer, at most 25 s of it; `transcript` is the answer's."""
        del transcript  # every quote comes with its finding
        if analysis.delivery.words < LEAST_WORDS:
            return Feedback(spoken=self._choose.pick(self._phrases["coach"]["too_little"]))
        strength = self._strength(analysis, question)
        needed = most_needed(analysis, question)
        changes = self._changes(analysis, needed, question, [strength] if strength else [])
        follow_up, reason = self._follow_up(analysis, needed, question)
        said, kept = self._said(strength, changes)
        return Feedback(said, strength.written if strength else None, kept, follow_up, reason)

    def closing(self, answers: Sequence[Analysis], questions: Sequence[Question]) -> str:
        """The last words of an interview, at most 25 s: what came across, what to fix first, a question.

        Only now is it known how every answer sounded, so that is said here rather than after each.
        """
        del questions
        phrases = self._phrases["closing"]
        sent = Counter(signal.id for answer in answers for signal in answer.signals)
        lost = Counter(finding.id for answer in answers for finding in most_needed(answer, None))
        lines = [self._choose.pick(phrases["open"])]
        if sent:
            names = [self._phrases["names"][id] for id, _ in sent.most_common(2)]
            lines.append(self._choose.pick(phrases["came"]).format(signals=" and ".join(names)))
        else:
            lines.append(self._choose.pick(phrases["none_came"]))
        if lost:
            fix = self._phrases["closing_fix"][lost.most_common(1)[0][0]]
            lines.append(self._choose.pick(phrases["first"]).format(fix=fix))
        elif sent:
            lines.append(self._choose.pick(phrases["keep"]))
        ask = self._choose.pick(phrases["ask"])
        heard = self._heard_in_all([answer.delivery for answer in answers])
        if heard and word_count(" ".join([*lines, heard, ask])) <= MOST_SPOKEN_WORDS:
            lines.append(heard)
        return " ".join([*lines, ask])

    def _heard_in_all(self, deliveries: Sequence[Delivery]) -> str | None:
        phrases = self._phrases["closing_delivery"]
        key = shared_remark(deliveries, phrases)
        return None if key is None else self._choose.pick(phrases[key])

    def hint(self, question: Question) -> tuple[str, ...]:
        """What the question is really about, and three anchors for whoever is lost."""
        hints = self._phrases["hint"]
        lines = [hints["about"].format(about=question.about)] if question.about else []
        if question.signals and not question.about:
            names = [self._phrases["names"][id] for id in question.signals]
            lines.append(hints["asked_for"].format(signals=" and ".join(names)))
        return (*lines, hints["business"], hints["customer"], hints["expert"])

    def _strength(self, analysis: Analysis, question: Question | None) -> Remark | None:
        signal = earned(analysis, question) or _clear_story(analysis)
        if signal is None:
            return None
        praise, lead = self._choose.line(
            self._phrases["strength"][signal.id], self._phrases["lead"]["strength"]
        )
        line = f"{praise} {lead}"
        return _remark(line, line, lead, quote=_best(signal))

    def _changes(
        self, analysis: Analysis, needed: Sequence[Finding], question: Question | None, said: list[Remark]
    ) -> list[Remark]:
        """`said`: what goes before them in the same breath."""
        changes: list[Remark] = []
        for finding in needed[:MOST_CHANGES]:
            changes.append(self._change(finding, [*said, *changes]))
        if not changes:
            lost = lost_signals(analysis, question)
            changes = [_plain(self._choose.pick(self._phrases["lost"][signal])) for signal in lost[:1]]
        if len(changes) < MOST_CHANGES and (remark := self._delivery(analysis.delivery)):
            changes.append(remark)
        return changes

    def _delivery(self, delivery: Delivery) -> Remark | None:
        """The first of the remarks on the delivery; one on the microphone only once in a session."""
        for key in delivery_remarks(delivery):
            phrases = self._phrases["delivery"][key]
            if not (key in ABOUT_THE_MICROPHONE and self._choose.has_drawn(phrases)):
                return _plain(self._choose.pick(phrases).format(**delivery_slots(key, delivery)))
        return None

    def _change(self, finding: Finding, said: Sequence[Remark]) -> Remark:
        """The words said and what to say in their place; words just quoted are not said aloud again."""
        phrases, lead = self._phrases["change"][finding.id], self._phrases["lead"]
        quoted = [remark.quote for remark in said if remark.quote]
        leads = unlike(lead["change"], [remark.lead for remark in said])
        quote = _telling(finding, quoted)
        mine = in_first_person(quote)
        if finding.confidence < SURE:
            parts = self._choose.line(leads, phrases["unsure"])
        else:
            # Told again, in the first person, a quote is only worth its seconds while it is short.
            say = [
                line for line in phrases["say"] if "{mine}" not in line or (mine and word_count(mine) <= 7)
            ]
            parts = self._choose.line(leads, phrases["that"], say)
        aloud = (self._choose.pick(lead["again"]), *parts[1:]) if _was_said(quote, quoted) else parts
        return _remark(" ".join(parts), " ".join(aloud), parts[0], quote=quote, mine=mine or "")

    def _follow_up(
        self, analysis: Analysis, needed: Sequence[Finding], question: Question | None
    ) -> tuple[str | None, str | None]:
        """The question's own for the costliest pattern, else a general one, else one for a lost signal."""
        own = question.follow_ups if question else {}
        for finding in needed:
            if finding.id in own:
                return own[finding.id], finding.id
        if needed:
            return self._choose.pick(self._phrases["follow_up"][needed[0].id]), needed[0].id
        lost = lost_signals(analysis, question)
        return (self._choose.pick(self._phrases["follow_up_signal"][lost[0]]), None) if lost else (None, None)

    def _said(self, strength: Remark | None, changes: Sequence[Remark]) -> tuple[str, tuple[str, ...]]:
        """All of it aloud, and the changes kept: the second one goes where it would take too long."""
        coach = self._phrases["coach"]
        lines = [strength.spoken if strength else self._choose.pick(coach["no_strength"])]
        if not changes:
            if strength:
                lines.append(self._choose.pick(coach["nothing_to_change"]))
            return " ".join(lines), ()
        kept: list[str] = []
        for change in changes:
            if word_count(" ".join([*lines, change.spoken])) <= MOST_SPOKEN_WORDS:
                lines.append(change.spoken)
                kept.append(change.written)
        return " ".join(lines), tuple(kept)


def _clear_story(analysis: Analysis) -> SignalEvidence | None:
    """A story told in full and in order has earned a word for that, where nothing else has."""
    clear = any(score.id == "clarity" and score.score == 4 for score in analysis.rubric)
    scene = next((part for part in analysis.parts if part.id == "situation"), None)
    if not clear or scene is None:
        return None
    return SignalEvidence(
        "clarity", (Span(scene.text, scene.start, scene.end, scene.first_word, scene.last_word),)
    )


def _best(signal: SignalEvidence) -> str:
    """The quote that says most: one that tells what the person did, and that can be said back whole."""
    return max(
        (quotable(span.text) for span in signal.evidence), key=lambda q: (q[:2] == "I ", word_count(q))
    )


def _telling(finding: Finding, quoted: Sequence[str]) -> str:
    """The first quote that is long enough to be recognised and was not said back before."""
    quotes = [quotable(span.text) for span in finding.evidence]
    fresh = [
        quote for quote in quotes if word_count(quote) >= LEAST_QUOTE_WORDS and not _was_said(quote, quoted)
    ]
    return (fresh or quotes)[0]


def _was_said(quote: str, quoted: Sequence[str]) -> bool:
    return any(quote in earlier or earlier in quote for earlier in quoted)


def _remark(text: str, aloud: str, lead: str, **slots: str) -> Remark:
    return Remark(written(text, **slots), spoken(aloud, **slots), slots.get("quote", ""), lead)


def _plain(text: str) -> Remark:
    return Remark(text, text)
