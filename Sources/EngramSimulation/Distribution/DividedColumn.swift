import EngramScalars
package import EngramStorage
import EngramTransport

/// How what an owner has is shared out: the way to the element of a group that says which process computes it.
package enum Division {
  /// Elements of a group, in the numbering of its columns.
  case elements(count: Int)
  /// Synapses, which belong to the element that they end at.
  ///
  /// - targets: by synapse, the number of its end, to which `offset` is added.
  /// - count: of the whole group that they end in.
  /// - own: where each process has its own synapses alone, which they are here; nil: every process has all of them.
  case synapses(targets: ArrayVariable, offset: Int, count: Int, own: OwnElements?)
}

/// An owner of variables whose elements can be shared out.
package protocol DividedOwner: VariableOwner {
  /// Nil: they cannot be.
  var division: Division? { get }
  /// Where each process has its own elements alone, which they are here; nil: every process has all of them.
  var ownElements: OwnElements? { get }
}

extension DividedOwner {
  package var ownElements: OwnElements? { nil }
}

/// An object that runs in every process, whose work is in kernels or the same everywhere. Others are refused.
package protocol RunsDivided: AnyObject {}

/// An array of which each process writes its own part.
final class DividedColumn {
  let variable: ArrayVariable
  let owners: ColumnOwners
  /// Whether somebody has written since all parts came together.
  var isStale = true
  /// Whether it is written without a kernel.
  let isAlwaysStale: Bool

  init(_ variable: ArrayVariable, _ owners: ColumnOwners, isAlwaysStale: Bool) {
    (self.variable, self.owners, self.isAlwaysStale) = (variable, owners, isAlwaysStale)
  }
}

/// Which process computes which place of a column.
enum ColumnOwners {
  case elements(count: Int)
  case synapses(SynapseOwners)
  /// Every process has a column of its own, with its own elements alone.
  case apart(OwnElements)

  func agrees(with other: ColumnOwners) -> Bool {
    switch (self, other) {
    case (.elements(let a), .elements(let b)): a == b
    case (.synapses(let a), .synapses(let b)): a === b
    case (.apart(let a), .apart(let b)): a === b
    default: false
    }
  }

  /// The process that computes a place.
  func owner(of place: Int, _ distribution: Distribution) -> Int {
    switch self {
    case .elements(let count): (0..<distribution.size).firstPlace { distribution.part(of: count, rank: $0).upperBound > place }
    case .synapses(let owners): owners.owner(of: place)
    case .apart(let own): own.distribution.rank
    }
  }

  /// How many places there are.
  var count: Int {
    switch self {
    case .elements(let count): count
    case .synapses(let owners): owners.count
    case .apart(let own): own.count
    }
  }
}

extension Distribution {
  /// Has every process get all of a column, where parts were written.
  package func refresh(_ column: Column) {
    if let known = divided[column.identity] { refresh(known) }
  }

  func refresh(_ column: DividedColumn) {
    guard column.isStale || column.isAlwaysStale else { return }
    column.isStale = false
    let memory = column.variable.column
    let size = column.variable.scalarType.byteCount
    switch column.owners {
    case .elements(let count):
      transport.gather(inPlace: memory.base, byteCounts: (0..<self.size).map { part(of: count, rank: $0).count * size })
    case .synapses(let owners): owners.gather(memory.base, size: size, self)
    // Nobody else has these elements.
    case .apart: break
    }
  }

  /// Every process has computed all values of a column.
  package func isComplete(_ column: Column) { divided[column.identity]?.isStale = false }

  /// Has every process get the values of some places, as one that records them: for others the column stays as it is.
  package func refresh(_ column: Column, at places: UnsafeBufferPointer<Int32>) {
    if let known = divided[column.identity] { refresh(known, at: places) }
  }

  func refresh(_ column: DividedColumn, at places: UnsafeBufferPointer<Int32>) {
    guard column.isStale || column.isAlwaysStale, !places.isEmpty else { return }
    if case .apart = column.owners { return }
    // Where many are wanted, all are as quick.
    guard places.count <= column.owners.count / 4 else { return refresh(column) }
    let memory = column.variable.column.base
    let size = column.variable.scalarType.byteCount
    let owners = places.map { column.owners.owner(of: Int($0), self) }
    let counts = (0..<self.size).map { process in owners.reduce(0) { $0 + ($1 == process ? 1 : 0) } }
    withUnsafeTemporaryAllocation(byteCount: places.count * size, alignment: 64) { values in
      guard let packed = values.baseAddress else { return }
      /// Goes through the places by their process.
      func forEach(_ body: (_ process: Int, _ value: UnsafeMutableRawPointer, _ here: UnsafeMutableRawPointer) -> Void) {
        var next = (0..<self.size).map { counts[..<$0].reduce(0, +) }
        for (place, process) in zip(places, owners) {
          body(process, packed + next[process] * size, memory + Int(place) * size)
          next[process] += 1
        }
      }
      forEach { process, value, here in if process == rank { value.copyMemory(from: here, byteCount: size) } }
      transport.gather(inPlace: packed, byteCounts: counts.map { $0 * size })
      forEach { process, value, here in if process != rank { here.copyMemory(from: value, byteCount: size) } }
    }
  }

  /// The last step was executed: every process gets everything, and nothing is divided any more.
  package func runEnds() {
    refreshAll()
    divided = [:]
  }

  /// Has every process get everything: for a checkpoint, or because a run stops.
  package func refreshAll() {
    for column in divided.values.sorted(by: { $0.variable.path < $1.variable.path }) where column.variable.owner != nil { refresh(column) }
  }
}
