"""STO-12: starts a run anew again and again, each time for a step or some; counts files, descriptors, bytes and time.

    python tools/campaigns/restarts.py ENGRAM [--restarts 10000] [--variables 3] [--descriptors 64] [--longest 1]

Every restart is a process of its own that runs to the next millisecond times a random number (at most `--longest`) and stops with a
checkpoint, under `ulimit -n --descriptors`. At the end the digest must be that of one run in one piece, `verify` content, every recording in
few files, and a copy by tar no larger than 1.2 times what the directory takes on disk. Exit status 0 if all of that holds.
"""
import argparse
import math
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("engram")
parser.add_argument("--restarts", type=int, default=10000)
parser.add_argument("--variables", type=int, default=3)
parser.add_argument("--descriptors", type=int, default=64)
parser.add_argument("--longest", type=int, default=1, help="milliseconds of a part")
parser.add_argument("--seed", type=int, default=1)
arguments = parser.parse_args()
chance = random.Random(arguments.seed)
names = [f"x{number}" for number in range(arguments.variables)]

work = tempfile.mkdtemp(prefix="engram-restarts-")
model = os.path.join(work, "model.yaml")
with open(model, "w") as file:
    file.write("name: restarted\ndt: 1 ms\nseed: 1\n")
    file.write("objects:\n  - kind: NeuronGroup\n    name: G\n    N: 2\n    model: |\n")
    file.writelines(f"      d{name}/dt = (1.2 - {name})/(10*ms) : 1\n" for name in names)
    file.write("    threshold: x0 > 1\n    reset: x0 = 0\n    method: euler\n    initial: {x0: rand()}\n")
    file.write(f"  - {{kind: StateMonitor, name: m, source: G, variables: [{', '.join(names)}], record: true}}\n")
    file.write("  - {kind: SpikeMonitor, name: spikes, source: G}\n")
    file.write("run: 1000 s\n")


def limit():
    resource.setrlimit(resource.RLIMIT_NOFILE, (arguments.descriptors, arguments.descriptors))


def engram(*command):
    done = subprocess.run([arguments.engram, *command], capture_output=True, text=True, preexec_fn=limit)
    if done.returncode not in (0, 75):
        print(f"FAILED: engram {' '.join(command)}: status {done.returncode}: {done.stderr[-400:]}")
        sys.exit(1)
    return done.stdout


def segments(directory):
    return len(os.listdir(os.path.join(directory, "segments")))


try:
    directory = os.path.join(work, "r")
    reached, most, begin, last = 0, 0, time.monotonic(), time.monotonic()
    for number in range(1, arguments.restarts + 1):
        reached += chance.randint(1, arguments.longest)
        engram("run", model, "--in", directory, "--until", f"{reached} ms", "-q")
        most = max(most, segments(directory))
        if number % max(1, arguments.restarts // 10) == 0:
            now = time.monotonic()
            print(f"{number} restarts: {segments(directory)} files of recordings, {(now - last) / max(1, arguments.restarts // 10) * 1e3:.0f} ms each", flush=True)
            last = now
    took = time.monotonic() - begin
    engram("verify", directory)
    whole = os.path.join(work, "whole")
    engram("run", model, "--in", whole, "--until", f"{reached} ms", "-q")
    equal = engram("digest", directory) == engram("digest", whole)
    disk = int(subprocess.run(["du", "-s", "--block-size=1", directory], capture_output=True, text=True, check=True).stdout.split()[0])
    archive = os.path.join(work, "r.tar")
    subprocess.run(["tar", "-cf", archive, "-C", work, "r"], check=True)
    # Names of tar entries and its blocks of 10 kB are not the directory's doing.
    carried = os.path.getsize(archive) - 1536 * (sum(len(files) + len(folders) for _, folders, files in os.walk(directory)) + 20)
    rows = reached
    # Two checkpoints are kept; each recording lies in at most as many files as its length has binary digits.
    bound = 3 * (arguments.variables + 3) * (math.ceil(math.log2(rows * 16)) + 1)
    good = equal and most <= bound and carried <= 1.2 * disk
    print(
        f"{arguments.restarts} restarts of {arguments.variables + 3} recordings with {arguments.descriptors} descriptors in {took:.0f} s: "
        f"at most {most} files of recordings (bound {bound}), {disk / 1e3:.0f} kB on disk, {carried / 1e3:.0f} kB by tar, "
        f"digest {'equal' if equal else 'DIFFERENT'}, {0 if good else 1} failures")
    sys.exit(0 if good else 1)
finally:
    shutil.rmtree(work, ignore_errors=True)
