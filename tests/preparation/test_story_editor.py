"""The person's own editor: opened on the file, waited for, and missed in one line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from greenroom.errors import UsageError
from greenroom.preparation.stories.story_editor import edit


@pytest.fixture
def editor(tmp_path, monkeypatch):
    """Sets $EDITOR to a program that does what a line of Python says with the last `path` it is given."""
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)

    def set_editor(does: str, variable: str = "EDITOR") -> None:
        program = tmp_path / "my editor.py"
        program.write_text(f"import sys\nfrom pathlib import Path\npath = Path(sys.argv[-1])\n{does}\n")
        monkeypatch.setenv(variable, f"'{sys.executable}' '{program}' --wait")

    return set_editor


def test_the_editor_is_waited_for_and_changes_the_file(tmp_path, editor) -> None:
    editor("import time; time.sleep(0.2); path.write_text(path.read_text() + ' and more')")
    path = tmp_path / "a story.toml"
    path.write_text("this")
    edit(path)
    assert path.read_text() == "this and more"


def test_visual_comes_before_editor(tmp_path, editor, monkeypatch) -> None:
    editor("path.write_text('visual')", "VISUAL")
    monkeypatch.setenv("EDITOR", "false")
    edit(tmp_path / "a.toml")
    assert (tmp_path / "a.toml").read_text() == "visual"


@pytest.mark.parametrize("named", ["", "  "])
def test_without_an_editor_it_says_how_to_name_one(tmp_path, editor, monkeypatch, named) -> None:
    monkeypatch.setenv("EDITOR", named)
    with pytest.raises(UsageError, match="no editor is known") as problem:
        edit(tmp_path / "a.toml")
    assert "export EDITOR=nano" in str(problem.value.hint)


@pytest.mark.parametrize("named", ["no-such-editor-here --wait", "'not closed"])
def test_an_editor_that_is_not_there_is_named(tmp_path, editor, monkeypatch, named) -> None:
    monkeypatch.setenv("EDITOR", named)
    with pytest.raises(UsageError, match="does not start: No such file"):
        edit(tmp_path / "a.toml")


def test_an_editor_that_fails_is_no_success(tmp_path, editor) -> None:
    editor("sys.exit(3)")
    with pytest.raises(UsageError, match="ended with status 3"):
        edit(tmp_path / "a.toml")


def test_what_an_editor_prints_does_not_mix_with_results(tmp_path, editor) -> None:
    editor("print('waiting for your editor')")
    program = (
        "import sys; from pathlib import Path; from greenroom.preparation.stories.story_editor import edit; "
        "edit(Path(sys.argv[1])); print('result')"
    )
    command = [sys.executable, "-c", program, str(Path(tmp_path / "a.toml"))]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "result\n"
    assert "waiting for your editor" in done.stderr
