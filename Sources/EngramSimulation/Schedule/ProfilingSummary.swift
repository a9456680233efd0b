/// Wall time per object of a run (NET-38, 39).
public struct ProfilingSummary: Sendable, Hashable, CustomStringConvertible {
  public struct Entry: Sendable, Hashable {
    public let name: String
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
    let totalSeconds = TextReport.seconds(total)
    let inSeconds = totalSeconds > 1
    return entries.map { entry in
      let seconds = TextReport.seconds(entry.time)
      let time = inSeconds ? "\(fixed(seconds, 2)) s" : "\(fixed(seconds * 1e3, 2)) ms"
      return (entry.name, time, fixed(totalSeconds > 0 ? seconds / totalSeconds * 100 : 0, 2) + " %")
    }
  }

  public var description: String {
    let rows = rows
    let widths = (rows.map(\.name.count).max() ?? 0, rows.map(\.time.count).max() ?? 0, rows.map(\.percent.count).max() ?? 0)
    let lines = rows.map { padded($0.name, widths.0) + "  " + right($0.time, widths.1) + "  " + right($0.percent, widths.2) }
    return (["Profiling summary", "================="] + lines).joined(separator: "\n")
  }

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

  public func profilingSummary(show: Int? = nil) throws -> ProfilingSummary { ProfilingSummary(try profilingInfo, show: show) }
}

/// Decimal text with a fixed number of places.
func fixed(_ value: Double, _ places: Int) -> String {
  let scale = [1.0, 10, 100, 1000][min(places, 3)]
  let scaled = (abs(value) * scale).rounded()
  guard scaled < 1e15 else { return "\(value)" }
  let whole = Int64(scaled)
  let unit = Int64(scale)
  let digits = String(whole % unit)
  return (value < 0 ? "-" : "") + "\(whole / unit)." + String(repeating: "0", count: max(places - digits.count, 0)) + digits
}

func padded(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(width - text.count, 0)) }
func right(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(width - text.count, 0)) + text }
func escaped(_ text: String) -> String {
  var result = ""
  for character in text {
    switch character {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    default: result.append(character)
    }
  }
  return result
}
