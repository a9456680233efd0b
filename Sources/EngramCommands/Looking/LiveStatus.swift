internal import EngramCheckpoints
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage
internal import Foundation

/// What the run in a directory says about itself, for people and scripts.
struct LiveStatus {
  let status: RunStatus
  private let directory: String
  /// The directory knows it better than the last word of a process, which may be a second old.
  private var newest: CheckpointInfo? { (try? opened.list())?.last }
  private let opened: RunDirectory

  /// Nil for portable files, and where no run has said anything.
  init?(_ place: CheckpointPlace, _ directory: String) {
    guard case .directory(let opened) = place, let status = RunStatus(of: opened) else { return nil }
    self.status = status
    self.directory = directory
    self.opened = opened
  }

  /// Whether a list of checkpoints does not tell the whole story.
  var isNews: Bool { [.running, .settingUp, .failed].contains(status.state) }

  var sentence: String {
    let place = "t = \(simulatedTimeText(status.time)) of \(simulatedTimeText(status.target))"
    let process = "process \(status.process) on host \(status.host)"
    if status.isAbandoned {
      let target = status.state == .settingUp ? "" : " of \(simulatedTimeText(status.target))"
      let rest = newest.map { "\($0.id), t = \($0.timeText)\(target)" } ?? "the beginning"
      return "\(process) ended without a word; `engram resume \(directory)` goes on from \(rest)"
    }
    switch status.state {
    case .settingUp: return "setting up: \(process), \(status.place ?? "")"
    case .running:
      let speed = status.rate.map { ", \(shortText($0, digits: 3)) s/s" } ?? ""
      let left = status.remaining.map { ", \(shortText($0, digits: 3)) s left" } ?? ""
      let age = max(0, Date().timeIntervalSince1970 - status.updated)
      return "running: \(process), \(place)\(speed)\(left), newest checkpoint \(newest?.id ?? "none"), \(shortText(age, digits: 2)) s ago"
    case .stopped: return "stopped at \(place)"
    case .complete: return "complete at t = \(simulatedTimeText(status.time))"
    case .failed: return "failed at \(place): \(status.problem ?? "")"
    }
  }

  var json: JSONText {
    .object([
      ("state", .string(status.isAbandoned ? "abandoned" : status.state.rawValue)), ("process", .integer(Int64(status.process))),
      ("host", .string(status.host)), ("t", .number(status.time)), ("start", .number(status.start)), ("target", .number(status.target)),
      ("rate", status.rate.map(JSONText.number) ?? .null), ("remaining", status.remaining.map(JSONText.number) ?? .null),
      ("checkpoint", (newest?.id ?? status.checkpoint).map(JSONText.string) ?? .null), ("updated", .number(status.updated)),
      (
        "clocks",
        .list(
          status.clocks.map { clock in
            .object([
              ("name", .string(clock.name)), ("timestep", .integer(clock.timestep)), ("dt", clock.dt.map(JSONText.number) ?? .null),
            ])
          })
      ),
      ("problem", status.problem.map(JSONText.string) ?? .null),
    ])
  }
}
