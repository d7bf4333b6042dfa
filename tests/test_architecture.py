"""The shape of the house, held by reading the imports: which room may know which."""

from __future__ import annotations

import ast
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parent.parent
SRC = ROOT / "src" / "greenroom"

FLOOR = {
    "detached_processes",
    "errors",
    "installing",
    "private_files",
    "records",
    "timed_calls",
    "timed_writing",
}
STAGES = (
    {"audio"},
    {"listening"},
    {"voices"},
    {"transcription"},
    {"prosody"},
    {"analysis"},
    {"coaching"},
)
QUESTIONS = {"questions", "question_check"}
SCREEN_AND_KEYS = {"screens", "keys", "plain_mode"}

MAY_KNOW = {
    "detached_processes": set[str](),
    "errors": set[str](),
    "installing": set[str](),
    "private_files": set[str](),
    "timed_calls": set[str](),
    "timed_writing": {"errors", "timed_calls"},
    "records": {"errors"},
    **{room: FLOOR | stage for stage in (*STAGES, QUESTIONS) for room in stage},
    **{room: FLOOR | SCREEN_AND_KEYS | {"self_rating"} for room in SCREEN_AND_KEYS},
    "plain_mode": set[str](),
    "self_rating": {"records"},
    "slugs": set[str](),
    "session": FLOOR | {"slugs"},
    "captions": FLOOR,
    "config": FLOOR,
    "review": FLOOR | SCREEN_AND_KEYS | {"session", "captions", "audio", "self_rating"},
}
"""Rooms that know only these, beside themselves. All others join stages, and may know all but the top."""

HEAVY = {
    "av",
    "ctranslate2",
    "dask",
    "distributed",
    "faster_whisper",
    "pyttsx3",
    "sounddevice",
    "spacy",
    "torch",
    "whisper",
}
SAYS_NOTHING = {"common", "core", "helper", "helpers", "manager", "misc", "util", "utils"}
LONGEST_FILE_LINES = 400

FILES = sorted(SRC.rglob("*.py"))


def room_of(path: Path) -> str:
    """The module or package directly under greenroom that the file belongs to."""
    return path.relative_to(SRC).parts[0].removesuffix(".py")


def module_of(path: Path) -> list[str]:
    parts = ["greenroom", *path.relative_to(SRC).with_suffix("").parts]
    return parts[:-1] if parts[-1] == "__init__" else parts


def imports(path: Path, nodes: Iterator[ast.AST]) -> Iterator[str]:
    """Full names of what is imported: `from a.b import c` gives "a.b.c", with relative names resolved."""
    package = module_of(path) if path.name == "__init__.py" else module_of(path)[:-1]
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = [*above, *([node.module] if node.module else [])]
            yield from (".".join([*base, alias.name]) for alias in node.names)


def rooms_known(path: Path) -> set[str]:
    """Rooms of greenroom that the file imports, anywhere in it, its own left out."""
    names = (name.split(".") for name in imports(path, ast.walk(ast.parse(path.read_text()))))
    rooms = {parts[1] for parts in names if parts[0] == "greenroom" and len(parts) > 1}
    return {room for room in rooms if not room.startswith("_")} - {room_of(path)}


def faults(found: dict[Path, set[str]]) -> dict[str, set[str]]:
    """Only the files where something was found, by a name that can be read."""
    return {str(path.relative_to(SRC)): names for path, names in found.items() if names}


def at_import(node: ast.AST) -> Iterator[ast.AST]:
    """What runs when the module is imported: nothing in functions, nothing that only type checkers see."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from at_import(child)


def imported_at_once(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(path, at_import(ast.parse(path.read_text())))}


def test_relative_imports_are_resolved(tmp_path: Path) -> None:
    source = ast.parse("from . import a\nfrom .b import c\nfrom .. import records\nimport numpy as np")
    found = list(imports(SRC / "audio" / "clip.py", ast.walk(source)))
    assert found == ["greenroom.audio.a", "greenroom.audio.b.c", "greenroom.records", "numpy"]


def test_only_what_runs_at_import_counts_as_imported_at_import() -> None:
    source = ast.parse(
        "if TYPE_CHECKING:\n import torch\ndef f():\n import spacy\ntry:\n import av\nexcept E: pass"
    )
    assert list(imports(SRC / "cli.py", at_import(source))) == ["av"]


def test_a_room_knows_only_what_it_may() -> None:
    known = {path: rooms_known(path) for path in FILES if room_of(path) in MAY_KNOW}
    assert faults({path: rooms - MAY_KNOW[room_of(path)] for path, rooms in known.items()}) == {}


def test_the_command_line_is_on_top() -> None:
    assert faults({path: {"cli"} & rooms_known(path) for path in FILES if room_of(path) != "__main__"}) == {}


def test_the_rooms_of_the_design_exist() -> None:
    rooms = {room_of(path) for path in FILES}
    assert set(MAY_KNOW) <= rooms, "MAY_KNOW names what is not there, and so guards nothing"


def test_no_two_rooms_need_each_other() -> None:
    graph: dict[str, set[str]] = {}
    for path in FILES:
        graph.setdefault(room_of(path), set()).update(rooms_known(path))
    TopologicalSorter(graph).prepare()  # CycleError names the rooms


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    assert faults({path: HEAVY & imported_at_once(path) for path in FILES}) == {}


def test_a_file_can_be_read_in_one_sitting() -> None:
    lengths = {path.name: len(path.read_text().splitlines()) for path in FILES}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE_LINES} == {}


def test_a_module_is_named_by_its_job() -> None:
    assert (
        faults({path: SAYS_NOTHING & set(re.split(r"[/_.]", str(path.relative_to(SRC)))) for path in FILES})
        == {}
    )


def test_help_comes_at_once_and_loads_nothing_heavy() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "greenroom", "--help"]
    before = processor_seconds()
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    took = processor_seconds() - before
    loaded = {line.split("|")[-1].strip() for line in done.stderr.splitlines()}
    assert "practice" in done.stdout
    assert "greenroom.cli" in loaded
    assert not loaded & HEAVY
    assert took < 1.0  # about 0.3 s; what this catches is a library that was loaded without need


def processor_seconds() -> float:
    """What ended child processes have used: unlike the clock, it stands still while others run."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_no_file_tells_where_it_was_written() -> None:
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    # Written in two pieces, so that this file does not hold them itself.
    places = tuple(f"/{first}/{second}".encode() for first, second in (("work", ""), ("tmp", "dev")))
    files = [ROOT / name for name in names if name and (ROOT / name).is_file()]
    assert len(files) > 10
    assert [str(file) for file in files if any(place in file.read_bytes() for place in places)] == []
