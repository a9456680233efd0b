"""The common form of small files: header, table of sections, sections, checksum of everything."""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct

from ..errors import DamagedFile, UnsupportedVersion
from .reader import ByteReader, FormatProblem, content_hash

MAJOR_VERSION = 1
GREATEST_BYTE_COUNT = 1 << 30
"""Nothing that is written comes near; a file that claims more is not read into memory."""

_HEADER, _ENTRY, _CHECKSUM = 32, 24, 16
_TABLE = Struct("<4sIQQ")


@dataclass(frozen=True)
class Section:
    """A part of a file; ``is_needed`` tells whether a reader that does not know its kind must refuse the file."""

    kind: str
    is_needed: bool
    data: bytes


def read_sections(data: bytes, magic: bytes, file: str, known: frozenset[str]) -> list[Section]:
    """The sections of a file, checked in the order length, checksum, version, table, sections.

    Unknown optional sections are left out, unknown needed ones are refused.
    """
    try:
        return _sections(data, magic, file, known)
    except FormatProblem as problem:
        raise DamagedFile(file, problem.what, f"byte {problem.offset}") from None


def _sections(data: bytes, magic: bytes, file: str, known: frozenset[str]) -> list[Section]:
    reader = ByteReader(data)
    if reader.take(8) != magic:
        raise FormatProblem("not a file of this kind", 0)
    major, minor, reserved, total = reader.u16(), reader.u16(), reader.u32(), reader.size()
    checksum_start = len(data) - _CHECKSUM
    if total != len(data) or checksum_start < _HEADER:
        raise FormatProblem(f"the file has {len(data)} bytes, its header says {total}", 16)
    if content_hash(memoryview(data)[:checksum_start]) != data[checksum_start:]:
        raise FormatProblem("the checksum does not agree", checksum_start)
    # Only now is anything interpreted; the version comes first.
    if major != MAJOR_VERSION:
        raise UnsupportedVersion(file, f"format version {major}.{minor}", f"{MAJOR_VERSION}.x")
    count, more = reader.u32(), reader.u32()
    if reserved or more:
        raise FormatProblem("reserved bytes are not 0", 12 if reserved else 28)
    if count > (checksum_start - _HEADER) // _ENTRY:
        raise FormatProblem(f"{count} sections announced, too few bytes", 24)
    found: list[Section] = []
    following = _HEADER + count * _ENTRY
    for letters, flags, offset, length in _TABLE.iter_unpack(reader.take(count * _ENTRY)):
        kind = letters.decode("latin-1")
        if flags > 1:
            raise reader.problem(f"unknown section flags {flags}")
        if offset != following or length > checksum_start - offset:
            raise reader.problem("a section is out of place")
        padded = (length + 7) // 8 * 8
        if padded > checksum_start - offset or data[offset + length : offset + padded].strip(b"\0"):
            raise FormatProblem("padding is not 0", offset + length)
        following = offset + padded
        if kind in known:
            found.append(Section(kind, flags == 1, data[offset : offset + length]))
        elif flags == 1:
            raise UnsupportedVersion(
                file, f"format {major}.{minor} with the needed section '{kind}'", f"{MAJOR_VERSION}.x"
            )
    if following != checksum_start:
        raise FormatProblem("bytes belong to no section", following)
    return found
