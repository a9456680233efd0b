"""One network on several processes: the bits of one, whatever their number, and whichever of them is killed.

    python tools/campaigns/processes.py ENGRAM [MODEL.yaml…] [--counts 2,3,4] [--until 50ms] [--kills 0] [--seed 1]
    python tools/campaigns/processes.py ENGRAM --faults [--counts 2,3] [--kinds kill,EIO,ENOSPC,half] [--stride 1] [--workers 2]
    python tools/campaigns/processes.py ENGRAM --fixtures [--only REGEX] [--longest 60] [--full] [--rows FILE] [--counts 2,3,4]
    python tools/campaigns/processes.py ENGRAM --random COUNT [--first 0] [--shapes]
    python tools/campaigns/processes.py ENGRAM --smoke [--plain PROGRAM]

ENGRAM is a program with MPI (swift build --traits MPI, or tools/processes --link). Each model is run in one process and on each number of
processes, and the digests (every array, pending spike, recording and clock) must be equal. Without models: those of fixtures/models.

With --kills: the run is started again and again on a random number of processes, from 1 to 4. At a random moment SIGKILL ends a random one of
them, or mpirun itself. The others must be gone within ten seconds, the directory must verify, and every checkpoint that was there must still be
there. In the end the digest must be that of the undisturbed run.

With --faults: every call of every process that touches the run directory fails or is its last one, as process_faults.py tells.

With --fixtures: all published and reference models, whole and killed, as process_models.py tells. What is in the file of --rows is not done again.

With --random: models made by chance, those of random_models.py, or with --shapes those of random_shapes.py, each on one process and on two to four.

--smoke is a small part of all this, with signals and mistakes, in half a minute. --plain is a program without MPI. Exit status 0 when everything
is as it should be.
"""
import argparse
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

import process_faults
import process_models
from together import ENVIRONMENT, Engram, are_gone, fail, failures, working_on

ROOT = Path(__file__).resolve().parents[2]
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("engram", type=os.path.abspath)
parser.add_argument("models", nargs="*", type=os.path.abspath)
parser.add_argument("--counts", default="2,3,4")
parser.add_argument("--until", help="cut every run short there")
parser.add_argument("--kills", type=int, default=0, help="for each model")
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--faults", action="store_true")
parser.add_argument("--fixtures", action="store_true")
parser.add_argument("--only", default="", help="models whose path below fixtures/ has this regular expression in it")
parser.add_argument("--longest", type=int, default=60, help="seconds on one process after which a model is cut short")
parser.add_argument("--full", action="store_true", help="cut nothing short")
parser.add_argument("--rows", help="a file with a line of JSON for each model that is done")
parser.add_argument("--random", type=int, metavar="COUNT", help="so many models that are made by chance")
parser.add_argument("--first", type=int, default=0, help="the number of the first one")
parser.add_argument("--shapes", action="store_true", help="models with neurons that have a shape")
parser.add_argument("--kinds", default=",".join(process_faults.KINDS), help="of faults, separated by commas")
parser.add_argument("--stride", type=int, default=1, help="only every so-manieth fault")
parser.add_argument("--workers", type=int, default=2, help="faults at a time")
parser.add_argument("--smoke", action="store_true")
parser.add_argument("--plain", type=os.path.abspath)
arguments = parser.parse_args()

engram = Engram(arguments.engram)
chance = random.Random(arguments.seed)


def run(count, model, place, *rest):
    more = ["--until", arguments.until] if arguments.until and "--until" not in rest else []
    return engram.call(count, "run", model, "--in", place, "-q", *more, *rest)


def same(model, folder, counts, *rest):
    """The digests of one process and of each number of processes."""
    name = Path(model).stem
    alone = f"{folder}/{name}-1.engram"
    began = time.time()
    done = run(1, model, alone, *rest)
    if done.returncode:
        return fail(f"{name}: alone: {done.stderr[-400:]}")
    wanted = engram.digest(alone)
    for count in counts:
        place = f"{folder}/{name}-{count}.engram"
        done = run(count, model, place, *rest)
        if done.returncode:
            fail(f"{name} on {count}: status {done.returncode}: {done.stderr[-600:]}")
        elif engram.digest(place) != wanted:
            fail(f"{name} on {count}: another digest")
        elif engram.call(1, "verify", place).returncode:
            fail(f"{name} on {count}: does not verify")
        shutil.rmtree(place, ignore_errors=True)
    print(f"{name}: {wanted} on 1 and {', '.join(map(str, counts))} ({time.time() - began:.1f} s)", flush=True)
    return True


def ranks(place):
    """The numbers of the processes of the program that work there: children of mpirun, or of what it starts in between."""
    return [each for each in working_on(place) if program_of(each) == os.path.realpath(arguments.engram)]


def program_of(process):
    try:
        return os.readlink(f"/proc/{process}/exe")
    except OSError:
        return None


def killed(model, folder, kills, *rest):
    """A run that is killed again and again, on changing numbers of processes."""
    name = Path(model).stem
    place, alone = f"{folder}/{name}-killed.engram", f"{folder}/{name}-1.engram"
    if not Path(alone).exists() and run(1, model, alone, *rest).returncode:
        return fail(f"{name}: alone")
    began = time.time()
    run(2, model, f"{folder}/{name}-timed.engram", *rest)
    whole = time.time() - began
    shutil.rmtree(f"{folder}/{name}-timed.engram", ignore_errors=True)
    done, hits, slowest, rounds = 0, 0, 0.0, 0
    while done < kills:
        rounds += 1
        count = chance.randint(1, 4)
        command = ["run", model, "--in", place, "-q", "--checkpoint-every", chance.choice(["3ms", "10ms", "wall:20ms", "wall:200ms"]), *rest]
        if arguments.until:
            command += ["--until", arguments.until]
        process = subprocess.Popen(
            engram.words(count, *command), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT,
            stdin=subprocess.DEVNULL, start_new_session=True)
        time.sleep(chance.uniform(0.1, max(0.4, 1.1 * whole)))
        done += 1
        if process.poll() is None:
            known = engram.ids(place) if Path(place).exists() else set()
            # The newest few stay; what was there before may have been collected since.
            targets = ranks(place) if count > 1 else []
            target = chance.choice([*targets, process.pid])
            try:
                os.kill(target, signal.SIGKILL)
                hits += 1
            except ProcessLookupError:
                pass
            killed_at = time.time()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                fail(f"{name}: still there 20 s after a process was killed")
                os.killpg(process.pid, signal.SIGKILL)
            slowest = max(slowest, time.time() - killed_at)
            # Where mpirun itself was killed, its processes notice and go.
            wait_for(targets, name)
            if known and not engram.ids(place) & known and not engram.ids(place):
                fail(f"{name}: no checkpoint is left")
        elif process.returncode == 0:
            if engram.digest(place) != engram.digest(alone):
                fail(f"{name}: another digest after {done} kills")
            shutil.rmtree(place, ignore_errors=True)
            continue
        else:
            fail(f"{name} on {count}: status {process.returncode}: {process.stderr.read()[-500:]}")
        if Path(place).exists() and engram.ids(place) and engram.call(1, "verify", place).returncode:
            fail(f"{name}: does not verify after a kill")
    if slowest > 10:
        fail(f"{name}: {slowest:.1f} s from a kill to the end of the others")
    for _ in range(3):
        last = run(chance.randint(1, 4), model, place, *rest)
        if last.returncode == 0:
            break
    if last.returncode or engram.digest(place) != engram.digest(alone):
        fail(f"{name}: another digest at the end: {last.stderr[-300:]}")
    print(f"{name}: {hits} kills in {rounds} starts, slowest end {slowest:.1f} s", flush=True)
    shutil.rmtree(place, ignore_errors=True)


def wait_for(targets, name):
    if are_gone(lambda: targets, 10):
        return
    fail(f"{name}: a process goes on 10 s after another was killed")
    for target in targets:
        try:
            os.kill(target, signal.SIGKILL)
        except ProcessLookupError:
            pass


def stopped(model, folder):
    """A wish to stop ends the run in all processes with status 75, and it goes on with another number of them."""
    place = f"{folder}/stopped.engram"
    process = subprocess.Popen(
        engram.words(2, "run", model, "--in", place, "-q"), env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    # From the first step on, as status.json says.
    end = time.time() + 60
    while time.time() < end and process.poll() is None:
        status = Path(place, "status.json")
        if status.exists() and '"running"' in status.read_text(encoding="utf-8"):
            break
        time.sleep(0.02)
    if "HYDRA" in subprocess.run(["mpirun", "--version"], capture_output=True, text=True, check=False).stdout:
        # That of MPICH hands on no such signal. Any of the processes does.
        for each in ranks(place)[-1:]:
            os.kill(each, signal.SIGUSR2)
    else:
        process.send_signal(signal.SIGUSR2)
    try:
        status = process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        return fail("a run does not stop")
    if status != 75:
        return fail(f"a run that is asked to stop ends with status {status}: {process.stderr.read()[-500:]}")
    last = run(3, model, place)
    if last.returncode or engram.digest(place) != engram.digest(f"{folder}/{Path(model).stem}-1.engram"):
        return fail(f"a run that was stopped gives another digest: {last.stderr[-300:]}")
    print("stopped by a signal, and gone on with another number of processes: equal")


SMALL = """
name: smoke
dt: 0.1 ms
seed: 7
constants: {tau: 10 ms}
objects:
  - kind: NeuronGroup
    name: G
    N: 800
    model: "dv/dt = (1.3 + 0.3*sqrt(2*tau)*xi - v)/tau : 1 (unless refractory)"
    threshold: v > 1
    reset: v = 0
    refractory: 2 ms
    method: euler
    initial: {v: rand()}
  - kind: Synapses
    name: S
    source: G
    target: G
    model: |
      w : 1
      dx/dt = -x/tau : 1 (event-driven)
    on_pre: |
      v_post += 0.05*w
      x += 0.1
    on_post: w = clip(w + 0.01*x, 0, 1)
    connect: {p: 0.05}
    initial: {w: 0.1*rand(), delay: rand()*3*ms}
  - {kind: SpikeMonitor, name: spikes, source: G}
  - {kind: StateMonitor, name: trace, source: G, variables: v, record: [0, 799]}
run: 150 ms
"""
LARGE = """
name: large
seed: 3
objects:
  - {kind: NeuronGroup, name: G, N: 12000, model: "dv/dt = (1.1 - v)/(10*ms) : 1", threshold: v > 1, reset: v = 0, method: exact, initial: {v: rand()}}
  - {kind: Synapses, name: S, source: G, target: G, model: "w : 1", on_pre: v_post += w, connect: {p: 0.03}, initial: {w: 0.0001*rand()}}
run: 10 s
"""
# Its synapses write variables of their source, and its neuron has a shape: every process computes all of that.
UNDIVIDED = """
name: undivided
seed: 1
objects:
  - {kind: PoissonGroup, name: P, N: 9, rates: 300 Hz}
  - {kind: NeuronGroup, name: G, N: 8, model: "x : 1\\nv : 1", threshold: v > 1, reset: v = 0}
  - {kind: Synapses, name: PG, source: P, target: G, on_pre: v_post += 0.3*rand(), connect: {p: 0.5}}
  - {kind: Synapses, name: S, source: G, target: G, model: "x_pre = v_post : 1 (summed)", on_pre: v_post += 0.1, connect: {condition: i != j}}
  - kind: SpatialNeuron
    name: cell
    morphology: {sections: [{shape: soma, diameter: 30 um}, {shape: cylinder, name: axon, diameter: 1 um, length: 100 um, n: 9}]}
    model: |
      Im = 1e-4*siemens/cm**2*(-65*mV - v) + g*(0*mV - v)/area : amp/metre**2
      dg/dt = -g/(5*ms) : siemens
    method: exponential_euler
    initial: {v: -65 mV}
  - {kind: Synapses, name: PC, source: P, target: cell, on_pre: g_post += 0.1*nS, connect: {p: 0.5}}
  - {kind: StateMonitor, name: trace, source: cell, variables: v, record: true, dt: 1 ms}
run: 10 ms
"""


def stopped_in_set_up(folder):
    """A signal that one process gets while it makes its network ends all, with status 75, and nobody waits for it."""
    model, place = Path(folder, "large.yaml"), f"{folder}/large.engram"
    model.write_text(LARGE, encoding="utf-8")
    process = subprocess.Popen(
        engram.words(2, "run", str(model), "--in", place, "-q"), env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    while process.poll() is None and not Path(place, "lock").exists():
        time.sleep(0.02)
    for each in ranks(place)[-1:]:
        os.kill(each, signal.SIGUSR2)
    try:
        _, told = process.communicate(timeout=120)
    except subprocess.TimeoutExpired:
        process.kill()
        return fail("a process that is stopped in its set-up waits for the others")
    if process.returncode != 75:
        return fail(f"a process that is stopped in its set-up: status {process.returncode}: {told[-400:]}")
    print("stopped by a signal to one of them while it made its network: all have ended")


def again(model, folder):
    """A run in the place of another, and a line that begins in the middle: as one process makes them."""
    places = [f"{folder}/line-{count}.engram" for count in (1, 3)]
    for count, place in zip((1, 3), places):
        for step in (["run", model, "--until", "50ms", "--in", place], ["run", model, "--fresh", "--until", "60ms", "--in", place],
                     ["resume", f"{place}@initial", "--constant", "tau=20 ms", "--until", "40ms"]):
            done = engram.call(count, *step, "-q")
            if done.returncode:
                fail(f"{step[0]} on {count}: status {done.returncode}: {done.stderr[-300:]}")
    if not Path(f"{places[1]}.old-1").exists():
        fail("--fresh on 3 has not moved the old run aside")
    found = [[engram.digest(place), *((row["line"], row["t"], engram.digest(f"{place}@{row['id']}")) for row in engram.checkpoints(place))] for place in places]
    if found[0] != found[1]:
        fail(f"--fresh and a new line on 3: {found[1]}, on one process {found[0]}")
    else:
        print("a run in the place of another, and a new line with another constant: equal")


def profiled(model, folder):
    done = run(3, model, f"{folder}/profiled.engram", "--profile", "--json")
    try:
        told = json.loads(done.stdout)["profile"]
        each = told["processes"]
        good = len(each) == 3 and all(process["computing_seconds"] > 0 for process in each) and 1 <= told["slowest_of_mean"] <= 3
    except (ValueError, KeyError):
        good = False
    if not good:
        fail(f"a profile does not tell of each process: {done.stdout[-500:]} {done.stderr[-300:]}")


def smoke(folder):
    small, undivided = Path(folder, "smoke.yaml"), Path(folder, "undivided.yaml")
    small.write_text(SMALL, encoding="utf-8")
    undivided.write_text(UNDIVIDED, encoding="utf-8")
    same(str(small), folder, [2, 4])
    same(str(undivided), folder, [3])
    stopped(str(small), folder)
    stopped_in_set_up(folder)
    killed(str(small), folder, 3)
    process_faults.campaign(engram, [2], folder, kinds=("kill", "EIO"), only=1)
    broken = engram.call(2, "run", str(Path(folder, "none.yaml")))
    if broken.returncode in (0, 75) or broken.stderr.count("none.yaml") != 1:
        fail(f"a mistake is not told once: {broken.stderr[-500:]}")
    again(str(small), folder)
    profiled(str(small), folder)
    if arguments.plain:
        plain = engram.call(2, "run", str(small), "--in", f"{folder}/plain.engram", program=arguments.plain)
        if plain.returncode == 0 or plain.stderr.count("--traits MPI") != 1 or Path(folder, "plain.engram").exists():
            fail(f"a program without MPI does not refuse once, before anything is written: {plain.stderr[-500:]}")
        else:
            print("a program without MPI refuses")


def faults(folder):
    counts = [int(count) for count in arguments.counts.split(",")]
    process_faults.campaign(engram, counts, folder, arguments.stride, arguments.workers, arguments.kinds.split(","))


def by_chance(folder):
    if arguments.shapes:
        from random_shapes import ShapedModel as Made
    else:
        from random_models import Model as Made
    numbers = range(arguments.first, arguments.first + arguments.random)
    for number in numbers:
        made = Made(number)
        for name, content in {f"{number}.yaml": made.text, **made.files}.items():
            Path(folder, name).write_text(content, encoding="utf-8")
        same(f"{folder}/{number}.yaml", folder, [2 + number % 3], "--seed", "1")
        shutil.rmtree(f"{folder}/{number}-1.engram", ignore_errors=True)
    print(f"{len(numbers)} models")


with tempfile.TemporaryDirectory(prefix="engram-processes-") as place:
    if arguments.smoke:
        smoke(place)
    elif arguments.faults:
        faults(place)
    elif arguments.random:
        by_chance(place)
    elif arguments.fixtures:
        process_models.campaign(
            engram, [int(count) for count in arguments.counts.split(",")], place, chance, arguments.only,
            None if arguments.full else arguments.longest, arguments.rows)
    else:
        for each in arguments.models or sorted(str(path) for path in (ROOT / "fixtures/models").glob("*.yaml")):
            if same(each, place, [int(count) for count in arguments.counts.split(",")]) and arguments.kills:
                killed(each, place, arguments.kills)
print(f"{len(failures)} failures")
sys.exit(bool(failures))
