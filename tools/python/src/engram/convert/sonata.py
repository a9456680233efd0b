"""SONATA (Dai et al. 2020, doi:10.1371/journal.pcbi.1007696): ``spikes.h5`` and one report per recorded variable.

Times are in milliseconds and potentials in millivolts, as the format's tools expect; other values are SI, with their unit.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from ..errors import EngramError
from ..reading.checkpoint import Checkpoint
from .contents import Events, Trace, events, traces

_SORTING = h5py.enum_dtype({"none": 0, "by_id": 1, "by_time": 2}, basetype="u1")
_MAGIC = 0x0A7A


def write(checkpoint: Checkpoint, to: str, output: Path) -> None:
    output.mkdir()
    populations: dict[str, list[Events]] = {}
    for found in events(checkpoint):
        if found.are_spikes:
            populations.setdefault(found.population, []).append(found)
    if populations:
        with _file(output / "spikes.h5") as file:
            for population, parts in populations.items():
                _spikes(file.create_group(f"spikes/{population}"), parts)
    for trace in traces(checkpoint):
        if len(trace.t) > 1:
            with _file(output / f"{trace.monitor}_{trace.variable}.h5") as file:
                _report(file.create_group(f"report/{trace.population}"), trace, checkpoint)
    if not any(output.iterdir()):
        raise EngramError(
            f"{checkpoint.place} at {checkpoint.id} has no spikes and no recordings: SONATA has nothing to hold"
        )


def _file(path: Path) -> h5py.File:
    file = h5py.File(path, "w")
    file.attrs["magic"] = np.uint32(_MAGIC)
    file.attrs["version"] = np.array([0, 1], dtype=np.uint32)
    return file


def _spikes(group: h5py.Group, parts: list[Events]) -> None:
    """All spikes of a population by time; those of a neuron that several monitors recorded, once."""
    t, i = np.concatenate([part.t for part in parts]), np.concatenate([part.i for part in parts])
    if len(parts) > 1:
        pairs = np.unique(np.stack([t, i], axis=1), axis=0)
        t, i = pairs[:, 0], pairs[:, 1]
    group.attrs.create("sorting", 2, dtype=_SORTING)
    group.create_dataset("timestamps", data=t * 1e3).attrs["units"] = "ms"
    group.create_dataset("node_ids", data=i.astype(np.uint64))


def _report(group: h5py.Group, trace: Trace, checkpoint: Checkpoint) -> None:
    step = trace.step()
    if step is None:
        raise EngramError(
            f"the steps of '{trace.monitor}' differ, and a SONATA report has one step; export, or convert to nwb, instead"
        )
    nodes, order = trace.elements, None
    elements: NDArray[np.uint32] = np.zeros(len(trace.elements), dtype=np.uint32)
    population = trace.population
    if trace.axis == "synapse":
        # Values of synapses belong to the neurons that they end at, which a report has in order.
        table = checkpoint.synapses(population)
        targets = np.asarray(table["j"], dtype=np.int64)[nodes]
        order = np.argsort(targets, kind="stable")
        nodes, elements = targets[order], trace.elements[order].astype(np.uint32)
    nodes = nodes.astype(np.uint64)
    ids, counts = np.unique(nodes, return_counts=True)
    if trace.axis == "neuron":
        order = np.argsort(nodes, kind="stable") if np.any(np.diff(nodes.astype(np.int64)) < 0) else None
    scale, unit = (1e3, "mV") if trace.unit == "V" else (1.0, trace.unit)
    data = group.create_dataset("data", trace.data.shape, dtype=np.float32, chunks=True)
    rows = max(1, (16 << 20) // (8 * max(1, trace.data.shape[1])))
    for start in range(0, trace.data.shape[0], rows):
        values: Any = np.asarray(trace.data[start : start + rows].values, dtype=float) * scale
        data[start : start + rows] = values if order is None else values[:, order]
    data.attrs["units"] = unit
    mapping = group.create_group("mapping")
    mapping.create_dataset("node_ids", data=ids).attrs.create("sorted", 1, dtype=np.uint8)
    mapping.create_dataset("index_pointers", data=np.concatenate([[0], np.cumsum(counts)]).astype(np.uint64))
    mapping.create_dataset("element_ids", data=elements)
    begin = float(trace.t[0])
    times = np.array([begin, begin + step * len(trace.t), step]) * 1e3
    mapping.create_dataset("time", data=times).attrs["units"] = "ms"
