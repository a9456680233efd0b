import EngramCheckpoints
import EngramEquations
import EngramExpressions
import EngramMagic
import EngramModelFiles
import EngramModels
import EngramSimulation
import EngramTestSupport
import EngramUnits
import Foundation
import Testing

/// Code at given times, which the released reference does not have: against theory. A leak that is kicked by 1 + i at times t_k
/// holds, after n steps, Σ (1 + i)·exp(−(steps since t_k)·dt/τ).
@Suite("Code at given times") struct RunAtTests {
  /// Steps of 0.1 ms; 1 and 7 are on the grid, 12.5 lies between two steps, 0 is the very beginning. Not in order.
  static let times = [0.7e-3, 0, 1.25e-3, 0.1e-3]
  static let tau = 5e-3

  static let model = """
    dt: 0.1 ms
    objects:
      - kind: NeuronGroup
        name: G
        N: 4
        model: |
          dv/dt = -v/(5*ms) : 1
          kicks : integer
          late : 1
        method: exact
        run_at:
          - {code: "v += 1 + i; kicks += 1", times: {values: [0.7, 0, 1.25, 0.1], unit: ms}, name: kick}
          - {code: late = t/ms, times: [0.3 ms], when: end}
      - {kind: Subgroup, name: part, of: "G[2:]", run_at: {code: v -= 10, times: [2 ms]}}
      - {kind: StateMonitor, name: trace, source: G, variables: [v, late], record: true, when: end, order: 1}
    run: 3 ms
    """

  /// `v` at the end of every step.
  static func theory(_ cell: Int) -> [Double] {
    (0..<30).map { step in
      func decayed(since second: Double) -> Double {
        // The kick acts before the first integration that begins at or after its time.
        let first = Int((second / 1e-4 - 1e-6).rounded(.up))
        return first > step ? 0 : exp(-Double(step - first + 1) * 1e-4 / tau)
      }
      let kicks = times.reduce(0) { $0 + Double(1 + cell) * decayed(since: $1) }
      return kicks - (cell >= 2 ? 10 * decayed(since: 2e-3) : 0)
    }
  }

  @Test("GRP-11, MDL-31: run_at acts at its times, in any order, on and between steps, on parts of groups, and in its slot")
  func theory() throws {
    try withExperiment(Self.model, named: "run_at") { experiment in
      _ = try experiment.run()
      let trace = try experiment.network.object("trace", as: StateMonitor.self)
      for cell in 0..<4 {
        let worst = zip(try trace["v"].row(cell), Self.theory(cell)).map { ($0 - $1).magnitude }.max() ?? .infinity
        #expect(worst < 1e-12, "cell \(cell): \(worst)")
      }
      #expect(try trace["late"].row(0).map { ($0 * 10).rounded() } == [0, 0, 0] + Array(repeating: 3, count: 27))
      #expect(try experiment.network.object("G", as: NeuronGroup.self).kicks.values == [4, 4, 4, 4])
    }
  }

  @Test("GRP-11, CLK-15: the same from Swift, in one run and in many")
  func swift() throws {
    for parts in [[3.0], [0.05, 0.65, 0.55, 0.01, 0.74, 1.0]] {
      try withScope {
        let G = try NeuronGroup(4, "dv/dt = -v/(5*ms) : 1\nkicks : integer", method: .named(.exact), name: "G")
        try G.run("v += 1 + i; kicks += 1", at: Self.times.map { Time(si: $0) })
        try G[2..<4].run("v -= 10", at: [2 * ms])
        let trace = try StateMonitor(G, "v", record: true, when: .end)
        for part in parts { try run(part * ms) }
        for cell in 0..<4 {
          let worst = zip(try trace["v"].row(cell), Self.theory(cell)).map { ($0 - $1).magnitude }.max() ?? .infinity
          #expect(worst < 1e-12, "parts \(parts), cell \(cell): \(worst)")
        }
        #expect(try G.kicks.values == [4, 4, 4, 4])
      }
    }
  }

  @Test("GRP-11, MDL-62: a run that is cut anywhere, also between a step and a time between steps, executes each time once")
  func cut() throws {
    for end in [1e-4, 7e-4, 1.22e-3, 1.25e-3, 1.27e-3, 2e-3] {
      let folder = try TemporaryFolder()
      _ = try execute(Self.model, in: folder.path("cut")) { $0.untilSeconds = end }
      let digest = try execute(Self.model, in: folder.path("cut")).digest
      let whole = try execute(Self.model, in: folder.path("whole")).digest
      #expect(digest == whole, "cut at \(end) s")
    }
  }
}
