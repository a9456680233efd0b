"""The device: Brian 2 in front, the program behind.

Everything a script says before and between runs (values, string expressions, connections) is done by Brian 2 itself, in
memory. At each run what has changed since is written as steps of a model file, and the program executes them. Afterwards
every variable is read from the checkpoint of that run when somebody looks at it.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import time
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

import numpy as np
from brian2.codegen.runtime.numpy_rt import NumpyCodeObject
from brian2.core.base import BrianObject
from brian2.core.magic import MagicNetwork
from brian2.core.namespace import get_local_namespace
from brian2.core.network import Network
from brian2.core.preferences import prefs
from brian2.core.variables import DynamicArrayVariable
from brian2.devices.device import RuntimeDevice, all_devices
from brian2.synapses.synapses import Synapses
from brian2.units.allunits import second
from brian2.units.fundamentalunits import Quantity

from ..errors import EngramError, NotPossible
from ..reading.checkpoint import Checkpoint
from ..reading.run import Reader
from ..storage.reader import content_hash
from .operations import Moment, Operations, is_operation
from .pairs import connect_at_random
from .places import script_namespace, script_place
from .refusal import NotCarriedOver
from .reports import Report, around
from .simulation import Options, Simulation, pack, stored_values
from .text import network_name, scalar


class ConversionEnds(BaseException):
    """A script that is only converted looks at results: the line where."""


@dataclass
class Snapshot:
    """What a store keeps in memory: where unread values lie, and those that were read."""

    t: float
    checkpoint: str | None
    stale: WeakSet[Any]
    values: dict[Any, np.ndarray[Any, Any]]
    steps_of_clocks: dict[Any, float]
    random: Any


@dataclass
class TimeLine:
    """A simulation with what the device knows of it."""

    simulation: Simulation | None
    """None once it is over: values that are looked at later are still read, and nothing else keeps its objects."""
    directory: Path
    checkpoint: str | None = None
    """The name of the checkpoint behind the last run."""
    is_pending: bool = False
    """Whether there are steps that the program was not told to execute yet."""
    process: int = field(default_factory=os.getpid)
    """The process in which it goes on."""
    seconds: float = 0
    """How long the program has worked for the last run."""
    stale: WeakSet[Any] = field(default_factory=WeakSet)
    places: WeakKeyDictionary[Any, tuple[str, str]] = field(default_factory=WeakKeyDictionary)
    snapshots: dict[str, Snapshot] = field(default_factory=dict)
    files: dict[str, Checkpoint] = field(default_factory=dict)
    """States that came from files of the script."""
    _opened: dict[str, Checkpoint] = field(default_factory=dict)

    def stored(self) -> Checkpoint:
        """The checkpoint behind the last run."""
        assert self.checkpoint is not None
        if self.checkpoint in self.files:
            return self.files[self.checkpoint]
        if self.checkpoint not in self._opened:
            self._opened.clear()
            self._opened[self.checkpoint] = Reader(self.directory, verify=True).at(self.checkpoint)
        return self._opened[self.checkpoint]

    def execute(self, progress: Any = None) -> None:
        """Has the program do what it was not told yet."""
        assert self.simulation is not None
        began = time.monotonic()
        self.simulation.execute(progress)
        self.directory = self.simulation.directory
        self.seconds = time.monotonic() - began
        self.is_pending = False


class EngramDevice(RuntimeDevice):
    """``set_device('engram', directory='week1.engram', checkpoint_every=30*second)``."""

    def __init__(self) -> None:
        super().__init__()
        self.options: Options | None = None
        self._lines: dict[Any, TimeLine] = {}
        self._made: WeakSet[Any] = WeakSet()
        self._where: WeakKeyDictionary[Any, TimeLine] = WeakKeyDictionary()
        self._seed: int | None = None
        self._seed_calls = 0
        self._entropy: list[int] = []
        self._drawn = 0
        self._loading = False
        self._count = 0
        self._magic: Any = None
        self._is_deferred = self._converts = False
        self._process = os.getpid()
        self.models: list[Path] = []
        """The model files that were written, in the order in which simulations began."""

    def activate(
        self,
        build_on_run: bool = True,
        directory: str | Path | None = None,
        checkpoint_every: Any = None,
        threads: int | None = None,
        fresh: bool = False,
        convert: bool = False,
        **more: Any,
    ) -> None:
        if more:
            raise EngramError(
                f"set_device('engram', …) does not know {', '.join(repr(name) for name in sorted(more))}; it knows directory, "
                f"checkpoint_every, threads, fresh, convert"
            )
        if directory is None and self.options is not None:
            # `device.reinit(); device.activate()`: what comes now is one more simulation of the same script.
            self.chosen_again(build_on_run)
            super().activate(build_on_run=build_on_run)
            return
        path = _run_directory(directory if directory is not None else "output.engram")
        if isinstance(checkpoint_every, Quantity) and checkpoint_every.dim is not second.dim:
            raise EngramError(f"checkpoint_every is a time, found {checkpoint_every}")
        self.options = Options(path, checkpoint_every, threads, fresh)
        self._converts = convert
        self._is_deferred = convert or not build_on_run
        self.models.clear()
        self._lines.clear()
        self._count, self._magic = 0, None
        if BrianObject.__instances__():
            # Names of objects that nobody has any more are free again: a script that is executed once more uses them again.
            gc.collect()
        self._process = os.getpid()
        self._begin_entropy()
        super().activate(
            build_on_run=build_on_run,
            directory=directory,
            checkpoint_every=checkpoint_every,
            threads=threads,
            convert=convert,
        )
        RuntimeDevice.seed(self, self._draw() % (1 << 32))

    def chosen_again(self, build_on_run: bool) -> None:
        """A script that is executed with this device chooses a device once more."""
        self._is_deferred = self._converts or not build_on_run

    # ------------------------------------------------------------------------------------------------------ randomness

    def _begin_entropy(self) -> None:
        """Seeds of a script that sets none: drawn once, kept beside the run, so that the script can be started again."""
        assert self.options is not None
        self._drawn, self._seed, self._seed_calls = 0, None, 0
        try:
            found = json.loads(self._entropy_file.read_text()) if not self.options.fresh else []
        except FileNotFoundError:
            found = []
        except ValueError:
            raise EngramError(f"'{self._entropy_file}' is damaged: it is a list of the seeds of this script") from None
        self._entropy = [int(number) for number in found]

    @property
    def _entropy_file(self) -> Path:
        assert self.options is not None
        return self.options.directory.with_suffix(".seeds.json")

    @property
    def _is_elsewhere(self) -> bool:
        """Whether this is a process that the script has forked, of a pool say."""
        return os.getpid() != self._process

    def _draw(self) -> int:
        if self._is_elsewhere:
            self._drawn += 1
            text = f"{self._entropy}{multiprocessing.current_process().name}{self._drawn}"
            return int.from_bytes(content_hash(text.encode())[:7], "little")
        if self._drawn == len(self._entropy):
            self._entropy.append(int.from_bytes(os.urandom(7), "little"))
        self._drawn += 1
        return self._entropy[self._drawn - 1]

    def _keep_entropy(self) -> None:
        aside = self._entropy_file.with_suffix(f".{os.getpid()}.tmp")
        aside.write_text(json.dumps(self._entropy))
        os.replace(aside, self._entropy_file)

    def seed(self, seed: int | None = None) -> None:
        number = int(seed) if seed is not None else self._draw()
        super().seed(number % (1 << 32))
        self._seed = number % (1 << 63)
        self._seed_calls += 1

    # ---------------------------------------------------------------------------------------------------------- values

    def _fresh(self, variable: Any) -> None:
        """Reads a variable's values where the last run has left others than are in memory."""
        line = self._where.get(variable)
        if line is None or variable not in line.stale or self._loading:
            return
        if line.is_pending:
            self._catch_up(line)
        line.stale.discard(variable)
        values = stored_values(line.stored(), line.places[variable])
        if values is None:
            return
        self._loading = True
        try:
            # One row per event, or one column per element, as the variable has it.
            is_flat = isinstance(variable, DynamicArrayVariable) and variable.ndim == 1
            self._put(variable, values.reshape(-1) if is_flat else values)
            if line.simulation is not None:
                line.simulation.loaded(variable)
        finally:
            self._loading = False

    def _catch_up(self, line: TimeLine) -> None:
        """Executes what was put off, because somebody looks at a value now."""
        if self._converts:
            raise ConversionEnds(script_place())
        line.execute()

    def build(self, **options: Any) -> None:
        """With ``build_on_run=False``: executes the runs up to here. What nobody has looked at is executed here at the latest."""
        for line in self._lines.values():
            if line.is_pending:
                line.execute()

    def add_array(self, var: Any) -> None:
        super().add_array(var)
        self._made.add(var)

    def get_value(self, var: Any, access_data: bool = True) -> Any:
        self._fresh(var)
        return super().get_value(var, access_data)

    def set_value(self, var: Any, value: Any) -> None:
        self._fresh(var)
        super().set_value(var, value)

    def resize(self, var: Any, new_size: Any) -> None:
        self._fresh(var)
        super().resize(var, new_size)

    def resize_along_first(self, var: Any, new_size: Any) -> None:
        self._fresh(var)
        super().resize_along_first(var, new_size)

    def fill_with_array(self, var: Any, arr: Any) -> None:
        self._fresh(var)
        super().fill_with_array(var, arr)

    # -------------------------------------------------------------------------------------------- what Brian 2 does itself

    def code_object_class(self, codeobj_class: Any = None, fallback_pref: str = "codegen.target") -> Any:
        """Code that is executed once, for a value or a connection, is not compiled unless the script says so: that takes seconds."""
        if codeobj_class is None and prefs[fallback_pref] == "auto":
            codeobj_class = NumpyCodeObject
        return super().code_object_class(codeobj_class, fallback_pref)

    def synapses_connect(self, synapses: Any, *words: Any, level: int = 0, **options: Any) -> None:
        is_numpy = self.code_object_class() is NumpyCodeObject
        if not (is_numpy and connect_at_random(synapses, *words, **options)):
            Synapses.connect.original_function(synapses, *words, level=level + 1, **options)

    # ------------------------------------------------------------------------------------------------------------ runs

    def _line(self, network: Any) -> TimeLine:
        assert self.options is not None
        line = self._lines.get(network.id)
        if line is None:
            if isinstance(network, MagicNetwork):
                self._end(self._magic)
                self._magic = network.id
            else:
                weakref.finalize(network, self._end, network.id)
            self._count += not self._is_elsewhere
            number = self._count
            path = self.options.directory
            directory = path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")
            seed = self._seed if self._seed is not None else self._draw()
            simulation = Simulation(directory, self.options, seed, scalar(self.defaultclock.dt), not self._is_elsewhere)
            line = TimeLine(simulation, directory)
            self.models.append(simulation.model)
            simulation.document["name"] = network_name(path.stem)
            simulation.is_stale = line.stale.__contains__
            self._lines[network.id] = line
            if not self._is_elsewhere:
                self._keep_entropy()
        elif line.process != os.getpid() and line.simulation is not None:
            # A process that the script has forked goes on by itself, in a directory of its own.
            line.process = os.getpid()
            line.simulation.split_off()
        return line

    def _end(self, network: Any) -> None:
        """Lets go of the objects of a simulation that no run can belong to any more."""
        line = self._lines.get(network)
        if line is not None and not line.is_pending:
            del self._lines[network]
            line.simulation = None
            line.snapshots.clear()

    def _describe(self, network: Any, namespace: Mapping[str, Any]) -> tuple[TimeLine, Simulation]:
        network.check_dependencies()
        things = [thing for thing in network.sorted_objects if not is_operation(thing)]
        for thing in things:
            if getattr(thing, "_network", None) not in (None, network.id):
                raise RuntimeError(f"'{thing.name}' has already been run in the context of another network")
            for variable in getattr(thing, "variables", {}).values():
                owner = getattr(variable, "owner", None)
                if (
                    owner is not None
                    and owner.name == thing.name
                    and hasattr(variable, "device")
                    and variable.device is not self
                ):
                    raise NotCarriedOver(
                        thing, "it was made before set_device('engram', …); set the device before making objects"
                    )
        line = self._line(network)
        simulation = line.simulation
        assert simulation is not None
        # What leaves the network keeps its last values: later checkpoints do not have them.
        present = {thing.name for thing in things}
        for variable, _ in simulation.places(
            [thing for name, thing in simulation.things.items() if name not in present]
        ):
            self._fresh(variable)
            line.places.pop(variable, None)
        schedule = list(network.schedule) if network._schedule is not None else None
        calls, self._seed_calls = self._seed_calls, 0
        if simulation.is_begun and calls:
            simulation.steps.append({"seed": self._seed})
        clocks = {
            thing.name: (thing.clock, scalar(thing.clock.dt))
            for thing in things
            if thing.clock.name != "defaultclock" and not _shares_clock(thing)
        }
        simulation.describe(things, namespace, schedule)
        simulation.note_steps_of_clocks(
            scalar(self.defaultclock.dt), {name: found for name, found in clocks.items() if name in simulation.things}
        )
        for thing in things:
            thing._network = network.id
        for variable, key in simulation.places(simulation.things.values()):
            line.places[variable] = key
            self._where[variable] = line
        return line, simulation

    def network_run(
        self,
        network: Any,
        duration: Any,
        report: Any = None,
        report_period: Any = 10 * second,
        namespace: Mapping[str, Any] | None = None,
        profile: bool | None = None,
        level: int = 0,
    ) -> None:
        if not isinstance(duration, Quantity) or duration.dim is not second.dim:
            raise EngramError(f"run() takes a time, found {duration!r}")
        if duration < 0 * second:
            raise ValueError(f"Function 'run' expected a non-negative duration but got '{duration}'")
        if namespace is None:
            namespace = get_local_namespace(level=level + 2)
        moments = Operations(network.sorted_objects).moments(float(network.t_), float(network.t_) + float(duration))
        line, simulation = self._describe(network, namespace)
        wanted = Report(report, report_period, float(network.t_), duration) if report is not None else None
        network._stopped = Network._globally_stopped = False
        if moments:
            with around(wanted) as inner:
                self._run_with(moments, network, line, simulation, float(duration), inner)
        else:
            self._go_on(network, line, simulation, float(duration), float(network.t_) + float(duration), wanted)
        self._last_run_time = line.seconds
        self._last_run_completed_fraction = 1.0
        if isinstance(network, MagicNetwork):
            network.objects.clear()

    def _go_on(
        self,
        network: Any,
        line: TimeLine,
        simulation: Simulation,
        duration: float,
        end: float,
        wanted: Report | None = None,
    ) -> None:
        """Runs for a time, or notes that this is to be done."""
        simulation.is_begun = True
        simulation.rounds += 1
        simulation.steps += [{"run": f"{duration!r} second"}, {"store": f"run-{simulation.rounds}"}]
        line.is_pending = True
        if self._is_deferred:
            simulation.write()
        else:
            line.execute(wanted)
        self._arrive(network, line, simulation, end)

    def _run_with(
        self,
        moments: list[Moment],
        network: Any,
        line: TimeLine,
        simulation: Simulation,
        duration: float,
        wanted: Report | None,
    ) -> None:
        """A run that stops wherever a function of the script is to be called."""
        begin = now = float(network.t_)
        step = (
            min(float(thing.clock.dt) for thing in simulation.things.values())
            if simulation.things
            else float(self.defaultclock.dt)
        )
        for moment, functions, is_behind in moments:
            place = moment + step if is_behind else moment
            if place > now + 1e-4 * step:
                self._go_on(network, line, simulation, place - now, place, wanted)
                now = place
            for function in functions:
                network.t_ = moment
                for clock in {function.clock, *(thing.clock for thing in simulation.things.values())}:
                    clock._set_t_update_dt(target_t=moment * second)
                function.run()
            simulation.note_changes()
            if network._stopped or Network._globally_stopped:
                # The step in which this was said is still done.
                end = now if is_behind else moment + step
                if end > now:
                    self._go_on(network, line, simulation, end - now, end, wanted)
                else:
                    network.t_ = end
                return
        if begin + duration > now + 1e-4 * step:
            self._go_on(network, line, simulation, begin + duration - now, begin + duration, wanted)

    def _arrive(self, network: Any, line: TimeLine, simulation: Simulation, t: float) -> None:
        """From here on values are those of the checkpoint behind the last run."""
        line.checkpoint = f"run-{simulation.rounds}"
        line.stale.clear()
        line.stale.update(variable for variable in line.places if not _is_connection(variable))
        network.t_ = t
        for clock in {thing.clock for thing in simulation.things.values()}:
            clock._old_dt = None
            clock._set_t_update_dt(target_t=t * second)

    def network_get_profiling_info(self, network: Any) -> Any:
        """The time of the program in the last run, as one entry: it does not say how long each object takes."""
        line = self._lines.get(network.id)
        if line is None:
            raise ValueError("(No profiling info collected (did you run with 'profile=True'?)")
        return [("engram", line.seconds * second)]

    # -------------------------------------------------------------------------------------------------- store, restore

    def network_store(self, network: Any, name: str = "default", filename: str | None = None) -> None:
        line, simulation = self._describe(network, script_namespace())
        word = f"store-{name}"
        simulation.steps.append({"store": word})
        simulation.is_begun = True
        line.is_pending |= self._is_deferred
        line.snapshots[name] = self._snapshot(network, line, simulation)
        if filename is not None:
            if self._converts:
                raise ConversionEnds(script_place())
            if simulation.rounds == 0:
                # The program stores what a run has begun.
                simulation.steps.insert(-1, {"run": "0 second"})
            line.execute()
            pack(line.directory, word, Path(filename))

    def _snapshot(self, network: Any, line: TimeLine, simulation: Simulation) -> Snapshot:
        kept = {
            variable: np.array(self.get_value(variable))
            for variable in [*line.places, *_ends_of_synapses(simulation)]
            if variable not in line.stale
        }
        clocks = {clock: float(clock.dt_) for clock in {thing.clock for thing in simulation.things.values()}}
        return Snapshot(float(network.t_), line.checkpoint, WeakSet(line.stale), kept, clocks, self.get_random_state())

    def network_restore(
        self, network: Any, name: str = "default", filename: str | None = None, restore_random_state: bool = False
    ) -> None:
        random = "restore" if restore_random_state else "keep_current"
        if filename is not None:
            self._restore_file(network, name, Path(filename), random)
            return
        line = self._lines.get(network.id)
        if line is None or line.simulation is None or name not in line.snapshots:
            raise KeyError(f"no state was stored as '{name}' in this simulation")
        simulation = line.simulation
        snapshot = line.snapshots[name]
        simulation.steps.append({"restore": {"name": f"store-{name}", "random": random}})
        line.checkpoint = snapshot.checkpoint
        line.stale.clear()
        line.stale.update(snapshot.stale)
        for variable, values in snapshot.values.items():
            self._put(variable, values)
            simulation.loaded(variable)
        simulation.is_restored()
        if restore_random_state:
            self.set_random_state(snapshot.random)
        network.t_ = snapshot.t
        for clock, step in snapshot.steps_of_clocks.items():
            clock.dt_ = step
            clock._old_dt = None
            clock._set_t_update_dt(target_t=snapshot.t * second)

    def _restore_file(self, network: Any, name: str, path: Path, random: str) -> None:
        """A state from a file that this script or another one has stored."""
        word = f"store-{name}"
        if not path.exists():
            raise FileNotFoundError(f"there is no file '{path}'")
        line, simulation = self._describe(network, script_namespace())
        reader = Reader(path, verify=True)
        if word not in reader.names:
            raise KeyError(
                f"'{path}' has no state that was stored as '{name}'; it has {', '.join(sorted(reader.names))}"
            )
        kept = simulation.files.copy(path)
        simulation.steps.append({"restore": {"name": word, "file": kept, "random": random}})
        simulation.is_begun = True
        line.is_pending |= self._is_deferred
        line.files[kept] = reader.at(word)
        line.checkpoint = kept
        line.stale.clear()
        line.stale.update(variable for variable in line.places if not _is_connection(variable))
        found = line.stored()
        for variable, owner, end in _named_ends(simulation):
            values = stored_values(found, (owner, end))
            if values is not None and len(values) != len(variable.get_value()):
                raise NotPossible(
                    f"{script_place()}: '{owner}' has {len(variable.get_value())} synapses and had {len(values)} when '{path}' was stored"
                )
        network.t_ = found.t
        for clock in {thing.clock for thing in simulation.things.values()}:
            clock._old_dt = None
            clock._set_t_update_dt(target_t=found.t * second)

    def _put(self, variable: Any, values: np.ndarray[Any, Any]) -> None:
        """Values into the memory of a variable, which becomes as long as they are."""
        target = self.arrays[variable]
        if isinstance(variable, DynamicArrayVariable):
            target.resize(values.shape if values.ndim > 1 else len(values))
            target.data[...] = values
        else:
            target[...] = values.reshape(target.shape)


def _run_directory(given: Any) -> Path:
    """Where a script wants its run; the folders above it are made, as the devices of Brian 2 make theirs."""
    if not isinstance(given, (str, os.PathLike)) or not os.fspath(given):
        raise EngramError(f"directory is the name of a run directory, such as 'week1.engram'; found {given!r}")
    path = Path(given).absolute()
    if path.suffix != ".engram":
        path = path.with_name(path.name + ".engram")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise EngramError(f"'{path.parent}', where '{path.name}' was to lie, cannot be made: {problem.strerror}") from None
    return path


def _named_ends(simulation: Simulation) -> list[tuple[Any, str, str]]:
    return [
        (thing.variables[word], thing.name, word)
        for thing in simulation.things.values()
        if isinstance(thing, Synapses)
        for word in ("_synaptic_pre", "_synaptic_post")
    ]


def _ends_of_synapses(simulation: Simulation) -> list[Any]:
    return [variable for variable, _, _ in _named_ends(simulation)]


def _shares_clock(thing: Any) -> bool:
    """Whether an object has the clock of what it records, and not one of its own."""
    source = getattr(thing, "source", None)
    return source is not None and getattr(source, "clock", None) is thing.clock


def _is_connection(variable: Any) -> bool:
    """Numbers of neurons at both ends, which only the script changes."""
    return variable.name in ("_synaptic_pre", "_synaptic_post") or variable.name.startswith("_")


all_devices["engram"] = EngramDevice()

__all__ = ["EngramDevice", "Network"]
