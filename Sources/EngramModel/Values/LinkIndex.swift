/// Which element of the source each element of a linked variable means (LNK-3).
public enum LinkIndex: Sendable, Hashable, ExpressibleByArrayLiteral, ExpressibleByStringLiteral {
  /// Equal sizes: one to one; a single source element: one to all.
  case automatic
  /// An element of the source for each element of the group.
  case indices([Int])
  /// An integer variable of the group; it may change in time.
  case variable(String)

  public init(arrayLiteral elements: Int...) { self = .indices(elements) }
  public init(stringLiteral name: String) { self = .variable(name) }
}
