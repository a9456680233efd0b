/// The name of an event of a group; the event `spike` is the one that a threshold defines.
public struct EventName: RawRepresentable, Hashable, ExpressibleByStringLiteral, Sendable, CustomStringConvertible {
  /// The name as written.
  public let rawValue: String

  /// An event by name.
  public init(rawValue: String) { self.rawValue = rawValue }
  /// An event by name.
  public init(_ name: String) { rawValue = name }
  public init(stringLiteral value: String) { rawValue = value }

  /// The event of a threshold.
  public static let spike: EventName = "spike"
  public var description: String { rawValue }
}
