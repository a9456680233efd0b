internal import EngramCheckpoints
internal import EngramModelFiles
internal import EngramScalars
internal import EngramStorage
internal import EngramUnits

/// An error that ended a run, with what is on disk: asked of the directory after everything else (MDL-43).
struct FailedRun: Error {
  let text: String
  private let path: String
  private let newest: CheckpointInfo?

  /// What programs want to know.
  var fields: [(String, JSONText)] {
    [
      ("outcome", "failed"), ("directory", .string(path)), ("checkpoint", newest.map { .string($0.id) } ?? .null),
      ("checkpoint_t", newest?.networkSeconds.map(JSONText.number) ?? .null),
    ]
  }

  init(_ error: any Error, path: String, in directory: RunDirectory) {
    self.path = path
    var unknown: String?
    do { newest = try directory.acknowledged() } catch { (newest, unknown) = (nil, "\(error)") }
    let words = ErrorText.text(error)
    let place = newest.map { info in
      "everything up to t = \(simulatedTimeText(info.networkSeconds ?? 0)) is stored in \(info.id); once the cause is gone, "
        + "engram resume \(shellQuoted(path)) goes on from there"
    }
    text =
      "\(words)\n\(place ?? unknown.map { "what '\(path)' holds could not be read: \($0); engram ls tells once that is possible" } ?? "nothing is stored in '\(path)' yet; once the cause is gone, the same command starts it")"
  }
}
