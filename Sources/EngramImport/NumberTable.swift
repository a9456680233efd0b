internal import EngramModelFiles
internal import EngramScalars

/// Numbers in columns of a text file, divided by commas, semicolons, tabs or blanks.
///
/// Lines that begin with `#` and empty ones are passed over; a first line of words names the columns. `true` and `false` are 1 and 0.
struct NumberTable {
  private var names: [String] = []
  /// Row by row.
  private var values: [Double] = []
  private var width = 0
  private var rowCount: Int { width == 0 ? 0 : values.count / width }

  /// - Parameter limit: as many numbers as are of use; a list that has more is not read to its end.
  init(_ path: String, atMost limit: Int) throws {
    let file = try OrdinaryFile(path)
    let bytes = try file.bytes(from: 0, count: file.byteCount)
    var divider: UInt8?
    var number = 0
    for line in bytes.split(omittingEmptySubsequences: false, whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
      // A line that ends with both has an empty one behind it.
      number += line.startIndex > 0 && bytes[line.startIndex - 1] == UInt8(ascii: "\n") || line.startIndex == 0 ? 1 : 0
      let text = Self.trimmed(line)
      guard let first = text.first, first != UInt8(ascii: "#") else { continue }
      let separator = divider ?? Self.dividers.first { text.contains($0) } ?? UInt8(ascii: " ")
      divider = separator
      let words = text.split(separator: separator, omittingEmptySubsequences: separator == UInt8(ascii: " ")).map(Self.trimmed)
      let found = words.map(Self.number)
      if values.isEmpty, names.isEmpty, found.allSatisfy({ $0 == nil }) {
        names = words.map { Self.text($0).filter { $0 != "\"" } }
        width = names.count
        continue
      }
      if let bad = found.firstIndex(of: nil) {
        throw FileReadingError.notATable("line \(number): '\(Self.text(words[bad]).prefix(40))' is not a number")
      }
      if width == 0 { width = found.count }
      guard found.count == width else { throw FileReadingError.notATable("line \(number) has \(found.count) columns, \(width) expected") }
      values += found.compactMap(\.self)
      if width == 1, values.count > limit { throw FileReadingError.notATable("it has more than the \(limit) numbers that are expected") }
    }
  }

  private static let dividers = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    guard let first = bytes.firstIndex(where: { !isBlank($0) }), let last = bytes.lastIndex(where: { !isBlank($0) }) else { return [] }
    return bytes[first...last]
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func number(_ word: ArraySlice<UInt8>) -> Double? {
    let text = text(word)
    switch text {
    case "true", "True", "TRUE": return 1
    case "false", "False", "FALSE": return 0
    default: return Double(text)
    }
  }

  func part(_ column: String?, _ part: FilePart) throws -> FileArray {
    if let column {
      guard let place = names.firstIndex(of: column) ?? Int(column), (0..<width).contains(place) else {
        let known = names.isEmpty ? "0 to \(width - 1)" : names.prefix(20).joined(separator: ", ")
        throw FileReadingError.notATable("there is no column '\(column)'; columns: \(known)")
      }
      let chosen = stride(from: place, to: values.count, by: width).map { values[$0] }
      let (list, columns) = try part.values(of: chosen, shape: [rowCount])
      return FileArray(values: list, columns: columns)
    }
    // One column, or one row, is a list.
    let shape = width == 1 || rowCount == 1 ? [values.count] : [rowCount, width]
    let (chosen, columns) = try part.values(of: values, shape: shape)
    return FileArray(values: chosen, columns: columns)
  }
}
