"""STO-10: many starts of one run directory at the same moment: one writes, the others say who; and a lock that is removed meanwhile.

    python tools/campaigns/starts.py ENGRAM [--rounds 200] [--starts 6] [--removals 20]

Each round starts the same model several times at once, in a new directory or a half finished one. Exactly the starts that get the directory one after the other may
succeed; every other one must name the process that writes, and the result must equal that of a single run. Then the lock is removed while a
run goes on and a second one is started: that one must be refused while the first lives, the first must stop with words at the latest
before its next removal, and every checkpoint that either reported must be there and intact.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("engram")
parser.add_argument("--rounds", type=int, default=200)
parser.add_argument("--starts", type=int, default=6)
parser.add_argument("--removals", type=int, default=20)
arguments = parser.parse_args()
engram = os.path.abspath(arguments.engram)
small = os.path.join(os.path.dirname(os.path.abspath(__file__)), "small.yaml")
folder = tempfile.mkdtemp(prefix="engram-starts-")
os.chdir(folder)
bad = []


def call(*words):
    return subprocess.run([engram, *words], capture_output=True, text=True)


def begin(*words):
    return subprocess.Popen([engram, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


call("run", small, "--in", "reference", "-q")
expected = call("digest", "reference").stdout
for number in range(arguments.rounds):
    shutil.rmtree("r", ignore_errors=True)
    if number % 2:
        call("run", small, "--in", "r", "-q", "--until", "10ms")
    started = [begin("run", small, "--in", "r", "-q") for _ in range(arguments.starts)]
    ended = [(process, *process.communicate()) for process in started]
    if not any(process.returncode == 0 for process, _, _ in ended):
        bad.append(f"round {number}: nobody succeeded: {ended[0][2]}")
    for process, _, errors in ended:
        if process.returncode and "is being written by process" not in errors and "another process" not in errors:
            bad.append(f"round {number}: status {process.returncode}: {errors.strip()[-200:]}")
    if call("digest", "r").stdout != expected or call("verify", "r").returncode:
        bad.append(f"round {number}: another result, or damage")
with open("long.yaml", "w") as file:
    file.write(
        """name: long
seed: 5
objects:
  - {kind: NeuronGroup, name: G, N: 2000, model: "dv/dt = (1.2 - v)/(10*ms) + xi*0.1/sqrt(10*ms) : 1", threshold: v > 1, reset: v = 0, method: euler}
  - {kind: SpikeMonitor, name: s, source: G}
checkpoints: {every: 20 ms}
run: [{run: 0.5 s}, {store: a}, {run: 0.5 s}, {store: b}]
"""
    )
for number in range(arguments.removals):
    shutil.rmtree("r", ignore_errors=True)
    first = begin("run", "long.yaml", "--in", "r", "-q")
    while not os.path.isdir("r/checkpoints") or sum(name.endswith(".manifest") for name in os.listdir("r/checkpoints")) < 3:
        time.sleep(0.01)
    listed = {found["id"] for found in json.loads(call("ls", "r", "--json").stdout)["checkpoints"] if found["names"]}
    os.remove("r/lock")
    second = begin("resume", "r", "-q")
    outcomes = [(process, *process.communicate()) for process in (second, first)]
    for process, _, errors in outcomes:
        if process.returncode and not any(words in errors for words in ("is still being written by", "may have another writer", "is being written by")):
            bad.append(f"removal {number}: status {process.returncode}: {errors.strip()[-200:]}")
    if all(process.returncode == 0 for process, _, _ in outcomes):
        bad.append(f"removal {number}: both ended well")
    verified = call("verify", "r")
    if verified.returncode:
        bad.append(f"removal {number}: {verified.stdout.strip()[-200:]}")
    after = {found["id"] for found in json.loads(call("ls", "r", "--json").stdout)["checkpoints"]}
    if not listed <= after:
        bad.append(f"removal {number}: {listed - after} are gone")
    if call("resume", "r", "-q").returncode:
        bad.append(f"removal {number}: cannot be continued")
shutil.rmtree(folder)
for text in bad[:10]:
    print(text)
print(f"{arguments.rounds} rounds of {arguments.starts} starts at once, {arguments.removals} removed locks: {len(bad)} failures")
sys.exit(bool(bad))
