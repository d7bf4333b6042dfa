"""Word alignment with less memory: the same paths and medians as whisper's own, and no numba."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from greenroom.transcription.openai_alignment import cheapest_path, median_by_head

SHAPES = ((1, 1), (1, 6), (6, 1), (3, 4), (30, 200))


def whisper_path(costs: np.ndarray) -> np.ndarray:
    """whisper.timing.dtw_cpu and backtrace, cell by cell."""
    totals = np.full((costs.shape[0] + 1, costs.shape[1] + 1), np.inf)
    steps = np.full(totals.shape, -1)
    totals[0, 0] = 0.0
    for i, j in np.ndindex(costs.shape):
        both, row, column = totals[i, j], totals[i, j + 1], totals[i + 1, j]
        if both < row and both < column:
            cost, step = both, 0
        elif row < both and row < column:
            cost, step = row, 1
        else:
            cost, step = column, 2
        totals[i + 1, j + 1], steps[i + 1, j + 1] = costs[i, j] + cost, step
    steps[0, :], steps[:, 0] = 2, 1
    i, j = costs.shape
    path = []
    while i > 0 or j > 0:
        path.append((i - 1, j - 1))
        step = steps[i, j]
        i, j = i - (step != 2), j - (step != 1)
    return np.array(path[::-1]).T


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("digits", [8, 0], ids=["all different", "many the same"])
def test_the_path_is_whisper_s(shape: tuple[int, int], digits: int) -> None:
    costs = np.random.default_rng(5).normal(size=shape).round(digits)
    assert np.array_equal(cheapest_path(costs), whisper_path(costs))


def by_sorting(x: Any, width: int) -> Any:
    """As whisper.timing.median_filter does it."""
    from torch.nn.functional import pad

    padded = pad(x, (width // 2, width // 2, 0, 0), mode="reflect")
    return padded.unfold(-1, width, 1).sort()[0][..., width // 2]


@pytest.mark.parametrize("frames", [4, 7, 300])
@pytest.mark.parametrize("width", [7, 3])
@pytest.mark.parametrize("holes", [False, True], ids=["numbers", "not all numbers"])
def test_the_median_is_whisper_s(frames: int, width: int, holes: bool) -> None:
    import torch

    weights = torch.from_numpy(np.random.default_rng(6).normal(size=(3, 5, frames)).round(1))
    if holes:
        weights[1, 2, 2] = torch.nan
    found = median_by_head(by_sorting)(weights, width)
    assert torch.equal(found.nan_to_num(99.0), by_sorting(weights, width).nan_to_num(99.0))


@pytest.mark.slow
def test_whisper_is_loaded_without_numba_and_numba_can_be_had_afterwards() -> None:
    program = """
import sys
from greenroom.transcription.openai_alignment import cheapest_path, lighten_alignment
lighten_alignment()
lighten_alignment()
from whisper import timing
assert not any(name.split(".")[0] in ("numba", "llvmlite") for name in sys.modules)
assert timing.dtw_cpu is cheapest_path
import torch
weights = torch.rand(2, 3, 40)
once = timing.median_filter(weights, 7)
assert once.shape == weights.shape
import numba
assert numba.njit
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)
