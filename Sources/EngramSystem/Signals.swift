/// What a process does about signals.
package enum Signals {
  package typealias Handler = @convention(c) (Int32) -> Void

  /// That of a failing power supply; nil where there is none.
  package static var powerFailure: Int32? {
    let number = engram_power_failure_signal()
    return number == 0 ? nil : number
  }

  package static func isIgnored(_ number: Int32) -> Bool { engram_ignores_signal(number) != 0 }

  /// Calls `handler` at a signal; meanwhile the signals of `blocked` wait, and system calls that were interrupted go on.
  package static func handle(_ number: Int32, blocking blocked: [Int32], _ handler: Handler) {
    _ = engram_handle_signal(number, handler, blocked, blocked.count)
  }

  /// Lets signals through that whoever started this process may have blocked.
  package static func unblock(_ numbers: [Int32]) { _ = engram_unblock_signals(numbers, numbers.count) }

  /// From now on, losing a mapped file (shortened by somebody else) ends the process with a message and status 74
  /// instead of a bare bus error. For programs; a library does not take signals from its host.
  package static func explainLostMappings() { _ = engram_explain_lost_mappings() }
}
