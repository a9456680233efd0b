"""The objects of a network at one checkpoint: groups, synapses, monitors, clocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import NotPossible, UnknownVariable
from ..storage.manifest import ArrayEntry, Key
from ..units import Array, symbol
from .network import ObjectRecord

if TYPE_CHECKING:
    from .checkpoint import Checkpoint

MONITORS = ("SpikeMonitor", "EventMonitor", "StateMonitor", "PopulationRateMonitor")


class StoredObject:
    """One object, whose variables are attributes: ``run["P"].v``.

    A variable whose name means something else here is reached as ``run["P"]["name"]``. Values are arrays with their
    unit, read-only and mapped from where they lie; nothing is read before it is asked for.
    """

    def __init__(self, checkpoint: Checkpoint, record: ObjectRecord) -> None:
        self._checkpoint = checkpoint
        self._record = record

    @property
    def name(self) -> str:
        return self._record.name

    @property
    def kind(self) -> str:
        return self._record.kind

    @property
    def description(self) -> dict[str, Any]:
        """What the object was described with: equations, threshold, source, …"""
        return dict(self._record.fields)

    def _entries(self) -> dict[str, ArrayEntry]:
        return {
            key.variable: entry
            for key, entry in self._checkpoint.arrays.entries.items()
            if key.owner == self.name and not entry.is_internal
        }

    @property
    def variables(self) -> dict[str, str]:
        """The variables that have values here, with their units."""
        return {name: unit_of(entry) for name, entry in sorted(self._entries().items())}

    def __getitem__(self, variable: str) -> Array:
        key = Key(self.name, variable)
        entry = self._checkpoint.arrays.entries.get(key)
        if entry is None:
            raise UnknownVariable("variable", variable, self._known(), f"{self.name} at {self._checkpoint.id}")
        values = self._checkpoint.arrays.whole(key)
        return Array(self._shape(entry, values), entry.dimension, unit_of(entry))

    def _known(self) -> list[str]:
        return list(self._entries())

    def _shape(self, entry: ArrayEntry, values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        if entry.is_scalar:
            return values.reshape(())
        return values.reshape(-1) if entry.is_recording and entry.row_length == 1 else values

    def __getattr__(self, variable: str) -> Any:
        if variable.startswith("__") or variable in ("_checkpoint", "_record"):
            raise AttributeError(variable)
        return self[variable]

    def __setattr__(self, name: str, value: Any) -> None:
        if not name.startswith("_"):
            raise NotPossible(
                f"'{self.name}.{name}' is read here and cannot be set: what is stored stays as it is. A branch begins with other "
                f"values: run.branch(…, set={{'{self.name}.{name}': …}})"
            )
        super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._known()]

    def __iter__(self) -> Iterator[str]:
        return iter(self.variables)

    def __repr__(self) -> str:
        lines = [f"{self.kind} '{self.name}' at {self._checkpoint.id}, t = {self._checkpoint.t:g} s"]
        for name, entry in sorted(self._entries().items()):
            shape = (
                ""
                if entry.is_scalar
                else f"[{entry.rows}]"
                if entry.row_length == 1
                else f"[{entry.rows}, {entry.row_length}]"
            )
            lines.append(f"  {name}{shape}  {'bool' if entry.is_boolean else entry.dtype.name}  {unit_of(entry)}")
        return "\n".join(lines)


class Group(StoredObject):
    """Neurons, or a source of spikes."""

    @property
    def N(self) -> int:  # noqa: N802 (the field's name for it)
        """How many elements it has."""
        stored = self._record.fields.get("N")
        if isinstance(stored, int):
            return stored
        entries = [entry for entry in self._entries().values() if not entry.is_scalar and entry.row_length == 1]
        return max((entry.rows for entry in entries), default=0)

    def __len__(self) -> int:
        return self.N

    def __bool__(self) -> bool:
        return True


class Synapses(Group):
    """Synapses: ``i`` and ``j`` count within source and target; pathways are attributes, as in ``run["S"].pre.delay``."""

    @property
    def N(self) -> int:  # noqa: N802
        entry = self._entries().get("i")
        return entry.rows if entry is not None else 0

    @property
    def source(self) -> str:
        return str(self._record.fields.get("source", ""))

    @property
    def target(self) -> str:
        return str(self._record.fields.get("target", self.source))

    @property
    def pathways(self) -> dict[str, StoredObject]:
        """The pathways by their own names: ``pre``, ``post``, …"""
        return {
            record.name.removeprefix(self.name + "_"): StoredObject(self._checkpoint, record)
            for record in self._checkpoint.network.objects.values()
            if record.kind == "SynapticPathway" and self._owns(record)
        }

    def _owns(self, record: ObjectRecord) -> bool:
        if record.owner is not None:
            return record.owner == self.name
        # Releases that did not record owners named parts after their synapses, which describe their pathways.
        fields = self._record.fields
        for key, usual in (("on_pre", "pre"), ("on_post", "post")):
            code = fields.get(key)
            names = code if isinstance(code, dict) else [usual] if code is not None else []
            # In exports the texts of several pathways stand beside each other.
            names = [*names, *(field.removeprefix(key + ".") for field in fields if field.startswith(key + "."))]
            if record.name in [f"{self.name}_{name}" for name in names]:
                return True
        return False

    def _known(self) -> list[str]:
        return [*super()._known(), *self.pathways]

    def __getattr__(self, variable: str) -> Any:
        if not variable.startswith("_") and Key(self.name, variable) not in self._checkpoint.arrays.entries:
            pathways = self.pathways
            if variable in pathways:
                return pathways[variable]
            if variable == "delay" and "pre" in pathways:
                return pathways["pre"]["delay"]
        return super().__getattr__(variable)

    @property
    def shape(self) -> tuple[int, int] | None:
        """The sizes of source and target; None where the checkpoint does not say."""
        sizes: list[int] = []
        for which, counts in (("source", "N_outgoing"), ("target", "N_incoming")):
            entry = self._checkpoint.arrays.entries.get(Key(self.name, counts))
            if entry is not None:
                sizes.append(entry.rows)
                continue
            name, first, end = self._record.end(which)
            group = self._checkpoint.network.objects.get(name)
            if end is None:
                if group is None:
                    return None
                end = (Synapses if group.kind == "Synapses" else Group)(self._checkpoint, group).N
            sizes.append(end - first)
        return sizes[0], sizes[1]


class Monitor(StoredObject):
    """Recordings: rows over time, or one row per event."""

    @property
    def source(self) -> str:
        """What is recorded, as the model says it: ``P``, ``P[0:100]``."""
        return str(self._record.fields.get("source", ""))

    @property
    def elements(self) -> np.ndarray[Any, Any] | None:
        """Of a state monitor: which elements of its source the columns are; None: all, in order."""
        record = self._record.fields.get("record")
        if isinstance(record, (list, np.ndarray)) and all(isinstance(item, (int, np.integer)) for item in record):
            return np.asarray(record, dtype=np.int64)
        return None


def unit_of(entry: ArrayEntry) -> str:
    return symbol(entry.dimension) if any(entry.dimension) else "1"


def make_object(checkpoint: Checkpoint, record: ObjectRecord) -> StoredObject:
    """The object of the right kind."""
    if record.kind == "Synapses":
        return Synapses(checkpoint, record)
    if record.kind in MONITORS:
        return Monitor(checkpoint, record)
    if record.kind in ("NeuronGroup", "PoissonGroup", "SpikeGeneratorGroup"):
        return Group(checkpoint, record)
    return StoredObject(checkpoint, record)
