"""scripts/rehearse and scripts/test, run for real with a stand-in for Python, pip and the system's installer.

The stand-ins write down how they were called; what they answer is set by files in the folder FAKES names.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

FAKE_PYTHON = """\
#!/bin/bash
case "$*" in
    *sys.version_info*) [ -e "$FAKES/version" ] && cat "$FAKES/version" || echo 3.12 ;;
    *'import ensurepip, venv'*) [ ! -e "$FAKES/no-ensurepip" ] ;;
    '-m venv '*)
        echo "venv" >>"$FAKES/calls"
        mkdir -p "$3/bin" && touch "$3/pyvenv.cfg" && cp "$0" "$3/bin/python" ;;
    *'import sounddevice'*) [ -e "$FAKES/portaudio" ] ;;
    '-m pip install '*)
        echo "pip $*" >>"$FAKES/calls"
        echo "WARNING: Location 'somewhere' is ignored"
        echo '  Downloading torch-2.0-cp312-manylinux.whl (190.4 MB)'
        echo '  Downloading click-8.0-py3-none-any.whl (0.1 MB)'
        if [ -e "$FAKES/no-network" ]; then echo 'ERROR: no route to the index'; exit 1; fi
        echo 'Installing collected packages: click, torch'
        if [ -e "$FAKES/disk-full" ]; then echo 'ERROR: No space left on device'; exit 1; fi
        if [ -e "$FAKES/killed" ]; then kill -KILL $PPID; exit 1; fi
        cp "$FAKES/greenroom" "${0%/*}/greenroom" ;;
    '-m pytest'*) echo "pytest in $PWD: $*" ;;
    *) echo "unexpected: python $*" >&2; exit 97 ;;
esac
"""

FAKE_GREENROOM = """\
#!/bin/bash
echo "greenroom in $PWD:"
printf '<%s>' "$@"
"""

FAKE_ID = '#!/bin/bash\n[ -e "$FAKES/root" ] && echo 0 || echo 1000\n'
FAKE_SUDO = '#!/bin/bash\n[ -e "$FAKES/passwordless" ] || exit 1\nshift\nexec "$@"\n'
FAKE_APT = """\
#!/bin/bash
echo "apt-get $*" >>"$FAKES/calls"
[ ! -e "$FAKES/no-network" ] || exit 100
case "$*" in *libportaudio2*) touch "$FAKES/portaudio" ;; *venv*) rm -f "$FAKES/no-ensurepip" ;; esac
"""

FAKE_FIND = '#!/bin/bash\n[ -e "$FAKES/no-plugin" ] || echo libasound_module_pcm_pulse.so\n'

PLAIN_TOOLS = (
    "bash",
    "cat",
    "cksum",
    "cp",
    "dirname",
    "env",
    "grep",
    "kill",
    "ls",
    "mkdir",
    "rm",
    "tail",
    "tee",
)
PLAIN_TOOLS += ("touch", "tr", "true")


@dataclass
class Checkout:
    """A checkout with the real scripts, on a machine where everything else is a stand-in."""

    path: Path
    fakes: Path

    def run(
        self, script: str, *arguments: str, cwd: Path | None = None, **env: str
    ) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": str(self.fakes / "bin"),
            "FAKES": str(self.fakes),
            "HOME": str(self.fakes),
            **env,
        }
        return subprocess.run(
            [str(self.path / "scripts" / script), *arguments],
            cwd=cwd or self.path,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def set(self, *answers: str) -> None:
        for answer in answers:
            (self.fakes / answer).touch()

    def unset(self, answer: str) -> None:
        (self.fakes / answer).unlink()

    def calls(self) -> list[str]:
        """What was installed since the last time this was asked."""
        log = self.fakes / "calls"
        calls = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return calls

    @property
    def venv(self) -> Path:
        return self.path / ".venv"


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    checkout = Checkout(tmp_path / "a checkout", tmp_path / "fakes")
    (checkout.path / "scripts").mkdir(parents=True)
    for name in ("rehearse", "test", "setup_environment"):
        shutil.copy(ROOT / "scripts" / name, checkout.path / "scripts" / name)
    for name in ("pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, checkout.path / name)
    programs = {
        "python3": FAKE_PYTHON,
        "id": FAKE_ID,
        "sudo": FAKE_SUDO,
        "apt-get": FAKE_APT,
        "find": FAKE_FIND,
    }
    programs |= dict.fromkeys(
        ("pulseaudio", "pactl", "parec", "pacat", "tmux", "strace", "chromium"), "#!/bin/bash\n"
    )
    (checkout.fakes / "bin").mkdir(parents=True)
    for name, text in programs.items():
        write_program(checkout.fakes / "bin" / name, text)
    write_program(checkout.fakes / "greenroom", FAKE_GREENROOM)
    for tool in PLAIN_TOOLS:
        real = shutil.which(tool)
        assert real is not None
        (checkout.fakes / "bin" / tool).symlink_to(real)
    checkout.set("portaudio")
    return checkout


def write_program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


@pytest.mark.parametrize(
    "script", ["scripts/rehearse", "scripts/test", "scripts/setup_environment", ".ci/run"]
)
def test_the_shell_can_read_it(script: str) -> None:
    subprocess.run(["bash", "-n", str(ROOT / script)], check=True, capture_output=True)
    assert os.access(ROOT / script, os.X_OK) == (script != "scripts/setup_environment")


def test_the_first_run_sets_up_and_starts_the_interview_where_the_person_is(
    checkout: Checkout, tmp_path: Path
) -> None:
    done = checkout.run("rehearse", "--questions", "1", "two words", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"greenroom in {tmp_path}:\n<practice><--questions><1><two words>"
    venv, pip = checkout.calls()
    assert venv == "venv"
    assert f"-c {checkout.path}/constraints.txt -e {checkout.path}[weights]" in pip


def test_the_first_run_tells_what_takes_long_and_nothing_else_of_pip(checkout: Checkout) -> None:
    told = checkout.run("rehearse").stderr
    assert "torch: 190.4 MB" in told
    assert "unpacking 2 packages" in told
    assert "click" not in told and "WARNING" not in told
    assert all(line.startswith("greenroom: ") for line in told.splitlines())
    assert "WARNING: Location" in (checkout.venv / "setup.log").read_text()


def test_the_second_run_installs_nothing_and_says_nothing(checkout: Checkout) -> None:
    checkout.run("rehearse")
    checkout.calls()
    checkout.set("no-network")
    done = checkout.run("rehearse", "--help")
    assert (done.returncode, done.stderr, checkout.calls()) == (0, "", [])
    assert done.stdout.endswith("<practice><--help>")


@pytest.mark.parametrize("file", ["pyproject.toml", "constraints.txt"])
def test_new_requirements_are_installed_into_the_same_environment(checkout: Checkout, file: str) -> None:
    checkout.run("rehearse")
    checkout.calls()
    with (checkout.path / file).open("a") as requirements:
        requirements.write("# changed\n")
    assert checkout.run("rehearse").returncode == 0
    assert [call.split()[0] for call in checkout.calls()] == ["pip"]


def test_an_environment_whose_python_has_changed_is_made_anew(checkout: Checkout) -> None:
    checkout.run("rehearse")
    checkout.calls()
    (checkout.fakes / "version").write_text("3.13\n")
    checkout.run("rehearse")
    assert [call.split()[0] for call in checkout.calls()] == ["venv", "pip"]


def test_a_checkout_that_was_moved_is_set_up_again(checkout: Checkout) -> None:
    checkout.run("rehearse")
    checkout.calls()
    checkout.path = checkout.path.rename(checkout.path.with_name("elsewhere"))
    assert checkout.run("rehearse").returncode == 0
    assert [call.split()[0] for call in checkout.calls()] == ["venv", "pip"]


@pytest.mark.parametrize("trouble", ["no-network", "disk-full"])
def test_pip_that_fails_is_told_with_a_hint_and_tried_again(checkout: Checkout, trouble: str) -> None:
    checkout.set(trouble)
    done = checkout.run("rehearse")
    assert done.returncode == 1
    assert "ERROR: " in done.stderr and "WARNING" not in done.stderr
    assert [line.split()[0] for line in done.stderr.splitlines()[-2:]] == ["error:", "try:"]
    assert done.stdout == ""
    checkout.unset(trouble)
    checkout.calls()
    assert checkout.run("rehearse").returncode == 0
    assert any(call.startswith("pip") for call in checkout.calls())


def test_an_install_that_broke_off_is_not_trusted(checkout: Checkout) -> None:
    checkout.set("killed")
    assert checkout.run("rehearse").returncode != 0
    checkout.unset("killed")
    (checkout.venv / "half-a-package").touch()
    checkout.calls()
    assert checkout.run("rehearse").returncode == 0
    assert [call.split()[0] for call in checkout.calls()] == ["venv", "pip"]
    assert not (checkout.venv / "half-a-package").exists()


def test_what_works_is_kept_when_an_update_finds_no_network(checkout: Checkout) -> None:
    checkout.run("rehearse")
    checkout.set("no-network")
    checkout.run("test", "--quick")
    checkout.calls()
    done = checkout.run("rehearse")
    assert (done.returncode, checkout.calls()) == (0, [])


def test_the_environment_of_the_tests_serves_the_interview(checkout: Checkout) -> None:
    checkout.run("test", "--quick")
    checkout.calls()
    assert checkout.run("rehearse").returncode == 0
    assert checkout.calls() == []


@pytest.mark.parametrize("right", ["root", "passwordless"])
def test_a_missing_portaudio_is_installed_where_it_may_be(checkout: Checkout, right: str) -> None:
    checkout.unset("portaudio")
    checkout.set(right)
    done = checkout.run("rehearse")
    assert done.returncode == 0
    assert checkout.calls()[-2:] == [
        "apt-get update",
        "apt-get install -y --no-install-recommends libportaudio2",
    ]
    assert "PortAudio is missing" not in done.stderr


@pytest.mark.parametrize("trouble", [[], ["root", "apt-broken"]])
def test_a_missing_portaudio_that_may_not_be_installed_is_one_line_to_type(
    checkout: Checkout, trouble: list[str]
) -> None:
    checkout.unset("portaudio")
    checkout.set(*trouble)
    if "apt-broken" in trouble:
        write_program(checkout.fakes / "bin" / "apt-get", "#!/bin/bash\nexit 100\n")
    done = checkout.run("rehearse")
    assert done.returncode == 0
    assert "sudo apt-get install libportaudio2" in done.stderr
    assert "<practice>" in done.stdout


def test_a_python_without_venv_is_one_line_to_type(checkout: Checkout) -> None:
    checkout.set("no-ensurepip")
    done = checkout.run("rehearse")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "try: sudo apt-get install python3.12-venv"
    checkout.set("root")
    assert checkout.run("rehearse").returncode == 0
    assert "apt-get install -y --no-install-recommends python3.12-venv" in checkout.calls()


@pytest.mark.parametrize("version", ["3.9", "3.14", ""])
def test_a_python_that_greenroom_does_not_run_on_is_not_used(checkout: Checkout, version: str) -> None:
    (checkout.fakes / "version").write_text(version)
    for done in (checkout.run("rehearse"), checkout.run("rehearse", PYTHON="python3")):
        assert done.returncode == 1
        assert [line.split()[0] for line in done.stderr.splitlines()[-2:]] == ["error:", "try:"]
    assert checkout.calls() == []


def test_the_environment_can_lie_elsewhere(checkout: Checkout, tmp_path: Path) -> None:
    assert checkout.run("rehearse", cwd=tmp_path, GREENROOM_VENV="another").returncode == 0
    assert (tmp_path / "another" / "bin" / "greenroom").exists()
    assert not checkout.venv.exists()


def test_a_folder_with_something_else_in_it_is_left_alone(checkout: Checkout, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "letter").touch()
    done = checkout.run("rehearse", GREENROOM_VENV=str(home))
    assert done.returncode == 1
    assert f"error: {home} holds something that was not set up here\n" in done.stderr
    assert [path.name for path in home.iterdir()] == ["letter"]


def test_an_environment_that_the_person_made_is_used_and_never_thrown_away(checkout: Checkout) -> None:
    (checkout.venv / "bin").mkdir(parents=True)
    (checkout.venv / "pyvenv.cfg").touch()
    (checkout.venv / "mine").touch()
    write_program(checkout.venv / "bin" / "python", FAKE_PYTHON)
    checkout.set("disk-full")
    assert checkout.run("rehearse").returncode == 1
    checkout.unset("disk-full")
    assert checkout.run("rehearse").returncode == 0
    assert [call.split()[0] for call in checkout.calls()] == ["pip", "pip"]
    assert (checkout.venv / "mine").exists()


def test_quick_leaves_out_devices_and_weights_and_needs_no_system_package(
    checkout: Checkout, tmp_path: Path
) -> None:
    (checkout.fakes / "bin" / "pulseaudio").unlink()
    checkout.unset("portaudio")
    done = checkout.run("test", "-x", "--quick", "-k", "two words", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    marks = "not (device or weights or browser or slow)"
    two = "-n 2 --dist loadfile"
    assert done.stdout == f"pytest in {checkout.path}: -m pytest {two} -m {marks} -x -k two words\n"
    assert f"{checkout.path}[dev]" in checkout.calls()[-1]


def test_everything_is_run_when_everything_is_there(checkout: Checkout) -> None:
    done = checkout.run("test")
    first, second = done.stdout.splitlines()
    assert first == f"pytest in {checkout.path}: -m pytest -n 2 --dist loadfile -m not device", done.stderr
    assert second == f"pytest in {checkout.path}: -m pytest -m device"


def test_what_was_asked_for_is_run_alone(checkout: Checkout) -> None:
    done = checkout.run("test", "tests/test_cli.py")
    assert done.stdout == f"pytest in {checkout.path}: -m pytest tests/test_cli.py\n", done.stderr


def test_what_the_tests_lack_is_installed_or_stops_the_run(checkout: Checkout) -> None:
    for name in ("pulseaudio", "parec", "tmux", "strace", "chromium"):
        (checkout.fakes / "bin" / name).unlink()
    checkout.set("no-plugin")
    done = checkout.run("test")
    assert (done.returncode, done.stdout) == (1, "")
    assert (
        "sudo apt-get install pulseaudio pulseaudio-utils tmux strace libasound2-plugins chromium"
        in done.stderr.splitlines()[-1]
    )
    checkout.set("root")
    checkout.calls()
    assert checkout.run("test").returncode == 1  # the stand-in installs none of these, and that is noticed
    assert any(
        "pulseaudio pulseaudio-utils tmux strace libasound2-plugins chromium" in call
        for call in checkout.calls()
    )


NAMES_AND_KINDS = [
    ("benchmark", "turns,gap,engines,reading,start,faults"),
    ("evaluate", "patterns,clauses,quotes,moments,follow-ups,delivery"),
]


def run_without_greenroom(script: str, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """By this Python without its packages (-E, -S), as any other Python on the computer would be."""
    return subprocess.run(
        [sys.executable, "-E", "-S", str(ROOT / "scripts" / script), *arguments],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(("script", "kinds"), NAMES_AND_KINDS)
def test_a_measurement_that_is_not_named_is_asked_for(script: str, kinds: str) -> None:
    for arguments in ((), ("nothing",)):
        done = run_without_greenroom(script, *arguments)
        assert (done.returncode, done.stderr) == (1, f"usage: scripts/{script} {{{kinds}}} ...\n")


@pytest.mark.parametrize(("script", "kinds"), NAMES_AND_KINDS)
def test_a_measurement_goes_on_in_the_environment(script: str, kinds: str, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    write_program(tmp_path / "bin" / "python", '#!/bin/bash\nprintf "<%s>" "$@"\n')
    kind = kinds.partition(",")[0]
    done = run_without_greenroom(script, kind, "two words", GREENROOM_VENV=str(tmp_path))
    assert done.stdout == f"<{ROOT / 'scripts' / script}><{kind}><two words>", done.stderr


def test_a_measurement_without_an_environment_is_one_line_to_type(tmp_path: Path) -> None:
    done = run_without_greenroom("benchmark", "turns", GREENROOM_VENV=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "try: scripts/test --quick, which sets it up"


def test_an_environment_without_greenroom_is_tried_once(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    write_program(tmp_path / "bin" / "python", f'#!/bin/bash\nexec {sys.executable} -S "$@"\n')
    done = run_without_greenroom("evaluate", "patterns", GREENROOM_VENV=str(tmp_path))
    assert (done.returncode, done.stderr.splitlines()[0]) == (1, "error: greenroom is not installed")
