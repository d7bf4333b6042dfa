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
    "long": "A good moment to come to the result.",
    "wrap_up": "Time to bring it to its end, whenever you are ready.",
}
"""Shown beside the level while listening; those of the first three go when somebody speaks."""

WAITING_HINTS = frozenset(HINTS[name] for name in ("look", "lost", "offer"))

_GENTLE_GAP = 0.12  # s between the two taps: near enough to be one sign, and unlike the single one of the end


def gentle_sound() -> Clip:
    """Two soft taps: the sign that an answer has become long, for somebody with eyes closed."""
    tap = end_sound().samples
    gap = np.zeros(round(_GENTLE_GAP * SAMPLE_RATE_HZ), dtype=np.float32)
    return Clip(np.concatenate([tap, gap, tap]))
