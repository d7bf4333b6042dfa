"""WebVTT captions of an answer: the words with their times, a few seconds to a cue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from greenroom.records import Word, ends_sentence

# What captioning guides ask for: at most about two lines of 42 characters (84), on screen at most 7 s
# (BBC Subtitle Guidelines, "line breaks" and "timing"). A cue also ends with a sentence.
_MAX_CHARACTERS = 84
_MAX_SECONDS = 7.0

_SHORTEST_SECONDS = 0.001
"""A cue has to end after it begins, or players reject it."""

_LAST_SECONDS = 359_999.999
"""99:59:59.999"""

Timed = tuple[float, float, str]
"""Start and end (s) of a word, and the word."""


def web_vtt(words: Sequence[Word]) -> str:
    """The text of a .vtt file (W3C WebVTT); words without times are left out."""
    return "WEBVTT\n\n" + "\n".join(
        cue(group[0][0], group[-1][1], escaped(" ".join(text for _, _, text in group)))
        for group in groups(words)
    )


def groups(words: Sequence[Word]) -> Iterator[list[Timed]]:
    """The words, few enough at a time to be read at a glance; those without times or text are left out."""
    group: list[Timed] = []
    for word in words:
        if word.start is None or word.end is None or not word.text.strip():
            continue
        if group and _is_full(group, word.text, word.end):
            yield group
            group = []
        group.append((word.start, word.end, word.text))
    if group:
        yield group


def _is_full(group: Sequence[Timed], text: str, end: float) -> bool:
    characters = len(" ".join([*(word for _, _, word in group), text]))
    too_long = characters > _MAX_CHARACTERS or end - group[0][0] > _MAX_SECONDS
    return too_long or ends_sentence(group[-1][2])


def cue(start: float, end: float, text: str, settings: str = "") -> str:
    """One cue, its text and settings being WebVTT already."""
    times = f"{stamp(start)} --> {stamp(max(end, start + _SHORTEST_SECONDS))}"
    return f"{times} {settings}".rstrip() + f"\n{text}\n"


def stamp(seconds: float) -> str:
    """Seconds as WebVTT writes them: 00:01:02.500; no less than 0, and no more than 99 hours."""
    milliseconds = round(min(max(seconds, 0.0), _LAST_SECONDS) * 1000)
    minutes, milliseconds = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{milliseconds // 1000:02}.{milliseconds % 1000:03}"


def escaped(text: str) -> str:
    """Text as it may stand in a cue: an empty line would end the cue, and a tag would not be shown."""
    return " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
