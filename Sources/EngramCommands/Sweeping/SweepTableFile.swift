internal import EngramScalars
internal import EngramSystem
internal import Foundation

/// The file that the table of a sweep goes to: text, or Parquet, which the Python package makes of the text.
struct SweepTableFile {
  private let path: String
  /// What makes Parquet of a table; nil for text.
  private let converter: String?

  private static let command = "convert"
  private static let remedy = "pip install 'engram-snn[parquet]' brings it; without it: --table results.csv"

  /// - Throws: where nobody writes that kind of file.
  init(_ path: String) throws(CommandError) {
    self.path = path
    if path.hasSuffix(".csv") {
      converter = nil
    } else if path.hasSuffix(".parquet") {
      guard let program = ProgramsBeside.found.program(Self.command) else {
        throw CommandError("Parquet is written by the Python package, whose program engram-\(Self.command) is not on the PATH; \(Self.remedy)")
      }
      converter = program
    } else {
      throw CommandError("--table writes .csv and .parquet, found '\(path)'")
    }
  }

  /// Finds out before the runs begin whether the table can be written behind them.
  func check() throws {
    guard let converter else { return }
    let aside = "\(path).\(getpid()).trial"
    defer { for file in [".csv", ".parquet"] { unlink(aside + file) } }
    try DurableFile.write("run,state\n", to: aside + ".csv")
    try convert(converter, aside + ".csv", to: aside + ".parquet")
  }

  func write(_ table: SweepTable) throws {
    guard let converter else { return try DurableFile.write(table.csv, to: path) }
    let aside = "\(path).\(getpid())"
    defer { for file in [".csv", ".parquet"] { unlink(aside + file) } }
    try DurableFile.write(table.csv, to: aside + ".csv")
    try convert(converter, aside + ".csv", to: aside + ".parquet")
    guard rename(aside + ".parquet", path) == 0 else { throw CommandError("cannot replace '\(path)': \(String(cString: strerror(errno)))") }
  }

  private func convert(_ program: String, _ text: String, to target: String) throws {
    let outcome = try FinishedProgram(program, [text, "--to", "parquet", "--output", target])
    guard outcome.status == 0 else {
      let words = outcome.errors.hasPrefix("error: ") ? String(outcome.errors.dropFirst("error: ".count)) : outcome.errors
      throw CommandError("'\(program)' has not written '\(path)': \(words.isEmpty ? "status \(outcome.status)" : words); \(Self.remedy)")
    }
  }
}
