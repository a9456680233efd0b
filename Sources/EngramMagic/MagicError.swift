public import EngramScalars

/// The magic scope cannot do what was asked (MAG).
public enum MagicError: ExplainedError, Hashable, Sendable {
  /// Some objects were run before, some are new (MAG-6).
  case mixOfOldAndNew(new: [String], known: [String])
  /// Adding to or removing from a magic network (MAG-9).
  case fixedContents(operation: String)

  public var description: String {
    switch self {
    case .mixOfOldAndNew(let new, let known):
      "the scope mixes objects that were run before (\(list(known))) with new ones (\(list(new))), so it is unclear whether time "
        + "goes on or starts at 0; use an explicit Network, for example Network(collect()), or startScope() before the new model"
    case .fixedContents(let operation):
      "cannot \(operation) objects of a magic network: it is rebuilt from the scope at each call; use an explicit Network, or exclude(_:)"
    }
  }

  private func list(_ names: [String]) -> String { names.map { "'\($0)'" }.joined(separator: ", ") }
}
