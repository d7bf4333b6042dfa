"""`greenroom doctor --offline`: what tries to reach the network is refused, counted and told."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from soundcard import SoundCard

from greenroom.config import PracticeSettings
from greenroom.doctoring import offline
from greenroom.doctoring.examination import Summary
from greenroom.doctoring.findings import Finding
from greenroom.doctoring.watching import (
    WATCHED,
    Means,
    Seen,
    behind,
    find_means,
    read_hook_log,
    read_kernel_log,
    run_watched,
)

LINUX = sys.platform.startswith("linux")


def only(found: Sequence[Finding], name: str) -> Finding:
    (finding,) = (each for each in found if each.name == name)
    return finding


KERNEL_LOG = """\
71 socket(AF_INET, SOCK_DGRAM|SOCK_CLOEXEC, IPPROTO_IP) = 4
71 socket(AF_UNIX, SOCK_STREAM, 0) = 5
71 connect(5, {sa_family=AF_UNIX, sun_path="/run/user/1000/pulse/native"}, 110) = 0
71 connect(5, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = -1 ENOENT (No such file)
72 connect(6, {sa_family=AF_UNIX, sun_path=@"/tmp/.X11-unix/X0"}, 20 <unfinished ...>
72 connect(7, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("192.0.2.7")}, 16) = -1 ENETUNREACH
72 connect(7, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("127.0.0.53")}, 16) = 0
72 connect(7, {sa_family=AF_INET, sin_port=htons(4713), sin_addr=inet_addr("127.0.0.1")}, 16) = 0
73 connect(8, {sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(0), \
inet_pton(AF_INET6, "2001:db8::1", &sin6_addr), sin6_scope_id=0}, 28) = -1 ENETUNREACH (x)
73 sendto(9, ""..., 20, 0, {sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, 12) = 20
73 sendto(7, ""..., 40, MSG_NOSIGNAL, {sa_family=AF_INET, sin_port=htons(9), \
sin_addr=inet_addr("192.0.2.8")}, 16) = 40
73 connect(4, {sa_family=AF_UNSPEC, sa_data="\\0\\0"}, 16) = 0
73 +++ exited with 0 +++
"""


def test_the_log_of_strace_is_read() -> None:
    seen = read_kernel_log(KERNEL_LOG.splitlines())
    assert dict(seen.kernel) == {
        "connect 192.0.2.7:443": 1,
        "connect 127.0.0.53:53, to look up a name": 1,
        "connect 2001:db8::1:80": 1,
        "sendto 192.0.2.8:9": 1,
    }
    assert dict(seen.local) == {
        "the sound server at /run/user/1000/pulse/native": 1,
        "the system's table of user names at /var/run/nscd/socket, where nobody was": 1,
        "the screen at @/tmp/.X11-unix/X0": 1,
        "a port of this computer for itself (127.0.0.1:4713)": 1,
    }
    assert (seen.made, seen.attempts) == (1, 4)


def test_an_unknown_socket_is_named_as_what_it_is() -> None:
    assert behind("/run/something/else") == "another program on this computer at /run/something/else"


@given(st.text())
def test_no_log_can_stop_the_reading(text: str) -> None:
    assert read_kernel_log(text.splitlines()).attempts >= 0
    assert read_hook_log(['{"pid": 1, "eve', *KERNEL_LOG.splitlines()]).attempts == 0


TRIES = """
import socket, subprocess, sys
try:
    socket.create_connection(("192.0.2.1", 9), timeout=2)
except OSError as error:
    print("refused", error.errno)
try:
    socket.getaddrinfo("example.invalid", 80)
except OSError:
    print("no name")
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
try:
    udp.sendto(b"words", ("192.0.2.1", 9))
except OSError:
    print("not sent")
here = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
here.bind(("127.0.0.1", 0))
if len(sys.argv) < 2:
    subprocess.run([sys.executable, __file__, "again"])
"""


def tried(means: Means, folder: Path, program: str = TRIES, timeout: float = 60.0) -> Any:
    path = folder / "program.py"
    path.write_text(program)
    return run_watched((sys.executable, str(path)), means, folder, {"PATH": "/usr/bin:/bin"}, timeout=timeout)


@pytest.mark.parametrize("namespace", [False, True])
def test_python_that_tries_is_refused_and_counted_with_its_children(namespace: bool, tmp_path: Path) -> None:
    means = Means(find_means().namespace if namespace else ())
    if namespace and not means.namespace:
        pytest.skip("no network namespace is to be had here")
    run = tried(means, tmp_path)
    assert run.status == 0, run.complaint
    assert run.output.split().count("refused") == 2
    assert dict(run.seen.hook) == {
        "connect 192.0.2.1:9": 2,
        "getaddrinfo example.invalid": 2,
        "sendto 192.0.2.1:9": 2,
    }
    assert dict(run.seen.local) == {"a port of this computer for itself (127.0.0.1:0)": 2}
    assert run.seen.pythons == 2
    assert [path.name for path in tmp_path.iterdir()] == ["program.py"]


UNIX = """
import os, socket, threading
path = os.path.join(os.path.dirname(__file__), "pulse-like")
server = socket.socket(socket.AF_UNIX); server.bind(path); server.listen()
client = socket.socket(socket.AF_UNIX); client.connect(path)
print("connected"); os.unlink(path)
"""


@pytest.mark.skipif(not LINUX, reason="as on Linux")
def test_a_program_on_this_computer_is_reached_and_named(tmp_path: Path) -> None:
    for means in {Means(), replace(find_means(), namespace=())}:
        run = tried(means, tmp_path, UNIX)
        assert run.output.strip() == "connected"
        assert run.seen.attempts == 0
        assert f"the sound server at {tmp_path / 'pulse-like'}" in run.seen.local


@pytest.mark.device
def test_a_word_is_heard_where_no_network_is(
    sound_card: SoundCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSE_SERVER", sound_card.env["PULSE_SERVER"])
    with sound_card.record() as recording:
        command = (sys.executable, "-m", "greenroom.doctoring.aloud", "pyttsx3")
        run = run_watched(command, find_means(), tmp_path, sound_card.env, timeout=60.0)
    assert run.output.startswith("rendered; 2 devices; played on "), run.complaint
    assert len(recording.loudspeaker.sounds()) == 1
    assert run.seen.attempts == 0
    assert any(who.startswith("the sound server at ") for who in run.seen.local)


def test_what_is_not_python_is_kept_in_and_seen_by_strace(tmp_path: Path) -> None:
    means = find_means()
    if not (means.namespace and means.strace):
        pytest.skip("needs a network namespace and strace")
    command = (sys.executable, "-m", "greenroom.doctoring.control", "kernel")
    run = run_watched(command, means, tmp_path, {"PATH": "/usr/bin:/bin"}, timeout=60.0)
    assert run.output.splitlines() == ["python failed", "kernel failed"]
    assert dict(run.seen.hook) == {"connect 192.0.2.1:9": 1}
    assert dict(run.seen.kernel) == {"connect 192.0.2.1:9": 1}


def test_a_program_that_never_ends_is_ended(tmp_path: Path) -> None:
    began = time.monotonic()
    run = tried(find_means(), tmp_path, "import time\ntime.sleep(600)", timeout=2.0)
    assert run.status is None
    assert time.monotonic() - began < 30


def test_the_systems_own_module_of_that_name_is_not_lost(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "sitecustomize.py").write_text("import sys; sys.found_by_the_system = True")
    program = tmp_path / "program.py"
    program.write_text(
        "import sys; print(sys.found_by_the_system, any('watched' in each for each in sys.path))"
    )
    run = run_watched(
        (sys.executable, str(program)), Means(), tmp_path, {"PYTHONPATH": str(own)}, timeout=60.0
    )
    assert run.output.split() == ["True", "False"], run.complaint
    assert run.seen.pythons == 1


def test_the_hook_is_where_the_proof_looks_for_it() -> None:
    assert (WATCHED / "sitecustomize.py").is_file()


def test_results_say_how_far_they_go() -> None:
    everything = Means(("unshare", "-n"), ("strace",))
    clean = list(offline.results(Seen(pythons=7), everything))
    assert only(clean, "network").told == (
        "not one attempt to reach it, in 7 Python processes and all else that they started"
    )
    assert "nothing could have got out" in only(clean, "what this covers").told
    assert "a microphone" in only(clean, "what it does not cover").told
    assert only(clean, "sockets on this computer").told == "none"
    assert offline.summed_up_proof(clean).status == 0
    hook = list(offline.results(Seen(pythons=7), Means()))
    assert "as far as it is written in Python" in only(hook, "what this covers").told
    assert "libraries that are not Python" in only(hook, "what it does not cover").told


def test_one_attempt_is_enough_to_prove_nothing() -> None:
    seen = read_kernel_log(KERNEL_LOG.splitlines())
    found = list(offline.results(seen, Means(("unshare", "-n"), ("strace",))))
    assert "connect 192.0.2.7:443" in only(found, "network").told
    assert offline.summed_up_proof(found) == Summary(
        1, "Something tried to reach the network. It did not succeed here."
    )


def prove_with(monkeypatch: pytest.MonkeyPatch, *programs: str) -> list[Finding]:
    made = tuple(offline.Step(f"step {number}", ("-c", each)) for number, each in enumerate(programs))
    monkeypatch.setattr(offline, "steps", lambda settings, folder: made)
    return list(offline.prove(PracticeSettings()))


def test_a_run_that_reaches_out_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = "import socket\ntry: socket.create_connection(('192.0.2.9', 443))\nexcept OSError: pass"
    found = prove_with(monkeypatch, "print('quiet')", hidden)
    assert only(found, "control").state == "ok"
    assert [only(found, f"step {number}").state for number in (0, 1)] == ["ok", "ok"]
    assert only(found, "network").told == "one attempt, which failed: connect 192.0.2.9:443"
    assert offline.summed_up_proof(found).status == 1


def test_a_step_that_fails_leaves_the_proof_incomplete(monkeypatch: pytest.MonkeyPatch) -> None:
    failing = "import sys; print('error: no model', file=sys.stderr); sys.exit(5)"
    found = prove_with(monkeypatch, failing)
    assert only(found, "step 0").told == "ended with status 5: no model"
    summary = offline.summed_up_proof(found)
    assert summary.status == 1
    assert "not complete: see step 0" in summary.told


def test_a_watch_that_sees_nothing_is_no_proof(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("greenroom.doctoring.watching.WATCHED", tmp_path)  # no hook is there
    found = prove_with(monkeypatch, "print('quiet')")
    control = only(found, "control")
    assert (control.state, control.stops) == ("look here", 1)
    assert "the audit hook did not see" in control.told


@pytest.mark.slow
@pytest.mark.weights
def test_a_real_run_reaches_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    # Libraries that report home spare computers for tests, and would look innocent here.
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("ORT_DISABLE_TELEMETRY", raising=False)
    found = list(offline.prove(PracticeSettings(model="tiny.en", engine="faster-whisper")))
    assert [each.told for each in found if each.state != "ok"] == []
    assert offline.summed_up_proof(found).status == 0
    assert sum(each.group == offline.WHAT for each in found) == 7
