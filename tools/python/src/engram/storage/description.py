"""Descriptions: the tagged values in which a checkpoint says what its network is."""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct
from typing import Any, Union

import numpy as np

from ..errors import DamagedFile
from .reader import ByteReader, FormatProblem

_DEPTH_LIMIT = 64
_F64 = Struct("<d")


class Reference(str):
    """The name of an object, or of a part of one: ``P``, ``P[0:80]``."""

    __slots__ = ()


@dataclass(frozen=True)
class StoredQuantity:
    """A number in SI with the exponents of its unit."""

    si: float
    dimension: tuple[float, ...]


Value = Union[str, int, float, bool, StoredQuantity, "list[Any]", "dict[str, Any]", "np.ndarray[Any, Any]"]


def decode(data: bytes, file: str, part: str) -> Value:
    """The value that ``data`` holds. Raises :class:`DamagedFile` where it holds none."""
    try:
        reader = ByteReader(data)
        value = _value(reader, 0)
        reader.finish()
        return value
    except FormatProblem as problem:
        raise DamagedFile(file, problem.what, f"byte {problem.offset} of the part '{part}'") from None


def _count(reader: ByteReader, least: int) -> int:
    value = reader.u64()
    if value > reader.remaining // least:
        raise reader.problem("a length exceeds what is left")
    return value


def _text(reader: ByteReader) -> str:
    start = reader.position
    try:
        return reader.take(_count(reader, 1)).decode("utf-8")
    except UnicodeDecodeError:
        raise FormatProblem("a text is not UTF-8", start) from None


def _value(reader: ByteReader, depth: int) -> Value:
    if depth >= _DEPTH_LIMIT:
        raise reader.problem("nested too deeply")
    kind = reader.byte()
    if kind == 1:
        return _text(reader)
    if kind == 2:
        return reader.i64()
    if kind == 3:
        return float(_F64.unpack(reader.take(8))[0])
    if kind == 4:
        si = float(_F64.unpack(reader.take(8))[0])
        return StoredQuantity(si, reader.seven_doubles())
    if kind == 5:
        return reader.byte() != 0
    if kind == 6:
        return [_value(reader, depth + 1) for _ in range(_count(reader, 2))]
    if kind == 7:
        fields: dict[str, Any] = {}
        for _ in range(_count(reader, 10)):
            key = _text(reader)
            fields.setdefault(key, _value(reader, depth + 1))
        return fields
    if kind == 8:
        return Reference(_text(reader))
    if kind == 9:
        return np.frombuffer(reader.take(8 * _count(reader, 8)), dtype="<f8")
    raise reader.problem(f"unknown kind of value ({kind})")
