"""Writes fixtures/inputs: files of others that model files may name (MDL-21, 24), and files that mean harm.

    python tools/reference/input_files.py

Made with h5py, not with Engram, so that reading is compared with somebody else's idea of the format. `hostile.h5` has
datasets that lead out of the file, or claim what is not in it; each must be refused with its own sentence.
"""
from pathlib import Path

import h5py
import numpy as np

FOLDER = Path(__file__).parents[2] / "fixtures/inputs"
FOLDER.mkdir(exist_ok=True)


def create(name):
    return h5py.File(FOLDER / name, "w", libver="earliest")


with create("arrays.h5") as file:
    group = file.create_group("in")
    rate = group.create_dataset("rate", data=np.array([0.0, 10.0, 25.5, 1000.0]))
    rate.attrs["units"] = "Hz"
    group.create_dataset("current", data=np.arange(6, dtype=np.float32).reshape(3, 2) / 4).attrs["units"] = np.bytes_("nA")
    group.create_dataset("plain", data=np.array([3, 1, 2], dtype=">i2"))
    group.create_dataset("ids", data=np.array([0, 3, 2**40], dtype=np.uint64))
    group.create_dataset("packed", data=np.tile(np.arange(50.0), 40), chunks=(500,), compression="gzip", shuffle=True, fletcher32=True)
    group.create_dataset("no_unit", data=[1.0]).attrs["units"] = "bogomips"
    group.create_dataset("gap", data=[1.0, np.nan, 3.0])
    group.create_dataset("scalar", data=1.0)
    group.create_dataset("cube", data=np.zeros((2, 2, 2)))
    group.create_dataset("words", data=np.array([b"a", b"b"]))
    group.create_dataset("empty", shape=(0,), dtype=float, maxshape=(None,), chunks=(1024,))
    file["here"] = h5py.SoftLink("in/rate")
    group["absolute"] = h5py.SoftLink("/in/current")

with create("booleans.h5") as file:
    file["mask"] = np.array([True, False, True])
    file["table"] = np.array([[True, False], [False, False]])
    file["flag"] = True
    file.create_dataset("level", data=7, dtype="i4").attrs["units"] = "mV"
    # Another enumeration of two values means something else.
    file.create_dataset("colour", data=[1, 0], dtype=h5py.enum_dtype({"RED": 0, "BLUE": 1}, basetype="i1"))

SORTING = h5py.enum_dtype({"none": 0, "by_id": 1, "by_time": 2}, basetype="u1")


def population(group, ids, times, unit="ms", sorting=0):
    group.attrs.create("sorting", sorting, dtype=SORTING)
    group.create_dataset("node_ids", data=np.array(ids, dtype=np.uint64))
    times = group.create_dataset("timestamps", data=np.array(times, dtype=np.float64))
    if unit:
        times.attrs["units"] = unit


with create("spikes.h5") as file:
    file.attrs["magic"], file.attrs["version"] = np.uint32(0x0A7A), np.array([0, 1], dtype=np.uint32)
    population(file.create_group("spikes/thalamus"), [2, 0, 1, 0], [1.0, 0.2, 0.7, 3.1], sorting=0)
    population(file.create_group("spikes/cortex"), [0, 0, 1], [0.001, 0.002, 0.0015], unit="s", sorting=1)
with create("spikes_single.h5") as file:
    population(file.create_group("spikes/only"), [1, 1], [0.5, 2.5], unit=None, sorting=2)
with create("spikes_old.h5") as file:
    group = file.create_group("spikes")
    group.attrs["sorting"] = "by_time"
    group.create_dataset("gids", data=np.array([0, 2, 1], dtype=np.uint32))
    group.create_dataset("timestamps", data=np.array([0.1, 0.4, 0.9]))
with create("spikes_broken.h5") as file:
    population(file.create_group("spikes/uneven"), [0, 1, 2], [1.0, 2.0])
    file.create_group("spikes/empty")

with create("hostile.h5") as file:
    file.create_dataset("good", data=[1.0, 2.0])
    file["link_out"] = h5py.ExternalLink("arrays.h5", "/in/rate")
    file["soft_to_link_out"] = h5py.SoftLink("/link_out")
    file["group_out"] = h5py.ExternalLink("arrays.h5", "/in")
    file["circle"] = h5py.SoftLink("/circle")
    file["dangling"] = h5py.SoftLink("/nowhere")
    file.create_dataset("external", shape=(4,), dtype="f8", external=[("/etc/passwd", 0, 32)])
    layout = h5py.VirtualLayout(shape=(4,), dtype="f8")
    layout[:] = h5py.VirtualSource(str("arrays.h5"), "in/rate", shape=(4,))
    file.create_virtual_dataset("view", layout)
    # Nothing of these was ever written: they would be read as zeros, gigabytes of them.
    file.create_dataset("huge_chunked", shape=(1 << 27,), dtype="f8", chunks=(1024,))
    file.create_dataset("huge_packed", shape=(1 << 29,), dtype="f8", chunks=(1 << 20,), compression="gzip")
    file.create_dataset("huge_contiguous", shape=(1 << 27,), dtype="f8")
    file.create_dataset("beyond_limit", shape=(1 << 40, 1 << 20), dtype="f8", chunks=(1024, 1))
    file.create_dataset("huge_chunk", shape=(4,), maxshape=(None,), dtype="f8", chunks=(1 << 28,), compression="gzip")
    # A filter that only a plug-in could bring.
    creation = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    creation.set_chunk((4,))
    creation.set_filter(32001, h5py.h5z.FLAG_OPTIONAL, (1, 2))
    h5py.h5d.create(file.id, b"plugin", h5py.h5t.IEEE_F64LE, h5py.h5s.create_simple((4,)), creation)
    file["type"] = np.dtype("f8")

for path in sorted(FOLDER.glob("*.h5")):
    print(f"{path.relative_to(FOLDER.parents[1])}: {path.stat().st_size} bytes")
