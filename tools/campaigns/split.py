"""Runs models in one piece and in several processes, cut at random times, and compares every bit.

    python tools/campaigns/split.py ENGRAM [--seed 1] [--cuts 1] [--longest 1.0] [MODEL.yaml…]

Without models: all of fixtures/models and fixtures/reference. Models run to the end of their steps, or to `--longest` [s] where
their first run is longer. Exit status 0 when the digests of both runs (arrays, pending spikes, recordings, clocks) are equal
for every model and cut.
"""
import argparse
import json
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

ROOT = Path(__file__).parents[2] / "fixtures"
models = [Path(m) for m in arguments.models] or sorted(ROOT.glob("models/*.yaml")) + sorted(ROOT.glob("reference/*/*.yaml"))
chance = random.Random(arguments.seed)
UNITS = {"ms": 1e-3, "s": 1.0}


def first_duration(text):
    """Of the steps [s]; enough to tell models that take long."""
    found = re.search(r"run: ([\d.]+) (ms|s)\b", text[text.rindex("\nrun:"):])
    return float(found[1]) * UNITS[found[2]] if found else 0.0


def run(model, directory, until, seeded):
    """To a time, or to the end of the steps; returns the time reached [s]."""
    command = [arguments.engram, "run", str(model), "--in", directory, "--json"]
    command += [] if until is None else ["--until", f"{until!r} s"]
    command += [] if seeded else ["--seed", "7"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)["t"]


def digest(directory):
    return subprocess.run([arguments.engram, "digest", directory], check=True, capture_output=True, text=True).stdout.strip()


failures = comparisons = 0
for model in models:
    text = model.read_text()
    seeded = re.search(r"^seed: \d", text, re.M) is not None
    end = arguments.longest if first_duration(text) > arguments.longest else None
    with tempfile.TemporaryDirectory(prefix="engram-split-") as work:
        whole = f"{work}/whole.engram"
        reached = run(model, whole, end, seeded)
        expected = digest(whole)
        for number in range(arguments.cuts):
            cut = chance.uniform(0, reached)
            parts = f"{work}/parts{number}.engram"
            try:
                run(model, parts, cut, seeded)
                run(model, parts, end, seeded)
                good = digest(parts) == expected
            except subprocess.CalledProcessError as error:
                print(error.stderr[-500:])
                good = False
            failures += not good
            comparisons += 1
            print(f"{'ok    ' if good else 'DIFFER'} {model.stem}: 0 → {cut:.6f} s, new process, → {reached:g} s", flush=True)
print(f"{comparisons} comparisons of {len(models)} models, {failures} failures")
sys.exit(1 if failures else 0)
