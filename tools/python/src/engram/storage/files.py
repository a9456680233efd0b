"""Reading and mapping files in place: read-only, without a lock, with every length checked first."""

from __future__ import annotations

import mmap
import os
import stat
from pathlib import Path
from typing import Any

import numpy as np
import xxhash

from ..errors import DamagedFile, EngramError
from .reader import content_hash
from .sectioned import GREATEST_BYTE_COUNT

# A name that turns out to be a link, a pipe or a device is refused, not waited for.
_OPEN_FLAGS = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0) | os.O_NONBLOCK
_PIECE = 8 << 20


class RemovedMeanwhile(EngramError):
    """A file of a checkpoint is gone: a collection removed the checkpoint while it was being read."""


def open_folder(path: Path) -> int:
    """A descriptor of a folder that is no link. Raises :class:`DamagedFile`, or ``FileNotFoundError``."""
    try:
        return os.open(path, _OPEN_FLAGS | os.O_DIRECTORY)
    except (FileNotFoundError, PermissionError):
        raise
    except OSError as problem:
        raise DamagedFile(path, f"it cannot be opened as a folder: {problem.strerror}") from None


def open_regular(path: Path | str, folder: int | None = None) -> tuple[int, os.stat_result]:
    """A descriptor of a regular file, and its status; ``folder`` is a descriptor of where its name is looked up."""
    try:
        descriptor = os.open(path, _OPEN_FLAGS, dir_fd=folder)
    except (FileNotFoundError, PermissionError):
        raise
    except OSError as problem:
        raise DamagedFile(path, f"it cannot be opened as a file: {problem.strerror}") from None
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise DamagedFile(path, "it is not a regular file")
    return descriptor, status


def read_whole(path: Path | str, folder: int | None = None, at_most: int = GREATEST_BYTE_COUNT) -> bytes:
    """All bytes of a small file. Raises :class:`DamagedFile` where it is larger than any real one."""
    descriptor, status = open_regular(path, folder)
    try:
        if status.st_size > at_most:
            raise DamagedFile(path, f"it has {status.st_size} bytes, at most {at_most} are possible")
        data = os.read(descriptor, status.st_size)
        while len(data) < status.st_size and (more := os.read(descriptor, status.st_size - len(data))):
            data += more
    finally:
        os.close(descriptor)
    return data


class MappedFiles:
    """Maps stretches of the files that manifests refer to."""

    def __init__(self, root: Path, own_file: bool) -> None:
        self.root = root
        self.own_file = own_file

    def path(self, folder: str, name: str) -> Path:
        return self.root if self.own_file else self.root / folder / name

    def size(self, folder: str, name: str) -> int:
        """The bytes that a file has now; 0 where it is missing."""
        try:
            return os.stat(self.path(folder, name), follow_symlinks=False).st_size
        except OSError:
            return 0

    def stretch(
        self, folder: str, name: str, least: int, most: int | None, offset: int, length: int
    ) -> np.ndarray[Any, np.dtype[np.uint8]]:
        """Some bytes of a file as a read-only array that lies where the file lies.

        The file must have at least ``least`` bytes, and at most ``most`` where it may not grow. Raises
        :class:`DamagedFile` where it has not, :class:`RemovedMeanwhile` where the file is gone.
        """
        path = self.path(folder, name)
        try:
            if self.own_file:
                descriptor, status = open_regular(path)
            else:
                parent = open_folder(self.root / folder)
                try:
                    descriptor, status = open_regular(name, parent)
                finally:
                    os.close(parent)
        except FileNotFoundError:
            raise RemovedMeanwhile(
                f"'{path}' is missing: either its checkpoint was removed while it was being read (look at "
                f"run.checkpoints again), or the file was deleted"
            ) from None
        try:
            found = status.st_size
            if found < least or (most is not None and found > most):
                wanted = f"{least}" if most == least else f"at least {least}" if most is None else f"{least} to {most}"
                raise DamagedFile(path, f"it has {found} bytes, {wanted} were written")
            start = offset - offset % mmap.ALLOCATIONGRANULARITY
            mapped = mmap.mmap(descriptor, offset + length - start, mmap.MAP_SHARED, mmap.PROT_READ, offset=start)
        finally:
            os.close(descriptor)
        return np.frombuffer(mapped, dtype=np.uint8, count=length, offset=offset - start)


def hash_of(data: np.ndarray[Any, np.dtype[np.uint8]], zeros: int = 0) -> bytes:
    """XXH3-128 of mapped bytes, without a copy, and of so many zeros behind them."""
    if not zeros:
        return content_hash(data.data)
    state = xxhash.xxh3_128(data.data)
    state.update(bytes(zeros))
    return state.intdigest().to_bytes(16, "little")
