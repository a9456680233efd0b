import EngramKernels
import EngramStorage

/// Whether a network can be divided, and how: found out from what its kernels read and write, before anything runs.
extension Distribution {
  /// What is wrong with a network on several processes, or how its kernels are shared out.
  package struct Verdict {
    /// Why it cannot be divided; empty: it can.
    package fileprivate(set) var refusals: [String] = []
    /// Arrays that every process has to get from all others whenever code looks at them, with the code.
    package fileprivate(set) var halo: [String] = []
    fileprivate var columns: [UInt64: DividedColumn] = [:]
    fileprivate var shares: [(kernel: PreparedKernel, share: KernelShare)] = []
  }

  /// An array that an object writes without a kernel.
  package struct OwnWrite {
    package let variable: ArrayVariable
    package let division: Division

    package init(_ variable: ArrayVariable, _ division: Division) { (self.variable, self.division) = (variable, division) }
  }

  /// Looks at the kernels of a run.
  ///
  /// A kernel is local where it reads and writes nothing but its own elements, what no step writes, and what is at the end of its own
  /// synapses. Where it reads other elements of what steps write, these have to come together before: a halo. Where it writes other elements,
  /// or what all share as the result of elements, it cannot be divided.
  package func verdict(_ kernels: [PreparedKernel], ownWrites: [OwnWrite], objects: [AnyObject]) -> Verdict {
    var maker = VerdictMaker(self)
    for object in objects where !(object is any RunsDivided) {
      let name = (object as? Nameable)?.name ?? "\(type(of: object))"
      maker.verdict.refusals.append("'\(name)' is of a kind (\(type(of: object))) that one process alone can run")
    }
    for write in ownWrites { maker.note(write) }
    for kernel in kernels { maker.noteWrites(of: kernel) }
    for kernel in kernels { maker.share(kernel) }
    return maker.verdict
  }

  /// Divides the run that is about to begin.
  ///
  /// - Throws: ``DistributionError/refused(_:)``.
  package func divide(_ verdict: Verdict) throws {
    if !verdict.refusals.isEmpty { throw DistributionError.refused(verdict.refusals) }
    divided = verdict.columns
    for (kernel, share) in verdict.shares { kernel.share = share }
  }
}

private struct VerdictMaker {
  private let distribution: Distribution
  var verdict = Distribution.Verdict()
  private var synapses: [ObjectIdentifier: SynapseOwners] = [:]

  init(_ distribution: Distribution) { self.distribution = distribution }

  private mutating func owners(_ division: Division) -> ColumnOwners {
    switch division {
    case .elements(let count): return .elements(count: count)
    case .synapses(_, _, _, let own?): return .apart(own)
    case .synapses(let targets, let offset, let count, nil):
      if let known = synapses[ObjectIdentifier(targets)] { return .synapses(known) }
      let made = SynapseOwners(targets, offset: offset, elementCount: count, distribution)
      synapses[ObjectIdentifier(targets)] = made
      return .synapses(made)
    }
  }

  private mutating func refuse(_ kernel: PreparedKernel, _ why: String) {
    let text = "\(kernel.label) \(why)"
    if !verdict.refusals.contains(text) { verdict.refusals.append(text) }
  }

  mutating func note(_ write: Distribution.OwnWrite) {
    let column = DividedColumn(write.variable, owners(write.division), isAlwaysStale: true)
    verdict.columns[write.variable.column.identity] = column
  }

  private mutating func note(_ variable: ArrayVariable, _ owners: ColumnOwners, _ kernel: PreparedKernel) {
    guard variable.count == owners.count else {
      return refuse(kernel, "writes '\(variable.path)', which has \(variable.count) values, for each of \(owners.count) elements")
    }
    guard let known = verdict.columns[variable.column.identity] else {
      verdict.columns[variable.column.identity] = DividedColumn(variable, owners, isAlwaysStale: false)
      return
    }
    if !known.owners.agrees(with: owners) {
      refuse(kernel, "writes '\(variable.path)' by other elements than other code does")
    }
  }

  /// Which arrays become different in each process.
  mutating func noteWrites(of kernel: PreparedKernel) {
    guard let division = (kernel.owner as? any DividedOwner)?.division else {
      if !kernel.program.writes.isEmpty { refuse(kernel, "belongs to an owner that one process alone can run") }
      return
    }
    for (id, use) in kernel.program.columnUses {
      switch use {
      case .reads, .readsScalar, .readsThrough: continue
      case .writes: note(kernel.column(id), owners(division), kernel)
      case .writesScalar:
        // Once for all elements of a group, from what all have: each process does it, with the same result.
        if case .synapses = division { refuse(kernel, "writes '\(kernel.column(id).path)', which all synapses share") }
      case .writesThrough(let index):
        guard let count = ends(index, of: division, in: kernel) else {
          refuse(kernel, "writes '\(kernel.column(id).path)' of other elements than those that the synapses end at")
          continue
        }
        note(kernel.column(id), .elements(count: count), kernel)
      }
    }
  }

  /// How many elements there are at the ends of synapses, where an index leads to the end of the own one.
  private func ends(_ index: KernelProgram.Index?, of division: Division, in kernel: PreparedKernel) -> Int? {
    guard case .synapses(let targets, let offset, let count, _) = division, let index, Int(index.offset) == offset,
      kernel.column(index.column) === targets
    else { return nil }
    return count
  }

  /// What a process computes of a kernel, and what it needs for that.
  mutating func share(_ kernel: PreparedKernel) {
    guard let division = (kernel.owner as? any DividedOwner)?.division else { return }
    let own = owners(division)
    let writes = kernel.program.writes
    var halo: [DividedColumn] = []
    var (reads, ownReads): ([DividedColumn], [DividedColumn]) = ([], [])
    func add(_ column: DividedColumn, to list: inout [DividedColumn]) { if !list.contains(where: { $0 === column }) { list.append(column) } }
    for (id, use) in kernel.program.columnUses {
      guard let column = verdict.columns[kernel.column(id).column.identity] else { continue }
      let isLocal: Bool
      switch use {
      case .writes, .writesScalar, .writesThrough: continue
      case .reads: isLocal = column.owners.agrees(with: own)
      case .readsScalar: isLocal = false
      case .readsThrough(let index):
        isLocal = ends(index, of: division, in: kernel).map { column.owners.agrees(with: .elements(count: $0)) } ?? false
      }
      if isLocal, use == .reads { add(column, to: &ownReads) } else { add(column, to: &reads) }
      if isLocal { continue }
      if case .apart = column.owners {
        refuse(kernel, "reads '\(column.variable.path)' of synapses that other processes have")
        continue
      }
      if writes.contains(id) { refuse(kernel, "reads '\(column.variable.path)' of other elements while it changes it") }
      if kernel.isRepeatedLocally { refuse(kernel, "reads '\(column.variable.path)' of other elements as often as its own steps need") }
      add(column, to: &halo)
      let text = "\(column.variable.path) for \(kernel.label)"
      if !verdict.halo.contains(text) { verdict.halo.append(text) }
    }
    if case .elements = own, kernel.program.isSequential { refuse(kernel, "handles one element after the other") }
    let written = kernel.written.compactMap { verdict.columns[$0.column.identity] }
    let part: KernelShare.Part =
      switch own {
      case .elements(let count): .elements(distribution.part(of: count))
      case .synapses(let owners): .synapses(owners)
      case .apart: .all
      }
    verdict.shares.append((kernel, KernelShare(part, distribution, halo: halo, reads: reads, ownReads: ownReads, writes: written)))
  }
}
