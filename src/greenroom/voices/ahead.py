"""Sound made before it is needed, in a thread of its own, so that speaking begins at once."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from contextlib import suppress


class Ahead:
    """Renders texts one after the other, in the order in which they were asked for.

    Args:
        render: renders a text, and keeps its sound in memory; `keep` as CachedVoice.render has it.
    """

    def __init__(self, render: Callable[[str, bool], object]) -> None:
        self._render = render
        self._wanted: queue.SimpleQueue[tuple[str, bool]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._worker: threading.Thread | None = None

    def prepare(self, *texts: str, keep: bool = False) -> None:
        """Have these rendered; returns at once. A voice that fails says so when the text is to be spoken."""
        for text in texts:
            self._wanted.put((text, keep))
        with self._lock:
            if self._worker is None:
                # A daemon: nobody waits at the end for what will not be spoken any more.
                self._worker = threading.Thread(target=self._work, name="rendering-ahead", daemon=True)
                self._worker.start()

    def _work(self) -> None:
        while True:
            text, keep = self._wanted.get()
            with suppress(Exception):  # whatever it is: it comes again where the text is to be spoken
                self._render(text, keep)
