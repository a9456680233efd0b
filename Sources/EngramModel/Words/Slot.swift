/// A position inside a step (NET-10, 11). Every slot `x` of a schedule brings `before_x` and `after_x` with it.
public struct Slot: RawRepresentable, Hashable, ExpressibleByStringLiteral, Sendable, CustomStringConvertible {
  /// The name as written.
  public let rawValue: String

  /// A slot by name.
  public init(rawValue: String) { self.rawValue = rawValue }
  /// A slot by name, also one of a schedule of one's own.
  public init(_ name: String) { rawValue = name }
  public init(stringLiteral value: String) { rawValue = value }

  /// The first: monitors of state record here.
  public static let start: Slot = "start"
  /// Equations are advanced.
  public static let groups: Slot = "groups"
  /// Events are found.
  public static let thresholds: Slot = "thresholds"
  /// Spikes take effect.
  public static let synapses: Slot = "synapses"
  /// Code for events of the elements themselves.
  public static let resets: Slot = "resets"
  /// The last.
  public static let end: Slot = "end"

  /// Right before a slot: `before_synapses`.
  public static func before(_ slot: Slot) -> Slot { Slot("before_\(slot.rawValue)") }
  /// Right behind a slot: `after_synapses`.
  public static func after(_ slot: Slot) -> Slot { Slot("after_\(slot.rawValue)") }

  public var description: String { rawValue }

  /// Whether the name is one of those that exist automatically around a slot.
  package var isDerived: Bool { rawValue.hasPrefix("before_") || rawValue.hasPrefix("after_") }
}
