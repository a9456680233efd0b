"""The arrays of one checkpoint, mapped where they lie."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..errors import DamagedFile, UnknownName
from .files import MappedFiles, hash_of
from .manifest import ArrayEntry, Extent, FileEntry, Key, Manifest

Values = np.ndarray[Any, np.dtype[Any]]


class StoredArrays:
    """Lends the arrays of a checkpoint, read-only and in place.

    With ``verify``, bytes are compared with their checksums when they are first lent.
    """

    def __init__(self, manifest: Manifest, files: MappedFiles, verify: bool = False) -> None:
        self.manifest = manifest
        self._files = files
        self._verify = verify
        self._verified: set[Extent] = set()

    @property
    def entries(self) -> dict[Key, ArrayEntry]:
        return self.manifest.contents.arrays

    def entry(self, key: Key) -> ArrayEntry:
        found = self.entries.get(key)
        if found is None:
            raise UnknownName("array", str(key), map(str, self.entries), self.manifest.id)
        return found

    def pieces(self, key: Key) -> list[Values]:
        """The array in its pieces, each with whole rows; a recording that went on after a restore has several."""
        entry = self.entry(key)
        return [self._shaped(entry, self._bytes(entry.key, extent), str(key)) for extent in entry.extents]

    def whole(self, key: Key) -> Values:
        """The array as one: in place where it lies in one piece, copied together where it does not."""
        entry = self.entry(key)
        pieces = self.pieces(key)
        if len(pieces) == 1:
            return pieces[0]
        if not pieces:
            dtype = np.dtype(bool) if entry.is_boolean else entry.dtype
            return np.zeros((entry.rows, entry.row_length) if entry.is_recording else (entry.rows,), dtype)
        return np.concatenate(pieces)

    def problems(self) -> Iterator[DamagedFile]:
        """Compares every array and every hashed header with its checksum. Reads everything."""
        contents = self.manifest.contents
        seen: set[Extent] = set()
        for file in contents.files:
            if file.kind != FileEntry.OWN and file.hashed_byte_count:
                yield from self._problems_of(file, 0, file.hashed_byte_count, file.hash, "its first bytes")
        for key, entry in contents.arrays.items():
            for extent in entry.extents:
                if extent not in seen:
                    seen.add(extent)
                    file = contents.files[extent.file]
                    yield from self._problems_of(file, extent.offset, extent.byte_count, extent.hash, str(key))

    def _problems_of(
        self, file: FileEntry, offset: int, length: int, expected: bytes, what: str
    ) -> Iterator[DamagedFile]:
        try:
            if hash_of(self._stretch(file, offset, length)) != expected:
                path = self._files.path(file.folder, file.name)
                yield DamagedFile(path, f"the checksum of {what} does not agree", f"byte {offset}, {length} bytes")
        except DamagedFile as problem:
            yield problem

    def _stretch(self, file: FileEntry, offset: int, length: int) -> Values:
        return self._files.stretch(
            file.folder, file.name, file.byte_count, file.kind != FileEntry.SEGMENT, offset, length
        )

    def _bytes(self, key: Key, extent: Extent) -> Values:
        file = self.manifest.contents.files[extent.file]
        data = self._stretch(file, extent.offset, extent.byte_count)
        if self._verify and extent not in self._verified:
            if hash_of(data) != extent.hash:
                path = self._files.path(file.folder, file.name)
                raise DamagedFile(
                    path, f"the checksum of {key} does not agree", f"byte {extent.offset}, {extent.byte_count} bytes"
                )
            self._verified.add(extent)
        return data

    def _shaped(self, entry: ArrayEntry, data: Values, what: str) -> Values:
        values = data.view(entry.dtype)
        if entry.is_boolean:
            # Any other byte would be a truth value that is neither true nor false.
            if values.size and int(values.max()) > 1:
                raise DamagedFile(self.manifest.file, f"a truth value of {what} is neither 0 nor 1")
            values = values.view(np.bool_)
        if entry.is_recording or entry.row_length != 1:
            return values.reshape(-1, entry.row_length)
        return values
