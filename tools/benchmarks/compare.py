"""Times Engram beside Brian 2 on the same models, in turn, in one run, and prints ratios.

    python tools/benchmarks/compare.py --peer-python PYTHON [--peers ../shared/peers] [--target cpp|cython|numpy]
        [--only cuba-4000,stdp-1000x1] [--repetitions 3] [--threads 1] [--output FILE.md]

PYTHON is an interpreter with brian2 installed. Both sides time their simulation loop alone; the columns 'first step' and
'peak memory' are of Engram's whole process. Persistence is always on for Engram: every run has a run directory with
checkpoints. Build Engram first: swift build -c release --product engram.
"""
import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from workloads import WORKLOADS

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
here = os.path.dirname(os.path.abspath(__file__))
root = os.path.dirname(os.path.dirname(here))
parser.add_argument("--engram", default=os.path.join(root, ".build", "release", "engram"))
parser.add_argument("--peer-python")
parser.add_argument("--peers", default=os.path.join(root, "..", "shared", "peers"))
parser.add_argument("--target", default="cpp")
parser.add_argument("--only", default="")
parser.add_argument("--repetitions", type=int, default=3)
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--output")
arguments = parser.parse_args()
work = tempfile.mkdtemp(prefix="engram-bench-")


def run_engram(name, text):
    """One run in a fresh directory: what the program reports, and its peak memory."""
    model = os.path.join(work, f"{name}.yaml")
    directory = os.path.join(work, f"{name}.engram")
    shutil.rmtree(directory, ignore_errors=True)
    with open(model, "w") as file:
        file.write(f"name: {name.replace('-', '_').replace('.', '_')}\nseed: 1234\n{text}")
    command = [arguments.engram, "run", model, "--in", directory, "--json", "--threads", str(arguments.threads)]
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    out, errors = process.communicate()
    wall = time.perf_counter() - began
    if process.returncode != 0:
        raise RuntimeError(f"{name}: {errors[-2000:]}")
    report = json.loads(out.splitlines()[-1])
    report["process_seconds"] = wall
    shutil.rmtree(directory, ignore_errors=True)
    return report


def run_peer(options):
    command = [arguments.peer_python, "bench_brian2.py", *options, "--target", arguments.target, "--reps",
               str(arguments.repetitions), "--threads", str(arguments.threads), "--quiet-wait", "0"]
    out = subprocess.run(command, cwd=arguments.peers, capture_output=True, text=True)
    if out.returncode != 0:
        raise RuntimeError(out.stderr[-2000:])
    return json.loads(out.stdout.splitlines()[-1])


rows = []
wanted = [name for name in arguments.only.split(",") if name] or list(WORKLOADS)
for name in wanted:
    text, options, milliseconds = WORKLOADS[name]
    ours = [run_engram(name, text) for _ in range(arguments.repetitions)]
    loop = statistics.median(report["loop_seconds"] for report in ours)
    first = statistics.median(report["setup_seconds"] for report in ours)
    peer = run_peer(options) if arguments.peer_python else None
    theirs = statistics.median(peer["sim_s"]) if peer else float("nan")
    if name.startswith("connect"):
        loop, theirs = first, (peer or {}).get("connect_only_s", float("nan")) + (peer or {}).get("set_w_s", 0.0)
    rows.append((name, loop, theirs, theirs / loop if loop else float("nan"), first, ours[0].get("peak_megabytes", 0)))
    print(f"{name}: Engram {loop:.3f} s, Brian 2 {arguments.target} {theirs:.3f} s, ratio {theirs / loop if loop else float('nan'):.2f}, "
          f"first step after {first:.3f} s", flush=True)

table = [f"| workload | Engram loop (s) | Brian 2 {arguments.target} loop (s) | ratio | first step (s) | peak memory (MB) |", "|---|---|---|---|---|---|"]
table += [f"| {n} | {a:.3f} | {b:.3f} | {r:.2f} | {f:.3f} | {m:.0f} |" for n, a, b, r, f, m in rows]
print("\n".join(table))
if arguments.output:
    with open(arguments.output, "w") as file:
        file.write("\n".join(table) + "\n")
shutil.rmtree(work, ignore_errors=True)
