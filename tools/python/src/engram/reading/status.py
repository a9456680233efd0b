"""How a run is going, as it says itself in ``status.json``."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import DamagedFile
from ..storage.files import read_whole


@dataclass(frozen=True)
class Status:
    """``state`` is ``settingUp``, ``running``, ``stopped``, ``complete``, ``failed``, ``abandoned`` (its process ended without a word)
    or ``unknown`` (no run has said anything). Times are network time [s]; ``rate`` is simulated seconds per real one, ``rates`` are
    spikes per second and element of late, of groups whose spikes a monitor counts. ``place`` is where in its steps a run is, as
    ``round 7 of 20``, or what its set-up is doing; ``checkpoint_seconds`` is the longest that a checkpoint has taken."""

    state: str
    time: float = float("nan")
    target: float = float("nan")
    start: float = float("nan")
    rate: float | None = None
    remaining: float | None = None
    process: int | None = None
    host: str = ""
    checkpoint: str | None = None
    line: str = ""
    problem: str | None = None
    updated: float = float("nan")
    rates: Mapping[str, float] = field(default_factory=dict)
    place: str | None = None
    checkpoint_seconds: float | None = None

    @property
    def share(self) -> float:
        """The part of the way from the start of the run to its target that is done."""
        way = self.target - self.start
        return min(1.0, max(0.0, (self.time - self.start) / way)) if way > 0 else float("nan")

    def __str__(self) -> str:
        place = f"t = {self.time:g} s of {self.target:g} s"
        if self.state == "running":
            return f"running: process {self.process} on {self.host}, {place}"
        if self.state == "settingUp":
            return f"setting up: process {self.process} on {self.host}"
        if self.state == "abandoned":
            return f"process {self.process} on {self.host} ended without a word at {place}; resume() goes on from the newest checkpoint"
        if self.state == "failed":
            return f"failed at {place}: {self.problem}"
        return "no run has said anything" if self.state == "unknown" else f"{self.state} at {place}"


def read_status(directory: Path) -> Status:
    """Raises :class:`DamagedFile` where the file is no status."""
    path = directory / "status.json"
    try:
        text = read_whole(path, at_most=1 << 20)
    except FileNotFoundError:
        return Status("unknown")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise DamagedFile(path, f"it is not JSON: {problem}") from None
    if not isinstance(found, dict) or not str(found.get("format", "")).startswith("engram status "):
        raise DamagedFile(path, "it is not a status of Engram")

    def number(key: str) -> float | None:
        value = found.get(key)
        return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None

    def or_nan(key: str) -> float:
        value = number(key)
        return float("nan") if value is None else value

    def word(key: str) -> str | None:
        value = found.get(key)
        return value if isinstance(value, str) else None

    state = word("state") or "unknown"
    process = found.get("process")
    if state in ("running", "settingUp") and _is_gone(found):
        state = "abandoned"
    return Status(
        state=state,
        time=or_nan("time"),
        target=or_nan("target"),
        start=or_nan("start"),
        rate=number("rate"),
        remaining=number("remaining"),
        process=process if isinstance(process, int) else None,
        host=word("host") or "",
        checkpoint=word("checkpoint"),
        line=word("line") or "",
        problem=word("problem"),
        updated=or_nan("updated"),
        rates=_rates(found.get("rates")),
        place=word("place"),
        checkpoint_seconds=number("checkpointSeconds"),
    )


def _rates(found: Any) -> dict[str, float]:
    if not isinstance(found, dict):
        return {}
    return {
        str(name): float(rate)
        for name, rate in found.items()
        if isinstance(rate, (int, float)) and not isinstance(rate, bool)
    }


def _is_gone(found: dict[str, Any]) -> bool:
    """Whether the process that says it is running cannot be: only its own host, since its last start, can tell."""
    if found.get("host") != socket.gethostname():
        return False
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        boot = ""
    if boot and found.get("boot") not in (boot, None):
        return True
    process = found.get("process")
    if not isinstance(process, int) or process <= 0:
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False
