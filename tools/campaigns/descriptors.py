"""STO-12, CKP-32: a run with many recorded variables, and everything one does with its directory, under a small limit of open files.

    python tools/campaigns/descriptors.py ENGRAM [--monitors 700] [--variables 3] [--descriptors 256]

Hard and soft limit are the same, so that the program cannot raise it. The run has checkpoints of its own, is stopped and continued by
another process, and must end with the digest of a run without the limit. Then ls, log, verify, digest, diff, export, pack, unpack, branch,
branch --to and gc, each under the same limit, observed for the number of files it has open. Exit status 0 if everything succeeds.
"""
import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("engram")
parser.add_argument("--monitors", type=int, default=700)
parser.add_argument("--variables", type=int, default=3)
parser.add_argument("--descriptors", type=int, default=256)
arguments = parser.parse_args()
names = [f"x{number}" for number in range(arguments.variables)]

arguments.engram = os.path.abspath(arguments.engram)
work = tempfile.mkdtemp(prefix="engram-descriptors-")
model = os.path.join(work, "model.yaml")
with open(model, "w") as file:
    file.write("name: many\ndt: 0.1 ms\nseed: 1\nobjects:\n  - kind: NeuronGroup\n    name: G\n    N: 4\n    model: |\n")
    file.writelines(f"      d{name}/dt = (1.2 - {name})/(10*ms) : 1\n" for name in names)
    file.write("    threshold: x0 > 1\n    reset: x0 = 0\n    method: euler\n    initial: {x0: rand()}\n")
    for number in range(arguments.monitors):
        file.write(f"  - {{kind: StateMonitor, name: m{number}, source: G, variables: [{', '.join(names)}], record: true}}\n")
    file.write("checkpoints: {every: 2 ms}\nrun:\n  - run: 5 ms\n  - store: middle\n  - run: 5 ms\n")


def limit():
    resource.setrlimit(resource.RLIMIT_NOFILE, (arguments.descriptors, arguments.descriptors))


failures = 0
most = 0


def engram(*command, limited=True, watched=True):
    """Runs a command and looks at its descriptors while it runs."""
    global failures, most
    begin = time.monotonic()
    with open(os.path.join(work, "out"), "w+") as out, open(os.path.join(work, "err"), "w+") as err:
        process = subprocess.Popen([arguments.engram, *command], stdout=out, stderr=err, preexec_fn=limit if limited else None)
        seen = 0
        while process.poll() is None:
            try:
                seen = max(seen, len(os.listdir(f"/proc/{process.pid}/fd")))
            except OSError:
                pass
            time.sleep(0.002)
        out.seek(0)
        err.seek(0)
        if process.returncode not in (0, 75):
            failures += 1
            print(f"FAILED: engram {' '.join(command)}: status {process.returncode}: {err.read()[-400:]}")
        elif watched:
            most = max(most, seen)
            print(f"engram {command[0]}: {time.monotonic() - begin:.1f} s, at most {seen} files open", flush=True)
        return out.read()


try:
    os.chdir(work)
    model = "model.yaml"
    engram("run", model, "--in", "whole", "-q", limited=False, watched=False)
    engram("run", model, "--in", "r", "--until", "3 ms", "-q")
    engram("run", model, "--in", "r", "-q")
    equal = engram("digest", "r") == engram("digest", "whole", limited=False, watched=False)
    failures += not equal
    for command in (
        ["ls", "r"], ["log", "r"], ["verify", "r"], ["export", "r", "-o", "e.h5"], ["pack", "r", "-o", "p.h5"], ["unpack", "p.h5", "u"],
        ["branch", "r@middle", "side"], ["branch", "r@middle", "other", "--to", "b"], ["verify", "b"], ["gc", "r"],
    ):
        engram(*command)
    segments = len(os.listdir("r/segments"))
    print(
        f"{arguments.monitors * (arguments.variables + 1)} recordings in {segments} files with {arguments.descriptors} descriptors: at most {most} open, "
        f"digest {'equal' if equal else 'DIFFERENT'}, {failures} failures")
    sys.exit(1 if failures else 0)
finally:
    os.chdir("..")
    shutil.rmtree(work, ignore_errors=True)
