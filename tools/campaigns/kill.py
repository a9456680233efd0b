"""Kills commands with SIGKILL at random moments, goes on each time, and compares with an undisturbed run.

    python tools/campaigns/kill.py ENGRAM [MODEL.yaml…] [--kills 60] [--seed 1] [--in FOLDER]
    python tools/campaigns/kill.py ENGRAM .build/release/BalancedNetwork [--kills 20] [--seed 1]

Without models: those of tools/campaigns/models. What does not end in .yaml is a program that takes the run directory as its
argument. A fifth of the kills finds the process stopped (SIGSTOP) first. Beside `run` and `resume`, with random numbers of
threads, cadence and retention, the commands that write are killed too: branch --to, pack, unpack, export, gc, tag, rename.

After every kill the directory must verify, and every name that was shown before must still be there; what was written aside
must be whole or absent. In the end the digest (every array, pending spike, recording and clock) and those of all named
checkpoints must equal the undisturbed ones. Exit status 0 when they do.
"""
import argparse
import collections
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("engram", type=os.path.abspath)
parser.add_argument("models", nargs="*", type=os.path.abspath)
parser.add_argument("--kills", type=int, default=60)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--in", dest="folder", help="where the run directories go (another file system, say)")
arguments = parser.parse_args()

MODELS = arguments.models or sorted(str(path) for path in (Path(__file__).parent / "models").glob("*.yaml"))
ENVIRONMENT = dict(os.environ, SWIFT_BACKTRACE="enable=no")
CADENCES = ["5ms", "wall:20ms", "200ms", "wall:1s"]
chance = random.Random(arguments.seed)
failures = []
kills = collections.Counter()
hits = collections.Counter()


def engram(*words):
    return subprocess.run([arguments.engram, *words], capture_output=True, text=True, env=ENVIRONMENT, stdin=subprocess.DEVNULL)


def digest(place):
    done = engram("digest", place)
    return done.stdout.strip() if done.returncode == 0 else f"status {done.returncode}: {done.stderr.strip()[-300:]}"


def names(directory):
    """Name ▶ id, as `ls` tells them."""
    listed = engram("ls", directory, "--json")
    if listed.returncode:
        failures.append(f"ls {directory}: status {listed.returncode}: {listed.stderr.strip()[-300:]}")
        return {}
    return {name: row["id"] for row in json.loads(listed.stdout)["checkpoints"] for name in row["names"]}


def start(model, directory):
    if model.endswith(".yaml"):
        return [arguments.engram, "run", model, "--in", directory, "-q"]
    return [model, directory]


def killed(command, longest):
    """Starts a command and kills it within `longest` seconds; whether it was still at work."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT, stdin=subprocess.DEVNULL)
    time.sleep(chance.uniform(0, longest))
    if chance.random() < 0.2 and process.poll() is None:
        process.send_signal(signal.SIGSTOP)
        time.sleep(chance.uniform(0, 0.05))
    hit = process.poll() is None
    process.kill()
    _, errors = process.communicate()
    verb = command[1] if command[0] == arguments.engram else "program"
    kills[verb] += 1
    hits[verb] += hit
    if not hit and process.returncode != 0:
        failures.append(f"{' '.join(command[1:])}: ended by itself with status {process.returncode}: {errors.strip()[-300:]}")
    return hit


class Aside:
    """Commands that read the run directory and write beside it."""

    def __init__(self, work, directory):
        self.work, self.directory = work, directory

    def branch(self):
        target = f"{self.work}/branch.engram"
        shutil.rmtree(target, ignore_errors=True)
        killed([arguments.engram, "branch", self.directory, "aside", "--to", target], 0.1)
        if os.path.exists(f"{target}/FORMAT") and digest(target) != digest(self.directory):
            failures.append("branch --to: a branch that differs from its source")

    def pack(self):
        target = f"{self.work}/packed.h5"
        was_there = os.path.exists(target)
        killed([arguments.engram, "pack", self.directory, "-o", target], 0.1)
        if os.path.exists(target):
            if engram("verify", target).returncode:
                failures.append("pack: a portable file that does not verify")
        elif was_there:
            failures.append("pack: the older file is gone")

    def unpack(self):
        source, target = f"{self.work}/whole.h5", f"{self.work}/unpacked.engram"
        shutil.rmtree(target, ignore_errors=True)
        if os.path.exists(source):
            os.remove(source)
        if engram("pack", self.directory, "-o", source).returncode:
            failures.append("pack: failed undisturbed")
            return
        killed([arguments.engram, "unpack", source, target], 0.1)
        if os.path.exists(f"{target}/FORMAT") and digest(target) != digest(self.directory):
            failures.append("unpack: a run directory that differs from its source")

    def export(self):
        target = f"{self.work}/exported.h5"
        killed([arguments.engram, "export", self.directory, "-o", target] + chance.choice([[], ["--all"]]), 0.15)
        if os.path.exists(target) and subprocess.run(["h5dump", "-n", target], capture_output=True).returncode:
            failures.append("export: a file that does not open")

    def gc(self):
        killed([arguments.engram, "gc", self.directory, "--keep", "1"], 0.05)

    def tag(self):
        killed([arguments.engram, "tag", f"{self.directory}@latest", f"tag{chance.randrange(9)}"], 0.05)


def experiment(model, work, expected, duration, named):
    """One run from its beginning to its end, with kills on the way."""
    directory = f"{work}/killed.engram"
    shutil.rmtree(directory, ignore_errors=True)
    is_file = model.endswith(".yaml")
    aside = Aside(work, directory)
    known = set()
    for _ in range(chance.randint(1, 6)):
        command = start(model, directory)
        if is_file:
            if known and chance.random() < 0.5:
                command = [arguments.engram, "resume", directory, "-q"]
            command += chance.choice([[], [], ["--threads", "2"], ["--threads", "3"]])
            command += chance.choice([[], [], ["--checkpoint-every", chance.choice(CADENCES)]])
            command += chance.choice([[], [], [], ["--keep", chance.choice("15")]])
        killed(command, duration * 0.8)
        if not os.path.exists(f"{directory}/FORMAT"):
            continue
        verified = engram("verify", directory)
        if verified.returncode:
            failures.append(f"verify after a kill: {(verified.stdout + verified.stderr).strip()[-300:]}")
        now = set(names(directory))
        if known - now:
            failures.append(f"names that are gone after a kill: {known - now}")
        known = now
        listed = json.loads(engram("ls", directory, "--json").stdout or '{"checkpoints": []}')["checkpoints"]
        for operation in chance.sample([aside.branch, aside.pack, aside.unpack, aside.export, aside.gc, aside.tag], chance.randint(0, 2)) if listed else []:
            operation()
    done = subprocess.run(start(model, directory), capture_output=True, text=True, env=ENVIRONMENT)
    if done.returncode:
        failures.append(f"undisturbed continuation: status {done.returncode}: {done.stderr.strip()[-300:]}")
    if digest(directory) != expected:
        failures.append(f"the end differs: {digest(directory)} instead of {expected}")
    for name, was in named.items():
        if digest(f"{directory}@{name}") != was:
            failures.append(f"the checkpoint '{name}' differs: {digest(f'{directory}@{name}')} instead of {was}")


with tempfile.TemporaryDirectory(prefix="engram-kill-", dir=arguments.folder) as work:
    references = {}
    for model in MODELS:
        undisturbed = f"{work}/undisturbed.engram"
        begun = time.monotonic()
        subprocess.run(start(model, undisturbed), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT)
        duration = time.monotonic() - begun
        references[model] = (digest(undisturbed), duration, {name: digest(f"{undisturbed}@{name}") for name in names(undisturbed)})
        shutil.rmtree(undisturbed)
        print(f"{Path(model).stem}: {duration:.2f} s, {references[model][0]}, {len(references[model][2])} names", flush=True)
    experiments = 0
    begun = time.monotonic()
    while kills.total() < arguments.kills:
        model = chance.choice(MODELS)
        before = len(failures)
        experiment(model, work, *references[model])
        experiments += 1
        for failure in failures[before:]:
            print(f"{Path(model).stem}, experiment {experiments}: {failure}", flush=True)
        if failures:
            break

print(f"by command (at work when killed of all): {', '.join(f'{verb} {hits[verb]} of {kills[verb]}' for verb in sorted(kills))}")
print(
    f"{kills.total()} kills, {hits.total()} of them at work, in {experiments} experiments of {len(MODELS)} models "
    f"({time.monotonic() - begun:.0f} s), {len(failures)} failures"
)
sys.exit(1 if failures else 0)
