"""Runs an Engram model file (YAML) as a Brian 2 program: the reference side of every comparison.

Only the language of model files is read here; nothing of Engram is used. `load(text)` gives an `Experiment` whose
`run()` executes the steps with Brian 2's numpy target. `run_at`, checkpoints in files and SONATA input have no
counterpart in Brian 2 2.9 and are refused.

    python tools/reference/model_file.py MODEL.yaml          # runs it and prints what was recorded
"""
import re
import sys
from pathlib import Path

import brian2
import numpy as np
import yaml
from brian2 import (BinomialFunction, Clock, Cylinder, EventMonitor, Morphology, Network, NeuronGroup, PoissonGroup, PoissonInput,
                    PopulationRateMonitor, Quantity, Section, Soma, SpatialNeuron, SpikeGeneratorGroup, SpikeMonitor, StateMonitor,
                    Synapses, TimedArray, defaultclock, prefs, start_scope)
from brian2.equations.equations import Equations
from brian2.stateupdaters.explicit import ExplicitStateUpdater
from brian2.units import allunits

prefs.codegen.target = "numpy"
prefs.logging.console_log_level = "ERROR"

UNITS = {name: getattr(allunits, name) for name in dir(allunits) if isinstance(getattr(allunits, name), Quantity)}
UNITS.update({name: getattr(brian2, name) for name in dir(brian2) if isinstance(getattr(brian2, name), Quantity)})
UNITS.update(kHz=allunits.khertz, MHz=allunits.Mhertz, Hz=allunits.hertz, S=allunits.siemens, F=allunits.farad, V=allunits.volt,
             A=allunits.amp, s=allunits.second)
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")
QUANTITY = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?![\d.])\s*([A-Za-z1].*)$")
FUNCTIONS = {name: getattr(np, name) for name in "exp log sqrt sin cos tan sinh cosh tanh floor ceil abs sign".split()}
FUNCTIONS["pi"], FUNCTIONS["e"], FUNCTIONS["inf"] = np.pi, np.e, np.inf


class Experiment:
    def __init__(self, file, folder="."):
        self.file = file
        self.folder = Path(folder)
        self.constants, self.objects, self.functions, self.kept = {}, {}, {}, []
        self.links = []
        self.network = None

    # ------------------------------------------------------------------------------------------------------- values

    def value(self, node):
        """A value of §3: quantity, number, boolean, array, or the text of an expression."""
        if isinstance(node, list):
            return self.array([self.value(x) for x in node])
        if isinstance(node, dict):
            unit = self.unit(node["unit"]) if "unit" in node else 1
            if "values" in node:
                return np.array(numbers(node["values"])) * unit
            start, stop = self.value(node["start"]), self.value(node["stop"])
            if "count" in node:
                return self.array(list(start + k * ((stop - start) / (int(node["count"]) - 1)) for k in range(int(node["count"]))))
            step = self.value(node["step"])
            return self.array(list(start + k * step for k in range(int(np.ceil(float((stop - start) / step))))))
        text = node.strip()
        if text in ("true", "True"):
            return True
        if text in ("false", "False"):
            return False
        if NUMBER.match(text):
            return int(text) if re.fullmatch(r"[+-]?\d+", text) else float(text)
        match = QUANTITY.match(text)
        if match:
            try:
                return float(match[1]) * self.unit(match[2])
            except (NameError, SyntaxError):
                pass
        return text

    @staticmethod
    def array(values):
        quantities = any(isinstance(x, Quantity) for x in values)
        return Quantity(values) if quantities else np.array(values)

    @staticmethod
    def unit(text):
        return eval(text, {"__builtins__": {}}, UNITS)

    def scalar(self, node):
        """A value that must be known now: expressions over constants are evaluated."""
        value = self.value(node)
        if isinstance(value, str):
            value = eval(value, {"__builtins__": {}}, {**UNITS, **FUNCTIONS, **self.constants})
        return value

    def names(self, extra=None):
        return {name: self.scalar(value) for name, value in (extra or {}).items()}

    def reference(self, text):
        if text in self.objects:
            return self.objects[text]
        owner = re.match(r"\w+", text)[0]
        if isinstance(self.objects.get(owner), SpatialNeuron):
            return self.region(self.objects[owner], text[len(owner):])
        return eval(text, {"__builtins__": {}}, {**self.objects, "slice": slice})

    def region(self, neuron, path):
        """A part of a neuron with a shape: `.axon.L[10 um:20 um]`, `[2:5]`."""
        names, _, bracket = path.partition("[")
        names = [name for name in names.split(".") if name]
        names = [step for name in names for step in (name if re.fullmatch("[LR1-9]{2,}", name) else [name])]
        found = neuron
        if not bracket:
            for name in names:
                found = getattr(found, name)
            return found
        section = neuron.morphology
        for name in names:
            found, section = getattr(found, name), section[name]
        bounds = [self.scalar(bound) if bound.strip() else None for bound in bracket.rstrip("] ").split(":")]
        if len(bounds) == 2:
            if isinstance(next(b for b in bounds if b is not None), Quantity):
                bounds = [b if b is not None else (0 if k == 0 else sum(section.length)) * brian2.meter / (1 if k == 0 else brian2.meter)
                          for k, b in enumerate(bounds)]
            return found[bounds[0]:bounds[1]]
        return neuron[section[bounds[0]]] if isinstance(bounds[0], Quantity) else found[bounds[0]]

    # ------------------------------------------------------------------------------------------------------ objects

    def build(self):
        start_scope()
        file = self.file
        defaultclock.dt = self.scalar(file.get("dt", "0.1 ms"))
        if file.get("seed", "entropy") != "entropy":
            brian2.seed(int(file["seed"]) % 2**32)
        prefs.legacy.refractory_timing = file.get("preferences", {}).get("legacy.refractory_timing") == "true"
        prefs.core.default_float_dtype = {"float32": np.float32}.get(file.get("dtype"), np.float64)
        for name, value in file.get("constants", {}).items():
            self.constants[name] = self.scalar(value)
        self.network = Network()
        if "schedule" in file:
            self.network.schedule = file["schedule"]
        # Brian 2 makes no part of a neuron with a variable that is linked by an index, and no monitor of a variable that will be linked. So parts come
        # first, links behind them, and monitors of the whole last. Within a step objects are ordered by name, so this changes no result.
        linked = {item["name"] for item in file["objects"] if item["kind"] == "SpatialNeuron" and "link" in item}
        late = [item for item in file["objects"] if item["kind"].endswith("Monitor") and item["source"] in linked]
        for item in file["objects"]:
            if item not in late:
                self.add(item)
        self.link_all()
        for item in late:
            self.add(item)

    def link_all(self):
        while self.links:
            self.link(*self.links.pop(0))

    def add(self, item):
        item = dict(item)
        kind, name = item.pop("kind"), item.get("name")
        common = {}
        if name:
            common["name"] = item.pop("name")
        if "dt" in item and kind not in ("TimedArray", "Clock"):
            common["dt"] = self.scalar(item.pop("dt"))
        if "clock" in item:
            common["clock"] = self.objects[item.pop("clock")]
        if "order" in item:
            common["order"] = int(item.pop("order"))
        if "when" in item:
            common["when"] = item.pop("when")
        active = item.pop("active", "true") == "true"
        thing = getattr(self, "make" + kind)(item, common)
        self.objects[thing.name if name is None else name] = thing
        if kind in ("TimedArray", "BinomialFunction"):
            self.functions[name] = thing
        elif kind not in ("Clock", "Subgroup"):
            self.network.add(thing)
        for target, link in self.mapping(item.get("link")):
            if kind == "SpatialNeuron":
                self.links.append((thing, target, link))
            else:
                self.link(thing, target, link)
        if "connect" in item:
            self.connect(thing, item["connect"])
        for target, value in self.mapping(item.get("initial")):
            self.assign(thing, target, value)
        for code in listed(item.get("run_regularly")):
            code = {"code": code} if isinstance(code, str) else dict(code)
            options = {key: code[key] for key in ("when", "name") if key in code}
            if "dt" in code:
                options["dt"] = self.scalar(code["dt"])
            if "clock" in code:
                options["clock"] = self.objects[code["clock"]]
            operation = thing.run_regularly(code["code"], order=int(code.get("order", 0)), **options)
            operation.active = code.get("active", "true") == "true"
            self.objects[operation.name] = operation
            if kind == "Subgroup":
                self.network.add(operation)
        self.event_code(thing, item.get("run_on_event"))
        self.event_schedule(thing, item.get("event_schedule"))
        if "run_at" in item:
            raise NotImplementedError("run_at is not in Brian 2.9")
        if not active:
            thing.active = False

    def event_code(self, thing, node):
        for event, code in self.mapping(node):
            code = {"code": code} if isinstance(code, str) else code
            options = {"when": code["when"]} if "when" in code else {}
            if "order" in code:
                options["order"] = int(code["order"])
            thing.run_on_event(event, code["code"], **options)

    def event_schedule(self, thing, node):
        for event, place in self.mapping(node):
            thing.set_event_schedule(event, when=place["when"], order=int(place.get("order", 0)))

    @staticmethod
    def add_event(group, event, condition):
        """What the constructor of a NeuronGroup does for each event, for one that comes later."""
        group.events[event] = condition
        group.variables.add_array(f"_{event}space", size=len(group) + 1, dtype=np.int32, constant=False)
        thresholder = brian2.groups.neurongroup.Thresholder(group, event=event, when="after_thresholds")
        group.thresholder[event] = thresholder
        group.contained_objects.append(thresholder)

    @staticmethod
    def mapping(node):
        return list((node or {}).items())

    def model(self, item):
        model = item.get("model", "")
        if isinstance(model, dict):
            replace = {k: self.value(v) for k, v in model.get("replace", {}).items()}
            return Equations(model["text"], **replace)
        return model

    def options(self, item, keys):
        out = {key: item[key] for key in keys if key in item}
        if "dtype" in item:
            types = {"float32": np.float32, "float64": np.float64, "int32": np.int32, "int64": np.int64, "bool": bool}
            out["dtype"] = ({k: types[v] for k, v in item["dtype"].items()} if isinstance(item["dtype"], dict)
                            else types[item["dtype"]])
        if "method" in item:
            method = item["method"]
            if isinstance(method, dict):
                noise = {"none": None}.get(method.get("noise", "none"), method.get("noise"))
                method = ExplicitStateUpdater(method["explicit"], stochastic=noise)
            out["method"] = method
        out["namespace"] = self.names(item.get("namespace"))
        return out

    def makeNeuronGroup(self, item, common):
        options = self.options(item, ["threshold", "reset", "events"])
        if "refractory" in item:
            options["refractory"] = self.value(item["refractory"])
        return NeuronGroup(int(self.scalar(item["N"])), self.model(item), **options, **common)

    def makeSpatialNeuron(self, item, common):
        options = self.options(item, ["threshold", "reset", "events"])
        if "refractory" in item:
            options["refractory"] = self.value(item["refractory"])
        for key in ("Cm", "Ri"):
            if key in item:
                options[key] = self.scalar(item[key])
        morphology = self.morphology(item["morphology"])
        if "threshold_location" in item:
            place = item["threshold_location"]
            if not NUMBER.match(place):
                names, _, bracket = place.partition("[")
                place = morphology
                for name in filter(None, names.removesuffix("main").split(".")):
                    place = place[name]
                place = place[self.scalar(bracket.rstrip("]"))] if bracket else place
                place = np.atleast_1d(place._indices())[0]
            options["threshold_location"] = int(place)
        return SpatialNeuron(morphology, self.model(item), **options, **common)

    def morphology(self, node):
        node = node if isinstance(node, dict) else {"sections": node}
        root = None
        if "points" in node:
            points = [(int(p[0]), None if p[1] == "none" else p[1], *map(float, p[2:6]), int(p[6])) for p in node["points"]]
            root = Morphology.from_points(points, spherical_soma=node.get("spherical_soma", "true") == "true")
        if "swc" in node:
            root = Morphology.from_file(str(self.folder / node["swc"]), spherical_soma=node.get("spherical_soma", "true") == "true")
        for item in node.get("sections", []):
            sizes = {}
            for key in ("diameter", "length", "x", "y", "z"):
                if key in item:
                    sizes[key] = self.scalar(item[key])
            shape = item["shape"]
            if shape == "soma":
                section = Soma(**sizes)
            elif shape == "cylinder":
                section = Cylinder(n=int(self.scalar(item.get("n", "1"))), **sizes)
            else:
                section = Section(n=len(sizes["diameter"]) - 1, **sizes)
            if root is None:
                root = section
                continue
            parent = root
            for name in item.get("parent", "").split("."):
                parent = parent[name] if name else parent
            parent[item.get("name", str(len(list(parent.children)) + 1))] = section
        return root.generate_coordinates() if node.get("generate_coordinates") == "true" else root

    def makeSynapses(self, item, common):
        options = self.options(item, ["on_pre", "on_post", "on_event", "multisynaptic_index"])
        if "delay" in item:
            delay = item["delay"]
            options["delay"] = ({k: self.scalar(v) for k, v in delay.items()} if isinstance(delay, dict) and "values" not in delay
                                else self.scalar(delay))
        source = self.reference(item["source"])
        target = self.reference(item.get("target", item["source"]))
        synapses = Synapses(source, target, self.model(item), **options, **common)
        for pathway, place in self.mapping(item.get("pathways")):
            if "when" in place:
                getattr(synapses, pathway).when = place["when"]
            if "order" in place:
                getattr(synapses, pathway).order = int(place["order"])
        return synapses

    def makePoissonGroup(self, item, common):
        return PoissonGroup(int(self.scalar(item["N"])), self.value(item["rates"]), namespace=self.names(item.get("namespace")),
                            **common)

    def makePoissonInput(self, item, common):
        common.pop("name", None)
        weight = self.value(item["weight"])
        if isinstance(weight, str):
            weight = self.scalar(item["weight"])
        return PoissonInput(self.reference(item["target"]), item["target_var"], int(self.scalar(item["N"])),
                            self.scalar(item["rate"]), weight, **common)

    def makeSpikeGeneratorGroup(self, item, common):
        options = {"period": self.scalar(item["period"])} if "period" in item else {}
        options["sorted"] = item.get("sorted", "false") == "true"
        times = self.value(item["times"])
        indices = np.array(self.value(item["indices"]), dtype=int)
        return SpikeGeneratorGroup(int(self.scalar(item["N"])), indices, Quantity(times), **options, **common)

    def makeTimedArray(self, item, common):
        values = self.value(item["values"])
        return TimedArray(values, dt=self.scalar(item["dt"]), **common)

    def makeBinomialFunction(self, item, common):
        return BinomialFunction(int(item["n"]), self.scalar(item["p"]), approximate=item.get("approximate", "true") == "true", **common)

    def makeStateMonitor(self, item, common):
        variables = item["variables"]
        variables = True if variables == "all" else variables
        record = item["record"]
        if isinstance(record, list):
            record = [int(x) for x in record]
        elif record in ("true", "false"):
            record = record == "true"
        elif NUMBER.match(record):
            record = int(record)
        elif re.fullmatch(r"\d*:\d*", record):
            a, b = record.split(":")
            record = list(range(int(a or 0), int(b)))
        else:
            record = self.reference(record)
        return StateMonitor(self.reference(item["source"]), variables, record=record, **common)

    def makeSpikeMonitor(self, item, common):
        return SpikeMonitor(self.reference(item["source"]), item.get("variables"), record=item.get("record", "true") == "true", **common)

    def makeEventMonitor(self, item, common):
        return EventMonitor(self.reference(item["source"]), item["event"], item.get("variables"),
                            record=item.get("record", "true") == "true", **common)

    def makePopulationRateMonitor(self, item, common):
        return PopulationRateMonitor(self.reference(item["source"]), **common)

    def makeSubgroup(self, item, common):
        return self.reference(item["of"])

    def makeClock(self, item, common):
        return Clock(self.scalar(item["dt"]), **common)

    def connect(self, synapses, node):
        for call in listed(node):
            if call == "true":
                synapses.connect()
                continue
            if call == "false":
                synapses.connect(False)
                continue
            options = {"namespace": {**self.constants, **self.functions, **self.names(call.get("namespace"))}}
            for key in ("i", "j", "p", "n"):
                if key in call:
                    value = self.value(call[key])
                    options[key] = np.array(value, dtype=int) if key in "ij" and isinstance(value, np.ndarray) else value
            if "condition" in call:
                condition = self.value(call["condition"])
                options["condition"] = condition
            if "skip_if_invalid" in call:
                options["skip_if_invalid"] = call["skip_if_invalid"] == "true"
            synapses.connect(**options)

    def link(self, thing, target, node):
        node = {"to": node} if isinstance(node, str) else node
        owner, variable = node["to"].rsplit(".", 1)
        options = {}
        if "index" in node:
            options["index"] = node["index"] if isinstance(node["index"], str) else np.array(self.value(node["index"]), dtype=int)
        # Brian 2 does not keep a part that only a link names.
        self.kept.append(self.reference(owner))
        setattr(thing, target, brian2.linked_var(self.kept[-1], variable, **options))

    def assign(self, thing, target, node):
        value = self.value(node)
        if isinstance(thing, SpatialNeuron) and (match := re.fullmatch(r"(.*)\.(\w+(?:\[[^\]]*\])?)", target)):
            path = match[1] if match[1].startswith("[") else "." + match[1]
            thing, target = self.region(thing, path), match[2]
        target, bracket = (target.split("[", 1) + [None])[:2]
        *path, variable = target.split(".")
        for part in path:
            thing = getattr(thing, part)
        index = eval("_[" + bracket, {"__builtins__": {}}, {"_": _Index()}) if bracket else slice(None)
        namespace = {**self.constants, **self.functions}
        if isinstance(value, str) or isinstance(index, str):
            view = (getattr(thing, variable) if variable == "delay"
                    else thing.variables[variable].get_addressable_value_with_unit(variable, thing))
            view.set_item(index, value, namespace=namespace)
        elif bracket:
            getattr(thing, variable)[index] = value
        else:
            setattr(thing, variable, value)

    # -------------------------------------------------------------------------------------------------------- steps

    def run(self):
        self.build()
        steps = self.file.get("run", [])
        self.steps([{"run": steps}] if isinstance(steps, (str, dict)) else steps)
        return self

    def steps(self, steps):
        for step in steps:
            (verb, value), = step.items()
            getattr(self, "do_" + verb)(value)

    def do_run(self, value):
        namespace = {**self.constants, **self.functions}
        if isinstance(value, str):
            duration = self.scalar(value)
        elif "for" in value:
            duration = self.scalar(value["for"])
        else:
            duration = self.scalar(value["until"]) - self.network.t
        if isinstance(value, dict):
            namespace.update({k: self.scalar(v) for k, v in value.get("namespace", {}).items()})
        self.network.run(duration, namespace=namespace)

    def do_store(self, value):
        self.network.store(value if isinstance(value, str) else value["name"])

    def do_restore(self, value):
        self.network.restore(value if isinstance(value, str) else value["name"])

    def do_set(self, value):
        for target, node in value.items():
            owner = re.match(r"\w+", target)[0]
            path = target[len(owner):].removeprefix(".")
            self.assign(self.objects[owner], path, self.constants.get(node, node) if isinstance(node, str) else node)

    def do_events(self, value):
        for name, events in value.items():
            for event, condition in events.items():
                self.add_event(self.objects[name], event, condition)

    def do_run_on_event(self, value):
        for name, code in value.items():
            self.event_code(self.objects[name], code)

    def do_event_schedule(self, value):
        for name, places in value.items():
            self.event_schedule(self.objects[name], places)

    def do_constants(self, value):
        for name, node in value.items():
            self.constants[name] = self.scalar(node)

    def do_dt(self, value):
        if not isinstance(value, dict):
            defaultclock.dt = self.scalar(value)
        else:
            for name, node in value.items():
                thing = self.objects[name]
                (thing if isinstance(thing, Clock) else thing.clock).dt = self.scalar(node)

    def do_active(self, value):
        for name, node in value.items():
            thing = self.objects.get(name)
            if thing is None:
                thing = next(part for group in self.network.objects for part in [group, *group.contained_objects] if part.name == name)
            thing.active = node == "true"

    def do_add(self, value):
        for item in value:
            self.add(item)
            self.link_all()

    def do_remove(self, value):
        for name in listed(value):
            self.network.remove(self.objects[name])

    def do_connect(self, value):
        for name, node in value.items():
            self.connect(self.objects[name], node)

    def do_link(self, value):
        for target, node in value.items():
            owner, variable = target.split(".")
            self.link(self.objects[owner], variable, node)

    def do_set_spikes(self, value):
        for name, node in value.items():
            options = {"period": self.scalar(node["period"])} if "period" in node else {}
            self.objects[name].set_spikes(np.array(self.value(node["indices"]), dtype=int), self.value(node["times"]), **options)

    def do_schedule(self, value):
        self.network.schedule = value

    def do_seed(self, value):
        brian2.seed(int(value) % 2**32)

    def do_record(self, value):
        for name in listed(value):
            self.objects[name].record_single_timestep()

    def do_repeat(self, value):
        rounds = [self.scalar(x) for x in value["over"]] if "over" in value else list(range(int(value["count"])))
        for entry in rounds:
            if "as" in value:
                self.constants[value["as"]] = entry
            self.steps(value["steps"])


class _Index:
    def __getitem__(self, index):
        return index


def listed(node):
    return [] if node is None else node if isinstance(node, list) else [node]


def numbers(node):
    return [numbers(x) for x in node] if isinstance(node, list) else float(node)


def load(text, folder="."):
    """The experiment of a model file; files that it names are read from `folder`."""
    return Experiment(yaml.load(text, yaml.BaseLoader), folder)


if __name__ == "__main__":
    experiment = load(open(sys.argv[1]).read()).run()
    for name, thing in experiment.objects.items():
        if isinstance(thing, EventMonitor):
            print(name, "events:", thing.num_events)
        elif isinstance(thing, StateMonitor):
            for variable in thing.record_variables:
                values = np.asarray(getattr(thing, variable + "_"))
                if values.size:
                    print(name, variable, values.shape, "min", values.min(), "max", values.max())
