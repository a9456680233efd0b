/// Synapses with consecutive numbers.
struct SynapseRun: Hashable {
  var first: Int32
  /// At least 1; `first + count` is at most `Int32.max`.
  var count: Int32

  var end: Int32 { first + count }
}

/// Synapse numbers in a given order, as runs of consecutive ones: what waits takes as much room as it took in the checkpoint it came
/// from, however many synapses a run has.
///
/// Invariant: no run begins where the one before it ends, so that equal sequences of numbers are equal lists.
struct SynapseRuns: Equatable {
  private(set) var list: [SynapseRun] = []

  var isEmpty: Bool { list.isEmpty }

  init() {}
  init(_ numbers: [Int32]) { for number in numbers { append(SynapseRun(first: number, count: 1)) } }

  mutating func append(_ run: SynapseRun) {
    if let last = list.last, last.end == run.first {
      list[list.count - 1].count += run.count
    } else {
      list.append(run)
    }
  }

  mutating func append(_ others: SynapseRuns) { for run in others.list { append(run) } }
  mutating func removeAll() { list.removeAll(keepingCapacity: true) }

  /// Leaves out the numbers from `count` on.
  mutating func drop(from count: Int32) {
    let all = list
    list = []
    for run in all where run.first < count { append(SynapseRun(first: run.first, count: min(run.count, count - run.first))) }
  }

  /// Calls `body` with the numbers, in parts of which each ascends: in stored form a synapse may wait twice.
  func forEachAscending(_ body: (UnsafeBufferPointer<Int32>) throws -> Void) rethrows {
    var numbers: [Int32] = []
    for (place, run) in list.enumerated() {
      if place > 0, run.first < list[place - 1].end {
        try numbers.withUnsafeBufferPointer(body)
        numbers.removeAll(keepingCapacity: true)
      }
      numbers.append(contentsOf: run.first..<run.end)
    }
    if !numbers.isEmpty { try numbers.withUnsafeBufferPointer(body) }
  }
}
