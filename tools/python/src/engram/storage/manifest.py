"""A manifest: everything one checkpoint consists of, and where each array lies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cached_property
from struct import Struct
from typing import NamedTuple

import numpy as np

from ..errors import DamagedFile
from .reader import GREATEST_SIZE, ByteReader, FormatProblem
from .sectioned import read_sections

MAGIC = b"\x89ENGMAN\n"
KINDS = ("named", "automatic", "initial", "branch")
GREATEST_SEQUENCE = 1 << 62
_SECTIONS = frozenset({"INFO", "FILE", "COLS", "RECS", "PART"})
_ANCHOR = "ANCH"
_REPEATED = "FILL"
_GREATEST_REPETITION = (1 << 31) - 1
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,199}", re.ASCII)
_TYPES = (np.dtype("<f8"), np.dtype("<f4"), np.dtype("<i4"), np.dtype("<i8"), np.dtype("u1"))
_BOOLEAN = 4
_INFO, _HEAD, _SHAPE, _EXTENT = Struct("<QqQBB"), Struct("<BBI7d"), Struct("<QQ"), Struct("<IQQ16s")
READ_ONLY, CONSTANT, SCALAR, DYNAMIC, INTERNAL, SCRATCH = 1, 2, 4, 8, 16, 32


class Key(NamedTuple):
    """The name of an array: the object it belongs to, and its name there."""

    owner: str
    variable: str

    def __str__(self) -> str:
        return f"{self.owner}.{self.variable}"


@dataclass(frozen=True)
class FileEntry:
    """A file that a checkpoint refers to. ``byte_count`` is exact for objects and the least for segments."""

    kind: int
    name: str
    byte_count: int
    hashed_byte_count: int
    hash: bytes

    OBJECT = 0
    SEGMENT = 1
    OWN = 2

    @property
    def folder(self) -> str:
        return ("objects", "segments", "")[self.kind]


@dataclass(frozen=True)
class Extent:
    """Some bytes of a file, with their hash; ``file`` is an index into the files of the manifest."""

    file: int
    offset: int
    byte_count: int
    hash: bytes


@dataclass(frozen=True)
class ArrayEntry:
    """One array of a checkpoint: its type and shape, what it means, and where its bytes lie, in order."""

    key: Key
    is_recording: bool
    storage_class: int
    is_boolean: bool
    dtype: np.dtype[np.generic]
    flags: int
    dimension: tuple[float, ...]
    unit: str
    rows: int
    row_length: int
    extents: tuple[Extent, ...]
    element: bytes | None = None
    """What every element is, where all are the same and stored as one; nothing lies in files then."""

    @property
    def byte_count(self) -> int:
        return self.rows * self.row_length * self.dtype.itemsize

    @property
    def is_scalar(self) -> bool:
        return bool(self.flags & SCALAR) and not self.is_recording and self.rows == 1 and self.row_length == 1

    @property
    def is_internal(self) -> bool:
        return self.key.variable.startswith("_") or bool(self.flags & (INTERNAL | SCRATCH))


@dataclass(frozen=True)
class Contents:
    """What a manifest refers to."""

    files: tuple[FileEntry, ...]
    arrays: dict[Key, ArrayEntry]
    parts: dict[str, bytes]

    @property
    def logical_byte_count(self) -> int:
        return sum(entry.byte_count for entry in self.arrays.values())


class Manifest:
    """The description of one checkpoint; its arrays are looked at only when somebody asks.

    Raises :class:`DamagedFile` and :class:`UnsupportedVersion`.
    """

    def __init__(self, data: bytes, file: str) -> None:
        self.file = file
        self.checksum = data[-16:]
        sections = read_sections(data, MAGIC, file, _SECTIONS | {_ANCHOR, _REPEATED})
        self._sections: dict[str, bytes] = {}
        self._parts: list[bytes] = []
        for section in sections:
            if section.kind == "PART":
                self._parts.append(section.data)
            elif section.kind in self._sections:
                raise DamagedFile(file, f"the section {section.kind} occurs twice")
            else:
                self._sections[section.kind] = section.data
        self.is_anchored = self._sections.pop(_ANCHOR, None) is not None
        """Whether it was committed to a directory with a journal."""
        if missing := sorted(_SECTIONS - {"PART"} - set(self._sections)):
            raise DamagedFile(file, f"the section {missing[0]} is missing")
        try:
            self._read_info(ByteReader(self._sections["INFO"]))
        except FormatProblem as problem:
            raise DamagedFile(file, problem.what, f"byte {problem.offset} of its section INFO") from None

    def _read_info(self, reader: ByteReader) -> None:
        self.sequence, self.created_nanoseconds, self.written_byte_count, kind, present = reader.fields(_INFO)
        if self.sequence > GREATEST_SEQUENCE:
            raise reader.problem(f"{self.sequence} is not a number of a checkpoint")
        if self.written_byte_count > GREATEST_SIZE:
            raise reader.problem(f"{self.written_byte_count} is not a length")
        if kind >= len(KINDS):
            raise reader.problem("unknown kind of checkpoint")
        self.kind = KINDS[kind]
        if present > 3:
            raise reader.problem("unknown flags")
        self.run_id = reader.text()
        parent = reader.text()
        self.parent: str | None = parent if present & 1 else None
        self.line = reader.text()
        name = reader.text()
        self.name: str | None = name if present & 2 else None
        self.comment = reader.text()
        self.tags = tuple(reader.text() for _ in range(reader.count(4)))
        self.summary: dict[str, str] = {}
        for _ in range(reader.count(8)):
            key = reader.text()
            self.summary[key] = reader.text()
        reader.finish()

    @property
    def id(self) -> str:
        return f"ck-{self.sequence}"

    @property
    def created(self) -> datetime:
        """When it was made; a moment outside the calendar counts as its nearest end."""
        seconds, rest = divmod(self.created_nanoseconds, 1_000_000_000)
        try:
            return datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=seconds, microseconds=rest // 1000)
        except OverflowError:
            return (
                datetime.max.replace(tzinfo=timezone.utc) if seconds > 0 else datetime.min.replace(tzinfo=timezone.utc)
            )

    @property
    def time(self) -> float:
        """Network time [s]; NaN where a program stored no summary."""
        try:
            return float(self.summary.get("time", "nan"))
        except ValueError:
            return float("nan")

    @cached_property
    def contents(self) -> Contents:
        try:
            return self._contents()
        except FormatProblem as problem:
            raise DamagedFile(self.file, problem.what, f"byte {problem.offset} of a section") from None

    def _contents(self) -> Contents:
        reader = ByteReader(self._sections["FILE"])
        files = tuple(_file(reader) for _ in range(reader.count(37)))
        reader.finish()
        arrays: dict[Key, ArrayEntry] = {}
        for kind, least in (("COLS", 99), (_REPEATED, 106), ("RECS", 94)):
            if kind not in self._sections:
                continue
            reader = ByteReader(self._sections[kind])
            for _ in range(reader.count(least)):
                entry = _array(reader, files, kind)
                if entry.key in arrays:
                    raise reader.problem(f"{entry.key} occurs twice")
                arrays[entry.key] = entry
            reader.finish()
        parts: dict[str, bytes] = {}
        for data in self._parts:
            reader = ByteReader(data)
            name = reader.text()
            if name in parts:
                raise reader.problem(f"part '{name}' occurs twice")
            parts[name] = reader.take(reader.remaining)
        return Contents(files, arrays, parts)


def _file(reader: ByteReader) -> FileEntry:
    kind, name = reader.byte(), reader.text()
    if kind > FileEntry.OWN:
        raise reader.problem("unknown kind of file")
    if name if kind == FileEntry.OWN else not _PLAIN_NAME.fullmatch(name):
        raise reader.problem(f"{name!r} is not a plain file name")
    byte_count, hashed = reader.size(), reader.size()
    if hashed > byte_count:
        raise reader.problem("more bytes hashed than there are")
    return FileEntry(kind, name, byte_count, hashed, reader.take(16))


def _extent(reader: ByteReader, files: tuple[FileEntry, ...]) -> Extent:
    file, offset, byte_count, expected = reader.fields(_EXTENT)
    if file >= len(files):
        raise reader.problem(f"there is no file number {file}")
    if byte_count == 0 or offset + byte_count > files[file].byte_count:
        raise reader.problem("an array reaches beyond its file")
    return Extent(file, offset, byte_count, expected)


def _element(reader: ByteReader, key: Key, dtype: np.dtype[np.generic], byte_count: int) -> bytes:
    """The element of an array whose elements are all the same."""
    bits = reader.u64()
    if not 1 <= byte_count // dtype.itemsize <= _GREATEST_REPETITION:
        raise reader.problem(f"{key} has {byte_count // dtype.itemsize} equal elements")
    if bits >> 8 * dtype.itemsize:
        raise reader.problem(f"the element of {key} is too long")
    return bits.to_bytes(dtype.itemsize, "little")


def _array(reader: ByteReader, files: tuple[FileEntry, ...], kind: str) -> ArrayEntry:
    is_recording = kind == "RECS"
    key = Key(reader.text(), reader.text())
    storage_class, type_code, flags, *dimension = reader.fields(_HEAD)
    if storage_class > 2:
        raise reader.problem(f"unknown class of {key}")
    if type_code >= len(_TYPES):
        raise reader.problem(f"unknown type of {key}")
    dtype = _TYPES[type_code]
    unit = reader.text()
    rows, row_length = reader.fields(_SHAPE)
    byte_count = rows * row_length * dtype.itemsize
    if max(byte_count, rows, row_length) > GREATEST_SIZE // 16:
        raise reader.problem(f"{key} is larger than possible")
    row_bytes = row_length * dtype.itemsize
    element: bytes | None = None
    if is_recording:
        extents = tuple(_extent(reader, files) for _ in range(reader.count(36)))
        fits = all(row_bytes and extent.byte_count % row_bytes == 0 for extent in extents)
    else:
        reader.u64()  # version: tells a writer what changed
        if kind == _REPEATED:
            element = _element(reader, key, dtype, byte_count)
        present = 0 if element else reader.byte()
        if not element and present != (1 if byte_count else 0):
            raise reader.problem(f"{key} has elements and no place, or a place and no elements")
        extents = (_extent(reader, files),) if present else ()
        fits = True
    if not fits or (not element and sum(extent.byte_count for extent in extents) != byte_count):
        raise reader.problem(f"the place of {key} does not fit its shape")
    if any(extent.offset % dtype.itemsize for extent in extents):
        raise reader.problem(f"{key} is not aligned")
    return ArrayEntry(
        key,
        is_recording,
        storage_class,
        type_code == _BOOLEAN,
        dtype,
        flags,
        tuple(dimension),
        unit,
        rows,
        row_length,
        extents,
        element,
    )
