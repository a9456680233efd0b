"""Pictures of spikes: rasters and intervals."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from ..errors import EngramError
from ..figures import COLOURS, INK, MAP, Source, label, moment, part_of_time, scaled, the_only
from .style import columns_of, new_axes, note, title

DENSITY_FROM = 1_000_000
"""From so many spikes on a raster is an image of densities: marks would cover each other."""


def raster(
    source: Source,
    monitor: str | None = None,
    *,
    between: tuple[Any, Any] | None = None,
    ax: Axes | None = None,
    colour: str = INK,
) -> Axes:
    """Spikes over time, one row per neuron. ``between`` is a part of the time: seconds, or texts such as ``"50 ms"``.

    From a million spikes on it is an image of how many fall on each dot, and says so.
    """
    checkpoint = moment(source)
    name = the_only(checkpoint, monitor, "SpikeMonitor", "EventMonitor")
    spikes = checkpoint.spikes(name)
    t, i = np.asarray(spikes["t"]), np.asarray(spikes["i"])
    if between is not None:
        between = part_of_time(between, checkpoint)
        inside = (t >= between[0]) & (t < between[1])
        t, i = t[inside], i[inside]
    count = int(spikes.attrs.get("N") or (i.max() + 1 if i.size else 1))
    start, end = between if between is not None else (0.0, max(checkpoint.t, float(t.max(initial=0))))
    ax = new_axes(ax)
    shown, unit = scaled(np.array([start, end]), "s")
    factor = (shown[1] / end) if end else 1.0
    ax.set(xlim=tuple(shown), ylim=(-0.5, count - 0.5), xlabel=label("time", unit), ylabel="neuron")
    title(ax, name)
    if len(t) >= DENSITY_FROM:
        box = ax.get_window_extent()
        shape = (columns_of(ax) // 2, int(np.clip(min(box.height / 2, count), 1, 1000)))
        density, _, _ = np.histogram2d(t, i, bins=shape, range=((start, end), (-0.5, count - 0.5)))
        image = ax.imshow(
            density.T, origin="lower", aspect="auto", extent=(shown[0], shown[1], -0.5, count - 0.5), cmap=MAP,
            interpolation="nearest",
        )  # fmt: skip
        ax.figure.colorbar(image, ax=ax, label="spikes per dot")
        note(ax, f"density of {len(t):,} spikes, {shape[0]} × {shape[1]} dots")
    else:
        # As tall as a row where there is room, and never too small to be seen in print.
        size = float(np.clip(0.7 * 72 * ax.get_window_extent().height / ax.figure.dpi / count, 2.5, 8.0))
        ax.plot(t * factor, i, "|", ms=size, mew=0.7, color=colour, rasterized=len(t) > 20_000)
    return ax


def isi(
    source: Source, monitor: str | None = None, *, bins: int = 50, ax: Axes | None = None, **options: Any
) -> Axes:
    """The intervals between the spikes of each neuron, all together, with their mean and coefficient of variation."""
    checkpoint = moment(source)
    name = the_only(checkpoint, monitor, "SpikeMonitor", "EventMonitor")
    trains = checkpoint.spikes(name).spike_trains().values()
    intervals = np.concatenate([np.diff(train) for train in trains] or [np.empty(0)])
    if not intervals.size:
        raise EngramError(f"'{name}' has no neuron with two spikes at {checkpoint.id}: there are no intervals")
    ax = new_axes(ax)
    shown, unit = scaled(intervals, "s")
    ax.hist(shown, bins=bins, color=options.pop("color", COLOURS[0]), **options)
    mean = float(shown.mean())
    variation = float(intervals.std() / intervals.mean()) if intervals.mean() else float("nan")
    note(ax, f"{intervals.size:,} intervals, mean {mean:.3g} {unit}, CV {variation:.2f}")
    ax.set(xlabel=label("interval", unit), ylabel="count")
    title(ax, name)
    return ax
