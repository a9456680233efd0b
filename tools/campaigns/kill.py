"""Kills a run with SIGKILL at random moments, continues it each time, and compares with an undisturbed run.

    python tools/campaigns/kill.py ENGRAM MODEL.yaml [--kills 20] [--seed 1] [--options "--checkpoint-every 50ms"]
    python tools/campaigns/kill.py ENGRAM .build/release/BalancedNetwork [--kills 20] [--seed 1]

What does not end in .yaml is a program that takes the run directory as its argument.
The digest covers every array, pending spike, recording and clock. Exit status 0 when every run that was killed ends with
the digest of the undisturbed run.
"""
import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("engram")
parser.add_argument("model")
parser.add_argument("--kills", type=int, default=20)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--options", default="")
arguments = parser.parse_args()

work = tempfile.mkdtemp(prefix="engram-kill-")
environment = dict(os.environ, SWIFT_BACKTRACE="enable=no")


def command(directory):
    if not arguments.model.endswith(".yaml"):
        return [os.path.abspath(arguments.model), directory, *arguments.options.split()]
    return [arguments.engram, "run", arguments.model, "--in", directory, *arguments.options.split()]


def digest(directory):
    return subprocess.run([arguments.engram, "digest", directory], check=True, capture_output=True, text=True).stdout.strip()


start = time.monotonic()
undisturbed = os.path.join(work, "undisturbed.engram")
subprocess.run(command(undisturbed), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
duration = time.monotonic() - start
expected = digest(undisturbed)
print(f"undisturbed: {duration:.2f} s, {expected}")

chance = random.Random(arguments.seed)
kills = runs = 0
failures = []
while kills < arguments.kills:
    runs += 1
    directory = os.path.join(work, f"killed-{runs}.engram")
    here = 0
    while True:
        process = subprocess.Popen(command(directory), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment)
        wait = chance.uniform(0, duration) if kills < arguments.kills else 3600
        try:
            process.wait(timeout=wait)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
        _, errors = process.communicate()
        if process.returncode == -signal.SIGKILL:
            kills += 1
            here += 1
            continue
        if process.returncode != 0:
            failures.append(f"run {runs}: status {process.returncode} after {here} kills: {errors.strip()[:400]}")
        break
    found = digest(directory) if not failures else "-"
    if found != expected and not failures:
        failures.append(f"run {runs}: digest {found} after {here} kills")
    print(f"run {runs}: {here} kills, {'identical' if found == expected else 'DIFFERENT'}", flush=True)
    shutil.rmtree(directory, ignore_errors=True)
    if failures:
        break

shutil.rmtree(work, ignore_errors=True)
for failure in failures:
    print(failure)
print(f"{kills} kills in {runs} runs, {len(failures)} failures")
sys.exit(1 if failures else 0)
