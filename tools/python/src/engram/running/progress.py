"""A bar that follows a run, in terminals and notebooks."""

from __future__ import annotations

import warnings
from pathlib import Path
from types import TracebackType
from typing import Any

from tqdm import TqdmWarning

from ..errors import EngramError
from ..reading.status import read_status

# A notebook without the package ipywidgets shows bars as text, which is no reason to warn at every import.
with warnings.catch_warnings():
    warnings.simplefilter("ignore", TqdmWarning)
    from tqdm.auto import tqdm


class Progress:
    """Shows how far a run is, from what it says about itself; never waits for it and never fails because of it."""

    def __init__(self, directory: Path, shown: bool, title: str) -> None:
        self._directory = directory
        self._shown = shown
        self._title = title
        self._bar: Any = None
        self._before = self._updated()

    def _updated(self) -> float:
        try:
            return read_status(self._directory).updated
        except (EngramError, OSError):
            return float("nan")

    def tick(self) -> None:
        if not self._shown:
            return
        try:
            status = read_status(self._directory)
        except (EngramError, OSError):
            return
        if status.updated == self._before or not status.target > 0:
            return  # what an earlier run said
        if self._bar is None:
            self._bar = tqdm(
                total=status.target, initial=status.time, desc=self._title, unit="s",
                bar_format="{desc}: {percentage:3.0f}%|{bar}| {n:.4g}/{total:.4g} s [{elapsed}<{remaining}]",
            )  # fmt: skip
        if self._bar.total != status.target:
            self._bar.total = status.target
        self._bar.n = status.time
        self._bar.refresh()

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            if kind is None:
                self._bar.n = self._bar.total
                self._bar.refresh()
            self._bar.close()


__all__ = ["Progress", "tqdm"]
