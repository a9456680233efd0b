"""A portable file: checkpoints with everything they need, in one file that is HDF5 too."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import DamagedFile, UnsupportedVersion
from .files import open_regular
from .manifest import FileEntry, Manifest
from .reader import ByteReader, FormatProblem, content_hash
from .sectioned import GREATEST_BYTE_COUNT, MAJOR_VERSION, read_sections

MAGIC = b"\x89ENGPOR\n"
INDEX_MAGIC = b"\x89ENGIDX\n"
HEADER_BYTE_COUNT = 4096


def is_portable(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(8) == MAGIC
    except OSError:
        return False


def read_portable(path: Path) -> list[Manifest]:
    """The manifests of a portable file, oldest first. Raises :class:`DamagedFile`."""
    descriptor, status = open_regular(path)
    with os.fdopen(descriptor, "rb") as file:
        header = file.read(HEADER_BYTE_COUNT)
        try:
            offset, length, expected = _index_place(header, status.st_size, path)
        except FormatProblem as problem:
            raise DamagedFile(path, problem.what, f"byte {problem.offset}") from None
        file.seek(offset)
        index = file.read(length)
    if content_hash(index) != expected:
        raise DamagedFile(path, "the checksum of its manifests does not agree", f"byte {offset}")
    manifests: list[Manifest] = []
    for section in read_sections(index, INDEX_MAGIC, str(path), frozenset({"MANI"})):
        manifest = Manifest(section.data, str(path))
        if any(entry.kind != FileEntry.OWN or entry.byte_count != status.st_size for entry in manifest.contents.files):
            raise DamagedFile(path, f"{manifest.id} refers to other files", "its manifest")
        manifests.append(manifest)
    return sorted(manifests, key=lambda manifest: manifest.sequence)


def _index_place(header: bytes, file_size: int, path: Path) -> tuple[int, int, bytes]:
    reader = ByteReader(header)
    if len(header) != HEADER_BYTE_COUNT or reader.take(8) != MAGIC:
        raise FormatProblem("not a portable file of Engram", 0)
    if content_hash(header[:-16]) != header[-16:]:
        raise FormatProblem("the checksum of the first block does not agree", HEADER_BYTE_COUNT - 16)
    major, minor = reader.u16(), reader.u16()
    if major != MAJOR_VERSION:
        raise UnsupportedVersion(path, f"format {major}.{minor}", f"{MAJOR_VERSION}.x")
    reader.u32()
    byte_count, offset, length, expected = reader.size(), reader.size(), reader.size(), reader.take(16)
    if byte_count != file_size:
        raise FormatProblem(f"the file has {file_size} bytes, {byte_count} were written", 16)
    if offset < HEADER_BYTE_COUNT or offset + length > file_size or length > GREATEST_BYTE_COUNT:
        raise FormatProblem("the manifests reach beyond the file", 24)
    return offset, length, expected
