import EngramExpressions
import EngramUnits

/// A function for model text with a body in Swift (FUN). Identity is the name and signature; bodies cannot be compared.
public struct Function: Sendable, Hashable {
  public let name: String

  public static func == (a: Function, b: Function) -> Bool { a.name == b.name }
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
