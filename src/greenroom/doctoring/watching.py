"""Running a program where it cannot reach the network, and counting what tried to.

Three ways, each where it can be had: a network namespace without interfaces (Linux, `unshare -n`), in which
nothing whatever can get out; `strace` (Linux), which sees the calls of every process to the kernel; and an
audit hook in every Python process (everywhere), which refuses and notes.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

WATCHED = Path(__file__).with_name("watched")
LOG_VARIABLE = "GREENROOM_WATCH_LOG"

_TRACED = "trace=socket,connect,bind,sendto,sendmsg,sendmmsg"
_TRIAL_SECONDS = 10.0

_ADDRESSED = re.compile(r"\b(connect|bind|sendto|sendmsg|sendmmsg)\(.*?\{sa_family=(AF_\w+)(.*)")
_MADE = re.compile(r"\bsocket\((AF_\w+)")
_INET = re.compile(r'sin6?_port=htons\((\d+)\).*?"([0-9a-fA-F.:]+)"')
_PATH = re.compile(r'sun_path=(@?)"([^"]*)"')

_NAMES_PORT, _NAMES = "53", ", to look up a name"

# Sockets of programs on this computer, by a part of their path.
_SERVICES = (
    ("pulse", "the sound server"),
    ("pipewire", "the sound server"),
    ("jack", "the sound server JACK"),
    ("nscd", "the system's table of user names"),
    ("systemd/userdb", "the system's table of user names"),
    ("dbus", "the desktop's message bus"),
    ("X11", "the screen"),
    ("wayland", "the screen"),
    ("/log", "the system's log"),
)


@dataclass(frozen=True, slots=True)
class Means:
    """What this computer allows.

    Attributes:
        namespace: the command that begins a network namespace; () where that is not to be had.
        strace: the command that traces; () where that is not to be had.
    """

    namespace: tuple[str, ...] = ()
    strace: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The ways, for people."""
        return (
            *(
                (f"a network namespace without interfaces ({' '.join(self.namespace)})",)
                * bool(self.namespace)
            ),
            *(("strace on every call to the kernel that connects, binds or sends",) * bool(self.strace)),
            "an audit hook in every Python process",
        )


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of one program and all that it started.

    Attributes:
        hook, kernel: attempts at the network, as "connect 192.0.2.1:9", by the audit hook and by strace.
        local: Unix sockets of other programs on this computer, by who is behind them.
        made: sockets for the network that were opened, whether or not anything was tried with them.
        pythons: Python processes that the hook was in.
    """

    hook: Counter[str] = field(default_factory=Counter)
    kernel: Counter[str] = field(default_factory=Counter)
    local: Counter[str] = field(default_factory=Counter)
    made: int = 0
    pythons: int = 0

    def __add__(self, other: Seen) -> Seen:
        return Seen(
            self.hook + other.hook,
            self.kernel + other.kernel,
            self.local + other.local,
            self.made + other.made,
            self.pythons + other.pythons,
        )

    @property
    def attempts(self) -> int:
        """At the network. None counts twice: what the hook refuses never reaches the kernel."""
        return self.hook.total() + self.kernel.total()


@dataclass(frozen=True, slots=True)
class Run:
    """A program that has ended. `status` is None where it was stopped because it took too long."""

    status: int | None
    output: str
    complaint: str
    seconds: float
    seen: Seen


def find_means() -> Means:
    """Tries what this computer allows; takes a few tenths of a second."""
    if not sys.platform.startswith("linux"):
        return Means()
    # Without -r as the administrator; with it in a user namespace, which most systems allow everybody.
    namespaces = (("unshare", "-n"), ("unshare", "-r", "-n"))
    traces = tuple((*_STRACE, *more) for more in (("--seccomp-bpf",), ()))
    return Means(
        next((each for each in namespaces if _works(each)), ()),
        next((each for each in traces if _works((*each, "-o", os.devnull))), ()),
    )


# -s 0: what is sent is not written down, only to whom.
_STRACE = ("strace", "-f", "-qq", "-s", "0", "-e", _TRACED)


def _works(command: Sequence[str]) -> bool:
    if shutil.which(command[0]) is None:
        return False
    try:
        done = subprocess.run(
            [*command, "true"],
            capture_output=True,
            timeout=_TRIAL_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def run_watched(
    command: Sequence[str], means: Means, folder: Path, environment: Mapping[str, str], *, timeout: float
) -> Run:
    """Run `command` without a network; `folder`, a private one, holds the logs meanwhile.

    Args:
        timeout: seconds after which it and all of its group are killed.
    """
    hook_log, kernel_log = folder / "hook.jsonl", folder / "strace.log"
    own = environment.get("PYTHONPATH", "").split(os.pathsep)
    paths = os.pathsep.join((str(WATCHED), *(str(Path(path).absolute()) for path in own if path)))
    full = (*means.strace, *(("-o", str(kernel_log)) if means.strace else ()), *means.namespace, *command)
    began = time.monotonic()
    process = subprocess.Popen(
        full,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**environment, "PYTHONPATH": paths, LOG_VARIABLE: str(hook_log)},
        cwd=folder,
        start_new_session=True,
    )
    status: int | None = None
    try:
        output, complaint = process.communicate(timeout=timeout)
        status = process.returncode
    except subprocess.TimeoutExpired:
        output, complaint = _end(process)
    except BaseException:
        _end(process)
        raise
    by_hook, by_kernel = read_hook_log(_taken(hook_log)), read_kernel_log(_taken(kernel_log))
    if means.strace:  # it sees what stays on this computer, too: once is enough
        by_hook = replace(by_hook, local=Counter())
    seen = by_hook + by_kernel
    taken = time.monotonic() - began
    return Run(status, output.decode(errors="replace"), complaint.decode(errors="replace"), taken, seen)


def _end(process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    """Kills the program and what belongs to its group, so that no tracer leaves it running."""
    with suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    try:
        return process.communicate(timeout=5.0)
    except subprocess.TimeoutExpired:
        return b"", b""


def _taken(log: Path) -> list[str]:
    """The log's lines; it is gone afterwards."""
    try:
        lines = log.read_text("utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    log.unlink()
    return lines


def read_hook_log(lines: Iterable[str]) -> Seen:
    """What the audit hook noted (watched/sitecustomize.py)."""
    network, local, pythons = Counter[str](), Counter[str](), 0
    for line in lines:
        try:
            entry = json.loads(line)
        except ValueError:  # the half line of a process that was killed
            continue
        if entry["event"] == "began":
            pythons += 1
        elif entry["family"] == "AF_UNIX":
            local[behind(entry["address"])] += 1
        elif entry["family"] == "loopback":
            local[_own(entry["address"])] += 1
        else:
            network[f"{entry['event'].removeprefix('socket.')} {entry['address']}"] += 1
    return Seen(hook=network, local=local, pythons=pythons)


def read_kernel_log(lines: Iterable[str]) -> Seen:
    """What strace wrote."""
    network, local, made = Counter[str](), Counter[str](), 0
    for line in lines:
        if (opened := _MADE.search(line)) is not None:
            made += opened[1] in ("AF_INET", "AF_INET6")
        elif (call := _ADDRESSED.search(line)) is not None:
            name, family, rest = call.groups()
            if family == "AF_UNIX":
                path = _PATH.search(rest)
                # One without a path is a pair of a program's own.
                if path is not None and name == "connect":
                    local[behind(path[1] + path[2]) + (", where nobody was" * (" = -1 " in rest))] += 1
            elif family in ("AF_INET", "AF_INET6"):
                found = _INET.search(rest)
                host, port = (found[2], found[1]) if found else ("an address", "")
                if port != _NAMES_PORT and (host == "::1" or host.startswith("127.")):
                    local[_own(f"{host}:{port}")] += 1
                else:
                    network[f"{name} {host}:{port}{_NAMES if port == _NAMES_PORT else ''}"] += 1
            elif family not in ("AF_NETLINK", "AF_UNSPEC"):  # the kernel itself, and the end of a connection
                network[f"{name} {family}"] += 1
    return Seen(kernel=network, local=local, made=made)


def _own(address: str) -> str:
    return f"a port of this computer for itself ({address})"


def behind(path: str) -> str:
    """Who listens at a Unix socket, as far as its path tells, and the path."""
    if path and path in os.environ.get("PULSE_SERVER", ""):  # where somebody chose the sound server's place
        return f"the sound server at {path}"
    service = next((name for part, name in _SERVICES if part in path), "another program on this computer")
    return f"{service} at {path}"
