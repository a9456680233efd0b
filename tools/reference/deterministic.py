"""Runs every model file of fixtures/reference/deterministic in Brian 2 and writes what it recorded beside it (NAME.json).

    python tools/reference/deterministic.py [NAME…]

Numbers are little-endian doubles in base64, so that nothing is lost: events with their times, traces (one row per
recorded element), and the values of all variables at the end. The first comment lines of a model file name the
requirements it covers and the tolerance of its traces.
"""
import base64
import json
import re
import sys
from pathlib import Path

import brian2
import numpy as np
from brian2 import EventMonitor, NeuronGroup, PopulationRateMonitor, StateMonitor, Synapses
from brian2.core.variables import ArrayVariable, DynamicArrayVariable

from model_file import load

FOLDER = Path(__file__).parents[2] / "fixtures/reference/deterministic"
SKIPPED = {"N", "t", "dt", "t_in_timesteps", "N_pre", "N_post", "lastupdate"}


def coded(values):
    return base64.b64encode(np.ascontiguousarray(np.asarray(values), dtype="<f8").tobytes()).decode()


def outcome(thing):
    if isinstance(thing, EventMonitor):
        result = {"kind": "events", "count": [int(n) for n in thing.count]}
        if thing.record:
            result.update(i=[int(i) for i in thing.i], t=coded(thing.t_))
            result["variables"] = {name: coded(getattr(thing, name + "_")) for name in sorted(thing.record_variables)
                                   if name not in ("i", "t")}
        return result
    if isinstance(thing, StateMonitor):
        return {"kind": "trace", "t": coded(thing.t_), "elements": [int(i) for i in thing.record],
                "variables": {name: coded(getattr(thing, name + "_")) for name in thing.record_variables}}
    if isinstance(thing, PopulationRateMonitor):
        return {"kind": "rate", "t": coded(thing.t_), "rate": coded(thing.rate_)}
    if isinstance(thing, (NeuronGroup, Synapses)):
        values = {}
        for name, variable in sorted(thing.variables.items()):
            own = isinstance(variable, ArrayVariable) and variable.owner is not None and variable.owner.name == thing.name
            if own and name not in SKIPPED and not name.startswith("_"):
                values[name] = coded(np.atleast_1d(variable.get_value()))
        if isinstance(thing, Synapses):
            values["i"], values["j"] = coded(thing.i[:]), coded(thing.j[:])
            # One number per synapse, as model code sees them.
            values["N_incoming"], values["N_outgoing"] = coded(thing.N_incoming[:]), coded(thing.N_outgoing[:])
            for pathway in thing._pathways:
                if not pathway.variables["delay"].scalar:
                    values[f"{pathway.objname}.delay"] = coded(pathway.delay_[:])
        return {"kind": "values", "variables": values}
    return None


def header(text):
    covers = re.search(r"^# covers: (.*)$", text, re.M)
    tolerance = re.search(r"^# tolerance: (\S+?),", text, re.M)
    return covers[1].split(), float(tolerance[1]) if tolerance else 1e-9


def main(names):
    total = 0
    for path in sorted(FOLDER.glob("*.yaml")):
        if names and path.stem not in names:
            continue
        text = path.read_text()
        covers, tolerance = header(text)
        try:
            experiment = load(text).run()
        except Exception as error:
            print(f"{path.stem}: {type(error).__name__}: {error} {error.__cause__ or ''}", file=sys.stderr)
            if names:
                raise
            continue
        results = {name: outcome(thing) for name, thing in experiment.objects.items()}
        results = {name: result for name, result in results.items() if result}
        out = json.dumps({"source": f"Brian 2 {brian2.__version__}, numpy target", "covers": covers, "tolerance": tolerance,
                          "objects": results}, separators=(",", ":"))
        out = out.replace('},"', '},\n"')
        path.with_suffix(".json").write_text(out + "\n")
        total += len(out)
        events = sum(len(r.get("i", r["count"])) for r in results.values() if r["kind"] == "events")
        print(f"{path.stem}: {len(out)} bytes, {events} events")
    print(f"{total} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
