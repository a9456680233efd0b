internal import EngramScalars

/// Text in aligned columns, for people. A cell is one line: what would move the cursor or begin another row is shown.
package struct Table {
  private var rows: [[String]] = []
  private let rightAligned: Set<Int>

  package init(_ header: [String], rightAligned: Set<Int> = []) {
    rows = [header]
    self.rightAligned = rightAligned
  }

  package mutating func add(_ row: [String]) { rows.append(row.map(\.visibleLine)) }

  package var text: String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        let pad = String(repeating: " ", count: widths[column] - cell.count)
        return rightAligned.contains(column) ? pad + cell : cell + pad
      }
      var line = Substring(cells.joined(separator: "  "))
      while line.last == " " { line.removeLast() }
      return String(line)
    }.joined(separator: "\n")
  }
}

/// Sizes, durations and numbers in a form that people read at a glance.
package enum Display {
  /// Simulated time in the unit that reads best: `50 ms`.
  package static func time(_ seconds: Double) -> String {
    let units = [(1.0, "s"), (1e-3, "ms"), (1e-6, "us")]
    let (scale, name) = units.first { abs(seconds) >= $0.0 } ?? (1, "s")
    return "\(short(seconds / scale, digits: 9)) \(name)"
  }

  /// Wall time: `< 1s`, `59s`, `2m 3s`, `1d 3h 46m 40s` (NET-37).
  package static func wallTime(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 1 else { return "< 1s" }
    let total = Int64(min(seconds, 1e15))
    let parts = [(total / 86400, "d"), (total / 3600 % 24, "h"), (total / 60 % 60, "m"), (total % 60, "s")]
    let first = parts.firstIndex { $0.0 > 0 } ?? 3
    return parts[first...].map { "\($0.0)\($0.1)" }.joined(separator: " ")
  }

  /// A number with a fixed number of decimals, without Foundation's formatters.
  package static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    var scale: Int64 = 1
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (abs(value) * Double(scale)).rounded()
    guard scaled < 9e18 else { return "\(value)" }
    let whole = Int64(scaled)
    let sign = value < 0 && whole != 0 ? "-" : ""
    if decimals == 0 { return "\(sign)\(whole)" }
    let fraction = String(whole % scale)
    return "\(sign)\(whole / scale).\(String(repeating: "0", count: decimals - fraction.count))\(fraction)"
  }

  /// Shortest form of a number of at most `digits` significant digits.
  package static func short(_ value: Double, digits: Int = 6) -> String {
    guard value.isFinite else { return "\(value)" }
    if value == 0 { return value.sign == .minus ? "-0" : "0" }
    let exponent = Int(log10Floor(abs(value)))
    if exponent < -4 || exponent >= digits {
      // In two steps: 1e-324 has no reciprocal, nor has 1e308 one that is exact enough.
      let half = exponent / 2
      let text = trimmed(fixed(value / power10(half) / power10(exponent - half), max(0, digits - 1))) + "e\(exponent)"
      // Rounding up must not lead beyond the largest number.
      return Double(text)?.isFinite == true ? text : "\(value)"
    }
    return trimmed(fixed(value, max(0, digits - 1 - exponent)))
  }

  private static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var part = Substring(text)
    while part.last == "0" { part.removeLast() }
    if part.last == "." { part.removeLast() }
    return String(part)
  }

  private static func log10Floor(_ value: Double) -> Double {
    var exponent = 0.0
    var rest = value
    while rest >= 10 { rest /= 10; exponent += 1 }
    while rest < 1 { rest *= 10; exponent -= 1 }
    return exponent
  }

  private static func power10(_ exponent: Int) -> Double {
    var value = 1.0
    for _ in 0..<abs(exponent) { value *= 10 }
    return exponent < 0 ? 1 / value : value
  }
}
