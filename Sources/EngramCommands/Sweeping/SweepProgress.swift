internal import EngramCheckpoints
internal import EngramModelFiles
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage

/// Shows how far a sweep is: a table that is redrawn on a terminal, a line for each run that ends elsewhere.
struct SweepProgress {
  private let sweep: SweepDirectory
  private let manifest: SweepManifest
  private let output: Output
  private let began = ContinuousClock.now
  private var finishedBefore: Int?
  private var drawnLines = 0

  init(_ sweep: SweepDirectory, _ manifest: SweepManifest, output: Output = .error) {
    (self.sweep, self.manifest, self.output) = (sweep, manifest, output)
  }

  mutating func show(_ event: SweepEvent) throws(OutputError) {
    switch event {
    case .ended(let number, let tally):
      try clear()
      try output.line("\(sweep.name(number)) \(outcome(number, tally)): \(manifest.conditions.text(number))")
    case .progress(let tally, let running):
      if finishedBefore == nil { finishedBefore = tally.finished.count }
      guard output.isTerminal else { return }
      try clear()
      let lines = table(tally, running)
      try output.write(lines.map { String($0.prefix(max(20, output.width - 1))).visibleLine + "\n" }.joined())
      drawnLines = lines.count
    }
  }

  /// Removes the table, so that what follows begins on a clean line.
  mutating func clear() throws(OutputError) {
    guard drawnLines > 0 else { return }
    try output.write("\u{1B}[\(drawnLines)A\u{1B}[J")
    drawnLines = 0
  }

  private func outcome(_ number: Int, _ tally: SweepRun.Tally) -> String {
    if tally.finished.contains(number) { return "finished" }
    if let message = tally.failed[number] { return "failed (\(message.split(separator: "\n").first.map(String.init) ?? ""))" }
    return tally.left[number] ?? ""
  }

  private static let shownRuns = 16

  private func table(_ tally: SweepRun.Tally, _ running: [Int]) -> [String] {
    let total = manifest.conditions.count
    var head = "\(tally.finished.count) of \(total) finished, \(running.count) running"
    if !tally.failed.isEmpty { head += ", \(tally.failed.count) failed" }
    let done = tally.finished.count - (finishedBefore ?? 0)
    if done > 0 {
      let left = (ContinuousClock.now - began).inSeconds / Double(done) * Double(total - tally.finished.count - tally.failed.count)
      head += ", about \(wallTimeText(left)) left"
    }
    var table = Table()
    for number in running.sorted().prefix(Self.shownRuns) { table.add(row(number)) }
    return [head] + (running.isEmpty ? [] : table.text.split(separator: "\n").map(String.init))
      + (running.count > Self.shownRuns ? ["and \(running.count - Self.shownRuns) more"] : [])
  }

  private func row(_ number: Int) -> [String] {
    guard let directory = try? RunDirectory.opened(sweep.run(number), .read), let status = RunStatus(of: directory) else {
      return [sweep.name(number), "sets up", "", manifest.conditions.text(number)]
    }
    let done = status.target > status.start ? (status.time - status.start) / (status.target - status.start) : 1
    return [
      sweep.name(number), "\(Int(max(0, min(1, done)) * 100)) %", status.remaining.map { "\(wallTimeText($0)) left" } ?? "",
      manifest.conditions.text(number),
    ]
  }
}
