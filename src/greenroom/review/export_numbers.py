"""The numbers of a session as a table: one row for each turn, and for each question without an answer."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from operator import attrgetter

from greenroom.records import MARKERS, PARTS, PATTERNS, SIGNALS, Session, Turn, Unanswered, Voice, long_pauses
from greenroom.review.wording import in_order, printable
from greenroom.self_rating import heard_rating

_Cell = str | int | float | None
_Getter = Callable[[Turn], _Cell]

_FORMULA = ("=", "+", "-", "@")
"""What makes a spreadsheet compute a text instead of showing it."""


def as_csv(session: Session) -> str:
    r"""CSV (RFC 4180, but lines ended by \n) with a header and one row for each question that was asked.

    Units stand in the names of columns. What was not measured is empty; a pattern has its confidence, 0 where
    it was not found; signals and markers are 1 or 0; rubric scores 1 to 4. `self_rating` is the person's own
    rating and `heard_rating` the rubric's on the same scale. Of a question without an answer there is the
    question, and in `unanswered` why: "skipped", "silence" or "interrupted".
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("session", "started_at", *_ASKED, "unanswered", *_ANSWERED))
    for entry in in_order(session):
        asked = [get(entry) for get in _ASKED.values()]
        if isinstance(entry, Turn):
            row = [*asked, None, *(get(entry) for get in _ANSWERED.values())]
        else:
            row = [*asked, entry.reason, *(None for _ in _ANSWERED)]
        writer.writerow([_shown(value) for value in (session.id, session.started_at, *row)])
    return out.getvalue()


def _shown(value: _Cell) -> _Cell:
    if not isinstance(value, str):
        return value
    text = printable(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _where_heard(get: _Getter) -> _Getter:
    """Empty for a text: that nothing was counted in it does not mean that there was none."""
    return lambda turn: get(turn) if turn.delivery.speaking_seconds is not None else None


def _pauses(turn: Turn) -> list[float]:
    return [pause.end - pause.start for pause in turn.delivery.pauses]


def _fillers(kind: str) -> _Getter:
    return lambda turn: sum(filler.kind == kind for filler in turn.delivery.fillers)


def _voice(measure: str) -> _Getter:
    def get(turn: Turn) -> float | None:
        value: float | None = getattr(turn.delivery.voice or Voice(), measure)
        return value

    return get


def _reliability(measure: str) -> _Getter:
    def get(turn: Turn) -> str | None:
        its = turn.delivery.reliability.get(measure)
        return its.level if its else None

    return get


def _heard(turn: Turn) -> float | None:
    heard = heard_rating(turn)
    return None if heard is None else round(heard, 2)


def _share(part: str) -> _Getter:
    return lambda turn: turn.shares.get(part)


def _confidence(pattern: str) -> _Getter:
    return lambda turn: next((found.confidence for found in turn.patterns if found.id == pattern), 0)


def _signal(name: str) -> _Getter:
    return lambda turn: int(any(signal.id == name for signal in turn.signals))


def _marker(name: str) -> _Getter:
    return lambda turn: int(any(marker.id == name for marker in turn.markers))


def _score(quality: str) -> _Getter:
    return lambda turn: next((score.score for score in turn.rubric if score.id == quality), None)


_VOICE = (
    "level_dbfs",
    "snr_db",
    "clipped",
    "fade_db",
    "pitch_hz",
    "pitch_range_semitones",
    "pitch_sd_semitones",
)
_RELIABILITY = ("speech_rate", "pauses", "filled_pauses", "filler_words")

_ASKED: Mapping[str, Callable[[Turn | Unanswered], _Cell]] = {
    "turn": attrgetter("number"),
    "bank": attrgetter("asked.bank"),
    "question_id": attrgetter("asked.id"),
    "question": lambda entry: entry.question or entry.asked.text,
    "kind": attrgetter("asked.kind"),
    "level": attrgetter("asked.level"),
}
"""What stands in the columns about a question, after the session's own."""

_ANSWERED: Mapping[str, _Getter] = {
    "follow_up_to": attrgetter("follow_up_to"),
    "retry_of": attrgetter("retry_of"),
    "answered_at": attrgetter("answered_at"),
    "ended_by": attrgetter("ended_by"),
    "self_rating": attrgetter("self_rating"),
    "heard_rating": _heard,
    "profile": attrgetter("delivery.profile"),
    "engine": attrgetter("transcript.engine"),
    "model": attrgetter("transcript.model"),
    "seconds": attrgetter("seconds"),
    "words": attrgetter("delivery.words"),
    "speech_rate_wpm": attrgetter("delivery.speech_rate_wpm"),
    "articulation_rate_wpm": attrgetter("delivery.articulation_rate_wpm"),
    "first_word_seconds": attrgetter("delivery.first_word_seconds"),
    "speaking_seconds": attrgetter("delivery.speaking_seconds"),
    "longest_run_seconds": attrgetter("delivery.longest_run_seconds"),
    "silence_share": attrgetter("delivery.silence_share"),
    "pauses": _where_heard(lambda turn: len(_pauses(turn))),
    "long_pauses": _where_heard(lambda turn: len(long_pauses(turn.delivery))),
    "longest_pause_seconds": lambda turn: round(max(_pauses(turn)), 3) if _pauses(turn) else None,
    "filled_pauses": _where_heard(_fillers("filled_pause")),
    "filler_words": _fillers("filler_word"),
    "fillers_per_minute": attrgetter("delivery.fillers_per_minute"),
    "filled_pauses_per_minute": attrgetter("delivery.filled_pauses_per_minute"),
    "hedges": lambda turn: len(turn.delivery.hedges),
    "disfluencies": lambda turn: len(turn.delivery.disfluencies),
    **{name: _voice(name) for name in _VOICE},
    **{f"{name}_reliability": _reliability(name) for name in _RELIABILITY},
    "form": attrgetter("form"),
    **{f"{part}_share": _share(part) for part in PARTS},
    **{f"pattern_{pattern}": _confidence(pattern) for pattern in PATTERNS},
    **{f"signal_{name}": _signal(name) for name in SIGNALS},
    **{f"marker_{name}": _marker(name) for name in MARKERS},
    **{f"rubric_{quality}": _score(quality) for quality in SIGNALS},
}
"""What stands in the columns about an answer."""
