"""Pictures of neurons with a shape."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.patches import Circle

from ..errors import EngramError, UnknownName
from ..figures import INK, MAP, Source, label, moment, scaled, the_only
from ..reading.checkpoint import Checkpoint
from .style import new_axes, note, title

Values = np.ndarray[Any, np.dtype[Any]]
VIEWS = ("xy", "xz", "yz")


def morphology(
    source: Source, neuron: str | None = None, variable: str | None = None, *, view: str = "xy", ax: Axes | None = None
) -> Axes:
    """A neuron with a shape, coloured by a variable of its compartments: the potential where none is named.

    Each compartment is a line from the middle of the one in front of it to its own, as thick as it is; a soma is a circle. ``view`` says which two
    coordinates are seen. A neuron without coordinates is drawn by distance, its branches beside each other.
    """
    checkpoint = moment(source)
    name = the_only(checkpoint, neuron, "SpatialNeuron")
    cell = checkpoint[name]
    if cell.kind != "SpatialNeuron":
        raise EngramError(f"'{name}' is a {cell.kind}; a morphology is that of a SpatialNeuron")
    if view not in VIEWS:
        raise UnknownName("view", view, VIEWS, "a picture of a morphology")
    variable = variable or "v"
    parents = _values(checkpoint, name, "parent").astype(int)
    diameters = _values(checkpoint, name, "diameter")
    values = np.broadcast_to(_values(checkpoint, name, variable), parents.shape).astype(float)
    shown, unit = scaled(values, cell.variables[variable])
    has_places = "x" in cell.variables
    if has_places:
        places = np.column_stack([_values(checkpoint, name, axis) for axis in view])
    else:
        distances = _values(checkpoint, name, "distance")
        places = np.column_stack([distances, _rows(parents) * _spacing(distances, parents)])
    metres, length_unit = scaled(places, "m")
    factor = float(np.nanmax(np.abs(metres)) / np.nanmax(np.abs(places))) if np.nanmax(np.abs(places)) > 0 else 1e6
    ax = new_axes(ax, (6.0, 5.5))
    # The mark of a sphere: next to no resistance inside.
    is_soma: Values = np.asarray(_values(checkpoint, name, "r_length_1") == 1.0)
    is_drawn: Values = np.asarray(np.isfinite(metres).all(axis=1))
    lines = np.flatnonzero((parents >= 0) & is_drawn & ~is_soma & is_drawn[parents])
    first = np.flatnonzero((parents < 0) & is_drawn & ~is_soma)
    segments = np.stack([metres[parents[lines]], metres[lines]], axis=1)
    # What begins without a parent is drawn towards its first follower.
    for root in first:
        following = np.flatnonzero(parents == root)
        if len(following):
            segments = np.concatenate([[[metres[root], metres[following[0]]]], segments])
            lines = np.concatenate([[root], lines])
    low, high = np.nanmin(shown), np.nanmax(shown)
    limits = (low, high if high > low else low + 1)
    reach = metres[is_drawn]
    margin = max(float(np.ptp(reach, axis=0).max()) * 0.06, float(diameters.max()) * factor)
    middle, half = (reach.max(axis=0) + reach.min(axis=0)) / 2, np.ptp(reach, axis=0) / 2 + margin
    if has_places:
        # A square, in which lengths are the same in both directions.
        half[:] = half.max()
        ax.set_aspect("equal")
    else:
        ax.set_yticks([])
    ax.set_xlim(middle[0] - half[0], middle[0] + half[0])
    ax.set_ylim(middle[1] - half[1], middle[1] + half[1])
    points = ax.get_window_extent().width / ax.figure.dpi * 72 / float(np.ptp(ax.get_xlim()))
    drawn = LineCollection(list(segments), cmap=MAP, linewidths=np.maximum(0.8, diameters[lines] * factor * points))
    drawn.set_array(shown[lines])
    drawn.set_clim(*limits)
    drawn.set_capstyle("round")
    ax.add_collection(drawn)
    somata = np.flatnonzero(is_soma & is_drawn)
    if len(somata):
        if has_places:
            circles = PatchCollection(
                [
                    Circle((float(metres[place, 0]), float(metres[place, 1])), float(diameters[place]) * factor / 2)
                    for place in somata
                ],
                cmap=MAP,
                lw=0,
            )
            circles.set_array(shown[somata])
            circles.set_clim(*limits)
            ax.add_collection(circles)
        else:
            x, y = metres[somata].T
            ax.scatter(x, y, s=90, c=shown[somata], cmap=MAP, vmin=limits[0], vmax=limits[1], zorder=3, lw=0)
    ax.figure.colorbar(drawn, ax=ax, label=label(variable, unit))
    if has_places:
        ax.set(xlabel=label(view[0], length_unit), ylabel=label(view[1], length_unit))
        if hidden := int((~is_drawn).sum()):
            note(ax, f"{hidden} of {len(parents)} compartments have no place")
    else:
        ax.set(xlabel=label("distance", length_unit))
        note(ax, "no coordinates: branches lie beside each other")
    ax.tick_params(colors=INK)
    title(ax, f"{name} at t = {checkpoint.t:g} s")
    return ax


def _values(checkpoint: Checkpoint, name: str, variable: str) -> Values:
    return np.asarray(checkpoint[name][variable])


def _rows(parents: Values) -> Values:
    """A row for each compartment: tips one below the other, what branches in the middle of its branches."""
    count = len(parents)
    children: list[list[int]] = [[] for _ in range(count)]
    for place, parent in enumerate(parents):
        if parent >= 0:
            children[parent].append(place)
    rows = np.zeros(count)
    tips = 0
    waiting = [int(place) for place in np.flatnonzero(parents < 0)[::-1]]
    order: list[int] = []
    while waiting:
        place = waiting.pop()
        order.append(place)
        waiting += children[place][::-1]
    for place in order:
        if not children[place]:
            rows[place] = tips
            tips += 1
    for place in reversed(order):
        if children[place]:
            rows[place] = np.mean([rows[child] for child in children[place]])
    return rows


def _spacing(distances: Values, parents: Values) -> float:
    """How far rows lie from each other, so that the picture is about as high as it is wide."""
    tips = max(1, len(parents) - len(np.unique(parents[parents >= 0])))
    return float(distances.max()) * 0.6 / tips if distances.max() > 0 else 1e-6
