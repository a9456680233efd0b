import Synchronization

/// Where some bytes of an array lie, for those who make views of checkpoints.
package struct StoredPlace: Sendable, Equatable {
  /// Below the run directory.
  package let path: String
  package let offset: Int
  package let byteCount: Int
  package let hash: ContentHash
  /// Whether the array has the file for itself, as dataset `/data`; otherwise copy its bytes. Equal content is shared
  /// among variables, so type and shape of that dataset may be those of another one: compare before mapping it.
  package let isAlone: Bool
  /// The first rows of the dataset `/data` of a file that was made for this recording: type and shape are its own.
  package let isSegment: Bool
}

extension LoadedCheckpoint {
  /// Places of a column (one, or none without elements) or of the pieces of a recording, in order.
  package func places(of key: StoredKey) -> [StoredPlace] { storedPlaces(key) }
}

/// What may be published beside the checkpoints; nothing is ever restored from it.
package enum DerivedFile: Sendable {
  /// `checkpoints/<name or id>.h5`; goes when the checkpoint goes.
  case view(of: CheckpointInfo)
  /// `live.h5`: the newest state that is on disk while a run goes on. The checkpoint it shows stays as long as it does.
  case live(of: CheckpointInfo)
}

extension RunDirectory {
  static let liveName = "live.h5"
  static let statusName = "status.json"

  /// Writes a derived file aside and puts it in place at once; readers of the old one are undisturbed.
  ///
  /// Not flushed: after a power cut it may be missing or empty, and is made again.
  ///
  /// - Parameter contents: hands over the bytes of the file, in order.
  package func publishDerived(
    _ derived: DerivedFile, _ contents: (_ append: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws {
    guard access == .write, !state.withLock({ $0.isClosed }) else { throw StorageError.readOnly(path: path) }
    let (name, directory) =
      switch derived {
      case .view(let info):
        (CheckpointName.fileName(for: info.names.first.map { ViewName.text($0, onLine: ExactName(info.line)) } ?? info.id) + ".h5", checkpoints)
      case .live: (RunDirectory.liveName, root)
      }
    try begin()
    let aside = "derived-\(hexadecimal(options.random())).h5"
    let file = try system.open(aside, in: temporary, .createNew)
    var isOpen = true
    do {
      var position = 0
      try contents { bytes in
        try system.write(file, bytes, at: position)
        position += bytes.count
      }
      isOpen = false
      try system.close(file)
      try checkOwnership()
      try system.rename(aside, in: temporary, to: name, in: directory, replacing: true)
    } catch {
      if isOpen { try? system.close(file) }
      try? system.remove(aside, in: temporary)
      throw error
    }
    guard case .live(let info) = derived else { return }
    state.withLock { state in
      if let former = state.live { _ = state.candidates?.insert(former) }
      state.live = info.sequence
    }
  }

  /// Puts `status.json` in place: what a run says about itself. Not flushed.
  package func publishStatus(_ text: [UInt8]) throws(StorageError) {
    try publishStatus(text, hasBegun: true)
  }

  /// The same before anything has been begun there, at the same time as whoever begins: only the lock is ours.
  package func publishEarlyStatus(_ text: [UInt8]) throws(StorageError) { try publishStatus(text, hasBegun: false) }

  private func publishStatus(_ text: [UInt8], hasBegun: Bool) throws(StorageError) {
    guard access == .write, !state.withLock({ $0.isClosed }) else { throw .readOnly(path: path) }
    if hasBegun { try begin() }
    let aside = "status-\(hexadecimal(options.random()))"
    let file = try system.open(aside, in: temporary, .createNew)
    var isOpen = true
    do throws(StorageError) {
      try system.write(file, text, at: 0)
      isOpen = false
      try system.close(file)
      if hasBegun { try checkOwnership() }
      try system.rename(aside, in: temporary, to: RunDirectory.statusName, in: root, replacing: true)
    } catch {
      if isOpen { try? system.close(file) }
      try? system.remove(aside, in: temporary)
      throw error
    }
  }

  /// The same on a thread of its own; what fails is tried again with the next one.
  package func publishStatusInBackground(_ text: [UInt8]) {
    publisher.add { [weak self] in try? self?.publishStatus(text) }
  }

  /// The same after everything that waits to be published there.
  package func finishStatus(_ text: [UInt8]) {
    let done = Promise<Bool>()
    publisher.add { [weak self] in
      try? self?.publishStatus(text)
      done.fulfil(.success(true))
    }
    _ = try? done.wait()
  }

  /// Takes back what was said where no run has said anything.
  package func removeStatus() throws(StorageError) {
    guard access == .write, !state.withLock({ $0.isClosed }) else { throw .readOnly(path: path) }
    if try system.status(RunDirectory.statusName, in: root) != nil { try system.remove(RunDirectory.statusName, in: root) }
  }

  /// What the run in this directory said last about itself; nil where no run has said anything.
  package func statusText() throws(StorageError) -> [UInt8]? {
    guard let file = try system.openIfPresent(RunDirectory.statusName, in: root) else { return nil }
    defer { try? system.close(file) }
    return try system.contents(file, path: "\(path)/\(RunDirectory.statusName)", atMost: 1 << 20)
  }

  /// Id of the newest checkpoint, on whatever line.
  package var newestID: String? {
    state.withLock { state in state.catalogue.sequences.last { state.isVisible($0) }.map(CheckpointName.id) }
  }

  /// Its number; 0 where there is none.
  package var newestSequence: UInt64 { state.withLock { $0.catalogue.newest ?? 0 } }

  /// A `live.h5` that this process has not made shows a checkpoint that nobody keeps for it.
  func removeStaleLive() throws(StorageError) {
    guard state.withLock({ $0.live }) == nil, try system.status(RunDirectory.liveName, in: root) != nil else { return }
    try system.remove(RunDirectory.liveName, in: root)
  }
}
