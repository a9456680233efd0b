internal import Glibc

/// A file in memory that the HDF5 library can write by path.
///
/// The library does not survive a disk that fills while it closes a file (observed with 1.10: a crash inside H5Fclose).
/// What is small enough goes here first and then to the disk by writes that are checked.
final class MemoryFile {
  let path: String
  private let descriptor: Int32

  /// In memory where the system has a place for that, else where temporary files go.
  init() throws {
    var code: Int32 = 0
    for directory in ["/dev/shm", getenv("TMPDIR").map { String(cString: $0) } ?? "", "/tmp"] where !directory.isEmpty {
      var name = Array("\(directory)/engram-view-XXXXXX".utf8CString)
      let opened = mkstemp(&name)
      if opened >= 0 {
        descriptor = opened
        path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return
      }
      code = errno
    }
    throw ExportError(path: "/dev/shm", operation: "mkstemp", code: code)
  }

  deinit { close(descriptor) }

  /// Once the library has opened it nobody needs the name, and a kill leaves nothing behind.
  func forgetName() { unlink(path) }

  func copy(to target: String) throws {
    let file = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { throw ExportError(path: target, operation: "open", code: errno) }
    defer { close(file) }
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var position: off_t = 0
    while true {
      let count = buffer.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, position) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw ExportError(path: target, operation: "read", code: errno) }
      if count == 0 { return }
      var done = 0
      while done < count {
        let written = buffer.withUnsafeBytes { write(file, $0.baseAddress.map { $0 + done }, count - done) }
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { throw ExportError(path: target, operation: "write", code: errno) }
        done += written
      }
      position += off_t(count)
    }
  }
}
