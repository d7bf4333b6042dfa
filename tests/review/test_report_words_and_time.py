"""The words and the time of an answer, as the report shows them."""

from __future__ import annotations

import base64
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from replayed import finding, first_turn, span, spoken_turn, timed

from greenroom.analysis.bands import load_bands
from greenroom.audio.clip import save_clip
from greenroom.records import (
    MARKERS,
    PATTERNS,
    PROFILES,
    SIGNALS,
    Clip,
    Disfluency,
    PacePoint,
    Transcript,
    Word,
)
from greenroom.review.peaks import PEAKS, peaks_of
from greenroom.review.timeline import timeline_of
from greenroom.review.titles import PATTERN_LABELS, REMARKS
from greenroom.review.transcript import paragraphs_of, place_of
from greenroom.review.usual import USUAL_PACE
from greenroom.screens.names import MARKER_TITLES, PATTERN_TITLES, SIGNAL_TITLES

TEMPLATES = files("greenroom.review") / "templates"


# ---- words


def test_a_quote_is_found_though_an_um_was_written_into_it_later() -> None:
    turn = spoken_turn()
    assert place_of(turn, "the queue, and it was") == (9, 14)
    assert place_of(turn, "THE QUEUE and it was") == (9, 14)
    assert place_of(turn, "the queue and they were") is None
    assert place_of(turn, "“”") is None


def test_restarts_can_be_told_from_other_words() -> None:
    words = timed("I I went home.")
    delivery = replace(
        first_turn().delivery,
        fillers=(),
        pauses=(),
        disfluencies=(Disfluency("repetition", "I", 1.0, 1.4, 0, 0),),
    )
    turn = replace(
        first_turn(), transcript=Transcript("I I went home.", words=words), delivery=delivery, parts=()
    )
    styles = [piece.style for paragraph in paragraphs_of(turn) for run in paragraph for piece in run.pieces]
    assert styles == ["back", "", "", ""]


def test_a_long_answer_has_paragraphs_that_end_with_sentences() -> None:
    text = "This is a sentence of seven words. " * 60
    turn = spoken_turn(transcript=Transcript(text, words=timed(text)), parts=())
    paragraphs = paragraphs_of(turn)
    assert 3 <= len(paragraphs) <= 6
    assert all(paragraph[-1].pieces[-1].text == "words." for paragraph in paragraphs)


def test_words_without_times_are_still_there() -> None:
    words = (Word("One"), Word("two", 1.0, 1.2), Word("three"))
    turn = spoken_turn(transcript=Transcript("One two three", words=words), parts=())
    texts = [piece.text for run in paragraphs_of(turn)[0] for piece in run.pieces if piece.kind == "word"]
    assert texts == ["One", "two", "three"]


# ---- time


def test_labels_do_not_run_into_each_other() -> None:
    turn = first_turn()
    times = [10.0, 10.2, 10.4, 20.0]
    fillers = tuple(replace(turn.delivery.fillers[0], start=t, end=t + 0.1) for t in times)
    drawn = timeline_of(replace(turn, delivery=replace(turn.delivery, fillers=fillers)), 60.0, 60.0).fillers
    assert [bool(box.label) for box in drawn] == [True, False, False, True]


def test_findings_at_the_same_place_stand_in_rows_of_their_own() -> None:
    words = timed(first_turn().transcript.text)
    found = tuple(finding(id, span(words, 2, 4)) for id in ("reactive", "no_business"))
    timeline = timeline_of(replace(first_turn(), patterns=found), 60.0, 60.0)
    assert [box.row for box in timeline.findings] == [0, 1]
    assert timeline.rows == 2
    # A fifth of the time apart they stand in one row, but on a phone there is no room for both labels.
    found = (finding("reactive", span(words, 0, 1)), finding("no_business", span(words, 24, 25)))
    timeline = timeline_of(replace(first_turn(), patterns=found), 60.0, 60.0)
    assert (timeline.rows, timeline.narrow_rows) == (1, 2)


def test_the_pace_curve_stands_against_its_band() -> None:
    points = (*(PacePoint(7.5 + i, 150.0) for i in range(5)), PacePoint(12.5, 260.0))
    delivery = replace(first_turn().delivery, pace=points)
    pace = timeline_of(replace(first_turn(), delivery=delivery), 20.0, 20.0).pace
    assert pace is not None and pace.band is not None
    top, height = pace.band
    heights = [float(point.split(",")[1]) for point in pace.path[1:].split("L")]
    assert all(top < y < top + height for y in heights[:5])
    assert heights[5] < top
    assert pace.usual == "120 to 180"
    assert [mark.label for mark in pace.marks] == ["260 words a minute", "150"]
    assert "fastest 260 at 0:12" in pace.about


@pytest.mark.parametrize("profile", PROFILES)
def test_the_band_is_the_one_that_the_analysis_judges_by(profile: str) -> None:
    bands = load_bands(profile)
    if "speech_rate" in bands.not_judged:
        assert USUAL_PACE[profile] is None
        return
    edges = [band.below for band in bands.measures["speech_rate"].bands]
    names = [band.name for band in bands.measures["speech_rate"].bands]
    good = names.index("good")
    assert USUAL_PACE[profile] == (edges[good - 1], edges[good])


def test_everything_has_a_title() -> None:
    assert set(REMARKS) == set(load_bands().remarks)
    assert set(PATTERN_TITLES) == set(PATTERN_LABELS) == set(PATTERNS)
    assert set(SIGNAL_TITLES) == set(SIGNALS)
    assert set(MARKER_TITLES) == set(MARKERS)


def test_peaks_are_where_the_sound_is(tmp_path: Path) -> None:
    samples = np.zeros(48_000, dtype=np.float32)
    samples[24_000:24_400] = 0.5
    save_clip(tmp_path / "a.flac", Clip(samples))
    peaks = peaks_of(tmp_path / "a.flac")
    assert peaks is not None
    assert peaks.seconds == 3.0
    loud = [index / len(peaks.values) for index, value in enumerate(peaks.values) if value > 0.9]
    assert min(loud) > 0.49 and max(loud) < 0.52
    assert max(peaks.values) == 1.0
    packed = base64.b64decode(peaks.packed)
    assert len(packed) == len(peaks.values) <= PEAKS
    assert max(packed) == 255


def test_silence_is_not_drawn_as_speech(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).uniform(-0.001, 0.001, 16_000).astype(np.float32)
    save_clip(tmp_path / "a.wav", Clip(noise))
    peaks = peaks_of(tmp_path / "a.wav")
    assert peaks is not None and max(peaks.values) < 0.1
