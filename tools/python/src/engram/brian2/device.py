"""The device: Brian 2 in front, the program behind.

Everything a script says before and between runs (values, string expressions, connections) is done by Brian 2 itself, in
memory. At each run what has changed since is written as steps of a model file, and the program executes them. Afterwards
every variable is read from the checkpoint of that run when somebody looks at it.
"""

from __future__ import annotations

import gc
import json
import os
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

import numpy as np
from brian2.core.magic import MagicNetwork
from brian2.core.namespace import get_local_namespace
from brian2.core.network import Network
from brian2.core.variables import DynamicArrayVariable
from brian2.devices.device import RuntimeDevice, all_devices
from brian2.units.allunits import second
from brian2.units.fundamentalunits import Quantity

from ..errors import EngramError, NotPossible
from ..reading.checkpoint import Checkpoint
from .places import script_place
from .refusal import NotCarriedOver
from .simulation import Options, Simulation, stored_values
from .text import scalar


@dataclass
class Snapshot:
    """What a store keeps in memory: where unread values lie, and those that were read."""

    t: float
    checkpoint: Checkpoint | None
    stale: WeakSet[Any]
    values: dict[Any, np.ndarray[Any, Any]]
    steps_of_clocks: dict[Any, float]
    random: Any


@dataclass
class TimeLine:
    """A simulation with what the device knows of it."""

    simulation: Simulation | None
    """None once it is over: values that are looked at later are still read, and nothing else keeps its objects."""
    checkpoint: Checkpoint | None = None
    stale: WeakSet[Any] = field(default_factory=WeakSet)
    places: WeakKeyDictionary[Any, tuple[str, str]] = field(default_factory=WeakKeyDictionary)
    snapshots: dict[str, Snapshot] = field(default_factory=dict)


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

    def activate(
        self,
        build_on_run: bool = True,
        directory: str | Path = "output.engram",
        checkpoint_every: Any = None,
        threads: int | None = None,
        fresh: bool = False,
        **more: Any,
    ) -> None:
        if more:
            raise EngramError(
                f"set_device('engram', …) does not know {', '.join(repr(name) for name in sorted(more))}; it knows directory, "
                f"checkpoint_every, threads, fresh"
            )
        if not build_on_run:
            raise NotPossible(
                "build_on_run=False cannot be carried over yet: each run() is executed when the script reaches it"
            )
        path = Path(directory).absolute()
        if path.suffix != ".engram":
            path = path.with_name(path.name + ".engram")
        if isinstance(checkpoint_every, Quantity) and checkpoint_every.dim is not second.dim:
            raise EngramError(f"checkpoint_every is a time, found {checkpoint_every}")
        self.options = Options(path, checkpoint_every, threads, fresh)
        self._lines.clear()
        self._count, self._magic = 0, None
        # Names of objects that nobody has any more are free again: a script that is executed once more uses them again.
        gc.collect()
        self._begin_entropy()
        super().activate(build_on_run=build_on_run)
        RuntimeDevice.seed(self, self._draw() % (1 << 32))

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

    def _draw(self) -> int:
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
        line.stale.discard(variable)
        assert line.checkpoint is not None
        values = stored_values(line.checkpoint, line.places[variable])
        if values is None:
            return
        self._loading = True
        try:
            target = self.arrays[variable]
            if isinstance(variable, DynamicArrayVariable):
                # One row per event, or one column per element, as the variable has it.
                values = values.reshape(-1) if variable.ndim == 1 else values
                target.resize(values.shape if values.ndim > 1 else len(values))
                target.data[...] = values
            else:
                target[...] = values.reshape(target.shape)
            if line.simulation is not None:
                line.simulation.loaded(variable)
        finally:
            self._loading = False

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
            self._count += 1
            number = self._count
            path = self.options.directory
            directory = path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")
            seed = self._seed if self._seed is not None else self._draw()
            simulation = Simulation(directory, self.options, seed, scalar(self.defaultclock.dt))
            line = TimeLine(simulation)
            simulation.document["name"] = path.stem
            simulation.is_stale = line.stale.__contains__
            self._lines[network.id] = line
            self._keep_entropy()
        return line

    def _end(self, network: Any) -> None:
        """Lets go of the objects of a simulation that no run can belong to any more."""
        line = self._lines.pop(network, None)
        if line is not None:
            line.simulation = None
            line.snapshots.clear()

    def _describe(self, network: Any, namespace: Mapping[str, Any]) -> tuple[TimeLine, Simulation]:
        network.check_dependencies()
        things = network.sorted_objects
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
        if profile:
            raise NotPossible(
                f"{script_place()}: profile=True cannot be carried over; the program does not say how long each object takes"
            )
        if namespace is None:
            namespace = get_local_namespace(level=level + 2)
        line, simulation = self._describe(network, namespace)
        start, end = float(network.t_), float(network.t_) + float(duration)
        simulation.is_begun = True
        simulation.rounds += 1
        name = f"run-{simulation.rounds}"
        simulation.steps += [{"run": f"{float(duration)!r} second"}, {"store": name}]
        if callable(report):
            report(0 * second, 0.0, start * second, duration)
        simulation.execute(print if report is not None and not callable(report) else None)
        self._arrive(network, line, simulation, end)
        if callable(report):
            report(0 * second, 1.0, start * second, duration)
        if isinstance(network, MagicNetwork):
            network.objects.clear()

    def _arrive(self, network: Any, line: TimeLine, simulation: Simulation, t: float) -> None:
        """From here on values are those of the checkpoint behind the last run."""
        line.checkpoint = simulation.checkpoint(f"run-{simulation.rounds}")
        line.stale.clear()
        line.stale.update(variable for variable in line.places if not _is_connection(variable))
        network.t_ = t
        for clock in {thing.clock for thing in simulation.things.values()}:
            clock._old_dt = None
            clock._set_t_update_dt(target_t=t * second)

    def network_get_profiling_info(self, network: Any) -> Any:
        raise NotPossible("profiling cannot be carried over; the program does not say how long each object takes")

    # -------------------------------------------------------------------------------------------------- store, restore

    def network_store(self, network: Any, name: str = "default", filename: str | None = None) -> None:
        if filename is not None:
            raise NotPossible(
                f"{script_place()}: store() into a file cannot be carried over: the run directory keeps what is stored; leave out "
                f"filename"
            )
        line, simulation = self._describe(network, get_local_namespace(level=3))
        simulation.steps.append({"store": f"store-{name}"})
        simulation.is_begun = True
        kept = {variable: np.array(self.get_value(variable)) for variable in line.places if variable not in line.stale}
        clocks = {clock: float(clock.dt_) for clock in {thing.clock for thing in simulation.things.values()}}
        line.snapshots[name] = Snapshot(
            float(network.t_), line.checkpoint, WeakSet(line.stale), kept, clocks, self.get_random_state()
        )

    def network_restore(
        self, network: Any, name: str = "default", filename: str | None = None, restore_random_state: bool = False
    ) -> None:
        if filename is not None:
            raise NotPossible(f"{script_place()}: restore() from a file cannot be carried over; leave out filename")
        line = self._lines.get(network.id)
        if line is None or line.simulation is None or name not in line.snapshots:
            raise KeyError(f"no state was stored as '{name}' in this simulation")
        simulation = line.simulation
        snapshot = line.snapshots[name]
        random = "restore" if restore_random_state else "keep_current"
        simulation.steps.append({"restore": {"name": f"store-{name}", "random": random}})
        line.checkpoint = snapshot.checkpoint
        line.stale.clear()
        line.stale.update(snapshot.stale)
        for variable, values in snapshot.values.items():
            target = self.arrays[variable]
            if isinstance(variable, DynamicArrayVariable):
                target.resize(values.shape if values.ndim > 1 else len(values))
                target.data[...] = values
            else:
                target[...] = values
            simulation.loaded(variable)
        if restore_random_state:
            self.set_random_state(snapshot.random)
        network.t_ = snapshot.t
        for clock, step in snapshot.steps_of_clocks.items():
            clock.dt_ = step
            clock._old_dt = None
            clock._set_t_update_dt(target_t=snapshot.t * second)


def _shares_clock(thing: Any) -> bool:
    """Whether an object has the clock of what it records, and not one of its own."""
    source = getattr(thing, "source", None)
    return source is not None and getattr(source, "clock", None) is thing.clock


def _is_connection(variable: Any) -> bool:
    """Numbers of neurons at both ends, which only the script changes."""
    return variable.name in ("_synaptic_pre", "_synaptic_post") or variable.name.startswith("_")


all_devices["engram"] = EngramDevice()

__all__ = ["EngramDevice", "Network"]
