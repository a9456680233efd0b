"""The objects of a script as entries of a model file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from brian2.core.variables import ArrayVariable, Constant, Subexpression
from brian2.equations.equations import Equations
from brian2.groups.group import CodeRunner
from brian2.groups.neurongroup import NeuronGroup, Resetter, StateUpdater, SubexpressionUpdater, Thresholder
from brian2.groups.subgroup import Subgroup
from brian2.input.binomial import BinomialFunction
from brian2.input.poissongroup import PoissonGroup
from brian2.input.poissoninput import PoissonInput
from brian2.input.spikegeneratorgroup import SpikeGeneratorGroup
from brian2.input.timedarray import TimedArray
from brian2.monitors.ratemonitor import PopulationRateMonitor
from brian2.monitors.spikemonitor import EventMonitor, SpikeMonitor
from brian2.monitors.statemonitor import StateMonitor
from brian2.spatialneuron.spatialneuron import SpatialNeuron, SpatialStateUpdater
from brian2.synapses.synapses import SummedVariableUpdater, Synapses, SynapticPathway
from brian2.utils.stringtools import get_identifiers

from .inputs import InputFiles
from .places import arguments_of
from .refusal import NotCarriedOver
from .shapes import GEOMETRY, changed_geometry, model_of, sections_of, threshold_of
from .text import dimension, equations, reference, scalar, unit_of

PARTS = (
    *(StateUpdater, SpatialStateUpdater, Thresholder, Resetter, SubexpressionUpdater),
    *(SummedVariableUpdater, SynapticPathway, Subgroup),
)
_KEPT_BY_PROGRAM = frozenset({"lastspike", "not_refractory", "lastupdate"})


@dataclass
class Described:
    """One object: its entry in the model file, the texts whose names are looked up, and the variables a script can set."""

    entry: dict[str, Any]
    group: Any
    texts: list[str | None] = field(default_factory=list)
    settable: dict[str, Any] = field(default_factory=dict)
    parts: list[dict[str, Any]] = field(default_factory=list)
    """Entries of parts of a group that have something of their own, such as code that runs regularly."""

    def rename(self, word: str, other: str) -> None:
        """Gives a constant another name wherever this object's texts have it."""
        self.rewrite(lambda text: re.sub(rf"\b{re.escape(word)}\b", other, text))

    def rewrite(self, change: Callable[[str], str]) -> None:
        """Changes this object's texts."""
        self.entry = _rewritten(self.entry, change)
        self.parts = [_rewritten(part, change) for part in self.parts]


_TEXTS = frozenset(
    [
        *("model", "threshold", "reset", "refractory", "events", "run_on_event", "on_pre", "on_post"),
        *("rates", "weight", "run_regularly", "code"),
    ]
)


def _rewritten(entry: dict[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    """An entry in which what is model text was changed."""

    def text(value: Any) -> Any:
        if isinstance(value, str):
            return change(value)
        if isinstance(value, list):
            return [_rewritten(item, change) for item in value]
        if isinstance(value, dict):
            return {key: text(item) if key not in ("when", "order") else item for key, item in value.items()}
        return value

    return {key: text(value) if key in _TEXTS else value for key, value in entry.items()}


def is_part(thing: Any) -> bool:
    """Whether an object of Brian 2 is a part of another one and has no entry of its own."""
    return isinstance(thing, PARTS) or type(thing) is CodeRunner


def describe(thing: Any, files: InputFiles) -> Described:
    """Raises :class:`NotCarriedOver` where the object, or what it was told, cannot be carried over."""
    maker = _MAKERS.get(type(thing))
    if maker is None:
        raise NotCarriedOver(thing, "objects of this kind cannot be carried over")
    found = maker(thing, files)
    if not thing.active:
        found.entry["active"] = False
    return found


def _timing(thing: Any, entry: dict[str, Any], when: str | None = None, order: int = 0) -> None:
    """What differs from the defaults of its kind."""
    if thing.clock.name != "defaultclock":
        entry["dt"] = scalar(thing.clock.dt)
    if when is not None and thing.when != when:
        entry["when"] = thing.when
    if thing.order != order:
        entry["order"] = int(thing.order)


def _float_types(thing: Any) -> dict[str, str]:
    types: dict[str, str] = {}
    for name, variable in thing.variables.items():
        if isinstance(variable, ArrayVariable) and variable.owner is not None and variable.owner.name == thing.name:
            kind = np.dtype(variable.dtype)
            if kind == np.float32:
                types[name] = "float32"
            elif name[0] != "_" and kind not in (np.float64, np.int32, np.bool_, np.int64):
                raise NotCarriedOver(
                    thing, f"the variable '{name}' is of type {kind}; possible are float64, float32, int32"
                )
    return {name: kind for name, kind in types.items() if name not in ("t", "dt") and name not in _KEPT_BY_PROGRAM}


def _settable(thing: Any) -> dict[str, Any]:
    """Variables of the object itself that a script may assign."""
    found: dict[str, Any] = {}
    for name, variable in thing.variables.items():
        if not isinstance(variable, ArrayVariable) or variable.owner is None or variable.owner.name != thing.name:
            continue
        if name.startswith("_") or variable.read_only or name in _KEPT_BY_PROGRAM:
            continue
        found[name] = variable
    return found


def _gsl_options(thing: Any, entry: dict[str, Any], choice: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Options of the GNU Scientific Library, as those of the program's own adaptive methods.

    The library allows an error of 1e-6 in SI units, whatever is measured; the program's default is stricter for small values.
    """
    kept: dict[str, Any] = {}
    for key, value in options.items():
        if key in ("absolute_error", "max_steps"):
            kept[key] = float(value) if key == "absolute_error" else int(value)
        elif key == "absolute_error_per_variable" and value:
            kept["absolute_error"] = min(float(scalar_of(each)) for each in value.values())
        elif key == "adaptable_timestep" and not value:
            fixed = {"gsl_rk2": "rk2", "gsl_rk4": "rk4"}.get(choice)
            if fixed is None:
                raise NotCarriedOver(
                    thing, f"the method '{choice}' without adaptable steps is not there; choose rk4, say"
                )
            entry["method"] = fixed
            return {}
        elif key in ("save_failed_steps", "save_step_count") and value:
            raise NotCarriedOver(thing, f"'{key}' of the GNU Scientific Library is not there")
        elif (
            key not in ("adaptable_timestep", "use_last_timestep", "integrator", "absolute_error_per_variable")
            and value
        ):
            kept[key] = value
    return kept


def scalar_of(value: Any) -> float:
    """The SI value of a single quantity."""
    return float(np.asarray(value))


def _method(thing: Any, entry: dict[str, Any], choice: Any, options: Any) -> None:
    if isinstance(choice, str):
        entry["method"] = choice
        if choice.startswith("gsl"):
            options = _gsl_options(thing, entry, choice, options or {})
    elif isinstance(choice, (list, tuple)) and all(isinstance(word, str) for word in choice):
        # The lists that Brian 2 has by itself are the defaults of the program, too.
        if tuple(choice) not in _DEFAULT_METHODS:
            entry["method"] = list(choice)
    elif choice is not None:
        raise NotCarriedOver(thing, "its integration method is a Python object; give the name of a method")
    if options:
        entry["method_options"] = {
            key: value if isinstance(value, (str, bool, int)) else scalar(value) for key, value in options.items()
        }


_DEFAULT_METHODS = (
    ("exact", "euler", "heun"),
    ("linear", "euler", "heun"),
    ("exact", "exponential_euler", "rk2", "heun"),
)


def later_code(thing: Any, known: set[str]) -> list[tuple[dict[str, Any], str]]:
    """Code that was given to a group after it was described, with the part of the group that it runs for, and its text."""
    found: list[tuple[dict[str, Any], str]] = []
    for runner in thing.contained_objects:
        if isinstance(runner, Subgroup):
            found += [({**item, "of": reference(runner)}, text) for item, text in later_code(runner, known)]
        elif type(runner) is CodeRunner and runner.name not in known:
            found.append(_code_item(thing, runner))
    return found


def code_names(thing: Any) -> set[str]:
    """Names of the code that runs for a group and its parts."""
    found: set[str] = set()
    for runner in thing.contained_objects:
        if isinstance(runner, Subgroup):
            found |= code_names(runner)
        elif type(runner) is CodeRunner:
            found.add(runner.name)
    return found


def _code_item(thing: Any, runner: Any) -> tuple[dict[str, Any], str]:
    code = runner.abstract_code if isinstance(runner.abstract_code, str) else runner.user_code
    item: dict[str, Any] = {"code": code, "name": runner.name}
    if runner.clock is not thing.clock:
        item["dt"] = scalar(runner.clock.dt)
    if runner.when != "start":
        item["when"] = runner.when
    if runner.order:
        item["order"] = int(runner.order)
    if not runner.active:
        item["active"] = False
    return item, code


def _regular(thing: Any, described: Described) -> None:
    """Code that runs regularly: of the group, and of its parts."""
    items: list[dict[str, Any]] = []
    for runner in thing.contained_objects:
        if isinstance(runner, Subgroup):
            part = Described({"kind": "Subgroup", "name": f"{runner.name}_part", "of": reference(runner)}, runner)
            _regular(runner, part)
            if "run_regularly" in part.entry:
                described.parts.append(part.entry)
                described.texts += part.texts
            continue
        if type(runner) is not CodeRunner:
            continue
        item, code = _code_item(thing, runner)
        items.append(item)
        described.texts.append(code)
    if items:
        described.entry["run_regularly"] = items


def _neurons(thing: Any, files: InputFiles) -> Described:
    entry: dict[str, Any] = {"kind": "NeuronGroup", "name": thing.name, "N": int(thing._N)}
    return _with_neurons(thing, entry, thing.user_equations, _settable(thing), files)


def _spatial(thing: Any, files: InputFiles) -> Described:
    given = arguments_of(thing)
    entry: dict[str, Any] = {
        "kind": "SpatialNeuron",
        "name": thing.name,
        "morphology": sections_of(thing.morphology, files),
    }
    for key in ("Cm", "Ri"):
        if key in given:
            # A capacitance for each compartment is among the values that the script has set.
            value = np.asarray(given[key])
            entry[key] = scalar(value.reshape(-1)[0], dimension(thing.variables[key]))
    changed = changed_geometry(thing)
    settable = {name: found for name, found in _settable(thing).items() if name not in GEOMETRY or name in changed}
    found = _with_neurons(thing, entry, model_of(thing), settable, files)
    found.entry.update(threshold_of(thing))
    if cable := sorted({"v", "Cm", "area"} & set(entry.get("dtype", ()))):
        raise NotCarriedOver(thing, f"'{cable[0]}' is of 32 bits; the variables of a cable are of 64")
    return found


def _with_neurons(
    thing: Any, entry: dict[str, Any], model: Equations, settable: dict[str, Any], files: InputFiles
) -> Described:
    """What neurons have with or without a shape."""
    entry["model"] = equations(model)
    # The words of a flag are no names of the script.
    texts: list[str | None] = [entry["model"].replace("point current", ""), *thing.events.values(), *thing.event_codes.values()]
    events = dict(thing.events)
    codes = dict(thing.event_codes)
    if "spike" in events:
        entry["threshold"] = events.pop("spike")
        if "spike" in codes:
            entry["reset"] = codes.pop("spike")
        _slot_of(thing, "spike", entry)
    if events:
        entry["events"] = events
        for event in events:
            _slot_of(thing, event, entry)
    if codes:
        entry["run_on_event"] = {
            event: {"code": code, "when": thing.resetter[event].when, "order": int(thing.resetter[event].order)}
            for event, code in codes.items()
        }
    resetter = thing.resetter.get("spike")
    if resetter is not None and (resetter.when, resetter.order) != ("resets", thing.order):
        raise NotCarriedOver(thing, f"its reset was moved to the slot '{resetter.when}'")
    refractory = thing._refractory
    if refractory is not False:
        entry["refractory"] = refractory if isinstance(refractory, str) else scalar(refractory)
        texts.append(refractory if isinstance(refractory, str) else None)
    _method(thing, entry, thing.state_updater.method_choice, thing.state_updater.method_options)
    _timing(thing, entry)
    if types := _float_types(thing):
        entry["dtype"] = types
    _links(thing, entry, model, files)
    return _complete(Described(entry, thing, texts, settable))


def _complete(described: Described) -> Described:
    _regular(described.group, described)
    return described


def _slot_of(thing: Any, event: str, entry: dict[str, Any]) -> None:
    """When the condition of an event is looked at, where that was changed."""
    thresholder = thing.thresholder[event]
    usual = "thresholds" if event == "spike" else "after_thresholds"
    if (thresholder.when, thresholder.order) != (usual, thing.order):
        entry.setdefault("event_schedule", {})[event] = {"when": thresholder.when, "order": int(thresholder.order)}


def _links(thing: Any, entry: dict[str, Any], model: Any, files: InputFiles) -> None:
    flagged = [equation.varname for equation in model.values() if "linked" in equation.flags]
    links = {name: _link(thing, name, model, files) for name in flagged}
    if links:
        entry["link"] = links


def _link_below(thing: Any, name: str, entry: dict[str, Any]) -> None:
    """Links of synapses to something computed: what that is computed from is linked, and it is computed in the synapses."""
    computed = thing.variables[name]
    owner, text = computed.owner, computed.expr
    link = entry["link"].pop(name)
    lines: list[str] = []
    for word in sorted(get_identifiers(text)):
        variable = owner.variables.get(word)
        if variable is None or isinstance(variable, Constant) or word in ("t", "dt"):
            continue
        other = f"{name}_{word}"
        inner = (
            {**link, "to": f"{variable.owner.name}.{variable.name}"}
            if isinstance(link, dict)
            else f"{variable.owner.name}.{variable.name}"
        )
        entry["link"][other] = inner
        text = re.sub(rf"\b{re.escape(word)}\b", other, text)
        lines.append(f"{other} : {unit_of(variable)} (linked)")
        if isinstance(variable, Subexpression):
            raise NotCarriedOver(
                thing, f"the linked variable '{name}' is computed from '{word}', which is computed, too"
            )
    given = entry["model"].split("\n")
    place = next(number for number, line in enumerate(given) if line.startswith(f"{name} :"))
    given[place : place + 1] = [*lines, f"{name} = {text} : {unit_of(computed)}"]
    entry["model"] = "\n".join(given)


def _link(thing: Any, name: str, model: Any, files: InputFiles) -> Any:
    if name not in thing.variables:
        raise NotCarriedOver(thing, f"the linked variable '{name}' was not linked")
    variable = thing.variables[name]
    target = f"{variable.owner.name}.{variable.name}"
    index = thing.variables.indices[name]
    if index in ("_idx", "0"):
        return target
    if index in thing.variables and index in {equation.varname for equation in model.values()}:
        return {"to": target, "index": index}
    numbers = np.asarray(thing.variables[index].get_value())
    return {"to": target, "index": files.value(numbers)}


def _synapses(thing: Any, files: InputFiles) -> Described:
    entry: dict[str, Any] = {
        "kind": "Synapses",
        "name": thing.name,
        "source": reference(thing.source),
        "target": reference(thing.target),
    }
    texts: list[str | None] = []
    model = arguments_of(thing).get("model")
    if model is not None and model != "":
        parsed = model if isinstance(model, Equations) else Equations(model)
        _links(thing, entry, parsed, files)
        entry["model"] = equations(parsed)
        for name in list(entry.get("link", ())):
            if isinstance(thing.variables[name], Subexpression):
                _link_below(thing, name, entry)
        texts.append(entry["model"])
    events: dict[str, str] = {}
    delays: dict[str, Any] = {}
    slots: dict[str, Any] = {}
    for pathway in thing._pathways:
        entry.setdefault(f"on_{pathway.prepost}", {})[pathway.objname] = pathway.code
        texts.append(pathway.code)
        if pathway.event != "spike":
            events[pathway.objname] = pathway.event
        delay = pathway.variables["delay"]
        if delay.scalar:
            delays[pathway.objname] = scalar(delay.get_value(), dimension(delay))
        usual = ("synapses", -1 if pathway.prepost == "pre" else 1)
        if (pathway.when, pathway.order) != usual:
            slots[pathway.objname] = {"when": pathway.when, "order": int(pathway.order)}
        if pathway.clock is not pathway.source.clock:
            raise NotCarriedOver(thing, f"the pathway '{pathway.objname}' has a clock of its own")
    for key, found in (("on_event", events), ("delay", delays), ("pathways", slots)):
        if found:
            entry[key] = found
    if thing.multisynaptic_index is not None:
        entry["multisynaptic_index"] = thing.multisynaptic_index
    if thing.state_updater is not None:
        _method(thing, entry, thing.state_updater.method_choice, thing.state_updater.method_options)
    _timing(thing, entry)
    if types := _float_types(thing):
        entry["dtype"] = types
    settable = _settable(thing)
    settable.pop(thing.multisynaptic_index, None)
    # A delay belongs to its pathway, though Brian 2 calls the synapses its owner.
    settable.pop("delay", None)
    for pathway in thing._pathways:
        settable[f"{pathway.objname}.delay"] = pathway.variables["delay"]
    return _complete(Described(entry, thing, texts, settable))


def _poisson(thing: Any, files: InputFiles) -> Described:
    entry: dict[str, Any] = {"kind": "PoissonGroup", "name": thing.name, "N": int(thing._N)}
    settable: dict[str, Any] = {}
    if isinstance(thing._rates, str):
        entry["rates"] = thing._rates
    else:
        entry["rates"] = "0 Hz"
        settable["rates"] = thing.variables["rates"]
    _timing(thing, entry, "thresholds")
    texts: list[str | None] = [thing._rates if isinstance(thing._rates, str) else None]
    return _complete(Described(entry, thing, texts, settable))


def spikes_of(thing: Any, files: InputFiles) -> dict[str, Any]:
    """The spikes that a generator sends."""
    times = thing.variables["spike_time"]
    found = {
        "indices": files.value(np.asarray(thing.variables["neuron_index"].get_value())),
        "times": files.value(np.asarray(times.get_value()), dimension(times)),
    }
    period = thing.variables["period"]
    if float(period.get_value()[0]) > 0:
        found["period"] = scalar(period.get_value(), dimension(period))
    return found


def _generator(thing: Any, files: InputFiles) -> Described:
    entry: dict[str, Any] = {
        "kind": "SpikeGeneratorGroup",
        "name": thing.name,
        "N": int(thing.stop),
        **spikes_of(thing, files),
    }
    _timing(thing, entry, "thresholds")
    return _complete(Described(entry, thing))


def _poisson_input(thing: Any, files: InputFiles) -> Described:
    weight = thing._weight
    entry: dict[str, Any] = {
        "kind": "PoissonInput", "name": thing.name, "target": reference(thing._group), "target_var": thing._target_var,
        "N": int(thing._N), "rate": scalar(thing._rate), "weight": weight if isinstance(weight, str) else scalar(weight),
    }  # fmt: skip
    if thing.when != "synapses":
        entry["when"] = thing.when
    if thing.order:
        entry["order"] = int(thing.order)
    return Described(entry, thing._group, [weight if isinstance(weight, str) else None])


def _state_monitor(thing: Any, files: InputFiles) -> Described:
    record: Any = True if thing.record_all else [int(number) for number in thing.record]
    entry: dict[str, Any] = {
        "kind": "StateMonitor", "name": thing.name, "source": reference(thing.source),
        "variables": _in_one_order(thing.record_variables), "record": record if record != [] else False,
    }  # fmt: skip
    own = thing.clock is not thing.source.clock
    _timing(thing, entry, "start")
    if not own:
        entry.pop("dt", None)
    return Described(entry, thing)


def _in_one_order(names: Iterable[str]) -> list[str]:
    """Names as they were given. Those of a set have another order in each process, and a script is the same when it is started again."""
    return list(names) if isinstance(names, (list, tuple)) else sorted(names)


def _event_monitor(thing: Any, files: InputFiles) -> Described:
    entry: dict[str, Any] = {"kind": type(thing).__name__, "name": thing.name, "source": reference(thing.source)}
    if type(thing) is EventMonitor:
        entry["event"] = thing.event
    variables = [name for name in _in_one_order(thing.record_variables) if name not in ("i", "t")]
    if variables:
        entry["variables"] = variables
    if not thing.record:
        entry["record"] = False
    source = thing.source.source if isinstance(thing.source, Subgroup) else thing.source
    thresholder = getattr(source, "thresholder", {}).get(thing.event)
    usual = (thresholder.when, thresholder.order + 1) if thresholder is not None else (source.when, source.order + 1)
    if (thing.when, thing.order) != usual:
        entry["when"], entry["order"] = thing.when, int(thing.order)
    return Described(entry, thing)


def _rate_monitor(thing: Any, files: InputFiles) -> Described:
    entry: dict[str, Any] = {"kind": "PopulationRateMonitor", "name": thing.name, "source": reference(thing.source)}
    own = thing.clock is not thing.source.clock
    _timing(thing, entry, "end")
    if not own:
        entry.pop("dt", None)
    return Described(entry, thing)


def function_entry(name: str, function: Any, files: InputFiles) -> dict[str, Any]:
    """A function that Brian 2 makes from numbers."""
    if isinstance(function, TimedArray):
        exponents = tuple(float(exponent) for exponent in function.dim._dims)
        return {
            "kind": "TimedArray", "name": name, "values": files.value(np.asarray(function.values), exponents),
            "dt": f"{float(function.dt)!r} second",
        }  # fmt: skip
    assert isinstance(function, BinomialFunction)
    given = arguments_of(function)
    return {
        "kind": "BinomialFunction", "name": name, "n": int(given["n"]), "p": float(given["p"]),
        "approximate": bool(given.get("approximate", True)),
    }  # fmt: skip


_MAKERS: dict[type, Callable[[Any, InputFiles], Described]] = {
    NeuronGroup: _neurons,
    SpatialNeuron: _spatial,
    Synapses: _synapses,
    PoissonGroup: _poisson,
    SpikeGeneratorGroup: _generator,
    PoissonInput: _poisson_input,
    StateMonitor: _state_monitor,
    SpikeMonitor: _event_monitor,
    EventMonitor: _event_monitor,
    PopulationRateMonitor: _rate_monitor,
}


def variables_with_values(thing: Any) -> Iterable[tuple[Any, tuple[str, str]]]:
    """The variables of an object whose values the program holds, with the name of each there."""
    for name, variable in thing.variables.items():
        if isinstance(variable, ArrayVariable) and variable.owner is not None and variable.owner.name == thing.name:
            if isinstance(thing, Synapses) and (name == "delay" or name.startswith(("N_incoming", "N_outgoing"))):
                continue  # delays are those of pathways; the numbers are Brian 2's, which counts from the beginning of the whole group
            if isinstance(thing, SpatialNeuron) and name.startswith("_"):
                continue  # what Brian 2 solves the cable with
            yield variable, (thing.name, name)
    for pathway in getattr(thing, "_pathways", ()):
        yield pathway.variables["delay"], (pathway.name, "delay")


__all__ = [
    "Described",
    "describe",
    "function_entry",
    "is_part",
    "spikes_of",
    "variables_with_values",
]
