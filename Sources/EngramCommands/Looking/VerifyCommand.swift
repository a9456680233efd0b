internal import ArgumentParser
internal import EngramCheckpoints
internal import EngramExport
internal import EngramImport
internal import EngramModelFiles
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage

/// `engram verify`: reads what is stored and compares it with its checksums, or with a repetition of the run (CKP-28).
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Check that checkpoints are intact.",
    discussion: """
      Reads every array and compares it with its checksum. --full also makes the network of each checkpoint again and compares every \
      number with what its variable can hold, as a restore would: elements that exist, counts, steps, times, lengths that agree.
      --replay goes from each checkpoint to the next again, in memory, and compares every bit: runs of model files and of Swift \
      programs alike. Exit status 1 if anything is wrong, or cannot be repeated because only a program can.
      """)

  @Argument(help: "The run directory or portable file, or one checkpoint as DIR@NAME.") var checkpoint: CheckpointReference
  @Flag(help: "Also make the network of every checkpoint again and compare its arrays with it.") var full = false
  @Flag(help: "Repeat the run from each checkpoint to the next.") var replay = false
  @OptionGroup var json: JSONOption

  func run() throws {
    // Whoever ends a repetition half-way wants nothing of it to stay behind.
    if replay { Session.prepareSignals() }
    let place = try CheckpointPlace(reading: checkpoint.directory)
    let report = try place.verify()
    var problems = report.problems.map { Finding(what: $0.what, file: $0.file, place: $0.place, checkpoints: $0.checkpoints) }
    if let name = checkpoint.name {
      let id = try place.list().first { $0.id == name || $0.names.contains(name) }?.id ?? place.look(at: name).info.id
      problems = problems.filter { $0.checkpoints.contains(id) }
    }
    var notes: [String] = []
    if full || replay { problems += try checkDescriptions(place, &notes) }
    let stretches = replay && problems.isEmpty ? try repeated(place) : []
    problems += stretches.compactMap(\.finding)
    try tell(report, problems, stretches, notes)
    if !problems.isEmpty { throw ExitCode(1) }
  }

  private func repeated(_ place: CheckpointPlace) throws -> [ReplayedStretch] {
    guard case .directory(let directory) = place else {
      throw CommandError("'\(checkpoint.directory)' is a portable file, whose checkpoints have no parents; unpack it first (engram unpack)")
    }
    var replay = Replay(directory, files: ImportedFiles(relativeTo: nil))
    var told: (number: Int, at: ContinuousClock.Instant)?
    replay.onProgress = { number, count, from, to, seconds in
      // On standard error, at each stretch and every few seconds of a long one.
      if let told, told.number == number, ContinuousClock.now - told.at < .seconds(5) { return }
      told = (number, .now)
      try? Output.error.line("repeating \(to), \(number) of \(count): from \(from), t = \(simulatedTimeText(seconds))")
    }
    if !json.isOn { replay.onStretch = { stretch in if stretch.finding == nil { try? Output.standard.line(stretch.text) } } }
    let found = try replay.run(checkpoint.name)
    if found.isEmpty { throw CommandError("'\(checkpoint.text)' has no checkpoint with another before it, so there is nothing to repeat") }
    return found
  }

  private func checkDescriptions(_ place: CheckpointPlace, _ notes: inout [String]) throws -> [Finding] {
    var found: [Finding] = []
    for info in try place.list() {
      do {
        let open = try OpenCheckpoint(checkpoint, place.look(at: info.id))
        // Names that begin with @ are the house's own: functions, input files.
        let known = Set(open.network.objects.map(\.name)).union(open.network.clockNames)
        for owner in Set(open.arrays.keys.map(\.owner)).subtracting(known).sorted() where !owner.hasPrefix("@") {
          found.append(Finding(what: "arrays belong to '\(owner)', which the description does not name", file: "", place: "", checkpoints: [info.id]))
        }
        _ = try stateDigest(of: open.loaded)
        switch StoredStateCheck.outcome(of: open.loaded, in: checkpoint.directory) {
        case .compared(let lines): found += lines.map { Finding(what: $0, file: "", place: "", checkpoints: [info.id]) }
        case .needsProgram(let what):
          notes.append("\(info.id): its numbers were not compared with its variables, since only a program can make them: \(what)")
        }
      } catch let error as StorageError {
        // Damage of bytes has been reported already.
        _ = error
      } catch {
        found.append(Finding(what: "\(error)", file: "", place: "description", checkpoints: [info.id]))
      }
    }
    return found
  }

  private func tell(_ report: VerificationReport, _ problems: [Finding], _ stretches: [ReplayedStretch], _ notes: [String]) throws {
    if json.isOn {
      let list = JSONText.list(
        problems.map { problem in
          .object([
            ("what", .string(problem.what)), ("file", .string(problem.file)), ("place", .string(problem.place)),
            ("checkpoints", .list(problem.checkpoints.map(JSONText.string))),
          ])
        })
      let fields: [(String, JSONText)] = [
        ("sound", .boolean(problems.isEmpty)), ("problems", list), ("notes", .list((report.notes + notes).map(JSONText.string))),
        ("checkpoints", .count(report.checkpointCount)), ("files", .count(report.fileCount)), ("bytes", .unsigned(report.byteCount)),
        ("replayed", .list(stretches.map(\.json))),
      ]
      return try tell(fields, status: problems.isEmpty ? 0 : 1)
    }
    let size = "\(report.checkpointCount) checkpoints, \(report.fileCount) files, \(byteText(Int(clamping: report.byteCount)))"
    for note in notes { try Output.standard.line(note) }
    if problems.isEmpty { return try Output.standard.line("intact: \(size)") }
    for problem in problems {
      let damaged = problem.checkpoints.isEmpty ? "" : "; concerns \(problem.checkpoints.joined(separator: ", "))"
      let place = problem.place.isEmpty ? "" : " (\(problem.place))"
      try Output.standard.paragraph("\(problem.file.isEmpty ? "" : "\(problem.file.visibleLine): ")\(problem.what)\(place)\(damaged)")
    }
    let noun = problems.count == 1 ? "1 problem" : "\(problems.count) problems"
    try Output.standard.line("\(noun) in \(size)")
  }
}

/// One thing that is not as it should be.
struct Finding {
  let what: String
  let file: String
  let place: String
  let checkpoints: [String]
}

extension ReplayedStretch {
  /// Of one that is as it should be.
  var text: String { "\(to): repeated \(interval), equal bit for bit" }

  var interval: String { "from \(from), t = \(simulatedTimeText(startSeconds)) to \(simulatedTimeText(endSeconds))" }

  var finding: Finding? {
    switch outcome {
    case .equal: nil
    case .differs(let what): Finding(what: "\(to): repeated \(interval), it differs: \(what)", file: "", place: "", checkpoints: [])
    case .notRepeatable(let what): Finding(what: "\(to): not repeatable: \(what)", file: "", place: "", checkpoints: [])
    }
  }

  var json: JSONText {
    let (word, detail): (String, String) =
      switch outcome {
      case .equal: ("equal", "")
      case .differs(let what): ("differs", what)
      case .notRepeatable(let what): ("not repeatable", what)
      }
    return .object([
      ("from", .string(from)), ("to", .string(to)), ("t_from", .number(startSeconds)), ("t_to", .number(endSeconds)), ("outcome", .string(word)),
      ("detail", .string(detail)),
    ])
  }
}

extension CheckpointPlace {
  func verify() throws -> VerificationReport {
    switch self {
    case .directory(let directory): try directory.verify()
    case .file(let file): file.verify()
    }
  }
}
