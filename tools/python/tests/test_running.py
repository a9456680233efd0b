"""The verbs of the program from Python."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import engram
from conftest import MODEL
from engram.program import error_from

LONG = """\
name: long
seed: 1
objects:
  - {kind: NeuronGroup, name: G, N: 100, model: "dv/dt = (2 - v)/(10*ms) : 1", threshold: v > 1, reset: v = 0, method: euler}
  - {kind: SpikeMonitor, name: M, source: G}
run: 1000 s
"""


@pytest.fixture
def model(program: Path, tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(MODEL)
    return path


def test_a_run_ends_and_the_same_call_again_changes_nothing(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = model.parent / "r.engram"
    run = engram.run(model, until="20 ms", directory=place, constants={"w": "0.4 mV"}, seed=5, progress=True)
    assert run.outcome is not None
    assert run.outcome.outcome == "reachedTarget"
    assert run.t == pytest.approx(0.02)
    assert run.latest.seed == 5
    assert float(run.constants["w"]) == pytest.approx(4e-4)
    run.resume(until=0.03)
    assert run.t == pytest.approx(0.03)
    digest = run.digest()
    assert run.resume(until=0.03).outcome.outcome == "alreadyComplete"  # type: ignore[union-attr]
    assert run.digest() == digest
    run.resume()
    whole = engram.run(model, directory=model.parent / "w.engram", constants={"w": "0.4 mV"}, seed=5)
    assert whole.digest() == run.digest()


def test_a_run_ends_where_the_system_does_not_tell_the_end_of_a_process(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> int:
        raise PermissionError("forbidden in this container")

    monkeypatch.setattr(os, "pidfd_open", refused)
    run = engram.run(model, directory=model.parent / "r.engram")
    assert run.outcome is not None
    assert run.outcome.outcome == "reachedEnd"


def test_a_mistake_in_the_file_is_an_exception_with_its_place(program: Path, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(MODEL.replace("/tau", "/tau_m"))
    with pytest.raises(engram.ProgramError, match="'tau_m' is not defined") as caught:
        engram.run(path)
    assert caught.value.line == 10
    assert caught.value.file is not None
    assert caught.value.file.endswith("bad.yaml")
    assert caught.value.excerpt is not None
    line, caret = caught.value.excerpt.split("\n")
    assert line[caret.index("^") :].startswith("tau_m")
    assert caught.value.status == 1
    with pytest.raises(engram.ProgramError, match="no model file"):
        engram.run(tmp_path / "nothing.yaml")
    with pytest.raises(engram.ProgramError, match="no constant of that name"):
        engram.run(path, constants={"Tau": 1})


def test_answers_without_a_place_are_errors_without_one() -> None:
    error = error_from("the disk is full", 1, ["engram"])
    assert (error.file, error.line, error.excerpt) == (None, None, None)


def test_arranging_checkpoints(model: Path) -> None:
    run = engram.run(model, directory=model.parent / "a.engram")
    run.tag("trained", "one", "two")
    assert run.at("trained").tags == ("one", "two")
    run.rename("trained", "learned")
    assert "trained" not in run.names
    run.store("end")
    assert run.at("end").t == pytest.approx(0.07)
    run.store("end")
    with pytest.raises(engram.NotPossible, match="stored as 'end'"):
        run.store("other")
    difference = run.diff("learned", "end")
    assert not difference["equal"]
    assert run.diff("end", "end")["equal"]
    assert run.verify()["sound"]
    run.branch("learned", "line")
    assert run.tree().nodes[-1].parent == run.at("learned").id
    assert "freed_bytes" in run.gc()
    with pytest.raises(engram.UnknownName, match="did you mean 'learned'"):
        run.branch("lerned", "x")
    with pytest.raises(engram.ProgramError, match="exists"):
        run.rename("end", "learned")
    run.remove("learned")
    assert "learned" not in run.names


def test_a_branch_with_other_values_equals_a_file_that_says_so(model: Path) -> None:
    run = engram.run(model, directory=model.parent / "b.engram")
    branch = run.branch(
        "trained",
        "t7",
        model.parent / "t7.engram",
        set={"S.g": "1 mV", "P.drive[0:10]": "15 mV"},
        constants={"tau": "12 ms"},
        seed=3,
    )
    assert np.allclose(branch["S"].g, 1e-3, rtol=1e-15)
    assert branch.t == pytest.approx(0.05)
    branch.resume(for_="20 ms")
    again = engram.open(branch.path)
    assert again.t == pytest.approx(0.07)
    by_hand = MODEL.replace(
        "  - run: 20 ms\n",
        "  - seed: 3\n  - constants: {tau: 12 ms}\n  - set: {S.g: 1 mV, 'P.drive[0:10]': 15 mV}\n  - run: 20 ms\n",
    )
    (model.parent / "hand.yaml").write_text(by_hand)
    expected = engram.run(model.parent / "hand.yaml", directory=model.parent / "hand.engram")
    for item in ("v", "drive", "lastspike"):
        assert np.array_equal(again["P"][item], expected["P"][item])
    assert again.spikes("spikes").equals(expected.spikes("spikes"))


def test_a_branch_that_is_refused_leaves_nothing_behind(model: Path) -> None:
    run = engram.run(model, directory=model.parent / "c.engram")
    before = sorted(path.name for path in model.parent.iterdir())
    checkpoints = len(run.checkpoints)
    for target in (model.parent / "x.engram", None):
        with pytest.raises(engram.ProgramError, match="nothing"):
            run.branch("trained", "x", target, set={"S.nothing": 1})
        with pytest.raises(engram.ProgramError, match="tauu"):
            run.branch("trained", "x", target, constants={"tauu": 1})
    assert sorted(path.name for path in model.parent.iterdir()) == before
    assert len(run.checkpoints) == checkpoints


def test_a_branch_inside_a_directory_and_inside_a_step_goes_on_with_the_steps_of_its_parent(model: Path) -> None:
    run = engram.run(model, until="10 ms", directory=model.parent / "d.engram", constants={"w": "0.3 mV"})
    run.branch("latest", "slow", set={"S.g": 0}, dt="0.05 ms", seed="reseed:4")
    run.resume(at="slow")
    assert run.t == pytest.approx(0.07)
    assert run.at("slow").line == "slow"
    assert run.at("slow").changes[0] == "dt: 100 us → 50 us"
    assert run.at("slow").changes[2] == "S.g = 0"
    assert float(run.at("slow").constants["w"]) == pytest.approx(3e-4)
    assert np.all(np.asarray(run.at("slow")["S"].g) == 0)


def test_the_state_at_any_time_is_rebuilt_and_is_that_of_a_run_that_stops_there(model: Path) -> None:
    run = engram.run(model, directory=model.parent / "e.engram")
    there = run.at("61.2 ms")
    assert there.t == pytest.approx(0.0612)
    stopped = engram.run(model, until="61.2 ms", directory=model.parent / "stopped.engram")
    for item in ("v", "drive", "lastspike"):
        assert np.array_equal(there["P"][item], stopped["P"][item])
    assert run.at(0.0612).id == there.id
    # The run goes on from where it was.
    assert run.t == pytest.approx(0.07)
    aside = run.at("12 ms", to=model.parent / "aside.engram")
    assert aside.t == pytest.approx(0.012)
    assert engram.open(model.parent / "aside.engram").t == pytest.approx(0.012)
    with pytest.raises(engram.ProgramError, match="no step"):
        run.at("61.23 ms")
    with pytest.raises(engram.ProgramError):
        run.at("1 s")
    with pytest.raises(engram.UnknownName, match="did you mean 'trained'"):
        run.at("traind")
    with pytest.raises(engram.EngramError, match="belongs to a time"):
        run.at("trained", to=model.parent / "f.engram")


WILD = """\
name: wild
seed: 1
objects:
  - {kind: NeuronGroup, name: G, N: 3, model: "dv/dt = v/ms : 1", threshold: v > 1e9, method: euler, initial: {v: "1 + i"}}
run: 100 ms
"""


def test_a_watchdog_ends_a_run_with_an_error_that_says_what_bit(program: Path, tmp_path: Path) -> None:
    (tmp_path / "wild.yaml").write_text(WILD)
    with pytest.raises(engram.WatchdogError, match=r"G\.v\[2\]") as caught:
        engram.run(tmp_path / "wild.yaml", directory=tmp_path / "w.engram", watch={"nan": True, "bounds": {"G.v": (None, 10)}})
    assert caught.value.status == 76
    assert caught.value.watchdog["variable"] == "v" or caught.value.watchdog["variable"] == "G.v"
    assert caught.value.watchdog["element"] == 2
    assert caught.value.checkpoint is not None
    run = engram.open(tmp_path / "w.engram")
    before = run.at(caught.value.checkpoint)
    assert np.all(np.asarray(before["G"].v) <= 10)
    with pytest.raises(engram.WatchdogError):
        run.resume(watch={"bounds": {"G.v": ":10"}})
    assert run.resume(until="5 ms", watch=False).t == pytest.approx(0.005)
    for wrong, words in (
        ({"nam": True}, "did you mean 'nan'"), ({"nan": ["G.v"]}, "True or False"), ({"bounds": {"G.v": (None, None)}}, "at least one"),
        ({"bounds": {"G.v": 3}}, "a pair"), ({"rate": "3 Hz"}, "a mapping"),
    ):  # fmt: skip
        with pytest.raises(engram.EngramError, match=words):
            run.resume(watch=wrong)  # type: ignore[arg-type]


def test_warnings_of_the_program_are_warnings_here(program: Path, tmp_path: Path) -> None:
    (tmp_path / "same.yaml").write_text(WILD.replace("run: 100 ms", "run: [{repeat: {count: 2, steps: [{run: 1 ms}, {store: same}]}}]"))
    with pytest.warns(engram.EngramWarning, match="every round stores 'same' again"):
        engram.run(tmp_path / "same.yaml", directory=tmp_path / "s.engram")


def test_a_sweep_of_a_file_is_one_table(model: Path) -> None:
    conditions = engram.product(w=["0.1 mV", "0.2 mV"], seed=[1, 2])
    options = {"directory": model.parent / "sweep", "until": "20 ms"}

    def measure(run: engram.Run) -> dict[str, object]:
        return {"spikes": len(run.spikes("spikes")), "w_of_run": float(run.constants["w"])}

    table = engram.sweep(model, conditions, measure, jobs=2, **options)
    assert table[["w", "seed"]].to_dict("records") == conditions
    assert table["w_of_run"].tolist() == pytest.approx([1e-4, 1e-4, 2e-4, 2e-4])
    assert table["run"].nunique() == 4
    again = engram.sweep(model, pd.DataFrame(conditions[::-1]), measure, **options)
    assert again["spikes"].tolist() == table["spikes"].tolist()[::-1]
    with pytest.raises(engram.EngramError, match="more than once"):
        engram.sweep(model, {"seed": [1, 1]}, measure, **options)
    failed = engram.sweep(model, {"tauu": ["1 ms"]}, measure, errors="keep", **options)
    assert "tauu" in failed["error"][0]


def test_a_sweep_of_branches_sets_variables(model: Path) -> None:
    run = engram.run(model, directory=model.parent / "e.engram")
    table = engram.sweep(
        run, {"S.g": ["0 mV", "3 mV"]}, lambda found: {"g": float(found["S"].g[0]), "t": found.t},
        at="trained", for_="10 ms", directory=model.parent / "branches",
    )  # fmt: skip
    assert table["g"].tolist() == pytest.approx([0, 3e-3])
    assert table["t"].tolist() == pytest.approx([0.06, 0.06])
    steps = engram.sweep(
        run, {"dt": ["0.1 ms", "0.05 ms"], "seed": ["same", 5]},
        lambda found: {"changes": " ".join(found.at("condition").changes), "t": found.t},
        at="trained", for_="10 ms", directory=model.parent / "steps",
    )  # fmt: skip
    assert steps["changes"].tolist() == ["dt: 100 us → 100 us", "dt: 100 us → 50 us seed: 7 → 5"]
    assert steps["t"].tolist() == pytest.approx([0.06, 0.06])


def start(tmp_path: Path, ending: str) -> subprocess.Popen[bytes]:
    (tmp_path / "long.yaml").write_text(LONG)
    code = f"import engram\nengram.run({str(tmp_path / 'long.yaml')!r}, directory={str(tmp_path / 'long.engram')!r}){ending}"
    process = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE)
    waited = 0.0
    while waited < 60:
        try:
            if engram.open(tmp_path / "long.engram").status.time > 0.01:
                return process
        except engram.EngramError:
            pass
        time.sleep(0.05)
        waited += 0.05
    raise AssertionError("the run did not begin")


def finished(directory: Path) -> engram.Run:
    """The run once no process works on it any more."""
    run = engram.open(directory)
    for _ in range(1200):
        if run.status.state != "running":
            return run
        time.sleep(0.05)
    raise AssertionError("a process goes on with the run")


def test_a_run_is_readable_while_it_goes_on_and_ctrl_c_stores_a_checkpoint(program: Path, tmp_path: Path) -> None:
    process = start(tmp_path, "")
    run = engram.open(tmp_path / "long.engram", verify=True)
    assert run.status.state == "running"
    for _ in range(100):
        if run.status.rates:
            break
        time.sleep(0.1)
    # From rest to the threshold in 10 ms · ln 2.
    assert run.status.rates["G"] == pytest.approx(1 / (0.01 * np.log(2)), rel=0.03)
    assert 0 < run.status.share < 1
    assert run.objects["M"] == "SpikeMonitor"
    with pytest.raises(engram.NotPossible, match="USR1"):
        run.store("now")
    with pytest.raises(engram.ProgramError, match="is being written by process"):
        run.resume()
    os.kill(process.pid, signal.SIGINT)
    _, told = process.communicate()
    assert b"KeyboardInterrupt" in told
    assert finished(run.path).status.state == "stopped"
    assert run.t > 0.01
    assert run.latest.verify() == []
    assert len(run.spikes("M")) > 0


def test_a_python_that_is_killed_takes_its_run_with_it_and_loses_nothing(program: Path, tmp_path: Path) -> None:
    process = start(tmp_path, "")
    process.kill()
    process.wait()
    run = finished(tmp_path / "long.engram")
    assert run.status.state == "stopped"
    assert run.t > 0.01


def test_a_program_that_a_script_stands_before_ends_with_python_too(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tmp_path / "engram-with-words"
    before.write_text(f'#!/bin/sh\n"{program}" "$@"\nexit $?\n')
    before.chmod(0o755)
    monkeypatch.setenv("ENGRAM", str(before))
    process = start(tmp_path, "")
    process.kill()
    process.wait()
    run = finished(tmp_path / "long.engram")
    assert run.status.state == "stopped"


def test_the_program_is_found_and_its_absence_told(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGRAM", "/nowhere/engram")
    with pytest.raises(engram.ProgramNotFound, match="ENGRAM is '/nowhere/engram'"):
        engram.find_program()
    monkeypatch.delenv("ENGRAM")
    monkeypatch.setenv("PATH", str(program.parent))
    assert "checkout" in str(engram.find_program()) or "PATH" in str(engram.find_program())
    monkeypatch.setattr("engram.program.__file__", "/elsewhere/engram/program.py")
    assert "PATH" in str(engram.find_program())
    installed = SimpleNamespace(name="engram", parent=SimpleNamespace(name="bin"), locate=lambda: sys.executable)
    monkeypatch.setattr("importlib.metadata.files", lambda _: [installed])
    assert engram.find_program().where == "installed with the package"
    monkeypatch.setattr("importlib.metadata.files", lambda _: None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(engram.ProgramNotFound, match="swift build"):
        engram.find_program()
