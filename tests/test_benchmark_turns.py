"""scripts/benchmark turns: ends and pauses lie where the test set says, and endings are counted right."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import turns_endings  # noqa: E402
import turns_sound  # noqa: E402
import turns_sources  # noqa: E402
import turns_testset  # noqa: E402
import turns_transcription  # noqa: E402
from turns_testset import Condition, Plan, spoken  # noqa: E402

RATE = 16_000
SECONDS_OF_TALK = 40


@pytest.fixture(scope="module")
def source() -> turns_sources.Source:
    """A speaker of words of 0.4 s, 0.1 s apart, in a recording with rumble, a click and a quiet room."""
    rng = np.random.default_rng(3)
    samples = np.zeros(SECONDS_OF_TALK * RATE, dtype=np.float32)
    for first in range(RATE, (SECONDS_OF_TALK - 2) * RATE, RATE // 2):
        time = np.arange(int(0.4 * RATE)) / RATE
        samples[first : first + len(time)] = 0.2 * np.sin(2 * np.pi * 220 * time) * np.sin(np.pi * time / 0.4)
    samples[-RATE // 2 : -RATE // 2 + 300] = 0.5  # the mouse that ended the recording
    rumble = 0.3 * np.sin(2 * np.pi * 8 * np.arange(len(samples)) / RATE)
    room = rng.normal(0, 1e-4, len(samples))
    return turns_sources.source_of("tone", (samples + rumble + room).astype(np.float32), real=True)


def answer_of(source: turns_sources.Source, seconds: float = 60.0, variant: str = "natural") -> Any:
    return spoken(Plan(1, 0, seconds), source, 5, variant)


def test_a_speaker_is_cut_to_the_speech_and_set_to_one_level(source: turns_sources.Source) -> None:
    assert source.seconds == pytest.approx(SECONDS_OF_TALK - 3 - 0.1, abs=0.15)
    assert source.mask[0] and source.mask[-1]
    loud = source.samples.reshape(-1, turns_sound.TICK_SAMPLES)[source.mask].ravel()
    level = 20 * np.log10(turns_sound.rms(loud))
    assert level == pytest.approx(turns_sound.SPEECH_LEVEL_DBFS, abs=0.1)
    gaps = [second[0] - first[0] for first, second in pairwise(source.places)]
    assert gaps == pytest.approx([50] * len(gaps), abs=3)  # ticks: between all words and in none


def test_the_true_end_is_where_the_sound_ends(source: turns_sources.Source) -> None:
    answer = answer_of(source)
    end = round(answer.end * RATE)
    assert turns_sound.rms(answer.samples[end - 800 : end]) > 30 * turns_sound.rms(
        answer.samples[end : end + 800]
    )
    assert turns_sound.tick_levels(answer.samples[end:]).max() < -50
    assert len(answer.samples) - end == turns_testset.TAIL_SECONDS * RATE
    assert answer.begin == turns_testset.LEAD_SECONDS


def test_pauses_lie_where_they_are_said_to_and_keep_their_bounds(source: turns_sources.Source) -> None:
    answer = answer_of(source, 120)
    assert len(answer.inserted) > 5
    for start, end in answer.inserted:
        assert turns_sound.tick_levels(answer.samples[round(start * RATE) : round(end * RATE)]).max() < -45
        assert 0.3 - 0.02 <= end - start <= 3.5 + 0.02
        assert (start, end) in answer.pauses(0.2)
    others = [b - a for a, b in answer.pauses(0.05) if (a, b) not in answer.inserted]
    assert max(others) < 0.25


def test_an_answer_is_as_long_as_planned_and_the_same_each_time(source: turns_sources.Source) -> None:
    answer = answer_of(source)
    assert 60 <= answer.end - answer.begin < 60 + 25
    assert np.array_equal(answer.samples, answer_of(source).samples)


def test_a_stressed_answer_has_a_pause_of_three_seconds(source: turns_sources.Source) -> None:
    longest = max(end - start for start, end in answer_of(source, 12, "stress").pauses())
    assert 3.0 <= longest <= 3.5 + 0.02


@pytest.mark.parametrize("snr", turns_testset.SNRS_DB)
def test_noise_lies_at_its_level_under_the_whole_recording(source: turns_sources.Source, snr: int) -> None:
    answer = answer_of(source, 20)
    noises = {"pink": turns_sound.pink(5, np.random.default_rng(1))}
    noise = turns_testset.mixed(answer, Condition("natural", "pink", snr), noises, 1) - answer.samples
    for part in np.array_split(noise, 3):
        assert 20 * np.log10(answer.level / turns_sound.rms(part)) == pytest.approx(snr, abs=1)
    assert np.array_equal(turns_testset.mixed(answer, Condition(), noises, 1), answer.samples)


def test_every_answer_meets_every_level_and_every_noise_comes_up() -> None:
    names = ["a", "b", "c"]
    met = [turns_testset.conditions(names, number) for number in range(3)]
    for found in met:
        assert {each.snr_db for each in found} == {None, 30, 20, 15, 10}
        assert {(each.variant, each.snr_db) for each in found} >= {("stress", None), ("stress", 15)}
    at_15 = [each.noise for found in met for each in found if (each.variant, each.snr_db) == ("natural", 15)]
    assert sorted(at_15) == names


def test_plans_reach_from_ten_seconds_to_five_minutes(source: turns_sources.Source) -> None:
    plans = turns_testset.plans([source, source], 64, 1)
    lengths = sorted(plan.seconds for plan in plans)
    assert (lengths[0], lengths[-1]) == (10, pytest.approx(300))
    assert sum(length < 60 for length in lengths) > 32
    assert {plan.source for plan in plans} == {0, 1}


def flags(*stretches: tuple[float, bool]) -> list[bool]:
    return [voiced for seconds, voiced in stretches for _ in range(round(seconds / 0.03))]


def listen(*stretches: tuple[float, bool], end: float, patience: float = 2.4) -> turns_endings.Ending:
    return turns_endings.listen(flags(*stretches), end, patience)


def test_a_good_end() -> None:
    ending = listen((0.9, False), (6, True), (9, False), end=6.75)
    assert (ending.cuts, ending.lost, ending.wrongly, ending.by) == (0, False, 0, "silence")
    assert ending.delay == pytest.approx(0.15)
    assert ending.wait == pytest.approx(2.55)


def test_a_pause_too_long_is_a_cut_that_is_taken_back() -> None:
    ending = listen((3, True), (3, False), (3, True), (9, False), end=9)
    assert (ending.cuts, ending.lost, ending.wrongly) == (1, False, 0)
    assert ending.delay == pytest.approx(0, abs=0.04)


def test_a_pause_far_too_long_loses_the_rest() -> None:
    ending = listen((3, True), (6, False), (3, True), (9, False), end=12)
    assert (ending.cuts, ending.lost, ending.delay) == (1, True, None)


def test_an_answer_that_never_ends() -> None:
    ending = listen((3, True), (2.1, False), (9, True), end=3)
    assert (ending.cuts, ending.lost, ending.delay, ending.by) == (0, False, None, None)


def test_noise_behind_the_end_opens_it_again() -> None:
    ending = listen((3, True), (3.6, False), (0.9, True), (9, False), end=3)
    assert (ending.cuts, ending.lost, ending.wrongly) == (0, False, 1)
    assert ending.delay == pytest.approx(4.5, abs=0.04)
    never = listen((3, True), (3.6, False), (9, True), end=3)
    assert (never.wrongly, never.by) == (1, None)


def test_the_counts_of_several_answers(source: turns_sources.Source) -> None:
    answer = answer_of(source, 20)
    endings = [
        listen((3, True), (3, False), (3, True), (9, False), end=9),
        listen((3, True), (6, False), (3, True), (9, False), end=12),
        listen((3, True), (9, True), end=3),
    ]
    rows = [turns_endings.row(answer, Condition(), "webrtc", "short", ending) for ending in endings]
    cells = dict(zip(turns_endings.HEADER, turns_endings.counts(rows), strict=True))
    assert [cells[name] for name in ("answers", "cut off", "lost", "never ended")] == ["3", "2", "1", "1"]
    assert cells["pauses that cut, of 100"] == f"{100 * 2 / (3 * len(answer.pauses())):.1f}"
    assert "| webrtc | short | clean to 15 dB | 3 | 2 | 1 |" in turns_endings.tables(rows)


def test_percentiles_are_values_that_were_met() -> None:
    values = [float(n) for n in range(1, 21)]
    assert turns_endings.percentile(values, 0.95) == 19
    assert turns_endings.percentile(values[:1], 0.95) == 1


def test_word_errors_do_not_count_spelling() -> None:
    pytest.importorskip("whisper")
    assert turns_transcription.error_rate("I saw two colours.", "i saw 2 colors") == 0
    assert turns_transcription.error_rate("a big red bus", "a big bad bus") == 0.25
    assert turns_transcription.error_rate(None, "one") is None


def test_the_text_of_a_read_answer_is_what_was_taken(tmp_path: Path) -> None:
    said: list[str] = []

    def say(text: str) -> Any:
        said.append(text)
        time = np.arange(len(text) * RATE // 10) / RATE  # a tenth of a second a letter
        return turns_sources.Clip((0.2 * np.sin(2 * np.pi * 220 * time)).astype(np.float32))

    told = turns_transcription.read_answer("tone", say, 30, 1, tmp_path)
    taken = 0
    while " ".join(said[: taken + 1]) != told.text:
        taken += 1
    spoken_seconds = sum(len(text) / 10 for text in said[: taken + 1])
    audible = told.spoken.mask.sum() / turns_sound.TICKS_PER_SECOND
    assert audible == pytest.approx(spoken_seconds, abs=0.5)


def test_the_command_explains_itself() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "benchmark"), "turns", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "--part" in done.stdout and "--audio" in done.stdout
