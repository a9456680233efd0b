"""Formats of the field, read back by the libraries that keep them, and compared with what the run holds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import engram
from conftest import MODEL
from engram.convert import FORMATS, convert, convert_table
from engram.convert.contents import ranges, step_of

SUBGROUP = """\
name: parts
seed: 4
objects:
  - {kind: NeuronGroup, name: G, N: 40, model: "dv/dt = (2 - v)/(10*ms) : 1 (unless refractory)", threshold: v > 1, reset: v = 0,
     refractory: 1 ms, method: exact, initial: {v: rand()}, events: {half: v > 0.99}}
  - {kind: SpikeMonitor, name: all, source: G}
  - {kind: SpikeMonitor, name: some, source: "G[10:20]"}
  - {kind: EventMonitor, name: half, source: G, event: half}
  - {kind: StateMonitor, name: trace, source: "G[10:20]", variables: v, record: [0, 5, 9]}
run: 60 ms
"""


@pytest.fixture(scope="module")
def parts(program: Path, tmp_path_factory: pytest.TempPathFactory) -> engram.Run:
    folder = tmp_path_factory.mktemp("parts")
    (folder / "parts.yaml").write_text(SUBGROUP)
    return engram.run(folder / "parts.yaml", directory=folder / "parts.engram")


def test_nwb_passes_the_validator_and_the_inspector_and_holds_the_same_numbers(
    run: engram.Run, parts: engram.Run, tmp_path: Path
) -> None:
    pynwb = pytest.importorskip("pynwb")
    inspector = pytest.importorskip("nwbinspector")
    for source in (run, parts):
        path = convert(source, "nwb", tmp_path / f"{source.path.stem}.nwb")
        problems = pynwb.validate(path=str(path))
        assert not (problems[0] if isinstance(problems, tuple) else problems)
        found = inspector.inspect_nwbfile(nwbfile_path=path)
        assert [one for one in found if one.importance != inspector.Importance.BEST_PRACTICE_SUGGESTION] == []
    with pynwb.NWBHDF5IO(tmp_path / f"{run.path.stem}.nwb", "r") as io:
        file = io.read()
        trains = run.spikes("spikes").spike_trains()
        assert len(file.units) == 100
        for neuron in (0, 60, 99):
            assert np.array_equal(file.units["spike_times"][neuron], trains[neuron])
        v = file.acquisition["trace_v"]
        assert v.unit == "volts"
        assert v.rate == pytest.approx(2000)
        assert np.array_equal(v.data[:], run.recording("trace")["v"].values)
        assert "neuron 0, 50, 99" in v.comments
        assert np.array_equal(file.acquisition["rate"].data[:], run.rate("rate").rate)
        # More synapses than moments: no series, which inspectors would call one on its side.
        assert np.array_equal(file.processing["recordings"]["weights_g"]["g"][:], run.recording("weights")["g"].values)
        assert np.array_equal(file.processing["connectivity"]["S"]["j"][:], run.synapses("S")["j"])
        assert file.source_script == MODEL
    with pynwb.NWBHDF5IO(tmp_path / f"{parts.path.stem}.nwb", "r") as io:
        units = io.read().units
        assert len(units) == 40 + 10
        # Numbers of a part count within the whole group, so the same neuron has the same number.
        rows = units.to_dataframe()
        both = rows[rows.neuron == 13].set_index("monitor").spike_times
        assert len(both) == 2
        assert np.array_equal(both["all"], both["some"])


def test_sonata_is_read_back_by_libsonata(run: engram.Run, parts: engram.Run, tmp_path: Path) -> None:
    libsonata = pytest.importorskip("libsonata")
    folder = convert(run, "sonata", tmp_path / "sonata")
    spikes = libsonata.SpikeReader(str(folder / "spikes.h5"))
    assert spikes.get_population_names() == ["P"]
    table = run.spikes("spikes")
    found = spikes["P"].get_dict()
    assert spikes["P"].sorting == "by_time"
    assert np.array_equal(found["node_ids"], table["i"])
    assert np.allclose(found["timestamps"], table["t"] * 1e3, rtol=1e-15)
    report = libsonata.ElementReportReader(str(folder / "trace_v.h5"))["P"]
    assert report.data_units == "mV"
    assert report.time_units == "ms"
    assert report.times == pytest.approx((0, 70, 0.5))
    frame = report.get()
    assert frame.ids.tolist() == [[0, 0], [50, 0], [99, 0]]
    assert np.allclose(frame.data, run.recording("trace")["v"].values * 1e3, rtol=1e-6)
    # Synapses are elements of the neurons that they end at.
    weights = libsonata.ElementReportReader(str(folder / "weights_g.h5"))["S"].get()
    synapses = run.synapses("S")
    expected = run.recording("weights")["g"].values * 1e3
    assert len(weights.ids) == len(synapses)
    for place in (0, len(synapses) // 2, len(synapses) - 1):
        node, element = weights.ids[place]
        assert node == synapses["j"][element]
        assert np.allclose(weights.data[:, place], expected[:, element], rtol=1e-6)
    both = libsonata.SpikeReader(str(convert(parts, "sonata", tmp_path / "parts") / "spikes.h5"))["G"].get_dict()
    assert len(both["timestamps"]) == len(parts.spikes("all"))
    trace = libsonata.ElementReportReader(str(tmp_path / "parts" / "trace_v.h5"))["G"]
    assert trace.get_node_ids() == [10, 15, 19]


def test_neo_reads_its_file_back(run: engram.Run, parts: engram.Run, tmp_path: Path) -> None:
    neo_io = pytest.importorskip("neo.io")
    segment = neo_io.NeoMatlabIO(str(convert(run, "neo", tmp_path / "run.mat"))).read_block().segments[0]
    trains = run.spikes("spikes").spike_trains()
    assert len(segment.spiketrains) == 100
    train = next(train for train in segment.spiketrains if train.annotations["neuron"] == 99)
    assert np.array_equal(train.magnitude, trains[99])
    signals = {signal.name: signal for signal in segment.analogsignals}
    assert set(signals) == {"trace.v", "trace.ok", "weights.g", "rate.rate"}
    assert str(signals["trace.v"].units.dimensionality) == "V"
    assert float(signals["trace.v"].sampling_rate) == pytest.approx(2000)
    assert np.array_equal(signals["trace.v"].magnitude, run.recording("trace")["v"].values)
    assert list(signals["trace.v"].annotations["elements"]) == [0, 50, 99]
    block = neo_io.NeoMatlabIO(str(convert(parts, "neo", tmp_path / "parts.mat"))).read_block()
    assert len(block.segments[0].spiketrains) == 40 + 10
    assert [len(events) for events in block.segments[0].events] == [len(parts.spikes("half"))]


def exact(path: Path) -> pd.DataFrame:
    """Later releases of pandas read exactly by themselves."""
    options = {"float_precision": "round_trip"} if int(pd.__version__.split(".")[0]) < 3 else {}
    return pd.read_csv(path, **options)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_tables_read_back_to_the_last_digit(form: str, run: engram.Run, tmp_path: Path) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow")
    folder = convert(run, form, tmp_path / form)
    read = exact if form == "csv" else pd.read_parquet
    spikes = read(folder / f"spikes.{form}")
    assert np.array_equal(spikes["t"], run.spikes("spikes")["t"])
    assert np.array_equal(spikes["v"], run.spikes("spikes")["v"])
    trace = read(folder / f"trace.{form}")
    assert set(trace.columns) == {"t", *(f"{name}[{number}]" for name in ("v", "ok") for number in (0, 50, 99))}
    assert np.array_equal(trace["v[50]"], run.recording("trace")["v"].sel(neuron=50))
    assert trace["ok[50]"].dtype == bool
    assert np.array_equal(read(folder / f"S.{form}")["g"], run["S"].g)
    assert np.array_equal(read(folder / f"P.{form}")["v"], run["P"].v)
    about = json.loads((folder / "columns.json").read_text())
    assert about["units"]["trace"]["v[0]"] == "V"
    assert about["t"] == pytest.approx(0.07)


def test_a_sweep_writes_its_table_as_parquet(place: Path, program: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    wrapper = tmp_path / "bin" / "engram-convert"
    wrapper.parent.mkdir()
    wrapper.write_text(
        f"#!{sys.executable}\nfrom engram.commands.convert import main\nraise SystemExit(main())\n", encoding="utf-8"
    )
    wrapper.chmod(0o755)
    command = [
        str(program), "sweep", str(place / "small.yaml"), "--over", "w=0.1mV,0.25mV", "--over", "tau=9.5ms,10ms", "--until", "20ms",
        "--in", "s", "--table", "out.parquet", "--collect", "g = mean(S.g)", "-q",
    ]  # fmt: skip
    environment = {**os.environ, "PATH": f"{wrapper.parent}:{os.environ['PATH']}", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    table = pd.read_parquet(tmp_path / "out.parquet")
    assert table["run"].tolist() == ["0001", "0002", "0003", "0004"]
    assert table["w [mV]"].tolist() == [0.1, 0.1, 0.25, 0.25]
    assert table["spikes.count"].dtype == np.int64
    assert table["g [V]"].dtype == np.float64
    assert parquet.read_schema(tmp_path / "out.parquet").field("w [mV]").metadata[b"unit"] == b"mV"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bin", "out.parquet", "s"]
    with pytest.raises(engram.EngramError, match="becomes parquet"):
        convert_table(tmp_path / "x.csv", "nwb")


def test_parquet_columns_carry_their_units(run: engram.Run, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    schema = parquet.read_schema(convert(run, "parquet", tmp_path / "p") / "spikes.parquet")
    assert schema.field("t").metadata == {b"unit": b"s"}


def test_zarr_opens_in_xarray(run: engram.Run, tmp_path: Path) -> None:
    pytest.importorskip("zarr")
    import xarray as xr

    path = convert(run, "zarr", tmp_path / "run.zarr")
    trace = xr.open_zarr(path, group="trace", consolidated=False)
    assert trace["v"].attrs["units"] == "V"
    assert np.array_equal(trace["v"].sel(neuron=50), run.recording("trace")["v"].sel(neuron=50))
    assert np.array_equal(xr.open_zarr(path, group="spikes", consolidated=False)["t"], run.spikes("spikes")["t"])


def test_a_file_is_whole_or_not_there_and_nothing_is_replaced(
    run: engram.Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(engram.UnknownName, match="did you mean 'nwb'"):
        convert(run, "nbw", tmp_path / "x")
    (tmp_path / "there").mkdir()
    with pytest.raises(engram.EngramError, match="is not replaced"):
        convert(run, "csv", tmp_path / "there")
    with pytest.raises(engram.EngramError, match="is no folder"):
        convert(run, "csv", tmp_path / "nowhere" / "x")
    with monkeypatch.context() as patched:
        patched.setattr(pd.DataFrame, "to_csv", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "No space left")))
        with pytest.raises(OSError, match="No space"):
            convert(run, "csv", tmp_path / "full")
    assert [path.name for path in tmp_path.iterdir()] == ["there"]
    with monkeypatch.context() as patched:
        patched.setitem(__import__("sys").modules, "pynwb", None)
        with pytest.raises(engram.EngramError, match=r"engram-snn\[nwb\]"):
            convert(run, "nwb", tmp_path / "x")


def test_a_run_without_recordings_is_told(program: Path, tmp_path: Path) -> None:
    text = "name: bare\nobjects:\n  - {kind: NeuronGroup, name: G, N: 3, model: 'v : 1'}\nrun: 1 ms\n"
    (tmp_path / "bare.yaml").write_text(text)
    bare = engram.run(tmp_path / "bare.yaml", directory=tmp_path / "bare.engram")
    with pytest.raises(engram.EngramError, match="nothing to hold"):
        convert(bare, "sonata", tmp_path / "s")
    assert (convert(bare, "csv", tmp_path / "c") / "G.csv").read_text() == "i,v\n0,0.0\n1,0.0\n2,0.0\n"
    assert not (tmp_path / "s").exists()
    assert set(FORMATS) == {"nwb", "sonata", "neo", "csv", "parquet", "zarr"}


def test_numbers_are_said_in_ranges_and_steps_that_differ_are_none() -> None:
    assert ranges(np.array([0, 1, 2, 3, 7, 8, 20])) == "0 to 3, 7, 8, 20"
    assert ranges(np.array([], dtype=int)) == ""
    assert step_of(np.arange(1000) * 1e-4) == pytest.approx(1e-4)
    assert step_of(np.array([0, 1e-4, 3e-4])) is None
    assert step_of(np.array([1.0])) is None
