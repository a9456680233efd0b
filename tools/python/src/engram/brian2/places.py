"""Where the objects of a script were made, and what Brian 2 does not keep of how they were made."""

from __future__ import annotations

import functools
import inspect
import itertools
import re
import sys
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary, ref

import brian2
from brian2.core import magic
from brian2.core.base import BrianObject
from brian2.core.names import Nameable
from brian2.input.binomial import BinomialFunction
from brian2.spatialneuron.spatialneuron import SpatialNeuron
from brian2.synapses.synapses import Synapses

_OWN = (str(Path(brian2.__file__).parent), str(Path(__file__).parent))
_places: WeakKeyDictionary[Any, tuple[int, str]] = WeakKeyDictionary()
_count = itertools.count()
_arguments: WeakKeyDictionary[Any, dict[str, Any]] = WeakKeyDictionary()


def script_place() -> str:
    """The line of the script that is being executed: the innermost one that is neither Brian 2's nor ours."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_OWN):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"


def script_namespace() -> dict[str, Any]:
    """The names that the line of the script sees which is being executed."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_OWN):
        frame = frame.f_back
    return {**frame.f_globals, **frame.f_locals}


def place_of(thing: Any) -> str:
    """Where an object was made, as ``file:line``; empty where that is not known."""
    try:
        return _places[thing][1]
    except (KeyError, TypeError):
        return ""


def age_of(thing: Any) -> int:
    """A number that grows in the order in which objects were made."""
    return _places[thing][0] if thing in _places else -1


def arguments_of(thing: Any) -> dict[str, Any]:
    """What an object was made with, of those that do not keep it."""
    return _arguments.get(thing, {})


def _remember_places() -> None:
    original = Nameable.__init__

    @functools.wraps(original)
    def init(self: Any, *arguments: Any, **options: Any) -> None:
        if self not in _places:
            _places[self] = (next(_count), script_place())
        original(self, *arguments, **options)

    Nameable.__init__ = init


def _remember_arguments(kind: Any) -> None:
    original = kind.__init__
    signature = inspect.signature(getattr(original, "_orig_func", original))

    @functools.wraps(original)
    def init(self: Any, *arguments: Any, **options: Any) -> None:
        _arguments[self] = dict(signature.bind(self, *arguments, **options).arguments)
        _arguments[self].pop("self", None)
        original(self, *arguments, **options)
        if isinstance(self, BrianObject):
            _leave_out_this_file(self)

    kind.__init__ = init


def _leave_out_this_file(thing: Any) -> None:
    """Brian 2 says where an object was made: the last line that is not its own, which would be one of this file."""
    stack = re.split(r"\n(?=  File ')", thing._full_creation_stack)
    kept = [place for place in stack if not place.startswith(f"  File '{__file__}'")]
    thing._full_creation_stack = "\n".join(kept)
    thing._creation_stack = kept[-1]


def _objects_in_namespace(level: int) -> set[Any]:
    """Weak references to the objects that a line of the script has names for; ``level`` frames above the caller.

    As Brian 2 collects them, which reads the source text of every frame for it: a tenth of a second in front of the first run.
    """
    frame = sys._getframe(level + 1)
    named = itertools.chain(frame.f_globals.values(), frame.f_locals.values())
    return {ref(thing) for thing in named if isinstance(thing, BrianObject)}


_remember_places()
magic.get_objects_in_namespace = _objects_in_namespace
for _kind in (Synapses, BinomialFunction, SpatialNeuron):
    _remember_arguments(_kind)
