"""CKP-27: branches into directories of their own on real file systems, by each of the three ways there are.

    sudo python tools/campaigns/branches.py ENGRAM [--kinds ext4,xfs,btrfs] [--neurons 400000]

On each kind of loop-mounted file system a run with some megabytes of state is branched
  beside     in the same directory tree: hard links, which cost names only;
  by a       second mount of the same file system, where links are refused: shared blocks (reflink) where the kind has them,
             else a copy;
  across     to and from another file system: copies.
Each branch must verify, have the digest of its origin, run on to the digest that the origin reaches, and leave the origin
intact; links and shared blocks must take less than a tenth of the state. Kinds that cannot be made here are named.
Needs root; without it nothing is tried, and it says so (exit status 77).
"""
import argparse
import os
import shutil
import subprocess
import sys
import time

import small_disk

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("engram")
parser.add_argument("--kinds", default="ext4,xfs,btrfs")
parser.add_argument("--neurons", type=int, default=400_000)
arguments = parser.parse_args()
small_disk.begin()
engram = small_disk.Program(arguments.engram)
MODEL = """
name: branches
seed: 3
objects:
  - kind: NeuronGroup
    name: G
    N: {neurons}
    model: |
      dv/dt = (0.9 - v)/(10*ms) + 0.1*xi/sqrt(ms) : 1
      tau : second
    method: euler
    initial: {{v: rand(), tau: "(1 + rand())*ms"}}
  - {{kind: StateMonitor, name: trace, source: G, variables: v, record: [0, 5]}}
run:
  - run: 2 ms
  - store: trunk
  - run: 2 ms
  - store: end
"""
LINKS = {"ext4": "copied", "xfs": "shared", "btrfs": "shared"}
bad = []


def check(kind, way, origin, branch, disk, expected, before, state, digests):
    """Measures and compares one branch."""
    taken = disk.used() - before
    words = f"{kind}, {way}: {taken / 1e6:.2f} MB of {state / 1e6:.1f} MB"
    if (taken < state / 10) != (expected != "copied"):
        bad.append(f"{words}: expected it to be {expected}")
    for path in (branch, origin):
        result = engram("verify", path, cwd="/")
        if result.returncode:
            bad.append(f"{words}: verify {path}: {(result.stdout + result.stderr).strip()[-300:]}")
    if engram("digest", branch, cwd="/").stdout != digests[0]:
        bad.append(f"{words}: the digest is another one")
    resumed = engram("resume", branch, "-q", cwd="/")
    if resumed.returncode or engram("digest", branch, cwd="/").stdout != digests[1]:
        bad.append(f"{words}: run on: status {resumed.returncode}: {resumed.stderr.strip()[-200:]}")
    print(f"{words} ({expected})", flush=True)


def campaign(kind):
    with small_disk.SmallDisk(400, kind) as disk, small_disk.SmallDisk(400) as other:
        disk.fresh()
        other.fresh()
        # A second mount of the same file system: links between mounts are refused, shared blocks are not.
        again = os.path.join(disk.work, "again")
        os.mkdir(again)
        subprocess.run(["mount", "--bind", disk.mount, again], check=True)
        try:
            model = os.path.join(disk.work, "model.yaml")
            with open(model, "w") as file:
                file.write(MODEL.format(neurons=arguments.neurons))
            origin = os.path.join(disk.mount, "a.engram")
            engram.must("run", model, "--in", origin, "-q", cwd=disk.work)
            state = arguments.neurons * 16
            digests = [engram.must("digest", f"{origin}@trunk", cwd="/"), engram.must("digest", origin, cwd="/")]

            def branch(source, target, way, expected, place):
                before = place.used()
                engram.must("branch", f"{source}@trunk", "side", "--to", target, cwd="/")
                check(kind, way, source, target, place, expected, before, state, digests)

            branch(origin, os.path.join(disk.mount, "b.engram"), "beside", "linked", disk)
            branch(origin, os.path.join(again, "c.engram"), "by a second mount", LINKS[kind], disk)
            away = os.path.join(other.mount, "d.engram")
            branch(origin, away, "to ext4", "copied", other)
            source = os.path.join(other.mount, "a.engram")
            # Segments are sparse files of 1 GiB: cp skips the holes.
            subprocess.run(["cp", "-a", "--sparse=auto", origin, source], check=True)
            branch(source, os.path.join(disk.mount, "e.engram"), "from ext4", "copied", disk)
        finally:
            subprocess.run(["umount", again], stderr=subprocess.DEVNULL)


start = time.monotonic()
tried = []
for kind in arguments.kinds.split(","):
    if shutil.which(small_disk.MAKE[kind][0]):
        campaign(kind)
        tried.append(kind)
    else:
        print(f"{kind}: {small_disk.MAKE[kind][0]} is not installed; not tried")
for sentence in bad:
    print(sentence)
print(f"{4 * len(tried)} branches on {', '.join(tried) or 'nothing'} in {time.monotonic() - start:.0f} s, {len(bad)} failures")
sys.exit(1 if bad else 0)
