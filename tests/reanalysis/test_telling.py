"""What reading sessions again came to, in words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from archives import SAMPLE, said

from greenroom.errors import BadInputError
from greenroom.reanalysis.differences import TurnDifference, WordChange, differences
from greenroom.reanalysis.rounds import Outcome
from greenroom.reanalysis.telling import Totals, outcome_data, outcome_lines, total_lines
from greenroom.records import Finding, Reanalysis, RubricScore, SignalEvidence, StoryPart, Turn
from greenroom.session import load_session

FIRST, SECOND, THIRD = load_session(SAMPLE).turns
READING = Reanalysis(
    "2026-11-23T20:00:00+01:00", "0.2.0", "rules", "openai-whisper", "base", "earlier/x.json"
)
FOLDER = Path("2026-11-22T13-19-46-demo")


def between(before: Turn, after: Turn, silent: tuple[int, ...] = ()) -> TurnDifference:
    (difference,) = differences((before,), (after,), silent)
    return difference


def told(*answers: TurnDifference, width: int | None = None) -> list[str]:
    return [line.plain for line in outcome_lines(Outcome(FOLDER, "read", READING, answers), width)]


def found_otherwise(turn: Turn) -> Turn:
    """One more signal, no pattern, no task, another score, a faster pace with more fillers."""
    delivery = replace(turn.delivery, speech_rate_wpm=160.2, fillers_per_minute=9.44)
    return replace(
        turn,
        delivery=delivery,
        patterns=(Finding("reactive", 0.9, (), "", ""),),
        signals=(SignalEvidence("leadership", ()),),
        markers=(SignalEvidence("customer_first", ()),),
        parts=(StoryPart("action", 0.0, 1.0, "", 0, 1),),
        form="opinion",
        rubric=(RubricScore("ownership", 2, ""), RubricScore("leadership", 4, "")),
    )


PLAIN = replace(
    FIRST,
    patterns=(Finding("no_outcome", 0.9, (), "", ""),),
    signals=(SignalEvidence("ownership", ()),),
    markers=(),
    parts=(StoryPart("task", 0.0, 1.0, "", 0, 1), StoryPart("action", 0.0, 1.0, "", 0, 1)),
    form="story",
    rubric=(RubricScore("ownership", 4, ""), RubricScore("execution", 3, "")),
    delivery=replace(FIRST.delivery, speech_rate_wpm=152.4, fillers_per_minute=9.36, pauses=()),
)


class TestWords:
    def test_those_that_were_replaced_left_out_and_added(self) -> None:
        before = said(FIRST, "So, last spring our booking system was slow. We saw it.")
        after = said(FIRST, "so last spring our looking system was very slow. We it.")
        difference = between(before, after)
        assert (difference.words, difference.changed) == (11, 3)
        assert difference.places == (
            WordChange("booking", "looking"),
            WordChange("", "very"),
            WordChange("saw", ""),
        )

        line = next(line for line in told(difference) if "words" in line)
        assert line.endswith("3 of 11 changed · “booking” → “looking” · “very” added · “saw” left out")

    def test_filled_pauses_are_counted_among_the_fillers_alone(self) -> None:
        assert not between(said(FIRST, "So we left."), said(FIRST, "So, um, we left. Uh.")).changed

    def test_a_few_of_many_are_shown(self) -> None:
        before, after = (said(PLAIN, " ".join(f"{x} and" for x in each)) for each in ("abcde", "vwxyz"))
        line = next(line for line in told(between(before, after)) if "words" in line)
        assert line == "     words     5 of 10 changed · “a” → “v” · “b” → “w” · “c” → “x” · 2 more"

    def test_what_a_terminal_would_obey_is_not_printed(self) -> None:
        before, after = said(PLAIN, "yes"), said(PLAIN, "\x1b[2Jno")
        assert "\x1b" not in "".join(told(between(before, after)))


class TestAnAnswer:
    def test_everything_that_differs_has_a_line(self) -> None:
        assert told(between(PLAIN, found_otherwise(PLAIN))) == [
            "2026-11-22T13-19-46-demo  1 answer",
            "  1  Tell me about a problem you solved in a live system, and why it mattered.",
            "     told as   a story: something that happened → a view or an explanation",
            "     patterns  now: The first move is somebody else’s"
            " · no longer: No result that can be counted",
            "     signals   now: Leadership · no longer: Ownership",
            "     senior    now: Customer first",
            "     parts     no longer: Task",
            "     rubric    Ownership 4 → 2 · Execution 3 → not scored · Leadership not scored → 4",
            "     pace      152 → 160 words a minute",
        ], "fillers differ by less than is shown of them"

    def test_one_that_is_the_same_takes_no_line(self) -> None:
        assert told(*differences((FIRST, SECOND), (FIRST, SECOND))) == [
            "2026-11-22T13-19-46-demo  2 answers, all as before"
        ]
        assert told(*differences((PLAIN, SECOND), (found_otherwise(PLAIN), SECOND)))[0] == (
            "2026-11-22T13-19-46-demo  2 answers, 1 as before"
        )

    def test_that_its_sound_was_not_heard_is_said_even_so(self) -> None:
        assert told(between(FIRST, FIRST, silent=(1,)))[2:] == [
            "     sound     its recording cannot be read: the words are those of before"
        ]

    def test_what_is_measured_only_now_is_said(self) -> None:
        bare = replace(PLAIN, delivery=replace(PLAIN.delivery, speech_rate_wpm=None, fillers_per_minute=None))
        assert [line for line in told(between(bare, PLAIN)) if "measured" in line] == [
            "     pace      not measured → 152 words a minute",
            "     fillers   not measured → 9.4 a minute",
            "     pauses    not measured → 0.0 of a second or more a minute",
        ]

    def test_fillers_that_were_only_those_whisper_wrote_are_held_against_nothing(self) -> None:
        unheard = replace(PLAIN, delivery=replace(PLAIN.delivery, reliability={}, fillers_per_minute=1.0))
        assert between(unheard, PLAIN).is_none

    @pytest.mark.parametrize("width", [50, 80])
    def test_lines_are_broken_between_items(self, width: int) -> None:
        lines = told(between(PLAIN, found_otherwise(PLAIN)), width=width)
        assert any(line.startswith(" " * 15) for line in lines[2:] for line in line.splitlines())
        assert len(lines[1]) <= width
        assert lines[1].endswith("…") == (width == 50)


class TestAllOfThem:
    def outcome(self, *answers: TurnDifference, **more: object) -> Outcome:
        return Outcome(FOLDER, "read", READING, answers, **more)  # type: ignore[arg-type]

    def test_they_are_added_up(self) -> None:
        totals = Totals()
        changed = between(said(PLAIN, "we went home"), said(found_otherwise(PLAIN), "we stayed home"))
        totals.add(self.outcome(changed, between(SECOND, SECOND), stale_report=True))
        totals.add(self.outcome(between(THIRD, THIRD, silent=(3,))))
        totals.add(Outcome(FOLDER, "known"))
        totals.add(Outcome(FOLDER, "failed", error=BadInputError("damaged")))
        spoken = 3 + 44 + 105
        assert list(total_lines(totals)) == [
            "2 sessions read again with openai-whisper base: 3 answers, 2 as before",
            f"  words: 1 of {spoken} changed (1 %)",
            "  patterns: No result that can be counted: no longer in 1 answer",
            "  patterns: The first move is somebody else’s: now in 1 answer",
            "  signals: Leadership: now in 1 answer",
            "  signals: Ownership: no longer in 1 answer",
            "  senior: Customer first: now in 1 answer",
            "  parts: Task: no longer in 1 answer",
            "  pace: +2.6 words a minute on average",
            "1 recording could not be read: there the words are those of before",
            "1 session had been read with these rules before; --again reads them all",
            "older than this: 1 report; greenroom report SESSION writes one anew",
            "what was found before is kept in the session’s folder, in “earlier”",
        ]

    def test_of_one_alone_nothing_is_said_twice(self) -> None:
        totals = Totals()
        totals.add(self.outcome(between(PLAIN, found_otherwise(PLAIN))))
        assert list(total_lines(totals)) == [
            "what was found before is kept in the session’s folder, in “earlier”"
        ]

    def test_words_that_were_kept_are_told(self) -> None:
        totals = Totals()
        for _ in range(2):
            totals.add(
                Outcome(FOLDER, "read", replace(READING, engine="", model=""), (between(FIRST, FIRST),))
            )
        assert next(iter(total_lines(totals))) == (
            "2 sessions read again, their words kept: 2 answers, all as before"
        )


def test_as_data_it_is_whole() -> None:
    data = outcome_data(Outcome(FOLDER, "failed", error=BadInputError("damaged", "mend it")))
    assert data == {
        "session": FOLDER.name,
        "folder": str(FOLDER),
        "result": "failed",
        "error": "damaged",
        "reading": None,
        "answers": (),
    }
