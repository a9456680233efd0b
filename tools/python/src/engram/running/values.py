"""Values as model files and command lines write them."""

from __future__ import annotations

import numbers
from typing import Any

import numpy as np

from ..errors import EngramError
from ..units import NAMED_UNITS, Array

_BASE_NAMES = ("metre", "kilogram", "second", "amp", "kelvin", "mole", "candela")


def unit_text(dimension: tuple[float, ...]) -> str:
    """A unit as model text spells it: ``volt``, else in base units, ``metre**2*kilogram``; empty without dimension."""
    for name, exponents in NAMED_UNITS.items():
        if tuple(dimension) == exponents:
            return name
    parts: list[str] = []
    for name, exponent in zip(_BASE_NAMES, dimension, strict=True):
        if exponent:
            shown = int(exponent) if float(exponent).is_integer() else exponent
            parts.append(name if shown == 1 else f"{name}**{shown}")
    return "*".join(parts)


def dimension_of(value: Any) -> tuple[float, ...]:
    """The exponents of a value's unit: of our arrays and of Brian 2's quantities; all 0 for plain numbers."""
    if isinstance(value, Array):
        return value.dimension
    found = getattr(getattr(value, "dim", None), "_dims", None)
    return tuple(float(exponent) for exponent in found) if found is not None else (0.0,) * 7


def value_text(value: Any) -> str:
    """One value as text that reads back as exactly this value. Texts are taken as they are (``"10 ms"``)."""
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    array = np.asarray(value)
    if array.size != 1 or array.dtype.kind not in "iuf":
        raise EngramError(f"{value!r} is not a number, a quantity or a text")
    number = array.reshape(-1)[0]
    unit = unit_text(dimension_of(value))
    if isinstance(number, numbers.Integral):
        return f"{int(number)} {unit}".rstrip()
    if not np.isfinite(number):
        raise EngramError(f"{value!r} is not a finite number")
    return f"{float(number)!r} {unit}".rstrip()
