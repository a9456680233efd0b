internal import EngramSystem

/// A small file that is there as a whole, in its old form or in its new one, whatever happens meanwhile.
enum DurableFile {
  /// Returns when it would survive a power cut.
  static func write(_ text: String, to path: String) throws(CommandError) {
    let aside = "\(path).\(getpid()).partial"
    let file = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw problem("make", path) }
    do throws(CommandError) {
      defer { close(file) }
      var bytes = Array(text.utf8)[...]
      while !bytes.isEmpty {
        let written = bytes.withUnsafeBytes { EngramSystem.write(file, $0.baseAddress, $0.count) }
        if written > 0 { bytes = bytes.dropFirst(written) } else if errno != EINTR { throw problem("write", path) }
      }
      guard fsync(file) == 0 else { throw problem("flush", path) }
    } catch {
      unlink(aside)
      throw error
    }
    guard rename(aside, path) == 0 else {
      let error = problem("replace", path)
      unlink(aside)
      throw error
    }
    let slash = path.lastIndex(of: "/")
    let folder = open(slash.map { String(path[..<$0]) } ?? ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw problem("flush the folder of", path) }
    defer { close(folder) }
    guard fsync(folder) == 0 else { throw problem("flush the folder of", path) }
  }

  private static func problem(_ verb: String, _ path: String) -> CommandError {
    CommandError("cannot \(verb) '\(path)': \(String(cString: strerror(errno)))")
  }
}
