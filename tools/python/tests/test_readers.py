"""The readers of others, each on an export, on `live.h5` and on a checkpoint in place: spikes, a trace, weights and their units."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import h5py
import numpy as np
import pytest

import engram

MODEL = """\
name: readers
seed: 11
constants: {tau: 10 ms, w_exc: 0.5 mV}
objects:
  - kind: NeuronGroup
    name: G
    N: 10
    model: "dv/dt = (20*mV - v)/tau : volt"
    threshold: v > 15*mV
    reset: v = 0*mV
    method: exact
    initial: {v: i*mV}
  - {kind: Subgroup, name: part, of: "G[3:8]"}
  - {kind: Synapses, name: S, source: G, target: G, model: "w : volt\\nk : integer", on_pre: v_post += w_exc, on_post: w += 0*mV,
     connect: {condition: i != j}, initial: {w: "(i + 0.1*j)*mV", k: i*j, delay: i*ms}}
  - {kind: SpikeMonitor, name: spikes, source: G}
  - {kind: SpikeMonitor, name: part_spikes, source: part}
  - {kind: StateMonitor, name: trace, source: part, variables: v, record: [1, 2]}
  - {kind: StateMonitor, name: weights, source: S, variables: w, record: true, dt: 10 ms}
  - {kind: PopulationRateMonitor, name: rate, source: G}
run:
  - run: 30 ms
  - store: half
  - run: 20 ms
"""


@pytest.fixture(scope="module")
def directory(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readers")
    (folder / "readers.yaml").write_text(MODEL)
    subprocess.run([program, "run", "readers.yaml", "-q"], cwd=folder, check=True)
    return folder / "readers.engram"


@pytest.fixture(scope="module", params=["export", "compressed export", "live.h5", "checkpoint in place"])
def file(request: pytest.FixtureRequest, program: Path, directory: Path) -> Path:
    if request.param == "live.h5":
        return directory / "live.h5"
    if request.param == "checkpoint in place":
        return directory / "checkpoints" / f"{engram.open(directory).latest.id}.h5"
    target = directory.parent / f"{request.param.replace(' ', '_')}.h5"
    more = ["--chunked"] if "compressed" in request.param else []
    subprocess.run([program, "export", str(directory), "-o", str(target), "--force", *more], check=True)
    return target


@pytest.fixture(scope="module")
def run(directory: Path) -> engram.Run:
    return engram.open(directory)


def test_h5py(file: Path, run: engram.Run) -> None:
    with h5py.File(file) as data:
        np.testing.assert_array_equal(data["recordings/spikes/t"], np.asarray(run["spikes"].t))
        np.testing.assert_array_equal(data["objects/S/w"], np.asarray(run["S"].w))
        assert data["objects/S/w"].attrs["units"].decode() == "V"
        tau = data["model/constants/tau"]
        assert tau[()] == 0.01
        assert tau.attrs["units"].decode() == "s"
        assert data["model/constants"].attrs["tau"].decode() == "0.01 second"
        part = data["recordings/part_spikes"]
        assert part.attrs["source"].decode() == "G"
        assert part.attrs["source_offset"] == 3
        np.testing.assert_array_equal(data["recordings/trace/neuron"], [1, 2])
        np.testing.assert_array_equal(data["recordings/trace/neuron_whole"], [4, 5])
        if "i_whole" in part:
            np.testing.assert_array_equal(part["i_whole"], part["i"][()] + 3)
        else:
            assert "view" in data.attrs


def test_h5dump(file: Path) -> None:
    tool = shutil.which("h5dump")
    if tool is None:
        pytest.skip("needs h5dump")
    text = subprocess.run([tool, "-d", "/recordings/spikes/t", str(file)], capture_output=True, text=True, check=True).stdout
    assert "H5T_IEEE_F64LE" in text


@pytest.mark.parametrize("engine", ["h5netcdf", "netcdf4"])
def test_xarray(file: Path, run: engram.Run, engine: str) -> None:
    xarray = pytest.importorskip("xarray")
    pytest.importorskip({"h5netcdf": "h5netcdf", "netcdf4": "netCDF4"}[engine])
    with xarray.open_dataset(file, group="recordings/trace", engine=engine, decode_times=False) as trace:
        assert trace.v.dims == ("t", "neuron")
        assert trace.v.attrs["units"] == "V"
        np.testing.assert_array_equal(trace.v.sel(neuron=2), run.recording("trace").v.sel(neuron=2))
        np.testing.assert_array_equal(trace.neuron_whole, [4, 5])
    with xarray.open_dataset(file, group="objects/S", engine=engine, decode_times=False) as synapses:
        assert synapses.w.dims == ("synapse",)
        np.testing.assert_array_equal(synapses.w, np.asarray(run["S"].w))
        np.testing.assert_array_equal(synapses.delay, np.asarray(run["S"].delay))
    with xarray.open_dataset(file, group="model/constants", engine=engine, decode_times=False) as constants:
        assert float(constants.tau) == 0.01
    with xarray.open_datatree(file, engine=engine, decode_times=False) as tree:
        np.testing.assert_array_equal(tree["recordings/spikes/t"], np.asarray(run["spikes"].t))


def test_netcdf4(file: Path, run: engram.Run) -> None:
    netcdf = pytest.importorskip("netCDF4")
    with netcdf.Dataset(file) as data:
        assert data.network == "readers"
        np.testing.assert_array_equal(data["recordings/spikes/t"][:], np.asarray(run["spikes"].t))
        np.testing.assert_array_equal(data["objects/S/w"][:], np.asarray(run["S"].w))
        np.testing.assert_array_equal(data["objects/S/k"][:], np.asarray(run["S"].k))
        assert data["objects/G/v"].units == "V"


def test_ncdump(file: Path) -> None:
    tool = shutil.which("ncdump")
    if tool is None:
        pytest.skip("needs ncdump (Debian: netcdf-bin)")
    text = subprocess.run([tool, "-h", str(file)], capture_output=True, text=True, check=True).stdout
    assert "group: recordings {" in text
    assert "double w(synapse)" in text


def test_pytables(file: Path, run: engram.Run) -> None:
    tables = pytest.importorskip("tables")
    with tables.open_file(file) as data:
        np.testing.assert_array_equal(data.root.recordings.spikes.t[:], np.asarray(run["spikes"].t))
        np.testing.assert_array_equal(data.root.objects.S.w[:], np.asarray(run["S"].w))


def test_octave(file: Path, run: engram.Run) -> None:
    tool = shutil.which("octave-cli") or shutil.which("octave")
    if tool is None:
        pytest.skip("needs Octave (Debian: octave)")
    program = (
        f"s = load('{file}');"
        "printf('%.17g ', s.recordings.spikes.t); printf('\\n'); printf('%.17g ', s.objects.S.w); printf('\\n');"
        "printf('%.17g', s.model.constants.tau); printf('\\n'); printf('%s', s.model.objects.G.threshold);"
    )
    done = subprocess.run([tool, "--no-gui", "--quiet", "--eval", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    times, weights, tau, text = done.stdout.split("\n", 3)
    np.testing.assert_array_equal(np.array(times.split(), float), np.asarray(run["spikes"].t))
    np.testing.assert_array_equal(np.array(weights.split(), float), np.asarray(run["S"].w))
    assert float(tau) == 0.01
    assert text == "v > 15*mV"


def test_a_view_that_was_copied_away_says_so_and_shows_no_zeros(directory: Path, tmp_path: Path) -> None:
    for name in ("live.h5", f"checkpoints/{engram.open(directory).latest.id}.h5"):
        copy = tmp_path / Path(name).name
        shutil.copy(directory / name, copy)
        with h5py.File(copy) as data:
            assert b"engram export" in data.attrs["view"]
            seen = 0
            for path in ("objects/S/w", "objects/S/k", "objects/S/i", "recordings/spikes/t", "recordings/spikes/i"):
                dataset = data[path]
                if not dataset.is_virtual:
                    continue  # Small ones are in the view itself.
                seen += 1
                values = dataset[()]
                missing = np.isnan(values) if values.dtype.kind == "f" else values == np.iinfo(values.dtype).min
                assert missing.all(), path
            assert seen > 0


def test_a_finished_run_is_as_long_as_its_content(directory: Path) -> None:
    files = [path for path in directory.rglob("*") if path.is_file()]
    apparent = sum(path.stat().st_size for path in files)
    used = sum(path.stat().st_blocks * 512 for path in files)
    assert apparent <= 1.2 * used


def test_permissions_follow_the_umask(program: Path, tmp_path: Path) -> None:
    (tmp_path / "readers.yaml").write_text(MODEL)
    command = f"umask 027; exec '{program}' run readers.yaml -q"
    subprocess.run(["/bin/sh", "-c", command], cwd=tmp_path, check=True)
    subprocess.run(["/bin/sh", "-c", f"umask 027; exec '{program}' export readers.engram -o x.h5"], cwd=tmp_path, check=True)
    for path in [tmp_path / "x.h5", *(tmp_path / "readers.engram").rglob("*")]:
        mode = path.stat().st_mode & 0o777
        if path.name == "lock":  # Whoever may open it could hold it.
            continue
        assert mode & 0o027 == 0, (path, oct(mode))
        assert mode & 0o040, (path, oct(mode))


def test_views_are_smaller_than_what_they_show(program: Path, tmp_path: Path) -> None:
    (tmp_path / "many.yaml").write_text(
        MODEL.replace("N: 10", "N: 300").replace("run:\n", "checkpoints: {every: 1 ms}\nrun:\n", 1)
    )
    subprocess.run([program, "run", "many.yaml", "-q", "--keep", "50"], cwd=tmp_path, check=True)
    directory = tmp_path / "readers.engram"

    def used(folder: str) -> int:
        return sum(path.stat().st_blocks * 512 for path in (directory / folder).rglob("*.h5"))

    assert used("checkpoints") < used("objects") + used("segments")
