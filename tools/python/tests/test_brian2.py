"""Scripts of Brian 2 on the device, compared with what Brian 2 itself gives (``reference.npz``)."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

brian2 = pytest.importorskip("brian2")

import engram  # noqa: E402
import engram.brian2  # noqa: E402
from reference import PLACE, execute, mark  # noqa: E402
from scripts import SCRIPTS  # noqa: E402


@pytest.fixture(scope="module")
def reference() -> dict[str, np.ndarray]:
    brian2.prefs.codegen.target = "numpy"
    with np.load(PLACE) as file:
        return dict(file)


@pytest.fixture
def device(program: Path, tmp_path: Path) -> object:
    """A directory on the device, and afterwards Brian 2 as it was."""
    brian2.prefs.codegen.target = "numpy"
    directory = tmp_path / "run.engram"
    brian2.set_device("engram", directory=directory)
    yield directory
    brian2.set_device("runtime")
    brian2.magic_network.schedule = None


SOME = list(SCRIPTS) if os.environ.get("ENGRAM_ALL_SCRIPTS") else list(SCRIPTS)[::4]
"""Every fourth script, so that all tests take less than two minutes; all of them with ENGRAM_ALL_SCRIPTS=1."""

NEED_29 = {"linked variables of synapses"}


@pytest.mark.parametrize("name", SOME)
def test_a_script_gives_what_brian2_gives(name: str, reference: dict[str, np.ndarray], device: Path) -> None:
    if name in NEED_29 and tuple(map(int, brian2.__version__.split(".")[:2])) < (2, 9):
        pytest.skip("Brian 2 has this since version 2.9")
    prefix = mark(SCRIPTS[name]) + "/"
    expected = {key.removeprefix(prefix): values for key, values in reference.items() if key.startswith(prefix)}
    found = execute(SCRIPTS[name])
    assert expected, "reference.npz is older than this script: run tests/reference.py"
    assert found.keys() == expected.keys()
    for key, values in expected.items():
        assert found[key].shape == values.shape, key
        scale = (
            max(1e-12, float(np.max(np.abs(values[np.isfinite(values)]), initial=0))) if values.dtype.kind == "f" else 0
        )
        part = 1e-6 if values.dtype == np.float32 else 1e-9
        assert np.allclose(found[key], values, rtol=0, atol=part * scale, equal_nan=True), key


REFUSED = {
    "Python in the middle of a step": (
        "@network_operation(when='thresholds')\ndef act(): pass\n",
        "NetworkOperation 'networkoperation.*in the middle of a step",
    ),
    "Python that would be called for hours": (
        "@network_operation\ndef act(): pass\nrun(10*second)\n",
        "would be called 100000 times .* about 2 hours",
    ),
    "Python behind something of the same slot": (
        "M = StateMonitor(G, 'x', record=True, name='a')\n@network_operation\ndef act(): pass\n",
        "'a' would come before it",
    ),
    "a function that is no formula": (
        "@check_units(x=1, result=1)\ndef odd(x):\n  for _ in range(3): x = x/2\n  return x\n"
        "H = NeuronGroup(1, 'dx/dt = -odd(x)/ms : 1', method='euler')\n",
        "uses the function 'odd', which cannot be written as a formula: its line .* is more than a formula: 'for _ in",
    ),
    "a function that draws": (
        "@check_units(x=1, result=1)\ndef drawn(x): return x*np.random.rand()\nG.x = 1\n"
        "H = NeuronGroup(1, 'dx/dt = -drawn(x)/ms : 1', method='euler')\n",
        "uses the function 'drawn'.*it calls 'np.random.rand'",
    ),
    "C++ that is more than a formula": (
        "@implementation('cpp', 'double slow(double x) { double y = x; y *= 2; return y; }')\n"
        "@check_units(x=1, result=1)\ndef slow(x): raise NotImplementedError\n"
        "H = NeuronGroup(1, 'dx/dt = -slow(x)/ms : 1', method='euler')\n",
        "uses the function 'slow'.*C\\+\\+ code is more than one return",
    ),
    "a fixed step of a method of another library": (
        "H = NeuronGroup(1, 'dx/dt = -x/ms : 1', method='gsl_rkck', method_options={'adaptable_timestep': False})\n",
        "'gsl_rkck' without adaptable steps is not there",
    ),
    "a cable of small numbers": (
        "S = SpatialNeuron(Cylinder(length=10*um, diameter=1*um, n=3), 'Im = 0*amp/meter**2 : amp/meter**2', dtype=np.float32)\n",
        "of 32 bits",
    ),
    "a method in Python": ("H = NeuronGroup(1, 'dx/dt = -x/ms : 1', method=lambda *a: '')\n", "integration method"),
    "a link that is missing": ("H = NeuronGroup(1, 'x : 1 (linked)')\n", "was not linked"),
    "synapses that were never connected": ("S = Synapses(G, G, on_pre='x_post += 1')\n", "connect"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_carried_over_is_refused_before_anything_runs(name: str, device: Path) -> None:
    lines, reason = REFUSED[name]
    begin = "G = NeuronGroup(1, 'x : 1', threshold='x > 1', reset='')\n"
    with pytest.raises(engram.NotPossible, match=reason) as caught:
        execute(f"{begin}{lines}run(1*ms)\nresult = dict()\n")
    assert "script.py:" in str(caught.value)
    assert "Nothing was run" in str(caught.value)
    assert not device.exists()


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("Network(G).run(1*mV)", "takes a time"),
    ],
)
def test_calls_that_cannot_be_carried_over_say_so(lines: str, reason: str, device: Path) -> None:
    with pytest.raises(engram.EngramError, match=reason):
        execute(f"G = NeuronGroup(1, 'x : 1')\n{lines}\nresult = dict()\n")
    assert not device.exists()


def test_runs_that_are_put_off_are_executed_when_somebody_looks_or_at_build(program: Path, tmp_path: Path) -> None:
    directory = tmp_path / "late.engram"
    brian2.set_device("engram", build_on_run=False, directory=directory)
    begin = "G = NeuronGroup(2, 'dv/dt = -v/(10*ms) : 1', method='exact', name='cells')\nG.v = 'i + 1'\nrun(3*ms)\n"
    execute(f"{begin}run(2*ms)\nresult = dict()\n")
    assert not directory.exists()
    brian2.get_device().build()
    assert np.allclose(engram.open(directory).at("run-2")["cells"].v, np.array([1, 2]) * np.exp(-0.5))
    brian2.set_device("engram", build_on_run=False, directory=tmp_path / "looked.engram")
    found = execute(
        f"{begin}seen = np.array(G.v)\nG.v = 2\nrun(2*ms)\ndevice.build()\nresult = dict(seen=seen, v=G.v)\n"
    )
    assert np.allclose(found["seen"], np.array([1, 2]) * np.exp(-0.3))
    assert np.allclose(found["v"], 2 * np.exp(-0.2))
    brian2.set_device("runtime")


def test_a_model_file_that_grows_reads_as_the_document_that_it_was_made_of(tmp_path: Path) -> None:
    from engram.brian2.document import ModelText, as_read, parse

    text, path = ModelText(), tmp_path / "model.yaml"
    document = {
        "name": "script",
        "run": [],
        "objects": [{"name": "G", "model": "x : 1\ny : 1", "values": [0.1, 1e-300, 3]}],
    }
    text.write(document, path)
    assert parse(path.read_text(), "") == as_read(document)
    for _ in range(2):
        document["run"] += [
            {"set": {"G.x": {"values": [1.5, 2.5], "unit": "volt"}}},
            {"run": "0.5 second"},
            {"store": "run-1"},
        ]
        document["run"].insert(-1, {"run": "0 second"})
        text.write(document, path)
        assert parse(path.read_text(), "") == as_read(document)
    del document["run"][2:]
    text.write(document, path)
    assert parse(path.read_text(), "")["run"] == document["run"]
    assert "values: [1.5, 2.5]" in path.read_text().replace('"', "")


@pytest.mark.parametrize("method", ["gsl", "gsl_rk2", "gsl_rk4", "gsl_rkf45", "gsl_rkck", "gsl_rk8pd"])
def test_methods_of_the_scientific_library_become_adaptive_methods(method: str, device: Path) -> None:
    """Brian 2 itself needs the library for them, so the value is that of theory: a step of the clock is 20 time constants."""
    found = execute(f"""
G = NeuronGroup(2, 'dv/dt = -v/(5*us) : 1', method='{method}', method_options=dict(absolute_error=1e-9, max_steps=10000))
G.v = 1
run(0.1*ms)
result = dict(v=G.v)
""")
    assert np.allclose(found["v"], np.exp(-20), atol=1e-6)


@pytest.mark.parametrize(
    ("sources", "targets", "options"),
    [
        (40, 60, "p=0.3"),
        (30, 1500, "p=0.01"),
        (70, 1001, "p=0.0004"),
        (5, 2000, "p=0.24"),
        (5, 2000, "p=0.26"),
        (50, 50, "condition='i != j', p=0.2"),
        (50, 50, "'j!=i'"),
        (3, 4, ""),
        (3, 4, "p=0"),
    ],
)
@pytest.mark.parametrize("at_once", [None, 1000])
def test_random_synapses_are_those_that_brian2_draws(
    sources: int, targets: int, options: str, at_once: int | None, device: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if at_once is not None:
        monkeypatch.setattr("engram.brian2.pairs._AT_ONCE", at_once)
    lines = f"""
G = NeuronGroup(100, 'x : 1')
H = NeuronGroup(2100, 'x : 1')
S = Synapses(G[100 - {sources}:], H[30:30 + {targets}], 'w : 1', multisynaptic_index='k')
np.random.seed(5)
for _ in range(2):
    S.connect({options})
    S.w = 'j'
result = dict(i=S.i, j=S.j, k=S.k, w=S.w, more=np.random.rand(), incoming=S.N_incoming, outgoing=S.N_outgoing)
"""
    found = execute(lines)
    brian2.set_device("runtime")
    expected = execute(lines)
    assert all(np.array_equal(found[key], expected[key]) for key in expected)


def test_connections_that_are_no_probability_are_brian2s(device: Path) -> None:
    lines = """
G = NeuronGroup(20, 'x : 1')
S = Synapses(G, G, 'w : 1')
np.random.seed(5)
few = 3
S.connect(condition='abs(i - j) < few', p=0.5)
S.connect(p=0.1, n=2)
S.connect(p='i/20.0')
result = dict(i=S.i, j=S.j)
"""
    found = execute(lines)
    brian2.set_device("runtime")
    expected = execute(lines)
    assert all(np.array_equal(found[key], expected[key]) for key in expected)
    with pytest.raises(ValueError, match="combine condition"):
        execute("G = NeuronGroup(2, 'x : 1')\nS = Synapses(G, G)\nS.connect(True, i=0, j=1)\nresult = {}")


def test_nothing_is_compiled_for_a_script_that_does_not_ask_for_it(device: Path) -> None:
    from brian2.codegen.runtime.cython_rt import CythonCodeObject
    from brian2.codegen.runtime.numpy_rt import NumpyCodeObject

    brian2.prefs.codegen.target = "auto"
    assert brian2.get_device().code_object_class() is NumpyCodeObject
    brian2.prefs.codegen.target = "cython"
    assert brian2.get_device().code_object_class() is CythonCodeObject
    brian2.prefs.codegen.target = "numpy"


def test_an_object_is_made_in_a_line_of_the_script(device: Path) -> None:
    cells = brian2.NeuronGroup(2, "x : 1")
    for thing in (brian2.Synapses(cells, cells), cells):
        assert f"File '{__file__}', line" in thing._creation_stack
        assert "places.py" not in thing._full_creation_stack.rsplit("File", 1)[1]


def test_what_the_program_refuses_names_the_line_of_the_script(program: Path, tmp_path: Path) -> None:
    path = tmp_path / "wrong.py"
    path.write_text(
        "from brian2 import *\nimport engram.brian2\nset_device('engram', directory='x.engram')\n"
        "G = NeuronGroup(3, 'dv/dt = -v/(3*ms) : 1', method='exact')\n"
        "H = NeuronGroup(2, 'dv/dt = -v/taux : 1', name='other')\nH.run_regularly('v += 1')\n"
        "K = NeuronGroup(2, 'x : 1')\nrun(1*ms)\n"
    )
    done = subprocess.run([sys.executable, path], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "'taux' is not defined here" in done.stderr
    assert f"'other' was made in {path}:5" in done.stderr


def test_a_line_of_a_model_file_belongs_to_an_object_or_to_none() -> None:
    lines = """\
"dt": 1
"objects":
- "kind": "NeuronGroup"
  "name": "a"
  "run_regularly":
  - "code": "v = 1"
    "name": "b"
- "kind": "Synapses"
  "name": "c"
"run":
- "restore":
    "name": "d"
- "add":
  - "kind": "NeuronGroup"
    "name": "e"
    "N": 5""".splitlines()
    found = [engram.brian2.document.object_at(lines, number) for number in range(1, len(lines) + 2)]
    assert found == [None, None, *"aaaaacc", None, None, None, None, *"eeee"]


def test_a_device_that_is_activated_again_begins_another_simulation(device: Path) -> None:
    found = execute("""
ends = []
for start in (1, 2):
    G = NeuronGroup(1, 'dv/dt = -v/(10*ms) : 1', method='exact')
    G.v = start
    run(5*ms)
    ends.append(np.array(G.v))
    device.reinit()
    device.activate()
result = dict(ends=ends)
""")
    assert np.allclose(found["ends"], np.array([[1], [2]]) * np.exp(-0.5))
    assert device.with_name("run-2.engram").exists()


def test_options_that_the_device_does_not_know_are_named(program: Path) -> None:
    with pytest.raises(engram.EngramError, match="does not know 'diretory'"):
        brian2.set_device("engram", diretory="x")
    brian2.set_device("runtime")


@pytest.mark.parametrize("name", ["week-1", "1st run.engram", "v1.2", "läuft ü", "new/folder/x", "…"])
def test_a_run_directory_may_have_any_name(name: str, device: Path, tmp_path: Path) -> None:
    brian2.set_device("engram", directory=tmp_path / name)
    found = execute("""
G = NeuronGroup(600, 'dv/dt = -v/(10*ms) : 1', method='exact')
G.v = np.arange(600)
run(1*ms)
result = dict(v=G.v)
""")
    assert np.allclose(found["v"], np.arange(600) * np.exp(-0.1))
    assert (tmp_path / f"{name.removesuffix('.engram')}.engram" / "FORMAT").exists()


def test_damaged_values_are_told_and_not_read(device: Path) -> None:
    lines = """
G = NeuronGroup(60000, 'dv/dt = -v/(10*ms) : 1', method='exact', name='cells')
G.v = np.arange(60000) + 1
run(1*ms)
result = dict(v=G.v)
"""
    value = np.float64(execute(lines)["v"][30000]).tobytes()
    damaged = 0
    for path in (path for path in device.rglob("*") if path.is_file()):
        data = path.read_bytes()
        if value in data:
            path.write_bytes(data.replace(value, value[:-3] + bytes([value[-3] ^ 1]) + value[-2:]))
            damaged += 1
    assert damaged
    brian2.set_device("engram", directory=device)
    with pytest.raises(engram.DamagedFile, match="checksum"):
        execute(lines)


def test_a_script_is_the_same_in_every_process(program: Path, tmp_path: Path) -> None:
    path = tmp_path / "sets.py"
    path.write_text("""
from brian2 import *
import engram.brian2
set_device('engram', directory='sets.engram')
names = ['a', 'b', 'c', 'd', 'f']
A = TimedArray([1, 2], dt=1*ms)
B = TimedArray([3, 4], dt=1*ms)
G = NeuronGroup(3, '\\n'.join(f'd{name}/dt = (p + q + A(t) + B(t))*Hz : 1' for name in names), threshold='a > 0', method='euler')
p, q = 1, 2
G.run_regularly('a += p')
S = Synapses(G, G, 'x : 1', on_pre={'one': 'x += p', 'two': 'x += q'})
S.connect()
M = [StateMonitor(G, True, record=True), StateMonitor(G, set(names), record=0), SpikeMonitor(G, variables=names)]
net = Network(collect())
net.add(M)
net.run(1*ms)
print(M[2].num_spikes)
""")
    told = [
        subprocess.run(
            [sys.executable, path], cwd=tmp_path, capture_output=True, text=True, check=False,
            env=dict(os.environ, PYTHONHASHSEED=str(seed)),
        )
        for seed in range(4)
    ]  # fmt: skip
    assert [done.returncode for done in told] == [0] * 4, told[-1].stderr
    assert len({done.stdout for done in told}) == 1


@pytest.mark.parametrize("directory", ["", 7, "below/a file/x"])
def test_a_run_directory_that_cannot_be_is_refused_at_once(directory: object, device: Path, tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "a file").touch()
    given = str(tmp_path / directory) if directory and isinstance(directory, str) else directory
    with pytest.raises(engram.EngramError, match=r"is the name of a run directory|x\.engram' was to lie, cannot be made"):
        brian2.set_device("engram", directory=given)


def test_objects_made_before_the_device_are_told(program: Path, tmp_path: Path) -> None:
    early = brian2.NeuronGroup(1, "x : 1")
    brian2.set_device("engram", directory=tmp_path / "x.engram")
    with pytest.raises(engram.NotPossible, match="before set_device"):
        brian2.Network(early).run(1 * brian2.ms)
    brian2.set_device("runtime")


NOISY = """
G = NeuronGroup(40, '''dv/dt = (drive - v)/(10*ms) + 0.5*xi*(10*ms)**-0.5 : 1
                       drive : 1''', threshold='v > 1', reset='v = 0', method='euler', name='cells')
G.drive = 'rand()*2'
P = PoissonGroup(20, 50*Hz, name='source')
S = Synapses(P, G, 'w : 1', on_pre='v_post += w', name='wires'); S.connect(p=0.3); S.w = '0.1*rand()'
I = PoissonInput(G, 'v', 10, 20*Hz, 0.05)
M, R = SpikeMonitor(G, name='spikes'), SpikeMonitor(P, name='input')
run(LONG*ms)
store('middle')
first = M.num_spikes
S.w *= 1.5
run(LONG*ms)
restore('middle')
G.drive += 0.2
run(LONG*ms)
result = dict(first=first, n=M.num_spikes, t=M.t, r=R.num_spikes, w=S.w, v=G.v)
"""


def test_a_script_without_a_seed_gives_the_same_when_it_is_started_again(program: Path, tmp_path: Path) -> None:
    script = "from brian2 import *\nimport numpy as np\n" + NOISY.replace("LONG", "20").replace(
        "I = PoissonInput", "# "
    )
    found = []
    for _ in range(2):
        space: dict[str, object] = {}
        brian2.set_device("engram", directory=tmp_path / "noisy.engram")
        brian2.start_scope()
        exec(script, space)
        found.append(space["result"])
    brian2.set_device("runtime")
    assert np.array_equal(found[0]["t"], found[1]["t"])
    assert np.array_equal(found[0]["v"], found[1]["v"])
    assert engram.open(tmp_path / "noisy.engram").names.keys() >= {"run-1", "run-2", "run-3", "store-middle"}


def test_another_script_in_the_same_directory_is_told_what_differs(device: Path) -> None:
    script = "G = NeuronGroup(2, 'dv/dt = -v/ms : 1', method='exact', name='cells')\nG.v = 1\nrun(1*ms)\nresult = dict(v=G.v)\n"
    execute(script)
    brian2.set_device("engram", directory=device)
    with pytest.raises(engram.EngramError, match=r"holds a run of another script: .*model was .*fresh=True"):
        execute(script.replace("-v/ms", "-2*v/ms"))
    brian2.set_device("engram", directory=device, fresh=True)
    again = execute(script.replace("-v/ms", "-2*v/ms"))
    assert np.allclose(again["v"], np.exp(-2))


def test_poisson_and_noise_have_the_right_distribution(device: Path) -> None:
    found = execute("""
P = PoissonGroup(500, 'i*0.1*Hz')
Q = PoissonGroup(500, rates=20*Hz)
N = NeuronGroup(1000, 'dx/dt = -x/(5*ms) + xi*(5*ms)**-0.5 : 1', method='euler')
T = NeuronGroup(1, 'x : 1')
I = PoissonInput(T, 'x', N=200, rate=30*Hz, weight=1)
M, L = SpikeMonitor(P, record=False), SpikeMonitor(Q, record=False)
run(200*ms)
Q.rates = 40*Hz
run(200*ms)
result = dict(n=M.count, m=L.num_spikes, x=N.x, t=T.x)
""")
    expected = np.arange(500) * 0.1 * 0.4
    assert abs(found["n"].sum() - expected.sum()) < 5 * np.sqrt(expected.sum())
    assert np.corrcoef(found["n"], expected)[0, 1] > 0.85
    assert abs(found["m"] - 6000) < 5 * np.sqrt(6000)
    assert abs(found["x"].var() - 0.5) < 5 * 0.5 * np.sqrt(2 / 1000) + 0.01
    assert abs(found["t"][0] - 2400) < 5 * np.sqrt(2400)


def test_a_script_killed_again_and_again_ends_with_the_same_bits(program: Path, tmp_path: Path) -> None:
    script = (
        "from brian2 import *\nimport engram.brian2, sys\nprefs.codegen.target = 'numpy'\n"
        "set_device('engram', directory=sys.argv[1], checkpoint_every=25*ms)\nseed(8)\n" + NOISY.replace("LONG", "250")
    )
    path = tmp_path / "noisy.py"
    path.write_text(script + "print('done')\n")
    undisturbed = subprocess.run([sys.executable, path, tmp_path / "a"], capture_output=True, text=True, check=True)
    assert "done" in undisturbed.stdout
    generator = random.Random(2)
    killed = 0
    for _ in range(12):
        process = subprocess.Popen(
            [sys.executable, path, tmp_path / "b"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        wanted = generator.uniform(0.05, 0.4)
        began = None
        # The moment counts from the first sign of life of the run, so that kills fall into all of its parts.
        while process.poll() is None and killed < 2:
            try:
                moving = engram.open(tmp_path / "b.engram").status.state == "running"
            except engram.EngramError:
                moving = False
            began = began or (time.monotonic() if moving else None)
            if began is not None and time.monotonic() - began > wanted:
                os.kill(process.pid, signal.SIGKILL)
                break
            time.sleep(0.02)
        out, told = process.communicate()
        if process.returncode == 0:
            assert "done" in out
            break
        assert process.returncode == -signal.SIGKILL, told
        killed += 1
    assert killed == 2
    assert engram.open(tmp_path / "b.engram").digest() == engram.open(tmp_path / "a.engram").digest()
