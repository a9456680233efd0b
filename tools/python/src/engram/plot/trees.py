"""The checkpoints of a run as a picture of branches."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from ..figures import COLOURS, INK, label, scaled
from ..reading.run import Reader
from .style import new_axes, title


def tree(source: Reader | str | Path, *, ax: Axes | None = None) -> Axes:
    """Checkpoints over network time, one row per branch, each joined with the one it came from; names stand beside them."""
    if isinstance(source, (str, Path)):
        source = Reader(source)
    found = source.tree()
    ax = new_axes(ax)
    row_of = found.rows()
    rows = max(row_of.values(), default=0) + 1
    by_id = {node.id: node for node in found.nodes}
    shown, unit = scaled(np.array([node.t for node in found.nodes], dtype=float), "s")
    place = {node.id: (float(x), row_of[node.id]) for node, x in zip(found.nodes, shown, strict=True)}
    for node in found.nodes:
        x, y = place[node.id]
        if node.parent in by_id:
            from_x, from_y = place[str(node.parent)]
            ax.plot([from_x, from_x, x], [from_y, y, y], color="#999999", lw=1.2, zorder=1)
        ax.plot(x, y, "o", ms=7 if node.words else 4, color=COLOURS[y % len(COLOURS)], zorder=2)
        if node.words:
            ax.annotate(
                node.words, (x, y), xytext=(0, 7), textcoords="offset points", ha="center", fontsize="small", color=INK
            )
    ax.set(xlabel=label("network time", unit), yticks=[], ylim=(rows - 0.4, -0.8))
    title(ax, source.path.name)
    ax.spines["left"].set_visible(False)
    ax.margins(x=0.08)
    return ax
