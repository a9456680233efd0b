internal import ArgumentParser
internal import EngramExport
internal import EngramHDF5
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage

/// `engram verify`: reads what is stored and compares it with its checksums, or with a repetition of the run (CKP-28).
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Check that checkpoints are intact.",
    discussion: """
      Reads every array and compares it with its checksum. --full also reads what each checkpoint says about its network.
      --replay restores the parent of a checkpoint, repeats the run and compares every bit. Exit status 1 if anything is wrong.
      """)

  @Argument(help: "The run directory or portable file, or one checkpoint as DIR@NAME.") var checkpoint: CheckpointReference
  @Flag(help: "Also read the description of every checkpoint and compare it with its arrays.") var full = false
  @Flag(help: "Repeat the run from the parent of each checkpoint.") var replay = false
  @OptionGroup var json: JSONOption

  func run() throws {
    let place = try CheckpointPlace(reading: checkpoint.directory)
    let report = try place.verify()
    var problems = report.problems.map { Finding(what: $0.what, file: $0.file, place: $0.place, checkpoints: $0.checkpoints) }
    if let name = checkpoint.name {
      let id = try place.list().first { $0.id == name || $0.names.contains(name) }?.id ?? place.load(name).info.id
      problems = problems.filter { $0.checkpoints.contains(id) }
    }
    if full || replay { problems += try checkDescriptions(place) }
    var replayed: [String] = []
    if replay, problems.isEmpty { (replayed, problems) = try Replay(place, checkpoint).run() }
    try tell(report, problems, replayed)
    if !problems.isEmpty { throw ExitCode(1) }
  }

  private func checkDescriptions(_ place: CheckpointPlace) throws -> [Finding] {
    var found: [Finding] = []
    for info in try place.list() {
      do {
        let open = try OpenCheckpoint(checkpoint, place.load(info.id))
        // Names that begin with @ are the house's own: functions, input files.
        let known = Set(open.network.objects.map(\.name)).union(open.network.clockNames)
        for owner in Set(open.arrays.keys.map(\.owner)).subtracting(known).sorted() where !owner.hasPrefix("@") {
          found.append(Finding(what: "arrays belong to '\(owner)', which the description does not name", file: "", place: "", checkpoints: [info.id]))
        }
        _ = try stateDigest(of: open.loaded)
      } catch let error as StorageError {
        // Damage of bytes has been reported already.
        _ = error
      } catch {
        found.append(Finding(what: "\(error)", file: "", place: "description", checkpoints: [info.id]))
      }
    }
    return found
  }

  private func tell(_ report: VerificationReport, _ problems: [Finding], _ replayed: [String]) throws {
    if json.isOn {
      let list = JSONText.list(problems.map { problem in
        .object([
          ("what", .string(problem.what)), ("file", .string(problem.file)), ("place", .string(problem.place)),
          ("checkpoints", .list(problem.checkpoints.map(JSONText.string))),
        ])
      })
      let fields: [(String, JSONText)] = [
        ("sound", .boolean(problems.isEmpty)), ("problems", list), ("notes", .list(report.notes.map(JSONText.string))),
        ("checkpoints", .count(report.checkpointCount)), ("files", .count(report.fileCount)), ("bytes", .unsigned(report.byteCount)),
        ("replayed", .list(replayed.map(JSONText.string))),
      ]
      return try Output.standard.line(JSONText.object(fields).text)
    }
    let size = "\(report.checkpointCount) checkpoints, \(report.fileCount) files, \(byteText(Int(clamping: report.byteCount)))"
    for id in replayed { try Output.standard.line("\(id): repeated from its parent, equal bit for bit") }
    if problems.isEmpty { return try Output.standard.line("intact: \(size)") }
    for problem in problems {
      let damaged = problem.checkpoints.isEmpty ? "" : "; concerns \(problem.checkpoints.joined(separator: ", "))"
      let place = problem.place.isEmpty ? "" : " (\(problem.place))"
      try Output.standard.line("\(problem.file.isEmpty ? "" : "\(problem.file): ")\(problem.what)\(place)\(damaged)")
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

extension CheckpointPlace {
  func verify() throws -> VerificationReport {
    switch self {
    case .directory(let directory): try directory.verify()
    case .file(let file): file.verify()
    }
  }
}
