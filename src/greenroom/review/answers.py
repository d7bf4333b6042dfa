"""One answer as a page shows it: numbers, findings, signals and scores, each with its places in the words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from greenroom.records import (
    SIGNALS,
    Delivery,
    Disfluency,
    Feedback,
    Filler,
    Finding,
    Question,
    RubricScore,
    Span,
    StoryPart,
    Turn,
    bare,
    long_pauses,
)
from greenroom.screens import clock, filled_pauses_known, percent, shares
from greenroom.screens.names import FORM_TITLES, MARKER_TITLES, PATTERN_TITLES, SIGNAL_TITLES, named
from greenroom.self_rating import compared

from .timeline import Timeline, timeline_of
from .titles import MEASURES, REMARKS, attempt
from .transcript import Run, paragraphs_of, place_of
from .wording import answered_again

_QUOTED = re.compile(r"“([^”]+)”")


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording that the page can play.

    Attributes:
        address: relative to the page, or the sound itself as a data: address.
        peaks, outline: as Peaks.packed and Peaks.outline have them.
    """

    address: str
    seconds: float
    peaks: str = ""
    outline: str = ""

    @property
    def clock(self) -> str:
        """Its length."""
        return clock(self.seconds)


@dataclass(frozen=True, slots=True)
class Place:
    """Words of an answer that can be gone to, and heard from `start` (s) on where that is known."""

    turn: int
    word: int
    text: str
    start: float | None
    end: float | None

    @property
    def anchor(self) -> str:
        return f"a{self.turn}w{self.word}"

    @property
    def clock(self) -> str:
        return "" if self.start is None else clock(self.start)


@dataclass(frozen=True, slots=True)
class Stat:
    """A number with its unit, and the places (s) that it counts.

    `remark` stands where it is worth changing; `kind` is "fillers" for what the key u goes through.
    """

    value: str
    unit: str
    note: str = ""
    remark: str = ""
    steps: tuple[float, ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True)
class FindingView:
    title: str
    sure: str
    why: str
    advice: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """Words, None where none are quoted, and the signals and senior markers that they show."""

    place: Place | None
    titles: str


@dataclass(frozen=True, slots=True)
class ScoreView:
    title: str
    score: int
    why: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence of the coach, and the words that it quotes, where they were found."""

    text: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class AnswerView:
    """Attributes:
    again: when it was answered, where that was in a later sitting; "" otherwise.
    rated: the person's own rating and the rubric's in a sentence, "" where there is none.
    shares: how much of the story's time each part takes, in words.
    without_sound: why there is nothing to hear, "" where there is.
    rest: what was said of the answer beyond `keep` and `change`.
    """

    number: int
    title: str
    again: str
    rated: str
    told_as: str
    shares: str
    sound: Sound | None
    without_sound: str
    timeline: Timeline | None
    paragraphs: tuple[tuple[Run, ...], ...]
    has_fillers: bool
    stats: tuple[Stat, ...]
    heard_too: tuple[str, ...]
    reliability: tuple[tuple[str, str, str], ...]
    keep: Remark | None
    change: tuple[Remark, ...]
    findings: tuple[FindingView, ...]
    shown: tuple[Shown, ...]
    scores: tuple[ScoreView, ...]
    rest: str
    follow_up: str | None
    followed_by: int | None = None


def answer_view(
    turn: Turn,
    sound: Sound | None,
    *,
    attempt_number: int = 1,
    shared: float = 0.0,
    followed_by: int | None = None,
) -> AnswerView:
    """`shared`: seconds of the longest attempt at the question; `followed_by`: the turn of the follow-up."""
    delivery = turn.delivery
    stats = tuple(_stats(turn))
    return AnswerView(
        number=turn.number,
        title=attempt(attempt_number),
        again=answered_again(turn),
        rated=compared(turn) or "",
        told_as=named(FORM_TITLES, turn.form) if turn.form else "",
        shares=shares(turn),
        sound=sound,
        without_sound="" if sound else _why_silent(turn),
        timeline=timeline_of(turn, sound.seconds, max(shared, sound.seconds)) if sound else None,
        paragraphs=paragraphs_of(turn),
        has_fillers=bool(delivery.fillers or delivery.disfluencies),
        stats=stats,
        heard_too=tuple(_heard_too(delivery, {stat.remark for stat in stats})),
        reliability=tuple((named(MEASURES, id), r.level, r.why) for id, r in delivery.reliability.items()),
        keep=remark_of(turn, turn.feedback.strength) if turn.feedback.strength else None,
        change=tuple(remark_of(turn, change) for change in turn.feedback.changes),
        findings=tuple(_finding(turn, finding) for finding in turn.patterns),
        shown=tuple(_shown(turn)),
        scores=tuple(_score(turn, score) for score in sorted(turn.rubric, key=_in_order)),
        rest=_rest_of(turn.feedback),
        follow_up=turn.feedback.follow_up,
        followed_by=followed_by,
    )


def _why_silent(turn: Turn) -> str:
    if not turn.recording:
        return "This answer was typed."
    lost = "is not in this folder any more, or cannot be read"
    return f"The recording {turn.recording} {lost}; here are its words."


def places(turn: Turn, spans: Sequence[Span | StoryPart]) -> tuple[Place, ...]:
    return tuple(Place(turn.number, s.first_word, s.text, s.start, s.end) for s in spans)


def remark_of(turn: Turn, text: str) -> Remark:
    """A sentence of the coach about a turn, with the place of the words that it quotes."""
    for quote in _QUOTED.findall(text):
        if found := place_of(turn, quote):
            first, last = turn.transcript.words[found[0]], turn.transcript.words[found[1]]
            return Remark(text, Place(turn.number, found[0], quote, first.start, last.end))
    return Remark(text, None)


def _shown(turn: Turn) -> Iterator[Shown]:
    """In the order of the words, each stretch of them once."""
    titles: dict[Place | None, list[str]] = {}
    named_evidence = [(named(SIGNAL_TITLES, signal.id), signal.evidence) for signal in turn.signals]
    named_evidence += [(f"{named(MARKER_TITLES, m.id)} (senior)", m.evidence) for m in turn.markers]
    for title, evidence in named_evidence:
        for place in places(turn, evidence) or (None,):
            titles.setdefault(place, []).append(title)
    for place in sorted(titles, key=lambda place: (place is None, place.word if place else 0)):
        yield Shown(place, ", ".join(titles[place]))


def _finding(turn: Turn, finding: Finding) -> FindingView:
    return FindingView(
        title=named(PATTERN_TITLES, finding.id),
        sure=percent(finding.confidence),
        why=finding.why,
        advice=finding.advice,
        places=places(turn, finding.evidence),
    )


def _score(turn: Turn, score: RubricScore) -> ScoreView:
    return ScoreView(named(SIGNAL_TITLES, score.id), score.score, score.why, places(turn, score.evidence))


def _in_order(score: RubricScore) -> int:
    return SIGNALS.index(score.id) if score.id in SIGNALS else len(SIGNALS)


def _rest_of(feedback: Feedback) -> str:
    """What the feedback says beyond what to keep and what to change, "" for nothing.

    Compared by their bare words: for the ear a quote stands between commas, for the eye in quotation marks.
    """
    said = [word for word in (feedback.written or feedback.spoken).split() if bare(word)]
    for part in (feedback.strength, *feedback.changes):
        words = [bare(word) for word in (part or "").split() if bare(word)]
        if words and [bare(word) for word in said[: len(words)]] == words:
            said = said[len(words) :]
    return " ".join(said)


# ---- numbers


def _stats(turn: Turn) -> Iterator[Stat]:
    delivery = turn.delivery
    if delivery.speech_rate_wpm is not None:
        yield _pace_stat(delivery)
    if delivery.speaking_seconds is not None:
        yield from _filler_stats(delivery)
        yield _pause_stat(delivery)
    else:
        yield Stat(str(delivery.words), "words")
    if delivery.first_word_seconds is not None:
        remark = _remarked(delivery, "first_word")
        yield Stat(f"{delivery.first_word_seconds:.1f} s", "to the first word", remark=remark, steps=(0.0,))
    yield from _length_stat(turn)
    if delivery.hedges:
        remark = _remarked(delivery, "hedges")
        unit = "hedge" if len(delivery.hedges) == 1 else "hedges"
        yield Stat(str(len(delivery.hedges)), unit, remark=remark, steps=_starts(delivery.hedges))
    if back := delivery.disfluencies:
        unit = "restart or repeat" if len(back) == 1 else "restarts and repeats"
        remark = _remarked(delivery, "disfluencies")
        yield Stat(str(len(back)), unit, remark=remark, steps=_starts(back))


def _pace_stat(delivery: Delivery) -> Stat:
    fastest = max(delivery.pace, key=lambda point: point.wpm, default=None)
    steps = tuple(departure.start for departure in delivery.pace_departures)
    if not steps and fastest is not None:
        steps = (fastest.time,)
    note = f"{fastest.wpm:.0f} at its fastest" if fastest else ""
    remark = _remarked(delivery, "speech_rate") or _remarked(delivery, "pace")
    return Stat(f"{delivery.speech_rate_wpm:.0f}", "words a minute", note, remark, steps)


def _filler_stats(delivery: Delivery) -> Iterator[Stat]:
    um = [filler for filler in delivery.fillers if filler.kind == "filled_pause"]
    words = [filler for filler in delivery.fillers if filler.kind != "filled_pause"]
    remark = _remarked(delivery, "fillers")
    yield Stat(str(len(um)), "um or uh", _how_sure(delivery), remark, _starts(um), "fillers")
    if words:
        most = Counter(word.text.lower() for word in words).most_common(1)[0][0]
        unit = "filler word" if len(words) == 1 else "filler words"
        yield Stat(str(len(words)), unit, f"most of all “{most}”", remark if not um else "", _starts(words))


def _how_sure(delivery: Delivery) -> str:
    rate = delivery.filled_pauses_per_minute
    return {
        "all": f"{rate:.0f} a minute" if rate else "",
        "most": "perhaps more",
        "some": "at least",
        "written": "those that Whisper wrote",
    }[filled_pauses_known(delivery)]


def _pause_stat(delivery: Delivery) -> Stat:
    long = long_pauses(delivery)
    longest = max((pause.end - pause.start for pause in long), default=0.0)
    unit = "pause of a second or more" if len(long) == 1 else "pauses of a second or more"
    note = f"the longest {longest:.1f} s" if len(long) > 1 else f"{longest:.1f} s" if long else ""
    remark = _remarked(delivery, "long_pauses") or _remarked(delivery, "inside_pauses")
    return Stat(str(len(long)), unit, note, remark, tuple(pause.start for pause in long))


def _length_stat(turn: Turn) -> Iterator[Stat]:
    timed = [word for word in turn.transcript.words if word.start is not None and word.end is not None]
    if not timed:
        return
    first, last = timed[0].start or 0.0, timed[-1].end or 0.0
    remark = _remarked(turn.delivery, "length")
    yield Stat(clock(last - first), "from first word to last", suits(turn.asked), remark, (first,))


def suits(question: Question) -> str:
    """How long an answer to it may be, in words."""
    return f"about {clock(question.target_seconds)} suits this question"


def _starts(spans: Sequence[Filler | Span | Disfluency]) -> tuple[float, ...]:
    return tuple(span.start for span in spans if span.start is not None)


def _remarked(delivery: Delivery, measure: str) -> str:
    key = next((key for key in delivery.remarkable if key.startswith(f"{measure}.")), "")
    return REMARKS.get(key, "")


def _heard_too(delivery: Delivery, told: set[str]) -> Iterator[str]:
    """Remarks on what has no number of its own on the page."""
    for key in delivery.remarkable:
        text = REMARKS.get(key, "")
        if text and text not in told:
            yield text
