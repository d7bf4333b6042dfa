"""Settings: flags over environment (GREENROOM_...) over the settings file over the defaults here.

The file is `config.toml` in the user's configuration folder, on Linux ~/.config/greenroom; its keys are the
names of the command line's options, without the dashes in front.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

MODES = ("practice", "real")


@dataclass(frozen=True, slots=True)
class PracticeSettings:
    """What an interview can be told.

    Attributes:
        bank: names of shipped banks, or TOML files.
        questions: how many questions are asked; follow-ups come on top.
        focus: a signal; only questions that probe it are asked.
        level: "junior", "mid" or "senior"; questions for everybody are always among them.
        story: name of one of the person's stories, which alone is asked for; `angle`: one of stories.ANGLES,
            the side from which it is asked for; None for the side from which it was told least.
        look_back: whether two questions to look back follow; None: after an interview of three questions.
        seed: the same seed asks the same questions in the same order.
        mode: "practice" (feedback after each answer) or "real" (at the end).
        follow_ups: at most so many per question.
        patience: "short", "patient" or seconds of silence that end an answer.
        profile: whose bands the delivery is held against, one of records.PROFILES; it makes "patient" longer.
        max_answer: seconds after which an answer is ended in its next pause.
        reopen: seconds after its end in which speech takes an answer up again; 0 for never.
        look, encourage, offer, no_speech: seconds without a word after which it shows that it listens, "take
            your time" is said, repeating or skipping is offered, and the question is left unanswered.
        lost: seconds of silence after which a hint is offered on the screen, in practice mode.
        long_answer, wrap_up: seconds of an answer after which a hint is shown, and two soft taps are heard.
        choose: seconds after the feedback in which the person can choose what comes next.
        rate: ask after each answer, before its feedback, how it went (practice mode).
        input, output: number or part of the name of a device; None for the system's.
        voice: name of a voice, "auto" for the most natural one here; `quiet` prints and does not speak.
        speech_rate: words a minute of that voice.
        engine, model: what transcribes: an engine, and a model's name or path.
        vad: voice activity detector: "webrtc", "silero" or "auto".
        recordings: where session folders are made; None for recordings/ of a checkout or the data folder.
        data: where the person's stories, plan and notes lie; None for preparation.places.default_data().
        candidate: recordings that answer in place of a microphone, or "demo"; `fast`: not in real time.
        typed: answers are typed; no microphone is opened.
        plain: plain lines, and words typed in place of keys; None: as the terminal is (plain_mode.py, which
            the option tells by itself).
    """

    bank: tuple[str, ...] = ("behavioural",)
    questions: int = 5
    focus: str | None = None
    level: str | None = None
    story: str | None = None
    angle: str | None = None
    look_back: bool | None = None
    seed: int | None = None
    mode: str = "practice"
    follow_ups: int = 1
    patience: str = "patient"
    profile: str = "usual"
    max_answer: float = 300.0
    reopen: float = 2.0
    look: float = 8.0
    lost: float = 12.0
    encourage: float = 15.0
    offer: float = 35.0
    no_speech: float = 75.0
    long_answer: float = 150.0
    wrap_up: float = 180.0
    choose: float = 6.0
    rate: bool = False
    input: str | None = None
    output: str | None = None
    voice: str = "auto"
    speech_rate: int = 165
    quiet: bool = False
    engine: str = "openai-whisper"
    model: str = "base"
    vad: str = "auto"
    recordings: Path | None = None
    data: Path | None = None
    candidate: tuple[str, ...] = ()
    fast: bool = False
    typed: bool = False
    plain: bool | None = None

    def as_saved(self, spoken_by: str | None = None) -> dict[str, Any]:
        """The settings as they are kept in session.json: paths as text, unset ones left out.

        `spoken_by` is the voice that "auto" was, kept beside it.
        """
        values = {field.name: getattr(self, field.name) for field in fields(self)} | {"spoken_by": spoken_by}
        del values["recordings"], values["data"]  # where folders lie is no part of it: they can be moved
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in values.items()
            if value is not None and (value is not False or name == "look_back") and value != ()
        }


def config_file() -> Path:
    """Where the settings file is looked for; GREENROOM_CONFIG names another."""
    if named := os.environ.get("GREENROOM_CONFIG"):
        return Path(named)
    import platformdirs

    return Path(platformdirs.user_config_dir("greenroom", appauthor=False)) / "config.toml"
