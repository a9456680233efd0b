"""Writes ``reference.npz``: what Brian 2 gives for the scripts of ``scripts.py``.

python tests/reference.py        # needs Brian 2; run it when a script is added or changed
"""

from __future__ import annotations

import gc
import hashlib
from pathlib import Path
from typing import Any

import brian2
import numpy as np

from scripts import SCRIPTS

PLACE = Path(__file__).parent / "reference.npz"
SEED = 11


def mark(script: str) -> str:
    """Tells a script from its other versions."""
    return hashlib.sha256(script.encode()).hexdigest()[:12]


def execute(script: str) -> dict[str, Any]:
    """Runs a script on the device that is set, from the same seed and dt each time."""
    space: dict[str, Any] = {"__name__": "script"}
    exec("from brian2 import *\nimport numpy as np\n", space)
    brian2.start_scope()
    brian2.defaultclock.dt = 0.1 * brian2.ms
    brian2.seed(SEED)
    exec(compile(script, "script.py", "exec"), space)
    found = {name: np.array(value) for name, value in space["result"].items()}
    space.clear()
    gc.collect()
    return found


if __name__ == "__main__":
    brian2.prefs.codegen.target = "numpy"
    brian2.set_device("runtime")
    values: dict[str, Any] = {}
    for name, script in SCRIPTS.items():
        for key, value in execute(script).items():
            values[f"{mark(script)}/{key}"] = value
        print(name)
    np.savez_compressed(PLACE, **values)
