#!/usr/bin/env python3
"""Kills a sweep at random moments, starts the same command again, and compares every run and the table with an undisturbed sweep.

    tools/campaigns/sweeps.py [--program .build/release/engram] [--runs 200] [--kills 20] [--seed 1] [--jobs 2]

Kills are SIGKILL to the sweep alone, SIGTERM to it, and SIGKILL to everything at once, in turn. Status 1 where anything differs.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

MODEL = """\
name: short
seed: 3
constants: {w_exc: 1 mV, tau: 10 ms}
objects:
  - kind: NeuronGroup
    name: G
    N: 100
    model: "dv/dt = -v/tau + 2*mV*xi*tau**-0.5 : volt"
    method: euler
    threshold: v > 3*mV
    reset: v = 0*mV
  - {kind: Synapses, name: S, source: G, model: "w : 1", on_pre: v_post += w_exc*w, connect: {condition: i != j, p: 0.2}, initial: {w: rand()}}
  - {kind: SpikeMonitor, name: spikes, source: G}
run: 200 ms
"""


def children(process):
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]) == process:
                    found.append(int(entry.name))
            except (OSError, IndexError, ValueError):
                pass
    return found


def digests(program, sweep, count):
    return [
        subprocess.run([program, "digest", f"{sweep}/{number:04d}/run.engram"], capture_output=True, text=True, check=True).stdout.strip()
        for number in range(1, count + 1)
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(ROOT / ".build/release/engram"))
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="engram-sweeps-") as folder:
        file = Path(folder) / "short.yaml"
        file.write_text(MODEL)
        half = max(1, options.runs // 2)

        def command(name):
            return [options.program, "sweep", str(file), "--over", f"w_exc=1mV:3mV:{half}", "--over", "seed=1..2", "--jobs", str(options.jobs),
                    "--checkpoint-every", "50ms", "--in", f"{folder}/{name}", "--table", f"{folder}/{name}.csv", "-q"]

        began = time.monotonic()
        subprocess.run(command("whole"), check=True)
        undisturbed = time.monotonic() - began
        print(f"undisturbed: {2 * half} runs in {undisturbed:.1f} s")
        statuses = []
        for round_ in range(options.kills):
            process = subprocess.Popen(command("killed"))
            time.sleep(chance.uniform(0.01, 1.5 * undisturbed / options.kills))
            if round_ % 3 == 1:
                process.send_signal(signal.SIGTERM)
            else:
                for child in children(process.pid) if round_ % 3 == 2 else []:
                    try:
                        os.kill(child, signal.SIGKILL)
                    except ProcessLookupError:
                        pass
                process.kill()
            statuses.append(process.wait())
        last = subprocess.run(command("killed"), check=False).returncode
        print(f"statuses of {options.kills} disturbed calls: {statuses}; of the last one: {last}")
        same = digests(options.program, f"{folder}/whole", 2 * half) == digests(options.program, f"{folder}/killed", 2 * half)
        tables = Path(f"{folder}/whole.csv").read_bytes() == Path(f"{folder}/killed.csv").read_bytes()
        print(f"digests equal: {same}; tables equal: {tables}")
        wrong = [status for status in statuses if status not in (0, 75, -9)]
        sys.exit(0 if last == 0 and same and tables and not wrong else 1)


if __name__ == "__main__":
    main()
