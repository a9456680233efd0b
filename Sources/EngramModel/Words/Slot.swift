/// A position inside a step (NET-10, 11). Every slot `x` of a schedule brings `before_x` and `after_x` with it.
public struct Slot: RawRepresentable, Hashable, ExpressibleByStringLiteral, Sendable, CustomStringConvertible {
  public let rawValue: String

  public init(rawValue: String) { self.rawValue = rawValue }
  public init(_ name: String) { rawValue = name }
  public init(stringLiteral value: String) { rawValue = value }

  public static let start: Slot = "start"
  public static let groups: Slot = "groups"
  public static let thresholds: Slot = "thresholds"
  public static let synapses: Slot = "synapses"
  public static let resets: Slot = "resets"
  public static let end: Slot = "end"

  public static func before(_ slot: Slot) -> Slot { Slot("before_\(slot.rawValue)") }
  public static func after(_ slot: Slot) -> Slot { Slot("after_\(slot.rawValue)") }

  public var description: String { rawValue }

  /// Whether the name is one of those that exist automatically around a slot.
  package var isDerived: Bool { rawValue.hasPrefix("before_") || rawValue.hasPrefix("after_") }
}
