"""Analysis: what an answer says and proves, and how it was spoken.

`Analyzer` is the way in. Every finding carries the words that showed it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from greenroom.records import ENOUGH_WORDS, Analysis, Prosody, Question, Transcript, Utterance, Word

from .reading import Clause, Reading
from .words import transcript_of, words_of

if TYPE_CHECKING:
    from .scorer import Scores

__all__ = ["Analyzer", "transcript_of"]


_FIRST = "We were late, so I asked the customer which two of the reports they needed."


class Analyzer:
    """Reads answers. Making one loads parser, rules and learned scorer (some seconds): keep it."""

    def __init__(self) -> None:
        from .moments import Moments
        from .openings import Openings
        from .parse import Parser
        from .rules import load_markers, load_patterns, load_signals
        from .scorer import Scorer
        from .verdicts import Verdicts

        self._parser = Parser()
        self.patterns = load_patterns()
        self.signals = load_signals()
        self._markers = load_markers()
        self._scorer = Scorer()
        self._aside = ThreadPoolExecutor(1, "scorer")
        self._verdicts = Verdicts.load()
        self._openings, self._moments = Openings.load(), Moments.load()
        # What the first answer needs besides is loaded with it (measured: 82 ms, then 12), so it comes here
        # and not in the silence in which somebody waits for feedback.
        self.analyze(transcript_of(_FIRST))

    def read(self, transcript: Transcript, question: Question | None = None) -> Reading:
        """What the rules go by: words, clauses with their parts, and what the question asks for."""
        from .asked import asks_for
        from .story import with_parts

        return with_parts(
            replace(
                self._parser.read(words_of(transcript)),
                asks=asks_for(question),
                kind=question.kind if question else "behavioural",
                question=question.text.lower() if question else "",
            )
        )

    def score(self, words: Sequence[Word], question: Question | None = None) -> Scores:
        """What the learned scorer makes of it; of an answer that goes on, what it read is remembered."""
        texts = [word.text for word in words] or ["-"]
        return self._scorer.read(question.text if question else "", texts)

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
        from .deeds import deeds_told
        from .delivery import measure
        from .disfluencies import disfluencies
        from .filler_words import filler_words
        from .highlights import highlights
        from .markers import markers_shown
        from .patterns import matches_of, patterns_found
        from .rubric import rubric
        from .signals import clause_evidence, signals_sent, supports
        from .story import form_of, shares_of, story_parts, with_likely_parts

        # The scorer leaves Python alone while it runs: beside the parser it costs next to no time.
        scoring = self._aside.submit(self.score, words_of(transcript), question)
        reading = self.read(transcript, question)
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
        scores = scoring.result()
        findings = patterns_found(
            reading, self.patterns, matches_of(reading, self.patterns), scores, self._verdicts
        )
        evidence = clause_evidence(reading, scores)
        supported = supports(reading, self.signals, scores, evidence, self._verdicts)
        reading = with_likely_parts(reading, scores, self._verdicts)
        parts = story_parts(reading)
        openings = self._openings.of(scores)
        enough = reading.content >= ENOUGH_WORDS
        shows = {rule.id: rule.shows for rule in self.signals}
        return Analysis(
            delivery,
            form=form_of(scores) if enough else None,
            asks=reading.asks,
            parts=parts,
            shares=shares_of(parts),
            patterns=findings,
            signals=signals_sent(supported) if enough else (),
            markers=markers_shown(reading, self._markers, supported) if enough else (),
            rubric=rubric(reading, supported, shows, findings, parts, openings, delivery, question),
            highlights=highlights(reading, self._moments, scores, supported) if enough else (),
            openings=openings if enough else (),
            deeds=deeds_told(reading),
        )


def _clause_ends(clauses: Iterable[Clause]) -> frozenset[int]:
    """Words after which a clause ends."""
    return frozenset(clause.last for clause in clauses)
