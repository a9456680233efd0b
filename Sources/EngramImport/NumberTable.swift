internal import EngramModelFiles
internal import EngramScalars

/// Numbers in columns of a text file, divided by commas, semicolons, tabs or blanks.
///
/// Lines that begin with `#` and empty ones are passed over; a first line of words names the columns. `true` and `false` are 1 and 0.
struct NumberTable {
  private var names: [String] = []
  private var rows: [[Double]] = []

  /// - Parameter limit: as many numbers as are of use.
  init(_ path: String, atMost limit: Int) throws {
    let bytes = try OrdinaryFile.bytes(of: path)
    var separator: Character?
    var count = 0
    for (number, line) in String(decoding: bytes, as: UTF8.self).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let text = String(line).trimmingWhitespace()
      if text.isEmpty || text.hasPrefix("#") { continue }
      let divider = separator ?? [",", ";", "\t"].first { text.contains($0) } ?? " "
      separator = divider
      let words = text.split(separator: divider, omittingEmptySubsequences: divider == " ").map { String($0).trimmingWhitespace() }
      let values = words.map(Self.number)
      if rows.isEmpty, names.isEmpty, values.contains(nil), words.allSatisfy({ Self.number($0) == nil }) {
        names = words.map { $0.filter { $0 != "\"" } }
        continue
      }
      if let bad = values.firstIndex(of: nil) {
        throw FileReadingError.notATable("line \(number + 1): '\(words[bad].prefix(40))' is not a number")
      }
      let width = rows.first?.count ?? (names.isEmpty ? values.count : names.count)
      guard values.count == width else { throw FileReadingError.notATable("line \(number + 1) has \(values.count) columns, \(width) expected") }
      count += values.count
      rows.append(values.compactMap(\.self))
      if count > limit, width == 1 { throw FileReadingError.notATable("it has more than the \(limit) numbers that are expected") }
    }
  }

  private static func number(_ word: String) -> Double? {
    switch word {
    case "true", "True", "TRUE": 1
    case "false", "False", "FALSE": 0
    default: Double(word)
    }
  }

  func part(_ column: String?, _ part: FilePart) throws -> FileArray {
    let width = rows.first?.count ?? names.count
    if let column {
      guard let place = names.firstIndex(of: column) ?? Int(column), (0..<width).contains(place) else {
        let known = names.isEmpty ? "0 to \(width - 1)" : names.prefix(20).joined(separator: ", ")
        throw FileReadingError.notATable("there is no column '\(column)'; columns: \(known)")
      }
      let (values, columns) = try part.values(of: rows.map { $0[place] }, shape: [rows.count])
      return FileArray(values: values, columns: columns)
    }
    let values = rows.flatMap(\.self)
    // One column, or one row, is a list.
    let shape = width == 1 || rows.count == 1 ? [values.count] : [rows.count, width]
    let (chosen, columns) = try part.values(of: values, shape: shape)
    return FileArray(values: chosen, columns: columns)
  }
}
