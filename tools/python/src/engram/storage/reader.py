"""Numbers and texts from bytes that nobody vouches for."""

from __future__ import annotations

from struct import Struct
from typing import Any

import xxhash

_U16, _U32, _U64, _I64 = Struct("<H"), Struct("<I"), Struct("<Q"), Struct("<q")
_SEVEN = Struct("<7d")
GREATEST_SIZE = (1 << 63) - 1


class FormatProblem(Exception):
    """Bytes that do not mean what they should; ``offset`` is their place."""

    def __init__(self, what: str, offset: int) -> None:
        self.what = what
        self.offset = offset
        super().__init__(what)


def content_hash(data: bytes | memoryview) -> bytes:
    """XXH3-128 as files hold it: the low 64 bits first, then the high ones."""
    return xxhash.xxh3_128_intdigest(data).to_bytes(16, "little")


class ByteReader:
    """Takes values one after the other; every length is compared with what is left."""

    __slots__ = ("data", "end", "position")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0
        self.end = len(data)

    @property
    def remaining(self) -> int:
        return self.end - self.position

    def problem(self, what: str) -> FormatProblem:
        return FormatProblem(what, self.position)

    def _advance(self, count: int) -> int:
        start = self.position
        if count > self.end - start:
            raise self.problem(f"{count} bytes announced, {self.end - start} left")
        self.position = start + count
        return start

    def take(self, count: int) -> bytes:
        start = self._advance(count)
        return self.data[start : start + count]

    def fields(self, form: Struct) -> tuple[Any, ...]:
        """Several numbers at once."""
        return form.unpack_from(self.data, self._advance(form.size))

    def byte(self) -> int:
        return self.data[self._advance(1)]

    def u16(self) -> int:
        return int(_U16.unpack_from(self.data, self._advance(2))[0])

    def u32(self) -> int:
        return int(_U32.unpack_from(self.data, self._advance(4))[0])

    def u64(self) -> int:
        return int(_U64.unpack_from(self.data, self._advance(8))[0])

    def i64(self) -> int:
        return int(_I64.unpack_from(self.data, self._advance(8))[0])

    def seven_doubles(self) -> tuple[float, ...]:
        return _SEVEN.unpack_from(self.data, self._advance(56))

    def size(self) -> int:
        """A number that fits a signed 64-bit offset or length."""
        value = self.u64()
        if value > GREATEST_SIZE:
            raise self.problem(f"{value} is not a length")
        return value

    def count(self, least: int) -> int:
        """A number of entries of at least ``least`` bytes each: never more than the rest can hold."""
        value = self.u32()
        if value > self.remaining // least:
            raise self.problem(f"{value} entries announced, too few bytes left")
        return value

    def text(self) -> str:
        length = self.u32()
        start = self._advance(length)
        try:
            return self.data[start : start + length].decode("utf-8")
        except UnicodeDecodeError:
            raise FormatProblem("text is not valid UTF-8", start) from None

    def finish(self) -> None:
        if self.remaining:
            raise self.problem(f"{self.remaining} bytes too many")
