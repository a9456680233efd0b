"""The recipes of Documentation/Clusters.md do what they say. That of SLURM is tried by tools/slurm/preempt.py."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

import engram
from conftest import CHECKOUT

PAGE = (CHECKOUT / "Documentation" / "Clusters.md").read_text(encoding="utf-8")
MODEL = """\
name: net
seed: 1
objects:
  - {kind: NeuronGroup, name: G, N: 500, model: "dv/dt = (2 - v)/(10*ms) + 0.1*xi*sqrt(1/ms) : 1", threshold: v > 1, reset: v = 0, method: euler}
  - {kind: SpikeMonitor, name: M, source: G}
run: 20 s
"""


def samples(heading: str, kind: str) -> list[str]:
    section = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    assert section is not None
    return re.findall(rf"```{kind}\n(.*?)```", section[1], re.DOTALL)


@pytest.fixture
def place(program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the model, in which `engram` is a command."""
    (tmp_path / "net.yaml").write_text(MODEL)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "engram").symlink_to(program)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def undisturbed(place: Path, **options: int) -> str:
    return engram.run(place / "net.yaml", until="20 s", directory=place / "whole.engram", **options).digest()


def worker(directory: Path, before: int | None = None) -> int:
    """The process that writes a run, once there is another one than before."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            status = engram.open(directory).status
            if status.state == "running" and status.process not in (None, before):
                return int(status.process)
        except (engram.EngramError, OSError):
            pass  # it is not there yet
        time.sleep(0.01)
    raise AssertionError(f"nobody works in {directory}")


def test_the_script_of_the_page_is_the_one_of_the_tools() -> None:
    script = (CHECKOUT / "tools" / "slurm" / "array.sbatch").read_text(encoding="utf-8")
    assert samples("SLURM", "bash") == [script]
    subprocess.run(["bash", "-n"], input=script, text=True, check=True)


def test_a_shell_goes_on_after_a_stop_and_a_kill_and_ends_with_a_mistake(place: Path) -> None:
    script = place / "go-on"
    script.write_text(samples("A plain shell", "sh")[0])
    script.chmod(0o755)
    command = "run net.yaml --until 20s --in week.engram -q"
    assert f"engram {command}" in PAGE
    directory = place / "week.engram"
    process = subprocess.Popen([script, "engram", *command.split()])
    stopped = worker(directory)
    os.kill(stopped, signal.SIGTERM)
    os.kill(worker(directory, stopped), signal.SIGKILL)
    assert process.wait() == 0
    assert engram.open(directory).digest() == undisturbed(place)
    assert subprocess.run([script, "engram", "run", "absent.yaml"], check=False, capture_output=True).returncode == 1


def test_a_run_with_a_time_limit_says_75_until_it_is_complete(place: Path) -> None:
    line = samples("A plain shell", "sh")[1].splitlines()[-1]
    statuses = []
    while 0 not in statuses:
        # A little longer each time, since a busy machine needs most of it to begin.
        limited = line.replace("11h", f"{0.4 * (len(statuses) + 1)}s")
        statuses.append(subprocess.run(["bash", "-c", limited], check=False).returncode)
        assert len(statuses) < 50
    assert set(statuses[:-1]) <= {75}
    assert engram.open(place / "nights.engram").digest() == undisturbed(place)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")
def test_systemd_takes_the_unit(place: Path) -> None:
    unit = place / "engram@.service"
    text = samples("systemd", "ini")[0]
    unit.write_text(text.replace("/usr/local/bin/engram", str(place / "bin" / "engram")))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", f"{place}/engram@week.service"],
        check=False,
        capture_output=True,
        text=True,
    )
    if "cgroup" in done.stderr or "Failed to initialize manager" in done.stderr:
        pytest.skip("systemd cannot look at units here")
    assert str(unit.name) not in done.stderr
    assert done.returncode == 0


@pytest.mark.skipif(shutil.which("parallel") is None, reason="GNU parallel is not on this machine")
def test_parallel_goes_on_with_what_was_stopped(place: Path) -> None:
    first, again = samples("GNU parallel", "sh")
    process = subprocess.Popen(["bash", "-c", f"exec {first}"])
    worker(place / "run-1.engram")
    process.send_signal(signal.SIGTERM)
    subprocess.run(["pkill", "-TERM", "-P", str(process.pid)], check=False)
    assert process.wait() != 0
    assert not (place / "run-4.engram").exists()
    subprocess.run(["bash", "-c", again], check=True)
    assert engram.open(place / "run-1.engram").digest() == undisturbed(place, seed=1)
    for number in range(1, 5):
        assert engram.open(place / f"run-{number}.engram").t == 20
