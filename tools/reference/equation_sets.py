#!/usr/bin/env python3
"""Which methods Brian 2 takes for the published models in fixtures/equations: fills in the lines `# automatic` and `# exponential_euler`.

Run with a Python that has Brian 2: python tools/reference/equation_sets.py fixtures/equations
"""
import pathlib
import sys

from brian2 import *  # noqa: F403
from brian2.equations.refractory import add_refractoriness
from brian2.stateupdaters.base import StateUpdateMethod

prefs.codegen.target = "numpy"
BrianLogger.suppress_hierarchy("brian2")


def takes(group, equations, method):
    try:
        StateUpdateMethod.apply_stateupdater(equations, group.variables, method, {})
        return True
    except Exception:  # sympy raises its own for some systems
        return False


def describe(path):
    lines = path.read_text().splitlines()
    head = dict(line[2:].split(": ", 1) for line in lines if line.startswith("# ") and ": " in line)
    text = "\n".join(line for line in lines if not line.startswith("#"))
    constants = {}
    for part in filter(None, head.get("constants", "").split("; ")):
        key, value = part.split(" = ")
        constants[key] = eval(value)
    options = dict(refractory=5 * ms) if "refractory" in head["owner"] else {}
    source = NeuronGroup(1, "q : 1", threshold="False", reset="")
    if head["owner"].startswith("synapses"):
        group = Synapses(source, source, text, namespace=constants)
        group.connect()
        equations = group.equations
        if group.event_driven is not None:
            equations = group.event_driven
    else:
        group = NeuronGroup(1, text, namespace=constants, threshold="False", reset="", **options)
        equations = group.equations
    group.equations.check_units(group, run_namespace={})
    candidates = ["exact"] if getattr(group, "event_driven", None) is not None else ["exact", "euler", "heun"]
    automatic = next((m for m in candidates if takes(group, equations, m)), "none")
    exponential = "yes" if takes(group, equations, "exponential_euler") else "no"
    replaced = [f"# automatic: {automatic}" if line.startswith("# automatic:") else f"# exponential_euler: {exponential}" if line.startswith("# exponential_euler:") else line for line in lines]
    path.write_text("\n".join(replaced) + "\n")
    print(f"{path.stem}: {automatic}, exponential_euler {exponential}")


if __name__ == "__main__":
    for file in sorted(pathlib.Path(sys.argv[1]).glob("*.txt")):
        try:
            describe(file)
        except Exception as error:
            print(f"{file.stem}: {type(error).__name__} {str(error)[:300]}")
