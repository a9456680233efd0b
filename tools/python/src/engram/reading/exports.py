"""Exports and views: HDF5 files in the layout of ``engram export``, read through h5py."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from ..errors import DamagedFile, NotARun
from ..storage.files import MappedFiles
from ..storage.manifest import CONSTANT, READ_ONLY, SCALAR, ArrayEntry, Key
from ..units import DIMENSIONLESS, NAMED_UNITS, Array
from .checkpoint import Checkpoint
from .network import Network, ObjectRecord

_MAPPED_FROM = 1 << 16


def text_of(value: Any) -> str:
    """A text attribute, which h5py gives as bytes."""
    if isinstance(value, np.ndarray) and value.size == 1:
        value = value.reshape(-1)[0]
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def constant_of(text: str) -> Any:
    """A constant as exports write it, ``0.01 second``, with its unit; a text where the unit is not one of those with a name."""
    number, _, unit = text.partition(" ")
    try:
        value = float(number)
    except ValueError:
        return text
    dimension = DIMENSIONLESS if not unit else NAMED_UNITS.get(unit)
    return Array(value, dimension) if dimension is not None else text


class ExportedArrays:
    """The arrays below one group of an export. Contiguous ones are mapped in place, others read when asked for."""

    def __init__(self, path: Path, group: str) -> None:
        self.path = path
        self._places: dict[Key, str] = {}
        self.entries: dict[Key, ArrayEntry] = {}
        with h5py.File(path, "r", locking=False) as file:
            for part in ("clocks", "objects", "recordings"):
                root = file[group].get(part)
                if not isinstance(root, h5py.Group):
                    continue
                for owner in root:
                    if isinstance(root[owner], h5py.Group):
                        self._collect(root[owner], owner, part == "recordings")

    def _collect(self, group: h5py.Group, owner: str, is_recording: bool) -> None:
        for variable in group:
            dataset = group[variable]
            # Numbers of neurons are coordinates; datasets of another owner are here by a link.
            if not isinstance(dataset, h5py.Dataset) or text_of(dataset.attrs.get("owner", "")) != owner:
                continue
            is_boolean = "flag_values" in dataset.attrs
            shape: tuple[int, ...] = tuple(dataset.shape or ())
            is_trace = is_recording and "constant" in dataset.attrs and variable != "count"
            flags = (
                (READ_ONLY if dataset.attrs.get("read_only", 0) else 0)
                | (CONSTANT if dataset.attrs.get("constant", 0) else 0)
                | (SCALAR if shape == () else 0)
            )
            dimension = np.asarray(dataset.attrs.get("dimension", np.zeros(7)), dtype=float).reshape(-1)
            key = Key(owner, variable)
            self.entries[key] = ArrayEntry(
                key=key,
                is_recording=is_trace,
                storage_class=0,
                is_boolean=is_boolean,
                dtype=np.dtype("u1") if is_boolean else dataset.dtype,
                flags=flags,
                dimension=tuple(float(exponent) for exponent in dimension) if dimension.size == 7 else (0.0,) * 7,
                unit=text_of(dataset.attrs.get("units", "1")),
                rows=int(shape[0]) if shape else 1,
                row_length=int(shape[1]) if len(shape) > 1 else 1,
                extents=(),
            )
            self._places[key] = dataset.name

    def whole(self, key: Key) -> np.ndarray[Any, np.dtype[Any]]:
        entry = self.entries[key]
        with h5py.File(self.path, "r", locking=False) as file:
            dataset = file[self._places[key]]
            self._check_sources(dataset)
            offset = None if dataset.is_virtual or dataset.chunks else dataset.id.get_offset()
            if offset is not None and dataset.nbytes >= _MAPPED_FROM:
                size = self.path.stat().st_size
                data = MappedFiles(self.path, True).stretch("", "", size, size, int(offset), dataset.nbytes)
                values = data.view(dataset.dtype).reshape(dataset.shape)
            else:
                values = np.asarray(dataset[()])
                values.flags.writeable = False
        if entry.is_boolean:
            values = values.astype(np.bool_)
        if entry.is_recording:
            return np.asarray(values.reshape(-1, entry.row_length))
        return np.asarray(values.reshape(-1) if values.ndim == 0 else values)

    def _check_sources(self, dataset: Any) -> None:
        """A view refers to other files; where one is missing, HDF5 would give made-up values."""
        if not dataset.is_virtual:
            return
        for source in dataset.virtual_sources():
            if source.file_name != "." and not (self.path.parent / source.file_name).exists():
                raise DamagedFile(
                    self.path,
                    f"it is a view, and '{source.file_name}', where the values of {dataset.name} lie, is not beside it; views "
                    f"cannot be moved: use the run directory, or an export",
                )

    def pieces(self, key: Key) -> list[np.ndarray[Any, np.dtype[Any]]]:
        return [self.whole(key)]

    def problems(self) -> Iterator[DamagedFile]:
        """Exports carry no checksums; an unreadable array is all that can be told."""
        for key in self.entries:
            try:
                self.whole(key)
            except DamagedFile as problem:
                yield problem
            except OSError as problem:
                yield DamagedFile(self.path, str(problem), str(key))


def read_export(path: Path) -> list[Checkpoint]:
    """The checkpoints that an export, or a view, holds. Raises :class:`NotARun`, :class:`DamagedFile`."""
    try:
        with h5py.File(path, "r", locking=False) as file:
            if text_of(file.attrs.get("format", "")) == "engram" and "objects" in file:
                return [_checkpoint(path, file, "/", path.stem)]
            group = file.get("checkpoints")
            if isinstance(group, h5py.Group):
                return [_checkpoint(path, group[name], f"/checkpoints/{name}", name) for name in group]
    except OSError as problem:
        raise NotARun(f"'{path}' cannot be read as HDF5: {problem}") from None
    raise NotARun(f"'{path}' is HDF5, but no export of Engram: it has no attribute 'format' that says so")


def _checkpoint(path: Path, group: h5py.Group, place: str, name: str) -> Checkpoint:
    network = _network(group)
    identity = text_of(group.attrs.get("checkpoint", name))
    created = group.attrs.get("created")
    try:
        moment = (
            datetime.fromisoformat(text_of(created).replace(" UTC", "+00:00").replace("Z", "+00:00"))
            if created is not None
            else None
        )
    except ValueError:
        moment = None
    return Checkpoint(
        id=identity,
        names=(name,) if name != identity else (),
        tags=(),
        kind="export",
        line="",
        parent=None,
        created=moment,
        comment="",
        t=network.time,
        arrays=ExportedArrays(path, place),
        network=lambda: network,
        place=str(path),
    )


def _network(group: h5py.Group) -> Network:
    texts = group.get("model/objects")
    objects: dict[str, ObjectRecord] = {}
    for part in ("objects", "recordings"):
        root = group.get(part)
        for name in root if isinstance(root, h5py.Group) else ():
            attributes = root[name].attrs
            described = texts.get(name) if isinstance(texts, h5py.Group) else None
            fields: dict[str, Any] = {}
            if isinstance(described, h5py.Group):
                fields.update((key, text_of(described[key][()])) for key in described)
            for axis in ("neuron", "synapse"):
                numbers = root[name].get(axis)
                if part == "recordings" and numbers is not None and "owner" not in numbers.attrs:
                    fields["record"] = [int(number) for number in numbers[()]]
            if fields.get("N", "").isdecimal():
                fields["N"] = int(fields["N"])
            objects[name] = ObjectRecord(
                name=name,
                kind=text_of(attributes.get("class", "")),
                clock=text_of(attributes.get("clock", "")),
                when=text_of(attributes.get("when", "")),
                order=int(attributes.get("order", 0)),
                is_active=bool(attributes.get("active", 1)),
                fields=fields,
                owner=None,
                is_described=text_of(attributes.get("class", "")) not in ("", "SynapticPathway"),
            )
    constants = group.get("model/constants")
    model = group.get("model/text")
    seed = text_of(group.attrs.get("seed", ""))
    clocks = group.get("clocks")
    return Network(
        name=text_of(group.attrs.get("network", "")),
        time=float(group.attrs.get("t", float("nan"))),
        seed=int(seed) if seed.isdecimal() else None,
        clocks=tuple(clocks) if isinstance(clocks, h5py.Group) else (),
        objects=objects,
        constants={name: constant_of(text_of(value)) for name, value in constants.attrs.items()}
        if constants is not None
        else {},
        provenance={
            name: text_of(value)
            for name, value in group.attrs.items()
            if name not in ("format", "format_version", "network", "t")
        },
        experiment={"text": text_of(model[()])} if isinstance(model, h5py.Dataset) else {},
    )
