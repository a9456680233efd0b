public import EngramScalars

/// What is wrong with synapses, their pathways, or a request to make or find synapses.
public enum SynapseError: AddressedError, Hashable, Sendable {
  /// Text that does not follow the rules of generators (SYN-25).
  case generator(text: String, why: String)
  /// A generator where a condition is wanted.
  case generatorAsCondition(text: String)
  /// Lists of different lengths, neither of them a single element.
  case unevenArrays(pre: Int, post: Int)
  /// An element that does not exist.
  case indexOutOfRange(what: String, index: Int, count: Int, group: String)
  /// A generator that gives an element that does not exist.
  case generatedIndexOutOfRange(what: String, index: Int, count: Int, group: String, text: String)
  /// A number of synapses or an element that is no integer.
  case notInteger(what: String, text: String)
  /// A range that does not advance.
  case emptyRangeStep(text: String)
  /// A sample larger than what it is taken from.
  case sampleSize(size: Int, population: Int, text: String)
  /// Fewer than no synapses.
  case negativeCount(text: String, value: Int)
  /// A probability outside of 0 … 1.
  case probability(text: String, value: Double)
  /// Numbers of synapses used where these are only made.
  case countsInConnect(name: String, text: String)
  /// More synapses than 32-bit integers can number.
  case tooMany(count: Int)
  /// Variables of synapses before any were made.
  case noSynapsesYet(synapses: String, what: String)
  /// A run before synapses were made.
  case neverConnected(synapses: String)
  /// Synapses made while steps are executed.
  case duringRun(synapses: String)
  /// A variable of the synapses with the name of one of a group.
  case nameClash(synapses: String, variable: String, group: String)
  /// A pathway with the name of something else.
  case pathwayNameTaken(synapses: String, pathway: String)
  /// Two pathways of one name.
  case duplicatePathway(synapses: String, pathway: String)
  /// A pathway that there is not.
  case unknownPathway(synapses: String, pathway: String, known: [String])
  /// An event that the group of that side does not have.
  case unknownEvent(synapses: String, pathway: String, event: String, group: String)
  /// A delay that is less than nothing.
  case negativeDelay(pathway: String, seconds: Double)
  /// A delay of more steps than can be counted.
  case delayTooLong(pathway: String, seconds: Double, limitSeconds: Double)
  /// A third index for synapses that are not numbered within their pair.
  case noMultisynapticIndex(synapses: String)
  /// A selection that was made before further synapses.
  case staleSelection(synapses: String)
  /// A summed variable whose name does not end in `_pre` or `_post`.
  case summedName(name: String)
  /// A sum into a variable that cannot take it.
  case summedTarget(name: String, group: String, why: String)
  /// Two sums into one variable.
  case summedTwice(target: String, group: String)
  /// A sum of another unit than its target.
  case summedUnit(name: String, expected: String, found: String)
  /// A source without events.
  case notSpiking(group: String)
  /// Stored spikes on their way that are none.
  case damagedQueue(pathway: String)
  /// New synapses where an index was given for each of those that there are.
  case linkedElementByElement(synapses: String, variable: String)
  /// `i` or `j` restored without the other and without what belongs to the synapses.
  case partOfConnectivity(synapses: String, variable: String)
  /// Event-driven variables that were to be restored without others that share their time.
  case eventDrivenTogether(synapses: String, variables: [String], missing: [String])
  /// An end that is no element, in the column of ends: only a program that writes there itself can make one.
  case impossibleEnd(pathway: String, synapse: Int, end: Int, group: String, count: Int)
  /// One delay for each synapse is needed.
  case delayCount(pathway: String, found: Int, synapses: Int)

  /// The sentence, with remedies as the reader writes them: in Swift, or in a model file.
  public func text(for audience: Audience) -> String {
    let skip = audience == .program ? "skipInvalid: true" : "skip_if_invalid: true"
    return switch self {
    case .impossibleEnd(let pathway, let synapse, let end, let group, let count):
      "'\(pathway)': synapse \(synapse) ends at element \(end) of '\(group)', whose elements are \(rangeText(count)); connect() makes synapses"
    case .delayCount(let pathway, let found, let synapses):
      "'\(pathway)' has \(found) delays for \(synapses) synapses; set them through the variable 'delay'"
    case .generator(let text, let why): "'\(text)' is not a generator of synapses: \(why)"
    case .generatorAsCondition(let text):
      "'\(text)' is a generator, not a condition; give it as j: or i:"
    case .unevenArrays(let pre, let post):
      "\(pre) source indices and \(post) target indices were given; give equally many, or a single one of either"
    case .indexOutOfRange(let what, let index, let count, let group):
      "\(what) index \(index) is outside of '\(group)', whose indices are \(rangeText(count))"
    case .generatedIndexOutOfRange(let what, let index, let count, let group, let text):
      "'\(text)' gave \(what) index \(index), which is outside of '\(group)', whose indices are \(rangeText(count)); \(skip) leaves such synapses out"
    case .notInteger(let what, let text):
      "\(what) '\(text)' is not an integer expression; use int(…) to truncate"
    case .emptyRangeStep(let text): "'\(text)': the step of a range cannot be 0"
    case .sampleSize(let size, let population, let text):
      "'\(text)': cannot choose \(size) out of \(population) elements; \(skip) takes as many as there are"
    case .negativeCount(let text, let value): "the number of synapses per pair, '\(text)', is \(value); it cannot be negative"
    case .probability(let text, let value):
      "the probability '\(text)' is \(value); a probability lies between 0 and 1\(value > 1 && value <= 100 ? " (\(value) per cent is \(value / 100))" : "")"
    case .countsInConnect(let name, let text):
      "'\(name)' cannot be used in '\(text)': the number of synapses changes while synapses are made"
    case .tooMany(let count): "\(count) synapses are too many: synapse numbers have 32 bits (at most \(Int32.max))"
    case .noSynapsesYet(let synapses, let what):
      "'\(synapses)' has no synapses yet: " + (audience == .program ? "call connect before setting" : "connect it before") + " \(what)"
        + (audience == .program ? "" : " is set")
    case .neverConnected(let synapses):
      audience == .program
        ? "'\(synapses)' has no synapses because connect was never called; call it, or set isActive = false to run without them"
        : "'\(synapses)' has no synapses: nothing has connected it before this run; give it 'connect', or a step 'connect', or leave it out with active: false"
    case .duringRun(let synapses): "synapses of '\(synapses)' cannot be made during a run"
    case .nameClash(let synapses, let variable, let group):
      "'\(synapses)' defines '\(variable)', which is also a variable of '\(group)'; names without suffix mean the synapse: call it '\(variable)_syn'"
    case .pathwayNameTaken(let synapses, let pathway): "'\(pathway)' cannot name a pathway of '\(synapses)': it is a variable or a part of it already"
    case .duplicatePathway(let synapses, let pathway): "'\(synapses)' has two pathways named '\(pathway)'"
    case .unknownPathway(let synapses, let pathway, let known):
      "'\(synapses)' has no pathway '\(pathway)'; it has \(known.isEmpty ? "none" : known.joined(separator: ", "))"
    case .unknownEvent(let synapses, let pathway, let event, let group):
      "pathway '\(pathway)' of '\(synapses)' reacts to '\(event)', but '\(group)' does not define that event"
        + (event == "spike" ? "; did you forget its threshold?" : "")
    case .negativeDelay(let pathway, let seconds): "pathway '\(pathway)': the delay \(seconds) s is negative"
    case .delayTooLong(let pathway, let seconds, let limit):
      "pathway '\(pathway)': the delay \(seconds) s is longer than the longest possible one at this dt, \(limit) s"
    case .noMultisynapticIndex(let synapses):
      "a third index of '\(synapses)' needs a multisynaptic index: make it with "
        + (audience == .program ? "multisynapticIndex: \"k\"" : "multisynaptic_index: k")
    case .staleSelection(let synapses): "synapses were added to '\(synapses)' since this selection was made; select again"
    case .summedName(let name): "'\(name)' is flagged (summed): its name must end in _pre or _post"
    case .summedTarget(let name, let group, let why): "'\(name)' (summed) needs a parameter of that name in '\(group)': \(why)"
    case .summedTwice(let target, let group): "two summed variables set '\(target)' of '\(group)'; the second would overwrite the first"
    case .summedUnit(let name, let expected, let found): "'\(name)' (summed) has the unit \(found), its target has \(expected)"
    case .partOfConnectivity(let synapses, let variable):
      "'\(synapses).\(variable)' cannot be restored alone: it says which synapses there are; restore '\(synapses)' as a whole"
    case .eventDrivenTogether(let synapses, let variables, let missing):
      "the event-driven variables of '\(synapses)' (\(variables.joined(separator: ", "))) hold for the same times and are restored together; "
        + "name \(missing.map { "'\(synapses).\($0)'" }.joined(separator: ", ")), too"
    case .linkedElementByElement(let synapses, let variable):
      "'\(synapses)' cannot get more synapses: '\(variable)' is linked by a list with an index for each synapse; link it after connecting"
    case .damagedQueue(let pathway): "the stored spikes of pathway '\(pathway)' are damaged"
    case .notSpiking(let group): "'\(group)' has no events and cannot be the source of a pathway"
    }
  }

  private func rangeText(_ count: Int) -> String { count == 0 ? "none (it is empty)" : "0 … \(count - 1)" }
}
