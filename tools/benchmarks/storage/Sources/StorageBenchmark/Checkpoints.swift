import EngramScalars
import EngramStorage
import Glibc

/// A state of sixteen columns, as checkpoints see it.
struct BenchmarkState {
  let columns: [Column]
  var stored = StateToStore()
  private var salt: Double = 1

  init(byteCount: Int) throws {
    let rows = byteCount / 8 / 16
    columns = try (0..<16).map { _ in try Column(.float64, rows: rows) }
    for (number, column) in columns.enumerated() {
      memset(column.base, Int32(number + 1), column.byteCount)
      stored.add(column, as: StoredKey("G", "v\(number)"))
    }
  }

  /// Every page of the column is new, as in a simulation: nothing is found to be there already.
  mutating func change(_ column: Column) {
    salt += 1
    column.withElements(of: Double.self) { elements in
      for index in stride(from: 0, to: elements.count, by: 512) { elements[index] = salt }
    }
    column.touch()
  }

  mutating func changeAll() { for column in columns { change(column) } }
}

func benchmarkOptions() -> RunDirectory.Options {
  var options = RunDirectory.Options()
  options.retention = RetentionPolicy(automatic: 1)
  return options
}

extension Benchmark {
  /// Leaves a run directory with the checkpoint `base` in `run`.
  mutating func measureCheckpoints(_ source: UnsafeMutableRawPointer) throws {
    var state = try BenchmarkState(byteCount: stateByteCount)
    let loop = StepLoop()
    let limit = 1.3 * raw.copy + 0.002
    func stallText(_ stall: Double) -> String {
      "\(fixed(stall / raw.copy, 2)) × memcpy, \(fixed(stall / raw.copyInPieces, 2)) × in pieces"
    }

    // MARK: The first one of a process
    var handle: CommitHandle?
    var unprepared = 0.0
    do {
      let cold = try RunDirectory(at: folder + "/cold", headers: PlainHeaderWriter(), options: benchmarkOptions())
      state.changeAll()
      unprepared = try seconds { handle = try cold.commit(state.stored, .automatic) }
      try handle?.wait()
      cold.close()
    }
    system("rm -rf '\(folder)/cold'")
    report("stall, everything changed, first checkpoint, nothing prepared", ms(unprepared), stallText(unprepared))

    let directory = try RunDirectory(at: folder + "/run", headers: PlainHeaderWriter(), options: benchmarkOptions())
    state.changeAll()
    var slowdown = Slowdown()
    let call = seconds { directory.prepareCopies(ofByteCount: stateByteCount) }
    let preparation = seconds { slowdown = loop.measure { directory.preparedByteCount >= stateByteCount } }
    let prepared = try seconds { handle = try directory.commit(state.stored, .automatic) }
    try handle?.wait()
    report(
      "preparing copies in the background", "call \(ms(call)), ready after \(ms(preparation))",
      "steps beside it: \(slowdown.text)")
    report("stall, everything changed, first checkpoint, prepared", ms(prepared), stallText(prepared), "≤ 1.3 × memcpy + 2 ms", prepared <= limit)

    // MARK: Later ones
    var stalls: [Double] = [], totals: [Double] = []
    for _ in 0..<rounds {
      state.changeAll()
      var stall = 0.0
      let total = try seconds {
        stall = try seconds { handle = try directory.commit(state.stored, .automatic) }
        try handle?.wait()
      }
      stalls.append(stall)
      totals.append(total - stall)
    }
    report("stall, everything changed", ms(median(stalls)), stallText(median(stalls)), "≤ 1.3 × memcpy + 2 ms", median(stalls) <= limit)
    let background = median(totals)
    report(
      "background write, awaited", ms(background), "\(fixed(raw.buffered / background, 2)) of raw page cache, \(fixed(raw.direct / background, 2)) of O_DIRECT",
      "≥ 0.75 of raw write + fsync", raw.buffered / background >= 0.75)
    try measureSlowdown(directory, &state, loop, source)
    try measureSmallChanges(directory, &state)
    directory.close()
  }

  /// How much steps are slowed while a checkpoint is written, beside what the bare device does to them.
  private mutating func measureSlowdown(
    _ directory: RunDirectory, _ state: inout BenchmarkState, _ loop: StepLoop, _ source: UnsafeMutableRawPointer
  ) throws {
    nonisolated(unsafe) let source = source
    let (folder, byteCount) = (folder, stateByteCount)
    let device = loop.measure(until: inBackground { _ = rawWrite(source, byteCount, to: folder + "/raw", direct: true) })
    let cache = loop.measure(until: inBackground { _ = rawWrite(source, byteCount, to: folder + "/raw", direct: false) })
    report("steps beside a raw write, O_DIRECT", device.text)
    report("steps beside a raw write, page cache", cache.text)
    for isAwaited in [true, false] {
      var all = Slowdown()
      var total = 0.0
      for _ in 0..<rounds {
        state.changeAll()
        // As after an interval of a minute.
        var options = CommitOptions.automatic
        options.leisureSeconds = 15
        let handle = try directory.commit(state.stored, options)
        if isAwaited { handle.hurry() }
        let one = loop.measure { handle.outcome != nil }
        total += one.beside.wall.reduce(0, +)
        all.beside = all.beside + one.beside
        all.quiet = all.quiet + one.quiet
        try handle.wait()
      }
      report(
        "steps while it is written" + (isAwaited ? ", in a hurry" : ", at leisure"), all.text, "written in \(ms(total / Double(rounds)))",
        isAwaited ? "" : "≤ 1.1", isAwaited ? nil : all.byMean <= 1.1)
    }
  }

  private mutating func measureSmallChanges(_ directory: RunDirectory, _ state: inout BenchmarkState) throws {
    var little: [Double] = [], littleBytes: [Int] = []
    for _ in 0..<rounds {
      state.change(state.columns[0])
      let before = deviceBytes()
      little.append(try seconds { try directory.commit(state.stored, .automatic).wait() })
      littleBytes.append(deviceBytes() - before)
    }
    let changed = state.columns[0].byteCount
    let most = littleBytes.max() ?? 0
    report(
      "\(megabytes(changed)) of \(megabytes(stateByteCount)) changed", "\(ms(median(little))), \(megabytes(most)) written",
      "changed + \(megabytes(most - changed))", "bytes ≤ changed + 1 % + 256 KB", most <= changed + changed / 100 + 262_144)
    var nothing: [Double] = [], nothingBytes: [Int] = []
    for _ in 0..<rounds {
      let before = deviceBytes()
      nothing.append(try seconds { try directory.commit(state.stored, .automatic).wait() })
      nothingBytes.append(deviceBytes() - before)
    }
    report(
      "nothing changed", "\(ms(median(nothing))), \(megabytes(nothingBytes.max() ?? 0))",
      "\(fixed(median(nothing) / raw.publication, 2)) × raw publication", "≤ 5 ms and ≤ 256 KB",
      median(nothing) <= 0.005 && (nothingBytes.max() ?? 0) <= 262_144)
    try directory.commit(state.stored, CommitOptions(name: "base")).wait()
    let branchSeconds = try seconds { try directory.branch(toDirectory: folder + "/branch", name: "b", from: "base") }
    let branchBytes = ownByteCount(folder + "/branch")
    report(
      "branch of \(megabytes(stateByteCount))", "\(ms(branchSeconds)), \(megabytes(branchBytes)) of disk", "", "≤ 20 ms and ≤ 1 MB",
      branchSeconds <= 0.02 && branchBytes <= 1_000_000)
  }
}
