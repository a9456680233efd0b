"""Times that people write: seconds, texts such as ``10 ms``, quantities of Brian 2."""

from __future__ import annotations

import re
from typing import Any

from .errors import EngramError
from .units import factor

_TIME = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*([A-Za-zµ]+)\s*")
_LONG = {"min": 60.0, "h": 3600.0, "d": 86400.0, "second": 1.0, "ms": 1e-3, "msecond": 1e-3}


def seconds(time: Any) -> float:
    """A time in seconds. Numbers are seconds; anything else must say its unit."""
    if isinstance(time, str):
        match = _TIME.fullmatch(time)
        if match is None:
            raise EngramError(f"{time!r} is not a time; write a number and its unit, as in '10 ms'")
        unit = match[2]
        return float(match[1]) * (_LONG[unit] if unit in _LONG else factor(unit, "s"))
    dimensions = getattr(getattr(time, "dim", None), "_dims", None)
    if dimensions is not None and tuple(float(exponent) for exponent in dimensions) != (0, 0, 1, 0, 0, 0, 0):
        raise EngramError(f"{time} is not a time")
    return float(time)


def is_time(text: str) -> bool:
    """Whether a text is a number with a unit of time."""
    try:
        seconds(text)
    except (EngramError, KeyError, ValueError):
        return False
    return True


def text(time: Any) -> str:
    """A time as the program reads it, exact to the last digit."""
    return time if isinstance(time, str) else f"{seconds(time)!r} s"
