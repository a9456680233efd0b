"""Runs the models of fixtures/reference/statistics in Brian 2 over many seeds; writes the mean and standard deviation of
what StatisticsTests compares (fixtures/reference/statistics/reference.json).

    python tools/reference/statistics.py
"""
import json
from pathlib import Path

import brian2
import numpy as np

from model_file import load

FOLDER = Path(__file__).parents[2] / "fixtures/reference/statistics"
SEEDS = 24


def measures(experiment):
    counts = np.array(experiment.objects["spikes"].count, dtype=float)
    found = {"mean count": counts.mean(), "variance of counts": counts.var(ddof=1)}
    if "S" in experiment.objects:
        w = np.array(experiment.objects["S"].w_[:])
        found.update({"mean weight": w.mean(), "variance of weights": w.var(ddof=1)})
    if "exc" in experiment.objects:
        found["synapses"] = float(len(experiment.objects["exc"]) + len(experiment.objects["inh"]))
    return found


results = {}
for path in sorted(FOLDER.glob("*.yaml")):
    runs = []
    for seed in range(1, SEEDS + 1):
        experiment = load(path.read_text())
        experiment.file["seed"] = str(seed)
        runs.append(measures(experiment.run()))
    results[path.stem] = {name: {"mean": float(np.mean([r[name] for r in runs])), "sd": float(np.std([r[name] for r in runs], ddof=1))}
                          for name in runs[0]}
    print(path.stem, results[path.stem])
(FOLDER / "reference.json").write_text(json.dumps(
    {"source": f"Brian 2 {brian2.__version__}, numpy target", "seeds": SEEDS, "models": results}, indent=1) + "\n")
