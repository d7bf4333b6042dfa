"""What all tests share: the virtual sound card, the shared audio, and that nothing is skipped silently."""

from __future__ import annotations

import signal
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from soundcard import SoundCard

from greenroom import speaking

if TYPE_CHECKING:  # the quick tests do without playwright
    from playwright.sync_api import Browser

ROOT = Path(__file__).parent.parent

# What is started with `nohup`, or in the background of a script, ignores these, and so would all that it
# starts: programs under test are to heed them. A handler, unlike SIG_IGN, is not inherited.
for _way in (getattr(signal, name) for name in ("SIGINT", "SIGHUP") if hasattr(signal, name)):
    if signal.getsignal(_way) is signal.SIG_IGN:
        signal.signal(_way, lambda *_: None)

NO_SHARED_AUDIO = "the shared audio folder does not lie beside the checkout"
ALLOWED_SKIPS = (NO_SHARED_AUDIO,)
"""Everything else that is skipped counts as a failure: a green run then means that all of it ran."""

# A busy machine makes the first example take longer than the next, which is no fault of what is tested.
hypothesis.settings.register_profile(
    "greenroom", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("greenroom")


@pytest.fixture(scope="module")
def card() -> Iterator[SoundCard]:
    """One virtual sound card for the tests of a module, which come one after the other."""
    card = SoundCard()
    yield card
    card.close()


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
def browser() -> Iterator[Browser]:
    """Chromium, for the pages of all tests: Playwright runs once in a process, whatever comes after what."""
    from review.browser import chromium

    with chromium() as browser:
        yield browser


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
