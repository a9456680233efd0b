import EngramScalars
import EngramSystem
import Synchronization

/// The folder `live` of a run directory: files that columns are in while the run goes on, for others to look at. Nothing is ever
/// restored from them.
///
/// Made with the first file, emptied by the next writer, removed by a clean end. Space is claimed before it is shown: a full
/// disk is an error of the call that asks for more, never a bus error in a step (STO-7).
final class LiveSpace: Sendable {
  static let folderName = "live"

  let headers: any PayloadHeaderWriter
  private let system: any FileSystem
  private let root: Descriptor
  private let directoryPath: String

  private struct WeakFile { weak var file: LiveFile? }
  private struct State {
    var folder: Descriptor?
    var isClosed = false
    var files: [WeakFile] = []
    /// How many there are when those that are gone are looked for.
    var filesToSweep = 64
  }
  private let state = Mutex(State())

  /// - Parameter root: of the run directory; open until ``close()``.
  init(in root: Descriptor, path: String, headers: any PayloadHeaderWriter, system: any FileSystem) {
    (self.root, directoryPath, self.headers, self.system) = (root, path, headers, system)
  }

  var isClosed: Bool { state.withLock { $0.isClosed } }

  func path(_ name: String) -> String { "\(directoryPath)/\(LiveSpace.folderName)/\(name)" }

  /// A file of this layout whose first array begins with these bytes; it is shown at `start` from its first array on.
  ///
  /// - Parameters:
  ///   - wish: the name for people; what is already there keeps its name, and the new one gets a number.
  ///   - byteCount: of everything behind the header.
  func makeFile(
    _ wish: String, _ layout: PayloadLayout, rows: Int, payload: UnsafeRawBufferPointer, claiming byteCount: Int, at start: UnsafeMutableRawPointer
  ) throws(StorageError) -> LiveFile {
    let folder = try openFolder()
    let offset = LiveFile.payloadOffset
    guard layout.offsets.allSatisfy({ $0 >= offset }) else {
      throw .mismatch(what: "the header of a live file", expected: "at most \(offset) bytes", found: "more")
    }
    let (descriptor, name) = try create(wish, in: folder)
    do throws(StorageError) {
      try system.allocate(descriptor, offset: 0, byteCount: offset + byteCount)
      for (place, bytes) in layout.metadata { try system.write(descriptor, bytes, at: place) }
      try write(payload, to: descriptor)
      _ = try system.map(descriptor, offset: offset, byteCount: byteCount, mode: .writeShared, at: start)
      let file = LiveFile(name, inode: try system.status(descriptor).inode, byteCount: offset + byteCount, rows: rows, in: self)
      try? system.close(descriptor)
      note(file)
      return file
    } catch {
      try? system.close(descriptor)
      try? system.remove(name, in: folder)
      throw error
    }
  }

  /// By way of the page cache, in pieces that it keeps as they are: pages of larger ones cost several times more each time they
  /// are written to again after they have been written back (measured: `tools/benchmarks/RESULTS-storage.md`).
  private func write(_ payload: UnsafeRawBufferPointer, to descriptor: Descriptor) throws(StorageError) {
    let piece = 64 << 10
    var place = 0
    while place < payload.count {
      let end = min(payload.count, (LiveFile.payloadOffset + place) / piece * piece + piece - LiveFile.payloadOffset)
      try system.write(descriptor, UnsafeRawBufferPointer(rebasing: payload[place..<end]), at: LiveFile.payloadOffset + place)
      place = end
    }
  }

  private func create(_ wish: String, in folder: Descriptor) throws(StorageError) -> (Descriptor, String) {
    let plain = CheckpointName.isPlainFileName(wish) ? wish : CheckpointName.fileName(for: wish)
    var number = 1
    while true {
      let name = number == 1 ? "\(plain).h5" : "\(plain)-\(number).h5"
      do throws(StorageError) { return (try system.open(name, in: folder, .createNew), name) } catch {
        guard case .system(_, _, EEXIST) = error, number < 1 << 20 else { throw error }
      }
      number += 1
    }
  }

  private func note(_ file: LiveFile) {
    // Returned, so that none of them goes while the lock is held.
    _ = state.withLock { state -> [LiveFile] in
      state.files.append(WeakFile(file: file))
      guard state.files.count >= state.filesToSweep else { return [] }
      let present = state.files.compactMap(\.file)
      state.files = present.map { WeakFile(file: $0) }
      state.filesToSweep = max(64, 2 * present.count)
      return present
    }
  }

  private func openFolder() throws(StorageError) -> Descriptor {
    let (known, isClosed) = state.withLock { ($0.folder, $0.isClosed) }
    if let known { return known }
    if isClosed { throw .readOnly(path: directoryPath) }
    do throws(StorageError) { try system.makeDirectory(LiveSpace.folderName, in: root) } catch {
      guard case .system(_, _, EEXIST) = error else { throw error }
    }
    let folder = try system.openDirectory(LiveSpace.folderName, in: root)
    guard system.keepRewritesInPlace(in: folder) else {
      try? system.close(folder)
      try? system.removeDirectory(LiveSpace.folderName, in: root)
      throw .copiesOnWrite(path: directoryPath)
    }
    state.withLock { $0.folder = folder }
    return folder
  }

  // MARK: For the files

  func status(_ name: String) throws(StorageError) -> FileStatus? {
    guard let folder = state.withLock({ $0.folder }) else { return nil }
    return try system.status(name, in: folder)
  }

  /// Lends a descriptor of a file, which must be the one with this inode.
  func open(
    _ name: String, inode: UInt64, _ body: (Descriptor, any FileSystem) throws(StorageError) -> Void
  ) throws(StorageError) {
    guard let folder = state.withLock({ $0.folder }) else { throw .readOnly(path: directoryPath) }
    let descriptor = try system.open(name, in: folder, .reopen)
    do throws(StorageError) {
      guard try system.status(descriptor).inode == inode else { throw .liveFileLost(path: path(name), what: "was replaced") }
      try body(descriptor, system)
    } catch {
      try? system.close(descriptor)
      throw error
    }
    try? system.close(descriptor)
  }

  /// Removes a file that no column is in any more; not what somebody else put in its place.
  func remove(_ name: String, _ inode: UInt64) {
    guard let folder = state.withLock({ $0.folder }), let found = try? system.status(name, in: folder), found.inode == inode else { return }
    try? system.remove(name, in: folder)
  }

  // MARK: All of it

  /// Looks whether every file is there still.
  ///
  /// - Throws: ``StorageError/liveFileLost(path:what:)``, once for what was removed or replaced.
  func check() throws(StorageError) {
    for file in state.withLock({ $0.files.compactMap(\.file) }) { try file.check() }
  }

  /// Removes the files and the folder. Columns stay as they are: in memory that no name leads to.
  func close() {
    for file in state.withLock({ $0.files.compactMap(\.file) }) { file.remove() }
    let folder = state.withLock { state in
      defer { (state.isClosed, state.folder, state.files) = (true, nil, []) }
      return state.folder
    }
    guard let folder else { return }
    try? system.close(folder)
    try? system.removeDirectory(LiveSpace.folderName, in: root)
  }

  /// Removes what a writer left that was killed.
  static func clear(in root: Descriptor, _ system: any FileSystem) {
    guard let folder = try? system.openDirectory(folderName, in: root) else { return }
    for name in (try? system.list(folder)) ?? [] { try? system.remove(name, in: folder) }
    try? system.close(folder)
    try? system.removeDirectory(folderName, in: root)
  }
}
