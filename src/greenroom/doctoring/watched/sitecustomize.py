"""Loaded first of all by every Python that `greenroom doctor --offline` starts: it refuses the network.

Python imports a module of this name at its start, whatever program follows, so children of children are
watched, too. What tries to connect, to send or to look a name up gets the error of a computer without a
network, and is written down in the file that GREENROOM_WATCH_LOG names. Standard library only.
"""

from __future__ import annotations

import errno
import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

LOG = "GREENROOM_WATCH_LOG"
LOOPBACK = "loopback"
NAMES_PORT = 53

_LOOK_UPS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo")
_TALK = ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg")


def refuse(event: str, args: tuple[Any, ...]) -> None:
    """The audit hook (PEP 578). OSError for whatever would reach the network."""
    if event in _LOOK_UPS:
        name = _text(args[0])
        if name in ("", "localhost") or ":" in name or set(name) <= set("0123456789."):
            return  # nothing has to be asked about an address
        note(event, "name", name)
    elif event in _TALK:
        if args[1] is None:  # a message on a connection that was let through before
            return
        family = getattr(args[0].family, "name", str(args[0].family))
        if family == "AF_UNIX":
            note(event, family, str(args[1]))
            return
        host, port = args[1][:2] if isinstance(args[1], tuple) and len(args[1]) > 1 else (args[1], "")
        here = _is_this_computer(str(host), port)
        note(event, LOOPBACK if here else family, f"{host}:{port}")
        if here:
            return
    else:
        return
    raise OSError(errno.ENETUNREACH, "greenroom doctor --offline: there is no network here")


def _is_this_computer(host: str, port: object) -> bool:
    """Whether it stays inside; at port 53 a server of names listens, and that would ask the network."""
    return port != NAMES_PORT and (host in ("::1", "localhost") or host.startswith("127."))


def _text(name: object) -> str:
    return "" if name is None else name.decode(errors="replace") if isinstance(name, bytes) else str(name)


def note(event: str, family: str, address: str) -> None:
    """One line of JSON in the log, appended at once: many processes write it."""
    entry = {"pid": os.getpid(), "event": event, "family": family, "address": address}
    handle = os.open(os.environ[LOG], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, json.dumps(entry).encode() + b"\n")
    finally:
        os.close(handle)


def _go_on_with_the_systems_own() -> None:
    """Some systems have a module of this name, too, which finds their packages: it is not to be lost."""
    folder = Path(__file__).resolve().parent
    sys.path[:] = [each for each in sys.path if Path(each).resolve() != folder]
    del sys.modules[__name__]
    try:
        importlib.import_module(__name__)
    except ImportError:
        sys.modules[__name__] = _OURSELVES


if __name__ == "sitecustomize" and os.environ.get(LOG):
    note("began", "", "")
    sys.addaudithook(refuse)
    _OURSELVES = sys.modules[__name__]
    _go_on_with_the_systems_own()
