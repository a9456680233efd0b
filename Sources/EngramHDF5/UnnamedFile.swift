internal import EngramSystem

/// A file that only this process knows, and that the library can open by path as often as it is asked to.
///
/// The library does not survive a disk that fills while it closes a file (observed with 1.10: a crash inside H5Fclose), and
/// builds a header only in a file. Both are done here. The file lies in memory and takes space only for what is written; it has
/// no name in any directory, needs no room in /dev/shm, and a kill leaves nothing behind. Where the system has no such
/// files, it is one in a directory for temporary files.
package final class UnnamedFile {
  /// For the library.
  package let path: String
  private let descriptor: Int32
  private let isNamed: Bool

  package init() throws(HDF5Error) {
    let memory = engram_memory_file("engram")
    if memory >= 0 {
      let path = OpenFile.path(of: memory)
      if access(path, R_OK | W_OK) == 0 {
        (self.path, descriptor, isNamed) = (path, memory, false)
        return
      }
      close(memory)
    }
    var problem = "there is no directory for them"
    for directory in [getenv("TMPDIR").map { String(cString: $0) } ?? "", "/tmp", "/var/tmp", "/dev/shm"] where !directory.isEmpty {
      var name = Array("\(directory)/engram-XXXXXX".utf8CString)
      let opened = mkstemp(&name)
      if opened >= 0 {
        _ = fcntl(opened, F_SETFD, FD_CLOEXEC)
        let path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        (self.path, descriptor, isNamed) = (path, opened, true)
        return
      }
      problem = "\(directory): \(String(cString: strerror(errno)))"
    }
    throw HDF5Error("make a temporary file", detail: problem)
  }

  deinit {
    close(descriptor)
    if isNamed { unlink(path) }
  }

  package func byteCount() throws(HDF5Error) -> Int {
    let end = lseek(descriptor, 0, SEEK_END)
    guard end >= 0 else { throw HDF5Error("measure '\(path)'", detail: String(cString: strerror(errno))) }
    return Int(end)
  }

  package func read(_ range: Range<Int>) throws(HDF5Error) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    var count = 0
    while count < bytes.count {
      let received = bytes.withUnsafeMutableBytes { buffer in
        pread(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count, off_t(range.lowerBound + count))
      }
      if received < 0, errno == EINTR { continue }
      guard received > 0 else { throw HDF5Error("read '\(path)'", detail: received < 0 ? String(cString: strerror(errno)) : "it ends early") }
      count += received
    }
    return bytes
  }

  /// Lends all bytes in order, in slabs of bounded size.
  package func forEachSlab(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    let end = try byteCount()
    var start = 0
    while start < end {
      let slab = try read(start..<min(end, start + 1 << 20))
      try slab.withUnsafeBytes(body)
      start += slab.count
    }
  }
}
