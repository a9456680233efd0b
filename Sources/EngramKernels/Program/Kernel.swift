package import EngramScalars
import Synchronization

/// The memory of a column.
package struct ColumnBuffer {
  package let base: UnsafeMutableRawPointer
  package let count: Int
  package let type: ScalarType

  package init(base: UnsafeMutableRawPointer, count: Int, type: ScalarType) {
    self.base = base
    self.count = count
    self.type = type
  }
}

/// A program that runs over columns.
///
/// Order of use: `bind` once, `prepareRun` at the beginning of every run (and after constants change), then any number of
/// calls of the others. Calls allocate nothing and look nothing up by name. A kernel has one owner; calls must not overlap.
package protocol Kernel: AnyObject {
  /// What random numbers of elements depend on, where that is not their place in memory. Set before the first call.
  var numbers: ElementNumbers? { get set }

  /// Gives memory to every column of the program, by column id. The memory must stay where it is while the kernel lives.
  ///
  /// - Parameter randomKey: the key of a textual call of a random function (RNG-3); sites are numbered from 0.
  func bind(columns: [Int: ColumnBuffer], randomKey: (_ callSite: Int) -> UInt64) throws(KernelError)

  /// Computes what stays constant for a run.
  func prepareRun()

  /// Runs the program for `range`. Statements for shared variables run once, also when the range is empty.
  ///
  /// - Parameter step: the step part of random counters.
  func run(range: Range<Int>, step: Int64) -> KernelFault?
  /// Runs the program for the listed elements, in this order.
  func run(indices: UnsafeBufferPointer<Int32>, step: Int64) -> KernelFault?
  /// Runs the program for pieces of a table, one after the other, as a call for each would do that is not empty.
  /// Different pieces have no element in common.
  func run(pieces: UnsafeBufferPointer<Int32>, of table: PieceTable, step: Int64) -> KernelFault?

  /// Runs the program and writes the elements for which its condition holds to `out` (room for `range.count`), ascending.
  func select(range: Range<Int>, step: Int64, into out: UnsafeMutablePointer<Int32>) -> (count: Int, fault: KernelFault?)

  /// Runs the program and writes its value for each element to `out`: doubles, or Int64 for integers and booleans.
  func evaluate(range: Range<Int>, step: Int64, into out: UnsafeMutableRawPointer) -> KernelFault?
  func evaluate(indices: UnsafeBufferPointer<Int32>, step: Int64, into out: UnsafeMutableRawPointer) -> KernelFault?

  /// Afterwards no other thread looks at the columns, which may move or go.
  func runEnded()
}

/// Lists of elements with numbers: what one event sets off (a spike: the synapses of its source).
package struct PieceTable {
  /// Piece p has the places `bounds[p] ..< ends[p]`.
  package let bounds: UnsafePointer<Int32>
  /// Behind the last place of each piece: the next one of `bounds`, unless the table has a part of each piece only.
  package let ends: UnsafePointer<Int32>
  /// The element at each place; `nil`: a place is an element.
  package let elements: UnsafePointer<Int32>?
  /// How many pieces there are.
  package let count: Int
  /// A number that no other table has had, as long as the process lives.
  package let identity: Int

  package init(bounds: UnsafePointer<Int32>, ends: UnsafePointer<Int32>? = nil, elements: UnsafePointer<Int32>?, count: Int, identity: Int) {
    (self.bounds, self.ends, self.elements) = (bounds, ends ?? bounds + 1, elements)
    (self.count, self.identity) = (count, identity)
  }

  /// The places of one piece.
  @inline(__always) package func places(of piece: Int) -> Range<Int> { Int(bounds[piece])..<Int(ends[piece]) }

  private static let lastIdentity = Atomic<Int>(0)
  package static func newIdentity() -> Int { lastIdentity.add(1, ordering: .relaxed).newValue }
}
