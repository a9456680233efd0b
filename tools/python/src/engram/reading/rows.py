"""Recorded rows that lie in one or more pieces, read only where they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from xarray.backends import BackendArray
from xarray.core import indexing

Values = np.ndarray[Any, np.dtype[Any]]


class LazyRows(BackendArray):
    """What xarray needs to read parts of a recording when it needs them, and no earlier."""

    def __init__(self, shape: tuple[int, ...], dtype: np.dtype[Any], pieces: Callable[[], list[Values]]) -> None:
        self.shape = shape
        self.dtype = dtype
        self._pieces = pieces

    def __getitem__(self, key: indexing.ExplicitIndexer) -> Any:
        return indexing.explicit_indexing_adapter(key, self.shape, indexing.IndexingSupport.BASIC, self._read)

    def _read(self, key: tuple[Any, ...]) -> Values:
        wanted, rest = key[0], tuple(key[1:])
        if isinstance(wanted, (int, np.integer)):
            row = int(wanted) % self.shape[0]
            rows, chosen = self._range(row, row + 1), (0, *rest)
        elif wanted.step is not None and wanted.step < 0:
            rows, chosen = self._range(0, self.shape[0]), (wanted, *rest)
        else:
            start, stop, step = wanted.indices(self.shape[0])
            rows, chosen = self._range(start, max(start, stop)), (slice(None, None, step), *rest)
        return np.asarray(rows[chosen])

    def _range(self, start: int, stop: int) -> Values:
        """The rows from ``start`` to before ``stop``; in place where one piece holds them all."""
        found: list[Values] = []
        first = 0
        for piece in self._pieces():
            low, high = max(start - first, 0), min(stop - first, len(piece))
            if low < high:
                found.append(piece[low:high])
            first += len(piece)
        if not found:
            return np.zeros((0, *self.shape[1:]), self.dtype)
        return found[0] if len(found) == 1 else np.concatenate(found)


def lazy(shape: tuple[int, ...], dtype: np.dtype[Any], pieces: Callable[[], list[Values]]) -> Any:
    """Something for an :class:`xarray.Variable` to hold."""
    return indexing.LazilyIndexedArray(LazyRows(shape, dtype, pieces))
