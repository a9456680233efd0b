"""ACC-8: runs models under limits of the address space (ulimit -v, as batch systems set it), from a little to plenty.

    python tools/campaigns/addresses.py ENGRAM [--limits 300,500,… in MB] [MODEL.yaml…]

At every limit a call ends with status 0 and the digest of a run without limit, or with status 1 and a sentence that names the limit: never by a
signal, never without a word, never with another result; and once it succeeds it does so at every higher limit. Exit status 0 if that holds.
"""
import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("engram")
parser.add_argument("models", nargs="*")
parser.add_argument("--limits", default="100,150,200,250,300,350,400,500,600,700,800,1000,1200,1500,2000,2500,3000,4000,6000,8000,12000,16000,24000")
arguments = parser.parse_args()
SMALL = """name: limited
dt: 0.1 ms
seed: 1
objects:
  - kind: NeuronGroup
    name: G
    N: {n}
    model: "dv/dt = (1.2 - v)/(10*ms) : 1"
    threshold: v > 1
    reset: v = 0
    method: euler
    initial: {{v: rand()}}
{synapses}  - {{kind: SpikeMonitor, name: spikes, source: G}}
  - {{kind: StateMonitor, name: m, source: G, variables: v, record: true}}
checkpoints: {{every: 10 ms}}
run: 50 ms
"""
SYNAPSES = """  - kind: Synapses
    name: {name}
    source: G
    target: G
    model: "w : 1"
    on_pre: v_post += 1e-4*w
    connect: {{p: 0.1}}
    initial: {{w: rand(), delay: rand()*ms}}
"""

work = tempfile.mkdtemp(prefix="engram-addresses-")
models = [Path(model) for model in arguments.models]
if not models:
    for name, text in {
        "neurons": SMALL.format(n=300, synapses=""),
        "synapses": SMALL.format(n=600, synapses="".join(SYNAPSES.format(name=name) for name in "STU")),
    }.items():
        models.append(Path(work) / f"{name}.yaml")
        models[-1].write_text(text)
environment = dict(os.environ, SWIFT_BACKTRACE="enable=no")
failures = calls = 0
try:
    for model in models:
        def run(megabytes):
            directory = f"{work}/r"
            shutil.rmtree(directory, ignore_errors=True)
            limit = megabytes and (lambda: resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1000000, megabytes * 1000000)))
            done = subprocess.run([arguments.engram, "run", str(model), "--in", directory, "-q"], capture_output=True, text=True, preexec_fn=limit or None, env=environment)
            digest = done.returncode == 0 and subprocess.run([arguments.engram, "digest", directory], capture_output=True, text=True, check=True).stdout
            return done, digest
        expected = run(None)[1]
        least = None
        for megabytes in map(int, arguments.limits.split(",")):
            calls += 1
            done, digest = run(megabytes)
            if done.returncode == 0 and digest == expected:
                least = least or megabytes
            # The loader and the runtime have words of their own where not even they can start.
            elif least is None and done.returncode in (1, 127) and any(
                words in done.stderr.lower() for words in ("address space", "cannot allocate memory", "error while loading shared libraries")
            ):
                pass
            else:
                failures += 1
                print(f"FAILED: {model.stem} with {megabytes} MB: status {done.returncode}: {done.stderr.strip()[-300:]!r}", flush=True)
        print(f"{model.stem}: runs from {least} MB on", flush=True)
    print(f"{calls} calls, {failures} failures")
    sys.exit(1 if failures else 0)
finally:
    shutil.rmtree(work, ignore_errors=True)
