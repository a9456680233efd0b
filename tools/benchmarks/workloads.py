"""The benchmark models as Engram model files: the same equations, numbers and sizes as the peers' scripts use.

Sources: CUBA and COBA Hodgkin-Huxley: Brette et al. (2007), J. Comput. Neurosci. 23:349, benchmarks 2 and 3.
Brunel: Brunel (2000), J. Comput. Neurosci. 8:183, model A. STDP: Song, Miller & Abbott (2000), Nat. Neurosci. 3:919.
"""


def cuba(n, ms):
    p = 0.02 * 4000 / n
    return f"""
constants: {{tm: 20 ms, te: 5 ms, ti: 10 ms, el: -49 mV, vth: -50 mV, vr: -60 mV, we: 1.62 mV, wi: -9 mV}}
objects:
  - kind: NeuronGroup
    name: P
    N: {n}
    model: |
      dv/dt  = (el - v + ge + gi)/tm : volt (unless refractory)
      dge/dt = -ge/te : volt
      dgi/dt = -gi/ti : volt
    threshold: v > vth
    reset: v = vr
    refractory: 5 ms
    method: exact
    initial: {{v: vr + rand()*(vth - vr)}}
  - {{kind: Synapses, name: exc, source: "P[0:{int(n * 0.8)}]", target: P, on_pre: ge += we, connect: {{p: {p!r}}}}}
  - {{kind: Synapses, name: inh, source: "P[{int(n * 0.8)}:]", target: P, on_pre: gi += wi, connect: {{p: {p!r}}}}}
  - {{kind: SpikeMonitor, name: count, source: P, record: false}}
run: {ms} ms
"""


def cobahh(n, ms):
    p = 0.02 * 4000 / n
    return f"""
constants:
  cap: 200 pF
  gl: 10 nS
  gna: 20000 nS
  gk: 6000 nS
  el: -60 mV
  ena: 50 mV
  ek: -90 mV
  vt: -63 mV
  te: 5 ms
  ti: 10 ms
  ee: 0 mV
  ei: -80 mV
  we: 6 nS
  wi: 67 nS
objects:
  - kind: NeuronGroup
    name: P
    N: {n}
    model: |
      dv/dt = (gl*(el-v) + ge*(ee-v) + gi*(ei-v) + gna*m**3*h*(ena-v) + gk*n**4*(ek-v))/cap : volt
      dge/dt = -ge/te : siemens
      dgi/dt = -gi/ti : siemens
      u = (v - vt)/mV : 1
      dm/dt = (0.32*4/exprel((13-u)/4)*(1-m) - 0.28*5/exprel((u-40)/5)*m)/ms : 1
      dn/dt = (0.032*5/exprel((15-u)/5)*(1-n) - 0.5*exp((10-u)/40)*n)/ms : 1
      dh/dt = (0.128*exp((17-u)/18)*(1-h) - 4/(1+exp((40-u)/5))*h)/ms : 1
    threshold: v > -40*mV
    refractory: 3 ms
    method: exponential_euler
    initial:
      v: el + 5*(randn() - 1)*mV
      ge: (randn()*1.5 + 4)*10*nS
      gi: (randn()*12 + 20)*10*nS
  - {{kind: Synapses, name: exc, source: "P[0:{int(n * 0.8)}]", target: P, on_pre: ge += we, connect: {{p: {p!r}}}}}
  - {{kind: Synapses, name: inh, source: "P[{int(n * 0.8)}:]", target: P, on_pre: gi += wi, connect: {{p: {p!r}}}}}
  - {{kind: SpikeMonitor, name: count, source: P, record: false}}
run: {ms} ms
"""


def brunel(n, ms):
    excitatory = int(n * 0.8)
    external = int(excitatory * 0.1)
    rate = 2.0 * 20.0 / (0.1 * external * 20e-3)
    return f"""
constants: {{tm: 20 ms, vth: 20 mV, vr: 10 mV, je: 0.1 mV, ji: -0.5 mV}}
objects:
  - kind: NeuronGroup
    name: P
    N: {n}
    model: "dv/dt = -v/tm : volt (unless refractory)"
    threshold: v > vth
    reset: v = vr
    refractory: 2 ms
    method: exact
    initial: {{v: rand()*vr}}
  - {{kind: PoissonInput, target: P, target_var: v, N: {external}, rate: {rate!r} Hz, weight: 0.1 mV}}
  - {{kind: Synapses, name: exc, source: "P[0:{excitatory}]", target: P, on_pre: v_post += je, delay: 1.5 ms, connect: {{p: 0.1}}}}
  - {{kind: Synapses, name: inh, source: "P[{excitatory}:]", target: P, on_pre: v_post += ji, delay: 1.5 ms, connect: {{p: 0.1}}}}
  - {{kind: SpikeMonitor, name: count, source: P, record: false}}
run: {ms} ms
"""


def stdp(n, n_post, ms):
    return f"""
constants: {{tm: 10 ms, te: 5 ms, el: -74 mV, ee: 0 mV, vth: -54 mV, vr: -60 mV, gmax: 0.01, tpre: 20 ms, tpost: 20 ms,
  dpre: 0.0001, dpost: -0.000105}}
objects:
  - {{kind: PoissonGroup, name: input, N: {n}, rates: 15 Hz}}
  - kind: NeuronGroup
    name: P
    N: {n_post}
    model: |
      dv/dt = (el - v + ge*(ee - v))/tm : volt
      dge/dt = -ge/te : 1
    threshold: v > vth
    reset: v = vr
    method: euler
    initial: {{v: el}}
  - kind: Synapses
    name: S
    source: input
    target: P
    model: |
      w : 1
      dxpre/dt = -xpre/tpre : 1 (event-driven)
      dxpost/dt = -xpost/tpost : 1 (event-driven)
    on_pre: |
      ge_post += w
      xpre += dpre
      w = clip(w + xpost, 0, gmax)
    on_post: |
      xpost += dpost
      w = clip(w + xpre, 0, gmax)
    connect: true
    initial: {{w: rand()*gmax}}
  - {{kind: SpikeMonitor, name: pre, source: input, record: false}}
  - {{kind: SpikeMonitor, name: count, source: P, record: false}}
run: {ms} ms
"""


def state_update(model, n, ms):
    equations, threshold, reset, method, constants, initial = {
        "lif": ("dv/dt = (mu - v)/tau : volt", "v > 20*mV", "v = 0*mV", "exact", "{mu: 21 mV, tau: 20 ms}", "rand()*20*mV"),
        "lif_noise": ("dv/dt = (mu - v)/tau + sigma*sqrt(2/tau)*xi : volt", "v > 20*mV", "v = 0*mV", "euler",
                      "{mu: 15 mV, tau: 20 ms, sigma: 4 mV}", "rand()*15*mV"),
        "izhikevich": ("dv/dt = (0.04*v**2 + 5*v + 140 - u + 10)/ms : 1\n      du/dt = 0.02*(0.2*v - u)/ms : 1", "v > 30",
                       "v = -65; u += 8", "euler", "{}", "-65 + 10*rand()"),
        "adex": ("dv/dt = (gl*(el - v) + gl*slope*exp((v - vt)/slope) - w + 800*pA)/cap : volt\n"
                 "      dw/dt = (aa*(v - el) - w)/tw : amp", "v > 0*mV", "v = -60*mV; w += 80.5*pA", "euler",
                 "{gl: 30 nS, el: -70.6 mV, slope: 2 mV, vt: -50.4 mV, cap: 281 pF, aa: 4 nS, tw: 144 ms}", "el + rand()*15*mV"),
    }[model]
    return f"""
constants: {constants}
objects:
  - kind: NeuronGroup
    name: P
    N: {n}
    model: |
      {equations}
    threshold: {threshold}
    reset: {reset}
    method: {method}
    initial: {{v: {initial}}}
  - {{kind: SpikeMonitor, name: count, source: P, record: false}}
run: {ms} ms
"""


def statemon(n, ms):
    return state_update("lif", n, ms).replace(
        "run:", "  - {kind: StateMonitor, name: trace, source: P, variables: v, record: true}\nrun:")


def spikemon(n, ms):
    return f"""
objects:
  - kind: NeuronGroup
    name: P
    N: {n}
    model: "dv/dt = 1/ms : 1"
    threshold: v > 1
    reset: v = 0
    method: euler
    initial: {{v: rand()}}
  - {{kind: SpikeMonitor, name: count, source: P}}
run: {ms} ms
"""


def connect(n, ms):
    return f"""
objects:
  - {{kind: NeuronGroup, name: P, N: {n}, model: "v : 1", threshold: v > 1, reset: v = 0}}
  - {{kind: Synapses, name: S, source: P, model: "w : 1", on_pre: v_post += w, connect: {{p: {1e7 / n / n!r}}}, initial: {{w: rand()}}}}
run: {ms} ms
"""


# name: (model text, arguments of the peer's script, simulated ms of one repetition)
WORKLOADS = {
    "cuba-4000": (cuba(4000, 1000), ["cuba", "--n", "4000"], 1000),
    "cuba-20000": (cuba(20000, 1000), ["cuba", "--n", "20000"], 1000),
    "cuba-100000": (cuba(100000, 1000), ["cuba", "--n", "100000"], 1000),
    "cobahh-4000": (cobahh(4000, 1000), ["cobahh", "--n", "4000"], 1000),
    "cobahh-40000": (cobahh(40000, 100), ["cobahh", "--n", "40000", "--ms", "100"], 100),
    "brunel-12500": (brunel(12500, 1000), ["brunel", "--n", "12500"], 1000),
    "stdp-1000x1": (stdp(1000, 1, 10000), ["stdp", "--n", "1000", "--n-post", "1", "--ms", "10000"], 10000),
    "stdp-1000x1000": (stdp(1000, 1000, 1000), ["stdp", "--n", "1000", "--n-post", "1000"], 1000),
    "lif-1e6": (state_update("lif", 1000000, 100), ["state_update", "--model", "lif", "--n", "1000000", "--ms", "100"], 100),
    "lif-1e7": (state_update("lif", 10000000, 10), ["state_update", "--model", "lif", "--n", "10000000", "--ms", "10"], 10),
    "lif_noise-1e6": (state_update("lif_noise", 1000000, 100),
                      ["state_update", "--model", "lif_noise", "--n", "1000000", "--ms", "100"], 100),
    "izhikevich-1e6": (state_update("izhikevich", 1000000, 100),
                       ["state_update", "--model", "izhikevich", "--n", "1000000", "--ms", "100"], 100),
    "adex-1e6": (state_update("adex", 1000000, 100), ["state_update", "--model", "adex", "--n", "1000000", "--ms", "100"], 100),
    "statemon-800MB": (statemon(10000, 1000), ["statemon", "--n", "10000"], 1000),
    "spikemon-9e6": (spikemon(10000, 1000), ["spikemon", "--n", "10000"], 1000),
    "connect-1e7": (connect(10000, 0.1), ["connect", "--n", "10000", "--p", "0.1", "--ms", "0.1"], 0.1),
}

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
