"""The conversation about a real interview, with stand-ins for every stage, and what replies mean."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from fakes import FakeKeys, FakeSource, FakeVoice
from interview_room import ANSWER, Room

from greenroom import timed_writing
from greenroom.answering import Quit
from greenroom.config import PracticeSettings
from greenroom.errors import BadInputError
from greenroom.preparation.debrief import debrief_words as words
from greenroom.preparation.debrief import debriefing
from greenroom.preparation.debrief.asked_bank import asked_questions
from greenroom.preparation.debrief.debriefing import (
    BANK_AS_IT_IS,
    FELT,
    KEPT,
    NOT_ALL_KEPT,
    OUTCOME,
    Conversation,
)
from greenroom.preparation.debrief.debriefs import DEBRIEF_FILE, Debrief, Retold, read_debrief
from greenroom.preparation.dialogue import Dialogue
from greenroom.preparation.places import debriefs_folder, private_bank
from greenroom.session import load_session, start_session
from greenroom.voices import CachedVoice

HELD = (
    "It was at Acme Robotics.",
    "The first, by phone",
    "They asked me about a time I failed",
    "I moved the release and told them why.",
    "Why do you want this job?",
    "s",
    "that was all",
    "I rambled.",
    "They said no, the role was frozen.",
)


class Typing(FakeKeys):
    """Types these one after the other, each a reply; "s" and "q" alone are what they are at a keyboard."""

    def __init__(self, *replies: str) -> None:
        super().__init__(typed=[*replies, ""])


def typed_room(data: Path, *replies: str) -> tuple[Room, Dialogue]:
    folder, session = start_session(debriefs_folder(data), "debrief", {})
    room = Room(folder, keyboard=Typing(*replies), typed=True)
    return room, Dialogue(room.stages, folder, session)


def hold(data: Path, replies: Sequence[str], debrief: Debrief | None = None) -> tuple[Debrief, Room]:
    room, talk = typed_room(data, *replies)
    conversation = Conversation(talk, debrief or Debrief(talk.folder))
    finished = False
    try:
        conversation.run(data)
        finished = True
    finally:
        talk.close(finished=finished)
        told, faults = read_debrief(talk.folder)
        assert faults == ()
    assert told is not None
    return told, room


def test_one_thing_after_the_other_is_asked_and_kept(tmp_path: Path) -> None:
    debrief, room = hold(tmp_path, HELD)
    assert (debrief.company, debrief.round, debrief.outcome) == ("Acme Robotics", "the first, by phone", "no")
    assert debrief.felt == "I rambled."
    assert debrief.said == ("They said no, the role was frozen.",)
    assert debrief.questions == (
        Retold("Tell me about a time you failed.", "I moved the release and told them why.", 4),
        Retold("Why do you want this job?"),
    )
    assert debrief.finished
    assert room.screen.told("question")[3] == "Tell me about a time you failed."


def test_each_retelling_is_asked_with_the_question_that_was_asked(tmp_path: Path) -> None:
    debrief, _ = hold(tmp_path, HELD)
    (turn,) = [turn for turn in load_session(debrief.folder).turns if turn.number == 4]
    assert turn.asked.text == turn.question == "Tell me about a time you failed."
    assert turn.asked.signals == ("accountability",)
    assert [finding.id for finding in turn.patterns] == ["no_outcome"], "it was analysed"


def test_the_end_says_what_there_is_and_one_thing_to_try(tmp_path: Path) -> None:
    _, room = hold(tmp_path, HELD)
    said = room.screen.told("said")
    assert any("retelling" in text for text in said)
    assert any("budget or headcount" in text for text in said)
    assert said[-1].startswith("One thing to try.")


def test_the_questions_join_the_private_bank(tmp_path: Path) -> None:
    hold(tmp_path, HELD)
    assert [question.text for question in asked_questions(tmp_path)] == [
        "Tell me about a time you failed.",
        "Why do you want this job?",
    ]


def test_what_is_known_is_not_asked_for(tmp_path: Path) -> None:
    room, talk = typed_room(tmp_path, "no", "Fine.")
    given = Debrief(talk.folder, "Acme", "second", outcome="offer")
    Conversation(talk, given, outcome_known=True).run(tmp_path)
    asked = room.screen.told("question")
    assert [asked[0][:30], *asked[1:]] == ["What was the first question th", FELT.text]


def test_an_open_outcome_is_no_news(tmp_path: Path) -> None:
    debrief, _ = hold(tmp_path, ["Acme", "first", "none", "Fine.", "Not known yet."])
    assert (debrief.outcome, debrief.said) == ("unknown", ())


def test_everything_can_be_left_out(tmp_path: Path) -> None:
    debrief, room = hold(tmp_path, ["s"] * 5)
    assert (debrief.company, debrief.round, debrief.questions, debrief.felt) == ("", "", (), "")
    assert room.screen.told("said")[-1].startswith("One thing to try.")


@pytest.mark.parametrize("replies", range(len(HELD)))
def test_whenever_the_person_leaves_what_was_said_is_kept(tmp_path: Path, replies: int) -> None:
    _, talk = typed_room(tmp_path, *HELD[:replies], "q")
    with pytest.raises(Quit):
        Conversation(talk, Debrief(talk.folder)).run(tmp_path)
    talk.close(finished=False)
    debrief, faults = read_debrief(talk.folder)
    assert faults == ()
    assert debrief is not None
    assert not debrief.finished
    assert bool(debrief.company) is (replies > 0)
    assert len(debrief.questions) == (0 if replies < 3 else 1 if replies < 5 else 2)
    assert bool(debrief.felt) is (replies > 7)


def test_it_goes_on_where_the_person_left(tmp_path: Path) -> None:
    room, talk = typed_room(tmp_path, "I told them.", "that was all", "Fine.", "They made me an offer!")
    begun = Debrief(talk.folder, "Acme", "first", (Retold("Why us?"),), finished=False)
    Conversation(talk, begun).run(tmp_path, again=True)
    talk.close(finished=True)
    debrief, _ = read_debrief(talk.folder)
    assert debrief is not None
    assert debrief.questions == (Retold("Why us?", "I told them.", 1),)
    assert (debrief.felt, debrief.outcome) == ("Fine.", "offer")
    asked = room.screen.told("question")
    assert (asked[0], asked[-2:]) == ("Why us?", [FELT.text, OUTCOME.text])


def test_the_key_to_leave_in_a_spoken_reply_keeps_that_reply(tmp_path: Path) -> None:
    """Pressed while the end is still open: the answer is saved, and then the person is out."""
    folder, session = start_session(debriefs_folder(tmp_path), "debrief", {})
    room = Room(folder, [FakeSource(ANSWER)])
    talk = Dialogue(room.stages, folder, session)
    conversation = Conversation(talk, Debrief(folder, "Acme"))
    ask = talk.ask

    def ask_and_quit(question: object) -> object:
        ask(question)  # type: ignore[arg-type]
        raise Quit

    talk.ask = ask_and_quit  # type: ignore[method-assign, assignment]
    with pytest.raises(Quit):
        conversation.run(tmp_path)
    talk.close(finished=False)
    debrief, _ = read_debrief(folder)
    assert debrief is not None
    assert debrief.round.startswith("word word")


@pytest.mark.parametrize("refusal", [BadInputError("the disk is full"), PermissionError(13, "denied")])
def test_a_disk_that_takes_nothing_ends_no_conversation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusal: Exception
) -> None:
    """It is said once, tried again with every reply, and how to go on is said by what is true then."""
    room, talk = typed_room(tmp_path, *HELD[:5], "q")
    conversation = Conversation(talk, Debrief(talk.folder))
    save, tried = debriefing.save_debrief, 0

    def full(debrief: Debrief, *, keep_earlier: bool = True) -> Path:
        nonlocal tried
        tried += 1
        if 1 < tried <= 6:
            raise refusal
        return save(debrief, keep_earlier=keep_earlier)

    monkeypatch.setattr(debriefing, "save_debrief", full)
    with pytest.raises(Quit):
        conversation.run(tmp_path)
    assert tried == 6
    told, _ = read_debrief(talk.folder)
    assert told is not None
    assert told.company == ""
    conversation.tell_how_to_go_on()
    talk.close(finished=False)
    notes = room.screen.told("note")
    assert len([note for note in notes if "tried again with every answer" in note]) == 1
    assert notes[-1] == KEPT.format(name=talk.folder.name)
    told, _ = read_debrief(talk.folder)
    assert told is not None
    assert (told.company, len(told.questions)) == ("Acme Robotics", 2)


def test_what_is_not_in_the_file_is_not_called_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room, talk = typed_room(tmp_path, "Acme", "q")
    conversation = Conversation(talk, Debrief(talk.folder))
    conversation.tell_how_to_go_on()
    assert not room.screen.told("note"), "nothing was begun"
    gate = threading.Event()
    save = debriefing.save_debrief

    def hangs(debrief: Debrief, *, keep_earlier: bool = True) -> Path:
        if not keep_earlier:
            gate.wait(30)
        return save(debrief, keep_earlier=keep_earlier)

    monkeypatch.setattr(debriefing, "save_debrief", hangs)
    monkeypatch.setattr(timed_writing, "DISK_SECONDS", 0.3)
    began = time.monotonic()
    with pytest.raises(Quit):
        conversation.run(tmp_path)
    conversation.tell_how_to_go_on()
    assert time.monotonic() - began < 10
    file = talk.folder / DEBRIEF_FILE
    assert room.screen.told("note")[-1] == NOT_ALL_KEPT.format(file=file, name=talk.folder.name)
    late = timed_writing._latest[talk.folder.parent]
    gate.set()
    assert late.done.wait(10)
    assert conversation.all_written()
    talk.close(finished=False)


def test_who_leaves_is_told_how_to_go_on_once_all_of_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, talk = typed_room(tmp_path, "Acme", "q")
    written = debriefing.save_debrief

    @contextmanager
    def opened(*_: object) -> Iterator[Dialogue]:
        """There is room once the person was asked for it at the end."""
        try:
            yield talk
        finally:
            talk.close(finished=False)
            monkeypatch.setattr(debriefing, "save_debrief", written)

    def full(debrief: Debrief, *, keep_earlier: bool = True) -> Path:
        if not keep_earlier:
            raise BadInputError("the disk is full")
        return written(debrief)

    monkeypatch.setattr(debriefing, "dialogue", opened)
    monkeypatch.setattr(debriefing, "save_debrief", full)
    assert debriefing.hold_debrief(PracticeSettings(data=tmp_path), debriefing.Given()) is None
    assert room.screen.told("note")[-1] == KEPT.format(name=talk.folder.name)
    told, _ = read_debrief(talk.folder)
    assert told is not None
    assert told.company == "Acme"


def test_a_bank_with_faults_is_left_as_it_is_and_named(tmp_path: Path) -> None:
    private_bank(tmp_path).write_text("name = ")
    debrief, room = hold(tmp_path, HELD)
    assert private_bank(tmp_path).read_text() == "name = "
    assert len(debrief.questions) == 2
    beginning = BANK_AS_IT_IS.partition("{")[0]
    assert any(note.startswith(beginning) for note in room.screen.told("note"))


def test_the_sound_of_what_the_person_said_is_not_kept_in_the_cache(tmp_path: Path) -> None:
    folder, session = start_session(debriefs_folder(tmp_path), "debrief", {})
    room = Room(folder, keyboard=Typing(*HELD), typed=True)
    cache = tmp_path / "cache"
    room.stages.narrator._voice = CachedVoice(FakeVoice(), cache)
    talk = Dialogue(room.stages, folder, session)
    Conversation(talk, Debrief(folder)).run(tmp_path)
    again = CachedVoice(other := FakeVoice(), cache)
    again.render(FELT.text, keep=True)
    again.render("Tell me about a time you failed.", keep=True)
    assert other.rendered == ["Tell me about a time you failed."], "only the fixed questions are on the disk"


@pytest.mark.parametrize(
    "text",
    [
        "No.", "None", "That's all.", "That was it, thank you.", "No more questions.", "No, that was all.",
        "I think that's it.", "done", "There were no more questions.", "Well, that was all of them.", "Nope.",
        "Nothing else.", "That was all they asked.", "I can't remember any more.",
    ],
)  # fmt: skip
def test_that_was_all(text: str) -> None:
    assert words.no_more(text)


@pytest.mark.parametrize(
    "text",
    [
        "No idea what it was about, but they asked for my salary.", "Nothing else interests you, why?",
        "What is all of that for?", "Tell me about a time you said no.", "Why stop?", "The end of a project.",
        "Is that all you did?", "How do you know when you are done?", "",
    ],
)  # fmt: skip
def test_a_question_is_not_taken_for_the_end(text: str) -> None:
    assert not words.no_more(text)


@pytest.mark.parametrize(
    ("told", "question"),
    [
        ("Tell me about a time you failed.", "Tell me about a time you failed."),
        ("They asked me why I left my last job.", "Tell me why you left your last job."),
        ("The first question was, tell me about a conflict.", "Tell me about a conflict."),
        ("Then they asked about a time I lost my way", "Tell me about a time you lost your way."),
        ("They asked me to tell them about a mistake I made", "Tell me about a mistake you made."),
        ("He asked: How do you prioritise?", "How do you prioritise?"),
        ("The next one was how would you design a rate limiter", "How would you design a rate limiter?"),
        ("So, the last question was why do you want this job?", "Why do you want this job?"),
        ("What is your weakness", "What is your weakness?"),
        ("She wanted to know whether I'm free to travel", "Tell me whether you are free to travel."),
        ("Ask me about a conflict with a customer.", "Tell me about a conflict with a customer."),
        ("First things first: who are you?", "First things first: who are you?"),
    ],
)  # fmt: skip
def test_a_question_is_taken_as_it_was_put(told: str, question: str) -> None:
    assert words.question_in(told) == question


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("It was at Acme Robotics.", "Acme Robotics"), ("Acme", "Acme"), ("With Siemens.", "Siemens"),
        ("I talked to a company called Blue Whale.", "Blue Whale"), ("It's called Forward.", "Forward"),
        ("At", "At"), ("Totally Spies GmbH", "Totally Spies GmbH"), ("Atlassian", "Atlassian"),
    ],
)  # fmt: skip
def test_a_company_is_its_name(text: str, name: str) -> None:
    assert words.name_in(text) == name


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("Not known yet.", "unknown"), ("They said no, the role was frozen.", "no"),
        ("I got the offer!", "offer"),
        ("They invited me to the final round.", "moved-on"), ("No.", "unknown"),
        ("They will call me on Friday.", "unknown"),
        ("I haven't heard yet whether I got the offer.", "unknown"), ("They didn't make me an offer.", "no"),
        ("Unfortunately they went with an internal candidate.", "no"), ("We had a good talk.", "unknown"),
        ("They are not moving forward. I don't know why.", "no"),
        ("I'm through to the next stage.", "moved-on"),
        ("They offered me the job.", "offer"), ("They turned me down.", "no"), ("Yes, I got it!", "offer"),
    ],
)  # fmt: skip
def test_an_outcome_is_known_only_where_it_is_said_plainly(text: str, outcome: str) -> None:
    assert words.outcome_in(text) == outcome
