import EngramScalars
import EngramSystem
import Synchronization

/// The log file of preference `logging.file_log`: everything from `logging.file_log_level` on, at most
/// `logging.file_log_max_size` bytes; when it is full the older half is given up by starting over in `<name>.1`.
final class LogFile: Sendable {
  static let shared = LogFile()

  private struct State {
    var path = ""
    var descriptor: Int32 = -1
    var size = 0
  }
  private let state = Mutex(State())

  func write(_ message: Message, _ preferences: Preferences) {
    let path = preferences[.fileLog]
    guard !path.isEmpty, message.level >= (MessageLevel(named: preferences[.fileLogLevel]) ?? .debug) else { return }
    let limit = preferences[.fileLogMaxSize]
    state.withLock { state in
      if state.path != path { open(path, &state) }
      let line = message.description.visibleParagraph + "\n"
      if state.size + line.utf8.count > limit, state.size > 0 {
        close(state.descriptor)
        rename(path, path + ".1")
        open(path, &state)
      }
      guard state.descriptor >= 0 else { return }
      // A log that cannot be written must not stop a simulation.
      let written = Array(line.utf8).withUnsafeBytes { EngramSystem.write(state.descriptor, $0.baseAddress, $0.count) }
      state.size += max(written, 0)
    }
  }

  private func open(_ path: String, _ state: inout State) {
    if state.path != path, state.descriptor >= 0 { close(state.descriptor) }
    state.path = path
    state.descriptor = EngramSystem.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    state.size = state.descriptor >= 0 ? max(0, Int(lseek(state.descriptor, 0, SEEK_END))) : 0
  }
}
