"""A child process that runs a function of ours, and is spoken to in pickles.

Requests go through its standard input and answers come through its standard output, so nothing of an answer
goes anywhere else. It ends with its parent, however that ends, and not by Ctrl-C or a closed terminal.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from typing import IO, Any

from greenroom.detached_processes import end, own_group

# Not multiprocessing: its children import the program that was started once more, and a helper of its own
# complains on the screen when one of them is killed. Our own paths, and not the working folder that Python
# puts first: a file in it must not stand in for a library.
OUR_PATHS = "import sys; sys.path[:] = {path!r}; "
"""How the program of a child begins."""


class LostError(Exception):
    """The child gave half an answer or none: it was killed, or the pipe to it is closed."""


def spawn(program: str) -> subprocess.Popen[bytes]:
    """Start a child that runs `program`, with our paths for its {path!r}. OSError if that cannot be done."""
    return subprocess.Popen(
        [sys.executable, "-c", program.format(path=sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # Warnings of its libraries would be written across the screen.
        stderr=subprocess.DEVNULL,
        **own_group(),
    )


def why_it_ended(child: subprocess.Popen[bytes]) -> str:
    """Of a child whose answers have stopped: "its process was ended by signal 9". Ends it if it has not."""
    with suppress(subprocess.TimeoutExpired):
        child.wait(timeout=1.0)
    end(child)
    status = child.returncode
    if status < 0:
        return f"its process was ended by signal {-status}"
    return f"its process ended with status {status}"


def ask(child: subprocess.Popen[bytes], request: object) -> Any:
    """The child's answer to a request; waits for it. LostError if there is none."""
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        send(child.stdin, request)
        return pickle.load(child.stdout)
    except (OSError, EOFError, ValueError, pickle.UnpicklingError) as error:
        raise LostError from error


def send(stream: IO[bytes], message: object) -> None:
    pickle.dump(message, stream, protocol=5)
    stream.flush()


def open_in_child() -> tuple[queue.SimpleQueue[Any], IO[bytes]]:
    """In the child, first of all: the requests as they come, and where answers are sent.

    It ends with its input, even in the middle of its work: nobody waits for that then.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = _private_output()
    requests: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(sys.stdin.buffer, requests), daemon=True).start()
    return requests, answers


def _private_output() -> IO[bytes]:
    """What was standard output. That now leads to standard error: no library writes among the answers."""
    stream = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return stream


def _receive(stream: IO[bytes], requests: queue.SimpleQueue[Any]) -> None:
    try:
        while True:
            requests.put(pickle.load(stream))
    except (EOFError, OSError, pickle.UnpicklingError):
        os._exit(0)
