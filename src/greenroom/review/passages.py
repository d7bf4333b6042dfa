"""A session as it is replayed: its passages, their words with times, and where findings are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from greenroom.audio.clip import sound_seconds
from greenroom.captions import Timed
from greenroom.records import Finding, Session, Span, Turn, Unanswered, Word
from greenroom.review.finding import file_in
from greenroom.review.titles import UNANSWERED
from greenroom.review.wording import feedback_text, heading_of, in_order, printable
from greenroom.screens.names import PATTERN_TITLES, SIGNAL_TITLES, named
from greenroom.self_rating import compared

_READING_CHARACTERS_A_SECOND = 16.0
"""About 190 words a minute, as one reads along; for what has no sound."""

_PAUSES = {",": 4, ";": 6, ":": 6, ".": 10, "?": 10, "!": 10}
"""How many letters' time a voice pauses after these. (By ear, for the voices that ask.)"""

_RUN_UP_SECONDS = 0.5
"""A finding is played from so long before it, to hear how it comes."""

_AFTER_SPEECH_SECONDS = 1.5
"""What is played of the silence that ended an answer."""

_SHORTEST_SECONDS = 2.0
"""For what is only shown."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A quote of a finding, as a place to go to.

    Attributes:
        at: where playing begins (s), just before the quote.
        start, end: of the quote (s).
        first_word, last_word: its words in the passage, both included; the first lies behind the last where
            the finding has no quote.
        name, quote, why, advice: the finding in words.
    """

    at: float
    start: float
    end: float
    first_word: int
    last_word: int
    name: str
    quote: str
    why: str
    advice: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A question, or what came back to it. All texts can be shown as they are.

    Attributes:
        number: that of its turn.
        heading: "Turn 2 of 3, follow-up to turn 1".
        kind: "question", "answer", "typed", or "open" where nothing came back that could be understood.
        question: its text, in every kind.
        words: each with its time (s) in the passage. That is measured in an answer, and a guess elsewhere.
        seconds: how long it is.
        over: when it is gone on from (s): little is heard of the silence that ended an answer.
        sound: the file it was recorded in, if that is there.
        stops: its findings, in order of time.
        came_across: signals that the answer gave, by name.
        rated: how the person said that it went, beside the rubric; "" where they did not.
        remark: what there is to say of it in place of words, "" for nothing.
        feedback: what the coach wrote about it.
        entry: where it is from.
    """

    number: int
    heading: str
    kind: str
    question: str
    words: tuple[Timed, ...]
    seconds: float
    over: float
    entry: Turn | Unanswered
    sound: Path | None = None
    stops: tuple[Stop, ...] = ()
    came_across: tuple[str, ...] = ()
    rated: str = ""
    remark: str = ""
    feedback: str = ""

    @property
    def is_timed(self) -> bool:
        """Whether its times are those of a recording."""
        return self.kind in ("answer", "open") and self.entry.recording is not None


def passages_of(session: Session, folder: Path) -> list[Passage]:
    """The session in passages: each question, and then what came back to it."""
    entries = in_order(session)
    passages = []
    for entry in entries:
        heading = heading_of(entry, entries)
        passages.append(_question(entry, heading, folder))
        passages.append(
            _answer(entry, heading, folder) if isinstance(entry, Turn) else _open(entry, heading, folder)
        )
    return passages


def _question(entry: Turn | Unanswered, heading: str, folder: Path) -> Passage:
    # Of a question without an answer the session does not name the sound; it lies where all of them lie.
    name = entry.question_recording if isinstance(entry, Turn) else f"{entry.number:02}-question.wav"
    text = printable(entry.question or entry.asked.text)
    sound, seconds = _sound(folder, name)
    words = _spread(text.split(), seconds)
    length = seconds if seconds is not None else _length(words)
    return Passage(entry.number, heading, "question", text, words, length, length, entry, sound)


def _answer(turn: Turn, heading: str, folder: Path) -> Passage:
    texts = turn.transcript.words or tuple(Word(text) for text in turn.transcript.text.split())
    typed = turn.ended_by == "typed" or (bool(texts) and all(word.start is None for word in texts))
    # Words that were typed have nothing to do with what was recorded before them.
    sound, heard = _sound(folder, None if typed else turn.recording)
    words = _spread([printable(word.text) for word in texts], None) if typed else _in_time(texts)
    seconds = heard or max(_length(words), 0.0 if typed else turn.seconds or 0.0, _SHORTEST_SECONDS)
    return Passage(
        turn.number,
        heading,
        "typed" if typed else "answer",
        printable(turn.question or turn.asked.text),
        words,
        seconds,
        seconds if typed or not words else min(seconds, _length(words) + _AFTER_SPEECH_SECONDS),
        turn,
        sound,
        stops=tuple(sorted(_stops(turn.patterns, words), key=lambda stop: (stop.at, stop.start))),
        came_across=tuple(printable(named(SIGNAL_TITLES, signal.id)).lower() for signal in turn.signals),
        rated=compared(turn) or "",
        remark="" if words else "Nothing that could be understood.",
        feedback=printable(feedback_text(turn.feedback)),
    )


def _open(entry: Unanswered, heading: str, folder: Path) -> Passage:
    sound, heard = _sound(folder, entry.recording)
    seconds = heard or _SHORTEST_SECONDS
    remark = printable(named(UNANSWERED, entry.reason))
    question = printable(entry.question or entry.asked.text)
    return Passage(entry.number, heading, "open", question, (), seconds, seconds, entry, sound, remark=remark)


def _sound(folder: Path, name: str | None) -> tuple[Path | None, float | None]:
    """The file of that name in the folder and how long it is (s); None where it cannot be read."""
    path = file_in(folder, name)
    seconds = sound_seconds(path) if path else None
    return (None, None) if seconds is None else (path, seconds)


def _length(words: Sequence[Timed]) -> float:
    return max((end for _, end, _ in words), default=0.0)


def _in_time(words: Sequence[Word]) -> tuple[Timed, ...]:
    """The words with times that never go back; one without a time comes with the word before it."""
    timed: list[Timed] = []
    now = 0.0
    for word in words:
        start = max(now, word.start if word.start is not None else now)
        end = max(start, word.end if word.end is not None else start)
        timed.append((start, end, printable(word.text)))
        now = start
    return tuple(timed)


def _spread(texts: Sequence[str], seconds: float | None) -> tuple[Timed, ...]:
    """Times for words that have none, by their letters: over so many seconds, or at the pace of reading."""
    weights = [len(text) + 1 + _PAUSES.get(text[-1:], 0) for text in texts]
    a_letter = 1.0 / _READING_CHARACTERS_A_SECOND
    if seconds is None:
        a_letter = max(a_letter, _SHORTEST_SECONDS / max(1, sum(weights)))
    else:
        a_letter = seconds / max(1, sum(weights))
    timed, now = [], 0.0
    for text, weight in zip(texts, weights, strict=True):
        timed.append((now, now + (len(text) + 1) * a_letter, text))
        now += weight * a_letter
    return tuple(timed)


def _stops(findings: Sequence[Finding], words: Sequence[Timed]) -> Iterator[Stop]:
    for finding in findings:
        spans = [span for span in finding.evidence if 0 <= span.first_word <= span.last_word < len(words)]
        for span in spans:
            start, end = words[span.first_word][0], words[span.last_word][1]
            yield _stop(finding, span, start, end)
        if not spans:  # something that the whole answer lacks: at its end that is known
            end = _length(words)
            yield _stop(finding, Span("", None, None, 0, -1), end, end)


def _stop(finding: Finding, span: Span, start: float, end: float) -> Stop:
    return Stop(
        max(0.0, start - _RUN_UP_SECONDS),
        start,
        end,
        span.first_word,
        span.last_word,
        printable(named(PATTERN_TITLES, finding.id)),
        printable(span.text),
        printable(finding.why),
        printable(finding.advice),
    )
