import EngramExpressions
import EngramMagic
import EngramScalars
import EngramStorage
import EngramSystem
import EngramTestSupport
import EngramUnits
import Foundation
import Synchronization
import Testing

@testable import EngramCheckpoints
@testable import EngramSimulation

@Suite("Checkpoints in run directories") struct CheckpointDirectoryTests {
  private func inDirectory(_ body: (String) throws -> Void) throws {
    try TemporaryFolder.lend { try body($0.appending(path: "run").path) }
  }

  private func open(_ path: String) throws -> RunDirectory { try RunDirectory(at: path, headers: PlainHeaderWriter()) }

  /// A program of its own: makes the same model in a fresh scope and works on it.
  private func program<R>(_ path: String, _ body: (TestGroup, Network) throws -> R) throws -> R {
    try withScope {
      seed(17)
      let group = try TestGroup(40)
      try group.w <- "randn()"
      let slow = try TestCode("w = w + 0.1*randn()", for: group, dt: 0.3 * ms, name: "slow")
      let fast = try TestCode("w = 0.99*w + rand(); v = w*mV", for: group, name: "fast")
      let network = try Network(group, slow, fast)
      network.use(try open(path))
      defer { network.closeRunDirectory() }
      return try body(group, network)
    }
  }

  @Test("CKP-29: an automatic checkpoint that failed ends the run at a boundary, although the next ones would succeed; it can be continued")
  func failedOnce() throws {
    try inDirectory { path in
      try withScope {
        let system = WatchedFileSystem(flushes: false)
        var calls = 0
        // The checkpoint behind the fifth step fails, in the background, before the step behind it is over; later ones would not.
        let probe = try Probe {
          calls += 1
          // The one before is over by then.
          if calls == 5 {
            usleep(200_000)
            system.failElsewhere(code: EIO)
          }
          if calls == 6 {
            usleep(200_000)
            system.recover()
          }
        }
        let network = try Network(probe)
        network.use(try RunDirectory(at: path, headers: PlainHeaderWriter(), system: system))
        defer { network.closeRunDirectory() }
        let error = #expect(throws: CheckpointError.self) { try network.run(2 * ms, checkpoints: .every(simulated: 0.1 * ms)) }
        guard case .brokenOff(let run)? = error else {
          Issue.record("\(String(describing: error))")
          return
        }
        #expect(run.timeSeconds < 1e-3 && run.cause.contains("a call that a test lets fail"))
        system.recover()
        try network.resumeRun()
        #expect(network.t.si == 0.002)
      }
    }
  }

  @Test("CKP-10, CKP-1, CKP-43: a run split by a store and a new process gives the bits of a whole one") func acrossProcesses() throws {
    try inDirectory { path in
      try inDirectory { other in
        let whole = try program(other) { _, network in
          try network.run(1 * ms)
          try network.run(1.5 * ms)
          return try network.digest
        }
        try program(path) { _, network in
          try network.run(1 * ms)
          try network.store("half", options: StoreOptions(comment: "here", tags: ["first"]))
        }
        try program(path) { group, network in
          try group.w <- 0
          let report = try network.restore("half")
          #expect(report.isExact)
          #expect(network.t.si == 0.001)
          try network.run(1.5 * ms)
          #expect(try network.digest == whole)
          let list = try #require(network.runDirectory).list().filter { $0.kind == .named }
          #expect(list.count == 1 && list[0].comment == "here" && list[0].summary["time"] == "0.001")
        }
      }
    }
  }

  @Test("CKP-29, CKP-47: automatic checkpoints let a killed run finish with the same bits") func automatic() throws {
    try inDirectory { path in
      try inDirectory { other in
        let whole = try program(other) { _, network in
          try network.run(0.25 * ms)
          try network.run(3 * ms)
          return (try network.digest, network.t.si)
        }
        struct Killed: Error {}
        try program(path) { group, network in
          let killer = try NetworkOperation(stateless: true, name: "killer") { t in if t.si > 2e-3 { throw Killed() } }
          killer.isActive = true
          try network.run(0.25 * ms)
          try network.add(killer)
          #expect(throws: BrianObjectError.self) { try network.run(3 * ms, checkpoints: .every(simulated: 0.5 * ms)) }
        }
        try program(path) { _, network in
          let killer = try NetworkOperation(stateless: true, name: "killer") { _ in }
          try network.add(killer)
          try network.restore("latest")
          #expect(network.hasUnfinishedRun)
          #expect(network.t.si > 1e-3 && network.t.si < 2.05e-3)
          let summary = try network.resumeRun(checkpoints: .every(wall: .seconds(60)))
          #expect(summary.stopReason == .completed)
          try network.remove(killer)
          #expect(try network.digest == whole.0)
          #expect(network.t.si == whole.1)
          #expect(!network.hasUnfinishedRun)
          #expect(throws: NetworkError.noRunToResume) { try network.resumeRun() }
        }
      }
    }
  }

  @Test("CKP-29, NET-26: a run that was stopped can be continued to its end; checkpoints change nothing") func stopped() throws {
    try inDirectory { path in
      try inDirectory { other in
        let whole = try program(other) { _, network in
          try network.run(2 * ms)
          return try network.digest
        }
        try program(path) { _, network in
          let stopper = try NetworkOperation(stateless: true, name: "stopper") { t in if t.si > 0.9e-3 { network.stop() } }
          try network.add(stopper)
          try network.run(2 * ms, checkpoints: .every(simulated: 0.1 * ms))
          #expect(network.hasUnfinishedRun)
          stopper.isActive = false
          try network.remove(stopper)
          try network.resumeRun()
          #expect(try network.digest == whole)
        }
      }
    }
  }

  @Test("CKP-14: what did not change is not written again; what a run changes after a checkpoint is") func incremental() throws {
    try inDirectory { path in
      try withScope {
        let group = try TestGroup(1000)
        let network = try Network(group, try TestCode("w = w + 1", for: group))
        let directory = try open(path)
        network.use(directory)
        defer { network.closeRunDirectory() }
        try network.store("a")
        try network.store("b")
        let sizes = try directory.list().map(\.writtenByteCount)
        #expect(sizes.count == 2 && sizes[1] < sizes[0])
        var stores = 0
        let storer = try NetworkOperation(order: 5, stateless: true) { _ in
          stores += 1
          try network.store("step \(stores)")
        }
        try network.add(storer)
        try network.run(0.3 * ms)
        for step in 1...3 {
          try network.restore("step \(step)")
          #expect(try group.w.values == Array(repeating: Double(step), count: 1000))
        }
      }
    }
  }

  private final class NotedViews: CheckpointViews {
    let ids = Mutex<[String]>([])
    func publish(_ checkpoint: CheckpointInfo, in directory: RunDirectory) { ids.withLock { $0.append(checkpoint.id) } }
  }

  @Test("HDF-8: whoever opens a directory says what is made beside its checkpoints", arguments: [true, false])
  func views(_ areWanted: Bool) throws {
    try inDirectory { path in
      try withScope {
        let views = NotedViews()
        let format = CheckpointFormat(headers: PlainHeaderWriter(), views: areWanted ? views : nil)
        let network = try Network(try Probe())
        try network.useRunDirectory(at: URL(filePath: path), format: format)
        try network.store("a")
        // Views are made behind the commit; closing waits for them.
        network.closeRunDirectory()
        // The same from outside, where the network has another directory or none.
        let place = CheckpointLocation(URL(filePath: path), format: format)
        try network.store("b", at: place)
        #expect(views.ids.withLock { $0.count } == (areWanted ? 2 : 0))
        #expect(try network.diff("a", at: place).numbers.isEmpty)
        try network.restore("b", at: place)
      }
    }
  }

  @Test("CKP-43: a place where nothing can be is an error, not a trap") func noPlace() throws {
    try withScope {
      let network = try Network(try Probe())
      let place = CheckpointLocation(URL(filePath: "/nonexistent/place"), format: CheckpointFormat(headers: PlainHeaderWriter()))
      #expect(throws: CheckpointError.self) { try network.store("a", at: place) }
      #expect(throws: CheckpointError.self) { try network.restore("a", at: place) }
      #expect(throws: CheckpointError.noRunDirectory) { try network.run(1 * ms, checkpoints: .onInterrupt) }
    }
  }

  @Test("LNK-8: values whose owner is not in the network are an error at store, naming it") func missingOwner() throws {
    try withScope {
      let parent = try TestGroup(3)
      let part = try TestGroup(part: 0..<2, of: parent)
      let network = try Network(part)
      #expect(throws: CheckpointError.missingOwner(variable: "v", owner: "testgroup")) { try network.store() }
      try network.add(parent)
      try network.store()
    }
  }

  @Test("CKP-46: the digest sees every value and no path to it") func digest() throws {
    try withScope {
      let group = try TestGroup(4)
      let network = try Network(group)
      let empty = try network.digest
      try group.w <- 1
      let one = try network.digest
      #expect(one != empty)
      try group.w <- 0
      #expect(try network.digest == empty)
      try network.store("somewhere")
      #expect(try network.digest == empty)
      try group.w[element: 3] <- -0.0
      #expect(try network.digest != empty)
    }
  }

  @Test("CKP-23: names whose values differ from those before the checkpoint are told at the next run") func changedNamespace() throws {
    try withScope {
      let group = try TestGroup(1)
      let network = try Network(group, try TestCode("w += k", for: group))
      try network.run(0.1 * ms, namespace: ["k": 1.0])
      try network.store()
      try network.restore()
      let same = try Messages.capturing { try network.run(0.1 * ms, namespace: ["k": 1.0]) }.messages
      #expect(same.isEmpty)
      try network.restore()
      let messages = try Messages.capturing { try network.run(0.1 * ms, namespace: ["k": 2.0]) }.messages
      #expect(messages.map(\.category) == ["network.restore.constants"])
      #expect(messages[0].text.contains("constant k: stored 1., here 2."))
    }
  }

  @Test("STO-10: status.json says who runs what, how far it is, and how it ended") func status() throws {
    try inDirectory { path in
      struct Broken: Error {}
      try program(path) { group, network in
        let directory = try #require(network.runDirectory)
        func status() throws -> RunStatus {
          guard let status = RunStatus(of: directory) else { throw Broken() }
          return status
        }
        #expect(RunStatus(of: directory) == nil)
        var seen: RunStatus?
        var breaks = false
        let look = try NetworkOperation(stateless: true, name: "look") { _ in
          if breaks { throw Broken() }
          seen = try status()
        }
        try network.add(look)
        try network.run(1 * ms)
        let running = try #require(seen)
        #expect(running.state == .running && running.time == 0 && running.start == 0 && running.target == 1e-3)
        #expect(running.process == ProcessInfo.processInfo.processIdentifier && !running.isAbandoned)
        #expect(running.network == network.name && running.run == network.runDirectory?.runID && running.checkpoint == "ck-1")
        #expect(running.clocks.contains { $0.dt == 1e-4 && $0.timestep == 0 })
        let complete = try status()
        #expect(complete.state == .complete && complete.time == 1e-3)
        #expect(complete.clocks.contains { $0.dt == 1e-4 && $0.timestep == 10 })
        breaks = true
        #expect(throws: BrianObjectError.self) { try network.run(1 * ms) }
        #expect(try status().state == .failed && status().problem?.contains("look") == true)
      }
    }
  }

  @Test("STO-10, CKP-10: the status and copies made ready beforehand change no bit of a run") func onlookers() throws {
    func digest(_ path: String, _ checkpoints: CheckpointPolicy?) throws -> String {
      try program(path) { _, network in
        if let checkpoints { try network.run(3 * ms, checkpoints: checkpoints) } else { try network.run(3 * ms) }
        return try network.digest
      }
    }
    try inDirectory { path in
      try inDirectory { other in
        let (watched, alone) = (try digest(path, .every(simulated: 0.2 * ms)), try digest(other, nil))
        #expect(watched == alone)
      }
    }
  }

  @Test("STO-13: a step of a network with a run directory asks nothing of the file system, in memory and in mapped files alike")
  func noCallsPerStep() throws {
    func calls(_ path: String, mapped: Bool, steps: Int) throws -> (count: Int, digest: String) {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      return try withScope {
        if mapped { try setDevice(.mapped(directory: path)) }
        seed(17)
        let group = try TestGroup(3000)
        let code = try TestCode("w = 0.9*w + randn(); v = w*mV", for: group)
        let network = try Network(group, code)
        let system = WatchedFileSystem()
        network.use(try RunDirectory(at: path + "/run", headers: PlainHeaderWriter(), system: system))
        defer { network.closeRunDirectory() }
        // What belongs to a run, not to its steps, happens here too.
        try network.run(0.2 * ms)
        let before = system.count
        try network.run(Double(steps) * 0.1 * ms)
        return (system.count - before, try network.digest)
      }
    }
    try inDirectory { folder in
      for mapped in [false, true] {
        let few = try calls(folder + "/few\(mapped)", mapped: mapped, steps: 20)
        let many = try calls(folder + "/many\(mapped)", mapped: mapped, steps: 200)
        // The status of a run asks for a few calls whenever a second passes, which takes many steps.
        #expect(many.count - few.count < 180 / 2, "\(few.count) calls for 20 steps, \(many.count) for 200")
      }
      let (memory, mapped) = (try calls(folder + "/a", mapped: false, steps: 30), try calls(folder + "/b", mapped: true, steps: 30))
      #expect(memory.digest == mapped.digest)
    }
  }

  @Test("CKP-34: recordings convert like variables: refused, allowed where nothing is lost, lossy only when said so") func recordedTypes() throws {
    func network(_ type: ScalarType) throws -> (RecordingObject, Network) {
      let object = try RecordingObject(type)
      return (object, try Network(object, name: "net"))
    }
    try inDirectory { path in
      try withScope {
        let (object, network) = try network(.float32)
        network.use(try open(path))
        try object.append([1.5, -0.25, 3])
        try network.store("narrow")
        network.closeRunDirectory()
      }
      try withScope {
        let (object, network) = try network(.float64)
        network.use(try open(path))
        defer { network.closeRunDirectory() }
        #expect(throws: CheckpointError.self) { try network.restore("narrow") }
        #expect(try object.values.isEmpty)
        let report = try network.restore("narrow", allowing: [.types])
        #expect(!report.isExact && report.acceptedDifferences.contains { $0.contains("float32") })
        #expect(try object.values == [1.5, -0.25, 3])
        try object.append([0.1])
        try network.store("wide")
      }
      try withScope {
        let (object, network) = try network(.float32)
        network.use(try open(path))
        defer { network.closeRunDirectory() }
        #expect(throws: CheckpointError.self) { try network.restore("wide", allowing: [.types]) }
        #expect(try object.values.isEmpty)
        try network.restore("wide", allowing: [.lossyTypes])
        #expect(try object.values == [1.5, -0.25, 3, Double(Float(0.1))])
      }
    }
  }

  @Test("CKP-37, CKP-43: snapshots taken in memory can be restored when there is a run directory, and after it; the newer of a name counts")
  func snapshotsBeforeADirectory() throws {
    try inDirectory { path in
      try withScope {
        let group = try TestGroup(2)
        let network = try Network(group)
        try group.w <- 1
        try network.store("mem")
        try network.store("both")
        try group.w <- 2
        network.use(try open(path))
        #expect(network.snapshotNames == ["both", "mem"])
        try network.restore("mem")
        #expect(try group.w.values == [1, 1])
        try group.w <- 3
        try network.store("both")
        try group.w <- 4
        #expect(try !network.diff("mem").isEmpty)
        try network.restore("both")
        #expect(try group.w.values == [3, 3])
        #expect(network.snapshotNames == ["mem"])
        #expect(throws: CheckpointError.self) { try network.restore("nothing") }
        network.closeRunDirectory()
        try network.restore("mem")
        #expect(try group.w.values == [1, 1])
      }
    }
  }
}

/// Keeps one recording.
private final class RecordingObject: BrianObject {
  let recording: Recording

  init(_ type: ScalarType) throws {
    recording = Recording(type)
    try super.init(name: "recorder")
  }

  override func storedRecordings() -> [StoredRecording] {
    [StoredRecording(name: "x", recording: recording, type: recording.scalarType, rowLength: 1, dimension: .dimensionless)]
  }

  func append(_ values: [Double]) throws {
    for value in values {
      if recording.scalarType == .float32 {
        try withUnsafeBytes(of: Float(value)) { try recording.append($0) }
      } else {
        try withUnsafeBytes(of: value) { try recording.append($0) }
      }
    }
  }

  var values: [Double] {
    get throws {
      try recording.contents().withBytes(rows: 0..<recording.rows) { bytes in
        recording.scalarType == .float32 ? bytes.bindMemory(to: Float.self).map(Double.init) : Array(bytes.bindMemory(to: Double.self))
      }
    }
  }
}
