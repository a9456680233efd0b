import EngramScalars
import EngramSystem
import Synchronization

/// One array of a network, and where its owner wants it to be.
package struct PlacedColumn {
  let column: Column
  let key: StoredKey
  private let describe: () -> StoredMetadata
  let storage: ArrayStorage

  /// - Parameter metadata: asked for only where a file is made.
  package init(_ column: Column, as key: StoredKey, _ metadata: @autoclosure @escaping () -> StoredMetadata, _ storage: ArrayStorage) {
    (self.column, self.key, describe, self.storage) = (column, key, metadata, storage)
  }

  var metadata: StoredMetadata { describe() }
}

/// Arrays in the folder `live`, and read-only in objects (STO-1). On the thread of the run, between steps.
extension RunDirectory {
  /// Gives every array its place as far as that may change its address: before anybody asks for addresses.
  ///
  /// What cannot be mapped stays in memory, and is told as a warning.
  package func placeArrays(_ arrays: [PlacedColumn]) throws(StorageError) {
    guard access == .write else { return }
    var small: [PlacedColumn] = []
    var large: [PlacedColumn] = []
    let isMappable = arrays.contains { $0.storage == .mapped } && canMap
    for array in arrays {
      let column = array.column
      column.storage = array.storage == .mapped && !isMappable ? .private : array.storage
      switch (column.storage, column.place) {
      case (.memory, _): column.becomePrivate()
      case (.private, _): break
      case (.mapped, .live), (.mapped, .packed): if column.isLost { column.becomePrivate(); place(array, &small, &large) }
      case (.mapped, .sealed): break
      case (.mapped, .memory), (.mapped, .scratch): place(array, &small, &large)
      }
    }
    guard isMappable else { return }
    try begin()
    do throws(StorageError) {
      try startLiveStep()
      try pack(small)
      for array in large where !array.column.isPaged { try array.column.enterLive(in: live, as: array.key, array.metadata) }
    } catch { keepInMemory(small + large, because: error) }
  }

  private func place(_ array: PlacedColumn, _ small: inout [PlacedColumn], _ large: inout [PlacedColumn]) {
    if array.column.byteCount < options.largeColumnByteCount { small.append(array) } else { large.append(array) }
  }

  private var canMap: Bool {
    guard isOnNetworkFileSystem else { return true }
    warnOfStorage("'\(path)' is on a network file system, where mappings promise less")
    return false
  }

  /// Everything is prepared, and what steps will write has been announced: what nobody writes shows its object, if a checkpoint has
  /// written one; the rest moves into live files, at its address. Called again in the run, for what has been stored since.
  package func settleArrays(_ arrays: [PlacedColumn]) {
    guard access == .write else { return }
    var moving: [PlacedColumn] = []
    var hotByteCount = 0
    // What making the arrays has left, and what they were in before, is of no use to anybody any more.
    var hasGivenUp = false
    defer { if hasGivenUp { engram_give_back_free_memory() } }
    for array in arrays where array.column.storage == .mapped && array.column.byteCount >= options.largeColumnByteCount {
      let column = array.column
      if column.isSealed(below: path) { continue }
      if seal(array) {
        hasGivenUp = true
        continue
      }
      // Zeros that nobody writes have nothing to be kept in a file: as memory that was never touched they take no room.
      if array.metadata.kind == .sealed, column.repeated?.bits == 0 { continue }
      hotByteCount += column.byteCount
      switch column.place {
      case .memory: if column.isPaged { moving.append(array) }
      case .live: try? column.refreshLiveHeader()
      case .scratch, .packed, .sealed: break
      }
    }
    for array in arrays where array.column.byteCount < options.largeColumnByteCount { try? array.column.refreshLiveHeader() }
    guard !moving.isEmpty else { return }
    let greatest = options.greatestHotByteCount()
    guard hotByteCount <= greatest else {
      for array in moving { array.column.storage = .private }
      return warnOfStorage(
        "\(hotByteCount >> 20) MiB of arrays change in this run, and this system writes no more than \(greatest >> 20) MiB back without stalls")
    }
    do throws(StorageError) {
      for array in moving { try array.column.enterLive(in: live, as: array.key, array.metadata) }
      hasGivenUp = true
    } catch { keepInMemory(moving, because: error) }
  }

  /// Has arrays that are in memory for checkpoints alone shown from the objects that these have put them into.
  package func showStored(_ arrays: [PlacedColumn]) {
    guard access == .write, canMap else { return }
    var hasGivenUp = false
    for array in arrays where array.column.byteCount >= options.largeColumnByteCount && !array.column.isSealed(below: path) && seal(array) { hasGivenUp = true }
    if hasGivenUp { engram_give_back_free_memory() }
  }

  /// Shows an array from the object that a checkpoint has put it into, unless it has changed since.
  private func seal(_ array: PlacedColumn) -> Bool {
    let column = array.column
    guard column.staysSealed, column.isPaged || column.place == .scratch, let place = place(of: column),
      let opened = try? OpenPayloadFile(place.file.name, in: objectFiles, path: "\(path)/\(place.file.path)")
    else { return false }
    let extent = Manifest.Extent(file: 0, offset: place.offset, byteCount: place.byteCount, hash: place.hash)
    // Until now it was memory that nobody else could reach.
    return
      (try? column.seal(
        StoredExtent(opened, extent, array.key, column.scalarType, isMappable: true), in: live, array.metadata,
        soundSequence: state.withLock { $0.current } ?? 0)) == true
  }

  /// Whether the present content of a column lies in a file of the directory.
  package func isStored(_ column: Column) -> Bool { place(of: column) != nil }

  /// Small arrays together in one file.
  private func pack(_ arrays: [PlacedColumn]) throws(StorageError) {
    guard !arrays.isEmpty else { return }
    let datasets = arrays.map { array in
      PayloadDataset(
        path: [array.key.owner, array.key.variable], scalarType: array.column.scalarType,
        shape: array.metadata.shape(rows: array.column.rows, rowLength: array.column.rowLength), attributes: array.metadata.attributes(array.key))
    }
    var layoutOptions = PayloadFileOptions()
    layoutOptions.attributes = [PayloadAttribute("step", .text("see \(LiveStep.fileName).h5"))]
    let layout = try headers.layout(datasets, layoutOptions)
    let byteCount = AddressRange.roundedToPages(max(1, layout.byteCount - LiveFile.payloadOffset))
    let range = try AddressRange(needed: byteCount)
    // The header may be longer than the place that a single array has for it: the file is shown from there on.
    let file = try live.makeFile(
      "small", layout, rows: 0, payload: UnsafeRawBufferPointer(start: nil, count: 0), claiming: byteCount, at: range.start)
    range.noteMapped(upTo: byteCount)
    let pack = LivePack(range, file)
    for (array, place) in zip(arrays, layout.offsets) {
      let offset = place - LiveFile.payloadOffset
      array.column.withBytes { bytes in if let source = bytes.baseAddress { memcpy(range.start + offset, source, bytes.count) } }
      array.column.enter(pack, at: offset, in: live, as: array.key, array.metadata)
    }
  }

  private func startLiveStep() throws(StorageError) {
    guard state.withLock({ $0.liveStep }) == nil else { return }
    let step = try LiveStep(in: live)
    state.withLock { $0.liveStep = step }
  }

  /// Where a run says which step the live arrays belong to; nil: there are none.
  package var liveStep: LiveStep? { state.withLock { $0.liveStep } }

  /// Looks whether all live files are there; before a checkpoint.
  func checkLive() throws(StorageError) { try live.check() }

  private func keepInMemory(_ arrays: [PlacedColumn], because error: StorageError) {
    for array in arrays where array.column.place == .memory { array.column.storage = .private }
    warnOfStorage("\(error)")
  }

  private func warnOfStorage(_ reason: String) {
    warn("\(reason): arrays stay in memory (storage: private), with the same results; say --storage private or memory to be told no more")
  }
}

extension WriteBack {
  /// How much may change again and again in shared mappings of files before the system stalls the run to write it back: a quarter of what
  /// it lets be dirty before it begins to write without a pause, after which every step waits
  /// (measured: `tools/benchmarks/RESULTS-storage.md`).
  static func comfortableByteCount() -> Int { backgroundByteCount(available: availableMemory) / 4 }
}
