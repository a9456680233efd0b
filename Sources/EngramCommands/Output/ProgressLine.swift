internal import EngramScalars

/// Draws how far a run is: a bar that is redrawn on a terminal, a plain line now and then elsewhere.
package struct ProgressLine {
  private let output: Output
  private let targetSeconds: Double
  private let startSeconds: Double
  private var lastDrawn: ContinuousClock.Instant?
  private let began = ContinuousClock.now
  private var line: TerminalLine

  /// Seconds between plain lines where there is no terminal.
  private static let plainInterval = Duration.seconds(10)
  private static let terminalInterval = Duration.milliseconds(100)
  /// Columns that the bar with its figures may take.
  private static let widest = 80

  /// - Parameters:
  ///   - startSeconds: simulated time at which this call begins [s].
  ///   - targetSeconds: simulated time at which it will end [s].
  package init(from startSeconds: Double, to targetSeconds: Double, output: Output = .error) {
    self.output = output
    self.startSeconds = startSeconds
    self.targetSeconds = targetSeconds
    line = TerminalLine(output)
  }

  /// Call as often as you like; draws at most ten times a second.
  package mutating func update(simulated seconds: Double, note: String = "") throws(OutputError) {
    let now = ContinuousClock.now
    let interval = output.isTerminal ? Self.terminalInterval : Self.plainInterval
    if let lastDrawn, now - lastDrawn < interval { return }
    if lastDrawn == nil, !output.isTerminal { lastDrawn = now; return }
    lastDrawn = now
    let note = note.isEmpty ? "" : "  \(note)"
    // No wider than need be: a line that a narrower terminal breaks into many rows cannot be taken back everywhere.
    let width = min(Self.widest, output.isTerminal ? output.width : Self.widest) - note.count
    let text = text(simulated: seconds, elapsed: (now - began).inSeconds, width: width) + note
    if output.isTerminal {
      try line.draw(text)
    } else {
      try output.line(text)
    }
  }

  /// Removes the bar, so that what follows begins on a clean line.
  package mutating func finish() throws(OutputError) { try line.clear() }

  func text(simulated seconds: Double, elapsed: Double, width: Int) -> String {
    let fraction = targetSeconds > 0 ? min(1, max(0, seconds / targetSeconds)) : 1
    let done = seconds - startSeconds
    let speed = elapsed > 0 ? done / elapsed : 0
    let left = speed > 0 ? (targetSeconds - seconds) / speed : .infinity
    let figures =
      " \(Int(fraction * 100)) %  \(shortText(seconds, digits: 4)) of \(shortText(targetSeconds, digits: 4)) s"
      + (speed > 0 ? "  \(shortText(speed, digits: 3)) × real time" : "")
      + (left.isFinite && fraction < 1 ? "  \(wallTimeText(left)) left" : "")
    let bar = max(10, min(30, width - figures.count - 4))
    let filled = Int(fraction * Double(bar))
    return "[" + String(repeating: "█", count: filled) + String(repeating: "·", count: bar - filled) + "]" + figures
  }
}
