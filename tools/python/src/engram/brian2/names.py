"""Names in model text that stand for values and functions of the script."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from brian2.core.functions import DEFAULT_CONSTANTS, DEFAULT_FUNCTIONS, Function
from brian2.core.namespace import DEFAULT_UNITS
from brian2.core.variables import Constant
from brian2.input.binomial import BinomialFunction
from brian2.input.timedarray import TimedArray
from brian2.utils.stringtools import get_identifiers

from .functions import Formula, NoFormula, formula
from .refusal import NotCarriedOver
from .text import dimension, scalar

_LANGUAGE = frozenset(DEFAULT_UNITS) | frozenset(DEFAULT_FUNCTIONS) | frozenset(DEFAULT_CONSTANTS)
_ASSIGNED = re.compile(r"^\s*([A-Za-z_]\w*)\s*=(?!=)", re.MULTILINE)
_NOISE = re.compile(r"xi(_\w+)?")


@dataclass
class Meanings:
    """What the names in the texts of one object mean in one run."""

    constants: dict[str, Any] = field(default_factory=dict)
    functions: dict[str, Any] = field(default_factory=dict)
    formulas: dict[str, Formula] = field(default_factory=dict)


def meanings(group: Any, texts: Iterable[str | None], namespace: Mapping[str, Any]) -> Meanings:
    """Looks names up as Brian 2 does. Raises :class:`NotCarriedOver` for functions written in the script."""
    found = Meanings()
    for text in texts:
        if not text:
            continue
        local = set(_ASSIGNED.findall(text))
        for name in sorted(get_identifiers(text)):
            if name in _LANGUAGE or name in group.variables or name in local or _NOISE.fullmatch(name):
                continue
            try:
                meaning = group._resolve_external(name, run_namespace=namespace, user_identifier=False)
            except KeyError:
                continue  # the program says so, with the place in the text
            if isinstance(meaning, (TimedArray, BinomialFunction)):
                found.functions[name] = meaning
            elif isinstance(meaning, Function):
                try:
                    found.formulas[name] = formula(name, meaning)
                except NoFormula as problem:
                    raise NotCarriedOver(
                        group,
                        f"it uses the function '{name}', which cannot be written as a formula: {problem}; write what it does into the "
                        f"equations",
                    ) from None
            elif isinstance(meaning, Constant):
                found.constants[name] = scalar(meaning.get_value(), dimension(meaning))
            else:
                raise NotCarriedOver(group, f"it uses '{name}', which is neither a number nor a function")
    return found
