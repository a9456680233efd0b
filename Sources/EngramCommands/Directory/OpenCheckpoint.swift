internal import EngramExport
internal import EngramHDF5
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage
internal import Foundation
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

extension RunDirectory {
  /// A directory that is there; what a misspelt path may have meant is told.
  static func opened(_ path: String, _ access: Access) throws -> RunDirectory {
    do { return try RunDirectory(at: path, access: access, creating: false, headers: HDF5HeaderWriter()) } catch {
      guard case .notARunDirectory = error, Glibc.access(path, F_OK) != 0 else { throw error }
      let url = URL(fileURLWithPath: path)
      let others = (try? FileManager.default.contentsOfDirectory(atPath: url.deletingLastPathComponent().path)) ?? []
      guard let near = nearest(url.lastPathComponent, in: others.filter { $0.hasSuffix(".engram") }.sorted()) else { throw error }
      throw CommandError("\(error); did you mean '\(near)'?")
    }
  }
}
