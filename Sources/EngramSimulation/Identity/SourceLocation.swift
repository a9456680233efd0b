/// The place in a program where an object was made (BAS-14).
public struct SourceLocation: Hashable, Sendable, CustomStringConvertible {
  /// The file, as `Module/File.swift`.
  public let file: String
  /// The line, counted from 1.
  public let line: Int

  /// The place of a call, from its `#fileID` and `#line`.
  public init(file: StaticString, line: UInt) {
    self.file = file.description
    self.line = Int(line)
  }

  public var description: String { "\(file):\(line)" }
}
