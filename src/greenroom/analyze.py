"""`greenroom analyze`: recordings, transcripts and files of many answers, without an interview."""

from __future__ import annotations

import json
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
            yield from (self._entry(entry, path) for entry in _entries(path))
        elif suffix == _TEXT:
            yield self._assessor.assess_text(read_text(path), self._question, str(path)).result().answer
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
    """A text file as UTF-8, with or without a byte order mark. BadInputError if it is not one."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise BadInputError(f"{path} is not a UTF-8 text", "save it as UTF-8") from error


def _question(text: str | None, kind: str | None) -> Question | None:
    """The question as far as it is known; an unknown kind in a file of many is taken as "other"."""
    if text is None and kind is None:
        return None
    known = "behavioural" if kind is None else kind if kind in KINDS else "other"
    return Question(id="asked", text=text or "", kind=known)


def _entries(path: Path) -> list[dict[str, str]]:
    """Every line's object; all lines are read before the first is analysed, so that nothing is half done."""
    entries, faults = [], []
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            entries.append(_checked(json.loads(line)))
        except ValueError as error:
            faults.append(f"line {number}: {error}")
    if faults:
        hint = 'every line is one object with at least "answer"'
        raise BadInputError(f"{path}: {faults[0]}", hint, details=tuple(faults[1:]))
    return entries


def _checked(entry: object) -> dict[str, str]:
    if not isinstance(entry, dict):
        raise ValueError("not a JSON object")
    if isinstance(entry.get("id"), int):
        entry["id"] = str(entry["id"])
    for key in ("answer", "id", "question", "kind"):
        value = entry.get(key)
        if value is None and key != "answer":
            continue
        if not isinstance(value, str):
            raise ValueError(f'"{key}" is missing' if key not in entry else f'"{key}" is not a text')
    return {key: value for key, value in entry.items() if isinstance(value, str)}
