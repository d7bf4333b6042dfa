"""The pages tell the truth: what they show is run, read or looked for.

Every line with a command is run in a home made for it, with a session, stories and a debrief of the kind
that the pages speak of; those of PARSED need a microphone, minutes or a person, and are parsed. TOML is read
by the program's own readers, and every file, option, environment variable and link that is named is there.
"""

from __future__ import annotations

import contextlib
import json
import re
import shlex
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import msgspec
import pytest
from click.testing import CliRunner

from greenroom.cli import cli
from greenroom.errors import UserError

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "README.md", ROOT / "recordings" / "README.md", *sorted((ROOT / "docs").glob("*.md")))

SCRIPTS = tuple(path for path in (ROOT / "scripts").iterdir() if path.is_file())

PARSED = (
    "",  # greenroom alone begins an interview
    "practice",
    "retake",
    "replay",
    "check",
    "doctor",
    "devices",
    "stories tell",
    "stories edit",
    "debrief",  # asks; its list, show and outcome are run
    "plan --look-back",
    "reanalyze",
    "analyze answer.m4a",
    "models fetch",
    "models verify",
    "voices say",
)
"""Beginnings of commands that are parsed only."""

RUN = ("debrief list", "debrief show", "debrief outcome")
"""Longer beginnings of those that are run all the same."""


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, and the line at which it begins."""

    page: Path
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


@dataclass(frozen=True)
class Command:
    """What stands behind `greenroom` in a page."""

    page: Path
    line: int
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line} {shlex.join(self.words)}"

    @property
    def is_run(self) -> bool:
        return _begins(self.words, RUN) or not _begins(self.words, PARSED)


def _begins(words: tuple[str, ...], beginnings: tuple[str, ...]) -> bool:
    return any(_is_beginning(tuple(each.split()), words) for each in beginnings)


def _is_beginning(few: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return words[: len(few)] == few if few else not words


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, and its indented lines, each as a block of its own without a language."""
    lines = enumerate(page.read_text(encoding="utf-8").splitlines(), 1)
    for number, line in lines:
        if opened := re.fullmatch(r"```(\w*)", line):
            text = []
            for _, inside in lines:
                if inside == "```":
                    break
                text.append(inside)
            else:
                raise AssertionError(f"{page.name}:{number} is never closed")
            yield Block(page, number, opened[1], "\n".join(text) + "\n")
        elif line.startswith("    "):
            yield Block(page, number - 1, "", line + "\n")


def commands(block: Block) -> Iterator[Command]:
    """Every command of greenroom that a block shows; what is behind > goes to a file of the reader's."""
    for number, line in enumerate(block.text.splitlines(), block.line + 1):
        if shown := re.fullmatch(r"(?: {4}|\$ )?(?:\.venv/bin/)?greenroom( .*|)", line):
            words = shlex.split(re.split(r" > | {3,}", shown[1])[0], comments=True)
            yield Command(block.page, number, tuple(words))


def mentions(page: Path) -> Iterator[Command]:
    """The commands that are spoken of in sentences: names and options, perhaps not all that they need."""
    for number, line in enumerate(prose(page).splitlines(), 1):
        for text in re.findall(r"`greenroom( [^`]+)`", line):
            yield Command(page, number, tuple(text.split()))


def prose(page: Path) -> str:
    """A page without its fenced blocks; its lines keep their numbers."""
    text = page.read_text(encoding="utf-8")
    fenced = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
    return fenced.sub(lambda found: "\n" * found[0].count("\n"), text)


BLOCKS = [block for page in PAGES for block in blocks(page)]
COMMANDS = [command for block in BLOCKS for command in commands(block)]
MENTIONS = [command for page in PAGES for command in mentions(page)]


def resolved(words: tuple[str, ...]) -> tuple[click.Command, list[str]]:
    """The command that these words name, and the words that are its own."""
    command: click.Command = cli
    rest = list(words)
    while isinstance(command, click.Group) and rest and rest[0] in command.commands:
        command = command.commands[rest.pop(0)]
    return command, rest


@pytest.mark.parametrize("command", [each for each in COMMANDS if not each.is_run], ids=str)
def test_a_command_can_be_given_like_this(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    named, rest = resolved(command.words)
    with contextlib.suppress(click.exceptions.Exit):  # --help has been shown
        named.make_context(named.name, rest)


@pytest.mark.parametrize("command", MENTIONS, ids=str)
def test_a_command_that_is_mentioned_is_there(command: Command) -> None:
    named, rest = resolved(command.words)
    assert named is not cli or rest[0].startswith("-"), "no such command"
    assert not isinstance(named, click.Group) or not rest or not rest[0].isalpha(), "no such command"
    assert {word for word in rest if word.startswith("--")} <= options_of(named)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A person's folders, with what the pages speak of in them."""
    home = tmp_path_factory.mktemp("reader")
    session = home / "recordings" / "2026-11-21T20-15-03-behavioural"
    shutil.copytree(ROOT / "recordings" / "sample", session)
    kept = (session / "session.json").read_text(encoding="utf-8")
    (session / "session.json").write_text(
        kept.replace('"bank":"demo"', '"bank":"leadership"'), encoding="utf-8"
    )
    (home / "data" / "stories").mkdir(parents=True)
    for block in BLOCKS:
        if block.language == "toml" and (name := PLACES.get(kind_of(block))):
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_text(block.text, encoding="utf-8")
    story = (home / "data" / "stories" / "late-import.toml").read_text(encoding="utf-8")
    (home / "data" / "stories" / "outage-night.toml").write_text(story, encoding="utf-8")
    answer = "Our import failed twice a week. I wrote a check, and failures went from eight a month to one."
    for name in ("notes.txt", "answer.txt"):
        (home / name).write_text(answer, encoding="utf-8")
    (home / "answers.jsonl").write_text(json.dumps({"answer": answer}) + "\n", encoding="utf-8")
    return home


@pytest.mark.slow
@pytest.mark.parametrize("command", [each for each in COMMANDS if each.is_run], ids=str)
def test_a_command_does_what_it_is_shown_for(
    command: Command, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env = {
        "HOME": str(home),
        "GREENROOM_RECORDINGS": str(home / "recordings"),
        "GREENROOM_DATA": str(home / "data"),
        "GREENROOM_CONFIG": str(home / "config" / "config.toml"),
    }
    monkeypatch.chdir(home)
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda address, *_, **__: opened.append(address) is None)
    monkeypatch.setattr("greenroom.cli._leave", sys.exit)
    (home / "config" / "config.toml").unlink(missing_ok=True)
    words = [STANDS_FOR.get(word, word) for word in command.words]
    result = CliRunner().invoke(cli, words, env=env, input=TYPED, catch_exceptions=True)
    if isinstance(result.exception, UserError):
        raise AssertionError("; ".join(result.exception.lines))
    assert result.exit_code == 0, result.output
    assert result.output
    assert len(opened) == ("--open" in words)


TYPED = "The late import\nIt failed.\nDana.\nI wrote a check.\nNo more calls.\nEight to one.\n"
"""What the reader types where a command asks."""

STANDS_FOR = {"FOLDER": "2026-11-21T20-15-03-behavioural", "SESSION": "2026-11-21T20-15-03-behavioural"}


def kind_of(block: Block) -> str:
    """What a TOML example is, by its keys."""
    return next(
        (kind for kind, mark in MARKS.items() if re.search(mark, block.text, re.MULTILINE)), "settings"
    )


MARKS = {
    "rule": r"^\[\[fires\]\]",
    "bank": r"^text = ",
    "debrief": r"^asked = ",
    "look backs": r"^\[\[look_back\]\]",
    "plan": r"^interview = ",
    "story": r"^situation = ",
}
PLACES = {
    "bank": "my-bank.toml",
    "story": "data/stories/late-import.toml",
    "debrief": "data/debriefs/2026-12-02T18-00-00-acme/debrief.toml",
    "look backs": "data/look-backs.toml",
}


def _read_bank(path: Path) -> None:
    from greenroom.questions import check_bank

    assert check_bank(path) == ()


def _read_story(path: Path) -> None:
    from greenroom.preparation.stories.story_reading import read_file

    assert read_file(path).faults == ()


def _read_debrief(path: Path) -> None:
    from greenroom.preparation.debrief.debriefs import read_debrief

    found, faults = read_debrief(path.parent)
    assert found is not None
    assert faults == ()


def _read_plan(path: Path) -> None:
    from greenroom.preparation.plan.goal import load_goal

    assert load_goal(path.parent) is not None


def _read_look_backs(path: Path) -> None:
    from greenroom.preparation.look_back.look_back_file import load_look_backs

    found, faults = load_look_backs(path.parent)
    assert found
    assert faults == ()


def _read_settings(path: Path) -> None:
    from greenroom.settings_file import checked_settings, settings_options

    assert checked_settings(settings_options(cli.commands["practice"]), path)


def _read_rule(path: Path) -> None:
    import tomlkit

    from greenroom.analysis.rules import SignalRule

    msgspec.convert(tomlkit.parse(path.read_text(encoding="utf-8")).unwrap(), SignalRule)


READERS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "rule": ("leadership.toml", _read_rule),
    "bank": ("my-bank.toml", _read_bank),
    "debrief": ("debrief.toml", _read_debrief),
    "look backs": ("look-backs.toml", _read_look_backs),
    "plan": ("plan.toml", _read_plan),
    "story": ("late-import.toml", _read_story),
    "settings": ("config.toml", _read_settings),
}


@pytest.mark.parametrize("block", [block for block in BLOCKS if block.language == "toml"], ids=str)
def test_a_toml_example_is_read_without_a_fault(block: Block, tmp_path: Path) -> None:
    name, read = READERS[kind_of(block)]
    (tmp_path / name).write_text(block.text, encoding="utf-8")
    read(tmp_path / name)


@pytest.mark.slow
def test_the_rule_of_the_page_does_what_its_own_examples_say() -> None:
    (rule,) = (block for block in BLOCKS if kind_of(block) == "rule")
    import tomlkit

    from greenroom.analysis import Analyzer, transcript_of
    from greenroom.analysis.query import weigh
    from greenroom.analysis.rules import SignalRule

    told = msgspec.convert(tomlkit.parse(rule.text).unwrap(), SignalRule)
    analyzer = Analyzer()
    for examples, shows in ((told.fires, True), (told.quiet, False)):
        for example in examples:
            reading = analyzer.read(transcript_of(re.sub(r"[\[\]]", "", example.text)))
            assert (weigh(reading, told.evidence) >= told.threshold) == shows, example.text


def test_json_examples_have_the_fields_of_their_record() -> None:
    from greenroom.records import Answer, Session, Turn

    for block in BLOCKS:
        if block.language == "json":
            shown = json.loads(block.text)
            record = next(
                (each for key, each in (("turns", Session), ("timing", Turn)) if key in shown), Answer
            )
            known = {field.encode_name for field in msgspec.inspect.type_info(record).fields}
            assert set(shown) <= known, block


LINKS = [
    pytest.param(page, link, id=f"{page.name} {link}")
    for page in PAGES
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(page))
    if not link.startswith("http")
]


@pytest.mark.parametrize(("page", "link"), LINKS)
def test_a_link_leads_somewhere(page: Path, link: str) -> None:
    name, _, anchor = link.partition("#")
    target = (page.parent / name) if name else page
    assert target.exists()
    if anchor:
        heads = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE)
        assert anchor in {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_is_led_to_from_the_readme(page: Path) -> None:
    if page.parent.name == "docs":
        assert f"docs/{page.name}" in (ROOT / "README.md").read_text(encoding="utf-8")


NAMED = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|toml|md|json|onnx|js|css|svg|png)|scripts/[\w.]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_files_that_are_named_are_there(page: Path) -> None:
    places = (ROOT, ROOT / "src" / "greenroom", ROOT / "scripts", page.parent)
    named = set(NAMED.findall(page.read_text(encoding="utf-8")))
    ours = {name for name in named if not name.startswith(("DATA/", "CONFIG/", "CACHE/", "SESSION/"))}
    assert {name for name in ours if not any((place / name).exists() for place in places)} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_options_that_are_named_are_there(page: Path) -> None:
    options = re.compile(r"(?<![\w-])--[a-z][a-z-]*[a-z]")
    named = set(options.findall(page.read_text(encoding="utf-8")))
    assert named <= options_of(cli).union(options.findall(all_text(SCRIPTS)))


def options_of(command: click.Command) -> set[str]:
    own = {"--help"} | {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
    below = command.commands.values() if isinstance(command, click.Group) else ()
    return own.union(*(options_of(each) for each in below))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_environment_variables_that_are_named_are_read(page: Path) -> None:
    named = set(re.findall(r"\bGREENROOM_[A-Z_]*[A-Z]\b", page.read_text(encoding="utf-8")))
    settings = {f"GREENROOM_{each.name.upper()}" for each in cli.commands["practice"].params if each.name}
    read = all_text((*(ROOT / "src").rglob("*.py"), *SCRIPTS))
    assert {name for name in named - settings if name not in read} == set()


def all_text(files: Iterable[Path]) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in files)
