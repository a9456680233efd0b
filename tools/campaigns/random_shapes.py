"""Random models with neurons that have a shape, beside point neurons, clocks, links and sums, run by Engram and by Brian 2, and compared.

    python tools/campaigns/random_shapes.py [--count 100] [--first 0] [--engram .build/release/engram] [--keep DIR] [--cache DIR]
    python tools/campaigns/random_shapes.py --write fixtures/reference/random 3 17 26   # the smoke version, for the test suite

Model number k is the same everywhere. Brian 2 becomes slower the more models a process has made, so many models are run in pieces of fifty to a hundred.

How they are compared: events equal in cell and step, traces and final values within 1e-9 of their scale (the largest finite value of a quantity in the
reference), against two references. `Ic = Cm*(v - v_before)/dt` is a difference of two potentials that are numbers of 64 bits; near a steady state
nothing but their last digits is left of it, so it may differ by eight of these (`rounding`), about 1e-14 A/m**2, where that is more.

1. `exact`: Brian 2 with its cable equation solved in numbers of 80 bits (`tools/reference/exact_cable.py`): the same system of the same doubles; all
   else is Brian 2's own code. Every quantity of every model is compared with it at 1e-9. Brian 2's own solver loses up to ten digits where the
   conductance of half a compartment is far from that of its neighbours, as at each soma.
2. `usual`: Brian 2 as it is. How far it is from `exact`, at the end of a run that may have amplified it, is its own error; a quantity is compared with it
   where this error is at most 1e-10 of scale. How many quantities these are is told. The others are compared with `exact` alone.

For both references `simplify`, with which Brian 2 brings `Im` into the form `I0 - g*v`, is replaced by multiplying out: it changes no meaning, and takes minutes
for some formulas.

Every third model is run by Engram in two processes, the second of which goes on from the state that the first left on disk.

What is left out because the two are known to differ, with reason, is said in `LEFT_OUT`, and in that of `random_models.py`.
"""
import argparse
import gc
import json
import logging
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import sympy

import random_models
from random_models import ROOT, decoded, differences
from shaped_models import ShapedModel

LEFT_OUT = {
    "a resistivity for each compartment (`Ri : ohm*meter (constant)`)": "Brian 2 has one for all",
    "`unless refractory` in a neuron with a shape": "Brian 2 refuses the flag there, and never holds `v`",
    "`exprel` in what `exponential_euler` or `exact` integrates": "Brian 2 writes it as (exp(x) - 1)/x there, and loses digits near x = 0: a rate "
        "0.1/exprel(x)/ms at x = -1e-7 gives a gate that is off by 5e-4, against 40 digits",
    "parts of a neuron (`cell.axon`) that are named after a variable of it was linked by an index": "Brian 2 refuses to make them",
    "a potential that grows without bound for lack of a reset": "where `Im` rises steeper with `v` than `Cm/dt`, the step of both turns its sign and "
        "amplifies the last digit",
    "several thresholds of one neuron, a threshold at a region of several compartments": "neither has them",
}
# The own error of the usual reference, up to which it is a reference at all.
EXACT_ENOUGH = 1e-10


class Multiplied:
    """sympy, whose `simplify` only multiplies out."""

    @staticmethod
    def simplify(formula):
        return sympy.expand_mul(formula)

    def __getattr__(self, name):
        return getattr(sympy, name)


def run_reference(text, folder):
    import brian2.spatialneuron.spatialneuron as spatialneuron
    from deterministic import outcome
    from model_file import load
    logging.disable(logging.WARNING)
    spatialneuron.sp = Multiplied()
    experiment = load(text, folder).run()
    results = {name: outcome(thing) for name, thing in experiment.objects.items()}
    return {name: result for name, result in results.items() if result}


def references(model, known=None):
    """What Brian 2 makes of it, with its own solver and with an exact one; kept in the file `known` for the next time."""
    from exact_cable import exact_cable
    text = model.text
    if known and known.exists():
        stored = json.loads(known.read_text())
        if stored["text"] == text and stored["files"] == model.files:
            return stored["exact"], stored["usual"]
    with tempfile.TemporaryDirectory() as folder:
        for name, content in model.files.items():
            (Path(folder) / name).write_text(content)
        with exact_cable():
            exact = run_reference(text, folder)
        usual = run_reference(text, folder)
    if known:
        known.parent.mkdir(parents=True, exist_ok=True)
        known.write_text(json.dumps({"text": text, "files": model.files, "exact": exact, "usual": usual}))
    return exact, usual


def quantities(results):
    """Name of object and quantity, beside its values; of events, their elements and times."""
    for name, result in results.items():
        if result["kind"] == "events":
            yield (name, "events"), np.concatenate([np.asarray(result["i"], dtype=float), decoded(result["t"])])
        if result["kind"] == "rate":
            yield (name, "rate"), decoded(result["rate"])
        for variable, text in result.get("variables", {}).items():
            yield (name, variable), decoded(text)


def own_errors(exact, usual):
    """How far the usual reference is from the exact one, by quantity, in parts of its scale."""
    others = dict(quantities(usual))
    errors = {}
    for key, values in quantities(exact):
        other = others[key]
        if key[1] == "events":
            errors[key] = 0.0 if np.array_equal(values, other) else np.inf
            continue
        if values.shape != other.shape:
            errors[key] = np.inf
            continue
        finite = np.isfinite(values)
        scale = np.abs(values[finite]).max(initial=0)
        same = np.array_equal(values[~finite], other[~finite], equal_nan=True)
        distance = np.abs(values[finite] - other[finite]).max(initial=0)
        errors[key] = np.inf if not same else 0.0 if distance == 0 else distance / scale if scale > 0 else np.inf
    return errors


def reliable(usual, errors):
    """The part of the usual reference whose own error is small: an object's quantities, its events only where all of them are right."""
    found = {}
    for name, result in usual.items():
        kept = {v: text for v, text in result.get("variables", {}).items() if errors[name, v] <= EXACT_ENOUGH}
        if result["kind"] == "events" and errors[name, "events"] > 0 or result["kind"] == "rate" and errors[name, "rate"] > EXACT_ENOUGH:
            continue
        found[name] = {**result, "variables": kept} if "variables" in result else result
    return found


def rounding(model, exact):
    """What the last digit of `v` makes of `Ic`, for each neuron with a shape and each monitor of it."""
    found = {}
    for name, cell in model.cells.items():
        values = exact[name]["variables"]
        of = [name] + [o["name"] for o in model.objects if o["kind"] == "StateMonitor" and re.match(r"\w+", o["source"])[0] == name]
        potential = max(np.abs(decoded(exact[o]["variables"]["v"])).max(initial=0) for o in of if "v" in exact[o]["variables"])
        step = min(float(dt.split()[0]) * 1e-3 for dt in [model.clock_of[name]] + [step["dt"] for step in model.run if "dt" in step])
        digit = 8 * np.finfo(float).eps * potential * decoded(values["Cm"]).max() / step
        found.update({o + ".Ic": digit for o in of})
    return found


def ours(model, engram, folder):
    """Engram's results; of every third model those of two processes, one after the other."""
    for name, content in model.files.items():
        (Path(folder) / name).write_text(content)
    if model.number % 3 == 0:
        path = Path(folder) / "model.yaml"
        path.write_text(model.text)
        until = "%s ms" % round(1.3 + model.number % 5, 1)
        done = subprocess.run([engram, "run", str(path), "--in", str(Path(folder) / "m.engram"), "--quiet", "--until", until],
                              capture_output=True, text=True, timeout=240)
        if done.returncode not in (0, 75):
            raise RuntimeError((done.stderr or done.stdout).strip())
    return random_models.ours(model.text, engram, folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--numbers", type=int, nargs="+", help="these models alone")
    parser.add_argument("--engram", default=str(ROOT / ".build/release/engram"))
    parser.add_argument("--keep", help="folder for the models that differ")
    parser.add_argument("--cache", help="folder that keeps Brian 2's results: most of the time is theirs")
    parser.add_argument("--print", type=int, dest="show", help="print one model")
    parser.add_argument("--write", nargs="+", metavar=("FOLDER", "NUMBER"), help="write models with Brian 2's results, those of the exact cable")
    options = parser.parse_args()
    cached = lambda number: options.cache and Path(options.cache) / ("shape%d.json" % number)
    if options.show is not None:
        model = ShapedModel(options.show)
        return print(model.text, *("--- %s\n%s" % pair for pair in model.files.items()), sep="\n")
    if options.write:
        return write(Path(options.write[0]), [int(n) for n in options.write[1:]], cached)
    # Brian 2 collects garbage in every run: not what is there already.
    gc.freeze()
    started, different, refused, spikes, compared, usually, alone = time.monotonic(), [], [], 0, 0, 0, []
    numbers = options.numbers or range(options.first, options.first + options.count)
    for number in numbers:
        try:
            model = ShapedModel(number)
            exact, usual = references(model, cached(number))
        except Exception as error:
            refused.append(number)
            print("%d: the reference: %s: %s %s" % (number, type(error).__name__, str(error)[:300], str(error.__cause__ or "")[:300]), flush=True)
            continue
        errors = own_errors(exact, usual)
        trusted = reliable(usual, errors)
        spikes += sum(len(r["i"]) for r in exact.values() if r["kind"] == "events")
        compared += len(errors)
        usually += sum(1 for _ in quantities(trusted))
        if any(error == np.inf for (_, name), error in errors.items() if name == "events"):
            alone.append(number)
        with tempfile.TemporaryDirectory() as folder:
            try:
                with ours(model, options.engram, folder) as file:
                    digits = rounding(model, exact)
                    problem = differences(exact, file, rounding=digits)
                    problem += ["Brian 2 as it is: " + line for line in differences(trusted, file, rounding=digits)] if not problem else []
            except Exception as error:
                problem = ["%s: %s" % (type(error).__name__, error)]
        if problem:
            different.append(number)
            print("%d: %s" % (number, "\n    ".join(problem[:6])), flush=True)
            if options.keep:
                keep = Path(options.keep)
                keep.mkdir(parents=True, exist_ok=True)
                for name, content in {"%d.yaml" % number: model.text, **model.files}.items():
                    (keep / name).write_text(content)
    print("%d models, %d events, %d different, %d not run by the reference; %d quantities, %d of them compared with Brian 2 as it is too; "
          "%d models in which its own events are others; %.0f s" % (
              len(numbers), spikes, len(different), len(refused), compared, usually, len(alone), time.monotonic() - started))
    return 1 if different else 0


def write(folder, numbers, cached):
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        model = ShapedModel(number)
        if model.files:
            raise SystemExit("model %d has files beside it, which the tests do not read" % number)
        path = folder / ("shape%d.yaml" % number)
        path.write_text(model.text)
        exact, _ = references(model, cached(number))
        out = json.dumps({"source": "Brian 2, numpy target, with the cable of tools/reference/exact_cable.py", "covers": [], "tolerance": 1e-9,
                          "objects": exact}, separators=(",", ":")).replace('},"', '},\n"')
        path.with_suffix(".json").write_text(out + "\n")
        print(number, len(out), "bytes")


if __name__ == "__main__":
    sys.exit(main())
