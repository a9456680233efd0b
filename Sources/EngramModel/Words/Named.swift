/// A value under a name, in a list whose order counts.
public struct Named<Value: Hashable & Sendable>: Hashable, Sendable {
  public var name: String
  public var value: Value

  public init(_ name: String, _ value: Value) {
    self.name = name
    self.value = value
  }
}
