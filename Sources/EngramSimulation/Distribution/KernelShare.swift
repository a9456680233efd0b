import EngramKernels
import EngramScalars

/// Which of the elements of a kernel this process computes, and what it has to know of others before.
final class KernelShare {
  enum Part {
    case elements(Range<Int>)
    case synapses(SynapseOwners)
    /// All that there are here, since others have theirs.
    case all
    /// All elements, as every other process does; of the events among them only those of some elements are found here.
    case together(events: Range<Int>)
  }

  let part: Part
  private unowned let distribution: Distribution
  /// Divided columns that the code needs elsewhere than at the elements of this process.
  private let halo: [DividedColumn]
  /// All divided columns that it reads: where every process computes the same elements. Those of which an element needs its own value alone are apart.
  private let reads: [DividedColumn]
  private let ownReads: [DividedColumn]
  private let writes: [DividedColumn]

  init(_ part: Part, _ distribution: Distribution, halo: [DividedColumn], reads: [DividedColumn], ownReads: [DividedColumn], writes: [DividedColumn]) {
    (self.part, self.distribution) = (part, distribution)
    (self.halo, self.reads, self.ownReads, self.writes) = (halo, reads, ownReads, writes)
  }

  /// Every process is about to compute its part.
  @inline(__always) func begins() {
    for column in halo { distribution.refresh(column) }
    for column in writes { column.isStale = true }
  }

  /// Every process is about to compute the same elements.
  ///
  /// - Parameter elements: which; nil: all.
  func beginsTogether(_ elements: UnsafeBufferPointer<Int32>? = nil) {
    for column in reads { distribution.refresh(column) }
    for column in ownReads { if let elements { distribution.refresh(column, at: elements) } else { distribution.refresh(column) } }
  }

  func run(_ elements: Range<Int>, _ kernel: any Kernel, step: Int64) -> KernelFault? {
    switch part {
    case .elements(let own): return kernel.run(range: elements.clamped(to: own), step: step)
    case .synapses(let owners):
      var fault: KernelFault?
      owners.own(in: elements) { fault = kernel.run(indices: $0, step: step) }
      return fault
    case .all, .together: return kernel.run(range: elements, step: step)
    }
  }

  /// - Parameter indices: ascending where they are elements of a group.
  func run(indices: UnsafeBufferPointer<Int32>, _ kernel: any Kernel, step: Int64) -> KernelFault? {
    switch part {
    case .elements(let own):
      let start = indices.firstPlace { Int($0) >= own.lowerBound }
      let end = indices.firstPlace { Int($0) >= own.upperBound }
      return kernel.run(indices: UnsafeBufferPointer(rebasing: indices[start..<max(start, end)]), step: step)
    case .synapses(let owners):
      var fault: KernelFault?
      owners.own(in: indices) { fault = kernel.run(indices: $0, step: step) }
      return fault
    case .all, .together: return kernel.run(indices: indices, step: step)
    }
  }

  func run(pieces: UnsafeBufferPointer<Int32>, of table: PieceTable, _ kernel: any Kernel, step: Int64) -> KernelFault? {
    switch part {
    case .elements: preconditionFailure("pieces are made of synapses")
    case .synapses(let owners): kernel.run(pieces: pieces, of: owners.own(of: table), step: step)
    case .all, .together: kernel.run(pieces: pieces, of: table, step: step)
    }
  }

  func select(_ elements: Range<Int>, into list: UnsafeMutablePointer<Int32>, _ kernel: any Kernel, step: Int64) -> (count: Int, fault: KernelFault?) {
    switch part {
    case .elements(let own): return kernel.select(range: elements.clamped(to: own), step: step, into: list)
    case .together(let own):
      let (count, fault) = kernel.select(range: elements, step: step, into: list)
      let found = UnsafeBufferPointer(start: list, count: count)
      let (start, end) = (found.firstPlace { Int($0) >= own.lowerBound }, found.firstPlace { Int($0) >= own.upperBound })
      list.update(from: list + start, count: end - start)
      return (end - start, fault)
    case .synapses, .all: preconditionFailure("synapses have no events")
    }
  }

  /// Those of consecutive elements of a group that this process computes.
  func own(in elements: Range<Int>) -> Range<Int> {
    if case .elements(let own) = part { elements.clamped(to: own) } else { elements }
  }
}
