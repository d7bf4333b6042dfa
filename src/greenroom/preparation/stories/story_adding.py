"""`greenroom stories add` and `edit`: a story typed, taken from a file, or changed in the person's editor."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from greenroom.errors import BadInputError, UsageError
from greenroom.keys import stdin_is_a_terminal
from greenroom.preparation.places import replace_file, stories_folder
from greenroom.preparation.stories.stories import Story
from greenroom.preparation.stories.story_editor import edit
from greenroom.preparation.stories.story_files import find_file, keep_copy, new_name, save_story
from greenroom.preparation.stories.story_reading import name_for, read_file
from greenroom.preparation.stories.story_showing import refuse
from greenroom.preparation.stories.story_writing import changed_text
from greenroom.records import PARTS, Answer, Feedback, findings_of
from greenroom.screens import listed

_OPENING = (
    "Your story in a few lines, in your own words. An empty line skips a question;\n"
    "Ctrl-C keeps what you have typed. All of it can be changed later."
)
_TITLE = "A title: a few words by which you will know it."
QUESTIONS = (
    ("situation", "What was broken?"),
    ("task", "Who cared, and what was yours to do?"),
    ("action", "What did you decide, and what did you do?"),
    ("result", "What changed?"),
    ("result", "By how much? A number, a time, an amount."),
)
_TITLE_WORDS = 6  # of the first answer, where no title was given
_LONGEST_TITLE = 12  # words: a first line that is longer is the story's beginning
_ENDS = (".", "!", "?", "…", '"', "”")
_OWNER_ONLY = 0o600


def add_typed(data: Path, title: str, ask: Callable[[str], str]) -> Path:
    """Ask for a story and save it; where it is interrupted, what was typed until then is saved.

    Args:
        ask: says a question and returns the line that was typed, "" to skip.

    Raises:
        UsageError: nothing was typed.
        KeyboardInterrupt, BadInputError: what `ask` raised, after saving.
    """
    told: dict[str, str] = {}
    interrupt: KeyboardInterrupt | BadInputError | None = None
    try:
        title = title or ask(_TITLE)
        for number, (part, question) in enumerate(QUESTIONS, start=1):
            answer = ask(f"{number} of {len(QUESTIONS)}. {question}").strip()
            told[part] = _joined(told.get(part, ""), answer)
        story = _with_what_is_named(_story(title, told))
    except (KeyboardInterrupt, BadInputError) as reason:
        interrupt = reason
        story = _story(title, told)
    if interrupt is not None and not any(told.values()):
        raise interrupt
    if not story.title:
        raise UsageError("nothing was typed, so nothing is kept", "greenroom stories tell, to tell it aloud")
    path = save_story(data, replace(story, name=new_name(data, story.title)))
    if interrupt is not None:
        print(f"\nkept so far: {path}", file=sys.stderr)
        raise interrupt
    return path


def add_from(data: Path, title: str, file: Path) -> Path:
    """Take a story from a TOML file, with its comments, or from a text, whose parts are found.

    Raises:
        BadInputError: the file cannot be used.
    """
    if file.suffix.lower() == ".toml":
        return _add_toml(data, title, file)
    from greenroom.analyze import read_text

    text = read_text(file)
    if not text.strip():
        raise BadInputError(f"{file} is empty")
    story = _drafted(title, text)
    return save_story(data, replace(story, name=new_name(data, story.title)))


def edit_story(data: Path, name: str) -> Path | None:
    """Open a story's file in the person's editor; None if nothing was changed.

    Raises:
        UsageError: there is no such story, or no editor.
        BadInputError: the file cannot be copied before, or is gone afterwards.
    """
    path = find_file(data, name)
    copy = keep_copy(path)
    before = copy.read_bytes()
    try:
        edit(path)
    finally:
        unchanged = path.is_file() and path.read_bytes() == before
        if unchanged:
            copy.unlink()
    if not path.is_file():
        raise BadInputError(f"{path} is gone", f"as it was before, it is in {copy}")
    with suppress(OSError):  # an editor may have written a new file, which others could read
        path.chmod(_OWNER_ONLY)
    return None if unchanged else path


def tell_saved(path: Path) -> None:
    """The path to standard output; what is still missing to standard error.

    Raises:
        BadInputError: afterwards, if the file has faults; its details name them.
    """
    print(path)
    standing = read_file(path)
    if standing.story is not None:
        missing = standing.story.missing
        still = f"Still missing: {listed(missing)}." if missing else "All four parts are there."
        print(f"{still} What it shows: greenroom stories show {path.stem}", file=sys.stderr)
    refuse(standing.faults, f"greenroom stories edit {path.stem}")


def ask_in_terminal() -> Callable[[str], str]:
    """Asks on standard error, and reads a line from standard input; what follows its end is skipped.

    Raises, when called: BadInputError where what comes is no UTF-8.
    """
    print(_OPENING, file=sys.stderr)
    both = stdin_is_a_terminal() and sys.stdout.isatty()
    if both:
        with suppress(ImportError):
            import readline  # noqa: F401 - input() then knows arrows, long lines, and pasted paragraphs

    def ask(question: str) -> str:
        print(f"\n{question}", file=sys.stderr, flush=True)
        try:
            if both:
                return input("> ")
            print("> ", end="", file=sys.stderr, flush=True)
            stream: TextIO | None = sys.stdin
            line = stream.readline() if stream is not None else ""
            if not stdin_is_a_terminal():  # nobody pressed Enter there
                print(file=sys.stderr)
            return line
        except EOFError:
            return ""
        except UnicodeDecodeError as error:
            raise BadInputError("what was typed is not UTF-8 text") from error

    return ask


def _story(title: str, told: dict[str, str]) -> Story:
    """Without a name yet; its title is "" where nothing was told."""
    first = next(filter(None, told.values()), "")
    words = " ".join(first.split()[:_TITLE_WORDS]).rstrip(".,;:")
    situation, task, action, result = (told.get(part, "") for part in PARTS)
    return Story("", " ".join(title.split()) or words, situation, task, action, result)


def _joined(before: str, more: str) -> str:
    """Two answers to one part: "from 8 to 1" belongs into the sentence before it."""
    if not (before and more):
        return before or more
    if not more[0].isupper():
        return f"{before.rstrip('.')}: {more}"
    return f"{before if before.endswith(_ENDS) else f'{before}.'} {more}"


def _with_what_is_named(story: Story) -> Story:
    """With the numbers, people, dates and technologies that its parts name."""
    parts = [text for part in PARTS if (text := getattr(story, part))]
    if not parts:
        return story
    from greenroom.analysis import transcript_of
    from greenroom.preparation.telling.entities import EntityReader, together

    reader = EntityReader()
    found = together(reader.entities(reader.read(transcript_of(text).words)) for text in parts)
    return replace(
        story,
        numbers=found.numbers,
        people=found.people,
        dates=found.dates,
        technologies=found.technologies,
    )


def _add_toml(data: Path, title: str, file: Path) -> Path:
    standing = read_file(file, name_for(file.stem))
    if standing.text is None or standing.story is None:
        raise BadInputError(str(standing.faults[0]), "mend it, or leave --from out and type it")
    story = replace(standing.story, title=title or standing.story.title)
    path = stories_folder(data) / f"{new_name(data, story.title)}.toml"
    replace_file(path, changed_text(standing.text, standing.story, story))
    return path


def _drafted(title: str, text: str) -> Story:
    from greenroom.analysis import Analyzer, transcript_of
    from greenroom.preparation.telling.drafting import draft_of
    from greenroom.preparation.telling.entities import EntityReader

    first, _, rest = text.strip().partition("\n")
    if not title and rest.strip() and len(first.split()) <= _LONGEST_TITLE and not first.endswith(_ENDS):
        title, text = first.strip("# "), rest
    transcript = transcript_of(text)
    analysis = Analyzer().analyze(transcript)
    answer = Answer(transcript=transcript, feedback=Feedback(""), **findings_of(analysis))
    return draft_of(answer, EntityReader(), title=title)
