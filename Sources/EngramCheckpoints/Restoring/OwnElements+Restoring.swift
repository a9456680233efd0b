import EngramScalars
package import EngramSimulation
package import EngramStorage

/// An owner of which each process has its own elements alone, as the ends of its elements say.
package protocol OwnElementsAdopting: DividedOwner {
  /// Finds the own elements among those of a checkpoint.
  ///
  /// - Returns: the arrays that say which they are, filled.
  func adoptOwnElements(of source: any StateSource, storedAs name: String) throws -> [ArrayVariable]
}

extension OwnElements {
  /// Fills an array with what a checkpoint has of the own elements, which are known.
  ///
  /// Elements of other processes pass by, and are compared with their checksums like all others.
  package func fill(_ array: ArrayVariable, from source: any StateSource, _ key: StoredKey) throws {
    guard let shape = source.shape(key) else { throw CheckpointError.damaged("no shape for '\(key)'") }
    guard shape.rows == wholeCount else {
      throw CheckpointError.damaged("'\(key)' has \(shape.rows) values for \(wholeCount) elements")
    }
    let isConverted = shape.scalarType != array.scalarType
    if !isConverted, let repeated = source.repeated(key), count > 0 {
      try array.column.assign(RepeatedElement(bits: repeated.bits, scalarType: repeated.scalarType, count: count * shape.rowLength), rows: count)
    } else {
      try copy(array, from: source, key, shape.scalarType, rowLength: shape.rowLength)
    }
    var whole: Column?
    if distribution.isFirst, !isConverted {
      let column = try Column(array.scalarType, rowLength: shape.rowLength, rows: 0, growable: true)
      try source.fill(column, from: key)
      whole = column
    }
    if !isConverted { keep(whole, of: array) }
  }

  private func copy(_ array: ArrayVariable, from source: any StateSource, _ key: StoredKey, _ type: ScalarType, rowLength: Int) throws {
    try array.column.resize(rows: count)
    array.column.touch()
    let (there, here) = (rowLength * type.byteCount, rowLength * array.scalarType.byteCount)
    let base = array.column.base
    var first = 0
    try source.forEachPiece(key, rows: 0..<wholeCount) { bytes in
      let rows = first..<first + bytes.count / there
      forEachRun(in: places(of: rows)) { number, places in
        let from = UnsafeRawBufferPointer(rebasing: bytes[(number - first) * there..<(number - first + places.count) * there])
        let to = UnsafeMutableRawBufferPointer(start: base + places.lowerBound * here, count: places.count * here)
        if type == array.scalarType { to.copyMemory(from: from) } else { array.scalarType.convert(from, of: type, into: to) }
      }
      first = rows.upperBound
    }
  }
}
