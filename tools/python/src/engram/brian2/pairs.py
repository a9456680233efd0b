"""Random pairs of neurons: those that Brian 2 draws, drawn for all sources at once.

Brian 2 goes through the sources one by one, in Python, behind code that it makes for the purpose. Here the same random numbers
are taken from numpy in the same order, so the same seed gives the same synapses; only nobody waits for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

Numbers = np.ndarray[Any, Any]

_OTHERS = re.compile(r"\s*(?:i\s*!=\s*j|j\s*!=\s*i)\s*")
_AT_ONCE = 1 << 22
"""Random numbers that are held in memory at a time."""
_FEW_TARGETS, _DENSE = 1000, 0.25
"""Up to so many targets, or from that probability on, Brian 2 draws a number for each pair; else the gaps between targets."""


def connect_at_random(
    synapses: Any,
    condition: Any = None,
    i: Any = None,
    j: Any = None,
    p: Any = 1.0,
    n: Any = 1,
    skip_if_invalid: bool = False,
    namespace: Any = None,
) -> bool:
    """Makes the synapses of a ``connect`` that gives a probability for all pairs, or for all but those of a neuron with itself.

    False where it says anything else, and nothing was done.
    """
    is_without_self = isinstance(condition, str) and _OTHERS.fullmatch(condition) is not None
    if not (condition is None or condition is True or is_without_self) or i is not None or j is not None:
        return False
    if not isinstance(p, (int, float)) or not 0 <= p <= 1 or not isinstance(n, int) or n != 1:
        return False
    variables = synapses.variables
    sources, targets = (int(variables[name].item()) for name in ("N_pre", "N_post"))
    pairs = random_pairs(sources, targets, float(p))
    if is_without_self:
        others = pairs[0] != pairs[1]
        pairs = pairs[0][others], pairs[1][others]
    synapses._connect_called = True
    before = len(variables["_synaptic_pre"].get_value())
    for end, offset, numbers in zip(("pre", "post"), ("source", "target"), pairs, strict=True):
        ends = variables[f"_synaptic_{end}"]
        ends.resize(before + len(numbers))
        ends.get_value()[before:] = numbers + int(variables[f"_{offset}_offset"].item())
    synapses._resize(before + len(pairs[0]))
    synapses._update_synapse_numbers(before)
    return True


def random_pairs(sources: int, targets: int, probability: float) -> tuple[Numbers, Numbers]:
    """Each pair with a probability from 0 to 1: numbers of sources, ascending, and of targets, ascending for each source."""
    if probability in (0, 1):
        return _all(sources, targets if probability else 0)
    if targets <= _FEW_TARGETS or probability > _DENSE:
        blocks = list(_by_pair(sources, targets, probability))
    else:
        blocks = list(_by_gaps(sources, targets, probability))
    empty = np.empty(0, np.int32)
    return tuple(np.concatenate([empty, *(block[end] for block in blocks)]) for end in (0, 1))  # type: ignore[return-value]


def _all(sources: int, targets: int) -> tuple[Numbers, Numbers]:
    i = np.repeat(np.arange(sources, dtype=np.int32), targets)
    return i, np.tile(np.arange(targets, dtype=np.int32), sources)


def _by_pair(sources: int, targets: int, probability: float) -> Iterator[tuple[Numbers, Numbers]]:
    rows = max(1, _AT_ONCE // max(targets, 1))
    for first in range(0, sources, rows):
        count = min(rows, sources - first)
        i, j = (np.random.rand(count * targets) < probability).reshape(count, targets).nonzero()
        yield (i + first).astype(np.int32), j.astype(np.int32)


def _by_gaps(sources: int, targets: int, probability: float) -> Iterator[tuple[Numbers, Numbers]]:
    """What one source needs more or less of the drawn numbers shifts those of all behind it, so blocks are drawn, and what was
    drawn too much is put back."""
    scale = 1.0 / np.log(1 - probability)

    def portion(start: int) -> int:
        return int(np.ceil((targets - start) * probability * 1.05)) + 10

    row, room = 0, max(4 * portion(0), 1000)
    while row < sources:
        count = min(_AT_ONCE + room, (sources - row) * (portion(0) + 1) + room)
        before = np.random.get_state()
        # Places that lie between the hits of a source count on from those of the one before.
        places = np.concatenate(([0], np.cumsum(np.ceil(np.log(np.random.rand(count)) * scale).astype(np.int64))))
        first, begins, used = row, [], 0
        while row < sources:
            end, start, base = used + portion(0), 0, int(places[used])
            while end <= count and (start := int(places[end]) - base) < targets:
                end += portion(start)
            if end > count:
                break
            begins.append(used)
            used = end
            row += 1
        np.random.set_state(before)
        np.random.rand(used)
        room *= 2 if row == first else 1
        begin = np.array(begins, np.int64)
        hits = np.searchsorted(places, places[begin] + targets, side="right") - begin - 1
        number = np.arange(hits.sum()) + np.repeat(begin + 1 - np.concatenate(([0], np.cumsum(hits)))[:-1], hits)
        j = places[number] - np.repeat(places[begin], hits) - 1
        yield np.repeat(np.arange(first, row, dtype=np.int32), hits), j.astype(np.int32)
