"""Times the step loop with arrays in mapped files beside the same in memory, run by run in turn, and prints ratios.

    python tools/benchmarks/storages.py [--engram ENGRAM] [--only cuba-4000,stdp-1000x1] [--repetitions 5] [--in FOLDER] [--longer 1]

Each repetition runs a workload of workloads.py once with `--storage memory` and once with `--storage mapped`, in an order that
changes; the ratio is the median of the ratios of the pairs. Beside it: page faults, the bytes that the process made dirty in files
(/proc/PID/io) and the bytes that the disk was given meanwhile by everybody (/proc/diskstats). Digests must be equal; exit status 0 when they are.
Build Engram first: swift build -c release --product engram.
"""
import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from workloads import model as model_file

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
here = os.path.dirname(os.path.abspath(__file__))
parser.add_argument("--engram", default=os.path.join(os.path.dirname(os.path.dirname(here)), ".build", "release", "engram"))
parser.add_argument("--only", default="cuba-4000,cobahh-4000,brunel-12500,stdp-1000x1000,lif-1e6,izhikevich-1e6")
parser.add_argument("--repetitions", type=int, default=5)
parser.add_argument("--in", dest="folder", help="where the run directories go (another file system, say)")
parser.add_argument("--longer", type=float, default=1, help="simulate so many times as long")
arguments = parser.parse_args()
work = tempfile.mkdtemp(prefix="engram-storages-", dir=arguments.folder)
environment = dict(os.environ, SWIFT_BACKTRACE="enable=no")


def disk_bytes():
    """Written to all disks since the machine began."""
    with open("/proc/diskstats") as file:
        return sum(int(line.split()[9]) * 512 for line in file if re.match(r"(vd|sd|nvme\d+n)[a-z0-9]*$", line.split()[2]) and not line.split()[2][-1].isdigit())


def run(name, text, storage):
    model, directory = os.path.join(work, f"{name}.yaml"), os.path.join(work, f"{name}.engram")
    shutil.rmtree(directory, ignore_errors=True)
    text = re.sub(r"run: (\S+) ms", lambda found: f"run: {float(found[1]) * arguments.longer} ms", text)
    with open(model, "w") as file:
        file.write(text)
    command = [arguments.engram, "run", model, "--in", directory, "--json", "-q", "--storage", storage]
    before = disk_bytes()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    dirty = 0
    while process.poll() is None:
        try:
            with open(f"/proc/{process.pid}/io") as file:
                dirty = max(dirty, int(re.search(r"write_bytes: (\d+)", file.read())[1]))
        except (OSError, TypeError):
            pass
        time.sleep(0.02)
    out, errors = process.communicate()
    if process.returncode:
        sys.exit(f"{name} with --storage {storage}: status {process.returncode}: {errors[-1000:]}")
    written = disk_bytes() - before
    report = json.loads(out.splitlines()[-1])
    digest = subprocess.run([arguments.engram, "digest", directory], capture_output=True, text=True, env=environment).stdout.strip()
    shutil.rmtree(directory, ignore_errors=True)
    return report["loop_seconds"], dirty, written, digest


def faults(name, text, storage):
    """Page faults of a whole process, on their own, since only the sum over all children is told."""
    import resource

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    model, directory = os.path.join(work, f"{name}.yaml"), os.path.join(work, f"{name}.engram")
    shutil.rmtree(directory, ignore_errors=True)
    subprocess.run([arguments.engram, "run", model, "--in", directory, "-q", "--storage", storage], check=True, env=environment, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    shutil.rmtree(directory, ignore_errors=True)
    return after.ru_minflt + after.ru_majflt - before.ru_minflt - before.ru_majflt


print("| workload | memory [s] | mapped [s] | ratio | spread of ratios | page faults | dirtied in files [MB] | disk writes [MB] |")
print("|---|---|---|---|---|---|---|---|")
isSame = True
for name in arguments.only.split(","):
    text = model_file(name, arguments.engram)
    found = {"memory": [], "mapped": []}
    for number in range(arguments.repetitions):
        for storage in ("memory", "mapped") if number % 2 == 0 else ("mapped", "memory"):
            found[storage].append(run(name, text, storage))
    ratios = [mapped[0] / memory[0] for memory, mapped in zip(found["memory"], found["mapped"])]
    isSame = isSame and len({each[3] for runs in found.values() for each in runs}) == 1
    middle = {storage: [statistics.median(each[place] for each in runs) for place in range(3)] for storage, runs in found.items()}
    count = {storage: faults(name, text, storage) for storage in found}
    print(
        f"| {name} | {middle['memory'][0]:.3f} | {middle['mapped'][0]:.3f} | {statistics.median(ratios):.3f} | {min(ratios):.3f} … {max(ratios):.3f} "
        f"| {count['memory']} / {count['mapped']} | {middle['memory'][1] / 1e6:.0f} / {middle['mapped'][1] / 1e6:.0f} "
        f"| {middle['memory'][2] / 1e6:.0f} / {middle['mapped'][2] / 1e6:.0f} |", flush=True)
shutil.rmtree(work, ignore_errors=True)
print("digests are equal" if isSame else "DIGESTS DIFFER")
sys.exit(0 if isSame else 1)
