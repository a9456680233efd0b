"""STO-7: the disk fills up under a run that has its arrays in mapped files, and everything is written back again and again.

    sudo python tools/campaigns/live_disk.py ENGRAM [--kinds ext4,xfs,btrfs] [--rounds 6]

A run whose 8 MB of state change at every step goes on while the file system is filled to the last block and flushed several times, so
that each page is written to again after it has been written back. The run must neither end by a bus error nor compute anything else:
once there is room again it ends with the digest of an undisturbed run. Needs root; without it nothing is tried (exit status 77).
"""
import argparse
import os
import subprocess
import sys
import time

import small_disk

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("engram")
parser.add_argument("--kinds", default="ext4,xfs,btrfs")
parser.add_argument("--rounds", type=int, default=6, help="times that everything is flushed")
parser.add_argument("--steps", type=int, default=40000)
arguments = parser.parse_args()
small_disk.begin()
engram = small_disk.Program(arguments.engram)
bad = []
told = []
MODEL = f"""name: hot
seed: 3
objects:
  - {{kind: NeuronGroup, name: G, N: 1000000, model: "dv/dt = -v/(10*ms) : 1", method: exact, initial: {{v: rand()}}}}
checkpoints: {{every: 1000 s}}
run: {arguments.steps / 10} ms
"""
for kind in arguments.kinds.split(","):
    with small_disk.SmallDisk(400, kind) as disk:
        model = os.path.join(disk.work, "hot.yaml")
        with open(model, "w") as file:
            file.write(MODEL)
        disk.fresh()
        engram.must("run", model, "--in", "undisturbed.engram", "-q", "--storage", "memory", cwd=disk.work)
        digest = engram.must("digest", "undisturbed.engram", cwd=disk.work)
        run = subprocess.Popen(
            [engram.path, "run", model, "--in", "a.engram"], cwd=disk.mount, env=small_disk.ENVIRONMENT, stderr=subprocess.PIPE, text=True)
        live = os.path.join(disk.mount, "a.engram", "live", "G.v.h5")
        began = time.monotonic()
        while not os.path.exists(live) and run.poll() is None and time.monotonic() - began < 30:
            time.sleep(0.05)
        flushed = 0
        if os.path.exists(live):
            disk.fill(0)
            # What is left of the last blocks, in small pieces.
            with open(disk.ballast, "ab", buffering=0) as file:
                try:
                    while True:
                        file.write(bytes(4096))
                except OSError:
                    pass
        for _ in range(arguments.rounds):
            if run.poll() is not None:
                break
            subprocess.run(["sync", "-f", disk.mount], stderr=subprocess.DEVNULL)
            flushed += 1
            time.sleep(0.3)
        was_going = run.poll() is None
        if os.path.exists(disk.ballast):
            os.remove(disk.ballast)
        _, words = run.communicate(timeout=600)
        if run.returncode not in (0, 1, 75):
            bad.append(f"{kind}: status {run.returncode}: {words.strip()[-300:]}")
        again = engram("run", model, "--in", "a.engram", cwd=disk.mount)
        if again.returncode or engram("digest", "a.engram", cwd=disk.mount).stdout != digest:
            bad.append(f"{kind}: afterwards: status {again.returncode}: {again.stderr.strip()[-300:]}")
        if not was_going:
            bad.append(f"{kind}: the run had ended before the disk was full and flushed {arguments.rounds} times: more --steps are needed")
        place = "in memory, and said so" if "arrays stay in memory" in words else "in live/" if flushed else "not in live/"
    told.append(f"{kind}: full and flushed {flushed} times, {place}")
for sentence in bad:
    print(sentence)
print("; ".join(told) + f"; {len(bad)} failures")
sys.exit(1 if bad else 0)
