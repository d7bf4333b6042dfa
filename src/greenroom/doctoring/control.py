"""Tries to reach the network on purpose, so that a watch that sees nothing is not taken for a proof.

Started by `offline`, as a program of its own, only where the attempt cannot get out. The address belongs to
the range that is set aside for documentation (RFC 5737): nobody is there.
"""

from __future__ import annotations

import ctypes
import os
import socket
import struct
import sys

ADDRESS, PORT = "192.0.2.1", 9
KERNEL = "kernel"
"""Argument: try it behind Python's back, too."""


def main() -> None:
    """Prints for each attempt whether it "failed" or "connected"."""
    try:
        socket.create_connection((ADDRESS, PORT), timeout=2.0).close()
        print("python connected")
    except OSError:
        print("python failed")
    if KERNEL in sys.argv:
        print("kernel failed" if _connect_by_the_kernel() else "kernel connected")


def _connect_by_the_kernel() -> int:
    """The C library's connect(), as a library that is not written in Python would call it; its error."""
    library = ctypes.CDLL(None, use_errno=True)
    handle = library.socket(socket.AF_INET, socket.SOCK_STREAM, 0)
    address = struct.pack("=H", socket.AF_INET) + struct.pack("!H4s8x", PORT, socket.inet_aton(ADDRESS))
    result = library.connect(handle, address, len(address))
    error = ctypes.get_errno() if result else 0
    os.close(handle)
    return error


if __name__ == "__main__":
    main()
