"""Gives the program what strangers could give it: model files and HDF5 inputs that are almost right, and looks how it ends.

    python tools/campaigns/hostile.py ENGRAM models [--count 13000] [--seed 1]
    python tools/campaigns/hostile.py ENGRAM inputs [--count 1500] [--seed 1]

Numbers in checkpoints, under checksums that agree, are changed through the storage library itself, whatever its format is:
    ENGRAM_CAMPAIGN=1 swift test --filter 'HostileValueTests|CombinationTests'

Each input is one call of `explain` (models, one in six also `run`) or of `run` (inputs). Exit status 0 when every call ended by itself
with 0, 1, 64 or 75, in less than 10 s of processor time and 2 GB of memory, and printed no control characters.
"""
import argparse
import collections
import copy
import glob
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("engram")
parser.add_argument("what", choices=["models", "inputs"])
parser.add_argument("--count", type=int, default=300)
parser.add_argument("--seed", type=int, default=1)
arguments = parser.parse_args()
engram = os.path.abspath(arguments.engram)
root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
work = tempfile.mkdtemp(prefix="engram-hostile-")
chance = random.Random(arguments.seed)
environment = dict(os.environ, SWIFT_BACKTRACE="enable=no")
outcomes = collections.Counter()
failures = []
longest = most = 0.0

NUMBERS = """0 -1 1e308 -1e308 5e-324 nan inf -inf 1e400 9223372036854775807 9223372036854775808 -9223372036854775808 18446744073709551616
2147483647 2147483648 4294967296 1e12 1e18 1.5 1e-300 0x10 1_0 --1 1e-9s 1e-300s 1e300s -1ms 0ms 1e18s 0.1ms 1xyz 1Hz 1e30Hz""".split()
WORDS = ["", " ", "\n", "\u202e", "\x1b[2J", "x" * 5000, "../../x", "a@b", "true", "null", "v", "i", "t", "dt", "N", "count", "xi", "lastspike",
         "G[0:", "G[-1]", "G[5:2]", "G[[0,0]]", "ms", "1", "latest", "initial"]
TEXTS = ["1/0", "v**v**v", "2**2**2**2**2**2", "(" * 800 + "v" + ")" * 800, "v" + "+v" * 3000, "rand()*rand()", "poisson(1e308)", "int(nan)",
         "i//0", "9223372036854775807 + 1", "i**63", "sqrt(-1)", "1e400", "v[0", "v := 2", "dv/dt = xi*v/ms : 1", "x = x : 1",
         "\n".join(f"x{k} = x{k + 1}*x{k + 1} : 1" for k in range(60)) + "\nx60 : 1", "x : volt**0.333", "dv/dt = v : volt"]


def call(words, seconds=60):
    """Runs the program; its end, processor time [s], memory [bytes] and output."""
    global longest, most
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen([engram, *words], stdout=output, stderr=output, stdin=subprocess.DEVNULL, env=environment, cwd=work)
        end = time.monotonic() + seconds
        while True:
            found, status, usage = os.wait4(process.pid, os.WNOHANG)
            if found:
                break
            if time.monotonic() > end:
                process.kill()
                os.wait4(process.pid, 0)
                return "hang", seconds, 0, ""
            time.sleep(0.002)
        output.seek(0)
        text = output.read(1 << 20).decode(errors="replace")
    process.returncode = os.waitstatus_to_exitcode(status)
    computing = usage.ru_utime + usage.ru_stime
    longest, most = max(longest, computing), max(most, usage.ru_maxrss * 1024)
    return process.returncode, computing, usage.ru_maxrss * 1024, text


def judge(label, words, keep):
    status, computing, memory, text = call(words)
    problem = None
    if status not in (0, 1, 64, 75):
        problem = f"ended with {status}"
    elif computing > 10:
        problem = f"{computing:.0f} s"
    elif memory > 2e9:
        problem = f"{memory / 1e6:.0f} MB"
    elif re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", text):
        problem = "control characters"
    outcomes[words[0], status] += 1
    if problem:
        kept = os.path.join(work, f"bad-{len(failures)}" + os.path.splitext(keep)[1])
        shutil.copy(keep, kept)
        failures.append(label)
        print(f"{label}: {' '.join(words[:1])} {problem}: {text.strip()[-200:]!r}, kept as {kept}", flush=True)


# ------------------------------------------------------------------------------------------------------------------ models

def places(tree, path=()):
    """Every place in a tree of mappings, lists and texts."""
    yield path
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ():
        yield from places(value, (*path, key))


def at(tree, path):
    for key in path:
        tree = tree[key]
    return tree


def strange(keys):
    kind = chance.random()
    if kind < 0.45:
        return chance.choice(NUMBERS)
    if kind < 0.65:
        return chance.choice(WORDS)
    if kind < 0.85:
        return chance.choice(TEXTS)
    if kind < 0.93:
        return [chance.choice(NUMBERS) for _ in range(chance.choice([0, 1, 2, 200]))]
    return {chance.choice(keys): chance.choice(NUMBERS)}


def altered(text):
    """A text with a word, a sign or a stretch of it changed."""
    words = re.findall(r"[A-Za-z_]\w*|[\d.]+|\S", text) or ["v"]
    kind = chance.random()
    if kind < 0.4:
        return text.replace(chance.choice(words), chance.choice(words + NUMBERS + TEXTS[:12]), chance.choice([1, 99]))
    place = chance.randrange(len(text) + 1)
    if kind < 0.7:
        return text[:place] + chance.choice("()*/+-=:<>,.;#'\"\\\t\n []{}|&!%@é1eE_dvti") + text[place + chance.randrange(2):]
    return text[:place] + text[chance.randrange(len(text) + 1):]


def models():
    import yaml

    class Plain(yaml.SafeLoader):
        """Every scalar stays the text that was written."""

    Plain.yaml_implicit_resolvers = {}
    trees = []
    for file in sorted(glob.glob(f"{root}/fixtures/models/*.yaml") + glob.glob(f"{root}/fixtures/reference/**/*.yaml", recursive=True)):
        try:
            trees.append(yaml.load(open(file).read(), Plain))
        except yaml.YAMLError:
            pass
    keys = sorted({key for tree in trees for path in places(tree) for key in path if isinstance(key, str)})
    model = os.path.join(work, "m.yaml")
    for number in range(arguments.count):
        tree = copy.deepcopy(chance.choice(trees))
        for _ in range(chance.choice([1, 1, 1, 2, 4])):
            path = chance.choice([path for path in places(tree) if path])
            parent, old, kind = at(tree, path[:-1]), at(tree, path), chance.random()
            if kind < 0.4 or not isinstance(old, str):
                parent[path[-1]] = strange(keys)
            elif kind < 0.7:
                parent[path[-1]] = altered(old)
            elif kind < 0.8:
                del parent[path[-1]]
            elif isinstance(parent, dict):
                parent[chance.choice(keys)] = strange(keys)
            elif isinstance(parent, list):
                parent.append(copy.deepcopy(old))
        text = yaml.dump(tree, allow_unicode=True, width=10**6)
        if chance.random() < 0.25:
            text = altered(text)
        with open(model, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(text)
        judge(f"model {number}", ["explain", model], model)
        if number % 6 == 0:
            shutil.rmtree(os.path.join(work, "r"), ignore_errors=True)
            judge(f"model {number}", ["run", model, "--in", os.path.join(work, "r"), "--until", "1ms", "-q"], model)


# ------------------------------------------------------------------------------------------------------------------ inputs

ARRAY = """{objects: [{kind: NeuronGroup, name: G, N: 10, model: "v : volt", initial: {v: {hdf5: t.h5, dataset: DATASET}}}], run: 1 ms}"""
SPIKES = """{objects: [{kind: SpikeGeneratorGroup, name: G, N: 3, spikes: {sonata: t.h5}}], run: 1 ms}"""


def inputs():
    import h5py
    import numpy

    model, path = os.path.join(work, "m.yaml"), os.path.join(work, "t.h5")

    def run(label, text):
        with open(model, "w") as file:
            file.write(text)
        shutil.rmtree(os.path.join(work, "r"), ignore_errors=True)
        judge(label, ["run", model, "--in", os.path.join(work, "r"), "-q"], path)

    # A small file that claims a hundred million zeros where ten numbers are wanted.
    with h5py.File(path, "w") as file:
        file.create_dataset("x", shape=(100_000_000,), dtype="f8", chunks=(1_000_000,), compression="gzip", fillvalue=0)
        file["x"][:1_000_000] = 0
    before = most
    run("claim", ARRAY.replace("DATASET", "x"))
    if most > max(before, 3e8):
        failures.append("claim")
        print(f"a claim of 10^8 numbers took {most / 1e6:.0f} MB")
    bases = []
    for version in ("earliest", "latest"):
        with h5py.File(path, "w", libver=version) as file:
            file.create_dataset("x", data=numpy.arange(10.0)).attrs["units"] = "mV"
            file.create_dataset("g", data=numpy.arange(10.0), chunks=(4,), compression="gzip", shuffle=True, fletcher32=True).attrs["units"] = "mV"
            group = file.create_group("spikes/pop")
            group.create_dataset("node_ids", data=numpy.arange(10) % 3)
            group.create_dataset("timestamps", data=numpy.arange(10) / 10.0)
        bases.append(open(path, "rb").read())
    for number in range(arguments.count):
        data = bytearray(chance.choice(bases))
        if number % 7 == 0:
            del data[chance.randrange(len(data)):]
        for _ in range(chance.choice([1, 2, 8, 30])):
            if data:
                place = chance.randrange(len(data))
                data[place:place + chance.choice([1, 2, 4, 8])] = chance.choice([b"\xff" * 8, bytes(8), chance.randbytes(8)])[: chance.choice([1, 2, 4, 8])]
        with open(path, "wb") as file:
            file.write(data)
        run(f"input {number}", chance.choice([ARRAY.replace("DATASET", "x"), ARRAY.replace("DATASET", "g"), SPIKES]))


start = time.monotonic()
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
models() if arguments.what == "models" else inputs()
print(
    f"{arguments.count} {arguments.what}, {sum(outcomes.values())} calls in {time.monotonic() - start:.0f} s: "
    + ", ".join(f"{words} {status}: {count}" for (words, status), count in sorted(outcomes.items(), key=str))
    + f"; longest {longest:.1f} s of processor time, most memory {most / 1e6:.0f} MB; {len(failures)} failures")
if not failures:
    shutil.rmtree(work)
sys.exit(1 if failures else 0)
