"""``engram brian2 SCRIPT.py``: scripts that know nothing of Engram."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("brian2")

import engram

SCRIPT = """\
from brian2 import *
import sys
prefs.codegen.target = 'numpy'
set_device('cpp_standalone', directory=None)
seed(4)
G = NeuronGroup(20, '''dv/dt = (drive - v)/(10*ms) + 0.1*xi*(10*ms)**-0.5 : 1
                       drive : 1''', threshold='v > 1', reset='v = 0', method='euler', name='cells')
G.drive = 'rand()*2'
S = Synapses(G, G, on_pre='v_post += 0.01', name='wires'); S.connect(p=0.2)
M = SpikeMonitor(G, name='spikes')
run(20*ms)
G.drive *= 1.5
run(20*ms)
if __name__ == '__main__':
    print('spikes', M.num_spikes, sys.argv[1:])
"""

POOL = """\
from brian2 import *
import multiprocessing
prefs.codegen.target = 'numpy'
def one(drive):
    seed(3)
    G = NeuronGroup(1, 'dv/dt = (drive - v)/(10*ms) : 1', threshold='v > 1', reset='v = 0', method='exact')
    M = SpikeMonitor(G)
    net = Network(G, M)
    net.run(30*ms)
    return int(M.num_spikes)
if __name__ == '__main__':
    with multiprocessing.get_context('fork').Pool(2) as pool:
        print(pool.map(one, [0.5, 1.5, 3, 5]))
"""


SHARED = """\
from brian2 import *
import multiprocessing
prefs.codegen.target = 'numpy'
seed(3)
G = NeuronGroup(1, '''dv/dt = (drive - v)/(10*ms) : 1
                       drive : 1''', threshold='v > 1', reset='v = 0', method='exact')
M = SpikeMonitor(G)
net = Network(G, M)
net.store()
def one(drive):
    net.restore()
    G.drive = drive
    net.run(30*ms)
    return int(M.num_spikes)
if __name__ == '__main__':
    with multiprocessing.get_context('fork').Pool(2) as pool:
        print(pool.map(one, [0.5, 1.5, 3, 5], chunksize=1))
"""


def command(*words: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    source = Path(__file__).parents[1] / "src"
    call = "import sys; from engram.brian2.command import main; sys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", call, *map(str, words)], capture_output=True, text=True, cwd=folder,
        env={**os.environ, "PYTHONPATH": str(source)}, check=False,
    )  # fmt: skip


def test_a_script_runs_as_it_is_and_again_without_simulating(program: Path, tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(SCRIPT)
    first = command("net.py", "one", "--two", folder=tmp_path)
    assert first.returncode == 0, first.stderr
    words = first.stdout.split()
    assert words[0] == "spikes"
    assert int(words[1]) == len(engram.open(tmp_path / "net.engram").spikes("spikes"))
    assert first.stdout.strip().endswith("['one', '--two']")
    before = engram.open(tmp_path / "net.engram").digest()
    second = command("net.py", "one", "--two", folder=tmp_path)
    assert second.stdout == first.stdout
    assert engram.open(tmp_path / "net.engram").digest() == before


def test_a_script_may_have_any_name(program: Path, tmp_path: Path) -> None:
    (tmp_path / "01 first-net.v2.py").write_text(SCRIPT)
    done = command("01 first-net.v2.py", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert engram.open(tmp_path / "01_first-net.v2.engram").status.time == pytest.approx(0.04)


def test_the_model_file_of_a_script_gives_what_the_script_gives(program: Path, tmp_path: Path) -> None:
    # Nothing is computed from results: the whole script can be written down before anything runs.
    (tmp_path / "net.py").write_text(SCRIPT.replace("G.drive *= 1.5", "M.active = False"))
    assert command("net.py", folder=tmp_path).returncode == 0
    done = command("--convert", "--in", "file", "net.py", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(tmp_path / "file.yaml")
    assert "net.py:15: the script looks at results here" in done.stderr
    assert not (tmp_path / "file.engram").exists()
    made = engram.run(tmp_path / "file.yaml", directory=tmp_path / "made.engram")
    scripts_own = engram.open(tmp_path / "net.engram")
    assert len(scripts_own.spikes("spikes"))
    assert np.array_equal(made.spikes("spikes")["t"], scripts_own.spikes("spikes")["t"])
    assert np.array_equal(made["cells"].v, scripts_own["cells"].v)


def test_what_is_refused_is_one_sentence_with_its_line(program: Path, tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(
        SCRIPT.replace("method='euler'", "method='gsl_rkck', method_options={'adaptable_timestep': False}")
    )
    done = command("net.py", folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr.strip().startswith("error: net.py:6: NeuronGroup 'cells': the method 'gsl_rkck'")
    assert not (tmp_path / "net.engram").exists()


def test_a_mistake_of_the_script_is_shown_as_python_shows_it(program: Path, tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text("a = 1\nb = a/0\n")
    done = command("net.py", folder=tmp_path)
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr
    assert 'net.py", line 2' in done.stderr
    assert "command.py" not in done.stderr


@pytest.mark.parametrize("script", [POOL, SHARED])
def test_simulations_of_a_pool_have_directories_of_their_own(script: str, program: Path, tmp_path: Path) -> None:
    (tmp_path / "pool.py").write_text(script)
    done = command("pool.py", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    # v = I (1 - exp(-t/tau)) reaches 1 every tau ln(I/(I - 1)), rounded up to whole steps.
    steps = [int(np.ceil(100 * np.log(drive / (drive - 1)))) for drive in (1.5, 3, 5)]
    assert done.stdout.strip() == str([0, *((299 // step) for step in steps)])
    assert len(list(tmp_path.glob("pool-*.engram"))) == (4 if script == POOL else 2)
