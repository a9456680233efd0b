"""``FORMAT``: the five lines that say that a directory holds a run, of which version, and which one."""

from __future__ import annotations

import re

from ..errors import DamagedFile, NotARun, UnsupportedVersion
from .reader import content_hash

READS = (1, 1)
"""The newest format that this package knows; later minor versions only add what may be left out."""

_CHECK_LENGTH = 23
_LINES = re.compile(r"engram run directory\nformat (\d+)\.(\d+)\nreadable since (\d+)\.(\d+)\nrun ([0-9a-f]{32})\n")


def read_format(data: bytes, path: str) -> str:
    """The id of the run. Raises :class:`NotARun`, :class:`DamagedFile`, :class:`UnsupportedVersion`."""
    if not data.startswith(b"engram run directory\n"):
        raise NotARun(f"'{path}' is not one of Engram's: it does not begin with 'engram run directory'")
    body, check = data[:-_CHECK_LENGTH], data[-_CHECK_LENGTH:]
    expected = f"check {int.from_bytes(content_hash(body)[:8], 'little'):016x}\n".encode()
    if check != expected:
        raise DamagedFile(path, "the check number does not agree", "its last line")
    try:
        lines = _LINES.match(body.decode("utf-8"))
    except UnicodeDecodeError:
        lines = None
    if lines is None:
        raise DamagedFile(path, "a line is missing")
    major, minor, since_major, since_minor = (int(lines[group]) for group in range(1, 5))
    if since_major != READS[0] or major != READS[0] or since_minor > READS[1]:
        raise UnsupportedVersion(
            path, f"format {major}.{minor}, readable since {since_major}.{since_minor}", f"{READS[0]}.{READS[1]}"
        )
    return lines[5]
