import EngramCheckpoints
import EngramEquations
import EngramExpressions
import EngramMagic
import EngramMessageTestSupport
import EngramModels
import EngramScalars
import EngramSimulation
import EngramStorage
import EngramUnits
import Foundation
import Testing

@Suite("What is recorded twice", .expecting("base.unused_brian_object")) struct TwiceTests {
  private func group() throws -> NeuronGroup {
    try NeuronGroup(3, "dv/dt = (2 - v)/(1*ms) : 1\ncount : 1\nw : 1", threshold: "v > 1", reset: "v = 0", method: .named(.exact), name: "G")
  }

  @Test(
    "MON-1: a state monitor records each variable once, and has its times anyway",
    arguments: [
      (["v", "v"], "'M' is to record 'v' twice"), (["v", "t"], "'M' cannot record 't'"), (["t"], "'M' cannot record 't'"), (["w", "v", "w"], "'w' twice"),
    ])
  func states(variables: [String], words: String) throws {
    try withScope {
      let G = try group()
      let error = #expect(throws: MonitorError.self) { try StateMonitor(G, .names(variables), record: .all, name: "M") }
      #expect(error.map { "\($0)" }?.contains(words) == true)
    }
  }

  @Test("MON-2: an element that is named twice is recorded in two rows, which a checkpoint holds")
  func elements() throws {
    try withScope {
      let G = try group()
      let M = try StateMonitor(G, ["v", "w"], record: [1, 1, 0], name: "M")
      let network = try Network(G, M)
      try network.run(0.5 * ms)
      try network.store("a")
      #expect(try M["v"].row(0) == M["v"].row(1) && M["v"].rowCount == 3)
      try network.restore("a")
    }
  }

  @Test("MON-8: variables of an event monitor are a set, with times and elements in it anyway; counts it has itself")
  func events() throws {
    try withScope {
      let G = try group()
      let M = try SpikeMonitor(G, variables: ["v", "i", "v", "t", "w"], name: "M")
      let network = try Network(G, M)
      try network.run(3 * ms)
      try network.store("a")
      let times = try M.t.si
      #expect(try M["t"].si == times && M["i"].si.map { Int32($0) } == M.i && M["v"].count == times.count && M["w"].count == times.count)
      #expect(!times.isEmpty)
      let error = #expect(throws: MonitorError.self) { try SpikeMonitor(G, variables: ["count"]) }
      #expect(error.map { "\($0)" }?.contains("counts events under this name") == true)
    }
  }

  @Test("STO-3: an object of a user that stores two values under one name is told so; nothing traps")
  func ownObject() throws {
    try withScope {
      let double = try Double2()
      let network = try Network(double)
      let error = #expect(throws: CheckpointError.self) { try network.store("a") }
      #expect(error == .storedTwice(object: "double", name: "x"))
    }
  }

  private final class Double2: Group {
    init() throws {
      try super.init(name: "double")
      try variables.addArray("x", count: 1)
    }
    override func storedRecordings() -> [StoredRecording] {
      [StoredRecording(name: "x", recording: .init(.float64), type: .float64, rowLength: 1, dimension: .dimensionless)]
    }
  }
}
