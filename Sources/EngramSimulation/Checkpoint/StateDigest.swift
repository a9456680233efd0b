import EngramScalars
package import EngramStorage

extension Network {
  /// One hash over all values of the network (CKP-46): equal for any threads, backend, storage, split of runs and platform.
  public var digest: String { get throws { "\(try stateDigest())" } }

  package func stateDigest() throws -> ContentHash {
    try rebuildContents()
    defer { if currentRun == nil { callEnded() } }
    let state = try gatherState()
    let digest = DigestBuilder()
    let clocks = distinctClocks(of: allObjects)
    let clockNames = Set(clocks.map(\.name))
    var keys = state.columns.filter { !clockNames.contains($0.key.owner) && !$0.value.metadata.flags.contains(.scratch) }.map(\.key)
    keys += state.recordings.keys
    for key in keys.sorted() {
      if let stored = state.columns[key] {
        digest.add(key, stored.column.scalarType, stored.column.rows, stored.column.rowLength, stored.metadata)
        digest.add(UnsafeRawBufferPointer(start: stored.column.base, count: stored.column.count * stored.column.scalarType.byteCount))
      } else if let stored = state.recordings[key] {
        digest.add(key, stored.recording.scalarType, stored.recording.rows, stored.recording.rowLength, stored.metadata)
        try stored.recording.forEachPiece(rows: 0..<stored.recording.rows) { digest.add($0) }
      }
    }
    for object in allObjects.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
      if let bytes = try object.digestState() {
        digest.add(object.name)
        digest.add(bytes)
      }
    }
    for clock in clocks.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
      digest.add(clock.name)
      digest.add(clock.timestep)
      digest.add(clock.stepSeconds ?? 0)
    }
    return digest.value
  }
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
