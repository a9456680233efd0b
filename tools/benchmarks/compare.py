"""Times Engram beside Brian 2 on the same models, in turn, in one run, and prints ratios.

    python tools/benchmarks/compare.py --peer-python PYTHON [--peers ../shared/peers] [--target cpp|cython|numpy]
        [--only cuba-4000,stdp-1000x1] [--repetitions 3] [--threads 1] [--output FILE.md]

PYTHON is an interpreter with brian2 installed. Both sides time their simulation loop alone. 'First step' is the wait before
it: for Engram reading the model and preparing it, for the peer making its objects, generating code and compiling it (target
cpp: all of the binary; the others: what is not in their cache). Making synapses has no loop: there Engram's figure is the
time before the first step, the peer's that of its calls; target cpp makes synapses inside its binary, so there it is the
time of the binary outside of its loop, which includes writing the results. Persistence is always on for Engram: every run
has a run directory with checkpoints. Build Engram first: swift build -c release --product engram.
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


def making_synapses(peer):
    """What the peer spent on connecting and setting weights."""
    return peer["outside_loop_s"] if arguments.target == "cpp" else peer["connect_only_s"] + peer["set_w_s"]


def figure(value, digits=3):
    return "" if value is None else f"{value:.{digits}f}"


rows = []
wanted = [name for name in arguments.only.split(",") if name] or list(WORKLOADS)
for name in wanted:
    text, options, milliseconds = WORKLOADS[name]
    ours = [run_engram(name, text) for _ in range(arguments.repetitions)]
    loop = statistics.median(report["loop_seconds"] for report in ours)
    first = statistics.median(report["setup_seconds"] for report in ours)
    peer = run_peer(options) if arguments.peer_python else None
    theirs = statistics.median(peer["sim_s"]) if peer else None
    if name.startswith("connect"):
        loop, theirs = first, making_synapses(peer) if peer else None
    ratio = theirs / loop if theirs is not None and loop else None
    wait = peer["construct_s"] + peer["build_s"] if peer else None
    rows.append([
        name, figure(loop), figure(theirs), figure(ratio, 2), figure(first), figure(wait, 1),
        figure(max(report.get("peak_megabytes", 0) for report in ours), 0), figure(peer and peer.get("peak_rss_mb"), 0)])
    print(" | ".join(rows[-1]), flush=True)

side = f"Brian 2 {arguments.target}"
titles = ["workload", "Engram loop (s)", f"{side} loop (s)", "ratio", "Engram first step (s)", f"{side} first step (s)",
          "Engram peak (MB)", f"{side} peak (MB)"]
table = [f"| {' | '.join(row)} |" for row in [titles, ["---"] * len(titles), *rows]]
print("\n".join(table))
if arguments.output:
    with open(arguments.output, "w") as file:
        file.write("\n".join(table) + "\n")
shutil.rmtree(work, ignore_errors=True)
