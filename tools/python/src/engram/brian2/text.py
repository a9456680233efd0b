"""What Brian 2 holds as objects, as the text and numbers of model files."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from brian2.equations.equations import DIFFERENTIAL_EQUATION, PARAMETER, SUBEXPRESSION
from brian2.groups.subgroup import Subgroup

from ..running.values import dimension_of, unit_text

_NOISE = re.compile(r"xi(_\w+)?")


def network_name(text: str) -> str:
    """A file's name as the name of a network: letters, digits and ``_``, and no digit in front."""
    word = re.sub(r"\W", "_", text, flags=re.ASCII)
    return f"run_{word}" if not word.strip("_") or word[0].isdigit() else word


def scalar(value: Any, dimension: tuple[float, ...] | None = None) -> Any:
    """One value, exact to the last bit: a plain number, or a text with its unit."""
    array = np.asarray(value)
    item = array.reshape(-1)[0]
    unit = unit_text(dimension if dimension is not None else dimension_of(value))
    if array.dtype.kind == "b":
        return bool(item)
    if array.dtype.kind in "iu" and not unit:
        return int(item)
    number = float(item)
    return f"{number!r} {unit}" if unit else number


def equations(model: Any) -> str:
    """The text of equations, one line each, with units spelt in base units.

    A subexpression with noise stands for its text: it has no value of its own.
    """
    noisy = {
        equation.varname: f"({equation.expr.code})"
        for equation in model.values()
        if equation.type == SUBEXPRESSION and any(_NOISE.fullmatch(name) for name in equation.identifiers)
    }
    for _ in noisy:
        noisy = {name: _replaced(text, noisy) for name, text in noisy.items()}
    lines: list[str] = []
    for equation in model.values():
        if equation.varname in noisy:
            continue
        unit = {"integer": "integer", "boolean": "boolean"}.get(
            equation.var_type, unit_text(_exponents(equation.dim)) or "1"
        )
        flags = f" ({', '.join(equation.flags)})" if equation.flags else ""
        if equation.type == PARAMETER:
            lines.append(f"{equation.varname} : {unit}{flags}")
        elif equation.type == DIFFERENTIAL_EQUATION:
            lines.append(f"d{equation.varname}/dt = {_replaced(equation.expr.code, noisy)} : {unit}{flags}")
        else:
            lines.append(f"{equation.varname} = {equation.expr.code} : {unit}{flags}")
    return "\n".join(lines)


def _replaced(text: str, by: dict[str, str]) -> str:
    for name, other in by.items():
        text = re.sub(rf"\b{re.escape(name)}\b", other, text)
    return text


def _exponents(dimension: Any) -> tuple[float, ...]:
    return tuple(float(exponent) for exponent in dimension._dims)


def dimension(variable: Any) -> tuple[float, ...]:
    """The exponents of a variable's unit."""
    return _exponents(variable.dim)


def unit_of(variable: Any) -> str:
    """The unit of a variable, as equations write it."""
    kind = np.dtype(variable.dtype).kind
    return {"b": "boolean", "i": "integer"}.get(kind, unit_text(dimension(variable)) or "1")


def reference(group: Any) -> str:
    """A group, or the part of one: ``P[0:80]``."""
    if isinstance(group, Subgroup):
        return f"{group.source.name}[{group.start}:{group.stop}]"
    return str(group.name)
