"""Pictures of recorded variables and rates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from ..errors import EngramError, UnknownName
from ..figures import COLOURS, Source, envelope, label, moment, part_of_time, scaled, the_only
from .style import columns_of, legend, new_axes, note, title

MOST_LINES = 10


def trace(
    source: Source,
    monitor: str | None = None,
    variable: str | None = None,
    *,
    elements: Sequence[int] | None = None,
    between: tuple[Any, Any] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """A recorded variable over time, one line per element: those with the given numbers, else the first ten.

    Long traces show the least and greatest value of each column of pixels, and say so: no peak is lost.
    """
    checkpoint = moment(source)
    name = the_only(checkpoint, monitor, "StateMonitor")
    recording = checkpoint.recording(name)
    variable = _variable(recording, variable)
    data = recording[variable]
    axis = str(data.dims[1])
    numbers = recording[axis].values
    if elements is None:
        elements = [int(number) for number in numbers[:MOST_LINES]]
    elif wrong := [number for number in elements if number not in numbers]:
        raise UnknownName(axis, str(wrong[0]), map(str, numbers), f"'{name}'")
    t = recording["t"].values
    rows = slice(*np.searchsorted(t, part_of_time(between, checkpoint))) if between is not None else slice(None)
    ax = new_axes(ax)
    places = [int(np.flatnonzero(numbers == number)[0]) for number in elements]
    values = np.asarray(data.isel(t=rows).values[:, places], dtype=float)
    shown, unit = scaled(values, str(data.attrs["units"]))
    times, time_unit = scaled(t[rows], "s")
    reduced = False
    for place, number in enumerate(elements):
        x, y, left_out = envelope(times, shown[:, place], columns_of(ax))
        reduced = reduced or left_out
        ax.plot(x, y, lw=1, color=COLOURS[place % len(COLOURS)], label=f"{axis} {number}")
    words = [f"least and greatest of each of {columns_of(ax)} columns, {len(times):,} values a line"] if reduced else []
    if len(elements) < len(numbers):
        words.append(f"{len(elements)} of {len(numbers)} recorded")
    if words:
        note(ax, "; ".join(words))
    if 1 < len(elements) <= MOST_LINES:
        legend(ax)
    ax.set(xlabel=label("time", time_unit), ylabel=label(variable, unit))
    title(ax, name)
    ax.margins(x=0)
    return ax


def rate(
    source: Source,
    monitor: str | None = None,
    *,
    width: float | str | None = "5 ms",
    window: str = "gaussian",
    ax: Axes | None = None,
    **options: Any,
) -> Axes:
    """The rate of a population over time, smoothed with a window; ``width=None`` shows the raw values."""
    checkpoint = moment(source)
    name = the_only(checkpoint, monitor, "PopulationRateMonitor")
    found = checkpoint.rate(name)
    if width is not None:
        found = found.smooth(width, window)
    ax = new_axes(ax)
    values, unit = scaled(found.rate, "Hz")
    times, time_unit = scaled(found.t, "s")
    x, y, reduced = envelope(times, values, columns_of(ax))
    ax.plot(x, y, lw=1.2, color=options.pop("color", COLOURS[0]), **options)
    words = [f"{window} window, {width if isinstance(width, str) else f'{width:g} s'}"] if width is not None else []
    words += [f"least and greatest of each of {columns_of(ax)} columns"] if reduced else []
    if words:
        note(ax, "; ".join(words))
    ax.set(xlabel=label("time", time_unit), ylabel=label("rate", unit))
    title(ax, name)
    ax.margins(x=0)
    ax.set_ylim(bottom=min(0.0, float(np.nanmin(y, initial=0))))
    return ax


def phase(
    source: Source,
    x: str,
    y: str,
    monitor: str | None = None,
    *,
    element: int | None = None,
    ax: Axes | None = None,
) -> Axes:
    """One recorded variable over another, of one element: the first, or the one with the given number."""
    checkpoint = moment(source)
    name = the_only(checkpoint, monitor, "StateMonitor")
    recording = checkpoint.recording(name)
    first, second = recording[_variable(recording, x)], recording[_variable(recording, y)]
    axis = str(first.dims[1])
    numbers = recording[axis].values
    number = int(numbers[0]) if element is None else element
    if number not in numbers:
        raise UnknownName(axis, str(number), map(str, numbers), f"'{name}'")
    across, across_unit = scaled(np.asarray(first.sel({axis: number}).values, dtype=float), str(first.attrs["units"]))
    up, up_unit = scaled(np.asarray(second.sel({axis: number}).values, dtype=float), str(second.attrs["units"]))
    if not across.size:
        raise EngramError(f"'{name}' has recorded nothing at {checkpoint.id}")
    ax = new_axes(ax, (5, 5))
    ax.plot(across, up, lw=0.8, color=COLOURS[0], rasterized=len(across) > 100_000)
    ax.plot(across[:1], up[:1], "o", ms=5, color=COLOURS[2], label="begin")
    ax.plot(across[-1:], up[-1:], "s", ms=5, color=COLOURS[1], label="end")
    legend(ax)
    ax.set(xlabel=label(x, across_unit), ylabel=label(y, up_unit))
    title(ax, f"{name}, {axis} {number}")
    return ax


def _variable(recording: Any, name: str | None) -> str:
    names = [str(variable) for variable in recording.data_vars]
    if name is None and len(names) == 1:
        return names[0]
    if name is None:
        raise EngramError(f"several variables were recorded ({', '.join(names)}): say which")
    if name not in names:
        raise UnknownName("recorded variable", name, names)
    return name
