/// Executions of code for single synapses that are to be done together, in rounds: the first event of each synapse, then the second, and
/// so on. In a round each synapse comes once.
///
/// Memory is taken by hand: what is here runs once for each event of each synapse.
final class EventBatch {
  /// An event of a target that waits.
  struct Event {
    /// The time that code gets [s].
    let seconds: Double
    /// The step in which it happened, counted from 1.
    let step: Int32
    /// The number of the event of the same target before it; -1: there is none.
    let previous: Int32
  }

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
  /// Events of one synapse, newest first.
  private var newestFirst = UnsafeMutableBufferPointer<Int32>.allocate(capacity: 64)
  /// How many executions there are.
  private(set) var count = 0

  deinit {
    for round in rounds { round.deallocate() }
    rounds.deallocate()
    newestFirst.deallocate()
  }

  /// Takes the events of synapses: for each its newest one, and those before it as long as they happened after a step.
  ///
  /// - Parameters:
  ///   - targets: the target of each synapse there is.
  ///   - newest: by target: its newest event.
  ///   - log: the events, by number.
  func append(
    _ synapses: UnsafeMutableBufferPointer<Int32>.SubSequence, to targets: UnsafePointer<Int32>, newest: UnsafeMutableBufferPointer<Int32>,
    after step: Int32, of log: UnsafePointer<Event>
  ) {
    var (rounds, stack, total) = (rounds, newestFirst, 0)
    for synapse in synapses {
      var (event, found) = (newest[Int(targets[Int(synapse)])], 0)
      while event >= 0, log[Int(event)].step > step {
        if found == stack.count {
          growStack()
          stack = newestFirst
        }
        stack[found] = event
        found += 1
        event = log[Int(event)].previous
      }
      if found > rounds.count {
        addRounds(upTo: found)
        rounds = self.rounds
      }
      for round in 0..<found { rounds[round].append(synapse, log[Int(stack[found - 1 - round])].seconds) }
      total += found
    }
    count += total
  }

  private func growStack() {
    let larger = UnsafeMutableBufferPointer<Int32>.allocate(capacity: 2 * newestFirst.count)
    _ = larger.update(fromContentsOf: newestFirst)
    newestFirst.deallocate()
    newestFirst = larger
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
