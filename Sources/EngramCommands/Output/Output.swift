internal import EngramScalars
internal import EngramSystem
internal import Synchronization

/// Where a command writes. Every byte is checked: a full disk behind standard output is an error, not silence.
///
/// What reaches a terminal may be the words of others: a comment, the name of a file, a piece of a model. Characters that a terminal
/// obeys are therefore shown as what they are, whoever writes them and wherever they come from (`VisibleText`). In JSON they are escaped
/// as JSON does it.
package struct Output: Sendable {
  let descriptor: Int32

  package static let standard = Output(descriptor: STDOUT_FILENO)
  package static let error = Output(descriptor: STDERR_FILENO)

  package var isTerminal: Bool { isatty(descriptor) == 1 }

  /// Columns of the terminal; 80 elsewhere.
  package var width: Int {
    let columns = Int(engram_terminal_width(descriptor))
    return columns > 0 ? columns : 80
  }

  private func write(_ bytes: [UInt8]) throws(OutputError) { try write(bytes[...]) }

  /// Characters as they are: for the progress bar, which moves the cursor.
  package func write(_ text: String) throws(OutputError) { try write(Array(text.utf8)[...]) }

  /// What this process would have said last, while it says nothing.
  private static let withheld = Mutex<[UInt8]?>(nil)
  private static let withheldByteCount = 4096

  /// From now on nothing is written: another process speaks for this one.
  static func withhold() { withheld.withLock { $0 = [] } }

  /// Says after all what was meant for standard error last.
  static func release(behind head: String) {
    let text = withheld.withLock { text in
      defer { text = nil }
      return text ?? []
    }
    try? error.write(Array(head.utf8) + text)
  }

  /// All of some bytes.
  func write(_ bytes: ArraySlice<UInt8>) throws(OutputError) {
    let isWithheld = Self.withheld.withLock { text in
      guard text != nil else { return false }
      if descriptor == STDERR_FILENO { text = Array((text ?? []).suffix(Self.withheldByteCount) + bytes) }
      return true
    }
    if isWithheld { return }
    var bytes = bytes
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { EngramSystem.write(descriptor, $0.baseAddress, $0.count) }
      if written > 0 {
        bytes = bytes.dropFirst(written)
      } else if errno != EINTR {
        throw OutputError(code: errno)
      }
    }
  }

  /// One line, whatever is in it: line ends in names and comments are shown.
  package func line(_ text: String = "") throws(OutputError) { try write(text.visibleLine + "\n") }

  /// Several lines that the program laid out itself.
  package func text(_ text: String) throws(OutputError) { try self.text(nil, text) }

  /// A message that may have further lines; they are indented.
  package func paragraph(_ text: String) throws(OutputError) { try paragraph(nil, text) }

  /// Several lines, behind a word that has the colour of what it means where a terminal shows colours.
  func text(_ word: (text: String, tone: Tone)?, _ text: String) throws(OutputError) { try write("\(head(word))\(text.visibleText)\n") }

  /// A message, behind such a word. It is written at once: other processes may write as well.
  func paragraph(_ word: (text: String, tone: Tone)?, _ text: String) throws(OutputError) { try write("\(head(word))\(text.visibleParagraph)\n") }

  private func head(_ word: (text: String, tone: Tone)?) -> String { word.map { coloured($0.text, $0.tone) + " " } ?? "" }
}

/// Standard output or error could not take what a command had to say.
package struct OutputError: Error, CustomStringConvertible {
  let code: Int32
  /// The other end of a pipe was closed.
  var isReaderGone: Bool { code == EPIPE }
  package var description: String { "the output could not be written: \(String(cString: strerror(code)))" }
}
