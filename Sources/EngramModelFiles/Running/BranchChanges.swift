internal import EngramScalars
internal import EngramUnits

/// What a branch changes at the checkpoint that it begins from: constants, steps of clocks, the seed and values, in this order.
///
/// It means what the steps `constants`, `dt`, `seed` and `set` of a model file would mean at this place. What was used up when the
/// objects were made, such as the size of a group, stays.
///
/// ```swift
/// let changes = BranchChanges(constants: ["w_exc": "2*mV"], values: ["G.v": "-60*mV"], seed: .number(7))
/// try Experiment.branch(URL(filePath: "week1.engram"), from: "trained", as: "strong", changing: changes)
/// ```
public struct BranchChanges: Sendable, Hashable {
  /// A name, or a target such as `S.w['i < 10']`, and the text of its value.
  public struct Assignment: Sendable, Hashable {
    /// The constant, clock, or variable.
    public var name: String
    /// Its value in the words of model files: `2*mV`, `-60 mV`, `rand()*mV`.
    public var text: String

    /// A name and the text of its value.
    public init(_ name: String, _ text: String) { (self.name, self.text) = (name, text) }
  }

  /// What becomes of random numbers.
  public enum Seed: Sendable, Hashable {
    /// They go on as in the parent.
    case kept
    /// They begin anew with this seed, as after the step `seed`.
    case number(UInt64)
    /// They begin anew with a seed made of the parent's and this number: branches of different parents differ, too.
    case derived(UInt64)
  }

  /// Constants of the model file.
  public var constants: [Assignment]
  /// Steps of clocks; the name is that of a clock or object, or `defaultclock`.
  public var steps: [Assignment]
  /// What becomes of random numbers.
  public var seed: Seed
  /// Values of variables, as the step `set` assigns them.
  public var values: [Assignment]

  /// Nothing is changed unless it is said.
  ///
  /// - Parameters:
  ///   - constants: constants of the model file and their new values.
  ///   - values: variables, perhaps with a selection, and what they are set to.
  ///   - dt: the step of the default clock, as `0.05*ms`.
  ///   - seed: what becomes of random numbers.
  public init(
    constants: KeyValuePairs<String, String> = [:], values: KeyValuePairs<String, String> = [:], dt: String? = nil, seed: Seed = .kept
  ) {
    self.constants = constants.map { Assignment($0.key, $0.value) }
    self.values = values.map { Assignment($0.key, $0.value) }
    steps = dt.map { [Assignment(Self.defaultClock, $0)] } ?? []
    self.seed = seed
  }

  package static let defaultClock = "defaultclock"

  /// Whether nothing changes.
  public var isEmpty: Bool { constants.isEmpty && steps.isEmpty && values.isEmpty && seed == .kept }

  /// The same as verbs of steps and what they say, a mapping in YAML. Also what is compared when the same changes are asked for again.
  package var stepText: String {
    func block(_ verb: String, _ entries: [Assignment]) -> String {
      entries.isEmpty ? "" : "\(verb):\n" + entries.map { "  \(YAMLText.key($0.name)): \(Self.value($0.text))\n" }.joined()
    }
    let seed =
      switch seed {
      case .kept: ""
      case .number(let number): "seed: \(number)\n"
      case .derived(let number): "# reseed: \(number)\n"
      }
    return block("constants", constants) + block("dt", steps) + seed + block("set", values)
  }

  /// Lists and references to files are what they are; everything else is one text.
  private static func value(_ text: String) -> String {
    let text = text.trimmingWhitespace()
    return ["[", "{"].contains(text.first) && !text.contains("\n") ? text : YAMLText.scalar(text)
  }
}

extension BranchChanges.Seed {
  /// `7`, `same` or `reseed:K`, as the command line has it; nil for other words.
  package init?(_ text: String) {
    if text == "same" {
      self = .kept
    } else if let number = UInt64(text) {
      self = .number(number)
    } else if text.hasPrefix("reseed:"), let number = UInt64(text.dropFirst("reseed:".count)) {
      self = .derived(number)
    } else {
      return nil
    }
  }
}

extension BranchChanges.Assignment {
  /// `NAME=VALUE` with the first `=` outside brackets and quotes; a condition in brackets may stand there without quotes, as in
  /// `S.w[i<10]=0`. Nil where there is no name or no `=`.
  package init?(assignment text: String) {
    var depth = 0
    var quote: Character?
    var end: String.Index?
    for index in text.indices where end == nil {
      let character = text[index]
      if let open = quote {
        if character == open { quote = nil }
        continue
      }
      switch character {
      case "'", "\"": quote = character
      case "[", "(": depth += 1
      case "]", ")": depth -= 1
      case "=" where depth <= 0: end = index
      default: break
      }
    }
    guard let end else { return nil }
    let name = text[..<end].trimmingSpaces
    guard !name.isEmpty else { return nil }
    self.init(Self.quotingCondition(name), text[text.index(after: end)...].trimmingSpaces)
  }

  private static func quotingCondition(_ name: String) -> String {
    guard let open = name.firstIndex(of: "["), name.hasSuffix("]") else { return name }
    let inner = name[name.index(after: open)...].dropLast()
    let words = inner.split { !($0.isLetter || $0.isNumber || $0 == "_") }
    let isCondition = inner.contains { "<>=!".contains($0) } || words.contains { ["and", "or", "not"].contains($0) }
    guard isCondition, !inner.contains("'"), !inner.contains("\"") else { return name }
    return "\(name[...open])'\(inner)']"
  }
}

extension StringProtocol {
  fileprivate var trimmingSpaces: String { String(self).trimmingWhitespace() }
}
