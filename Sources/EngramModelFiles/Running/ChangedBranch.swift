internal import EngramExpressions
internal import EngramModels
internal import EngramScalars
internal import EngramSimulation
package import EngramStorage
internal import EngramUnits

/// What makes a line of checkpoints another than the one that it comes from, as its checkpoints list it.
package struct ChangedBranch: Hashable, Sendable {
  /// One line for people for each change: `w_exc: 1 mV → 2 mV`.
  package let lines: [String]
  /// The changes as steps, by which the same wish is known again.
  let asked: String

  init(lines: [String], asked: String) { (self.lines, self.asked) = (lines, asked) }

  private static let linesKey = "changes"
  private static let askedKey = "changes.asked"

  /// Nil for a checkpoint of a line that changed nothing.
  package init?(_ info: CheckpointInfo) {
    guard let asked = info.summary[Self.askedKey] else { return nil }
    self.init(lines: info.summary[Self.linesKey]?.split(separator: "\n").map(String.init) ?? [], asked: asked)
  }

  var listing: [String: String] { [Self.linesKey: lines.joined(separator: "\n"), Self.askedKey: asked] }
}

/// Carries out the changes of a branch on a network that has the state of a checkpoint.
struct BranchChanger {
  let network: Network
  let builder: ModelBuilder
  let file: ModelFile
  let cursor: StepCursor

  /// - Throws: ``ModelFileError`` with all that is wrong with the changes, at their places in them; nothing of it is kept then, because
  ///   nothing has been stored.
  func apply(_ changes: BranchChanges) throws -> ChangedBranch {
    let text = changes.stepText
    let steps = try Self.steps(text)
    let count = builder.problems.problems.count
    let before = Facts(self, changes)
    for loop in cursor.frames.compactMap(\.repetition) {
      guard let name = loop.variable, let change = changes.constants.first(where: { $0.name == name }) else { continue }
      builder.problems.report(
        "'\(name)' is the constant of a repetition that is going on at this checkpoint, so '\(change.text)' would not last beyond this round",
        at: FilePlace(line: 1, column: 1))
    }
    let actions = StepActions(network: network, builder: builder, constants: file.constants)
    // Of one kind after the other, so that what follows a mistake is not complained of as well.
    for step in steps where builder.problems.problems.count == count { _ = actions.perform(step.verb) }
    if case .derived(let number) = changes.seed { network.random.deriveSeed(number) }
    let found = builder.problems.takeBack(from: count)
    if !found.isEmpty { throw Self.problems(found, text) }
    let used = UsedUpConstants(file, at: cursor)
    for constant in changes.constants {
      let places = used.places(of: constant.name)
      if places.isEmpty { continue }
      Messages.emit(
        .warning, "branch.used_up",
        "'\(constant.name)' has been used up (\(places.joined(separator: ", "))), and nothing behind this checkpoint reads it: another value changes nothing; to "
          + "begin with it, run the file anew with --constant")
    }
    return ChangedBranch(lines: before.lines(to: Facts(self, changes), changes), asked: text)
  }

  /// What messages call the text of the changes.
  private static let fileName = "changes"

  private static func steps(_ text: String) throws -> [Step] {
    // A derived seed alone is no step.
    guard text.split(separator: "\n").contains(where: { !$0.hasPrefix("#") }) else { return [] }
    let reader = FileReader(problems: ProblemCollector())
    let entries = try ModelText.parse(Array(text.utf8), fileName: fileName).entries ?? []
    let list = entries.map { ModelNode(.mapping([$0]), at: $0.keyPlace) }
    let steps = StepReader(file: reader).steps(of: ModelNode(.list(list), at: FilePlace(line: 1, column: 1)))
    if !reader.problems.problems.isEmpty { throw problems(reader.problems.problems, text) }
    return steps
  }

  private static func problems(_ found: [ModelFileProblem], _ text: String) -> ModelFileError {
    ModelFileError(fileName: fileName, problems: found, text: text, subject: "what is to be changed")
  }

  /// What is told of changes, before and after them.
  private struct Facts {
    var constants: [String: String] = [:]
    var steps: [String: String] = [:]
    let seed: UInt64

    init(_ changer: BranchChanger, _ changes: BranchChanges) {
      for name in changes.constants.map(\.name) { constants[name] = changer.builder.namespace[name].flatMap(Self.text) }
      for name in changes.steps.map(\.name) { steps[name] = changer.clock(name)?.stepSeconds.map { Self.plain(Quantity($0, .time)) } }
      seed = changer.network.random.seed
    }

    private static func text(_ value: Namespace.Entry) -> String? {
      switch value {
      case .quantity(let quantity): plain(quantity)
      case .integer(let integer): "\(integer)"
      case .boolean(let boolean): "\(boolean)"
      case .array, .function: nil
      }
    }

    /// `2 mV` where numbers of arrays are shown as `2. mV`.
    private static func plain(_ quantity: Quantity) -> String {
      let words = "\(quantity)".split(separator: " ", maxSplits: 1)
      guard let number = words.first, number.last == "." else { return "\(quantity)" }
      return ([number.dropLast()] + words.dropFirst()).joined(separator: " ")
    }

    /// One line each, in the order in which they were asked for.
    func lines(to after: Facts, _ changes: BranchChanges) -> [String] {
      func line(_ name: String, _ before: String?, _ after: String?) -> String { "\(name): \(before ?? "") → \(after ?? "")" }
      let clocks = changes.steps.map { change in
        line(
          change.name == BranchChanges.defaultClock ? "dt" : "dt of \(change.name)", steps[change.name], after.steps[change.name])
      }
      return changes.constants.map { line($0.name, constants[$0.name], after.constants[$0.name]) } + clocks
        + (changes.seed == .kept ? [] : [line("seed", "\(seed)", "\(after.seed)")])
        + changes.values.map { "\($0.name) = \($0.text)" }
    }
  }

  private func clock(_ name: String) -> Clock? {
    if name == BranchChanges.defaultClock { return try? Environment.checkedCurrent().defaultClock }
    return (builder.maker.clocks[name] ?? network[name]?.clock) as? Clock
  }
}
