"""CKP-19: what many checkpoints cost, kept by the rule or by names: the last ones must cost what the first ones did.

    python tools/campaigns/growth.py ENGRAM [--total 10000] [--step 1000] [--kind automatic|named]

Stretches of --step checkpoints of a small network are made one after the other; of each stretch, the wall time of its checkpoints; at the
end that of `ls`, of a `resume` that has nothing to do and of `tag`, and `verify`. Fails where the last stretch took more than 1.5 times the second one
(the first has the set-up in it), or `ls` more than 0.3 s at 10 000. Run it on a quiet machine, with a release build.
"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("engram")
parser.add_argument("--total", type=int, default=10_000)
parser.add_argument("--step", type=int, default=1_000)
parser.add_argument("--kind", choices=["automatic", "named"], default="automatic")
arguments = parser.parse_args()
engram = os.path.abspath(arguments.engram)
HEAD = """name: growth
dt: 0.1 ms
seed: 1
objects:
  - {kind: NeuronGroup, name: G, N: 200, model: "dv/dt = (1.2 - v)/(10*ms) + xi*0.1/sqrt(10*ms) : 1", threshold: v > 1, reset: v = 0, method: euler}
  - {kind: SpikeMonitor, name: s, source: G}
"""
AUTOMATIC = "checkpoints: {every: 0.1 ms, keep: 1000000}\nrun: 1000 s\n"
NAMED = "run:\n  - repeat: {count: %d, as: k, steps: [{run: 0.1 ms}, {store: \"n_{k}\"}]}\n"


def timed(*words):
    start = time.time()
    done = subprocess.run([engram, *words], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(words)}: {done.stderr}")
    return time.time() - start


folder = tempfile.mkdtemp(prefix="engram-growth-")
os.chdir(folder)
with open("growth.yaml", "w") as file:
    file.write(HEAD + (AUTOMATIC if arguments.kind == "automatic" else NAMED % arguments.total))
stretches = []
for done in range(arguments.step, arguments.total + 1, arguments.step):
    stretches.append(timed("run", "growth.yaml", "--in", "r", "-q", "--until", f"{done / 10:.1f}ms"))
    print(f"{done}: {stretches[-1]:.2f} s for {arguments.step}", flush=True)
ls = min(timed("ls", "r") for _ in range(3))
resume = min(timed("resume", "r", "--until", "0.1ms") for _ in range(3))
tag = timed("tag", "r@latest", "x")
verify = timed("verify", "r")
manifests = sum(name.endswith(".manifest") for name in os.listdir("r/checkpoints"))
shutil.rmtree(folder)
ratio = stretches[-1] / stretches[min(1, len(stretches) - 1)]
bad = ratio > 1.5 or (arguments.total <= 10_000 and ls > 0.3) or manifests < arguments.total
print(f"{manifests} {arguments.kind} checkpoints: the last {arguments.step} took {ratio:.2f} of the second {arguments.step}; "
      f"ls {ls:.2f} s, resume {resume:.2f} s, tag {tag:.2f} s, verify {verify:.1f} s, {'FAILED' if bad else '0 failures'}")
sys.exit(bad)
