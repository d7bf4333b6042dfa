"""Stories in the terminal: in colour and broken to the screen, or plain lines that are broken nowhere."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.text import Text

from greenroom.preparation.stories.stories import Story
from greenroom.preparation.stories.story_quality import (
    ASKED,
    StoryQuality,
    quality_id,
    shows,
    sure_patterns,
    sure_signals,
    to_add,
)
from greenroom.records import ASSERTED, PARTS, Span
from greenroom.review.dates import day, moment
from greenroom.review.wording import printable
from greenroom.screens import broken, counted, listed
from greenroom.screens.names import FORM_TITLES, PATTERN_TITLES, SIGNAL_TITLES, named

WIDTH = 80
"""Columns that every terminal has."""

NO_STORIES = (
    "There are no stories yet.",
    "greenroom stories tell lets you tell one aloud, greenroom stories add lets you type it.",
)
_ACCENT, _AMBER = "green", "yellow"
_LABEL = 14  # columns of what stands before a value
_MOST_QUOTES = 2
_LISTS = ("numbers", "people", "dates", "technologies")
_BETWEEN = " · "


class _Lines:
    """Text as lines: broken to WIDTH for a screen, and nowhere for a file or a reader."""

    def __init__(self, *, screen: bool) -> None:
        self._width = WIDTH if screen else None

    def say(self, text: str, style: str = "", indent: int = 2, hang: int | None = None) -> Iterator[Text]:
        text = printable(text)
        if self._width is None:
            yield Text(" " * indent + text)
            return
        rest = " " * (indent if hang is None else hang)
        for line in textwrap.wrap(text, self._width, initial_indent=" " * indent, subsequent_indent=rest):
            yield Text(line, style=style)

    def row(self, label: str, text: str, style: str = "") -> Iterator[Text]:
        """Items behind their label, broken between them, later lines hung below the first."""
        head = f"  {label:<{_LABEL}}"
        text = printable(text)
        whole = broken(head, text, self._width) if self._width else head + text
        for n, line in enumerate(whole.split("\n")):
            yield Text.assemble((line[: len(head)], "dim" if n == 0 else ""), (line[len(head) :], style))


def list_lines(
    read: Sequence[tuple[Story, StoryQuality]], folder: Path, *, screen: bool = True
) -> Iterator[Text]:
    """All stories: what each still lacks, shows and proves, and when it was told."""
    lines = _Lines(screen=screen)
    if not read:
        yield Text(NO_STORIES[0], f"bold {_ACCENT}")
        yield from lines.say(NO_STORIES[1], indent=0)
        return
    count = "1 story" if len(read) == 1 else f"{len(read)} stories"
    yield Text.assemble((count, f"bold {_ACCENT}"), (f" in {printable(str(folder))}", "dim"))
    for story, quality in read:
        yield Text()
        yield Text(story.name, "bold")
        yield from lines.say(story.title)
        if story.missing:
            yield from lines.row("missing", listed(story.missing), _AMBER)
        if patterns := [named(PATTERN_TITLES, each.id) for each in sure_patterns(quality)]:
            yield from lines.row("still shows", _BETWEEN.join(patterns), _AMBER)
        yield from lines.row("proves", _proved(quality))
        yield from lines.row("told", told_words(story))
    yield Text()
    yield from lines.say("greenroom stories show NAME says more of one.", "dim", 0)


def show_lines(story: Story, quality: StoryQuality, path: Path, *, screen: bool = True) -> Iterator[Text]:
    """One story with its quality."""
    lines = _Lines(screen=screen)
    told = f"told {told_words(story)}" if story.told else "not told yet"
    yield from lines.say(story.title, f"bold {_ACCENT}", 0)
    yield from lines.say(f"{story.name}{_BETWEEN}{told}", "dim", 0)
    for part in PARTS:
        yield Text()
        yield Text(part.capitalize(), "bold")
        yield from _part(story, part, lines)
    yield from _named(story, quality, lines)
    yield from _shown(quality, lines)
    yield from _in_the_way(quality, lines)
    wanted = to_add(story, quality)
    yield from _head("What would make it stronger", _ACCENT)
    for text in wanted:
        yield from lines.say(f"- {text}", hang=4)
    if not wanted:
        yield from lines.say("Nothing that can be seen from here: it is whole. Tell it aloud.")
    if story.told:
        yield from _head("Told")
        for each in story.told:
            angle = f", {each.angle} side" if each.angle else ""
            yield from lines.row(_on(each.at), f"{each.session}, answer {each.turn}{angle}")
    yield Text()
    yield Text(printable(str(path)), "dim")


def told_words(story: Story) -> str:
    """ "not yet", or how often and when last."""
    if not story.told:
        return "not yet"
    last = _on(max((told.at for told in story.told), key=moment))
    times = {1: "once", 2: "twice"}.get(len(story.told), counted(len(story.told), "time"))
    return f"{times}, {'last ' if len(story.told) > 1 else ''}on {last}"


def _part(story: Story, part: str, lines: _Lines) -> Iterator[Text]:
    text = getattr(story, part)
    if not text.strip():
        yield from lines.say(f"Still to come. {ASKED[part]}", _AMBER)
    for paragraph in filter(str.strip, text.split("\n\n")):
        yield from lines.say(paragraph)


def _named(story: Story, quality: StoryQuality, lines: _Lines) -> Iterator[Text]:
    lists = {key.capitalize(): getattr(story, key) for key in _LISTS}
    lists["Qualities"] = [_quality(story, quality, wanted) for wanted in story.qualities]
    if any(lists.values()):
        yield Text()
    for label, entries in lists.items():
        if entries:
            yield from lines.row(label, _BETWEEN.join(entries))


def _shown(quality: StoryQuality, lines: _Lines) -> Iterator[Text]:
    yield from _head("What it proves", _ACCENT)
    if not quality.signals:
        yield from lines.say("Nothing yet.")
    for signal in sorted(quality.signals, key=lambda each: -each.confidence):
        title = named(SIGNAL_TITLES, signal.id)
        yield from lines.say(title if signal.confidence >= ASSERTED else f"Perhaps: {title}")
        yield from _quotes(signal.evidence, lines)


def _in_the_way(quality: StoryQuality, lines: _Lines) -> Iterator[Text]:
    told_otherwise = quality.form not in (None, "story")
    if not quality.patterns and not told_otherwise:
        return
    yield from _head("What still hides it", _AMBER)
    if told_otherwise and quality.form is not None:
        yield from lines.say(f"It is told as {named(FORM_TITLES, quality.form)}.")
    for finding in sorted(quality.patterns, key=lambda each: -each.confidence):
        title = named(PATTERN_TITLES, finding.id)
        yield from lines.say(title if finding.confidence >= ASSERTED else f"Perhaps: {title}")
        yield from _quotes(finding.evidence, lines)


def _quotes(spans: Sequence[Span], lines: _Lines) -> Iterator[Text]:
    for span in spans[:_MOST_QUOTES]:
        yield from lines.say(f"“{span.text.rstrip(' ,;:')}”", "italic", 4)


def _head(text: str, colour: str = "") -> Iterator[Text]:
    yield Text()
    yield Text(text, f"bold {colour}")


def _proved(quality: StoryQuality) -> str:
    signals = sorted(sure_signals(quality), key=lambda each: -each.confidence)
    return _BETWEEN.join(named(SIGNAL_TITLES, each.id) for each in signals) or "nothing yet"


def _quality(story: Story, quality: StoryQuality, wanted: str) -> str:
    title = SIGNAL_TITLES.get(quality_id(wanted), wanted)
    return f"{title} ({shows(quality, story, wanted)})"


def _on(at: str) -> str:
    return day(moment(at), year=True)
