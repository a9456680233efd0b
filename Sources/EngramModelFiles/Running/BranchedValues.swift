internal import EngramScalars

/// A file that differs from the one that has run in values only that a branch can have others of: its author wants to go on with these.
struct BranchedValues {
  /// Options of the command line that say the same.
  private let options: [String]

  /// Nil for other changes.
  ///
  /// - Parameter position: steps before this one have been executed.
  init?(_ before: CanonicalForm, _ now: CanonicalForm, stepsBefore position: Int) {
    guard before.parts.map(\.name) == now.parts.map(\.name), position <= min(before.steps.count, now.steps.count),
      before.steps.prefix(position) == now.steps.prefix(position)
    else { return nil }
    var options: [String] = []
    for (old, new) in zip(before.parts, now.parts) where old.value != new.value {
      guard case .text(let text) = new.value, !text.isEmpty else { return nil }
      if new.name == "dt" {
        options.append("--dt \(shellQuoted(text))")
      } else if new.name.hasPrefix(Self.constant) {
        options.append("--constant \(shellQuoted("\(new.name.dropFirst(Self.constant.count))=\(text)"))")
      } else {
        return nil
      }
    }
    if options.isEmpty { return nil }
    self.options = options
  }

  private static let constant = "constant "

  func remedy(for directory: String) -> String {
    "to go on with these values in a line of its own: engram resume \(shellQuoted(directory)) \(options.joined(separator: " "))"
  }
}
