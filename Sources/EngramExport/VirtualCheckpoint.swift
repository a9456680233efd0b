internal import EngramHDF5
internal import EngramScalars
internal import EngramSimulation
package import EngramStorage

/// Views of checkpoints: the layout of an export, with large arrays left where they are (HDF-8).
package struct VirtualCheckpoint: CheckpointViews {
  package init() {}

  package func publish(_ info: CheckpointInfo, in directory: RunDirectory) throws {
    let checkpoint = try directory.look(at: info.id)
    let network = ExportedNetwork(try StoredNetwork(checkpoint))
    let view = CheckpointName.fileName(for: info.names.first ?? info.id) + ".h5"
    try directory.publishDerived(.view(of: info)) { path in
      try HDF5File.createInMemory(copiedTo: path) { root in
        var options = ExportOptions()
        options.longestNumberedDimension = 100_000
        try NetworkExporter(network, PlacedArrays(checkpoint, in: directory.path), options: options).write(to: root)
      }
    }
    // Views of older ones may be made again; they are not what is live.
    guard directory.newestID == info.id else { return }
    try directory.publishDerived(.live(of: info)) { path in
      try HDF5File.createInMemory(copiedTo: path) { root in try NetworkExporter.writeLive(network, info, view: "checkpoints/\(view)", to: root) }
    }
  }
}

extension NetworkExporter {
  /// A file of links to the view of a checkpoint, which says what moment it shows: the newest one that is on disk while a
  /// run goes on (STO-10). What it links to is either whole or not there.
  static func writeLive(_ network: ExportedNetwork, _ info: CheckpointInfo, view: String, to root: HDF5Group) throws {
    try root.set("format", text: formatName)
    try root.set("format_version", text: formatVersion)
    try root.set("network", text: network.name)
    try root.set("t", number: network.timeSeconds)
    for (name, text) in network.provenance { try root.set(name, text: text) }
    try root.set("live", integer: 1)
    try root.set("checkpoint", text: info.id)
    try root.set("created", number: Double(info.createdNanoseconds) * 1e-9)
    // Timesteps are in /clocks; here for those who only ask when.
    for clock in network.clocks { if let text = info.summary["clock.\(clock.name)"] { try root.set("clock.\(clock.name)", text: text) } }
    for group in ["clocks", "model", "objects", "recordings"] { try root.linkExternally(group, toFile: view, path: "/\(group)") }
  }
}

extension HDF5File {
  /// Makes a file in memory and copies it to its place: the library does not survive a disk that fills under it.
  fileprivate static func createInMemory(copiedTo path: String, _ body: (HDF5Group) throws -> Void) throws {
    let memory = try MemoryFile()
    defer { memory.forgetName() }
    let file = try HDF5File.create(at: memory.path)
    memory.forgetName()
    try body(file.root)
    try file.close()
    try memory.copy(to: path)
  }
}

/// Arrays of a checkpoint that tell where they lie, if other programs can read them there.
private final class PlacedArrays: ExportArrays {
  private let checkpoint: LoadedCheckpoint
  private let arrays: CheckpointArrays
  private let directory: String

  init(_ checkpoint: LoadedCheckpoint, in directory: String) {
    self.checkpoint = checkpoint
    self.directory = directory
    arrays = CheckpointArrays(checkpoint)
  }

  var keys: [StoredKey] { arrays.keys }
  func metadata(_ key: StoredKey) -> StoredMetadata? { arrays.metadata(key) }
  func shape(_ key: StoredKey) -> ArrayShape? { arrays.shape(key) }
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
      let source = try HDF5File.open(at: "\(directory)/\(place.path)")
      guard let data = try source.root.dataset("data"), data.kind.scalarType == array.scalarType, data.shape.dropFirst() == shape.dropFirst(),
        let offset = data.fileOffset(), place.offset >= offset, (place.offset - offset) % rowBytes == 0
      else { return nil }
      let count = place.byteCount / rowBytes
      pieces.append(
        VirtualPiece(
          file: "../\(place.path)", sourceShape: data.shape, sourceStart: (place.offset - offset) / rowBytes, rows: start..<start + count))
      start += count
    }
    return start == rows ? pieces : nil
  }
}
