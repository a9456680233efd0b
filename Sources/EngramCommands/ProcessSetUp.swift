internal import EngramStorage
internal import EngramSystem

/// What a program makes of the process that it finds itself in, before anything else.
package enum ProcessSetUp {
  package static func begin() {
    completeStandardDescriptors()
    leaveTrapsToTheSystem()
    Signals.explainLostMappings()
    prepareForLimits()
    ConsoleLog.begin()
    ParentWatch.beginIfWished()
  }

  /// A descriptor from 0 to 2 that was closed would be that of the next file opened, and what is meant for people would land in there.
  ///
  /// Reading from a closed input finds its end, and messages are dropped; but what a command has to answer must not vanish unnoticed:
  /// writing to a closed output remains an error.
  private static func completeStandardDescriptors() {
    for (descriptor, flags) in [(STDIN_FILENO, O_RDONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY)]
    where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest number that is free, which is this one; a folder does where there is no /dev/null.
      if open("/dev/null", flags) < 0 { _ = open("/", O_RDONLY) }
    }
  }

  /// The runtime would answer a trap with pages of addresses, and take seconds for it. Who wants them says so: SWIFT_BACKTRACE=enable=yes.
  private static func leaveTrapsToTheSystem() {
    guard getenv("SWIFT_BACKTRACE") == nil else { return }
    for number in [SIGILL, SIGTRAP, SIGFPE, SIGSEGV, SIGBUS, SIGABRT, SIGQUIT] { signal(number, SIG_DFL) }
  }
}
