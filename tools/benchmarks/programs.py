"""Times Engram programs, or ways of running one, on the benchmark models, in turn, in processor time.

    python tools/benchmarks/programs.py --side old=PATH --side 'new=PATH --kernels interpreted' --side 'native=PATH --kernels native'
        [--only cuba-4000,stdp-1000x1] [--repetitions 3] [--output FILE.md]

A side is a name, a program and options of `engram run`; the last one's program gives the models. A figure is the processor time of a whole run, in all of its threads and of
the compiler it may have called, less that of a run of one step; of both the least of the repetitions counts, for a busy machine adds
to them and never takes away. One repetition that is not counted comes first: it leaves behind what compiled kernels are kept in.
For models that only make synapses the figure is that of the whole run. 'ratio' is the first side's figure over this one. Digests must
be equal on all sides; otherwise the program ends with status 1.
"""
import argparse
import os
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile

from workloads import WORKLOADS, model as model_file

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--side", action="append", required=True, metavar="NAME=COMMAND")
parser.add_argument("--only", default="")
parser.add_argument("--repetitions", type=int, default=3)
parser.add_argument("--output")
arguments = parser.parse_args()
work = tempfile.mkdtemp(prefix="engram-programs-")
environment = dict(os.environ, XDG_CACHE_HOME=os.path.join(work, "cache"))
sides = {name: shlex.split(command) for name, command in (side.split("=", 1) for side in arguments.side)}


def processor_seconds(command, model, directory, *more):
    """Of one run in a fresh directory, and of the processes it started."""
    shutil.rmtree(directory, ignore_errors=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([command[0], "run", model, "--in", directory, "--quiet", *command[1:], *more], env=environment,
                          capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr[-2000:]}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def digest(command, directory):
    return subprocess.run([command[0], "digest", directory], env=environment, capture_output=True, text=True, check=True).stdout.split()[0]


rows = []
differ = []
for name in [name for name in arguments.only.split(",") if name] or list(WORKLOADS):
    model, directory = os.path.join(work, "model.yaml"), os.path.join(work, "run.engram")
    with open(model, "w") as file:
        file.write(model_file(name, list(sides.values())[-1][0]))
    whole = {side: [] for side in sides}
    first = {side: [] for side in sides}
    digests = {}
    for _ in range(arguments.repetitions + 1):
        for side, command in sides.items():
            first[side].append(processor_seconds(command, model, directory, "--for", "0.1ms"))
            whole[side].append(processor_seconds(command, model, directory))
            digests[side] = digest(command, directory)
    costs = {side: min(whole[side][1:]) - (0 if name.startswith("connect") else min(first[side][1:])) for side in sides}
    base = next(iter(costs.values()))
    equal = len(set(digests.values())) == 1
    if not equal:
        differ.append(f"{name}: {digests}")
    rows.append([name, *(f"{costs[side]:.3f} ({base / costs[side]:.2f})" for side in sides), "equal" if equal else "differ"])
    print(" | ".join(rows[-1]), flush=True)
shutil.rmtree(work, ignore_errors=True)

titles = ["workload", *(f"{side} (s, ratio)" for side in sides), "digests"]
table = [f"| {' | '.join(row)} |" for row in [titles, ["---"] * len(titles), *rows]]
if arguments.output:
    with open(arguments.output, "w") as file:
        file.write("\n".join(table) + "\n")
if differ:
    sys.exit("\n".join(["digests differ:", *differ]))
