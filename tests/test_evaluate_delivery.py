"""scripts/evaluate delivery: what was heard is counted right."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import delivery_scores  # noqa: E402
import delivery_systems  # noqa: E402
import evaluate_delivery  # noqa: E402
from delivery_grids import SPOKEN, index, spoken, written  # noqa: E402
from delivery_references import Reference  # noqa: E402
from delivery_systems import Heard, of_answer, of_words  # noqa: E402
from delivery_texts import FILLER, aligned  # noqa: E402

from greenroom.records import Answer, Clip, Delivery, Feedback, Filler, Pause, Transcript, Word  # noqa: E402


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "references").mkdir()
    return tmp_path


def heard(words: Sequence[tuple[str, float, float]], pauses: Sequence[tuple[float, float]] = ()) -> Heard:
    found = of_words(words)
    return Heard(found.tokens, tuple(pauses), found.said, found.words_per_minute)


def scored(reference: Reference, what: Heard) -> delivery_scores.Scored:
    return delivery_scores.score(reference, what, 7.0)


# Filled pauses.


def test_a_filler_is_found_within_300_ms_of_its_start_or_middle(folder: Path) -> None:
    reference = spoken(folder)
    both = scored(reference, heard([("Um,", 1.25, 1.35), ("uh", 5.0, 5.8)]))
    assert both.fillers == delivery_scores.Tally(2, 2, 2, 2)
    late = scored(reference, heard([("um", 1.6, 1.8), ("uh", 5.2, 5.6)]))
    assert (late.missed, late.invented) == (["1.00-1.40"], ["1.60-1.80"])
    assert late.fillers is not None and late.fillers.f1 == 0.5


def test_one_claim_does_not_find_two_fillers(folder: Path) -> None:
    reference = spoken(
        folder, words=[("so", 0.1, 0.4), ("um", 0.5, 0.7), ("uh", 0.7, 0.9), ("yes", 1.0, 1.2)]
    )
    assert scored(reference, heard([("um", 0.5, 0.9)])).fillers == delivery_scores.Tally(2, 1, 1, 1)


def test_a_filler_that_the_text_does_not_have_is_neither_missed_nor_invented(folder: Path) -> None:
    text = "so we shipped it on Monday and uh nobody don't noticed"
    for claimed in ([("um", 1.0, 1.4)], []):
        result = scored(spoken(folder, text), heard([*claimed, ("uh", 5.2, 5.6)]))
        assert result.fillers == delivery_scores.Tally(1, 1, 1, 1)


def test_a_filler_that_has_no_time_is_looked_for_between_its_words(folder: Path) -> None:
    text = "so um we shipped it on Monday erm and uh nobody don't noticed"
    reference = spoken(folder, text)
    found = scored(reference, heard([("um", 1.0, 1.4), ("erm", 4.5, 4.9), ("uh", 5.2, 5.6)], [(3.5, 4.5)]))
    assert found.fillers == delivery_scores.Tally(3, 3, 3, 3)
    assert (3.5, 5.0) not in reference.silences
    assert found.pauses[0.5] == delivery_scores.Tally(1, 0, 0, 0)


def test_without_times_a_filler_is_found_at_its_place_in_the_text(folder: Path) -> None:
    reference = written(folder, "montreal uh forced um aligner")
    result = scored(reference, heard([("Montreal", 0, 1), ("um", 1, 2), ("forced", 2, 3), ("aligner", 3, 4)]))
    assert result.fillers == delivery_scores.Tally(2, 1, 1, 1)
    assert result.missed == ["after '<um> forced'"]
    elsewhere = scored(
        reference, heard([("Montreal", 0, 1), ("forced", 2, 3), ("aligner", 3, 4), ("uh", 4, 5)])
    )
    assert elsewhere.fillers == delivery_scores.Tally(2, 0, 1, 0)


def test_where_nobody_wrote_down_what_was_said_read_speech_has_no_fillers(folder: Path) -> None:
    fluent, free, noise = index(folder, a="read", b="interview", c="noise-only")
    claimed = heard([("um", 1.0, 1.4), ("you", 2.0, 2.2)])
    results = [scored(reference, claimed) for reference in (fluent, free, noise)]
    assert [result.fillers is None for result in results] == [False, True, False]
    summary = delivery_scores.summarise("it", results)
    assert (summary.invented_when_fluent, summary.invented_without_speech) == (1, 1)
    assert (summary.words_without_speech, summary.fillers["spontaneous"].claimed) == (1, 0)


# Words, pauses and pace.


def test_a_word_that_is_missing_or_wrong_is_one_error(folder: Path) -> None:
    reference = written(folder, "so um we shipped it on Monday")
    result = scored(
        reference, heard([(word, i, i + 1) for i, word in enumerate(["so", "we", "shipped", "that", "on"])])
    )
    assert (result.errors, result.length) == (3, 7)
    assert (result.clean_errors, result.clean_length) == (2, 6)
    assert result.changed == ["it > that", "monday >"]


def test_what_was_cut_off_cannot_be_compared_word_by_word(folder: Path) -> None:
    result = scored(written(folder, "<cutoff-forced> forced um", "acted"), heard([("um", 0, 1)]))
    assert result.clean_errors is None
    assert result.fillers == delivery_scores.Tally(1, 1, 1, 1)


def test_pauses_must_be_as_long_and_lie_there(folder: Path) -> None:
    reference = spoken(folder)  # silences of 0.7 s at 2.2 and of 1.5 s at 3.5
    result = scored(reference, heard(SPOKEN, [(2.25, 2.7), (3.4, 5.1), (5.7, 6.3)]))
    assert result.pauses[0.25] == delivery_scores.Tally(2, 2, 3, 2)
    assert result.pauses[0.5] == delivery_scores.Tally(2, 1, 2, 1)
    assert (result.pauses_missed, result.pauses_false) == (["2.20-2.90"], ["5.70-6.30"])
    assert result.lenient[0.5] == delivery_scores.Tally(2, 2, 2, 1)
    assert result.pauses[1.0] == delivery_scores.Tally(1, 1, 1, 1)


def test_one_long_silence_is_not_the_short_one_inside_it(folder: Path) -> None:
    result = scored(spoken(folder), heard(SPOKEN, [(0.8, 4.0)]))
    assert result.pauses[0.5].found == 0


def test_starts_are_those_of_words_that_were_heard(folder: Path) -> None:
    shifted = [(text, start + 0.1, end) for text, start, end in SPOKEN]
    shifted[6] = ("Monday", 3.4, 3.5)
    shifted[3] = ("skipped", 1.6, 2.0)
    result = scored(spoken(folder), heard(shifted))
    assert sorted(result.starts) == pytest.approx([0.1] * 8 + [0.4])
    assert result.far == ["monday 3.00 heard 3.40"]


def test_of_words_that_are_the_same_the_nearest_is_meant() -> None:
    said, there = [0.0, 1.0, 2.0], [2.1]
    pairs = aligned(["words"] * 3, ["words"], lambda i, j: abs(said[i] - there[j]))
    assert (2, 0) in pairs


def test_the_rate_is_that_of_words_without_fillers_and_a_contraction_is_one(folder: Path) -> None:
    result = scored(spoken(folder), heard(SPOKEN))
    assert result.rate == pytest.approx((100.0, 100.0))


def test_an_answer_is_read_as_its_delivery_says(folder: Path) -> None:
    words = (Word("So", 0.5, 0.8), Word("um,", 1.0, 1.4), Word("we", 1.5, 1.6))
    fillers = (
        Filler("um", 1.0, 1.4, first_word=1, last_word=1),
        Filler("…", 2.0, 2.4, "audio"),
        Filler("so", 0.5, 0.8, kind="filler_word"),
    )
    delivery = Delivery(2, speech_rate_wpm=120.0, pauses=(Pause(1.6, 2.0),), fillers=fillers)
    answer = Answer(
        source=None,
        question=None,
        seconds=3.0,
        transcript=Transcript("", words=words),
        delivery=delivery,
        feedback=Feedback("", "", ()),
    )
    got = of_answer(answer)
    assert [token.text for token in got.tokens] == ["so", FILLER, "we", FILLER]
    assert (got.silences, got.said, got.words_per_minute) == (((1.6, 2.0),), 2, 120.0)


# The whole of it.


def test_processor_time_counts_children_that_run(tmp_path: Path) -> None:
    busy = (
        "import time\nwhile time.process_time() < 0.6: pass\nprint(flush=True)\nimport sys; sys.stdin.read()"
    )
    before = delivery_systems.processor_seconds()
    with subprocess.Popen(
        [sys.executable, "-c", busy], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        running = delivery_systems.processor_seconds() - before
        child.kill()
    ended = delivery_systems.processor_seconds() - before
    if sys.platform == "linux":
        assert running > 0.5
    assert ended > 0.5


def test_what_is_remembered_is_decoded_once_and_costs_what_it_cost(tmp_path: Path) -> None:
    calls = []

    class Transcriber:
        engine, model = "an engine", "a model"

        def transcribe(self, clip: Clip, *, offset: float = 0.0) -> Transcript:
            calls.append(offset)
            until = time.process_time() + 0.2
            while time.process_time() < until:
                pass
            return Transcript("so", words=(Word("so", offset, offset + 1),))

    clip = Clip(np.zeros(16_000, np.float32))
    remembered = delivery_systems.Remembered(Transcriber(), tmp_path)  # type: ignore[arg-type]
    results = [delivery_systems.timed(lambda: remembered.transcribe(clip, offset=2.0)) for _ in range(2)]
    assert calls == [2.0]
    assert results[0][0] == results[1][0]
    assert all(cost > 0.15 for _, cost in results)


def test_the_tables_and_the_json(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    spoken(folder, words=SPOKEN)
    index(folder, a="spontaneous", b="noise-only")
    for name in ("a", "b"):
        soundfile.write(folder / f"{name}.flac", np.zeros(7 * 16_000, np.float32), 16_000)
    without = [word for word in SPOKEN if word[0] != "um"]

    def listen(path: Path) -> Heard:
        return heard(without if path.stem == "a" else [("um", 1.0, 1.2)], [(2.2, 2.9), (3.5, 5.0)])

    system = delivery_systems.System("greenroom", listen, lambda: None)
    monkeypatch.setattr(evaluate_delivery, "greenroom_whole", lambda engine, model: system)
    arguments = ["evaluate", str(folder), "--verbose", "--json", str(folder / "out.json")]
    monkeypatch.setattr(sys, "argv", arguments)
    evaluate_delivery.main()
    printed = capsys.readouterr().out
    assert "| filled pauses, spontaneous | 0.67 (1 of 2, 1 claimed) | F1 0.90 |" in printed
    assert "| invented fillers, no speech / fluent | 1 / 0 | 0 / 1 at most |" in printed
    assert "| pauses of 0.5 s and more | 1.00 (2 of 2, 2 claimed) | F1 0.90 |" in printed
    assert "- a: fillers missed 1.00-1.40" in printed and "- b: fillers invented 1.00-1.20" in printed
    result = json.loads((folder / "out.json").read_text())["greenroom"]
    assert result["summary"]["words_without_speech"] == 0
    assert [entry["name"] for entry in result["recordings"]] == ["a", "b"]


def test_the_script_says_what_it_evaluates() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "evaluate"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (
        1,
        "usage: scripts/evaluate {patterns,clauses,quotes,moments,follow-ups,delivery} ...\n",
    )


@pytest.mark.skipif(sys.platform == "win32", reason="its stand-in for Python is a shell script")
def test_without_greenroom_it_goes_on_in_the_environment_of_the_tests(tmp_path: Path) -> None:
    # Without its packages, this Python does not have greenroom either.
    command = [sys.executable, "-S", str(ROOT / "scripts" / "evaluate"), "delivery", "a folder"]
    environment = {"GREENROOM_VENV": str(tmp_path)}
    none = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert none.returncode == 1
    assert none.stderr.splitlines()[-1] == "try: scripts/test --quick, which sets it up"
    (tmp_path / "bin").mkdir()
    python = tmp_path / "bin" / "python"
    python.write_text('#!/bin/sh\nprintf "<%s>" "$@"\n')
    python.chmod(0o755)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == f"<{ROOT / 'scripts' / 'evaluate'}><delivery><a folder>"
