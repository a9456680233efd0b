"""Synapses that begin or end at other synapses, as a model file can say them."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from ..errors import NotPossible
from .inputs import InputFiles

_MOST = 40


def by_tables(
    name: str, i: Any, j: Any, sources: int, files: InputFiles
) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    """Pairs as generators that look them up in tables: (tables, connections).

    How many synapses there are to begin or end at is not known before a model file runs, so arrays cannot be checked and are
    refused; what a generator gives is checked when it is executed. The order stays: one generator for each stretch in which
    the sources ascend.
    """
    starts = np.concatenate(([0], np.flatnonzero(np.diff(i) < 0) + 1, [i.size]))
    if len(starts) - 1 > _MOST:
        raise NotPossible(
            f"'{name}' connects synapses in {len(starts) - 1} stretches of ascending sources, more than {_MOST}; sort the arrays of its "
            f"connect() by source"
        )
    tables = [_table(f"{name}_ends", j, files)]
    connections = []
    for number, (low, high) in enumerate(itertools.pairwise(starts)):
        first = low + np.searchsorted(i[low:high], np.arange(sources + 1))
        tables.append(_table(f"{name}_from_{number}", first, files))
        bounds = ", ".join(f"int({name}_from_{number}({place}*second))" for place in ("i", "(i + 1)"))
        connections.append({"j": f"int({name}_ends(k*second)) for k in range({bounds})"})
    return tables, connections


def _table(name: str, values: Any, files: InputFiles) -> dict[str, Any]:
    """A function that gives the value with a number: its argument counts seconds, since the tables there are go by time."""
    return {"kind": "TimedArray", "name": name, "values": files.value(np.asarray(values, float)), "dt": "1.0 second"}
