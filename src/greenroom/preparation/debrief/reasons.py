"""What a debrief shows: what can be worked on, what nobody in an interview controls, and by which evidence.

Two things are read: the retold answers, by what the analyzer found in them, and what the person said about
the interview, by the phrases of debrief_reasons.toml. Where neither shows anything, nothing is made up.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from greenroom.analysis.asked import asks_for
from greenroom.preparation.debrief.debriefs import Debrief
from greenroom.records import Finding, Question, Turn

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

LEAST_WORDS = 40
"""A shorter retelling is a summary, and what is missing from a summary was not missing there. (Judgement: a
spoken answer has 150 to 300 words, and a story told in three sentences 45 to 60.)"""

LEAST_CONFIDENCE = 0.6
"""What is called 0.6 is right about six times in ten (docs/measurements.md); of an answer that is only a
retelling nothing less sure is said. (Judgement.)"""

WEIGHTS = {"told": 1.0, "own": 0.9, "guess": 0.5}
"""How much the person's own words weigh against a finding's confidence in one retold answer. (Judgement: who
was there knows best, and a guess is half as good.)"""

_LONGEST_QUOTE = 28  # words; a longer sentence is quoted from the clause that says it
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_CLAUSE = re.compile(
    r"[,;:.!?–—]| - |\b(?:but|since|although|though|so|while)\b|(?<!not )(?<!just )\bbecause\b"
    r"|\band (?=(?:then )?(?:i|they|he|she|it|the|we|there|that|nobody|my)\b)"
)
_SHORT_FORMS = (
    ("’", "'"),
    ("can't", "can not"),
    ("cannot", "can not"),
    ("won't", "will not"),
    ("n't", " not"),
    ("i'm ", "i am "),
    ("they're ", "they are "),
    ("it's ", "it is "),
    ("that's ", "that is "),
    ("they've ", "they have "),
    ("i've ", "i have "),
    ("“", '"'),
    ("”", '"'),
)
# Nobody likes to hear it said back, whoever said it first.
_NOT_REPEATED = re.compile(r"\breject\w*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What something is said by.

    Attributes:
        basis: "answer" (found in a retold answer), or whose words it goes by: "told" (somebody there said
            so), "own" (the person saw it so) or "guess" (the person supposes it).
        quote: the words.
        question: which question of the debrief, from 1; 0 where it is about none.
        found: the pattern, one of records.PATTERNS, or "form" where the answer is told in another form than
            was asked for; "" for the person's words.
        weight: how much it counts, 0 to 1.
    """

    basis: str
    quote: str
    question: int = 0
    found: str = ""
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that may have played a part, with at least one piece of evidence.

    Attributes:
        yours: whether it can be worked on; otherwise nobody in the interview controls it.
        about, tries: what it is, and what to try, each a sentence; `tries` is "" where nothing is to be done.
        focus: the one of records.SIGNALS that practising it is about, or "".
    """

    id: str
    yours: bool
    title: str
    about: str
    tries: str
    focus: str
    evidence: tuple[Evidence, ...]

    @property
    def weight(self) -> float:
        """What speaks for it, taken together."""
        return sum(each.weight for each in self.evidence)


def reasons_of(debrief: Debrief, turns: Mapping[int, Turn]) -> tuple[Reason, ...]:
    """What there is evidence for, what can be worked on first, and in each kind the most evidence first.

    Args:
        turns: by number, those that hold the retold answers.
    """
    evidence: dict[str, list[Evidence]] = {}
    for text in (debrief.felt, *debrief.said):
        for id, found in in_own_words(text):
            evidence.setdefault(id, []).append(found)
    for number, each in enumerate(debrief.questions, start=1):
        turn = turns.get(each.answer) if each.answer is not None else None
        if turn is not None:
            for id, found in in_answer(turn, number):
                evidence.setdefault(id, []).append(found)
    reasons = [
        Reason(
            entry.id,
            entry.yours,
            entry.title,
            entry.about,
            entry.tries,
            entry.focus,
            tuple(sorted(evidence[entry.id], key=lambda one: -one.weight)),
        )
        for entry in _lists().entries
        if entry.id in evidence
    ]
    return tuple(sorted(reasons, key=lambda reason: (not reason.yours, -reason.weight)))


def titles() -> Mapping[str, str]:
    """What each reason is called, by its id."""
    return {entry.id: entry.title for entry in _lists().entries}


def in_answer(turn: Turn, number: int) -> Iterator[tuple[str, Evidence]]:
    """What a retold answer shows, by reason; nothing of one that is a mere summary.

    Args:
        number: which question of the debrief it answers, from 1.
    """
    if len(turn.transcript.text.split()) < LEAST_WORDS:
        return
    episode = asks_for(turn.asked) == "episode"
    for entry in _lists().entries:
        for finding in turn.patterns:
            if finding.id in entry.patterns and finding.confidence >= LEAST_CONFIDENCE:
                if finding.id == "hypothetical" and not episode:
                    continue
                yield (
                    entry.id,
                    Evidence("answer", _quote(finding), number, finding.id, round(finding.confidence, 2)),
                )
    other_form = episode and turn.form not in (None, "story")
    if other_form and all(finding.id != "hypothetical" for finding in turn.patterns):
        beginning = " ".join(turn.transcript.text.split()[:16])
        yield "question_misread", Evidence("answer", f"{beginning} …", number, "form", LEAST_CONFIDENCE)


def in_own_words(text: str) -> Iterator[tuple[str, Evidence]]:
    """What the person says about an interview, by reason; each sentence counts once for each."""
    lists = _lists()
    for sentence in filter(None, (part.strip() for part in _SENTENCE.split(text))):
        plain = _plain(sentence)
        for entry in lists.entries:
            found = next(_said(plain, entry, lists), None)
            if found is not None:
                basis = _basis(plain, found, lists)
                yield entry.id, Evidence(basis, _cut(sentence, plain, found), weight=WEIGHTS[basis])


def asked_question(text: str) -> Question:
    """A question of a real interview as something that can be asked here; more is known of it in the bank."""
    kinds = {"self": "intro", "would": "situational", "practice": "situational", "knowledge": "technical"}
    question = Question(id="asked", text=text)
    return Question(id="asked", text=text, kind=kinds.get(asks_for(question), "behavioural"))


def repeatable(text: str) -> str:
    """A person's own words as they are shown again: sentences that only hurt are left to the file."""
    return " ".join(part for part in _SENTENCE.split(text) if part and not _NOT_REPEATED.search(part))


@dataclass(frozen=True, slots=True)
class _Entry:
    id: str
    yours: bool
    title: str
    about: str
    tries: str
    focus: str
    patterns: tuple[str, ...]
    phrases: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class _Lists:
    entries: tuple[_Entry, ...]
    negation: re.Pattern[str]
    denied: re.Pattern[str]
    topic: re.Pattern[str]
    told: re.Pattern[str]
    guess: re.Pattern[str]
    negation_words: int


@cache
def _lists() -> _Lists:
    name = resources.files(__package__).joinpath("debrief_reasons.toml")
    content: dict[str, Any] = tomllib.loads(name.read_text("utf-8"))
    guards, basis = content["guards"], content["basis"]
    return _Lists(
        tuple(
            _Entry(
                each["id"],
                each["yours"],
                each["title"],
                each["about"],
                each.get("tries", ""),
                each.get("focus", ""),
                tuple(each.get("patterns", ())),
                tuple(map(re.compile, each["phrases"])),
            )
            for each in content["reason"]
        ),
        _any(guards["negation"]),
        _any(guards["denied"]),
        _any(guards["topic"]),
        _any(basis["told"]),
        _any(basis["guess"]),
        guards["negation_words"],
    )


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def _plain(sentence: str) -> str:
    text = f"{sentence.lower()} "
    for short, long in _SHORT_FORMS:
        text = text.replace(short, long)
    return " ".join(text.split())


def _said(plain: str, entry: _Entry, lists: _Lists) -> Iterator[tuple[int, int]]:
    """Where the sentence says it, and not its contrary, nor somebody's question about it."""
    for phrase in entry.phrases:
        for match in phrase.finditer(plain):
            clause = plain[_clause_start(plain, match.start()) : match.start()]
            near = " ".join(clause.split()[-lists.negation_words :])
            if lists.negation.search(near) or lists.denied.search(plain[match.end() :]):
                continue
            if _is_topic(clause if entry.yours else plain[: match.start()], lists):
                continue
            yield match.span()


def _is_topic(before: str, lists: _Lists) -> bool:
    """Whether what follows was only talked about. What somebody there then said is no topic any more."""
    named = [match.end() for match in lists.topic.finditer(before)]
    told = [match.end() for match in lists.told.finditer(before)]
    return bool(named) and (not told or named[-1] > told[-1])


def _clause_start(plain: str, at: int) -> int:
    ends = [match.end() for match in _CLAUSE.finditer(plain, 0, at) if match.end() <= at]
    return ends[-1] if ends else 0


def _basis(plain: str, found: tuple[int, int], lists: _Lists) -> str:
    if lists.told.search(plain[: found[1]]):
        return "told"
    return "guess" if lists.guess.search(plain[_clause_start(plain, found[0]) : found[1]]) else "own"


def _cut(sentence: str, plain: str, found: tuple[int, int]) -> str:
    """The sentence; of a long one the words from the clause that says it on."""
    words = sentence.split()
    if len(words) <= _LONGEST_QUOTE:
        return sentence
    # Short forms make some more words of the plain sentence, so the place in the other is only near.
    share = _clause_start(plain, found[0]) / max(1, len(plain))
    first = min(round(share * len(words)), len(words) - _LONGEST_QUOTE)
    cut = words[first : first + _LONGEST_QUOTE]
    return f"{'… ' if first else ''}{' '.join(cut)}{' …' if first + _LONGEST_QUOTE < len(words) else ''}"


def _quote(finding: Finding) -> str:
    spans: Sequence[str] = [span.text.strip() for span in finding.evidence if span.text.strip()]
    return spans[0] if spans else ""
