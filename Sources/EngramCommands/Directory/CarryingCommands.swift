internal import ArgumentParser
internal import EngramCheckpoints
internal import EngramExport
internal import EngramModelFiles
internal import EngramStorage

/// `engram pack`: checkpoints in one file (CKP-45).
struct PackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pack", abstract: "Put checkpoints into one portable file.",
    discussion: """
      The file is HDF5 and holds everything needed to continue: checkpoints that later steps of the run go back to come along. \
      Checkpoints that it holds already stay in it, and are not added again.
      """)

  @Argument(help: "The checkpoint, as DIR@NAME; without a name the newest.") var checkpoint: CheckpointReference
  @Argument(help: "Names of further checkpoints.") var names: [String] = []
  @Option(name: .shortAndLong, help: "The file to write.", completion: .file(extensions: ["h5"])) var output: String
  @Flag(name: .customLong("leave-files"), help: "Files that later steps restore from are brought by hand.") var leavesFiles = false
  @OptionGroup var json: JSONOption

  func run() throws {
    let all = [checkpoint.nameOrLatest] + names
    let source = try checkpoint.openForReading()
    let needed = try Needed(by: all, in: source)
    try needed.checkFiles(beside: nil, leaving: leavesFiles)
    try PortableFile.pack(source, all, needed: needed.names, to: output)
    let held = try PortableFile(at: output).list()
    if json.isOn {
      try tell([("file", .string(output)), ("checkpoints", .list(held.map(\.json)))])
    } else {
      try Output.standard.line("\(output) holds \(held.map { $0.names.first ?? $0.id }.joined(separator: ", "))")
    }
  }
}

/// `engram unpack FILE DIR`.
struct UnpackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unpack", abstract: "Put the checkpoints of a portable file into a run directory.",
    discussion: "The directory is made, with all of them or not at all; one that holds them already stays as it is.")

  @Argument(help: "The portable file.", completion: .file(extensions: ["h5"])) var file: String
  @Argument(help: "The run directory.", completion: .directory) var directory: String
  @OptionGroup var json: JSONOption

  func run() throws {
    let packed = try PortableFile(at: file)
    do { try packed.unpack(to: directory, headers: CheckpointFormat.hdf5.headers) } catch {
      guard case .exists = error else { throw error }
      throw CommandError("'\(directory)' exists and holds something else, so it is not touched; name a directory that does not exist yet")
    }
    let all = try RunDirectory.opened(directory, .read).list()
    if json.isOn {
      try tell([("directory", .string(directory)), ("checkpoints", .list(all.map(\.json)))])
    } else {
      try Output.standard.line("\(directory) holds \(all.map { $0.names.first ?? $0.id }.joined(separator: ", "))")
    }
  }
}
