/// Executions of code for single synapses that are to be done together, in rounds: the first event of each synapse, then the second, and
/// so on. In a round each synapse comes once.
///
/// Memory is taken by hand: what is here runs once for each event of each synapse.
final class EventBatch {
  private struct Round {
    var synapses: UnsafeMutablePointer<Int32>
    var seconds: UnsafeMutablePointer<Double>
    var count = 0
    private var capacity: Int

    init(capacity: Int) {
      self.capacity = capacity
      synapses = .allocate(capacity: capacity)
      seconds = .allocate(capacity: capacity)
    }

    @inline(__always) mutating func append(_ synapse: Int32, _ second: Double) {
      if count == capacity { grow() }
      synapses[count] = synapse
      seconds[count] = second
      count += 1
    }

    private mutating func grow() {
      var larger = Round(capacity: 2 * capacity)
      larger.synapses.update(from: synapses, count: count)
      larger.seconds.update(from: seconds, count: count)
      larger.count = count
      deallocate()
      self = larger
    }

    func deallocate() {
      synapses.deallocate()
      seconds.deallocate()
    }
  }

  private var rounds = UnsafeMutableBufferPointer<Round>.allocate(capacity: 0)
  /// How many executions there are.
  private(set) var count = 0

  deinit {
    for round in rounds { round.deallocate() }
    rounds.deallocate()
  }

  /// Takes the events of synapses that happened after a step.
  ///
  /// - Parameters:
  ///   - targets: the target of each synapse there is.
  ///   - lists: the events of each target.
  func append(
    _ synapses: UnsafeMutableBufferPointer<Int32>.SubSequence, to targets: UnsafePointer<Int32>, after step: Int32,
    of lists: UnsafePointer<TargetEvents.List>
  ) {
    var (rounds, total) = (rounds, 0)
    for synapse in synapses {
      let list = lists[Int(targets[Int(synapse)])]
      guard let events = list.events else { continue }
      let end = Int(list.count)
      var first = end
      while first > 0, events[first - 1].step > step { first -= 1 }
      let found = end - first
      if found > rounds.count {
        addRounds(upTo: found)
        rounds = self.rounds
      }
      for round in 0..<found { rounds[round].append(synapse, events[first + round].seconds) }
      total += found
    }
    count += total
  }

  private func addRounds(upTo count: Int) {
    let more = UnsafeMutableBufferPointer<Round>.allocate(capacity: count)
    let end = more.moveInitialize(fromContentsOf: rounds)
    for round in end..<count { more.initializeElement(at: round, to: Round(capacity: 1024)) }
    rounds.deallocate()
    rounds = more
  }

  /// Lends each round: synapses, and the time that each of them gets. Nothing is left afterwards.
  func take(_ body: (UnsafeBufferPointer<Int32>, UnsafePointer<Double>) throws -> Void) rethrows {
    defer {
      for round in rounds.indices { rounds[round].count = 0 }
      count = 0
    }
    for round in rounds where round.count > 0 {
      try body(UnsafeBufferPointer(start: round.synapses, count: round.count), round.seconds)
    }
  }
}
