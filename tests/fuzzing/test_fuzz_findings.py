"""What scripts/fuzz found, one small case each, and that each is refused in one line now."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import fuzz_audio  # noqa: E402

from greenroom.analysis.scorer import Scorer, windows_of  # noqa: E402
from greenroom.analyze import entries_of  # noqa: E402
from greenroom.audio.clip import load_clip, sound_seconds  # noqa: E402
from greenroom.captions import stamp, web_vtt  # noqa: E402
from greenroom.cli import practice_command  # noqa: E402
from greenroom.errors import BadInputError, UserError  # noqa: E402
from greenroom.preparation.debrief.debriefs import Debrief, Retold, find_debrief, read_debrief, save_debrief  # noqa: E402  # noqa: E402
from greenroom.preparation.look_back.look_back_file import (  # noqa: E402
    LookBack,
    add_look_back,
    load_look_backs,
)
from greenroom.preparation.plan.goal import load_goal  # noqa: E402
from greenroom.preparation.stories.story_reading import read_text  # noqa: E402
from greenroom.question_check import quoted  # noqa: E402
from greenroom.reanalysis.archive import job_of, open_session  # noqa: E402
from greenroom.reanalysis.jobs import Wanted  # noqa: E402
from greenroom.records import Word  # noqa: E402
from greenroom.review.history_index import read_history  # noqa: E402
from greenroom.review.peaks import peaks_of  # noqa: E402
from greenroom.session import is_bare_name, load_session  # noqa: E402
from greenroom.settings_file import fault_of, read_settings, settings_options  # noqa: E402

OLD = ROOT / "tests" / "data" / "old_sessions" / "retried-and-rated" / "session.json"
OPTIONS = settings_options(practice_command)


def session_with(folder: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    data = json.loads(OLD.read_text())
    change(data)
    folder.mkdir(exist_ok=True)
    (folder / "session.json").write_text(json.dumps(data))
    return folder


def refusal(read: Callable[[], object]) -> str:
    with pytest.raises(UserError) as refused:
        read()
    assert all(line.isprintable() and len(line) < 1000 for line in refused.value.lines)
    return refused.value.message


# --- sessions


def test_a_session_that_is_no_utf_8_is_damaged_and_spoils_no_other(tmp_path: Path) -> None:
    its = session_with(tmp_path / "2026-11-22T10-00-00-a", lambda _: None)
    whole = (its / "session.json").read_bytes()
    (its / "session.json").write_bytes(whole.replace(b"failed", b"fail\xe5d", 1))
    assert "is damaged" in refusal(lambda: load_session(its))
    session_with(tmp_path / "2026-11-22T11-00-00-b", lambda data: data.update(id="b"))
    history = read_history(tmp_path)
    assert [len(history.sessions), len(history.skipped)] == [1, 1]


def test_a_session_nested_without_end_is_damaged(tmp_path: Path) -> None:
    deep = "[" * 100_000 + "]" * 100_000
    (tmp_path / "session.json").write_text(f'{{"id": "a", "started_at": "", "settings": {{"a": {deep}}}}}')
    assert refusal(lambda: load_session(tmp_path)).endswith("nested too deeply")


@pytest.mark.parametrize(
    ("where", "change"),
    [
        ("turns[0].parts[0].last_word", lambda turn: turn["parts"][0].update(last_word=2**62)),
        ("turns[0].parts[0].first_word", lambda turn: turn["parts"][0].update(first_word=-(2**31))),
        ("turns[0].seconds", lambda turn: turn.update(seconds=1e308)),
        (
            "turns[0].transcript.words[3].start",
            lambda turn: turn["transcript"]["words"][3].update(start=-1e19),
        ),
        ("turns[0].number", lambda turn: turn.update(number=2**60)),
        ("turns[0].shares", lambda turn: turn.update(shares={"action": 1e300})),
    ],
)
def test_numbers_that_cannot_be_are_named_with_their_place(
    tmp_path: Path, where: str, change: Callable[[dict[str, Any]], None]
) -> None:
    """A word that is not there once kept the page counting up to it; a time without end was no number."""
    folder = session_with(tmp_path, lambda data: change(data["turns"][0]))
    assert f"is damaged: {where}" in refusal(lambda: load_session(folder))


def test_a_recording_may_not_have_a_name_that_no_file_can_have(tmp_path: Path) -> None:
    folder = session_with(
        tmp_path, lambda data: data["turns"][0].update(recording="a" * 5000, ended_by="key")
    )
    _, silent = job_of(open_session(folder), Wanted("openai-whisper", "base", rules="1"))
    assert silent == (1,)
    assert not any(map(is_bare_name, ("a" * 256, "é" * 128, "a\0b")))
    assert is_bare_name("a" * 255)


# --- captions, transcripts, sound


def test_captions_know_no_time_outside_of_the_hours_and_no_word_without_text() -> None:
    assert (stamp(1e308), stamp(-5.0)) == ("99:59:59.999", "00:00:00.000")
    words = (Word("so", 0.0, 0.5), Word(" \n", 9.0, 9.5), Word("we", 20.0, 20.5))
    assert web_vtt(words).count("-->") == 2


def test_half_a_character_in_a_line_is_a_question_mark_and_other_keys_are_left(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"answer": "so \\ud800 it was", "\\udfff": "x", "id": 3}\n{"answer": "a\u2028b"}\n', "utf-8"
    )
    assert entries_of(path) == [{"answer": "so ? it was", "id": "3"}, {"answer": "a\u2028b"}]


def test_a_window_of_what_is_no_language_fits_into_the_encoder() -> None:
    scorer = Scorer()
    (window,) = windows_of(scorer.tokenizer, "Why? " * 100, ["." * 3000, "and"])
    assert len(window.ids) == len(window.types) == len(window.words) == 512
    assert scorer.read("", ["." * 3000, "and"]).words.shape[0] == 2


def test_samples_that_are_no_numbers_are_silence_in_peaks_and_clips(tmp_path: Path) -> None:
    samples = np.array([np.nan, np.inf, -np.inf, 3e38, 0.5, -0.5] * 500, dtype=np.float32)
    for rate in (8000, 16_000):  # the one goes through the resampler
        path = tmp_path / f"{rate}.wav"
        soundfile.write(path, samples, rate, subtype="FLOAT")
        peaks = peaks_of(path)
        assert peaks is not None
        assert np.isfinite(peaks.values).all()
        assert (np.abs(load_clip(path).samples) <= 1.0).all()


def test_a_sound_called_raw_wants_no_format(tmp_path: Path) -> None:
    path = tmp_path / "answer.raw"
    path.write_bytes(fuzz_audio.tone("WAV"))
    assert (sound_seconds(path), peaks_of(path)) == (None, None)
    assert load_clip(path).seconds == pytest.approx(0.25, abs=0.01)


def test_a_header_may_claim_what_it_likes(tmp_path: Path) -> None:
    path = tmp_path / "answer.wav"
    for rate, channels, bits in ((0, 1, 16), (2**32 - 1, 1, 16), (16_000, 65_535, 16), (16_000, 0, 0)):
        header = fuzz_audio.wav_header(rate=rate, channels=channels, bits=bits, claimed=2**32 - 1)
        path.write_bytes(header + bytes(2000))
        with fuzz_audio.no_chatter():
            try:
                assert load_clip(path).rate == 16_000
            except BadInputError as error:
                assert str(path) in error.message


# --- the person's own files


@pytest.mark.parametrize("key", ["\x1b[2J", "two\nlines", "\u2028", "long " * 1000])
def test_a_key_that_nobody_knows_is_repeated_short_and_printable(tmp_path: Path, key: str) -> None:
    (tmp_path / "plan.toml").write_text(f"started = 2026-11-21\n{json.dumps(key)} = 1\n")
    assert "unknown key" in refusal(lambda: load_goal(tmp_path))
    (tmp_path / "look-backs.toml").write_text(f"{json.dumps(key)} = 1\n")
    (tmp_path / "debrief.toml").write_text(f"{json.dumps(key)} = 1\noutcome = {json.dumps('x' + key)}\n")
    told = (*load_look_backs(tmp_path)[1], *map(str, read_debrief(tmp_path)[1]))
    assert len(told) == 3
    assert all(line.isprintable() and len(line) < 1000 for line in told)


def test_a_key_of_thousands_of_letters_is_cut_where_the_toml_is_none() -> None:
    (fault,) = read_text(f"title = 'a'\n{'f' * 5000} = {{\n", Path("a.toml")).faults
    assert len(str(fault)) < 300


@pytest.mark.parametrize("inline", [True, False])
def test_what_is_added_to_a_list_written_by_hand_is_read_again(tmp_path: Path, inline: bool) -> None:
    path = tmp_path / "look-backs.toml"
    entry = 'session = "a", at = "2026-11-21"'
    path.write_text(
        f"look_back = [{{{entry}}}]" if inline else f"[[look_back]]\n{entry.replace(', ', chr(10))}"
    )
    added = LookBack("b", "2026-11-22T10:00:00+01:00", "scope", "the first sentence")
    add_look_back(tmp_path, added)
    kept, faults = load_look_backs(tmp_path)
    assert (len(kept), kept[-1], faults) == (2, added, ())

    folder = tmp_path / "debriefs" / "2026-11-22-acme"
    folder.mkdir(parents=True)
    asked = 'question = [{asked = "Why?"}]' if inline else '[[question]]\nasked = "Why?"'
    (folder / "debrief.toml").write_text(asked)
    save_debrief(Debrief(folder, questions=(Retold("Why?"), Retold("And then?", "I left."))))
    assert find_debrief(tmp_path, "acme").questions == (Retold("Why?"), Retold("And then?", "I left."))


def test_a_setting_of_a_number_without_end_or_of_megabytes_is_told_short(tmp_path: Path) -> None:
    assert fault_of(OPTIONS["max_answer"], 10**400) is not None
    path = tmp_path / "config.toml"
    for value in (f"1{'0' * 400}", json.dumps("um. " * 20_000)):
        path.write_text(f"max-answer = {value}\npatience = {json.dumps('um. ' * 2000)}\n")
        faults = read_settings(OPTIONS, path).faults
        assert len(faults) == 2
        assert all(len(str(fault)) < 600 for fault in faults)


def test_a_word_of_megabytes_is_cut_before_it_is_made_printable() -> None:
    assert len(quoted("\n" * 10_000_000)) <= 62
