public import FoundationEssentials

/// An error that says what is wrong in words made for people. Every error that a public call of Engram throws is one.
///
/// The words are the same in `"\(error)"` and in `error.localizedDescription`:
///
/// ```swift
/// do { try network.run(1*second) } catch { print(error.localizedDescription) }
/// ```
public protocol ExplainedError: LocalizedError, CustomStringConvertible {}

extension ExplainedError {
  public var errorDescription: String? { description }

  // Here as well, so that a type that conforms need not see Foundation.
  /// Nil: the description has the reason.
  public var failureReason: String? { nil }
  /// Nil: the description says how to mend it.
  public var recoverySuggestion: String? { nil }
  /// Nil.
  public var helpAnchor: String? { nil }
}
