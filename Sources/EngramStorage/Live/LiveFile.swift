import EngramScalars
import EngramSystem
import Synchronization

/// What a live array is called, for who makes files of it.
struct LiveName {
  let space: LiveSpace
  let key: StoredKey
  let metadata: StoredMetadata
  let scalarType: ScalarType
  let rowLength: Int

  var rowByteCount: Int { max(1, rowLength * scalarType.byteCount) }

  func dataset(rows: Int, path: [String]) -> PayloadDataset {
    PayloadDataset(
      path: path, scalarType: scalarType, shape: metadata.shape(rows: rows, rowLength: rowLength), attributes: metadata.attributes(key))
  }

  /// A file for this array alone, shown at `start`, with these bytes first and zeros behind them.
  func makeFile(of bytes: UnsafeRawBufferPointer, claiming byteCount: Int, at start: UnsafeMutableRawPointer) throws(StorageError) -> LiveFile {
    let rows = bytes.count / rowByteCount
    let layout = try space.headers.layout([dataset(rows: rows, path: ["data"])], PayloadFileOptions())
    return try space.makeFile(
      "\(key.owner).\(key.variable)", layout, rows: rows, payload: bytes, claiming: AddressRange.roundedToPages(max(1, byteCount)), at: start)
  }
}

/// A file of the folder `live`: one that columns are in while a run goes on. No descriptor is kept; where it grows it is
/// opened by name, and must be the same file then.
///
/// Removed from the folder with the last column in it. Unchecked: what changes is behind `state`.
final class LiveFile: @unchecked Sendable {
  let name: String
  let space: LiveSpace
  private struct State {
    var byteCount: Int
    var rows: Int
    /// Whether its loss has been told.
    var isLost = false
  }
  private let inode: UInt64
  private let state: Mutex<State>

  static let payloadOffset = PayloadFileOptions().firstOffset

  init(_ name: String, inode: UInt64, byteCount: Int, rows: Int, in space: LiveSpace) {
    (self.name, self.inode, self.space) = (name, inode, space)
    state = Mutex(State(byteCount: byteCount, rows: rows))
  }

  deinit { remove() }

  /// Takes its name away, unless somebody else's file has it.
  func remove() { space.remove(name, inode) }

  /// Whether somebody has removed or replaced it, so that nobody sees it any more.
  var isLost: Bool { state.withLock { $0.isLost } }
  /// Rows that its header speaks of.
  var rows: Int { state.withLock { $0.rows } }

  /// Claims space up to so many bytes of payload and shows what is new, behind `shown` bytes that are there already.
  func grow(to byteCount: Int, at start: UnsafeMutableRawPointer, shown: Int) throws(StorageError) {
    try opened { descriptor, system throws(StorageError) in
      let wanted = LiveFile.payloadOffset + AddressRange.roundedToPages(byteCount)
      let present = state.withLock { $0.byteCount }
      if wanted > present {
        try system.allocate(descriptor, offset: present, byteCount: wanted - present)
        state.withLock { $0.byteCount = wanted }
      }
      let count = AddressRange.roundedToPages(byteCount) - shown
      guard count > 0 else { return }
      _ = try system.map(descriptor, offset: LiveFile.payloadOffset + shown, byteCount: count, mode: .writeShared, at: start + shown)
    }
  }

  /// Has the header speak of so many rows.
  func writeHeader(_ layout: PayloadLayout, rows: Int) throws(StorageError) {
    try opened { descriptor, system throws(StorageError) in
      for (offset, bytes) in layout.metadata where offset + bytes.count <= LiveFile.payloadOffset {
        try system.write(descriptor, bytes, at: offset)
      }
    }
    state.withLock { $0.rows = rows }
  }

  /// Looks whether it is there still, as long as it was. Told once where it is gone: its content is not, as long as it is mapped.
  func check() throws(StorageError) {
    let (byteCount, isLost) = state.withLock { ($0.byteCount, $0.isLost) }
    guard !isLost else { return }
    guard let found = try space.status(name), found.inode == inode else {
      state.withLock { $0.isLost = true }
      throw .liveFileLost(path: space.path(name), what: "was removed or replaced")
    }
    guard found.byteCount >= byteCount else {
      throw .liveFileLost(path: space.path(name), what: "was shortened from \(byteCount) to \(found.byteCount) bytes")
    }
  }

  private func opened(_ body: (Descriptor, any FileSystem) throws(StorageError) -> Void) throws(StorageError) {
    try check()
    try space.open(name, inode: inode, body)
  }
}

/// Several small columns in one live file.
final class LivePack {
  let range: AddressRange
  let file: LiveFile

  init(_ range: AddressRange, _ file: LiveFile) {
    (self.range, self.file) = (range, file)
  }
}
