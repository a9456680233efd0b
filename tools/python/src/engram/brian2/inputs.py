"""Arrays that a script computed, as files beside the model file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from ..running.values import unit_text
from ..storage.reader import content_hash

INLINE_UP_TO = 512
"""Longer arrays become files."""


class InputFiles:
    """Files named after what they hold: a script that is started again writes the same ones, and changed values show."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def value(self, values: Any, dimension: tuple[float, ...] = (0.0,) * 7) -> Any:
        """A value of a model file for some numbers: written out where they are few, else a file."""
        array = np.asarray(values)
        if array.dtype.kind == "b":
            array = array.astype(np.int32)
        unit = unit_text(dimension)
        if array.size <= INLINE_UP_TO and np.all(np.isfinite(array)):
            plain = array.tolist()
            return {"values": plain, "unit": unit} if unit else plain
        array = np.ascontiguousarray(array)
        name = content_hash(array.tobytes() + repr((array.dtype.str, array.shape)).encode()).hex()
        found = {"npy": f"{self.folder.name}/{name}.npy"}
        if (self.folder / f"{name}.h5").exists():
            # Of an earlier release, which a run in this folder goes on with.
            found = {"hdf5": f"{self.folder.name}/{name}.h5", "dataset": "/values"}
        elif not (self.folder / f"{name}.npy").exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            aside = self.folder / f"{name}.{os.getpid()}.tmp"
            with aside.open("wb") as file:
                np.save(file, array, allow_pickle=False)
            os.replace(aside, self.folder / f"{name}.npy")
        return {**found, "unit": unit} if unit else found

    def copy(self, path: Path) -> str:
        """A file as it is now, kept beside the model file; its name there."""
        data = path.read_bytes()
        kept = self.folder / f"{content_hash(data).hex()}.state.h5"
        if not kept.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            aside = kept.with_suffix(f".{os.getpid()}.tmp")
            aside.write_bytes(data)
            os.replace(aside, kept)
        return f"{self.folder.name}/{kept.name}"
