public import EngramScalars
import EngramSimulation
public import EngramStorage

/// Storing or restoring failed; the network is as it was before, unless the case says otherwise.
public enum CheckpointError: AddressedError, Equatable, Sendable {
  case unknownSnapshot(String, known: [String], nearest: String?)
  /// Object names that do not agree, in both directions (CKP-3).
  case namesDiffer(missingInCheckpoint: [String], missingInNetwork: [String])
  /// Differences that were not allowed (CKP-24), each as one line.
  case differences([String])
  /// A column or recording does not fit.
  case mismatch(object: String, variable: String, what: String, stored: String, actual: String)
  /// Two values of one object that would be stored under one name.
  case storedTwice(object: String, name: String)
  case restoreDuringRun
  /// Values used by the network belong to an object outside of it (LNK-8).
  case missingOwner(variable: String, owner: String)
  case missingFunctions([String])
  /// Numbers that fit their type and their checksum, but not the variables that they are for.
  case impossibleValues([ImpossibleValue])
  /// The state could not be read; `applied` tells that some of it was taken over already.
  case damaged(String)
  case partlyRestored(String)
  case unsupported(String)
  case storage(StorageError)
  case noRunDirectory
  /// There was not enough memory to keep the state before the first step.
  case beginningTooLarge(byteCount: Int)
  /// A run ended at a step boundary because its state or its recordings could not be written.
  case brokenOff(BrokenOffRun)
  /// Time between checkpoints that is no interval.
  case invalidInterval(String)
  /// What was done between two checkpoints cannot be done again from what is stored (CKP-28).
  case notRepeatable(String)

  /// The sentence, with remedies as the reader writes them: in Swift, or in a model file.
  public func text(for audience: Audience) -> String {
    // Whatever names are in it, a sentence is one line, and each difference is one.
    let sentence = sentence(for: audience)
    guard case .differences(let lines) = self else { return sentence.visibleLine }
    return sentence + lines.map { "\n  \($0.visibleLine)" }.joined()
  }

  private func sentence(for audience: Audience) -> String {
    switch self {
    case .differences:
      "the model differs from the stored one; to accept differences name their kinds in '\(audience == .program ? "allowing" : "allow")':"
    case .unknownSnapshot(let name, let known, let nearest):
      "there is no snapshot '\(name)'" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
        + (known.isEmpty ? "; nothing has been stored" : "; there are \(list(known))")
    case .namesDiffer(let missing, let surplus):
      "the objects of the checkpoint and of the network differ"
        + (missing.isEmpty ? "" : "; not in the checkpoint: \(list(missing))")
        + (surplus.isEmpty ? "" : "; not in the network: \(list(surplus))")
    case .mismatch(let object, let variable, let what, let stored, let actual):
      "\(what) of '\(object).\(variable)' differs: stored \(stored), here \(actual)"
    case .storedTwice(let object, let name):
      "'\(object)' has two values named '\(name)', which cannot be stored both; give its variable or its recording another name"
    case .restoreDuringRun: "a network cannot be restored from inside a step; restore between runs"
    case .missingOwner(let variable, let owner):
      "the network uses values of '\(owner).\(variable)', but '\(owner)' is not part of it; add it to the network"
    case .impossibleValues(let values):
      "the checkpoint cannot be used: " + values.prefix(4).map(\.description).joined(separator: "; ")
        + (values.count > 4 ? "; and \(values.count - 4) more" : "") + "; it is damaged, or was made to do harm"
    case .missingFunctions(let names): "these functions must be given to continue: \(list(names))"
    case .damaged(let what): "the checkpoint cannot be used: \(what)"
    case .partlyRestored(let what):
      "restoring failed half-way, and the network holds a mixture of states (restore again, or give it up): \(what)"
    case .unsupported(let what): what
    case .storage(let error): "\(error)"
    case .beginningTooLarge(let byteCount):
      "the state before the first step was not kept, as its \(byteCount) bytes are more than a quarter of the free memory; "
        + (audience == .program ? "a network made with Network(at:) keeps it on disk" : "a run directory keeps it on disk")
    case .brokenOff(let run): "\(run)"
    case .invalidInterval(let text): "the time between checkpoints must be positive and finite, not \(text)"
    case .notRepeatable(let what): "this cannot be repeated from what is stored: \(what)"
    case .noRunDirectory: "the network has no run directory" + (audience == .program ? "; make it with Network(at:)" : "")
    }
  }

  private func list(_ names: [String]) -> String { names.map { "'\($0)'" }.joined(separator: ", ") }
}

func wrappingStorage<R>(_ body: () throws -> R) throws -> R {
  do { return try body() } catch let error as StorageError { throw CheckpointError.storage(error) }
}
