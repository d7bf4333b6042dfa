"""A replay as it is seen: in plain lines, on the whole screen, and by the command."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from player_room import BEGINNING, OPENING, Clock, Loudspeaker, pressed
from replayed import RETRIED, SAMPLE_RATE_HZ, finding, save, span, spoken_turn, timed
from rich.cells import cell_len
from rich.console import Console

from greenroom.errors import BadInputError, DeviceError, UsageError
from greenroom.records import PATTERNS, SIGNALS, Question, RubricScore, Session, SignalEvidence, Transcript
from greenroom.review import replay
from greenroom.review.deck import Deck
from greenroom.review.moves import Place
from greenroom.review.passages import Passage, passages_of
from greenroom.review.player import Player
from greenroom.review.replay import ReplaySettings
from greenroom.review.replay_lines import PlainReplay
from greenroom.review.replay_screen import LIT, WholeScreen, picture
from greenroom.review.replay_view import FORTH, HOLD, KEY_LINE, NEXT, PREVIOUS_TURN, Opening, View


def lines_of(passages: list[Passage], at: Mapping[float, str], start: Place = BEGINNING) -> str:
    out = io.StringIO()
    screen = PlainReplay(out)
    screen.opening(OPENING)
    Player(passages, Deck(None), pressed(at), screen).play(start)
    return out.getvalue()


def test_plain_lines_say_all_of_it_in_order(clock: Clock, passages: list[Passage]) -> None:
    text = lines_of(passages, {})
    assert "\x1b" not in text
    assert text.splitlines() == [
        "greenroom replay: a-session, demo, 4 turns.",
        "Sound: a loudspeaker.",
        "Keys: Space pauses and goes on, left and right arrow go 5 seconds, n and p to the next and previous "
        "finding, up and down arrow (or P and N) to another turn, q quits.",
        "",
        "Turn 1 of 4",
        "Question: What did you mend, and why?",
        "[0:01] In May our orders were lost.",
        "[0:04] We looked at the queue, um, and it was full.",
        "Finding, 0:04 to 0:06, Your part stays behind “we”: “We looked at the queue,” "
        "Why hidden_in_team matters. What to say for hidden_in_team.",
        "[0:09] I wrote a worker that reads it twice.",
        "[0:13] After that it was much better for everybody there.",
        "Finding, 0:13 to 0:17, No result that can be counted: “After that it was much better for everybody "
        "there.” Why no_outcome matters. What to say for no_outcome.",
        "Finding, Why it mattered is missing. Why no_business matters. What to say for no_business.",
        "Measured: 32 words; 24 seconds; 118 words a minute; 1 pause of a second or more; 2 um or uh.",
        "Came across: ownership.",
        "Feedback: You told me “I wrote a worker”. Say how much better it was.",
        "",
        "Turn 2 of 4, follow-up to turn 1",
        "Question: How much better?",
        "Answer, typed: I counted them. Forty a week before, none since.",
        "Finding, It stays general: “I counted them.” Why generality matters. What to say for generality.",
        "Measured: 9 words.",
        "Feedback: You gave a number.",
        "",
        "Turn 3 of 4",
        "Question: Whom did you persuade?",
        "Answer: (Skipped.)",
        "",
        "Turn 4 of 4, turn 1 once more",
        "Question: What did you mend, and why?",
        *(f"[{at}] {said}" for at, said in zip(("0:01", "0:04", "0:06"), sentences(RETRIED), strict=True)),
        "Measured: 11 words; 24 seconds; 118 words a minute; 1 pause of a second or more; 2 um or uh.",
        "Feedback: You told me “I wrote a worker”. Say how much better it was.",
    ]


def sentences(text: str) -> list[str]:
    return [f"{sentence}." for sentence in text.rstrip(".").split(". ")]


def test_plain_lines_come_in_time(clock: Clock, passages: list[Passage]) -> None:
    text = lines_of(passages, {8.0: "quit"}, Place(1, 0.0))
    assert "[0:04] We looked" in text
    assert "[0:09]" not in text


def test_plain_lines_tell_what_keys_did(clock: Clock, passages: list[Passage]) -> None:
    text = lines_of(
        passages, {2.0: FORTH, 3.0: HOLD, 9.0: HOLD, 11.0: PREVIOUS_TURN, 12.0: "quit"}, Place(1, 0.0)
    )
    assert text.splitlines()[3:] == [
        "",
        "Turn 1 of 4",
        "[0:01] In May our orders were lost.",
        "From 0:07, in the middle of:",
        "[0:04] We looked at the queue, um, and it was full.",
        "Paused at 0:07.",
        "Going on.",
        "[0:09] I wrote a worker that reads it twice.",
        "",
        "Turn 1 of 4, from its beginning",
        "Question: What did you mend, and why?",
    ]


def test_plain_lines_say_that_there_is_no_finding_left(clock: Clock, passages: list[Passage]) -> None:
    text = lines_of(passages, {1.0: NEXT, 2.0: "quit"}, Place(6, 0.0))
    assert text.count("no finding further on") == 1


def test_a_sentence_without_an_end_is_cut(clock: Clock, tmp_path: Path) -> None:
    text = " ".join(["word"] * 100)
    turn = spoken_turn(seconds=60.0, transcript=Transcript(text, words=timed(text)))
    passages = passages_of(Session(id="x", started_at="", turns=(turn,)), tmp_path)
    lines = [line for line in lines_of(passages, {}, Place(1, 0.0)).splitlines() if line.startswith("[")]
    assert [line.count("word") for line in lines] == [40, 40, 20]


# The command's own work


def test_into_a_pipe_without_sound_all_is_printed_at_once(
    everything: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replay.replay(everything, ReplaySettings(quiet=True))
    out = capsys.readouterr().out.splitlines()
    assert out[:2] == [
        "greenroom replay: 2026-11-22T10-08-05-demo, demo, leadership · Sunday 22 November 2026, 10:08, "
        "4 turns.",
        "Sound: off (quiet).",
    ]
    assert "Answer: (Skipped.)" in out
    assert not any(line.startswith(("Keys", "From")) for line in out), "nobody presses keys there"


def test_from_and_turn(everything: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replay.replay(everything, ReplaySettings(turn=4, quiet=True))
    assert "Turn 3" not in (out := capsys.readouterr().out)
    assert "[0:01] Forty orders" in out
    replay.replay(everything, ReplaySettings(begin=10.0, quiet=True))
    out = capsys.readouterr().out
    assert "From 0:10, in the middle of:\n[0:09] I wrote a worker" in out
    assert "In May" not in out
    assert "Turn 4" in out


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (ReplaySettings(turn=9), "no turn 9"),
        (ReplaySettings(turn=1, begin=24.0), "ends at 0:24, before 0:24"),
        (ReplaySettings(begin=3600.0), "turn 1 ends at 0:24"),
    ],
)
def test_what_is_not_there_cannot_be_begun_with(
    everything: Path, settings: ReplaySettings, message: str
) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        replay.replay(everything, replace(settings, quiet=True))
    assert caught.value.hint


def test_a_session_without_a_question(tmp_path: Path) -> None:
    empty = save(tmp_path / "empty", Session(id="x", started_at=""))
    with pytest.raises(BadInputError, match="no question was asked in empty"):
        replay.replay(empty, ReplaySettings(quiet=True))


def test_an_older_session_opens(everything: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved = json.loads((everything / "session.json").read_text())
    for turn in saved["turns"]:
        for newer in ("form", "shares", "markers", "retry_of", "deeds"):
            turn.pop(newer, None)
        turn["feedback"].pop("written")
        for score in turn["rubric"]:
            score.pop("evidence")
    (everything / "session.json").write_text(json.dumps(saved))
    replay.replay(everything, ReplaySettings(quiet=True))
    told = capsys.readouterr().out.splitlines()
    assert "Feedback: You told me “I wrote a worker”. Say how much better it was." in told
    assert "Feedback: You gave a number." in told


def test_where_no_loudspeaker_is_found_it_says_so(
    everything: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(wanted: str | None) -> object:
        raise DeviceError("no loudspeaker was found")

    monkeypatch.setattr(replay, "find_output", none)
    replay.replay(everything, ReplaySettings())
    assert "Sound: no loudspeaker was found, so read along." in capsys.readouterr().out
    with pytest.raises(DeviceError):
        replay.replay(everything, ReplaySettings(output="headset"))


def test_a_pipe_with_a_loudspeaker_is_played(
    clock: Clock, everything: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    speaker = Loudspeaker(clock)
    device = SimpleNamespace(name="Desk set", rate=SAMPLE_RATE_HZ)
    monkeypatch.setattr(replay, "find_output", lambda wanted: device)
    monkeypatch.setattr(replay, "LoudSpeaker", lambda found: speaker if found is device else None)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    replay.replay(everything, ReplaySettings(turn=4))
    out = capsys.readouterr()
    assert "Sound: Desk set." in out.out
    assert "[0:06] None since." in out.out
    assert speaker.seconds == [None, 0]
    assert speaker.closed
    assert out.err == ""


# The whole screen


def shown(view: View, width: int = 80, height: int = 24, opening: Opening = OPENING) -> list[str]:
    """The lines of the screen, without colours."""
    return picture(opening, view, width, height).plain.split("\n")


def at(passages: list[Passage], index: int, position: float, **more: object) -> View:
    passage = passages[index]
    answer = passages[index + 1] if passage.kind == "question" else passage
    return View(passage, answer, position, **more)  # type: ignore[arg-type]


def styled(view: View, style: str) -> list[str]:
    """What stands on the screen in that style, from top to bottom."""
    text = picture(OPENING, view, 80, 24)
    return [text.plain[each.start : each.end] for each in text.spans if str(each.style) == style]


def test_the_screen_at_a_glance(passages: list[Passage]) -> None:
    lines = [line.rstrip() for line in shown(at(passages, 1, 6.2))]
    assert lines == [
        "  greenroom replay   demo                                      ♪ a loudspeaker",
        "",
        "  Turn 1 of 4 · your answer",
        "  What did you mend, and why?",
        "",
        "  In May our orders were lost. We looked at the queue, um, and it was full. I",
        "  wrote a worker that reads it twice. After that it was much better for",
        "  everybody there.",
        *[""] * 7,
        "  Came across  ownership",
        "   0:04  Your part stays behind “we”  “We looked at the queue,”",
        "         Why hidden_in_team matters. What to say for hidden_in_team.",
        "   0:13  No result that can be counted  “After that it was much better for ev…",
        "   0:17  Why it mattered is missing",
        "",
        "  ▶ 0:06 ━━━━━━━━━━◆━━━━━●─────────────────◆───────────◆───────────────── 0:24",
        "",
        "  " + KEY_LINE,
    ]


def test_the_word_that_is_spoken_is_lit(passages: list[Passage]) -> None:
    lit = {second: styled(at(passages, 1, second), LIT) for second in (0.5, 1.1, 6.6, 17.2, 18.0)}
    assert lit == {0.5: [], 1.1: ["In"], 6.6: ["um,"], 17.2: ["there."], 18.0: []}
    assert styled(at(passages, 0, 0.05), LIT) == ["What"], "those of a question, too"


def test_spoken_words_are_bright_and_those_to_come_pale(passages: list[Passage]) -> None:
    view = at(passages, 1, 9.2)
    pale, amber = (" ".join(styled(view, style)).split() for style in ("dim", "dim yellow"))
    assert "twice." in pale
    assert not {"May", "full."} & set(pale)
    assert "much" in amber, "the quotes of findings are amber, and before they are spoken a pale one"
    assert "looked" in " ".join(styled(view, "yellow")).split()


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40), (40, 12), (24, 8), (200, 60), (10, 4)])
def test_it_fits_into_every_terminal(tmp_path: Path, width: int, height: int) -> None:
    text = " ".join(["a word " * 60, "x" * 200, "日本語 " * 40])
    words = timed(text)
    turn = spoken_turn(
        question="Why " * 100,
        seconds=300.0,
        transcript=Transcript(text, words=words),
        patterns=tuple(finding(name, span(words, 9 * k, 9 * k + 30)) for k, name in enumerate(PATTERNS)),
    )
    passages = passages_of(Session(id="x", started_at="", turns=(turn,)), tmp_path)
    for index, position in ((0, 0.0), (0, 20.0), (1, 0.0), (1, 40.0), (1, 299.0)):
        for state in ("playing", "held", "end"):
            lines = shown(at(passages, index, position, state=state, closes_in=3.0), width, height)
            assert len(lines) <= height
            assert max(cell_len(line) for line in lines) <= width
    if height >= 24:
        assert any("q quit" in line for line in lines), "the keys are always there"


def test_the_words_scroll_with_the_voice_and_nothing_jumps(tmp_path: Path) -> None:
    text = " ".join(f"word{index}" for index in range(400))
    words = timed(text)
    turn = spoken_turn(
        seconds=300.0,
        transcript=Transcript(text, words=words),
        patterns=tuple(finding(name, span(words, 50 * k, 50 * k + 9)) for k, name in enumerate(PATTERNS)),
    )
    passages = passages_of(Session(id="x", started_at="", turns=(turn,)), tmp_path)
    heads = set()
    for second in range(1, 201, 3):
        view = at(passages, 1, second + 0.1)
        lines = shown(view)
        heads.add(next(index for index, line in enumerate(lines) if "Nothing" in line or "“word" in line))
        assert any(f"word{view.spoken - 1}" in line.split() for line in lines[5:]), "it can be seen"
        if view.stop is not None:
            assert any(f"{view.stop.name}  “{view.stop.quote[:20]}" in line for line in lines)
    assert len(heads) == 1, "the findings stay where they are"


def test_what_is_held_typed_open_or_over_says_so(passages: list[Passage]) -> None:
    assert any("Space go on" in line for line in shown(at(passages, 1, 3.0, state="held")))
    assert any("your answer, typed" in line for line in shown(at(passages, 3, 0.5)))
    assert any("(Skipped.)" in line for line in shown(at(passages, 5, 0.5)))
    over = shown(at(passages, 7, 9.0, state="end", closes_in=7.2))
    assert any("That was all. It closes in 8 s; Space keeps it open." in line for line in over)
    assert not any("Space pause" in line for line in over)
    note = shown(at(passages, 1, 3.0, note="no finding further on"))
    assert any("no finding further on" in line for line in note)


def test_a_long_name_of_a_loudspeaker_has_a_line_of_its_own(passages: list[Passage]) -> None:
    opening = replace(OPENING, sound="no loudspeaker was found, so read along", about="demo · " + "x" * 40)
    lines = shown(at(passages, 1, 1.0), opening=opening)
    assert lines[1].strip() == "♪ no loudspeaker was found, so read along"


def test_many_signals_are_broken_between_them(tmp_path: Path) -> None:
    turn = spoken_turn(signals=tuple(SignalEvidence(name, ()) for name in SIGNALS), patterns=())
    passages = passages_of(Session(id="x", started_at="", turns=(turn,)), tmp_path)
    lines = [line.rstrip() for line in shown(at(passages, 1, 1.0))]
    first = next(index for index, line in enumerate(lines) if "Came across" in line)
    told = " · ".join(line.removeprefix("  Came across").strip() for line in lines[first : first + 3])
    assert told == " · ".join(passages[1].came_across)
    assert max(map(len, lines[first : first + 3])) <= 78


def test_how_the_person_said_it_went_is_told_beside_the_rubric(clock: Clock, tmp_path: Path) -> None:
    scores = (RubricScore("clarity", 2, ""), RubricScore("ownership", 3, ""))
    turn = replace(
        spoken_turn(self_rating=4, rubric=scores), asked=Question("x", "Why?", signals=("ownership",))
    )
    passages = passages_of(Session(id="x", started_at="", turns=(turn,)), tmp_path)
    told = "You gave it a 4; by the rubric it comes to 2.5."
    assert f"  How it went  {told}" in [line.rstrip() for line in shown(at(passages, 1, 1.0))]
    assert told in lines_of(passages, {}).splitlines()
    unrated = passages_of(Session(id="x", started_at="", turns=(replace(turn, self_rating=None),)), tmp_path)
    assert not any("How it went" in line for line in shown(at(unrated, 1, 1.0)))


def test_without_findings_the_feedback_is_shown(passages: list[Passage]) -> None:
    lines = [line.rstrip() for line in shown(at(passages, 7, 1.0))]
    assert "  Feedback     You told me “I wrote a worker”. Say how much better it was." in lines
    assert not any("Feedback" in line for line in shown(at(passages, 1, 1.0)))


def test_it_draws_only_what_has_changed(passages: list[Passage]) -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=80, height=24, highlight=False)
    screen = WholeScreen(console)
    screen.opening(OPENING)
    screen.show(at(passages, 1, 6.20))
    drawn = len(out.getvalue())
    screen.show(at(passages, 1, 6.25))
    assert len(out.getvalue()) == drawn
    screen.show(at(passages, 1, 6.60))
    assert len(out.getvalue()) > drawn
    screen.close()
    assert out.getvalue().endswith("\x1b[?25h") or "\x1b[?1049l" in out.getvalue()


@pytest.mark.parametrize(
    ("environment", "whole"),
    [
        ({"TERM": "xterm"}, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
        ({}, False),
    ],
)
def test_the_whole_screen_only_where_it_can_be_shown(
    environment: dict[str, str], whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(
        "sys.stdout", SimpleNamespace(isatty=lambda: True, write=lambda _: 0, flush=lambda: None)
    )
    screen = replay._screen()
    screen.close()
    assert isinstance(screen, WholeScreen) == whole
    monkeypatch.setattr("sys.stdout", io.StringIO())
    monkeypatch.setenv("TERM", "xterm")
    assert isinstance(replay._screen(), PlainReplay), "into a pipe"
