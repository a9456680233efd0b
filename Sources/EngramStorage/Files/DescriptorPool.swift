import EngramSystem

/// Bounds how many files are open at a time, however many are in use.
///
/// A recorded variable has files of its own, and a checkpoint may refer to thousands. Each is open while somebody reads or
/// writes it, and stays open as long as there is room; then those that were used longest ago are closed, and opened again by
/// name when they are wanted. It must be the same file then: its inode is compared.
///
/// Unchecked: everything is behind `lock`; files are closed outside of it.
package final class DescriptorPool: @unchecked Sendable {
  private struct Entry { weak var file: PooledFile? }

  private let lock = Lock()
  private let limit: @Sendable () -> Int
  private var open: [ObjectIdentifier: Entry] = [:]
  private var clock: UInt64 = 0
  private var pinCount = 0

  package init(limit: @escaping @Sendable () -> Int) { self.limit = limit }

  /// For the files of this process: what its limit leaves after a margin for everything that is not pooled.
  static let ofProcess = DescriptorPool {
    room(within: ResourceLimit.openFiles.value ?? .max)
  }

  /// A quarter, or 96 where that is more, is left to directories, logs, libraries and whoever else is in the process.
  static func room(within softLimit: UInt64) -> Int {
    let all = Int(clamping: min(softLimit, 1 << 20))
    return max(8, all - max(96, all / 4))
  }

  package var openCount: Int { lock.withLock { open.count } }

  /// The descriptor of a file, which stays open until ``release(_:)``.
  fileprivate func acquire(_ file: PooledFile) throws(StorageError) -> Descriptor {
    if let known = lock.withLock({ use(file) }) { return known }
    makeRoom(limit() - 1)
    let fresh = try file.openAgain()
    let (found, surplus): (Descriptor, Descriptor?) = lock.withLock {
      // Somebody else may have opened it meanwhile.
      if let known = use(file) { return (known, fresh) }
      file.descriptor = fresh
      open[ObjectIdentifier(file)] = Entry(file: file)
      return (use(file) ?? fresh, nil)
    }
    if let surplus { try? file.system.close(surplus) }
    return found
  }

  private func use(_ file: PooledFile) -> Descriptor? {
    guard let descriptor = file.descriptor else { return nil }
    clock += 1
    file.lastUse = clock
    file.userCount += 1
    return descriptor
  }

  fileprivate func release(_ file: PooledFile) { lock.withLock { file.userCount -= 1 } }

  /// Keeps a file open until ``unpin(_:)``; false where too many are kept already.
  fileprivate func pin(_ file: PooledFile) -> Bool {
    let most = max(1, limit() / 2)
    let isAllowed = lock.withLock {
      guard pinCount < most else { return false }
      pinCount += 1
      return true
    }
    guard isAllowed else { return false }
    if (try? acquire(file)) != nil { return true }
    lock.withLock { pinCount -= 1 }
    return false
  }

  fileprivate func unpin(_ file: PooledFile) {
    release(file)
    lock.withLock { pinCount -= 1 }
  }

  /// Takes in a file that was opened just now.
  fileprivate func adopt(_ file: PooledFile) {
    makeRoom(limit() - 1)
    lock.withLock {
      clock += 1
      file.lastUse = clock
      open[ObjectIdentifier(file)] = Entry(file: file)
    }
  }

  fileprivate func forget(_ file: PooledFile) { lock.withLock { open[ObjectIdentifier(file)] = nil } }

  /// Closes idle files, because the system has no descriptor left; false where there are none.
  func shed() -> Bool {
    let before = openCount
    makeRoom(before / 2)
    return openCount < before
  }

  /// Closes the idle files used longest ago until not more than `count` are open; a few more at once, so that not every
  /// opening has to look for one. Files in use stay, whatever their number.
  private func makeRoom(_ count: Int) {
    guard openCount > count else { return }
    // Held here, since whoever lets go of a file last must not be inside the lock.
    let files = lock.withLock { open.values.map { $0.file } }
    let victims = lock.withLock {
      let idle = files.compactMap(\.self).filter { $0.userCount == 0 && $0.descriptor != nil }.sorted { $0.lastUse < $1.lastUse }
      let chosen = idle.prefix(max(0, open.count - count) + count / 16)
      for file in chosen { file.userCount += 1 }
      return Array(chosen)
    }
    for file in victims {
      file.beforeClosing?()
      let closed: Descriptor? = lock.withLock {
        file.userCount -= 1
        // Wanted again meanwhile.
        guard file.userCount == 0 else { return nil }
        open[ObjectIdentifier(file)] = nil
        defer { file.descriptor = nil }
        return file.descriptor
      }
      if let closed { try? file.system.close(closed) }
    }
  }
}

/// A file that is open whenever somebody uses it.
///
/// Unchecked: what changes is behind the lock of the pool.
final class PooledFile: @unchecked Sendable {
  let system: any FileSystem
  let directory: DirectoryHandle
  let name: String
  /// For messages.
  let label: String
  /// To be done before the descriptor is given up, such as a flush whose failure only this descriptor would tell.
  /// Set before others know the file.
  var beforeClosing: (@Sendable () -> Void)?

  private let mode: OpenMode
  private let inode: UInt64
  fileprivate var descriptor: Descriptor?
  fileprivate var userCount = 0
  fileprivate var lastUse: UInt64 = 0

  /// Takes over an open file.
  ///
  /// - Parameter mode: how it is opened again: `.read` or `.reopen`.
  init(
    _ descriptor: Descriptor, _ name: String, in directory: DirectoryHandle, label: String, mode: OpenMode
  ) throws(StorageError) {
    system = directory.system
    self.directory = directory
    self.name = name
    self.label = label
    self.mode = mode
    do throws(StorageError) { inode = try system.status(descriptor).inode } catch {
      try? directory.system.close(descriptor)
      throw error
    }
    self.descriptor = descriptor
    system.descriptors.adopt(self)
  }

  deinit {
    system.descriptors.forget(self)
    if let descriptor { try? system.close(descriptor) }
  }

  fileprivate func openAgain() throws(StorageError) -> Descriptor {
    let found: Descriptor
    do throws(StorageError) { found = try system.open(name, in: directory.descriptor, mode) } catch {
      guard case .system(_, _, ENOENT) = error else { throw error }
      throw .missingFile(file: label, neededBy: "what is being read (a collection elsewhere may have removed it meanwhile; try again)")
    }
    do throws(StorageError) {
      guard try system.status(found).inode == inode else {
        throw .damaged(file: label, what: "it is another file than before", place: "directory entry")
      }
      return found
    } catch {
      try? system.close(found)
      throw error
    }
  }

  /// Keeps it open, so that it stays readable whatever becomes of its name, until ``unpin()``. False where too many files are kept so.
  func pin() -> Bool { system.descriptors.pin(self) }
  func unpin() { system.descriptors.unpin(self) }

  /// Lends the descriptor.
  func withDescriptor<Result>(_ body: (Descriptor) throws(StorageError) -> Result) throws(StorageError) -> Result {
    let descriptor = try system.descriptors.acquire(self)
    defer { system.descriptors.release(self) }
    return try body(descriptor)
  }
}

/// An open directory, closed with its last user.
final class DirectoryHandle: Sendable {
  let system: any FileSystem
  let descriptor: Descriptor

  init(_ system: any FileSystem, _ descriptor: Descriptor) {
    self.system = system
    self.descriptor = descriptor
  }

  deinit { try? system.close(descriptor) }
}
