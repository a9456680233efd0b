"""Neo: one Block with one Segment, written as the MATLAB file that Neo reads back.

NIX, Neo's other file of its own, takes two minutes for a recording of a thousand synapses where this takes a second.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import neo.io
import numpy as np
import quantities as pq

from ..reading.checkpoint import Checkpoint
from .contents import events, rates, step_of, traces


def write(checkpoint: Checkpoint, to: str, output: Path) -> None:
    neo.io.NeoMatlabIO(str(output)).write_block(block_of(checkpoint))


def block_of(checkpoint: Checkpoint) -> Any:
    """What a checkpoint holds as a Block: a spike train per recorded neuron, a signal per recorded variable and rate."""
    name = checkpoint.network.name or "network"
    block = neo.Block(name=name, description=f"simulated with Engram up to t = {checkpoint.t:g} s")
    block.annotate(checkpoint=checkpoint.id, **{key: str(value) for key, value in checkpoint.provenance.items()})
    segment = neo.Segment(name=checkpoint.id, index=0)
    block.segments.append(segment)
    for found in events(checkpoint):
        if not found.are_spikes:
            labels = np.array([str(number) for number in found.i])
            segment.events.append(neo.Event(found.t * pq.s, labels=labels, name=found.monitor))
            continue
        times, ends = found.trains()
        end = max(checkpoint.t, float(found.t.max(initial=0)))
        for place, part in enumerate(np.split(times, ends[:-1])):
            number = found.first + place
            segment.spiketrains.append(
                neo.SpikeTrain(
                    part * pq.s, t_stop=end * pq.s, name=f"{found.monitor}.{found.population}[{number}]",
                    population=found.population, neuron=number, monitor=found.monitor,
                )
            )  # fmt: skip
    for trace in traces(checkpoint):
        if len(trace.t):
            words = f"{trace.variable} of {trace.axis}s of {trace.population}"
            signal = _signal(
                np.asarray(trace.data.values, dtype=float),
                trace.t,
                trace.unit,
                f"{trace.monitor}.{trace.variable}",
                words,
            )
            signal.annotate(population=trace.population, axis=trace.axis, elements=trace.elements)
            _add(segment, signal)
    for monitor, source, t, rate in rates(checkpoint):
        if len(t):
            _add(segment, _signal(rate, t, "Hz", f"{monitor}.rate", f"rate of {source}"))
    block.check_relationships()
    return block


def _add(segment: Any, signal: Any) -> None:
    place = segment.analogsignals if isinstance(signal, neo.AnalogSignal) else segment.irregularlysampledsignals
    place.append(signal)


def _signal(data: Any, t: Any, unit: str, name: str, description: str) -> Any:
    units = pq.Quantity(1.0, unit.replace("^", "**")) if unit != "1" else pq.dimensionless
    step = step_of(t)
    if step is None:
        return neo.IrregularlySampledSignal(t * pq.s, data, units=units.units, name=name, description=description)
    return neo.AnalogSignal(
        data,
        units=units.units,
        t_start=float(t[0]) * pq.s,
        sampling_period=step * pq.s,
        name=name,
        description=description,
    )
