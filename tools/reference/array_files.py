"""Writes arrays of NumPy, tables of numbers and a cube of HDF5 into fixtures/inputs (MDL-21).

    python tools/reference/array_files.py

Made with NumPy and h5py, not with Engram, so that reading is compared with somebody else's idea of the formats.
"""
from pathlib import Path

import h5py
import numpy as np

FOLDER = Path(__file__).parents[2] / "fixtures/inputs"

np.save(FOLDER / "list.npy", np.array([0.5, -1.25, 3e300]))
np.save(FOLDER / "table.npy", np.arange(6.0).reshape(3, 2))
np.save(FOLDER / "columns.npy", np.asfortranarray(np.arange(24).reshape(2, 3, 4).astype(">i2")))
np.save(FOLDER / "flags.npy", np.array([True, False, True]))
np.save(FOLDER / "half.npy", np.array([1.5, -0.25, 6e-8], dtype=np.float16))
np.save(FOLDER / "one.npy", np.float32(2.5))
np.save(FOLDER / "complex.npy", np.array([1j]))
np.savez(FOLDER / "several.npz", a=np.zeros(2))
(FOLDER / "cut.npy").write_bytes((FOLDER / "table.npy").read_bytes()[:-8])
np.savetxt(FOLDER / "column.csv", np.array([1.0, 2.5, -3.0]))
np.savetxt(FOLDER / "table.csv", np.arange(6.0).reshape(3, 2), delimiter=",", header="made by numpy")
(FOLDER / "named.csv").write_text("i;weight;used\n0;0.5;true\n1;0.25;false\n")
(FOLDER / "uneven.csv").write_text("1,2\n3\n")
(FOLDER / "words.csv").write_text("1,2\n3,four\n")
with h5py.File(FOLDER / "cube.h5", "w", libver="earliest") as file:
    file.create_dataset("trials", data=np.arange(24.0).reshape(2, 3, 4), chunks=(1, 2, 3)).attrs["units"] = "mV"
