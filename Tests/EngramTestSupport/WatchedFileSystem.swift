package import EngramStorage
import EngramSystem
import Synchronization

/// The real file system, how often it was asked for anything, and a call at which it fails.
package final class WatchedFileSystem: FileSystem {
  /// Which calls fail, counted from 0.
  package struct Fault: Sendable {
    package var first: Int
    /// Whether every later call fails as well.
    package var isLasting: Bool
    package var code: Int32
    /// The thread whose calls succeed all the same.
    var sparedThread: UInt?

    package init(first: Int, isLasting: Bool, code: Int32) {
      (self.first, self.isLasting, self.code) = (first, isLasting, code)
    }
  }

  private let system = RealFileSystem()
  private let calls = Atomic<Int>(0)
  private let bytesRead = Atomic<Int>(0)
  private let listings = Atomic<Int>(0)
  private let beforeOpening: @Sendable (String) -> Void
  private let fault: Mutex<Fault?>
  private let flushes: Bool
  private let freeBytes: UInt64?
  private let rewritesInPlace: Bool
  private let isRemote: Bool
  /// Bytes that files can still be given in advance; nil: as many as there are.
  private let room: Mutex<Int?>

  /// - Parameters:
  ///   - fault: nothing fails without.
  ///   - flushes: whether flushes reach the device; tests that cut no power are faster without.
  ///   - freeBytes: what there is said to be room for.
  ///   - room: bytes that files can be given in advance before the disk is full.
  ///   - isRemote: whether it says that it is one over a network.
  ///   - rewritesInPlace: false: as on a file system that gives every rewrite new blocks.
  ///   - beforeOpening: told the name of every file before it is opened.
  package init(
    fault: Fault? = nil, flushes: Bool = true, freeBytes: UInt64? = nil, room: Int? = nil, rewritesInPlace: Bool = true, isRemote: Bool = false,
    beforeOpening: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.beforeOpening = beforeOpening
    self.fault = Mutex(fault)
    (self.flushes, self.freeBytes) = (flushes, freeBytes)
    self.rewritesInPlace = rewritesInPlace
    self.isRemote = isRemote
    self.room = Mutex(room)
  }

  package var readByteCount: Int { bytesRead.load(ordering: .sequentiallyConsistent) }
  /// How often a directory was listed.
  package var listingCount: Int { listings.load(ordering: .sequentiallyConsistent) }
  package var count: Int { calls.load(ordering: .sequentiallyConsistent) }

  /// The call with that number fails.
  package func fail(at call: Int, code: Int32) { fault.withLock { $0 = Fault(first: call, isLasting: false, code: code) } }
  /// From now on every call fails.
  package func fail(code: Int32) { fault.withLock { $0 = Fault(first: 0, isLasting: true, code: code) } }
  /// From now on every call fails that another thread makes: what is written in the background.
  package func failElsewhere(code: Int32) {
    fault.withLock {
      $0 = Fault(first: 0, isLasting: true, code: code)
      $0?.sparedThread = SystemThread.current
    }
  }
  package func recover() { fault.withLock { $0 = nil } }

  private func counted<R>(_ body: () throws(StorageError) -> R) throws(StorageError) -> R {
    let number = calls.add(1, ordering: .sequentiallyConsistent).oldValue
    if let fault = fault.withLock({ $0 }), fault.sparedThread != SystemThread.current,
      number == fault.first || fault.isLasting && number > fault.first
    {
      throw .system(operation: "a call that a test lets fail", path: "call \(number)", code: fault.code)
    }
    return try body()
  }

  package func openDirectory(path: String) throws(StorageError) -> Descriptor {
    try counted { () throws(StorageError) in try system.openDirectory(path: path) }
  }
  package func openDirectory(_ name: String, in directory: Descriptor) throws(StorageError) -> Descriptor {
    try counted { () throws(StorageError) in try system.openDirectory(name, in: directory) }
  }
  package func makeDirectory(_ name: String, in directory: Descriptor) throws(StorageError) {
    try counted { () throws(StorageError) in try system.makeDirectory(name, in: directory) }
  }
  package func open(_ name: String, in directory: Descriptor, _ mode: OpenMode) throws(StorageError) -> Descriptor {
    beforeOpening(name)
    return try counted { () throws(StorageError) in try system.open(name, in: directory, mode) }
  }
  package func status(_ file: Descriptor) throws(StorageError) -> FileStatus {
    try counted { () throws(StorageError) in try system.status(file) }
  }
  package func status(_ name: String, in directory: Descriptor) throws(StorageError) -> FileStatus? {
    try counted { () throws(StorageError) in try system.status(name, in: directory) }
  }
  package func claimedByteCount(_ name: String, in directory: Descriptor) -> Int? { system.claimedByteCount(name, in: directory) }
  package func read(_ file: Descriptor, into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(StorageError) -> Int {
    let count = try counted { () throws(StorageError) in try system.read(file, into: buffer, at: offset) }
    bytesRead.add(count, ordering: .sequentiallyConsistent)
    return count
  }
  package func write(_ file: Descriptor, _ bytes: UnsafeRawBufferPointer, at offset: Int) throws(StorageError) {
    try counted { () throws(StorageError) in try system.write(file, bytes, at: offset) }
  }
  package func allocate(_ file: Descriptor, offset: Int, byteCount: Int) throws(StorageError) {
    let isFull = room.withLock { room in
      room = room.map { $0 - byteCount }
      return room.map { $0 < 0 } ?? false
    }
    if isFull { throw .system(operation: FileOperation.allocate.rawValue, path: "a full disk", code: ENOSPC) }
    try counted { () throws(StorageError) in try system.allocate(file, offset: offset, byteCount: byteCount) }
  }
  package func discard(_ file: Descriptor, offset: Int, byteCount: Int) throws(StorageError) -> Bool {
    try counted { () throws(StorageError) in try system.discard(file, offset: offset, byteCount: byteCount) }
  }
  package func truncate(_ file: Descriptor, byteCount: Int) throws(StorageError) {
    try counted { () throws(StorageError) in try system.truncate(file, byteCount: byteCount) }
  }
  package func syncFile(_ file: Descriptor) throws(StorageError) { try counted { () throws(StorageError) in if flushes { try system.syncFile(file) } } }
  package func syncData(_ file: Descriptor) throws(StorageError) { try counted { () throws(StorageError) in if flushes { try system.syncData(file) } } }
  package func syncDirectory(_ directory: Descriptor) throws(StorageError) {
    try counted { () throws(StorageError) in if flushes { try system.syncDirectory(directory) } }
  }
  package func rename(
    _ name: String, in directory: Descriptor, to newName: String, in newDirectory: Descriptor, replacing: Bool
  ) throws(StorageError) {
    try counted { () throws(StorageError) in
      try system.rename(name, in: directory, to: newName, in: newDirectory, replacing: replacing)
    }
  }
  package func link(_ name: String, in directory: Descriptor, to newName: String, in newDirectory: Descriptor) throws(StorageError) -> Bool {
    try counted { () throws(StorageError) in try system.link(name, in: directory, to: newName, in: newDirectory) }
  }
  package func clone(_ source: Descriptor, into target: Descriptor) throws(StorageError) -> Bool {
    try counted { () throws(StorageError) in try system.clone(source, into: target) }
  }
  package func remove(_ name: String, in directory: Descriptor) throws(StorageError) {
    try counted { () throws(StorageError) in try system.remove(name, in: directory) }
  }
  package func removeDirectory(_ name: String, in directory: Descriptor) throws(StorageError) {
    try counted { () throws(StorageError) in try system.removeDirectory(name, in: directory) }
  }
  package func list(_ directory: Descriptor) throws(StorageError) -> [String] {
    listings.add(1, ordering: .sequentiallyConsistent)
    return try counted { () throws(StorageError) in try system.list(directory) }
  }
  package func lock(_ file: Descriptor) throws(StorageError) -> Bool { try counted { () throws(StorageError) in try system.lock(file) } }
  package func protect(_ file: Descriptor) throws(StorageError) { try counted { () throws(StorageError) in try system.protect(file) } }
  package func close(_ file: Descriptor) throws(StorageError) {
    // A descriptor is gone whatever else is reported.
    try system.close(file)
    try counted { () throws(StorageError) in }
  }
  package func map(
    _ file: Descriptor, offset: Int, byteCount: Int, mode: MappingMode, at start: UnsafeMutableRawPointer?
  ) throws(StorageError) -> UnsafeMutableRawPointer {
    try counted { () throws(StorageError) in try system.map(file, offset: offset, byteCount: byteCount, mode: mode, at: start) }
  }
  package func freeByteCount(_ file: Descriptor) -> UInt64 { freeBytes ?? system.freeByteCount(file) }
  package var greatestFileByteCount: Int { system.greatestFileByteCount }
  package var descriptors: DescriptorPool { system.descriptors }
  package func isNetworkFileSystem(_ file: Descriptor) -> Bool { isRemote || system.isNetworkFileSystem(file) }
  package func keepRewritesInPlace(in folder: Descriptor) -> Bool { rewritesInPlace && system.keepRewritesInPlace(in: folder) }
}
