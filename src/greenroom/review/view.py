"""A session as its page shows it: what to fix first, what went well, what came across where, every answer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from greenroom.records import PATTERNS, SIGNALS, Finding, Session, Turn, Unanswered
from greenroom.screens import clock, counted, listed
from greenroom.screens.names import PATTERN_TITLES, SIGNAL_TITLES, named

from .answers import AnswerView, Place, Remark, Sound, answer_view, places, remark_of
from .attempts import Pair, attempts_of, pairs_of
from .dates import day_and_hour
from .titles import REMARKS, UNANSWERED
from .wording import banks_of, read_again

_SHOWN = 3
"""The rubric score from which on a quality came across (docs/rubric.md)."""

_SCORE_WORDS = {4: "shown fully", 3: "shown", 2: "hinted at", 1: "not shown"}
_MOST_PRAISED = 3


@dataclass(frozen=True, slots=True)
class Fix:
    """The one thing to change first; `where`: the places it was found at, `note`: in how many answers."""

    title: str
    advice: str
    note: str = ""
    why: str = ""
    where: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One quality in one answer.

    Attributes:
        text: what is seen: the score, a dot where it came across without one, a dash where it was lost.
        words: the same for whoever hears the page.
        state: "sent", "lost" (asked for and not sent), "score" or "" for nothing to say.
        asked: whether the question asked for it.
        place: the words that show it best.
    """

    text: str
    words: str
    state: str
    score: int
    asked: bool
    place: Place | None


@dataclass(frozen=True, slots=True)
class Row:
    title: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the contents."""

    number: int
    text: str
    note: str


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question with its attempts; without any, `reason` says why there is no answer.

    `sound` is the question as it was asked, `left` what was recorded where nothing was analysed. `pairs` are
    its attempts held against each other, the first of them to be shown first.
    """

    number: int
    text: str
    about: str
    strong: str
    follows: int | None
    attempts: tuple[AnswerView, ...]
    pairs: tuple[Pair, ...] = ()
    sound: Sound | None = None
    reason: str = ""
    left: Sound | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """`read_again`: when and with what it was read last, where that was not when it was answered; "" else."""

    title: str
    day: str
    summary: tuple[str, ...]
    read_again: str
    score_words: tuple[tuple[int, str], ...]
    fix: Fix | None
    well: tuple[Remark, ...]
    contents: tuple[Listed, ...]
    columns: tuple[int, ...]
    rows: tuple[Row, ...]
    questions: tuple[QuestionView, ...]

    def places(self) -> set[tuple[str, int]]:
        """Every ("left" | "width" | "top", number) that stands on the page."""
        lines = [a.timeline for question in self.questions for a in question.attempts if a.timeline]
        return {place for line in lines for place in line.places()}


def page_of(session: Session, sounds: Mapping[str, Sound]) -> Page:
    """`sounds`: those of the session's recordings that can be played, by their names."""
    groups = attempts_of(session.turns)
    last = [attempts[-1] for attempts in groups]
    return Page(
        title=_title(session),
        day=day_and_hour(session.started_at),
        summary=tuple(_summary(session)),
        read_again=read_again(session),
        score_words=tuple(_SCORE_WORDS.items()),
        fix=_fix_first(last),
        well=tuple(_well(last)),
        contents=tuple(_contents(groups, session.unanswered)),
        columns=tuple(turn.number for turn in session.turns),
        rows=tuple(_rows(session.turns)),
        questions=tuple(_questions(groups, session, sounds)),
    )


def _title(session: Session) -> str:
    names = listed([bank.replace("-", " ").replace("_", " ") for bank in banks_of(session)])
    return f"{names[:1].upper()}{names[1:]} interview" if names else "Interview"


def _summary(session: Session) -> Iterator[str]:
    yield counted(len(session.turns), "answer")
    if seconds := sum(turn.seconds or 0.0 for turn in session.turns):
        yield f"{clock(seconds)} recorded"
    if session.settings.get("mode") == "real":
        yield "as in a real interview"
    if not session.finished:
        yield "ended early"


# ---- at a glance


def _fix_first(turns: Sequence[Turn]) -> Fix | None:
    """The pattern that weighs most over all answers; of several attempts only the last one counts."""
    weights: dict[str, float] = defaultdict(float)
    for finding in (finding for turn in turns for finding in turn.patterns):
        weights[finding.id] += finding.confidence
    if weights:
        return _pattern_first(max(weights, key=lambda id: (weights[id], -_rank(id))), turns)
    if heard := Counter(key for turn in turns for key in turn.delivery.remarkable if key in REMARKS):
        key, times = heard.most_common(1)[0]
        measure = key.split(".")[0].replace("_", " ").capitalize()
        return Fix(measure, f"{_sentence(REMARKS[key])}", _how_often(times, len(turns)))
    if never := _never_came(turns):
        return Fix(named(SIGNAL_TITLES, never), "It was asked for, and it has not come across yet.")
    return None


def _pattern_first(id: str, turns: Sequence[Turn]) -> Fix:
    found = [(turn, finding) for turn in turns for finding in turn.patterns if finding.id == id]
    surest: Finding = max((finding for _, finding in found), key=lambda finding: finding.confidence)
    return Fix(
        title=named(PATTERN_TITLES, id),
        advice=surest.advice,
        why=surest.why,
        note=_how_often(len(found), len(turns)),
        where=tuple(place for turn, finding in found for place in places(turn, finding.evidence[:1])),
    )


def _rank(pattern: str) -> int:
    return PATTERNS.index(pattern) if pattern in PATTERNS else len(PATTERNS)


def _how_often(times: int, answers: int) -> str:
    return "" if answers < 2 else f"in {times} of {counted(answers, 'answer')}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _never_came(turns: Sequence[Turn]) -> str | None:
    sent = {signal.id for turn in turns for signal in turn.signals} | {"clarity"}
    asked = Counter(signal for turn in turns for signal in turn.asked.signals)
    return next((signal for signal, _ in asked.most_common() if signal not in sent), None)


def _well(turns: Sequence[Turn]) -> Iterator[Remark]:
    """What the coach said to keep, from the answers in which most came across, in their order."""
    praised = [turn for turn in turns if turn.feedback.strength]
    best = sorted(praised, key=lambda turn: -len(turn.signals))[:_MOST_PRAISED]
    for turn in sorted(best, key=lambda turn: turn.number):
        yield remark_of(turn, turn.feedback.strength or "")


def _contents(groups: Sequence[Sequence[Turn]], unanswered: Sequence[Unanswered]) -> Iterator[Listed]:
    lines = [Listed(group[0].number, group[0].question or "", _listed(group)) for group in groups]
    lines += [Listed(each.number, each.question, "no answer") for each in unanswered]
    yield from sorted(lines, key=lambda line: line.number)


def _listed(attempts: Sequence[Turn]) -> str:
    turn = attempts[-1]
    notes = [clock(turn.seconds) if turn.seconds is not None else "typed"]
    if len(attempts) > 1:
        notes.append(counted(len(attempts), "attempt"))
    if turn.follow_up_to is not None:
        notes.append("follow-up")
    return " · ".join(notes)


def _rows(turns: Sequence[Turn]) -> Iterator[Row]:
    """A row for every quality that was asked for, scored or shown in any answer."""
    for id in SIGNALS:
        cells = tuple(_cell(id, turn) for turn in turns)
        if any(cell.state for cell in cells):
            yield Row(SIGNAL_TITLES[id], cells)


def _cell(id: str, turn: Turn) -> Cell:
    asked = id in turn.asked.signals
    rubric = next((score for score in turn.rubric if score.id == id), None)
    score = rubric.score if rubric else 0
    shown = next((signal for signal in turn.signals if signal.id == id), None)
    sent = shown is not None or score >= _SHOWN
    spans = shown.evidence if shown else rubric.evidence if rubric else ()
    state = "sent" if sent else "lost" if asked else "score" if score else ""
    words = [f"{score} of 4, {_SCORE_WORDS.get(score, '')}" if score else "shown" if sent else "not shown"]
    if asked:
        words.append("asked for")
    return Cell(
        text=str(score) if score else {"sent": "●", "lost": "–"}.get(state, ""),
        words=", ".join(words) if state else "",
        state=state,
        score=score,
        asked=asked,
        place=next(iter(places(turn, spans)), None),
    )


# ---- questions


def _questions(
    groups: Sequence[Sequence[Turn]], session: Session, sounds: Mapping[str, Sound]
) -> Iterator[QuestionView]:
    followed = {turn.follow_up_to: turn.number for turn in session.turns if turn.follow_up_to is not None}
    views = [_question(group, sounds, followed) for group in groups]
    views += [_unanswered(each, sounds) for each in session.unanswered]
    yield from sorted(views, key=lambda view: view.number)


def _question(
    group: Sequence[Turn], sounds: Mapping[str, Sound], followed: Mapping[int, int]
) -> QuestionView:
    first = group[0]
    heard = [sounds.get(turn.recording or "") for turn in group]
    longest = max((sound.seconds for sound in heard if sound), default=0.0)
    attempts = tuple(
        answer_view(turn, sound, attempt_number=number, shared=longest, followed_by=followed.get(turn.number))
        for number, (turn, sound) in enumerate(zip(group, heard, strict=True), 1)
    )
    return QuestionView(
        number=first.number,
        text=first.question or first.asked.text,
        about=first.asked.about,
        strong=first.asked.strong,
        follows=first.follow_up_to,
        attempts=attempts,
        pairs=pairs_of(group, attempts),
        sound=sounds.get(first.question_recording or ""),
    )


def _unanswered(each: Unanswered, sounds: Mapping[str, Sound]) -> QuestionView:
    return QuestionView(
        number=each.number,
        text=each.question,
        about=each.asked.about,
        strong=each.asked.strong,
        follows=None,
        attempts=(),
        reason=named(UNANSWERED, each.reason),
        left=sounds.get(each.recording or ""),
    )
