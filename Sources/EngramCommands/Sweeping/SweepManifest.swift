internal import EngramModelFiles
internal import EngramScalars

/// What a sweep is, as its folder keeps it: enough for every one of its runs, on this machine or another one.
struct SweepManifest: Codable, Equatable {
  /// What every run begins from.
  enum Source: Codable, Equatable {
    /// A model file, and its text: a file that is edited meanwhile does not mix two models.
    case model(path: String, text: String)
    /// A checkpoint of a run directory, by the name that was given and the id that it meant.
    case checkpoint(directory: String, name: String, id: String)
  }

  static let format = "engram sweep 1"

  var format = SweepManifest.format
  var source: Source
  var conditions: SweepConditions
  /// Of every run, where neither the file nor the conditions say one.
  var seed: UInt64?
  var extent = Extent()
  var collect: [String] = []
  /// Further options of each run.
  var options: [String] = []

  /// How far each run goes; nil, nil: to the end of its steps.
  struct Extent: Codable, Equatable {
    var untilSeconds: Double?
    var forSeconds: Double?
  }

  /// What makes it another sweep, in words; empty where the same runs are asked for.
  func differences(from stored: SweepManifest) throws -> [String] {
    var lines: [String] = []
    switch (stored.source, source) {
    case (.model(_, let old), .model(let path, let new)):
      if old != new {
        let before = CanonicalForm(try FileReader.read(Array(old.utf8), fileName: path))
        let now = CanonicalForm(try FileReader.read(Array(new.utf8), fileName: path))
        lines += now.differences(from: before, stepsBefore: max(before.steps.count, now.steps.count))
      }
    case (.checkpoint(_, _, let old), .checkpoint(let directory, let name, let id)):
      if old != id || stored.source != source {
        lines.append("begins from \(stored.sourceText), here from \(directory)@\(name) (\(id))")
      }
    case (.model, .checkpoint), (.checkpoint, .model): lines.append("begins from \(stored.sourceText), here from \(sourceText)")
    }
    if stored.conditions != conditions { lines += Self.differences(stored.conditions, conditions) }
    if let seed, let other = stored.seed, seed != other { lines.append("seed: stored \(other), here \(seed)") }
    return lines
  }

  private static func differences(_ stored: SweepConditions, _ given: SweepConditions) -> [String] {
    func text(_ axis: SweepAxis) -> String {
      let values = axis.values.count > 3 ? [axis.values[0].shown, "…", axis.values[axis.values.count - 1].shown] : axis.values.map(\.shown)
      return "\(axis.title) = \(values.joined(separator: ", ")) (\(axis.values.count))"
    }
    let lines = zip(stored.axes, given.axes).filter { $0 != $1 }.map { "varies \(text($0)), here \(text($1))" }
    let more = stored.axes.dropFirst(given.axes.count).map { "varies \(text($0)), not here" }
    let fewer = given.axes.dropFirst(stored.axes.count).map { "does not vary \(text($0)), varied here" }
    let way = stored.zips == given.zips ? [] : [stored.zips ? "lists side by side, here each with each" : "each with each, here side by side"]
    return lines + more + fewer + way
  }

  var sourceText: String {
    switch source {
    case .model(let path, _): path
    case .checkpoint(let directory, let name, let id): "\(directory)@\(name) (\(id))"
    }
  }
}

/// What has become of one run of a sweep, written when that is certain. A run without this is to be continued.
struct SweepResult: Codable, Equatable {
  enum State: String, Codable {
    case finished, failed
  }

  var state: State
  /// How far it was to go.
  var extent: SweepManifest.Extent
  /// Network time that is stored [s].
  var timeSeconds: Double?
  var checkpoint: String?
  /// Why it failed.
  var message: String?
}
