"""The language model comes alone, and stands in nobody's way."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from greenroom.analysis import language_model


@pytest.mark.slow
def test_it_is_loaded_without_torch() -> None:
    program = (
        "import sys; from greenroom.analysis import language_model;"
        "doc = language_model.load()('I fixed the queue.'); print(doc[1].tag_, 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["VBD", "False"]


def test_only_the_thread_that_loads_finds_no_torch() -> None:
    found: list[bool] = []

    def other() -> None:
        found.append(any(_finds(finder) for finder in sys.meta_path))

    with language_model._without_torch():
        with pytest.raises(ModuleNotFoundError):
            sys.meta_path[0].find_spec("torch", None, None)
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert found == [True]
    assert any(_finds(finder) for finder in sys.meta_path)


def _finds(finder: object) -> bool:
    return finder.find_spec("torch", None, None) is not None  # type: ignore[attr-defined]
