"""Many conditions, run side by side, as one table of results."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import EngramError
from ..reading.run import Reader
from .progress import tqdm
from .run import Run, run
from .values import value_text

Measure = Callable[[Run], Mapping[str, Any]]


def product(**columns: Sequence[Any]) -> list[dict[str, Any]]:
    """Every combination of the values: ``product(w=["1 mV", "2 mV"], seed=range(5))`` has ten."""
    return [dict(zip(columns, values, strict=True)) for values in itertools.product(*columns.values())]


def sweep(
    base: str | Path | Reader,
    conditions: pd.DataFrame | Mapping[str, Sequence[Any]] | Sequence[Mapping[str, Any]],
    measure: Measure,
    *,
    directory: str | Path,
    at: str | None = None,
    until: Any = None,
    for_: Any = None,
    jobs: int = 1,
    executor: Executor | None = None,
    progress: bool = False,
    errors: str = "raise",
) -> pd.DataFrame:
    """Runs a model file, or a branch from a checkpoint of a run, once per condition; measures each; gives one table.

    A condition names constants (``"w"``), ``"seed"``, and in branches also ``"dt"`` and variables (``"S.w"``, ``"P.v[0:10]"``). Each has a
    run directory below ``directory`` that is named after it: the same call again goes on with what was stopped, and repeats
    only the measuring of what is finished. ``measure`` gets the run and gives a mapping; it is called in a thread of this
    process, or in what ``executor`` uses.

    The table has a row per condition: its columns, the results, and ``run``, the directory. With ``errors="keep"`` a
    condition that failed has its message in ``error`` instead of ending the sweep after all others are done.
    """
    rows = _rows(conditions)
    if errors not in ("raise", "keep"):
        raise EngramError(f"errors is 'raise' or 'keep', found {errors!r}")
    if isinstance(base, Reader) and at is None:
        raise EngramError("a sweep of branches begins at a checkpoint: say which with at='trained'")
    folder = Path(directory)
    folder.mkdir(parents=True, exist_ok=True)
    task = _Task(Path(base.path if isinstance(base, Reader) else base), at, folder, until, for_, measure)
    names = [task.name(row) for row in rows]
    if twice := {name for name in names if names.count(name) > 1}:
        raise EngramError(f"{len(twice)} conditions occur more than once; to repeat one, give it another seed")
    own = ThreadPoolExecutor(max_workers=jobs) if executor is None else nullcontext(executor)
    with own as pool:
        futures = [pool.submit(task, row) for row in rows]
        results: list[dict[str, Any]] = []
        failed: list[BaseException] = []
        for row, future in zip(rows, tqdm(futures, desc="sweep", disable=not progress), strict=True):
            try:
                results.append({**row, **future.result()})
            except EngramError as problem:
                failed.append(problem)
                results.append({**row, "error": str(problem)})
    if failed and errors == "raise":
        raise failed[0]
    return pd.DataFrame(results)


class _Task:
    """One condition at a time; without a reference to anything that another process could not have."""

    def __init__(self, base: Path, at: str | None, folder: Path, until: Any, for_: Any, measure: Measure) -> None:
        self.base = base.absolute()
        self.at = at
        self.folder = folder.absolute()
        self.until = until
        self.for_ = for_
        self.measure = measure

    def name(self, row: Mapping[str, Any]) -> str:
        """The same for the same condition, however the table is ordered."""
        words = [f"{key}={value_text(row[key])}" for key in sorted(row)]
        plain = "_".join(
            "".join(letter if letter.isalnum() or letter in "=.-" else "-" for letter in word) for word in words
        )
        return f"{plain[:80]}.{hashlib.sha256(repr(words).encode()).hexdigest()[:8]}"

    def __call__(self, row: Mapping[str, Any]) -> dict[str, Any]:
        values = dict(row)
        seed = values.pop("seed", None)
        dt = values.pop("dt", None) if self.at is not None else None
        targets = {name: value for name, value in values.items() if "." in name}
        constants = {name: value for name, value in values.items() if "." not in name}
        place = self.folder / f"{self.name(row)}.engram"
        if self.at is None:
            if targets:
                raise EngramError(
                    f"'{next(iter(targets))}' is a variable; a sweep of a model file varies constants and seeds. Begin at a "
                    f"checkpoint to set variables: sweep(run, …, at='trained')"
                )
            found = run(self.base, self.until, self.for_, directory=place, constants=constants, seed=_number(seed))
        else:
            if place.exists():
                found = Run(place)
            else:
                found = Run(self.base).branch(
                    self.at, "condition", place, set=targets, constants=constants, dt=dt,
                    seed=seed if isinstance(seed, str) else _number(seed),
                )  # fmt: skip
            found.resume(self.until, self.for_)
        return {**self.measure(found), "run": str(place)}


def _number(seed: Any) -> int | None:
    return int(seed) if seed is not None else None


def _rows(conditions: pd.DataFrame | Mapping[str, Sequence[Any]] | Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    if isinstance(conditions, pd.DataFrame):
        return [{str(key): value for key, value in row.items()} for row in conditions.to_dict("records")]
    if isinstance(conditions, Mapping):
        lengths = {len(values) for values in conditions.values()}
        if len(lengths) > 1:
            raise EngramError(
                "the columns of conditions have different lengths; for every combination: engram.product(…)"
            )
        return [dict(zip(conditions, values, strict=True)) for values in zip(*conditions.values(), strict=True)]
    return [dict(row) for row in conditions]
