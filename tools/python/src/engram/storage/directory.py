"""A run directory as onlookers see it: its checkpoints, what their names mean, and their arrays."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import DamagedFile, EngramError, NotARun, UnknownName, UnsupportedVersion
from .catalogue import Catalogue
from .files import open_folder, read_whole
from .format_file import read_format
from .journal import Journal, read_journal
from .manifest import GREATEST_SEQUENCE, Manifest
from .names import NamesTable, read_names

_SUFFIX = ".manifest"
_LOOK_TAG = "at"
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
    catalogue: Catalogue | None = None
    """What the journal says; None in directories of format 1.0, where ``table`` does."""

    def is_gone(self, number: int) -> bool:
        return number in (self.catalogue.removed if self.catalogue is not None else self.table.removed)

    def visible(self) -> list[Manifest]:
        """All checkpoints, oldest first."""
        return [self.manifests[number] for number in sorted(self.manifests) if not self.is_gone(number)]

    def meanings(self) -> dict[str, int]:
        """What every name means."""
        if self.catalogue is not None:
            return self.catalogue.meanings(manifest.sequence for manifest in self.visible())
        names = dict(self.table.names)
        for sequence in sorted(self.manifests):
            name = self.manifests[sequence].name
            if name is not None and sequence > self.table.up_to_sequence:
                names[name] = sequence
        return {name: number for name, number in names.items() if number in self.manifests and not self.is_gone(number)}

    def names_by_sequence(self) -> dict[int, list[str]]:
        """The names of each checkpoint, as its line has them."""
        if self.catalogue is not None:
            return {manifest.sequence: self.catalogue.names_of(manifest.sequence) for manifest in self.visible()}
        found: dict[int, list[str]] = {}
        for name, number in sorted(self.meanings().items()):
            found.setdefault(number, []).append(name)
        return found

    def tags(self, manifest: Manifest) -> tuple[str, ...]:
        changed = self.catalogue.tags if self.catalogue is not None else self.table.tags
        return changed.get(manifest.sequence, manifest.tags)

    def _newest_of_runs(self, visible: Mapping[int, Manifest]) -> int | None:
        """The newest of the lines that runs are on: those made to be looked at are passed over, until somebody goes on with one."""
        newest: dict[str, int] = {}
        for number, manifest in visible.items():
            newest[manifest.line] = max(number, newest.get(manifest.line, number))
        of_runs = [number for number in newest.values() if _LOOK_TAG not in self.tags(visible[number])]
        return max(of_runs, default=max(visible, default=None))

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
        if self.table_problem is not None and (self.catalogue is None or name not in ("live", "latest", "initial")):
            raise self.table_problem
        found: int | None
        if name == "live":
            found = max(visible, default=None)
        elif name == "latest" and self.catalogue is not None:
            found = self._newest_of_runs(visible)
        elif name == "latest":
            newest = max(self.manifests, default=None)
            line = self.manifests[newest].line if newest is not None else ""
            found = max((number for number, manifest in visible.items() if manifest.line == line), default=None)
        elif name == "initial":
            found = max((number for number, manifest in visible.items() if manifest.kind == "initial"), default=None)
        elif self.catalogue is not None:
            found = self.catalogue.resolve(name, self.place)
        else:
            found = self.meanings().get(name)
        least = max(found or 0, 0 if name in ("latest", "live") else self.table.up_to_sequence)
        for number, problem in sorted(self.damaged.items()):
            # One that the journal knows cannot have carried the name without its knowledge.
            is_known = (
                self.catalogue is not None
                and number in self.catalogue.heads
                and name not in ("latest", "live", "initial")
            )
            if (number > least and not self.is_gone(number) and not is_known) or number == found:
                raise problem
        if found is None or found not in visible:
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
            before = self._said()
            manifests, damaged = self._manifests()
            after = self._said()
            if before == after:
                break
        if any(data is not None for data in after[1:]):
            return self._with_journal(after, manifests, damaged)
        table, problem = self._table(after[0])
        if any(manifest.is_anchored for manifest in manifests.values()) and after[0] is None:
            problem = DamagedFile(
                self.path / "journal", "it is missing, and so is its copy: names are not known, ids are"
            )
        return Listing(str(self.path), manifests, damaged, table, problem)

    def _said(self) -> tuple[bytes | None, ...]:
        """The files that say what checkpoints are called: the table of format 1.0, the journal and its copy of 1.1."""
        found: list[bytes | None] = []
        for name in ("names", "journal", "journal.copy"):
            try:
                found.append(read_whole(self.path / name))
            except FileNotFoundError:
                found.append(None)
            except DamagedFile:
                found.append(b"")
        return tuple(found)

    def _with_journal(
        self, said: tuple[bytes | None, ...], manifests: dict[int, Manifest], damaged: dict[int, EngramError]
    ) -> Listing:
        journals: list[Journal] = []
        problem: EngramError | None = None
        for name, data in zip(("journal", "journal.copy"), said[1:], strict=True):
            try:
                if data is not None:
                    journals.append(read_journal(data, self.run_id, str(self.path / name)))
            except DamagedFile as found:
                problem = found
        best = max(journals, key=lambda journal: (journal.is_whole, journal.end), default=None)
        catalogue = Catalogue()
        if best is not None:
            problem = (
                None
                if best.is_whole
                else DamagedFile(self.path / "journal", "its last records, and those of its copy, cannot be read")
            )
            catalogue.apply(best.records, str(self.path / "journal"))
        for number, head in catalogue.heads.items():
            manifest = manifests.get(number)
            path = self.path / "checkpoints" / f"ck-{number}.manifest"
            if manifest is None and number not in damaged:
                damaged[number] = DamagedFile(path, "it was committed, and it is missing")
            elif manifest is not None and manifest.checksum != head.checksum:
                del manifests[number]
                damaged[number] = DamagedFile(path, "it is not the one that was committed: it was replaced")
        for number in sorted(manifests):
            if number not in catalogue.heads and number not in catalogue.removed:
                catalogue.add_manifest(manifests[number])
        return Listing(str(self.path), manifests, damaged, NamesTable(), problem, catalogue)

    def _table(self, data: bytes | None) -> tuple[NamesTable, EngramError | None]:
        if data is None:
            return NamesTable(), None
        try:
            return read_names(data, str(self.path / "names")), None
        except (DamagedFile, UnsupportedVersion) as problem:
            return NamesTable(), problem

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
            present = os.listdir(folder)
            for name in present:
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
            for name in present:
                number = sequence_of(name.removesuffix(".doubt")) if name.endswith(".doubt") else None
                if number is not None and manifests.pop(number, None) is not None:
                    damaged[number] = self._doubt(folder, name, f"{path}/ck-{number}.manifest")
        finally:
            os.close(folder)
        self._kept = kept
        return manifests, damaged

    def _doubt(self, folder: int, name: str, label: str) -> EngramError:
        """A checkpoint that may have been computed from a damaged array is as good as damaged."""
        try:
            reason = read_whole(name, folder, at_most=4096).decode("utf-8", "replace").strip()
        except (DamagedFile, OSError):
            reason = ""
        return DamagedFile(
            label, f"it may have been computed from an array that was damaged{': ' + reason if reason else ''}"
        )

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
