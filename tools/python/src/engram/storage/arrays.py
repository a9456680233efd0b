"""The arrays of one checkpoint, mapped where they lie."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
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
        if entry.element is not None:
            one = self._typed(entry, np.frombuffer(entry.element, np.uint8), str(key)).reshape(())
            shape = (entry.rows, entry.row_length) if entry.row_length != 1 else (entry.rows,)
            return [np.broadcast_to(one, shape)]
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
        for number, file in enumerate(contents.files):
            if file.kind != FileEntry.OWN and file.hashed_byte_count:
                yield from self._problem_of_file(number, file)
        for key, entry in contents.arrays.items():
            for extent in entry.extents:
                if extent not in seen:
                    seen.add(extent)
                    yield from self._problems_of(extent, str(key))

    def _problem_of_file(self, number: int, file: FileEntry) -> Iterator[DamagedFile]:
        """The bytes around arrays; zeros at the end of an object count as there where they were cut off."""
        path = self._files.path(file.folder, file.name)
        try:
            there = min(self._files.size(file.folder, file.name), file.hashed_byte_count)
            data = self._stretch(number, 0, there)
            if hash_of(data, file.hashed_byte_count - there) != file.hash:
                yield DamagedFile(path, "the checksum of its bytes does not agree", f"{file.hashed_byte_count} bytes")
        except DamagedFile as problem:
            yield problem

    def _problems_of(self, extent: Extent, what: str) -> Iterator[DamagedFile]:
        file = self.manifest.contents.files[extent.file]
        try:
            if hash_of(self._stretch(extent.file, extent.offset, extent.byte_count)) != extent.hash:
                path = self._files.path(file.folder, file.name)
                yield DamagedFile(
                    path, f"the checksum of {what} does not agree", f"byte {extent.offset}, {extent.byte_count} bytes"
                )
        except DamagedFile as problem:
            yield problem

    def _stretch(self, number: int, offset: int, length: int) -> Values:
        file = self.manifest.contents.files[number]
        if file.kind == FileEntry.SEGMENT:
            return self._files.stretch(file.folder, file.name, file.byte_count, None, offset, length)
        least = file.byte_count if file.kind == FileEntry.OWN else self._ends[number]
        return self._files.stretch(file.folder, file.name, least, file.byte_count, offset, length)

    @cached_property
    def _ends(self) -> list[int]:
        """Where the last array of each file ends: zeros behind it may be lacking."""
        ends = [0] * len(self.manifest.contents.files)
        for entry in self.entries.values():
            for extent in entry.extents:
                ends[extent.file] = max(ends[extent.file], extent.offset + extent.byte_count)
        return ends

    def _bytes(self, key: Key, extent: Extent) -> Values:
        file = self.manifest.contents.files[extent.file]
        data = self._stretch(extent.file, extent.offset, extent.byte_count)
        if self._verify and extent not in self._verified:
            if hash_of(data) != extent.hash:
                path = self._files.path(file.folder, file.name)
                raise DamagedFile(
                    path, f"the checksum of {key} does not agree", f"byte {extent.offset}, {extent.byte_count} bytes"
                )
            self._verified.add(extent)
        return data

    def _shaped(self, entry: ArrayEntry, data: Values, what: str) -> Values:
        values = self._typed(entry, data, what)
        if entry.is_recording or entry.row_length != 1:
            return values.reshape(-1, entry.row_length)
        return values

    def _typed(self, entry: ArrayEntry, data: Values, what: str) -> Values:
        values = data.view(entry.dtype)
        if entry.is_boolean:
            # Any other byte would be a truth value that is neither true nor false.
            if values.size and int(values.max()) > 1:
                raise DamagedFile(self.manifest.file, f"a truth value of {what} is neither 0 nor 1")
            values = values.view(np.bool_)
        return values
