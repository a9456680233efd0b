internal import EngramSystem

/// A file under another name beside the one that is to be: it gets that name when it is complete.
///
/// Made by this process alone: no link that lies there is followed. What a process that was killed left is found by its name and
/// removed by the next one that writes the same file; the lock tells it from what somebody is still writing.
final class AsideFile {
  private let path: String
  private let temporary: String
  private let descriptor: Int32

  init(for path: String) throws {
    self.path = path
    let directory = AsideFile.directory(of: path)
    temporary = "\(directory)/.\(path.split(separator: "/").last.map(String.init) ?? "").partial"
    try AsideFile.removeLeftover(temporary, of: path)
    descriptor = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw ExportError(path: path, operation: "create '\(temporary)'", code: errno) }
    let code = engram_lock(descriptor)
    guard code == 0 else {
      close(descriptor)
      throw ExportError(path: path, operation: "lock '\(temporary)'", code: code)
    }
  }

  deinit { close(descriptor) }

  /// Names the very file that was made, whatever happens to the directory meanwhile.
  var openPath: String { OpenFile.path(of: descriptor) }

  /// Flushes it and gives it its name, in place of an older one.
  func publish() throws {
    guard fsync(descriptor) == 0 else { throw ExportError(path: path, operation: "fsync", code: errno) }
    guard rename(temporary, path) == 0 else { throw ExportError(path: path, operation: "rename", code: errno) }
    let directory = open(AsideFile.directory(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { throw ExportError(path: path, operation: "open the directory", code: errno) }
    defer { close(directory) }
    guard fsync(directory) == 0 else { throw ExportError(path: path, operation: "fsync", code: errno) }
  }

  func remove() { unlink(temporary) }

  static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func removeLeftover(_ temporary: String, of path: String) throws {
    let descriptor = open(temporary, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      // A link, or nothing: creating tells.
      return
    }
    defer { close(descriptor) }
    let code = engram_lock(descriptor)
    guard code == 0 else { throw ExportError(path: path, operation: "another process is writing it: lock '\(temporary)'", code: code) }
    guard unlink(temporary) == 0 else { throw ExportError(path: path, operation: "remove '\(temporary)'", code: errno) }
  }
}
