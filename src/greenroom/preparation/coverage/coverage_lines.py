"""A story map in the terminal: a table of signs on a screen, sentences anywhere else."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from functools import partial

from rich.cells import cell_len
from rich.text import Text

from greenroom.preparation.coverage.coverage import Strength
from greenroom.preparation.coverage.question_types import KIND_WORDS, Gap, without_questions
from greenroom.preparation.coverage.story_map import StoryMap, title_of, use_told
from greenroom.preparation.coverage.wanted import quality_in_sentence, quality_title
from greenroom.preparation.stories.stories import Story
from greenroom.review.wording import printable
from greenroom.screens import listed
from greenroom.screens.names import PATTERN_TITLES, named

WIDTH = 80
"""Columns that every terminal has."""

_ACCENT = "green"
_SIGNS: dict[Strength | None, tuple[str, str]] = {
    "strong": ("●", f"bold {_ACCENT}"),
    "weak": ("○", _ACCENT),
    None: ("·", "dim"),
}
_VERDICTS = {"strong": "strong", "weak": "only weak", None: "none yet"}
_CELL = 4  # columns of a story
_SIDE_BY_SIDE = 12  # stories; more come in a second table
_VERDICT = 12  # columns of the words at the end of a line
_MOST_GAPS = 5  # shown; the page and --json have all
_MOST_KINDS = 2  # named in a line; of more the most frequent


def map_lines(seen: StoryMap, *, signs: bool = True) -> Iterator[Text]:
    """The map line by line, at most WIDTH columns wide.

    Args:
        signs: a table of signs, for the eye; without, sentences that can be read aloud, broken nowhere.
    """
    wrap = partial(_wrapped, width=WIDTH if signs else None)
    yield _heading(seen)
    own = "" if seen.wanted.source == "own" else " Name your own with --quality."
    yield from wrap(seen.wanted.told + own, style="dim")
    if seen.stories:
        yield Text()
        yield from _tables(seen) if signs else _sentences(seen)
        yield Text()
        yield from _stories(seen, signs=signs)
    if seen.gaps or without_questions(seen.coverage):
        yield Text()
        yield from _unanswered(seen, wrap, signs=signs)
    if seen.overused:
        yield Text()
        yield Text("Told often, or alone" if signs else "Told often, or alone:", "bold")
        for use in seen.overused:
            yield from wrap(use_told(seen, use), indent=2)
    yield Text()
    yield from wrap(f"Next: {seen.next.told}", style="bold")
    if seen.next.why:
        yield from wrap(seen.next.why, indent=2)
    yield Text(f"  {seen.next.command}", _ACCENT)


def _heading(seen: StoryMap) -> Text:
    coverage = seen.coverage
    counts = [
        f"{len(qualities)} {word}"
        for qualities, word in (
            (coverage.strong, "strong"),
            (coverage.weak, "only weak"),
            (coverage.uncovered, "none yet"),
        )
        if qualities
    ]
    stories = "1 story" if len(seen.stories) == 1 else f"{len(seen.stories)} stories"
    head = f"{stories}, {_qualities(coverage.wanted)}"
    return Text.assemble((head, f"bold {_ACCENT}"), f" · {', '.join(counts)}")


def _qualities(wanted: Sequence[str]) -> str:
    return "1 quality" if len(wanted) == 1 else f"{len(wanted)} qualities"


def _tables(seen: StoryMap) -> Iterator[Text]:
    for first in range(0, len(seen.stories), _SIDE_BY_SIDE):
        if first:
            yield Text()
        last_one = first + _SIDE_BY_SIDE >= len(seen.stories)
        yield from _table(seen, range(first, min(first + _SIDE_BY_SIDE, len(seen.stories))), last_one)
    signs = "   ".join(f"{sign} {strength or 'not shown'}" for strength, (sign, _) in _SIGNS.items())
    yield Text(f"  {signs}", "dim")


def _table(seen: StoryMap, places: Sequence[int], last_one: bool) -> Iterator[Text]:
    """Some stories side by side, by their numbers; the last table says what is covered in all."""
    room = WIDTH - _VERDICT - 2 - _CELL * min(len(seen.stories), _SIDE_BY_SIDE)
    names = {quality: _cut(quality_title(quality), room) for quality in seen.coverage.wanted}
    longest = max(map(cell_len, names.values()))
    yield Text(" " * (2 + longest) + "".join(f"{place + 1:>{_CELL}}" for place in places), "dim")
    for quality in seen.coverage.wanted:
        best = seen.coverage.best(quality)
        padded = names[quality] + " " * (longest - cell_len(names[quality]))
        line = Text.assemble("  ", (padded, "" if best else "bold"))
        for place in places:
            sign, style = _SIGNS[seen.coverage.of(seen.stories[place].name, quality)]
            line.append(" " * (_CELL - 1)).append(sign, style)
        if last_one:
            line.append(f"   {_VERDICTS[best]}", "dim" if best == "strong" else "" if best else "bold")
        yield line


def _sentences(seen: StoryMap) -> Iterator[Text]:
    numbers = {story.name: str(number) for number, story in enumerate(seen.stories, 1)}
    for quality in seen.coverage.wanted:
        shown = [
            f"{strength} in {listed([numbers[name] for name in names])}"
            for strength in ("strong", "weak")
            if (names := seen.coverage.stories_with(quality, strength))
        ]
        yield Text(f"{printable(quality_title(quality))}: {', '.join(shown) or 'none yet'}")


def _stories(seen: StoryMap, *, signs: bool) -> Iterator[Text]:
    for number, story in enumerate(seen.stories, 1):
        title = title_of(story)
        note = _to_mend(seen, story)
        if not signs:
            yield Text(f"{number} {title}{f' ({note})' if note else ''}")
            continue
        yield Text(f"{number:>3}  {_cut(title, WIDTH - 5)}")
        if note:
            yield from _wrapped(note, 5, WIDTH, "dim")


def _to_mend(seen: StoryMap, story: Story) -> str:
    """What the story still lacks, "" for nothing."""
    missing = f"no {listed(story.missing)} yet" if story.missing else ""
    patterns = (named(PATTERN_TITLES, finding.id) for finding in seen.patterns(story.name))
    return "; ".join(filter(None, (missing, *(title[:1].lower() + title[1:] for title in patterns))))


def _unanswered(seen: StoryMap, wrap: partial[Iterator[Text]], *, signs: bool) -> Iterator[Text]:
    yield Text("Questions that no story answers yet", "bold")
    for gap in seen.gaps[:_MOST_GAPS]:
        title, kinds = gap_title(gap), kinds_told(gap)
        if signs:
            yield from wrap(title, indent=2)
            yield from wrap(kinds, indent=4, style="dim")
        else:
            yield from wrap(f"{title}: {kinds}", indent=2)
        yield from wrap(f"“{gap.types[0].example.text}”", indent=4, style="italic")
    if (more := len(seen.gaps) - _MOST_GAPS) > 0:
        yield from wrap(f"and {more} more; the page and --json have them all", indent=2, style="dim")
    for quality in without_questions(seen.coverage):
        yield from wrap(no_question_told(quality), indent=2, style="dim")


def kinds_told(gap: Gap) -> str:
    """How many questions of which kinds ask for what is missing, in a line."""
    most = _MOST_KINDS if len(gap.types) <= _MOST_KINDS else 1
    named_ones, others = gap.types[:most], gap.types[most:]
    kinds = [f"{len(each.questions)} {kind_words(each.kind, len(each.questions))}" for each in named_ones]
    if others:
        count = sum(len(each.questions) for each in others)
        kinds.append(f"{count} other{'s' if count > 1 else ''}")
    return listed(kinds)


def gap_title(gap: Gap) -> str:
    """ "Customer focus", or "Ownership and clarity in one story"."""
    first, *more = gap.missing
    if not more:
        return printable(quality_title(first))
    names = listed([quality_title(first), *map(quality_in_sentence, more)])
    return f"{names} in one story"


def no_question_told(quality: str) -> str:
    """What is said of a quality in own words that no story shows."""
    why = "in your own words, so no question of the banks is marked with it"
    return f"{printable(quality_title(quality))}: {why}"


def kind_words(kind: str, count: int) -> str:
    """ "1 technical question" without the number."""
    words = KIND_WORDS[kind]
    return words if count != 1 else words.replace("questions", "question")


def _wrapped(text: str, indent: int = 0, width: int | None = WIDTH, style: str = "") -> Iterator[Text]:
    space = " " * indent
    if width is None:
        yield Text(space + text)
        return
    for line in textwrap.wrap(text, width, initial_indent=space, subsequent_indent=space):
        yield Text(line, style)


def _cut(text: str, columns: int) -> str:
    """The text in at most so many columns, with … where something is left out."""
    text = printable(text)
    if cell_len(text) <= columns:
        return text
    while cell_len(text) > columns - 1:
        text = text[:-1]
    return f"{text.rstrip()}…"
