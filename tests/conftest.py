"""What all tests share: the virtual sound card, the shared audio, and that nothing is skipped silently."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from soundcard import SoundCard

from greenroom import speaking

ROOT = Path(__file__).parent.parent

NO_SHARED_AUDIO = "the shared audio folder does not lie beside the checkout"
ALLOWED_SKIPS = (NO_SHARED_AUDIO,)
"""Everything else that is skipped counts as a failure: a green run then means that all of it ran."""


@pytest.fixture
def sound_card() -> Iterator[SoundCard]:
    """A virtual sound card of this test's own; for tests marked `device`."""
    card = SoundCard()
    yield card
    card.close()


@pytest.fixture
def no_echo(monkeypatch: pytest.MonkeyPatch) -> None:
    """A room of fakes does not ring on after a sound."""
    monkeypatch.setattr(speaking, "_ROOM_TAIL", 0.0)


@pytest.fixture(scope="session")
def shared_audio() -> Path:
    """The folder of recordings for measuring, which is kept outside the repository."""
    folder = ROOT.parent / "shared" / "audio"
    if not folder.is_dir():
        pytest.skip(NO_SHARED_AUDIO)
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test at the sound card runs in real time, beside whatever else the machine does: it has two tries.

    The summary names those that needed the second (RERUN), so that they are looked at.
    """
    for item in items:
        if item.get_closest_marker("device"):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _refuse_skip(report)
    return report


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.outcome != "skipped" or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if not any(allowed in reason for allowed in ALLOWED_SKIPS):
        report.outcome = "failed"
        report.longrepr = (
            f"skipped, and the reason is not one of those allowed in tests/conftest.py: {reason}"
        )
