"""Neurodata Without Borders, written by PyNWB.

Spikes are units; recordings and rates are time series; recordings of more elements than moments, and synapses, are tables.
The model file is the source script.
"""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np
from hdmf.common import DynamicTable, ElementIdentifiers, VectorData, VectorIndex
from pynwb import NWBHDF5IO, NWBFile, TimeSeries
from pynwb.file import Subject
from pynwb.misc import Units

from ..reading.checkpoint import Checkpoint
from .contents import Trace, events, ranges, rates, step_of, synapses, traces

_UNITS = {
    "1": "n.a.", "V": "volts", "A": "amperes", "S": "siemens", "F": "farads", "Hz": "hertz", "s": "seconds", "ohm": "ohms",
    "m": "meters", "mol": "moles",
}  # fmt: skip


def write(checkpoint: Checkpoint, to: str, output: Path) -> None:
    name = checkpoint.network.name or "network"
    facts = checkpoint.provenance
    file = NWBFile(
        session_description=f"Simulation of the network '{name}' up to t = {checkpoint.t:g} s. Session time is network time.",
        identifier=f"engram {name} {checkpoint.id} {facts.get('date', '')} {facts.get('host', '')}",
        session_start_time=checkpoint.created or datetime.now(timezone.utc),
        session_id=checkpoint.id,
        experiment_description=f"Simulated with {facts.get('version', 'engram')}; seed {checkpoint.seed}.",
        keywords=["simulation", "spiking neural network"],
        subject=_subject(name),
        source_script=checkpoint.model,
        source_script_file_name=f"{name}.yaml" if checkpoint.model else None,
    )
    _spikes(file, checkpoint)
    for trace in traces(checkpoint):
        if len(trace.t):
            _trace(file, trace)
    for monitor, source, t, rate in rates(checkpoint):
        if len(t):
            file.add_acquisition(
                _series(monitor, rate, t, "Hz", f"Rate of the population {source}", "one value per step")
            )
    tables = [(name, table) for name, table in synapses(checkpoint) if len(table)]
    if tables:
        module = file.create_processing_module("connectivity", "Synapses of the network")
        for name, table in tables:
            units = table.attrs["units"]
            columns = [
                VectorData(
                    name=str(column),
                    description=_column(str(column), units, table.attrs),
                    data=np.asarray(table[column]),
                )
                for column in table.columns
            ]
            module.add(
                DynamicTable(
                    name=name,
                    description=f"Synapses from {table.attrs['source']} to {table.attrs['target']}",
                    columns=columns,
                )
            )
    with NWBHDF5IO(output, "w") as io:
        io.write(file)


def _subject(name: str) -> Subject:
    """Inspectors want an animal. There was none, which is said in the words that they understand."""
    return Subject(
        subject_id=name,
        description="A simulated network; no animal took part. The species stands for 'synthetic construct'.",
        species="http://purl.obolibrary.org/obo/NCBITaxon_32630",
        sex="O",
        age="P0D",
    )


def _column(name: str, units: Any, attributes: Any) -> str:
    if name in ("i", "j"):
        return f"number within {attributes['source' if name == 'i' else 'target']}"
    return f"variable {name}, in {_unit(units[name])}"


def _unit(symbol: str) -> str:
    return _UNITS.get(symbol, symbol)


def _spikes(file: NWBFile, checkpoint: Checkpoint) -> None:
    times: list[Any] = []
    ends: list[Any] = []
    monitors: list[str] = []
    populations: list[str] = []
    neurons: list[Any] = []
    before = 0
    resolution: float | None = None
    for found in events(checkpoint):
        if not found.are_spikes:
            if len(found.t):
                words = f"Event '{found.event}' of {found.population}: number of the element of each event"
                file.add_acquisition(
                    TimeSeries(name=found.monitor, data=found.i, timestamps=found.t, unit="n.a.", description=words)
                )
            continue
        if found.step is not None:
            resolution = min(resolution or found.step, found.step)
        ordered, last = found.trains()
        times.append(ordered)
        ends.append(last + before)
        before += len(ordered)
        monitors += [found.monitor] * found.count
        populations += [found.population] * found.count
        neurons.append(np.arange(found.first, found.first + found.count))
    if not neurons or not sum(map(len, neurons)):
        return
    spike_times = VectorData(name="spike_times", description="times of spikes, in seconds", data=np.concatenate(times))
    index = VectorIndex(name="spike_times_index", data=np.concatenate(ends).astype(np.uint64), target=spike_times)
    file.units = Units(
        name="units",
        description="Neurons whose spikes were recorded; one row for each monitor of a neuron",
        resolution=resolution,
        id=ElementIdentifiers(name="id", data=np.arange(len(monitors))),
        columns=[
            spike_times,
            index,
            VectorData(name="monitor", description="name of the spike monitor", data=monitors),
            VectorData(name="population", description="name of the population", data=populations),
            VectorData(
                name="neuron", description="number of the neuron in its population", data=np.concatenate(neurons)
            ),
        ],
    )


def _trace(file: NWBFile, trace: Trace) -> None:
    name = f"{trace.monitor}_{trace.variable}"
    words = f"Variable {trace.variable} of {trace.axis}s of {trace.population}"
    columns = f"columns: {trace.axis} {ranges(trace.elements)}"
    data = np.asarray(trace.data.values)
    data = data.astype(np.int8) if data.dtype.kind == "b" else data
    if data.shape[1] <= data.shape[0]:
        file.add_acquisition(_series(name, data, trace.t, trace.unit, words, columns))
        return
    # A series has its longest axis over time, or readers take it for one that lies on its side.
    if "recordings" not in file.processing:
        file.create_processing_module("recordings", "Recordings of more elements than moments: a row per moment")
    file.processing["recordings"].add(
        DynamicTable(
            name=name,
            description=f"{words}; {columns}",
            columns=[
                VectorData(name="t", description="time, in seconds", data=trace.t),
                VectorData(name=trace.variable, description=f"values, in {_unit(trace.unit)}; {columns}", data=data),
            ],
        )
    )


def _series(name: str, data: Any, t: Any, unit: str, description: str, comments: str) -> TimeSeries:
    step = step_of(t)
    when = {"timestamps": t} if step is None else {"starting_time": float(t[0]), "rate": 1.0 / step}
    return TimeSeries(name=name, data=data, unit=_unit(unit), description=description, comments=comments, **when)
