"""``engram brian2 SCRIPT.py``: a script of Brian 2 as it is, run on Engram without a changed line."""

from __future__ import annotations

import argparse
import importlib
import runpy
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import brian2

from ..errors import EngramError, Interrupted
from ..program import STOPPED_EARLY
from .device import ConversionEnds, EngramDevice

# `brian2.devices.device` is the module, and in the package the device that is set.
devices: Any = importlib.import_module("brian2.devices.device")


def set_from_outside(**options: Any) -> EngramDevice:
    """Sets the device for a script that does not, and keeps it where the script asks for another one.

    A script that chooses Engram itself gets what it asks for, with ``options`` for what it leaves open.
    """
    original = devices.set_device
    original("engram", **options)
    found = devices.all_devices["engram"]
    assert isinstance(found, EngramDevice)

    def set_device(device: Any, build_on_run: bool = True, **more: Any) -> None:
        """What the script finds under this name."""
        if device == "engram" or isinstance(device, EngramDevice):
            original("engram", build_on_run=build_on_run, **{**options, **more})
        else:
            found.chosen_again(build_on_run)

    def reset_device(device: Any = None) -> None:
        """A device that the script leaves is followed by Engram, too."""

    for module in (brian2, brian2.devices, devices):
        for name, function in (("set_device", set_device), ("reset_device", reset_device)):
            if hasattr(module, name):
                setattr(module, name, function)
    return found


def execute(script: Path, arguments: Sequence[str] = ()) -> dict[str, Any]:
    """Executes a script as ``python SCRIPT.py`` does, and gives its variables."""
    before = sys.argv, list(sys.path)
    sys.argv = [str(script), *arguments]
    sys.path.insert(0, str(script.absolute().parent))
    try:
        return runpy.run_path(str(script), run_name="__main__")
    finally:
        sys.argv, sys.path[:] = before


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="engram brian2",
        description="Run a script of Brian 2 on Engram, or write the model file that it amounts to. The script needs no "
        "line about it. Killed at any moment, the same command goes on from the newest checkpoint.",
    )
    parser.add_argument("script", type=Path, metavar="SCRIPT.py")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="what the script itself is given")
    parser.add_argument(
        "--in", dest="directory", type=Path, help="the run directory; otherwise SCRIPT.engram beside you"
    )
    parser.add_argument(
        "--checkpoint-every", metavar="TIME", help="time between checkpoints: 30s, or wall:60s; wall:60s otherwise"
    )
    parser.add_argument("--threads", type=int, help="worker threads of the program; results do not depend on it")
    parser.add_argument("--fresh", action="store_true", help="move an existing run directory aside and start anew")
    parser.add_argument("--seed", type=int, help="seed the random numbers of a script that does not")
    parser.add_argument(
        "--convert",
        action="store_true",
        help="run nothing: write the model file SCRIPT.yaml, up to where the script looks at results",
    )
    given = parser.parse_args(arguments)
    if not given.script.is_file():
        parser.error(f"there is no file '{given.script}'")
    directory = given.directory or Path(given.script.stem.replace(" ", "_"))
    device = set_from_outside(
        directory=directory,
        checkpoint_every=given.checkpoint_every or "wall:60s",
        threads=given.threads,
        fresh=given.fresh,
        convert=given.convert,
    )
    if given.seed is not None:
        brian2.seed(given.seed)
    status = _told(given.script, given.arguments)
    if given.convert and status == 0:
        for model in device.models:
            print(model)
        if not device.models:
            print(f"{given.script} runs nothing: there is no model to write", file=sys.stderr)
            return 1
    return status


def _told(script: Path, arguments: Sequence[str]) -> int:
    """Executes a script; says what went wrong in one sentence where it is ours to say, else as Python does."""
    try:
        execute(script, arguments)
    except ConversionEnds as place:
        print(f"{place}: the script looks at results here; what follows it was not converted", file=sys.stderr)
    except Interrupted as problem:
        print(problem, file=sys.stderr)
        return STOPPED_EARLY
    except EngramError as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 1
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        print(end.code, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; the same command goes on from here", file=sys.stderr)
        return STOPPED_EARLY
    except Exception as problem:
        # Without the lines between the command and the script.
        frames = traceback.extract_tb(problem.__traceback__)
        first = next(
            (n for n, frame in enumerate(frames) if Path(frame.filename) == script or frame.filename == str(script)), 0
        )
        trace = problem.__traceback__
        for _ in range(first):
            assert trace is not None
            trace = trace.tb_next
        traceback.print_exception(type(problem), problem, trace)
        return 1
    return 0
