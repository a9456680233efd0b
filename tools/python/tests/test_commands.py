"""Commands of the shell, called as the shell calls them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import engram
from engram.commands import convert, plot, report

pytest.importorskip("matplotlib")


def spoken(capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    found = capsys.readouterr()
    return found.out, found.err


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("raster", ["spikes", "--from", "10ms", "--to", "20 ms"]), ("trace", ["trace", "--variable", "v", "--elements", "0,50"]),
        ("rate", ["--width", "3ms"]), ("rate", ["--width", "0"]), ("isi", ["spikes"]), ("weights", ["S", "--variable", "g"]),
        ("weights_over_time", ["--variable", "g"]), ("connectivity", []), ("tree", []), ("summary", ["--size", "8x6"]),
        ("phase", ["trace", "--variable", "v,ok", "--elements", "50"]),
    ],
)  # fmt: skip
def test_every_kind_of_picture_is_drawn(
    kind: str, more: list[str], run: engram.Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "picture.svg"
    assert plot.main([str(run.path), kind, "-o", str(output), *more]) == 0
    assert spoken(capsys)[0] == f"{output}\n"
    assert output.read_text().startswith("<?xml")


def test_every_function_has_a_kind() -> None:
    from engram import plot as functions

    assert set(plot.KINDS) == set(functions.__all__)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["tree", "spikes"], "whole run"), (["raster", "spiks"], "did you mean 'spikes'"), (["phase", "--variable", "v"], "--variable v,w"),
        (["raster"], "say which"), (["weights"], "--variable w"), (["tree", "--elements", "1"], "has no --elements"),
        (["isi", "spikes", "--from", "1ms"], "has no --from and --to"), (["raster", "spikes", "-o", "x.txt"], "ends in .svg"),
        (["trace", "trace", "--elements", "a"], "list of numbers"), (["tree", "--size", "7"], "size in inches"),
        (["tree", "--size", "axb"], "size in inches"), (["tree", "-o", "/nowhere/x.svg"], "No such file"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_one_paragraph(
    arguments: list[str],
    words: str,
    run: engram.Run,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert plot.main([str(run.path), *arguments]) == 1
    said, complained = spoken(capsys)
    assert said == ""
    assert complained.startswith("error: ")
    assert words in complained
    assert list(tmp_path.iterdir()) == []


def test_wrong_usage_ends_as_in_the_program(run: engram.Run, capsys: pytest.CaptureFixture[str]) -> None:
    for main, arguments, words in (
        (plot.main, [str(run.path), "rastr"], "did you mean 'raster'"),
        (plot.main, [str(run.path), "raster", "--from", "10"], "not a time"),
        (convert.main, [str(run.path), "--to", "nwbb"], "did you mean 'nwb'"),
        (report.main, [], "DIR"),
    ):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 64
        assert words in spoken(capsys)[1]


def test_a_checkpoint_is_meant_by_its_name(run: engram.Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert convert.main([f"{run.path}@trained", "--to", "csv"]) == 0
    assert '"t": 0.05' in (tmp_path / "small-csv" / "columns.json").read_text()
    assert convert.main([f"{run.path}@traind", "--to", "csv", "-o", "x"]) == 1
    assert plot.main([f"{run.path}@trained", "raster", "spikes"]) == 0
    assert (tmp_path / "small-raster.svg").exists()
    pytest.importorskip("plotly")
    assert report.main([f"{run.path}@trained"]) == 0
    assert "t = 50 ms" in (tmp_path / "small.html").read_text()


def test_the_program_runs_the_commands_of_the_package(program: Path, run: engram.Run, tmp_path: Path) -> None:
    if shutil.which("engram-plot", path=str(Path(sys.executable).parent)) is None:
        pytest.skip("the package was installed before it had commands: install it again")
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, check=False)

    listed = call("--help").stdout
    if "SUBCOMMANDS" in listed and "engram-NAME" not in listed:
        pytest.skip("this build of the program is older than its rule for commands")
    assert all(f"\n  {name}\n" in listed for name in ("convert", "plot", "report"))
    drawn = call("plot", str(run.path), "raster", "spikes", "-o", str(tmp_path / "x.png"))
    assert (drawn.returncode, drawn.stdout) == (0, f"{tmp_path / 'x.png'}\n")
    refused = call("plot", str(run.path), "rastr")
    assert refused.returncode == 64
