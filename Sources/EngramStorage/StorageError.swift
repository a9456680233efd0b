public import EngramScalars
import EngramSystem

/// Why something about the state on disk failed: what, where, and what helps.
public enum StorageError: ExplainedError, Equatable, Sendable {
  /// The system refused. `operation` is the name of what was asked of the file system, such as `write` or `flush`; `code` an errno value.
  case system(operation: String, path: String, code: Int32)
  /// Found out before anything was written.
  case noSpace(path: String, needed: UInt64, available: UInt64)
  /// A checksum, length or structure does not agree. `what` names object and variable where they are known.
  case damaged(file: String, what: String, place: String)
  /// A file that something refers to is gone.
  case missingFile(file: String, neededBy: String)
  /// A checkpoint that was to be carried on is damaged. `intact` names those that are not, newest first.
  case damagedSource(checkpoint: String, problem: String, intact: [String])
  /// A checkpoint was made while something it may have been computed from was damaged.
  case doubtful(checkpoint: String, path: String, reason: String)
  /// Written by a release that this one does not know.
  case unsupportedVersion(file: String, found: String, supported: String)
  /// Something else than a run directory or a portable file.
  case notARunDirectory(path: String, reason: String)
  /// Somebody else writes here. `owner` is what the holder of the lock wrote about itself.
  case locked(path: String, owner: String)
  /// The lock could be taken, but the one who wrote last is still there: the lock was removed or does not exclude. `owner` is that writer.
  case stillWritten(path: String, owner: String)
  /// Somebody else may write here since; this process has stopped writing, and removes nothing.
  case ownershipLost(path: String, reason: String)
  /// The journal of the directory, or what it says, does not hold; `remedy` says what to do.
  case needsRepair(path: String, what: String)
  /// The name means checkpoints of several lines; `choices` are spellings that mean one.
  case ambiguousCheckpoint(name: String, path: String, choices: [String])
  /// A name that means no checkpoint.
  case unknownCheckpoint(name: String, path: String, nearest: String?)
  /// What cannot name a checkpoint.
  case invalidName(name: String, reason: String)
  /// The entry exists and must not be replaced.
  case exists(path: String)
  /// More elements than can be addressed.
  case tooLarge(what: String)
  /// The system has no memory for an array.
  case outOfMemory(bytes: Int)
  /// What was opened for looking only cannot be changed.
  case readOnly(path: String)
  /// Something that would be overwritten may be somebody else's file.
  case notOurs(path: String, reason: String)
  /// A file of the folder `live` is not what this process made of it.
  case liveFileLost(path: String, what: String)
  /// A file system gives every rewritten page new blocks, which a full disk does not have.
  case copiesOnWrite(path: String)
  /// A value handed in does not fit what is stored.
  case mismatch(what: String, expected: String, found: String)
}

extension StorageError {
  /// One line, whatever names are in it.
  public var description: String { text.visibleLine }

  private var text: String {
    switch self {
    case .system(let operation, let path, let code):
      "\(operation) '\(path)': \(String(cString: strerror(code))) (error \(code))" + StorageError.limit(behind: code)
    case .noSpace(let path, let needed, let available):
      "not enough space at '\(path)': \(needed) bytes needed, \(available) free; free some space or remove checkpoints (`engram gc`)"
    case .damaged: "\(sentence); `engram verify` lists the checkpoints that do not need it"
    case .missingFile: sentence
    case .damagedSource(let checkpoint, let problem, let intact):
      "\(checkpoint) is not carried on: \(problem); "
        + (intact.isEmpty
          ? "no other checkpoint is intact"
          : "intact are \(intact.prefix(5).joined(separator: ", "))\(intact.count > 5 ? " and \(intact.count - 5) more" : "")")
    case .doubtful(let checkpoint, let path, let reason):
      "\(checkpoint) may have been computed from damaged values: \(reason); go on from an older one, or remove it with engram rm '\(path)@\(checkpoint)'"
    case .unsupportedVersion(let file, let found, let supported):
      "'\(file)' has format version \(found); this release reads \(supported)"
    case .notARunDirectory(let path, let reason):
      "'\(path)' is not a run directory: \(reason)"
    case .locked(let path, let owner):
      "'\(path)' is being written by \(owner.isEmpty ? "another process" : owner); wait for it or branch into a directory of its own"
    case .stillWritten(let path, let owner):
      "'\(path)' is still being written by \(owner), although its lock is free: `lock` was removed or replaced, or locks do not exclude on this "
        + "file system; wait for that process or end it, and leave `lock` alone"
    case .ownershipLost(let path, let reason):
      "'\(path)' may have another writer: \(reason); this process has stopped writing and has removed nothing, and what it reported as stored "
        + "is there; see that one process alone uses the directory, then start again"
    case .needsRepair(let path, let what):
      "'\(path)' needs a repair: \(what); `engram repair \(path)` tells what can be restored, checkpoints can be read by their ids (\(path)@ck-…)"
    case .ambiguousCheckpoint(let name, let path, let choices):
      "'\(name)' means several checkpoints of '\(path)', on different lines: \(choices.joined(separator: ", ")); name one of these"
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
      "no memory for \(bytes) bytes" + AddressSpace.explanation
    case .readOnly(let path):
      "'\(path)' was opened for reading only"
    case .notOurs(let path, let reason):
      "'\(path)' is not written to, because it may be somebody else's file: \(reason); copies of a run directory are made with `cp -a` or `engram branch --to`, not by hard links; if it is nobody's, remove it and start again"
    case .copiesOnWrite(let path):
      "'\(path)' is on a file system that gives rewritten pages new blocks, so that a full disk could end a run that writes into a mapping"
    case .liveFileLost(let path, let what):
      "'\(path)' \(what) while the run has its arrays in it; leave the folder `live` alone while a run goes on (--storage memory does without it); "
        + "checkpoints are intact, since none is made of such files: start the same command again"
    case .mismatch(let what, let expected, let found):
      "\(what): expected \(expected), found \(found)"
    }
  }
}

extension StorageError {
  /// What is wrong, without what to do about it.
  package var sentence: String {
    switch self {
    case .damaged(let file, let what, let place): "'\(file)' is damaged: \(what) (\(place))".visibleLine
    case .missingFile(let file, let neededBy): "'\(file)' is missing; \(neededBy) needs it".visibleLine
    default: description
    }
  }
}
