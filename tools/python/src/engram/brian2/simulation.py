"""One time line of a script: the objects that run together, the steps they have gone through, and its run directory."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from brian2.groups.neurongroup import NeuronGroup
from brian2.input.poissongroup import PoissonGroup
from brian2.input.spikegeneratorgroup import SpikeGeneratorGroup
from brian2.synapses.synapses import Synapses

from ..errors import EngramError, Interrupted, NotPossible, ProgramError
from ..program import STOPPED_EARLY, call
from ..reading.checkpoint import Checkpoint
from ..reading.run import Reader
from ..running.progress import Progress
from ..storage.manifest import Key
from ..storage.reader import content_hash
from .describe import Described, describe, function_entry, is_part, spikes_of, variables_with_values
from .document import as_read, difference, parse, write
from .inputs import InputFiles
from .names import Meanings, meanings
from .places import age_of
from .refusal import NotCarriedOver
from .text import dimension, scalar

_RANK: tuple[tuple[type, ...], ...] = ((NeuronGroup, PoissonGroup, SpikeGeneratorGroup), (Synapses,))
_PATIENCE = 60.0
"""How long a script that is started again waits for the program of the one that was killed to store its checkpoint [s]."""


@dataclass(frozen=True)
class Options:
    """What ``set_device`` was told."""

    directory: Path
    checkpoint_every: Any = None
    threads: int | None = None
    fresh: bool = False


class Simulation:
    """Writes what the script does as steps of a model file, and has the program execute them.

    A step that the run directory has behind it is not executed again: a script that was killed and is started again goes
    through its lines, and the simulation goes on where its newest checkpoint is.
    """

    def __init__(self, directory: Path, options: Options, seed: int, dt: Any) -> None:
        self.directory = directory
        self.options = options
        self.model = directory.with_suffix(".yaml")
        self.files = InputFiles(directory.with_suffix(".inputs"))
        self.document: dict[str, Any] = {
            "name": "script",
            "dt": dt,
            "seed": seed,
            "constants": {},
            "objects": [],
            "run": [],
        }
        self.steps: list[Any] = self.document["run"]
        self.described: dict[str, Described] = {}
        self.things: dict[str, Any] = {}
        self.functions: dict[str, Any] = {}
        self.fresh = options.fresh
        self.rounds = 0
        self.is_begun = False
        """Whether there are steps already, so that what changes from now on is a step too."""
        self.is_stale: Callable[[Any], bool] = lambda variable: False
        """Whether values have not been looked at since the last run: the device knows."""
        self._constants: dict[str, Any] = {}
        self._own: dict[str, dict[str, Any]] = {}
        self._active: dict[str, bool] = {}
        self._steps_of_clocks: dict[str, Any] = {"": dt}
        self._spikes: dict[str, Any] = {}
        self._synapses: dict[str, int] = {}
        self._digests: dict[tuple[str, str], bytes] = {}

    # ----------------------------------------------------------------------------------------------------- describing

    def describe(self, things: Iterable[Any], namespace: Mapping[str, Any], schedule: list[str] | None) -> None:
        """Brings the document up to what the script is now. Raises before anything of it is changed or executed."""
        everything = list(things)
        parts = {id(part) for thing in everything for part in thing.contained_objects}
        wanted = {thing.name: thing for thing in everything if id(thing) not in parts and not is_part(thing)}
        for name, thing in wanted.items():
            if name in self.things and self.things[name] is not thing:
                raise NotCarriedOver(
                    thing, f"another object was called '{name}' in an earlier run of the same simulation"
                )
        ordered = sorted(wanted.values(), key=lambda thing: (_rank(thing), age_of(thing)))
        new = {thing.name: describe(thing, self.files) for thing in ordered if thing.name not in self.things}
        known = {**{name: found for name, found in self.described.items() if name in wanted}, **new}
        meant = {name: meanings(found.group, found.texts, namespace) for name, found in known.items()}
        added_functions = self._functions(meant)
        changed = self._meanings(meant, new)
        removed = [name for name in self.things if name not in wanted]
        entries = [self._initial(name, found) for name, found in new.items()]
        if self.is_begun:
            steps: list[Any] = []
            if removed:
                steps.append({"remove": removed})
            if added_functions or entries:
                steps.append({"add": [*added_functions, *entries]})
            if changed:
                steps.append({"constants": changed})
            steps += self._changes(known, new)
            self.steps += steps
        else:
            self.document["objects"] += [*added_functions, *entries]
            self.document["constants"].update(changed)
            if schedule is not None:
                self.document["schedule"] = schedule
        for name in removed:
            del self.things[name], self.described[name]
        self.things.update({name: wanted[name] for name in new})
        self.described.update(new)
        for name, found in new.items():
            self._remember(name, found)

    def _functions(self, meant: Mapping[str, Meanings]) -> list[dict[str, Any]]:
        added: list[dict[str, Any]] = []
        for found in meant.values():
            for name, function in found.functions.items():
                known = self.functions.get(name)
                if known is None:
                    self.functions[name] = function
                    added.append(function_entry(name, function, self.files))
                elif known is not function:
                    raise NotPossible(
                        f"'{name}' means two different functions in one simulation; give them different names. Nothing was run"
                    )
        return added

    def _meanings(self, meant: Mapping[str, Meanings], new: Mapping[str, Described]) -> dict[str, Any]:
        """Constants that are new or have changed; those that mean several things become the objects' own."""
        values: dict[str, dict[str, Any]] = {}
        for name, found in meant.items():
            for constant, value in found.constants.items():
                values.setdefault(constant, {})[name] = value
        changed: dict[str, Any] = {}
        for constant, by_object in values.items():
            first = next(iter(by_object.values()))
            is_one = all(_same(value, first) for value in by_object.values())
            for name, value in by_object.items():
                own = self._own.get(name, {})
                if constant in own:
                    if not _same(own[constant], value):
                        raise NotCarriedOver(
                            self.described[name].group,
                            f"'{constant}' was {own[constant]} when it first ran and is {value} now; a name that other objects use "
                            f"with another value, or that came later, keeps its value",
                        )
                elif constant in self._constants and name not in new:
                    if not is_one:
                        raise NotCarriedOver(
                            self.described[name].group, f"'{constant}' means several things from now on"
                        )
                    if not _same(self._constants[constant], value):
                        changed[constant] = value
                elif constant in self._constants and is_one:
                    if not _same(self._constants[constant], value):
                        changed[constant] = value
                elif self.is_begun or not is_one:
                    if not hasattr(new[name].group, "namespace") or new[name].entry["kind"] == "PoissonInput":
                        raise NotCarriedOver(new[name].group, f"'{constant}' means several things in one run")
                    self._own.setdefault(name, {})[constant] = value
                    new[name].entry.setdefault("namespace", {})[constant] = value
                else:
                    changed[constant] = value
        self._constants.update(changed)
        return changed

    def _initial(self, name: str, found: Described) -> dict[str, Any]:
        """The entry of a new object, with its synapses and the values that it has."""
        entry = dict(found.entry)
        if isinstance(found.group, Synapses):
            connect = self._connected(found.group, 0)
            if connect is None and found.group._connect_called is False:
                raise NotCarriedOver(found.group, "connect() was never called")
            entry["connect"] = connect if connect is not None else {"condition": "False"}
        values = {}
        for variable, stored in found.settable.items():
            array = np.asarray(stored.get_value())
            if stored.scalar and variable.endswith("delay"):
                continue
            if variable == "rates" and entry["kind"] == "PoissonGroup":
                entry["rates"] = self._value(stored)
            elif array.size and np.any(array != 0):
                values[variable] = self._value(stored)
        if values:
            entry["initial"] = values
        return entry

    def _value(self, variable: Any) -> Any:
        array = np.asarray(variable.get_value())
        if variable.scalar:
            return scalar(array, dimension(variable))
        if array.size == 1 or (array == array.flat[0]).all():
            return scalar(array, dimension(variable))
        return self.files.value(array, dimension(variable))

    def _connected(self, synapses: Any, first: int) -> dict[str, Any] | None:
        """The synapses from number ``first`` on, as Brian 2 made them."""
        i = np.asarray(synapses.variables["_synaptic_pre"].get_value())[first:] - _offset(synapses.source)
        j = np.asarray(synapses.variables["_synaptic_post"].get_value())[first:] - _offset(synapses.target)
        return {"i": self.files.value(i), "j": self.files.value(j)} if i.size else None

    def _remember(self, name: str, found: Described) -> None:
        self._active[name] = bool(found.group.active)
        if isinstance(found.group, SpikeGeneratorGroup):
            self._spikes[name] = spikes_of(found.group, self.files)
        if isinstance(found.group, Synapses):
            self._synapses[name] = len(found.group.variables["_synaptic_pre"].get_value())
        for variable, stored in found.settable.items():
            self._digests[name, variable] = digest(stored)

    def _changes(self, known: Mapping[str, Described], new: Mapping[str, Described]) -> list[Any]:
        """Steps for what the script has changed since: switches, spikes, new synapses, values."""
        steps: list[Any] = []
        for name, found in known.items():
            if name in new:
                continue
            thing = self.things[name]
            if bool(thing.active) != self._active[name]:
                self._active[name] = bool(thing.active)
                steps.append({"active": {name: self._active[name]}})
            if isinstance(thing, SpikeGeneratorGroup):
                spikes = spikes_of(thing, self.files)
                if spikes != self._spikes[name]:
                    self._spikes[name] = spikes
                    steps.append({"set_spikes": {name: spikes}})
            if isinstance(thing, Synapses):
                count = len(thing.variables["_synaptic_pre"].get_value())
                if count != self._synapses[name]:
                    steps.append({"connect": {name: self._connected(thing, self._synapses[name])}})
                    self._synapses[name] = count
            changed = {}
            for variable, stored in found.settable.items():
                if self.is_stale(stored):
                    continue
                now = digest(stored)
                if now != self._digests[name, variable]:
                    self._digests[name, variable] = now
                    changed[f"{name}.{variable}"] = self._value(stored)
            if changed:
                steps.append({"set": changed})
        return steps

    def loaded(self, variable: Any) -> None:
        """Notes the values that the program has, so that changes of the script show."""
        for name, found in self.described.items():
            for word, stored in found.settable.items():
                if stored is variable:
                    self._digests[name, word] = digest(variable)
                    return

    def note_steps_of_clocks(self, default: Any, clocks: Mapping[str, tuple[Any, Any]]) -> None:
        """Steps for clocks whose dt the script has changed: ``clocks`` is object → (its clock, its dt)."""
        changes: dict[str, Any] = {}
        if not self.is_begun:
            self.document["dt"] = default
        elif default != self._steps_of_clocks[""]:
            self.steps.append({"dt": default})
        self._steps_of_clocks[""] = default
        for name, (_, step) in clocks.items():
            if name in self._steps_of_clocks and self._steps_of_clocks[name] != step:
                changes[name] = step
            self._steps_of_clocks[name] = step
        if changes:
            self.steps.append({"dt": changes})

    # ------------------------------------------------------------------------------------------------------ executing

    def execute(self, progress: Callable[[Any], None] | None = None) -> None:
        """Has the program do the steps that the run directory does not have behind it yet."""
        if self.fresh:
            self._go(["--fresh"], progress)
            self.fresh = False
            return
        if self._is_done():
            return
        self._go([], progress)

    def _is_done(self) -> bool:
        reader = self._reader()
        if reader is None:
            return False
        table = reader.checkpoints
        if not len(table):
            return False
        latest = reader.at(str(table["id"].iloc[-1]))
        experiment = latest.network.experiment
        text, path = experiment.get("text"), experiment.get("path")
        if not isinstance(text, str) or not isinstance(path, list):
            raise EngramError(
                f"'{self.directory}' was made by a program; choose another directory, or fresh=True to move it aside"
            )
        old, new = parse(text, str(self.directory)), as_read(self.document)
        done = int(path[0])
        behind, before = old.pop("run"), new.pop("run")
        found = difference(old, new)
        if found is None:
            count = min(len(before), done + (1 if experiment.get("inside") else 0))
            found = difference(behind[:count], before[:count], "steps")
        if found is not None:
            raise EngramError(
                f"'{self.directory}' holds a run of another script: {found}. Choose another directory, or say "
                f"set_device('engram', directory=…, fresh=True) to move the old run aside"
            )
        return done >= len(before)

    def _reader(self) -> Reader | None:
        return Reader(self.directory) if (self.directory / "FORMAT").exists() else None

    def _go(self, more: list[str], progress: Callable[[Any], None] | None) -> None:
        write(self.document, self.model)
        arguments = ["run", str(self.model), "--in", str(self.directory), *more]
        every = self.options.checkpoint_every
        if every is not None:
            from ..times import text as time_text

            arguments += ["--checkpoint-every", time_text(every)]
        if self.options.threads is not None:
            arguments += ["--threads", str(self.options.threads)]
        started = time.monotonic()
        while True:
            try:
                with Progress(self.directory, progress is not None, self.directory.stem) as bar:
                    answer = call(arguments, accept=(0, STOPPED_EARLY), tick=bar.tick)
                break
            except ProgramError as problem:
                # The program of a script that was killed may still be storing its last checkpoint.
                if "is being written by" not in problem.message or time.monotonic() - started > _PATIENCE:
                    raise
                time.sleep(0.2)
        if answer["status"] == STOPPED_EARLY:
            raise Interrupted(
                f"'{self.directory}' stopped early at t = {answer.get('t')} s; the same script goes on from there"
            )

    def checkpoint(self, name: str) -> Checkpoint:
        return Reader(self.directory).at(name)

    def places(self, things: Iterable[Any]) -> list[tuple[Any, tuple[str, str]]]:
        """All variables of objects, with the names under which the program holds them."""
        return [found for thing in things for found in variables_with_values(thing)]


def stored_values(checkpoint: Checkpoint, key: tuple[str, str]) -> np.ndarray[Any, Any] | None:
    """The values of a variable at a checkpoint, as Brian 2 shapes them; None where the program does not hold it."""
    owner, name = key
    entries = checkpoint.arrays.entries
    if name == "N" and Key(owner, "N") not in entries:
        if Key(owner, "t") in entries:
            return np.array([entries[Key(owner, "t")].rows])
        if Key(owner, "count") in entries:
            return np.array([int(checkpoint.arrays.whole(Key(owner, "count")).sum())])
        return None
    found = entries.get(Key(owner, name))
    if found is None:
        return None
    return checkpoint.arrays.whole(Key(owner, name))


def digest(variable: Any) -> bytes:
    array = np.ascontiguousarray(variable.get_value())
    return content_hash(array.tobytes() + repr((array.dtype.str, array.shape)).encode())


def _offset(group: Any) -> int:
    return int(getattr(group, "start", 0)) if hasattr(group, "source") and not isinstance(group, Synapses) else 0


def _same(first: Any, second: Any) -> bool:
    return type(first) is type(second) and first == second


def _rank(thing: Any) -> int:
    for rank, kinds in enumerate(_RANK):
        if isinstance(thing, kinds):
            return rank
    return len(_RANK)
