/// The bytes of a model file and where its lines begin.
///
/// YAML readers count lines and columns in their own way: U+0085, U+2028 and U+2029 end a line for them, and columns count
/// Unicode scalars. People count lines as their editor does and columns in characters. Here the one becomes the other.
package final class FileText: Sendable {
  let bytes: [UInt8]
  /// Offsets at which the lines of a YAML reader begin.
  private let yamlLines: [UInt32]
  /// The same for people; nil: they are the same.
  private let editorLines: [UInt32]?
  /// Lines of a YAML reader, counted from 0, in which some character is more than one scalar.
  private let composedLines: Set<Int>

  /// - Complexity: O(`bytes`).
  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var yaml: [UInt32] = [0]
    var editor: [UInt32] = [0]
    var composed: Set<Int> = []
    var hasOtherBreak = false
    var isASCII = true
    bytes.withUnsafeBufferPointer { bytes in
      var position = 0
      func endLine() {
        if !isASCII {
          let line = String(decoding: bytes[Int(yaml[yaml.count - 1])..<position], as: UTF8.self)
          if line.unicodeScalars.count != line.count { composed.insert(yaml.count - 1) }
        }
        isASCII = true
      }
      while position < bytes.count {
        let length = Self.breakLength(bytes, position)
        guard length > 0 else {
          if bytes[position] >= 0x80 { isASCII = false }
          position += 1
          continue
        }
        endLine()
        let isPlain = bytes[position] < 0x80
        position += length
        yaml.append(UInt32(truncatingIfNeeded: position))
        if isPlain { editor.append(UInt32(truncatingIfNeeded: position)) } else { hasOtherBreak = true }
      }
      endLine()
    }
    yamlLines = yaml
    editorLines = hasOtherBreak ? editor : nil
    composedLines = composed
  }

  package convenience init(_ text: String) { self.init(Array(text.utf8)) }

  /// Bytes of the line break of a YAML reader at a place; 0 where there is none.
  static func breakLength(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int) -> Int {
    func byte(_ offset: Int) -> UInt8 { position + offset < bytes.count ? bytes[position + offset] : 0 }
    switch bytes[position] {
    case 0x0A: return 1
    case 0x0D: return byte(1) == 0x0A ? 2 : 1
    case 0xC2: return byte(1) == 0x85 ? 2 : 0
    case 0xE2: return byte(1) == 0x80 && (byte(2) == 0xA8 || byte(2) == 0xA9) ? 3 : 0
    default: return 0
    }
  }

  /// Offset of the first byte of a YAML reader's line, counted from 0; the end of the file for lines beyond it.
  func start(ofLine line: Int) -> Int { line < yamlLines.count ? Int(yamlLines[max(0, line)]) : bytes.count }

  /// The offset that a YAML reader calls `line`, `column`, both counted from 1.
  func offset(line: Int, column: Int) -> Int {
    var position = start(ofLine: line - 1)
    for _ in 1..<max(1, column) where position < bytes.count {
      position += 1
      while position < bytes.count, bytes[position] & 0xC0 == 0x80 { position += 1 }
    }
    return position
  }

  /// The place of an offset, as people count.
  package func place(ofOffset offset: Int) -> FilePlace {
    let lines = editorLines ?? yamlLines
    let offset = min(max(0, offset), bytes.count)
    // The last line that does not begin behind the offset.
    var (low, high) = (0, lines.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if Int(lines[middle]) <= offset { low = middle } else { high = middle }
    }
    return FilePlace(line: low + 1, column: String(decoding: bytes[Int(lines[low])..<offset], as: UTF8.self).count + 1)
  }

  /// The place that a YAML reader calls `line`, `column`, as people count. Costs nothing but in lines with composed characters.
  func place(line: Int, column: Int) -> FilePlace {
    if editorLines == nil, !composedLines.contains(line - 1) { return FilePlace(line: line, column: column) }
    return place(ofOffset: offset(line: line, column: column))
  }

  /// The text of a line as people count it, from 1, without its line break; nil where there is none.
  package func line(_ number: Int) -> String? {
    let lines = editorLines ?? yamlLines
    guard number >= 1, number <= lines.count else { return nil }
    let start = Int(lines[number - 1])
    var end = number < lines.count ? Int(lines[number]) : bytes.count
    while end > start, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }
}
