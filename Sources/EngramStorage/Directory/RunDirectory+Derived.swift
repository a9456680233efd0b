import CEngramSystem
import Synchronization

/// Where some bytes of an array lie, for those who make views of checkpoints.
package struct StoredPlace: Sendable, Equatable {
  /// Below the run directory.
  package let path: String
  package let offset: Int
  package let byteCount: Int
  package let hash: ContentHash
  /// Whether the array has the file for itself, as dataset `/data`; otherwise copy its bytes. Equal content is shared
  /// among variables, so type and shape of that dataset may be those of another one: compare before mapping it.
  package let isAlone: Bool
}

extension LoadedCheckpoint {
  /// Places of a column (one, or none without elements) or of the pieces of a recording, in order.
  package func places(of key: StoredKey) -> [StoredPlace] { storedPlaces(key) }
}

/// What may be published beside the checkpoints; nothing is ever restored from it.
package enum DerivedFile: Sendable {
  /// `checkpoints/<name or id>.h5`; goes when the checkpoint goes.
  case view(of: CheckpointInfo)
  case live
  case status
}

extension RunDirectory {
  /// Lets somebody write a derived file aside and puts it in place at once; readers of the old one are undisturbed.
  ///
  /// Not flushed: after a power cut it may be missing or empty, and is made again.
  package func publishDerived(_ derived: DerivedFile, _ write: (_ temporaryPath: String) throws -> Void) throws {
    guard access == .write, !state.withLock({ $0.isClosed }) else { throw StorageError.readOnly(path: path) }
    let (name, directory) =
      switch derived {
      case .view(let info): (CheckpointName.fileName(for: info.names.first ?? info.id) + ".h5", checkpoints)
      case .live: ("live.h5", root)
      case .status: ("status.json", root)
      }
    let aside = "derived-\(hexadecimal(options.random())).h5"
    do {
      try write("\(path)/tmp/\(aside)")
      try system.rename(aside, in: temporary, to: name, in: directory, replacing: true)
    } catch {
      try? system.remove(aside, in: temporary)
      throw error
    }
  }
}

/// From now on, losing a mapped file (shortened by somebody else) ends the process with a message and status 74
/// instead of a bare bus error. For programs; a library does not take signals from its host.
package func explainLostMappings() { _ = engram_explain_lost_mappings() }
