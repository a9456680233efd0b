internal import EngramExport
internal import EngramHDF5
internal import EngramSimulation
internal import EngramStorage
internal import Glibc

/// A checkpoint that a command looks at, wherever it lies.
struct OpenCheckpoint {
  let reference: CheckpointReference
  let loaded: LoadedCheckpoint
  let network: StoredNetwork
  let arrays: CheckpointArrays

  init(_ reference: CheckpointReference, _ loaded: LoadedCheckpoint) throws {
    self.reference = reference
    self.loaded = loaded
    network = try StoredNetwork(loaded)
    arrays = CheckpointArrays(loaded)
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
      self = .file(try PortableFile(at: path))
    } else {
      self = .directory(try RunDirectory(at: path, access: .read, creating: false, headers: HDF5HeaderWriter()))
    }
  }

  func list() throws -> [CheckpointInfo] {
    switch self {
    case .directory(let directory): try directory.list()
    case .file(let file): file.list()
    }
  }

  func load(_ name: String) throws -> LoadedCheckpoint {
    switch self {
    case .directory(let directory): try directory.load(name)
    case .file(let file): try file.load(name)
    }
  }

  /// Checkpoints that could not be read, and why.
  var damaged: [(id: String, problem: StorageError)] {
    guard case .directory(let directory) = self else { return [] }
    return directory.damagedCheckpoints.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}

extension CheckpointReference {
  func load() throws -> OpenCheckpoint {
    try OpenCheckpoint(self, CheckpointPlace(reading: directory).load(nameOrLatest))
  }
}
