/// A half-open range of UTF-8 offsets in a model text.
public struct SourceSpan: Hashable, Sendable, Codable {
  /// The first byte.
  public var lower: Int
  /// The byte behind the last one.
  public var upper: Int

  /// The bytes from `lower` up to but without `upper`.
  public init(_ lower: Int, _ upper: Int) {
    self.lower = lower
    self.upper = upper
  }

  /// For text that no user wrote.
  public static let none = SourceSpan(0, 0)

  /// The smallest span that holds both.
  public func union(_ other: SourceSpan) -> SourceSpan {
    if self == .none { return other }
    if other == .none { return self }
    return SourceSpan(min(lower, other.lower), max(upper, other.upper))
  }
}
