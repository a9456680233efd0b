"""Runs published models in one piece and in two processes, cut at random times, and compares every bit.

    python tools/campaigns/split.py ENGRAM [--seed 1] [--cuts 1] [--longest 1.0] [MODEL.yaml…]

Without models: all of fixtures/models. `--longest` bounds the simulated time [s] per model. Exit status 0 when the digests
of both runs (arrays, pending spikes, recordings, clocks) are equal for every model and cut.
"""
import argparse
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("engram")
parser.add_argument("models", nargs="*")
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--cuts", type=int, default=1)
parser.add_argument("--longest", type=float, default=1.0)
arguments = parser.parse_args()

models = [Path(m) for m in arguments.models] or sorted((Path(__file__).parents[2] / "fixtures/models").glob("*.yaml"))
chance = random.Random(arguments.seed)
UNITS = {"ms": 1e-3, "s": 1.0}


def length(text):
    """The first duration in the steps [s]: enough to choose where to cut."""
    found = re.search(r"run: ([\d.]+) (ms|s)\b", text[text.rindex("\nrun:"):])
    return float(found[1]) * UNITS[found[2]]


def run(model, directory, until):
    subprocess.run([arguments.engram, "run", str(model), "--in", directory, "--until", f"{until!r} s"],
                   check=True, stdout=subprocess.DEVNULL)


def digest(directory):
    return subprocess.run([arguments.engram, "digest", directory], check=True, capture_output=True, text=True).stdout.strip()


failures = 0
for model in models:
    end = min(length(model.read_text()), arguments.longest)
    with tempfile.TemporaryDirectory(prefix="engram-split-") as work:
        whole = f"{work}/whole.engram"
        run(model, whole, end)
        expected = digest(whole)
        for number in range(arguments.cuts):
            cut = chance.uniform(0, end)
            parts = f"{work}/parts{number}.engram"
            run(model, parts, cut)
            run(model, parts, end)
            good = digest(parts) == expected
            failures += not good
            print(f"{'ok    ' if good else 'DIFFER'} {model.stem}: 0 → {cut:.6f} s, new process, → {end:g} s", flush=True)
sys.exit(1 if failures else 0)
