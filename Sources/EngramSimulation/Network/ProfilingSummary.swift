import EngramScalars

/// Wall time per object of a run (NET-38, 39).
public struct ProfilingSummary: Sendable, Hashable, CustomStringConvertible {
  /// The time that one object took.
  public struct Entry: Sendable, Hashable {
    /// The name of the object.
    public let name: String
    /// Wall-clock time of all its steps.
    public let time: Duration
    /// How often its code ran; 0 for objects without model code.
    public let calls: Int
    /// For how many elements its code ran, all calls together: neurons and steps, synapses and spikes.
    public let elements: Int
    /// Bytes of variables that its code read and wrote, each variable once per element.
    public let bytes: Int

    init(name: String, time: Duration, calls: Int = 0, elements: Int = 0, bytes: Int = 0) {
      (self.name, self.time) = (name, time)
      (self.calls, self.elements, self.bytes) = (calls, elements, bytes)
    }
  }

  /// Longest first.
  public let entries: [Entry]
  private let total: Duration

  /// Several runs in one table.
  package init(_ parts: [Entry]) {
    var order: [String] = []
    var sums: [String: Entry] = [:]
    for part in parts {
      guard let known = sums[part.name] else {
        order.append(part.name)
        sums[part.name] = part
        continue
      }
      sums[part.name] = Entry(
        name: part.name, time: known.time + part.time, calls: known.calls + part.calls, elements: known.elements + part.elements,
        bytes: known.bytes + part.bytes)
    }
    self.init(order.compactMap { sums[$0] }.sorted { $0.time > $1.time }, show: nil)
  }

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
