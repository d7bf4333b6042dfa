"""`greenroom analyze`: recordings, transcripts and files of many answers, without an interview."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from greenroom.assessment import Assessor
from greenroom.audio.clip import load_clip
from greenroom.coaching import Coach
from greenroom.errors import BadInputError, UsageError
from greenroom.listening.voice_activity import heard, load_detector
from greenroom.records import KINDS, Answer, Question
from greenroom.transcription import load_transcriber

_TEXT, _MANY = ".txt", ".jsonl"

MAX_FILE_BYTES = 20_000_000
"""Of a transcript or a file of many: some two thousand answers of ten minutes (judgement)."""

MOST_TOKENS = 10_000
"""Words and signs of one answer: an hour of speech. Some 25 kB of memory go into the reading of each, so that
no answer comes near 500 MB; a longer text is a whole interview, and wants to be cut. (Judgement.)"""

MOST_CHARACTERS = 100_000
MOST_QUESTION_CHARACTERS = 5_000

_TOKEN = re.compile(r"\w+|[^\w\s]")
_KEYS = ("answer", "id", "question", "kind")
_MOST_FAULTS = 20  # of one file that an error shows


@dataclass(frozen=True, slots=True)
class AnalyzeSettings:
    """The question that was answered, if it is known, and what transcribes; the rest as in practice."""

    question: str | None = None
    kind: str | None = None
    engine: str = "openai-whisper"
    model: str = "base"
    vad: str = "auto"
    profile: str = "usual"


class FileAnalysis:
    """Analyses file after file in one process. `close` it at the end."""

    def __init__(self, settings: AnalyzeSettings, *, sound: bool) -> None:
        """`sound`: whether any file is a recording, so that Whisper is needed."""
        if settings.kind is not None and settings.kind not in KINDS:
            raise UsageError(f'unknown kind "{settings.kind}"', f"the kinds are: {', '.join(KINDS)}")
        self._question = _question(settings.question, settings.kind)
        self._vad = settings.vad
        load = (lambda: load_transcriber(settings.engine, settings.model)) if sound else None
        self._assessor = Assessor(load, Coach(), profile=settings.profile)

    def answers(self, path: Path) -> Iterator[Answer]:
        """The answer or answers in a file, in order. BadInputError before the first if any cannot be read."""
        suffix = path.suffix.lower()
        if suffix == _MANY:
            yield from (self._entry(entry, path) for entry in entries_of(path))
        elif suffix == _TEXT:
            text = read_text(path)
            if (fault := _too_long(text)) is not None:
                raise BadInputError(
                    f"{path} {fault}", "cut it into answers, one file each, or one line of a .jsonl"
                )
            yield self._assessor.assess_text(text, self._question, str(path)).result().answer
        else:
            utterance = heard(load_clip(path), load_detector(self._vad))
            yield self._assessor.assess(utterance, self._question, str(path)).result().answer

    def close(self) -> None:
        self._assessor.close()

    def _entry(self, entry: dict[str, str], path: Path) -> Answer:
        question = _question(entry.get("question"), entry.get("kind")) or self._question
        answer = self._assessor.assess_text(entry["answer"], question, str(path)).result().answer
        return replace(answer, id=entry.get("id"))


def is_sound(path: Path) -> bool:
    return path.suffix.lower() not in (_TEXT, _MANY)


def read_text(path: Path) -> str:
    """A text file as UTF-8, with or without a byte order mark.

    Raises:
        BadInputError: it cannot be read, is no text, or is larger than MAX_FILE_BYTES.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {error.strerror or error}") from error
    except ValueError as error:  # a zero byte in the name
        raise BadInputError(f"{str(path)!r} is no name of a file") from error
    if len(data) > MAX_FILE_BYTES:
        raise BadInputError(f"{path} is larger than {MAX_FILE_BYTES // 1_000_000} MB", "cut it into several")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInputError(f"{path} is not a UTF-8 text", "save it as UTF-8") from error


def _question(text: str | None, kind: str | None) -> Question | None:
    """The question as far as it is known; an unknown kind in a file of many is taken as "other"."""
    if text is None and kind is None:
        return None
    known = "behavioural" if kind is None else kind if kind in KINDS else "other"
    return Question(id="asked", text=text or "", kind=known)


def entries_of(path: Path) -> list[dict[str, str]]:
    """Every line's object; all lines are read before the first is analysed, so that nothing is half done.

    Raises:
        BadInputError: as read_text; or lines are no such objects, each named in `details`.
    """
    entries, faults = [], []
    # At line feeds alone: JSON may hold the other ends of lines that splitlines() knows.
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            entries.append(_checked(json.loads(line)))
        except (ValueError, RecursionError) as error:
            faults.append(f"line {number}: {_reason(error)}")
            if len(faults) == _MOST_FAULTS:
                faults.append("read no further")
                break
    if faults:
        hint = 'every line is one object with at least "answer"'
        raise BadInputError(f"{path}: {faults[0]}", hint, details=tuple(faults[1:]))
    return entries


def _reason(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)


def _checked(entry: object) -> dict[str, str]:
    if not isinstance(entry, dict):
        raise ValueError("not a JSON object")
    if isinstance(entry.get("id"), int):
        entry["id"] = str(entry["id"])
    for key in _KEYS:
        value = entry.get(key)
        if value is None and key != "answer":
            continue
        if not isinstance(value, str):
            raise ValueError(f'"{key}" is missing' if key not in entry else f'"{key}" is not a text')
        if key != "answer" and len(value) > MOST_QUESTION_CHARACTERS:
            raise ValueError(f'"{key}" is longer than {MOST_QUESTION_CHARACTERS} characters')
    if (fault := _too_long(entry["answer"])) is not None:
        raise ValueError(f'"answer" {fault}')
    return {key: _whole(entry[key]) for key in _KEYS if isinstance(entry.get(key), str)}


def _too_long(answer: str) -> str | None:
    if len(answer) > MOST_CHARACTERS:
        return f"is longer than {MOST_CHARACTERS} characters"
    if sum(1 for _ in _TOKEN.finditer(answer)) > MOST_TOKENS:
        return f"is longer than {MOST_TOKENS} words and signs, an hour of speech"
    return None


def _whole(text: str) -> str:
    """Half a character, which JSON's escapes can write, can be neither read nor printed: a question mark."""
    return text.encode("utf-8", "replace").decode()
