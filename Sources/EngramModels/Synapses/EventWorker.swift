internal import EngramSimulation

/// What one thread does when synapses get the events that they have missed. Synapses differ between threads, hence no thread waits for another.
final class EventWorker {
  /// A source whose synapses have missed events: all those after a step.
  struct Missed {
    let source: Int32
    let step: Int32
  }

  /// What all workers read.
  struct Memory {
    /// The synapses of each source.
    let rows: DeliveryTable
    /// By synapse: its target.
    let targets: UnsafePointer<Int32>
    /// By synapse: the time that the code gets.
    let times: UnsafeMutableBufferPointer<Double>
    let events: TargetEvents
  }

  private let memory: Memory
  /// The code, for synapses that have a time each.
  private let kernel: PreparedKernel
  private let batch = EventBatch()
  /// Synapses of a source that have missed some.
  private let behind: UnsafeMutableBufferPointer<Int32>
  /// Executions of the last work.
  private(set) var doneCount = 0
  private(set) var failure: (any Error)?

  /// So many executions of one synapse after the other are begun at least before code runs: each run has a price.
  private static let leastBatch = 2048

  init(_ kernel: PreparedKernel, _ memory: Memory) {
    (self.kernel, self.memory) = (kernel, memory)
    let rows = memory.rows
    behind = .allocate(capacity: 1 + ((0..<Int32(rows.sourceCount)).map { rows.row(of: $0).count }.max() ?? 0))
  }

  deinit { behind.deallocate() }

  /// Runs the code for a part of the synapses of each source.
  ///
  /// - Parameter part: which one, and how many there are.
  func work(_ missed: UnsafeBufferPointer<Missed>, part: (number: Int, count: Int)) {
    doneCount = 0
    do {
      for missed in missed {
        let row = memory.rows.row(of: missed.source)
        let (first, last) = (row.count * part.number / part.count, row.count * (part.number + 1) / part.count)
        collect(row.lowerBound + first..<row.lowerBound + last, after: missed.step)
        if batch.count >= Self.leastBatch { try runBatch() }
      }
      try runBatch()
    } catch { failure = failure ?? error }
  }

  /// Runs the code for some synapses with the time of one event.
  func run(_ synapses: [Int32], seconds: Double) {
    for synapse in synapses { memory.times[Int(synapse)] = seconds }
    do { try synapses.withUnsafeBufferPointer { try kernel.run(indices: $0) } } catch { failure = failure ?? error }
  }

  private func collect(_ row: Range<Int>, after step: Int32) {
    var count = 0
    let (targets, newestStep, behind) = (memory.targets, memory.events.newestStep, behind)
    if let places = memory.rows.synapseAtPlace {
      places.withUnsafeBufferPointer { places in
        for place in row {
          behind[count] = places[place]
          count += newestStep[Int(targets[Int(places[place])])] > step ? 1 : 0
        }
      }
    } else {
      for synapse in row {
        behind[count] = Int32(truncatingIfNeeded: synapse)
        count += newestStep[Int(targets[synapse])] > step ? 1 : 0
      }
    }
    batch.append(behind[..<count], to: targets, after: step, of: memory.events.lists)
  }

  private func runBatch() throws {
    guard batch.count > 0 else { return }
    doneCount += batch.count
    let times = memory.times
    try batch.take { synapses, seconds in
      for place in synapses.indices { times[Int(synapses[place])] = seconds[place] }
      try kernel.run(indices: synapses)
    }
  }
}
