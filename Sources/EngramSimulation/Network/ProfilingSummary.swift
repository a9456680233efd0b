import EngramScalars

/// Wall time per object of a run (NET-38, 39).
public struct ProfilingSummary: Sendable, Hashable, CustomStringConvertible {
  /// The time that one object took.
  public struct Entry: Sendable, Hashable {
    /// The name of the object.
    public let name: String
    /// Wall-clock time of all its steps.
    public let time: Duration
  }

  /// Longest first.
  public let entries: [Entry]
  private let total: Duration

  init(_ entries: [Entry], show: Int?) {
    total = entries.reduce(.zero) { $0 + $1.time }
    let shown = show.map { Array(entries.prefix(max($0, 0))) } ?? entries
    self.entries = shown.isEmpty ? [Entry(name: "no code objects have been run", time: .zero)] : shown
  }

  private var rows: [(name: String, time: String, percent: String)] {
    let totalSeconds = total.inSeconds
    let inSeconds = totalSeconds > 1
    return entries.map { entry in
      let seconds = entry.time.inSeconds
      let time = inSeconds ? "\(fixedText(seconds, decimals: 2)) s" : "\(fixedText(seconds * 1e3, decimals: 2)) ms"
      return (entry.name, time, fixedText(totalSeconds > 0 ? seconds / totalSeconds * 100 : 0, decimals: 2) + " %")
    }
  }

  public var description: String {
    var table = Table(rightAligned: [1, 2])
    for row in rows { table.add([row.name, row.time, row.percent]) }
    return "Profiling summary\n=================\n\(table.text)"
  }

  /// The table for notebooks.
  public var htmlDescription: String {
    let lines = rows.map { "<tr><td>\(escaped($0.name))</td><td align=\"right\">\($0.time)</td><td align=\"right\">\($0.percent)</td></tr>" }
    return "<h2>Profiling summary</h2>\n<table>\n\(lines.joined(separator: "\n"))\n</table>"
  }
}

extension Network {
  /// Wall time per object, longest first.
  public var profilingInfo: [ProfilingSummary.Entry] {
    get throws {
      guard let profile else { throw NetworkError.noProfile }
      return profile
    }
  }

  /// Where the time of the last run with `profile: true` went, Brian 2's `profiling_summary`.
  ///
  /// - Parameter show: how many objects, the slowest first; nil: all.
  /// - Throws: `NetworkError` where no run was profiled.
  public func profilingSummary(show: Int? = nil) throws -> ProfilingSummary { ProfilingSummary(try profilingInfo, show: show) }
}
