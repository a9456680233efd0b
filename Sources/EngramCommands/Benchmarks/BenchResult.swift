internal import EngramScalars

/// What the repetitions of one workload gave.
struct BenchResult {
  let workload: String
  let neurons: Int
  /// Simulated time.
  let seconds: Double
  private(set) var best: BenchRunner.Run?

  init(workload: String, neurons: Int, seconds: Double) { (self.workload, self.neurons, self.seconds) = (workload, neurons, seconds) }

  /// - Throws: where the same model gave another result.
  mutating func add(_ run: BenchRunner.Run) throws(CommandError) {
    if let best, best.digest != run.digest {
      throw CommandError(
        "two runs of '\(workload)' ended with different states, \(best.digest) and \(run.digest): this machine or this program is at fault")
    }
    if best.map({ run.loopSeconds + run.setupSeconds < $0.loopSeconds + $0.setupSeconds }) ?? true { best = run }
  }

  private static let widths = [12, 10, 11, 10, 10, 12, 12, 8]

  /// Lines come one by one, so the columns have widths of their own.
  private static func row(_ cells: [String], digest: String) -> String {
    let columns = zip(cells, widths).enumerated().map { place, pair in
      let padding = String(repeating: " ", count: max(0, pair.1 - pair.0.count))
      return place == 0 ? pair.0 + padding : padding + pair.0
    }
    return columns.joined(separator: "  ") + "  " + digest
  }

  static var heading: String {
    row(["workload", "neurons", "simulated", "set-up", "loop", "x real time", "ns per step", "memory"], digest: "digest")
  }

  /// Wall-clock time of the loop for one neuron and one step of 0.1 ms.
  private var perStep: Double? { best.map { $0.loopSeconds / (seconds / 1e-4) / Double(neurons) * 1e9 } }

  var line: String {
    guard let best, let perStep else { return workload }
    return Self.row(
      [
        workload, "\(neurons)", "\(shortText(seconds)) s", "\(fixedText(best.setupSeconds, decimals: 3)) s",
        "\(fixedText(best.loopSeconds, decimals: 3)) s", fixedText(seconds / best.loopSeconds, decimals: 2), fixedText(perStep, decimals: 2),
        "\(fixedText(best.peakMegabytes, decimals: 0)) MB",
      ], digest: best.digest)
  }

  var json: JSONText {
    .object([
      ("name", .string(workload)), ("neurons", .count(neurons)), ("simulated_seconds", .number(seconds)),
      ("setup_seconds", best.map { .number($0.setupSeconds) } ?? .null), ("loop_seconds", best.map { .number($0.loopSeconds) } ?? .null),
      ("nanoseconds_per_neuron_and_step", perStep.map(JSONText.number) ?? .null),
      ("peak_megabytes", best.map { .number($0.peakMegabytes) } ?? .null), ("digest", best.map { .string($0.digest) } ?? .null),
    ])
  }
}
