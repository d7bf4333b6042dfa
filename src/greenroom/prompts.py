"""What greenroom says or shows while it listens and when it stops: fixed phrases, and none that hurries."""

from __future__ import annotations

import numpy as np

from greenroom.audio.end_sound import end_sound
from greenroom.records import SAMPLE_RATE_HZ, Clip

THANKS = ("Thank you.", "Thanks.", "All right, thank you.", "Thank you for that.")
"""Said where the feedback is not ready when the answer ends: nobody should wait without a sign of having
been heard. In real mode it is all that is said."""

STALLED = (
    "There is a steady noise that I cannot tell from a voice, so I stopped listening there. "
    "A headset, or a closed window, would help."
)
"""Said where the stall guard has ended an answer."""

UNHEARD = "I did not hear an answer, so let us go on."
LAST_ANSWER = "Saving your last answer."

LOST_AFTER = "I lost your microphone after {time}. What you said is kept."
CANNOT_HEAR = "I cannot hear your microphone."
BACK = "Your microphone is back. Go on, please."
BACK_AT_THE_START = "Your microphone is back. I am listening, whenever you are ready."
THERE_NOW = "There is a microphone now. Enter goes on with it."
GO_ON = "Go on, please."
WHENEVER_READY = "I am listening, whenever you are ready."
"""Said where a microphone was lost, and when one is there again."""

NO_SOUND_YET = "No sound comes from your microphone yet."
IF_NO_SOUND = (
    "Three things help: switch the headset off and on, choose another microphone, or, later, run "
    "`greenroom check`, which finds out more."
)
"""Said, and once an answer shown with it, where a microphone is there and gives nothing."""

GAP = "The recording has a gap at {times}, where the microphone was lost."
"""Shown after the answer that it is in."""

SHELTERED = "I could not save your answer where it belongs. It is safe in another place."
IN_MEMORY = "I could not save your answer yet. I still have all of it."
AT_HOME = "Now it is saved."
ON_NO_DISK = "Some of this session is on no disk yet, and is lost once I end."
"""Said where the disk is full, or may not be written."""

ONLY_IN_MEMORY = "Your answer is on no disk yet. It is in memory, for as long as greenroom runs."
NOT_WRITTEN_YET = "It cannot be written yet."
NOT_SAVED = "Not saved: {what}."
MAY_COME_LATE = "A disk did not answer in time: a copy of what you said may still turn up in {where}."
"""Shown there."""

OVERFLOWED = (
    "The computer was too busy for a moment and lost a little of your sound; a few words of this answer may "
    "be missing. Closing other programs helps."
)
"""Shown once, where the microphone lost samples."""

SKIPPED = "Skipped."
"""Shown where a word was typed for it: no key was heard to go down."""

PAUSED = "Paused. go on goes on."
GOING_ON = "Going on."
IT_WAITS = "It waits for you."
"""Shown where something that is being said is held, and goes on, by a word."""

HOW_IT_WENT = "How did that go, one to four?"
"""Asked with --rate, before the feedback."""

SPOKEN = {
    "encourage": "Take your time, I'm listening.",
    "offer": "Shall I repeat the question, or skip it?",
}
"""Said where nobody has spoken for a while."""

HINTS = {
    "look": "Take your time. r repeats the question.",
    "lost": "Lost? h gives a hint.",
    "offer": "r repeats the question, s skips it.",
    "unheard": "I have heard nothing yet: s skips the question.",
    "long": "A good moment to come to the result.",
    "wrap_up": "Time to bring it to its end, whenever you are ready.",
}
"""Shown beside the level while listening; those of the first four go when somebody speaks."""

HINTS_IN_WORDS = {
    **HINTS,
    "look": "Take your time. repeat gives the question again.",
    "lost": "Lost? hint gives a hint.",
    "offer": "repeat gives the question again, skip leaves it out.",
    "unheard": "I have heard nothing yet: skip leaves the question out.",
}
"""The same where words are typed in place of keys."""

WAITING_HINTS = frozenset(
    hints[name] for hints in (HINTS, HINTS_IN_WORDS) for name in ("look", "lost", "offer", "unheard")
)

_GENTLE_GAP = 0.12  # s between the two taps: near enough to be one sign, and unlike the single one of the end


def gentle_sound() -> Clip:
    """Two soft taps: the sign that an answer has become long, for somebody with eyes closed."""
    tap = end_sound().samples
    gap = np.zeros(round(_GENTLE_GAP * SAMPLE_RATE_HZ), dtype=np.float32)
    return Clip(np.concatenate([tap, gap, tap]))
