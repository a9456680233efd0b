/// A process, so that a number given again later is not taken for it.
package struct ProcessIdentity: Hashable, Sendable {
  package var number: Int32
  /// When it began, in the system's ticks since the machine started; 0 where that is not known.
  package var started: UInt64
  package var host: String
  package var boot: String

  package init(number: Int32, started: UInt64, host: String, boot: String) {
    (self.number, self.started, self.host, self.boot) = (number, started, host, boot)
  }

  package static var current: ProcessIdentity {
    ProcessIdentity(number: getpid(), started: startTicks(of: getpid()) ?? 0, host: HostIdentity.name, boot: HostIdentity.boot)
  }

  /// Whether it runs on this machine; only for identities of this host and boot. One that has ended and that nobody has waited for yet
  /// does not run.
  package var runsHere: Bool {
    if kill(number, 0) != 0, errno == ESRCH { return false }
    if let state = ProcessIdentity.fields(of: number)?.first, ["Z", "X"].contains(state) { return false }
    guard started != 0, let found = ProcessIdentity.startTicks(of: number) else { return true }
    return found == started
  }

  /// The system's description of a process from field 3 on, its state; the name before may contain anything.
  private static func fields(of process: Int32) -> [Substring]? {
    guard let text = systemText("/proc/\(process)/stat"), let end = text.lastIndex(of: ")") else { return nil }
    return text[text.index(after: end)...].split(separator: " ")
  }

  /// Field 22.
  private static func startTicks(of process: Int32) -> UInt64? {
    guard let fields = fields(of: process), fields.count > 19 else { return nil }
    return UInt64(fields[19])
  }
}
