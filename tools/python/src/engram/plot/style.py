"""What all pictures share: colours, axes with SI prefixes, honest words about what is not drawn."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib import pyplot
from matplotlib.axes import Axes

from ..errors import EngramError
from ..reading.checkpoint import Checkpoint
from ..reading.run import Reader
from ..units import best_prefix

Values = np.ndarray[Any, np.dtype[Any]]

# Okabe and Ito's colours, told apart with every kind of colour vision.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442")
MAP = "viridis"
INK = "#222222"


def new_axes(ax: Axes | None, size: tuple[float, float] = (7.0, 4.0)) -> Axes:
    """The axes to draw into: the given ones, or those of a new figure."""
    if ax is None:
        _, ax = pyplot.subplots(figsize=size, layout="constrained")
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def moment(source: Reader | Checkpoint) -> Checkpoint:
    """One moment to draw: the checkpoint, or the newest one of a run."""
    return source.latest if isinstance(source, Reader) else source


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


def note(ax: Axes, text: str) -> None:
    """A word in the corner above about what the picture leaves out."""
    ax.text(1.0, 1.01, text, transform=ax.transAxes, ha="right", va="bottom", fontsize="x-small", color=INK)


def title(ax: Axes, text: str) -> None:
    """At the left, so that the other corner is free for a note."""
    ax.set_title(text, loc="left", fontsize="medium")


def legend(ax: Axes) -> None:
    """Beside the axes, where it covers nothing."""
    ax.legend(fontsize="small", frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0), borderaxespad=0.2)


def columns_of(ax: Axes) -> int:
    """How many columns of pixels the axes have, about."""
    width = ax.get_window_extent().width
    return int(np.clip(width, 100, 4000))


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
