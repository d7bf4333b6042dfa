"""`greenroom stories`: listed, shown, added, edited and checked, from outside."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest
from click.testing import CliRunner, Result

from greenroom.cli import cli
from greenroom.errors import BadInputError, UsageError
from greenroom.preparation.places import EARLIER, stories_folder
from greenroom.preparation.stories.stories import Story, Told
from greenroom.preparation.stories.story_adding import add_typed
from greenroom.preparation.stories.story_files import find_story, load_stories, save_story
from greenroom.preparation.stories.story_lines import WIDTH, list_lines, show_lines
from greenroom.preparation.stories.story_quality import StoryQuality
from greenroom.preparation.stories.story_reading import KEYS, TOLD_KEYS, read_text
from greenroom.preparation.telling.entities import Entities
from greenroom.records import SIGNALS, Analysis, Delivery, Finding, SignalEvidence, Span

DOCS = Path(__file__).parents[2] / "docs" / "stories.md"
COMMANDS = ([], ["list"], ["show"], ["add"], ["edit"], ["check"])
TYPED = (
    "The import that nobody watched\n"
    "Our nightly import of invoices failed about twice a week.\n"
    "Dana asked me whether we could know before they did.\n"
    "I wrote a check in Python.\n"
    "Failures went down\n"
    "8 to 1\n"
)
LATE = Story(
    "late-import",
    "The import that nobody watched",
    "Our import failed.",
    "Dana asked me.",
    "I wrote a check.",
    "It fell from 8 to 1.",
    people=("Dana",),
    qualities=("ownership", "calm under pressure"),
    told=(
        Told("2026-11-20T18-00-00-leadership", 2, "2026-11-20T18:04:00+01:00", "business"),
        Told("2026-11-21T18-00-00-leadership", 1, "2026-11-21T18:04:00+01:00"),
    ),
)
SAID = Span("I wrote a check,", None, None, 0, 3)
QUALITY = StoryQuality(
    "late-import",
    "pseudo_story",
    (
        Finding("no_outcome", 0.9, (SAID,), "why", "Finish with a before and an after."),
        Finding("reactive", 0.55, (SAID,), "why", "Say what you started."),
    ),
    (SignalEvidence("ownership", (SAID,), 0.9), SignalEvidence("ambiguity", (SAID,), 0.55)),
    (),
)


class FakeAnalyzer:
    """Finds the same in every text."""

    def analyze(self, transcript: object, question: object) -> Analysis:
        return Analysis(
            Delivery(words=3), form=QUALITY.form, patterns=QUALITY.patterns, signals=QUALITY.signals
        )


class FakeReader:
    """Finds nothing in any text."""

    def read(self, words: object) -> None:
        return None

    def entities(self, reading: None) -> Entities:
        return Entities()


@pytest.fixture
def greenroom(tmp_path, monkeypatch):
    """Runs `greenroom stories ...` on the data folder tmp_path, with an analyzer that loads nothing."""
    monkeypatch.setattr("greenroom.analysis.Analyzer", FakeAnalyzer)
    monkeypatch.setenv("GREENROOM_DATA", str(tmp_path))

    def run(*arguments: str | Path, typed: str = "") -> Result:
        return CliRunner().invoke(cli, ["stories", *map(str, arguments)], input=typed)

    return run


def write(data: Path, name: str, content: str) -> Path:
    stories_folder(data).mkdir(exist_ok=True)
    path = stories_folder(data) / name
    path.write_text(content)
    return path


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_an_example_and_a_data_folder(command: list[str]) -> None:
    result = CliRunner().invoke(cli, ["stories", *command, "--help"])
    assert result.exit_code == 0
    assert "Example: " in result.output
    assert not command or "--data" in result.output


# --- list


def test_without_stories_it_says_how_to_begin(greenroom) -> None:
    result = greenroom()
    assert result.exit_code == 0
    assert "There are no stories yet." in result.stdout
    assert "greenroom stories tell" in result.stdout


def test_alone_it_lists(greenroom, tmp_path) -> None:
    save_story(tmp_path, LATE)
    save_story(tmp_path, Story("launch", "Launch day", action="I shipped it."))
    assert (
        greenroom().stdout
        == greenroom("list").stdout
        == f"""\
2 stories in {stories_folder(tmp_path)}

late-import
  The import that nobody watched
  still shows   No result that can be counted
  proves        Ownership
  told          twice, last on 21 Nov 2026

launch
  Launch day
  missing       situation, task and result
  still shows   No result that can be counted
  proves        Ownership
  told          not yet

greenroom stories show NAME says more of one.
"""
    )


def test_options_of_list_work_without_its_name(greenroom, tmp_path) -> None:
    save_story(tmp_path / "other", LATE)
    told = json.loads(greenroom("--json", "--data", tmp_path / "other").stdout)
    assert [story["name"] for story in told["stories"]] == ["late-import"]


def test_the_list_as_json(greenroom, tmp_path) -> None:
    path = save_story(tmp_path, LATE)
    assert json.loads(greenroom("list", "--json").stdout) == {
        "stories": [
            {
                "name": "late-import",
                "title": "The import that nobody watched",
                "path": str(path),
                "missing": [],
                "form": "pseudo_story",
                "patterns": [
                    {"id": "no_outcome", "confidence": 0.9},
                    {"id": "reactive", "confidence": 0.55},
                ],
                "signals": [
                    {"id": "ownership", "confidence": 0.9},
                    {"id": "ambiguity", "confidence": 0.55},
                ],
                "told": 2,
                "last_told": "2026-11-21T18:04:00+01:00",
            }
        ],
        "faults": [],
    }


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_faults_come_last_and_spoil_nothing(greenroom, tmp_path, options) -> None:
    save_story(tmp_path, LATE)
    broken = write(tmp_path, "broken.toml", 'title = "Mine\n')
    result = greenroom("list", *options)
    assert "late-import" in result.stdout
    assert isinstance(result.exception, BadInputError)
    assert result.exception.status == 3
    (detail,) = result.exception.details
    assert detail.startswith(f"{broken}, line 1, title: not valid TOML")


# --- show


def test_one_story_with_its_quality(greenroom, tmp_path) -> None:
    path = save_story(tmp_path, LATE)
    assert (
        greenroom("show", "late-import").stdout
        == f"""\
The import that nobody watched
late-import · told twice, last on 21 Nov 2026

Situation
  Our import failed.

Task
  Dana asked me.

Action
  I wrote a check.

Result
  It fell from 8 to 1.

  People        Dana
  Qualities     Ownership (strong) · calm under pressure (weak)

What it proves
  Ownership
    “I wrote a check”
  Perhaps: Handling ambiguity
    “I wrote a check”

What still hides it
  It is told as what you usually do or would do, not one time it happened.
  No result that can be counted
    “I wrote a check”
  Perhaps: The first move is somebody else’s
    “I wrote a check”

What would make it stronger
  - Finish with a before and an after.

Told
  20 Nov 2026   2026-11-20T18-00-00-leadership, answer 2, business side
  21 Nov 2026   2026-11-21T18-00-00-leadership, answer 1

{path}
"""
    )


def test_a_part_that_is_missing_is_asked_for(greenroom, tmp_path) -> None:
    save_story(tmp_path, Story("launch", "Launch day", action="I shipped it."))
    assert "Result\n  Still to come. What changed, and by how much?" in greenroom("show", "launch").stdout


def test_one_story_as_json(greenroom, tmp_path) -> None:
    save_story(tmp_path, LATE)
    told = json.loads(greenroom("show", "late-import", "--json").stdout)
    assert told["told"][0]["angle"] == "business"
    assert told["signals"][0]["evidence"][0]["text"] == "I wrote a check,"
    assert told["shows"] == {"ownership": "strong", "calm under pressure": "weak"}
    assert told["to_add"] == ["Finish with a before and an after."]
    assert (told["missing"], told["faults"]) == ([], [])


def test_what_is_wrong_in_a_file_is_told_beside_its_story(greenroom, tmp_path) -> None:
    write(tmp_path, "mine.toml", 'title = "Mine"\npeople = "Dana"\n')
    result = greenroom("show", "mine")
    assert result.exit_code == 0
    assert "People        Dana" in result.stdout
    assert "mine.toml, line 2, people: must be a list of text" in result.stderr


@pytest.mark.parametrize("command", ["show", "edit"])
def test_a_name_that_is_not_there_is_named(greenroom, tmp_path, command) -> None:
    save_story(tmp_path, LATE)
    result = greenroom(command, "launch")
    assert isinstance(result.exception, UsageError)
    assert result.exception.lines == ('error: there is no story "launch"', "try: one of these: late-import")


def test_nothing_in_a_story_can_write_to_the_terminal(greenroom, tmp_path) -> None:
    save_story(tmp_path, Story("mine", "Mi\x1b[31mne", situation="a\x07b\x9bc", people=("D\x1b]0;x\x07",)))
    for command in (("list",), ("show", "mine")):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", greenroom(*command).stdout)


def test_a_screen_of_80_columns_is_enough() -> None:
    long = Story("a" * 40, "word " * 40, "word " * 90, qualities=("word " * 5,) * 9, told=LATE.told)
    shown = [*list_lines([(long, QUALITY)], Path("/data")), *show_lines(long, QUALITY, Path("/data/a.toml"))]
    assert max(len(line.plain) for line in shown) <= WIDTH
    plain = [*show_lines(long, QUALITY, Path("/data/a.toml"), screen=False)]
    assert "  " + ("word " * 90).strip() in [line.plain for line in plain], (
        "what is read aloud is broken nowhere"
    )


# --- add


@pytest.mark.slow
def test_typed_through_a_pipe(greenroom, tmp_path) -> None:
    result = greenroom("add", typed=TYPED)
    assert result.exit_code == 0, result.exception
    path = stories_folder(tmp_path) / "the-import-that-nobody-watched.toml"
    assert result.stdout == f"{path}\n"
    assert find_story(tmp_path, path.stem) == Story(
        path.stem,
        "The import that nobody watched",
        "Our nightly import of invoices failed about twice a week.",
        "Dana asked me whether we could know before they did.",
        "I wrote a check in Python.",
        "Failures went down: 8 to 1",
        numbers=find_story(tmp_path, path.stem).numbers,
        people=("Dana",),
        technologies=("Python",),
    )
    assert any("8 to 1" in number for number in find_story(tmp_path, path.stem).numbers)
    assert "All four parts are there." in result.stderr
    assert [line for line in result.stderr.splitlines() if re.match(r"\d of 5\.", line)] == [
        "1 of 5. What was broken?",
        "2 of 5. Who cared, and what was yours to do?",
        "3 of 5. What did you decide, and what did you do?",
        "4 of 5. What changed?",
        "5 of 5. By how much? A number, a time, an amount.",
    ]


def test_an_empty_line_skips_and_the_end_of_the_pipe_skips_all_that_follows(greenroom, tmp_path) -> None:
    result = greenroom("add", "Launch day", typed="\n\n")
    assert result.exit_code == 0, result.exception
    assert load_stories(tmp_path).stories == (Story("launch-day", "Launch day"),)
    assert "Still missing: situation, task, action and result." in result.stderr


@pytest.mark.slow
def test_without_a_title_it_is_called_by_its_first_words(greenroom, tmp_path) -> None:
    greenroom("add", typed="\nOur nightly import of invoices failed. Twice.\n")
    assert load_stories(tmp_path).stories[0].title == "Our nightly import of invoices failed"


@pytest.mark.parametrize(
    ("changed", "how_much", "result"),
    [
        ("It fell.", "from 8 to 1", "It fell: from 8 to 1"),
        ("It fell", "Nobody called any more.", "It fell. Nobody called any more."),
        ("It fell!", "Half.", "It fell! Half."),
        ("", "40 %", "40 %"),
        ("It fell", "", "It fell"),
    ],
)
def test_by_how_much_belongs_to_what_changed(tmp_path, monkeypatch, changed, how_much, result) -> None:
    monkeypatch.setattr("greenroom.preparation.telling.entities.EntityReader", FakeReader)
    lines = iter(["", "", "", changed, how_much])
    path = add_typed(tmp_path, "A title", lambda _: next(lines))
    assert find_story(tmp_path, path.stem).result == result


def test_what_was_typed_before_a_line_that_cannot_be_read_is_kept(tmp_path) -> None:
    lines = iter(["It failed.", "Dana asked me."])

    def ask(question: str) -> str:
        if line := next(lines, None):
            return line
        raise BadInputError("not UTF-8")

    with pytest.raises(BadInputError):
        add_typed(tmp_path, "Launch day", ask)
    (story,) = load_stories(tmp_path).stories
    assert (story.situation, story.task) == ("It failed.", "Dana asked me.")


def test_what_is_not_utf_8_is_one_line_and_keeps_nothing(greenroom, tmp_path) -> None:
    result = CliRunner().invoke(cli, ["stories", "add", "Launch day"], input=b"In a caf\xe9.\n")
    assert isinstance(result.exception, BadInputError)
    assert "not UTF-8" in str(result.exception)
    assert not stories_folder(tmp_path).exists()


def test_where_nothing_is_typed_nothing_is_kept(greenroom, tmp_path) -> None:
    result = greenroom("add")
    assert isinstance(result.exception, UsageError)
    assert "nothing is kept" in str(result.exception)
    assert not stories_folder(tmp_path).exists()


def test_the_same_title_again_is_another_story(greenroom, tmp_path) -> None:
    greenroom("add", "Launch day")
    greenroom("add", "Launch day")
    assert [story.name for story in load_stories(tmp_path).stories] == ["launch-day", "launch-day-2"]


@pytest.mark.slow
def test_what_was_typed_before_ctrl_c_is_kept(tmp_path) -> None:
    command = ["-m", "greenroom", "stories", "add", "--data", str(tmp_path)]
    child = pexpect.spawn(sys.executable, command, encoding="utf-8", timeout=30, dimensions=(40, 80))
    child.expect("A title")
    child.sendline("Launch day")
    child.expect("What was broken")
    # As pasted from notes: a paragraph that is longer than a terminal's own line of 4096 characters.
    child.sendline("word " * 1000 + "end")
    child.expect("Who cared")
    child.sendintr()
    child.expect("kept so far: .*launch-day.toml")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130
    (story,) = load_stories(tmp_path).stories
    assert (story.title, story.situation.split()[-1], len(story.situation.split())) == (
        "Launch day",
        "end",
        1001,
    )


def test_from_toml_with_its_comments(greenroom, tmp_path) -> None:
    file = tmp_path / "My story.toml"
    file.write_text('# mine\ntitle = "Launch day"\nrating = 5\naction = "I shipped it."\n')
    result = greenroom("add", "--from", file)
    path = stories_folder(tmp_path) / "launch-day.toml"
    assert result.stdout == f"{path}\n"
    assert path.read_text() == file.read_text()
    assert isinstance(result.exception, BadInputError), "the unknown key is named"
    assert "line 3, rating" in result.exception.details[0]
    greenroom("add", "The day after", "--from", file)
    renamed = stories_folder(tmp_path) / "the-day-after.toml"
    assert renamed.read_text() == file.read_text().replace("Launch day", "The day after")


def test_from_a_file_that_cannot_be_used(greenroom, tmp_path) -> None:
    for name, content, told in (
        ("a.toml", b"title = ", "a.toml, line 1, title: not valid TOML"),
        ("b.txt", b"\xff", "not a UTF-8 text"),
        ("c.txt", b" \n", "is empty"),
    ):
        (tmp_path / name).write_bytes(content)
        result = greenroom("add", "--from", tmp_path / name)
        assert isinstance(result.exception, BadInputError)
        assert told in str(result.exception)
    assert "cannot be read" in str(greenroom("add", "--from", tmp_path / "d.txt").exception)
    assert not stories_folder(tmp_path).exists()


# --- edit


@pytest.fixture
def editor(tmp_path, monkeypatch):
    """Sets $EDITOR to a program that does what a line of Python says with `path`."""

    def set_editor(does: str) -> None:
        program = tmp_path / "editor.py"
        program.write_text(f"import sys\nfrom pathlib import Path\npath = Path(sys.argv[1])\n{does}\n")
        monkeypatch.delenv("VISUAL", raising=False)
        monkeypatch.setenv("EDITOR", f"'{sys.executable}' '{program}'")

    return set_editor


def test_edited_and_copied_before(greenroom, tmp_path, editor) -> None:
    path = save_story(tmp_path, LATE)
    before = path.read_text()
    # Many editors write a new file, which gets the mode of any other.
    editor("text = path.read_text(); path.unlink(); path.write_text(text.replace('8 to 1', '8 to 2'))")
    result = greenroom("edit", "late-import")
    assert (result.exit_code, result.stdout) == (0, f"{path}\n")
    assert find_story(tmp_path, "late-import").result == "It fell from 8 to 2."
    (copy,) = (path.parent / EARLIER).iterdir()
    assert copy.read_text() == before
    assert {stat.S_IMODE(each.stat().st_mode) for each in (path, copy)} == {0o600}


def test_what_is_wrong_after_editing_is_named(greenroom, tmp_path, editor) -> None:
    save_story(tmp_path, LATE)
    editor("path.write_text('titel = \"Mine\"\\n')")
    result = greenroom("edit", "late-import")
    assert isinstance(result.exception, BadInputError)
    assert [detail.partition(", ")[2] for detail in result.exception.details] == [
        'line 1, titel: unknown key "titel": did you mean "title"?',
        "title: is missing",
    ]
    assert "greenroom stories edit late-import" in str(result.exception.hint)


def test_a_faulty_file_can_be_edited(greenroom, tmp_path, editor) -> None:
    write(tmp_path, "mine.toml", 'title = "Mine\n')
    editor("path.write_text('title = \"Mine\"\\n')")
    assert greenroom("edit", "mine").exit_code == 0
    assert find_story(tmp_path, "mine").title == "Mine"


def test_an_editor_that_changes_nothing_leaves_no_copy(greenroom, tmp_path, editor) -> None:
    path = save_story(tmp_path, LATE)
    editor("pass")
    result = greenroom("edit", "late-import")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "nothing was changed\n")
    editor("sys.exit(1)")
    assert isinstance(greenroom("edit", "late-import").exception, UsageError)
    assert list((path.parent / EARLIER).iterdir()) == []


def test_a_file_that_is_gone_is_still_there_as_it_was(greenroom, tmp_path, editor) -> None:
    path = save_story(tmp_path, LATE)
    before = path.read_text()
    editor("path.unlink()")
    result = greenroom("edit", "late-import")
    (copy,) = (path.parent / EARLIER).iterdir()
    assert isinstance(result.exception, BadInputError)
    assert str(copy) in str(result.exception.hint)
    assert copy.read_text() == before


# --- check


def test_check(greenroom, tmp_path) -> None:
    save_story(tmp_path, LATE)
    assert (greenroom("check").stdout, greenroom("check", "--json").stdout) == ("no faults\n", "[]\n")
    one = write(tmp_path, "broken.toml", 'title = "Mine\n')
    two = write(tmp_path, "mine.toml", 'title = "Mine"\npeople = "Dana"\n')
    result = greenroom("check")
    assert [line.partition(":")[0] for line in result.stdout.splitlines()] == [
        f"{one}, line 1, title",
        f"{two}, line 2, people",
    ]
    assert isinstance(result.exception, BadInputError)
    assert str(result.exception) == "2 faults found"
    told = json.loads(greenroom("check", "--json").stdout)
    assert [(fault["file"], fault["line"], fault["key"]) for fault in told] == [
        (str(one), 1, "title"),
        (str(two), 2, "people"),
    ]


# --- as a program, with the real analyzer


@pytest.mark.slow
def test_as_a_program(tmp_path) -> None:
    def run(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "greenroom", "stories", *arguments]
        environment = {**os.environ, "GREENROOM_DATA": str(tmp_path)}
        return subprocess.run(
            command, input=typed, capture_output=True, text=True, check=False, env=environment
        )

    notes = tmp_path / "notes.txt"
    notes.write_text(
        "The import that nobody watched\n\nOur nightly import of invoices failed about twice a week, and the "
        "billing desk found out at nine in the morning. My task was to let them know before. I read three "
        "months of logs, and I wrote a check in Python that holds a bad file back. Failures went from eight "
        "a month to one, which saved the desk 90 minutes a day.\n"
    )
    added = run("add", "--from", str(notes))
    assert (added.returncode, added.stderr.splitlines()[:1]) == (
        0,
        ["All four parts are there. What it shows: greenroom stories show the-import-that-nobody-watched"],
    )
    story = find_story(tmp_path, "the-import-that-nobody-watched")
    assert "I wrote a check in Python" in story.action
    assert "90 minutes" in story.result
    shown = json.loads(run("show", story.name, "--json").stdout)
    assert "ownership" in [signal["id"] for signal in shown["signals"]]
    write(tmp_path, "broken.toml", 'title = "Mine\n')
    listed = run()
    assert listed.returncode == 3
    assert re.search("proves .*Ownership", listed.stdout)
    assert listed.stderr.splitlines()[0] == "error: 1 fault in your stories; all else is used"
    assert run("show", "nothing").returncode == 2


# --- what the documentation says


def test_the_example_of_the_docs_has_no_faults_and_every_key() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", DOCS.read_text(), re.DOTALL)
    standing = read_text(example, Path("late-import.toml"))
    assert standing.faults == ()
    assert standing.story is not None
    assert standing.story.missing == ()
    assert "\n" not in standing.story.action, "a backslash takes the line break out"
    assert all(re.search(rf"^(\[\[)?{key}\b", example, re.M) for key in (*KEYS, *TOLD_KEYS))


def test_the_faults_in_the_docs_are_those_that_are_told(tmp_path) -> None:
    (shown,) = re.findall(r"```text\n(.*?)```", DOCS.read_text(), re.DOTALL)
    write(tmp_path, "late-import.toml", 'title = "Late"\n\n\nsituaton = "a"\n\n\n\n\nnumbers = [40]\n')
    write(tmp_path, "launch.toml", '\ntitle = "Launch\n')
    folder = f"{stories_folder(tmp_path)}{os.sep}"
    told = [str(fault).replace(folder, "") for fault in load_stories(tmp_path).faults]
    assert sorted(told) == sorted(shown.splitlines())


def test_the_docs_have_every_key_and_every_signal() -> None:
    text = DOCS.read_text()
    assert all(f"| `{key}` |" in text or f"`[[{key}]]`" in text for key in KEYS)
    assert all(f"| `told`: `{key}` |" in text for key in TOLD_KEYS)
    assert all(f"`{signal}`" in text for signal in SIGNALS)
    assert EARLIER in text
