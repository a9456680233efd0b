import EngramCheckpoints
import EngramEquations
import EngramExpressions
import EngramMagic
import EngramModels
import EngramScalars
import EngramSimulation
import EngramUnits
import Testing

/// Where nothing lies between them, the state update looks for events, too. An operation between the two keeps them apart.
@Suite("State update and threshold in one pass") struct JoinedThresholdTests {
  struct Model: Sendable, CustomTestStringConvertible {
    var equations: String
    var threshold: ModelExpression
    var reset: ModelCode = "v = 0"
    var refractory = Refractoriness.none
    var method: MethodChoice = .automatic
    var events: [EventName: ModelExpression] = [:]
    var testDescription: String { "\(equations) | \(threshold.text)" }
  }

  static let models = [
    Model(equations: "dv/dt = (1.5 - v)/(10*ms) : 1", threshold: "v > 1"),
    Model(
      equations: "dv/dt = (1.5 + 0.3*sin(i) - v)/(10*ms) : 1 (unless refractory)\ndw/dt = -w/(5*ms) : 1", threshold: "v > 1 + w",
      reset: "v = 0; w += 0.1", refractory: "2*ms", method: .named(.euler)),
    Model(
      equations: "dv/dt = (2 - v)/(10*ms) + 0.5*xi/(10*ms)**0.5 : 1 (unless refractory)\nlimit : 1", threshold: "v > 1", refractory: "v < 0.1"),
    Model(equations: "dv/dt = 1/ms : 1", threshold: "v + t/second > 1 or i % 7 == 3 and v > 0.5"),
    Model(equations: "dv/dt = 0.4/ms : 1", threshold: "v > 0.8 and rand() < 0.5"),
    Model(equations: "dv/dt = 0.4/ms : 1", threshold: "v > 0.8", events: ["half": "v > 0.4 and v < 0.5"]),
  ]

  private func results(_ model: Model, isApart: Bool) throws -> (v: [Double], i: [Int32], t: [Double]) {
    try withScope {
      seed(11)
      let G = try NeuronGroup(
        700, Equations(model.equations), threshold: model.threshold, reset: model.reset, refractory: model.refractory,
        events: model.events, method: model.method)
      try G.v <- "0.01*(i % 50)"
      let spikes = try SpikeMonitor(G)
      var between: NetworkOperation?
      if isApart { between = try NetworkOperation(when: .after(.groups)) {} }
      try run(20 * ms)
      withExtendedLifetime(between) {}
      return (try G.v.values, try spikes.i, try spikes.t.si)
    }
  }

  @Test("GRP-7: one pass for state update and threshold gives the bits of two", arguments: models)
  func sameBits(model: Model) throws {
    let (joined, apart) = (try results(model, isApart: false), try results(model, isApart: true))
    #expect(!joined.i.isEmpty)
    #expect(joined.i == apart.i && joined.t == apart.t)
    #expect(joined.v.map(\.bitPattern) == apart.v.map(\.bitPattern))
  }

  @Test("GRP-7, LNK-1: a condition on a variable of another group sees what that group's state update has made of it")
  func linkedCondition() throws {
    try withScope {
      // In the order of names the state of `b` is updated after that of `a`, whose condition looks at it.
      let a = try NeuronGroup(2, "dx/dt = 0/second : 1\nu : 1 (linked)", threshold: "u > 0.55", reset: "", name: "a")
      let b = try NeuronGroup(2, "dv/dt = 1/ms : 1", threshold: "v > 0.55", reset: "v = 0", method: .named(.euler), name: "b")
      try a.link("u", to: b.v)
      let (first, second) = (try SpikeMonitor(a), try SpikeMonitor(b))
      try run(2 * ms)
      #expect(try steps(second).first == 5)
      #expect(try steps(first) == steps(second) && first.i == second.i)
    }
  }

  @Test("GRP-7, BAS-7: what was joined in one run is apart in the next, when something comes between")
  func nextRun() throws {
    try withScope {
      let G = try NeuronGroup(1, "dv/dt = 1/ms : 1", threshold: "v > 0.55", reset: "v = 0", method: .named(.euler))
      let spikes = try SpikeMonitor(G)
      let push = try NetworkOperation(when: .after(.groups)) { try G.v <- 1 }
      push.isActive = false
      try run(1 * ms)
      #expect(try steps(spikes) == [5])
      push.isActive = true
      try run(0.3 * ms)
      #expect(try steps(spikes) == [5, 10, 11, 12])
      push.isActive = false
      try run(0.7 * ms)
      #expect(try steps(spikes) == [5, 10, 11, 12, 18])
    }
  }
}
