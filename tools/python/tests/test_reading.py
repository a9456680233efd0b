"""What a run holds, compared with what the program itself says about it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import h5py
import numpy as np
import pytest

import engram


def shown(program: Path, place: str, item: str) -> dict[str, object]:
    command = [str(program), "show", place, item, "--exact", "--limit", "100000", "--json"]
    return json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)["items"][0]


@pytest.mark.parametrize("item", ["P.v", "P.k", "P.ok", "P.lastspike", "S.g", "S.i", "spikes.t", "spikes.i", "trace.v"])
def test_values_equal_those_that_the_program_shows(program: Path, run: engram.Run, item: str) -> None:
    owner, variable = item.split(".")
    expected = shown(program, str(run.path), item)
    values = [float("-inf") if value == "-inf" else value for value in np.ravel(expected["values"]).tolist()]
    found = run[owner][variable]
    assert found.unit == expected["unit"]
    assert np.array_equal(found.ravel(), np.asarray(values, dtype=float))


def test_the_table_of_checkpoints_says_what_ls_says(program: Path, run: engram.Run) -> None:
    answer = json.loads(subprocess.run([program, "ls", run.path, "--json"], capture_output=True, check=True).stdout)
    table = run.checkpoints
    assert table["id"].tolist() == [found["id"] for found in answer["checkpoints"]]
    for (_, row), found in zip(table.iterrows(), answer["checkpoints"], strict=True):
        assert row["names"] == found["names"]
        assert row["tags"] == found["tags"]
        assert row["t"] == found["t"]
        assert row["kind"] == found["kind"]
        assert row["size"] == found["logical_bytes"]
        assert row["written"] == found["written_bytes"]
        assert row["comment"] == found["comment"]
        assert row["created"].strftime("%Y-%m-%d %H:%M:%S UTC") == found["created"]


def test_objects_constants_and_seed(run: engram.Run) -> None:
    assert run.objects == {
        "P": "NeuronGroup", "S": "Synapses", "spikes": "SpikeMonitor", "counts": "SpikeMonitor", "trace": "StateMonitor",
        "weights": "StateMonitor", "rate": "PopulationRateMonitor",
    }  # fmt: skip
    assert float(run.constants["tau"]) == 0.01
    assert run.constants["tau"].unit == "s"
    assert run.latest.seed == 7
    assert "kind: NeuronGroup" in (run.model or "")
    assert run.latest.provenance["version"].startswith("engram ")
    assert len(run["P"]) == 100
    assert run["P"].variables["v"] == "V"
    assert "v" in dir(run["P"])
    assert "P" in run
    assert "Q" not in run


def test_a_named_checkpoint_is_another_moment(run: engram.Run) -> None:
    trained = run.at("trained")
    assert trained.t == pytest.approx(0.05)
    assert run.t == pytest.approx(0.07)
    assert trained.comment == "after learning"
    assert trained.tags == ("good",)
    assert len(trained.spikes("spikes")) < len(run.spikes("spikes"))


@pytest.mark.parametrize(
    ("ask", "answer"),
    [
        (lambda run: run.at("traind"), "did you mean 'trained'"),
        (lambda run: run["Spikes"], "did you mean 'spikes'"),
        (lambda run: run["P"].driv, "did you mean 'drive'"),
        (lambda run: run["P"]["vv"], "did you mean 'v'"),
        (lambda run: run.recording("trce"), "did you mean 'trace'"),
        (lambda run: run.spikes("trace"), "is a StateMonitor"),
        (lambda run: run.spikes("counts"), "counts only"),
        (lambda run: run.synapses("P"), "is a NeuronGroup"),
        (lambda run: run["P"].v.to("mVolt"), "no unit for a quantity"),
        (lambda run: run.rate("rate").smooth("5 mV"), "no unit for a quantity in s"),
    ],
)
def test_wrong_names_are_answered_with_the_nearest_right_one(run: engram.Run, ask: object, answer: str) -> None:
    with pytest.raises(engram.EngramError, match=answer):
        ask(run)  # type: ignore[operator]


def test_a_missing_variable_is_an_attribute_error_so_that_hasattr_works(run: engram.Run) -> None:
    assert not hasattr(run["P"], "nothing")
    assert hasattr(run["P"], "v")
    with pytest.raises(KeyError):
        _ = run["nothing"]


def test_arithmetic_gives_plain_numbers_and_views_keep_the_unit(run: engram.Run) -> None:
    v = run["P"].v
    assert v[3:9].unit == "V"
    assert type(v * 2) is np.ndarray
    assert type(np.sqrt(v)) is np.ndarray
    assert float(v.sum()) == float(np.asarray(v).sum())
    assert np.allclose(v.to("mV"), np.asarray(v) * 1e3)
    assert repr(v).endswith("V")


def test_spikes_are_a_table_without_a_copy(run: engram.Run) -> None:
    spikes = run.spikes("spikes")
    assert list(spikes.columns) == ["t", "i", "v"]
    assert spikes.attrs["units"] == {"t": "s", "i": "1", "v": "V"}
    assert not np.asarray(spikes["t"]).flags.writeable
    trains = spikes.spike_trains()
    assert len(trains) == 100
    assert sum(map(len, trains.values())) == len(spikes)
    for neuron in (0, 60, 99):
        expected = [t for t, i in zip(spikes["t"], spikes["i"], strict=True) if i == neuron]
        assert trains[neuron].tolist() == expected
    assert [len(train) for train in trains.values()] == run["spikes"].count.tolist()
    assert type(spikes[spikes["i"] > 50]).__name__ == "SpikeTable"


def test_a_recording_has_labels_and_reads_only_what_is_used(run: engram.Run) -> None:
    recording = run.recording("trace")
    assert recording["v"].dims == ("t", "neuron")
    assert recording["neuron"].values.tolist() == [0, 50, 99]
    assert recording["v"].attrs["units"] == "V"
    assert recording["ok"].dtype == bool
    assert not recording["v"].variable._in_memory
    whole = run["trace"].v
    assert np.array_equal(recording["v"].values, whole)
    for key in (slice(3, 50, 4), slice(50, 3, -4), slice(None, None, -1), 17, -1, [5, 1, 100], slice(5, 5)):
        assert np.array_equal(run.recording("trace")["v"].isel(t=key).values, whole[key])
        assert np.array_equal(run.recording("trace")["v"].isel(t=key, neuron=1).values, whole[key][..., 1])
    assert np.array_equal(recording["v"].sel(neuron=99, t=slice(0.01, 0.02)).values, whole[20:41, 2])


def test_a_recording_of_synapses_is_labelled_so(run: engram.Run) -> None:
    recording = run.recording("weights")
    assert recording["g"].dims == ("t", "synapse")
    assert np.array_equal(recording["g"].values[0], run["S"].g)


def test_synapses_are_a_table_and_a_matrix(run: engram.Run) -> None:
    pytest.importorskip("scipy")
    synapses = run.synapses("S")
    assert list(synapses.columns) == ["i", "j", "g", "delay"]
    assert synapses["delay"].unique().tolist() == [1e-3]
    assert run["S"].delay == 1e-3
    assert run["S"].pre.delay.unit == "s"
    assert run["S"].shape == (80, 80)
    dense = np.zeros((80, 80))
    np.add.at(dense, (synapses["i"], synapses["j"]), synapses["g"])
    assert np.array_equal(synapses.matrix("g").toarray(), dense)
    assert synapses.matrix().sum() == len(run["S"])
    with pytest.raises(engram.UnknownName, match="did you mean 'g'"):
        synapses.matrix("G")


def test_smoothing_is_a_weighted_mean_also_at_both_ends() -> None:
    t = np.arange(200) * 1e-3
    rate = engram.Rate(t, np.random.default_rng(1).random(200))
    for window, width in (("gaussian", 7e-3), ("flat", 9e-3)):
        smooth = rate.smooth(width, window)
        for place in (0, 3, 100, 199):
            distance = t - t[place]
            weight = (
                np.exp(-0.5 * (distance / width) ** 2) if window == "gaussian" else (np.abs(distance) <= 4.4e-3) * 1.0
            )
            weight[np.abs(distance) > 28.5e-3] = 0
            assert smooth.rate[place] == pytest.approx((weight * rate.rate).sum() / weight.sum(), rel=1e-12)
    flat = engram.Rate(t, np.ones(200)).smooth("500 ms")
    assert flat.rate == pytest.approx(np.ones(200))


def test_rates_with_unequal_steps_are_refused() -> None:
    with pytest.raises(engram.EngramError, match="steps of 'rate' differ"):
        engram.Rate(np.array([0, 1e-3, 3e-3]), np.ones(3)).smooth(1e-3)


def test_portable_files_read_like_directories(run: engram.Run, tmp_path: Path) -> None:
    packed = run.pack(tmp_path / "p.h5", "trained", "latest")
    assert sorted(packed.names) == ["trained"]
    opened = engram.open(tmp_path / "p.h5", verify=True)
    assert np.array_equal(opened.at("trained")["P"].v, run.at("trained")["P"].v)
    assert opened.at("trained").spikes("spikes").equals(run.at("trained").spikes("spikes"))
    assert opened.at("trained").verify() == []
    data = bytearray((tmp_path / "p.h5").read_bytes())
    data[40] ^= 1
    (tmp_path / "p.h5").write_bytes(data)
    with pytest.raises(engram.DamagedFile, match="first block"):
        engram.open(tmp_path / "p.h5")


@pytest.mark.parametrize("chunked", [False, True])
def test_exports_read_like_directories(run: engram.Run, tmp_path: Path, chunked: bool) -> None:
    exported = run.export(tmp_path / "e.h5", "trained", chunked=chunked)
    trained = run.at("trained")
    assert exported.objects == trained.objects
    assert np.array_equal(exported["P"].v, trained["P"].v)
    assert exported["P"].v.unit == "V"
    assert exported["P"].ok.dtype == bool
    assert float(exported["P"].share) == 3
    assert exported.recording("trace").identical(trained.recording("trace").assign_attrs(checkpoint=exported.latest.id))
    assert np.array_equal(exported.spikes("spikes")["t"], trained.spikes("spikes")["t"])
    assert exported.synapses("S").equals(trained.synapses("S"))
    assert exported["S"].shape == (80, 80)
    assert exported.constants["tau"].unit == "s"
    assert np.array_equal(exported.rate("rate").rate, trained.rate("rate").rate)


def test_a_part_of_a_checkpoint_can_be_exported(run: engram.Run, tmp_path: Path) -> None:
    times = run.at("trained").recording("trace").t.values
    run.export(tmp_path / "part.h5", "trained", only=["P.v[2:5]", "trace"], since=f"{float(times[3])!r} s", until=f"{float(times[6])!r} s")
    with h5py.File(tmp_path / "part.h5") as part:
        assert set(part["objects"]) == {"P"}
        assert set(part["objects/P"]) == {"neuron", "v"}
        assert part["objects/P/neuron"][:].tolist() == [2, 3, 4]
        assert np.array_equal(part["objects/P/v"], np.asarray(run.at("trained")["P"].v)[2:5])
        assert np.array_equal(part["recordings/trace/t"], times[3:7])


def test_an_export_of_all_checkpoints_has_them_all(run: engram.Run, tmp_path: Path) -> None:
    exported = run.export(tmp_path / "all.h5", all=True)
    assert set(run.checkpoints["id"]) | set(run.names) >= set(exported.checkpoints["id"])
    assert len(exported.checkpoints) == len(run.checkpoints)
    assert np.array_equal(exported.at("trained")["P"].v, run.at("trained")["P"].v)


def test_views_are_read_where_they_lie_and_refused_elsewhere(run: engram.Run, tmp_path: Path) -> None:
    view = engram.open(run.path / "live.h5")
    assert np.array_equal(view.spikes("spikes")["t"], run.spikes("spikes")["t"])
    with h5py.File(run.path / "live.h5", locking=False) as file:
        assert file["recordings/spikes/t"].is_virtual
    shutil.copy(run.path / "live.h5", tmp_path / "live.h5")
    with pytest.raises(engram.DamagedFile, match="cannot be moved"):
        engram.open(tmp_path / "live.h5").spikes("spikes")


def test_quantities_of_brian2_have_the_unit(run: engram.Run) -> None:
    brian2 = pytest.importorskip("brian2")
    v = run["P"].v.quantity
    assert brian2.have_same_dimensions(v, brian2.volt)
    assert np.array_equal(np.asarray(v), run["P"].v)


def test_the_status_tells_how_it_ended(run: engram.Run) -> None:
    assert run.status.state == "complete"
    assert run.status.time == pytest.approx(0.07)
    assert "complete" in str(run.status)


def test_a_status_of_a_process_that_is_gone_is_abandoned(run: engram.Run, tmp_path: Path) -> None:
    from engram.reading.status import read_status

    status = json.loads((run.path / "status.json").read_text())
    ended = subprocess.Popen(["true"])
    ended.wait()
    (tmp_path / "status.json").write_text(json.dumps({**status, "state": "running", "process": ended.pid}))
    assert read_status(tmp_path).state == "abandoned"
    (tmp_path / "status.json").write_text(json.dumps({**status, "state": "running", "boot": "before"}))
    assert read_status(tmp_path).state == "abandoned"
    for wrong in ("", "[]", "{}", "[" * 100000):
        (tmp_path / "status.json").write_text(wrong)
        with pytest.raises(engram.DamagedFile):
            read_status(tmp_path)


def test_the_tree_shows_names_and_times(run: engram.Run) -> None:
    drawn = str(run.tree())
    assert "ck-1  t = 0 s" in drawn
    assert "(trained, #good)  t = 0.05 s  after learning" in drawn


def test_printing_shows_what_is_there(run: engram.Run) -> None:
    assert "Synapses S[" in repr(run.at("trained"))
    assert "v[100]  float64  V" in repr(run["P"])


def test_what_is_stored_is_not_set(run: engram.Run) -> None:
    for name in ("v", "w", "name"):
        with pytest.raises(engram.NotPossible, match=f"'P.{name}' is read here and cannot be set.*branch"):
            setattr(run["P"], name, 3)
    assert float(run["P"].v[0]) != 3
