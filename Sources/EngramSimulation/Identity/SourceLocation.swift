/// The place in a program where an object was made (BAS-14).
public struct SourceLocation: Hashable, Sendable, CustomStringConvertible {
  public let file: String
  public let line: Int

  public init(file: StaticString, line: UInt) {
    self.file = file.description
    self.line = Int(line)
  }

  public var description: String { "\(file):\(line)" }
}
