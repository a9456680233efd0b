public import EngramScalars
import EngramUnits

/// A network cannot do what was asked (NET).
public enum NetworkError: AddressedError, Hashable, Sendable {
  // the schedule
  case unknownSlot(Slot, object: String, valid: [Slot])
  // contents
  case alreadySimulated(object: String, here: String)
  case simulatedElsewhere(object: String, other: String)
  case unknownObject(String, nearest: String?)
  case wrongType(object: String, expected: String, found: String)
  case duplicateNames([String])
  case missingDependency(object: String, missing: String)
  case conflictingWrites(variable: String, objects: [String])
  case changedDuringRun(operation: String)
  // running
  case invalidDuration(seconds: Double)
  case alreadyRunning
  /// The monitors would record more than there is room for; without a run directory the room is memory.
  case recordingsTooLarge(RecordingSize, available: Int, directory: String?)
  /// A step failed half-way and the state lies between two steps (NET-27).
  case inconsistent(timeSeconds: Double)
  case noRunToResume
  case invalidReportPeriod(String)
  /// An object was asked to do again what it has not noted.
  case notRepeatable(object: String, verb: String)
  // queries
  case noProfile
  case unknownReport(String)

  /// The sentence, with remedies as the reader writes them: in Swift, or in a model file.
  public func text(for audience: Audience) -> String {
    switch self {
    case .unknownSlot(let slot, let object, let valid):
      "object '\(object)' runs in slot '\(slot)', which is not in the schedule; slots are \(list(valid.map(\.rawValue))), each with before_ and after_"
    case .alreadySimulated(let object, let here):
      "'\(object)' was already simulated and cannot be added to network '\(here)'; to leave it out for a while set "
        + (audience == .program ? "isActive = false" : "active: false")
    case .simulatedElsewhere(let object, let other):
      "'\(object)' was already simulated in network '\(other)'; an object belongs to the network that first simulates it"
    case .unknownObject(let name, let nearest):
      "the network has no object '\(name)'" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
    case .wrongType(let object, let expected, let found): "'\(object)' is a \(found), not a \(expected)"
    case .duplicateNames(let names): "names must be unique within a network; more than one object is called \(list(names))"
    case .missingDependency(let object, let missing): "'\(object)' needs '\(missing)', which is not in the network"
    case .conflictingWrites(let variable, let objects): "\(list(objects)) both overwrite '\(variable)' at every step; their effects do not add up"
    case .changedDuringRun(let operation): "cannot \(operation) during a run; do it between runs"
    case .invalidDuration(let seconds): "cannot run for \(seconds) s: a duration is a finite time that is not negative"
    case .recordingsTooLarge(let size, let available, let directory):
      "this run would record \(size), but \(directory.map { "'\($0)' has room for" } ?? "this machine's memory holds") "
        + "\(byteText(available)); record fewer elements or less often (record, dt)"
        + (directory == nil ? ", or give the network a run directory: recordings then go to disk" : ", or make room")
    case .alreadyRunning: "the network is running; a run cannot be started from inside a step"
    case .inconsistent(let seconds):
      "a step failed half-way at t = \(Quantity(si: seconds, dimension: .time)), so the state lies between two steps; restore a snapshot"
        + (audience == .program ? ", or accept the state with acceptPartialStep()" : "")
    case .noRunToResume: "there is no unfinished run to continue"
    case .invalidReportPeriod(let text): "the report period must be positive, not \(text)"
    case .notRepeatable(let object, let verb): "'\(object)' does not know how to repeat '\(verb)'"
    case .noProfile: "no profile was collected; use run(…, profile: true)"
    case .unknownReport(let text): "unknown kind of report '\(text)'; kinds are 'text', 'stdout' and 'stderr'"
    }
  }

  private func list(_ names: [String]) -> String { names.map { "'\($0)'" }.joined(separator: ", ") }
}
