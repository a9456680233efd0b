internal import EngramScalars
internal import EngramStorage

/// Which rows of an array go out, and which values of each row.
struct ArrayPart {
  enum Rows {
    case range(Range<Int>)
    case list([Int])

    var count: Int {
      switch self {
      case .range(let range): range.count
      case .list(let list): list.count
      }
    }
  }

  var rows: Rows
  /// nil: all.
  var columns: [Int]?

  static func rows(_ range: Range<Int>) -> ArrayPart { ArrayPart(rows: .range(range)) }
  /// nil: all of `count`.
  static func rows(_ list: [Int]?, of count: Int) -> ArrayPart { ArrayPart(rows: list.map(Rows.list) ?? .range(0..<count)) }

  func isWhole(rows count: Int) -> Bool {
    guard columns == nil, case .range(let range) = rows else { return false }
    return range == 0..<count
  }
}

extension ExportArrays {
  /// Lends the bytes of a part, in its order, whole rows each time. Memory does not grow with the array.
  func forEachPiece(_ key: StoredKey, _ part: ArrayPart, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    guard let shape = shape(key) else { return }
    if case .range(let rows) = part.rows, part.columns == nil { return try forEachPiece(key, rows: rows, body) }
    var kept = KeptRows(rowByteCount: shape.rowLength * shape.scalarType.byteCount, valueByteCount: shape.scalarType.byteCount, columns: part.columns)
    switch part.rows {
    case .range(let rows):
      try forEachPiece(key, rows: rows) { bytes in
        for row in 0..<kept.rows(in: bytes) { try kept.keep(row, of: bytes, body) }
      }
    case .list(let list):
      let runs = consecutiveRuns(list)
      if let first = runs.first, let last = runs.last, runs.count > Self.readRunsSingly,
        zip(runs, runs.dropFirst()).allSatisfy({ $0.upperBound <= $1.lowerBound })
      {
        // Many short ones, in the order of the array: read once through, which is one comparison with each checksum.
        var next = list.startIndex
        var row = first.lowerBound
        try forEachPiece(key, rows: first.lowerBound..<last.upperBound) { bytes in
          let end = row + kept.rows(in: bytes)
          while next < list.endIndex, list[next] < end {
            try kept.keep(list[next] - row, of: bytes, body)
            next += 1
          }
          row = end
        }
      } else {
        for run in runs {
          try forEachPiece(key, rows: run) { bytes in
            for row in 0..<kept.rows(in: bytes) { try kept.keep(row, of: bytes, body) }
          }
        }
      }
    }
    try kept.flush(body)
  }

  private static var readRunsSingly: Int { 64 }
}

/// Ranges that follow each other in a list of numbers.
private func consecutiveRuns(_ list: [Int]) -> [Range<Int>] {
  var runs: [Range<Int>] = []
  for number in list {
    if let last = runs.last, last.upperBound == number {
      runs[runs.count - 1] = last.lowerBound..<number + 1
    } else {
      runs.append(number..<number + 1)
    }
  }
  return runs
}

/// Gathers rows until there are enough of them to be written.
private struct KeptRows {
  let rowByteCount: Int
  let valueByteCount: Int
  let columns: [Int]?
  private var bytes: [UInt8] = []

  private static let pieceByteCount = 1 << 20

  init(rowByteCount: Int, valueByteCount: Int, columns: [Int]?) {
    self.rowByteCount = rowByteCount
    self.valueByteCount = valueByteCount
    self.columns = columns
  }

  func rows(in piece: UnsafeRawBufferPointer) -> Int { rowByteCount == 0 ? 0 : piece.count / rowByteCount }

  mutating func keep(_ row: Int, of piece: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    let start = row * rowByteCount
    if let columns {
      for column in columns { bytes += piece[(start + column * valueByteCount)..<(start + (column + 1) * valueByteCount)] }
    } else {
      bytes += piece[start..<start + rowByteCount]
    }
    if bytes.count >= Self.pieceByteCount { try flush(body) }
  }

  mutating func flush(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    if bytes.isEmpty { return }
    try bytes.withUnsafeBytes(body)
    bytes.removeAll(keepingCapacity: true)
  }
}
