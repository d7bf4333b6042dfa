"""What can be done at each moment, by a key or by a word: only what makes sense then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from greenroom import keys
from greenroom.keys import Way

_DONE = Way(keys.DONE, "Enter", "done", "done", "done or just Enter")
_RATE = Way(keys.RATE, "1-4", "done, and how it went", "1 to 4", "1 to 4 for done and how it went, 4 best")
_PAUSE = Way(keys.PAUSE, "Space", "pause", "pause")
_HOLD = Way(keys.PAUSE, "Space", "hold", "pause")
_REPEAT = Way(keys.REPEAT, "r", "repeat", "repeat")
_SKIP = Way(keys.SKIP, "s", "skip", "skip")
_HINT = Way(keys.HINT, "h", "hint", "hint")
_TYPE = Way(keys.TYPE, "t", "type", "type", "type to type your answer")
_QUIT = Way(keys.QUIT, "q", "save and quit", "quit", "quit to save and leave")
_FEEDBACK = Way(keys.FEEDBACK, "f", "feedback again", "feedback", "feedback to hear it again")
_SAME = Way(keys.REPEAT, "r", "same question again", "again", "again for the same question")


def _enter(does: str, word: str, told: str) -> Way:
    return Way(keys.DONE, "Enter", does, word, told)


LISTENING: tuple[Way, ...] = (_DONE, _PAUSE, _REPEAT, _SKIP, _HINT, _TYPE, _QUIT)
PRACTISING: tuple[Way, ...] = (_DONE, _RATE, *LISTENING[1:])
"""Where the person may say how it went for them, before anything is said about it."""

_ASKING = (_enter("go ahead", "go on", "go on or just Enter to answer now"), _HOLD, *LISTENING[2:])
_MORE = (_HOLD, _FEEDBACK, _HINT, _QUIT)
_OLD = Way("1", "1", "hear the old answer", "old", "old to hear the old answer")
_NEW = Way("2", "2", "the new one", "new", "new to hear the new one")
_GOES_ON = "go on or just Enter"

BY_STATE: Mapping[str, tuple[Way, ...]] = {
    "asking": _ASKING,
    "hint": _ASKING,
    "paused": (
        Way(keys.PAUSE, "Space", "go on", "go on"),
        _DONE,
        *LISTENING[2:],
    ),
    "ended": (_HINT, _HOLD, _QUIT),
    "thinking": (_QUIT,),
}
"""Where it differs from what can be done while listening."""

AFTER: Mapping[str, tuple[tuple[Way, ...], tuple[Way, ...]]] = {
    "follow-up": (
        (
            _enter("follow-up question", "go on", f"{_GOES_ON} to the follow-up question"),
            Way(keys.SKIP, "s", "skip it", "skip", "skip to leave that out"),
            _SAME,
        ),
        _MORE,
    ),
    "question": ((_enter("next question", "go on", f"{_GOES_ON} to the next question"), _SAME), _MORE),
    "end": ((_enter("finish", "go on", f"{_GOES_ON} to finish"), _SAME), _MORE),
    "rating": (
        (
            Way("1", "1", "not shown", "1", "1 for not shown"),
            Way("2", "2", "hinted at", "2", "2 for hinted at"),
            Way("3", "3", "shown", "3", "3 for shown"),
            Way("4", "4", "shown fully", "4", "4 for shown fully"),
        ),
        (_enter("go on without", "go on", f"{_GOES_ON} without"), _QUIT),
    ),
    "comparison": (
        (_enter("both answers side by side", "go on", f"{_GOES_ON} to both answers side by side"), _SAME),
        _MORE,
    ),
    "retake": (
        (_OLD, _NEW, _SAME, _enter("finish", "done", "done or just Enter to finish")),
        (_FEEDBACK, _HINT, _QUIT),
    ),
    "hearing": ((_enter("stop", "stop", "stop or just Enter"), _OLD, _NEW, _SAME), (_HOLD,)),
}
"""What chooses, and the rest, once an answer is over: by what comes next."""


def both(ways: Sequence[Sequence[Way]]) -> tuple[Way, ...]:
    """What chooses and the rest in one."""
    return tuple(way for part in ways for way in part)
