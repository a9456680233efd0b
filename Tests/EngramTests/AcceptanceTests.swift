import Engram
import EngramMessageTestSupport
import EngramSimulation
import EngramTestSupport
import Foundation
import Testing

/// The scenarios that the on-disk state must survive, small enough for every run of the tests. Processes that are killed are under
/// tools/campaigns.
@Suite("Acceptance scenarios of checkpoints", .slow, .expecting("poissoninput.changed_dt", "synapses.different_dt")) struct AcceptanceTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func bend() throws -> [String: Function] { ["bend": try Everything.bend()] }
  private func rebuilt(_ name: String, _ directory: String) throws -> Network {
    try Network(checkpoint: name, in: folder[directory], functions: bend())
  }

  @Test("ACC-1, CKP-29, CKP-47: a run that breaks off is finished from its last automatic checkpoint with the bits of a whole run")
  func brokenOff() throws {
    let whole = try withScope {
      let network = try Everything.make()
      try network.run(8 * ms, namespace: Everything.names())
      return try network.digest
    }
    for last in [1, 4, 7] {
      let name = "broken \(last)"
      // Without closing: what was committed is all that a killed process leaves.
      try withScope {
        let network = try Everything.make()
        try network.useRunDirectory(at: folder[name])
        defer { network.closeRunDirectory() }
        try network.run(8 * ms, checkpoints: .every(simulated: 1 * ms), namespace: Everything.names())
      }
      try withScope {
        let store = try CheckpointStore(at: folder[name], mode: .open)
        let automatic = try store.list().filter { $0.kind == .automatic }
        // Those after the moment of the kill never came to be.
        for info in automatic.dropFirst(max(automatic.count - last, 1)) { try store.remove(info.id) }
        store.close()
        let network = try rebuilt("latest", name)
        defer { network.closeRunDirectory() }
        if network.hasUnfinishedRun { try network.resumeRun() }
        #expect(try network.digest == whole)
        #expect(network.t == 8 * ms)
      }
    }
  }

  @Test("ACC-2, CKP-27: branches with other inputs in directories of their own share the disk, and each equals the same branch made alone")
  func branches() throws {
    func train() throws -> Network {
      let network = try Everything.make()
      try network.useRunDirectory(at: folder["trained"])
      try network.run(4 * ms, namespace: Everything.names())
      return network
    }
    func test(_ network: Network, _ k: Int) throws -> String {
      try network.object("cells", as: NeuronGroup.self).variable("drive").set(0.2 + 0.1 * Double(k))
      try network.run(2 * ms)
      return try network.digest
    }
    try withScope {
      let network = try train()
      defer { network.closeRunDirectory() }
      try network.store("trained")
      for k in 0..<5 { try network.branch("test \(k)", from: "trained", to: folder["branch \(k)"]) }
    }
    var alone: Set<String> = []
    for k in 0..<5 {
      let here = try withScope {
        let network = try rebuilt("latest", "branch \(k)")
        defer { network.closeRunDirectory() }
        return try test(network, k)
      }
      let other = try withScope {
        let network = try Network(checkpoint: "trained", in: folder["trained"], functions: bend(), readingOnly: true)
        return try test(network, k)
      }
      #expect(here == other)
      alone.insert(here)
    }
    #expect(alone.count == 5)
  }

  @Test("ACC-4, CKP-10: stored at every one of 50 steps, with noise, delays, plasticity, refractoriness, several clocks and a changed dt, it resumes exactly")
  func everyStep() throws {
    let (end, digests) = try withScope {
      let network = try Everything.make()
      try network.useRunDirectory(at: folder["steps"])
      defer { network.closeRunDirectory() }
      try network.run(2 * ms, namespace: Everything.names())
      try (network.object("cells", as: NeuronGroup.self).clock as? Clock)?.setDt(0.05 * ms)
      var digests: [String] = []
      for step in 0..<50 {
        try network.run(0.05 * ms, namespace: Everything.names())
        try network.store("step \(step)")
        digests.append(try network.digest)
      }
      return (try network.digest, digests)
    }
    for step in stride(from: 0, to: 50, by: 7) {
      try withScope {
        let network = try Network(checkpoint: "step \(step)", in: folder["steps"], functions: bend(), readingOnly: true)
        #expect(try network.digest == digests[step])
        for _ in step + 1..<50 { try network.run(0.05 * ms) }
        #expect(try network.digest == end)
      }
    }
  }

  @Test("ACC-9, CKP-23, CKP-24: one changed constant, or one changed value of an input, is refused by name and accepted when allowed")
  func changedConstant() throws {
    func make(tau: Double, second: Double) throws -> Network {
      let input = try TimedArray([1, second], dt: 1 * ms, name: "input")
      return try Network(NeuronGroup(3, "dv/dt = (input(t) - v)/tau : 1", namespace: ["tau": tau * ms, "input": input], name: "cells"))
    }
    try withScope {
      let network = try make(tau: 5, second: 2)
      try network.useRunDirectory(at: folder["constants"])
      defer { network.closeRunDirectory() }
      try network.run(1 * ms)
      try network.store("here")
    }
    for (tau, second, word) in [(6.0, 2.0, "tau"), (5.0, 3.0, "input")] {
      try withScope {
        let network = try make(tau: tau, second: second)
        let error = #expect(throws: CheckpointError.self) { try network.restore("here", from: folder["constants"]) }
        guard case .differences(let lines)? = error else {
          Issue.record("\(String(describing: error))")
          return
        }
        #expect(lines.count == 1 && lines[0].contains(word))
        let report = try network.restore("here", from: folder["constants"], allowing: [.constants])
        #expect(report.acceptedDifferences == [lines[0].replacing(" (constants)", with: "")])
      }
    }
  }

  @Test("CKP-27, CKP-18: reset is the state before the first step, taken by itself; a branch inside the directory goes on from its origin")
  func lines() throws {
    try withScope {
      let network = try Everything.make()
      try network.useRunDirectory(at: folder["lines"])
      defer { network.closeRunDirectory() }
      let start = try network.digest
      try network.run(2 * ms, namespace: Everything.names())
      try network.store("two")
      try network.run(1 * ms, namespace: Everything.names())
      let three = try network.digest
      try network.reset()
      #expect(try network.digest == start)
      #expect(network.t == 0 * ms)
      let info = try network.branch("again", from: "two")
      #expect(info.line == "again" && network.t == 2 * ms)
      try network.run(1 * ms, namespace: Everything.names())
      #expect(try network.digest == three)
      try network.branch("other seed", from: "two", randomState: .reseed(5))
      try network.object("cells", as: NeuronGroup.self).variable("drive").set(0.5)
      try network.run(1 * ms, namespace: Everything.names())
      #expect(try network.digest != three)
      try network.store("changed")
      let commands = try StoredNetwork(network.stateSource("changed", at: nil)).commands
      #expect(commands == ["branch from two, seed 5", "cells.drive = 0.5", "run 1. ms until 3. ms"])
      #expect(try network.checkpoints.first { $0.names.contains("changed") }?.line == "other seed")
    }
  }

  @Test("CKP-45: a network comes back from a portable file alone") func portable() throws {
    let file = folder["everything.h5"]
    let digest = try withScope {
      let network = try Everything.make()
      try network.run(2 * ms, namespace: Everything.names())
      try network.store("here", to: file)
      return try network.digest
    }
    try withScope {
      let again = try Network(checkpoint: "here", in: file, functions: bend()).digest
      #expect(again == digest)
    }
  }

  @Test("CKP-20, CKP-22, CKP-39: what only a program can make is named, and made by the closure it gives") func ownObjects() throws {
    try withScope {
      let network = try Network(NeuronGroup(2, "x : 1", name: "cells"), NetworkOperation(every: 0.2 * ms, stateless: true, name: "watch") { _ in })
      try network.useRunDirectory(at: folder["own"])
      defer { network.closeRunDirectory() }
      try network.run(1 * ms)
      try network.store("here")
    }
    try withScope {
      let error = #expect(throws: CheckpointError.self) { try Network(checkpoint: "here", in: folder["own"]) }
      #expect(error?.description.contains("'watch' (NetworkOperation)") == true)
      var calls = 0
      let network = try Network(checkpoint: "here", in: folder["own"]) { object in
        try NetworkOperation(clock: object.clock, when: object.when, order: object.order, stateless: true, name: ObjectName(validating: object.name)) { _ in
          calls += 1
        }
      }
      defer { network.closeRunDirectory() }
      try network.run(1 * ms)
      #expect(calls == 5)
    }
  }
}
