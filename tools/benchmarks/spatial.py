"""Steps of a neuron with a million compartments: Engram beside Brian 2's C++ standalone, in seconds of processor time.

    python tools/benchmarks/spatial.py [--engram .build/release/engram] [--compartments 1000000] [--steps 200] [--model passive hh]

The shape is a binary tree of ten levels, 1,023 cylinders. Each program runs twice, for few steps and for many, in one thread; the difference is the
time of the steps, without compiling, setting up and storing. Processor time, since wall time says little on a busy machine.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

LEVELS = 10
CHANNELS = """
dm/dt = alpham*(1 - m) - betam*m : 1
dn/dt = alphan*(1 - n) - betan*n : 1
dh/dt = alphah*(1 - h) - betah*h : 1
alpham = (0.1/mV)*10*mV/exprel((-v + 25*mV)/(10*mV))/ms : Hz
betam = 4*exp(-v/(18*mV))/ms : Hz
alphah = 0.07*exp(-v/(20*mV))/ms : Hz
betah = 1/(exp((-v + 30*mV)/(10*mV)) + 1)/ms : Hz
alphan = (0.01/mV)*10*mV/exprel((-v + 10*mV)/(10*mV))/ms : Hz
betan = 0.125*exp(-v/(80*mV))/ms : Hz
"""
MODELS = {
    "passive": "Im = 0.1*msiemens/cm**2*(10*mV - v) : amp/metre**2\nI : amp (point current)\n",
    "hh": "Im = 0.3*msiemens/cm**2*(10.6*mV - v) + 120*msiemens/cm**2*m**3*h*(115*mV - v) + 36*msiemens/cm**2*n**4*(-12*mV - v) : amp/metre**2\n"
    "I : amp (point current)" + CHANNELS,
}


def processor_seconds(command, folder):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def paths(n):
    """Names that lead to the sections, parents first."""
    level = [""]
    for _ in range(LEVELS):
        yield from level
        level = [path + step for path in level for step in "LR"]


def engram(program, model, n, steps, folder):
    sections = "\n".join(
        f"      - {{shape: cylinder, diameter: 2 um, length: {n} um, n: {n}"
        + (f", name: {path[-1]}" + (f", parent: {'.'.join(path[:-1])}" if len(path) > 1 else "") if path else "")
        + "}"
        for path in paths(n)
    )
    text = "      " + MODELS[model].strip().replace("\n", "\n      ")
    (folder / "cell.yaml").write_text(
        f"seed: 1\ndt: 0.01 ms\nobjects:\n  - kind: SpatialNeuron\n    name: cell\n    morphology:\n{sections}\n    model: |\n{text}\n    Cm: 1 uF/cm**2\n"
        f'    Ri: 100 ohm*cm\n    method: exponential_euler\n    initial: {{"I[0]": 1 nA}}\nrun: {steps * 0.01} ms\n'
    )
    return processor_seconds([program, "run", "cell.yaml", "--fresh", "--threads", "1", "--kernels", "native"], folder)


REFERENCE = """
import sys
from brian2 import *
set_device('cpp_standalone', directory=sys.argv[3], build_on_run=False)
n, steps = int(sys.argv[1]), int(sys.argv[2])
def grown(level):
    section = Cylinder(diameter=2*um, length=n*um, n=n)
    if level > 1:
        section.L, section.R = grown(level - 1), grown(level - 1)
    return section
neuron = SpatialNeuron(grown({levels}), '''{model}''', Cm=1*uF/cm**2, Ri=100*ohm*cm, method='exponential_euler')
neuron.I[0] = 1*nA
defaultclock.dt = 0.01*ms
run(steps*0.01*ms)
device.build(directory=sys.argv[3], compile=True, run=False)
"""


def brian(model, n, steps, folder):
    script = folder / "reference.py"
    script.write_text(REFERENCE.format(levels=LEVELS, model=MODELS[model].replace("metre", "meter")))
    place = folder / f"standalone-{steps}"
    subprocess.run([sys.executable, script, str(n), str(steps), place], check=True, stdout=subprocess.DEVNULL, cwd=folder)
    return processor_seconds(["./main"], place)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--engram", default=".build/release/engram")
    parser.add_argument("--compartments", type=int, default=1_000_000)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--model", nargs="*", choices=list(MODELS), default=list(MODELS))
    options = parser.parse_args()
    n = -(-options.compartments // (2**LEVELS - 1))
    program = str(Path(options.engram).resolve())
    for model in options.model:
        seconds = {}
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            few = max(2, options.steps // 10)
            for name, run in [("engram", lambda steps: engram(program, model, n, steps, folder)), ("brian", lambda steps: brian(model, n, steps, folder))]:
                seconds[name] = (run(options.steps) - run(few)) / (options.steps - few)
        count = n * (2**LEVELS - 1)
        print(
            f"{model}: {count:,} compartments, ms a step: Engram {seconds['engram'] * 1e3:.1f}, Brian 2 {seconds['brian'] * 1e3:.1f}, "
            f"Brian 2 ÷ Engram {seconds['brian'] / seconds['engram']:.2f}"
        )


if __name__ == "__main__":
    main()
