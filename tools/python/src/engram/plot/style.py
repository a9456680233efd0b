"""Axes of matplotlib as all pictures here have them, and words about what is not drawn."""

from __future__ import annotations

import numpy as np
from matplotlib import pyplot
from matplotlib.axes import Axes

from ..figures import INK


def new_axes(ax: Axes | None, size: tuple[float, float] = (7.0, 4.0)) -> Axes:
    """The axes to draw into: the given ones, or those of a new figure."""
    if ax is None:
        _, ax = pyplot.subplots(figsize=size, layout="constrained")
    ax.spines[["top", "right"]].set_visible(False)
    return ax


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
