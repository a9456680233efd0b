package import EngramExpressions

/// A place in a model file: line and column count from 1, columns in characters.
public struct FilePlace: Hashable, Sendable, Comparable {
  /// The line, counted from 1.
  public var line: Int
  /// The column, counted from 1 in characters.
  public var column: Int

  /// A line and a column.
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
  }

  package struct Entry: Sendable {
    package var key: String
    package var keyPlace: FilePlace
    package var value: ModelNode
    /// The key as it was written, for places inside it; nil where it stands in no file.
    package var keyText: ScalarText?
    /// Whether the value was given on the command line, in place of the file's.
    package var isGiven = false

    package init(key: String, keyPlace: FilePlace, value: ModelNode, keyText: ScalarText? = nil) {
      self.key = key
      self.keyPlace = keyPlace
      self.value = value
      self.keyText = keyText
    }

    /// The place in the file of a UTF-8 offset of the key.
    package func place(ofOffset offset: Int) -> FilePlace { keyText?.place(ofOffset: offset) ?? keyPlace }
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
package struct ScalarText: Sendable {
  package enum Style: Sendable {
    case plain, singleQuoted, doubleQuoted, literal, folded
  }

  package var text: String
  package var style: Style
  /// Where the YAML reader found it; nil for texts that stand in no file.
  private let origin: Origin?

  private struct Origin: Sendable {
    let file: FileText
    /// As a YAML reader counts.
    let line: Int
    let column: Int
  }

  /// A text that stands in no file.
  package init(_ text: String, style: Style = .plain) {
    self.text = text
    self.style = style
    origin = nil
  }

  init(_ text: String, style: Style, in file: FileText, line: Int, column: Int) {
    self.text = text
    self.style = style
    origin = Origin(file: file, line: line, column: column)
  }

  package var isQuoted: Bool { style != .plain }

  package var shortened: String {
    text.count > 40 ? String(text.prefix(37)) + "…" : text
  }

  /// Where the characters of the text stand in the file (MDL-4); empty for texts that stand in none.
  ///
  /// - Complexity: O(`text`), and the part of the file that holds it.
  package var runs: [SourceText.PlaceRun] {
    guard let origin else { return [] }
    return ScalarPlaces(text, style: style, in: origin.file, at: origin.file.offset(line: origin.line, column: origin.column)).places(in: origin.file)
  }

  /// The place in the file of a UTF-8 offset of the text; nil for texts that stand in none.
  package func place(ofOffset offset: Int) -> FilePlace? {
    let runs = runs
    guard !runs.isEmpty else { return nil }
    let place = SourceText(text, origin: .file(name: "", runs: runs)).place(of: offset)
    return FilePlace(line: place.line, column: place.column)
  }
}
