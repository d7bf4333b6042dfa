from __future__ import annotations

import pytest

from greenroom.analysis import Analyzer


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    """Loading the parser takes about two seconds, so all tests share one."""
    return Analyzer()
