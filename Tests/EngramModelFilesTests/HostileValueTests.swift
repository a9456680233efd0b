import EngramCheckpoints
import EngramMagic
import EngramMessageTestSupport
import EngramModelFiles
import EngramModels
import EngramScalars
import EngramSimulation
import EngramStorage
import EngramTestSupport
import EngramUnits
import Foundation
import Testing

/// Everything that stores numbers of its own: groups with events, refractoriness and links, synapses with delays, plasticity,
/// numbers of pairs and sums, inputs of all kinds, clocks of both kinds, monitors of all kinds, a queue with spikes on their way.
let modelOfEverything = """
  name: everything
  dt: 0.1 ms
  seed: 3
  objects:
    - {kind: Clock, name: slow, dt: 0.5 ms}
    - {kind: EventClock, name: moments, times: [1 ms, 2 ms, 6 ms]}
    - {kind: TimedArray, name: stim, values: [[0, 1], [2, 3], [1, 0]], dt: 2 ms}
    - {kind: BinomialFunction, name: dice, n: 20, p: 0.5}
    - {kind: SpikeGeneratorGroup, name: gen, N: 6, indices: [0, 1, 2, 3, 4, 5, 0, 2], times: [1 ms, 2 ms, 2 ms, 4 ms, 5.4 ms, 5.6 ms, 6.3 ms, 7 ms]}
    - {kind: PoissonGroup, name: noise, N: 8, rates: 300 Hz}
    - kind: NeuronGroup
      name: A
      N: 7
      model: |
        dv/dt = (1.4 + 0.1*stim(t, i % 2) - v)/(3*ms) : 1 (unless refractory)
        k : integer
        flag : boolean
        total : 1
      threshold: v > 1
      reset: v = 0
      refractory: 1 ms
      events: {early: v > 0.9 and v < 0.91}
      method: euler
      initial: {v: "i*0.15", flag: "i > 3", k: i}
      run_regularly: {code: k += 1, clock: slow}
      run_at: {code: "v = 0.5*v", times: [1.5 ms, 6.5 ms]}
      run_on_event: {early: k += 10}
    - kind: NeuronGroup
      name: B
      N: 5
      model: |
        x : 1 (linked)
        y : integer (linked)
        dz/dt = (x - z)/(2*ms) + 0.1*y*Hz : 1
      method: euler
      link: {x: {to: A.v, index: [6, 0, 3, 3, 1]}, y: {to: A.k, index: [0, 1, 2, 3, 4]}}
    - kind: Synapses
      name: S
      source: gen
      target: "A[2:6]"
      model: |
        w : 1
        n : integer
        open : boolean
        total_post = w : 1 (summed)
        dp/dt = -p/(5*ms) : 1 (event-driven)
      on_pre: {pre: "v_post += w\\np += 1", again: w += 0.01}
      on_post: w = clip(w - 0.01*p, 0, 1)
      multisynaptic_index: pair
      connect: {condition: "True", n: 2}
      initial: {w: 0.05, open: "i > 2", n: j, pre.delay: "rand()*3*ms", post.delay: 0.3 ms}
      delay: {again: 1.2 ms}
    - kind: Synapses
      name: T
      source: A
      target: A
      model: "du/dt = -u/(4*ms) : 1 (clock-driven)"
      on_pre: u += 0.1
      method: exact
      connect: {condition: "i != j"}
      delay: 2 ms
    - {kind: PoissonInput, name: rain, target: A, target_var: v, N: 5, rate: 20 Hz, weight: 0.01}
    - {kind: SpikeMonitor, name: spikes, source: A, variables: [k]}
    - {kind: SpikeMonitor, name: played, source: gen}
    - {kind: EventMonitor, name: early, source: A, event: early}
    - {kind: StateMonitor, name: trace, source: A, variables: [v, k, flag, stim_of], record: [6, 0, 0], dt: 0.3 ms}
    - {kind: StateMonitor, name: weights, source: S, variables: [w, pair], record: true}
    - {kind: PopulationRateMonitor, name: rate, source: "A[1:3]"}
  run: 10 ms
  """.replacingOccurrences(of: ", stim_of]", with: "]")

/// A run directory with one checkpoint, made of that of another: every checksum agrees with what was changed.
private func rewrite(
  _ path: String, into other: String, _ change: (StoredKey, Column) -> Void, rows: (StoredKey, Recording) throws -> Void = { _, _ in },
  sections: (inout [String: [UInt8]]) -> Void = { _ in }
) throws {
  let source = try RunDirectory(at: path, access: .read, creating: false, headers: PlainHeaderWriter())
  let checkpoint = try source.load("latest")
  var state = StateToStore()
  for key in checkpoint.columnKeys {
    let column = try checkpoint.column(key, growable: true)
    change(key, column)
    state.add(column, as: key, try #require(checkpoint.metadata(key)))
  }
  for key in checkpoint.recordingKeys {
    let contents = try checkpoint.recording(key)
    let recording = Recording(contents.scalarType, rowLength: contents.rowLength)
    try recording.assign(contents)
    try rows(key, recording)
    state.add(recording, as: key, try #require(checkpoint.metadata(key)))
  }
  state.sections = checkpoint.sections
  sections(&state.sections)
  let target = try RunDirectory(at: other, headers: PlainHeaderWriter())
  defer { target.close() }
  _ = try target.commit(state, .automatic).wait()
}

/// Goes on from what a directory holds, to its end.
private func resume(_ path: String) throws {
  let directory = try RunDirectory(at: path, creating: false, headers: PlainHeaderWriter())
  defer { directory.close() }
  try withScope {
    let experiment = try Experiment(resuming: directory, at: Continuation(nil, in: directory), files: NoArrayFiles(), options: .init())
    _ = try experiment.run()
    _ = try experiment.network.digest
  }
}

/// A numbers that no honest run writes there, of every type.
private enum Lie: String, CaseIterable {
  case greatest, least, minusOne, huge, notANumber, infinite, random

  func fill(_ column: Column, place: Int?) {
    var state: UInt64 = 77
    let places = place.map { $0..<$0 + 1 } ?? 0..<column.count
    for place in places {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let random = state ^ state >> 29
      switch column.scalarType {
      case .float64: column.base.assumingMemoryBound(to: Double.self)[place] = real ?? Double(bitPattern: random)
      case .float32: column.base.assumingMemoryBound(to: Float.self)[place] = real.map { Float($0) } ?? Float(bitPattern: UInt32(random >> 32))
      case .int32: column.base.assumingMemoryBound(to: Int32.self)[place] = integer.map { Int32(clamping: $0) } ?? Int32(truncatingIfNeeded: random)
      case .int64: column.base.assumingMemoryBound(to: Int64.self)[place] = integer ?? Int64(bitPattern: random)
      case .bool: column.base.assumingMemoryBound(to: UInt8.self)[place] = integer.map { UInt8(truncatingIfNeeded: $0) } ?? UInt8(random >> 56)
      }
    }
    column.touch()
  }

  private var real: Double? {
    switch self {
    case .greatest: .greatestFiniteMagnitude
    case .least: -.greatestFiniteMagnitude
    case .minusOne: -1
    case .huge: 1e15
    case .notANumber: .nan
    case .infinite: .infinity
    case .random: nil
    }
  }

  private var integer: Int64? {
    switch self {
    case .greatest: .max
    case .least: .min
    case .minusOne, .notANumber: -1
    case .huge: 1 << 40
    case .infinite: .max - 1
    case .random: nil
    }
  }
}

@Suite("Checkpoints of strangers: numbers that lie under checksums that agree", .expecting("group.invalid_values")) struct HostileValueTests {
  /// What is taken for a place, a count, a step or a time, and so has a rule.
  static let ruled: Set<String> = [
    "gen.neuron_index", "gen.spike_time", "gen.period", "S.i", "S.j", "S.pair", "S.N", "S_pre.delay", "S_again.delay", "S_post.delay", "S.lastupdate",
    "T.i", "T.j", "T_pre.delay", "A.not_refractory", "A.flag", "S.open", "B._x_indices", "B._y_indices", "spikes.count", "played.count",
    "early.count", "defaultclock.timestep", "defaultclock._ticks", "defaultclock.dt", "slow.timestep", "slow.dt", "A_run_at_clock.times",
  ]

  private static func directory() throws -> (TemporaryFolder, String) {
    let folder = try TemporaryFolder()
    let path = folder.path("r.engram")
    try execute(modelOfEverything, in: path) { $0.untilSeconds = 5e-3 }
    return (folder, path)
  }

  @Test("CKP-16: a large array whose elements are all the same is an error that names its first, where that cannot be", arguments: [-1, .nan, 2e-3])
  func equalElements(seconds: Double) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("r.engram")
    let model = """
      name: delays
      objects:
        - {kind: NeuronGroup, name: G, N: 200, model: "v : 1", threshold: v > 1}
        - {kind: Synapses, name: S, source: G, on_pre: v_post += 1, connect: true}
      run: 2 ms
      """
    try execute(model, in: path) { $0.untilSeconds = 1e-3 }
    let other = folder.path("h")
    try rewrite(path, into: other) { key, column in
      guard key.description == "S_pre.delay" else { return }
      column.withElements(of: Double.self) { $0.update(repeating: seconds) }
      column.touch()
    }
    let opened = try RunDirectory(at: other, access: .read, creating: false, headers: PlainHeaderWriter())
    #expect(try opened.load("latest").repeated(StoredKey("S_pre", "delay")) != nil)
    opened.close()
    guard seconds.isNaN || seconds < 0 else { return try resume(other) }
    #expect { try resume(other) } throws: { "\($0)".contains("'S_pre.delay'") && "\($0)".contains("\(seconds)") }
  }

  @Test("CKP-16: every number of every column, set to what it cannot be, is an error that names it, or harmless")
  func everyColumn() throws {
    let (folder, path) = try Self.directory()
    let opened = try RunDirectory(at: path, access: .read, creating: false, headers: PlainHeaderWriter())
    let keys = try opened.load("latest").columnKeys
    #expect(Set(keys.map(\.description)).isSuperset(of: Self.ruled))
    // All lies for every column in the campaign; here one for each.
    let isWhole = ProcessInfo.processInfo.environment["ENGRAM_CAMPAIGN"] == "1"
    var number = 0
    for (place, key) in keys.enumerated() {
      for (turn, lie) in Lie.allCases.enumerated() where isWhole || turn == place % Lie.allCases.count {
        number += 1
        let other = folder.path("h\(number)")
        defer { try? FileManager.default.removeItem(atPath: other) }
        // All of a column, or one number in the middle of it.
        try rewrite(path, into: other) { place, column in
          if place == key, column.count > 0 { lie.fill(column, place: number % 2 == 0 ? column.count / 2 : nil) }
        }
        let outcome = Result { try resume(other) }
        guard case .failure(let error) = outcome else { continue }
        guard case CheckpointError.impossibleValues(let values) = error else { continue }
        // Also where the first look at it is that of another variable: a dt, the times of a clock.
        #expect(values.contains { "\($0.object).\($0.variable)" == "\(key)" || $0.variable == "t" }, "\(key) \(lie): \(error)")
        let checked = try RunDirectory(at: other, access: .read, creating: false, headers: PlainHeaderWriter())
        guard case .compared(let problems) = StoredStateCheck.outcome(of: try checked.load("latest"), in: other) else {
          Issue.record("\(key) \(lie): needs a program")
          continue
        }
        #expect(!problems.isEmpty, "\(key) \(lie): 'verify --full' is content with what a restore refuses")
      }
    }
  }

  @Test("CKP-16: what loops take for places, counts, steps and times is refused with object, variable, element, value and what is allowed")
  func refused() throws {
    let (folder, path) = try Self.directory()
    for (number, name) in Self.ruled.sorted().enumerated() {
      let other = folder.path("r\(number)")
      try rewrite(path, into: other) { key, column in
        guard "\(key)" == name, column.count > 0 else { return }
        let lie: Lie = column.scalarType.isFloat ? .notANumber : .minusOne
        lie.fill(column, place: column.count / 2)
      }
      let error = #expect(throws: (any Error).self, "\(name)") { try resume(other) }
      let text = error.map { "\($0)" } ?? ""
      #expect(text.contains(name) || text.contains("time step") || text.contains("event"), "\(name): \(text)")
    }
  }

  @Test("CKP-16: a clock whose time is not that of its time step is refused, by a step as by half of one", arguments: [1e-4, -0.5e-4, 1e-9])
  func timeOfClock(shift: Double) throws {
    let (folder, path) = try Self.directory()
    let other = folder.path("t")
    try rewrite(path, into: other) { key, column in
      if "\(key)" == "defaultclock.t" { column.withElements(of: Double.self) { $0[0] += shift } }
    }
    let error = #expect(throws: CheckpointError.self) { try resume(other) }
    guard case .impossibleValues(let values)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(values.map { "\($0.object).\($0.variable)" } == ["defaultclock.t"])
  }

  @Test("CKP-16: columns of synapses of different lengths are refused, whichever is longer")
  func lengths() throws {
    let (folder, path) = try Self.directory()
    for (number, name) in ["S.i", "S.j", "S.w", "S.pair", "S_pre.delay", "S.lastupdate", "gen.spike_time", "T.u"].enumerated() {
      for more in [-1, 1] {
        let other = folder.path("l\(number)\(more)")
        try rewrite(path, into: other) { key, column in
          if "\(key)" == name { try? column.resize(rows: column.rows + more) }
        }
        let error = #expect(throws: CheckpointError.self, "\(name)") { try resume(other) }
        if case .impossibleValues? = error {} else { Issue.record("\(name) \(more): \(error.map { "\($0)" } ?? "")") }
      }
    }
  }

  @Test("CKP-16: recorded elements that do not exist are refused by who reads them, and found by 'verify --full'", arguments: [Int32(6), -1, .max])
  func recordedElements(element: Int32) throws {
    let (folder, path) = try Self.directory()
    let other = folder.path("i")
    try rewrite(
      path, into: other, { _, _ in },
      rows: { key, recording in
        guard "\(key)" == "played.i" else { return }
        recording.truncate(rows: recording.rows - 1)
        try withUnsafeBytes(of: element) { try recording.append($0) }
      })
    let directory = try RunDirectory(at: other, creating: false, headers: PlainHeaderWriter())
    defer { directory.close() }
    try withScope {
      let experiment = try Experiment(resuming: directory, at: Continuation(nil, in: directory), files: NoArrayFiles(), options: .init())
      let monitor = try #require(experiment.network["played"] as? SpikeMonitor)
      for read in [{ _ = try monitor.i }, { _ = try monitor.trains() }, { _ = try monitor.it }] {
        let error = #expect(throws: CheckpointError.self) { try read() }
        guard case .impossibleValues(let values)? = error else {
          Issue.record("\(String(describing: error))")
          return
        }
        #expect(values.map(\.variable) == ["i"] && values[0].found == "\(element)")
      }
    }
    guard case .compared(let problems) = StoredStateCheck.outcome(of: try directory.load("latest"), in: other) else {
      Issue.record("needs a program")
      return
    }
    #expect(problems.count == 1 && problems[0].contains("'played.i'"), "\(problems)")
  }

  @Test("CKP-40: stored spikes of synapses that do not exist are refused")
  func queue() throws {
    let (folder, path) = try Self.directory()
    let other = folder.path("q")
    // Fewer synapses everywhere: all lengths agree, but the queue still speaks of the others.
    try rewrite(path, into: other) { key, column in
      if key.owner.hasPrefix("S"), column.count > 2, !key.variable.hasPrefix("N_") { try? column.resize(rows: 1) }
    }
    let error = #expect(throws: (any Error).self) { try resume(other) }
    #expect(error.map { "\($0)" }?.contains("stored spikes of pathway 'S_pre'") == true || error.map { "\($0)" }?.contains("recorded elements") == true)
  }

  @Test("CKP-16: an untouched copy made this way goes on, and 'verify --full' finds nothing")
  func honest() throws {
    let (folder, path) = try Self.directory()
    let other = folder.path("h")
    try rewrite(path, into: other) { _, _ in }
    try resume(other)
    let copy = try RunDirectory(at: other, access: .read, creating: false, headers: PlainHeaderWriter())
    for info in try copy.list() {
      guard case .compared(let problems) = StoredStateCheck.outcome(of: try copy.load(info.id), in: other) else {
        Issue.record("needs a program")
        continue
      }
      #expect(problems == [])
    }
  }
}
