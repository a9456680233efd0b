internal import Glibc

/// Where a command writes. Every byte is checked: a full disk behind standard output is an error, not silence.
package struct Output: Sendable {
  let descriptor: Int32

  package static let standard = Output(descriptor: STDOUT_FILENO)
  package static let error = Output(descriptor: STDERR_FILENO)

  package var isTerminal: Bool { isatty(descriptor) == 1 }

  /// Columns of the terminal; 80 elsewhere.
  package var width: Int {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  package func write(_ text: String) throws(OutputError) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written > 0 {
        bytes = bytes.dropFirst(written)
      } else if errno != EINTR {
        throw OutputError(code: errno)
      }
    }
  }

  package func line(_ text: String = "") throws(OutputError) { try write(text + "\n") }
}

/// Standard output or error could not take what a command had to say.
package struct OutputError: Error, CustomStringConvertible {
  let code: Int32
  /// The other end of a pipe was closed.
  var isReaderGone: Bool { code == EPIPE }
  package var description: String { "the output could not be written: \(String(cString: strerror(code)))" }
}
