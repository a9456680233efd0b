/// A text of model code, and where a person can find it.
///
/// Everything below works with UTF-8 offsets into `text`. Only here are offsets turned into a file, a line and a column,
/// so a text that was cut out of a block of another file (MDL-4) is reported at its place in that file.
public struct SourceText: Hashable, Sendable, Codable {
  /// The text.
  public let text: String
  /// Where it stands.
  public let origin: Origin

  /// Where a text stands.
  public enum Origin: Hashable, Sendable, Codable {
    /// A text without a place of its own: lines and columns count from its start.
    case unknown
    /// A string of a program; the place is the call that received it.
    case program(fileID: String, line: Int)
    /// A text of a file, ordered by offset. What stands before the first run has its place; without runs nothing has one but
    /// its own lines and columns.
    case file(name: String, runs: [PlaceRun])
  }

  /// A stretch of a text that stands in one line of a file, character for character. It ends where the next one begins.
  public struct PlaceRun: Hashable, Sendable, Codable {
    /// UTF-8 offset in the text at which it begins.
    public var offset: Int
    /// Place in the file of its first character; both count from 1, columns in characters.
    public var line: Int
    /// Its column in that line.
    public var column: Int

    /// A stretch that begins at an offset of the text, and at a place of the file.
    public init(offset: Int, line: Int, column: Int) {
      self.offset = offset
      self.line = line
      self.column = column
    }
  }

  /// A place as a person counts: line and column from 1, columns in characters.
  public struct Place: Hashable, Sendable {
    /// The file, or the file of the program; nil for a text without a place.
    public var file: String?
    /// The line, counted from 1.
    public var line: Int
    /// The column, counted from 1 in characters.
    public var column: Int
  }

  /// A text, by default without a place.
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

  /// Its length in UTF-8 bytes.
  public var byteCount: Int { text.utf8.count }
  /// From its first byte to its last.
  public var wholeSpan: SourceSpan { SourceSpan(0, byteCount) }

  /// The text of a span. Bounds beyond the text are moved to its ends.
  public subscript(span: SourceSpan) -> Substring {
    text[index(span.lower)..<index(max(span.lower, span.upper))]
  }

  /// The place of a UTF-8 offset.
  public func place(of offset: Int) -> Place {
    switch origin {
    case .unknown: return ownPlace(of: offset, in: nil)
    case .program(let fileID, let callLine): return ownPlace(of: offset, in: "\(fileID):\(callLine)")
    case .file(let name, let runs):
      guard let first = runs.first else { return ownPlace(of: offset, in: name) }
      let run = runs.last { $0.offset <= offset } ?? first
      // A line break of the text need not be one of the file.
      return Place(file: name, line: run.line, column: run.column &+ self[SourceSpan(run.offset, max(run.offset, offset))].count)
    }
  }

  /// How many characters of the line of the file in which a span begins it covers; at least 1.
  public func length(of span: SourceSpan) -> Int {
    let start = place(of: span.lower)
    var length = 0
    var offset = span.lower
    for character in self[span].prefix(200) {
      let here = place(of: offset)
      guard here.line == start.line, here.column >= start.column, character != "\n", character != "\r\n" || length == 0 else { break }
      length = here.column - start.column + 1
      offset += String(character).utf8.count
    }
    return max(1, length)
  }

  /// The text with stretches replaced; what is left keeps its place, and what is new has that of what it replaces.
  ///
  /// - Parameter edits: ranges of UTF-8 offsets that do not overlap.
  public func replacing(_ edits: [(range: Range<Int>, text: String)]) -> SourceText {
    let edits = edits.sorted { $0.range.lowerBound < $1.range.lowerBound }
    var new: [UInt8] = []
    var runs: [PlaceRun] = []
    let bytes = Array(text.utf8)
    var old: [PlaceRun] = []
    if case .file(_, let all) = origin { old = all }
    /// What stays, from an offset of the old text on.
    func keep(_ range: Range<Int>) {
      if !old.isEmpty, !range.isEmpty {
        let start = place(of: range.lowerBound)
        runs.append(PlaceRun(offset: new.count, line: start.line, column: start.column))
        for run in old where run.offset > range.lowerBound && run.offset < range.upperBound {
          runs.append(PlaceRun(offset: new.count + run.offset - range.lowerBound, line: run.line, column: run.column))
        }
      }
      new += bytes[range]
    }
    var position = 0
    for edit in edits {
      keep(position..<edit.range.lowerBound)
      if !old.isEmpty {
        let start = place(of: edit.range.lowerBound)
        runs.append(PlaceRun(offset: new.count, line: start.line, column: start.column))
      }
      new += Array(edit.text.utf8)
      position = edit.range.upperBound
    }
    keep(position..<bytes.count)
    var origin = origin
    if case .file(let name, _) = origin { origin = .file(name: name, runs: runs) }
    return SourceText(String(decoding: new, as: UTF8.self), origin: origin)
  }

  /// Texts one behind the other, each on lines of its own; each part keeps its place if all stand in one file.
  package init(joining parts: [SourceText]) {
    var text = ""
    var runs: [PlaceRun] = []
    var file: String?
    for part in parts {
      if case .file(let name, let own) = part.origin {
        file = name
        runs += own.map { PlaceRun(offset: text.utf8.count + $0.offset, line: $0.line, column: $0.column) }
      }
      text += part.text
      if !text.hasSuffix("\n") { text += "\n" }
    }
    self.init(text, origin: file.map { .file(name: $0, runs: runs) } ?? .unknown)
  }

  private func ownPlace(of offset: Int, in file: String?) -> Place {
    let (line, column) = lineAndColumn(of: offset)
    return Place(file: file, line: line + 1, column: column + 1)
  }

  /// The place as messages begin with it: `model.yaml:3:12`, or `line 1, column 4`.
  public func describePlace(of offset: Int) -> String {
    let place = place(of: offset)
    switch origin {
    case .file(let name, _): return "\(name):\(place.line):\(place.column)"
    case .program: return "\(place.file ?? ""): line \(place.line), column \(place.column)"
    case .unknown: return "line \(place.line), column \(place.column)"
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
