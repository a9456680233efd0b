import EngramScalars
public import EngramSimulation
package import EngramStorage

extension Network {
  /// One hash over all values of the network (CKP-46): equal for any threads, backend, storage, split of runs and platform.
  public var digest: String { get throws { "\(try stateDigest())" } }

  package func stateDigest() throws -> ContentHash {
    try rebuildContents()
    defer { if currentRun == nil { callEnded() } }
    try waitForVerification()
    let state = try gatherState()
    var custom: [(name: String, bytes: [UInt8])] = []
    for object in allObjects { if let bytes = try object.digestState() { custom.append((object.name, bytes)) } }
    let clocks = distinctClocks(of: allObjects).map { ClockReading(name: $0.name, timestep: $0.timestep, stepSeconds: $0.stepSeconds ?? 0) }
    return try hashed(LiveArrays(state: state), custom: custom, clocks: clocks)
  }
}

/// The digest of a stored state, without rebuilding the network: the same as that of the network it was taken from.
package func stateDigest(of source: any StateSource) throws -> ContentHash {
  let network = try StoredNetwork(source)
  let custom = try source.customStates()
  let clocks = try network.clockNames.map { name in
    guard let timestep = try source.number(StoredKey(name, "timestep"), of: Int64.self) else {
      throw CheckpointError.damaged("clock '\(name)' has no timestep")
    }
    return ClockReading(name: name, timestep: timestep, stepSeconds: try source.number(StoredKey(name, "dt"), of: Double.self) ?? 0)
  }
  return try hashed(StoredArrays(source: source), custom: custom, clocks: clocks)
}

private struct ClockReading {
  let name: String
  let timestep: Int64
  /// 0 for event clocks.
  let stepSeconds: Double
}

/// What both ways have in common: arrays by key, lent in pieces.
private protocol DigestArrays {
  var keys: [StoredKey] { get }
  func metadata(_ key: StoredKey) -> StoredMetadata?
  func shape(_ key: StoredKey) -> (scalarType: ScalarType, rows: Int, rowLength: Int)?
  func forEachPiece(_ key: StoredKey, _ body: (UnsafeRawBufferPointer) throws -> Void) throws
}

private struct LiveArrays: DigestArrays {
  let state: StateToStore

  var keys: [StoredKey] { Array(state.columns.keys) + Array(state.recordings.keys) }
  func metadata(_ key: StoredKey) -> StoredMetadata? { state.columns[key]?.metadata ?? state.recordings[key]?.metadata }

  func shape(_ key: StoredKey) -> (scalarType: ScalarType, rows: Int, rowLength: Int)? {
    if let column = state.columns[key]?.column { return (column.scalarType, column.rows, column.rowLength) }
    return state.recordings[key].map { ($0.recording.scalarType, $0.recording.rows, $0.recording.rowLength) }
  }

  func forEachPiece(_ key: StoredKey, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    if let column = state.columns[key]?.column {
      try column.forEachSlab(rows: 0..<column.rows, body)
    } else if let recording = state.recordings[key]?.recording {
      try recording.forEachPiece(rows: 0..<recording.rows, body)
    }
  }
}

private struct StoredArrays: DigestArrays {
  let source: any StateSource

  var keys: [StoredKey] { source.columnKeys + source.recordingKeys }
  func metadata(_ key: StoredKey) -> StoredMetadata? { source.metadata(key) }
  func shape(_ key: StoredKey) -> (scalarType: ScalarType, rows: Int, rowLength: Int)? { source.shape(key) }

  func forEachPiece(_ key: StoredKey, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    if let shape = source.shape(key) { try source.forEachPiece(key, rows: 0..<shape.rows, body) }
  }
}

extension StateSource {
  func isRecording(_ key: StoredKey) -> Bool { metadata(key)?.kind == .append }

  /// The only element of a column; nil when there is no such column.
  func number<Element: ScalarElement>(_ key: StoredKey, of type: Element.Type) throws -> Element? {
    guard let shape = shape(key) else { return nil }
    guard shape.scalarType == Element.scalarType, shape.rows * shape.rowLength == 1 else {
      throw CheckpointError.damaged("'\(key)' is not a single \(Element.scalarType)")
    }
    return try column(key).withElements(of: Element.self) { $0[0] }
  }
}

/// In byte order of names: the order of objects in the network is moot.
private func hashed(_ arrays: any DigestArrays, custom: [(name: String, bytes: [UInt8])], clocks: [ClockReading]) throws -> ContentHash {
  let digest = DigestBuilder()
  let clockNames = Set(clocks.map(\.name))
  let keys = arrays.keys.filter { key in
    !clockNames.contains(key.owner) && arrays.metadata(key)?.flags.contains(.scratch) != true
  }
  for key in keys.sorted() {
    guard let shape = arrays.shape(key), let metadata = arrays.metadata(key) else { continue }
    digest.add(key, shape.scalarType, shape.rows, shape.rowLength, metadata)
    try arrays.forEachPiece(key) { digest.add($0) }
  }
  for (name, bytes) in custom.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
    digest.add(name)
    digest.add(bytes)
  }
  for clock in clocks.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
    digest.add(clock.name)
    digest.add(clock.timestep)
    digest.add(clock.stepSeconds)
  }
  return digest.value
}

/// Feeds values to a hash with their lengths, so that no two sequences of values look the same.
private final class DigestBuilder {
  private let hash = RunningHash()
  var value: ContentHash { hash.value }

  func add(_ bytes: UnsafeRawBufferPointer) { hash.append(bytes) }
  func add(_ bytes: [UInt8]) {
    add(Int64(bytes.count))
    bytes.withUnsafeBytes { hash.append($0) }
  }
  func add(_ text: String) { add(Array(text.utf8)) }
  func add(_ number: Int64) { withUnsafeBytes(of: number.littleEndian) { hash.append($0) } }
  func add(_ number: Double) { add(Int64(bitPattern: number.bitPattern)) }

  func add(_ key: StoredKey, _ type: ScalarType, _ rows: Int, _ rowLength: Int, _ metadata: StoredMetadata) {
    add(key.owner)
    add(key.variable)
    add(type.rawValue)
    add(Int64(rows))
    add(Int64(rowLength))
    for exponent in metadata.dimension { add(exponent) }
  }
}
