"""Charts for Plotly, as the plain values that its JSON has: what is drawn, and a word about what is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..errors import EngramError
from ..figures import COLOURS, INK, QUANTILES, Values, envelope, label, scaled
from ..reading.checkpoint import Checkpoint
from ..reading.run import Reader
from ..reading.tree import Tree

WIDTH = 860
COLUMNS = 800
MARKS_UP_TO = 20_000
"""Up to so many spikes each is a mark; from there on it is an image of densities, which keeps the page small."""
MOST_LINES = 8
MOST_MOMENTS = 60


@dataclass
class Chart:
    """One chart: traces and layout of Plotly, and what the corner says."""

    title: str
    data: list[dict[str, Any]]
    layout: dict[str, Any] = field(default_factory=dict)
    note: str = ""

    def figure(self) -> dict[str, Any]:
        layout: dict[str, Any] = {
            "width": WIDTH,
            "height": 310,
            "margin": {"l": 70, "r": 20, "t": 54, "b": 48},
            "title": {
                "text": escaped(self.title),
                "x": 0.01,
                "xanchor": "left",
                "y": 0.97,
                "yanchor": "top",
                "font": {"size": 14},
            },
            "font": {"family": "system-ui, sans-serif", "size": 12, "color": INK},
            "paper_bgcolor": "white",
            "plot_bgcolor": "white",
            "colorway": list(COLOURS),
            "showlegend": len([trace for trace in self.data if trace.get("showlegend", "name" in trace)]) > 1,
            "annotations": [],
        }
        if self.note:
            place = {"xref": "paper", "yref": "paper", "x": 1, "y": 1.0, "xanchor": "right", "yanchor": "bottom"}
            layout["annotations"] = [{**place, "text": self.note, "showarrow": False, "font": {"size": 11}}]
        for axis in ("xaxis", "yaxis"):
            layout[axis] = {"zeroline": False, "gridcolor": "#eeeeee", "linecolor": "#888888", "ticks": "outside"}
        for key, value in self.layout.items():
            layout[key] = {**layout[key], **value} if isinstance(layout.get(key), dict) else value
        return {"data": self.data, "layout": layout, "config": {"displaylogo": False, "responsive": False}}


def numbers(values: Values) -> list[float | None]:
    """Six digits are more than a screen shows; what is not finite is a gap."""
    return [float(f"{value:.6g}") if np.isfinite(value) else None for value in np.asarray(values, dtype=float).tolist()]


def axis(name: str, unit: str) -> dict[str, Any]:
    return {"title": {"text": label(name, unit)}}


def _source(checkpoint: Checkpoint, monitor: str) -> str:
    return str(checkpoint[monitor].description.get("source", "the source"))


def raster(checkpoint: Checkpoint, name: str) -> Chart:
    spikes = checkpoint.spikes(name)
    t, i = np.asarray(spikes["t"]), np.asarray(spikes["i"])
    count = int(spikes.attrs.get("N") or i.max(initial=0) + 1)
    end = max(checkpoint.t, float(t.max(initial=0)))
    shown, unit = scaled(np.array([0.0, end]), "s")
    factor = shown[1] / end if end else 1.0
    layout = {
        "xaxis": {**axis("time", unit), "range": numbers(shown)},
        "yaxis": {**axis("neuron", ""), "range": [-0.5, count - 0.5]},
        "height": 340,
    }
    title = f"{name}: events of {_source(checkpoint, name)}"
    if len(t) <= MARKS_UP_TO:
        marks = {
            "symbol": "line-ns-open",
            "size": float(np.clip(280 / count, 3, 9)),
            "color": INK,
            "line": {"width": 0.8},
        }
        trace = {"type": "scatter", "mode": "markers", "x": numbers(t * factor), "y": i.tolist(), "marker": marks}
        return Chart(title, [trace], layout, f"{len(t):,} spikes")
    shape = (COLUMNS // 2, min(count, 130))
    density, across, up = np.histogram2d(t, i, bins=shape, range=((0, end), (-0.5, count - 0.5)))
    trace = {
        "type": "heatmap", "z": density.T.astype(int).tolist(), "x": numbers((across[1:] + across[:-1]) / 2 * factor),
        "y": numbers((up[1:] + up[:-1]) / 2), "colorscale": "Viridis", "colorbar": {"title": {"text": "spikes per dot"}},
    }  # fmt: skip
    return Chart(title, [trace], layout, f"density of {len(t):,} spikes, {shape[0]} × {shape[1]} dots")


def rate(checkpoint: Checkpoint, name: str) -> Chart:
    found = checkpoint.rate(name)
    note = ""
    try:
        width = max(5e-3, 2 * found.dt)
        found = found.smooth(width)
        note = f"gaussian window, {width * 1e3:g} ms"
    except EngramError:  # of steps that differ, as after a change of dt
        note = "raw values"
    values, unit = scaled(found.rate, "Hz")
    times, time_unit = scaled(found.t, "s")
    x, y, reduced = envelope(times, values, COLUMNS)
    note += f"; least and greatest of each of {COLUMNS} columns" if reduced else ""
    layout = {"xaxis": axis("time", time_unit), "yaxis": {**axis("rate", unit), "rangemode": "tozero"}}
    return Chart(f"{name}: rate of {_source(checkpoint, name)}", [_line(x, y)], layout, note)


def traces(checkpoint: Checkpoint, name: str) -> Iterator[Chart]:
    recording = checkpoint.recording(name)
    times, time_unit = scaled(recording["t"].values, "s")
    for variable, data in recording.data_vars.items():
        kind = str(data.dims[1])
        elements = recording[kind].values[:MOST_LINES]
        values = np.asarray(data[:, :MOST_LINES].values, dtype=float)
        shown, unit = scaled(values, str(data.attrs["units"]))
        lines: list[dict[str, Any]] = []
        words: list[str] = []
        reduced = False
        for place, number in enumerate(elements):
            x, y, left_out = envelope(times, shown[:, place], COLUMNS)
            reduced = reduced or left_out
            lines.append({**_line(x, y), "name": f"{kind} {number}"})
        if reduced:
            words.append(f"least and greatest of each of {COLUMNS} columns, {len(times):,} values a line")
        if len(elements) < data.shape[1]:
            words.append(f"{len(elements)} of {data.shape[1]:,} recorded")
        layout = {"xaxis": axis("time", time_unit), "yaxis": axis(str(variable), unit)}
        yield Chart(f"{name}: {variable} of {_source(checkpoint, name)}", lines, layout, "; ".join(words))


def _line(x: Values, y: Values) -> dict[str, Any]:
    return {"type": "scatter", "mode": "lines", "x": numbers(x), "y": numbers(y), "line": {"width": 1.2}}


def weights(checkpoint: Checkpoint, name: str, variable: str) -> Chart:
    table = checkpoint.synapses(name)
    values, unit = scaled(np.asarray(table[variable], dtype=float), str(table.attrs["units"][variable]))
    finite = values[np.isfinite(values)]
    heights, edges = np.histogram(finite, bins=60)
    bars = {
        "type": "bar", "x": numbers((edges[1:] + edges[:-1]) / 2), "y": heights.tolist(), "width": numbers(np.diff(edges)),
        "marker": {"color": COLOURS[0]},
    }  # fmt: skip
    mean = f", mean {finite.mean():.3g} {unit}".rstrip() if finite.size else ""
    layout = {"xaxis": axis(variable, unit), "yaxis": axis("synapses", ""), "bargap": 0}
    return Chart(f"{variable} of {name} at t = {checkpoint.t:g} s", [bars], layout, f"{len(values):,} synapses{mean}")


def weights_over_time(run: Reader, moments: Sequence[Checkpoint], name: str, variable: str) -> Chart | None:
    """How the distribution moved on the way to the last of ``moments``; None where there is one moment only."""
    found: dict[float, Any] = {}
    unit = "1"
    for checkpoint in moments:
        if name in checkpoint and len(checkpoint[name]):
            table = checkpoint.synapses(name)
            if variable in table.columns:
                unit = str(table.attrs["units"][variable])
                found[checkpoint.t] = np.quantile(np.asarray(table[variable], dtype=float), QUANTILES)
    if len(found) < 2:
        return None
    times, time_unit = scaled(np.array(sorted(found)), "s")
    bands, prefixed = scaled(np.array([found[t] for t in sorted(found)]), unit)
    x = numbers(times)

    def band(low: int, high: int, colour: str, name: str) -> list[dict[str, Any]]:
        plain = {"type": "scatter", "mode": "lines", "line": {"width": 0}, "x": x, "hoverinfo": "skip"}
        return [
            {**plain, "y": numbers(bands[:, low]), "showlegend": False},
            {**plain, "y": numbers(bands[:, high]), "fill": "tonexty", "fillcolor": colour, "name": name},
        ]

    data = [
        *band(0, 4, "rgba(86,180,233,0.35)", "5 % to 95 %"),
        *band(1, 3, "rgba(0,114,178,0.45)", "25 % to 75 %"),
        {
            "type": "scatter", "mode": "lines+markers", "x": x, "y": numbers(bands[:, 2]), "name": "median",
            "line": {"color": INK},
        },
    ]  # fmt: skip
    layout = {"xaxis": axis("time", time_unit), "yaxis": axis(variable, prefixed)}
    return Chart(f"{variable} of {name}, from checkpoint to checkpoint", data, layout, f"{len(found)} checkpoints")


def tree(found: Tree) -> Chart:
    rows = found.rows()
    shown, unit = scaled(np.array([node.t for node in found.nodes], dtype=float), "s")
    place = {node.id: (float(x), rows[node.id]) for node, x in zip(found.nodes, shown, strict=True)}
    x: list[float | None] = []
    y: list[float | None] = []
    for node in found.nodes:
        if node.parent in place:
            (from_x, from_y), (to_x, to_y) = place[str(node.parent)], place[node.id]
            x += [from_x, from_x, to_x, None]
            y += [from_y, to_y, to_y, None]
    lines = {
        "type": "scatter", "mode": "lines", "x": x, "y": y, "line": {"color": "#999999", "width": 1.4}, "hoverinfo": "skip",
    }  # fmt: skip
    dots = {
        "type": "scatter", "mode": "markers+text", "x": [place[node.id][0] for node in found.nodes],
        "y": [place[node.id][1] for node in found.nodes], "text": [escaped(node.words) for node in found.nodes],
        "hovertext": [escaped(node.label) for node in found.nodes], "hoverinfo": "text", "textposition": "top center",
        "marker": {
            "size": [11 if node.words else 6 for node in found.nodes],
            "color": [COLOURS[rows[node.id] % len(COLOURS)] for node in found.nodes],
        },
    }  # fmt: skip
    count = max(rows.values(), default=0) + 1
    layout = {
        "xaxis": axis("network time", unit), "yaxis": {"visible": False, "range": [count - 0.5, -0.8]},
        "height": int(np.clip(140 + 45 * count, 180, 700)),
    }  # fmt: skip
    return Chart("checkpoints and branches", [lines, dots], layout)


def written(run: Reader) -> Chart | None:
    """Network time over real time, and what each checkpoint wrote; None where checkpoints do not say when they were made."""
    table = run.checkpoints.dropna(subset=["created"])
    if len(table) < 2 or "written" not in table:
        return None
    since = (table["created"] - table["created"].iloc[0]).dt.total_seconds().to_numpy()
    shown, unit = scaled(since, "s")
    times, time_unit = scaled(table["t"].to_numpy(dtype=float), "s")
    sizes, size_unit = scaled(table["written"].to_numpy(dtype=float), "B")
    data = [
        {
            "type": "scatter", "mode": "lines+markers", "x": numbers(shown), "y": numbers(times), "name": "network time",
            "line": {"color": COLOURS[0]}, "marker": {"size": 5},
        },
        {
            "type": "scatter", "mode": "markers", "x": numbers(shown), "y": numbers(sizes), "yaxis": "y2",
            "name": "bytes written", "marker": {"color": COLOURS[1], "symbol": "square", "size": 5},
        },
    ]  # fmt: skip
    layout = {
        "xaxis": axis("real time since the first checkpoint", unit),
        "yaxis": axis("network time", time_unit),
        "yaxis2": {**axis("written", size_unit), "overlaying": "y", "side": "right", "rangemode": "tozero"},
        "legend": {"orientation": "h", "y": 1.12, "x": 0.35},
        "margin": {"r": 70},
    }
    return Chart("how fast it went", data, layout)


def escaped(text: str) -> str:
    """Plotly reads a little HTML in texts; nothing here is meant as that."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
