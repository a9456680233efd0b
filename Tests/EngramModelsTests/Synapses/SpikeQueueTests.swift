import EngramCheckpoints
import Testing

@testable import EngramModels

/// Everything a queue delivers, step by step.
private func deliveries(_ queue: inout SpikeQueue, _ table: DeliveryTable, steps: Int, spikes: [Int64: [Int32]] = [:]) -> [Int64: [Int32]] {
  var result: [Int64: [Int32]] = [:]
  for _ in 0..<steps {
    if let sources = spikes[queue.nextStep] { sources.withUnsafeBufferPointer { queue.push($0, table: table) } }
    var due: [Int32] = []
    queue.withDue { bucket in
      due = bucket.carried.numbers
      for piece in bucket.pieces { for run in table.runs(of: piece) { due += run.first..<run.end } }
    }
    if !due.isEmpty { result[queue.nextStep] = due }
    queue.advance()
  }
  return result
}

private func table(_ sources: [Int32], count: Int, uniform: Int32) throws -> DeliveryTable {
  try sources.withUnsafeBufferPointer { try DeliveryTable(sources: $0, sourceCount: count, uniformDelay: uniform) }
}

private func table(_ sources: [Int32], count: Int, delays: [Int32]) throws -> DeliveryTable {
  try sources.withUnsafeBufferPointer { try DeliveryTable(sources: $0, sourceCount: count, delays: delays) }
}

@Suite("Spike queues") struct SpikeQueueTests {
  @Test("SYN-45: synapses are found by their sources, whether they come in that order or not, at once or when the first spike comes")
  func rows() throws {
    for seed in 0..<40 as Range<Int32> {
      let count = 1 + Int(seed) * 7 % 30
      let mixed = (0..<Int32(400)).map { ($0 &* $0 &* 37 &+ seed &* 11) % Int32(count) }
      for sources in [mixed, mixed.sorted(), mixed.sorted().filter { $0 % 3 == 1 }, []] {
        let expected = (0..<Int32(count)).map { source in sources.indices.filter { sources[$0] == source }.map(Int32.init) }
        let (now, later) = try sources.withUnsafeBufferPointer { ends in
          (
            try DeliveryTable(sources: ends, sourceCount: count, uniformDelay: 0),
            try DeliveryTable(sources: ends, sourceCount: count, uniformDelay: 0) { body in sources.withUnsafeBufferPointer(body) }
          )
        }
        for table in [now, later] {
          #expect(table.isInOrder == (sources == sources.sorted()) && table.isInOrder == (table.synapseAtPlace == nil))
          #expect((0..<Int32(count)).map { table.runs(of: $0).flatMap { Array($0.first..<$0.end) } } == expected)
        }
      }
    }
  }

  @Test("SYN-45: ends that descend or lie outside are not taken for ascending ones", arguments: [[1, 0], [0, 3], [-1, 0], [2, 2, 1]] as [[Int32]])
  func notAscending(ends: [Int32]) {
    #expect(ends.withUnsafeBufferPointer { AscendingEnds.starts(of: $0, elementCount: 3) } == nil)
  }

  @Test("SYN-45: ends that descend late are not taken for ascending ones")
  func lateDescent() {
    for place in [4095, 4096, 4097, 8192, 9999] {
      var ends = [Int32](repeating: 1, count: 10_000)
      ends[place] = 0
      #expect(ends.withUnsafeBufferPointer { AscendingEnds.starts(of: $0, elementCount: 3) } == nil)
    }
  }

  @Test("SYN-42: a spike of step k with delay d is delivered in step k + d, with delay 0 in the same step", arguments: [Int32(0), 1, 3, 17])
  func delay(steps: Int32) throws {
    let table = try table([0, 0, 1], count: 2, uniform: steps)
    var queue = SpikeQueue()
    queue.prepare(step: 0, stepSeconds: 1e-4, table: table, previous: nil)
    let result = deliveries(&queue, table, steps: 40, spikes: [2: [0], 5: [0, 1]])
    #expect(result == [2 + Int64(steps): [0, 1], 5 + Int64(steps): [0, 1, 2]])
  }

  @Test("SYN-45: delivery is ordered by arrival, then source, then synapse number")
  func order() throws {
    // Synapses 0…5 of sources 1 0 1 0 1 0 with delays 2 1 1 2 2 1.
    let table = try table([1, 0, 1, 0, 1, 0], count: 2, delays: [2, 1, 1, 2, 2, 1])
    var queue = SpikeQueue()
    queue.prepare(step: 0, stepSeconds: 1e-4, table: table, previous: nil)
    let result = deliveries(&queue, table, steps: 5, spikes: [0: [0, 1], 1: [0, 1]])
    #expect(result == [1: [1, 5, 2], 2: [3, 0, 4, 1, 5, 2], 3: [3, 0, 4]])
  }

  @Test("SYN-43: what is queued keeps its delivery step when the delays change")
  func changedDelays() throws {
    let before = try table([0], count: 1, uniform: 5)
    let after = try table([0], count: 1, uniform: 1)
    var queue = SpikeQueue()
    queue.prepare(step: 0, stepSeconds: 1e-4, table: before, previous: nil)
    _ = deliveries(&queue, before, steps: 2, spikes: [1: [0]])
    queue.prepare(step: 2, stepSeconds: 1e-4, table: after, previous: before)
    #expect(deliveries(&queue, after, steps: 6, spikes: [2: [0]]) == [3: [0], 6: [0]])
  }

  @Test("SYN-44: queued spikes keep their time through changes of dt: 0.5 ms, 1 ms, 0.1 ms")
  func rescaling() throws {
    let delays = (0..<10).map { Int32($0 * 2) }
    let sources = [Int32](repeating: 0, count: 10)
    let first = try table(sources, count: 1, delays: delays)
    var queue = SpikeQueue()
    queue.prepare(step: 0, stepSeconds: 0.5e-3, table: first, previous: nil)
    var arrivals: [Int32: Double] = [:]
    for (step, synapses) in deliveries(&queue, first, steps: 10, spikes: [0: [0]]) {
      for synapse in synapses { arrivals[synapse] = Double(step) * 0.5 }
    }
    queue.prepare(step: 5, stepSeconds: 1e-3, table: first, previous: first)
    for (step, synapses) in deliveries(&queue, first, steps: 3) {
      for synapse in synapses { arrivals[synapse] = Double(step) * 1 }
    }
    queue.prepare(step: 80, stepSeconds: 0.1e-3, table: first, previous: first)
    for (step, synapses) in deliveries(&queue, first, steps: 20) {
      for synapse in synapses { arrivals[synapse] = Double(step) * 0.1 }
    }
    // The neurons of the specification cross threshold one step after these arrivals.
    let expected: [Double] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    #expect(arrivals.count == 10)
    for (synapse, milliseconds) in arrivals { #expect(abs(milliseconds - expected[Int(synapse)]) < 1e-9) }
  }

  @Test("SYN-44: no spike is lost when dt grows and steps fall together; older spikes come first")
  func merging() throws {
    let delays = (1...20).map { Int32($0) }
    let table = try table([Int32](repeating: 0, count: 20), count: 1, delays: delays)
    var queue = SpikeQueue()
    queue.prepare(step: 0, stepSeconds: 0.1e-3, table: table, previous: nil)
    let before = deliveries(&queue, table, steps: 5, spikes: [0: [0]])
    queue.prepare(step: 1, stepSeconds: 0.5e-3, table: table, previous: table)
    let after = deliveries(&queue, table, steps: 10)
    let all = (before.values.flatMap { $0 } + after.values.flatMap { $0 }).sorted()
    #expect(all == Array(0..<20))
    for synapses in after.values { #expect(synapses == synapses.sorted()) }
  }

  @Test("CKP-40: stored spikes come back with step, dt and synapse, and the bytes do not depend on how they were queued")
  func stored() throws {
    let table = try table([0, 0, 1, 1], count: 2, delays: [1, 3, 1, 2])
    var queue = SpikeQueue()
    queue.prepare(step: 7, stepSeconds: 1e-4, table: table, previous: nil)
    [Int32(0), 1].withUnsafeBufferPointer { queue.push($0, table: table) }
    queue.advance()
    let pending = queue.pendingSynapses(table: table)
    let bytes = StoredSpikes.encode(.init(nextStep: queue.nextStep, stepSeconds: queue.stepSeconds, pending: pending))
    let read = try #require(StoredSpikes.decode(bytes, synapseCount: 4))
    #expect(read.nextStep == 8 && read.stepSeconds == 1e-4)
    #expect(read.pending.map(\.step) == [8, 9, 10] && read.pending.map(\.synapses.numbers) == [[0, 2], [3], [1]])
    var restored = SpikeQueue()
    restored.restore(read.pending, nextStep: read.nextStep, stepSeconds: read.stepSeconds)
    let again = StoredSpikes.encode(
      .init(nextStep: restored.nextStep, stepSeconds: restored.stepSeconds, pending: restored.pendingSynapses(table: nil)))
    #expect(again == bytes)
    restored.prepare(step: 8, stepSeconds: 1e-4, table: table, previous: nil)
    #expect(deliveries(&restored, table, steps: 4) == deliveries(&queue, table, steps: 4))
  }

  @Test("CKP-16: damaged bytes of a queue are refused: every prefix, and synapse numbers that do not exist")
  func damaged() {
    let pending = [(step: Int64(4), synapses: SynapseRuns([0, 1, 5])), (step: Int64(9), synapses: SynapseRuns([2]))]
    let bytes = StoredSpikes.encode(.init(nextStep: 3, stepSeconds: 1e-4, pending: pending))
    #expect(StoredSpikes.decode(bytes, synapseCount: 6) != nil)
    #expect(StoredSpikes.decode(bytes, synapseCount: 5) == nil)
    for length in 0..<bytes.count { #expect(StoredSpikes.decode(Array(bytes[..<length]), synapseCount: 6) == nil) }
  }

  @Test("SYN-45: a spike far ahead costs no more than a near one, and is delivered before those that were sent to its step later")
  func farAhead() throws {
    try expectFarFirst(lastDelay: 0)
    // Sent a step before: it waits in the ring already when the ones from far away join it.
    try expectFarFirst(lastDelay: 1)
  }

  private func expectFarFirst(lastDelay: Int32) throws {
    let long: Int32 = 1 << 17
    // Synapse 0 has a delay beyond the reach of the ring; that of 1 is a step shorter, 2 has none or one step.
    let table = try table([0, 1, 2], count: 3, delays: [long, long - 1, lastDelay])
    var queue = SpikeQueue()
    queue.prepare(step: 0, stepSeconds: 1e-4, table: table, previous: nil)
    func push(_ source: Int32) { [source].withUnsafeBufferPointer { queue.push($0, table: table) } }
    push(0)
    queue.advance()
    push(1)
    #expect(queue.pendingSynapses(table: table).map(\.step) == [Int64(long)])
    #expect(queue.pendingSynapses(table: table)[0].synapses.numbers == [0, 1])
    for _ in 1..<(long - lastDelay) { queue.advance() }
    push(2)
    for _ in 0..<lastDelay { queue.advance() }
    queue.withDue { bucket in #expect(bucket.pieces == [0, 1, 2]) }
    queue.advance()
    #expect(queue.pendingSynapses(table: table).isEmpty)
  }

  @Test("CKP-16: stored spikes of many synapses, and far away, take no more memory than their bytes")
  func claims() throws {
    let most = Int32.max - 1
    var runs = SynapseRuns()
    for _ in 0..<1000 { runs.append(SynapseRun(first: 0, count: most)) }
    let bytes = StoredSpikes.encode(
      .init(nextStep: 1 << 62, stepSeconds: 1e-300, pending: [(step: Int64(1) << 62, synapses: runs), (step: Int64.max, synapses: runs)]))
    let read = try #require(StoredSpikes.decode(bytes, synapseCount: Int(most)))
    #expect(read.pending.map(\.synapses.list.count) == [1000, 1000])
    var queue = SpikeQueue()
    queue.restore(read.pending, nextStep: read.nextStep, stepSeconds: read.stepSeconds)
    queue.dropSynapses(from: 2)
    // Another dt, and another time: what was far stays far, and nothing runs over.
    queue.prepare(step: 5, stepSeconds: 1e300, table: try table([0, 0], count: 1, uniform: 1), previous: nil)
    queue.prepare(step: 6, stepSeconds: 1e-300, table: try table([0, 0], count: 1, uniform: 1), previous: nil)
    #expect(queue.pendingSynapses(table: nil).reduce(0) { $0 + $1.synapses.numbers.count } == 4000)
    // Beyond the greatest step there is no other.
    #expect(StoredSpikes.decode(StoredSpikes.encode(.init(nextStep: (1 << 62) + 1, stepSeconds: 0, pending: [])), synapseCount: 1) == nil)
  }

  @Test("A table is not made of ends outside of the group, or of too few delays")
  func impossibleTables() {
    #expect(throws: DeliveryTable.Impossible.source(synapse: 1, source: 2)) { try table([0, 2], count: 2, uniform: 0) }
    #expect(throws: DeliveryTable.Impossible.source(synapse: 0, source: -1)) { try table([-1, 0], count: 2, delays: [1, 2]) }
    #expect(throws: DeliveryTable.Impossible.delays(count: 1, synapses: 2)) { try table([0, 1], count: 2, delays: [1]) }
  }

  @Test("SYN-41: delays become steps by adding a half and truncating")
  func rounding() {
    let expected: [(Double, Int32)] = [(0.04e-3, 0), (0.05e-3, 1), (0.14e-3, 1), (0.15e-3, 1), (0.16e-3, 2), (0.25e-3, 3), (0.35e-3, 4)]
    for (delay, steps) in expected { #expect(DelaySteps.steps(ofSeconds: delay, stepSeconds: 0.1e-3) == steps) }
    #expect(DelaySteps.steps(ofSeconds: -0.1e-3, stepSeconds: 0.1e-3) == nil)
    #expect(DelaySteps.steps(ofSeconds: .infinity, stepSeconds: 0.1e-3) == nil)
  }

  @Test("SYN-44: when dt doubles, spikes at odd positions go to the later step: a half is rounded up, as for delays")
  func oddPositions() throws {
    let before = try table([0, 0, 0, 0], count: 1, delays: [1, 2, 3, 4])
    var queue = SpikeQueue()
    queue.prepare(step: 0, stepSeconds: 1e-4, table: before, previous: nil)
    _ = deliveries(&queue, before, steps: 1, spikes: [0: [0]])
    // Waiting at steps 1, 2, 3, 4, that is 0, 1, 2, 3 steps from now; twice the step from here on.
    let after = try table([0, 0, 0, 0], count: 1, delays: [1, 1, 2, 2])
    queue.prepare(step: 10, stepSeconds: 2e-4, table: after, previous: before)
    #expect(deliveries(&queue, after, steps: 5) == [10: [0], 11: [1, 2], 12: [3]])
  }
}

/// With all synapses in this process.
extension SpikeQueue {
  fileprivate mutating func prepare(step: Int64, stepSeconds: Double, table: DeliveryTable, previous: DeliveryTable?) {
    prepare(step: step, stepSeconds: stepSeconds, table: table, previous: previous, carrying: Self.carriedHere)
  }

  fileprivate func pendingSynapses(table: DeliveryTable?) -> [(step: Int64, synapses: SynapseRuns)] {
    pendingSynapses(table: table, carrying: Self.carriedHere)
  }
}
