"""Neurons with a shape, as entries of a model file."""

from __future__ import annotations

from typing import Any

import numpy as np
from brian2.equations.equations import Equations
from brian2.spatialneuron.morphology import Cylinder, Soma

from .inputs import InputFiles
from .places import arguments_of
from .text import scalar

LENGTH = (1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
"""The exponents of a metre."""
GEOMETRY = ("length", "distance", "area", "diameter", "volume", "r_length_1", "r_length_2", "x", "y", "z")
"""Variables that follow from the shape."""


def model_of(neuron: Any) -> Equations:
    """The equations as the script gave them; Brian 2 keeps those that it has completed."""
    given = arguments_of(neuron)["model"]
    return given if isinstance(given, Equations) else Equations(given)


def threshold_of(neuron: Any) -> dict[str, Any]:
    """The condition of a spike, and where it is looked at."""
    given = arguments_of(neuron)
    place = given.get("threshold_location")
    if place is None or given.get("threshold") is None:
        return {}
    number = place._indices() if hasattr(place, "_indices") else place
    return {"threshold": given["threshold"], "threshold_location": int(number)}


def changed_geometry(neuron: Any) -> set[str]:
    """Variables of the shape that the script gave other values than those of its sections."""
    flat = neuron.flat_morphology
    return {
        name
        for name in GEOMETRY
        if name in neuron.variables and not _same(neuron.variables[name].get_value(), getattr(flat, name))
    }


def _same(values: Any, others: Any) -> bool:
    return others is not None and np.array_equal(np.asarray(values), np.asarray(others), equal_nan=True)


def sections_of(morphology: Any, files: InputFiles) -> list[dict[str, Any]]:
    """The sections of a shape, each behind its parent; parents are named by the numbers that lead to them."""
    found: list[dict[str, Any]] = []
    waiting: list[tuple[Any, str | None, str | None, str]] = [(morphology, None, None, "")]
    while waiting:
        section, name, parent, path = waiting.pop()
        entry = _section(section, files)
        if parent is not None:
            if name is not None and name.isidentifier() and name.isascii():
                entry["name"] = name
            if parent:
                entry["parent"] = parent
        found.append(entry)
        children = list(section.children)
        waiting += [
            (child, section.children.name(child), path, f"{path}.{number}".lstrip("."))
            for number, child in reversed(list(enumerate(children, 1)))
        ]
    return found


def _section(section: Any, files: InputFiles) -> dict[str, Any]:
    def lengths(values: Any) -> Any:
        return files.value(np.asarray(values, dtype=float), LENGTH)

    def one(value: Any) -> Any:
        return scalar(float(np.asarray(value).reshape(-1)[0]), LENGTH)

    coordinates = {axis: getattr(section, f"_{axis}") for axis in "xyz" if getattr(section, f"_{axis}") is not None}
    entry: dict[str, Any]
    if isinstance(section, Soma):
        entry = {"shape": "soma", "diameter": one(section.diameter)}
        entry |= {axis: one(values) for axis, values in coordinates.items()}
    elif isinstance(section, Cylinder):
        entry = {"shape": "cylinder", "diameter": one(section.diameter), "n": int(section.n)}
        if coordinates:
            entry |= {axis: lengths(np.asarray(values)[[0, -1]]) for axis, values in coordinates.items()}
        else:
            entry["length"] = scalar(_whole(float(np.asarray(section.length)[0]), int(section.n)), LENGTH)
    else:
        entry = {"shape": "section", "diameter": lengths(section._diameter)}
        if coordinates:
            entry |= {axis: lengths(values) for axis, values in coordinates.items()}
        else:
            entry["length"] = lengths(section.length)
    if section.type not in (None, "soma" if isinstance(section, Soma) else None):
        entry["type"] = str(section.type)
    return entry


def _whole(part: float, count: int) -> float:
    """A length of which so many parts have the length ``part`` to the last bit, if there is one."""
    near = part * count
    candidates = (near, np.nextafter(near, np.inf), np.nextafter(near, 0.0))
    return next((float(whole) for whole in candidates if whole / count == part), near)
