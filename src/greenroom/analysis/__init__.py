"""Analysis: what an answer says and proves, and how it was spoken.

`Analyzer` is the way in. Every finding carries the words that showed it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from greenroom.records import Analysis, Prosody, Question, Transcript, Utterance

from .reading import Clause
from .words import transcript_of

__all__ = ["Analyzer", "transcript_of"]


_FIRST = "We were late, so I asked the customer which two of the reports they needed."


class Analyzer:
    """Reads answers. Making one loads the parser and the rules (some seconds): keep it."""

    def __init__(self) -> None:
        from .parse import Parser
        from .rules import load_patterns, load_signals

        self._parser = Parser()
        self._patterns = load_patterns()
        self._signals = load_signals()
        # What the first answer needs besides is loaded with it (measured: 82 ms, then 12), so it comes here
        # and not in the silence in which somebody waits for feedback.
        self.analyze(transcript_of(_FIRST))

    def analyze(
        self,
        transcript: Transcript,
        question: Question | None = None,
        utterance: Utterance | None = None,
        prosody: Prosody | None = None,
        profile: str = "usual",
    ) -> Analysis:
        """Delivery, story parts, patterns, signals and rubric of one answer.

        Without `utterance` nothing is said of its pauses, and without `prosody` little of its filled ones.
        `profile`, one of records.PROFILES, is whose delivery it is. A text of under ten words gets no
        findings.
        """
        from .asked import asks_for
        from .deeds import deeds_told
        from .delivery import measure
        from .disfluencies import disfluencies
        from .filler_words import filler_words
        from .patterns import patterns_found
        from .rubric import rubric
        from .signals import signals_sent, strength_of
        from .story import story_parts, with_parts
        from .words import words_of

        reading = self._parser.read(words_of(transcript))
        kind = question.kind if question else "behavioural"
        reading = with_parts(
            replace(
                reading,
                asks=asks_for(question),
                kind=kind,
                question=question.text.lower() if question else "",
            )
        )
        fillers = filler_words(reading)
        delivery = measure(
            reading.words,
            utterance,
            _clause_ends(reading.clauses),
            prosody,
            filler_words=fillers,
            disfluencies=disfluencies(reading.words, fillers),
            profile=profile,
        )
        parts = story_parts(reading)
        findings = patterns_found(reading, self._patterns)
        strengths = {rule.id: (strength_of(reading, rule), rule.shows) for rule in self._signals}
        scores = rubric(reading, strengths, findings, parts, delivery, question)
        sent = signals_sent(reading, self._signals)
        return Analysis(delivery, parts, findings, sent, scores, deeds_told(reading))


def _clause_ends(clauses: Iterable[Clause]) -> frozenset[int]:
    """Words after which a clause ends."""
    return frozenset(clause.last for clause in clauses)
