import EngramScalars

/// What one checkpoint says about one of its files.
struct ManifestClaim {
  struct StoredArray {
    let key: StoredKey
    let scalarType: ScalarType
    let rowLength: Int
    let extent: Manifest.Extent
  }
  let entry: Manifest.FileEntry
  var arrays: [StoredArray] = []
  /// Where the last array ends.
  var contentEnd: Int { arrays.reduce(0) { max($0, $1.extent.offset + $1.extent.byteCount) } }

  /// Reads the file and compares everything that is said about it; throws the first damage, of an array by its name.
  func check(_ file: OpenPayloadFile) throws(StorageError) {
    let whole = entry.kind == .segment ? 0..<entry.hashedByteCount : 0..<entry.byteCount
    let isWhole = try file.hash(first: entry.hashedByteCount) == entry.hash
    // The hash of an object covers its arrays.
    if !isWhole || entry.kind != .object || entry.hashedByteCount < entry.byteCount {
      for array in arrays { try StoredExtent(file, array.extent, array.key, array.scalarType, isMappable: false).verify() }
    }
    guard isWhole else {
      throw .damaged(file: file.path, what: "bytes around the arrays have changed", place: "among bytes \(whole.lowerBound)..<\(whole.upperBound)")
    }
  }
}

extension Manifest {
  /// One per file, in the order of `files`.
  var claims: [ManifestClaim] {
    var claims = files.map { ManifestClaim(entry: $0) }
    for column in columns {
      guard let extent = column.extent else { continue }
      claims[extent.file].arrays.append(ManifestClaim.StoredArray(key: column.key, scalarType: column.scalarType, rowLength: column.rowLength, extent: extent))
    }
    for recording in recordings {
      for piece in recording.pieces {
        claims[piece.file].arrays.append(
          ManifestClaim.StoredArray(key: recording.key, scalarType: recording.scalarType, rowLength: recording.rowLength, extent: piece))
      }
    }
    return claims
  }
}
