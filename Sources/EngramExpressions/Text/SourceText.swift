/// A text of model code, and where a person can find it.
///
/// Everything below works with UTF-8 offsets into `text`. Only here are offsets turned into a file, a line and a column,
/// so a text that was cut out of a block of another file (MDL-4) is reported at its place in that file.
public struct SourceText: Hashable, Sendable, Codable {
  public let text: String
  public let origin: Origin

  public enum Origin: Hashable, Sendable, Codable {
    /// A text without a place of its own: lines and columns count from its start.
    case unknown
    /// A string of a program; the place is the call that received it.
    case program(fileID: String, line: Int)
    /// Lines of a file. Line `n` of the text stands at `lines[n]`; texts with more lines go on from the last entry.
    case file(name: String, lines: [LinePlace])
  }

  /// Where one line of a text stands in its file.
  public struct LinePlace: Hashable, Sendable, Codable {
    /// Counts from 1.
    public var line: Int
    /// Characters in front of this line's first character, in the line of the file; nil when columns cannot be told,
    /// as in folded YAML texts.
    public var columnOffset: Int?

    public init(line: Int, columnOffset: Int?) {
      self.line = line
      self.columnOffset = columnOffset
    }
  }

  /// A place as a person counts: line and column from 1, columns in characters.
  public struct Place: Hashable, Sendable {
    public var file: String?
    public var line: Int
    public var column: Int?
  }

  public init(_ text: String, origin: Origin = .unknown) {
    self.text = text
    self.origin = origin
  }

  /// The same text with the place of the call that received it, unless it has a place already.
  public func located(fileID: String, line: Int) -> SourceText {
    origin == .unknown ? SourceText(text, origin: .program(fileID: fileID, line: line)) : self
  }

  /// Texts longer than this are refused before they are read (MDL-3).
  public static let maximumByteCount = 1 << 20

  public var byteCount: Int { text.utf8.count }
  public var wholeSpan: SourceSpan { SourceSpan(0, byteCount) }

  /// The text of a span. Bounds beyond the text are moved to its ends.
  public subscript(span: SourceSpan) -> Substring {
    text[index(span.lower)..<index(max(span.lower, span.upper))]
  }

  /// The place of a UTF-8 offset.
  public func place(of offset: Int) -> Place {
    let (line, column) = lineAndColumn(of: offset)
    switch origin {
    case .unknown: return Place(file: nil, line: line + 1, column: column + 1)
    case .program(let fileID, let callLine): return Place(file: "\(fileID):\(callLine)", line: line + 1, column: column + 1)
    case .file(let name, let lines):
      guard let last = lines.last else { return Place(file: name, line: line + 1, column: column + 1) }
      if line < lines.count {
        return Place(file: name, line: lines[line].line, column: lines[line].columnOffset.map { $0 &+ column &+ 1 })
      }
      return Place(
        file: name, line: last.line &+ (line - lines.count + 1), column: last.columnOffset.map { $0 &+ column &+ 1 })
    }
  }

  /// The place as messages begin with it: `model.yaml:3:12`, or `line 1, column 4`.
  public func describePlace(of offset: Int) -> String {
    let place = place(of: offset)
    switch origin {
    case .file(let name, _): return "\(name):\(place.line)" + (place.column.map { ":\($0)" } ?? "")
    case .program: return "\(place.file ?? ""): line \(place.line), column \(place.column ?? 1)"
    case .unknown: return "line \(place.line), column \(place.column ?? 1)"
    }
  }

  /// The line that holds an offset, without its line break, and the offset at which it starts.
  func line(around offset: Int) -> (text: Substring, start: Int) {
    let bytes = text.utf8
    let at = index(offset)
    var start = at
    while start > bytes.startIndex, !isBreak(bytes[bytes.index(before: start)]) { start = bytes.index(before: start) }
    var end = at
    while end < bytes.endIndex, !isBreak(bytes[end]) { end = bytes.index(after: end) }
    return (text[start..<end], bytes.distance(from: bytes.startIndex, to: start))
  }

  private func lineAndColumn(of offset: Int) -> (line: Int, column: Int) {
    let (_, start) = line(around: offset)
    var line = 0
    var previous: UInt8 = 0
    for byte in text.utf8.prefix(start) {
      if byte == UInt8(ascii: "\n"), previous != UInt8(ascii: "\r") { line += 1 }
      if byte == UInt8(ascii: "\r") { line += 1 }
      previous = byte
    }
    return (line, self[SourceSpan(start, offset)].count)
  }

  private func isBreak(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }

  private func index(_ offset: Int) -> String.Index {
    let bytes = text.utf8
    return bytes.index(bytes.startIndex, offsetBy: min(max(offset, 0), bytes.count))
  }
}

extension SourceText: ExpressibleByStringLiteral {
  public init(stringLiteral value: String) { self.init(value) }
}

extension SourceText: CustomStringConvertible {
  public var description: String { text }
}
