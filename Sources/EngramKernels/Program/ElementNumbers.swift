import CEngramMath

/// The numbers that elements have in a whole of which only some are in memory, or that candidates for elements have among all candidates.
///
/// Random numbers of an element depend on its number in the whole, so that they are the same wherever it is computed.
package final class ElementNumbers {
  /// Elements one after the other, whose numbers are consecutive.
  package struct Run: Equatable {
    /// The place in memory of the first one.
    package var place: Int32
    /// Its number in the whole.
    package var number: Int32

    package init(place: Int32, number: Int32) { (self.place, self.number) = (place, number) }
  }

  private let memory: UnsafeMutableBufferPointer<Int32>
  /// What the register machine reads.
  let table: UnsafeMutablePointer<engram_numbers>

  /// - Parameter runs: ascending in both; the first one begins at place 0.
  package init(_ runs: [Run]) {
    memory = .allocate(capacity: max(1, 2 * runs.count))
    table = .allocate(capacity: 1)
    for (place, run) in runs.enumerated() { (memory[place], memory[runs.count + place]) = (run.place, run.number) }
    let base = UnsafePointer(memory.baseAddress)
    table.initialize(to: engram_numbers(starts: base, numbers: base.map { $0 + runs.count }, count: Int64(runs.count), listed: nil))
  }

  /// - Parameter listed: the number of the element at each place; whoever gives them keeps them.
  package init(listed: UnsafePointer<Int64>) {
    memory = .allocate(capacity: 1)
    table = .allocate(capacity: 1)
    table.initialize(to: engram_numbers(starts: nil, numbers: nil, count: 0, listed: listed))
  }

  deinit {
    memory.deallocate()
    table.deallocate()
  }
}
