package import EngramUnits

/// A place in a model file: line and column count from 1, columns in characters.
public struct FilePlace: Hashable, Sendable, Comparable {
  public var line: Int
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  public static func < (a: FilePlace, b: FilePlace) -> Bool { (a.line, a.column) < (b.line, b.column) }
}

/// The tree of a model file, as text and structure only (MDL-2): no implicit types, every part with its place.
package struct ModelNode: Sendable {
  package indirect enum Content: Sendable {
    case scalar(ScalarText)
    case list([ModelNode])
    case mapping([Entry])
    /// Many numbers at once, of a stored description; never from a text.
    case numbers(QuantityArray)
    /// A stored value with all its bits; never from a text.
    case quantity(Quantity)
  }

  package struct Entry: Sendable {
    package var key: String
    package var keyPlace: FilePlace
    package var value: ModelNode
  }

  package var content: Content
  package var place: FilePlace

  package init(_ content: Content, at place: FilePlace) {
    self.content = content
    self.place = place
  }

  /// What it is, in the words of a message.
  package var kindName: String {
    switch content {
    case .scalar(let text): text.isQuoted ? "a quoted text" : (text.text.isEmpty ? "nothing" : "'\(text.shortened)'")
    case .list: "a list"
    case .mapping: "a mapping"
    case .numbers: "a list of numbers"
    case .quantity(let quantity): "\(quantity)"
    }
  }

  package var scalar: ScalarText? {
    if case .scalar(let text) = content { text } else { nil }
  }

  package var entries: [Entry]? {
    if case .mapping(let entries) = content { entries } else { nil }
  }

  package var items: [ModelNode]? {
    if case .list(let items) = content { items } else { nil }
  }

  package subscript(key: String) -> ModelNode? {
    entries?.first { $0.key == key }?.value
  }
}

/// A text value and how it was written.
package struct ScalarText: Sendable, Hashable {
  package enum Style: Sendable {
    case plain, quoted, literal, folded
    /// A text of a stored description: model language, never a number.
    case stored
  }

  package var text: String
  package var style: Style
  /// Place of the first character of the text for every line of `text` (MDL-4); folded texts name their first line.
  package var linePlaces: [FilePlace]

  package var isQuoted: Bool { style != .plain }

  package var shortened: String {
    text.count > 40 ? String(text.prefix(37)) + "…" : text
  }

  /// The place in the file of a UTF-8 offset of the text.
  package func place(ofOffset offset: Int) -> FilePlace {
    var line = 0
    var lineStart = 0
    for (position, byte) in text.utf8.enumerated() where position < offset && byte == UInt8(ascii: "\n") {
      line += 1
      lineStart = position + 1
    }
    guard let first = linePlaces.first else { return FilePlace(line: 1, column: 1) }
    if style == .folded { return first }
    let start = line < linePlaces.count ? linePlaces[line] : linePlaces[linePlaces.count - 1]
    let inLine = Array(text.utf8)[lineStart..<max(lineStart, min(offset, text.utf8.count))]
    return FilePlace(line: start.line, column: start.column + String(decoding: inLine, as: UTF8.self).count)
  }
}
