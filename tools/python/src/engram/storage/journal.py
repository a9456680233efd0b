"""The journal: what a directory of format 1.1 holds and what it is called, as records that vouch for each other."""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct

from ..errors import DamagedFile, UnsupportedVersion
from .reader import ByteReader, content_hash
from .sectioned import MAJOR_VERSION

MAGIC = b"\x89ENGJNL\n"
_MARK = b"REC\x1e"
_HEADER, _RECORD, _CHAIN = 72, 24, 16
_START = Struct("<4s4sQII")


@dataclass(frozen=True)
class Record:
    """One thing that happened; ``kind`` is four letters."""

    kind: str
    body: bytes


@dataclass(frozen=True)
class Journal:
    """The records of a journal file; ``end`` counts them from the beginning of the run, ``is_whole`` says that none is
    damaged, missing or half there."""

    records: tuple[Record, ...]
    end: int
    is_whole: bool


def read_journal(data: bytes, run_id: str, file: str) -> Journal:
    """Raises :class:`DamagedFile` where it is no journal of this run, and :class:`UnsupportedVersion`."""
    if len(data) < _HEADER or data[:8] != MAGIC:
        raise DamagedFile(file, "it is not a journal", "byte 0")
    if content_hash(data[: _HEADER - 16]) != data[_HEADER - 16 : _HEADER]:
        raise DamagedFile(file, "the check number of its head does not agree", "byte 0")
    reader = ByteReader(data[:_HEADER])
    reader.take(8)
    major, minor, _, position = reader.u16(), reader.u16(), reader.u32(), reader.u64()
    reader.take(16)
    if major != MAJOR_VERSION:
        raise UnsupportedVersion(file, f"format {major}.{minor}", f"{MAJOR_VERSION}.x")
    if reader.take(16) != content_hash(run_id.encode()):
        raise DamagedFile(file, "it belongs to another run", "byte 40")
    chain, offset = data[_HEADER - 16 : _HEADER], _HEADER
    records: list[Record] = []
    while offset < len(data):
        found = _record(data, offset, chain, position)
        if found is None:
            return Journal(tuple(records), position, is_whole=False)
        record, offset, chain = found
        records.append(record)
        position += 1
    return Journal(tuple(records), position, is_whole=True)


def _record(data: bytes, offset: int, chain: bytes, position: int) -> tuple[Record, int, bytes] | None:
    """The record at a place, where it is one that follows; and what comes behind it."""
    if offset + _RECORD + _CHAIN > len(data):
        return None
    mark, kind, place, length, _ = _START.unpack_from(data, offset)
    end = offset + _RECORD + (length + 7) // 8 * 8 + _CHAIN
    if mark != _MARK or place != position or end > len(data):
        return None
    following = data[end - _CHAIN : end]
    if content_hash(chain + data[offset : end - _CHAIN]) != following:
        return None
    body = data[offset + _RECORD : offset + _RECORD + length]
    return Record(kind.decode("latin-1"), body), end, following
