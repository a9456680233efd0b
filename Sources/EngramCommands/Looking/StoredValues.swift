internal import EngramExport
internal import EngramScalars
internal import EngramStorage
internal import EngramUnits

/// One number of a stored array; integers stay exact.
enum StoredNumber {
  case real(Double)
  case integer(Int64)
  case boolean(Bool)

  var json: JSONText {
    switch self {
    case .real(let value): .number(value)
    case .integer(let value): .integer(value)
    case .boolean(let value): .boolean(value)
    }
  }

  var asDouble: Double {
    switch self {
    case .real(let value): value
    case .integer(let value): Double(value)
    case .boolean(let value): value ? 1 : 0
    }
  }
}

/// A stored array as people and scripts see it.
struct StoredValues {
  let key: StoredKey
  let shape: ArrayShape
  let metadata: StoredMetadata
  private let arrays: CheckpointArrays

  init?(_ key: StoredKey, in arrays: CheckpointArrays) {
    guard let shape = arrays.shape(key), let metadata = arrays.metadata(key) else { return nil }
    (self.key, self.shape, self.metadata, self.arrays) = (key, shape, metadata, arrays)
  }

  var dimension: Dimension { Dimension(exponents: metadata.dimension) ?? .dimensionless }
  var unitSymbol: String { dimension.isDimensionless ? "1" : dimension.unitSymbol }
  var isScalar: Bool { metadata.flags.contains(.scalar) && shape.rows == 1 && shape.rowLength == 1 }

  var shapeText: String {
    if isScalar { return "scalar" }
    return shape.rowLength == 1 ? "\(shape.rows)" : "\(shape.rows) × \(shape.rowLength)"
  }

  var flagTexts: [String] {
    let names: [(StoredMetadata.Flags, String)] = [(.readOnly, "read-only"), (.constant, "constant"), (.internal, "internal"), (.scratch, "scratch")]
    return names.filter { metadata.flags.contains($0.0) }.map(\.1) + (shape.isRecording ? ["recorded"] : [])
  }

  /// Calls `body` with every number of some rows, row after row.
  func forEach(rows: Range<Int>, _ body: (StoredNumber) -> Void) throws {
    let type = shape.scalarType
    try arrays.forEachPiece(key, rows: rows) { bytes in
      for offset in stride(from: 0, to: bytes.count - type.byteCount + 1, by: type.byteCount) {
        switch type {
        case .float64: body(.real(bytes.loadUnaligned(fromByteOffset: offset, as: Double.self)))
        case .float32: body(.real(Double(bytes.loadUnaligned(fromByteOffset: offset, as: Float.self))))
        case .int32: body(.integer(Int64(bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self))))
        case .int64: body(.integer(bytes.loadUnaligned(fromByteOffset: offset, as: Int64.self)))
        case .bool: body(.boolean(bytes[offset] != 0))
        }
      }
    }
  }
}

/// What there is to say about many numbers at once.
struct Statistics {
  private(set) var count = 0
  private(set) var notANumber = 0
  private(set) var infinite = 0
  private(set) var minimum = Double.infinity
  private(set) var maximum = -Double.infinity
  private(set) var mean = 0.0
  /// Sum of squared distances from the mean (Welford 1962).
  private var squares = 0.0
  private var finiteCount = 0

  mutating func add(_ value: Double) {
    count += 1
    guard value.isFinite else {
      if value.isNaN { notANumber += 1 } else { infinite += 1 }
      return
    }
    finiteCount += 1
    minimum = min(minimum, value)
    maximum = max(maximum, value)
    let distance = value - mean
    mean += distance / Double(finiteCount)
    squares += distance * (value - mean)
  }

  /// Of the finite values, as of a whole population.
  var deviation: Double { finiteCount > 0 ? (squares / Double(finiteCount)).squareRoot() : 0 }
  var isEmpty: Bool { finiteCount == 0 }

  var json: JSONText {
    .object([
      ("count", .count(count)), ("min", isEmpty ? .null : .number(minimum)), ("max", isEmpty ? .null : .number(maximum)),
      ("mean", isEmpty ? .null : .number(mean)), ("std", isEmpty ? .null : .number(deviation)), ("nan", .count(notANumber)),
      ("infinite", .count(infinite)),
    ])
  }
}

extension StoredValues {
  /// - Parameters:
  ///   - rows: nil: all.
  ///   - columns: nil: all.
  func statistics(_ rows: [Range<Int>]? = nil, _ columns: [Int]? = nil) throws -> Statistics {
    var statistics = Statistics()
    let wanted = columns.map(Set.init)
    for part in rows ?? [0..<shape.rows] {
      var place = 0
      try forEach(rows: part) { number in
        if wanted?.contains(place % shape.rowLength) ?? true { statistics.add(number.asDouble) }
        place += 1
      }
    }
    return statistics
  }

  /// The unit in which numbers around this one read best.
  func readableUnit(for numbers: [Double]) -> NamedUnit {
    QuantityArray(si: numbers.filter { $0.isFinite }, dimension: dimension).bestUnit
  }

  func text(_ number: StoredNumber, in unit: NamedUnit, digits: Int = 6) -> String {
    switch number {
    case .real(let value): unit.quantity.si == 1 ? shortText(value, digits: digits) : shortText(value / unit.quantity.si, digits: digits)
    case .integer(let value): "\(value)"
    case .boolean(let value): "\(value)"
    }
  }
}
