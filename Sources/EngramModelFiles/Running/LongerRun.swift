internal import EngramScalars
internal import EngramUnits

/// A file whose only change to what has been executed is that a run lasts longer: its author wants to run on.
struct LongerRun {
  /// Network time [s] at which the longer run would end, where that can be said.
  private let endSeconds: Double?

  /// Nil for other changes.
  ///
  /// - Parameter executed: how many steps have been executed, the last one perhaps in part.
  init?(_ stored: ModelFile, _ given: ModelFile, executed: Int) {
    let (before, now) = (CanonicalForm(stored).steps, CanonicalForm(given).steps)
    guard executed > 0, executed <= before.count, executed <= now.count else { return nil }
    let changed = (0..<executed).filter { before[$0] != now[$0] }
    guard changed.count == 1, let place = changed.first, let old = Self.seconds(stored.steps[place], stored),
      let new = Self.seconds(given.steps[place], given), new > old
    else { return nil }
    // Time passes in runs only, unless a step goes back to an earlier one.
    var end = 0.0
    var isKnown = true
    for step in given.steps[...place] {
      switch step.verb {
      case .run:
        if let seconds = Self.seconds(step, given) { end += seconds } else { isKnown = false }
      case .restore, .repetition, .choice: isKnown = false
      case .store, .export, .set, .constants, .dt, .active, .add, .remove, .connect, .link, .setSpikes, .schedule, .seed, .record, .code: break
      }
    }
    endSeconds = isKnown ? end : nil
  }

  private static func seconds(_ step: Step, _ file: ModelFile) -> Double? {
    guard case .run(let run) = step.verb, case .duration(let node) = run.extent, let text = node.scalar?.text else { return nil }
    return (try? Quantity.parse(text.trimmingWhitespace())).flatMap { $0.dimension == .time ? $0.si : nil }
  }

  func remedy(for fileName: String) -> String {
    let until = endSeconds.map { "--until \(Self.text($0))" } ?? "--until T"
    return "to run on, leave that step as it was and say until when: engram run \(shellQuoted(fileName)) \(until)"
      + "; or leave it and add another 'run' step behind it"
  }

  /// As people type it: `2s`, `30ms`.
  private static func text(_ seconds: Double) -> String {
    for (unit, scale) in [("s", 1.0), ("ms", 1e3), ("us", 1e6)] {
      let number = (seconds * scale * 1e6).rounded() / 1e6
      if number == number.rounded(), number >= 1, number < 0x1p53 { return "\(Int(number))\(unit)" }
    }
    return "\(seconds)s"
  }
}
