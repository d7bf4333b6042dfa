"""What a reader of the code can hold on to: nothing is loaded that could run; few places start programs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src" / "greenroom"

RUNS_WHAT_IT_READS = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "yaml", "code", "runpy"}
OUR_OWN_PIPES = {"transcription/child_process.py"}
"""Here pickles go between a process and the child that it has started itself, and come from nowhere else."""

MAY_START_PROGRAMS = {
    "detached_processes.py": "it ends them; only the type of a child is named here",
    "doctoring/watching.py": "greenroom's own commands, to be watched; options only",
    "preparation/stories/story_editor.py": "the person's editor, with the path of a file",
    "reanalysis/workers.py": "by child_process; only the type of a child is named here",
    "transcription/child_process.py": "a function of ours; all else goes through pipes",
    "transcription/process.py": "by child_process; only the type of a child is named here",
    "voices/piper_voice.py": "the voice; the text goes through a pipe",
    "voices/pyttsx3_voice.py": "the speech engine; the text goes through a pipe",
}
"""Nothing of an answer may be an argument: whoever adds a place here has looked at what it passes."""

STARTS_PROGRAMS = {"subprocess", "multiprocessing", "pexpect", "pty"}
IN_OS = ("system", "popen", "startfile", "exec", "spawn", "posix_spawn", "fork")


def faults(tree: ast.AST) -> Iterator[str]:
    """What could run something that was only to be read."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.split(".")[0] in RUNS_WHAT_IT_READS)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in RUNS_WHAT_IT_READS:
            yield str(node.module)
        elif isinstance(node, ast.Call):
            yield from _faults_of_call(node)


def _faults_of_call(node: ast.Call) -> Iterator[str]:
    called = ast.unparse(node.func)
    given = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
    if called in ("eval", "exec", "compile", "__import__"):
        yield called
    elif (
        called.endswith(("torch.load", "torch.hub.load", "jit.load")) and given.get("weights_only") != "True"
    ):
        yield f"{called} without weights_only=True"
    elif given.get("allow_pickle", "False") != "False" or given.get("shell", "False") != "False":
        yield f"{called} with allow_pickle or shell"
    elif given.get("trust_remote_code", "False") != "False":
        yield f"{called} with trust_remote_code"
    elif called.split(".")[-1] == "Environment" and given.get("autoescape") != "True":
        yield "a template without autoescape"


def starts(tree: ast.AST) -> Iterator[str]:
    """What could start a program."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.split(".")[0] in STARTS_PROGRAMS)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in STARTS_PROGRAMS:
            yield str(node.module)
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) == "os":
            yield from (f"os.{node.attr}" for begin in IN_OS if node.attr.startswith(begin))


def trees() -> Iterator[tuple[str, ast.AST]]:
    for path in sorted(SRC.rglob("*.py")):
        yield path.relative_to(SRC).as_posix(), ast.parse(path.read_text("utf-8"))


def test_nothing_runs_what_it_reads() -> None:
    found = {name: sorted(faults(tree)) for name, tree in trees() if name not in OUR_OWN_PIPES}
    assert {name: what for name, what in found.items() if what} == {}
    assert {name for name, tree in trees() if name in OUR_OWN_PIPES and list(faults(tree))} == OUR_OWN_PIPES


def test_only_known_places_start_programs() -> None:
    found = {name for name, tree in trees() if list(starts(tree))}
    assert found == set(MAY_START_PROGRAMS)


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from yaml import load",
        "import joblib.numpy_pickle",
        "eval(text)",
        "torch.load(path)",
        "torch.load(path, weights_only=False)",
        "numpy.load(path, allow_pickle=True)",
        "np.load(path, allow_pickle=wanted)",
        "subprocess.run(text, shell=True)",
        "jinja2.Environment(loader=loader)",
        "AutoModel.from_pretrained(name, trust_remote_code=True)",
    ],
)
def test_a_fault_is_found(source: str) -> None:
    assert list(faults(ast.parse(source)))


@pytest.mark.parametrize(
    "source", ["np.load(path)", "torch.load(path, weights_only=True)", "json.load(file)", "re.compile(text)"]
)
def test_what_is_harmless_is_none(source: str) -> None:
    assert not list(faults(ast.parse(source)))


@pytest.mark.parametrize(
    "source", ["import subprocess", "os.system(x)", "os.execvp(a, b)", "from pty import fork"]
)
def test_a_start_is_found(source: str) -> None:
    assert list(starts(ast.parse(source)))
