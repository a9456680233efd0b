"""Looks from outside at the memory of a large run: which of it are files of the run directory, and what is private memory of the process.

    python tools/campaigns/mappings.py ENGRAM [--neurons 400000] [--synapses 8000000] [--storage mapped] [--limit 20]

In the middle of the run /proc/PID/smaps is added up. Every array must be in a mapping of a file below the run directory: their sizes are
compared with what `live/` and the objects say. Exit status 0 when private anonymous memory is at most LIMIT MiB.
"""
import argparse
import collections
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("engram", type=os.path.abspath)
parser.add_argument("--neurons", type=int, default=400_000)
parser.add_argument("--synapses", type=int, default=8_000_000)
parser.add_argument("--storage", default="mapped")
parser.add_argument("--limit", type=float, default=20, help="MiB")
parser.add_argument("--details", action="store_true", help="the largest mappings one by one")
arguments = parser.parse_args()
work = tempfile.mkdtemp(prefix="engram-mappings-", dir=".")
model, directory = os.path.join(work, "large.yaml"), os.path.abspath(os.path.join(work, "large.engram"))
with open(model, "w") as file:
    file.write(f"""name: large
seed: 1
objects:
  - kind: NeuronGroup
    name: G
    N: {arguments.neurons}
    model: |
      dv/dt = (drive - v)/(10*ms) : 1
      drive : 1 (constant)
    threshold: v > 1
    reset: v = 0
    method: exact
    initial: {{drive: 1.2*rand(), v: rand()}}
  - {{kind: Synapses, name: S, source: G, model: "w : 1", on_pre: v_post += w, connect: {{p: {arguments.synapses / arguments.neurons**2!r}}}, initial: {{w: 0.001*rand()}}}}
  - {{kind: SpikeMonitor, name: spikes, source: G, record: false}}
checkpoints: {{every: 1000 s}}
run: 100 s
""")
process = subprocess.Popen(
    [arguments.engram, "run", model, "--in", directory, "-q", "--storage", arguments.storage], env=dict(os.environ, SWIFT_BACKTRACE="enable=no"))
status = os.path.join(directory, "status.json")
try:
    began = time.time()
    while True:
        if process.poll() is not None or time.time() - began > 900:
            sys.exit(f"the run ended with status {process.returncode} before anybody looked")
        try:
            with open(status) as file:
                if json.load(file)["clocks"][0]["timestep"] > 20:
                    break
        except (OSError, ValueError, KeyError, IndexError):
            pass
        time.sleep(0.2)
    # What follows a checkpoint in the background has a second.
    time.sleep(3)
    kinds = collections.Counter()
    largest = []
    name = ""
    with open(f"/proc/{process.pid}/smaps") as file:
        for line in file:
            head = re.match(r"[0-9a-f]+-[0-9a-f]+ (\S+) \S+ \S+ \S+ *(.*)", line)
            if head:
                permissions, name = head[1], head[2]
                size = 0
            elif line.startswith("Size:"):
                size = int(line.split()[1])
            elif line.startswith("Rss:"):
                resident = int(line.split()[1])
            elif line.startswith("Anonymous:"):
                anonymous = int(line.split()[1])
                inside = name.startswith(directory)
                if inside:
                    kinds[f"{os.path.relpath(name, directory).split('/')[0]} {permissions}"] += size
                kinds["private anonymous"] += anonymous
                if anonymous > 512 or inside:
                    largest.append((anonymous if not inside else size, permissions, os.path.relpath(name, directory) if inside else name))
finally:
    process.send_signal(signal.SIGCONT)
    process.kill()
    process.wait()
    shutil.rmtree(work, ignore_errors=True)
for kind, kilobytes in sorted(kinds.items()):
    print(f"{kind}: {kilobytes / 1024:.1f} MiB")
if arguments.details:
    for kilobytes, permissions, name in sorted(largest, reverse=True)[:30]:
        print(f"  {kilobytes / 1024:8.1f} MiB {permissions} {name or '(no file)'}")
sys.exit(0 if kinds["private anonymous"] <= arguments.limit * 1024 else 1)
