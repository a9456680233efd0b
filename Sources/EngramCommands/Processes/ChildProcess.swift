internal import EngramSystem

/// Another process of this program, whose end is waited for.
struct ChildProcess {
  let number: Int32

  /// How a process ended.
  enum End: Equatable {
    case exit(Int32)
    case signal(Int32)
  }

  /// Starts a program in a process group of its own, so that keys of the terminal reach this process alone, with no input, and with
  /// signals as a shell would have them.
  ///
  /// - Parameters:
  ///   - output: a file that takes what it writes.
  ///   - errors: a file that takes what it has to say to people.
  static func start(_ program: String, _ arguments: [String], output: String = "/dev/null", errors: String) throws(CommandError) -> ChildProcess {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var all = sigset_t()
    sigfillset(&all)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var words = ([program] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var number: pid_t = 0
    let code = posix_spawn(&number, program, &actions, &attributes, &words, environ)
    guard code == 0 else { throw CommandError("cannot start '\(program)': \(String(cString: strerror(code)))") }
    return ChildProcess(number: number)
  }

  /// How it ended; nil while it goes on. To be asked until then, and not after.
  func end() -> End? {
    var status: Int32 = 0
    guard waitpid(number, &status, WNOHANG) == number else { return nil }
    return status & 0x7f == 0 ? .exit(status >> 8 & 0xff) : .signal(status & 0x7f)
  }

  func send(_ signal: Int32) { kill(number, signal) }
}
