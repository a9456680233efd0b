internal import EngramScalars

/// One line of a terminal that is drawn anew, and that stays one line while the width of the terminal changes.
struct TerminalLine {
  private let output: Output
  private var drawnWidth = 0

  init(_ output: Output) { self.output = output }

  /// Shows a text in the place of the one before; what does not fit is left out. Two columns are kept free for a `^C` that the terminal shows.
  mutating func draw(_ text: String) throws(OutputError) {
    let shown = String(text.prefix(max(10, output.width - 3)))
    try output.write(start + shown + (output.obeysSequences ? "" : String(repeating: " ", count: max(0, drawnWidth - shown.count))))
    drawnWidth = shown.count
  }

  /// Removes it, so that what follows begins on a clean line. What a terminal has shown of keys such as `^C` goes with it.
  mutating func clear() throws(OutputError) {
    guard drawnWidth > 0 else { return }
    try output.write(output.obeysSequences ? start : "\r\(String(repeating: " ", count: drawnWidth))\r")
    drawnWidth = 0
  }

  /// To the beginning of what was drawn, which has gone to several rows where the terminal became narrower, and clears it row by row: some
  /// terminals keep what is cleared at once.
  private var start: String {
    guard output.obeysSequences else { return "\r" }
    let rows = (drawnWidth + max(1, output.width) - 1) / max(1, output.width)
    return "\r\u{1B}[K" + String(repeating: "\u{1B}[1A\u{1B}[2K", count: max(0, rows - 1))
  }
}
