internal import EngramModelFiles
internal import EngramScalars

/// One tidy table of a sweep: a row for each run, with its conditions in the units in which they were given, and its results in SI units.
struct SweepTable {
  private(set) var columns: [String]
  private(set) var rows: [[String]] = []
  /// Runs whose results could not be read, and why.
  private(set) var problems: [(run: String, problem: String)] = []

  init(_ sweep: SweepDirectory, _ manifest: SweepManifest, _ tally: SweepRun.Tally) throws {
    let expressions = try manifest.collect.map { try CollectedExpression($0) }
    let fixed = ["run"] + manifest.conditions.axes.map(\.title) + ["state"]
    var titles: [String] = []
    var found: [[String: String]] = []
    for number in 0..<manifest.conditions.count {
      var values: [String: String] = [:]
      if tally.finished.contains(number) {
        do {
          for (title, value) in try SweepCollection(of: sweep.run(number), collecting: expressions).values {
            if !titles.contains(title) { titles.append(title) }
            values[title] = value.isNaN ? "nan" : Self.text(value)
          }
        } catch let error as OutputError { throw error } catch { problems.append((sweep.name(number), ErrorText.text(error))) }
      }
      found.append(values)
    }
    columns = fixed + titles
    for (number, values) in found.enumerated() {
      let state = tally.finished.contains(number) ? "finished" : tally.failed[number] != nil ? "failed" : "unfinished"
      rows.append(
        [sweep.name(number)] + manifest.conditions[number].map(\.value.shown) + [state] + titles.map { values[$0] ?? "" })
    }
  }

  /// Integers without a point, other numbers with all their digits.
  private static func text(_ value: Double) -> String { Int64(exactly: value).map { "\($0)" } ?? "\(value)" }

  /// As RFC 4180 has it.
  var csv: String {
    func cell(_ text: String) -> String {
      let isPlain = text.allSatisfy { $0 != "," && $0 != "\"" && !$0.isNewline }
      return isPlain ? text : "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
    return ([columns] + rows).map { $0.map(cell).joined(separator: ",") + "\n" }.joined()
  }

  var text: String {
    var table = Table(columns, rightAligned: Set(columns.indices.dropFirst()))
    for row in rows { table.add(row) }
    return table.text
  }

  var json: JSONText {
    .list(rows.map { row in .object(zip(columns, row).map { ($0, $0 == columns[0] ? .string($1) : Double($1).map(JSONText.number) ?? .string($1)) }) })
  }
}
