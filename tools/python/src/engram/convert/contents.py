"""What a checkpoint has to give away, in the same shape for every format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import xarray as xr

from ..reading.checkpoint import Checkpoint
from ..reading.objects import Group, Monitor
from ..reading.tables import SynapseTable

Values = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Events:
    """Spikes, or other events, of ``count`` elements of ``population``, in the order of time.

    ``i`` counts within the population, not within the part of it that was recorded; ``step`` is the step of their clock [s].
    """

    monitor: str
    population: str
    event: str
    t: Values
    i: Values
    first: int
    count: int
    step: float | None

    @property
    def are_spikes(self) -> bool:
        return self.event == "spike"

    def trains(self) -> tuple[Values, Values]:
        """All times, sorted by element; and for each element where its times end."""
        order = np.argsort(self.i, kind="stable")
        ends = np.searchsorted(self.i[order], np.arange(self.first + 1, self.first + self.count + 1))
        return self.t[order], ends


@dataclass(frozen=True)
class Trace:
    """One recorded variable, ``data`` over time and elements; read where it is used.

    ``elements`` count within ``population``; ``axis`` says whether they are neurons or synapses.
    """

    monitor: str
    variable: str
    population: str
    axis: str
    elements: Values
    t: Values
    data: xr.DataArray
    unit: str

    def step(self) -> float | None:
        """The time between two values [s]; None where it differs, as after a change of dt."""
        return step_of(self.t)


def step_of(t: Values) -> float | None:
    if len(t) < 2:
        return None
    step = float((t[-1] - t[0]) / (len(t) - 1))
    # Times are multiples of the clock's dt, rounded: half a part in a thousand is more than rounding ever does.
    return step if np.all(np.abs(np.diff(t) - step) <= 5e-4 * step) else None


def events(checkpoint: Checkpoint) -> Iterator[Events]:
    for name, kind in checkpoint.objects.items():
        if kind not in ("SpikeMonitor", "EventMonitor") or "t" not in checkpoint[name].variables:
            continue
        table = checkpoint.spikes(name)
        found = checkpoint[name]
        population, first, end = found._record.end("source")
        i = np.asarray(table["i"], dtype=np.int64) + first
        count = int(table.attrs.get("N") or (end or _size(checkpoint, population, i)) - first)
        event = str(found.description.get("event", "spike"))
        clock = found._record.clock
        step = float(checkpoint[clock]["dt"]) if clock in checkpoint and "dt" in checkpoint[clock].variables else None
        yield Events(name, population, event, np.asarray(table["t"]), i, first, count, step)


def _size(checkpoint: Checkpoint, population: str, i: Values) -> int:
    group = checkpoint[population] if population in checkpoint else None  # noqa: SIM401
    return group.N if isinstance(group, Group) else int(i.max(initial=-1)) + 1


def traces(checkpoint: Checkpoint) -> Iterator[Trace]:
    for name, kind in checkpoint.objects.items():
        found = checkpoint[name]
        if kind != "StateMonitor" or not isinstance(found, Monitor) or "t" not in found.variables:
            continue
        recording = checkpoint.recording(name)
        population = found._record.end("source")[0]
        for variable, data in recording.data_vars.items():
            axis = str(data.dims[1])
            elements = np.asarray(recording[axis].values, dtype=np.int64) + int(recording.attrs["source_offset"])
            yield Trace(
                name, str(variable), population, axis, elements, recording["t"].values, data, str(data.attrs["units"])
            )


def rates(checkpoint: Checkpoint) -> Iterator[tuple[str, str, Values, Values]]:
    """Monitor, population, times [s], rates [Hz]."""
    for name, kind in checkpoint.objects.items():
        if kind == "PopulationRateMonitor":
            found = checkpoint.rate(name)
            source = str(checkpoint[name].description.get("source", ""))
            yield name, source, found.t, found.rate


def synapses(checkpoint: Checkpoint) -> Iterator[tuple[str, SynapseTable]]:
    for name, kind in checkpoint.objects.items():
        if kind == "Synapses":
            yield name, checkpoint.synapses(name)


def ranges(numbers: Values) -> str:
    """Numbers as people write them: ``0 to 99, 120, 130``; whatever their order."""
    parts: list[str] = []
    for _, run in groupby(enumerate(numbers.tolist()), key=lambda pair: pair[1] - pair[0]):
        values = [value for _, value in run]
        parts.append(f"{values[0]} to {values[-1]}" if len(values) > 2 else ", ".join(map(str, values)))
    return ", ".join(parts)
