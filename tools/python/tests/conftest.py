from __future__ import annotations

import os
from pathlib import Path

import pytest

import engram

CHECKOUT = Path(__file__).resolve().parents[3]

MODEL = """\
name: small
dt: 0.1 ms
seed: 7
constants: {tau: 10 ms, w: 0.2 mV}
objects:
  - kind: NeuronGroup
    name: P
    N: 100
    model: |
      dv/dt = (drive - v)/tau : volt (unless refractory)
      drive : volt (constant)
      k : integer
      ok : boolean
      share : 1 (shared)
    threshold: v > 10*mV
    reset: v = 0*mV
    refractory: 2 ms
    method: exact
    initial: {drive: "20*mV*i/N", v: "rand()*10*mV", k: 3*i, ok: "i > 5", share: "3"}
  - kind: Synapses
    name: S
    source: P[0:80]
    target: P[20:]
    model: "g : volt"
    on_pre: v_post += g
    delay: 1 ms
    connect: {p: 0.1}
    initial: {g: "w*rand()"}
  - {kind: SpikeMonitor, name: spikes, source: P, variables: [v]}
  - {kind: SpikeMonitor, name: counts, source: P, record: false}
  - {kind: StateMonitor, name: trace, source: P, variables: [v, ok], record: [0, 50, 99], dt: 0.5 ms}
  - {kind: StateMonitor, name: weights, source: S, variables: g, record: true, dt: 10 ms}
  - {kind: PopulationRateMonitor, name: rate, source: P}
run:
  - run: 50 ms
  - store: {name: trained, comment: after learning, tags: [good]}
  - run: 20 ms
"""


@pytest.fixture(scope="session")
def program() -> Path:
    """The program, in the build that the tests of the rest use."""
    debug = CHECKOUT / ".build" / "debug" / "engram"
    if "ENGRAM" not in os.environ and debug.exists():
        os.environ["ENGRAM"] = str(debug)
    return engram.find_program().path


@pytest.fixture(scope="session")
def place(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `small.yaml` and its finished run, read and never changed by the tests."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "small.yaml").write_text(MODEL)
    engram.run(folder / "small.yaml", directory=folder / "small.engram")
    return folder


@pytest.fixture(scope="session")
def run(place: Path) -> engram.Run:
    return engram.open(place / "small.engram", verify=True)
