public import EngramScalars

/// Something HDF5 refused: what was attempted, on which file or object, and the library's own explanation.
public struct HDF5Error: ExplainedError, Hashable, Sendable {
  /// As in `open the file '/data/x.h5'`.
  public let operation: String
  /// The library's error stack, outermost call first; empty for our own checks.
  public let stack: [String]
  /// What our own check expected and found.
  public let detail: String?

  package init(_ operation: String, stack: [String] = [], detail: String? = nil) {
    self.operation = operation
    self.stack = stack
    self.detail = detail
  }

  public var description: String {
    var text = "could not \(operation)"
    if let detail { text += ": \(detail)" }
    if let innermost = stack.last {
      text += " (HDF5: \(innermost)"
      if stack.count > 1, let outermost = stack.first { text += "; in \(outermost)" }
      text += ")"
    }
    return text
  }
}
