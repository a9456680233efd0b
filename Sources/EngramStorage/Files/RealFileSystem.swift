import EngramSystem

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
  private func name(_ file: Descriptor) -> String { OpenFile.name(of: file.number) }

  private func component(_ name: String) throws(StorageError) {
    guard !name.isEmpty, name != ".", name != "..", !name.utf8.contains(UInt8(ascii: "/")), !name.utf8.contains(0) else {
      throw .invalidName(name: name, reason: "it is not a plain file name")
    }
  }

  package func openDirectory(path: String) throws(StorageError) -> Descriptor {
    let number = EngramSystem.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
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
    guard mkdirat(directory.number, name, 0o777) == 0 else { throw failure(.makeDirectory, name) }
    // The umask may have taken from the owner what a run cannot do without.
    var status = stat()
    guard fstatat(directory.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { throw failure(.makeDirectory, name) }
    let mode = status.st_mode & 0o7777
    guard mode & 0o700 == 0o700 || fchmodat(directory.number, name, mode | 0o700, 0) == 0 else { throw failure(.makeDirectory, name) }
  }

  package func open(_ name: String, in directory: Descriptor, _ mode: OpenMode) throws(StorageError) -> Descriptor {
    try component(name)
    switch mode {
    case .read: return try open(name, in: directory, O_RDONLY | O_NONBLOCK)
    case .reopen: return try open(name, in: directory, O_RDWR | O_NONBLOCK)
    case .createNew: return try open(name, in: directory, O_RDWR | O_CREAT | O_EXCL)
    case .createOrOpen, .append:
      let more = mode == .append ? O_APPEND : 0
      do throws(StorageError) { return try openOwn(name, in: directory, more) } catch {
        guard case .system(_, _, ENOENT) = error else { throw error }
      }
      // Whoever makes it first has made it; the others open what is there then.
      let made: Descriptor
      do throws(StorageError) { made = try open(name, in: directory, O_RDWR | O_CREAT | O_EXCL | more) } catch {
        guard case .system(_, _, EEXIST) = error else { throw error }
        return try openOwn(name, in: directory, more)
      }
      var status = stat()
      if mode == .createOrOpen, fstat(made.number, &status) == 0 {
        _ = fchmod(made.number, status.st_mode & (0o222 | (status.st_mode & 0o222) << 1))
      }
      return made
    }
  }

  private func open(_ name: String, in directory: Descriptor, _ flags: Int32) throws(StorageError) -> Descriptor {
    let isNew = flags & O_CREAT != 0
    var number = engram_open_beneath(directory.number, name, flags, 0o666)
    if [-EMFILE, -ENFILE].contains(number), descriptors.shed() { number = engram_open_beneath(directory.number, name, flags, 0o666) }
    guard number >= 0 else { throw failure(isNew ? .create : .open, name, -number) }
    do throws(StorageError) {
      var status = stat()
      guard fstat(number, &status) == 0 else { throw failure(.status, name) }
      // A pipe or device under this name would block or lie.
      guard status.st_mode & S_IFMT == S_IFREG else { throw .damaged(file: name, what: "it is not a regular file", place: "directory entry") }
      let bits = status.st_mode & 0o7777
      if isNew, bits & 0o600 != 0o600, fchmod(number, bits | 0o600) != 0 { throw failure(.create, name) }
    } catch {
      _ = EngramSystem.close(number)
      throw error
    }
    return Descriptor(number)
  }

  /// A file of this directory that is going to be changed in place: refused where it may be more than that.
  private func openOwn(_ name: String, in directory: Descriptor, _ flags: Int32) throws(StorageError) -> Descriptor {
    let file: Descriptor
    do throws(StorageError) { file = try open(name, in: directory, O_RDWR | O_NONBLOCK | flags) } catch {
      guard case .system(_, _, ELOOP) = error else { throw error }
      throw .notOurs(path: name, reason: "it is a symbolic link")
    }
    do throws(StorageError) {
      var (mine, folder) = (stat(), stat())
      guard fstat(file.number, &mine) == 0, fstat(directory.number, &folder) == 0 else { throw failure(.status, name) }
      if mine.st_nlink != 1 { throw .notOurs(path: name, reason: "it has \(mine.st_nlink) names (hard links)") }
      let isShared = mine.st_mode & 0o020 != 0 && mine.st_gid == folder.st_gid
      if mine.st_uid != geteuid(), mine.st_uid != folder.st_uid, !isShared {
        throw .notOurs(path: name, reason: "it belongs to user \(mine.st_uid), neither to you nor to the owner of the directory")
      }
      return file
    } catch {
      try? close(file)
      throw error
    }
  }

  package func status(_ file: Descriptor) throws(StorageError) -> FileStatus {
    var status = stat()
    guard fstat(file.number, &status) == 0 else { throw failure(.status, name(file)) }
    let kind = status.st_mode & S_IFMT
    return FileStatus(
      byteCount: Int(status.st_size), isRegular: kind == S_IFREG, isDirectory: kind == S_IFDIR, inode: UInt64(status.st_ino),
      linkCount: Int(status.st_nlink), modifiedNanoseconds: status.modifiedNanoseconds)
  }

  package func status(_ name: String, in directory: Descriptor) throws(StorageError) -> FileStatus? {
    try component(name)
    // Opened, not merely examined: over a network only that asks the server.
    let number = engram_open_beneath(directory.number, name, O_RDONLY | O_NONBLOCK, 0)
    if number == -ENOENT { return nil }
    guard number >= 0 else { throw failure(.status, name, -number) }
    defer { _ = EngramSystem.close(number) }
    return try status(Descriptor(number))
  }

  package func claimedByteCount(_ name: String, in directory: Descriptor) -> Int? {
    var status = stat()
    guard fstatat(directory.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_blocks) * 512
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

  package func discard(_ file: Descriptor, offset: Int, byteCount: Int) throws(StorageError) -> Bool {
    let code = engram_discard(file.number, Int64(offset), Int64(byteCount))
    if code == 0 { return true }
    if [EOPNOTSUPP, ENOSYS, EINVAL, EPERM].contains(code) { return false }
    throw failure(.discard, name(file), code)
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
    let code = engram_sync_data(file.number)
    guard code == 0 else { throw failure(.syncData, name(file), code) }
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
      _ = EngramSystem.close(number)
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

  package func unlock(_ file: Descriptor) throws(StorageError) {
    let code = engram_unlock(file.number)
    guard code == 0 else { throw failure(.lock, name(file), code) }
  }

  package func protect(_ file: Descriptor) throws(StorageError) {
    var status = stat()
    guard fstat(file.number, &status) == 0 else { throw failure(.status, name(file)) }
    guard fchmod(file.number, status.st_mode & 0o444) != 0 else { return }
    if ![EPERM, EOPNOTSUPP, ENOSYS, EINVAL].contains(errno) { throw failure(.protect, name(file)) }
  }

  package func close(_ file: Descriptor) throws(StorageError) {
    // After EINTR the descriptor is gone on Linux; calling again could close somebody else's.
    guard EngramSystem.close(file.number) == 0 || errno == EINTR else { throw failure(.close, "descriptor \(file.number)") }
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

  package func freeByteCount(_ file: Descriptor) -> UInt64 { engram_free_bytes(file.number) }

  package var greatestFileByteCount: Int { ResourceLimit.fileBytes.value.map { Int(clamping: $0) } ?? .max }

  package var descriptors: DescriptorPool { .ofProcess }

  package func isNetworkFileSystem(_ file: Descriptor) -> Bool { engram_is_network_file_system(file.number) != 0 }

  package func keepRewritesInPlace(in folder: Descriptor) -> Bool { engram_keep_rewrites_in_place(folder.number) != 0 }
}
