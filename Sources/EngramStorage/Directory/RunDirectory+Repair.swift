import Synchronization

/// What a repair found and did, or would do.
package struct RepairReport: Sendable, Equatable {
  /// Files that are written anew, and what was wrong with them.
  package var mended: [String] = []
  /// What is not to be had back.
  package var lost: [String] = []
  /// What stays as it is, and what can be done about it.
  package var left: [String] = []
  /// Damaged files, where they are kept.
  package var keptAside: [String] = []
  package var isSound: Bool { mended.isEmpty && lost.isEmpty && left.isEmpty }
}

extension RunDirectory {
  /// Writes the journal anew from what can be read, and gives up checkpoints whose manifests are gone. Removes no data: damaged files are
  /// kept aside, and whatever may have had a name or a tag that is not known any more is tagged `recovered`, so that it stays.
  package func repair(isDryRun: Bool) throws(StorageError) -> RepairReport {
    let found = state.withLock { $0.findings }
    var report = RepairReport(mended: found.problems.filter { $0.checkpoint == nil }.map(\.text))
    if !found.isCertain {
      report.lost.append("tags, names given by `engram rename` and removals that only the journal knew; names given at `store` are back")
      let bare = found.catalogue.sequences.filter { found.catalogue.heads[$0]?.tags.isEmpty == true && found.catalogue.names(of: $0).isEmpty }
      if !bare.isEmpty {
        let ids = bare.map(CheckpointName.id).joined(separator: ", ")
        report.left.append("may have had a tag or another name, and get the tag '\(Catalogue.recoveredTag)', so that nothing removes them: \(ids)")
      }
    }
    for sequence in found.missing.sorted() {
      let names = found.catalogue.names(of: sequence).map { " '\($0)'" }.joined(separator: ",")
      report.lost.append(
        "\(CheckpointName.id(sequence))\(names): its manifest is gone; put it back from a copy of the directory before the repair, if there is one")
    }
    for (sequence, problem) in found.damaged.sorted(by: { $0.key < $1.key }) {
      let id = CheckpointName.id(sequence)
      report.left.append("\(id): \(problem); put it back from a copy of the directory, or give it up: engram rm \(path)@\(id)")
    }
    if report.mended.isEmpty, found.missing.isEmpty, found.isCertain { return report }
    if isDryRun { return report }
    let before = Set(try system.list(root))
    try requireWriter()
    if !found.missing.isEmpty {
      try checkOwnership()
      try record([.removed(found.missing.sorted())], flushing: true)
      state.withLock { state in
        // One that is put back later is taken for what it is.
        state.catalogue.removed.subtract(found.missing)
        state.findings.missing = []
        state.findings.problems.removeAll { $0.checkpoint != nil }
        (state.references, state.candidates) = (nil, nil)
      }
      try compactJournal()
    }
    report.keptAside = try system.list(root).filter { !before.contains($0) && $0.contains(".damaged-") }.map { "\(path)/\($0)" }
    return report
  }
}
