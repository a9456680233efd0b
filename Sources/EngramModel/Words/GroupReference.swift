/// A group, or a part of one, as descriptions refer to it: `G`, `G[2:5]`.
public struct GroupReference: Hashable, Sendable, CustomStringConvertible {
  /// The name of the whole group. Empty for a source of spikes that has no name.
  public var object: String
  /// Its elements; nil: all of them.
  public var part: Range<Int>?

  public init(_ object: String, part: Range<Int>? = nil) {
    self.object = object
    self.part = part
  }

  public var description: String { object + (part.map { "[\($0.lowerBound):\($0.upperBound)]" } ?? "") }

  /// The element that the first one of the part is in the whole group.
  public var offset: Int { part?.lowerBound ?? 0 }

  /// nil: the text is no such reference.
  package init?(text: String) {
    guard let open = text.firstIndex(of: "[") else {
      self.init(text)
      return
    }
    let bounds = text[text.index(after: open)...].dropLast().split(separator: ":", omittingEmptySubsequences: false)
    guard text.last == "]", bounds.count == 2, let low = Int(bounds[0]), let high = Int(bounds[1]), 0 <= low, low <= high else { return nil }
    self.init(String(text[..<open]), part: low..<high)
  }
}

/// A variable of a group, or of a part of one: `G.x`, `G[2:5].x`.
public struct VariableReference: Hashable, Sendable, CustomStringConvertible {
  /// The group, or the part of it.
  public var group: GroupReference
  /// The name of the variable in the group.
  public var variable: String

  public init(_ group: GroupReference, _ variable: String) {
    self.group = group
    self.variable = variable
  }

  public var description: String { "\(group).\(variable)" }

  /// nil: the text is no such reference.
  package init?(text: String) {
    guard let dot = text.lastIndex(of: "."), let group = GroupReference(text: String(text[..<dot])) else { return nil }
    self.init(group, String(text[text.index(after: dot)...]))
  }
}
