"""The workloads that Engram is compared on: their models, which the program has itself (engram bench), and what its peers are given.

Sources: CUBA and COBA Hodgkin-Huxley: Brette et al. (2007), J. Comput. Neurosci. 23:349, benchmarks 2 and 3.
Brunel: Brunel (2000), J. Comput. Neurosci. 8:183, model A. STDP: Song, Miller & Abbott (2000), Nat. Neurosci. 3:919.
"""
import subprocess

# name: (workload of `engram bench`, neurons, simulated ms of one repetition, arguments of the peer's script)
WORKLOADS = {
    "cuba-4000": ("cuba", 4000, 1000, ["cuba", "--n", "4000"]),
    "cuba-20000": ("cuba", 20000, 1000, ["cuba", "--n", "20000"]),
    "cuba-100000": ("cuba", 100000, 1000, ["cuba", "--n", "100000"]),
    "cobahh-4000": ("cobahh", 4000, 1000, ["cobahh", "--n", "4000"]),
    "cobahh-40000": ("cobahh", 40000, 100, ["cobahh", "--n", "40000", "--ms", "100"]),
    "brunel-12500": ("brunel", 12500, 1000, ["brunel", "--n", "12500"]),
    "stdp-1000x1": ("stdp_single", 1000, 10000, ["stdp", "--n", "1000", "--n-post", "1", "--ms", "10000"]),
    "stdp-1000x1000": ("stdp", 1000, 1000, ["stdp", "--n", "1000", "--n-post", "1000"]),
    "lif-1e3": ("lif", 1000, 10000, ["state_update", "--model", "lif", "--n", "1000", "--ms", "10000"]),
    "lif-1e4": ("lif", 10000, 10000, ["state_update", "--model", "lif", "--n", "10000", "--ms", "10000"]),
    "lif-1e5": ("lif", 100000, 1000, ["state_update", "--model", "lif", "--n", "100000", "--ms", "1000"]),
    "lif-1e6": ("lif", 1000000, 100, ["state_update", "--model", "lif", "--n", "1000000", "--ms", "100"]),
    "lif-1e7": ("lif", 10000000, 10, ["state_update", "--model", "lif", "--n", "10000000", "--ms", "10"]),
    "lif_noise-1e6": ("lif_noise", 1000000, 100, ["state_update", "--model", "lif_noise", "--n", "1000000", "--ms", "100"]),
    "izhikevich-1e6": ("izhikevich", 1000000, 100, ["state_update", "--model", "izhikevich", "--n", "1000000", "--ms", "100"]),
    "adex-1e6": ("adex", 1000000, 100, ["state_update", "--model", "adex", "--n", "1000000", "--ms", "100"]),
    "statemon-800MB": ("statemon", 10000, 1000, ["statemon", "--n", "10000"]),
    "spikemon-9e6": ("spikemon", 10000, 1000, ["spikemon", "--n", "10000"]),
    "connect-1e7": ("connect", 10000, 0.1, ["connect", "--n", "10000", "--p", "0.1", "--ms", "0.1"]),
}


def model(name, program):
    """The model file of a workload, as the program itself has it."""
    workload, neurons, milliseconds, _ = WORKLOADS[name]
    return subprocess.run(
        [program, "bench", workload, "--show", "--neurons", str(neurons), "--for", f"{milliseconds}ms"], capture_output=True, text=True,
        check=True).stdout


# How many times faster than Brian 2's C++ standalone Engram is meant to be.
GOALS = {
    "cuba-4000": 2, "cuba-20000": 2.5, "cuba-100000": 2.5, "cobahh-4000": 6, "cobahh-40000": 6, "brunel-12500": 5, "stdp-1000x1": 2.5,
    "stdp-1000x1000": 2, "lif-1e6": 3, "lif_noise-1e6": 6, "izhikevich-1e6": 2.2, "adex-1e6": 3, "statemon-800MB": 2, "spikemon-9e6": 2,
    "connect-1e7": 2,
}

# Arguments of the script for NEST, for the models that it has; it simulates less of the slow ones, which the comparison allows for.
NEST = {
    "cuba-4000": ["cuba", "--n", "4000"],
    "cuba-20000": ["cuba", "--n", "20000"],
    "cuba-100000": ["cuba", "--n", "100000", "--ms", "200", "--warm-ms", "100"],
    "brunel-12500": ["brunel", "--n", "12500", "--ms", "300", "--warm-ms", "100"],
    "cobahh-4000": ["cobahh", "--n", "4000", "--ms", "200", "--warm-ms", "100"],
    "cobahh-40000": ["cobahh", "--n", "40000", "--ms", "20", "--warm-ms", "60"],
    "stdp-1000x1": ["stdp", "--n", "1000", "--n-post", "1", "--ms", "10000"],
    "stdp-1000x1000": ["stdp", "--n", "1000", "--n-post", "1000"],
    "lif-1e6": ["state_update", "--n", "1000000", "--model", "iaf_psc_exp", "--ms", "5"],
    "izhikevich-1e6": ["state_update", "--n", "1000000", "--model", "izhikevich", "--ms", "5"],
    "connect-1e7": ["connect", "--n", "10000", "--p", "0.1", "--ms", "1"],
}
