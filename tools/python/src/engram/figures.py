"""What pictures of every kind share, whoever draws them: colours, SI prefixes, what to draw, and honest reduction."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from .errors import EngramError
from .reading.checkpoint import Checkpoint
from .reading.run import Reader
from .times import seconds
from .units import best_prefix

Values = np.ndarray[Any, np.dtype[Any]]

# Okabe and Ito's colours, told apart with every kind of colour vision.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442")
MAP = "viridis"
INK = "#222222"
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


Source = Reader | Checkpoint | str | Path
"""What is drawn: a checkpoint, a run, or the run in a directory."""


def moment(source: Source) -> Checkpoint:
    """One moment to draw: the checkpoint, or the newest one of a run, which may be given by its directory."""
    if isinstance(source, (str, Path)):
        source = Reader(source)
    return source.latest if isinstance(source, Reader) else source


def part_of_time(between: Any, checkpoint: Checkpoint) -> tuple[float, float]:
    """A begin and an end in seconds, of which something can be seen at a checkpoint."""
    if not isinstance(between, (tuple, list, np.ndarray)) or len(between) != 2:
        raise EngramError(f"a part of the time is a begin and an end, such as (0.1, '200 ms'); found {between!r}")
    begin, end = (seconds(time) for time in between)
    if not begin < end:
        raise EngramError(f"a part of the time ends at {end:g} s and begins at {begin:g} s; nothing lies between")
    if begin > checkpoint.t:
        raise EngramError(f"from {begin:g} s on there is nothing: {checkpoint.id} is at {checkpoint.t:g} s")
    return begin, end


def the_only(checkpoint: Checkpoint, name: str | None, *kinds: str) -> str:
    """The object to draw: the named one, or the only one of its kind."""
    if name is not None:
        return name
    found = [other for other, kind in checkpoint.objects.items() if kind in kinds]
    if len(found) == 1:
        return found[0]
    some = (
        f"several objects of kind {' or '.join(kinds)} ({', '.join(found)}): say which"
        if found
        else f"no {' or '.join(kinds)}"
    )
    raise EngramError(f"{checkpoint.place} at {checkpoint.id} has {some}")


def scaled(values: Values, unit: str) -> tuple[Values, str]:
    """Values in the prefixed unit that suits their size, and that unit; empty without dimension."""
    finite = values[np.isfinite(values)] if values.dtype.kind == "f" else values
    largest = float(np.max(np.abs(finite))) if finite.size else 0.0
    factor, name = best_prefix(largest, unit)
    return (values if factor == 1 else values / factor), name


def label(name: str, unit: str) -> str:
    return f"{name} ({unit})" if unit else name


def envelope(t: Values, values: Values, columns: int) -> tuple[Values, Values, bool]:
    """At most two values per column, its least and greatest in their order; whether anything was left out.

    What a dense line would have covered is covered: no peak is lost.
    """
    count = len(t)
    if count <= 4 * columns:
        return t, values, False
    edges = np.linspace(0, count, columns + 1).astype(int)
    pairs = np.empty(2 * columns, dtype=int)
    for column, (start, end) in enumerate(pairwise(edges)):
        part = values[start:end]
        if np.all(np.isnan(part)):
            low = high = start
        else:
            low, high = start + int(np.nanargmin(part)), start + int(np.nanargmax(part))
        pairs[2 * column : 2 * column + 2] = sorted((low, high))
    return t[pairs], values[pairs], True
