"""What is fuzzed: for each kind of file how one is made hostile, and what greenroom does with it."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import click
import fuzz_audio
import msgspec
from fuzz_inputs import hostile_json, hostile_record, hostile_text, hostile_toml

from greenroom.errors import UserError

ROOT = Path(__file__).resolve().parent.parent

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


class FindingError(Exception):
    """Something that must not be, and that is no traceback."""


@dataclass(frozen=True)
class Target:
    """A kind of file.

    Attributes:
        make: the bytes of a hostile file, from a random source.
        read: greenroom reads it; gets the bytes and an empty folder, and may raise UserError.
        inputs: how many `scripts/fuzz` tries unless it is told otherwise.
        warm: a file to begin with, after which all is imported and loaded.
    """

    make: Callable[[Random], bytes]
    read: Callable[[bytes, Path], None]
    inputs: int = 10_000
    warm: bytes = b""


def run(target: Target, data: bytes, folder: Path) -> str:
    """Read one input. "" where it could be used, else the one line that refuses it.

    Raises:
        FindingError: the refusal is not one line that can be shown in a terminal.
        Exception: whatever escapes greenroom.
    """
    try:
        target.read(data, folder)
    except UserError as error:
        for line in error.lines:
            one_line(line)
        return error.message
    except click.ClickException as error:
        return one_line(error.format_message())
    return ""


def one_line(text: str) -> str:
    """The text. FindingError unless it is one line that a terminal shows and does not obey."""
    if not text.isprintable():
        raise FindingError(f"not one printable line: {text[:300]!r}")
    if len(text) > _LONGEST_LINE:
        raise FindingError(f"a line of {len(text)} characters: {text[:200]!r}")
    return text


_LONGEST_LINE = 1500
"""More is no longer one line to anybody; paths are in it. (Judgement.)"""


# --- banks


def _read_bank(data: bytes, folder: Path) -> None:
    from greenroom.questions import bank_data, check_bank, choose, load_banks, question_data

    path = _written(folder / "bank.toml", data)
    faults = check_bank(path)
    _one_line_each(faults)
    try:
        bank = load_banks([str(path)])[0]
    except UserError:
        if not faults:
            raise FindingError("refused, and the check finds no fault") from None
        raise
    json.dumps(bank_data(bank)).encode()
    for question in choose([bank], count=5, seed=1):
        json.dumps(question_data(question), ensure_ascii=False).encode()


def _bank_seeds() -> list[Any]:
    seeds = [tomllib.loads(path.read_text()) for path in sorted((ROOT / "question_banks").glob("*.toml"))[:4]]
    for seed in seeds:
        del seed["question"][4:]
    return seeds


# --- stories


STORY = {
    "title": "The import that nobody watched",
    "situation": "Our nightly import failed about twice a week.\nThe billing desk found out at nine.",
    "task": "Nobody owned it.",
    "action": 'I read three months of logs. "Why?", they said.',
    "result": "Failures went from eight a month to one.",
    "numbers": ["8 to 1 a month", "90 minutes"],
    "people": ["Dana"],
    "dates": ["March 2025"],
    "technologies": ["Python"],
    "qualities": ["ownership", "calm under pressure"],
    "mine": {"note": [1, 2.5, True]},
    "told": [
        {
            "session": "2026-11-20T18-00-00-leadership",
            "turn": 2,
            "at": "2026-11-20T18:04:00+01:00",
            "angle": "business",
        },
        {"session": "2026-11-21T18-00-00-leadership", "turn": 1, "at": "2026-11-21T18:04:00+01:00"},
    ],
}


def _read_story(data: bytes, folder: Path) -> None:
    from greenroom.preparation.stories.stories import Told
    from greenroom.preparation.stories.story_files import find_file, load_stories, note_told, save_story

    _written(folder / "stories" / "late-import.toml", data)
    loaded = load_stories(folder)
    _one_line_each(loaded.faults)
    find_file(folder, "late")
    if not loaded.stories:
        return
    told = Told("2026-11-22T10-00-00-x", 1, "2026-11-22T10:00:00+01:00")
    story = loaded.stories[0]
    if (told.session, told.turn) in ((each.session, each.turn) for each in story.told):
        return
    note_told(folder, story.name, told)
    longer = replace(story, told=(*story.told, told), result=story.result + "\nAnd more.\\")
    save_story(folder, longer)
    if longer not in load_stories(folder).stories:
        raise FindingError("a story that was saved is not what is read again")


# --- plan, look backs, debriefs, settings


PLAN = {
    "interview": "2026-12-19",
    "started": "2026-11-21",
    "role": "backend",
    "qualities": ["ownership", "calm"],
}
LOOK_BACKS = {
    "look_back": [
        {"session": "a", "at": "2026-11-21T10:00:00+01:00", "signal": "scope", "signals": ["ownership"]},
        {
            "session": "b",
            "at": "2026-11-22T10:00:00+01:00",
            "fix": "Say what I did.",
            "recording": "b-look-back",
        },
    ]
}
DEBRIEF = {
    "company": "Acme Robotics",
    "round": "the second",
    "felt": "I rambled in the first answer.",
    "outcome": "no",
    "said": ["They told me that the role was frozen."],
    "question": [{"asked": "Tell me about a time you failed.", "retold": "Our export broke.", "answer": 4}],
}
SETTINGS = {
    "bank": ["behavioural", "leadership"],
    "questions": 3,
    "patience": "short",
    "follow-ups": 1,
    "focus": "ownership",
    "level": "senior",
    "seed": 7,
    "input": "USB",
    "quiet": True,
    "max-answer": 240.0,
    "recordings": "/tmp/x",
    "candidate": ["a.wav"],
}


def _read_plan(data: bytes, folder: Path) -> None:
    from greenroom.preparation.plan.goal import load_goal, save_goal

    _written(folder / "plan.toml", data)
    goal = load_goal(folder)
    if goal is not None:
        changed = replace(goal, role="another role")
        save_goal(folder, changed)
        if load_goal(folder) != changed:
            raise FindingError("a plan that was saved is not what is read again")


def _read_look_backs(data: bytes, folder: Path) -> None:
    from greenroom.preparation.look_back.look_back_file import LookBack, add_look_back, load_look_backs

    _written(folder / "look-backs.toml", data)
    kept, faults = load_look_backs(folder)
    _one_line_each(faults)
    added = LookBack("2026-11-22T10-00-00-x", "9998-11-22T10:00:00+01:00", "scope", "the first sentence")
    add_look_back(folder, added)
    again = load_look_backs(folder)[0]
    if added not in again or not {*kept} <= {*again}:
        raise FindingError("a look back that was added is not what is read again")


def _read_debrief(data: bytes, folder: Path) -> None:
    from greenroom.preparation.debrief.debriefs import find_debrief, load_debriefs, save_debrief, with_outcome

    _written(folder / "debriefs" / "2026-11-22T10-00-00-acme" / "debrief.toml", data)
    loaded = load_debriefs(folder)
    _one_line_each(loaded.faults)
    debrief = find_debrief(folder, "acme")
    save_debrief(with_outcome(debrief, "offer", "They rang."))
    again = find_debrief(folder, "acme")
    if again.outcome != "offer" or again.said[-1] != "They rang.":
        raise FindingError("a debrief that was saved is not what is read again")


def _read_settings(data: bytes, folder: Path) -> None:
    from greenroom.cli import practice_command
    from greenroom.setting_values import as_data, lines_of, setting_values
    from greenroom.settings_file import checked_settings, read_settings, settings_options, values_for

    path = _written(folder / "config.toml", data)
    options = settings_options(practice_command)
    values_for("config", options, path)
    found = setting_values(read_settings(options, path), options, {})
    _one_line_each(found.faults)
    json.dumps(as_data(found)).encode()
    "\n".join(lines_of(found)).encode()
    given = checked_settings(options, path)
    with contextlib.suppress(click.ClickException, UserError):
        practice_command.make_context("practice", [], default_map=given)


# --- sessions


def _read_session(data: bytes, folder: Path) -> None:
    from greenroom.review.exports import EXPORTS, export
    from greenroom.review.finding import find_session
    from greenroom.review.history_index import read_history
    from greenroom.review.history_page import Asked
    from greenroom.review.look_back import look_back
    from greenroom.review.replay import ReplaySettings, replay
    from greenroom.review.report import write_report
    from greenroom.session import load_session, save_session

    its = folder / "2026-11-22T10-00-00-behavioural"
    _written(its / "session.json", data)
    (its / "01-answer.flac").write_bytes(_short_flac())
    found = find_session(None, folder)
    for each in read_history(folder).skipped:
        one_line(f"{each.name}: {each.why}")
    session = load_session(found)
    errors = [
        problem
        for job in (
            lambda: write_report(found),
            *(lambda kind=kind: export(session, kind).encode() for kind in EXPORTS),
            lambda: replay(found, ReplaySettings(quiet=True)),
            lambda: look_back(folder, Asked(None, None, None)),
            lambda: look_back(folder, Asked(None, None, None), as_json=True),
            lambda: _reanalysed(found),
        )
        if (problem := _quietly(job)) is not None
    ]
    save_session(found, session)
    if load_session(found) != session:
        raise FindingError("a session that was saved is not what is read again")
    if errors:
        raise errors[0]


def _reanalysed(folder: Path) -> None:
    from greenroom.reanalysis.archive import is_known, job_of, open_session, wanted_for
    from greenroom.reanalysis.jobs import Wanted

    stored = open_session(folder)
    wanted = wanted_for(stored, Wanted("openai-whisper", "base", rules="1"))
    is_known(stored.session, wanted)
    job_of(stored, wanted)


def _quietly(job: Callable[[], Any]) -> UserError | None:
    """Run it with what it prints caught, as UTF-8; UserError comes back and everything else is raised."""
    out, error = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
            job()
    except UserError as refused:
        return refused
    return None


_FLAC: list[bytes] = []


def _short_flac() -> bytes:
    if not _FLAC:
        _FLAC.append(fuzz_audio.tone("FLAC", seconds=0.1))
    return _FLAC[0]


def _session_seeds() -> list[Any]:
    sample = json.loads((ROOT / "recordings" / "sample" / "session.json").read_text())
    one = {**sample, "turns": sample["turns"][:1]}
    again = {
        **one,
        "turns": [one["turns"][0], {**one["turns"][0], "number": 4, "retry_of": 1, "self_rating": 3}],
    }
    left = {"number": 5, "question": "Why?", "asked": sample["turns"][0]["asked"], "reason": "skipped"}
    read = {
        "at": "2026-11-22T10:00:00+01:00",
        "greenroom": "0.1.0",
        "rules": "x",
        "engine": "",
        "model": "",
        "earlier": "earlier/a.json",
    }
    return [one, {**again, "unanswered": [left], "reanalyses": [read]}, one, again, sample]


# --- transcripts and captions


def _read_transcript(data: bytes, folder: Path) -> None:
    from greenroom.analyze import read_text

    read_text(_written(folder / "answer.txt", data))


def _read_jsonl(data: bytes, folder: Path) -> None:
    from greenroom.analyze import entries_of

    for entry in entries_of(_written(folder / "answers.jsonl", data)):
        json.dumps(entry, ensure_ascii=False).encode()


_ANALYSIS: list[Any] = []


def _analyse(data: bytes, folder: Path) -> None:
    """All that `greenroom analyze` does with a transcript; a few a second, where the others are hundreds."""
    from greenroom.analyze import AnalyzeSettings, FileAnalysis
    from greenroom.screens.summary import summary
    from greenroom.session import answer_json

    if not _ANALYSIS:
        _ANALYSIS.append(FileAnalysis(AnalyzeSettings(), sound=False))
    name = "answers.jsonl" if data.lstrip(b"\xef\xbb\xbf \n").startswith(b"{") else "answer.txt"
    for answer in _ANALYSIS[0].answers(_written(folder / name, data)):
        answer_json(answer)
        summary(answer).encode()


SAID = (
    "Um, so last spring our nightly import failed twice a week. I read three months of logs, and I wrote a "
    "check that reads each file first. Failures went from eight a month to one; the desk got 90 minutes.",
    "We usually do a retrospective.",
    'Well… I, I would probably — you know — ask the team? (laughs) It\'s "fine".',
)
LINES = [
    {"id": "a", "answer": SAID[0], "question": "Tell me about a failure.", "kind": "behavioural"},
    {"answer": SAID[1], "id": 7},
    {"answer": SAID[2], "kind": "technical", "more": [1, {"a": None}]},
]


def _lines(rng: Random) -> bytes:
    return rng.choice((b"\n", b"\n", b"\r\n", b"\n\n")).join(
        hostile_json(rng, LINES) if rng.random() < 0.7 else json.dumps(rng.choice(LINES)).encode()
        for _ in range(rng.randrange(1, 6))
    )


def _text_or_lines(rng: Random) -> bytes:
    return hostile_text(rng, SAID) if rng.random() < 0.7 else _lines(rng)


def _read_words(data: bytes, _: Path) -> None:
    """Words with times, as a transcriber or an older session gives them, as captions."""
    from greenroom.captions import web_vtt
    from greenroom.records import Transcript

    try:
        transcript = msgspec.json.decode(data, type=Transcript)
    except (ValueError, RecursionError):
        return  # load_session refuses it, which the sessions try
    captions = web_vtt(transcript.words)
    captions.encode()
    for block in captions.split("\n\n")[1:]:
        if block.strip() and len(block.strip("\n").split("\n")) != 2:
            raise FindingError(f"a cue is not two lines: {block[:200]!r}")


WORDS = {
    "text": "Um, so",
    "words": [
        {"text": "Um,", "start": 0.1, "end": 0.4, "probability": 0.5},
        {"text": "so", "start": 0.5, "end": 0.7},
        {"text": "we", "start": None, "end": None},
        {"text": "left.", "start": 9.0, "end": 9.5},
        {"text": "Then <b>", "start": 3700.0, "end": 3701.0},
    ],
}


# --- sound


def _read_sound(data: bytes, folder: Path) -> None:
    from greenroom.audio.clip import load_clip, sound_seconds
    from greenroom.review.peaks import peaks_of

    suffix, content = fuzz_audio.named(data)
    path = _written(folder / f"answer{suffix}", content)
    with fuzz_audio.no_chatter():
        sound_seconds(path)
        peaks = peaks_of(path)
        clip = load_clip(path)
    if peaks is not None and any(value != value for value in peaks.values):
        raise FindingError("a peak is no number")
    if clip.rate != 16_000 or not bool((abs(clip.samples) <= 1.0).all()):
        raise FindingError("samples outside [-1, 1], or at another rate")


def _written(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def _one_line_each(faults: Iterable[object]) -> None:
    for fault in faults:
        one_line(str(fault))


def _seeded(make: Callable[[Random, Any], bytes], seeds: Callable[[], Any]) -> Callable[[Random], bytes]:
    """`make` with seeds that are read when they are first needed."""
    kept: list[Any] = []

    def made(rng: Random) -> bytes:
        if not kept:
            kept.append(seeds())
        return make(rng, kept[0])

    return made


TARGETS: Mapping[str, Target] = {
    "banks": Target(_seeded(hostile_toml, _bank_seeds), _read_bank),
    "stories": Target(_seeded(hostile_toml, lambda: [STORY]), _read_story),
    "sessions": Target(_seeded(hostile_record, _session_seeds), _read_session),
    "transcripts": Target(_seeded(hostile_text, lambda: SAID), _read_transcript),
    "jsonl": Target(_lines, _read_jsonl),
    "analysis": Target(_text_or_lines, _analyse, inputs=2000, warm=SAID[0].encode()),
    "captions": Target(_seeded(hostile_record, lambda: [WORDS]), _read_words),
    "audio": Target(fuzz_audio.hostile_sound, _read_sound),
    "settings": Target(_seeded(hostile_toml, lambda: [SETTINGS]), _read_settings),
    "plan": Target(_seeded(hostile_toml, lambda: [PLAN]), _read_plan),
    "look-backs": Target(_seeded(hostile_toml, lambda: [LOOK_BACKS]), _read_look_backs),
    "debriefs": Target(_seeded(hostile_toml, lambda: [DEBRIEF]), _read_debrief),
}
