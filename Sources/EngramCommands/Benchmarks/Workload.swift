/// A standard model by which machines, releases and simulators are compared: a model file for any number of neurons.
struct Workload: Sendable {
  let name: String
  /// What it is and what it asks of a machine, in one sentence.
  let about: String
  /// How many neurons it has where nobody says another number.
  let neurons: Int
  /// How long it is simulated [ms] where nobody says another time.
  let milliseconds: Double
  /// The objects of the model; the time comes behind them.
  fileprivate let objects: @Sendable (_ neurons: Int) -> String

  /// The whole model file.
  func text(neurons: Int, milliseconds: Double) -> String {
    "name: \(name)\nseed: 1234\n\(objects(neurons))\nrun: \(milliseconds) ms\n"
  }

  static func named(_ name: String) -> Workload? { all.first { $0.name == name } }

  static let all: [Workload] = [
    Workload(
      name: "cuba", about: "integrate-and-fire neurons with current-based synapses (Brette et al. 2007, benchmark 2)", neurons: 4000,
      milliseconds: 1000, objects: cuba),
    Workload(
      name: "cobahh", about: "Hodgkin-Huxley neurons with conductance-based synapses (Brette et al. 2007, benchmark 3)", neurons: 4000,
      milliseconds: 1000, objects: cobahh),
    Workload(
      name: "brunel", about: "a balanced network with delays of 1.5 ms and a tenth of all pairs connected (Brunel 2000, model A)",
      neurons: 12500, milliseconds: 1000, objects: brunel),
    Workload(
      name: "stdp_single", about: "spike-timing-dependent plasticity of the inputs of one neuron (Song, Miller & Abbott 2000)", neurons: 1000,
      milliseconds: 10000, objects: { stdp($0, targets: 1) }),
    Workload(
      name: "stdp", about: "the same rule between two groups of this size, all to all", neurons: 1000, milliseconds: 1000,
      objects: { stdp($0, targets: $0) }),
    Workload(
      name: "lif", about: "leaky integrate-and-fire neurons alone: bound by memory", neurons: 1_000_000, milliseconds: 100,
      objects: {
        stateUpdate($0, ["dv/dt = (mu - v)/tau : volt"], "{mu: 21 mV, tau: 20 ms}", "v > 20*mV", "v = 0*mV", "exact", "rand()*20*mV")
      }),
    Workload(
      name: "lif_noise", about: "the same with white noise: bound by random numbers", neurons: 1_000_000, milliseconds: 100,
      objects: {
        stateUpdate(
          $0, ["dv/dt = (mu - v)/tau + sigma*sqrt(2/tau)*xi : volt"], "{mu: 15 mV, tau: 20 ms, sigma: 4 mV}", "v > 20*mV", "v = 0*mV", "euler",
          "rand()*15*mV")
      }),
    Workload(
      name: "izhikevich", about: "two equations without transcendental functions", neurons: 1_000_000, milliseconds: 100,
      objects: {
        stateUpdate(
          $0, ["dv/dt = (0.04*v**2 + 5*v + 140 - u + 10)/ms : 1", "du/dt = 0.02*(0.2*v - u)/ms : 1"], "{}", "v > 30", "v = -65; u += 8", "euler",
          "-65 + 10*rand()")
      }),
    Workload(
      name: "adex", about: "adaptive exponential neurons: bound by exp", neurons: 1_000_000, milliseconds: 100,
      objects: {
        stateUpdate(
          $0,
          [
            "dv/dt = (gl*(el - v) + gl*slope*exp((v - vt)/slope) - w + 800*pA)/cap : volt", "dw/dt = (aa*(v - el) - w)/tw : amp",
          ], "{gl: 30 nS, el: -70.6 mV, slope: 2 mV, vt: -50.4 mV, cap: 281 pF, aa: 4 nS, tw: 144 ms}", "v > 0*mV",
          "v = -60*mV; w += 80.5*pA", "euler", "el + rand()*15*mV")
      }),
    Workload(
      name: "statemon", about: "one variable of all neurons recorded at every step: bound by the disk", neurons: 10000, milliseconds: 1000,
      objects: {
        stateUpdate($0, ["dv/dt = (mu - v)/tau : volt"], "{mu: 21 mV, tau: 20 ms}", "v > 20*mV", "v = 0*mV", "exact", "rand()*20*mV")
          + "\n  - {kind: StateMonitor, name: trace, source: P, variables: v, record: true}"
      }),
    Workload(
      name: "spikemon", about: "fast neurons, each of whose spikes is recorded: nine million", neurons: 10000, milliseconds: 1000,
      objects: spikeMonitor),
    Workload(
      name: "connect", about: "ten million synapses made, and one step", neurons: 10000, milliseconds: 0.1, objects: connect),
  ]
}

private let counter = "  - {kind: SpikeMonitor, name: count, source: P, record: false}"

/// Four fifths excite, one fifth inhibits; each neuron gets 80 synapses, however many there are.
@Sendable private func sparseSynapses(_ neurons: Int) -> String {
  let excitatory = neurons * 4 / 5
  let p = 80 / Double(max(neurons, 80))
  return """
      - {kind: Synapses, name: exc, source: "P[0:\(excitatory)]", target: P, on_pre: ge += we, connect: {p: \(p)}}
      - {kind: Synapses, name: inh, source: "P[\(excitatory):]", target: P, on_pre: gi += wi, connect: {p: \(p)}}
    """
}

@Sendable private func cuba(_ neurons: Int) -> String {
  """
  constants: {tm: 20 ms, te: 5 ms, ti: 10 ms, el: -49 mV, vth: -50 mV, vr: -60 mV, we: 1.62 mV, wi: -9 mV}
  objects:
    - kind: NeuronGroup
      name: P
      N: \(neurons)
      model: |
        dv/dt  = (el - v + ge + gi)/tm : volt (unless refractory)
        dge/dt = -ge/te : volt
        dgi/dt = -gi/ti : volt
      threshold: v > vth
      reset: v = vr
      refractory: 5 ms
      method: exact
      initial: {v: vr + rand()*(vth - vr)}
  \(sparseSynapses(neurons))
  \(counter)
  """
}

@Sendable private func cobahh(_ neurons: Int) -> String {
  """
  constants:
    {cap: 200 pF, gl: 10 nS, gna: 20000 nS, gk: 6000 nS, el: -60 mV, ena: 50 mV, ek: -90 mV, vt: -63 mV, te: 5 ms, ti: 10 ms, ee: 0 mV,
     ei: -80 mV, we: 6 nS, wi: 67 nS}
  objects:
    - kind: NeuronGroup
      name: P
      N: \(neurons)
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
  \(sparseSynapses(neurons))
  \(counter)
  """
}

@Sendable private func brunel(_ neurons: Int) -> String {
  let excitatory = neurons * 4 / 5
  let external = max(1, excitatory / 10)
  // Twice the rate at which the mean input alone reaches the threshold: 20 mV in 20 ms by steps of 0.1 mV.
  let rate = 2 * 20 / (0.1 * Double(external) * 20e-3)
  return """
    constants: {tm: 20 ms, vth: 20 mV, vr: 10 mV, je: 0.1 mV, ji: -0.5 mV}
    objects:
      - kind: NeuronGroup
        name: P
        N: \(neurons)
        model: "dv/dt = -v/tm : volt (unless refractory)"
        threshold: v > vth
        reset: v = vr
        refractory: 2 ms
        method: exact
        initial: {v: rand()*vr}
      - {kind: PoissonInput, target: P, target_var: v, N: \(external), rate: \(rate) Hz, weight: 0.1 mV}
      - {kind: Synapses, name: exc, source: "P[0:\(excitatory)]", target: P, on_pre: v_post += je, delay: 1.5 ms, connect: {p: 0.1}}
      - {kind: Synapses, name: inh, source: "P[\(excitatory):]", target: P, on_pre: v_post += ji, delay: 1.5 ms, connect: {p: 0.1}}
    \(counter)
    """
}

@Sendable private func stdp(_ neurons: Int, targets: Int) -> String {
  """
  constants: {tm: 10 ms, te: 5 ms, el: -74 mV, ee: 0 mV, vth: -54 mV, vr: -60 mV, gmax: 0.01, tpre: 20 ms, tpost: 20 ms,
    dpre: 0.0001, dpost: -0.000105}
  objects:
    - {kind: PoissonGroup, name: input, N: \(neurons), rates: 15 Hz}
    - kind: NeuronGroup
      name: P
      N: \(targets)
      model: |
        dv/dt = (el - v + ge*(ee - v))/tm : volt
        dge/dt = -ge/te : 1
      threshold: v > vth
      reset: v = vr
      method: euler
      initial: {v: el}
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
      initial: {w: rand()*gmax}
    - {kind: SpikeMonitor, name: pre, source: input, record: false}
  \(counter)
  """
}

@Sendable private func stateUpdate(
  _ neurons: Int, _ equations: [String], _ constants: String, _ threshold: String, _ reset: String, _ method: String, _ initial: String
) -> String {
  """
  constants: \(constants)
  objects:
    - kind: NeuronGroup
      name: P
      N: \(neurons)
      model: |
        \(equations.joined(separator: "\n      "))
      threshold: \(threshold)
      reset: \(reset)
      method: \(method)
      initial: {v: \(initial)}
  \(counter)
  """
}

@Sendable private func spikeMonitor(_ neurons: Int) -> String {
  """
  objects:
    - kind: NeuronGroup
      name: P
      N: \(neurons)
      model: "dv/dt = 1/ms : 1"
      threshold: v > 1
      reset: v = 0
      method: euler
      initial: {v: rand()}
    - {kind: SpikeMonitor, name: count, source: P}
  """
}

@Sendable private func connect(_ neurons: Int) -> String {
  let p = min(1, 1e7 / Double(neurons) / Double(neurons))
  return """
    objects:
      - {kind: NeuronGroup, name: P, N: \(neurons), model: "v : 1", threshold: v > 1, reset: v = 0}
      - {kind: Synapses, name: S, source: P, model: "w : 1", on_pre: v_post += w, connect: {p: \(p)}, initial: {w: rand()}}
    """
}
