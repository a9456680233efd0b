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
    """What to draw: one panel per monitor and variable."""
    for name, data in r.data.items():
        if "rate" in data:
            yield name, "rate", data["t"], data["rate"]
        elif "i" in data:
            yield name, "raster", data["t"], data["i"]
        else:
            for variable, values in data.items():
                if values.ndim == 2:
                    yield name, variable, data["t"], values


def draw(name, r, caption):
    chosen = list(panels(r))[:4]
    figure, axes = plt.subplots(len(chosen), 1, figsize=(9, 2.2 * len(chosen) + 0.6), squeeze=False, constrained_layout=True)
    for axis, (monitor, what, t, values) in zip(axes[:, 0], chosen):
        if what == "raster":
            axis.plot(t, values, "," if len(t) > 2000 else "|", color="#1f4e79")
            axis.set_ylabel("cell")
        elif what == "rate":
            width = max(1, int(round(2e-3 / (t[1] - t[0]))))
            axis.plot(t, np.convolve(values, np.ones(width) / width, mode="same"), color="0.2", linewidth=0.8)
            axis.set_ylabel("rate (Hz)")
        elif values.shape[1] > 60:
            axis.hist(values[-1], bins=40, color="#b03a2e")
            axis.set_ylabel(f"final {what}")
        else:
            axis.plot(t, values, linewidth=0.7)
            axis.set_ylabel(what)
        axis.set_title(monitor, fontsize=8, loc="left")
        axis.spines[["top", "right"]].set_visible(False)
    axes[-1, 0].set_xlabel("time (s)")
    figure.suptitle(f"{name}: {caption}", fontsize=10)
    figure.savefig(OUT / f"{name}.png", dpi=110)
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
        caption = f"{what} {value:.4g} {unit}"
        draw(name, results, caption)
        print(f"{'ok    ' if good else 'FAILED'} {name}: {caption} (stated {low:g} to {high:g}), {time.time() - started:.1f} s", flush=True)
    print(f"pictures in {OUT.relative_to(ROOT)}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
