"""A look back in the terminal."""

from __future__ import annotations

from pathlib import Path

from past_sessions import Said, make_session

from greenroom.records import Reliability
from greenroom.review.history_index import read_history
from greenroom.review.history_lines import history_lines
from greenroom.review.overview import overview

POOR = Reliability("poor", "made")


class TestLines:
    def lines(self, recordings: Path, width: int | None = None, **chosen: int) -> list[str]:
        history = read_history(recordings)
        return [line.plain for line in history_lines(history, overview(history, **chosen), width)]

    def test_the_summary_says_it_all(self, tmp_path: Path) -> None:
        for day in range(12):
            make_session(tmp_path, day, [Said(fillers=9 if day < 6 else 3, patterns=("no_outcome",))] * 2)
        text = "\n".join(self.lines(tmp_path, last=12))
        assert text.startswith("12 sessions · 1 Sep to 12 Sep 2026 · 24 answers · behavioural\n")
        assert "Fix this first: No result that can be counted\n" in text
        assert "in 3 of your last 3 sessions, in 6 of 6 answers." in text
        assert "“we just got it done” (12 Sep, behavioural, answer 1)" in text
        assert "What changed\n  Fewer fillers: 9.0 before, 3.0 a minute since (12 and 12 answers).\n" in text
        assert "  Pace                              150       150 words a minute (12 and 12)\n" in text
        assert "  No result that can be counted     12 of 12  12 of 12 answers\n" in text
        assert "2026-09-12T20-15-00-behavioural" in text

    def test_on_a_screen_no_line_is_too_wide_and_bars_are_drawn(self, tmp_path: Path) -> None:
        for day in range(12):
            make_session(
                tmp_path,
                day,
                [Said(wpm=120 + day, fillers=day, quote="and so " * 30, patterns=("reactive",))] * 2,
            )
        wide = self.lines(tmp_path, 120)
        assert any("▁" in line and "█" in line for line in wide if line.startswith("  Pace"))
        assert max(map(len, wide)) <= 92
        narrow = self.lines(tmp_path, 60)
        assert not any("▁" in line for line in narrow)

    def test_the_own_ear_has_a_line_where_answers_were_rated(self, tmp_path: Path) -> None:
        make_session(tmp_path / "rated", 0, [Said(rated=1), Said(rated=4)])
        make_session(tmp_path / "not", 0)
        line = "  Your own ear                      1.5 points off (2 answers)"
        assert line in self.lines(tmp_path / "rated")
        assert "own ear" not in "\n".join(self.lines(tmp_path / "not"))

    def test_few_sessions_are_not_held_against_each_other(self, tmp_path: Path) -> None:
        make_session(tmp_path, 0)
        text = "\n".join(self.lines(tmp_path))
        assert "Looking at the one session: 1 answer, 1 Sep 2026." in text
        assert "What changed" not in text
        assert "  Pace                              150 words a minute (1 answer)\n" in text
        assert "It takes 10 sessions to tell a change from chance." in text
        assert "Nothing came back in your one session." in text

    def test_the_demo_alone_makes_no_trend(self, tmp_path: Path) -> None:
        make_session(tmp_path, 0, settings={"candidate": ["demo"]})
        text = "\n".join(self.lines(tmp_path))
        assert "None of these sessions has an answer of your own yet" in text
        assert "by the demo candidate, not counted" in text

    def test_different_measuring_is_said(self, tmp_path: Path) -> None:
        for day in range(10):
            make_session(tmp_path, day, greenroom="0.2.0" if day > 7 else "0.1.0")
        text = "\n".join(self.lines(tmp_path))
        assert "greenroom 0.1.0, openai-whisper base and greenroom 0.2.0, openai-whisper base" in text
        assert "part of a change may be the questions" not in text

    def test_other_banks_since_are_said(self, tmp_path: Path) -> None:
        for day in range(10):
            make_session(tmp_path, day, bank="leadership" if day in (1, 5, 6, 7, 8) else "technical")
        text = "\n".join(self.lines(tmp_path))
        assert "Most were technical before, leadership since: part of a change may be the questions." in text
