/// Text in aligned columns, for people. A cell is one line: what would move the cursor or begin another row is shown.
package struct Table {
  private var rows: [[String]] = []
  private let rightAligned: Set<Int>

  package init(_ header: [String]? = nil, rightAligned: Set<Int> = []) {
    rows = header.map { [$0] } ?? []
    self.rightAligned = rightAligned
  }

  package mutating func add(_ row: [String]) { rows.append(row.map(\.visibleLine)) }

  package var text: String { lines().joined(separator: "\n") }

  /// - Parameter rule: stands between columns, and makes a line of its own below the first row: `-+-` rules `a | b` with `---+---`.
  package func text(separator: String, rule: String) -> String {
    var lines = lines(separator: separator)
    lines.insert(widths.map { String(repeating: "-", count: $0) }.joined(separator: rule), at: 1)
    return lines.joined(separator: "\n")
  }

  private var widths: [Int] {
    let columns = rows.map(\.count).max() ?? 0
    return (0..<columns).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
  }

  private func lines(separator: String = "  ") -> [String] {
    let widths = widths
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        let pad = String(repeating: " ", count: widths[column] - cell.count)
        return rightAligned.contains(column) ? pad + cell : cell + pad
      }
      var line = Substring(cells.joined(separator: separator))
      while line.last == " " { line.removeLast() }
      return String(line)
    }
  }
}
