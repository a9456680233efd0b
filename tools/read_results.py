"""Opens an exported run with h5py, prints firing rates and draws a raster, the population rate and a membrane trace.

    python tools/read_results.py RESULTS.h5 PICTURE.png
"""
import sys

import h5py
import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt

source, picture = sys.argv[1:3]


def text(value):
    """Texts in the file have a fixed length and arrive as bytes."""
    return value.decode() if isinstance(value, bytes) else value


with h5py.File(source) as file:
    recordings = file["recordings"]
    spikes, trace, rate = recordings["spikes"], recordings["trace"], recordings["rate"]
    t, i = spikes["t"][:], spikes["i"][:]
    count = spikes["count"][:]
    duration = float(file.attrs["t"])
    v, trace_t, neuron = trace["v"][:], trace["t"][:], trace["neuron"][:]
    rate_t, rate_hz = rate["t"][:], rate["rate"][:]
    print(f"{text(file.attrs['network'])}: {len(count)} neurons, {len(t)} spikes in {duration:g} s")
    print(f"mean rate: {len(t) / len(count) / duration:.2f} Hz "
          f"(excitatory {np.mean(count[:3200]) / duration:.2f} Hz, inhibitory {np.mean(count[3200:]) / duration:.2f} Hz)")
    print(f"trace v: shape {v.shape} in {text(trace['v'].attrs['units'])}, times in {text(trace['t'].attrs['units'])}")

figure, (raster, population, membrane) = plt.subplots(
    3, 1, figsize=(10, 8), sharex=True, height_ratios=[4, 1.2, 1.5], constrained_layout=True)
excitatory = i < 3200
raster.plot(t[excitatory] * 1e3, i[excitatory], ",", color="#1f4e79", alpha=0.8)
raster.plot(t[~excitatory] * 1e3, i[~excitatory], ",", color="#b03a2e", alpha=0.8)
raster.axhline(3200, color="0.6", linewidth=0.5)
raster.set_ylabel("neuron")
raster.set_ylim(0, len(count))
raster.set_title("Balanced network (Vogels & Abbott 2005): excitatory (blue) and inhibitory (red) spikes", fontsize=11)
width = 50  # 5 ms at 0.1 ms
smooth = np.convolve(rate_hz, np.ones(width) / width, mode="same")
population.plot(rate_t * 1e3, smooth, color="0.2", linewidth=0.8)
population.set_ylabel("rate (Hz)")
population.set_ylim(bottom=0)
for column, index in enumerate(neuron):
    membrane.plot(trace_t * 1e3, v[:, column] * 1e3, linewidth=0.7, label=f"neuron {index}")
membrane.set_ylabel("v (mV)")
membrane.set_xlabel("time (ms)")
membrane.legend(loc="lower right", fontsize=8, ncols=2)
for axis in (raster, population, membrane):
    axis.spines[["top", "right"]].set_visible(False)
figure.savefig(picture, dpi=130)
print(f"wrote {picture}")
