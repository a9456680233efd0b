"""Sends signals at random moments of a run, lets the same command go on, and compares with an undisturbed run.

    python tools/campaigns/signals.py ENGRAM [--smoke] [--rounds 200] [--seed 1]

Moments: while synapses are made, in the middle of a long run, between hundreds of short ones with a named checkpoint after each, while large
checkpoints are written at every step. Signals: INT, TERM, HUP, XCPU, USR2 and PWR, which ask for an end; USR1, which asks for a checkpoint; pairs.

After each: the status is 75, or 0 because the run had ended before; what the answer in JSON names is what is on disk: the newest checkpoint,
at the time that was told; where nothing is said to have been begun there is no run directory. A second signal of those that ask for an end
may end the process at once. Whatever happened, the same command ends with the digest of the undisturbed run.
Exit status 0 if nothing is wrong.
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

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("engram")
parser.add_argument("--smoke", action="store_true", help="some rounds, in less than a minute")
parser.add_argument("--rounds", type=int, default=200)
parser.add_argument("--seed", type=int, default=1)
arguments = parser.parse_args()
rounds = 16 if arguments.smoke else arguments.rounds

NOISE = "dv/dt = -v/(10*ms) + 0.1*xi*(10*ms)**-0.5 : 1"


def group(count):
    return f'{{kind: NeuronGroup, name: G, N: {count}, model: "{NOISE}", threshold: v > 0.2, reset: v = 0, method: euler, initial: {{v: rand()}}}}'


MOMENTS = {
    # Most of the time goes into looking at pairs.
    "set-up": f"""
objects:
  - {group(1500)}
  - {{kind: Synapses, name: S, source: G, on_pre: v_post += 0.001, connect: {{condition: "sin(i*j) > 0.9995"}}}}
run: 3 ms
""",
    "steps": f"""
objects:
  - {group(300)}
  - {{kind: StateMonitor, name: trace, source: G, variables: v, record: [0, 1]}}
run: 1500 ms
""",
    "list": f"""
objects:
  - {group(50)}
run:
  - repeat:
      count: 150
      as: k
      steps:
        - run: 0.2 ms
        - set: {{G.v: "0.001*k*rand()"}}
        - store: trial
""",
    "commits": f"""
checkpoints: {{every: 0.1 ms}}
objects:
  - {group(60000)}
run: 6 ms
""",
}
ENDS = ["INT", "TERM", "HUP", "XCPU", "USR2", "PWR"]
CHOICES = [[name] for name in ENDS] + [["USR1"], ["USR1", "TERM"], ["TERM", "TERM"], ["INT", "HUP"], ["XCPU", "XCPU"]]

work = tempfile.mkdtemp(prefix="engram-signals-")
environment = dict(os.environ, SWIFT_BACKTRACE="enable=no")


def defaults():
    # A shell that starts this in the background has SIGINT ignored, and so would the program.
    for name in ("SIGINT", "SIGHUP"):
        signal.signal(getattr(signal, name), signal.SIG_DFL)


def start(model, directory):
    return subprocess.Popen(
        [arguments.engram, "run", model, "--in", directory, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=environment, preexec_fn=defaults)


def call(*words):
    return subprocess.run([arguments.engram, *words], capture_output=True, text=True, env=environment)


def digest(directory):
    return call("digest", directory).stdout.strip()


def newest(directory):
    """Id and time of the newest checkpoint; None without one."""
    if not os.path.exists(os.path.join(directory, "FORMAT")):
        return None
    found = json.loads(call("ls", directory, "--json").stdout)["checkpoints"]
    return (found[-1]["id"], found[-1]["t"]) if found else None


def listens(process):
    """Waits until the program has begun: before its first line, while the loader is at work, nobody can hear a signal."""
    while process.poll() is None:
        try:
            with open(f"/proc/{process.pid}/status") as file:
                caught = next(int(line.split()[1], 16) for line in file if line.startswith("SigCgt"))
        except (OSError, StopIteration):
            return
        if caught >> (signal.SIGTERM - 1) & 1:
            return
        time.sleep(0.0005)


def wrong(process, output, errors, directory, sent):
    """What an answer said that is not so, or nothing."""
    status = process.returncode
    if status < 0:
        # Only the second of a pair may end it at once.
        allowed = [getattr(signal, "SIG" + name) for name in sent]
        return None if -status in allowed and len(sent) > 1 else f"killed by signal {-status}"
    if status not in (0, 75):
        return f"status {status}: {errors.strip()[-300:]}"
    told = json.loads(output)
    if told["status"] != status or (told["outcome"] == "interrupted") != (status == 75):
        return f"status {status}, but it answered {output.strip()}"
    there = newest(directory)
    if told["checkpoint"] is None:
        return None if there is None else f"it answered that nothing was begun, but there is {there}"
    return None if there == (told["checkpoint"], told["t"]) else f"it named {told['checkpoint']} at {told['t']} s, but there is {there}"


models, expected, durations = {}, {}, {}
for name, text in MOMENTS.items():
    models[name] = os.path.join(work, name + ".yaml")
    with open(models[name], "w") as file:
        file.write("name: signals\nseed: 7\n" + text.lstrip("\n"))
    directory = os.path.join(work, name + ".engram")
    begun = time.monotonic()
    process = start(models[name], directory)
    _, errors = process.communicate()
    if process.returncode:
        raise SystemExit(f"undisturbed {name}: status {process.returncode}: {errors}")
    durations[name], expected[name] = time.monotonic() - begun, digest(directory)
print("undisturbed: " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in durations.items()), flush=True)

chance = random.Random(arguments.seed)
outcomes = collections.Counter()
failures = []
for number in range(rounds):
    name = list(MOMENTS)[number % len(MOMENTS)]
    directory = os.path.join(work, f"{name}-{number}.engram")
    words = "?"
    for attempt in range(6):
        sent = chance.choice(CHOICES)
        process = start(models[name], directory)
        listens(process)
        time.sleep(chance.uniform(0, durations[name]))
        for place, part in enumerate(sent):
            if place:
                time.sleep(chance.choice([0, 0.005, 0.2]))
            if process.poll() is None:
                process.send_signal(getattr(signal, "SIG" + part))
        output, errors = process.communicate()
        words = "+".join(sent)
        problem = wrong(process, output, errors, directory, sent)
        outcomes["ended" if process.returncode == 0 else "stopped" if process.returncode == 75 else "killed"] += 1
        if problem:
            failures.append(f"round {number}, {name}, {words}: {problem}")
            print(failures[-1], flush=True)
        if process.returncode == 0:
            break
    process = start(models[name], directory)
    _, errors = process.communicate()
    if process.returncode or digest(directory) != expected[name]:
        failures.append(f"round {number}, {name}: afterwards status {process.returncode}, digest {digest(directory)}: {errors.strip()[-200:]}")
        print(failures[-1], flush=True)
    shutil.rmtree(directory, ignore_errors=True)

shutil.rmtree(work, ignore_errors=True)
print(", ".join(f"{count} calls {what}" for what, count in sorted(outcomes.items())))
print(f"{sum(outcomes.values())} signals in {rounds} runs, {len(failures)} failures")
sys.exit(1 if failures else 0)
