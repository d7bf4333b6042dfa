"""A typed answer, line by line: what its first line may be beside the beginning of an answer."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Sequence

from greenroom.keys import TYPED, TYPED_WORDS

ENDS = ".,;:!?"
"""What dictation puts behind a word."""

TYPING_HELP = f"An empty line ends your answer. Alone on the first line: {TYPED_WORDS}."
SKIP_IT = "Skip this question? Enter once more skips it. To answer, type on."
DOES_NOTHING = (
    "“{word}” does nothing while you type an answer. Alone on the first line: {words}. "
    "If it is your answer, type it once more."
)
NEAR = "“{word}” is no word here. Near it: {near}. If it is your answer, type it once more."
KEPT_LINES = (
    "Before this you typed: “{text}”. Enter alone takes it; any other line begins your answer without it."
)
TAKEN = "Taken. Type on, or end your answer with an empty line."

HELP = ("help", "?")
_NEAR_ENOUGH = 0.7  # of difflib: letters that changed places are near, "fine" and "hint" are not


def type_answer(
    take: Callable[[], str | None],
    tell: Callable[[str], None],
    kept: Sequence[str] = (),
    known: Collection[str] = (),
) -> str | None:
    """The lines up to an empty one, as one; None where nothing was typed. A word of TYPED is all of it.

    Args:
        take: waits for a line; None where no more will come.
        tell: answers.
        kept: lines typed before an answer was asked for, which are offered.
        known: words that do something elsewhere.
    """
    lines: list[str] = []
    asked = None  # what the first line was that was asked about; "" for an empty one
    if kept:
        tell(KEPT_LINES.format(text=" ".join(kept)))
    while (line := take()) is not None:
        line = line.strip()
        if lines:
            if not line:
                break
            lines.append(line)
            continue
        word = " ".join(line.lower().split()).strip(ENDS) or line
        if word in HELP:
            tell(TYPING_HELP)
        elif word in TYPED:
            return line.strip(ENDS)
        elif kept and not line:
            lines, kept = list(kept), ()
            tell(TAKEN)
        elif line and word == asked:
            lines.append(line)
        elif told := _told(word, known):
            tell(told)
            asked = word
        elif line:
            lines.append(line)
        elif asked == "":
            return None
        else:
            tell(SKIP_IT)
            asked = ""
    return " ".join(lines) or None


def _told(word: str, known: Collection[str]) -> str | None:
    """What is said to a first line that is rather a word than an answer; None to an answer."""
    if len(word) > 1 and word in known:
        return DOES_NOTHING.format(word=word, words=TYPED_WORDS)
    if " " in word:
        return None
    near = difflib.get_close_matches(word, [each for each in TYPED if len(each) > 1], 1, _NEAR_ENOUGH)
    return NEAR.format(word=word, near=near[0]) if near else None
