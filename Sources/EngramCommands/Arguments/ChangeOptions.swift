internal import ArgumentParser
internal import EngramModelFiles
internal import EngramStorage

/// What a branch changes at the checkpoint that it begins from (CKP-27).
struct ChangeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Set a variable, as 'G.v=-60 mV' or 'S.w[i<10]=0'; may be repeated.", valueName: "variable=value")) var set: [String] = []
  @Option(help: ArgumentHelp("Another value for a constant of the model; may be repeated.", valueName: "name=value")) var constant: [String] = []
  @Option(help: ArgumentHelp("Another step of the default clock, or CLOCK=TIME of a clock or object; may be repeated.", valueName: "time")) var dt: [String] =
    []
  @Option(
    help: ArgumentHelp(
      "Random numbers: a seed; 'same': they go on as in the parent; 'reseed:K': a seed made of the parent's and the number K.",
      valueName: "number|same|reseed:K")) var seed: String?

  func validate() throws { _ = try changes() }

  func changes() throws -> BranchChanges {
    var changes = BranchChanges()
    changes.constants = try constant.map { try Self.assignment($0, "--constant") }
    changes.values = try set.map { try Self.assignment($0, "--set") }
    changes.steps = dt.map { BranchChanges.Assignment(assignment: $0) ?? .init(BranchChanges.defaultClock, $0) }
    if let seed {
      guard let choice = BranchChanges.Seed(seed) else {
        throw ValidationError("--seed is a number from 0 to 2^64 − 1, 'same' or 'reseed:K' with a number K, found '\(seed)'")
      }
      changes.seed = choice
    }
    for (option, names) in [("--constant", changes.constants), ("--dt", changes.steps)] {
      var seen: Set<String> = []
      for name in names.map(\.name) where !seen.insert(name).inserted {
        throw ValidationError(name == BranchChanges.defaultClock ? "\(option) is given twice" : "\(option) is given twice for '\(name)'")
      }
    }
    return changes
  }

  private static func assignment(_ text: String, _ option: String) throws -> BranchChanges.Assignment {
    guard let assignment = BranchChanges.Assignment(assignment: text) else { throw ValidationError("\(option) takes NAME=VALUE, found '\(text)'") }
    return assignment
  }
}

extension CheckpointReference {
  /// What a program made is changed in that program, which alone has all of its parts.
  func checkChangeable(in directory: RunDirectory) throws {
    guard try !Experiment.isFromModelFile(directory.look(at: nameOrLatest)) else { return }
    throw CommandError(
      "'\(text)' was made by a program, not from a model file, so its values are changed there: Network.branch(_:from:), then assign; "
        + "without --set, --constant, --dt and --seed it can be branched here")
  }
}
