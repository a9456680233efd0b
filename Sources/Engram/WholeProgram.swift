internal import EngramScalars
internal import EngramSystem

/// Runs the whole of a program, and tells an error as a sentence.
///
/// An error that leaves the top level of a program ends it with pages of registers. Inside of this function it is one line on standard error,
/// and the process ends with the status that `engram` gives: 1 an error, 75 stopped early and resumable, 76 ended by a watchdog.
///
/// ```swift
/// import Engram
///
/// Engram.main {
///   try withScope {
///     let G = try NeuronGroup(100, "dv/dt = (1.2 - v)/(10*ms) : 1", threshold: "v > 1", reset: "v = 0")
///     try run(100 * ms)
///   }
/// }
/// ```
///
/// Where nothing fails it returns, and the program goes on behind it.
public func main(_ body: () throws -> Void) {
  do { try body() } catch { end(by: error) }
}

/// The same for a program that waits: `await Engram.main { … }`.
public func main(_ body: () async throws -> Void) async {
  do { try await body() } catch { end(by: error) }
}

private func end(by error: any Error) -> Never {
  let status: Int32 =
    switch error {
    case is Interruption: 75
    case is WatchdogError: 76
    default: 1
    }
  // What the program has printed comes first.
  fflush(nil)
  let text = Array("error: \("\(error)".visibleParagraph)\n".utf8)
  _ = write(STDERR_FILENO, text, text.count)
  exit(status)
}
