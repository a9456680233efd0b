internal import EngramScalars

/// Spikes on their way: for each coming step the pieces of the delivery table that are due.
///
/// Order of delivery inside a step (SYN-45): by arrival in the queue, then by source, then by synapse number. It follows
/// from appending: sources are pushed in ascending order, pieces hold ascending numbers.
///
/// When the table changes (new synapses, new delays, a restored checkpoint) what waits is turned into explicit synapse
/// numbers, which the next delivery handles first, since they are older than anything pushed later. Steps are numbers of
/// the pathway's clock; the ring holds the steps `next ..< next + ring size`, and what is due later waits beside it, so that
/// a far step costs no more than a near one.
struct SpikeQueue {
  struct Bucket {
    /// Numbers of synapses that were queued under an earlier table. Where each process has its own synapses alone: of those of all.
    var carried = SynapseRuns()
    /// Pieces of the present table.
    var pieces: [Int32] = []

    var isEmpty: Bool { carried.isEmpty && pieces.isEmpty }

    mutating func append(_ later: Bucket) {
      carried.append(later.carried)
      pieces.append(contentsOf: later.pieces)
    }
  }

  /// A piece that waits for its step.
  struct WaitingPiece {
    var step: Int64
    var piece: Int32
  }

  /// Turns pieces that wait, in the order of delivery, into numbers of synapses for each step, ascending.
  typealias Carrying<Failure: Error> = (_ waiting: [WaitingPiece], DeliveryTable) throws(Failure) -> [(step: Int64, synapses: SynapseRuns)]

  /// Power of two, so that a step maps to its bucket by a mask.
  private var ring: [Bucket] = [Bucket()]
  private var mask: Int64 = 0
  /// Steps beyond the ring. What is here for a step is older than what the ring gets for it later: its delay was longer.
  private var far: [Int64: Bucket] = [:]
  /// The step whose spikes are delivered next.
  private(set) var nextStep: Int64 = 0
  /// Length of a step when the positions were last counted [s]; 0 before the first run.
  private(set) var stepSeconds: Double = 0

  /// The most steps that have a place of their own.
  private static let longestRing: Int64 = 1 << 16

  /// Makes the queue ready for a run that begins at `step` (SYN-44).
  ///
  /// - Parameters:
  ///   - table: the table in force from now on.
  ///   - previous: the one that the waiting pieces belong to, when it is another.
  mutating func prepare<Failure>(
    step: Int64, stepSeconds: Double, table: DeliveryTable, previous: DeliveryTable?, carrying: Carrying<Failure>
  ) throws(Failure) {
    let isRescaled = self.stepSeconds != 0 && self.stepSeconds != stepSeconds
    if previous != nil || isRescaled { try carryAll(previous ?? table, carrying) }
    let pending = isRescaled || step != nextStep ? takePending() : []
    let ratio = isRescaled ? self.stepSeconds / stepSeconds : 1
    let start = nextStep
    nextStep = step
    self.stepSeconds = stepSeconds
    reserve(steps: Int64(table.maximumDelay) + 1)
    for entry in pending {
      // Position counted from now; rounding as for delays. Saturates far beyond any run instead of trapping.
      let (moved, overflow) = step.addingReportingOverflow(Int64(saturating: Double(entry.step - start) * ratio + 0.5))
      append(entry.bucket, at: overflow ? .max : moved)
    }
  }

  /// Queues the spikes of `step` (which must be the next one).
  mutating func push(_ sources: UnsafeBufferPointer<Int32>, table: DeliveryTable) {
    if table.isUniform {
      let delay = Int64(table.uniformDelay)
      if delay <= mask {
        ring[Int((nextStep + delay) & mask)].pieces.append(contentsOf: sources)
      } else {
        far[nextStep + delay, default: Bucket()].pieces.append(contentsOf: sources)
      }
      return
    }
    for source in sources {
      for piece in table.pieces(of: source) {
        let delay = Int64(table.delay(of: piece))
        if delay <= mask {
          ring[Int((nextStep + delay) & mask)].pieces.append(piece)
        } else {
          far[nextStep + delay, default: Bucket()].pieces.append(piece)
        }
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
      ring[slot].carried.removeAll()
      ring[slot].pieces.removeAll(keepingCapacity: true)
    }
    nextStep += 1
    if !far.isEmpty { takeOverFar() }
  }

  private mutating func takeOverFar() {
    guard var bucket = far.removeValue(forKey: nextStep) else { return }
    let slot = Int(nextStep & mask)
    bucket.append(ring[slot])
    ring[slot] = bucket
  }

  /// Waiting synapses by delivery step, in delivery order: the form in which they are stored (CKP-40).
  func pendingSynapses<Failure>(
    table: DeliveryTable?, carrying: Carrying<Failure>
  ) throws(Failure) -> [(step: Int64, synapses: SynapseRuns)] {
    var found: [Int64: SynapseRuns] = [:]
    for (step, bucket) in pending() where !bucket.carried.isEmpty { found[step] = bucket.carried }
    if let table { for (step, synapses) in try carrying(waitingPieces(), table) { found[step, default: SynapseRuns()].append(synapses) } }
    return found.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// The pieces that wait, in the order of delivery.
  private func waitingPieces() -> [WaitingPiece] {
    pending().flatMap { step, bucket in bucket.pieces.map { WaitingPiece(step: step, piece: $0) } }
  }

  /// Where all synapses are in this process.
  static func carriedHere(_ waiting: [WaitingPiece], _ table: DeliveryTable) -> [(step: Int64, synapses: SynapseRuns)] {
    var found: [(step: Int64, synapses: SynapseRuns)] = []
    for entry in waiting {
      if found.last?.step != entry.step { found.append((entry.step, SynapseRuns())) }
      for run in table.runs(of: entry.piece) { found[found.count - 1].synapses.append(run) }
    }
    return found
  }

  /// Replaces the contents by stored ones.
  mutating func restore(_ pending: [(step: Int64, synapses: SynapseRuns)], nextStep: Int64, stepSeconds: Double) {
    self = SpikeQueue()
    self.nextStep = nextStep
    self.stepSeconds = stepSeconds
    for entry in pending { append(Bucket(carried: entry.synapses), at: entry.step) }
  }

  /// Turns what waits into synapse numbers, which mean the same with any other table.
  mutating func forgetTable(_ table: DeliveryTable) { carryAll(table, Self.carriedHere) }

  /// Forgets synapses that do not exist.
  mutating func dropSynapses(from count: Int32) {
    for slot in ring.indices { ring[slot].carried.drop(from: count) }
    for step in far.keys { far[step]?.carried.drop(from: count) }
  }

  // ------------------------------------------------------------------------------------------------------------ private

  private mutating func carryAll<Failure>(_ table: DeliveryTable, _ carrying: Carrying<Failure>) throws(Failure) {
    let carried = try carrying(waitingPieces(), table)
    for slot in ring.indices { ring[slot].pieces.removeAll(keepingCapacity: true) }
    for step in far.keys { far[step]?.pieces.removeAll() }
    for entry in carried { append(Bucket(carried: entry.synapses), at: entry.step) }
  }

  /// Everything that waits, by step: ascending, so that older spikes come first wherever steps fall together (SYN-44).
  private func pending() -> [(step: Int64, bucket: Bucket)] {
    var found: [(step: Int64, bucket: Bucket)] = []
    var late = far
    for offset in 0...mask {
      let bucket = ring[Int((nextStep + offset) & mask)]
      // Within the ring's reach where the ring has grown since.
      guard !bucket.isEmpty || !late.isEmpty else { continue }
      var whole = late.removeValue(forKey: nextStep + offset) ?? Bucket()
      whole.append(bucket)
      if !whole.isEmpty { found.append((nextStep + offset, whole)) }
    }
    return found + late.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private mutating func takePending() -> [(step: Int64, bucket: Bucket)] {
    let found = pending()
    for slot in ring.indices { ring[slot] = Bucket() }
    far = [:]
    return found
  }

  private mutating func append(_ bucket: Bucket, at step: Int64) {
    if step - nextStep <= mask {
      ring[Int(step & mask)].append(bucket)
    } else {
      far[step, default: Bucket()].append(bucket)
    }
  }

  private mutating func reserve(steps: Int64) {
    var size = Int64(ring.count)
    while size < min(steps, Self.longestRing) { size *= 2 }
    guard size > Int64(ring.count) else { return }
    var larger = [Bucket](repeating: Bucket(), count: Int(size))
    for offset in 0...mask {
      larger[Int((nextStep + offset) & (size - 1))] = ring[Int((nextStep + offset) & mask)]
    }
    ring = larger
    mask = size - 1
  }
}
