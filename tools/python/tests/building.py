"""Writes files of a run directory as FORMAT.md describes them, independently of the reader; also wrong ones."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import xxhash

CODES = {"<f8": 0, "<f4": 1, "<i4": 2, "<i8": 3, "|b1": 4}


def digest(data: bytes) -> bytes:
    value = xxhash.xxh3_128_intdigest(data)
    return struct.pack("<QQ", value & (2**64 - 1), value >> 64)


def text(value: str | bytes) -> bytes:
    data = value if isinstance(value, bytes) else value.encode()
    return struct.pack("<I", len(data)) + data


def sectioned(magic: bytes, sections: list[tuple[bytes, int, bytes]], major: int = 1, minor: int = 0) -> bytes:
    offset = 32 + 24 * len(sections)
    table, body = b"", b""
    for kind, flags, data in sections:
        padded = data + bytes(-len(data) % 8)
        table += struct.pack("<4sIQQ", kind, flags, offset, len(data))
        body += padded
        offset += len(padded)
    head = magic + struct.pack("<HHIQII", major, minor, 0, offset + 16, len(sections), 0)
    data = head + table + body
    return data + digest(data)


def resealed(data: bytes) -> bytes:
    """The same bytes with a checksum that agrees, as somebody who wants to be believed would write them."""
    return data[:-16] + digest(data[:-16])


def value(item: object) -> bytes:
    if isinstance(item, bool):
        return b"\x05" + bytes([item])
    if isinstance(item, int):
        return b"\x02" + struct.pack("<q", item)
    if isinstance(item, float):
        return b"\x03" + struct.pack("<d", item)
    if isinstance(item, str):
        return b"\x01" + struct.pack("<Q", len(item.encode())) + item.encode()
    if isinstance(item, np.ndarray):
        return b"\x09" + struct.pack("<Q", len(item)) + item.astype("<f8").tobytes()
    if isinstance(item, list):
        return b"\x06" + struct.pack("<Q", len(item)) + b"".join(value(inner) for inner in item)
    assert isinstance(item, dict)
    fields = b"".join(struct.pack("<Q", len(key.encode())) + key.encode() + value(inner) for key, inner in item.items())
    return b"\x07" + struct.pack("<Q", len(item)) + fields


@dataclass
class Stored:
    """One array to write: where it lies is decided by the writer."""

    owner: str
    variable: str
    values: np.ndarray
    recording: bool = False
    flags: int = 0
    dimension: tuple[float, ...] = (0.0,) * 7
    unit: str = "1"
    pieces: int = 1


@dataclass
class Writer:
    """A run directory in the making."""

    root: Path
    arrays: list[Stored] = field(default_factory=list)
    run: str = "0123456789abcdef" * 2

    def begin(self, version: str = "1.0", since: str = "1.0") -> Writer:
        for folder in ("checkpoints", "objects", "segments"):
            (self.root / folder).mkdir(parents=True, exist_ok=True)
        body = f"engram run directory\nformat {version}\nreadable since {since}\nrun {self.run}\n".encode()
        low = struct.unpack("<Q", digest(body)[:8])[0]
        (self.root / "FORMAT").write_bytes(body + f"check {low:016x}\n".encode())
        return self

    def sections(
        self, sequence: int, name: str | None = None, line: str = "main", kind: int = 0, time: float = 1.5
    ) -> list[tuple[bytes, int, bytes]]:
        info = struct.pack(
            "<QqQBB", sequence, 1_600_000_000_000_000_000, 10, kind, (1 if sequence > 1 else 0) | (2 if name else 0)
        )
        info += (
            text(self.run)
            + text(f"ck-{sequence - 1}" if sequence > 1 else "")
            + text(line)
            + text(name or "")
            + text("a comment")
        )
        info += struct.pack("<I", 1) + text("tag") + struct.pack("<I", 1) + text("time") + text(repr(time))
        files, columns, records = b"", b"", b""
        file_count = column_count = record_count = 0
        for place, array in enumerate(self.arrays):
            data = np.ascontiguousarray(array.values)
            rows, length = (data.shape[0] if data.ndim else 1), (data.shape[1] if data.ndim > 1 else 1)
            head = (
                text(array.owner) + text(array.variable) + bytes([2 if array.recording else 0, CODES[data.dtype.str]])
            )
            head += (
                struct.pack("<I7d", array.flags, *array.dimension) + text(array.unit) + struct.pack("<QQ", rows, length)
            )
            extents = b""
            parts = np.array_split(data, array.pieces) if array.recording else [data]
            parts = [part for part in parts if part.size]
            for number, part in enumerate(parts):
                payload, header = part.tobytes(), bytes(4096)
                file = f"{sequence:x}-{place}-{number}.h5"
                folder = "segments" if array.recording else "objects"
                # A segment may be longer than what counts in it; the rest is garbage.
                written = header + payload + (b"\xff" * 999 if array.recording else bytes(-len(payload) % 65536))
                (self.root / folder / file).write_bytes(written)
                hashed = header if array.recording else written
                size = 4096 + len(payload) if array.recording else len(written)
                files += (
                    bytes([1 if array.recording else 0])
                    + text(file)
                    + struct.pack("<QQ", size, len(hashed))
                    + digest(hashed)
                )
                extents += struct.pack("<IQQ", file_count, 4096, len(payload)) + digest(payload)
                file_count += 1
            if array.recording:
                records += head + struct.pack("<I", len(parts)) + extents
                record_count += 1
            else:
                columns += head + struct.pack("<QB", 1, 1 if extents else 0) + extents
                column_count += 1
        return [
            (b"INFO", 1, info),
            (b"FILE", 1, struct.pack("<I", file_count) + files),
            (b"COLS", 1, struct.pack("<I", column_count) + columns),
            (b"RECS", 1, struct.pack("<I", record_count) + records),
            *((b"PART", 1, text(part) + value(content)) for part, content in self.parts(time).items()),
        ]

    def parts(self, time: float) -> dict[str, object]:
        owners = {array.owner: array.recording for array in self.arrays}
        return {
            "network": {
                "version": 1, "name": "net", "time": np.array([time, 0.0]), "random": {"seed": -1}, "clocks": [],
                "objects": [
                    {"name": owner, "kind": "x", "clock": "c", "when": "start", "order": 0, "active": True} for owner in owners
                ],
            },
            "model": [
                {"kind": "SpikeMonitor" if is_recording else "NeuronGroup", "name": owner, "fields": {"N": 5, "source": "P"}}
                for owner, is_recording in owners.items()
            ],
        }  # fmt: skip

    def commit(
        self,
        sequence: int,
        name: str | None = None,
        minor: int = 0,
        more: list[tuple[bytes, int, bytes]] | None = None,
        **options: object,
    ) -> Path:
        path = self.root / "checkpoints" / f"ck-{sequence}.manifest"
        sections = self.sections(sequence, name, **options) + (more or [])  # type: ignore[arg-type]
        path.write_bytes(sectioned(b"\x89ENGMAN\n", sections, minor=minor))
        return path

    def names(
        self,
        up_to: int,
        names: dict[str, int],
        tags: dict[int, list[str]] | None = None,
        removed: list[int] | None = None,
    ) -> Path:
        body = struct.pack("<QI", up_to, len(names))
        body += b"".join(text(name) + struct.pack("<Q", number) for name, number in names.items())
        body += struct.pack("<I", len(tags or {}))
        for number, words in (tags or {}).items():
            body += struct.pack("<QI", number, len(words)) + b"".join(text(word) for word in words)
        body += struct.pack("<I", len(removed or [])) + b"".join(struct.pack("<Q", number) for number in removed or [])
        path = self.root / "names"
        path.write_bytes(sectioned(b"\x89ENGNAM\n", [(b"NAME", 1, body)]))
        return path


def journal(run: str, records: list[tuple[bytes, bytes]], first: int = 0) -> bytes:
    """A journal of format 1.1 with the given records (kind, body)."""
    head = b"\x89ENGJNL\n" + struct.pack("<HHIQ", 1, 1, 0, first) + bytes(16) + digest(run.encode())
    chain = digest(head)
    data = head + chain
    for place, (kind, body) in enumerate(records):
        record = b"REC\x1e" + kind + struct.pack("<QII", first + place, len(body), 0) + body + bytes(-len(body) % 8)
        chain = digest(chain + record)
        data += record + chain
    return data


def committed(path: Path, line: str = "main", name: str = "", parent: int = 0, kind: int = 0) -> tuple[bytes, bytes]:
    """The record of a checkpoint whose manifest lies at a path."""
    number = int(path.stem.removeprefix("ck-"))
    flags = (1 if parent else 0) | 2 | (4 if name else 0)
    body = struct.pack("<Q", number) + path.read_bytes()[-16:] + struct.pack("<BBqQd", kind, flags, 0, parent, 1.5)
    return b"CMIT", body + text(line) + text(name) + struct.pack("<I", 1) + text("tag")


def example(root: Path) -> Writer:
    """Two groups of arrays: a neuron group and a spike monitor whose recording went on in a second file."""
    volt = (2.0, 1.0, -3.0, -1.0, 0.0, 0.0, 0.0)
    return Writer(
        root,
        [
            Stored("P", "v", np.arange(5) * 1e-3, dimension=volt, unit="volt"),
            Stored("P", "ok", np.array([True, False, True, True, False])),
            Stored("P", "empty", np.zeros(0)),
            Stored("P", "shared", np.array([2.5]), flags=4),
            Stored("P", "small", np.arange(5, dtype="<f4")),
            Stored(
                "M", "t", np.arange(7) * 0.1, recording=True, pieces=2, dimension=(0, 0, 1, 0, 0, 0, 0), unit="second"
            ),
            Stored("M", "i", np.arange(7, dtype="<i4") % 5, recording=True, pieces=2),
        ],
    ).begin()
