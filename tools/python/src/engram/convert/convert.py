"""Which formats there are, and how a file comes to be: whole, or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from ..errors import EngramError, UnknownName
from ..reading.checkpoint import Checkpoint
from ..reading.run import Reader


@dataclass(frozen=True)
class Format:
    """A format: its module here, the packages that it needs, how its files end (empty: a folder), and what it holds."""

    module: str
    needs: tuple[str, ...]
    suffix: str
    meaning: str


FORMATS = {
    "nwb": Format("nwb", ("pynwb",), ".nwb", "Neurodata Without Borders: spikes, recordings, rates, synapses"),
    "sonata": Format("sonata", (), "-sonata", "SONATA: a folder with spikes.h5 and a report per recorded variable"),
    "neo": Format("neo", ("neo", "scipy"), ".mat", "a Block of Neo, in the MATLAB file that Neo reads back"),
    "csv": Format("tables", (), "-csv", "a folder of tables as text, with their units in columns.json"),
    "parquet": Format(
        "tables", ("pyarrow",), "-parquet", "a folder of tables, with their units inside and in columns.json"
    ),
    "zarr": Format("arrays", ("zarr",), ".zarr", "a Zarr store with a group per object, as xarray opens it"),
}
"""By name: what `convert` can write."""


def convert(source: Reader | str | Path, to: str, output: str | Path | None = None, at: str = "latest") -> Path:
    """Writes what a checkpoint holds in another format; gives the path of what was written.

    What exists already is not replaced. Recordings are read in place, in parts where the format allows it.

    Raises :class:`UnknownName` for a format that is not in :data:`FORMATS`, and :class:`EngramError` where a library is
    missing, naming the extra to install.
    """
    form = _form(to)
    run = source if isinstance(source, Reader) else Reader(source)
    target = Path(output) if output is not None else Path(run.path.stem + form.suffix)
    write: Callable[[Checkpoint, str, Path], None] = import_module(f".{form.module}", __package__).write
    return _made(target, lambda part: write(run.at(at), to, part))


def convert_table(source: str | Path, to: str, output: str | Path | None = None) -> Path:
    """Writes a table of ``engram sweep`` (CSV) as Parquet; gives the path of what was written.

    What exists already is not replaced. Raises :class:`EngramError` for other formats, and where the library is missing.
    """
    _form(to)
    if to != "parquet":
        raise EngramError(f"a table becomes parquet, not {to}; other formats are made of runs")
    from .tables import write_table

    path = Path(source)
    target = Path(output) if output is not None else path.with_suffix(".parquet")
    return _made(target, lambda part: write_table(path, part))


def _form(to: str) -> Format:
    if to not in FORMATS:
        raise UnknownName("format", to, FORMATS)
    for package in FORMATS[to].needs:
        try:
            import_module(package)
        except ImportError as problem:
            raise EngramError(f"the format {to} needs {package}: pip install 'engram-snn[{to}]'") from problem
    return FORMATS[to]


def _made(target: Path, write: Callable[[Path], None]) -> Path:
    if target.exists():
        raise EngramError(f"'{target}' exists and is not replaced; remove it, or say another name")
    if not target.parent.is_dir():
        raise EngramError(f"'{target.parent}' is no folder: '{target.name}' cannot be written there")
    # Writers look at how a name ends, so that stays.
    part = target.with_name(f".{os.getpid()}-{target.name}")
    try:
        write(part)
        os.rename(part, target)
    finally:
        if part.is_dir():
            shutil.rmtree(part, ignore_errors=True)
        else:
            part.unlink(missing_ok=True)
    return target
