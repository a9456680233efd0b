"""Pictures show what is there, in units that suit it, and say what they leave out."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

from matplotlib import pyplot  # noqa: E402

import engram  # noqa: E402
from engram import plot  # noqa: E402
from engram.figures import envelope  # noqa: E402
from engram.plot import spikes as spikes_pictures  # noqa: E402
from engram.plot import synapses as synapses_pictures  # noqa: E402


@pytest.fixture(autouse=True)
def closed() -> object:
    yield
    pyplot.close("all")


def words(ax: object) -> str:
    return " ".join(text.get_text() for text in ax.texts)  # type: ignore[attr-defined]


def test_a_raster_has_every_spike(run: engram.Run) -> None:
    ax = plot.raster(run, "spikes")
    spikes = run.spikes("spikes")
    x, y = ax.lines[0].get_data()
    assert np.allclose(x, spikes["t"] * 1e3)
    assert y.tolist() == spikes["i"].tolist()
    assert ax.get_xlabel() == "time (ms)"
    assert ax.get_ylim() == (-0.5, 99.5)
    assert words(ax) == ""
    part = plot.raster(run, "spikes", between=(0.01, 0.02)).lines[0].get_xdata()
    assert len(part) == ((spikes["t"] >= 0.01) & (spikes["t"] < 0.02)).sum()


def test_a_part_of_the_time_may_have_units_and_has_to_end_after_it_begins(run: engram.Run) -> None:
    part = plot.raster(run, "spikes", between=("10 ms", 0.02)).lines[0].get_xdata()
    assert np.array_equal(part, plot.raster(run, "spikes", between=(0.01, 0.02)).lines[0].get_xdata())
    for draw in (lambda times: plot.raster(run, "spikes", between=times), lambda times: plot.trace(run, "trace", "v", between=times)):
        for times in [(0.02, 0.01), (0.01, 0.01), ("20 ms", "10 ms")]:
            with pytest.raises(engram.EngramError, match=r"ends at .* and begins at"):
                draw(times)
        with pytest.raises(engram.EngramError, match=r"a begin and an end, .* found 0\.01"):
            draw(0.01)
        with pytest.raises(engram.EngramError, match="from 5 s on there is nothing"):
            draw((5, 6))


def test_a_picture_of_a_directory_is_that_of_its_run(run: engram.Run) -> None:
    def raster(source: object) -> object:
        return plot.raster(source, "spikes")  # type: ignore[arg-type]

    for draw in (raster, plot.tree, plot.connectivity):
        assert draw(str(run.path)).get_xlim() == draw(run).get_xlim()
    assert plot.weights_over_time(run.path, "g").get_ylim() == plot.weights_over_time(run, "g").get_ylim()
    with pytest.raises(engram.NotARun, match="does not exist"):
        plot.raster("nowhere.engram")


def test_a_raster_of_very_many_spikes_is_a_density_that_counts_them_all(
    run: engram.Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spikes_pictures, "DENSITY_FROM", 10)
    ax = plot.raster(run, "spikes")
    count = len(run.spikes("spikes"))
    assert ax.images[0].get_array().sum() == count
    assert f"density of {count:,} spikes" in words(ax)


def test_a_trace_is_in_the_unit_that_suits_it(run: engram.Run) -> None:
    ax = plot.trace(run, "trace", "v", elements=[99, 0])
    assert ax.get_ylabel() == "v (mV)"
    assert np.allclose(ax.lines[0].get_ydata(), run.recording("trace")["v"].sel(neuron=99) * 1e3)
    assert "2 of 3 recorded" in words(ax)
    with pytest.raises(engram.UnknownName, match="neuron"):
        plot.trace(run, "trace", "v", elements=[7])
    with pytest.raises(engram.EngramError, match="say which"):
        plot.trace(run, "trace")


def test_an_envelope_loses_no_peak() -> None:
    values = np.random.default_rng(3).normal(size=100_003)
    values[77_777], values[5] = 50, -50
    t, y, reduced = envelope(np.arange(values.size), values, 500)
    assert reduced
    assert len(t) == 1000
    assert np.all(np.diff(t) >= 0)
    assert {50.0, -50.0} <= set(y)
    for start, end in zip(
        np.linspace(0, 100_003, 501).astype(int), np.linspace(0, 100_003, 501).astype(int)[1:], strict=False
    ):
        inside = y[(t >= start) & (t < end)]
        assert inside.max() == values[start:end].max()
        assert inside.min() == values[start:end].min()
    assert not envelope(np.arange(100), values[:100], 500)[2]
    assert len(envelope(np.arange(5000), np.full(5000, np.nan), 100)[0]) == 200


def test_a_rate_says_its_window(run: engram.Run) -> None:
    ax = plot.rate(run, width="3 ms")
    assert "gaussian window, 3 ms" in words(ax)
    assert np.allclose(ax.lines[0].get_ydata(), run.rate("rate").smooth("3 ms").rate)
    assert ax.get_ylabel() == "rate (Hz)"


def test_intervals_are_those_between_spikes_of_one_neuron(run: engram.Run) -> None:
    ax = plot.isi(run, "spikes")
    expected = [b - a for train in run.spikes("spikes").spike_trains().values() for a, b in itertools.pairwise(train)]
    assert sum(patch.get_height() for patch in ax.patches) == len(expected)
    assert f"{len(expected):,} intervals, mean {np.mean(expected) * 1e3:.3g} ms" in words(ax)


def test_synapses_as_histogram_matrix_and_over_time(run: engram.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    ax = plot.weights(run, "g")
    assert sum(patch.get_height() for patch in ax.patches) == len(run["S"])
    assert ax.get_xlabel() == "g (µV)"
    over = plot.weights_over_time(run, "g")
    assert over.lines[0].get_xdata().tolist() == pytest.approx([0, 50, 70])
    assert over.lines[0].get_ydata()[-1] == pytest.approx(np.median(run["S"].g) * 1e6)
    connected = plot.connectivity(run)
    assert connected.lines[0].get_xdata().tolist() == run.synapses("S")["j"].tolist()
    assert connected.get_ylabel() == "source (of P[0:80])"
    monkeypatch.setattr(synapses_pictures, "MARKS_UP_TO", 10)
    many = plot.connectivity(run)
    assert many.images[0].get_array().sum() == len(run["S"])
    assert "synapses in 80 × 80 dots" in words(many)
    mean = plot.connectivity(run, variable="g").images[0].get_array()
    assert float(np.nanmax(mean)) == pytest.approx(float(run["S"].g.max()) * 1e6)
    with pytest.raises(engram.UnknownName, match="did you mean 'g'"):
        plot.weights(run, "G")


def test_a_phase_portrait_marks_begin_and_end(run: engram.Run) -> None:
    ax = plot.phase(run, "v", "ok", "trace", element=50)
    v = run.recording("trace")["v"].sel(neuron=50).values * 1e3
    assert np.allclose(ax.lines[0].get_xdata(), v)
    assert ax.lines[1].get_xdata().tolist() == pytest.approx([v[0]])
    assert ax.lines[2].get_xdata().tolist() == pytest.approx([v[-1]])


def test_a_tree_has_a_dot_per_checkpoint_and_the_names(run: engram.Run) -> None:
    ax = plot.tree(run)
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert len(dots) == len(run.checkpoints)
    assert "trained, #good" in words(ax)


def test_a_summary_draws_what_was_recorded(run: engram.Run) -> None:
    axes = plot.summary(run)
    titles = [ax.get_title(loc="left") for ax in axes]
    assert titles == ["spikes", "trace", "trace", "weights", "rate", "S", "spikes"]


def test_the_only_monitor_need_not_be_named_and_several_must(run: engram.Run) -> None:
    assert plot.connectivity(run).get_title(loc="left") == "S"
    with pytest.raises(engram.EngramError, match=r"\(spikes, counts\): say which"):
        plot.raster(run)


CELL = """
seed: 1
objects:
  - kind: SpatialNeuron
    name: cell
    morphology: {MORPHOLOGY}
    model: |
      Im = 1e-4*siemens/cm**2*(-65*mV - v) : amp/metre**2
      I : amp (point current)
    initial: {v: -65 mV, "[0].I": 0.05 nA}
run: 5 ms
"""
SECTIONS = (
    "{shape: soma, diameter: 20 um}, {shape: cylinder, name: a, diameter: 2 um, length: 100 um, n: 10}, "
    "{shape: cylinder, name: L, parent: a, diameter: 1 um, length: 60 um, n: 5}, "
    "{shape: cylinder, name: R, parent: a, diameter: 1 um, length: 90 um, n: 5}"
)


@pytest.mark.parametrize("has_places", [True, False])
def test_a_morphology_has_a_line_for_each_compartment_and_the_colour_of_its_value(
    has_places: bool, program: object, tmp_path: Path
) -> None:
    shape = f"{{sections: [{SECTIONS}], generate_coordinates: {str(has_places).lower()}}}"
    (tmp_path / "cell.yaml").write_text(CELL.replace("{MORPHOLOGY}", shape))
    run = engram.run(tmp_path / "cell.yaml", directory=tmp_path / "cell.engram")
    ax = plot.morphology(run)
    lines = ax.collections[0]
    v = np.asarray(run["cell"].v)
    assert len(lines.get_segments()) == 20
    assert np.allclose(lines.get_array(), v[1:] * 1e3)
    assert ax.figure.axes[-1].get_ylabel() == "v (mV)"
    assert len(ax.collections) == 2
    assert ("no coordinates" in words(ax)) == (not has_places)
    if has_places:
        assert ax.get_xlabel() == "x (µm)"
        # As thick as they are: the first branch is twice as thick as those that grow from it.
        widths = lines.get_linewidths()
        assert widths[0] == pytest.approx(2 * widths[-1], rel=1e-6) or widths[-1] == 0.8
    with pytest.raises(engram.EngramError, match=r"'w'"):
        plot.morphology(run, variable="w")
    with pytest.raises(engram.EngramError):
        plot.morphology(run, view="zx")
