"""One checkpoint: the whole state of a network at one moment, as objects and tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import pandas as pd
import xarray as xr

from ..errors import DamagedFile, EngramError, UnknownName
from ..storage.manifest import ArrayEntry, Key
from .network import Network, ObjectRecord
from .objects import Group, Monitor, StoredObject, Synapses, make_object, unit_of
from .rows import lazy
from .tables import Rate, SpikeTable, SynapseTable


class Arrays(Protocol):
    """Where the numbers of a checkpoint come from: a run directory, a portable file, an export."""

    @property
    def entries(self) -> Mapping[Key, ArrayEntry]: ...
    def whole(self, key: Key) -> np.ndarray[Any, np.dtype[Any]]: ...
    def pieces(self, key: Key) -> list[np.ndarray[Any, np.dtype[Any]]]: ...
    def problems(self) -> Iterable[DamagedFile]: ...


class Checkpoint:
    """The state of a network at one moment, read-only and in place.

    ``checkpoint["P"].v`` are values, ``spikes``, ``recording``, ``rate`` and ``synapses`` are tables.
    """

    def __init__(
        self,
        *,
        id: str,
        names: tuple[str, ...],
        tags: tuple[str, ...],
        kind: str,
        line: str,
        parent: str | None,
        created: datetime | None,
        comment: str,
        t: float,
        arrays: Arrays,
        network: Callable[[], Network],
        place: str,
        changes: tuple[str, ...] = (),
    ) -> None:
        self.id = id
        self.names = names
        self.tags = tags
        self.kind = kind
        self.line = line
        self.parent = parent
        self.created = created
        self.comment = comment
        self.t = t
        self.arrays = arrays
        self.place = place
        self.changes = changes
        """What its line changed where it began, one line each: ``w_exc: 1 mV → 2 mV``."""
        self._network = network

    @cached_property
    def network(self) -> Network:
        """The description of the network."""
        return self._network()

    @property
    def model(self) -> str | None:
        """The model file that the run was started with; None where a program built the network."""
        return self.network.model_text

    @property
    def constants(self) -> dict[str, Any]:
        """The constants in force, with their units."""
        return dict(self.network.constants)

    @property
    def seed(self) -> int | None:
        return self.network.seed

    @property
    def provenance(self) -> dict[str, str]:
        """Which release made it, where, when, and with which command."""
        return dict(self.network.provenance)

    @property
    def objects(self) -> dict[str, str]:
        """The objects of the network by name, with their kinds; parts of objects are left out."""
        return {
            record.name: record.kind
            for record in self._records().values()
            if record.is_described and record.owner is None
        }

    def _records(self) -> dict[str, ObjectRecord]:
        records = dict(self.network.objects)
        for clock in self.network.clocks:
            records.setdefault(clock, ObjectRecord(clock, "Clock", is_described=False))
        for key in self.arrays.entries:
            records.setdefault(key.owner, ObjectRecord(key.owner, "", is_described=False))
        return records

    def __getitem__(self, name: str) -> StoredObject:
        return make_object(self, self._record(name))

    def __contains__(self, name: object) -> bool:
        return name in self._records()

    def __iter__(self) -> Iterator[str]:
        return iter(self.objects)

    def _record(self, name: str, kinds: tuple[str, ...] = ()) -> ObjectRecord:
        records = self._records()
        found = records.get(name)
        fitting = [
            other.name
            for other in records.values()
            if other.is_described and (other.kind in kinds if kinds else other.owner is None)
        ]
        if found is None or (kinds and found.kind not in kinds):
            if found is not None:
                raise EngramError(
                    f"'{name}' is a {found.kind or 'part of the network'}, not a {' or '.join(kinds)}"
                    + (f" (there are: {', '.join(fitting)})" if fitting else "")
                )
            raise UnknownName(" or ".join(kinds) or "object", name, fitting, f"{self.place} at {self.id}")
        return found

    # ----------------------------------------------------------------------------------------------------- recordings

    def spikes(self, monitor: str) -> SpikeTable:
        """The spikes, or other events, that a monitor recorded: one row each. Costs no copy where they lie in one piece."""
        record = self._record(monitor, ("SpikeMonitor", "EventMonitor"))
        columns: dict[str, Any] = {}
        units: dict[str, str] = {}
        recorded = {
            key.variable: entry
            for key, entry in self.arrays.entries.items()
            if key.owner == monitor and entry.is_recording
        }
        self._check_rows(monitor, recorded.values())
        for name in sorted(recorded, key=lambda name: (name != "t", name != "i", name)):
            columns[name] = self.arrays.whole(Key(monitor, name)).reshape(-1)
            units[name] = unit_of(recorded[name])
        if "t" not in columns:
            raise EngramError(
                f"'{monitor}' keeps counts only (record: false): there are no times; see run['{monitor}'].count"
            )
        table = SpikeTable(pd.DataFrame(columns, copy=False))
        count = self.arrays.entries.get(Key(monitor, "count"))
        table.attrs.update(
            units=units, N=count.rows if count is not None else None, source=str(record.fields.get("source", ""))
        )
        return table

    def recording(self, monitor: str) -> xr.Dataset:
        """What a state monitor recorded, over ``t`` and ``neuron`` (or ``synapse``); numbers are read when they are used."""
        record = self._record(monitor, ("StateMonitor",))
        found = Monitor(self, record)
        source, offset, _ = record.end("source")
        group = self.network.objects.get(source)
        axis = "synapse" if group is not None and group.kind == "Synapses" else "neuron"
        entries = {
            key.variable: entry
            for key, entry in self.arrays.entries.items()
            if key.owner == monitor and entry.is_recording
        }
        if "t" not in entries:
            raise EngramError(f"'{monitor}' has recorded nothing (record: false)")
        self._check_rows(monitor, entries.values())
        width = max((entry.row_length for name, entry in entries.items() if name != "t"), default=0)
        elements: Any = found.elements
        if elements is None or len(elements) != width:
            elements = pd.RangeIndex(width)
        data: dict[str, xr.Variable] = {}
        for name, entry in entries.items():
            if name == "t":
                continue
            dtype = np.dtype(bool) if entry.is_boolean else entry.dtype
            data[name if name != axis else f"{name}_"] = xr.Variable(
                ("t", axis),
                lazy((entry.rows, entry.row_length), dtype, self._pieces_of(Key(monitor, name))),
                {"units": unit_of(entry), "long_name": f"{monitor}.{name}"},
            )
        times = xr.Variable(("t",), np.asarray(self.arrays.whole(Key(monitor, "t"))).reshape(-1), {"units": "s"})
        numbers = xr.Variable((axis,), elements, {"long_name": f"number of the {axis} in the source"})
        return xr.Dataset(
            data,
            coords={"t": times, axis: numbers},
            attrs={"source": str(record.fields.get("source", "")), "source_offset": offset, "checkpoint": self.id},
        )

    def _check_rows(self, monitor: str, entries: Iterable[ArrayEntry]) -> None:
        counts = {entry.rows for entry in entries}
        if len(counts) > 1:
            raise DamagedFile(
                self.place, f"the recordings of '{monitor}' have different lengths: {sorted(counts)}", self.id
            )

    def _pieces_of(self, key: Key) -> Callable[[], list[np.ndarray[Any, np.dtype[Any]]]]:
        return lambda: self.arrays.pieces(key)

    def rate(self, monitor: str) -> Rate:
        """The rate that a population rate monitor recorded."""
        self._record(monitor, ("PopulationRateMonitor",))
        recorded = [entry for key, entry in self.arrays.entries.items() if key.owner == monitor and entry.is_recording]
        self._check_rows(monitor, recorded)
        return Rate(
            t=self.arrays.whole(Key(monitor, "t")).reshape(-1),
            rate=self.arrays.whole(Key(monitor, "rate")).reshape(-1),
            name=monitor,
        )

    def synapses(self, name: str) -> SynapseTable:
        """The synapses with their variables, one row each, and a column of delays per pathway that has some."""
        found = Synapses(self, self._record(name, ("Synapses",)))
        count = found.N
        columns: dict[str, Any] = {}
        units: dict[str, str] = {}

        def add(column: str, owner: StoredObject, variable: str) -> None:
            values = owner[variable]
            columns[column] = np.broadcast_to(np.asarray(values), (count,))
            units[column] = values.unit

        entries = found._entries()
        for variable in sorted(entries, key=lambda name: (name != "i", name != "j", name)):
            entry = entries[variable]
            if not entry.is_scalar and entry.rows == count and variable not in ("N_incoming", "N_outgoing"):
                add(variable, found, variable)
        for pathway, part in found.pathways.items():
            if "delay" in part.variables:
                add("delay" if pathway == "pre" else f"{pathway}_delay", part, "delay")
        table = SynapseTable(pd.DataFrame(columns, copy=False))
        table.attrs.update(units=units, shape=found.shape, source=found.source, target=found.target)
        return table

    # --------------------------------------------------------------------------------------------------------- checks

    def verify(self) -> list[DamagedFile]:
        """Compares every array of this checkpoint with its checksum; an empty list means that all is well. Reads all."""
        return list(self.arrays.problems())

    @property
    def size(self) -> int:
        """Bytes of all its arrays, shared with other checkpoints or not."""
        return sum(entry.byte_count for entry in self.arrays.entries.values())

    def __repr__(self) -> str:
        names = f" ({', '.join([*self.names, *('#' + tag for tag in self.tags)])})" if self.names or self.tags else ""
        lines = [f"checkpoint {self.id}{names} of {self.place}, t = {self.t:g} s"]
        for name, kind in self.objects.items():
            found = self[name]
            size = f"[{found.N}]" if isinstance(found, Group) else ""
            lines.append(f"  {kind} {name}{size}: {', '.join(found.variables) or '–'}")
        return "\n".join(lines)
