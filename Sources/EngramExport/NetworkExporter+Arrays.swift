internal import EngramCheckpoints
internal import EngramHDF5
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage
internal import EngramUnits

/// Single datasets with what they say of themselves (HDF-3, 4).
extension NetworkExporter {
  func isScalar(_ key: StoredKey) -> Bool { arrays.metadata(key)?.flags.contains(.scalar) == true }

  /// An array without a look at its elements.
  func writeWhole(_ key: StoredKey, to group: HDF5Group) throws {
    guard let shape = arrays.shape(key) else { return }
    _ = try writeArray(key, .rows(0..<shape.rows), to: group, isMatrix: shape.rowLength > 1)
  }

  /// The array of a key as the coordinates of a dimension of the same name.
  func writeScale(_ key: StoredKey, _ part: ArrayPart, to group: HDF5Group) throws -> HDF5Dataset? {
    let dataset = try writeArray(key, part, to: group)
    try dataset?.makeScale(key.variable)
    return dataset
  }

  func writeNumbers(_ name: String, _ numbers: [Int64], to group: HDF5Group, longName: String) throws -> HDF5Dataset {
    let dataset = try group.createDataset(name, .int64, shape: [numbers.count], layout: layout(shape: [numbers.count]))
    try dataset.write(numbers)
    try dataset.set("units", text: "1")
    try dataset.set("long_name", text: longName)
    try dataset.makeScale(name)
    return dataset
  }

  /// A dimension whose elements have no numbers but their position, as netCDF has it: a scale without values.
  func writeDimension(_ name: String, _ count: Int, to group: HDF5Group) throws -> HDF5Dataset {
    let dataset = try group.createRepeated(name, .float32, shape: [count], element: [0, 0, 0, 0])
    let digits = String(count)
    let width = String(repeating: " ", count: max(0, 10 - digits.count)) + digits
    try dataset.makeScale("This is a netCDF dimension but not a netCDF variable.\(width)")
    return dataset
  }

  func writeArray(_ key: StoredKey, _ part: ArrayPart, to group: HDF5Group, isMatrix: Bool = false) throws -> HDF5Dataset? {
    guard let found = arrays.shape(key) else { return nil }
    let scalar = isScalar(key) && !found.isRecording && found.rows == 1 && found.rowLength == 1
    let (rows, width) = (part.rows.count, part.columns?.count ?? found.rowLength)
    let shape = scalar ? [] : (isMatrix ? [rows, width] : [rows * width])
    if part.isWhole(rows: found.rows), rows > 0, let pieces = try arrays.pieces(key, shape: shape) {
      let view = try group.createVirtual(key.variable, found.scalarType, shape: shape, pieces: pieces)
      try annotate(view, key, found.scalarType)
      return view
    }
    if !shape.contains(0), let element = arrays.repeated(key) {
      let dataset = try group.createRepeated(key.variable, found.scalarType, shape: shape, element: element.bytes)
      try annotate(dataset, key, found.scalarType)
      return dataset
    }
    let dataset = try group.createDataset(key.variable, found.scalarType, shape: shape, layout: layout(shape: shape))
    try annotate(dataset, key, found.scalarType)
    var row = 0
    let rowBytes = max(1, (isMatrix ? width : 1) * found.scalarType.byteCount)
    try arrays.forEachPiece(key, part) { bytes in
      // The library converts nothing: bytes go out as they are (HDF-10).
      var done = 0
      while done < bytes.count {
        let size = min(bytes.count - done, max(rowBytes, Self.pieceByteCount / rowBytes * rowBytes))
        let count = size / rowBytes
        try dataset.write(rows: row..<row + count, found.scalarType, from: UnsafeRawBufferPointer(rebasing: bytes[done..<done + size]))
        row += count
        done += size
      }
    }
    return dataset
  }

  private static let pieceByteCount = 8 << 20

  private func layout(shape: [Int]) -> HDF5Layout {
    guard options.isChunked, let rows = shape.first, rows > 0, shape.allSatisfy({ $0 > 0 }) else { return .contiguous }
    // About 512 KiB a chunk: 1024 × 64 serves both one trace and one time slice.
    return .chunked(shape: shape.count == 2 ? [min(rows, 1024), min(shape[1], 64)] : [min(rows, 65536)], level: 1)
  }

  private func annotate(_ dataset: HDF5Dataset, _ key: StoredKey, _ type: ScalarType) throws {
    try dataset.set("long_name", text: "\(key.owner).\(key.variable)")
    try dataset.set("owner", text: key.owner)
    if let metadata = arrays.metadata(key) {
      let unit = Dimension(exponents: metadata.dimension).flatMap { $0.isDimensionless ? nil : $0.unitSymbol } ?? metadata.unit
      try dataset.set("units", text: unit)
      try dataset.set("dimension", numbers: metadata.dimension)
      try dataset.set("read_only", integer: metadata.flags.contains(.readOnly) ? 1 : 0)
      try dataset.set("constant", integer: metadata.flags.contains(.constant) ? 1 : 0)
    }
    if type == .bool {
      try dataset.set("flag_values", bytes: [0, 1])
      try dataset.set("flag_meanings", text: "false true")
    }
  }
}
