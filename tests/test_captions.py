"""WebVTT captions."""

from __future__ import annotations

from greenroom.captions import web_vtt
from greenroom.records import Word


def test_a_sentence_is_a_cue() -> None:
    words = [Word("I", 0.5, 0.6), Word("did.", 0.7, 1.0), Word("Then", 61.25, 61.5), Word("<b>", 61.6, 62.0)]
    assert web_vtt(words) == (
        "WEBVTT\n\n00:00:00.500 --> 00:00:01.000\nI did.\n\n00:01:01.250 --> 00:01:02.000\nThen &lt;b&gt;\n"
    )


def test_long_speech_is_cut_into_short_cues() -> None:
    words = [Word("word", i * 0.5, i * 0.5 + 0.4) for i in range(100)]
    cues = [cue for cue in web_vtt(words).split("\n\n") if "-->" in cue]
    assert sum(cue.count("word") for cue in cues) == 100
    assert all(len(cue.splitlines()[1]) <= 84 for cue in cues)


def test_words_without_times_make_no_cues() -> None:
    assert web_vtt([Word("typed")]) == "WEBVTT\n\n"


def test_hours() -> None:
    assert "01:00:00.000 --> 01:00:00.500" in web_vtt([Word("late", 3600.0, 3600.5)])
