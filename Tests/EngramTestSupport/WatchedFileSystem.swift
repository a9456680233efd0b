package import EngramStorage
import Synchronization

/// The real file system, and how often it was asked for anything.
package final class WatchedFileSystem: FileSystem {
  private let system = RealFileSystem()
  private let calls = Atomic<Int>(0)
  private let beforeOpening: @Sendable (String) -> Void

  /// - Parameter beforeOpening: told the name of every file before it is opened.
  package init(beforeOpening: @escaping @Sendable (String) -> Void = { _ in }) { self.beforeOpening = beforeOpening }

  package var count: Int { calls.load(ordering: .sequentiallyConsistent) }

  private func counted<R>(_ body: () throws(StorageError) -> R) throws(StorageError) -> R {
    calls.add(1, ordering: .sequentiallyConsistent)
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
  package func read(_ file: Descriptor, into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(StorageError) -> Int {
    try counted { () throws(StorageError) in try system.read(file, into: buffer, at: offset) }
  }
  package func write(_ file: Descriptor, _ bytes: UnsafeRawBufferPointer, at offset: Int) throws(StorageError) {
    try counted { () throws(StorageError) in try system.write(file, bytes, at: offset) }
  }
  package func allocate(_ file: Descriptor, offset: Int, byteCount: Int) throws(StorageError) {
    try counted { () throws(StorageError) in try system.allocate(file, offset: offset, byteCount: byteCount) }
  }
  package func truncate(_ file: Descriptor, byteCount: Int) throws(StorageError) {
    try counted { () throws(StorageError) in try system.truncate(file, byteCount: byteCount) }
  }
  package func syncFile(_ file: Descriptor) throws(StorageError) { try counted { () throws(StorageError) in try system.syncFile(file) } }
  package func syncData(_ file: Descriptor) throws(StorageError) { try counted { () throws(StorageError) in try system.syncData(file) } }
  package func syncDirectory(_ directory: Descriptor) throws(StorageError) {
    try counted { () throws(StorageError) in try system.syncDirectory(directory) }
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
    try counted { () throws(StorageError) in try system.list(directory) }
  }
  package func lock(_ file: Descriptor) throws(StorageError) -> Bool { try counted { () throws(StorageError) in try system.lock(file) } }
  package func close(_ file: Descriptor) throws(StorageError) { try counted { () throws(StorageError) in try system.close(file) } }
  package func map(
    _ file: Descriptor, offset: Int, byteCount: Int, mode: MappingMode, at start: UnsafeMutableRawPointer?
  ) throws(StorageError) -> UnsafeMutableRawPointer {
    try counted { () throws(StorageError) in try system.map(file, offset: offset, byteCount: byteCount, mode: mode, at: start) }
  }
  package var mappingsFollowWrites: Bool { system.mappingsFollowWrites }
  package func freeByteCount(_ file: Descriptor) -> UInt64 { system.freeByteCount(file) }
  package func isNetworkFileSystem(_ file: Descriptor) -> Bool { system.isNetworkFileSystem(file) }
}
