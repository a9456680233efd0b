"""Runs published models and those of single features, checks their figures of merit, draws a picture of each. Called by tools/gallery.

    python tools/gallery.py ENGRAM [--pages] [MODEL…]

With --pages the pictures go to Documentation/Gallery, small, and the page Documentation/Gallery.md is written with what came out.
"""
import csv
import math
import re
import subprocess
import sys
import time
from pathlib import Path

import h5py
import matplotlib
import numpy as np
import yaml

matplotlib.use("Agg")
import matplotlib.pyplot as plt

ROOT = Path(__file__).parents[1]
FOLDERS = {"models": ROOT / "fixtures/models", "features": ROOT / "fixtures/features"}
OUT = ROOT / "out/gallery"
PAGE = ROOT / "Documentation/Gallery.md"
PICTURES = ROOT / "Documentation/Gallery"


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


def lapicque(drive):
    """The rate of a leaky integrate-and-fire neuron [Hz] by theory: a threshold of 10 mV, 10 ms, and 2 ms of rest; drive in mV."""
    return 0 if drive <= 10 else 1e3 / (2 + 10 * math.log(drive / (drive - 10)))


def deviation(table):
    return max(abs(float(row["spikes.rate [Hz]"]) - lapicque(float(row["drive [mV]"]))) for row in table)


MEASURES = {
    "f_i_curve": deviation,
    "homeostasis": lambda r: r.rate("spikes", r.duration - 1),
    "rheobase": lambda r: 1e9 * r["trace", "I"][-1, 0],
    "spike_input": lambda r: 1e3 * r["trace", "v"][: int(60e-3 / 0.05e-3), 0].max(),
    "stimulus": lambda r: 1e3 * r["trace", "v"][-1, 0],
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


def draw(name, r, caption, small):
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
            seconds = max(2e-3, 2e-3 * round(r.duration))
            window = np.ones(max(1, int(round(seconds * factor / (t[1] - t[0])))))
            # At both ends over what is there, so that the curve does not fall off.
            mean = np.convolve(values, window, mode="same") / np.convolve(np.ones_like(values), window, mode="same")
            axis.plot(t, mean, color=COLOURS[0], linewidth=0.9)
            axis.set_ylabel("rate (Hz)")
            axis.set_ylim(bottom=0)
            title += f", mean over {1e3 * seconds:.0f} ms"
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
    save(figure, name, small)


def draw_table(name, table, caption, small):
    drive, rate = (np.array([float(row[column]) for row in table]) for column in ("drive [mV]", "spikes.rate [Hz]"))
    figure, axis = plt.subplots(figsize=(9, 3.4), constrained_layout=True)
    fine = np.linspace(drive.min(), drive.max(), 400)
    axis.plot(fine, [lapicque(x) for x in fine], color="0.6", linewidth=1, label="theory")
    axis.plot(drive, rate, "o", color=COLOURS[0], markersize=4, label="a run of the sweep")
    axis.set_xlabel("drive (mV)")
    axis.set_ylabel("rate (Hz)")
    axis.legend(frameon=False)
    axis.spines[["top", "right"]].set_visible(False)
    figure.suptitle(f"{name.replace('_', ' ')}: {caption}", fontsize=11)
    save(figure, name, small)


def save(figure, name, small):
    """As a PNG; a small one has fewer pixels and a palette, so that a page of them loads quickly."""
    if small:
        from PIL import Image

        PICTURES.mkdir(exist_ok=True)
        figure.savefig(OUT / f"{name}.small.png", dpi=80)
        Image.open(OUT / f"{name}.small.png").convert("RGB").quantize(64).save(PICTURES / f"{name}.png", optimize=True)
        (OUT / f"{name}.small.png").unlink()
    else:
        figure.savefig(OUT / f"{name}.png", dpi=120)
    plt.close(figure)


TITLES = {
    "adex": "AdEx", "brunel_hakim": "Brunel and Hakim", "coba": "COBA", "cobahh": "COBAHH", "cuba": "CUBA", "f_i_curve": "Rate over current, a sweep",
    "fitzhugh_nagumo": "FitzHugh–Nagumo", "graupner_brunel": "Graupner and Brunel", "hodgkin_huxley": "Hodgkin–Huxley", "morris_lecar": "Morris–Lecar",
    "homeostasis": "Homeostasis, in two runs", "rheobase": "Rheobase, by bisection", "song_miller_abbott": "Song, Miller and Abbott: STDP",
    "spike_input": "Spikes at given times", "stimulus": "A stimulus over time", "tsodyks_markram": "Tsodyks–Markram: short-term plasticity",
    "vogels_sprekeler": "Vogels and Sprekeler: inhibitory plasticity", "wang_buzsaki": "Wang–Buzsáki",
}  # fmt: skip


def one_line(text):
    return " ".join(str(text).split())


def section(path, caption, stated):
    """What the page says of a model."""
    model = yaml.safe_load(path.read_text(encoding="utf-8"))
    description, _, _ = one_line(model["description"]).partition(" Figure of merit:")
    file = path.relative_to(ROOT)
    command = f"engram sweep {file} --table {path.stem}.csv" if "sweep" in model else f"engram run {file}"
    return f"""### {TITLES.get(path.stem, path.stem.replace("_", " ").capitalize())}

{description}

![{path.stem.replace("_", " ")}](Gallery/{path.stem}.png)

{caption[0].upper() + caption[1:]}; stated: {stated}. Model: [`{file}`](../{file}).

```console
{command}
```

{one_line(model["citation"])}
"""


def write_page(sections):
    text = [
        "# Gallery",
        "<!-- Written by tools/gallery --pages. -->",
        "Published models, and models of single features, each with its source, the command that runs it, a picture, and a figure of merit: a number "
        "that a correct simulation has to bring into the range that the file states. The range comes from the paper or from theory. "
        "`tools/gallery` runs all of them and checks the figures; the pictures are made by it.",
        "## Published models",
        *sections["models"],
        "## Features at work",
        *sections["features"],
    ]
    PAGE.write_text("\n\n".join(part.strip() for part in text) + "\n", encoding="utf-8")


def sweep(engram, path):
    """The rows of the table of a model that is a sweep."""
    folder, table = OUT / f"{path.stem}.sweep", OUT / f"{path.stem}.csv"
    subprocess.run(["rm", "-rf", folder], check=True)
    done = subprocess.run([engram, "sweep", str(path), "--in", str(folder), "--table", str(table), "-q"], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    with open(table, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))




def main(engram, names):
    small = "--pages" in names
    names = [name for name in names if name != "--pages"]
    OUT.mkdir(parents=True, exist_ok=True)
    failures = 0
    sections = {folder: [] for folder in FOLDERS}
    for folder, path in ((folder, path) for folder, place in FOLDERS.items() for path in sorted(place.glob("*.yaml"))):
        name = path.stem
        if names and name not in names:
            continue
        text = path.read_text(encoding="utf-8")
        stated = re.search(
            r"Figure of merit: (.+?), ((-?\d+(?:\.\d+)?) to (-?\d+(?:\.\d+)?) ?([\w%]*(?: units)?)(?: \([^)]*\))?)", " ".join(text.split())
        )
        what, range_text, low, high, unit = stated[1], stated[2], float(stated[3]), float(stated[4]), stated[5]
        unit = "" if unit.startswith("citation") else unit
        run, flat = OUT / f"{name}.engram", OUT / f"{name}.h5"
        started = time.time()
        if "\nsweep:" in text:
            results = sweep(engram, path)
        else:
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
        (draw_table if isinstance(results, list) else draw)(name, results, caption, small)
        sections[folder].append(section(path, caption, range_text))
        print(f"{'ok    ' if good else 'FAILED'} {name}: {caption} (stated {low:g} to {high:g}), {time.time() - started:.1f} s", flush=True)
    if small and not names and not failures:
        write_page(sections)
    print(f"pictures in {(PICTURES if small else OUT).relative_to(ROOT)}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
