"""``@network_operation``: Python of the script between the steps of the program."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import Any

from brian2.core.operations import NetworkOperation
from brian2.monitors.ratemonitor import PopulationRateMonitor
from brian2.monitors.spikemonitor import EventMonitor

from ..program import EngramWarning
from .places import place_of
from .refusal import NotCarriedOver

_MANY = 200
_MOST = 20_000
"""Calls in one run; the program stores a checkpoint at each, and starts again behind it."""
_SECONDS = 0.06
_BEFORE, _AFTER = ("before_start", "start"), ("end", "after_end")


Moment = tuple[float, list[Any], bool]
"""A time, the functions that are called, and whether they come behind the step at that time."""


class Operations:
    """The functions of a script that are called between steps, and when.

    The program stops at each of these moments and is started again behind it. So a function sees and changes what it would in
    Brian 2, if it is called at the beginning or at the end of a step; within a step it cannot be called.
    """

    def __init__(self, things: Iterable[Any]) -> None:
        ordered = list(things)
        self.first = [thing for thing in ordered if isinstance(thing, NetworkOperation) and thing.when in _BEFORE]
        self.last = [thing for thing in ordered if isinstance(thing, NetworkOperation) and thing.when in _AFTER]
        self._check(ordered)

    def _check(self, ordered: list[Any]) -> None:
        others = [number for number, thing in enumerate(ordered) if not isinstance(thing, NetworkOperation)]
        for number, thing in enumerate(ordered):
            if not isinstance(thing, NetworkOperation):
                continue
            if thing not in self.first and thing not in self.last:
                raise NotCarriedOver(
                    thing,
                    f"it is called in the slot '{thing.when}', in the middle of a step, where the program cannot stop; possible are "
                    f"before_start, start, end, after_end",
                )
            if thing in self.first:
                between = [ordered[other] for other in others if other < number]
            else:
                # Events of a step that is over stay as they are, whatever the function does.
                between = [
                    ordered[other]
                    for other in others
                    if other > number and not isinstance(ordered[other], (EventMonitor, PopulationRateMonitor))
                ]
            if between:
                names = ", ".join(f"'{other.name}'" for other in between[:3])
                raise NotCarriedOver(
                    thing,
                    f"{names} {'would come before' if thing in self.first else 'would come after'} it within the step; give it another "
                    f"order, or another slot",
                )

    def moments(self, start: float, end: float) -> list[Moment]:
        """When functions are called in a run from ``start`` to ``end``, in order. Says how slow this is."""
        found: dict[tuple[float, bool], list[Any]] = {}
        for things, is_behind in ((self.first, False), (self.last, True)):
            for thing in things:
                if not thing.active:
                    continue
                step = float(thing.clock.dt)
                number = (
                    int(thing.clock.calc_timestep(start, step))
                    if hasattr(thing.clock, "calc_timestep")
                    else round(start / step)
                )
                number += number * step < start - 1e-4 * step
                while number * step < end - 1e-4 * step:
                    found.setdefault((number * step, is_behind), []).append(thing)
                    number += 1
        self._warn(len(found))
        return [(time, found[time, is_behind], is_behind) for time, is_behind in sorted(found)]

    def _warn(self, count: int) -> None:
        """Raises :class:`NotCarriedOver` where nobody would wait for so many calls."""
        if count <= _MANY:
            return
        thing = min((*self.first, *self.last), key=lambda found: float(found.clock.dt))
        if count > _MOST:
            raise NotCarriedOver(
                thing,
                f"it is Python and would be called {count} times between steps of the program, which would take about "
                f"{count * _SECONDS / 3600:.1g} hours; give it a larger dt, or write what it does as equations or run_regularly",
            )
        warnings.warn(
            f"{place_of(thing)}: '{thing.name}' is Python and is called {count} times, between steps of the program, which stores a "
            f"checkpoint each time: about {count * _SECONDS:.0f} s of this run are spent on that alone; a larger dt makes it faster",
            EngramWarning,
            stacklevel=2,
        )


def is_operation(thing: Any) -> bool:
    return isinstance(thing, NetworkOperation)
