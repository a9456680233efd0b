"""ACC-6: runs on a small file system that is filled to one level after the other.

    sudo python tools/campaigns/disk_full.py ENGRAM [--levels 60] [--size 24] [--step 64]

A loop-mounted ext4 of so many MiB is filled until so many KiB are left; a run is started, must end with words (or succeed),
without a trap or a bus error, with every acknowledged checkpoint intact; after space is freed, the same command must end with
the digest of an undisturbed run. Needs root; without it nothing is tried, and it says so (exit status 77).
"""
import argparse
import collections
import os
import sys
import time

import small_disk

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("engram")
parser.add_argument("--levels", type=int, default=60)
parser.add_argument("--size", type=int, default=24, help="MiB of the file system")
parser.add_argument("--step", type=int, default=64, help="KiB between levels")
arguments = parser.parse_args()
small_disk.begin()
engram = small_disk.Program(arguments.engram)
model = small_disk.MODEL
bad = []
outcomes = collections.Counter()
start = time.monotonic()
with small_disk.SmallDisk(arguments.size) as disk:
    digests = engram.reference(disk.work)
    for level in range(arguments.levels):
        disk.fresh()
        # Half of the levels meet a new run, half one that is under way.
        underway = level % 2 == 1
        if underway:
            engram("run", model, "--in", "a.engram", "--until", "13ms", cwd=disk.mount)
        left = level // 2 * arguments.step * 1024
        disk.fill(left)
        result = engram("run", model, "--in", "a.engram", cwd=disk.mount)
        words = f"level {level} ({left >> 10} KiB left{', under way' if underway else ''})"
        outcomes["complete" if result.returncode == 0 else "error"] += 1
        if result.returncode not in (0, 1, 75):
            bad.append(f"{words}: status {result.returncode}: {result.stderr.strip()[-200:]}")
        if result.returncode and not result.stderr.strip():
            bad.append(f"{words}: status {result.returncode} without a word")
        if result.returncode == 0 and engram("digest", "a.engram@end", cwd=disk.mount).stdout != digests["@end"]:
            bad.append(f"{words}: status 0, yet 'end' is missing")
        if underway and engram("digest", "a.engram@half", cwd=disk.mount).stdout != digests["@half"]:
            bad.append(f"{words}: 'half' is lost")
        if os.path.exists(os.path.join(disk.mount, "a.engram", "FORMAT")):
            verified = engram("verify", "a.engram", cwd=disk.mount)
            if verified.returncode:
                bad.append(f"{words}: verify: {(verified.stdout + verified.stderr).strip()[-300:]}")
            left_over = os.listdir(os.path.join(disk.mount, "a.engram", "tmp"))
            if left_over:
                bad.append(f"{words}: temporaries are left: {left_over}")
        os.remove(disk.ballast)
        again = engram("run", model, "--in", "a.engram", cwd=disk.mount)
        if again.returncode or engram("digest", "a.engram", cwd=disk.mount).stdout != digests[""]:
            bad.append(f"{words}: after space was freed: status {again.returncode}: {again.stderr.strip()[-200:]}")
for sentence in bad:
    print(sentence)
print(f"{sum(outcomes.values())} fill levels in {time.monotonic() - start:.0f} s: {outcomes['complete']} complete, {outcomes['error']} errors with words, {len(bad)} failures")
sys.exit(1 if bad else 0)
