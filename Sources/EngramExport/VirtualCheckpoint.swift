internal import EngramCheckpoints
internal import EngramHDF5
internal import EngramScalars
internal import EngramSimulation
package import EngramStorage

/// Views of checkpoints: the layout of an export, with large arrays left where they are (HDF-8).
package struct VirtualCheckpoint: CheckpointViews {
  package init() {}

  /// For whoever opens a view that was copied away alone.
  private static let warning =
    "arrays lie in 'objects' and 'segments' of the run directory; away from it they read as NaN, or as the smallest integer: "
    + "'engram export' writes a file with everything in it"

  package func publish(_ info: CheckpointInfo, in directory: RunDirectory) throws {
    let checkpoint = try directory.look(at: info.id)
    let network = ExportedNetwork(try StoredNetwork(checkpoint))
    func make(_ derived: DerivedFile, arraysBelow folder: String, _ finish: (HDF5Group) throws -> Void = { _ in }) throws {
      var options = ExportOptions()
      // A view is small beside what it shows: numbers that say no more than the position are not written into it.
      options.longestNumberedDimension = 1000
      // In memory first: the library does not survive a disk that fills under it.
      let memory = try UnnamedFile()
      let file = try HDF5File.create(in: memory, called: "a view of \(info.id)")
      try NetworkExporter(network, PlacedArrays(checkpoint, in: directory.path, seenAs: folder), options: options).write(to: file.root)
      try file.root.set("view", text: Self.warning)
      try finish(file.root)
      try file.close()
      try directory.publishDerived(derived) { try memory.forEachSlab($0) }
    }
    try make(.view(of: info), arraysBelow: "../")
    // Views of older ones may be made again; they are not what is live.
    guard directory.newestID == info.id else { return }
    try make(.live(of: info), arraysBelow: "") { root in
      try root.set("live", integer: 1)
      try root.set("checkpoint", text: info.id)
      try root.set("created", number: Double(info.createdNanoseconds) * 1e-9)
      // Timesteps are in /clocks; here for those who only ask when.
      for clock in network.clocks { if let text = info.summary["clock.\(clock.name)"] { try root.set("clock.\(clock.name)", text: text) } }
    }
  }
}

/// Arrays of a checkpoint that tell where they lie, if other programs can read them there.
private final class PlacedArrays: ExportArrays {
  private let checkpoint: LoadedCheckpoint
  private let arrays: CheckpointArrays
  private let directory: String
  private let folder: String

  /// - Parameter folder: the run directory as the view's own folder sees it: names in the view are relative.
  init(_ checkpoint: LoadedCheckpoint, in directory: String, seenAs folder: String) {
    self.checkpoint = checkpoint
    self.directory = directory
    self.folder = folder
    arrays = CheckpointArrays(checkpoint)
  }

  var isView: Bool { true }
  var keys: [StoredKey] { arrays.keys }
  func metadata(_ key: StoredKey) -> StoredMetadata? { arrays.metadata(key) }
  func shape(_ key: StoredKey) -> ArrayShape? { arrays.shape(key) }
  func repeated(_ key: StoredKey) -> RepeatedElement? { arrays.repeated(key) }
  func forEachPiece(_ key: StoredKey, rows: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    try arrays.forEachPiece(key, rows: rows, body)
  }

  /// Nil where an array shares its file, or lies there in another type or shape: then its bytes are copied.
  func pieces(_ key: StoredKey, shape: [Int]) throws -> [VirtualPiece]? {
    guard let array = arrays.shape(key), let rows = shape.first, rows > 0 else { return nil }
    let rowBytes = shape.dropFirst().reduce(array.scalarType.byteCount, *)
    var pieces: [VirtualPiece] = []
    var start = 0
    for place in checkpoint.places(of: key) {
      guard place.isAlone, rowBytes > 0, place.byteCount % rowBytes == 0 else { return nil }
      let count = place.byteCount / rowBytes
      if place.isSegment {
        // Thousands of files need not be opened to learn what is known; a reader sees as many rows as there are.
        pieces.append(
          VirtualPiece(file: "\(folder)\(place.path)", sourceShape: [count] + shape.dropFirst(), sourceStart: 0, rows: start..<start + count))
        start += count
        continue
      }
      let source = try HDF5File.open(at: "\(directory)/\(place.path)")
      guard let data = try source.root.dataset("data"), data.kind.scalarType == array.scalarType, data.shape.dropFirst() == shape.dropFirst(),
        let offset = data.fileOffset(), place.offset >= offset, (place.offset - offset) % rowBytes == 0
      else { return nil }
      pieces.append(
        VirtualPiece(
          file: "\(folder)\(place.path)", sourceShape: data.shape, sourceStart: (place.offset - offset) / rowBytes, rows: start..<start + count))
      start += count
    }
    return start == rows ? pieces : nil
  }
}
