internal import EngramExpressions
internal import EngramKernels
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage
internal import EngramUnits

/// One variable that a monitor records: where its rows go and how a row is made.
///
/// A stored variable of the source is copied from its column; everything else (formulas, linked and synaptic
/// references) is computed by a kernel. Nothing is allocated per row.
final class RecordedVariable {
  let name: String
  let dimension: Dimension
  let type: ScalarType
  let isScalar: Bool
  let recording: Recording
  /// Room for one row of eight-byte lanes, and for the packed row.
  private var lanes: UnsafeMutableRawBufferPointer
  private var kernel: PreparedKernel?
  private var column: Column?
  /// Whether the column has one value for all elements.
  private var isOneValue = false
  /// Where parts of the column are in other processes.
  private var distribution: Distribution?

  init(name: String, variable: Variable, rowLength: Int, capacity: Int) {
    self.name = name
    dimension = variable.dimension
    type = variable.scalarType
    isScalar = variable.isScalar
    recording = Recording(variable.scalarType, rowLength: rowLength)
    lanes = .allocate(byteCount: max(capacity, 1) * 8, alignment: 64)
  }

  deinit { lanes.deallocate() }

  /// - Parameter last: the greatest number, in the numbering of the columns, of what will be recorded; nil: nothing.
  func prepare(_ context: RunContext, owner: Group, monitor: String, clock: BaseClock, last: Int?) throws {
    column = nil
    kernel = nil
    distribution = context.distribution
    if let variable = owner.variables[name], variable.flags.contains(.linked) {
      throw MonitorError.notRecordable(
        monitor: monitor, variable: name, why: "it is a linked variable of '\(owner.name)' that has not been linked before this run")
    }
    // A link may lead elsewhere than when the monitor was made: rows keep their type.
    if let entry = owner.variables.entry(name), let array = entry.variable.array, array.scalarType == type {
      switch entry.access {
      case .element, .scalar:
        // Copied without another look: a group of a user, or a restore of parts, may have made it shorter.
        let count = array.column.count
        if case .scalar = entry.access { isOneValue = true } else { isOneValue = false }
        if let last = isOneValue ? last.map({ _ in 0 }) : last, last >= count {
          throw MonitorError.tooFewValues(monitor: monitor, variable: name, count: count, element: last)
        }
        column = array.column
        return
      case .through: break
      }
    }
    var request = CodeRequest(
      .value(Expression(.name(name))), owner: owner, objectName: monitor, purpose: "record \(name)", context: .someElements, clock: clock)
    request.resultType = ValueType(type)
    kernel = try context.kernel(for: request)
  }

  /// Appends the values of the listed elements (in the numbering of the columns) as whole rows.
  func append(_ elements: UnsafeBufferPointer<Int32>) throws {
    if let column {
      distribution?.refresh(column, at: elements)
      switch type.byteCount {
      case 8: try copy(elements, from: column, as: UInt64.self)
      case 4: try copy(elements, from: column, as: UInt32.self)
      default: try copy(elements, from: column, as: UInt8.self)
      }
    } else if let kernel, let base = lanes.baseAddress {
      if elements.count > 0 { try kernel.evaluate(indices: elements, into: base) }
      try pack(elements.count)
    }
  }

  /// Appends the values of consecutive elements.
  func append(_ elements: Range<Int>) throws {
    if let column { isOneValue ? distribution?.refresh(column) : refresh(column, elements) }
    if let column, !isOneValue {
      let size = type.byteCount
      try recording.append(UnsafeRawBufferPointer(start: column.base + elements.lowerBound * size, count: elements.count * size))
    } else if let column {
      // A shared value stands once for each recorded index (MON-5).
      let size = type.byteCount
      for place in 0..<elements.count { lanes.baseAddress?.advanced(by: place * size).copyMemory(from: column.base, byteCount: size) }
      try recording.append(UnsafeRawBufferPointer(rebasing: lanes[..<(elements.count * size)]))
    } else if let kernel, let base = lanes.baseAddress {
      if !elements.isEmpty { try kernel.evaluate(elements, into: base) }
      try pack(elements.count)
    }
  }

  /// Has this process get what others compute of consecutive elements.
  private func refresh(_ column: Column, _ elements: Range<Int>) {
    guard let distribution else { return }
    // Few are got one by one.
    if elements.count > Self.fewElements { return distribution.refresh(column) }
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: max(1, elements.count)) { list in
      for place in 0..<elements.count { list.initializeElement(at: place, to: Int32(elements.lowerBound + place)) }
      distribution.refresh(column, at: UnsafeBufferPointer(rebasing: list[..<elements.count]))
    }
  }

  private static let fewElements = 1024

  private func copy<Unit: BitwiseCopyable>(_ elements: UnsafeBufferPointer<Int32>, from column: Column, as unit: Unit.Type) throws {
    let source = column.base.assumingMemoryBound(to: Unit.self)
    let row = lanes.bindMemory(to: Unit.self)
    for (place, element) in elements.enumerated() { row[place] = source[isOneValue ? 0 : Int(element)] }
    try recording.append(UnsafeRawBufferPointer(rebasing: lanes[..<(elements.count * MemoryLayout<Unit>.size)]))
  }

  /// Eight-byte lanes, which have the kind of the variable, to its type, in place: packed values never overtake lanes.
  private func pack(_ count: Int) throws {
    guard let base = lanes.baseAddress else { return }
    switch type {
    case .float64, .int64: break
    case .float32:
      for place in 0..<count {
        let value = base.load(fromByteOffset: place * 8, as: Double.self)
        base.storeBytes(of: Float(value), toByteOffset: place * 4, as: Float.self)
      }
    case .int32:
      for place in 0..<count {
        let value = base.load(fromByteOffset: place * 8, as: Int64.self)
        base.storeBytes(of: Int32(truncatingIfNeeded: value), toByteOffset: place * 4, as: Int32.self)
      }
    case .bool:
      for place in 0..<count {
        let value = base.load(fromByteOffset: place * 8, as: Int64.self)
        base.storeBytes(of: value != 0 ? 1 : 0, toByteOffset: place, as: UInt8.self)
      }
    }
    try recording.append(UnsafeRawBufferPointer(rebasing: lanes[..<(count * type.byteCount)]))
  }

  var stored: StoredRecording {
    StoredRecording(name: name, recording: recording, type: type, rowLength: recording.rowLength, dimension: dimension)
  }

  /// Everything recorded, row after row.
  func values() throws -> [Double] { try recording.doubles() }
}

extension Recording {
  /// Everything recorded, row after row, as doubles.
  package func doubles() throws -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(rows * rowLength)
    try forEachPiece(rows: 0..<rows) { bytes in
      switch scalarType {
      case .float64: result.append(contentsOf: bytes.bindMemory(to: Double.self))
      case .float32: for value in bytes.bindMemory(to: Float.self) { result.append(Double(value)) }
      case .int32: for value in bytes.bindMemory(to: Int32.self) { result.append(Double(value)) }
      case .int64: for value in bytes.bindMemory(to: Int64.self) { result.append(Double(value)) }
      case .bool: for value in bytes { result.append(value == 0 ? 0 : 1) }
      }
    }
    return result
  }

  func int32s() throws -> [Int32] {
    var result: [Int32] = []
    result.reserveCapacity(rows * rowLength)
    try forEachPiece(rows: 0..<rows) { result.append(contentsOf: $0.bindMemory(to: Int32.self)) }
    return result
  }

  func append(_ value: Double) throws {
    try withUnsafeBytes(of: value) { try append($0) }
  }
}
