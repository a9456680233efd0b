internal import EngramModelFiles
internal import EngramScalars
internal import EngramStorage
internal import EngramSystem

/// What the runs of a sweep take of memory, as far as that can be said before they begin.
struct SweepEstimate {
  /// Of one run [bytes]; 0: only runs themselves will show it.
  let byteCount: Int

  /// The program itself.
  private static let programByteCount = 40 << 20

  init(_ manifest: SweepManifest) throws {
    switch manifest.source {
    case .checkpoint(let directory, _, let id):
      let info = try RunDirectory.opened(directory, .read).info(id)
      byteCount = Self.programByteCount + Int(clamping: info.logicalByteCount)
    case .model: byteCount = 0
    }
  }

  func sentence(jobs: Int) -> String {
    let free = availableMemory()
    guard byteCount > 0, free < .max else { return "" }
    let together = jobs.multipliedReportingOverflow(by: byteCount)
    let isTooMuch = together.overflow || together.partialValue > free
    return ", about \(byteText(byteCount)) of memory each, \(byteText(free)) are free"
      + (isTooMuch ? ": fewer run at a time, as memory allows" : "")
  }
}
