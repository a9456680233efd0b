package import EngramSimulation

extension Synapses: DividedOwner {
  /// Synapses are where they end: what arrives at an element is summed up by the process that computes it.
  package var division: Division? {
    guard let postEnds, case .elements(let count)? = target.ownDivision else { return nil }
    return .synapses(targets: postEnds, offset: target.elementOffset, count: count)
  }
}

extension Synapses: RunsDivided {}
extension SynapticPathway: RunsDivided {}
extension SummedVariableUpdater: RunsDivided {}
