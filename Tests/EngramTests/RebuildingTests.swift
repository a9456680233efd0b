import Engram
import EngramMessageTestSupport
import EngramSimulation
import EngramTestSupport
import Foundation
import Testing

/// A network with every kind of object that a checkpoint can bring back.
enum Everything {
  static func bend(version: String? = "2") throws -> Function {
    try Function("bend", arguments: [FunctionArgument("x")], returns: .dimensionless, version: version) { 0.5 * $0[$0.startIndex] + 0.1 }
  }

  static func make() throws -> Network {
    seed(91)
    let shared = try Clock(dt: 0.2 * ms, name: "slow_clock")
    let current = try TimedArray(QuantityArray(si: [0.3, 0.9, 0.1, 0.7], dimension: .dimensionless), dt: 1 * ms, name: "current")
    let cells = try NeuronGroup(
      12,
      """
      dv/dt = (drive + current(t) - v)/tau + 0.2*xi*tau**-0.5 : 1 (unless refractory)
      drive : 1
      count : integer
      """,
      threshold: "v > 0.9", reset: "v = bend(v) - 0.2", refractory: 0.7 * ms, events: ["low": "v < 0.2 and not_refractory"], method: .named(.euler),
      namespace: ["tau": 3 * ms, "current": current, "bend": bend()], name: "cells")
    try cells.drive <- "0.3 + 0.05*i"
    try cells.runRegularly("drive += 0.001*rand()", every: 0.5 * ms)
    try cells[2..<5].runRegularly("drive += 0.01", clock: shared)
    try cells.run("drive *= 0.9", at: [1.5 * ms, 4 * ms, 7 * ms])
    try cells.run("drive += 0.02", at: [2 * ms, 6.5 * ms], when: .end)
    try cells.run("count += 1", on: "low")
    let scheme = try ExplicitStateUpdater("k = dt*f(x, t)\nx_new = x + dt*f(x + k/2, t + dt/2)", name: "midway")
    let followers = try NeuronGroup(
      6,
      """
      du/dt = (seen + push - u)/(5*ms) : 1
      seen : 1 (linked)
      push : 1
      total : 1
      """,
      threshold: "u > 0.6", reset: "u = 0", method: .custom(scheme), scalarTypes: ["push": .float32], clock: shared, name: "followers")
    try followers.link("seen", to: cells.variable("v"), index: [0, 0, 3, 5, 7, 11])
    let noise = try PoissonGroup(5, rates: "200*Hz*(1 + i)", name: "noise")
    let list = try PoissonGroup(3, rates: .array(QuantityArray(si: [100, 200, 300], dimension: .frequency)), dt: 0.3 * ms, name: "listed")
    let generator = try SpikeGeneratorGroup(
      4, indices: [0, 1, 2, 3, 1], times: QuantityArray(si: [0.001, 0.002, 0.0031, 0.007, 0.0082], dimension: .time), name: "given")
    let input = try PoissonInput(cells, "drive", count: 20, rate: 50 * Hz, weight: 0.001, name: "background")
    let plastic = try Synapses(
      noise, cells,
      """
      w : 1
      dapre/dt = -apre/(4*ms) : 1 (event-driven)
      dapost/dt = -apost/(6*ms) : 1 (event-driven)
      """,
      onPre: "v += w*gain; apre += 0.01; w = clip(w + apost, 0, 1)", onPost: "apost -= 0.012; w = clip(w + apre, 0, 1)",
      namespace: ["gain": 0.8], name: "plastic")
    try plastic.connect(p: 0.6)
    try plastic.w <- "0.2*rand()"
    try plastic.pre.delay <- "rand()*2*ms"
    let wired = try Synapses(
      cells[..<6], followers[3..<6],
      """
      weight : 1
      dg/dt = -g/(2*ms) : 1 (clock-driven)
      total_post = g : 1 (summed)
      """, onPre: ["up": "g += weight", "late": "push_post += 0.01"], delay: ["up": 0.4 * ms], multisynapticIndex: "k", method: .named(.exact),
      name: "wired")
    try wired.pathway("late").order = 5
    try wired.connect(n: 2)
    try wired.variable("weight").set("0.1*(k + 1)")
    try wired.pathway("late").variable("delay").set("0.2*ms*(k + 1)")
    let told = try Synapses(generator, cells, "", onPre: "drive += 0.05*chance()", name: "told")
    try told.connect(j: "i*2")
    return try Network(
      cells, followers, noise, list, generator, input, plastic, wired, told,
      StateMonitor(cells, ["v", "drive"], record: [1, 4, 9], dt: 0.5 * ms, name: "traces"),
      StateMonitor(plastic, ["w"], record: .all, clock: shared, name: "weights"),
      StateMonitor(followers, .all, record: .all, when: .end, name: "all_of_them"),
      SpikeMonitor(cells, variables: ["drive"], name: "spikes"), SpikeMonitor(cells[3..<8], name: "some_spikes"),
      SpikeMonitor(noise, record: false, name: "counts"), EventMonitor(cells, event: "low", name: "lows"),
      PopulationRateMonitor(followers, name: "rate"), name: "everything")
  }

  /// What its runs use beside the namespaces of groups.
  static func names() throws -> Namespace { ["chance": try BinomialFunction(n: 3, p: 0.4, name: "draws").namespaceValue] }
}

extension Network {
  var descriptions: [ObjectDescription] { descriptions(of: allObjects) }
}

@Suite("Networks from checkpoints alone", .expecting("base.unused_brian_object", "synapses.different_dt")) struct RebuildingTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// Runs everything for 5 ms, stores "half", runs on; digests and descriptions at both places.
  private func original() throws -> (half: String, end: String, descriptions: [ObjectDescription]) {
    try withScope {
      let network = try Everything.make()
      try network.useRunDirectory(at: folder["run"])
      defer { network.closeRunDirectory() }
      try network.setSchedule([.start, .groups, .thresholds, .resets, .synapses, .end])
      try network.run(5 * ms, namespace: Everything.names())
      try network.store("half")
      let half = try network.digest
      let descriptions = network.descriptions
      try network.run(4 * ms, namespace: Everything.names())
      return (half, try network.digest, descriptions)
    }
  }

  @Test("CKP-20, CKP-21, CKP-23, ACC-3: every kind of object comes back from the checkpoint alone and runs on with the same bits")
  func everything() throws {
    let expected = try original()
    try withScope {
      // Names that the checkpoint uses are taken already, and no constant of the model is known here.
      _ = try NeuronGroup(1, "x : 1", name: "cells_run_regularly")
      let network = try Network(checkpoint: "half", in: folder["run"], functions: ["bend": Everything.bend()])
      defer { network.closeRunDirectory() }
      #expect(network.name == "everything")
      for (before, now) in zip(expected.descriptions, network.descriptions) { #expect(before == now) }
      #expect(network.descriptions.map(\.name) == expected.descriptions.map(\.name))
      try network.store("rebuilt")
      let difference = try StateDifference(network.stateSource("half", at: nil), network.stateSource("rebuilt", at: nil))
      #expect(difference.isEmpty, "\(difference.structure) \(difference.numbers.map(\.key)) \(difference.otherState)")
      #expect(try network.digest == expected.half)
      try network.run(4 * ms)
      #expect(try network.digest == expected.end)
      let traces: StateMonitor = try network.object("traces")
      #expect(traces.recordedSteps == 18)
      try network.store("again")
    }
    try withScope {
      let network = try Network(checkpoint: "again", in: folder["run"], functions: ["bend": Everything.bend()], readingOnly: true)
      #expect(try network.digest == expected.end)
    }
  }

  @Test("CKP-20, SYN-4: a pathway without code comes back when it is the only one")
  func emptyPathway() throws {
    try withScope {
      let cells = try NeuronGroup(2, "v : 1", threshold: "v > 1", reset: "", name: "cells")
      let synapses = try Synapses(cells, onPre: ["pre": ""], name: "synapses")
      try synapses.connect()
      let network = try Network(cells, synapses)
      try network.useRunDirectory(at: folder["run"])
      defer { network.closeRunDirectory() }
      try network.run(1 * ms)
      try network.store("end")
    }
    try withScope {
      let network = try Network(checkpoint: "end", in: folder["run"], readingOnly: true)
      let synapses: Synapses = try network.object("synapses")
      #expect(synapses.pathways.map(\.pathwayName) == ["pre"])
    }
  }

  @Test("CKP-20, MON-2: a monitor of a pathway comes back, and goes on recording its delays")
  func monitoredPathway() throws {
    try withScope {
      let cells = try NeuronGroup(2, "v : 1", threshold: "v > 1", reset: "", name: "cells")
      let synapses = try Synapses(cells, onPre: "v += 0", name: "synapses")
      try synapses.connect(i: [0, 1], j: [1, 0])
      try synapses.pre.delay.set("(1 + i)*ms")
      let delays = try StateMonitor(synapses.pre, "delay", record: true, name: "delays")
      let network = try Network(cells, synapses, delays)
      try network.useRunDirectory(at: folder["run"])
      defer { network.closeRunDirectory() }
      try network.run(1 * ms)
      try network.store("end")
    }
    try withScope {
      let network = try Network(checkpoint: "end", in: folder["run"], readingOnly: true)
      try network.run(1 * ms)
      let delays: StateMonitor = try network.object("delays")
      let last = try delays["delay"].values.map { $0[19] }
      #expect(delays.recordedSteps == 20 && last == [1e-3, 2e-3])
    }
  }

  @Test("CKP-21: functions with a body in Swift must be given, all missing ones are named, and versions must agree") func functions() throws {
    _ = try original()
    withScope {
      #expect(throws: CheckpointError.missingFunctions(["bend (version 2)"])) { try Network(checkpoint: "half", in: folder["run"]) }
      let error = #expect(throws: CheckpointError.self) {
        try Network(checkpoint: "half", in: folder["run"], functions: ["bend": Everything.bend(version: "3")])
      }
      #expect(error?.description.contains("bend") == true && error?.description.contains("'3'") == true)
    }
  }
}
