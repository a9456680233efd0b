"""What checkpoints are called: names belong to lines, and a line that branched off sees those of the line it came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ..errors import DamagedFile, UnknownName
from .journal import Record
from .manifest import GREATEST_SEQUENCE, KINDS, Manifest
from .reader import ByteReader, FormatProblem

MAIN = "main"


@dataclass
class Holder:
    """A checkpoint that was given a name of its line; no longer alive where it was renamed or removed."""

    sequence: int
    is_alive: bool = True


@dataclass(frozen=True)
class Head:
    """What a journal knows of a checkpoint."""

    sequence: int
    checksum: bytes
    kind: str
    parent: int | None
    line: str
    name: str | None
    tags: tuple[str, ...]


@dataclass
class Catalogue:
    """The checkpoints of a directory, their lines, names and tags, as the journal says, record by record."""

    heads: dict[int, Head] = field(default_factory=dict)
    origins: dict[str, tuple[int, str] | None] = field(default_factory=dict)
    holders: dict[str, dict[str, list[Holder]]] = field(default_factory=dict)
    tags: dict[int, tuple[str, ...]] = field(default_factory=dict)
    removed: set[int] = field(default_factory=set)

    # -------------------------------------------------------------------------------------------------------- changes

    def apply(self, records: Iterable[Record], file: str) -> None:
        """Raises :class:`DamagedFile` where a record does not mean what it should."""
        for record in records:
            reader = ByteReader(record.body)
            try:
                self._apply(record.kind, reader)
            except FormatProblem as problem:
                raise DamagedFile(file, problem.what, f"byte {problem.offset} of a record {record.kind}") from None

    def _apply(self, kind: str, reader: ByteReader) -> None:
        if kind == "SNAP":
            self._snapshot(reader)
        elif kind == "CMIT":
            self.add(_head(reader))
        elif kind == "GONE":
            for _ in range(reader.count(8)):
                self._remove(_sequence(reader))
        elif kind == "NAME":
            sequence, had = _sequence(reader), reader.u32()
            old, new = reader.text(), reader.text()
            if sequence in self.heads:
                if had:
                    self._take(old, self.heads[sequence])
                self._give(new, self.heads[sequence])
        elif kind == "TAGS":
            sequence = _sequence(reader)
            self.tags[sequence] = tuple(reader.text() for _ in range(reader.count(4)))
        else:
            return  # who writes; or a kind of a later version
        reader.finish()

    def add(self, head: Head) -> None:
        """A checkpoint that was committed."""
        self.removed.discard(head.sequence)
        if head.sequence in self.heads:
            return
        self.heads[head.sequence] = head
        if head.line not in self.origins:
            origin = None
            if head.kind == "branch" and head.parent is not None:
                parent = self.heads.get(head.parent)
                origin = (head.parent, parent.line if parent is not None else MAIN)
            self.origins[head.line] = origin
        if head.name is not None:
            self._give(head.name, head)

    def add_manifest(self, manifest: Manifest) -> None:
        """A checkpoint that was committed by a process that died before it could note it."""
        parent = manifest.parent.removeprefix("ck-") if manifest.parent is not None else ""
        number = int(parent) if parent.isdecimal() and parent.isascii() else None
        self.add(Head(manifest.sequence, b"", manifest.kind, number, manifest.line, manifest.name, manifest.tags))

    def _give(self, name: str, head: Head) -> None:
        self.holders.setdefault(head.line, {}).setdefault(name, []).append(Holder(head.sequence))

    def _take(self, name: str, head: Head) -> None:
        found = self.holders.get(head.line, {}).get(name, [])
        for place in range(len(found) - 1, -1, -1):
            if found[place].sequence == head.sequence and found[place].is_alive:
                # The last one leaves a gap: nobody older takes its place.
                if place == len(found) - 1:
                    found[place].is_alive = False
                else:
                    del found[place]
                return

    def _remove(self, sequence: int) -> None:
        self.removed.add(sequence)
        head = self.heads.pop(sequence, None)
        if head is not None:
            for name in list(self.holders.get(head.line, {})):
                self._take(name, head)

    def _snapshot(self, reader: ByteReader) -> None:
        for part in (self.heads, self.origins, self.holders, self.tags, self.removed):
            part.clear()
        _sequence(reader)
        reader.u32()
        if reader.u32():
            reader.take(16 + 8 + 8 * 5)
            reader.text(), reader.text()
        for _ in range(reader.count(20)):
            line, branched, origin, of_line = reader.text(), reader.u32(), _sequence(reader), reader.text()
            self.origins[line] = (origin, of_line) if branched else None
        for _ in range(reader.count(62)):
            self.add(_head(reader))
        self.holders.clear()
        for _ in range(reader.count(12)):
            line, name = reader.text(), reader.text()
            self.holders.setdefault(line, {})[name] = [
                Holder(_sequence(reader), reader.byte() != 0) for _ in range(reader.count(9))
            ]
        self.removed.update(_sequence(reader) for _ in range(reader.count(8)))

    # ---------------------------------------------------------------------------------------------------------- names

    def _holder(self, line: str, name: str, limit: int = GREATEST_SEQUENCE) -> int | None:
        for holder in reversed(self.holders.get(line, {}).get(name, [])):
            if holder.sequence <= limit:
                return holder.sequence if holder.is_alive else None
        return None

    def names_of(self, sequence: int) -> list[str]:
        """The names that mean a checkpoint on its line."""
        head = self.heads.get(sequence)
        if head is None:
            return []
        return sorted(name for name in self.holders.get(head.line, {}) if self._holder(head.line, name) == sequence)

    def meanings(self, visible: Iterable[int]) -> dict[str, int]:
        """All names that mean one checkpoint; on other lines than ``main``, with the line before it: ``LINE:NAME``."""
        found: dict[str, int] = {}
        for sequence in visible:
            for name in self.names_of(sequence):
                line = self.heads[sequence].line
                found[name if line == MAIN else f"{line}:{name}"] = sequence
        return found

    def resolve(self, name: str, place: str) -> int | None:
        """What a name means to an onlooker: on ``main``, else on the only other line that has it, or ``LINE:NAME``."""
        found: set[int] = set()
        line: str | None = MAIN
        limit, seen = GREATEST_SEQUENCE, set()
        while line is not None and line not in seen:
            seen.add(line)
            held = self._holder(line, name, limit)
            if held is not None:
                found.add(held)
                break
            origin = self.origins.get(line)
            line, limit = (origin[1], min(limit, origin[0])) if origin is not None else (None, limit)
        if not found:
            found = {held for other in self.origins if (held := self._holder(other, name)) is not None}
        for mark in (at for at, letter in enumerate(name) if letter == ":"):
            line, rest = name[:mark], name[mark + 1 :]
            if line in self.origins:
                members = [head.sequence for head in self.heads.values() if head.line == line]
                held = max(members, default=None) if rest == "latest" else self._holder(line, rest)
                if held is not None:
                    found.add(held)
        if len(found) > 1:
            choices = [
                f"{self.heads[number].line}:{name} (ck-{number})" for number in sorted(found) if number in self.heads
            ]
            raise UnknownName("single checkpoint", name, choices, f"'{place}' has it on several lines")
        return next(iter(found), None)


def _sequence(reader: ByteReader) -> int:
    value = reader.u64()
    if value > GREATEST_SEQUENCE:
        raise reader.problem(f"{value} is not a number of a checkpoint")
    return value


def _head(reader: ByteReader) -> Head:
    sequence, checksum, kind, flags = _sequence(reader), reader.take(16), reader.byte(), reader.byte()
    if kind >= len(KINDS):
        raise reader.problem("unknown kind of checkpoint")
    reader.i64()
    parent = _sequence(reader)
    reader.u64()
    line, name = reader.text(), reader.text()
    tags = tuple(reader.text() for _ in range(reader.count(4)))
    return Head(sequence, checksum, KINDS[kind], parent if flags & 1 else None, line, name if flags & 4 else None, tags)
