import EngramCheckpoints
import EngramEquations
import EngramMagic
import EngramMessageTestSupport
import EngramModelFiles
import EngramModels
import EngramScalars
import EngramSimulation
@testable import EngramStorage
import EngramSystem
import EngramTestSupport
import EngramUnits
import Foundation
import Testing

/// Noise, a recording, two runs with a named checkpoint between them.
private let model = """
  name: told
  seed: 4
  objects:
    - {kind: NeuronGroup, name: G, N: 3, model: "dv/dt = -v/(10*ms) + 0.1*xi*(10*ms)**-0.5 : 1", method: euler}
    - {kind: StateMonitor, name: trace, source: G, variables: v, record: true}
  checkpoints: {every: 0.4 ms}
  run:
    - run: 1 ms
    - store: half
    - run: 1 ms
  """

/// Where a call of the program ends.
enum Ending: CaseIterable {
  case steps, target, stop, beyond
}

@Suite("What is reported is on disk", .expecting("directory", "model.store.again", "modelfile.steps")) struct AcknowledgementTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// What one call reports; nil: it threw.
  private func call(_ path: String, _ ending: Ending, on system: WatchedFileSystem) async -> (outcome: String, t: Double, checkpoint: String?)? {
    await Task {
      do {
        let directory = try RunDirectory(at: path, headers: PlainHeaderWriter(), system: system)
        defer { directory.close() }
        return try withScope {
          // What is said there is said by a thread of the directory, which knows nothing of the test.
          Messages.suppress("directory")
          var options = Experiment.Options()
          switch ending {
          case .steps, .stop: break
          case .target: options.untilSeconds = 1.3e-3
          case .beyond: options.untilSeconds = 2.5e-3
          }
          let file = try FileReader.read(Array(model.utf8), fileName: "told.yaml")
          let experiment = try Experiment(file, in: directory, files: NoArrayFiles(), options: options)
          if ending == .stop {
            // As a signal does: the first step is the last one.
            experiment.onProgress = { _, _ in withUnsafeCurrentTask { $0?.cancel() } }
          }
          let report = try experiment.run()
          return ("\(report.outcome)", report.timeSeconds, report.checkpoint?.id)
        }
      } catch { return nil }
    }.value
  }

  @Test(
    "CKP-29, MDL-43: whichever call of the file system fails, once or from then on, what is reported is on disk, and the rest can be done again",
    arguments: Ending.allCases, [false, true])
  func everyFault(ending: Ending, isLasting: Bool) async throws {
    let whole = try execute(model, in: folder.path("whole")) { if ending == .beyond { $0.untilSeconds = 2.5e-3 } }.digest
    // Without a fault.
    let watched = WatchedFileSystem(flushes: false)
    let undisturbed = try #require(await call(folder.path("undisturbed"), ending, on: watched))
    #expect(undisturbed.checkpoint != nil)
    let isCampaign = getenv("ENGRAM_CAMPAIGN") != nil
    let first = isCampaign ? 0 : (isLasting ? 3 : 0)
    for number in stride(from: first, to: watched.count + 3, by: isCampaign ? 1 : 61) {
      let path = folder.path("fault-\(number)")
      let fault = WatchedFileSystem.Fault(first: number, isLasting: isLasting, code: number % 2 == 0 ? ENOSPC : EIO)
      let told = await call(path, ending, on: WatchedFileSystem(fault: fault, flushes: false))
      if let told {
        let directory = try RunDirectory(at: path, access: .read, creating: false, headers: PlainHeaderWriter())
        let newest = try #require(try directory.list().last)
        #expect(newest.id == told.checkpoint && newest.networkSeconds == told.t, "call \(number): \(told)")
        #expect(told.t == undisturbed.t, "call \(number)")
      } else {
        #expect(number < watched.count, "nothing failed")
      }
      let again = try execute(model, in: path) { if ending == .beyond { $0.untilSeconds = 2.5e-3 } }
      #expect(again.digest == whole, "call \(number)")
    }
  }

  @Test("STO-12, CKP-29: a run whose recordings cannot be written stops at the next step boundary instead of keeping them in memory")
  func recordings() throws {
    let text = """
      name: full
      seed: 3
      objects:
        - {kind: NeuronGroup, name: G, N: 2000, model: "dv/dt = 1/second : 1", method: euler}
        - {kind: StateMonitor, name: trace, source: G, variables: v, record: true}
      checkpoints: {every: {wall: 3600 s}}
      run: 100 ms
      """
    let system = WatchedFileSystem(flushes: false)
    let path = folder.path("full")
    let directory = try RunDirectory(at: path, headers: PlainHeaderWriter(), system: system)
    try withScope {
      let file = try FileReader.read(Array(text.utf8), fileName: "full.yaml")
      let experiment = try Experiment(file, in: directory, files: NoArrayFiles(), options: .init())
      // Everything is prepared, and `initial` is on disk.
      experiment.onProgress = { _, _ in system.fail(code: ENOSPC) }
      let error = #expect(throws: ExperimentError.self) { try experiment.run() }
      // A buffer of 1 MiB holds 65 rows of 16 kB; twice that is all that may be in memory.
      #expect(experiment.network.t.si > 1e-3 && experiment.network.t.si < 15e-3)
      #expect(error.map { "\($0)".contains("the run was stopped at t = ") } == true, "\(error.map { "\($0)" } ?? "")")
    }
    system.recover()
    directory.close()
    #expect(try execute(text, in: path).digest == execute(text, in: folder.path("undisturbed")).digest)
  }

  @Test(
    "CKP-1, CKP-29: the failure of a checkpoint that nobody waited for is told by the next call at the latest; then all goes on", arguments: ["store", "run"])
  func unawaited(next: String) throws {
    let system = WatchedFileSystem(flushes: false)
    let directory = try RunDirectory(at: folder.path("unawaited-\(next)"), headers: PlainHeaderWriter(), system: system)
    defer { directory.close() }
    try withScope {
      let group = try NeuronGroup(3, "dv/dt = -v/(10*ms) : 1", method: .named(.euler), name: "G")
      let network = try Network(group)
      network.use(directory)
      try network.run(1 * ms)
      try network.store("kept")
      try network.run(1 * ms)
      system.fail(code: ENOSPC)
      let isToldAtOnce: Bool
      do {
        try network.store("lost", options: StoreOptions(waits: false))
        isToldAtOnce = false
      } catch { isToldAtOnce = true }
      directory.settle()
      if !isToldAtOnce {
        #expect(throws: CheckpointError.self) { if next == "run" { try network.run(1 * ms) } else { try network.store("later") } }
        #expect(network.t.si == 2e-3)
      }
      system.recover()
      try network.run(1 * ms)
      try network.store("after")
      #expect(try directory.list().flatMap(\.names) == ["kept", "after"])
      #expect(try directory.verify().isSound)
    }
  }

  @Test("CKP-42: an experiment whose unchanging values have rotted since they were verified ends with an error that names them") func rotBeforeTheEnd() throws {
    let path = folder.path("rot.engram")
    let text = """
      seed: 1
      objects:
        - {kind: NeuronGroup, name: G, N: 200000, model: "w : 1 (constant)", initial: {w: i}}
      run: 0.1 ms
      """
    func open() throws -> RunDirectory { try RunDirectory(at: path, headers: PlainHeaderWriter()) }
    let first = try open()
    _ = try withScope { try Experiment(FileReader.read(Array(text.utf8), fileName: "rot.yaml"), in: first, files: NoArrayFiles(), options: .init()).run() }
    first.close()
    for isRotten in [false, true] {
      let directory = try open()
      defer { directory.close() }
      try withScope {
        var options = Experiment.Options()
        options.forSeconds = isRotten ? 0.3e-3 : 0.2e-3
        let experiment = try Experiment(resuming: directory, at: Continuation(nil, in: directory), files: NoArrayFiles(), options: options)
        try experiment.network.waitForVerification()
        guard isRotten else {
          #expect(try experiment.run().timeSeconds == 0.2e-3)
          return
        }
        let place = try #require(try directory.look(at: "latest").places(of: StoredKey("G", "w")).first)
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: "\(path)/\(place.path)"))
        try file.seek(toOffset: UInt64(place.offset + 8 * 1000))
        try file.write(contentsOf: [1])
        try file.close()
        let error = #expect(throws: (any Error).self) { try experiment.run() }
        #expect(error.map { "\($0)" }?.contains("G.w have changed") == true, "\(error.map { "\($0)" } ?? "")")
      }
    }
  }

  @Test("MDL-68: an interval shorter than a step makes a checkpoint at each step; one that is no interval is refused at its place")
  func intervals() throws {
    for every in ["1e-300 s", "1e-12 s", "{wall: 1e-10 s}"] {
      let text = model.replacingOccurrences(of: "{every: 0.4 ms}", with: "{every: \(every), keep: 100}")
      let path = folder.path("every-\(every.utf8.count)")
      #expect(try execute(text, in: path).outcome == "reachedEnd")
      let directory = try RunDirectory(at: path, access: .read, headers: PlainHeaderWriter())
      let automatic = try directory.list().filter { $0.kind == .automatic }
      // With wall-clock time not while the one before is being written.
      #expect(automatic.count >= (every.contains("wall") ? 2 : 19), "\(every): \(automatic.count)")
    }
    for every in ["0 s", "-1 ms", "{wall: -1 s}", "{wall: 0 min}"] {
      let text = model.replacingOccurrences(of: "{every: 0.4 ms}", with: "{every: \(every)}")
      let error = #expect(throws: ModelFileError.self) { try execute(text, in: folder.path("none")) }
      #expect(error.map { "\($0)".contains("is a time above 0") && "\($0)".contains("test.yaml:6") } == true, "\(error.map { "\($0)" } ?? "")")
    }
    try withScope {
      let network = try Network()
      network.use(try RunDirectory(at: folder.path("api"), headers: PlainHeaderWriter()))
      defer { network.closeRunDirectory() }
      for policy in [CheckpointPolicy.every(simulated: -1 * ms), .every(simulated: Time(si: .nan)), .every(wall: .zero)] {
        #expect(throws: CheckpointError.self) { try network.run(1 * ms, checkpoints: policy) }
      }
    }
  }

  @Test("CKP-29: intervals count from the newest checkpoint on, however short the runs are") func acrossRuns() throws {
    let text = model.replacingOccurrences(of: "  - run: 1 ms\n  - store: half\n  - run: 1 ms", with: "  - repeat: {count: 20, as: k, steps: [{run: 0.1 ms}]}")
      .replacingOccurrences(of: "{every: 0.4 ms}", with: "{every: 0.4 ms, keep: 100}")
    let path = folder.path("short")
    #expect(try execute(text, in: path).outcome == "reachedEnd")
    let directory = try RunDirectory(at: path, access: .read, headers: PlainHeaderWriter())
    let times = try directory.list().compactMap(\.networkSeconds).map { ($0 * 1e4).rounded() / 10 }
    #expect(times == [0, 0.4, 0.8, 1.2, 1.6, 2])
  }

  @Test("MON-1, MDL-64: the room that recordings need is that of this call, not that of the whole file") func room() throws {
    let text = """
      objects:
        - {kind: NeuronGroup, name: G, N: 1000, model: "dv/dt = -v/(10*ms) : 1", method: exact, initial: {v: 1}}
        - {kind: StateMonitor, name: m, source: G, variables: v, record: true}
      run: 100 s
      """
    func run(until seconds: Double?) throws -> Double {
      // A step records 8000 bytes and a time.
      let system = WatchedFileSystem(freeBytes: 4_000_000)
      let directory = try RunDirectory(at: folder.path("room"), headers: PlainHeaderWriter(), system: system)
      defer { directory.close() }
      return try withScope {
        var options = Experiment.Options()
        options.untilSeconds = seconds
        let file = try FileReader.read(Array(text.utf8), fileName: "room.yaml")
        return try Experiment(file, in: directory, files: NoArrayFiles(), options: options).run().timeSeconds
      }
    }
    #expect(throws: ExperimentError.self) { try run(until: nil) }
    #expect(try abs(run(until: 10e-3) - 10e-3) < 1e-12)
    #expect(throws: ExperimentError.self) { try run(until: 70e-3) }
    #expect(try abs(run(until: 20e-3) - 20e-3) < 1e-12)
  }

  @Test("STO-10: status.json has the target of the call and, at the end, the checkpoint that was made last") func status() throws {
    let path = folder.path("status")
    for until in [1.3e-3, 2.5e-3] {
      #expect(try abs(execute(model, in: path) { $0.untilSeconds = until }.t - until) < 1e-12)
      let directory = try RunDirectory(at: path, access: .read, headers: PlainHeaderWriter())
      let status = try #require(RunStatus(of: directory))
      #expect(abs(status.target - until) < 1e-12 && abs(status.time - until) < 1e-12)
      #expect(try status.checkpoint == directory.list().last?.id)
    }
  }

  @Test("STO-10: status.json says stopped of an experiment that was stopped between two runs, and complete when no step is left")
  func stoppedBetweenRuns() throws {
    let text = """
      objects:
        - {kind: NeuronGroup, name: G, N: 1, model: "dv/dt = 1/second : 1", method: euler}
      run:
        - run: 1 ms
        - run: 1 ms
      """
    let path = folder.path("between")
    for (until, state) in [(1e-3, RunStatus.State.stopped), (nil, .complete)] {
      _ = try execute(text, in: path) { $0.untilSeconds = until }
      let directory = try RunDirectory(at: path, access: .read, headers: PlainHeaderWriter())
      #expect(RunStatus(of: directory)?.state == state)
    }
  }

  @Test("MDL-40: a run step brings names of its own, also for a continued run and beyond the steps; without them the file is refused") func names() throws {
    let text = """
      objects:
        - {kind: NeuronGroup, name: G, N: 1, model: "dv/dt = k/second : 1", method: euler}
      run:
        - run: {for: 1 ms, namespace: {k: 2}}
        - repeat: {over: [3, 5], as: gain, steps: [{run: {for: 1 ms, namespace: {k: "2*gain"}}}]}
      """
    #expect(throws: ModelFileError.self) { try execute(text.replacingOccurrences(of: ", namespace: {k: 2}", with: ""), in: folder.path("without")) }
    let path = folder.path("names")
    for until in [0.5e-3, 2.2e-3, nil] { #expect(try execute(text, in: path) { $0.untilSeconds = until }.t > 0) }
    let directory = try RunDirectory(at: path, access: .read, headers: PlainHeaderWriter())
    let column = try directory.look(at: "latest").column(StoredKey("G", "v"))
    let value = column.withElements(of: Double.self) { $0[0] }
    // 1 ms at 2/s, 1 ms at 6/s, 1 ms at 10/s.
    #expect(abs(value - 18e-3) < 1e-12)
    #expect(try execute(text, in: path) { $0.untilSeconds = 4e-3 }.outcome == "reachedEnd")
  }

  @Test("CKP-28: what calls with a target added behind the last step is repeated, and so is a call whose file got more steps")
  func replays() throws {
    let path = folder.path("replay")
    for until in [0.7e-3, 2.3e-3, 2.9e-3] { #expect(try abs(execute(model, in: path) { $0.untilSeconds = until }.t - until) < 1e-12) }
    #expect(try execute(model + "\n  - run: 0.5 ms\n  - store: end", in: path).t > 3e-3)
    let directory = try RunDirectory(at: path, access: .read, headers: PlainHeaderWriter())
    var told: [String] = []
    var replay = Replay(directory)
    replay.onStretch = { told.append($0.to) }
    let stretches = try replay.run()
    #expect(stretches.count >= 4 && told == stretches.map(\.to))
    for stretch in stretches {
      guard case .equal = stretch.outcome else {
        Issue.record("\(stretch)")
        continue
      }
    }
    let leftovers = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).filter { $0.contains("replay-") }
    #expect(leftovers.isEmpty)
  }

  @Test("MDL-61, MDL-62: a list of rounds is gone on with from every place in it, also where constants say how many rounds there are")
  func rounds() throws {
    let text = model.replacingOccurrences(
      of: "  - run: 1 ms\n  - store: half\n  - run: 1 ms",
      with: "  - repeat: {count: 2*n, as: k, steps: [{run: 0.2 ms}, {set: {G.v: 0.01*k}}, {store: \"round\"}, {restore: \"round\"}]}"
    )
    .replacingOccurrences(of: "seed: 4", with: "seed: 4\nconstants: {n: 3}")
    let path = folder.path("rounds")
    for until in [0.1e-3, 0.2e-3, 0.3e-3, 0.7e-3, 1.0e-3] { #expect(try execute(text, in: path) { $0.untilSeconds = until }.t >= until * (1 - 1e-9)) }
    #expect(try execute(text, in: path).digest == execute(text, in: folder.path("rounds whole")).digest)
  }

  @Test("MDL-62, CKP-27: the file goes on with its own line, whichever line has the newest checkpoint") func lines() throws {
    let path = folder.path("lines")
    #expect(try abs(execute(model, in: path) { $0.untilSeconds = 1.3e-3 }.t - 1.3e-3) < 1e-12)
    let directory = try RunDirectory(at: path, headers: PlainHeaderWriter())
    try directory.branch("trial", from: "half")
    directory.close()
    #expect(try execute(model, in: path).digest == execute(model, in: folder.path("alone")).digest)
    let after = try RunDirectory(at: path, access: .read, headers: PlainHeaderWriter())
    #expect(try after.list().last?.line == "main")
    let newest = try #require(try after.list().last)
    let remark = try Continuation.remark("r", goingOnFrom: newest, in: after)
    #expect(remark?.contains("the line 'main'") == true && remark?.contains("'trial' (engram resume r@ck-") == true, "\(remark ?? "")")
  }
}
