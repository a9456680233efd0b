"""One time line of a script: the objects that run together, the steps they have gone through, and its run directory."""

from __future__ import annotations

import contextlib
import os
import shutil
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
from ..storage.manifest import Key
from ..storage.reader import content_hash
from .connections import by_tables
from .describe import (
    Described,
    code_names,
    describe,
    function_entry,
    is_part,
    later_code,
    spikes_of,
    variables_with_values,
)
from .document import ModelText, as_read, difference, object_at, parse
from .functions import Formula, NoFormula
from .inputs import InputFiles
from .names import Meanings, meanings
from .places import age_of, place_of
from .refusal import NotCarriedOver
from .reports import Report, following
from .text import dimension, scalar

_RANK: tuple[tuple[type, ...], ...] = ((NeuronGroup, PoissonGroup, SpikeGeneratorGroup), (Synapses,))
_PATIENCE = 60.0
"""How long a script that is started again waits for the program of the one that was killed to store its checkpoint [s]."""


class AnotherScript(EngramError):
    """A run directory that was made by another script, or another version of this one."""


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

    def __init__(self, directory: Path, options: Options, seed: int, dt: Any, is_named: bool = True) -> None:
        self.directory = directory
        self._is_named = is_named
        """Otherwise the directory is named after what is simulated: processes of a pool share the work in any order."""
        self._is_of_pool = not is_named
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
        self._text = ModelText()
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
        self._own: dict[str, dict[str, str]] = {}
        """Object → name in the script → the name that this constant has for this object alone."""
        self._fixed: dict[tuple[str, str], Any] = {}
        """Constants in namespaces of objects."""
        self._formulas: dict[tuple[str, str], Formula] = {}
        self._active: dict[str, bool] = {}
        self._steps_of_clocks: dict[str, Any] = {"": dt}
        self._spikes: dict[str, Any] = {}
        self._synapses: dict[str, int] = {}
        # Names of the code that each group runs regularly.
        self._code: dict[str, set[str]] = {}
        self._digests: dict[tuple[str, str], bytes] = {}
        self._behind: list[Any] | None = None
        """The steps of the run directory, as it was found; None before anybody has looked."""
        self._done = self._begun = self._compared = 0

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
        code = {name: later_code(found.group, self._code[name]) for name, found in known.items() if name not in new}
        for name, items in code.items():
            known[name].texts += [text for _, text in items]
        meant = {name: meanings(found.group, found.texts, namespace) for name, found in known.items()}
        self._formulas_into(meant, new)
        added_functions = self._functions(meant)
        changed = self._meanings(meant, new)
        removed = [name for name in self.things if name not in wanted]
        entries = [entry for name, found in new.items() for entry in self._initial(name, found)]
        if self.is_begun:
            steps: list[Any] = []
            if removed:
                steps.append({"remove": removed})
            if changed:
                steps.append({"constants": changed})
            if added_functions or entries:
                steps.append({"add": [*added_functions, *entries]})
            for name, items in code.items():
                if items:
                    steps.append({"run_regularly": {name: [item for item, _ in items]}})
                    self._code[name] |= code_names(known[name].group)
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
            off = {word: False for word, is_on in _switches(found.group) if not is_on and word != name}
            if off:
                self.steps.append({"active": off})

    def _formulas_into(self, meant: Mapping[str, Meanings], new: Mapping[str, Described]) -> None:
        """Writes functions of the script as formulas into the texts that call them."""
        for name, found in meant.items():
            for word, function in found.formulas.items():
                if name not in new:
                    if (name, word) not in self._formulas:
                        raise NotCarriedOver(
                            self.described[name].group, f"code that came after the first run uses the function '{word}'"
                        )
                    if self._formulas[name, word] != function:
                        raise NotCarriedOver(
                            self.described[name].group,
                            f"the function '{word}' was another one when this object first ran",
                        )
                    continue
                try:
                    new[name].rewrite(function.into)
                except NoFormula as problem:
                    raise NotCarriedOver(new[name].group, f"it uses the function '{word}': {problem}") from None
                self._formulas[name, word] = function

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
        """Constants that are new or have changed.

        A name that means several things is given another name for each object. What comes after the first run cannot be a
        constant of the file any more: it goes into the namespace of the new object, and cannot change.
        """
        changed: dict[str, Any] = {}
        for constant in dict.fromkeys(constant for found in meant.values() for constant in found.constants):
            values = {name: found.constants[constant] for name, found in meant.items() if constant in found.constants}
            fixed = {name: self._fixed[name, constant] for name in values if (name, constant) in self._fixed}
            for name, value in fixed.items():
                if not _same(value, values.pop(name)):
                    raise NotCarriedOver(
                        self.described[name].group,
                        f"'{constant}' was {value} when this object first ran and is another value now; a constant that came after the "
                        f"first run cannot change",
                    )
            common = [
                value for name, value in values.items() if name not in new and constant not in self._own.get(name, {})
            ]
            if any(not _same(value, common[0]) for value in common):
                name = next(name for name in values if name not in new)
                raise NotCarriedOver(
                    self.described[name].group,
                    f"'{constant}' was one value in the runs before and is several from now on; give the objects different names for it",
                )
            if (
                not common
                and values
                and ((self.is_begun and constant in self._constants) or not _agree(values.values()))
            ):
                common = [self._constants[constant]] if constant in self._constants else []
                lonely = [name for name in values if name in new and not (common and _same(values[name], common[0]))]
            else:
                lonely = [name for name in values if name in new and common and not _same(values[name], common[0])]
            for name in lonely:
                self._own.setdefault(name, {})[constant] = f"{constant}_of_{name}"
                new[name].rename(constant, f"{constant}_of_{name}")
            for name, value in values.items():
                word = self._own.get(name, {}).get(constant, constant)
                if word in self._constants:
                    if not _same(self._constants[word], value):
                        changed[word] = value
                elif not self.is_begun:
                    changed[word] = value
                else:
                    if name not in new:
                        raise NotCarriedOver(
                            self.described[name].group,
                            f"'{constant}' came after the first run, in code for an object of before; write its value there",
                        )
                    if new[name].entry["kind"] == "PoissonInput":
                        raise NotCarriedOver(
                            new[name].group, f"'{constant}' came after the first run; write its value into the weight"
                        )
                    self._fixed[name, constant] = value
                    new[name].entry.setdefault("namespace", {})[word] = value
            self._constants.update(changed)
        return changed

    def _initial(self, name: str, found: Described) -> list[dict[str, Any]]:
        """The entry of a new object, with its synapses and the values that it has; before it what they need, behind it its parts."""
        entry = dict(found.entry)
        tables: list[dict[str, Any]] = []
        if isinstance(found.group, Synapses):
            tables, connect = self._connected(found.group, 0)
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
        return [*tables, entry, *found.parts]

    def _value(self, variable: Any) -> Any:
        array = np.asarray(variable.get_value())
        if variable.scalar:
            return scalar(array, dimension(variable))
        if array.size == 1 or (array == array.flat[0]).all():
            return scalar(array, dimension(variable))
        return self.files.value(array, dimension(variable))

    def _connected(self, synapses: Any, first: int) -> tuple[list[dict[str, Any]], Any]:
        """The synapses from number ``first`` on, as Brian 2 made them: functions that are needed, and what ``connect`` says."""
        i = np.asarray(synapses.variables["_synaptic_pre"].get_value())[first:] - _offset(synapses.source)
        j = np.asarray(synapses.variables["_synaptic_post"].get_value())[first:] - _offset(synapses.target)
        if not i.size:
            return [], None
        if any(isinstance(end, Synapses) for end in (synapses.source, synapses.target)):
            return by_tables(
                f"{synapses.name}_{first}" if first else synapses.name, i, j, len(synapses.source), self.files
            )
        return [], {"i": self.files.value(i), "j": self.files.value(j)}

    def _remember(self, name: str, found: Described) -> None:
        self._active.update(_switches(found.group))
        self._code[name] = code_names(found.group)
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
            switched = {word: is_on for word, is_on in _switches(thing) if is_on != self._active.get(word, is_on)}
            self._active.update(switched)
            if switched:
                steps.append({"active": switched})
            if isinstance(thing, SpikeGeneratorGroup):
                spikes = spikes_of(thing, self.files)
                if spikes != self._spikes[name]:
                    self._spikes[name] = spikes
                    steps.append({"set_spikes": {name: spikes}})
            if isinstance(thing, Synapses):
                count = len(thing.variables["_synaptic_pre"].get_value())
                if count != self._synapses[name]:
                    tables, connect = self._connected(thing, self._synapses[name])
                    steps += [{"add": tables}] if tables else []
                    steps.append({"connect": {name: connect}})
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

    def note_changes(self) -> None:
        """Steps for what the script has changed, where objects and constants are those of before."""
        self.steps += self._changes(self.described, {})

    def is_restored(self) -> None:
        """As many synapses as there were when the state was stored."""
        for name, thing in self.things.items():
            if isinstance(thing, Synapses):
                self._synapses[name] = len(thing.variables["_synaptic_pre"].get_value())

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

    def write(self) -> None:
        """Writes the model file as far as the script has come."""
        self._name()
        self._text.write(self.document, self.model)

    def split_off(self) -> None:
        """Goes on in another process than it began in: all its steps are done again in a directory of its own."""
        self._is_named, self._is_of_pool = False, True
        self._behind = None
        self._done = self._begun = self._compared = 0

    def _name(self) -> None:
        if not self._is_named:
            self._is_named = True
            mark = content_hash(repr(self.document).encode()).hex()[:12]
            self.directory = self.directory.with_name(f"{self.options.directory.stem}-{mark}{self.directory.suffix}")
            self.model = self.directory.with_suffix(".yaml")

    def execute(self, progress: Report | None = None) -> None:
        """Has the program do the steps that the run directory does not have behind it yet."""
        self._name()
        if not self.fresh:
            try:
                if self._is_done():
                    return
            except AnotherScript:
                # Processes of a pool take up the work in any order.
                if not self._is_of_pool:
                    raise
                self.fresh = True
        if self.fresh:
            self._behind = []
        self._go(["--fresh"] if self.fresh else [], progress)
        self.fresh = False
        self._done = len(self.steps)

    def _is_done(self) -> bool:
        """Whether the run directory has all steps behind it. What this process has compared or executed is not compared again."""
        if self._behind is None:
            self._look()
        assert self._behind is not None
        if self._compared < self._begun:
            end = min(len(self.steps), self._begun)
            found = difference(self._behind[self._compared : end], as_read(self.steps[self._compared : end]), "steps")
            self._tell(found)
            self._compared = end
        return self._done >= len(self.steps)

    def _look(self) -> None:
        """Reads which steps the run directory has behind it, and compares the objects that it began with."""
        self._behind = []
        reader = self._reader()
        if reader is None:
            return
        table = reader.checkpoints
        if not len(table):
            return
        latest = reader.at(str(table["id"].iloc[-1]))
        experiment = latest.network.experiment
        text, path = experiment.get("text"), experiment.get("path")
        if not isinstance(text, str) or not isinstance(path, list):
            raise EngramError(
                f"'{self.directory}' was made by a program; choose another directory, or fresh=True to move it aside"
            )
        old, new = parse(text, str(self.directory)), as_read({**self.document, "run": []})
        self._behind = old.pop("run")
        del new["run"]
        self._done = int(path[0])
        self._begun = self._done + (1 if experiment.get("inside") else 0)
        self._tell(difference(old, new))

    def _tell(self, found: str | None) -> None:
        if found is not None:
            raise AnotherScript(
                f"'{self.directory}' holds a run of another script: {found}. Choose another directory, or say "
                f"set_device('engram', directory=…, fresh=True) to move the old run aside"
            )

    def _reader(self) -> Reader | None:
        return Reader(self.directory) if (self.directory / "FORMAT").exists() else None

    def _go(self, more: list[str], progress: Report | None) -> None:
        self.write()
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
                with following(progress, self.directory) as tick:
                    answer = call(arguments, accept=(0, STOPPED_EARLY), tick=tick)
                break
            except ProgramError as problem:
                # The program of a script that was killed may still be storing its last checkpoint.
                if "is being written by" not in problem.message or time.monotonic() - started > _PATIENCE:
                    raise self._with_line_of_script(problem) from None
                time.sleep(0.2)
        if answer["status"] == STOPPED_EARLY:
            raise Interrupted(
                f"'{self.directory}' stopped early at t = {answer.get('t')} s; the same script goes on from there"
            )

    def _with_line_of_script(self, problem: ProgramError) -> ProgramError:
        """An error that points at the model file, with the line of the script where that object was made."""
        if problem.file is None or problem.line is None or Path(problem.file).name != self.model.name:
            return problem
        name = object_at(self.model.read_text(encoding="utf-8").splitlines(), problem.line)
        place = place_of(self.things[name]) if name in self.things else ""
        if place:
            problem.message += f"\n'{name}' was made in {place}"
            problem.args = (problem.message,)
        return problem

    def places(self, things: Iterable[Any]) -> list[tuple[Any, tuple[str, str]]]:
        """All variables of objects, with the names under which the program holds them."""
        return [found for thing in things for found in variables_with_values(thing)]


def pack(directory: Path, name: str, file: Path) -> None:
    """Puts a checkpoint into a portable file, with those that the file has already under other names."""
    aside = file.with_name(f".{file.name}.{os.getpid()}.h5")
    aside.unlink(missing_ok=True)
    if file.exists():
        with contextlib.suppress(EngramError):
            if name not in Reader(file).names:
                shutil.copy(file, aside)
    call(["pack", f"{directory}@{name}", "--output", str(aside)])
    os.replace(aside, file)


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


def _switches(thing: Any) -> list[tuple[str, bool]]:
    """An object and its pathways, each with whether it is switched on."""
    parts = [(f"{thing.name}.{pathway.objname}", bool(pathway.active)) for pathway in getattr(thing, "_pathways", ())]
    return [(thing.name, bool(thing.active)), *parts]


def _agree(values: Iterable[Any]) -> bool:
    found = list(values)
    return all(_same(value, found[0]) for value in found)


def _rank(thing: Any) -> int:
    for rank, kinds in enumerate(_RANK):
        if isinstance(thing, kinds):
            return rank
    return len(_RANK)
