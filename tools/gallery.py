"""Runs published models, checks their figures of merit, draws a picture of each. Called by tools/gallery.

    python tools/gallery.py ENGRAM [MODEL…]
"""
import re
import subprocess
import sys
import time
from pathlib import Path

import h5py
import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt

ROOT = Path(__file__).parents[1]
MODELS = ROOT / "fixtures/models"
OUT = ROOT / "out/gallery"


class Results:
    """Recordings of one run: `r["spikes", "t"]`."""

    def __init__(self, file):
        self.duration = float(file.attrs["t"])
        self.data = {name: {key: item[()] for key, item in group.items() if isinstance(item, h5py.Dataset)}
                     for name, group in file["recordings"].items()}
        self.units = {(name, key): item.attrs.get("units", "1") for name, group in file["recordings"].items() for key, item in group.items()
                      if isinstance(item, h5py.Dataset)}

    def __getitem__(self, key):
        return self.data[key[0]][key[1]]

    def rate(self, name, start=0.0, cells=slice(None)):
        """Mean rate [Hz] of some cells from `start` on."""
        chosen = np.arange(len(self[name, "count"]))[cells]
        t, i = self[name, "t"], self[name, "i"]
        return np.sum((t >= start) & np.isin(i, chosen)) / len(chosen) / (self.duration - start)

    def train(self, name, cell):
        return self[name, "t"][self[name, "i"] == cell]


def rhythm(r):
    """Frequency of the largest peak of the spectrum of the population rate above 20 Hz."""
    t, rate = r["rate", "t"], r["rate", "rate"]
    part = rate[t >= 0.1]
    power = np.abs(np.fft.rfft(part - part.mean())) ** 2
    f = np.fft.rfftfreq(len(part), t[1] - t[0])
    smooth = np.convolve(power, np.ones(9) / 9, mode="same")
    return f[(f > 20) & (f < 1000)][np.argmax(smooth[(f > 20) & (f < 1000)])]


def order_parameter(r):
    theta = r["trace", "theta"]
    return np.abs(np.exp(1j * theta).mean(axis=1))[len(theta) // 2:].mean()


def depression(r):
    """Jumps of the current at the spikes: the value at the end of the step, less what was left of it."""
    t, current = r["trace", "t"], r["trace", "I"][:, 0]
    at = [int(round((0.010 + 0.050 * k) / 1e-4)) for k in range(10)]
    jumps = [current[k] - current[k - 1] * np.exp(-0.1 / 3) for k in at]
    return jumps[9] / jumps[0]


def direction(r):
    """Correlation between the true delay of each half second and the detector that fires most."""
    t, i = r["spikes", "t"], r["spikes", "i"]
    best = [np.bincount(i[(t >= k / 2) & (t < (k + 1) / 2)], minlength=30) for k in range(7)]
    centre = [np.sum(np.arange(30) * np.maximum(b - b.mean(), 0) ** 2) / np.sum(np.maximum(b - b.mean(), 0) ** 2) for b in best]
    return np.corrcoef(centre, np.arange(7))[0, 1]


def efficacy(r):
    """Efficacy for post 20 ms after pre, less for post 20 ms before pre: synapses 8 and 4 (10 ms apart)."""
    rho = r["efficacy", "rho"][-1]
    return rho[8] - rho[4]


def isi(r):
    trains = [r.train("spikes", cell) for cell in range(10)]
    return 1e3 * np.mean(np.concatenate([np.diff(x[x > r.duration - 0.5]) for x in trains]))


def period(r):
    return 1e3 * np.mean(np.diff(r.train("spikes", 2))[1:])


MEASURES = {
    "adex": lambda r: len(r.train("spikes", 3)),
    "brunel": lambda r: r.rate("spikes", 0.1),
    "brunel_hakim": rhythm,
    "coba": lambda r: r.rate("spikes"),
    "cobahh": lambda r: r.rate("spikes"),
    "cuba": lambda r: r.rate("spikes"),
    "fitzhugh_nagumo": period,
    "gap_junctions": isi,
    "graupner_brunel": efficacy,
    "hodgkin_huxley": lambda r: 1 / np.mean(np.diff(r.train("spikes", 3))),
    "izhikevich": lambda r: r.rate("spikes"),
    "jeffress": direction,
    "kuramoto": order_parameter,
    "morris_lecar": lambda r: 1 / np.mean(np.diff(r.train("spikes", 2))[1:]),
    "point_conductance": lambda r: 1e3 * r["trace", "v"][100:].std(),
    "siegert": lambda r: r.rate("spikes", 0.2),
    "song_miller_abbott": lambda r: r.rate("output", 0),
    "tsodyks_markram": depression,
    "vogels_sprekeler": lambda r: r.rate("spikes", r.duration - 1, slice(0, 1600)),
    "wang_buzsaki": lambda r: r.rate("spikes", 0.2),
}


def panels(r):
    """What to draw: one panel per monitor and variable, potentials first."""
    for name, data in r.data.items():
        if "rate" in data:
            yield name, "rate", data["t"], data["rate"]
        elif "i" in data:
            yield name, "raster", data["t"], data["i"]
        else:
            for variable, values in sorted(data.items(), key=lambda item: (item[0].lower() != "v", item[0])):
                if values.ndim == 2:
                    yield name, variable, data["t"], values


def synchrony(r):
    """How far phases agree, and how far each has turned."""
    t, theta = r["trace", "t"], r["trace", "theta"]
    r.units["trace", "order parameter"] = r.units["trace", "turns"] = "1"
    yield "trace", "order parameter", t, np.abs(np.exp(1j * theta).mean(axis=1))[:, None]
    yield "trace", "turns", t, theta[:, np.argsort(theta[-1])[3:-3:16]] / (2 * np.pi)


# What says more than the recorded variables themselves.
SPECIAL = {"kuramoto": synchrony}

# Short names of units as they stand in result files, so that a prefix can be put before them.
SHORT = {"volt": "V", "amp": "A", "siemens": "S", "second": "s", "hertz": "Hz", "metre": "m", "farad": "F", "ohm": "Ω"}
PREFIXES = [(1e-12, "p"), (1e-9, "n"), (1e-6, "µ"), (1e-3, "m"), (1, ""), (1e3, "k"), (1e6, "M")]
COLOURS = ["#1f4e79", "#c0392b", "#2e7d32", "#8e44ad", "#d68910", "#117a8b", "#7b5e57", "#4d4d4d"]


def scaled(values, unit, name):
    """Numbers in a readable unit, and the label of their axis."""
    unit = unit.decode() if isinstance(unit, bytes) else str(unit)
    unit = SHORT.get(unit, unit)
    finite = np.abs(values[np.isfinite(values)])
    largest = finite.max() if finite.size else 0
    if unit == "1":
        return values, name
    if unit not in SHORT.values() and unit != "Hz" or largest == 0:
        return values, f"{name} ({unit})"
    factor, prefix = max((p for p in PREFIXES if p[0] <= largest), default=PREFIXES[0])
    return values / factor, f"{name} ({prefix}{unit})"


def raster(axis, t, cells):
    span = cells.max() + 1 if len(cells) else 1
    axis.plot(t, cells, "|" if span <= 60 else ".", color=COLOURS[0], markersize=max(1.2, min(9, 110 / span)) if span <= 60 else 1.2,
              markeredgewidth=1 if span <= 60 else 0, rasterized=True)
    axis.set_ylim(-0.5 - 0.02 * span, span - 0.5 + 0.02 * span)
    axis.set_ylabel("cell")
    if span <= 6:
        axis.set_yticks(range(span))


def traces(axis, t, values, label, elements, explains):
    """Up to eight lines, each with the number of its element; more would say nothing."""
    chosen = range(values.shape[1]) if values.shape[1] <= 8 else np.linspace(0, values.shape[1] - 1, 8).astype(int)
    for colour, column in zip(COLOURS, chosen):
        axis.plot(t, values[:, column], color=colour, linewidth=0.9, label=str(elements[column]) if elements is not None else str(column))
    axis.set_ylabel(label)
    if values.shape[1] > 1 and explains:
        axis.legend(title="element", fontsize=7, title_fontsize=7, loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)


def draw(name, r, caption):
    chosen = list(SPECIAL.get(name, panels)(r))[:4]
    explained = set()
    factor, time_unit = (1e3, "ms") if r.duration < 1.5 else (1, "s")
    figure, axes = plt.subplots(len(chosen), 1, figsize=(9, 2.1 * len(chosen) + 0.9), squeeze=False, constrained_layout=True)
    for axis, (monitor, what, t, values) in zip(axes[:, 0], chosen):
        t = t * factor
        title = monitor
        if what == "raster":
            raster(axis, t, values)
        elif what == "rate":
            width = max(1, int(round(2e-3 * factor / (t[1] - t[0]))))
            axis.plot(t, np.convolve(values, np.ones(width) / width, mode="same"), color=COLOURS[0], linewidth=0.9)
            axis.set_ylabel("rate (Hz)")
            axis.set_ylim(bottom=0)
            title += ", mean over 2 ms"
        else:
            values, label = scaled(values, r.units[monitor, what], what)
            if values.shape[1] > 60:
                axis.hist(values[-1], bins=40, color=COLOURS[0])
                axis.set_xlabel(label)
                axis.set_ylabel("elements")
                title += f", {what} at the end"
            else:
                elements = None if name in SPECIAL else next((r.data[monitor][key] for key in ("neuron", "synapse") if key in r.data[monitor]), None)
                traces(axis, t, values, label, elements, monitor not in explained)
                explained.add(monitor)
        if not axis.get_xlabel():
            axis.set_xlim(0, r.duration * factor)
            axis.set_xlabel(f"time ({time_unit})")
        axis.set_title(title, fontsize=9, loc="left", color="0.35")
        axis.spines[["top", "right"]].set_visible(False)
    # Panels above one another share their time axis; its label stands once.
    for upper, lower in zip(axes[:-1, 0], axes[1:, 0]):
        if upper.get_xlabel() == lower.get_xlabel():
            upper.set_xlabel("")
    figure.suptitle(f"{name.replace('_', ' ')}: {caption}", fontsize=11)
    figure.savefig(OUT / f"{name}.png", dpi=120)
    plt.close(figure)


def main(engram, names):
    OUT.mkdir(parents=True, exist_ok=True)
    failures = 0
    for path in sorted(MODELS.glob("*.yaml")):
        name = path.stem
        if names and name not in names:
            continue
        stated = re.search(r"Figure of merit: (.+?), (-?\d+(?:\.\d+)?) to (-?\d+(?:\.\d+)?)\s*([\w%]*)", " ".join(path.read_text().split()))
        what, low, high, unit = stated[1], float(stated[2]), float(stated[3]), stated[4]
        run, flat = OUT / f"{name}.engram", OUT / f"{name}.h5"
        started = time.time()
        steps = [[engram, "run", str(path), "--in", str(run), "--fresh"] if run.exists() else [engram, "run", str(path), "--in", str(run)],
                 [engram, "export", str(run), "-o", str(flat)]]
        flat.unlink(missing_ok=True)
        for step in steps:
            done = subprocess.run(step, capture_output=True, text=True)
            if done.returncode != 0:
                break
        if done.returncode != 0:
            print(f"FAILED {name}: {' '.join(step)}\n{done.stdout[-800:]}{done.stderr[-1500:]}")
            failures += 1
            continue
        with h5py.File(flat) as file:
            results = Results(file)
        value = MEASURES[name](results)
        good = low <= value <= high
        failures += not good
        caption = f"{what} = {value:.4g} {unit}".replace("**2", "²").replace("uA", "µA").rstrip()
        draw(name, results, caption)
        print(f"{'ok    ' if good else 'FAILED'} {name}: {caption} (stated {low:g} to {high:g}), {time.time() - started:.1f} s", flush=True)
    print(f"pictures in {OUT.relative_to(ROOT)}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
