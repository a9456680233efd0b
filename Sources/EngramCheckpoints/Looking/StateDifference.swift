import EngramScalars
public import EngramSimulation
public import EngramStorage
import EngramSystem

/// What differs between two stored states: the model, and the numbers (CKP-26).
public struct StateDifference {
  /// Differences of one array.
  public struct Numbers {
    /// The array.
    public let key: StoredKey
    /// The unit of its values.
    public let unit: String
    /// Elements that both have.
    public let comparedCount: Int
    /// Of these, how many have other bits.
    public internal(set) var count = 0
    /// Greatest difference, in SI units.
    public internal(set) var maxAbsolute = 0.0
    /// Greatest difference in relation to the larger value.
    public internal(set) var maxRelative = 0.0
    /// Greatest distance in units of the last place; nil for integers, and where a NaN is on one side.
    public internal(set) var maxUlp: UInt64?
    /// Row and column of the first difference.
    public internal(set) var first: (row: Int, column: Int)?
    /// The two values there.
    public internal(set) var firstValues: (Double, Double)?
  }

  /// One line each: objects, texts, constants, shapes, schedule.
  public private(set) var structure: [String] = []
  /// Arrays whose values differ.
  public private(set) var numbers: [Numbers] = []
  /// Objects whose pending spikes or other state of their own differ.
  public private(set) var otherState: [String] = []

  /// Whether both states are the same.
  public var isEmpty: Bool { structure.isEmpty && numbers.isEmpty && otherState.isEmpty }

  package init(_ left: any StateSource, _ right: any StateSource) throws {
    let (before, now) = (try StoredNetwork(left), try StoredNetwork(right))
    compareStructure(before, now)
    try compareArrays(left, right)
    try compareCustomState(left, right)
  }

  // ----------------------------------------------------------------------------------------------------------- structure

  private mutating func compareStructure(_ before: StoredNetwork, _ now: StoredNetwork) {
    func differ<T: Equatable>(_ what: String, _ a: T, _ b: T) { if a != b { structure.append("\(what): \(a), then \(b)") } }
    differ("network", before.name, now.name)
    differ("seed", before.seed, now.seed)
    differ("schedule", before.schedule?.joined(separator: " ") ?? "default", now.schedule?.joined(separator: " ") ?? "default")
    let objects = Dictionary(now.objects.map { ($0.name, $0) }) { first, _ in first }
    let known = Set(before.objects.map(\.name))
    for object in before.objects {
      guard let other = objects[object.name] else {
        structure.append("'\(object.name)' (\(object.type)) is gone")
        continue
      }
      differ("'\(object.name)', type", object.type, other.type)
      differ("'\(object.name)', clock", object.clock, other.clock)
      differ("'\(object.name)', when", object.when, other.when)
      differ("'\(object.name)', order", object.order, other.order)
      differ("'\(object.name)', active", object.isActive, other.isActive)
      if let a = object.description, let b = other.description { structure += Fingerprint.differences(stored: a, live: b).map(\.1) }
    }
    for object in now.objects where !known.contains(object.name) { structure.append("'\(object.name)' (\(object.type)) is new") }
    let constants = Fingerprint.constants(
      .mapping(before.constants.map { DescriptionField($0.name, $0.value) }), .mapping(now.constants.map { DescriptionField($0.name, $0.value) }))
    structure += constants
  }

  // --------------------------------------------------------------------------------------------------------------- arrays

  private mutating func compareArrays(_ left: any StateSource, _ right: any StateSource) throws {
    let keys = Set(left.columnKeys + left.recordingKeys + right.columnKeys + right.recordingKeys).sorted()
    for key in keys where (left.metadata(key) ?? right.metadata(key))?.flags.contains(.scratch) != true {
      guard let a = left.shape(key) else {
        structure.append("'\(key)' is new")
        continue
      }
      guard let b = right.shape(key) else {
        structure.append("'\(key)' is gone")
        continue
      }
      if a.scalarType != b.scalarType || a.rowLength != b.rowLength {
        structure.append("'\(key)': rows of \(a.rowLength) \(a.scalarType), then of \(b.rowLength) \(b.scalarType)")
        continue
      }
      let (unitBefore, unitNow) = (left.metadata(key)?.unit ?? "1", right.metadata(key)?.unit ?? "1")
      if left.metadata(key)?.dimension != right.metadata(key)?.dimension { structure.append("'\(key)': unit \(unitBefore), then \(unitNow)") }
      if a.rows != b.rows { structure.append("'\(key)': \(a.rows) rows, then \(b.rows)") }
      if let one = left.contentHash(key), one == right.contentHash(key) { continue }
      let rows = min(a.rows, b.rows)
      var numbers = Numbers(key: key, unit: unitBefore, comparedCount: rows * a.rowLength)
      try numbers.compare(left, right, rows: rows, a.scalarType, rowLength: a.rowLength)
      if numbers.count > 0 { self.numbers.append(numbers) }
    }
  }

  private mutating func compareCustomState(_ left: any StateSource, _ right: any StateSource) throws {
    let before = Dictionary(try left.customStates().map { ($0.name, $0.bytes) }) { $1 }
    let now = Dictionary(try right.customStates().map { ($0.name, $0.bytes) }) { $1 }
    otherState = Set(before.keys).union(now.keys).filter { before[$0] != now[$0] }.sorted()
  }
}

extension Network {
  /// What differs between a checkpoint and the network as it is now (CKP-26): in memory, or in the run directory.
  ///
  /// "Before" is the checkpoint, "now" the network.
  public func diff(_ name: String = "latest") throws -> StateDifference { try diff(name, at: nil) }

  /// - Parameter location: where the checkpoint is instead.
  package func diff(_ name: String, at location: CheckpointLocation?) throws -> StateDifference {
    if currentRun != nil { throw NetworkError.changedDuringRun(operation: "compare with a checkpoint") }
    try rebuildContents()
    defer { callEnded() }
    try waitForVerification()
    let source = try lookedAt(name, at: location)
    let difference = try difference(from: source)
    try wrappingStorage { try source.waitForVerification() }
    return difference
  }

  package func difference(from stored: any StateSource) throws -> StateDifference {
    try StateDifference(stored, MemorySnapshot(gatherState()))
  }
}

extension StateSource {
  /// Hash of a column where it is known without reading.
  fileprivate func contentHash(_ key: StoredKey) -> ContentHash? { (self as? LoadedCheckpoint)?.hash(key) }
}

/// The rows of one side, in pieces of bounded size.
private final class ComparedRows {
  private let source: any StateSource
  private let key: StoredKey
  private let recording: RecordingContents?
  private var buffer: [UInt8] = []

  init(_ source: any StateSource, _ key: StoredKey) throws {
    (self.source, self.key) = (source, key)
    recording = source.isRecording(key) ? try source.recordingContents(key) : nil
  }

  func isKnownToEqual(_ other: ComparedRows) -> Bool {
    if let recording, let other = other.recording { recording.isKnownToEqual(other) } else { false }
  }

  func with(_ rows: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    buffer.removeAll(keepingCapacity: true)
    try source.forEachPiece(key, rows: rows) { buffer.append(contentsOf: $0) }
    try buffer.withUnsafeBytes(body)
  }
}

extension StateDifference.Numbers {
  /// Bytes compared at a time.
  private static let sliceByteCount = 1 << 20

  fileprivate mutating func compare(
    _ left: any StateSource, _ right: any StateSource, rows: Int, _ type: ScalarType, rowLength: Int
  ) throws {
    let rowByteCount = rowLength * type.byteCount
    let (a, b) = (try ComparedRows(left, key), try ComparedRows(right, key))
    guard rowByteCount > 0, !a.isKnownToEqual(b) else { return }
    let sliceRows = max(1, Self.sliceByteCount / rowByteCount)
    var start = 0
    while start < rows {
      let slice = start..<min(rows, start + sliceRows)
      try a.with(slice) { one in try b.with(slice) { other in compare(one, other, type, from: start * rowLength, rowLength) } }
      start = slice.upperBound
    }
  }

  private mutating func compare(_ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer, _ type: ScalarType, from start: Int, _ rowLength: Int) {
    guard let first = one.baseAddress, let second = other.baseAddress, memcmp(first, second, one.count) != 0 else { return }
    for place in 0..<one.count / type.byteCount {
      let offset = place * type.byteCount
      let (a, b, ulp) = read(one, other, offset, type)
      guard let (a, b, ulp) = a.map({ ($0, b, ulp) }) else { continue }
      count += 1
      if self.first == nil {
        self.first = ((start + place) / rowLength, (start + place) % rowLength)
        firstValues = (a, b)
      }
      let distance = abs(a - b)
      if distance.isNaN { maxAbsolute = .nan } else if !maxAbsolute.isNaN { maxAbsolute = max(maxAbsolute, distance) }
      let relative = distance == 0 ? 0 : distance / max(abs(a), abs(b))
      if relative.isNaN { maxRelative = .nan } else if !maxRelative.isNaN { maxRelative = max(maxRelative, relative) }
      if let ulp { maxUlp = max(maxUlp ?? 0, ulp) }
    }
  }

  /// Both numbers where their bits differ.
  private func read(
    _ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer, _ offset: Int, _ type: ScalarType
  ) -> (Double?, Double, UInt64?) {
    func pair<T: BitwiseCopyable>(_: T.Type) -> (T, T) {
      (one.loadUnaligned(fromByteOffset: offset, as: T.self), other.loadUnaligned(fromByteOffset: offset, as: T.self))
    }
    switch type {
    case .float64:
      let (a, b) = pair(Double.self)
      return a.bitPattern == b.bitPattern ? (nil, 0, nil) : (a, b, a.isNaN || b.isNaN ? nil : ordered(a.bitPattern).distance(ordered(b.bitPattern)))
    case .float32:
      let (a, b) = pair(Float.self)
      if a.bitPattern == b.bitPattern { return (nil, 0, nil) }
      let isNaN = a.isNaN || b.isNaN
      // The order of single bits in the upper half of a wide pattern is that of the narrow one.
      return (Double(a), Double(b), isNaN ? nil : ordered(UInt64(a.bitPattern) << 32).distance(ordered(UInt64(b.bitPattern) << 32)) >> 32)
    case .int32:
      let (a, b) = pair(Int32.self)
      return a == b ? (nil, 0, nil) : (Double(a), Double(b), nil)
    case .int64:
      let (a, b) = pair(Int64.self)
      return a == b ? (nil, 0, nil) : (Double(a), Double(b), nil)
    case .bool:
      let (a, b) = pair(UInt8.self)
      return a == b ? (nil, 0, nil) : (Double(a), Double(b), nil)
    }
  }

  /// Bit patterns in the order of the numbers: neighbours differ by one, −0 and 0 are the same.
  private func ordered(_ bits: UInt64) -> Int64 {
    let magnitude = Int64(bits & ~(1 << 63))
    return bits >> 63 == 0 ? magnitude : -magnitude
  }
}

extension Int64 {
  fileprivate func distance(_ other: Int64) -> UInt64 { (self > other ? self &- other : other &- self).magnitude }
}
