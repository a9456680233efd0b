"""The table of names: what was renamed, tagged and removed after checkpoints were committed."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..errors import DamagedFile
from .manifest import GREATEST_SEQUENCE
from .reader import ByteReader, FormatProblem
from .sectioned import read_sections

MAGIC = b"\x89ENGNAM\n"


@dataclass(frozen=True)
class NamesTable:
    """Speaks up to a sequence number: names carried by later manifests win over it."""

    up_to_sequence: int = 0
    names: dict[str, int] = field(default_factory=dict)
    tags: dict[int, tuple[str, ...]] = field(default_factory=dict)
    removed: frozenset[int] = frozenset()


def read_names(data: bytes, file: str) -> NamesTable:
    """Raises :class:`DamagedFile`."""
    sections = read_sections(data, MAGIC, file, frozenset({"NAME"}))
    if len(sections) != 1:
        raise DamagedFile(file, f"it has {len(sections)} tables of names, one was written")
    reader = ByteReader(sections[0].data)
    try:
        up_to_sequence = reader.u64()
        if up_to_sequence > GREATEST_SEQUENCE:
            raise reader.problem(f"{up_to_sequence} is not a number of a checkpoint")
        names: dict[str, int] = {}
        for _ in range(reader.count(12)):
            name = reader.text()
            names[name] = reader.u64()
        tags: dict[int, tuple[str, ...]] = {}
        for _ in range(reader.count(12)):
            sequence = reader.u64()
            tags[sequence] = tuple(reader.text() for _ in range(reader.count(4)))
        removed = frozenset(reader.u64() for _ in range(reader.count(8)))
        reader.finish()
    except FormatProblem as problem:
        raise DamagedFile(file, problem.what, f"byte {problem.offset} of its section") from None
    return NamesTable(up_to_sequence, names, tags, removed)
