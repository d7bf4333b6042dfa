"""Whole interviews in a pseudo-terminal, with a candidate at the loudspeaker and the microphone."""

from __future__ import annotations

import re
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from candidate_program import Candidate
from end_to_end import (
    CTRL_C,
    ENTER,
    JFK,
    JFK_SAID,
    PATIENCE,
    SPACE,
    Terminal,
    environment,
    names_in,
    only_session,
    plain,
    recognise,
    session_of,
    share_of_words,
    word_error_rate,
)
from soundcard import RATE_HZ, Heard, SoundCard, read_sound, start_playing

from greenroom.audio.end_sound import end_sound
from greenroom.coaching.phrasing import load_phrases

pytestmark = [pytest.mark.device, pytest.mark.weights]

REOPEN = 2.0
END_SOUND = end_sound().seconds
CALM, PLAIN = "xterm-256color", "dumb"
QUICK = ("--engine", "faster-whisper", "--model", "tiny.en")

BANK = """\
name = "bench"
title = "Bench"
description = "One question, which a synthetic voice says clearly."

[[question]]
id = "customer"
text = "Tell me about a customer whose problem did not fit the way you normally work."
kind = "behavioural"
signals = ["customer_focus"]
about = "Whether you bend the process for a person."
target_seconds = 60

[question.follow_ups]
no_outcome = "What changed for that customer in the end?"
"""


@dataclass(frozen=True)
class Spoken:
    """An interview of one question, answered aloud, and everything that could be seen and heard of it.

    All times are of time.monotonic().
    """

    home: Path
    started: float
    status: int
    screen: str
    question_heard: Path
    loudspeaker: Heard
    microphone: Heard

    @property
    def folder(self) -> Path:
        return only_session(self.home)

    @property
    def turn(self) -> dict[str, Any]:
        (turn,) = session_of(self.folder)["turns"]
        return dict(turn)

    @property
    def recording(self) -> np.ndarray:
        return read_sound(self.folder / "01-answer.flac")

    @property
    def answer(self) -> tuple[float, float]:
        """When the answer's sound began and ended at the microphone."""
        sounds = self.microphone.sounds(quiet=PATIENCE)
        return sounds[0][0], sounds[-1][1]

    @property
    def recording_began(self) -> float:
        """When the first sample of the recording was captured: the same sound, found in both."""
        return self.answer[0] - Heard(self.recording, 0.0).sounds()[0][0]

    def timed(self, stage: str) -> float:
        return self.recording_began + float(self.turn["timing"][stage])

    @property
    def replies(self) -> tuple[tuple[float, float], ...]:
        """What the loudspeaker played after the answer: thanks, feedback, goodbye."""
        return tuple(sound for sound in self.loudspeaker.sounds() if sound[0] > self.answer[1])


@pytest.fixture(scope="module")
def spoken(card: SoundCard, tmp_path_factory: pytest.TempPathFactory) -> Spoken:
    home = tmp_path_factory.mktemp("spoken")
    (home / "bench.toml").write_text(BANK)
    env = environment(home, card.env)
    options = ["--bank", home / "bench.toml", "--questions", 1, "--follow-ups", 0, "--patience", PATIENCE]
    with (
        card.record() as lines,
        Candidate([JFK], env, home / "candidate") as candidate,
        Terminal(["practice", *options], env, CALM) as terminal,
    ):
        terminal.await_text("Listening")
        candidate.go()
        candidate.await_event("answer_ended")
        terminal.await_text(*load_phrases()["closing"]["open"], timeout=150)
        terminal.press(ENTER)
        status = terminal.status()
    return Spoken(
        home, terminal.started, status, terminal.text, candidate.heard(1), lines.loudspeaker, lines.microphone
    )


def test_it_ends_well_and_says_where(spoken: Spoken) -> None:
    assert spoken.status == 0
    assert spoken.screen.split()[-1] == str(spoken.folder)
    assert "Traceback" not in spoken.screen


def test_the_first_word_comes_soon(spoken: Spoken) -> None:
    waited = spoken.loudspeaker.sounds()[0][0] - spoken.started
    print(f"from start to first word, nothing cached: {waited:.2f} s")
    assert waited < 8.0


def test_the_question_that_is_heard_is_the_one_that_is_asked(spoken: Spoken) -> None:
    assert "Tell me about a customer" in spoken.screen
    assert word_error_rate(spoken.turn["question"], recognise(spoken.question_heard)) < 0.35


def test_nothing_is_recorded_before_the_question_has_ended(spoken: Spoken) -> None:
    question_ended = max(end for _, end in spoken.loudspeaker.sounds() if end < spoken.answer[0])
    assert spoken.recording_began > question_ended + 0.15


def test_the_recording_is_what_was_said(spoken: Spoken) -> None:
    said, recorded = read_sound(JFK), spoken.recording
    size = 2 * len(recorded)
    correlation = np.fft.irfft(np.fft.rfft(recorded, size) * np.conj(np.fft.rfft(said, size)), size)
    likeness = correlation.max() / (np.linalg.norm(said) * np.linalg.norm(recorded))
    assert likeness > 0.95  # a hole of 0.1 s in speech shifts everything after it, and leaves far less
    assert not spoken.turn["overflowed"]


def test_the_answer_is_transcribed(spoken: Spoken) -> None:
    transcript = spoken.turn["transcript"]
    assert word_error_rate(JFK_SAID, transcript["text"]) < 0.2
    assert (transcript["engine"], transcript["model"], transcript["language"]) == (
        "openai-whisper",
        "base",
        "en",
    )
    assert " ".join(word["text"] for word in transcript["words"]) == transcript["text"]
    starts = [word["start"] for word in transcript["words"]]
    assert starts == sorted(starts)
    assert plain("my fellow Americans") in plain(" ".join(spoken.screen.split()))


def test_the_feedback_is_heard(spoken: Spoken) -> None:
    feedback = spoken.turn["feedback"]["spoken"]
    began = spoken.timed("feedback_started")
    heard = recognise(spoken.loudspeaker.between(began - 0.3, spoken.replies[-1][1]))
    assert share_of_words(feedback, heard) >= 0.5
    assert share_of_words(feedback, spoken.screen) == 1.0


def test_stages_follow_one_another(spoken: Spoken) -> None:
    timing = spoken.turn["timing"]
    prepared = [timing[name] for name in ("speech_end", "transcribed", "analysed", "feedback_started")]
    assert prepared == sorted(prepared)
    assert timing["decided"] <= timing["feedback_started"]
    assert spoken.turn["ended_by"] == "silence"
    assert timing["decided"] - timing["speech_end"] == pytest.approx(PATIENCE, abs=0.2)
    # The microphone stays open after the end, in case the person goes on.
    assert spoken.turn["seconds"] == pytest.approx(timing["decided"] + REOPEN, abs=0.3)
    assert spoken.turn["seconds"] == pytest.approx(len(spoken.recording) / RATE_HZ, abs=0.05)


def test_the_reply_comes_at_once_and_its_time_is_the_one_that_can_be_heard(spoken: Spoken) -> None:
    reply = spoken.replies[0][0]
    gap, error = reply - spoken.timed("decided"), spoken.timed("feedback_started") - reply
    print(f"from the decision to the reply: {gap:.2f} s; feedback_started differs by {error * 1000:+.0f} ms")
    assert -0.8 < spoken.timed("speech_end") - spoken.answer[1] < 0.2  # the clip dies away in room noise
    assert 0.0 < gap < 1.0
    if spoken.turn["timing"]["transcribed"] < spoken.turn["timing"]["decided"] - 0.5:
        # The soft sound and the voice behind it begin as one.
        assert error == pytest.approx(END_SOUND, abs=0.05)


def test_the_pauses_of_the_answer_are_kept(spoken: Spoken) -> None:
    silences = spoken.turn["silences"]
    assert [silence["resumed"] for silence in silences] == [True] * (len(silences) - 1) + [False]
    assert silences[-1]["seconds"] == pytest.approx(PATIENCE, abs=0.1)
    assert spoken.turn["reopened"] == 0


def test_the_folder_holds_what_it_should(spoken: Spoken) -> None:
    folder, session = spoken.folder, session_of(spoken.folder)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-bench", folder.name)
    assert names_in(folder) == {"session.json", "01-question.wav", "01-answer.flac", "01-answer.vtt"}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert (session["schema"], session["id"], session["finished"]) == (1, folder.name, True)
    assert session["unanswered"] == []
    assert (folder / "01-answer.vtt").read_text().startswith("WEBVTT\n\n00:00:")
    question = read_sound(folder / "01-question.wav")
    assert word_error_rate(spoken.turn["question"], recognise(question)) < 0.35


def test_the_session_has_the_promised_fields(spoken: Spoken) -> None:
    turn = spoken.turn
    assert turn.keys() >= {
        "schema", "id", "source", "question", "seconds", "transcript", "delivery", "parts", "patterns",
        "signals", "rubric", "feedback", "recording", "ended_by", "timing",
    }  # fmt: skip
    assert turn["transcript"].keys() >= {"text", "language", "engine", "model", "words"}
    assert turn["transcript"]["words"][0].keys() >= {"text", "start", "end", "probability"}
    assert turn["delivery"].keys() >= {
        "words", "speech_rate_wpm", "articulation_rate_wpm", "first_word_seconds", "speaking_seconds",
        "pauses", "fillers", "fillers_per_minute", "hedges", "bands",
    }  # fmt: skip
    assert turn["feedback"].keys() >= {"spoken", "strength", "changes", "follow_up"}
    assert turn["patterns"][0].keys() >= {"id", "confidence", "evidence", "why", "advice"}
    assert turn["rubric"][0].keys() >= {"id", "score", "why"}
    assert turn["recording"] == "01-answer.flac"
    assert 20 <= turn["delivery"]["words"] <= 24


def test_the_settings_are_kept_and_the_place_is_not(spoken: Spoken) -> None:
    settings = session_of(spoken.folder)["settings"]
    assert settings["patience"] == str(PATIENCE)
    assert settings["follow_ups"] == 0
    assert str(spoken.folder) not in (spoken.folder / "session.json").read_text()


@dataclass(frozen=True)
class ByKey:
    """An interview of four questions led from the keyboard: Space and Enter, t, h and s, q."""

    folder: Path
    status: int
    screen: str
    loudspeaker: Heard
    first_sound_after: float
    question_cut: float
    listened_for: float

    def turn(self, number: int) -> dict[str, Any]:
        (turn,) = (turn for turn in session_of(self.folder)["turns"] if turn["number"] == number)
        return dict(turn)


TYPED = "I moved the invoices to a queue, and the errors went from forty a week to none."


@pytest.fixture(scope="module")
def by_key(card: SoundCard, spoken: Spoken, tmp_path_factory: pytest.TempPathFactory) -> ByKey:
    """Its first question is the one that `spoken` asked, whose sound is cached by now."""
    home = tmp_path_factory.mktemp("keys")
    env = environment(home, card.env) | {"XDG_CACHE_HOME": environment(spoken.home)["XDG_CACHE_HOME"]}
    banks = ["--bank", spoken.home / "bench.toml", "--bank", "leadership"]
    options = [*banks, "--questions", 4, "--follow-ups", 0, *QUICK]
    with (
        card.record() as lines,
        Candidate([], env, home / "candidate") as candidate,
        Terminal(["practice", *options], env, CALM) as terminal,
    ):
        terminal.await_text("question 1 of 4")
        first_sound = candidate.await_event("question_started")
        time.sleep(0.5)
        cut = terminal.press(ENTER)
        listened = _answer_with_a_pause(terminal, env)
        _cut_feedback(terminal)

        terminal.await_text("question 2 of 4")
        terminal.press("t")
        terminal.await_text("Type your answer")
        terminal.press(TYPED + ENTER + ENTER)
        _cut_feedback(terminal)

        terminal.await_text("question 3 of 4")
        terminal.press("h")
        time.sleep(3.0)
        terminal.press("s")

        terminal.await_text("question 4 of 4")
        terminal.press(ENTER)
        terminal.await_text("Listening")
        with start_playing(JFK, env) as player:
            time.sleep(5.0)
            terminal.press("q")
            status = terminal.status()
            player.terminate()
    return ByKey(
        only_session(home),
        status,
        " ".join(terminal.text.split()),
        lines.loudspeaker,
        first_sound - terminal.started,
        cut,
        listened,
    )


def _answer_with_a_pause(terminal: Terminal, env: dict[str, str]) -> float:
    """Four seconds of answer, three of pause, three of answer, and Enter; how long it was listened to (s)."""
    began = terminal.await_text("Listening")
    with start_playing(JFK, env) as player:
        time.sleep(4.0)
        paused = terminal.press(SPACE)
        terminal.await_text("Paused")
        time.sleep(3.0)
        resumed = terminal.press(SPACE)
        terminal.await_text("Listening")
        time.sleep(3.0)
        ended = terminal.press(ENTER)
        player.terminate()
    return paused - began + ended - resumed


def _cut_feedback(terminal: Terminal) -> None:
    terminal.await_text("◆ Feedback", timeout=90)
    terminal.press(ENTER)


def test_the_first_word_comes_sooner_the_second_time(by_key: ByKey) -> None:
    print(f"from start to first word: {by_key.first_sound_after:.2f} s")
    assert by_key.first_sound_after < 8.0


def test_enter_ends_the_question_at_once(by_key: ByKey) -> None:
    sounds = by_key.loudspeaker.sounds()
    assert sounds[0][0] < by_key.question_cut
    ended = max(end for start, end in sounds if start < by_key.question_cut)
    assert ended - by_key.question_cut < 0.25


def test_enter_ends_an_answer_and_a_pause_is_no_part_of_it(by_key: ByKey) -> None:
    turn = by_key.turn(1)
    assert turn["ended_by"] == "key"
    assert turn["seconds"] == pytest.approx(by_key.listened_for, abs=0.7)
    assert len(read_sound(by_key.folder / "01-answer.flac")) / RATE_HZ == pytest.approx(
        turn["seconds"], abs=0.05
    )
    assert "fellow americans" in plain(turn["transcript"]["text"])
    assert "what your country can do for you" not in plain(turn["transcript"]["text"])  # said in the pause


def test_t_types_an_answer(by_key: ByKey) -> None:
    turn = by_key.turn(2)
    assert turn["ended_by"] == "typed"
    assert turn["transcript"]["text"] == TYPED
    assert turn["recording"] is None
    assert set(turn["timing"].values()) == {None}
    assert "02-answer.flac" not in names_in(by_key.folder)


def test_h_gives_a_hint_and_s_skips(by_key: ByKey) -> None:
    (skipped,) = session_of(by_key.folder)["unanswered"]
    assert (skipped["number"], skipped["reason"]) == (3, "skipped")
    assert skipped["asked"]["about"] in by_key.screen


def test_q_saves_the_answer_and_quits(by_key: ByKey) -> None:
    assert by_key.status == 0
    assert session_of(by_key.folder)["finished"] is False
    assert "fellow americans" in plain(by_key.turn(4)["transcript"]["text"])
    assert (by_key.folder / "04-answer.flac").exists()
    assert by_key.screen.endswith(str(by_key.folder))


@contextmanager
def answering(env: Mapping[str, str]) -> Iterator[Terminal]:
    """An interview of one question without follow-ups, which is listening to the answer."""
    options = ["--questions", 1, "--follow-ups", 0, "--patience", PATIENCE, *QUICK]
    with Terminal(["practice", *options], env, CALM) as terminal:
        terminal.await_text("question 1 of 1")
        terminal.press(ENTER)
        terminal.await_text("Listening")
        yield terminal


def test_speech_takes_the_end_back_and_the_voice_gives_way(card: SoundCard, tmp_path: Path) -> None:
    env = environment(tmp_path, card.env)
    with card.record() as lines, answering(env) as terminal:
        start_playing(JFK, env).wait()
        terminal.await_text("unless you go on")
        time.sleep(0.3)  # the reply has begun
        start_playing(JFK, env).wait()
        terminal.await_text("unless you go on")
        terminal.await_text("◆ Feedback", timeout=90)
        time.sleep(1.0)
        terminal.press("q")
        assert terminal.status() == 0
    (turn,) = session_of(only_session(tmp_path))["turns"]
    assert turn["reopened"] == 1
    assert word_error_rate(f"{JFK_SAID} {JFK_SAID}", turn["transcript"]["text"]) < 0.2
    # The clip dies away after its speech, so less than PATIENCE lies between; inside it 1.1 s at most.
    answers = lines.microphone.sounds(quiet=2.0)
    assert len(answers) == 2
    spoken_over = [end for start, end in lines.loudspeaker.sounds() if answers[0][1] < start < answers[1][1]]
    gave_way = max(spoken_over) - answers[1][0]
    print(f"the voice gave way {gave_way:.2f} s after the person had gone on")
    assert 0.0 < gave_way < 2.5


def test_through_loudspeakers_it_does_not_take_its_own_voice_for_the_person(
    sound_card: SoundCard, tmp_path: Path
) -> None:
    sound_card.play_into_the_room()
    env = environment(tmp_path, sound_card.env)
    with answering(env) as terminal:
        start_playing(JFK, env).wait()
        terminal.await_text("◆ Feedback", timeout=90)
        time.sleep(3.0)
        terminal.press("q")
        assert terminal.status() == 0
    (turn,) = session_of(only_session(tmp_path))["turns"]
    recorded = read_sound(only_session(tmp_path) / "01-answer.flac")
    window = recorded[round((turn["timing"]["decided"] + 0.5) * RATE_HZ) :]
    assert np.abs(window).max() > 0.05, "the microphone did not hear the loudspeaker, so nothing was tested"
    assert turn["reopened"] == 0
    assert word_error_rate(JFK_SAID, turn["transcript"]["text"]) < 0.2


def test_a_hint_is_no_part_of_the_answer_and_r_answers_the_question_once_more(
    sound_card: SoundCard, tmp_path: Path
) -> None:
    sound_card.play_into_the_room()
    env = environment(tmp_path, sound_card.env)
    with answering(env) as terminal:
        start_playing(JFK, env).wait()
        time.sleep(1.0)
        terminal.press("h")
        hint = terminal.await_text("nothing is recorded")
        spoken_for = terminal.await_text("Listening") - hint
        time.sleep(PATIENCE + 1.0)  # after a hint there is more time than that
        start_playing(JFK, env).wait()
        terminal.await_text("unless you go on")
        terminal.await_text("◆ Feedback", timeout=90)
        terminal.press("r")
        terminal.await_text("once more")
        terminal.press(ENTER)
        terminal.await_text("Listening")
        start_playing(JFK, env).wait()
        terminal.press(ENTER)
        terminal.await_text("◆ Feedback", timeout=90)
        terminal.press("q")
        assert terminal.status() == 0
    first, second = session_of(only_session(tmp_path))["turns"]
    print(f"the hint took {spoken_for:.1f} s; the answer's recording is {first['seconds']:.1f} s long")
    assert spoken_for > 5.0
    assert word_error_rate(f"{JFK_SAID} {JFK_SAID}", first["transcript"]["text"]) < 0.2
    without_the_hint = 2 * 11 + 1 + (PATIENCE + 1) + PATIENCE + REOPEN
    assert first["seconds"] < without_the_hint + spoken_for / 2
    assert first["reopened"] == 0
    assert (first["retry_of"], second["retry_of"]) == (None, 1)
    assert second["question"] == first["question"]
    assert word_error_rate(JFK_SAID, second["transcript"]["text"]) < 0.2


def _interrupt(terminal: Terminal, way: str) -> None:
    if way == "the terminal is closed":
        terminal.hang_up()
        return
    for _ in range(4 if way == "Ctrl-C again and again" else 1):
        terminal.press(CTRL_C)
        time.sleep(0.03)


@pytest.mark.parametrize("way", ["Ctrl-C", "Ctrl-C again and again", "the terminal is closed"])
def test_interrupted_in_mid_answer(card: SoundCard, tmp_path: Path, way: str) -> None:
    env = environment(tmp_path, card.env)
    with Terminal(["practice", "--questions", "2", *QUICK], env, PLAIN) as terminal:
        terminal.await_text("Question 1 of 2")
        terminal.press(ENTER)
        terminal.await_text("Listening.")
        with start_playing(JFK, env) as player:
            time.sleep(4.0)
            interrupted = time.monotonic()
            _interrupt(terminal, way)
            status = terminal.status(20)
            ended = time.monotonic()
            player.terminate()
    _assert_begun_answer_kept(only_session(tmp_path), 3.0)
    assert status == 130, terminal.text
    assert ended - interrupted < 5.0
    assert "Traceback" not in terminal.text
    if way != "the terminal is closed":
        assert f"Saved: 0 answers in {only_session(tmp_path)}" in terminal.text


def test_the_microphone_vanishes_in_mid_answer_and_nobody_is_there_to_choose(
    sound_card: SoundCard, tmp_path: Path
) -> None:
    env = environment(tmp_path, sound_card.env)
    command = [sys.executable, "-m", "greenroom", "practice", "--questions", "2", *QUICK]
    with subprocess.Popen(
        command, env=env, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        lines = iter(process.stderr.readline, "")
        assert any(line.startswith("Listening") for line in lines)
        with start_playing(JFK, env):
            time.sleep(4.0)
            sound_card.unplug()
        shown = "".join(lines)
    errors = [line for line in shown.splitlines() if line.startswith("error: ")]
    assert process.returncode == 4
    assert len(errors) == 1
    assert "was lost" in errors[0]
    assert "Traceback" not in shown
    assert "Expression" not in shown, "PortAudio's own words reach nobody"
    assert f"Saved: 0 answers in {only_session(tmp_path)}" in shown
    _assert_begun_answer_kept(only_session(tmp_path), 3.0)


def _assert_begun_answer_kept(folder: Path, seconds: float) -> None:
    """The answer that was being given lies whole in the folder, and the session names it."""
    session = session_of(folder)
    (begun,) = session["unanswered"]
    assert session["turns"] == []
    assert session["finished"] is False
    assert (begun["number"], begun["reason"], begun["recording"]) == (1, "interrupted", "01-answer.flac")
    assert not [name for name in names_in(folder) if name.endswith((".pcm", ".part"))]
    kept = read_sound(folder / begun["recording"])
    assert len(kept) / RATE_HZ > seconds
    assert "fellow americans" in plain(recognise(kept))
