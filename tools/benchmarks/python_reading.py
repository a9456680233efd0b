"""How fast the Python package reads: 10⁷ spikes against numpy.fromfile of the same bytes, and a run of 1,000 checkpoints.

    .venv/bin/python tools/benchmarks/python_reading.py [FOLDER]

Prints a table with the least of five times each, in seconds of the processor, so that others on the machine do not count. Files are in
the page cache; nothing here measures the disk.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

import engram

SPIKES = """\
name: spikes
objects:
  - {kind: NeuronGroup, name: G, N: 10000, model: "v : 1", threshold: v > -1, reset: ""}
  - {kind: SpikeMonitor, name: M, source: G}
run: 100 ms
"""
CHECKPOINTS = """\
name: many
objects:
  - {kind: NeuronGroup, name: G, N: 1000, model: "dv/dt = -v/(10*ms) : 1", method: exact}
  - {kind: StateMonitor, name: trace, source: G, variables: v, record: [0]}
run: 100 ms
"""


def least(what: Callable[[], object]) -> float:
    times = []
    for _ in range(5):
        began = time.process_time()
        what()
        times.append(time.process_time() - began)
    return min(times)


def spikes(folder: Path) -> None:
    (folder / "spikes.yaml").write_text(SPIKES)
    run = engram.run(folder / "spikes.yaml", directory=folder / "spikes.engram")
    table = run.spikes("M")
    for column in ("t", "i"):
        np.asarray(table[column]).tofile(folder / column)

    def plain() -> pd.DataFrame:
        return pd.DataFrame({"t": np.fromfile(folder / "t"), "i": np.fromfile(folder / "i", dtype=np.int32)}, copy=False)

    def own(found: pd.DataFrame) -> pd.DataFrame:
        return pd.DataFrame({column: np.array(found[column]) for column in found}, copy=False)

    def sums(found: pd.DataFrame) -> float:
        return float(found["t"].sum()) + float(found["i"].sum())

    assert sums(plain()) == sums(run.spikes("M"))
    print(f"{len(table):,} spikes")
    print(f"  into a DataFrame, opened anew             {least(lambda: engram.open(run.path).spikes('M')):8.4f} s")
    ours, theirs = least(lambda: sums(engram.open(run.path).spikes("M"))), least(lambda: sums(plain()))
    print(f"  into a DataFrame, every number added up   {ours:8.4f} s")
    copied, read = least(lambda: own(engram.open(run.path).spikes("M"))), least(plain)
    print(f"  into a DataFrame of its own (copy)        {copied:8.4f} s")
    print(f"  numpy.fromfile into a DataFrame           {read:8.4f} s")
    print(f"  the same, every number added up           {theirs:8.4f} s")
    print(f"  ratios: added up {ours / theirs:.2f}, copied {copied / read:.2f} (1.5 is the limit)")


def checkpoints(folder: Path) -> None:
    (folder / "many.yaml").write_text(CHECKPOINTS)
    place = folder / "many.engram"
    engram.run(folder / "many.yaml", directory=place, checkpoint_every="0.1 ms", keep=2000)
    count = len(engram.open(place).checkpoints)
    print(f"{count:,} checkpoints")
    print(f"  open                                      {least(lambda: engram.open(place)):8.4f} s")
    print(f"  open, newest checkpoint, one variable     {least(lambda: engram.open(place)['G'].v.sum()):8.4f} s")
    print(f"  open, table of checkpoints                {least(lambda: engram.open(place).checkpoints):8.4f} s")
    run = engram.open(place)
    print(f"  table of checkpoints again                {least(lambda: run.checkpoints):8.4f} s")
    print(f"  tree                                      {least(run.tree):8.4f} s")


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        spikes(folder)
        checkpoints(folder)


if __name__ == "__main__":
    main()
