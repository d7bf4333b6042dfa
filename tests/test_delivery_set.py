"""scripts/make_delivery_set.py: what the set says is true of a recording can be measured in its sound."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from greenroom.audio.clip import load_clip

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "scripts" / "make_delivery_set.py"
sys.path.insert(0, str(SCRIPT.parent))

import make_delivery_set  # noqa: E402
from delivery_references import references, text_grid  # noqa: E402
from delivery_set_answers import EDGE, FILLERS, answer, in_room, pieces  # noqa: E402
from delivery_set_files import write_reference  # noqa: E402
from delivery_set_phonemes import piper_words  # noqa: E402
from delivery_set_phrases import Phrase, Said, Word, opened, phrase, plain  # noqa: E402
from delivery_set_real import matched, pitch_hz  # noqa: E402
from delivery_set_sounds import IN_PAUSES, NO_SPEECH  # noqa: E402

RATE = 16_000
WORD_SECONDS = 0.2
SILENT = 10 ** (-58 / 20)


def beeps(words: Sequence[Word], speed: float) -> Phrase:
    """A voice that says 0.2 s of a tone for each word, held as asked, after 0.15 s of silence; where there is
    a comma, 0.2 s of silence follow."""
    parts, said = [np.zeros(round(0.15 * RATE), np.float32)], []
    for word in words:
        count = round(WORD_SECONDS * word.held / speed * RATE)
        start = sum(map(len, parts)) / RATE
        parts.append(0.1 * np.sin(2 * np.pi * 200 * np.arange(count) / RATE).astype(np.float32))
        said.append(Said(plain(word.text), start, start + count / RATE))
        if word.text.endswith(","):
            parts.append(np.zeros(round(0.2 * RATE), np.float32))
    parts.append(np.zeros(round(0.1 * RATE), np.float32))
    return phrase(np.concatenate(parts), RATE, said)


def rng() -> np.random.Generator:
    return np.random.default_rng(5)


def test_pauses_last_as_long_as_is_written_and_are_silent() -> None:
    made = answer("one two |0.3 three <um> |1.25 four [breath] |0.5 five", beeps, rng())

    assert [word.text for word in made.words] == ["one", "two", "three", "um", "four", "five"]
    gaps = {b.text: b.start - a.end for a, b in pairwise(made.words)}
    assert gaps["three"] == pytest.approx(0.3, abs=0.01)
    assert gaps["four"] == pytest.approx(1.25, abs=0.01)
    assert gaps["five"] == pytest.approx(EDGE + made.sounds[0].end - made.sounds[0].start + 0.5, abs=0.01)
    for before, after in pairwise(made.words):
        if after.text != "five" and after.start > before.end:
            between = made.samples[round((before.end + 0.005) * RATE) : round((after.start - 0.005) * RATE)]
            assert np.abs(between).max(initial=0) < 3 * SILENT


def test_every_word_sounds_from_its_start_to_its_end() -> None:
    made = answer("one two, three {um} |0.4 <uh> |0.4 four", beeps, rng())

    for word in made.words:
        heard = made.samples[round(word.start * RATE) : round(word.end * RATE)]
        for edge in (heard[: RATE // 50], heard[-RATE // 50 :]):
            assert np.sqrt(np.mean(edge**2)) > SILENT, word


def test_fillers_are_held_as_long_as_people_hold_them() -> None:
    made = answer("<um> |0.4 and {uh:2} then |0.4 <hmm> |0.4 four", beeps, rng())

    lengths = {word.text: word.end - word.start for word in made.words}
    assert lengths["and"] == pytest.approx(WORD_SECONDS, abs=0.03)
    assert all(0.18 <= lengths[text] <= 1.3 for text in ("um", "uh", "hmm"))
    assert lengths["uh"] > 1.2 * lengths["and"]


def test_the_same_answer_is_made_again() -> None:
    one, other = (answer("one <um> | two {er} three | [laugh] | four", beeps, rng()) for _ in range(2))

    assert np.array_equal(one.samples, other.samples)
    assert one.words == other.words


def test_a_held_word_is_no_filler() -> None:
    made = answer("so~3 we went", beeps, rng())

    assert [word.text for word in made.held] == ["so"]
    assert made.held[0].end - made.held[0].start == pytest.approx(3 * WORD_SECONDS, rel=0.1)


def test_a_silence_between_words_moves_the_edges_to_where_it_begins_and_ends() -> None:
    clean = beeps([Word("one,"), Word("two")], 1.0)
    early = [replace(clean.words[0], end=0.45), replace(clean.words[1], start=0.45)]

    again = phrase(clean.samples, RATE, early)

    for moved, true in zip(again.words, clean.words, strict=True):
        assert (moved.start, moved.end) == pytest.approx((true.start, true.end), abs=0.006)


def test_a_first_word_that_the_voice_swallows_shares_the_time_of_the_second() -> None:
    words = [Said("i", 0.5, 0.51), Said("had", 0.51, 0.9), Said("it", 0.9, 1.1)]

    found = opened(words)

    assert [(word.start, word.end) for word in found] == [(0.5, 0.6), (0.6, 0.9), (0.9, 1.1)]
    assert opened(found) == found


def test_words_that_espeak_runs_together_are_parted() -> None:
    known = {"of": "ˈʌv", "the": "ðə", "team": "tˈiːm", "of the team,": "ʌvðə tˈiːm,", "team,": "tˈiːm,"}

    assert piper_words(known.__getitem__, ["of", "the", "team,"]) == ["ʌv", "ðə", "tˈiːm,"]


def test_a_filler_of_a_person_is_taken_only_for_a_voice_of_that_pitch() -> None:
    def tone(hz: float) -> np.ndarray:
        time = np.arange(RATE // 2) / RATE
        return sum(np.sin(2 * np.pi * hz * k * time) / k for k in range(1, 6)).astype(np.float32)

    assert pitch_hz(tone(110)) == pytest.approx(110, rel=0.03)
    near = matched(tone(100), tone(112))
    assert near is not None
    assert pitch_hz(near) == pytest.approx(112, rel=0.04)
    assert matched(tone(100), tone(210)) is None


def test_noise_lies_as_far_below_the_speech_as_is_asked() -> None:
    made = beeps([Word("one")] * 20, 1.0).samples
    noise = np.random.default_rng(1).normal(0, 1, RATE).astype(np.float32)

    heard = in_room(made, rng(), noise, 15)

    level = 10 * np.log10(np.mean((heard - made) ** 2))
    assert level == pytest.approx(-23 - 15, abs=0.2)


def test_the_texts_are_what_their_table_says() -> None:
    for kind, texts in make_delivery_set.TEXTS.items():
        for name, text in texts.items():
            found = list(pieces(text, rng()))
            said = [plain(word.text) for piece in found for word in piece.words]
            alone = [piece.filler for piece in found if piece.filler]
            count = len(alone) + sum(word in FILLERS for word in said)
            assert set(alone) <= FILLERS, name
            assert {piece.sound for piece in found} - {""} <= set(IN_PAUSES), name
            assert count >= 4 if kind == "spontaneous" else count == 0, name
            assert not re.search(r"\d|[{}<>|~\[\]]", " ".join(said)), name


def test_every_case_has_a_text_and_is_another() -> None:
    cases = make_delivery_set.CASES

    assert len({(case.kind, case.text, case.voices[0]) for case in cases}) == len(cases)
    assert all(case.text in make_delivery_set.TEXTS[case.kind] for case in cases)
    used = {(case.kind, case.text) for case in cases}
    assert used == {(kind, name) for kind, texts in make_delivery_set.TEXTS.items() for name in texts}


def test_the_text_grid_is_read_as_it_was_written(tmp_path: Path) -> None:
    words = [Said("um", 0.5, 0.9), Said("yes", 0.9, 1.2), Said("no", 1.8, 2.0)]

    write_reference(tmp_path, "clip", 2.5, words, {"sounds": [Said("breath", 1.3, 1.7)]})

    grid = text_grid(tmp_path / "clip.TextGrid")
    assert [each for each in grid["words"] if each[0]] == [(w.text, w.start, w.end) for w in words]
    assert all(a[2] == b[1] for a, b in pairwise(grid["words"]))
    assert (grid["words"][0][1], grid["words"][-1][2]) == (0, 2.5)
    assert ("breath", 1.3, 1.7) in grid["sounds"]


def test_the_script_makes_a_set_that_the_evaluation_reads(tmp_path: Path) -> None:
    pytest.importorskip("espeakng_loader")
    for folder in ("one", "other"):
        asked = [tmp_path / folder, "--voices", "espeak", "--audio", tmp_path, "--few", "3"]
        subprocess.run(
            [sys.executable, SCRIPT, *map(str, asked)], check=True, capture_output=True, timeout=120
        )

    with (tmp_path / "one" / "INDEX.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len(rows) == len(NO_SPEECH) + 3
    for row in rows:
        clip, again = (load_clip(tmp_path / folder / row["file"]) for folder in ("one", "other"))
        assert np.array_equal(clip.samples, again.samples)
        assert len(clip.samples) / RATE == pytest.approx(float(row["seconds"]), abs=0.01)
    found = references(tmp_path / "one")
    groups = [reference.group for reference in found]
    assert groups == ["no speech"] * len(NO_SPEECH) + ["spontaneous", "fluent", "fluent"]
    assert sum(word.end - word.start > 0.1 for word in found[-3].timed) > 80
