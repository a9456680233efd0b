import EngramScalars
import Glibc

/// Why something about the state on disk failed: what, where, and what helps.
public enum StorageError: Error, Equatable, Sendable {
  /// The system refused. `operation` is the name of a ``FileOperation``; `code` an errno value.
  case system(operation: String, path: String, code: Int32)
  /// Found out before anything was written.
  case noSpace(path: String, needed: UInt64, available: UInt64)
  /// A checksum, length or structure does not agree. `what` names object and variable where they are known.
  case damaged(file: String, what: String, place: String)
  case missingFile(file: String, neededBy: String)
  case unsupportedVersion(file: String, found: String, supported: String)
  case notARunDirectory(path: String, reason: String)
  /// Somebody else writes here. `owner` is what the holder of the lock wrote about itself.
  case locked(path: String, owner: String)
  case unknownCheckpoint(name: String, path: String, nearest: String?)
  case invalidName(name: String, reason: String)
  /// The entry exists and must not be replaced.
  case exists(path: String)
  /// More elements than can be addressed.
  case tooLarge(what: String)
  case outOfMemory(bytes: Int)
  case readOnly(path: String)
  /// A value handed in does not fit what is stored.
  case mismatch(what: String, expected: String, found: String)
}

extension StorageError: CustomStringConvertible {
  /// One line, whatever names are in it.
  public var description: String { sentence.visibleLine }

  private var sentence: String {
    switch self {
    case .system(let operation, let path, let code):
      "\(operation) '\(path)': \(String(cString: strerror(code))) (error \(code))"
    case .noSpace(let path, let needed, let available):
      "not enough space at '\(path)': \(needed) bytes needed, \(available) free; free some space or remove checkpoints (`engram gc`)"
    case .damaged(let file, let what, let place):
      "'\(file)' is damaged: \(what) (\(place)); `engram verify` lists the checkpoints that do not need it"
    case .missingFile(let file, let neededBy):
      "'\(file)' is missing; \(neededBy) needs it"
    case .unsupportedVersion(let file, let found, let supported):
      "'\(file)' has format version \(found); this release reads \(supported)"
    case .notARunDirectory(let path, let reason):
      "'\(path)' is not a run directory: \(reason)"
    case .locked(let path, let owner):
      "'\(path)' is being written by \(owner.isEmpty ? "another process" : owner); wait for it or branch into a directory of its own"
    case .unknownCheckpoint(let name, let path, let nearest?):
      "there is no checkpoint '\(name)' in '\(path)'; did you mean '\(nearest)'?"
    case .unknownCheckpoint(let name, let path, nil):
      "there is no checkpoint '\(name)' in '\(path)'"
    case .invalidName(let name, let reason):
      "'\(name)' cannot name a checkpoint: \(reason)"
    case .exists(let path):
      "'\(path)' exists and is not replaced"
    case .tooLarge(let what):
      "\(what) is too large to be addressed"
    case .outOfMemory(let bytes):
      "no memory for \(bytes) bytes"
    case .readOnly(let path):
      "'\(path)' was opened for reading only"
    case .mismatch(let what, let expected, let found):
      "\(what): expected \(expected), found \(found)"
    }
  }
}
