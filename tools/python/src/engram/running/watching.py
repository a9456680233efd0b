"""What ends a run as soon as it happens, in the words of the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import EngramError, nearest
from .values import value_text

_PARTS = ("nan", "bounds", "rate", "disk")


def watch_options(watch: Mapping[str, Any] | bool | None) -> list[str]:
    """Options for ``{"nan": True, "bounds": {"G.v": ("-100 mV", "50 mV")}, "rate": {"G": "200 Hz"}, "disk": "5 GB"}``.

    Bounds may be None on one side. ``False`` passes over what the model file says, ``True`` is ``{"nan": True}``.
    """
    if watch is None:
        return []
    if isinstance(watch, bool):
        return ["--watch-nan"] if watch else ["--no-watch"]
    for part in watch:
        if part not in _PARTS:
            near = nearest(part, _PARTS)
            hint = f"; did you mean '{near}'?" if near else f"; there are: {', '.join(_PARTS)}"
            raise EngramError(f"nothing can be watched that is called {part!r}{hint}")
    options: list[str] = []
    nan = watch.get("nan", False)
    if not isinstance(nan, bool):
        raise EngramError("'nan' is True or False; single variables are named in the model file (watch: {nan: [G.v]})")
    options += ["--watch-nan"] if nan else []
    for name, bounds in _named(watch, "bounds").items():
        options += ["--watch-bounds", f"{name}={_bounds(name, bounds)}"]
    for name, rate in _named(watch, "rate").items():
        options += ["--watch-rate", f"{name}={value_text(rate)}"]
    if watch.get("disk") is not None:
        disk = watch["disk"]
        options += ["--watch-disk", disk if isinstance(disk, str) else f"{int(disk)} B"]
    return options


def _named(watch: Mapping[str, Any], part: str) -> Mapping[str, Any]:
    found = watch.get(part) or {}
    if not isinstance(found, Mapping):
        example = "{'G.v': ('-100 mV', '50 mV')}" if part == "bounds" else "{'G': '200 Hz'}"
        raise EngramError(f"{part!r} is a mapping such as {example}, found {found!r}")
    return found


def _bounds(name: str, bounds: Any) -> str:
    if isinstance(bounds, str):
        return bounds
    try:
        low, high = bounds
    except (TypeError, ValueError):
        raise EngramError(f"the bounds of '{name}' are a pair such as ('-100 mV', None), found {bounds!r}") from None
    if low is None and high is None:
        raise EngramError(f"of the bounds of '{name}' at least one is given")
    return ":".join("" if bound is None else value_text(bound) for bound in (low, high))
