// What storing and restoring costs, beside the raw limits of the machine measured in the same run.
//
//   swift run -c release --package-path tools/benchmarks/storage StorageBenchmark [--state MB] [--recorded MB] [--full] [--in DIR]
//     [--only checkpoints,restoring,mapped,recordings]
import Glibc

private func option(_ name: String) -> String? {
  let words = CommandLine.arguments
  guard let index = words.firstIndex(of: name), index + 1 < words.count else { return nil }
  return words[index + 1]
}

/// What was asked for, and the table that becomes of it.
struct Benchmark {
  let stateByteCount: Int
  let recordedByteCount: Int
  let folder: String
  let rounds = 5
  private let only: [Substring]
  private(set) var lines: [Line] = []
  var raw = RawLimits()

  init() {
    let isFull = CommandLine.arguments.contains("--full")
    stateByteCount = (option("--state").flatMap(Int.init) ?? (isFull ? 1024 : 256)) << 20
    recordedByteCount = (option("--recorded").flatMap(Int.init) ?? (isFull ? 10240 : 1280)) << 20
    folder = (option("--in") ?? ".") + "/storage-benchmark-\(getpid())"
    only = option("--only").map { $0.split(separator: ",") } ?? []
  }

  mutating func report(_ what: String, _ measured: String, _ limit: String = "", _ target: String = "", _ met: Bool? = nil) {
    lines.append(Line(what: what, measured: measured, limit: limit, target: target, met: met))
    tell("\(what): \(measured); \(limit)")
  }

  mutating func run() throws {
    let source = warmMemory(stateByteCount)
    measureRawLimits(source)
    func wants(_ section: String) -> Bool { only.isEmpty || only.contains { $0 == section } }
    if wants("checkpoints") || wants("restoring") { try measureCheckpoints(source) }
    if wants("restoring") { try measureRestoring(source) }
    munmap(source, stateByteCount)
    if wants("mapped") { try measureMappedColumns() }
    if wants("recordings") { try measureRecordings() }
  }
}

/// A line of progress, where it does not mix with the table.
func tell(_ text: String) {
  let bytes = Array((text + "\n").utf8)
  _ = write(2, bytes, bytes.count)
}

@main struct StorageBenchmark {
  static func main() {
    var benchmark = Benchmark()
    mkdir(benchmark.folder, 0o700)
    defer { system("rm -rf '\(benchmark.folder)'") }
    do {
      try benchmark.run()
      print("| what | measured | beside | target | met |\n|---|---|---|---|---|")
      for line in benchmark.lines {
        print("| \(line.what) | \(line.measured) | \(line.limit) | \(line.target) | \(line.met.map { $0 ? "yes" : "**no**" } ?? "") |")
      }
    } catch { tell("\(error)") }
  }
}
