"""Where the objects of a script were made, and what Brian 2 does not keep of how they were made."""

from __future__ import annotations

import functools
import inspect
import itertools
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import brian2
import numpy as np
from brian2.core.functions import DEFAULT_FUNCTIONS
from brian2.core.names import Nameable
from brian2.core.variables import Constant
from brian2.input.binomial import BinomialFunction
from brian2.synapses.synapses import Synapses
from brian2.utils.stringtools import get_identifiers

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

    kind.__init__ = init


@dataclass(frozen=True)
class Connection:
    """One call of ``connect`` whose words decide by themselves which synapses there are."""

    words: dict[str, Any]
    namespace: dict[str, Any]


def connections_of(synapses: Any) -> list[Connection] | None:
    """The calls of ``connect`` in words; None where one of them had arrays or random numbers."""
    found = _connections.get(synapses, [])
    return [call for call in found if call is not None] if None not in found else None


_connections: WeakKeyDictionary[Any, list[Connection | None]] = WeakKeyDictionary()
_RANDOM = frozenset({"rand", "randn", "poisson", "sample"})
_GRAMMAR = frozenset({"for", "in", "if", "range"})


def _in_words(synapses: Any, given: dict[str, Any], namespace: Any) -> Connection | None:
    """A call of ``connect`` as a model file says it, if it can."""
    words: dict[str, Any] = {}
    condition, n = given["condition"], given["n"]
    if isinstance(condition, str) and " for " in f" {condition} ":
        return None
    for key in ("condition", "i", "j"):
        if isinstance(given[key], str):
            words[key] = given[key]
        elif given[key] is not None and not (key == "condition" and given[key] is True):
            return None
    if not words:
        words["condition"] = "True"
    if isinstance(given["p"], str) or given["p"] != 1 or not isinstance(n, (str, int, np.integer)):
        return None
    if isinstance(n, str) or n != 1:
        words["n"] = n if isinstance(n, str) else int(n)
    if given["skip_if_invalid"]:
        words["skip_if_invalid"] = True
    names: dict[str, Any] = {}
    for name in {name for word in words.values() if isinstance(word, str) for name in get_identifiers(word)}:
        if name in _RANDOM:
            return None
        if name in synapses.variables or name in _GRAMMAR or name in DEFAULT_FUNCTIONS:
            continue
        try:
            meaning = synapses._resolve_external(name, run_namespace=namespace, user_identifier=False)
        except KeyError:
            continue  # the variable of a generator
        if not isinstance(meaning, Constant):
            return None
        names[name] = meaning
    return Connection(words, names)


def _remember_connections() -> None:
    original = Synapses.connect
    signature = inspect.signature(getattr(original, "_orig_func", original))

    @functools.wraps(original)
    def connect(self: Any, *arguments: Any, **options: Any) -> Any:
        options["level"] = options.get("level", 0) + 1
        given = signature.bind(self, *arguments, **options)
        given.apply_defaults()
        namespace = given.arguments["namespace"]
        if namespace is None:
            namespace = script_namespace()
        before = len(self.variables["_synaptic_pre"].get_value())
        result = original(self, *arguments, **options)
        if len(self.variables["_synaptic_pre"].get_value()) > before:
            _connections.setdefault(self, []).append(_in_words(self, given.arguments, namespace))
        return result

    Synapses.connect = connect


_remember_places()
_remember_connections()
for _kind in (Synapses, BinomialFunction):
    _remember_arguments(_kind)
