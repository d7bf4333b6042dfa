"""What is installed elsewhere: the wheel made from the sdist, in an empty environment outside the checkout.

The libraries are those of this environment, shown to the new one by a .pth file; greenroom itself is not: its
editable install is a .pth file too, and such files count only where Python looks for packages by itself.
`scripts/test --wheel` installs everything from the index instead (WHEEL_INSTALLED), which takes minutes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
JFK = ROOT / "tests" / "data" / "jfk.flac"
INSTALLED = os.environ.get("WHEEL_INSTALLED")
"""A virtual environment in which the wheel was installed with all it needs, by scripts/test --wheel."""

ANSWER = (
    "Our nightly import failed about twice a week, and the billing desk found out at nine. I read three "
    "months of logs and wrote a check that reads each file first. Failures went from eight a month to one."
)


class Elsewhere:
    """A person's computer with greenroom installed and no checkout: a home, and a folder where they are."""

    def __init__(self, environment: Path, home: Path) -> None:
        self.bin = environment / "bin"
        self.home = home
        self.here = home / "documents"
        self.here.mkdir(parents=True)

    def run(self, *arguments: str) -> str:
        """What `greenroom ARGUMENTS` prints to standard output; it has to end well."""
        done = self.greenroom(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def greenroom(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        done = self._start("greenroom", *arguments)
        assert "Traceback" not in done.stderr
        assert str(ROOT / "src") not in done.stdout + done.stderr
        return done

    def python(self, program: str) -> str:
        done = self._start("python", "-c", program)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _start(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        # Nothing of this process's environment but where the system's programs lie.
        env = {"HOME": str(self.home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONNOUSERSITE": "1"}
        command = [str(self.bin / program), *arguments]
        return subprocess.run(
            command, cwd=self.here, env=env, capture_output=True, text=True, timeout=200, check=False
        )


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The sdist made from the checkout, and the wheel made from that sdist alone."""
    folder = tmp_path_factory.mktemp("dist")
    sdist = _built("sdist", ROOT, folder)
    with tarfile.open(sdist) as content:
        content.extractall(folder / "source", filter="data")
    (source,) = (folder / "source").iterdir()
    return sdist, _built("wheel", source, folder)


def _built(target: str, source: Path, folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (archive,) = folder.glob("*.whl" if target == "wheel" else "*.tar.gz")
    return archive


@pytest.fixture(scope="module")
def names(archives: tuple[Path, Path]) -> set[str]:
    with zipfile.ZipFile(archives[1]) as content:
        return set(content.namelist())


@pytest.fixture(scope="module")
def elsewhere(archives: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Elsewhere:
    folder = tmp_path_factory.mktemp("elsewhere")
    if INSTALLED:
        return Elsewhere(Path(INSTALLED), folder / "home")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "env"], check=True)
    python = folder / "env" / "bin" / "python"
    places = sysconfig.get_paths(vars={"base": str(folder / "env"), "platbase": str(folder / "env")})
    (Path(places["purelib"]) / "libraries.pth").write_text(sysconfig.get_path("purelib"))
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--no-deps",
        "--no-index",
        "--quiet",
    ]
    subprocess.run([*pip, str(archives[1])], check=True)
    return Elsewhere(folder / "env", folder / "home")


@pytest.fixture(scope="module")
def session(elsewhere: Elsewhere) -> Path:
    """An interview of one question, answered by a recording and held elsewhere."""
    options = ["--candidate", str(JFK), "--fast", "--quiet", "--questions", "1", "--follow-ups", "0"]
    folder = Path(elsewhere.run("practice", *options, "--no-look-back").splitlines()[-1])
    assert folder.is_relative_to(elsewhere.home)
    return folder


def test_the_banks_are_inside(names: set[str]) -> None:
    banks = {f"greenroom/question_banks/{path.name}" for path in (ROOT / "question_banks").glob("*.toml")}
    assert len(banks) >= 5
    assert banks <= names


def test_every_file_of_the_package_is_inside(names: set[str]) -> None:
    source = ROOT / "src"
    files = {
        str(path.relative_to(source))
        for path in (source / "greenroom").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert files <= names
    assert any(name.endswith("nobody-asked.flac") for name in names)


def test_nothing_of_the_person_is_inside(archives: tuple[Path, Path], names: set[str]) -> None:
    assert not [name for name in names if name.startswith("recordings") or "session.json" in name]
    with tarfile.open(archives[0]) as content:
        kept = {name.split("/")[2] for name in content.getnames() if "/recordings/" in name}
    assert kept == {"README.md", "sample"}


def test_every_licence_is_inside(names: set[str]) -> None:
    (licences,) = {name.partition("/licenses/")[0] for name in names if "/licenses/" in name}
    inside = {name.removeprefix(f"{licences}/licenses/") for name in names if name.startswith(licences)}
    assert {"LICENSE", "NOTICE", "licenses/Apache-2.0.txt"} <= inside
    assert "greenroom/review/templates/wavesurfer.LICENSE.txt" in names


def test_the_notice_names_files_that_are_there(names: set[str]) -> None:
    notice = (ROOT / "NOTICE").read_text()
    for name in ("analysis/scorer_data/encoder.onnx", "review/templates/wavesurfer.min.js"):
        assert f"greenroom/{name}" in notice
        assert f"greenroom/{name}" in names
    assert (ROOT / "tests" / "data" / "axe-core" / "LICENSE").exists()


def test_the_index_can_show_it(archives: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(archives[1]) as content:
        (name,) = (name for name in content.namelist() if name.endswith(".dist-info/METADATA"))
        about = Parser().parsestr(content.read(name).decode())
    assert about["Description-Content-Type"] == "text/markdown"
    assert about["License-Expression"] == "MIT"
    assert about.get_payload() == (ROOT / "README.md").read_text()
    versions = {f"Programming Language :: Python :: 3.{minor}" for minor in range(10, 14)}
    assert versions <= set(about.get_all("Classifier", []))


def test_it_is_the_installed_one(elsewhere: Elsewhere) -> None:
    where = Path(elsewhere.python("import greenroom; print(greenroom.__file__)").strip())
    assert where.is_relative_to(elsewhere.bin.parent)
    assert "practice" in elsewhere.run("--help")


def test_the_banks_are_found(elsewhere: Elsewhere) -> None:
    listed = json.loads(elsewhere.run("questions", "list", "--json"))
    assert {each["name"] for each in listed} == {
        path.stem for path in (ROOT / "question_banks").glob("*.toml")
    }


def test_rules_and_scorer_are_found(elsewhere: Elsewhere) -> None:
    (elsewhere.here / "answer.txt").write_text(ANSWER)
    answer = json.loads(elsewhere.run("analyze", "answer.txt", "--json"))
    assert {"action", "result"} <= {part["id"] for part in answer["parts"]}
    assert answer["rubric"]
    assert answer["feedback"]["spoken"]


@pytest.mark.weights
def test_an_interview_is_held_and_kept_in_the_home(session: Path) -> None:
    (turn,) = json.loads((session / "session.json").read_text())["turns"]
    assert turn["transcript"]["words"]
    assert turn["feedback"]["spoken"]


@pytest.mark.weights
def test_the_pages_are_made(elsewhere: Elsewhere, session: Path) -> None:
    page = Path(elsewhere.run("report").splitlines()[-1])
    assert page == session / "report.html"
    assert "WaveSurfer" in page.read_text()
    assert elsewhere.run("history")
    assert (session.parent / "index.html").exists()
    (elsewhere.here / "told.txt").write_text(ANSWER)
    elsewhere.run("stories", "add", "--from", "told.txt", "The late import")
    assert "late import" in elsewhere.run("stories", "list")
    assert json.loads(elsewhere.run("stories", "map", "--json"))


def test_the_demo_is_found(elsewhere: Elsewhere) -> None:
    found = elsewhere.python("from greenroom.demo import demo_recordings; print(len(demo_recordings()))")
    assert int(found) == len(list((ROOT / "src" / "greenroom" / "demo").glob("*.flac")))


def test_what_to_do_is_found(elsewhere: Elsewhere) -> None:
    program = "from greenroom.doctoring import findings; print(findings.__file__)"
    folder = Path(elsewhere.python(program).strip()).parent
    assert (folder / "cures.toml").is_file()
    assert (folder / "watched").is_dir()


if INSTALLED:  # 25 s, so not in every run

    def test_the_doctor_finds_everything_but_a_sound_card(elsewhere: Elsewhere) -> None:
        done = elsewhere.greenroom("doctor", "--json")
        assert done.returncode in (0, 4), done.stderr
        faults = [each for each in json.loads(done.stdout)["findings"] if each["stops"]]
        assert {each["group"] for each in faults} <= {"Sound"}, faults
