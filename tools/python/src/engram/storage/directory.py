"""A run directory as onlookers see it: its checkpoints, what their names mean, and their arrays."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import DamagedFile, EngramError, NotARun, UnknownName, UnsupportedVersion
from .files import open_folder, read_whole
from .format_file import read_format
from .manifest import GREATEST_SEQUENCE, Manifest
from .names import NamesTable, read_names

_SUFFIX = ".manifest"
_ID = re.compile(r"ck-(0|[1-9][0-9]{0,18})", re.ASCII)


def sequence_of(name: str) -> int | None:
    """The number of ``ck-<number>``; None for any other name."""
    match = _ID.fullmatch(name)
    return int(match[1]) if match and int(match[1]) <= GREATEST_SEQUENCE else None


@dataclass(frozen=True)
class Listing:
    """What a run directory, or a portable file, held at one moment."""

    place: str
    manifests: dict[int, Manifest]
    damaged: dict[int, EngramError] = field(default_factory=dict)
    table: NamesTable = field(default_factory=NamesTable)
    table_problem: EngramError | None = None

    def visible(self) -> list[Manifest]:
        """All checkpoints, oldest first."""
        return [self.manifests[sequence] for sequence in sorted(self.manifests) if sequence not in self.table.removed]

    def meanings(self) -> dict[str, int]:
        """What every name means."""
        names = dict(self.table.names)
        for sequence in sorted(self.manifests):
            name = self.manifests[sequence].name
            if name is not None and sequence > self.table.up_to_sequence:
                names[name] = sequence
        return {
            name: number
            for name, number in names.items()
            if number in self.manifests and number not in self.table.removed
        }

    def tags(self, manifest: Manifest) -> tuple[str, ...]:
        return self.table.tags.get(manifest.sequence, manifest.tags)

    def resolve(self, name: str) -> Manifest:
        """The checkpoint that a name, an id, ``latest``, ``live`` or ``initial`` means.

        Raises :class:`UnknownName`; :class:`DamagedFile` where a newer checkpoint, that cannot be read, may have
        carried the name: saying nothing would be guessing.
        """
        visible = {manifest.sequence: manifest for manifest in self.visible()}
        number = sequence_of(name)
        if number is not None:
            if number in self.damaged:
                raise self.damaged[number]
            if number in visible:
                return visible[number]
            raise self.unknown(name)
        if self.table_problem is not None:
            raise self.table_problem
        found: int | None
        if name == "live":
            found = max(visible, default=None)
        elif name == "latest":
            newest = max(self.manifests, default=None)
            line = self.manifests[newest].line if newest is not None else ""
            found = max((number for number, manifest in visible.items() if manifest.line == line), default=None)
        elif name == "initial":
            found = max((number for number, manifest in visible.items() if manifest.kind == "initial"), default=None)
        else:
            found = self.meanings().get(name)
        least = max(found or 0, 0 if name in ("latest", "live") else self.table.up_to_sequence)
        for number, problem in sorted(self.damaged.items()):
            if number > least and number not in self.table.removed:
                raise problem
        if found is None:
            raise self.unknown(name)
        return visible[found]

    def unknown(self, name: str) -> EngramError:
        if not self.manifests:
            return EngramError(f"'{self.place}' holds no checkpoint yet")
        known = [*self.meanings(), *(manifest.id for manifest in self.visible())]
        return UnknownName("checkpoint", name, known, f"'{self.place}'")


class RunDirectory:
    """Reads a run directory without a lock, also while a run goes on. Manifests that were read once are kept."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.run_id = read_format(read_whole(path / "FORMAT", at_most=1 << 20), str(path / "FORMAT"))
        except FileNotFoundError:
            raise NotARun(f"'{path}' is not a run directory: it holds no file FORMAT") from None
        except NotADirectoryError:
            raise NotARun(f"'{path}' is not a run directory") from None
        self._kept: dict[tuple[int, int, int, int], Manifest | EngramError] = {}

    def listing(self) -> Listing:
        """What is there now.

        A collection beside us may remove checkpoints between two looks: names are read before and after, until they
        agree.
        """
        for _ in range(10):
            before = self._table()
            manifests, damaged = self._manifests()
            after = self._table()
            if before[:1] == after[:1]:
                break
        return Listing(str(self.path), manifests, damaged, after[1], after[2])

    def _table(self) -> tuple[bytes, NamesTable, EngramError | None]:
        path = self.path / "names"
        try:
            data = read_whole(path)
        except FileNotFoundError:
            return b"", NamesTable(), None
        try:
            return data, read_names(data, str(path)), None
        except (DamagedFile, UnsupportedVersion) as problem:
            return data, NamesTable(), problem

    def _manifests(self) -> tuple[dict[int, Manifest], dict[int, EngramError]]:
        path = self.path / "checkpoints"
        manifests: dict[int, Manifest] = {}
        damaged: dict[int, EngramError] = {}
        kept: dict[tuple[int, int, int, int], Manifest | EngramError] = {}
        try:
            folder = open_folder(path)
        except FileNotFoundError:
            raise DamagedFile(path, "it is missing") from None
        try:
            for name in os.listdir(folder):
                number = sequence_of(name[: -len(_SUFFIX)]) if name.endswith(_SUFFIX) else None
                if number is None:
                    continue
                try:
                    status = os.stat(name, dir_fd=folder, follow_symlinks=False)
                    key = (number, status.st_ino, status.st_size, status.st_mtime_ns)
                    found = self._kept.get(key) or self._read(folder, f"{path}/{name}", name, number)
                except FileNotFoundError:
                    continue  # removed while we were looking
                kept[key] = found
                if isinstance(found, Manifest):
                    manifests[number] = found
                else:
                    damaged[number] = found
        finally:
            os.close(folder)
        self._kept = kept
        return manifests, damaged

    def _read(self, folder: int, label: str, name: str, number: int) -> Manifest | EngramError:
        try:
            manifest = Manifest(read_whole(name, folder), label)
            if manifest.sequence != number:
                raise DamagedFile(label, f"it describes checkpoint {manifest.id}", "its sequence number")
        except DamagedFile as problem:
            return DamagedFile(label, problem.reason, problem.place)
        except UnsupportedVersion as problem:
            return problem
        return manifest
