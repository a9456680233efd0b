"""Times store and restore of Brian 2 for a network of as many bytes of state as tools/benchmarks/storage uses.

    PYTHON tools/benchmarks/brian_store.py [--state MB]     (PYTHON: an interpreter with brian2)
"""
import argparse
import os
import statistics
import tempfile
import time

import brian2
from brian2 import NeuronGroup, Network, prefs

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--state", type=int, default=256)
arguments = parser.parse_args()
prefs.codegen.target = "numpy"
variables = [f"v{number}" for number in range(15)]
# Brian adds the index of every neuron, 4 bytes each.
group = NeuronGroup((arguments.state << 20) // 128, "\n".join(f"{name} : 1" for name in variables))
for name in variables:
    setattr(group, name, "rand()")
network = Network(group)
path = os.path.join(tempfile.mkdtemp(dir="."), "checkpoint")
stores, restores = [], []
for number in range(3):
    group.v0 = number
    begun = time.perf_counter()
    network.store("a", filename=path)
    stores.append(time.perf_counter() - begun)
    begun = time.perf_counter()
    network.restore("a", filename=path)
    restores.append(time.perf_counter() - begun)
print(f"Brian 2 {brian2.__version__}, {os.path.getsize(path) / 1e6:.1f} MB: store {statistics.median(stores) * 1e3:.0f} ms (the run waits, nothing is flushed), restore {statistics.median(restores) * 1e3:.0f} ms")
os.remove(path)
os.rmdir(os.path.dirname(path))
