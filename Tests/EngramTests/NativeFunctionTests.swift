import Engram
import EngramTestSupport
import Foundation
import Testing

/// Functions with C text, as a program uses them.
@Suite("Functions with C text in programs") struct NativeFunctionTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func squash(_ code: String) throws -> Function {
    try Function(
      "squash", arguments: [FunctionArgument("x", .unit(.voltage)), FunctionArgument("k", type: .integer)], returns: .dimensionless,
      implementations: [.compiled: FunctionImplementation(code: code, namespace: ["scale": 3 * mV, "table": [0.5, 1.0]])])
  }

  private let code = "double squash(double x, int64_t k) { return table[k % 2]*x/scale; }"

  private func make(_ function: Function) throws -> Network {
    let group = try NeuronGroup(
      4, "dv/dt = (6*mV - v)/(10*ms) : volt\ny = squash(v, i) : 1", threshold: "squash(v, i) > 0.9", reset: "v = 0*mV", method: .euler,
      namespace: ["squash": function], name: "cells")
    let spikes = try SpikeMonitor(group, name: "spikes")
    return try Network(group, spikes, name: "native")
  }

  @Test("FUN-8, FUN-9: C text computes in subexpressions and thresholds as the same formula in Swift does, to the bit") func sameAsSwift() throws {
    func digests(_ function: Function) throws -> ([Double], Int) {
      try prefs.with(.cCache, folder["cache"].path) {
        try withScope {
          let network = try make(function)
          try network.run(40 * ms)
          let cells: NeuronGroup = try network.object("cells")
          let spikes: SpikeMonitor = try network.object("spikes")
          return (try cells.v.values + cells.y.values, spikes.counts.reduce(0, +))
        }
      }
    }
    let swift = try Function(
      "squash", arguments: [FunctionArgument("x", .unit(.voltage)), FunctionArgument("k", type: .integer)], returns: .dimensionless
    ) { arguments in
      let (x, k) = (arguments[arguments.startIndex], arguments[arguments.startIndex + 1])
      return [0.5, 1.0][Int(k) % 2] * x / (3 * mV).si
    }
    let (values, count) = try digests(try squash(code))
    let expected = try digests(swift)
    #expect(values == expected.0 && count == expected.1 && count > 0)
  }

  @Test("CKP-21, FUN-8: a checkpoint holds no C text: rebuilding asks for the function, and refuses one of other text") func checkpoints() throws {
    try prefs.with(.cCache, folder["cache"].path) {
      let digest = try withScope {
        let network = try make(try squash(code))
        try network.useRunDirectory(at: folder["run"])
        try network.run(20 * ms)
        try network.store("half")
        try network.run(20 * ms)
        return try network.digest
      }
      try withScope {
        #expect(throws: CheckpointError.missingFunctions(["squash"])) { try Network(checkpoint: "half", in: folder["run"]) }
        let other = try squash("double squash(double x, int64_t k) { return table[k % 2]*x/scale + 0; }")
        #expect(throws: CheckpointError.self) { try Network(checkpoint: "half", in: folder["run"], functions: ["squash": other]) }
        let network = try Network(checkpoint: "half", in: folder["run"], functions: ["squash": squash(code)])
        try network.run(20 * ms)
        #expect(try network.digest == digest)
      }
    }
  }

  @Test("MAG-2, CKP-43: the run directory of a network that its operation captures is free after the scope") func captured() throws {
    for round in 1...2 {
      let found = try withScope {
        let group = try NeuronGroup(1, "dx/dt = 1/ms : 1", name: "group")
        let network = try Network(group)
        try network.add(NetworkOperation(stateless: true, name: "stopper") { t in if t > 0.35 * ms { network.stop() } })
        try network.useRunDirectory(at: folder["shared"])
        try network.run(1 * ms)
        try network.store("round\(round)")
        return (try group.x.values[0], WeakRef(network))
      }
      #expect(abs(found.0 - 0.5) < 1e-9)
      #expect(found.1.object == nil)
    }
  }

  @Test("MON-5: a place that a monitor did not record stops the program with the reason, and is no other value") func matrixPlaces() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      try withScope {
        let group = try NeuronGroup(3, "x : 1")
        let trace = try StateMonitor(group, "x", record: true)
        try run(0.5 * ms)
        _ = try trace["x"][3, 0]
      }
    }
    let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(said.contains("row 3"), "\(said)")
  }

  @Test("MAG-1, CLK-14: asked for the default clock of another task's scope the program stops with the reason") func defaultClocks() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      await withScope { _ = await Task { defaultClock.dt.si }.value }
    }
    let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(said.contains("another task"), "\(said)")
  }
}
