internal import EngramSimulation
internal import EngramUnits

/// How far `sweep:` of a model file has its runs go.
package struct SweepExtentReader {
  private let reader: ValueReader
  private let text: String

  package init(_ file: ModelFile, _ files: any ArrayFileReader) {
    (reader, text) = (Experiment.constants(of: file, files: files), file.text)
  }

  /// Network time to stop at, and the same from the start of a run on [s].
  package func seconds(_ part: SweepPart) throws -> (until: Double?, duration: Double?) {
    let (until, duration) = (part.until.flatMap { reader.time($0, "until") }, part.duration.flatMap { reader.time($0, "for") })
    for (time, node, key) in [(until, part.until, "until"), (duration, part.duration, "for")] {
      if let time, let node, time.si < 0 { reader.problems.report("'\(key)' is a time from 0 on, found \(time)", at: node) }
    }
    let found = reader.problems.problems
    if !found.isEmpty { throw ModelFileError(fileName: reader.fileName, problems: found, text: text) }
    return (until?.si, duration?.si)
  }
}
