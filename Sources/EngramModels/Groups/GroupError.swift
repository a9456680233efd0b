internal import EngramExpressions
public import EngramScalars
internal import EngramSimulation

/// What is wrong with a group of neurons or a part of it.
public enum GroupError: ExplainedError, Hashable, Sendable {
  /// Fewer than 1 element, or more than 32-bit integers can number.
  case notPositive(group: String, count: Int)
  /// More elements than memory can hold (MDL-23).
  case tooLarge(group: String, count: Int, bytes: Int, available: Int)
  /// A reset that would never happen.
  case resetWithoutThreshold(group: String)
  /// A condition that is a number.
  case thresholdNotBoolean(group: String, event: String, text: String)
  /// A threshold, and the event `spike` among the others.
  case spikeEventTwice(group: String)
  /// What cannot name an event.
  case eventName(group: String, name: String)
  /// An event that the group does not have.
  case unknownEvent(group: String, event: String, known: [String])
  /// An event that the group has already.
  case secondEvent(group: String, event: String)
  /// An event that has code already.
  case secondCode(group: String, event: String)
  /// A number type that a variable of its kind cannot be stored as.
  case wrongType(group: String, variable: String, expected: String, found: String)
  /// A number type for a variable that does not exist.
  case unknownTypedVariable(group: String, variable: String, nearest: String?)
  /// A refractory period that is neither a time nor a condition.
  case refractory(group: String, text: String, found: String)
  /// A refractory period that is less than nothing.
  case negativeRefractory(group: String, seconds: Double)
  /// A part without elements.
  case emptyRange(group: String, lower: Int, upper: Int, count: Int)
  /// A part with gaps.
  case notContiguous(group: String, indices: [Int])
  /// Code that is to run at no time.
  case noTimes(group: String)
  /// A link for a variable without the flag `linked`.
  case linkUnflagged(group: String, variable: String)
  /// A link for a variable that does not exist.
  case linkUnknown(group: String, variable: String, nearest: String?)
  /// A link to a variable of another unit.
  case linkUnit(variable: String, expected: String, target: String, found: String)
  /// A link to a variable of another kind: number, integer or truth value.
  case linkType(variable: String, expected: String, target: String, found: String)
  /// Sizes that differ: which element means which has to be said.
  case linkNeedsIndex(variable: String, expected: Int, target: String, found: Int)
  /// One index for each element is needed.
  case linkIndexCount(variable: String, expected: Int, found: Int)
  /// An index to an element that the source does not have.
  case linkIndexRange(variable: String, index: Int, count: Int)
  /// A variable that cannot be an index.
  case linkIndexVariable(variable: String, index: String, why: String)
  /// A link to a variable whose number of values changes, as those of synapses do.
  case linkDynamic(variable: String, target: String)
  /// A link to itself.
  case linkCycle(variable: String, target: String)
  /// Code that writes a linked variable of which several elements are one.
  case manyToOneWrite(variable: String, group: String, code: String)
  /// A variable that the group does not have.
  case unknownVariable(group: String, variable: String, nearest: String?)
  /// Something that cannot change while steps are executed.
  case duringRun(group: String, what: String)
  /// Stored events that are none.
  case damagedEvents(object: String)
  /// A part is asked to work after the object that it belongs to is gone.
  case wholeGone(part: String, whole: String)

  public var description: String {
    switch self {
    case .wholeGone(let part, let whole):
      "'\(part)' is a part of '\(whole)', which no longer exists; keep '\(whole)' as long as its parts, and give it to the network instead of them"
    case .damagedEvents(let object): "the stored events of '\(object)' are no list of its elements; the checkpoint may be damaged"
    case .tooLarge(let group, let count, let bytes, let available):
      "'\(group)' with \(count) elements would take \(byteText(bytes)), and \(byteText(available)) of memory are free; use fewer elements"
    case .notPositive(let group, let count): "'\(group)' must have at least 1 element, found \(count)"
    case .resetWithoutThreshold(let group):
      "'\(group)' has a reset but no threshold: the reset would never happen; give a threshold, for example threshold: \"v > -50*mV\""
    case .thresholdNotBoolean(let group, let event, let text):
      "the condition of '\(event)' in '\(group)', '\(text)', is not true or false; "
        + (Self.isValueAlone(text) ? "did you mean 'v > \(text)'?" : "compare it with something, as in '\(text) > …'")
    case .spikeEventTwice(let group): "'\(group)' defines 'spike' by a threshold and among its events; give one of both"
    case .eventName(let group, let name): "'\(name)' cannot name an event of '\(group)': use letters, digits and underscores"
    case .unknownEvent(let group, let event, let known):
      "'\(group)' has no event '\(event)'"
        + (event == "spike" ? "; did you forget its threshold?" : known.isEmpty ? "" : "; it has \(known.joined(separator: ", "))")
    case .secondEvent(let group, let event): "'\(group)' has an event '\(event)' already; give the new one another name"
    case .secondCode(let group, let event): "'\(group)' already runs code on '\(event)'; put both into one text"
    case .wrongType(let group, let variable, let expected, let found):
      "'\(variable)' of '\(group)' is \(expected) and cannot be stored as \(found)"
    case .unknownTypedVariable(let group, let variable, let nearest):
      "a type is given for '\(variable)', which '\(group)' does not have" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
    case .refractory(let group, let text, let found):
      "the refractory expression '\(text)' of '\(group)' must be a time or a condition, found \(found)"
    case .negativeRefractory(let group, let seconds): "the refractory period of '\(group)', \(seconds) s, is negative"
    case .emptyRange(let group, let lower, let upper, let count):
      "\(lower)..<\(upper) is no part of '\(group)', which has \(count) elements (0..<\(count))"
        + (lower == upper ? ": it is empty" : "")
    case .notContiguous(let group, let indices):
      "a subgroup of '\(group)' must be contiguous and ascending; \(indices.prefix(8).map(String.init).joined(separator: ", "))\(indices.count > 8 ? ", …" : "") is not"
    case .noTimes(let group): "code of '\(group)' that runs at given times needs at least one time"
    case .linkUnflagged(let group, let variable):
      "'\(variable)' of '\(group)' is not flagged (linked) and cannot be linked"
    case .linkUnknown(let group, let variable, let nearest):
      "'\(group)' has no linked variable '\(variable)'" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
    case .linkUnit(let variable, let expected, let target, let found):
      "'\(variable)' has the unit \(expected) and cannot be linked to '\(target)', which has \(found)"
    case .linkType(let variable, let expected, let target, let found):
      "'\(variable)' is \(expected) and cannot be linked to '\(target)', which is \(found)"
    case .linkNeedsIndex(let variable, let expected, let target, let found):
      "'\(variable)' has \(expected) elements, its source '\(target)' has \(found): an index is needed"
    case .linkIndexCount(let variable, let expected, let found):
      "the index of the link '\(variable)' must have \(expected) values, found \(found)"
    case .linkIndexRange(let variable, let index, let count):
      "the index of the link '\(variable)' contains \(index), but its source has the elements 0 … \(count - 1)"
    case .linkIndexVariable(let variable, let index, let why): "'\(index)' cannot be the index of the link '\(variable)': \(why)"
    case .linkDynamic(let variable, let target):
      "'\(variable)' cannot be linked to '\(target)': its size changes, links need a fixed size"
    case .linkCycle(let variable, let target): "linking '\(variable)' to '\(target)' would make it its own source"
    case .manyToOneWrite(let variable, let group, let code):
      "\(code) of '\(group)' writes '\(variable)', which several elements share with one source element"
    case .unknownVariable(let group, let variable, let nearest):
      "'\(group)' has no variable '\(variable)'" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
    case .duringRun(let group, let what): "\(what) of '\(group)' cannot change during a run"
    }
  }

  /// Whether a text is made of numbers and units only.
  private static func isValueAlone(_ text: String) -> Bool {
    guard let expression = try? ExpressionParser.parse(text) else { return false }
    return expression.calledFunctions.isEmpty && expression.identifiers.allSatisfy { DefaultSymbols().symbol($0) != nil }
  }
}
