import Engram
import EngramSimulation
@testable import EngramStorage
import EngramTestSupport
import Foundation
import Testing

/// Runs of Swift programs, repeated from their checkpoints alone.
@Suite("Repeating stored runs") struct ReplayTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// Noise, heterogeneous delays, plasticity, a given input, recordings, and a clock of its own.
  private func make() throws -> Network {
    seed(17)
    let cells = try NeuronGroup(
      12, "dv/dt = (drive - v)/tau + 0.3*xi*tau**-0.5 : 1 (unless refractory)\ndrive : 1\nkick : 1", threshold: "v > 0.8", reset: "v = 0",
      refractory: 0.7 * ms, method: .named(.euler), namespace: ["tau": 3 * ms], name: "cells")
    try cells.drive <- "0.5 + 0.05*i"
    try cells.runRegularly("v += gain*rand()", every: 0.4 * ms, name: "stir")
    let given = try SpikeGeneratorGroup(
      3, indices: [0, 1, 2], times: QuantityArray(si: [0.001, 0.002, 0.003], dimension: .time), name: "given")
    let plastic = try Synapses(
      cells, cells, "w : 1\ndtrace/dt = -trace/(4*ms) : 1 (event-driven)", onPre: "v += w; trace += 0.01; w = clip(w + 0.1*trace, 0, 1)",
      name: "plastic")
    try plastic.connect(where: "i != j", p: 0.4)
    try plastic.w <- "0.1*rand()"
    try plastic.delay <- "rand()*2*ms"
    let fixed = try Synapses(given, cells, onPre: "v += 0.5", delay: 0.3 * ms, name: "fixed")
    try fixed.connect(j: "k for k in range(4)")
    let spikes = try SpikeMonitor(cells, name: "spikes")
    let trace = try StateMonitor(cells, ["v"], record: [0, 5], dt: 0.2 * ms, name: "trace")
    return try Network(contentsOf: [cells, given, plastic, fixed, spikes, trace] as [BrianObject], name: "chain")
  }

  private let gain: Namespace = ["gain": 0.05]

  /// Ten checkpoints, between which a program does what programs do.
  private func makeChain(_ name: String) throws {
    try withScope {
      let network = try make()
      try network.useRunDirectory(at: folder[name])
      defer { network.closeRunDirectory() }
      let cells = try network.object("cells", as: NeuronGroup.self)
      let plastic = try network.object("plastic", as: Synapses.self)
      try network.run(1.3 * ms, namespace: gain)
      try network.store("one")
      try cells.drive <- 0.7
      try cells.kick[2..<5] <- [1, 2, 3]
      try cells.drive[where: "i > 7"] <- "drive + 0.2*rand()"
      try network.run(0.8 * ms, namespace: gain)
      seed(4)
      try network.run(0.7 * ms, namespace: ["gain": 0.1])
      try network.store("two")
      try plastic.w <- "w*(1 + 0.1*rand())"
      try cells[3..<6].drive <- "0.1*i"
      try network.store("three")
      try network.object("given", as: SpikeGeneratorGroup.self).setSpikes(
        indices: [2, 0, 2], times: QuantityArray(si: [0.0033, 0.0034, 0.0051], dimension: .time))
      network["stir"]?.isActive = false
      try network.run(1.2 * ms)
      try network.store("four")
      network["stir"]?.isActive = true
      network["stir"]?.when = .end
      try defaultClock.setDt(0.05 * ms)
      try network.run(1 * ms, checkpoints: .every(simulated: 0.35 * ms), namespace: gain)
      try network.store("five")
      try network.object("trace", as: StateMonitor.self).recordSingleTimestep()
      try network.setSchedule([.start, .groups, .thresholds, .resets, .synapses, .end])
      try plastic.delay <- 0.5 * ms
      try cells.setNamespace(["tau": 4 * ms])
      try network.run(1 * ms, namespace: gain)
      try network.store("six")
      for number in ["seven", "eight", "nine", "ten"] {
        try network.run(0.6 * ms, namespace: gain)
        try network.store(number)
      }
    }
  }

  private func replay(_ name: String, _ checkpoint: String? = nil) throws -> [ReplayedStretch] {
    let store = try CheckpointStore(at: folder[name], mode: .read)
    return try store.replay(checkpoint)
  }

  /// Changes one element of a stored variable and repairs every checksum: nothing but a repetition can know.
  private func lie(_ name: String, about key: StoredKey, at element: Int, in checkpoint: String) throws {
    let path = folder[name].path
    let directory = try RunDirectory(at: path, access: .read, creating: false, headers: PlainHeaderWriter())
    let all = try directory.list().map { try directory.readManifest($0.sequence) }
    let manifest = try #require(all.first { $0.name == checkpoint })
    let extent = try #require(manifest.columns.first { $0.key == key }?.extent)
    let entry = manifest.files[extent.file]
    let file = URL(fileURLWithPath: "\(path)/\(entry.path)")
    var bytes = [UInt8](try Data(contentsOf: file))
    // The lowest bit of the exponent: half or twice the weight.
    bytes[extent.offset + 8 * element + 6] ^= 0x10
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    try Data(bytes).write(to: file)
    var changed: [Manifest] = []
    for var other in all {
      for place in other.files.indices where other.files[place].path == entry.path {
        other.files[place].hash = ContentHash(of: Array(bytes.prefix(other.files[place].hashedByteCount)))
        for column in other.columns.indices where other.columns[column].extent?.file == place {
          guard let own = other.columns[column].extent else { continue }
          other.columns[column].extent?.hash = ContentHash(of: Array(bytes[own.offset..<own.offset + own.byteCount]))
        }
      }
      let target = URL(fileURLWithPath: "\(path)/checkpoints/\(other.fileName)")
      try FileManager.default.removeItem(at: target)
      // Whoever lies so well has a journal that knows nothing else.
      other.anchor = nil
      try Data(other.encoded()).write(to: target)
      changed.append(other)
    }
    let system = RealFileSystem()
    let root = try system.openDirectory(path: path)
    defer { try? system.close(root) }
    let temporary = try system.openDirectory("tmp", in: root)
    defer { try? system.close(temporary) }
    for name in [Journal.name, Journal.copyName] { try system.remove(name, in: root) }
    let whole = try RunDirectory(at: path, access: .read, creating: false, headers: PlainHeaderWriter())
    try whole.beginJournal(of: changed, runID: changed[0].runID, in: root, by: temporary)
    whole.close()
  }

  @Test("ACC-10, CKP-18, CKP-28: a chain of ten checkpoints repeats bit for bit; one stored weight that lies is found, with variable and index")
  func chain() throws {
    try makeChain("chain")
    let honest = try replay("chain")
    // `initial`, ten names, and what lies inside the run before `five`.
    #expect(honest.count >= 11)
    for stretch in honest {
      guard case .equal = stretch.outcome else {
        Issue.record("\(stretch)")
        continue
      }
    }
    let store = try CheckpointStore(at: folder["chain"], mode: .read)
    let key = StoredKey("plastic", "w")
    try lie("chain", about: key, at: 7, in: "eight")
    #expect(try store.verify().isSound, "the lie is consistent")
    let found = try replay("chain", "eight")
    let seven = try store.info("seven"), eight = try store.info("eight")
    #expect(found.count == 1 && found[0].from == seven.id && found[0].to == eight.id)
    #expect(abs(found[0].startSeconds - 6.6e-3) < 1e-9 && abs(found[0].endSeconds - 7.2e-3) < 1e-9)
    guard case .differs(let what) = found[0].outcome else {
      Issue.record("\(found)")
      return
    }
    #expect(what.hasPrefix("'plastic.w' at [7], stored "), "\(what)")
    // What follows is not what follows from the lie either.
    guard case .differs = try replay("chain", "nine")[0].outcome else {
      Issue.record("the stretch behind the lie passes")
      return
    }
    for name in ["seven", "ten"] {
      guard case .equal = try replay("chain", name)[0].outcome else {
        Issue.record("\(name) does not pass")
        continue
      }
    }
  }

  @Test("CKP-28: where checkpoints in between have been collected, what was recorded since the last one that stays leads to the same place")
  func collected() throws {
    try withScope {
      let network = try make()
      try network.useRunDirectory(at: folder["few"])
      defer { network.closeRunDirectory() }
      try network.run(1 * ms, checkpoints: .every(simulated: 0.1 * ms), namespace: gain)
      try network.object("cells", as: NeuronGroup.self).drive <- 0.9
      try network.run(1 * ms, checkpoints: .every(simulated: 0.1 * ms), namespace: gain)
      try network.store("end")
    }
    let stretches = try replay("few")
    #expect(stretches.count == 3, "two automatic ones and the named one")
    #expect(stretches.first?.startSeconds == 0)
    for stretch in stretches {
      guard case .equal = stretch.outcome else {
        Issue.record("\(stretch)")
        continue
      }
    }
  }

  @Test("CKP-28, CKP-29: a run that was broken off and finished by another program is repeated across the break") func brokenOff() throws {
    try withScope {
      let network = try make()
      try network.useRunDirectory(at: folder["broken"])
      defer { network.closeRunDirectory() }
      try network.run(2 * ms, checkpoints: .every(simulated: 0.3 * ms), namespace: gain)
    }
    try withScope {
      let store = try CheckpointStore(at: folder["broken"], mode: .open)
      // The kill: the newest automatic checkpoint and what followed never came to be.
      try store.remove(#require(try store.list().last).id)
      store.close()
      let network = try Network(checkpoint: "latest", in: folder["broken"])
      defer { network.closeRunDirectory() }
      #expect(network.hasUnfinishedRun)
      try network.resumeRun()
      try network.run(0.5 * ms)
      try network.store("end")
    }
    let stretches = try replay("broken")
    #expect(stretches.contains { abs($0.endSeconds - 2.5e-3) < 1e-9 })
    for stretch in stretches {
      guard case .equal = stretch.outcome else {
        Issue.record("\(stretch)")
        continue
      }
    }
  }

  @Test("CKP-28: what only a program can do again is told, never passed over", arguments: ["connect", "pointer", "add", "part", "elsewhere", "operation"])
  func notRepeatable(what: String) throws {
    try withScope {
      let network = try make()
      try network.store("aside", to: folder["aside.h5"])
      if what == "operation" { try network.add(NetworkOperation(every: 1 * ms, stateless: true, name: "watch") { _ in }) }
      try network.useRunDirectory(at: folder[what])
      defer { network.closeRunDirectory() }
      try network.run(1 * ms, namespace: gain)
      try network.store("one")
      let cells = try network.object("cells", as: NeuronGroup.self)
      switch what {
      case "connect": try network.object("plastic", as: Synapses.self).connect(i: 0, j: 0)
      case "pointer": try (cells.variables["v"] as? ArrayVariable)?.withMutableValues(of: Double.self) { $0[0] = 0.5 }
      case "add": try network.add(PopulationRateMonitor(cells, name: "rate"))
      case "part": try network.restore("initial", only: .variables(["cells": ["v"]]))
      case "elsewhere": try network.restore("aside", from: folder["aside.h5"])
      default: break
      }
      try network.run(1 * ms, namespace: gain)
      try network.store("two")
    }
    let stretch = try #require(try replay(what, "two").first)
    guard case .notRepeatable(let reason) = stretch.outcome else {
      Issue.record("\(stretch)")
      return
    }
    #expect(!reason.isEmpty)
    if what == "operation" {
      let given = try CheckpointStore(at: folder[what], mode: .read).replay { object in
        try NetworkOperation(clock: object.clock, when: object.when, order: object.order, stateless: true, name: ObjectName(validating: object.name)) { _ in }
      }
      for stretch in given {
        guard case .equal = stretch.outcome else {
          Issue.record("\(stretch)")
          continue
        }
      }
    }
  }

  @Test("CKP-26: a checkpoint is compared with the live network: structure, and per variable count, greatest differences and first index")
  func live() throws {
    try withScope {
      let network = try make()
      try network.useRunDirectory(at: folder["live"])
      defer { network.closeRunDirectory() }
      try network.run(1 * ms, namespace: gain)
      try network.store("one")
      #expect(try network.diff("one").isEmpty)
      let cells = try network.object("cells", as: NeuronGroup.self)
      let before = try cells.drive.values
      try cells.drive[3..<5] <- [0.75, 4]
      cells.isActive = false
      let difference = try network.diff("one")
      #expect(difference.numbers.map { "\($0.key)" } == ["cells.drive"])
      let drive = try #require(difference.numbers.first)
      #expect(drive.count == 2 && drive.comparedCount == 12 && drive.unit == "1")
      #expect(drive.first?.row == 3 && drive.first?.column == 0)
      #expect(drive.firstValues?.0 == before[3] && drive.firstValues?.1 == 0.75)
      #expect(drive.maxAbsolute == 4 - before[4])
      #expect(drive.maxRelative == (4 - before[4]) / 4)
      #expect(drive.maxUlp == UInt64((4.0).bitPattern - before[4].bitPattern))
      #expect(difference.structure.contains { $0.contains("'cells', active") })
      // Looking changes neither the network nor where it goes on.
      try network.store("two")
      #expect(try network.checkpoints.last?.parent == network.checkpoints.first { $0.names == ["one"] }?.id)
      #expect(throws: CheckpointError.self) { try network.diff("onne") }
    }
    try withScope {
      let network = try make()
      try network.store("here")
      #expect(try network.diff("here").isEmpty)
      try network.object("cells", as: NeuronGroup.self).v <- 2
      #expect(try network.diff("here").numbers.count == 1)
      #expect(throws: CheckpointError.self) { try network.diff("there") }
    }
  }
}
