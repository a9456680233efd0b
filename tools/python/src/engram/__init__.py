"""Engram: spiking networks whose state lives on disk, from Python.

>>> engram.run("week1.yaml", until="10 s")
>>> run = engram.open("week1.engram")
>>> run.checkpoints                      # a table
>>> run["P"].v                           # values where they lie, with their unit
>>> run.at("trained").synapses("S")      # a table of synapses, at a named checkpoint
"""

from importlib import import_module
from typing import Any

from .errors import (
    DamagedFile,
    EngramError,
    Interrupted,
    NotARun,
    NotPossible,
    ProgramError,
    ProgramNotFound,
    UnknownName,
    UnknownVariable,
    UnsupportedVersion,
    WatchdogError,
)
from .program import EngramWarning, Program, find_program
from .reading.checkpoint import Checkpoint
from .reading.run import Reader
from .reading.status import Status
from .reading.tables import Rate, SpikeTable, SynapseTable
from .running.run import Outcome, Run, run
from .running.run import open_run as open
from .running.sweep import product, sweep
from .units import Array

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # Pictures need matplotlib, which takes a while to load and is an extra.
    if name == "plot":
        return import_module(".plot", __name__)
    raise AttributeError(f"module 'engram' has no attribute {name!r}")


__all__ = [
    "Array",
    "Checkpoint",
    "DamagedFile",
    "EngramError",
    "EngramWarning",
    "Interrupted",
    "NotARun",
    "NotPossible",
    "Outcome",
    "Program",
    "ProgramError",
    "ProgramNotFound",
    "Rate",
    "Reader",
    "Run",
    "SpikeTable",
    "Status",
    "SynapseTable",
    "UnknownName",
    "UnknownVariable",
    "UnsupportedVersion",
    "WatchdogError",
    "find_program",
    "open",
    "product",
    "run",
    "sweep",
]
