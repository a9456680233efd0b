"""ACC-8: records four times the memory that a control group allows; the run must finish within the limit.

    sudo python tools/campaigns/memory.py ENGRAM [--limit 128] [--times 4]

Needs root and a writable memory controller of version 1; without them nothing is tried, and it says so (exit status 77).
"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("engram")
parser.add_argument("--limit", type=int, default=128, help="MiB")
parser.add_argument("--times", type=float, default=4)
arguments = parser.parse_args()
group = f"/sys/fs/cgroup/memory/engram-{os.getpid()}"
try:
    os.mkdir(group)
    with open(group + "/memory.limit_in_bytes", "w") as file:
        file.write(str(arguments.limit << 20))
except OSError as error:
    print(f"SKIPPED: no memory control group can be made here ({error}); nothing was tried")
    sys.exit(77)

neurons = 20000
steps = int(arguments.limit * (1 << 20) * arguments.times / (8 * neurons)) + 1
work = tempfile.mkdtemp(prefix="engram-memory-", dir=".")
model = os.path.join(work, "model.yaml")
with open(model, "w") as file:
    file.write(f"""name: recorded
dt: 0.1 ms
seed: 1
objects:
  - {{kind: NeuronGroup, name: G, N: {neurons}, model: "dv/dt = -v/(10*ms) : 1", method: exact, initial: {{v: rand()}}}}
  - {{kind: StateMonitor, name: M, source: G, variables: v, record: true}}
checkpoints: {{every: 50 ms}}
run: {steps / 10} ms
""")


def enter():
    with open(group + "/cgroup.procs", "w") as file:
        file.write(str(os.getpid()))


try:
    directory = os.path.join(work, "a.engram")
    process = subprocess.Popen(
        [os.path.abspath(arguments.engram), "run", model, "--in", directory, "-q"], preexec_fn=enter, stderr=subprocess.PIPE, text=True,
        env=dict(os.environ, SWIFT_BACKTRACE="enable=no"))
    _, errors = process.communicate()
    peak = int(open(group + "/memory.max_usage_in_bytes").read())
    recorded = neurons * 8 * steps
    intact = subprocess.run([arguments.engram, "verify", directory], capture_output=True).returncode == 0
    print(
        f"recorded {recorded / 1e6:.0f} MB within {arguments.limit << 20} bytes: status {process.returncode}, peak of the group with its page cache "
        f"{peak / 1e6:.0f} MB, run directory {'intact' if intact else 'DAMAGED'} {errors.strip()[-200:]}")
    sys.exit(0 if process.returncode == 0 and intact else 1)
finally:
    shutil.rmtree(work, ignore_errors=True)
    try:
        os.rmdir(group)
    except OSError:
        pass
