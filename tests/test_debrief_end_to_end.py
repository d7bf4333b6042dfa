"""A real interview told afterwards, in a pseudo-terminal: aloud at a virtual sound card, and typed."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from end_to_end import (
    CTRL_C,
    PATIENCE,
    Terminal,
    environment,
    is_heard,
    names_in,
    plain,
    recognise,
    said_by_another,
    session_of,
    share_of_words,
)
from soundcard import RATE_HZ, Heard, SoundCard, read_sound, start_playing

from greenroom.audio.clip import resample
from greenroom.demo import demo_recordings
from greenroom.question_check import read_bank

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

pytestmark = [pytest.mark.device, pytest.mark.weights]

PLAIN = "dumb"
LIVE = ("--engine", "faster-whisper", "--model", "base", "--patience", PATIENCE)
RETOLD = demo_recordings()[1]  # 18 s, with figures in it
COMPANY = "It was at the Boston Children's Hospital."
FIRST = "They asked me about a conflict with a customer."
FIRST_ASKED = "Tell me about a conflict with a customer."
NEXT = "Why do you want to leave your job?"
SHORT = "I told them that I want to learn more."
FELT = "I think I rambled in the first answer."
ENDED = "They said no. The recruiter told me that the role was frozen."


def speech(text: str) -> np.ndarray:
    """Said by another than greenroom: 16 kHz mono, with a breath before it."""
    said = resample(said_by_another(text), RATE_HZ).samples
    return np.concatenate([np.zeros(RATE_HZ // 2, dtype=np.float32), said])


def debrief_folder(home: Path) -> Path:
    (folder,) = (home / "data" / "debriefs").iterdir()
    return folder


def debrief_of(folder: Path) -> dict[str, object]:
    return tomllib.loads((folder / "debrief.toml").read_text())


@dataclass
class Told:
    """A debrief told aloud from beginning to end."""

    home: Path
    folder: Path
    status: int
    screen: str
    loudspeaker: Heard
    listening: Mapping[str, float]

    def heard(self, begin: float, end: float) -> str:
        return recognise(self.loudspeaker.between(begin, end))


@pytest.fixture(scope="module")
def told(card: SoundCard, tmp_path_factory: pytest.TempPathFactory) -> Told:
    home = tmp_path_factory.mktemp("told")
    env = environment(home, card.env, "piper")
    replies = {
        "company": speech(COMPANY),
        "round": speech("It was the second round, with the team lead."),
        "first": speech(FIRST),
        "retold": RETOLD,
        "next": speech(NEXT),
        "short": speech(SHORT),
        "all": speech("That was all."),
        "felt": speech(FELT),
        "ended": speech(ENDED),
    }
    listening = {}
    with card.record() as lines, Terminal(["debrief", *LIVE], env, PLAIN) as terminal:
        for name, sound in replies.items():
            listening[name] = terminal.await_text("Listening.", timeout=120)
            start_playing(sound, env).wait()
        terminal.await_text("One thing to try\n", timeout=120)
        status = terminal.status()
    return Told(home, debrief_folder(home), status, terminal.text, lines.loudspeaker, listening)


def test_it_ends_well(told: Told) -> None:
    assert told.status == 0, told.screen
    assert "Traceback" not in told.screen
    assert session_of(told.folder)["finished"] is True


def test_the_file_holds_what_was_told(told: Told) -> None:
    debrief = debrief_of(told.folder)
    first, second = debrief["question"]  # type: ignore[misc]
    assert share_of_words("Boston Children's Hospital", str(debrief["company"])) >= 0.5
    assert is_heard("second round", str(debrief["round"]))
    assert is_heard(FIRST_ASKED, first["asked"])
    assert share_of_words("30 double bookings every week", first["retold"].replace("thirty", "30")) > 0.7
    assert is_heard(NEXT, second["asked"])
    assert share_of_words(SHORT, second["retold"]) > 0.6
    assert debrief["outcome"] == "no"
    assert is_heard("role was frozen", " ".join(debrief["said"]))  # type: ignore[arg-type]


def test_each_retelling_is_a_turn_with_its_recording_and_its_question(told: Told) -> None:
    turns = {turn["number"]: turn for turn in session_of(told.folder)["turns"]}
    for each in debrief_of(told.folder)["question"]:  # type: ignore[attr-defined]
        turn = turns[each["answer"]]
        assert turn["asked"]["text"] == turn["question"] == each["asked"]
        assert turn["rubric"], "it was analysed"
        assert len(read_sound(told.folder / turn["recording"])) > RATE_HZ
    assert {"debrief.toml", "session.json"} <= names_in(told.folder)


def test_the_question_is_spoken_back_before_its_answer_is_asked_for(told: Told) -> None:
    heard = told.heard(told.listening["first"], told.listening["retold"])
    assert share_of_words(FIRST_ASKED, heard) > 0.8
    assert is_heard("how you answered", heard)
    heard = told.heard(told.listening["next"], told.listening["short"])
    assert share_of_words(NEXT, heard) > 0.8


def test_what_follows_from_it_is_heard_and_the_one_thing_comes_last(told: Told) -> None:
    end = told.loudspeaker.started + told.loudspeaker.seconds
    heard = plain(told.heard(told.listening["ended"], end))
    assert "retelling" in heard
    aside, last = heard.split("one thing to try")
    assert share_of_words("There are also signs of budget or headcount", aside) > 0.7
    assert len(last.split()) > 8


def test_the_frozen_role_is_told_with_its_evidence_and_a_command_comes_last(told: Told) -> None:
    said = " ".join(told.screen.split())
    assert "Budget or headcount" in said
    assert "They told you: “The recruiter told me that the role was frozen.”" in said
    last = told.screen.strip().splitlines()[-1].strip()
    assert last.startswith("greenroom ")


def test_the_questions_are_in_the_private_bank(told: Told) -> None:
    bank, faults = read_bank(told.home / "data" / "asked-of-me.toml")
    assert faults == ()
    assert bank is not None
    first, second = bank.questions
    assert is_heard(FIRST_ASKED, first.text)
    assert is_heard(NEXT, second.text)


def test_interrupted_in_mid_retelling_all_is_kept_and_it_goes_on_from_there(
    card: SoundCard, tmp_path: Path
) -> None:
    env = environment(tmp_path, card.env)
    command = ["debrief", "--company", "Acme", "--round", "first", *LIVE, "--quiet"]
    with Terminal(command, env, PLAIN) as terminal:
        terminal.await_text("Listening.")
        start_playing(speech(FIRST), env).wait()
        terminal.await_text("Tell me how you answered")
        terminal.await_text("Listening.")
        with start_playing(RETOLD, env) as player:
            time.sleep(5.0)
            terminal.press(CTRL_C)
            status = terminal.status(20)
            player.terminate()
    folder = debrief_folder(tmp_path)
    debrief, session = debrief_of(folder), session_of(folder)
    assert status == 130
    assert "Traceback" not in terminal.text
    assert f"greenroom debrief --resume {folder.name}" in " ".join(terminal.text.split())
    (question,) = debrief["question"]  # type: ignore[misc]
    assert is_heard(FIRST_ASKED, question["asked"])
    (begun,) = session["unanswered"]
    assert (begun["reason"], begun["recording"]) == ("interrupted", "02-answer.flac")
    assert len(read_sound(folder / "02-answer.flac")) / RATE_HZ > 3.0

    with Terminal(["debrief", "--resume", "acme", "--typed", "--quiet"], env, PLAIN) as terminal:
        terminal.await_text(question["asked"])
        answer(terminal, "I told them how I lost the week and moved the release.")
        terminal.await_text("What did they ask next?")
        answer(terminal, "That was all.")
        terminal.await_text("How did it feel")
        answer(terminal, "It was fine.")
        terminal.await_text("how it ended")
        answer(terminal, "Not known yet.")
        terminal.await_text("One thing to try")
        assert terminal.status() == 0
    assert debrief_folder(tmp_path) == folder
    (question,) = debrief_of(folder)["question"]  # type: ignore[misc]
    assert question["retold"].startswith("I told them how")
    after = session_of(folder)
    assert after["finished"] is True
    assert after["unanswered"] == session["unanswered"]
    assert (folder / "02-answer.flac").exists()


def answer(terminal: Terminal, text: str) -> None:
    terminal.await_text("Type your answer.")
    terminal.press(f"{text}\n\n")


def test_typed_from_beginning_to_end(tmp_path: Path) -> None:
    env = environment(tmp_path)
    command = ["debrief", "--typed", "--quiet", "--company", "Blue Whale", "--json"]
    with Terminal(command, env, PLAIN) as terminal:
        terminal.await_text("Which round was it")
        answer(terminal, "The first, by phone")
        terminal.await_text("What was the first question")
        answer(terminal, "Tell me about yourself")
        terminal.await_text("Question: Tell me about yourself.")
        answer(terminal, "I said that I keep trains on time.")
        terminal.await_text("What did they ask next?")
        answer(terminal, "s")
        terminal.await_text("How did it feel")
        answer(terminal, "I liked them.")
        terminal.await_text("how it ended")
        answer(terminal, "Not known yet.")
        terminal.await_text('"try"')
        assert terminal.status() == 0
    data = json.loads(terminal.text.strip().splitlines()[-1])
    assert (data["company"], data["round"], data["outcome"]) == (
        "Blue Whale",
        "the first, by phone",
        "unknown",
    )
    assert data["nothing_stands_out"] is True
    assert data["said"] == []
    assert [each["asked"] for each in data["questions"]] == ["Tell me about yourself."]
    assert debrief_folder(tmp_path).name.endswith("-blue-whale")
    assert not list((tmp_path / "cache").rglob("*.wav")), "nothing of it lies in the cache"
