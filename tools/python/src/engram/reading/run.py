"""A run: its checkpoints and names, how it is going, and what is in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

from ..errors import EngramError, NotARun, UnknownName
from ..storage.arrays import StoredArrays
from ..storage.directory import Listing, RunDirectory
from ..storage.files import MappedFiles
from ..storage.manifest import Manifest
from ..storage.portable import is_portable, read_portable
from .checkpoint import Checkpoint
from .exports import read_export
from .network import Network, read_network
from .objects import StoredObject
from .status import Status, read_status
from .tables import Rate, SpikeTable, SynapseTable
from .tree import Node, Tree

_COLUMNS = ["id", "names", "t", "kind", "size", "parent", "created", "comment", "tags", "line", "written"]


class Reader:
    """A run directory, a portable file or an export, read-only.

    No lock is taken and the writer never waits: a run may go on meanwhile. Each question looks at what is there now;
    to look several times at one moment, keep ``now = run.latest`` and ask that.
    """

    def __init__(self, path: str | Path, verify: bool = False) -> None:
        self.path = Path(path).absolute()
        self._verify = verify
        self._directory: RunDirectory | None = None
        self._listing: Listing | None = None
        self._exports: list[Checkpoint] = []
        if not self.path.exists():
            text, mark, name = str(path).rpartition("@")
            if mark and Path(text).exists():
                raise NotARun(
                    f"'{path}' does not exist; for a checkpoint of '{text}': engram.open('{text}').at('{name}')"
                )
            raise NotARun(f"'{path}' does not exist")
        if self.path.is_dir():
            self._directory = RunDirectory(self.path)
        elif is_portable(self.path):
            self._listing = Listing(
                str(self.path), {manifest.sequence: manifest for manifest in read_portable(self.path)}
            )
        else:
            self._exports = read_export(self.path)

    # ---------------------------------------------------------------------------------------------------- checkpoints

    def _now(self) -> Listing | None:
        return self._directory.listing() if self._directory is not None else self._listing

    def _made(self, manifest: Manifest, listing: Listing) -> Checkpoint:
        names = tuple(listing.names_by_sequence().get(manifest.sequence, ()))

        def network() -> Network:
            return read_network(manifest)

        return Checkpoint(
            id=manifest.id,
            names=names,
            tags=listing.tags(manifest),
            kind=manifest.kind,
            line=manifest.line,
            parent=manifest.parent,
            created=manifest.created,
            comment=manifest.comment,
            t=manifest.time,
            arrays=StoredArrays(manifest, MappedFiles(self.path, self._directory is None), self._verify),
            network=network,
            place=self.path.name,
            changes=tuple(line for line in manifest.summary.get("changes", "").split("\n") if line),
        )

    def at(self, name: str) -> Checkpoint:
        """A checkpoint by name, id (``ck-12``), or ``latest``, ``live``, ``initial``."""
        listing = self._now()
        if listing is not None:
            return self._made(listing.resolve(name), listing)
        for checkpoint in self._exports:
            if name in (checkpoint.id, *checkpoint.names):
                return checkpoint
        if name == "latest" and self._exports:
            return self._exports[-1]
        known = [word for checkpoint in self._exports for word in (checkpoint.id, *checkpoint.names)]
        raise UnknownName("checkpoint", name, known, f"'{self.path}'")

    @property
    def latest(self) -> Checkpoint:
        """The newest checkpoint of the line that the run is on."""
        return self.at("latest")

    @property
    def names(self) -> dict[str, str]:
        """What every name means: name → id. Names of other lines than ``main`` have their line before them: ``LINE:NAME``."""
        listing = self._now()
        if listing is None:
            return {name: checkpoint.id for checkpoint in self._exports for name in checkpoint.names}
        return {name: f"ck-{number}" for name, number in sorted(listing.meanings().items())}

    @property
    def checkpoints(self) -> pd.DataFrame:
        """All checkpoints, oldest first: id, names, t [s], kind, size and newly written bytes, parent, created, …

        ``attrs["damaged"]`` says which ones cannot be read, and why.
        """
        listing = self._now()
        rows: list[list[Any]] = []
        if listing is None:
            for found in self._exports:
                rows.append(
                    [
                        found.id,
                        list(found.names),
                        found.t,
                        found.kind,
                        found.size,
                        None,
                        found.created,
                        "",
                        [],
                        "",
                        None,
                    ]
                )
        else:
            names = listing.names_by_sequence()
            for manifest in listing.visible():
                rows.append([
                    manifest.id, names.get(manifest.sequence, []), manifest.time, manifest.kind,
                    manifest.contents.logical_byte_count, manifest.parent, manifest.created, manifest.comment,
                    list(listing.tags(manifest)), manifest.line, manifest.written_byte_count,
                ])  # fmt: skip
        table = pd.DataFrame(rows, columns=_COLUMNS)
        if listing is not None and listing.damaged:
            table.attrs["damaged"] = {
                f"ck-{number}": str(problem) for number, problem in sorted(listing.damaged.items())
            }
        return table

    def tree(self) -> Tree:
        """The checkpoints with their branches; print it to see it."""
        listing = self._now()
        if listing is None:
            raise EngramError(f"'{self.path.name}' is an export: it does not know which checkpoint came from which")
        names = listing.names_by_sequence()
        nodes: list[Node] = []
        for manifest in listing.visible():
            words = names.get(manifest.sequence, []) + [f"#{tag}" for tag in listing.tags(manifest)]
            label = manifest.id + (f" ({', '.join(words)})" if words else "") + f"  t = {manifest.time:g} s"
            label += f"  {manifest.comment}" if manifest.comment else ""
            nodes.append(
                Node(
                    manifest.id, manifest.sequence, manifest.line, manifest.kind, label, manifest.time, manifest.parent,
                    ", ".join(words),
                )
            )
        return Tree(nodes)

    @property
    def status(self) -> Status:
        """How the run is going. Only a run directory knows."""
        return read_status(self.path) if self._directory is not None else Status("unknown")

    # -------------------------------------------------------------------------------------- what the newest one holds

    @property
    def t(self) -> float:
        """Network time of the newest checkpoint [s]."""
        return self.latest.t

    @property
    def objects(self) -> dict[str, str]:
        return self.latest.objects

    @property
    def constants(self) -> dict[str, Any]:
        return self.latest.constants

    @property
    def model(self) -> str | None:
        return self.latest.model

    def __getitem__(self, name: str) -> StoredObject:
        return self.latest[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.latest)

    def __contains__(self, name: object) -> bool:
        return name in self.latest

    def spikes(self, monitor: str) -> SpikeTable:
        """As :meth:`Checkpoint.spikes`, of the newest checkpoint."""
        return self.latest.spikes(monitor)

    def recording(self, monitor: str) -> xr.Dataset:
        """As :meth:`Checkpoint.recording`, of the newest checkpoint."""
        return self.latest.recording(monitor)

    def rate(self, monitor: str) -> Rate:
        """As :meth:`Checkpoint.rate`, of the newest checkpoint."""
        return self.latest.rate(monitor)

    def synapses(self, name: str) -> SynapseTable:
        """As :meth:`Checkpoint.synapses`, of the newest checkpoint."""
        return self.latest.synapses(name)
