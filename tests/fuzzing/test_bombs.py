"""Small files that unfold into large ones, and large files: bounded, or refused in one line."""

from __future__ import annotations

import itertools
import json
import resource
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import fuzz_audio  # noqa: E402

from greenroom import analyze  # noqa: E402
from greenroom.analyze import entries_of, read_text  # noqa: E402
from greenroom.audio.clip import load_clip  # noqa: E402
from greenroom.cli import practice_command  # noqa: E402
from greenroom.errors import UserError  # noqa: E402
from greenroom.preparation.debrief.debriefs import read_debrief  # noqa: E402
from greenroom.preparation.look_back.look_back_file import load_look_backs  # noqa: E402
from greenroom.preparation.plan.goal import load_goal  # noqa: E402
from greenroom.preparation.stories.story_reading import read_file  # noqa: E402
from greenroom.questions import check_bank  # noqa: E402
from greenroom.records.limits import MOST_TURNS  # noqa: E402
from greenroom.review.peaks import peaks_of  # noqa: E402
from greenroom.session import MAX_SESSION_BYTES, load_session  # noqa: E402
from greenroom.settings_file import read_settings, settings_options  # noqa: E402

DEEP = 100_000
GIGABYTE = 1 << 30


@pytest.fixture(autouse=True)
def _grows_by_less_than_500_mb() -> Iterator[None]:
    """By the peak of this whole process, of which nothing before can take any away."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500_000  # kB


def refusal(read: Callable[[], object]) -> UserError:
    with pytest.raises(UserError) as refused:
        read()
    assert all(line.isprintable() and len(line) < 1000 for line in refused.value.lines)
    return refused.value


def sparse(path: Path, begin: bytes = b"") -> Path:
    """A file of a gigabyte that takes none of the disk: zero bytes behind its beginning."""
    with path.open("wb") as file:
        file.write(begin)
        file.truncate(GIGABYTE)
    return path


@pytest.mark.slow
def test_ten_hours_of_silence_in_a_small_flac_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "answer.flac"
    hour = np.zeros((1000 * 3600,), dtype=np.int16)
    with soundfile.SoundFile(path, "w", 1000, 1, "PCM_16", format="FLAC") as file:
        for _ in range(10):
            file.write(hour)
    assert path.stat().st_size < 1_000_000
    assert "longer than 90 minutes" in refusal(lambda: load_clip(path)).message
    peaks = peaks_of(path)  # in a folder from elsewhere it is drawn, and nothing else
    assert peaks is not None
    assert peaks.seconds == 36_000


def test_a_header_that_claims_four_gigabytes_gives_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "answer.wav"
    header = fuzz_audio.wav_header(rate=16_000, channels=1, bits=16, claimed=2**32 - 1)
    path.write_bytes(header + bytes(32_000))
    assert load_clip(path).seconds == pytest.approx(1.0)


@pytest.mark.parametrize("opening", ["[", "{a = "])
def test_toml_nested_without_end_is_refused_everywhere(tmp_path: Path, opening: str) -> None:
    # As deep as a file may be large: of a megabyte in a bank, of less elsewhere.
    text = "a = " + opening * min(DEEP, 90_000 // len(opening))
    for name in ("plan.toml", "look-backs.toml", "debrief.toml", "bank.toml", "story.toml", "config.toml"):
        (tmp_path / name).write_text(text)
    told = [
        refusal(lambda: load_goal(tmp_path)).message,
        *load_look_backs(tmp_path)[1],
        *(str(fault) for fault in read_debrief(tmp_path)[1]),
        *(str(fault) for fault in check_bank(tmp_path / "bank.toml")),
        *(str(fault) for fault in read_file(tmp_path / "story.toml").faults),
        refusal(lambda: read_settings(settings_options(practice_command), tmp_path / "config.toml")).message,
    ]
    assert len(told) == 6
    assert all("nested too deeply" in line for line in told)


def test_a_line_of_json_nested_without_end_is_named_and_no_other_is_read_in_vain(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text(f'{{"answer": "a"}}\n{{"answer": {"[" * DEEP}\n')
    assert refusal(lambda: entries_of(path)).message == f"{path}: line 2: nested too deeply"


def test_files_of_a_gigabyte_are_not_read_to_their_end(tmp_path: Path) -> None:
    line = sparse(tmp_path / "answers.jsonl", b'{"answer": "')
    folder = tmp_path / "debriefs"
    folder.mkdir()
    for name in ("plan.toml", "look-backs.toml", "bank.toml", "story.toml", "config.toml", "session.json"):
        sparse(tmp_path / name, b"a = '")
    sparse(folder / "debrief.toml")
    told = [
        refusal(lambda: entries_of(line)).message,
        refusal(lambda: read_text(line)).message,
        refusal(lambda: load_session(tmp_path)).message,
        refusal(lambda: load_goal(tmp_path)).message,
        *load_look_backs(tmp_path)[1],
        *(str(fault) for fault in read_debrief(folder)[1]),
        *(str(fault) for fault in check_bank(tmp_path / "bank.toml")),
        *(str(fault) for fault in read_file(tmp_path / "story.toml").faults),
        refusal(lambda: read_settings(settings_options(practice_command), tmp_path / "config.toml")).message,
    ]
    assert len(told) == 9
    assert all("larger than" in line for line in told)


@pytest.mark.slow
def test_a_session_of_a_hundred_thousand_questions_is_refused(tmp_path: Path) -> None:
    question = {"id": "a", "text": "Why?"}
    left = json.dumps({"number": 1, "question": "Why?", "asked": question, "reason": "skipped"})
    path = tmp_path / "session.json"
    head = '{"id": "a", "started_at": "2026-11-22T10:00:00Z", "unanswered": ['
    path.write_text(head + ", ".join([left] * 100_000) + "]}")
    assert path.stat().st_size < MAX_SESSION_BYTES
    assert f"more than {MOST_TURNS} questions" in refusal(lambda: load_session(tmp_path)).message


def test_an_answer_of_more_than_an_hour_is_to_be_cut(tmp_path: Path) -> None:
    many = tmp_path / "answers.jsonl"
    for answer in ("word " * 10_001, "👩" * 10_001, "a" * 100_001):
        many.write_text(json.dumps({"answer": "short"}) + "\n" + json.dumps({"answer": answer}))
        refused = refusal(lambda: entries_of(many))
        assert "line 2: " in refused.message
        assert "longer than" in refused.message
    many.write_text(json.dumps({"answer": "so", "question": "why " * 2000}))
    assert '"question" is longer than' in refusal(lambda: entries_of(many)).message
    many.write_text(json.dumps({"answer": "word " * 10_000}))
    assert len(entries_of(many)) == 1


def test_a_transcript_of_more_than_an_hour_is_refused_before_anything_is_loaded_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Unloaded:
        def __init__(self, *_: object, **__: object) -> None:
            pass

        def assess_text(self, *_: object) -> object:
            raise AssertionError("it was read")

    monkeypatch.setattr(analyze, "Assessor", Unloaded)
    path = tmp_path / "answer.txt"
    path.write_text("word " * 10_001)
    analysis = analyze.FileAnalysis(analyze.AnalyzeSettings(), sound=False)
    refused = refusal(lambda: next(itertools.islice(analysis.answers(path), 1)))
    assert refused.hint is not None
    assert "cut it into answers" in refused.hint
