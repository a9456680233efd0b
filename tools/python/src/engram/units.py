"""Units of numbers: exponents of the seven SI base units ↔ symbols, and arrays that carry one.

Numbers on disk are SI. An :class:`Array` is a NumPy array with a unit written on it; arithmetic gives plain arrays,
because only the reader of a formula knows the unit of its result. ``array.quantity`` is the Brian 2 quantity, whose
arithmetic does know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .errors import EngramError, UnknownName

Dimension = tuple[float, ...]
"""Exponents of metre, kilogram, second, ampere, kelvin, mole, candela."""

DIMENSIONLESS: Dimension = (0.0,) * 7
BASE_SYMBOLS = ("m", "kg", "s", "A", "K", "mol", "cd")

_SYMBOLS: Mapping[Dimension, str] = {
    (0, 0, -1, 0, 0, 0, 0): "Hz",
    (2, 1, -3, -1, 0, 0, 0): "V",
    (2, 1, -3, -2, 0, 0, 0): "ohm",
    (-2, -1, 3, 2, 0, 0, 0): "S",
    (-2, -1, 4, 2, 0, 0, 0): "F",
    (0, 0, 1, 1, 0, 0, 0): "C",
    (1, 1, -2, 0, 0, 0, 0): "N",
    (2, 1, -2, 0, 0, 0, 0): "J",
    (2, 1, -3, 0, 0, 0, 0): "W",
    (-1, 1, -2, 0, 0, 0, 0): "Pa",
    (0, 1, -2, -1, 0, 0, 0): "T",
    (2, 1, -2, -1, 0, 0, 0): "Wb",
    (2, 1, -2, -2, 0, 0, 0): "H",
}
NAMED_UNITS: Mapping[str, Dimension] = {
    "metre": (1, 0, 0, 0, 0, 0, 0), "kilogram": (0, 1, 0, 0, 0, 0, 0), "second": (0, 0, 1, 0, 0, 0, 0),
    "amp": (0, 0, 0, 1, 0, 0, 0), "kelvin": (0, 0, 0, 0, 1, 0, 0), "mole": (0, 0, 0, 0, 0, 1, 0),
    "candela": (0, 0, 0, 0, 0, 0, 1), "hertz": (0, 0, -1, 0, 0, 0, 0), "volt": (2, 1, -3, -1, 0, 0, 0),
    "ohm": (2, 1, -3, -2, 0, 0, 0), "siemens": (-2, -1, 3, 2, 0, 0, 0), "farad": (-2, -1, 4, 2, 0, 0, 0),
    "coulomb": (0, 0, 1, 1, 0, 0, 0), "watt": (2, 1, -3, 0, 0, 0, 0), "joule": (2, 1, -2, 0, 0, 0, 0),
}  # fmt: skip
"""Units with a name, as model text spells it."""

PREFIXES: Mapping[str, float] = {
    "f": 1e-15, "p": 1e-12, "n": 1e-9, "u": 1e-6, "µ": 1e-6, "m": 1e-3, "": 1.0, "k": 1e3, "M": 1e6, "G": 1e9,
}  # fmt: skip


def symbol(dimension: Sequence[float]) -> str:
    """The symbol of a unit: ``V`` for volt, ``kg*m^2`` where no name exists, ``1`` without dimension."""
    key = tuple(float(exponent) for exponent in dimension)
    if not any(key):
        return "1"
    if key in _SYMBOLS:
        return _SYMBOLS[key]
    return "*".join(
        base if exponent == 1 else f"{base}^{exponent:g}"
        for base, exponent in zip(BASE_SYMBOLS, key, strict=True)
        if exponent
    )


def factor(unit: str, base: str) -> float:
    """How many ``base`` one ``unit`` is: ``factor("mV", "V")`` is 0.001.

    Raises :class:`UnknownName` where ``unit`` is not ``base`` with an SI prefix.
    """
    known = {prefix + base: value for prefix, value in PREFIXES.items()} if base not in ("1", "kg") else {base: 1.0}
    if unit not in known:
        raise UnknownName("unit for a quantity in " + base, unit, known)
    return known[unit]


def best_prefix(largest: float, unit: str) -> tuple[float, str]:
    """The factor and the prefixed unit in which ``largest`` lies between 1 and 1000, for axes and texts."""
    if unit in ("1", "kg") or "*" in unit or "^" in unit or not np.isfinite(largest) or largest == 0:
        return 1.0, "" if unit == "1" else unit
    chosen = ("f", 1e-15)
    for prefix, value in PREFIXES.items():
        if prefix != "µ" and abs(largest) >= value * 0.9999999:
            chosen = (prefix, value)
    return chosen[1], ("µ" if chosen[0] == "u" else chosen[0]) + unit


class Array(np.ndarray[Any, np.dtype[Any]]):
    """Values of one variable, with their unit; usually mapped from the file where they lie, and read-only.

    ``unit`` is the symbol of the SI unit, ``dimension`` the exponents of the base units.
    """

    unit: str
    dimension: Dimension

    def __new__(cls, values: Any, dimension: Sequence[float] = DIMENSIONLESS, unit: str | None = None) -> Array:
        array = np.asarray(values).view(cls)
        array.dimension = tuple(float(exponent) for exponent in dimension)
        array.unit = unit if unit is not None else symbol(dimension)
        return array

    def __array_finalize__(self, other: Any) -> None:
        self.unit = getattr(other, "unit", "1")
        self.dimension = getattr(other, "dimension", DIMENSIONLESS)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        def plain(value: Any) -> Any:
            return value.view(np.ndarray) if isinstance(value, Array) else value

        if "out" in options:
            options["out"] = tuple(plain(value) for value in options["out"])
        return getattr(ufunc, method)(*(plain(value) for value in inputs), **options)

    def to(self, unit: str) -> np.ndarray[Any, np.dtype[Any]]:
        """The plain numbers in another unit of the same kind: ``run["P"].v.to("mV")``. A copy."""
        return np.asarray(self) / factor(unit, self.unit)

    @property
    def quantity(self) -> Any:
        """The values as a Brian 2 quantity. Needs the package ``brian2``."""
        try:
            from brian2.units.fundamentalunits import Quantity, get_or_create_dimension
        except ImportError as problem:
            raise EngramError("quantities need Brian 2: pip install 'engram-snn[brian2]'") from problem
        return Quantity(np.asarray(self), dim=get_or_create_dimension(self.dimension))

    def __repr__(self) -> str:
        return f"{np.array_repr(self.view(np.ndarray))} {'' if self.unit == '1' else self.unit}".rstrip()
