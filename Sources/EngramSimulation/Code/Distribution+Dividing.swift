import EngramKernels
import EngramStorage

/// How the kernels of a network are shared out among processes: decided before anything runs.
extension Distribution {
  /// What is wrong with a network on several processes, or how its kernels are shared out.
  package struct Verdict {
    /// Why it cannot be divided; empty: it can.
    package fileprivate(set) var refusals: [String] = []
    /// Why every process executes code of groups for all elements, for messages.
    package fileprivate(set) var undivided: [String] = []
    fileprivate var columns: [UInt64: DividedColumn] = [:]
    fileprivate var shares: [(kernel: PreparedKernel, share: KernelShare)] = []
  }

  /// An array that an object writes without a kernel.
  package struct OwnWrite {
    package let variable: ArrayVariable
    package let division: Division

    package init(_ variable: ArrayVariable, _ division: Division) { (self.variable, self.division) = (variable, division) }
  }

  /// Looks at the kernels of a run (``DividedCode``).
  package func verdict(_ kernels: [PreparedKernel], ownWrites: [OwnWrite], objects: [AnyObject]) -> Verdict {
    var maker = VerdictMaker(self, DividedCode(kernels, ownWrites: ownWrites))
    for object in objects where !(object is any RunsDivided) {
      let name = (object as? Nameable)?.name ?? "\(type(of: object))"
      maker.verdict.refusals.append("'\(name)' is of a kind (\(type(of: object))) that one process alone can run")
    }
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
  private let code: DividedCode
  var verdict = Distribution.Verdict()
  private var synapses: [ObjectIdentifier: SynapseOwners] = [:]

  init(_ distribution: Distribution, _ code: DividedCode) {
    (self.distribution, self.code) = (distribution, code)
    for (identity, column) in code.columns {
      verdict.columns[identity] = DividedColumn(column.variable, owners(column.division), isAlwaysStale: column.isWrittenWithoutKernel)
    }
  }

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

  /// What a process computes of a kernel, and what it needs for that.
  mutating func share(_ kernel: PreparedKernel) {
    let needs = code.needs(kernel)
    func known(_ variables: [ArrayVariable]) -> [DividedColumn] { variables.compactMap { verdict.columns[$0.column.identity] } }
    let (own, elsewhere) = (known(needs.own), known(needs.elsewhere))
    let reads = elsewhere + known(needs.ends)
    let written = known(kernel.written)
    for column in elsewhere {
      // Which synapses each process has of its own was decided before, by a rehearsal.
      if case .apart = column.owners { refuse(kernel, "reads '\(column.variable.path)' of synapses that other processes have") }
    }
    guard let reason = code.reason(kernel) else {
      guard let division = kernel.division else { return }
      let part: KernelShare.Part =
        switch owners(division) {
        case .elements(let count): .elements(distribution.part(of: count))
        case .synapses(let owners): .synapses(owners)
        case .apart: .all
        }
      return verdict.shares.append((kernel, KernelShare(part, distribution, halo: elsewhere, reads: reads, ownReads: own, writes: written)))
    }
    var events = 0..<0
    switch kernel.division {
    case .elements(let count)?:
      events = distribution.part(of: count)
      // Synapses are told of where it is decided that every process has all of them.
      if !verdict.undivided.contains(reason) { verdict.undivided.append(reason) }
    case .synapses(_, _, _, _?)?: refuse(kernel, "needs all synapses in every process: \(reason)")
    case .synapses(_, _, _, nil)?, nil: break
    }
    // What it changes has to be there, too, where it changes only some elements.
    let halo = reads + own + written
    verdict.shares.append((kernel, KernelShare(.together(events: events), distribution, halo: halo, reads: reads, ownReads: own, writes: [])))
  }
}
