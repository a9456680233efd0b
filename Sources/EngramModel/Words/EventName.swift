/// The name of an event of a group; the event `spike` is the one that a threshold defines.
public struct EventName: RawRepresentable, Hashable, ExpressibleByStringLiteral, Sendable, CustomStringConvertible {
  public let rawValue: String

  public init(rawValue: String) { self.rawValue = rawValue }
  public init(_ name: String) { rawValue = name }
  public init(stringLiteral value: String) { rawValue = value }

  public static let spike: EventName = "spike"
  public var description: String { rawValue }
}
