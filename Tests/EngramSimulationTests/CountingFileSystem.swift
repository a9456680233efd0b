import EngramStorage
import Synchronization

/// The real file system, and how often it was asked for anything.
final class CountingFileSystem: FileSystem {
  private let system = RealFileSystem()
  private let calls = Atomic<Int>(0)

  var count: Int { calls.load(ordering: .sequentiallyConsistent) }

  private func counted<R>(_ body: () throws(StorageError) -> R) throws(StorageError) -> R {
    calls.add(1, ordering: .sequentiallyConsistent)
    return try body()
  }

  func openDirectory(path: String) throws(StorageError) -> Descriptor {
    try counted { () throws(StorageError) in try system.openDirectory(path: path) }
  }
  func openDirectory(_ name: String, in directory: Descriptor) throws(StorageError) -> Descriptor {
    try counted { () throws(StorageError) in try system.openDirectory(name, in: directory) }
  }
  func makeDirectory(_ name: String, in directory: Descriptor) throws(StorageError) {
    try counted { () throws(StorageError) in try system.makeDirectory(name, in: directory) }
  }
  func open(_ name: String, in directory: Descriptor, _ mode: OpenMode) throws(StorageError) -> Descriptor {
    try counted { () throws(StorageError) in try system.open(name, in: directory, mode) }
  }
  func status(_ file: Descriptor) throws(StorageError) -> FileStatus {
    try counted { () throws(StorageError) in try system.status(file) }
  }
  func read(_ file: Descriptor, into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(StorageError) -> Int {
    try counted { () throws(StorageError) in try system.read(file, into: buffer, at: offset) }
  }
  func write(_ file: Descriptor, _ bytes: UnsafeRawBufferPointer, at offset: Int) throws(StorageError) {
    try counted { () throws(StorageError) in try system.write(file, bytes, at: offset) }
  }
  func allocate(_ file: Descriptor, offset: Int, byteCount: Int) throws(StorageError) {
    try counted { () throws(StorageError) in try system.allocate(file, offset: offset, byteCount: byteCount) }
  }
  func truncate(_ file: Descriptor, byteCount: Int) throws(StorageError) {
    try counted { () throws(StorageError) in try system.truncate(file, byteCount: byteCount) }
  }
  func syncFile(_ file: Descriptor) throws(StorageError) { try counted { () throws(StorageError) in try system.syncFile(file) } }
  func syncData(_ file: Descriptor) throws(StorageError) { try counted { () throws(StorageError) in try system.syncData(file) } }
  func syncDirectory(_ directory: Descriptor) throws(StorageError) {
    try counted { () throws(StorageError) in try system.syncDirectory(directory) }
  }
  func rename(
    _ name: String, in directory: Descriptor, to newName: String, in newDirectory: Descriptor, replacing: Bool
  ) throws(StorageError) {
    try counted { () throws(StorageError) in
      try system.rename(name, in: directory, to: newName, in: newDirectory, replacing: replacing)
    }
  }
  func link(_ name: String, in directory: Descriptor, to newName: String, in newDirectory: Descriptor) throws(StorageError) -> Bool {
    try counted { () throws(StorageError) in try system.link(name, in: directory, to: newName, in: newDirectory) }
  }
  func clone(_ source: Descriptor, into target: Descriptor) throws(StorageError) -> Bool {
    try counted { () throws(StorageError) in try system.clone(source, into: target) }
  }
  func remove(_ name: String, in directory: Descriptor) throws(StorageError) {
    try counted { () throws(StorageError) in try system.remove(name, in: directory) }
  }
  func removeDirectory(_ name: String, in directory: Descriptor) throws(StorageError) {
    try counted { () throws(StorageError) in try system.removeDirectory(name, in: directory) }
  }
  func list(_ directory: Descriptor) throws(StorageError) -> [String] {
    try counted { () throws(StorageError) in try system.list(directory) }
  }
  func lock(_ file: Descriptor) throws(StorageError) -> Bool { try counted { () throws(StorageError) in try system.lock(file) } }
  func close(_ file: Descriptor) throws(StorageError) { try counted { () throws(StorageError) in try system.close(file) } }
  func map(
    _ file: Descriptor, offset: Int, byteCount: Int, mode: MappingMode, at start: UnsafeMutableRawPointer?
  ) throws(StorageError) -> UnsafeMutableRawPointer {
    try counted { () throws(StorageError) in try system.map(file, offset: offset, byteCount: byteCount, mode: mode, at: start) }
  }
  var mappingsFollowWrites: Bool { system.mappingsFollowWrites }
  func freeByteCount(_ file: Descriptor) -> UInt64 { system.freeByteCount(file) }
  func isNetworkFileSystem(_ file: Descriptor) -> Bool { system.isNetworkFileSystem(file) }
}
