"""One sentence spoken through the loudspeaker, so that a person can choose a voice and its rate."""

from __future__ import annotations

from dataclasses import dataclass

from greenroom.audio.devices import find_output
from greenroom.audio.speaker import LoudSpeaker
from greenroom.voices import load_voice

SAMPLE = "Tell me about a time when something did not go as you had planned. What did you do first?"

_LONGER = 5.0
"""Seconds beside its own length that a clip may take to be heard, the opening of the device included.
(Judgement.)"""


@dataclass(frozen=True, slots=True)
class Sample:
    """What was heard: by which voice, at how many words a minute, through what, and how long it was (s)."""

    voice: str
    text: str
    seconds: float
    words_per_minute: int
    loudspeaker: str


def say_sample(text: str, voice: str, rate_wpm: int, output: str | None) -> Sample | None:
    """Speak a text (SAMPLE where it is empty), and wait for its end; None from a voice without sound.

    Raises:
        UsageError: there is no such voice.
        ModelError: the voice is not here, or does not work.
        DeviceError: there is no such loudspeaker.
    """
    text = text or SAMPLE
    speaking = load_voice(voice, rate_wpm)
    clip = speaking.render(text)
    if clip is None:
        return None
    device = find_output(output)
    LoudSpeaker(device).play(clip).wait(clip.seconds + _LONGER)
    return Sample(
        speaking.name, text, clip.seconds, round(len(text.split()) / clip.seconds * 60), device.name
    )
