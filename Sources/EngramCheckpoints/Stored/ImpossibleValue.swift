/// A stored value that the variable it is for cannot have.
public struct ImpossibleValue: Hashable, Sendable, CustomStringConvertible {
  /// The object.
  public let object: String
  /// Its variable.
  public let variable: String
  /// Which element; nil: it is about the whole array.
  public let element: Int?
  /// The value.
  public let found: String
  /// What a value can be, in words.
  public let allowed: String

  package init(object: String, variable: String, element: Int?, found: String, allowed: String) {
    (self.object, self.variable, self.element) = (object, variable, element)
    (self.found, self.allowed) = (found, allowed)
  }

  public var description: String {
    "'\(object).\(variable)'\(element.map { " [\($0)]" } ?? "") is \(found), where only \(allowed) makes sense"
  }
}
