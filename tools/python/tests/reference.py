"""Writes ``reference.npz``: what Brian 2 gives for the scripts of ``scripts.py``.

python tests/reference.py        # needs Brian 2; executes scripts that were added or changed, with --all every one
"""

from __future__ import annotations

import gc
import hashlib
import linecache
import sys
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
    # For what looks at the text of functions.
    linecache.cache["script.py"] = (len(script), None, script.splitlines(keepends=True), "script.py")
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
    with np.load(PLACE) as file:
        kept = dict(file)
    values: dict[str, Any] = {}
    for name, script in SCRIPTS.items():
        prefix = f"{mark(script)}/"
        known = {key: array for key, array in kept.items() if key.startswith(prefix)}
        if not known or "--all" in sys.argv:
            print(name, flush=True)
            # Brian 2 pickles a state that goes into a file, which it cannot where a script is executed like this.
            try:
                found = execute(script.replace("filename=place", ""))
            except Exception as problem:
                print(f"  failed: {problem!r}", flush=True)
                continue
            known = {prefix + key: array for key, array in found.items()}
        values.update(known)
    np.savez_compressed(PLACE, **values)
