"""Two steps of whisper's word alignment, with less memory and without numba; the word times stay the same.

whisper.timing imports numba for one of them: 114 MB, and a second of each start. The other sorts all heads of
attention at once: some 70 MB for a window of 24 s. docs/measurements.md has the figures.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

Median = Callable[[Any, int], Any]

_WIDTH = 7  # of the median that whisper.timing asks for

# A sorting network, as far as the middle: of each two of the seven the smaller goes to the first place.
_EXCHANGES: tuple[tuple[int, int], ...] = (
    *((0, 5), (0, 3), (1, 6), (2, 4), (0, 1), (3, 5), (2, 6)),
    *((2, 3), (3, 6), (4, 5), (1, 4), (1, 3), (3, 4)),
)


def lighten_alignment() -> None:
    """Puts what is here into whisper.timing; harmless when done twice."""
    with _without_numba():
        from whisper import timing
    timing.dtw_cpu = cheapest_path
    if timing.median_filter.__module__ != __name__:
        timing.median_filter = median_by_head(timing.median_filter)


@contextmanager
def _without_numba() -> Iterator[None]:
    """What is imported here finds a numba that compiles nothing, unless there is a real one already."""
    if "numba" in sys.modules:
        yield
        return
    sys.modules["numba"] = numba = ModuleType("numba")
    numba.jit = lambda **_: lambda function: function  # type: ignore[attr-defined]
    try:
        yield
    finally:
        del sys.modules["numba"]


def cheapest_path(costs: NDArray[np.float64]) -> NDArray[np.int64]:
    """whisper.timing.dtw_cpu (dynamic time warping): the same path, also where several cost the same.

    Args:
        costs: shape (tokens, frames).

    Returns:
        Tokens and frames along the path, shape (2, steps).
    """
    rows, columns = costs.shape
    # Cells of one diagonal do not depend on each other. They lie in one row here: [row + column, row].
    diagonals = np.full((rows + columns - 1, rows), np.inf)
    row, column = np.indices(costs.shape)
    diagonals[row + column, row] = costs
    totals = np.full((rows + columns + 1, rows + 1), np.inf)
    totals[0, 0] = 0.0
    for both, last, here, diagonal in zip(
        totals[:-2, :-1], totals[1:-1], totals[2:, 1:], diagonals, strict=True
    ):
        next_token, next_frame = last[:-1], last[1:]
        np.minimum(both, next_token, out=here)
        np.minimum(here, next_frame, out=here)
        np.copyto(here, next_frame, where=both == next_token)  # whisper's choice, even where it costs more
        np.add(here, diagonal, out=here)
    return _way_back(totals, rows, columns)


def _way_back(totals: NDArray[np.float64], row: int, column: int) -> NDArray[np.int64]:
    path: list[tuple[int, int]] = []
    while row or column:
        path.append((row - 1, column - 1))
        if not row or not column:
            row, column = max(row - 1, 0), max(column - 1, 0)
            continue
        end = row + column
        both, next_token, next_frame = totals[end - 2, row - 1], *totals[end - 1, row - 1 : row + 1]
        if both < next_token and both < next_frame:
            row, column = row - 1, column - 1
        elif next_token < both and next_token < next_frame:
            row -= 1
        else:
            column -= 1
    way: NDArray[np.int64] = np.array(path[::-1], np.int64).T
    return way


def median_by_head(by_sorting: Median) -> Median:
    """whisper.timing.median_filter for one head after the other, by comparisons.

    Args:
        by_sorting: the original, for whatever is not as whisper.timing asks it.
    """

    def median(x: Any, width: int) -> Any:
        import torch

        # The smaller of two is not a number where one of them is none; sorting puts such last.
        if width != _WIDTH or x.ndim != 3 or x.shape[-1] <= width // 2 or bool(x.isnan().any()):
            return by_sorting(x, width)
        return torch.stack([_median_of_seven(head) for head in x])

    return median


def _median_of_seven(x: Any) -> Any:
    """Along the last dimension of two, with what lies beyond its ends mirrored."""
    import torch

    reach = _WIDTH // 2
    padded = torch.nn.functional.pad(x[None], (reach, reach, 0, 0), mode="reflect")[0]
    near = [padded[:, first : first + x.shape[-1]] for first in range(_WIDTH)]
    for low, high in _EXCHANGES:
        near[low], near[high] = torch.minimum(near[low], near[high]), torch.maximum(near[low], near[high])
    return near[reach]
