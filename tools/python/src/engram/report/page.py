"""The page: sections in order, each a table, a text or charts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import EngramError
from ..reading.checkpoint import Checkpoint
from ..reading.network import readable
from ..reading.objects import Group
from ..reading.run import Reader
from ..units import Array, best_prefix
from . import charts
from .charts import Chart

# The browser itself is told to load nothing: whatever is in the page, it asks no network.
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:"
)
_SHOWN_SYNAPSE_VARIABLES = 6
_SHOWN_CHECKPOINTS = 200
_ORDER = ("model", "threshold", "refractory", "reset", "events", "method", "source", "target", "on_pre", "on_post")

_STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, sans-serif; color: #222; background: #fff; max-width: 880px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.7rem; margin: 0; } h2 { font-size: 1.25rem; margin: 2.2rem 0 .6rem; border-bottom: 2px solid #0072B2; }
h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; } .quiet { color: #666; }
nav a { margin-right: 1rem; color: #0072B2; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; } th, td { text-align: left; vertical-align: top; padding: .2rem .7rem .2rem 0; }
th { font-weight: 600; } tbody tr { border-top: 1px solid #e5e5e5; } td { overflow-wrap: anywhere; }
table.facts th { width: 11rem; } pre { background: #f6f6f4; padding: .6rem .8rem; margin: .2rem 0; white-space: pre-wrap; overflow-wrap: anywhere; font-size: .85rem; }
td pre { padding: .1rem .4rem; margin: 0; } .chart { width: 860px; margin: .4rem 0; } .bad { color: #a40000; font-weight: 600; }
@media print {
  @page { size: A4; margin: 13mm; }
  body { margin: 0; padding: 0; font-size: 10.5pt; max-width: none; } nav { display: none; }
  .chart { zoom: .79; } .chart, tr, h2, h3 { break-inside: avoid; } h2, h3 { break-after: avoid; }
  .modebar { display: none !important; }
}
"""

_SCRIPT = """
for (const place of document.querySelectorAll(".chart")) {
  const found = JSON.parse(document.getElementById(place.id + "-data").textContent);
  Plotly.newPlot(place, found.data, found.layout, found.config);
}
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach(part => { part.open = true; }));
document.documentElement.dataset.drawn = document.querySelectorAll(".chart.js-plotly-plot").length;
"""


class _Page:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self.headings: list[tuple[str, str]] = []
        self.charts = 0

    def heading(self, text: str) -> None:
        name = text.replace(" ", "-")
        self.headings.append((name, text))
        self.parts.append(f'<h2 id="{escape(name)}">{escape(text)}</h2>')

    def html(self, text: str) -> None:
        self.parts.append(text)

    def facts(self, facts: Mapping[str, str]) -> None:
        rows = "".join(f"<tr><th>{escape(key)}</th><td>{escape(value)}</td></tr>" for key, value in facts.items())
        self.html(f'<table class="facts"><tbody>{rows}</tbody></table>')

    def table(self, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
        head = "".join(f"<th>{escape(column)}</th>" for column in columns)
        body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
        self.html(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")

    def chart(self, chart: Chart | None) -> None:
        if chart is None:
            return
        self.charts += 1
        name = f"chart-{self.charts}"
        # `<` would end the element that the data lies in.
        text = json.dumps(chart.figure(), allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")
        self.html(
            f'<script type="application/json" id="{name}-data">{text}</script><div class="chart" id="{name}"></div>'
        )


def report(source: Reader | str | Path, output: str | Path, at: str = "latest") -> Path:
    """Writes one page about a run: model, checkpoints, recordings, weights, performance, provenance. Gives its path.

    The page carries everything, the library that draws included (about 5 MB): it can be mailed, archived and printed.
    What is drawn is reduced where it is large, and says so.
    """
    library = _library()
    run = source if isinstance(source, Reader) else Reader(source)
    checkpoint = run.at(at)
    page = _Page()
    _state(page, run, checkpoint)
    _model(page, checkpoint)
    moments = _checkpoints(page, run, checkpoint)
    _recordings(page, checkpoint)
    _weights(page, run, checkpoint, moments)
    _performance(page, run)
    _provenance(page, checkpoint)
    name = escape(checkpoint.network.name or run.path.stem)
    links = " ".join(f'<a href="#{escape(link)}">{escape(text)}</a>' for link, text in page.headings)
    head = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{name} – Engram</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>'
        f"<h1>{name}</h1>"
        f'<p class="quiet">{escape(run.path.name)} at {escape(_title(checkpoint))}, t = {escape(_time(checkpoint.t))}; '
        f"report of {datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC</p><nav>{links}</nav>"
    )
    target = Path(output)
    body = "\n".join(page.parts)
    target.write_text(
        f"{head}\n{body}\n<script>{library}</script>\n<script>{_SCRIPT}</script></body></html>\n", encoding="utf-8"
    )
    return target


def _library() -> str:
    try:
        from plotly.offline import get_plotlyjs
    except ImportError as problem:
        raise EngramError("reports need Plotly: pip install 'engram-snn[report]'") from problem
    # Nothing in it may end the element that it lies in.
    return str(get_plotlyjs()).replace("</script", "<\\/script")


# -------------------------------------------------------------------------------------------------------------- sections


def _state(page: _Page, run: Reader, checkpoint: Checkpoint) -> None:
    page.heading("State")
    facts = {"checkpoint": _title(checkpoint), "network time": _time(checkpoint.t)}
    if checkpoint.created is not None:
        facts["stored"] = f"{checkpoint.created:%Y-%m-%d %H:%M:%S} UTC"
    if checkpoint.comment:
        facts["comment"] = checkpoint.comment
    facts["size"] = _bytes(checkpoint.size)
    status = run.status
    if status.state != "unknown":
        facts["the run"] = str(status)
    page.facts(facts)
    damaged = run.checkpoints.attrs.get("damaged", {})
    for name, problem in damaged.items():
        page.html(f'<p class="bad">{escape(name)}: {escape(problem)}</p>')


def _model(page: _Page, checkpoint: Checkpoint) -> None:
    page.heading("Model")
    for name, kind in checkpoint.objects.items():
        found = checkpoint[name]
        count = f", {found.N:,} elements" if isinstance(found, Group) else ""
        page.html(f'<h3>{escape(name)} <span class="quiet">{escape(kind + count)}</span></h3>')
        described = found.description
        keys = [key for key in _ORDER if key in described] + [key for key in described if key not in (*_ORDER, "N")]
        rows = "".join(f"<tr><th>{escape(key)}</th><td>{_field(described[key])}</td></tr>" for key in keys)
        if rows:
            page.html(f'<table class="facts"><tbody>{rows}</tbody></table>')
    if checkpoint.constants:
        page.html("<h3>Constants</h3>")
        page.facts({name: _text(value) for name, value in sorted(checkpoint.constants.items())})
    if checkpoint.model:
        page.html(f"<details><summary>The model file</summary><pre>{escape(checkpoint.model)}</pre></details>")


def _field(value: Any) -> str:
    """A field of a description: model text as it stands, everything else in one line."""
    if isinstance(value, str) and ("\n" in value or "=" in value):
        return f"<pre>{escape(value.strip())}</pre>"
    if isinstance(value, dict):
        return "".join(f"<div>{escape(str(key))}: {_field(item)}</div>" for key, item in value.items())
    return escape(_text(readable(value)))


def _checkpoints(page: _Page, run: Reader, checkpoint: Checkpoint) -> list[Checkpoint]:
    """Draws them; gives those on the way to ``checkpoint``, oldest first, evenly thinned where they are many."""
    page.heading("Checkpoints")
    table = run.checkpoints
    try:
        tree = run.tree()
    except EngramError:  # an export
        return [run.at(name) for name in table["id"]]
    page.chart(charts.tree(tree))
    shown = table.tail(_SHOWN_CHECKPOINTS)
    page.table(
        ("id", "names and tags", "t", "kind", "written", "parent", "comment"),
        (
            (
                str(row["id"]), ", ".join([*row["names"], *("#" + tag for tag in row["tags"])]), _time(row["t"]), str(row["kind"]),
                _bytes(row["written"]), _word(row["parent"]), _word(row["comment"]),
            )
            for row in shown.to_dict("records")
        ),
    )  # fmt: skip
    if len(shown) < len(table):
        page.html(f'<p class="quiet">the last {len(shown)} of {len(table):,} checkpoints</p>')
    parents = {node.id: node.parent for node in tree.nodes}
    path: list[str] = []
    following: str | None = checkpoint.id
    while following is not None:
        path.append(following)
        following = parents.get(following)
    path.reverse()
    if len(path) > charts.MOST_MOMENTS:
        path = [path[place] for place in np.linspace(0, len(path) - 1, charts.MOST_MOMENTS).astype(int)]
    return [run.at(name) for name in path]


def _recordings(page: _Page, checkpoint: Checkpoint) -> None:
    page.heading("Activity")
    drawn = page.charts
    of_kind: dict[str, list[str]] = {}
    for name, kind in checkpoint.objects.items():
        if "t" in checkpoint[name].variables and kind != "PoissonGroup" and np.size(checkpoint[name]["t"]):
            of_kind.setdefault(kind, []).append(name)
    for name in of_kind.get("PopulationRateMonitor", []):
        page.chart(charts.rate(checkpoint, name))
    for name in [*of_kind.get("SpikeMonitor", []), *of_kind.get("EventMonitor", [])]:
        page.chart(charts.raster(checkpoint, name))
    for name in of_kind.get("StateMonitor", []):
        for chart in charts.traces(checkpoint, name):
            page.chart(chart)
    if page.charts == drawn:
        page.html('<p class="quiet">Nothing was recorded.</p>')


def _weights(page: _Page, run: Reader, checkpoint: Checkpoint, moments: list[Checkpoint]) -> None:
    names = [name for name, kind in checkpoint.objects.items() if kind == "Synapses" and len(checkpoint[name])]
    if not names:
        return
    page.heading("Synapses")
    for name in names:
        table = checkpoint.synapses(name)
        rows, columns = table.attrs["shape"] or (0, 0)
        page.html(
            f'<h3>{escape(name)} <span class="quiet">{len(table):,} from {escape(str(table.attrs["source"]))} ({rows:,}) '
            f"to {escape(str(table.attrs['target']))} ({columns:,})</span></h3>"
        )
        variables = [column for column in table.columns if column not in ("i", "j", "lastupdate")]
        for variable in variables[:_SHOWN_SYNAPSE_VARIABLES]:
            values = np.asarray(table[variable], dtype=float)
            if values.min() == values.max():
                unit = str(table.attrs["units"][variable])
                page.html(f"<p>{escape(str(variable))} is {escape(_number(values[0], unit))} everywhere.</p>")
                continue
            page.chart(charts.weights(checkpoint, name, str(variable)))
            page.chart(charts.weights_over_time(run, moments, name, str(variable)))
        if len(variables) > _SHOWN_SYNAPSE_VARIABLES:
            left = ", ".join(map(str, variables[_SHOWN_SYNAPSE_VARIABLES:]))
            page.html(f'<p class="quiet">not drawn: {escape(left)}</p>')


def _performance(page: _Page, run: Reader) -> None:
    page.heading("Performance")
    table = run.checkpoints
    facts = {"checkpoints": f"{len(table):,}"}
    if "written" in table and len(table):
        facts["written by them"] = _bytes(table["written"].sum())
    status = run.status
    if status.rate is not None:
        facts["speed"] = f"{status.rate:.3g} simulated seconds per real second"
    if status.remaining is not None:
        facts["left"] = _time(status.remaining)
    page.facts(facts)
    page.chart(charts.written(run))


def _provenance(page: _Page, checkpoint: Checkpoint) -> None:
    page.heading("Provenance")
    facts = dict(checkpoint.provenance)
    if checkpoint.seed is not None:
        facts["seed"] = str(checkpoint.seed)
    page.facts({key: facts[key] for key in sorted(facts)})


# ----------------------------------------------------------------------------------------------------------------- texts


def _title(checkpoint: Checkpoint) -> str:
    words = [*checkpoint.names, *("#" + tag for tag in checkpoint.tags)]
    return checkpoint.id + (f" ({', '.join(words)})" if words else "")


def _number(value: float, unit: str) -> str:
    factor, name = best_prefix(value, unit)
    return f"{value / factor:.6g} {name}".rstrip()


def _time(seconds: float) -> str:
    return _number(float(seconds), "s")


def _bytes(count: float) -> str:
    return _number(float(count), "B") if count else "0 B"


def _word(value: Any) -> str:
    """A cell of a table of text; empty where there is nothing in it."""
    return value if isinstance(value, str) else ""


def _text(value: Any) -> str:
    if isinstance(value, Array) and value.ndim == 0:
        return _number(float(value), value.unit)
    if isinstance(value, (list, tuple)):
        return ", ".join(_text(readable(item)) for item in value[:50]) + (", …" if len(value) > 50 else "")
    if isinstance(value, np.ndarray):
        return f"{value.size:,} values" if value.size > 20 else ", ".join(map(str, value.tolist()))
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_text(readable(item))}" for key, item in value.items())
    return str(value)
