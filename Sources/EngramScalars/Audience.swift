/// Who reads a message: advice names what its reader can write.
public enum Audience: Sendable, Hashable {
  /// The author of a Swift program.
  case program
  /// The author of a model file.
  case modelFile
}

/// An error whose advice depends on who reads it.
public protocol AddressedError: ExplainedError {
  func text(for audience: Audience) -> String
}

extension AddressedError {
  /// As the author of a program reads it.
  public var description: String { text(for: .program) }
}

extension Error {
  /// The sentence of an error for its reader.
  public func addressed(to audience: Audience) -> String { (self as? any AddressedError)?.text(for: audience) ?? "\(self)" }
}
