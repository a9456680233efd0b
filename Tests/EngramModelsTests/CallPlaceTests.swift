import EngramEquations
import EngramExpressions
import EngramMagic
import EngramMessageTestSupport
import EngramModels
import EngramSimulation
import EngramUnits
import Testing

/// Every call that takes model text, each with a mistake that is seen at once or by a run.
// Each check names the line on which its calls stand, so they stay on one line.
// swift-format-ignore
@Suite("Places of texts in programs", .expecting("base.unused_brian_object")) struct CallPlaceTests {
  /// The message of what `body` throws; it must name the line on which `body` stands.
  private func check(_ what: String, column: Int? = nil, line: Int = #line, _ body: () throws -> Void) {
    withScope {
      let error = #expect(throws: (any Error).self, "\(what)") { try body() }
      let message = error.map { "\($0)" } ?? ""
      let place = "EngramModelsTests/CallPlaceTests.swift:\(line): line 1, column " + (column.map { "\($0): " } ?? "")
      #expect(message.contains(place), "\(what): \(message)")
      #expect(message.contains("^"), "\(what): \(message)")
    }
  }

  @Test("EQN-2, EQN-18, COD-2, NSP-3: a mistake in a text of a group names file and line of the call that took it, and the column in the text")
  func groups() {
    check("equations", column: 12) { _ = try NeuronGroup(1, "dv/dt = -v/ : 1") }
    check("flags") { _ = try NeuronGroup(1, "dv/dt = -v/ms : 1 (linked)") }
    check("units") { let G = try NeuronGroup(1, "dv/dt = -v/mV : 1"); try run(0 * ms); _ = G }
    check("threshold", column: 4) { _ = try NeuronGroup(1, "v : 1", threshold: "v > ", reset: "") }
    check("units of a threshold", column: 1) { let G = try NeuronGroup(1, "v : volt", threshold: "v > 1", reset: ""); try run(0 * ms); _ = G }
    check("reset", column: 4) { _ = try NeuronGroup(1, "v : 1", threshold: "v > 1", reset: "v = ") }
    check("names of a reset", column: 5) { let G = try NeuronGroup(1, "v : 1", threshold: "v > 1", reset: "v = vv"); try run(0 * ms); _ = G }
    check("refractory") { let G = try NeuronGroup(1, "v : 1", threshold: "v > 1", reset: "", refractory: "v +"); try run(0 * ms); _ = G }
    check("unknown name in refractory") { let G = try NeuronGroup(1, "v : 1", threshold: "v > 1", reset: "", refractory: "2*mms"); try run(0 * ms); _ = G }
    check("events") { _ = try NeuronGroup(1, "v : 1", events: ["high": "v >"]) }
    check("equations with values") { let tau = 10 * ms; _ = try NeuronGroup(1, "dv/dt = -v/\(tau) + : 1") }
    check("code at events") { let G = try NeuronGroup(1, "v : 1", events: ["high": "v > 1"]); try G.run("v +", on: "high") }
    check("regular code") { let G = try NeuronGroup(1, "v : 1"); try G.runRegularly("v =") }
    check("code at times") { let G = try NeuronGroup(1, "v : 1"); try G.run("v == 1", at: [0 * ms]) }
    check("expression as value", column: 4) { let G = try NeuronGroup(1, "v : 1"); try G.v.set("1 +") }
    check("expression of another unit") { let G = try NeuronGroup(1, "v : 1"); try G.v.set("1*mV") }
    check("condition of a selection") { let G = try NeuronGroup(1, "v : 1"); try G.v[where: "i >"].set(1) }
    check("equations from a variable") { let text = "v = : 1"; _ = try Equations(text) }
    check("scheme") { let text = "x_new = x + dt*f(x, t) + y"; _ = try ExplicitStateUpdater(text) }
    check("constant over dt") { let G = try NeuronGroup(1, "r = rand()*k : 1 (constant over dt)"); try run(0 * ms); _ = G }
  }

  @Test("SYN-20, SYN-25, COD-2: a mistake in a text of synapses names file and line of the call that took it, and the column in the text")
  func synapses() {
    func made() throws -> NeuronGroup { try NeuronGroup(3, "v : 1", threshold: "v > 1", reset: "") }
    check("equations") { let G = try made(); _ = try Synapses(G, G, "w : volt + 1") }
    check("onPre", column: 5) { let G = try made(); _ = try Synapses(G, G, "w : 1", onPre: "v += ") }
    check("onPost of several") { let G = try made(); _ = try Synapses(G, G, "w : 1", onPost: ["up": "w += 1", "down": "w -= "]) }
    check("names of onPre") { let G = try made(); let S = try Synapses(G, G, onPre: "v += ww"); try S.connect(); try run(0 * ms) }
    check("summed") { let G = try NeuronGroup(2, "x : 1"); let S = try Synapses(G, G, "x_post = y_pre : 1 (summed)"); try S.connect(); try run(0 * ms) }
    check("condition", column: 5) { let G = try made(); try Synapses(G, G).connect(where: "i != ") }
    check("unit of a condition") { let G = try made(); try Synapses(G, G).connect(where: "i > 1*mV") }
    check("probability") { let G = try made(); try Synapses(G, G).connect(p: "0.5*") }
    check("number") { let G = try made(); try Synapses(G, G).connect(n: "1 +") }
    check("generator", column: 26) { let G = try made(); try Synapses(G, G).connect(j: "k for k in range(N_post +)") }
    check("element of a generator", column: 4) { let G = try made(); try Synapses(G, G).connect(j: "k + for k in range(3)") }
    check("condition of a generator", column: 28) { let G = try made(); try Synapses(G, G).connect(i: "k for k in range(3) if k > kk") }
    check("selection") { let G = try made(); let S = try Synapses(G, G, "w : 1"); try S.connect(); _ = try S[where: "i >"] }
  }

  @Test("INP-1, INP-5, COD-2: mistakes in texts of inputs name file and line of the call that took them")
  func inputs() {
    check("rates") { _ = try PoissonGroup(1, rates: "2*Hz +") }
    check("names of rates") { let P = try PoissonGroup(1, rates: "2*Hzz"); try run(0 * ms); _ = P }
    check("weight") { let G = try NeuronGroup(1, "v : 1"); let P = try PoissonInput(G, "v", count: 1, rate: 1 * Hz, weight: "2*kk"); try run(0 * ms); _ = P }
  }
}
