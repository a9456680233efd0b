"""Tables as text (csv) and as Parquet: one file per monitor, per synapses object and for the checkpoint itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..errors import EngramError
from ..reading.checkpoint import Checkpoint

_ROWS = 1 << 18
Rows = Callable[[int, int], pd.DataFrame]


def write(checkpoint: Checkpoint, to: str, output: Path) -> None:
    output.mkdir()
    columns: dict[str, dict[str, str]] = {}
    for name, units, count, rows in _tables(checkpoint):
        columns[name] = units
        (_csv if to == "csv" else _parquet)(output / f"{name}.{to}", units, count, rows)
    about = {
        "network": checkpoint.network.name, "checkpoint": checkpoint.id, "t": checkpoint.t, "seed": checkpoint.seed,
        "provenance": checkpoint.provenance, "units": columns,
    }  # fmt: skip
    (output / "columns.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")


def write_table(source: Path, output: Path) -> None:
    """A table of ``engram sweep`` as Parquet: numbers as numbers, units of conditions (``w [mV]``) with their columns."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        frame = pd.read_csv(source, dtype={"run": str, "state": str}, keep_default_na=False, na_values=["", "nan"])
    except (ValueError, UnicodeDecodeError) as problem:
        raise EngramError(f"'{source}' is no table: {problem}") from problem
    table = pa.Table.from_pandas(frame, preserve_index=False)
    fields = [
        field.with_metadata({"unit": field.name.rpartition(" [")[2][:-1]}) if field.name.endswith("]") else field
        for field in table.schema
    ]
    parquet.write_table(table.cast(pa.schema(fields)).replace_schema_metadata({"written_by": "engram convert"}), output)


def _tables(checkpoint: Checkpoint) -> Iterator[tuple[str, dict[str, str], int, Rows]]:
    """Name, units of the columns, number of rows, and a function that gives some of them."""
    for name, kind in checkpoint.objects.items():
        recorded = "t" in checkpoint[name].variables
        if kind in ("SpikeMonitor", "EventMonitor") and recorded:
            yield name, *_frame(checkpoint.spikes(name), checkpoint.spikes(name).attrs["units"])
        elif kind == "StateMonitor" and recorded:
            yield name, *_recording(checkpoint, name)
        elif kind == "PopulationRateMonitor":
            found = checkpoint.rate(name)
            yield name, *_frame(pd.DataFrame({"t": found.t, "rate": found.rate}), {"t": "s", "rate": "Hz"})
        elif kind == "Synapses":
            table = checkpoint.synapses(name)
            yield name, *_frame(table, table.attrs["units"])
        elif kind == "NeuronGroup":
            group = checkpoint[name]
            values = {
                variable: np.asarray(group[variable])
                for variable in group.variables
                if group[variable].shape == (len(group),)
            }
            if values:
                frame = pd.DataFrame({"i": np.arange(len(group)), **values})
                yield name, *_frame(frame, {"i": "1", **{variable: group[variable].unit for variable in values}})


def _frame(table: pd.DataFrame, units: dict[str, str]) -> tuple[dict[str, str], int, Rows]:
    return {str(column): units.get(str(column), "1") for column in table}, len(table), lambda a, b: table.iloc[a:b]


def _recording(checkpoint: Checkpoint, name: str) -> tuple[dict[str, str], int, Rows]:
    """One row per moment, a column per variable and element: ``v[0]``, ``v[50]``."""
    recording = checkpoint.recording(name)
    units = {"t": "s"}
    for variable, data in recording.data_vars.items():
        for number in recording[str(data.dims[1])].values:
            units[f"{variable}[{number}]"] = str(data.attrs["units"])

    def rows(start: int, stop: int) -> pd.DataFrame:
        part = recording.isel(t=slice(start, stop))
        values: dict[str, Any] = {"t": part["t"].values}
        for variable, data in part.data_vars.items():
            read = data.values
            for place, number in enumerate(part[str(data.dims[1])].values):
                values[f"{variable}[{number}]"] = read[:, place]
        return pd.DataFrame(values)

    return units, recording.sizes["t"], rows


def _csv(path: Path, units: dict[str, str], count: int, rows: Rows) -> None:
    step = max(1, _ROWS // len(units))
    for start in range(0, max(count, 1), step):
        rows(start, start + step).to_csv(path, index=False, mode="a", header=start == 0)


def _parquet(path: Path, units: dict[str, str], count: int, rows: Rows) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    step = max(1, _ROWS * 8 // len(units))
    writer: Any = None
    try:
        for start in range(0, max(count, 1), step):
            table = pa.Table.from_pandas(rows(start, start + step), preserve_index=False)
            fields = [field.with_metadata({"unit": units[field.name]}) for field in table.schema]
            table = table.cast(pa.schema(fields)).replace_schema_metadata({"written_by": "engram convert"})
            writer = writer or parquet.ParquetWriter(path, table.schema)
            writer.write_table(table)
    except pa.ArrowException as problem:
        raise EngramError(f"'{path.stem}' cannot be written as Parquet: {problem}") from problem
    finally:
        if writer is not None:
            writer.close()
