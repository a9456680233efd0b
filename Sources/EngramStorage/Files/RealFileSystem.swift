import CEngramSystem
import Glibc

/// The operating system's files.
package struct RealFileSystem: FileSystem {
  /// The two calls that may be interrupted or fall short; replaced in the tests of the loops around them.
  struct Transfers: Sendable {
    var read: @Sendable (Int32, UnsafeMutableRawPointer, Int, Int) -> Int = { pread($0, $1, $2, off_t($3)) }
    var write: @Sendable (Int32, UnsafeRawPointer, Int, Int) -> Int = { Int(engram_write($0, $1, $2, Int64($3))) }
  }

  private let transfers: Transfers

  package init() { transfers = Transfers() }
  init(transfers: Transfers) { self.transfers = transfers }

  private func failure(_ operation: FileOperation, _ path: String, _ code: Int32 = errno) -> StorageError {
    .system(operation: operation.rawValue, path: path, code: code)
  }

  /// A readable name for messages about a descriptor.
  private func name(_ file: Descriptor) -> String {
    var buffer = [UInt8](repeating: 0, count: 1024)
    let count = readlink("/proc/self/fd/\(file.number)", &buffer, buffer.count)
    return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : "descriptor \(file.number)"
  }

  private func component(_ name: String) throws(StorageError) {
    guard !name.isEmpty, name != ".", name != "..", !name.utf8.contains(UInt8(ascii: "/")), !name.utf8.contains(0) else {
      throw .invalidName(name: name, reason: "it is not a plain file name")
    }
  }

  package func openDirectory(path: String) throws(StorageError) -> Descriptor {
    let number = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard number >= 0 else { throw failure(.openDirectory, path) }
    return Descriptor(number)
  }

  package func openDirectory(_ name: String, in directory: Descriptor) throws(StorageError) -> Descriptor {
    try component(name)
    let number = engram_open_beneath(directory.number, name, O_RDONLY | O_DIRECTORY, 0)
    guard number >= 0 else { throw failure(.openDirectory, name, -number) }
    return Descriptor(number)
  }

  package func makeDirectory(_ name: String, in directory: Descriptor) throws(StorageError) {
    try component(name)
    guard mkdirat(directory.number, name, 0o700) == 0 else { throw failure(.makeDirectory, name) }
    // The umask may have taken bits away.
    guard fchmodat(directory.number, name, 0o700, 0) == 0 else { throw failure(.makeDirectory, name) }
  }

  package func open(_ name: String, in directory: Descriptor, _ mode: OpenMode) throws(StorageError) -> Descriptor {
    try component(name)
    let flags: Int32 =
      switch mode {
      case .read: O_RDONLY | O_NONBLOCK
      case .createNew: O_RDWR | O_CREAT | O_EXCL
      case .createOrOpen: O_RDWR | O_CREAT | O_NONBLOCK
      }
    let number = engram_open_beneath(directory.number, name, flags, 0o600)
    guard number >= 0 else { throw failure(mode == .read ? .open : .create, name, -number) }
    let descriptor = Descriptor(number)
    do throws(StorageError) {
      // A pipe or device under this name would block or lie.
      guard try status(descriptor).isRegular else { throw .damaged(file: name, what: "it is not a regular file", place: "directory entry") }
      if mode != .read, fchmod(number, 0o600) != 0 { throw failure(.create, name) }
    } catch {
      _ = Glibc.close(number)
      throw error
    }
    return descriptor
  }

  package func status(_ file: Descriptor) throws(StorageError) -> FileStatus {
    var status = stat()
    guard fstat(file.number, &status) == 0 else { throw failure(.status, name(file)) }
    let kind = status.st_mode & S_IFMT
    return FileStatus(byteCount: Int(status.st_size), isRegular: kind == S_IFREG, isDirectory: kind == S_IFDIR)
  }

  package func read(_ file: Descriptor, into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(StorageError) -> Int {
    guard let base = buffer.baseAddress else { return 0 }
    var done = 0
    while done < buffer.count {
      let count = transfers.read(file.number, base + done, buffer.count - done, offset + done)
      if count < 0 {
        if errno == EINTR { continue }
        throw failure(.read, name(file))
      }
      if count == 0 { break }
      done += count
    }
    return done
  }

  package func write(_ file: Descriptor, _ bytes: UnsafeRawBufferPointer, at offset: Int) throws(StorageError) {
    guard let base = bytes.baseAddress else { return }
    var done = 0
    while done < bytes.count {
      let count = transfers.write(file.number, base + done, bytes.count - done, offset + done)
      if count < 0 {
        if errno == EINTR { continue }
        throw failure(.write, name(file))
      }
      guard count > 0 else { throw failure(.write, name(file), ENOSPC) }
      done += count
    }
  }

  package func allocate(_ file: Descriptor, offset: Int, byteCount: Int) throws(StorageError) {
    let before = try status(file).byteCount
    let code = engram_allocate(file.number, Int64(offset), Int64(byteCount))
    guard code != 0 else { return }
    // Some file systems leave a longer file and half of the space taken.
    if let after = try? status(file).byteCount, after != before { _ = ftruncate(file.number, off_t(before)) }
    throw failure(.allocate, name(file), code)
  }

  package func truncate(_ file: Descriptor, byteCount: Int) throws(StorageError) {
    while ftruncate(file.number, off_t(byteCount)) != 0 {
      if errno != EINTR { throw failure(.truncate, name(file)) }
    }
  }

  package func syncFile(_ file: Descriptor) throws(StorageError) {
    guard fsync(file.number) == 0 else { throw failure(.syncFile, name(file)) }
  }

  package func syncData(_ file: Descriptor) throws(StorageError) {
    guard fdatasync(file.number) == 0 else { throw failure(.syncData, name(file)) }
  }

  package func syncDirectory(_ directory: Descriptor) throws(StorageError) {
    guard fsync(directory.number) == 0 else { throw failure(.syncDirectory, name(directory)) }
  }

  package func rename(
    _ name: String, in directory: Descriptor, to newName: String, in newDirectory: Descriptor, replacing: Bool
  ) throws(StorageError) {
    try component(name)
    try component(newName)
    let code = engram_rename(directory.number, name, newDirectory.number, newName, replacing ? 1 : 0)
    guard code == 0 else { throw failure(.rename, newName, code) }
  }

  package func link(
    _ name: String, in directory: Descriptor, to newName: String, in newDirectory: Descriptor
  ) throws(StorageError) -> Bool {
    try component(name)
    try component(newName)
    if linkat(directory.number, name, newDirectory.number, newName, 0) == 0 { return true }
    let code = errno
    if [EXDEV, EPERM, EMLINK, EOPNOTSUPP, ENOSYS].contains(code) { return false }
    throw failure(.link, newName, code)
  }

  package func clone(_ source: Descriptor, into target: Descriptor) throws(StorageError) -> Bool {
    let code = engram_clone(target.number, source.number)
    if code == 0 { return true }
    if [EXDEV, EOPNOTSUPP, EINVAL, ENOTTY, ENOSYS, EPERM, EBADF].contains(code) { return false }
    throw failure(.clone, name(target), code)
  }

  package func remove(_ name: String, in directory: Descriptor) throws(StorageError) {
    try component(name)
    guard unlinkat(directory.number, name, 0) == 0 else { throw failure(.remove, name) }
  }

  package func removeDirectory(_ name: String, in directory: Descriptor) throws(StorageError) {
    try component(name)
    guard unlinkat(directory.number, name, AT_REMOVEDIR) == 0 else { throw failure(.removeDirectory, name) }
  }

  package func list(_ directory: Descriptor) throws(StorageError) -> [String] {
    // A fresh open file description: positions are not shared with other listings.
    let number = openat(directory.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard number >= 0 else { throw failure(.list, name(directory)) }
    guard let stream = fdopendir(number) else {
      let code = errno
      _ = Glibc.close(number)
      throw failure(.list, name(directory), code)
    }
    defer { closedir(stream) }
    var names: [[UInt8]] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        guard errno == 0 else { throw failure(.list, name(directory)) }
        break
      }
      let bytes = withUnsafeBytes(of: entry.pointee.d_name) { Array($0.prefix(while: { $0 != 0 })) }
      if bytes != [46], bytes != [46, 46] { names.append(bytes) }
    }
    return names.sorted { $0.lexicographicallyPrecedes($1) }.map { String(decoding: $0, as: UTF8.self) }
  }

  package func lock(_ file: Descriptor) throws(StorageError) -> Bool {
    let code = engram_lock(file.number)
    if code == 0 { return true }
    if code == EWOULDBLOCK { return false }
    throw failure(.lock, name(file), code)
  }

  package func close(_ file: Descriptor) throws(StorageError) {
    // After EINTR the descriptor is gone on Linux; calling again could close somebody else's.
    guard Glibc.close(file.number) == 0 || errno == EINTR else { throw failure(.close, "descriptor \(file.number)") }
  }

  package func map(
    _ file: Descriptor, offset: Int, byteCount: Int, mode: MappingMode, at start: UnsafeMutableRawPointer?
  ) throws(StorageError) -> UnsafeMutableRawPointer {
    var place = start
    let kind =
      switch mode {
      case .readShared: ENGRAM_MAP_READ_SHARED
      case .writePrivate: ENGRAM_MAP_WRITE_PRIVATE
      case .writeShared: ENGRAM_MAP_WRITE_SHARED
      }
    let code = engram_map_file(file.number, Int64(offset), byteCount, Int32(kind), &place)
    guard code == 0, let place else { throw failure(.map, name(file), code) }
    return place
  }

  package var mappingsFollowWrites: Bool { true }

  package func freeByteCount(_ file: Descriptor) -> UInt64 { engram_free_bytes(file.number) }

  package func isNetworkFileSystem(_ file: Descriptor) -> Bool { engram_is_network_file_system(file.number) != 0 }
}
