"""Branches one trained state into many directories and runs them at the same time, each with another input (ACC-2).

    python tools/campaigns/conditions.py ENGRAM .build/release/BalancedNetwork [--branches 20] [--workers 8]

The program takes a run directory and a kick in millivolts. Exit status 0 when each branch ends with the digest that the same
branch has when it runs alone, all of them differ, and the disk holds much less than a copy for each.
"""
import argparse
import concurrent.futures
import os
import shutil
import subprocess
import sys
import tempfile

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("engram")
parser.add_argument("program")
parser.add_argument("--branches", type=int, default=20)
parser.add_argument("--workers", type=int, default=8)
arguments = parser.parse_args()
work = tempfile.mkdtemp(prefix="engram-conditions-")


def call(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()


def used(*folders):
    """Bytes on the disk; what several names share counts once."""
    return int(call("du", "-sc", "--block-size=1", *folders).splitlines()[-1].split()[0])


def condition(number, kind):
    directory = os.path.join(work, f"{kind}-{number}.engram")
    call(arguments.program, directory, str(0.1 * number))
    return call(arguments.engram, "digest", f"{directory}@end")


trained = os.path.join(work, "trained.engram")
call(arguments.program, trained)
for kind in ("beside", "alone"):
    for number in range(arguments.branches):
        call(arguments.engram, "branch", f"{trained}@warm", "condition", "--to", os.path.join(work, f"{kind}-{number}.engram"))
before = used(trained)
shared = used(trained, *[os.path.join(work, f"beside-{number}.engram") for number in range(arguments.branches)]) - before
with concurrent.futures.ThreadPoolExecutor(arguments.workers) as pool:
    beside = list(pool.map(lambda number: condition(number, "beside"), range(arguments.branches)))
alone = [condition(number, "alone") for number in range(arguments.branches)]
shutil.rmtree(work, ignore_errors=True)

different = sum(one != other for one, other in zip(beside, alone))
print(f"{arguments.branches} branches of {before / 1e6:.1f} MB took {shared / 1e6:.2f} MB before they ran; "
      f"{different} differ from the same branch alone, {len(set(beside))} different results")
sys.exit(0 if different == 0 and len(set(beside)) == arguments.branches and shared < before * arguments.branches / 10 else 1)
