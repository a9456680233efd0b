internal import EngramScalars
internal import EngramSimulation
internal import EngramSystem

/// Where the time of a run went: objects, the slowest first, and how near each came to what the memory allows.
struct ProfileTable {
  private let summary: ProfilingSummary
  private let loopSeconds: Double
  private let bytesPerSecond: Double?
  private let processes: [ProcessTimes]

  /// - Parameters:
  ///   - loop: wall-clock time of all steps, with what happens between them.
  ///   - threads: as many as the run had, for the speed of the memory.
  ///   - processes: what each of several did with its time; the objects are those of the first one.
  init(_ summary: ProfilingSummary, loop: Duration, threads: Int, processes: [ProcessTimes] = []) {
    (self.summary, self.processes) = (summary, processes)
    loopSeconds = loop.inSeconds
    bytesPerSecond = MemoryBandwidth.measured(threads: threads)
  }

  private var rest: Double { max(0, loopSeconds - summary.entries.reduce(0) { $0 + $1.time.inSeconds }) }

  /// Time that the bytes would take if they came from memory and nothing else were to be done, of the time taken.
  private func memoryShare(_ entry: ProfilingSummary.Entry) -> Double? {
    guard let bytesPerSecond, entry.bytes > 0, entry.time > .zero else { return nil }
    return Double(entry.bytes) / bytesPerSecond / entry.time.inSeconds
  }

  private func share(_ seconds: Double) -> String {
    loopSeconds > 0 ? "\(fixedText(seconds / loopSeconds * 100, decimals: 1)) %" : ""
  }

  var lines: [String] {
    var table = Table(["object", "time", "of all", "elements", "per element", "bytes", "of the memory's speed"], rightAligned: [1, 2, 3, 4, 5, 6])
    for entry in summary.entries {
      let seconds = entry.time.inSeconds
      let hasCode = entry.elements > 0
      table.add([
        entry.name, "\(fixedText(seconds, decimals: 3)) s", share(seconds), hasCode ? "\(entry.elements)" : "",
        hasCode ? "\(fixedText(seconds / Double(entry.elements) * 1e9, decimals: 2)) ns" : "", hasCode ? byteText(entry.bytes) : "",
        memoryShare(entry).map { "\(fixedText($0 * 100, decimals: 0)) %" } ?? "",
      ])
    }
    table.add(["between objects", "\(fixedText(rest, decimals: 3)) s", share(rest)])
    let lines = table.text.split(separator: "\n").map(String.init)
    guard let bytesPerSecond else { return lines + processLines }
    return lines + [
      "The memory of this machine moves \(byteText(Int(bytesPerSecond))) a second, measured just now. "
        + "More than 100 %: the values were in a cache."
    ] + processLines
  }

  private var processLines: [String] {
    guard !processes.isEmpty else { return [] }
    var table = Table(["process", "computes", "exchanges and waits", "makes checkpoints", "memory at most"], rightAligned: [1, 2, 3, 4])
    for (rank, times) in processes.enumerated() {
      table.add(
        ["\(rank)"] + [times.computingSeconds, times.exchangeSeconds, times.storingSeconds].map { "\(fixedText($0, decimals: 3)) s" }
          + [byteText(times.peakByteCount)])
    }
    return table.text.split(separator: "\n").map(String.init) + [
      "The process that computes longest takes \(fixedText(ProcessTimes.balance(processes), decimals: 2)) times the mean of all. "
        + "The objects above are those of process 0, with the waiting in their exchanges."
    ]
  }

  var json: JSONText {
    .object(ownFields + (processes.isEmpty ? [] : processFields))
  }

  private var processFields: [(String, JSONText)] {
    [
      (
        "processes",
        .list(
          processes.map { times in
            .object([
              ("computing_seconds", .number(times.computingSeconds)), ("exchange_seconds", .number(times.exchangeSeconds)),
              ("checkpoint_seconds", .number(times.storingSeconds)), ("peak_megabytes", .number(Double(times.peakByteCount) / 1_048_576)),
            ])
          })
      ), ("slowest_of_mean", .number(ProcessTimes.balance(processes))),
    ]
  }

  private var ownFields: [(String, JSONText)] {
    [
      (
        "objects",
        .list(
          summary.entries.map { entry in
            .object([
              ("name", .string(entry.name)), ("seconds", .number(entry.time.inSeconds)), ("calls", .count(entry.calls)),
              ("elements", .count(entry.elements)), ("bytes", .count(entry.bytes)),
              ("share_of_memory_speed", memoryShare(entry).map(JSONText.number) ?? .null),
            ])
          })
      ),
      ("between_seconds", .number(rest)), ("memory_bytes_per_second", bytesPerSecond.map(JSONText.number) ?? .null),
    ]
  }
}
