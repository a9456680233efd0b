"""One page about a run."""

from __future__ import annotations

from collections.abc import Callable

from matplotlib import pyplot
from matplotlib.axes import Axes

from ..errors import EngramError
from ..figures import Source, moment
from .recordings import rate, trace
from .spikes import isi, raster
from .synapses import connectivity


def summary(source: Source) -> list[Axes]:
    """What was recorded, one picture below the other: rasters, rates, traces; beside them intervals and connections.

    Monitors that have recorded nothing are left out.
    """
    checkpoint = moment(source)
    wide: list[Callable[[Axes], Axes]] = []
    narrow: list[Callable[[Axes], Axes]] = []

    def add(place: list[Callable[[Axes], Axes]], draw: Callable[..., Axes], *arguments: str, **options: str) -> None:
        place.append(lambda ax: draw(checkpoint, *arguments, ax=ax, **options))

    for name, kind in checkpoint.objects.items():
        if kind in ("SpikeMonitor", "EventMonitor") and "t" in checkpoint[name].variables and len(checkpoint[name].t):
            add(wide, raster, name)
            if checkpoint.spikes(name)["i"].duplicated().any():
                add(narrow, isi, name)
        elif kind == "PopulationRateMonitor" and len(checkpoint[name].t) > 1:
            add(wide, rate, name)
        elif kind == "StateMonitor" and "t" in checkpoint[name].variables and len(checkpoint[name].t):
            for variable in checkpoint.recording(name).data_vars:
                add(wide, trace, name, str(variable))
        elif kind == "Synapses" and "i" in checkpoint[name].variables and len(checkpoint[name].i):
            add(narrow, connectivity, name)
    if not wide and not narrow:
        raise EngramError(
            f"{checkpoint.place} at {checkpoint.id} holds no recordings and no synapses: there is nothing to draw"
        )
    rows = max(len(wide), len(narrow))
    figure = pyplot.figure(figsize=(11 if wide and narrow else 7, 2.2 * rows + 0.6), layout="constrained")
    ratios = [2.0] * bool(wide) + [1.0] * bool(narrow)
    columns = figure.add_gridspec(1, len(ratios), width_ratios=ratios)
    drawn: list[Axes] = []
    for column, pictures in enumerate(part for part in (wide, narrow) if part):
        grid = columns[0, column].subgridspec(len(pictures), 1)
        drawn += [draw(figure.add_subplot(grid[row, 0])) for row, draw in enumerate(pictures)]
    figure.suptitle(
        f"{checkpoint.network.name} at t = {checkpoint.t:g} s ({checkpoint.id} of {checkpoint.place})",
        fontsize="medium",
    )
    return drawn
