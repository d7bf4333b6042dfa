"""Two questions after a mock interview: asked, kept, brought back before the next, and heeded by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from fakes import FakeKeys, FakeSource
from hypothesis import given, settings
from hypothesis import strategies as st
from interview_room import ANSWER, Room
from made_turns import made_turn

from greenroom import keys
from greenroom.errors import UsageError
from greenroom.preparation.dialogue import Dialogue
from greenroom.preparation.look_back.look_back_file import (
    LookBack,
    add_look_back,
    load_look_backs,
    look_backs_file,
)
from greenroom.preparation.look_back.look_back_words import LONGEST_SAID, as_signals, recognised, reminder
from greenroom.preparation.look_back.look_backs import (
    FIX_QUESTION,
    KEPT,
    LEAD,
    SIGNAL_QUESTION,
    ask_after,
    prefer,
    remind_before,
    session_without,
    wanted_focus,
)
from greenroom.preparation.places import look_backs_folder
from greenroom.preparation.plan.goal import goal_file, load_goal
from greenroom.records import PATTERNS, SIGNALS, Question, Session, Turn
from greenroom.recovering.holding import LOCK_FILE, is_held
from greenroom.session import load_session, save_session

pytestmark = pytest.mark.usefixtures("no_echo")

FIRST = datetime(2026, 11, 21, 20, 0, tzinfo=timezone.utc)


def held(recordings: Path, day: int, turns: tuple[Turn, ...] | None = None, **settings: object) -> Session:
    """A session of three answers, on the disk."""
    began = FIRST + timedelta(days=day)
    turns = turns if turns is not None else tuple(made_turn(number) for number in (1, 2, 3))
    session = Session(
        id=f"{began:%Y-%m-%dT%H-%M-%S}-behavioural",
        started_at=began.isoformat(),
        settings={"mode": "real", **settings},
        turns=turns,
        finished=True,
    )
    (recordings / session.id).mkdir(parents=True)
    save_session(recordings / session.id, session)
    return session


def said(number: int, *, session: str = "s", **words: object) -> LookBack:
    at = (FIRST + timedelta(days=number)).isoformat()
    return LookBack(session, at, **words)  # type: ignore[arg-type]


@pytest.fixture
def mock(tmp_path: Path) -> Session:
    return held(tmp_path / "recordings", 0)


def typing(tmp_path: Path, *texts: str) -> Room:
    return Room(tmp_path / "room", typed=True, keyboard=FakeKeys(typed=list(texts)))


def test_typed_answers_are_kept_with_what_they_name(tmp_path: Path, mock: Session) -> None:
    room = typing(tmp_path, "I rambled, and ownership did not come across.", "I will say what I did first.")
    kept = ask_after(room.stages, mock, tmp_path / "data")
    assert kept is not None
    assert kept.signals == ("clarity", "ownership")
    assert load_look_backs(tmp_path / "data") == ((kept,), ())
    assert (kept.session, kept.signal) == (mock.id, "I rambled, and ownership did not come across.")
    assert kept.fix == "I will say what I did first."
    talk = load_session(look_backs_folder(tmp_path / "data") / kept.recording)
    assert [turn.asked.id for turn in talk.turns] == [SIGNAL_QUESTION.id, FIX_QUESTION.id]
    assert talk.finished
    heard = (LEAD, SIGNAL_QUESTION.text, FIX_QUESTION.text, KEPT)
    assert [text for text in room.voice.rendered if text in heard] == list(heard)
    assert room.screen.told("feedback") == []


def test_spoken_answers_are_recorded_in_a_folder_of_their_own(tmp_path: Path, mock: Session) -> None:
    room = Room(tmp_path / "room", sources=[FakeSource(ANSWER), FakeSource(ANSWER)])
    kept = ask_after(room.stages, mock, tmp_path / "data")
    assert kept is not None
    folder = look_backs_folder(tmp_path / "data") / kept.recording
    assert {path.name for path in folder.glob("*-answer.flac")} == {"01-answer.flac", "02-answer.flac"}
    assert not list(room.folder.glob("*-answer.*"))
    assert kept.signal
    assert kept.fix


def test_whoever_skips_the_first_is_not_asked_the_second_and_nothing_is_left(
    tmp_path: Path, mock: Session
) -> None:
    room = typing(tmp_path, "s")
    assert ask_after(room.stages, mock, tmp_path / "data") is None
    assert room.screen.told("question") == [SIGNAL_QUESTION.text]
    assert list(look_backs_folder(tmp_path / "data").iterdir()) == []
    assert not look_backs_file(tmp_path / "data").exists()


@pytest.mark.parametrize("word", ["q", "s"])
def test_what_was_said_before_quitting_is_kept(tmp_path: Path, mock: Session, word: str) -> None:
    room = typing(tmp_path, "My ownership.", word)
    kept = ask_after(room.stages, mock, tmp_path / "data")
    assert kept is not None
    assert (kept.signal, kept.fix, kept.signals) == ("My ownership.", "", ("ownership",))


def test_an_interrupt_keeps_what_was_said(tmp_path: Path, mock: Session) -> None:
    room = Room(tmp_path / "room", sources=[FakeSource(ANSWER), FakeSource([], KeyboardInterrupt())])
    with pytest.raises(KeyboardInterrupt):
        ask_after(room.stages, mock, tmp_path / "data")
    ((kept,), _) = load_look_backs(tmp_path / "data")
    assert kept.signal
    assert kept.fix == ""


def test_nobody_else_works_on_it_meanwhile(
    tmp_path: Path, mock: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders, seen = look_backs_folder(tmp_path / "data"), list[bool]()
    ask = Dialogue.ask

    def looked_at(talk: Dialogue, question: Question, total: int = 0) -> Turn | None:
        seen.append(is_held(talk.folder))
        return ask(talk, question, total)

    monkeypatch.setattr(Dialogue, "ask", looked_at)
    room = typing(tmp_path, "My ownership.", "I will say what I did first.")
    assert ask_after(room.stages, mock, tmp_path / "data") is not None
    assert seen == [True, True]
    (folder,) = folders.iterdir()
    assert not (folder / LOCK_FILE).exists()


def test_an_exercise_is_not_looked_back_at(tmp_path: Path) -> None:
    follow_up = (made_turn(1), made_turn(2), made_turn(3, follow_up_to=2), made_turn(4, retry_of=1))
    room = typing(tmp_path, "Something.")
    assert ask_after(room.stages, held(tmp_path / "recordings", 0, follow_up), tmp_path / "data") is None
    assert room.screen.told("question") == []


def test_whoever_asks_for_it_can_look_back_at_any_session(tmp_path: Path) -> None:
    exercise = held(tmp_path / "recordings", 0, (made_turn(1),))
    room = typing(tmp_path, "Clarity.", "Stop sooner.")
    kept = ask_after(room.stages, exercise, tmp_path / "data", asked_for=True)
    assert kept is not None
    assert kept.fix == "Stop sooner."
    nothing = held(tmp_path / "recordings", 1, ())
    assert ask_after(room.stages, nothing, tmp_path / "data", asked_for=True) is None


def test_where_recordings_have_run_out_nothing_is_asked_in_vain(tmp_path: Path, mock: Session) -> None:
    room = Room(tmp_path / "room", sources=[])
    assert ask_after(room.stages, mock, tmp_path / "data") is None
    assert list(look_backs_folder(tmp_path / "data").iterdir()) == []


def test_a_file_that_is_broken_by_hand_loses_nothing(tmp_path: Path, mock: Session) -> None:
    path = look_backs_file(tmp_path / "data")
    path.parent.mkdir()
    path.write_text("[[look_back]\n")
    room = typing(tmp_path, "Ownership.", "Say it.")
    assert ask_after(room.stages, mock, tmp_path / "data") is None, "it must not be told as kept"
    assert path.read_text() == "[[look_back]\n"
    (note,) = [text for text in room.screen.told("note") if "not valid TOML" in text]
    (folder,) = look_backs_folder(tmp_path / "data").iterdir()
    assert f"What you said is in {folder}." in note
    assert len(load_session(folder).turns) == 2


def test_comments_stay_and_there_is_a_copy_of_what_was_before(tmp_path: Path) -> None:
    add_look_back(tmp_path, said(1, fix="Name it."))
    path = look_backs_file(tmp_path)
    path.write_text(path.read_text() + "# better\n")
    before = path.read_text()
    add_look_back(tmp_path, said(2, fix="Name it twice."))
    assert path.read_text().startswith(before.rstrip("\n"))
    assert [each.fix for each in load_look_backs(tmp_path)[0]] == ["Name it.", "Name it twice."]
    assert [copy.read_text() for copy in (tmp_path / ".earlier").iterdir()] == [before]
    assert path.stat().st_mode & 0o777 == 0o600


texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"))).map(
    lambda text: " ".join(text.split())
)


@settings(deadline=None)  # a busy computer is no fault
@given(signal=texts, fix=texts, ids=st.lists(st.sampled_from((*SIGNALS, *PATTERNS)), unique=True))
def test_any_look_back_written_and_read_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, signal: str, fix: str, ids: list[str]
) -> None:
    data = tmp_path_factory.mktemp("data")
    look_back = said(1, signal=signal, fix=fix, signals=tuple(ids), recording="folder")
    add_look_back(data, look_back)
    add_look_back(data, replace(look_back, session="t"))
    assert load_look_backs(data) == ((look_back, replace(look_back, session="t")), ())


def test_faults_are_named_with_line_and_key_and_spoil_nothing_else(tmp_path: Path) -> None:
    path = look_backs_file(tmp_path)
    path.write_text(
        '[[look_back]]\nsession = "a"\nat = "2026-11-21"\nsignals = ["ownershp"]\n\n'
        "[[look_back]]\nat = 2026-11-22T10:00:00Z\nfix = 3\n\n"
        '[[look_back]]\nsession = "c"\nat = 2026-11-23\nfx = ""\n\n'
        '[[look_back]]\nsession = "d"\nat = "soon"\n'
    )
    kept, faults = load_look_backs(tmp_path)
    assert [each.session for each in kept] == ["a", "c"]
    assert faults == (
        f'{path}, line 4: signals: unknown signal "ownershp": did you mean "ownership"?',
        f'{path}, line 8: fix: must be text in quotes, not "3"',
        f"{path}, line 6: session: is missing",
        f'{path}, line 13: fx: unknown key "fx": did you mean "fix"?',
        f'{path}, line 17: at: "soon" is no date: write it like 2026-12-12T20:45:00+01:00',
    )


@settings(deadline=None)  # a busy computer is no fault
@given(content=st.binary(max_size=100))
def test_no_bytes_break_the_reading(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    data = tmp_path_factory.mktemp("data")
    look_backs_file(data).write_bytes(content)
    load_look_backs(data)


@pytest.mark.parametrize(
    ("fix", "comes_back"),
    [
        ("Name the number sooner.", "name the number sooner."),
        ("I should name my number sooner", "name your number sooner."),
        ("Um, next time I will start with the problem, then say what I did.", None),
        ("Well, I think I should pause before I answer.", "pause before you answer."),
        (
            "I need to say what changed for the customer. And practise it.",
            "say what changed for the customer.",
        ),
        ("I want to give myself a second.", "give yourself a second."),
        ("Say I more often.", '"Say I more often."'),
        ('Say "I" and not "we".', "\"Say 'I' and not 'we'.\""),
        ("Keep it short, I always ramble.", '"Keep it short, I always ramble."'),
        ("Tell you what I did.", '"Tell you what I did."'),
        ("Number first!", '"Number first!"'),
        ("By being clearer", '"By being clearer."'),
    ],
)
def test_the_persons_words_come_back_to_them(fix: str, comes_back: str | None) -> None:
    wanted = comes_back or "start with the problem, then say what you did."
    quoted = wanted.startswith('"')
    assert reminder(fix, "") == f"Last time you wanted to{':' if quoted else ''} {wanted}"


def test_without_a_fix_the_signal_comes_back() -> None:
    assert reminder("", "My part in it") == 'Last time this did not come across: "My part in it."'
    assert reminder(" ", "") == ""


@settings(deadline=None)  # a busy computer is no fault
@given(text=texts)
def test_what_comes_back_is_short_and_never_in_the_first_person_outside_quotes(text: str) -> None:
    told = reminder(text, "")
    if text:
        assert len(told.split()) <= LONGEST_SAID + 6
    if '"' not in told:
        assert not {"i", "me", "my", "myself", "i'm"} & set(told.lower().rstrip(".").split())


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("My technical depth.", ("technical_fluency",)),
        ("I said we all the time", ("hidden_in_team",)),
        ("There was no number in it", ("no_outcome",)),
        ("leadership, and a bit of Business Impact", ("leadership", "business_impact")),
        ("technical_fluency", ("technical_fluency",)),
        ("I don't know, it was fine", ()),
        ("I downloaded it", ()),  # "own" stands inside a word
    ],
)
def test_signals_are_recognised_by_common_words(words: str, ids: tuple[str, ...]) -> None:
    assert recognised(words) == ids


@pytest.mark.parametrize("id", [*SIGNALS, *PATTERNS])
def test_every_signal_and_pattern_is_recognised_by_its_name_and_leads_to_a_signal(id: str) -> None:
    assert id in recognised(f"It was {id.replace('_', ' ')} again.")
    (signal,) = as_signals((id,))
    assert signal in SIGNALS


def test_the_last_look_back_comes_before_the_next_session(tmp_path: Path) -> None:
    add_look_back(tmp_path, said(1, fix="I should name my number sooner."))
    add_look_back(tmp_path, said(3))  # nothing in it
    room = Room(tmp_path / "room")
    assert remind_before(room.stages, tmp_path) is None
    assert room.screen.told("said") == ["Last time you wanted to name your number sooner."]
    assert room.screen.told("said")[0] in room.voice.rendered
    assert (
        room.screen.told("said")[0] not in room.voice.kept
    )  # it quotes the person, so no sound of it stays outside


def test_who_quits_in_it_is_heard(tmp_path: Path) -> None:
    add_look_back(tmp_path, said(1, fix="Name it."))
    room = Room(tmp_path / "room", keyboard=FakeKeys([keys.QUIT]))
    room.speaker._looks = 3
    assert remind_before(room.stages, tmp_path) == keys.QUIT


def test_without_a_look_back_nothing_is_said(tmp_path: Path) -> None:
    room = Room(tmp_path / "room")
    assert remind_before(room.stages, tmp_path) is None
    assert room.screen.told("said") == []


def test_the_latest_look_back_decides_the_focus(tmp_path: Path) -> None:
    recordings = tmp_path / "recordings"
    assert wanted_focus(tmp_path, recordings) is None
    add_look_back(tmp_path, said(1, signals=("leadership",)))
    assert wanted_focus(tmp_path, recordings) == "leadership"
    add_look_back(tmp_path, said(2, signals=("no_outcome", "clarity")))
    assert wanted_focus(tmp_path, recordings) == "business_impact"


def test_what_was_asked_for_in_vain_tips_the_balance(tmp_path: Path) -> None:
    add_look_back(tmp_path, said(1, signals=("clarity",)))
    add_look_back(tmp_path, said(2, signals=("ownership",)))
    lost = tuple(made_turn(n, probes=("clarity", "ownership"), signals=("ownership",)) for n in (1, 2, 3))
    held(tmp_path / "by-others", 0, lost, candidate=["demo"])
    assert wanted_focus(tmp_path, tmp_path / "by-others") == "ownership"
    held(tmp_path / "own", 0, lost)
    assert wanted_focus(tmp_path, tmp_path / "own") == "clarity"
    only = tmp_path / "nothing said"
    assert wanted_focus(only, tmp_path / "own") == "clarity"


def test_words_decide_where_no_signal_is_written_down(tmp_path: Path) -> None:
    add_look_back(tmp_path, said(1, signal="The customer never came up."))
    assert wanted_focus(tmp_path, tmp_path) == "customer_focus"


def test_questions_that_probe_it_come_first_behind_introductions(tmp_path: Path) -> None:
    add_look_back(tmp_path, said(1, signals=("ownership",)))
    questions = (
        Question("intro", "Who are you?", kind="intro"),
        Question("a", "A?", signals=("clarity",)),
        Question("b", "B?", signals=("ownership",)),
        Question("c", "C?", signals=("clarity", "ownership")),
    )
    assert [each.id for each in prefer(questions, tmp_path, tmp_path)] == ["intro", "b", "c", "a"]
    assert prefer(questions, tmp_path / "none", tmp_path) == questions


def test_the_latest_mock_interview_without_a_look_back_is_found(tmp_path: Path) -> None:
    recordings, data = tmp_path / "recordings", tmp_path / "data"
    first, second = held(recordings, 1), held(recordings, 2)
    held(recordings, 3, (made_turn(1),))
    held(recordings, 4, candidate=["demo"])
    assert session_without(data, recordings) == second
    add_look_back(data, said(5, session=second.id))
    assert session_without(data, recordings) == first
    add_look_back(data, said(6, session=first.id))
    with pytest.raises(UsageError):
        session_without(data, recordings)


def test_the_examples_in_the_documentation_have_no_faults(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "plan.md").read_text()
    goal, look_back = (part.split("```")[0] for part in text.split("```toml\n")[1:])
    goal_file(tmp_path).write_text(goal)
    look_backs_file(tmp_path).write_text(look_back)
    its = load_goal(tmp_path)
    assert its is not None
    assert its.qualities == ("ownership", "teaching others")
    ((kept,), faults) = load_look_backs(tmp_path)
    assert faults == ()
    assert kept.signals == recognised(kept.signal)
    assert reminder(kept.fix, "") == "Last time you wanted to say what you did yourself, first."
