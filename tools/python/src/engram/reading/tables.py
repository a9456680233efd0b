"""Spikes, synapses and rates as tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from ..errors import EngramError, UnknownName

Values = np.ndarray[Any, np.dtype[Any]]


class SpikeTable(pd.DataFrame):
    """Spikes or other events, one per row: ``t`` [s], ``i`` and what else was recorded.

    The columns lie in the file where they are; ``copy()`` gives a table to write into. ``attrs["units"]`` holds units,
    ``attrs["N"]`` the number of neurons of the source.
    """

    @property
    def _constructor(self) -> Callable[..., pd.DataFrame]:
        # A selection of rows is still a table of spikes; one without `t` and `i` is a plain table that has no use for more.
        return SpikeTable

    def spike_trains(self) -> dict[int, Values]:
        """The times of each neuron [s], in order; neurons without a spike have an empty array."""
        index = np.asarray(self["i"])
        count = int(self.attrs.get("N") or (index.max() + 1 if index.size else 0))
        order = np.argsort(index, kind="stable")
        times = np.asarray(self["t"])[order]
        bounds = np.searchsorted(index[order], np.arange(count + 1))
        return {neuron: times[bounds[neuron] : bounds[neuron + 1]] for neuron in range(count)}


class SynapseTable(pd.DataFrame):
    """Synapses, one per row: ``i``, ``j`` (numbers within source and target), their variables and delays.

    ``attrs["units"]`` holds units, ``attrs["shape"]`` the sizes of source and target.
    """

    @property
    def _constructor(self) -> Callable[..., pd.DataFrame]:
        return SynapseTable

    def matrix(self, variable: str | None = None) -> Any:
        """A matrix of ``scipy.sparse`` (COO), source × target: values of a variable, or the number of synapses.

        Several synapses of one pair are entries of their own; converting to another form adds them up.
        """
        try:
            from scipy.sparse import coo_array
        except ImportError as problem:
            raise EngramError("sparse matrices need SciPy: pip install 'engram-snn[sparse]'") from problem
        if variable is not None and variable not in self.columns:
            raise UnknownName("variable", variable, [str(name) for name in self.columns], "these synapses")
        values = np.ones(len(self), dtype=np.int64) if variable is None else np.asarray(self[variable])
        i, j = np.asarray(self["i"]), np.asarray(self["j"])
        shape = self.attrs.get("shape") or (int(i.max(initial=-1)) + 1, int(j.max(initial=-1)) + 1)
        return coo_array((values, (i, j)), shape=shape)


@dataclass(frozen=True)
class Rate:
    """The rate of a population over time: ``t`` [s] and ``rate`` [Hz]."""

    t: Values
    rate: Values
    name: str = "rate"

    @property
    def dt(self) -> float:
        """The step between two values [s]. Raises where steps differ, as after a change of dt."""
        if len(self.t) < 2:
            raise EngramError(f"'{self.name}' holds {len(self.t)} values: a step needs two")
        steps = np.diff(self.t)
        step = float(np.median(steps))
        if np.any(np.abs(steps - step) > 1e-3 * step):
            raise EngramError(
                f"the steps of '{self.name}' differ ({steps.min():g} s to {steps.max():g} s): dt was changed, or the "
                f"recording has gaps; take a part of it with between(start, stop)"
            )
        return step

    def between(self, start: float, stop: float) -> Rate:
        """The values with ``start <= t < stop``."""
        inside = (self.t >= start) & (self.t < stop)
        return replace(self, t=self.t[inside], rate=self.rate[inside])

    def smooth(self, width: float | str, window: str = "gaussian") -> Rate:
        """Smoothed with a window: ``gaussian`` with ``width`` as its standard deviation, or ``flat`` of that width.

        ``width`` is in seconds, or a text such as ``"5 ms"``. At both ends, where a part of the window has nothing
        under it, the rest counts for all: rates do not fall off there.
        """
        from ..times import seconds

        steps = seconds(width) / self.dt
        if not steps > 0:
            raise EngramError(f"the width of a window must be more than 0, found {width!r}")
        if window == "flat":
            kernel: Values = np.ones(2 * int(steps / 2) + 1)
        elif window == "gaussian":
            reach = int(np.ceil(4 * steps))
            kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / steps) ** 2)
        else:
            raise UnknownName("window", window, ("gaussian", "flat"))
        return replace(self, rate=_convolve(self.rate, kernel) / _convolve(np.ones(len(self.rate)), kernel))

    def series(self) -> pd.Series[float]:
        """As a table of one column over ``t``."""
        return pd.Series(self.rate, index=pd.Index(self.t, name="t"), name=self.name)


def _convolve(values: Values, kernel: Values) -> Values:
    """The centred part of a convolution, as long as ``values``, also where the kernel is longer."""
    half = len(kernel) // 2
    return np.asarray(np.convolve(values, kernel)[half : half + len(values)])
