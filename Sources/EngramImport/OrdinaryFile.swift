internal import EngramSystem

/// A file of somebody else: no pipe or device, which would let a reader wait for ever.
final class OrdinaryFile {
  let byteCount: Int
  private let descriptor: Int32

  init(_ path: String) throws {
    // What is no ordinary file must not be waited for before it is known.
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileReadingError.noFile(path) }
    var status = stat()
    let isOrdinary = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    byteCount = isOrdinary ? Int(status.st_size) : 0
    guard isOrdinary else { throw FileReadingError.noFile(path) }
  }

  deinit { close(descriptor) }

  /// So many bytes from a place on; fewer where the file ends.
  func bytes(from offset: Int, count: Int) throws -> [UInt8] {
    let wanted = max(0, min(count, byteCount - offset))
    return try [UInt8](unsafeUninitializedCapacity: wanted) { buffer, done in
      done = 0
      while done < wanted {
        let found = pread(descriptor, buffer.baseAddress.map { $0 + done }, wanted - done, off_t(offset + done))
        if found < 0, errno == EINTR { continue }
        guard found >= 0 else { throw FileReadingError.refused("it cannot be read: \(String(cString: strerror(errno)))") }
        // Somebody has made it shorter meanwhile.
        if found == 0 { return }
        done += found
      }
    }
  }
}
