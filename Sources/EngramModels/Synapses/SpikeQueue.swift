/// Spikes on their way: for each coming step the pieces of the delivery table that are due.
///
/// Order of delivery inside a step (SYN-45): by arrival in the queue, then by source, then by synapse number. It follows
/// from appending: sources are pushed in ascending order, pieces hold ascending numbers.
///
/// When the table changes (new synapses, new delays, a restored checkpoint) what waits is turned into explicit synapse
/// numbers, which the next delivery handles first, since they are older than anything pushed later. Steps are numbers of
/// the pathway's clock; the ring holds the steps `next ..< next + ring size`.
struct SpikeQueue {
  struct Bucket {
    /// Synapses that were queued under an earlier table.
    var carried: [Int32] = []
    /// Pieces of the present table.
    var pieces: [Int32] = []

    var isEmpty: Bool { carried.isEmpty && pieces.isEmpty }
  }

  /// Power of two, so that a step maps to its bucket by a mask.
  private var ring: [Bucket] = [Bucket()]
  private var mask: Int64 = 0
  /// The step whose spikes are delivered next.
  private(set) var nextStep: Int64 = 0
  /// Length of a step when the positions were last counted [s]; 0 before the first run.
  private(set) var stepSeconds: Double = 0

  var isEmpty: Bool { ring.allSatisfy(\.isEmpty) }

  /// Makes the queue ready for a run that begins at `step` (SYN-44).
  ///
  /// - Parameters:
  ///   - table: the table in force from now on.
  ///   - previous: the one that the waiting pieces belong to, when it is another.
  mutating func prepare(step: Int64, stepSeconds: Double, table: DeliveryTable, previous: DeliveryTable?) {
    if let previous { carryAll(previous) }
    let isRescaled = self.stepSeconds != 0 && self.stepSeconds != stepSeconds
    if isRescaled { carryAll(previous ?? table) }
    let pending = isRescaled || step != nextStep ? takePending(table: previous ?? table) : []
    let ratio = isRescaled ? self.stepSeconds / stepSeconds : 1
    let moved = pending.map { entry in
      // Position counted from now; rounding as for delays. Saturates far beyond any run instead of trapping.
      (step: step + Int64(clamping: Double(entry.step - nextStep) * ratio + 0.5), bucket: entry.bucket)
    }
    let reach = moved.map { $0.step - step }.max() ?? 0
    reserve(steps: max(Int64(table.maximumDelay), reach, isEmpty ? 0 : farthest) + 1)
    nextStep = step
    self.stepSeconds = stepSeconds
    for entry in moved { append(entry.bucket, at: entry.step) }
  }

  /// Queues the spikes of `step` (which must be the next one).
  mutating func push(_ sources: UnsafeBufferPointer<Int32>, table: DeliveryTable) {
    if table.isUniform {
      let slot = Int((nextStep + Int64(table.uniformDelay)) & mask)
      ring[slot].pieces.append(contentsOf: sources)
      return
    }
    for source in sources {
      for piece in table.pieces(of: source) {
        ring[Int((nextStep + Int64(table.delay(of: piece))) & mask)].pieces.append(piece)
      }
    }
  }

  /// What is due in the next step. Lent: nothing is copied.
  func withDue<R>(_ body: (borrowing Bucket) throws -> R) rethrows -> R {
    try body(ring[Int(nextStep & mask)])
  }

  /// Ends the step: empties its bucket, keeping the memory.
  mutating func advance() {
    let slot = Int(nextStep & mask)
    if !ring[slot].isEmpty {
      ring[slot].carried.removeAll(keepingCapacity: true)
      ring[slot].pieces.removeAll(keepingCapacity: true)
    }
    nextStep += 1
  }

  /// Waiting synapses by delivery step, in delivery order: the form in which they are stored (CKP-40).
  func pendingSynapses(table: DeliveryTable?) -> [(step: Int64, synapses: [Int32])] {
    var result: [(step: Int64, synapses: [Int32])] = []
    for offset in 0...mask {
      let bucket = ring[Int((nextStep + offset) & mask)]
      if bucket.isEmpty { continue }
      var synapses = bucket.carried
      if let table { for piece in bucket.pieces { table.appendSynapses(of: piece, to: &synapses) } }
      if !synapses.isEmpty { result.append((nextStep + offset, synapses)) }
    }
    return result
  }

  /// Replaces the contents by stored ones.
  mutating func restore(_ pending: [(step: Int64, synapses: [Int32])], nextStep: Int64, stepSeconds: Double) {
    ring = [Bucket()]
    mask = 0
    self.nextStep = nextStep
    self.stepSeconds = stepSeconds
    reserve(steps: (pending.map { $0.step - nextStep }.max() ?? 0) + 1)
    for entry in pending { append(Bucket(carried: entry.synapses), at: entry.step) }
  }

  /// Forgets synapses that do not exist.
  mutating func dropSynapses(from count: Int32) {
    for slot in ring.indices { ring[slot].carried.removeAll { $0 >= count } }
  }

  // ------------------------------------------------------------------------------------------------------------ private

  /// Distance of the last occupied bucket from the next step.
  private var farthest: Int64 {
    (0...mask).last { !ring[Int((nextStep + $0) & mask)].isEmpty } ?? 0
  }

  private mutating func carryAll(_ table: DeliveryTable) {
    for slot in ring.indices where !ring[slot].pieces.isEmpty {
      for piece in ring[slot].pieces { table.appendSynapses(of: piece, to: &ring[slot].carried) }
      ring[slot].pieces.removeAll(keepingCapacity: true)
    }
  }

  private mutating func takePending(table: DeliveryTable) -> [(step: Int64, bucket: Bucket)] {
    var result: [(step: Int64, bucket: Bucket)] = []
    for offset in 0...mask {
      let slot = Int((nextStep + offset) & mask)
      if ring[slot].isEmpty { continue }
      result.append((nextStep + offset, ring[slot]))
      ring[slot] = Bucket()
    }
    return result
  }

  /// Older spikes come first: steps are handed over in ascending order (SYN-44).
  private mutating func append(_ bucket: Bucket, at step: Int64) {
    let slot = Int(step & mask)
    ring[slot].carried.append(contentsOf: bucket.carried)
    ring[slot].pieces.append(contentsOf: bucket.pieces)
  }

  private mutating func reserve(steps: Int64) {
    var size = Int64(ring.count)
    while size < steps { size *= 2 }
    guard size > Int64(ring.count) else { return }
    var larger = [Bucket](repeating: Bucket(), count: Int(size))
    for offset in 0...mask {
      larger[Int((nextStep + offset) & (size - 1))] = ring[Int((nextStep + offset) & mask)]
    }
    ring = larger
    mask = size - 1
  }
}

extension Int64 {
  /// Truncation towards zero that saturates; 0 for NaN.
  init(clamping value: Double) {
    if value.isNaN { self = 0 } else if value >= 0x1p62 { self = 1 << 62 } else if value <= -0x1p62 { self = -(1 << 62) } else { self = Int64(value) }
  }
}
