internal import ArgumentParser
internal import EngramCheckpoints
internal import EngramModelFiles
internal import EngramScalars
internal import EngramStorage
internal import EngramSystem

/// `engram ls`: the checkpoints of a run directory, without loading any data (CKP-17).
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ls", abstract: "List the checkpoints of a run directory.",
    discussion: "Times are simulated seconds. 'new' is what the checkpoint added to the disk, 'all' what it refers to.")

  @Argument(help: "The run directory.", completion: .directory) var directory: CheckpointReference
  @OptionGroup var json: JSONOption

  func run() throws {
    let place = try CheckpointPlace(reading: directory.directory)
    let all = try place.list()
    if json.isOn {
      try tell(
        [
          ("checkpoints", .list(all.map(\.json))), ("damaged", place.damagedJSON), ("problems", place.problemsJSON), ("lines", try place.linesJSON),
          ("disk_bytes", try place.usage.map { .integer($0.total) } ?? .null),
        ], status: place.status)
      return try place.exitIfDamaged()
    }
    // A column for lines where there are several.
    let lines = try place.lines
    let hasLines = lines.count > 1
    var table = Table(
      ["id"] + (hasLines ? ["line"] : []) + ["name", "t", "kind", "new", "all", "created", "comment"], rightAligned: hasLines ? [3, 5, 6] : [2, 4, 5])
    for info in all {
      table.add(
        [info.id] + (hasLines ? [info.line] : []) + [
          (info.names + info.tags.map { "#\($0)" }).joined(separator: ", "), info.timeText, "\(info.kind)",
          byteText(Int(clamping: info.writtenByteCount)), byteText(Int(clamping: info.logicalByteCount)), info.createdText,
          info.comment,
        ])
    }
    try Output.standard.text(all.isEmpty ? "no checkpoints yet" : table.text)
    if let live = LiveStatus(place, directory.directory), live.isNews { try Output.standard.line(live.sentence) }
    if hasLines {
      for line in lines {
        let origin = line.origin.map { " from \($0)" + (line.originLine.map { " of \($0)" } ?? "") } ?? ""
        try Output.standard.line("line \(line.name)\(origin): newest \(line.newest.id), t = \(line.newest.timeText)")
        for change in ChangedBranch(line.newest)?.lines ?? [] { try Output.standard.line("  \(change)") }
      }
    } else if let newest = all.last, let changed = ChangedBranch(newest) {
      try Output.standard.line("differs from where it was branched:")
      for change in changed.lines { try Output.standard.line("  \(change)") }
    }
    if let usage = try place.usage { try Output.standard.line(usage.sentence) }
    try place.tellProblems()
    try place.exitIfDamaged()
  }
}

/// `engram log`: the checkpoints as a tree, newest first.
struct LogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "Draw the tree of checkpoints, newest first.")

  @Argument(help: "The run directory.", completion: .directory) var directory: CheckpointReference
  @OptionGroup var json: JSONOption

  func run() throws {
    let place = try CheckpointPlace(reading: directory.directory)
    let all = try place.list()
    if json.isOn {
      try tell(
        [
          ("checkpoints", .list(all.reversed().map(\.json))), ("damaged", place.damagedJSON), ("problems", place.problemsJSON), ("lines", try place.linesJSON),
        ], status: place.status)
      return try place.exitIfDamaged()
    }
    for line in CheckpointTree(all).lines { try Output.standard.line(line) }
    try place.tellProblems()
    try place.exitIfDamaged()
  }
}

/// A listing that is not all there is says so, and ends with the status of an error.
extension CheckpointPlace {
  var status: Int32 { damaged.isEmpty ? ExitStatus.fine : ExitStatus.error }
  var damagedJSON: JSONText { .list(damaged.map { .object([("id", .string($0.id)), ("problem", .string("\($0.problem)"))]) }) }

  func exitIfDamaged() throws { if !damaged.isEmpty { throw ExitCode(status) } }
}

/// Draws lines of checkpoints like a graph of commits: one column per line of descent that is still open.
struct CheckpointTree {
  let lines: [String]

  init(_ infos: [CheckpointInfo]) {
    var open: [String] = []  // ids that each column waits for, newest first
    var lines: [String] = []
    let sorted = infos.sorted { $0.sequence > $1.sequence }
    let known = Set(infos.map(\.id))
    let hasLines = Set(infos.map(\.line)).count > 1
    for (place, info) in sorted.enumerated() {
      let waiting = open.indices.filter { open[$0] == info.id }
      let column = waiting.first ?? open.count
      if waiting.isEmpty { open.append(info.id) }
      // Branches that began here end in this row.
      if waiting.count > 1 {
        lines.append(CheckpointTree.joint(of: waiting, among: open.count))
        for index in waiting.dropFirst().reversed() { open.remove(at: index) }
      }
      let graph = open.indices.map { $0 == column ? "●" : "│" }.joined(separator: " ")
      let names = info.names + info.tags.map { "#\($0)" }
      var text = "\(graph)  \(info.id)"
      if hasLines { text += " \(info.line)" }
      if !names.isEmpty { text += " (\(names.joined(separator: ", ")))" }
      text += "  t = \(info.timeText)  \(info.createdText)"
      if !info.comment.isEmpty { text += "  \(info.comment)" }
      lines.append(text)
      if info.kind == .branch, let changed = ChangedBranch(info) {
        let margin = open.indices.map { _ in "│" }.joined(separator: " ")
        lines += changed.lines.map { "\(margin)    \($0)" }
      }
      // A parent that has been collected is stood in for by the newest one before it, of the same line where it had begun.
      let parent = info.parent.flatMap { parent in
        if known.contains(parent) { return parent }
        let limit = CheckpointName.sequence(ofID: parent) ?? info.sequence
        return sorted[(place + 1)...].first { $0.sequence < limit && ($0.line == info.line || info.kind == .branch) }?.id
      }
      if let parent { open[column] = parent } else { open.remove(at: column) }
    }
    self.lines = lines.isEmpty ? ["no checkpoints yet"] : lines
  }

  /// Columns that come from one checkpoint: `├─┴─╯`; others pass through.
  private static func joint(of waiting: [Int], among count: Int) -> String {
    guard let first = waiting.first, let last = waiting.last else { return "" }
    return (0..<count).map { index in
      let isBetween = index > first && index < last
      let mark = index == first ? "├" : index == last ? "╯" : waiting.contains(index) ? "┴" : isBetween ? "┼" : "│"
      return index == count - 1 ? mark : mark + (index >= first && index < last ? "─" : " ")
    }.joined()
  }
}

extension CheckpointInfo {
  /// Network time as the state's owner wrote it into the summary.
  var timeText: String {
    guard let text = summary["time"] ?? summary["t"] else { return "" }
    return Double(text).map { simulatedTimeText($0) } ?? text
  }

  /// Date and time in UTC.
  var createdText: String {
    var seconds = time_t(createdNanoseconds / 1_000_000_000)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday)) \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
  }

  var json: JSONText {
    .object([
      ("id", .string(id)), ("sequence", .unsigned(sequence)), ("names", .list(names.map(JSONText.string))),
      ("tags", .list(tags.map(JSONText.string))), ("kind", .string("\(kind)")), ("parent", parent.map(JSONText.string) ?? .null),
      ("line", .string(line)), ("run", .string(runID)), ("created", .string(createdText + " UTC")),
      ("t", summary["time"].flatMap { Double($0) }.map(JSONText.number) ?? .null), ("logical_bytes", .unsigned(logicalByteCount)),
      ("written_bytes", .unsigned(writtenByteCount)), ("comment", .string(comment)),
      ("changes", .list((ChangedBranch(self)?.lines ?? []).map(JSONText.string))),
      ("summary", .object(summary.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
    ])
  }
}
