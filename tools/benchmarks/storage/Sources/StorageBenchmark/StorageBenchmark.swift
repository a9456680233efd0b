// What storing and restoring costs, beside the raw limits of the machine measured in the same run.
//
//   swift run -c release --package-path tools/benchmarks/storage StorageBenchmark [--state MB] [--recorded MB] [--full] [--in DIR]
import EngramScalars
import EngramStorage
import Glibc

private func option(_ name: String) -> String? {
  let words = CommandLine.arguments
  guard let index = words.firstIndex(of: name), index + 1 < words.count else { return nil }
  return words[index + 1]
}
let isFull = CommandLine.arguments.contains("--full")
let stateByteCount = (option("--state").flatMap(Int.init) ?? (isFull ? 1024 : 256)) << 20
let recordedByteCount = (option("--recorded").flatMap(Int.init) ?? (isFull ? 10240 : 1280)) << 20
let rounds = 5
let folder = (option("--in") ?? ".") + "/storage-benchmark-\(getpid())"

/// A line of progress, where it does not mix with the table.
func tell(_ text: String) {
  let bytes = Array((text + "\n").utf8)
  _ = write(2, bytes, bytes.count)
}

func run() throws -> [Line] {
  var lines: [Line] = []
  func report(_ what: String, _ measured: String, _ limit: String, _ target: String, _ met: Bool?) {
    lines.append(Line(what: what, measured: measured, limit: limit, target: target, met: met))
    tell("\(what): \(measured); \(limit)")
  }
  let source = warmMemory(stateByteCount)
  let copy = warmMemory(stateByteCount)

  // MARK: Raw limits
  let memcpySeconds = median((0..<rounds).map { _ in seconds { memcpy(copy, source, stateByteCount) } })
  // The C library copies pieces of a size that caches could hold in another way than very large ones.
  let piece = stateByteCount / 16
  let pieceSeconds = median((0..<rounds).map { _ in
    seconds { for number in 0..<16 { memcpy(copy + number * piece, source + number * piece, piece) } }
  })
  let buffered = median((0..<3).map { _ in rawWrite(source, stateByteCount, to: folder + "/raw", direct: false) })
  let direct = median((0..<3).map { _ in rawWrite(source, stateByteCount, to: folder + "/raw", direct: true) })
  let size = Double(stateByteCount)
  report("raw memcpy", ms(memcpySeconds), fixed(size / memcpySeconds / 1e9, 2) + " GB/s", "", nil)
  report("raw memcpy in 16 pieces", ms(pieceSeconds), fixed(size / pieceSeconds / 1e9, 2) + " GB/s", "", nil)
  report("raw write + fsync, page cache", ms(buffered), fixed(size / buffered / 1e9, 2) + " GB/s", "", nil)
  report("raw write + fsync, O_DIRECT", ms(direct), fixed(size / direct / 1e9, 2) + " GB/s", "", nil)
  let publish = median((0..<10).map { number in
    seconds {
      _ = rawWrite(source, 8192, to: folder + "/raw.new", direct: false, keeps: true)
      rename(folder + "/raw.new", folder + "/raw\(number)")
      let parent = open(folder, O_RDONLY | O_DIRECTORY)
      fsync(parent)
      close(parent)
    }
  })
  report("raw 8 KB file + fsync + rename + fsync of the directory", ms(publish), "", "", nil)
  munmap(copy, stateByteCount)

  // MARK: Everything changed
  var options = RunDirectory.Options()
  options.retention = RetentionPolicy(automatic: 1)
  let path = folder + "/run"
  let directory = try RunDirectory(at: path, headers: PlainHeaderWriter(), options: options)
  let rows = stateByteCount / 8 / 16
  let columns = try (0..<16).map { _ in try Column(.float64, rows: rows) }
  var state = StateToStore()
  for (number, column) in columns.enumerated() {
    memset(column.base, Int32(number + 1), column.byteCount)
    state.add(column, as: StoredKey("G", "v\(number)"))
  }
  // Every byte of each round is new, as in a simulation: nothing is found to be there already.
  var salt: Double = 1
  func change(_ column: Column) {
    salt += 1
    column.withElements(of: Double.self) { elements in
      for index in stride(from: 0, to: elements.count, by: 512) { elements[index] = salt }
    }
    column.touch()
  }
  let work = try Column(.float64, rows: 4 << 20)
  func step() {
    work.withElements(of: Double.self) { for index in $0.indices { $0[index] = $0[index] * 0.999 + 0.1 } }
  }
  for _ in 0..<3 { step() }
  let quiet = median((0..<20).map { _ in seconds(step) })
  var stalls: [Double] = [], totals: [Double] = [], steps: [Double] = []
  var first = 0.0
  for round in 0...rounds {
    columns.forEach(change)
    var handle: CommitHandle?
    var stall = 0.0
    let total = try seconds {
      stall = try seconds { handle = try directory.commit(state, .automatic) }
      while handle!.outcome == nil, round > 2 { steps.append(seconds(step)) }
      try handle!.wait()
    }
    if round == 0 { first = stall } else { stalls.append(stall); if round <= 2 { totals.append(total - stall) } }
  }
  report("stall, everything changed, first checkpoint", ms(first), "\(fixed(first / memcpySeconds, 2)) × memcpy", "", nil)
  let stall = median(stalls)
  report(
    "stall, everything changed", ms(stall), "\(fixed(stall / memcpySeconds, 2)) × memcpy, \(fixed(stall / pieceSeconds, 2)) × in pieces", "≤ 1.3 × memcpy + 2 ms",
    stall <= 1.3 * memcpySeconds + 0.002)
  let background = totals.min() ?? .nan
  report(
    "background write", ms(background), "\(fixed(buffered / background, 2)) of raw page cache, \(fixed(direct / background, 2)) of O_DIRECT",
    "≥ 0.75 of raw write + fsync", buffered / background >= 0.75)
  let slowed = median(steps)
  report("steps while it is written", ms(slowed), "\(fixed(slowed / quiet, 2)) × undisturbed \(ms(quiet))", "≤ 1.1", slowed <= 1.1 * quiet)

  // MARK: Little changed, nothing changed
  var little: [Double] = [], littleBytes: [Int] = []
  for _ in 0..<rounds {
    change(columns[0])
    let before = deviceBytes()
    little.append(try seconds { try directory.commit(state, .automatic).wait() })
    littleBytes.append(deviceBytes() - before)
  }
  let changed = columns[0].byteCount
  let most = littleBytes.max() ?? 0
  report(
    "\(megabytes(changed)) of \(megabytes(stateByteCount)) changed", "\(ms(median(little))), \(megabytes(most)) written",
    "changed + \(megabytes(most - changed))", "bytes ≤ changed + 1 % + 256 KB", most <= changed + changed / 100 + 262_144)
  var nothing: [Double] = [], nothingBytes: [Int] = []
  for _ in 0..<rounds {
    let before = deviceBytes()
    nothing.append(try seconds { try directory.commit(state, .automatic).wait() })
    nothingBytes.append(deviceBytes() - before)
  }
  report(
    "nothing changed", "\(ms(median(nothing))), \(megabytes(nothingBytes.max() ?? 0))", "\(fixed(median(nothing) / publish, 2)) × raw publication", "≤ 5 ms and ≤ 256 KB",
    median(nothing) <= 0.005 && (nothingBytes.max() ?? 0) <= 262_144)
  try directory.commit(state, CommitOptions(name: "base")).wait()

  // MARK: Branch
  let branchSeconds = try seconds { try directory.branch(toDirectory: folder + "/branch", name: "b", from: "base") }
  let branchBytes = ownByteCount(folder + "/branch")
  report(
    "branch of \(megabytes(stateByteCount))", "\(ms(branchSeconds)), \(megabytes(branchBytes)) of disk", "", "≤ 20 ms and ≤ 1 MB",
    branchSeconds <= 0.02 && branchBytes <= 1_000_000)
  directory.close()

  // MARK: Restore
  let target = 0.02 + 0.0001 * 16
  var kept: [Column] = []
  var restores: [Double] = []
  for _ in 0..<rounds {
    let fresh = try columns.map { try Column($0.scalarType, rows: $0.rows) }
    restores.append(
      try seconds {
        let again = try RunDirectory(at: path, headers: PlainHeaderWriter(), options: options)
        let loaded = try again.load("base")
        for (number, column) in fresh.enumerated() { try loaded.fill(column, from: StoredKey("G", "v\(number)")) }
        fresh[0].withElements(of: Double.self) { $0[0] += 1 }
        again.close()
      })
    kept = fresh
  }
  report("restore of \(megabytes(stateByteCount)) to the first step", ms(median(restores)), "16 columns", "≤ 20 ms + 0.1 ms per column", median(restores) <= target)

  // MARK: Hot columns in steady state, after a restore
  func pass(_ base: UnsafeMutableRawPointer) -> Double {
    let elements = UnsafeMutableBufferPointer(start: base.assumingMemoryBound(to: Double.self), count: rows)
    return seconds { for index in elements.indices { elements[index] = elements[index] * 0.999 + 0.1 } }
  }
  for column in kept { _ = pass(column.base) }
  for number in 0..<16 { _ = pass(source + number * rows * 8) }
  let before = deviceBytes()
  var hot: [Double] = [], plain: [Double] = []
  for _ in 0..<12 {
    hot.append(kept.reduce(0) { $0 + pass($1.base) })
    plain.append((0..<16).reduce(0) { $0 + pass(source + $1 * rows * 8) })
  }
  let ratio = (hot.min() ?? .nan) / (plain.min() ?? .nan)
  report(
    "a pass over restored columns", ms(hot.min() ?? .nan), "\(fixed(ratio, 3)) × anonymous memory; \(deviceBytes() - before) bytes written",
    "≤ 1.05, none written", ratio <= 1.05 && deviceBytes() == before)
  munmap(source, stateByteCount)
  kept = []

  // MARK: Recordings
  let recorder = try RunDirectory(at: folder + "/recording", headers: PlainHeaderWriter(), options: options)
  let recording = Recording(.float64, rowLength: 128)
  recorder.attach(recording)
  var recorded = StateToStore()
  recorded.add(recording, as: StoredKey("M", "v"))
  let row = [Double](repeating: 1.5, count: 128)
  func append(_ byteCount: Int) throws {
    for _ in 0..<byteCount / 1024 { try row.withUnsafeBytes { try recording.append($0) } }
  }
  func checkpoint() throws -> Double {
    try median((0..<rounds).map { _ in
      try append(16 << 20)
      return try seconds { try recorder.commit(recorded, .automatic).wait() }
    })
  }
  try append(128 << 20)
  try recorder.commit(recorded, .automatic).wait()
  let early = try checkpoint()
  let residentBefore = anonymousKilobytes()
  let appendSeconds = try seconds { try append(recordedByteCount) }
  let resident = anonymousKilobytes() - residentBefore
  let late0 = try seconds { try recorder.commit(recorded, .automatic).wait() }
  let late = try checkpoint()
  report(
    "checkpoint of 16 MB more rows after \(megabytes(128 << 20)) / \(megabytes(recording.rows * 1024))", "\(ms(early)) / \(ms(late))",
    "\(fixed(late / early, 2)) ×", "≤ 1.3", late <= 1.3 * early)
  report("checkpoint behind \(megabytes(recordedByteCount)) of unflushed rows", ms(late0), "", "", nil)
  report(
    "recording", fixed(Double(recordedByteCount) / appendSeconds / 1e9, 2) + " GB/s", "memory grew by \(resident) kB", "flat",
    resident < 8192)
  return lines
}

@main struct StorageBenchmark {
  static func main() {
    mkdir(folder, 0o700)
    defer { system("rm -rf '\(folder)'") }
    do {
      let lines = try run()
      print("| what | measured | beside | target | met |\n|---|---|---|---|---|")
      for line in lines {
        print("| \(line.what) | \(line.measured) | \(line.limit) | \(line.target) | \(line.met.map { $0 ? "yes" : "**no**" } ?? "") |")
      }
    } catch { tell("\(error)") }
  }
}
