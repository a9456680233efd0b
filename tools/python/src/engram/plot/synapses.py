"""Pictures of synapses: their values, over time, and who is connected with whom."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from ..errors import EngramError, UnknownName
from ..figures import COLOURS, INK, MAP, QUANTILES, Source, label, moment, scaled, the_only
from ..reading.checkpoint import Checkpoint
from ..reading.run import Reader
from .style import legend, new_axes, note, title

MARKS_UP_TO = 20_000


def weights(
    source: Source,
    variable: str,
    synapses: str | None = None,
    *,
    bins: int = 60,
    ax: Axes | None = None,
    **options: Any,
) -> Axes:
    """How a variable of the synapses is distributed."""
    checkpoint = moment(source)
    name = the_only(checkpoint, synapses, "Synapses")
    values, unit = _values(checkpoint, name, variable)
    ax = new_axes(ax)
    shown, prefixed = scaled(values, unit)
    ax.hist(shown, bins=bins, color=options.pop("color", COLOURS[0]), **options)
    note(ax, f"{len(values):,} synapses, mean {float(np.mean(shown)):.3g} {prefixed}".rstrip())
    ax.set(xlabel=label(variable, prefixed), ylabel="synapses")
    title(ax, f"{name} at t = {checkpoint.t:g} s")
    return ax


def weights_over_time(
    source: Reader | str | Path, variable: str, synapses: str | None = None, *, ax: Axes | None = None
) -> Axes:
    """How the distribution of a variable of the synapses moves from checkpoint to checkpoint, on the way to the newest.

    The line is the median, the bands hold the middle half and the middle nine tenths.
    """
    if isinstance(source, (str, Path)):
        source = Reader(source)
    if not isinstance(source, Reader):
        raise EngramError("weights over time are drawn from a run: its checkpoints are the moments")
    latest = source.latest
    name = the_only(latest, synapses, "Synapses")
    by_id = {node.id: node for node in source.tree().nodes}
    moments: list[Checkpoint] = []
    following: str | None = latest.id
    while following is not None:
        moments.append(source.at(following))
        following = by_id[following].parent
    quantiles: dict[float, Any] = {}
    unit = "1"
    for checkpoint in moments:
        if name in checkpoint and len(checkpoint[name]):
            values, unit = _values(checkpoint, name, variable)
            quantiles[checkpoint.t] = np.quantile(values, QUANTILES)
    if not quantiles:
        raise EngramError(f"no checkpoint of '{source.path.name}' has synapses of '{name}'")
    times = np.array(sorted(quantiles))
    bands, prefixed = scaled(np.array([quantiles[t] for t in times]), unit)
    shown, time_unit = scaled(times, "s")
    ax = new_axes(ax)
    marker = "o" if len(times) < 50 else None
    ax.fill_between(shown, bands[:, 0], bands[:, 4], color=COLOURS[5], alpha=0.35, lw=0, label="5 % to 95 %")
    ax.fill_between(shown, bands[:, 1], bands[:, 3], color=COLOURS[0], alpha=0.45, lw=0, label="25 % to 75 %")
    ax.plot(shown, bands[:, 2], color=INK, marker=marker, ms=4, lw=1.5, label="median")
    legend(ax)
    ax.set(xlabel=label("time", time_unit), ylabel=label(variable, prefixed))
    title(ax, f"{name}, {len(times)} checkpoints")
    return ax


def connectivity(
    source: Source, synapses: str | None = None, variable: str | None = None, *, ax: Axes | None = None
) -> Axes:
    """Which source is connected with which target; coloured by a variable where one is named.

    Beyond 20,000 synapses it is an image of how many (or of the mean value) fall on each dot, and says so.
    """
    checkpoint = moment(source)
    name = the_only(checkpoint, synapses, "Synapses")
    table = checkpoint.synapses(name)
    if not len(table):
        raise EngramError(f"'{name}' has no synapses at {checkpoint.id}")
    i, j = np.asarray(table["i"]), np.asarray(table["j"])
    rows, columns = table.attrs["shape"] or (int(i.max()) + 1, int(j.max()) + 1)
    values, unit = (None, "") if variable is None else scaled(*_values(checkpoint, name, variable))
    ax = new_axes(ax, (5.5, 5))
    ax.set(xlim=(-0.5, columns - 0.5), ylim=(rows - 0.5, -0.5))
    ax.set(xlabel=f"target (of {table.attrs['target']})", ylabel=f"source (of {table.attrs['source']})")
    title(ax, name)
    if len(table) <= MARKS_UP_TO:
        size = float(np.clip(200 / max(rows, columns), 1.5, 6.0))
        if values is None:
            ax.plot(j, i, "s", ms=size, mew=0, color=INK)
            return ax
        drawn: Any = ax.scatter(j, i, s=size**2, marker="s", lw=0, c=values, cmap=MAP)
        ax.figure.colorbar(drawn, ax=ax, label=label(str(variable), unit))
        return ax
    shape = (min(rows, 400), min(columns, 400))
    limits = ((-0.5, rows - 0.5), (-0.5, columns - 0.5))
    density, _, _ = np.histogram2d(i, j, bins=shape, range=limits)
    if values is not None:
        total, _, _ = np.histogram2d(i, j, bins=shape, range=limits, weights=values)
        density = np.divide(total, density, out=np.full_like(total, np.nan), where=density > 0)
    drawn = ax.imshow(
        density, aspect="auto", extent=(-0.5, columns - 0.5, rows - 0.5, -0.5), cmap=MAP, interpolation="nearest"
    )
    ax.figure.colorbar(drawn, ax=ax, label="synapses per dot" if values is None else label(f"mean {variable}", unit))
    note(ax, f"{len(table):,} synapses in {shape[0]} × {shape[1]} dots")
    return ax


def _values(checkpoint: Checkpoint, name: str, variable: str) -> tuple[np.ndarray[Any, Any], str]:
    table = checkpoint.synapses(name)
    if variable not in table.columns:
        raise UnknownName(
            "variable", variable, [str(column) for column in table.columns if column not in ("i", "j")], f"'{name}'"
        )
    if not len(table):
        raise EngramError(f"'{name}' has no synapses at {checkpoint.id}")
    return np.asarray(table[variable]), str(table.attrs["units"][variable])
