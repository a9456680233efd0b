"""What ``run(…, report=…)`` asks for: a bar in the terminal, or calls of a function of the script."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brian2.units.allunits import second

from ..errors import EngramError
from ..reading.status import read_status
from ..running.progress import Progress


@dataclass
class Report:
    """How a script wants to hear of a run: ``report`` is a word such as ``text``, or a function."""

    report: Any
    period: Any
    start: float
    duration: Any


@contextmanager
def following(wanted: Report | None, directory: Path) -> Iterator[Callable[[], None]]:
    """Gives what is called again and again while the program works."""
    if wanted is None or not callable(wanted.report):
        with Progress(directory, wanted is not None, directory.stem) as bar:
            yield bar.tick
        return
    began = time.monotonic()
    said = began

    def tell(completed: float) -> None:
        wanted.report((time.monotonic() - began) * second, completed, wanted.start * second, wanted.duration)

    def tick() -> None:
        nonlocal said
        if time.monotonic() - said < float(wanted.period):
            return
        said = time.monotonic()
        try:
            now = read_status(directory).time
        except (EngramError, OSError):
            return
        tell(min(1.0, max(0.0, (now - wanted.start) / max(float(wanted.duration), 1e-300))))

    tell(0.0)
    yield tick
    tell(1.0)


@contextmanager
def around(wanted: Report | None) -> Iterator[Report | None]:
    """A run in many parts: a function hears of its begin and end, a bar of each part. Gives what the parts report to."""
    if wanted is None or not callable(wanted.report):
        yield wanted
        return
    began = time.monotonic()
    wanted.report(0 * second, 0.0, wanted.start * second, wanted.duration)
    yield None
    wanted.report((time.monotonic() - began) * second, 1.0, wanted.start * second, wanted.duration)
