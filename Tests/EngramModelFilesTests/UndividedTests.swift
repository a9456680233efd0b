import EngramCheckpoints
import EngramEquations
import EngramMagic
import EngramMessageTestSupport
import EngramModelFiles
import EngramModels
import EngramSimulation
import EngramStorage
import EngramTestSupport
import EngramUnits
import Testing

/// What several processes cannot share out, each of them computes for all elements: with the bits of one process.
@Suite("Code that every process executes for all elements", .expecting("directory")) struct UndividedTests {
  private static let models: [(name: String, text: String)] = [
    (
      "sums into sources, code of synapses that writes their source and what all share, beside code that is shared out",
      """
      name: back
      dt: 0.1 ms
      seed: 3
      constants: {tau: 5 ms}
      objects:
        - {kind: PoissonGroup, name: P, N: 19, rates: 150 Hz}
        - kind: NeuronGroup
          name: G
          N: 17
          model: |
            dv/dt = (0.4 + 0.1*back - v)/tau : 1 (unless refractory)
            used : 1
            back : 1
            seen : integer
          threshold: v > 0.8
          reset: v = 0
          refractory: 1 ms
          method: euler
          initial: {v: rand()}
        - {kind: Synapses, name: PG, source: P, target: G, model: "w : 1", on_pre: v_post += w, connect: {p: 0.5}, initial: {w: 0.2*rand(), delay: "2*ms*rand()"}}
        - kind: Synapses
          name: GG
          source: G
          target: G
          model: |
            w : 1
            total : 1 (shared)
            back_pre = w*v_post : 1 (summed)
          on_pre: |
            w = clip(w + 0.01*randn(), 0, 1)
            v_post += 0.02*w
            used_pre += w
          on_post: "seen_pre += 1"
          run_regularly: {code: "total += t/ms", dt: 1 ms}
          delay: {post: 0.5 ms}
          connect: {condition: i != j, p: 0.3}
          initial: {w: rand()}
        - {kind: SpikeMonitor, name: spikes, source: G, variables: [used, seen]}
        - {kind: StateMonitor, name: trace, source: G, variables: [v, back], record: true, dt: 1 ms}
      run: 30 ms
      """
    ),
    (
      "synapses onto synapses, both with sums and steps of their own",
      """
      name: onto
      dt: 0.1 ms
      seed: 8
      constants: {tau: 5 ms}
      objects:
        - {kind: PoissonGroup, name: P, N: 11, rates: 200 Hz}
        - {kind: NeuronGroup, name: G, N: 7, model: "dv/dt = -v/tau : 1", threshold: v > 0.5, reset: v = 0, method: exact}
        - kind: Synapses
          name: S
          source: P
          target: G
          model: |
            dw/dt = (0.3 - w)/(4*tau) : 1 (clock-driven)
            gain : 1
          on_pre: v_post += w*(1 + gain)
          method: euler
          connect: {p: 0.6}
        - kind: Synapses
          name: M
          source: G
          target: S
          model: |
            k : 1
            gain_post = k*v_pre : 1 (summed)
          on_pre: "w_post += 0.1*rand(); k *= 0.9"
          connect: {p: 0.4}
          initial: {k: rand()}
        - {kind: StateMonitor, name: trace, source: S, variables: [w, gain], record: true, dt: 1 ms}
        - {kind: SpikeMonitor, name: spikes, source: G}
      run: 25 ms
      """
    ),
    (
      "code that reads what it changes elsewhere, and writes through links, and steps of chosen length that read other elements",
      """
      name: elsewhere
      dt: 0.2 ms
      seed: 5
      constants: {tau: 5 ms}
      objects:
        - kind: NeuronGroup
          name: far
          N: 9
          model: |
            x : 1
            count : integer
        - kind: NeuronGroup
          name: G
          N: 9
          model: |
            dv/dt = (1.5 - v + 0.2*sin(9*other))/tau : 1
            other : 1 (linked)
            x : 1 (linked)
            n : integer (linked)
          threshold: v > 1
          reset: |
            v = 0
            x += 0.1
            n += 1
          method: rkf45
          initial: {v: i/N}
          link: {other: {to: G.v, index: [8, 7, 6, 5, 4, 3, 2, 1, 0]}, x: {to: far.x, index: [0, 2, 4, 6, 8, 1, 3, 5, 7]}, n: {to: far.count, index: [3, 2, 1, 0, 8, 7, 6, 5, 4]}}
          run_regularly: {code: "v = v + 0.001*(other - v)", dt: 1 ms}
        - kind: NeuronGroup
          name: ring
          N: 10
          model: |
            dv/dt = (1.3 + 0.3*next - v)/tau : 1
            next : 1 (linked)
          threshold: v > 1
          reset: v = 0
          method: euler
          initial: {v: i/N}
          link: {next: {to: ring.v, index: [1, 2, 3, 4, 5, 6, 7, 8, 9, 0]}}
        - {kind: Synapses, name: S, source: G, target: G, on_pre: v_post += 0.1*(v_pre - v_post), connect: {condition: abs(i - j) < 3, p: 0.7}}
        - {kind: SpikeMonitor, name: turns, source: ring}
        - {kind: SpikeMonitor, name: spikes, source: G}
        - {kind: StateMonitor, name: trace, source: far, variables: [x, count], record: true}
      run: 30 ms
      """
    ),
    (
      "neurons with a shape: channels, spikes, synapses onto compartments and between neurons, links, currents",
      """
      name: shape
      dt: 0.05 ms
      seed: 4
      constants: {gL: 2e-4 siemens/cm**2, EL: -65 mV, VT: -50 mV, DT: 2 mV, tau: 5 ms}
      objects:
        - {kind: PoissonGroup, name: P, N: 8, rates: 100 Hz}
        - kind: SpatialNeuron
          name: cell
          morphology:
            sections:
              - {shape: soma, diameter: 20 um}
              - {shape: cylinder, name: axon, diameter: 1 um, length: 100 um, n: 7}
              - {shape: cylinder, name: dendrite, diameter: 2 um, length: 60 um, n: 5}
              - {shape: cylinder, name: twig, parent: dendrite, diameter: 1 um, length: 40 um, n: 4}
          model: |
            Im = gL*(EL - v) + gL*DT*exp((v - VT)/DT) + g*(0*mV - v)/area : amp/metre**2
            dg/dt = -g/tau : siemens
            I : amp (point current)
          threshold: v > -20*mV
          threshold_location: axon[2]
          reset: v = EL
          refractory: 2*ms
          method: exponential_euler
          initial: {v: EL, "I[0]": 0.3*nA}
        - {kind: Synapses, name: S, source: P, target: cell, on_pre: g_post += 0.2*nS, connect: {p: 0.5}, initial: {delay: "1*ms*rand()"}}
        - {kind: Synapses, name: kick, source: P, target: cell.dendrite.twig, on_pre: v_post += 0.5*mV, connect: {p: 0.3}}
        - {kind: NeuronGroup, name: seen, N: 7, model: "y : volt (linked)\\nz : volt", link: {y: cell.axon.v}, run_regularly: {code: z = y, dt: 1 ms}}
        - {kind: SpikeMonitor, name: spikes, source: cell}
        - {kind: StateMonitor, name: trace, source: cell, variables: [v, Ic, Im, g], record: true, dt: 1 ms}
      run: 20 ms
      """
    ),
  ]

  @Test("MPR-4: what cannot be shared out has the bits of one process", arguments: models.indices, [2, 5])
  func sameBits(_ model: Int, _ count: Int) throws {
    let folder = try TemporaryFolder()
    let text = Self.models[model].text
    let alone = try execute(text, in: folder.path("alone"))
    let several = try together(count, text, in: folder.path("several"))
    #expect(several.digest == alone.digest, "\(Self.models[model].name)")
    #expect(try storedDigest(in: folder.path("several")) == alone.digest)
  }

  @Test("MPR-4: a run with code for all elements goes on with any number of processes", arguments: models.indices)
  func goesOn(_ model: Int) throws {
    let folder = try TemporaryFolder()
    let text = Self.models[model].text
    let alone = try execute(text, in: folder.path("alone"))
    let path = folder.path("several")
    for (count, until) in [(2, 0.004), (1, 0.009), (4, nil)] as [(Int, Double?)] {
      let adjust: @Sendable (inout Experiment.Options) -> Void = { $0.untilSeconds = until }
      if count == 1 { try execute(text, in: path, adjust) } else { _ = try together(count, text, in: path, adjust) }
    }
    #expect(try storedDigest(in: path) == alone.digest)
  }

  @Test("MPR-4: what every process executes for all elements is told with its reason")
  func told() throws {
    func messages(_ text: String) throws -> [String] {
      let folder = try TemporaryFolder()
      let path = folder.path("several")
      return try Meeting(2).run { transport in
        try Messages.capturing { try runOne(Distribution(transport), text, in: path) { _ in } }.1.map(\.text)
      }[0]
    }
    let synapses = try messages(Self.models[0].text)
    #expect(synapses.contains { $0.hasPrefix("every process has all synapses of 'GG'") && $0.contains("'GG.total', which all synapses share") })
    #expect(!synapses.contains { $0.hasPrefix("every process has all synapses of 'PG'") || $0.contains("for all elements") })
    let groups = try messages(Self.models[2].text)
    #expect(groups.contains { $0.contains("for all elements: the reset code of 'G_spike_resetter' writes 'far.x' of other elements") }, "\(groups)")
    #expect(groups.contains { $0.contains("for all elements: the code of 'G_run_regularly' handles one element after the other") }, "\(groups)")
  }

  @Test("MPR-4: an object of a program's own is refused with its name before anything runs")
  func refused() throws {
    let found = try Meeting(2).run { transport in
      try withScope {
        let group = try NeuronGroup(4, "v : 1", name: "G")
        let network = try Network(group, NetworkOperation(stateless: true, name: "watch") { _ in })
        network.distribution = Distribution(transport)
        do { try network.run(1 * ms) } catch let error as DistributionError { return "\(error)" }
        return "it ran"
      }
    }
    #expect(found.allSatisfy { $0.contains("'watch' is of a kind (NetworkOperation) that one process alone can run") }, "\(found)")
  }

  @Test("MPR-2: processes with several threads each have the bits of one process")
  func threads() throws {
    let folder = try TemporaryFolder()
    let text = """
      name: threads
      seed: 6
      constants: {tau: 5 ms}
      objects:
        - {kind: NeuronGroup, name: G, N: 9001, model: "dv/dt = (1.2 + 0.1*xi*sqrt(tau) - v)/tau : 1", threshold: v > 1, reset: v = 0, method: euler, initial: {v: rand()}}
        - {kind: Synapses, name: S, source: G, target: G, model: "w : 1", on_pre: "v_post += w; w *= 0.99", on_post: w += 0.001, connect: {p: 0.002}, initial: {w: 0.01*rand()}}
        - {kind: SpikeMonitor, name: spikes, source: G}
      run: 5 ms
      """
    @Sendable func haveThreads(_ count: Int) { try? prefs.setHere("engram.threads", fromText: "\(count)") }
    let alone = try execute(text, in: folder.path("alone")) { _ in haveThreads(1) }
    let several = try together(2, text, in: folder.path("several")) { _ in haveThreads(2) }
    #expect(several.digest == alone.digest)
  }
}
