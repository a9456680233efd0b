internal import EngramCheckpoints
internal import EngramModelFiles
internal import EngramScalars
internal import EngramStorage
internal import EngramUnits

/// An error that ended a run, with what is on disk: asked of the directory after everything else (MDL-43).
struct FailedRun: Error {
  let text: String
  private let path: String
  private let newest: CheckpointInfo?
  private let watchdog: WatchdogError?

  var status: Int32 { watchdog == nil ? ExitStatus.error : ExitStatus.watchdog }

  /// What programs want to know.
  var fields: [(String, JSONText)] {
    [
      ("outcome", watchdog == nil ? "failed" : "watchdog"), ("directory", .string(path)), ("checkpoint", newest.map { .string($0.id) } ?? .null),
      ("checkpoint_t", newest?.networkSeconds.map(JSONText.number) ?? .null),
    ] + (watchdog.map { [("watchdog", $0.json)] } ?? [])
  }

  private static func afterStep(_ path: String, _ id: String) -> String {
    let place = shellQuoted("\(path)@\(id)")
    return "to look at it: engram show \(place); to go on from it with other values: engram resume \(place) with --set, --constant or --dt; "
      + "the same command stops there again, with --no-watch and without --watch-… it goes on"
  }

  private static func afterSpace(_ path: String) -> String { "once there is room, engram resume \(shellQuoted(path)) goes on from there" }

  init(_ error: any Error, path: String, in directory: RunDirectory) {
    self.path = path
    watchdog = error as? WatchdogError
    var unknown: String?
    do { newest = try directory.acknowledged() } catch { (newest, unknown) = (nil, "\(error)") }
    if let watchdog, let checkpoint = watchdog.checkpoint {
      text = "\(watchdog)\n\(watchdog.isAboutStep ? Self.afterStep(path, checkpoint.id) : Self.afterSpace(path))"
      return
    }
    let words = ErrorText.text(error)
    let place = newest.map { info in
      "everything up to t = \(simulatedTimeText(info.networkSeconds ?? 0)) is stored in \(info.id); once the cause is gone, "
        + "engram resume \(shellQuoted(path)) goes on from there"
    }
    text =
      "\(words)\n\(place ?? unknown.map { "what '\(path)' holds could not be read: \($0); engram ls tells once that is possible" } ?? "nothing is stored in '\(path)' yet; once the cause is gone, the same command starts it")"
  }
}

extension WatchdogError {
  var json: JSONText {
    func number(_ value: Double?) -> JSONText { value.map(JSONText.number) ?? .null }
    let fields: [(String, JSONText)] =
      switch finding {
      case .value(let variable, let element, let value, let lower, let upper, let unit):
        [
          ("kind", "value"), ("variable", .string(variable)), ("element", .count(element)), ("value", .number(value)), ("from", number(lower)),
          ("to", number(upper)), ("unit", .string(unit)),
        ]
      case .rate(let group, let hertz, let above, let window):
        [("kind", "rate"), ("group", .string(group)), ("rate", .number(hertz)), ("above", .number(above)), ("window", .number(window))]
      case .freeSpace(let count, let below, _): [("kind", "disk"), ("free_bytes", .count(count)), ("below", .count(below))]
      }
    return .object(fields + [("t", .number(time.si)), ("obstacle", obstacle.map(JSONText.string) ?? .null)])
  }
}
