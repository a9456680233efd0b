internal import EngramCheckpoints
internal import EngramExport
internal import EngramModel
internal import EngramModelFiles
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage
internal import EngramSystem
internal import Foundation

/// A checkpoint that a command looks at, wherever it lies.
struct OpenCheckpoint {
  let reference: CheckpointReference
  let loaded: LoadedCheckpoint
  let network: StoredNetwork
  let arrays: CheckpointArrays
  /// Those in force.
  let constants: [(name: String, value: DescriptionValue)]

  init(_ reference: CheckpointReference, _ loaded: LoadedCheckpoint) throws {
    self.reference = reference
    self.loaded = loaded
    network = try StoredNetwork(loaded)
    arrays = CheckpointArrays(loaded)
    constants = try Experiment.constants(of: loaded) ?? network.constants
  }

  /// As a user would name it.
  var title: String { "\(reference.directory)@\(loaded.info.names.first ?? loaded.info.id)" }
}

/// A place where checkpoints are: a run directory or a portable file.
enum CheckpointPlace {
  case directory(RunDirectory)
  case file(PortableFile)

  init(reading path: String) throws {
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG {
      do { self = .file(try PortableFile(at: path)) } catch {
        guard case .damaged(_, _, "byte 0") = error else { throw error }
        throw CommandError("'\(path)' is neither a run directory nor a portable file of Engram, or its first bytes are damaged")
      }
    } else {
      self = .directory(try RunDirectory.opened(path, .read))
    }
  }

  func list() throws -> [CheckpointInfo] {
    switch self {
    case .directory(let directory): try directory.list()
    case .file(let file): file.list()
    }
  }

  /// To read from: what is read is compared as it is read, the rest when `waitForVerification` is asked.
  func look(at name: String) throws -> LoadedCheckpoint {
    switch self {
    case .directory(let directory): try directory.look(at: name)
    case .file(let file): try file.look(at: name)
    }
  }

  /// Checkpoints that could not be read, and why.
  var damaged: [(id: String, problem: StorageError)] {
    guard case .directory(let directory) = self else { return [] }
    return directory.damagedCheckpoints.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}

extension CheckpointPlace {
  /// What is wrong with the directory as a whole: its journal, checkpoints that are missing.
  var problems: [DirectoryProblem] { if case .directory(let directory) = self { directory.problems } else { [] } }
  var problemsJSON: JSONText { .list(problems.map { .string($0.text) }) }

  /// Says on standard error what cannot be read, what is missing, and what is wrong with the journal.
  func tellProblems() throws {
    let missing = Set(problems.compactMap(\.checkpoint))
    for (id, problem) in damaged where !missing.contains(id) { try Output.error.line("damaged: \(id): \(problem)") }
    for problem in problems { try Output.error.line("\(problem.checkpoint.map { "missing: \($0): " } ?? "damaged: ")\(problem.text)") }
    guard case .directory(let directory) = self, !problems.isEmpty else { return }
    try Output.error.line("`engram repair \(directory.path)` mends what can be mended, and says what is lost")
  }

  /// Lines of checkpoints; none for a portable file.
  var lines: [LineInfo] { get throws { if case .directory(let directory) = self { try directory.lines() } else { [] } } }

  var linesJSON: JSONText {
    get throws {
      .list(
        try lines.map { line in
          .object([
            ("name", .string(line.name)), ("origin", line.origin.map(JSONText.string) ?? .null), ("newest", .string(line.newest.id)),
            ("checkpoints", .count(line.checkpointCount)),
          ])
        })
    }
  }

  /// Nil for a portable file.
  var usage: DiskUsage? { get throws { if case .directory(let directory) = self { try directory.diskUsage() } else { nil } } }
}

extension DiskUsage {
  var sentence: String {
    func part(_ name: String, _ bytes: Int64) -> String? { bytes > 0 ? "\(name) \(byteText(Int(clamping: bytes)))" : nil }
    let parts = [
      part("arrays", objects), part("recordings", segments), part("checkpoints", manifests), part("views", views), part("live arrays", live),
      part("other", other),
    ]
    return "on disk: \(byteText(Int(clamping: total))) (\(parts.compactMap(\.self).joined(separator: ", ")))"
  }
}

extension CheckpointReference {
  func look() throws -> OpenCheckpoint {
    try OpenCheckpoint(self, CheckpointPlace(reading: directory).look(at: nameOrLatest))
  }
}

extension RunDirectory {
  /// A directory that is there; what a misspelt path may have meant is told.
  static func opened(_ path: String, _ access: Access) throws -> RunDirectory {
    do { return try RunDirectory(at: path, access: access, creating: false, format: .hdf5) } catch {
      guard case .notARunDirectory = error, EngramSystem.access(path, F_OK) != 0 else { throw error }
      let url = URL(fileURLWithPath: path)
      let others = (try? FileManager.default.contentsOfDirectory(atPath: url.deletingLastPathComponent().path)) ?? []
      guard let near = nearest(url.lastPathComponent, in: others.filter { $0.hasSuffix(".engram") }.sorted()) else { throw error }
      throw CommandError("\(error); did you mean '\(near)'?")
    }
  }
}
