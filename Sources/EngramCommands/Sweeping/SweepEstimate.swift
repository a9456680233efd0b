internal import EngramImport
internal import EngramModelFiles
internal import EngramModels
internal import EngramScalars
internal import EngramStorage
internal import EngramSystem

/// What the runs of a sweep take of memory, as far as that can be said before they begin.
struct SweepEstimate {
  /// Of one run [bytes]; 0: only runs themselves will show it.
  let byteCount: Int

  /// The program itself.
  private static let programByteCount = 40 << 20

  init(_ manifest: SweepManifest) {
    // What is wrong with the source is told by the runs that still need it.
    let arrays = (try? Self.arrays(manifest)) ?? 0
    byteCount = arrays == 0 ? 0 : arrays.addingReportingOverflow(Self.programByteCount).overflow ? .max : arrays + Self.programByteCount
  }

  /// Those of the first and the last condition, between which sizes lie as a rule.
  private static func arrays(_ manifest: SweepManifest) throws -> Int {
    switch manifest.source {
    case .checkpoint(let directory, _, let id): return try RunDirectory.opened(directory, .read).look(at: id).arrayByteCount
    case .model(let path, let text):
      let files = ImportedFiles(relativeTo: path)
      let file = try Experiment.read(Array(text.utf8), fileName: path, files: files)
      return try Set([0, manifest.conditions.count - 1]).map { number in
        try Experiment.check(file, constants: manifest.conditions.constants(number), files: files)?.byteCount ?? 0
      }.max() ?? 0
    }
  }

  /// Refuses what no run of the sweep can have.
  func check() throws(CommandError) {
    let free = availableMemory()
    guard byteCount > free else { return }
    throw CommandError(
      "each run takes about \(byteText(byteCount)) of memory, and \(byteText(free)) are free here: the system would end it half-way. Make the model "
        + "smaller, end other programs, or take a larger machine; --no-memory-check begins all the same")
  }

  /// What is said where the runs take more than half of what there is; without it nobody need know.
  func sentence(jobs: Int) -> String {
    let free = availableMemory()
    guard byteCount > 0, free < .max else { return "" }
    let (together, overflow) = jobs.multipliedReportingOverflow(by: byteCount)
    guard overflow || together > free / 2 else { return "" }
    return ", about \(byteText(byteCount)) of memory each, \(byteText(free)) are free"
      + (overflow || together > free ? ": fewer run at a time, as memory allows" : "")
  }

  /// What is said to who hands the runs to machines that nobody knows here; empty for small ones.
  var remark: String { byteCount > 1 << 30 ? ", about \(byteText(byteCount)) of memory each (--sbatch-args '--mem=…')" : "" }
}
