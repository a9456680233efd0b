/// Pending spikes as bytes (CKP-40): the clock's step and step length, then for each coming step its synapses in
/// delivery order as runs of consecutive numbers. The same spikes always give the same bytes, however they were queued.
///
/// Little-endian: version (1 byte = 1), next step (8), step length [s] (8), number of steps (8);
/// per step: step (8), number of runs (8), per run: first synapse (4), length (4).
enum StoredSpikes {
  struct Contents {
    var nextStep: Int64
    var stepSeconds: Double
    var pending: [(step: Int64, synapses: SynapseRuns)]
  }

  static func encode(_ contents: Contents) -> [UInt8] {
    var bytes: [UInt8] = [1]
    func put(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) } }
    put(contents.nextStep)
    put(contents.stepSeconds.bitPattern)
    put(Int64(contents.pending.count))
    for entry in contents.pending {
      put(entry.step)
      put(Int64(entry.synapses.list.count))
      for run in entry.synapses.list {
        put(run.first)
        put(run.count)
      }
    }
    return bytes
  }

  /// Takes no more memory than the bytes themselves, whatever they say.
  ///
  /// - Parameter synapseCount: every number must be below it.
  /// - Returns: nil when the bytes are not what `encode` makes.
  static func decode(_ bytes: [UInt8], synapseCount: Int) -> Contents? {
    var reader = ByteReader(bytes)
    guard reader.byte() == 1, let nextStep = reader.integer(Int64.self), let bits = reader.integer(UInt64.self),
      let stepCount = reader.integer(Int64.self), stepCount >= 0, stepCount <= Int64(bytes.count), (0...1 << 62).contains(nextStep)
    else { return nil }
    let stepSeconds = Double(bitPattern: bits)
    guard stepSeconds.isFinite, stepSeconds >= 0 else { return nil }
    var pending: [(step: Int64, synapses: SynapseRuns)] = []
    for _ in 0..<stepCount {
      guard let step = reader.integer(Int64.self), step >= nextStep, step > pending.last?.step ?? -1, let runCount = reader.integer(Int64.self), runCount > 0, runCount <= Int64(bytes.count)
      else { return nil }
      var synapses = SynapseRuns()
      for _ in 0..<runCount {
        guard let first = reader.integer(Int32.self), let length = reader.integer(Int32.self), first >= 0, length > 0,
          Int(first) + Int(length) <= synapseCount
        else { return nil }
        synapses.append(SynapseRun(first: first, count: length))
      }
      pending.append((step, synapses))
    }
    return reader.isAtEnd ? Contents(nextStep: nextStep, stepSeconds: stepSeconds, pending: pending) : nil
  }

}

/// Reads little-endian numbers and never past the end.
struct ByteReader {
  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { place == bytes.count }

  mutating func byte() -> UInt8? { integer(UInt8.self) }

  mutating func integer<T: FixedWidthInteger>(_ type: T.Type) -> T? {
    let size = MemoryLayout<T>.size
    guard bytes.count - place >= size else { return nil }
    defer { place += size }
    return bytes.withUnsafeBytes { T(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: T.self)) }
  }

  /// A length (8 bytes) followed by so many bytes.
  mutating func block() -> [UInt8]? {
    guard let length = integer(Int64.self), length >= 0, length <= Int64(bytes.count - place) else { return nil }
    defer { place += Int(length) }
    return Array(bytes[place..<place + Int(length)])
  }
}
