internal import ArgumentParser
internal import EngramCheckpoints
internal import EngramModelFiles
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage
internal import EngramSystem
internal import Foundation

/// `engram status`: how runs are going, from what they say themselves; nothing is opened for writing, and nobody waits (STO-10).
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show how runs and sweeps are going.",
    discussion: "A folder of a sweep stands for all of its runs. Status 0: they could be looked at; 1: something is no run or sweep.")

  @Argument(help: "Run directories, and folders of sweeps.", completion: Completions.checkpoint) var directories: [String]
  @Flag(help: "Show it again and again, until all have ended or Ctrl-C.") var watch = false
  @OptionGroup var json: JSONOption

  func run() throws {
    if json.isOn {
      let looks = try look()
      return try tell([("runs", .list(looks.map(\.json)))])
    }
    var drawn = 0
    // Between two runs of a sweep none is running for a moment.
    var quietLooks = 0
    while true {
      let looks = try look()
      let text = Self.text(looks)
      if drawn > 0, Output.standard.isTerminal { try Output.standard.write("\u{1B}[\(drawn)A\u{1B}[J") }
      try Output.standard.text(text)
      drawn = text.split(separator: "\n", omittingEmptySubsequences: false).count
      quietLooks = looks.contains { ["running", "setting up"].contains($0.state) } ? 0 : quietLooks + 1
      guard watch, quietLooks < 4, looks.contains(where: { ["running", "setting up", "waiting"].contains($0.state) }) else { return }
      usleep(1_000_000)
    }
  }

  private func look() throws -> [RunLook] {
    try directories.flatMap { path -> [RunLook] in
      if SweepDirectory.isSweep(path) { return try SweepDirectory(path).looks() }
      guard access("\(path)/FORMAT", F_OK) == 0 else {
        _ = try RunDirectory.opened(path, .read)
        return []
      }
      return [RunLook(path)]
    }
  }

  private static func text(_ looks: [RunLook]) -> String {
    var table = Table(
      ["run", "state", "t", "of", "done", "speed", "left", "checkpoint", "age", "cost", "disk left", ""], rightAligned: [2, 3, 4, 5, 6, 8, 9, 10])
    for look in looks { table.add(look.row) }
    let states = Dictionary(grouping: looks, by: \.state).mapValues(\.count).sorted { $0.key < $1.key }
    let counts = looks.count > 1 ? "\n\(looks.count) runs: " + states.map { "\($0.value) \($0.key)" }.joined(separator: ", ") : ""
    return table.text + counts
  }
}

/// What one run says about itself, without opening its checkpoints: two hundred of them are looked at in a moment.
struct RunLook {
  let path: String
  let title: String
  let status: RunStatus?
  /// What a sweep knows of it, and its condition.
  private let known: (state: String, condition: String)?

  init(_ path: String, as title: String? = nil, known: (state: String, condition: String)? = nil) {
    self.path = path
    self.title = title ?? path
    self.known = known
    status = FileManager.default.contents(atPath: "\(path)/status.json").flatMap { RunStatus(decoding: Array($0)) }
  }

  var state: String {
    if let known, known.state != "unfinished" { return known.state }
    guard let status else { return known == nil ? "not begun" : "waiting" }
    return status.isAbandoned ? "abandoned" : status.state == .settingUp ? "setting up" : status.state.rawValue
  }

  private var isRunning: Bool { status?.state == .running && status?.isAbandoned == false }

  /// Of a run whose network is there.
  private var timed: RunStatus? { status?.state == .settingUp ? nil : status }

  private var share: Double? {
    status.flatMap { $0.target > 0 && $0.time.isFinite ? max(0, min(1, $0.time / $0.target)) : nil }
  }

  /// Seconds since the newest checkpoint was made, by its file.
  private var checkpointAge: Double? {
    guard let id = status?.checkpoint else { return nil }
    var facts = stat()
    guard stat("\(path)/checkpoints/\(id).manifest", &facts) == 0 else { return nil }
    return max(0, Date().timeIntervalSince1970 - Double(engram_modified_nanoseconds(&facts)) * 1e-9)
  }

  private var freeBytes: UInt64? {
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return nil }
    defer { close(folder) }
    let bytes = engram_free_bytes(folder)
    return bytes == .max ? nil : bytes
  }

  /// `G 12.3 Hz`, of groups whose spikes a monitor counts.
  private var rates: String {
    guard isRunning, let rates = status?.rates else { return "" }
    return rates.sorted { $0.key < $1.key }.map { "\($0.key) \(shortText($0.value, digits: 3)) Hz" }.joined(separator: ", ")
  }

  var row: [String] {
    let rest = [known?.condition ?? "", status?.place ?? "", rates, state == "failed" ? status?.problem ?? "" : ""].filter { !$0.isEmpty }
    return [
      title, state, timed.map { simulatedTimeText($0.time) } ?? "", timed.map { simulatedTimeText($0.target) } ?? "",
      share.map { "\(Int($0 * 100)) %" } ?? "", isRunning ? status?.rate.map { "\(shortText($0, digits: 3)) s/s" } ?? "" : "",
      isRunning ? status?.remaining.map(wallTimeText) ?? "" : "", status?.checkpoint ?? "", checkpointAge.map(wallTimeText) ?? "",
      status?.checkpointSeconds.map(wallTimeText) ?? "", freeBytes.map { byteText(Int(clamping: $0)) } ?? "", rest.joined(separator: "; "),
    ]
  }

  var json: JSONText {
    func number(_ value: Double?) -> JSONText { value.map(JSONText.number) ?? .null }
    func text(_ value: String?) -> JSONText { value.map(JSONText.string) ?? .null }
    var fields: [(String, JSONText)] = [("directory", .string(path)), ("state", .string(state)), ("condition", text(known?.condition))]
    fields += [("t", number(timed?.time)), ("target", number(timed?.target)), ("share", number(share)), ("rate", number(status?.rate))]
    fields += [("remaining", number(isRunning ? status?.remaining : nil)), ("place", text(status?.place))]
    fields.append(("rates", .object((status?.rates ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, .number($0.value)) })))
    fields += [("checkpoint", text(status?.checkpoint)), ("checkpoint_age", number(checkpointAge))]
    fields += [("checkpoint_seconds", number(status?.checkpointSeconds)), ("free_bytes", freeBytes.map(JSONText.unsigned) ?? .null)]
    fields += [("process", status.map { .integer(Int64($0.process)) } ?? .null), ("host", text(status?.host))]
    fields += [("updated", number(status?.updated)), ("problem", text(status?.problem))]
    return .object(fields)
  }
}

extension SweepDirectory {
  /// How all runs are going.
  func looks() throws -> [RunLook] {
    guard let manifest = try manifest() else { return [] }
    return (0..<manifest.conditions.count).map { number in
      let state = result(number, of: manifest)?.state.rawValue ?? "unfinished"
      return RunLook(run(number), as: "\(path)/\(name(number))", known: (state, manifest.conditions.text(number)))
    }
  }
}

/// `engram tail DIR`: a line whenever there is news, until the run ends.
struct TailCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tail", abstract: "Follow a run: a line whenever it has news, until it ends.")

  @Argument(help: "The run directory.", completion: Completions.checkpoint) var directory: String
  @OptionGroup var json: JSONOption

  func run() throws {
    guard access("\(directory)/FORMAT", F_OK) == 0 else {
      _ = try RunDirectory.opened(directory, .read)
      return
    }
    var last: RunStatus?
    while true {
      let look = RunLook(directory)
      if let status = look.status, status != last {
        try json.isOn ? tell([("run", look.json)]) : Output.standard.line(Self.sentence(look, status))
        last = status
      }
      guard ["running", "setting up"].contains(look.state) else {
        if last == nil, !json.isOn { try Output.standard.line("'\(directory)' has said nothing yet: no run has begun there") }
        return
      }
      usleep(500_000)
    }
  }

  private static func sentence(_ look: RunLook, _ status: RunStatus) -> String {
    if status.state == .settingUp { return "\(look.state): \(status.place ?? "")" }
    var text = "\(look.state): t = \(simulatedTimeText(status.time)) of \(simulatedTimeText(status.target))"
    if let place = status.place { text += ", \(place)" }
    if let rate = status.rate, look.state == "running" { text += ", \(shortText(rate, digits: 3)) s/s" }
    if let remaining = status.remaining, look.state == "running" { text += ", \(wallTimeText(remaining)) left" }
    if let checkpoint = status.checkpoint { text += ", newest checkpoint \(checkpoint)" }
    if let problem = status.problem { text += ": \(problem)" }
    return text
  }
}
