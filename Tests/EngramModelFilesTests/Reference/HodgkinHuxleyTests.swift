import EngramModelFiles
import EngramModels
import EngramSimulation
import EngramUnits
import Foundation
import Testing

/// The published axon against Brian 2 (tools/reference/hodgkin_huxley.py), over all of its 60 ms.
@Suite("Hodgkin–Huxley axon against the reference") struct HodgkinHuxleyTests {
  /// Numbers are hexadecimal, so that every bit is kept.
  private struct Reference: Decodable {
    let v, m: [[String]]
    let spike_i, spike_step: [Int]
  }

  @Test("STU-6, FUN-25, REF-4, MON-3: spikes in the same cells and steps; potentials and gates within 1e-9 of their scale at every recorded time")
  func agrees() throws {
    let reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: fixtures.appending(path: "reference/hodgkin_huxley.json")))
    let text = try String(contentsOf: fixtures.appending(path: "models/hodgkin_huxley.yaml"), encoding: .utf8)
    try withExperiment(text, named: "hodgkin_huxley") { experiment in
      _ = try experiment.run()
      let spikes = try experiment.network.object("spikes", as: SpikeMonitor.self)
      #expect(try spikes.i.map(Int.init) == reference.spike_i)
      #expect(try spikes.t.si.map { Int(($0 / 1e-5).rounded()) } == reference.spike_step)
      #expect(reference.spike_i.count >= 6)
      let trace = try experiment.network.object("trace", as: StateMonitor.self)
      for (name, expected) in [("v", reference.v), ("m", reference.m)] {
        let rows = expected.map { $0.compactMap(Double.init) }
        let found = try trace[name].values
        #expect(found.count == 5 && found.map(\.count) == rows.map(\.count))
        let scale = rows.joined().reduce(0) { max($0, $1.magnitude) }
        for (cell, (found, expected)) in zip(found, rows).enumerated() {
          let worst = zip(found, expected).map { ($0 - $1).magnitude }.max() ?? .infinity
          #expect(worst <= 1e-9 * scale, "\(name) of cell \(cell) is \(worst / scale) of the scale away")
        }
      }
    }
  }

  @Test("STU-6, FUN-25: a gate whose rate is given by exprel is exact to the last digits where its argument is nearly 0")
  func nearlyRemovable() throws {
    let text = """
      dt: 0.1 ms
      objects:
        - kind: NeuronGroup
          name: G
          N: 12
          method: exponential_euler
          model: |
            dx/dt = 1/exprel(y)/ms*(1 - x) : 1
            y : 1
          initial: {x: 0.3, y: "(1 - 2*(i % 2))*10**(-1.0*i)/10"}
      run: 0.1 ms
      """
    try withExperiment(text, named: "gate") { experiment in
      _ = try experiment.run()
      let group = try experiment.network.object("G", as: NeuronGroup.self)
      for (x, y) in zip(try group.x.values, try group.y.values) {
        // 1/exprel(y) = y/(e^y - 1), by the numbers of Bernoulli.
        let rate = 1 - y / 2 + y * y / 12 - pow(y, 4) / 720 + pow(y, 6) / 30240 - pow(y, 8) / 1_209_600
        #expect(abs(x - (1 - 0.7 * exp(-0.1 * rate))) < 4e-16, "\(y): \(x)")
      }
    }
  }
}
