"""Zarr, as xarray writes and opens it: a group per object."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from ..errors import EngramError
from ..reading.checkpoint import Checkpoint
from .contents import events, rates, synapses


def write(checkpoint: Checkpoint, to: str, output: Path) -> None:
    written = False

    def add(name: str, dataset: xr.Dataset) -> None:
        nonlocal written
        dataset.attrs = {key: value for key, value in dataset.attrs.items() if value is not None}
        dataset.to_zarr(output, group=name, mode="w" if not written else "a", consolidated=False)
        written = True

    for found in events(checkpoint):
        axes = ("event",)
        add(found.monitor, xr.Dataset(
            {"t": xr.Variable(axes, found.t, {"units": "s"}), "i": xr.Variable(axes, found.i)},
            attrs={"source": found.population, "event": found.event, "N": found.count},
        ))  # fmt: skip
    for name, kind in checkpoint.objects.items():
        if kind == "StateMonitor" and "t" in checkpoint[name].variables:
            add(name, checkpoint.recording(name))
    for name, source, t, rate in rates(checkpoint):
        values = {"rate": xr.Variable(("t",), rate, {"units": "Hz"})}
        add(name, xr.Dataset(values, coords={"t": xr.Variable(("t",), t, {"units": "s"})}, attrs={"source": source}))
    for name, table in synapses(checkpoint):
        units: dict[str, Any] = table.attrs["units"]
        columns = {
            str(column): xr.Variable(("synapse",), np.asarray(table[column]), {"units": units.get(str(column), "1")})
            for column in table
        }
        add(name, xr.Dataset(columns, attrs={"source": table.attrs["source"], "target": table.attrs["target"]}))
    if not written:
        raise EngramError(
            f"{checkpoint.place} at {checkpoint.id} has no recordings and no synapses: Zarr has nothing to hold"
        )
