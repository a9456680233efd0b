"""What the Brian 2 device costs: CUBA 4000 as a script on the device, and the same model as a file.

    python tools/benchmarks/brian2_device.py [--seconds 20] [--rounds 5]

Both simulate the network of fixtures/models/cuba.yaml, without its traces. A round runs the file with `engram run`, then the
script from behind its imports to the number of spikes, each in a new directory. Told are the medians of the wall-clock time
and of the processor time of the program and, for the script, of Python; and the ratio. The imports of Brian 2, which it needs
anywhere, are told apart.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
SCRIPT = """
P = NeuronGroup(4000, '''dv/dt  = (ge + gi - (v + 49*mV))/(20*ms) : volt (unless refractory)
                         dge/dt = -ge/(5*ms) : volt
                         dgi/dt = -gi/(10*ms) : volt''', threshold='v > -50*mV', reset='v = -60*mV', refractory=5*ms, method='exact', name='P')
P.v = '-60*mV + rand()*10*mV'
exc = Synapses(P[:3200], P, on_pre='ge += 1.62*mV', name='exc'); exc.connect(p=0.02)
inh = Synapses(P[3200:], P, on_pre='gi -= 9*mV', name='inh'); inh.connect(p=0.02)
spikes = SpikeMonitor(P, name='spikes')
run(SECONDS*second)
count = spikes.num_spikes
"""


def script(seconds: float) -> None:
    """In a process of its own: the script, and what it took as JSON."""
    began = time.monotonic()
    import brian2

    sys.path.insert(0, str(CHECKOUT / "tools" / "python" / "src"))
    import engram.brian2  # noqa: F401

    brian2.prefs.codegen.target = "numpy"
    space = {"SECONDS": seconds}
    exec("from brian2 import *", space)
    imported = time.monotonic()
    busy = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    brian2.set_device("engram", directory="script.engram")
    brian2.seed(2007)
    exec(SCRIPT, space)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        json.dumps(
            {
                "imports": imported - began, "wall": time.monotonic() - imported, "count": int(space["count"]),
                "program": children.ru_utime + children.ru_stime,
                "python": resource.getrusage(resource.RUSAGE_SELF).ru_utime - busy,
            }
        )
    )  # fmt: skip


def file(seconds: float, folder: Path, engram: str) -> dict:
    import yaml

    model = yaml.safe_load((CHECKOUT / "fixtures" / "models" / "cuba.yaml").read_text())
    model["objects"] = [item for item in model["objects"] if item["name"] not in ("trace", "rate")]
    model["run"] = f"{seconds} s"
    del model["checkpoints"]
    (folder / "file.yaml").write_text(yaml.safe_dump(model, sort_keys=False))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    subprocess.run([engram, "run", "file.yaml", "-q"], cwd=folder, check=True)
    wall = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"wall": wall, "program": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--script", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.script:
        script(given.seconds)
        return
    engram = os.environ.setdefault("ENGRAM", str(CHECKOUT / ".build" / "release" / "engram"))
    rows: dict[str, list[dict]] = {"file": [], "script": []}
    for _ in range(given.rounds):
        with tempfile.TemporaryDirectory() as folder:
            rows["file"].append(file(given.seconds, Path(folder), engram))
            command = [sys.executable, str(Path(__file__).resolve()), "--script", "--seconds", str(given.seconds)]
            done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
            rows["script"].append(json.loads(done.stdout.strip().splitlines()[-1]))
    middle = {
        kind: {key: statistics.median(row[key] for row in found) for key in found[0]} for kind, found in rows.items()
    }
    for kind, found in middle.items():
        print(kind, ", ".join(f"{key} {value:.2f}" for key, value in found.items()))
    ours, theirs = middle["script"], middle["file"]
    print(f"wall {ours['wall'] / theirs['wall']:.3f}, processor {(ours['program'] + ours['python']) / theirs['program']:.3f}")


if __name__ == "__main__":
    main()
