import EngramScalars
import EngramSystem
import Synchronization
import Testing

@testable import EngramStorage

/// The files of the system, one of which rots between two readings: from reading number `from` on a bit of it is set.
///
/// Also a file system that cannot make hard links, or shares blocks instead.
final class RottingDisk: FileSystem, @unchecked Sendable {
  /// Names of files that contain this rot.
  let name: String
  /// Which byte of it.
  let place: Int
  private let from: Int
  private let canLink: Bool
  private let canShare: Bool
  private let real = RealFileSystem()
  private struct State {
    var readings = 0
    var rotting: Set<Int32> = []
  }
  private let state = Mutex(State())

  init(rotting name: String, at place: Int, from: Int = 0, canLink: Bool = true, canShare: Bool = false) {
    (self.name, self.place, self.from, self.canLink, self.canShare) = (name, place, from, canLink, canShare)
  }

  /// Readings of the byte so far.
  var readings: Int { state.withLock { $0.readings } }

  func open(_ name: String, in directory: Descriptor, _ mode: OpenMode) throws(StorageError) -> Descriptor {
    let file = try real.open(name, in: directory, mode)
    if !self.name.isEmpty, name.contains(self.name), mode == .read { state.withLock { _ = $0.rotting.insert(file.number) } }
    return file
  }

  func read(_ file: Descriptor, into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(StorageError) -> Int {
    let count = try real.read(file, into: buffer, at: offset)
    if place >= offset, place < offset + count {
      let isRotten = state.withLock { state in
        guard state.rotting.contains(file.number) else { return false }
        defer { state.readings += 1 }
        return state.readings >= from
      }
      if isRotten { buffer[place - offset] |= 0x10 }
    }
    return count
  }

  func close(_ file: Descriptor) throws(StorageError) {
    state.withLock { _ = $0.rotting.remove(file.number) }
    try real.close(file)
  }

  func link(_ name: String, in directory: Descriptor, to newName: String, in newDirectory: Descriptor) throws(StorageError) -> Bool {
    canLink ? try real.link(name, in: directory, to: newName, in: newDirectory) : false
  }

  /// As if blocks were shared: what is there is there too, rot as well.
  func clone(_ source: Descriptor, into target: Descriptor) throws(StorageError) -> Bool {
    guard canShare else { return false }
    let byteCount = try real.status(source).byteCount
    try real.truncate(target, byteCount: byteCount)
    var bytes = [UInt8](repeating: 0, count: byteCount)
    var failure: StorageError?
    bytes.withUnsafeMutableBytes { buffer in do throws(StorageError) { _ = try real.read(source, into: buffer, at: 0) } catch { failure = error } }
    if let failure { throw failure }
    if state.withLock({ $0.rotting.contains(source.number) }), place < byteCount { bytes[place] |= 0x10 }
    try real.write(target, bytes, at: 0)
    return true
  }

  // Everything else is the system's.
  func openDirectory(path: String) throws(StorageError) -> Descriptor { try real.openDirectory(path: path) }
  func openDirectory(_ name: String, in directory: Descriptor) throws(StorageError) -> Descriptor { try real.openDirectory(name, in: directory) }
  func makeDirectory(_ name: String, in directory: Descriptor) throws(StorageError) { try real.makeDirectory(name, in: directory) }
  func status(_ file: Descriptor) throws(StorageError) -> FileStatus { try real.status(file) }
  func status(_ name: String, in directory: Descriptor) throws(StorageError) -> FileStatus? { try real.status(name, in: directory) }
  func claimedByteCount(_ name: String, in directory: Descriptor) -> Int? { real.claimedByteCount(name, in: directory) }
  func write(_ file: Descriptor, _ bytes: UnsafeRawBufferPointer, at offset: Int) throws(StorageError) { try real.write(file, bytes, at: offset) }
  func allocate(_ file: Descriptor, offset: Int, byteCount: Int) throws(StorageError) { try real.allocate(file, offset: offset, byteCount: byteCount) }
  func discard(_ file: Descriptor, offset: Int, byteCount: Int) throws(StorageError) -> Bool {
    try real.discard(file, offset: offset, byteCount: byteCount)
  }
  func truncate(_ file: Descriptor, byteCount: Int) throws(StorageError) { try real.truncate(file, byteCount: byteCount) }
  func protect(_ file: Descriptor) throws(StorageError) { try real.protect(file) }
  func syncFile(_ file: Descriptor) throws(StorageError) { try real.syncFile(file) }
  func syncData(_ file: Descriptor) throws(StorageError) { try real.syncData(file) }
  func syncDirectory(_ directory: Descriptor) throws(StorageError) { try real.syncDirectory(directory) }
  func rename(
    _ name: String, in directory: Descriptor, to newName: String, in newDirectory: Descriptor, replacing: Bool
  ) throws(StorageError) { try real.rename(name, in: directory, to: newName, in: newDirectory, replacing: replacing) }
  func remove(_ name: String, in directory: Descriptor) throws(StorageError) { try real.remove(name, in: directory) }
  func removeDirectory(_ name: String, in directory: Descriptor) throws(StorageError) { try real.removeDirectory(name, in: directory) }
  func list(_ directory: Descriptor) throws(StorageError) -> [String] { try real.list(directory) }
  func lock(_ file: Descriptor) throws(StorageError) -> Bool { try real.lock(file) }
  func map(
    _ file: Descriptor, offset: Int, byteCount: Int, mode: MappingMode, at start: UnsafeMutableRawPointer?
  ) throws(StorageError) -> UnsafeMutableRawPointer { try real.map(file, offset: offset, byteCount: byteCount, mode: mode, at: start) }
  var greatestFileByteCount: Int { real.greatestFileByteCount }
  var descriptors: DescriptorPool { real.descriptors }
  func freeByteCount(_ file: Descriptor) -> UInt64 { real.freeByteCount(file) }
  func isNetworkFileSystem(_ file: Descriptor) -> Bool { real.isNetworkFileSystem(file) }
  func keepRewritesInPlace(in folder: Descriptor) -> Bool { real.keepRewritesInPlace(in: folder) }
}

/// Another bit in a file, as a disk or somebody else would leave it: in place.
func flip(_ path: String, _ place: Int) throws {
  let file = EngramSystem.open(path, O_RDWR)
  guard file >= 0 else { throw StorageError.system(operation: "open", path: path, code: errno) }
  defer { close(file) }
  var byte: UInt8 = 0
  guard pread(file, &byte, 1, off_t(place)) == 1 else { throw StorageError.system(operation: "read", path: path, code: errno) }
  byte ^= 0x10
  guard pwrite(file, &byte, 1, off_t(place)) == 1 else { throw StorageError.system(operation: "write", path: path, code: errno) }
}

extension RunDirectory {
  /// Path and first byte of a stored array, or of a piece of a recording.
  func file(of key: StoredKey, in name: String = "latest") throws -> (path: String, offset: Int) {
    let place = try #require(try look(at: name).places(of: key).first)
    return ("\(path)/\(place.path)", place.offset)
  }
}
