"""WebVTT captions of an answer: the words with their times, a few seconds to a cue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from greenroom.records import Word

# What captioning guides ask for: at most about two lines of 42 characters (84), on screen at most 7 s
# (BBC Subtitle Guidelines, "line breaks" and "timing"). A cue also ends with a sentence.
_MAX_CHARACTERS = 84
_MAX_SECONDS = 7.0
_SENTENCE_ENDS = (".", "?", "!")


def web_vtt(words: Sequence[Word]) -> str:
    """The text of a .vtt file (W3C WebVTT); words without times are left out."""
    cues = [f"{_stamp(start)} --> {_stamp(end)}\n{_escape(text)}\n" for start, end, text in _cues(words)]
    return "WEBVTT\n\n" + "\n".join(cues)


def _cues(words: Sequence[Word]) -> Iterator[tuple[float, float, str]]:
    start, end, texts = 0.0, 0.0, list[str]()
    for word in words:
        if word.start is None or word.end is None:
            continue
        too_long = len(" ".join([*texts, word.text])) > _MAX_CHARACTERS or word.end - start > _MAX_SECONDS
        if texts and (too_long or texts[-1].endswith(_SENTENCE_ENDS)):
            yield start, end, " ".join(texts)
            texts = []
        if not texts:
            start = word.start
        texts.append(word.text)
        end = word.end
    if texts:
        yield start, end, " ".join(texts)


def _stamp(seconds: float) -> str:
    milliseconds = round(seconds * 1000)
    minutes, milliseconds = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{milliseconds // 1000:02}.{milliseconds % 1000:03}"


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
