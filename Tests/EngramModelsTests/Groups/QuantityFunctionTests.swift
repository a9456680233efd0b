import EngramEquations
import EngramExpressions
import EngramMagic
import EngramSimulation
import EngramUnits
import Synchronization
import Testing

@testable import EngramModels

/// The units that reached a body, from whichever thread.
private final class Seen: Sendable {
  private let store = Mutex<Set<Dimension>>([])
  var dimensions: Set<Dimension> { store.withLock { $0 } }
  func note(_ dimension: Dimension) { _ = store.withLock { $0.insert(dimension) } }
}

@Suite("Functions of quantities in models") struct QuantityFunctionTests {
  /// Gives back its argument, whatever it measures.
  private func same(_ seen: Seen) throws -> Function {
    try Function.withQuantities("same", arguments: [FunctionArgument("x", .any)], returns: .sameAsArgument(0)) { arguments in
      seen.note(arguments[0].dimension)
      return arguments[0]
    }
  }

  @Test(
    "FUN-1, FUN-13: an argument of any unit reaches its body with the unit it has in equations, whatever the method",
    arguments: [Method.euler, .rk2, .rk4, .heun])
  func methods(method: Method) throws {
    func end(_ model: String, _ namespace: Namespace) throws -> [Double] {
      try withScope {
        let group = try NeuronGroup(3, Equations(model), method: .named(method), namespace: namespace)
        try group.v <- [1, 2, 3] * mV
        try run(1 * ms)
        return try group.v.values
      }
    }
    let seen = Seen()
    #expect(try end("dv/dt = -same(v)/(10*ms) : volt", ["same": same(seen)]) == end("dv/dt = -v/(10*ms) : volt", [:]))
    #expect(seen.dimensions == [.voltage])
  }

  @Test("FUN-1, FUN-13: the same for exact integration, where a function of constants remains") func exact() throws {
    let seen = Seen()
    try withScope {
      let group = try NeuronGroup(
        1, "dv/dt = (same(E) - v)/same(tau) : volt", method: .exact, namespace: ["same": same(seen), "E": 2 * mV, "tau": 10 * ms])
      try run(10 * ms)
      #expect(abs(try group.v.values[0] - 0.002 * (1 - 0.36787944117144233)) < 1e-12)
    }
    #expect(seen.dimensions == [.voltage, .time])
  }

  @Test("FUN-1, FUN-13: the same in conditions, resets, subexpressions, pathways and sums") func everywhere() throws {
    let seen = Seen()
    try withScope {
      let names: Namespace = ["same": try same(seen)]
      let group = try NeuronGroup(
        2, "v : volt\nI : amp\ntotal : siemens\nhalf = same(I)/2 : amp", threshold: "same(v) > 5*mV", reset: "v = same(v) - 10*mV",
        namespace: names)
      let synapses = try Synapses(
        group, group, "w : siemens\ntotal_post = same(w) : siemens (summed)", onPre: "I_post += same(3*nA)", namespace: names)
      try synapses.connect(i: [0], j: [1])
      try synapses.w <- 4 * nS
      try group.v <- [8, 1] * mV
      try run(0.2 * ms)
      #expect(try group.v.values.map { ($0 * 1e6).rounded() } == [-2000, 1000])
      let current = (3 * nA).si
      #expect(try group.I.values == [0, current] && group.half.values == [0, current / 2] && group.total.values == [0, (4 * nS).si])
    }
    #expect(seen.dimensions == [.voltage, .current, .conductance])
  }
}
