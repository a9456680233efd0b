"""Damages one file of a run directory or of a portable file in many ways, and asks every command.

    python tools/campaigns/damage.py ENGRAM [--smoke] [--mutants 300] [--rot 20] [--seed 1]

Mutants: one file changed in one way (a bit, a byte, zeros, cut, lengthened, shifted, exchanged, removed, another kind of
entry). Each command may refuse with words, or answer what it answers without damage; never anything else, never a trap, never
without an end. What was carried elsewhere (branch, pack, unpack) must verify; a branch by links is the same files, so its own `verify`
may refuse it. `verify --full` must find what any other command refused.

Rot: an object of a run that is going on gets another bit, at a random moment, where the run does not write. The run ends as if
nothing had happened, or with an error that names what was damaged; nothing that it leaves for intact has other values.

Needs h5py. Exit status 0 if nothing is wrong.
"""
import argparse
import collections
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

import h5py

here = os.path.dirname(os.path.abspath(__file__))
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("engram")
parser.add_argument("--smoke", action="store_true", help="a few of each, in less than a minute")
parser.add_argument("--mutants", type=int, default=300, help="per kind of place")
parser.add_argument("--rot", type=int, default=20, help="runs with rot")
parser.add_argument("--seed", type=int, default=1)
arguments = parser.parse_args()
arguments.engram = os.path.abspath(arguments.engram)
if arguments.smoke:
    arguments.mutants, arguments.rot = 15, 2

work = tempfile.mkdtemp(prefix="engram-damage-")
environment = dict(os.environ, SWIFT_BACKTRACE="enable=no")
chance = random.Random(arguments.seed)
failures = []
verdicts = collections.Counter()


def call(*words, limit=60):
    try:
        return subprocess.run([arguments.engram, *words], cwd=work, env=environment, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        return None


def must(*words):
    result = call(*words)
    if result is None or result.returncode:
        raise SystemExit(f"undisturbed {' '.join(words)}: {result and result.stderr}")
    return result.stdout


def contents(path):
    """One hash over every number and text of an export."""
    found = hashlib.sha256()
    with h5py.File(path) as file:
        def visit(name, item):
            found.update(name.encode())
            for key in sorted(item.attrs):
                found.update(f"{key}{item.attrs[key]}".encode())
            if isinstance(item, h5py.Dataset):
                value = item[()]
                found.update(value.tobytes() if item.dtype.kind != "O" else str(value).encode())
        file.visititems(visit)
    return found.hexdigest()


def remove(path):
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.unlink(path)


# ------------------------------------------------------------------------------------------------------------- commands

def plain(*words):
    return lambda: (result := call(*words), result and result.stdout)


def exporting(*words):
    def act():
        result = call("export", *words, "-o", "out.h5")
        answer = contents(os.path.join(work, "out.h5")) if result and result.returncode == 0 else None
        remove(os.path.join(work, "out.h5"))
        return result, answer
    return act


def carrying(target, *words, linked=False):
    """The answer is the digest of what arrived, if that verifies. What is linked is not read on the way: there `verify` answers."""
    def act():
        result = call(*words)
        answer = None
        if result and result.returncode == 0:
            checked = call("verify", target)
            if checked.returncode and linked:
                result = checked
            else:
                answer = "it does not verify: " + checked.stdout if checked.returncode else must("digest", target)
        remove(os.path.join(work, target))
        return result, answer
    return act


def changing(*words):
    """Digest of the directory afterwards, or why there is none."""
    def act():
        copy("d", "e")
        result = call(*words)
        answer = None
        if result and result.returncode == 0:
            result = call("digest", "e")
            answer = result.stdout
        remove(os.path.join(work, "e"))
        return result, answer
    return act


def looking(place):
    return {
        "verify": plain("verify", "--full", place), "ls": plain("ls", place), "log": plain("log", place, "--json"), "show": plain("show", place),
        "values": plain("show", place, "G.v", "S.w", "trace.v", "--exact", "--json"), "statistics": plain("show", place, "S.w", "trace.v", "--stats"),
        "digest": plain("digest", place), "earlier": plain("digest", place + "@half"), "diff": plain("diff", place, "pristine", "--quiet"),
        "export": exporting(place), "export --chunked": exporting(place, "--chunked"),
    }


def commands(place):
    if place == "p.h5":
        return looking(place) | {"unpack": carrying("u", "unpack", place, "u")}
    return looking(place) | {
        "export --all": exporting(place, "--all"), "pack": carrying("q.h5", "pack", place, "-o", "q.h5"),
        "branch --to": carrying("b", "branch", place, "new", "--to", "b", linked=True), "branch": changing("branch", "e", "new"),
        "resume": changing("resume", "e", "--until", "23ms", "-q"), "gc": changing("gc", "e", "--keep", "1"),
    }


# -------------------------------------------------------------------------------------------------------------- mutants

def copy(source, target):
    source, target = os.path.join(work, source), os.path.join(work, target)
    remove(target)
    subprocess.run(["cp", "-a", "--sparse=always", source, target], check=True)


def files_of(place):
    path = os.path.join(work, place)
    if os.path.isfile(path):
        return [""]
    return sorted(os.path.relpath(os.path.join(folder, name), path) for folder, _, names in os.walk(path) for name in names)


def carries_state(name):
    return not (name in ("lock", "status.json", "live.h5") or name.startswith("checkpoints/") and name.endswith(".h5"))


def mutate(path, others):
    """Changes one file; the way in words, or None where this way is not possible."""
    size = max(1, min(os.path.getsize(path), os.stat(path).st_blocks * 512))
    way = chance.choice(["bit", "bit", "bit", "byte", "zeros", "cut", "empty", "longer", "shifted", "exchanged", "removed", "link", "directory", "pipe"])
    place = chance.randrange(size if chance.random() < 0.7 else min(size, 6000))
    if way in ("bit", "byte", "zeros", "cut", "empty", "longer", "shifted"):
        with open(path, "r+b") as file:
            if way in ("bit", "byte"):
                file.seek(place)
                old = (file.read(1) or b"\0")[0]
                file.seek(place)
                file.write(bytes([old ^ (1 << chance.randrange(8)) if way == "bit" else (old + chance.randrange(1, 256)) % 256]))
            elif way == "zeros":
                file.seek(place // 512 * 512)
                old = file.read(512)
                if not any(old):
                    return None
                file.seek(place // 512 * 512)
                file.write(bytes(len(old)))
            elif way == "longer":
                file.seek(0, 2)
                file.write(chance.randbytes(chance.choice([1, 16, 4096])))
            elif way == "shifted":
                if size > 8 << 20:
                    return None
                file.seek(place)
                rest = file.read(size)
                file.seek(place)
                file.write(b"\0" + rest)
            else:
                file.truncate(place if way == "cut" else 0)
        return f"{way} at {place}"
    if way == "exchanged":
        if not others:
            return None
        other = chance.choice(others)
        os.rename(path, path + "~")
        os.rename(other, path)
        os.rename(path + "~", other)
        return f"exchanged with {os.path.basename(other)}"
    os.unlink(path)
    if way == "link":
        os.symlink("/etc/passwd", path)
    elif way == "directory":
        os.mkdir(path)
    elif way == "pipe":
        os.mkfifo(path)
    return way


def judge(name, result, answer, truth):
    if result is None:
        return "hangs"
    if result.returncode < 0 or result.returncode >= 128 or result.returncode == 74:
        return f"traps, status {result.returncode}: {result.stderr[-300:]}"
    if result.returncode == 0:
        return "same" if answer == truth else f"status 0, yet another answer: {str(answer)[:200]}"
    if name == "diff" and result.returncode == 1:
        return "says that values differ"
    # These answer with what is wrong.
    words = result.stderr + (result.stdout if name in ("verify", "ls", "log", "branch --to") else "")
    return "refused" if words.strip() else f"status {result.returncode} without a word"


def mutants(place, template):
    copy(template, place)
    truths = {name: act() for name, act in commands(place).items()}
    for name, (result, answer) in truths.items():
        if result is None or result.returncode:
            raise SystemExit(f"undisturbed {name}: {result and result.stderr}")
    truths = {name: answer for name, (_, answer) in truths.items()}
    done = 0
    while done < arguments.mutants:
        copy(template, place)
        files = files_of(place)
        weights = [{"objects": 3, "segments": 3, "checkpoints": 4}.get(name.split("/")[0], 4) if carries_state(name) else 1 for name in files]
        chosen = chance.choices(files, weights)[0]
        kin = [os.path.join(work, place, name) for name in files if name != chosen and os.path.dirname(name) == os.path.dirname(chosen)]
        if place == "p.h5":
            kin = []
        way = mutate(os.path.join(work, place, chosen) if chosen else os.path.join(work, place), kin)
        if way is None:
            continue
        done += 1
        found = {}
        for name, act in commands(place).items():
            # gc and the notes of verify may say other things about what nobody needs.
            verdict = judge(name, *act(), truths[name])
            if name in ("gc", "verify", "ls", "log", "show") and verdict.startswith("status 0"):
                verdict = "same"
            found[name] = verdict
            verdicts[f"{place} {verdict if verdict in ('same', 'refused') else 'FAILURE'}"] += 1
            if verdict not in ("same", "refused"):
                failures.append(f"{place}/{chosen}: {way}: {name}: {verdict}")
                print(failures[-1], flush=True)
        refusing = [name for name, verdict in found.items() if verdict == "refused"]
        if refusing and found["verify"] == "same" and carries_state(chosen) and not way.startswith(("removed", "exchanged")):
            failures.append(f"{place}/{chosen}: {way}: verify finds nothing, {', '.join(refusing)} refuse")
            print(failures[-1], flush=True)
    return done


# ------------------------------------------------------------------------------------------------------------------ rot

ROTTING = """
name: rotting
dt: 0.1 ms
seed: 3
objects:
  - {kind: NeuronGroup, name: G, N: 150000, model: "dv/dt = (1.5*int(i < 5) - v)/(10*ms) : 1\\nw : 1\\nu : 1 (constant)", threshold: v > 1,
     reset: "v = 0; w += 1", method: euler, initial: {w: rand(), u: rand()}}
checkpoints: {every: 100 ms, keep: 2}
run: 1 s
"""


def rot():
    with open(os.path.join(work, "rotting.yaml"), "w") as file:
        file.write(ROTTING)
    must("run", "rotting.yaml", "--in", "r", "--until", "14ms", "-q")
    copy("r", "sound")
    start = time.monotonic()
    must("resume", "sound", "--until", "300ms", "-q")
    duration = time.monotonic() - start
    expected = must("digest", "sound")
    noticed = 0
    objects = [name for name in files_of("r") if name.startswith("objects/") and os.path.getsize(os.path.join(work, "r", name)) > 1 << 20]
    for number in range(arguments.rot):
        copy("r", "x")
        process = subprocess.Popen(
            [arguments.engram, "resume", "x", "--until", "300ms", "-q"], cwd=work, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        time.sleep(chance.uniform(0, duration))
        try:
            with open(os.path.join(work, "x", chance.choice(objects)), "r+b") as file:
                place = chance.randrange(100_000, 1_200_000)
                file.seek(place)
                old = file.read(1)[0]
                file.seek(place)
                file.write(bytes([old ^ (1 << chance.randrange(8))]))
        except FileNotFoundError:
            pass  # It is no longer needed.
        _, errors = process.communicate(timeout=600)
        wrong = None
        if process.returncode < 0 or process.returncode >= 128:
            wrong = f"traps, status {process.returncode}"
        elif process.returncode == 0:
            digest = call("digest", "x")
            if digest.returncode == 0 and digest.stdout != expected:
                wrong = f"status 0, digest {digest.stdout.strip()} instead of {expected.strip()}"
        elif "G." not in errors:
            wrong = f"status {process.returncode} without the name of a variable: {errors[-300:]}"
        else:
            noticed += 1
        # What is called intact has the values of the undisturbed run.
        for line in json.loads(call("ls", "x", "--json").stdout)["checkpoints"]:
            if line["t"] == 0.3 and call("verify", f"x@{line['id']}").returncode == 0:
                if call("digest", f"x@{line['id']}").stdout != expected:
                    wrong = f"{line['id']} is called intact and has other values"
        if wrong:
            failures.append(f"rot {number}: {wrong}")
            print(failures[-1], flush=True)
    return noticed


start = time.monotonic()
must("run", os.path.join(here, "small.yaml"), "--in", "pristine", "--checkpoint-every", "2ms", "--keep", "4", "-q")
must("pack", "pristine@half", "end", "-o", "pristine.h5")
number = mutants("d", "pristine") + mutants("p.h5", "pristine.h5")
noticed = rot()
shutil.rmtree(work, ignore_errors=True)
for what, count in sorted(verdicts.items()):
    print(f"{what}: {count}")
print(
    f"{number} mutants, {sum(verdicts.values())} answers; {arguments.rot} runs with rot, {noticed} of them ended by it; "
    f"{time.monotonic() - start:.0f} s, {len(failures)} failures")
sys.exit(1 if failures else 0)
