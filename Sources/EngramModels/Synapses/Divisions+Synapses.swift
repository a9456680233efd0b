package import EngramSimulation

extension Synapses: DividedOwner {
  /// Synapses are where they end: what arrives at an element is summed up by the process that computes it.
  package var division: Division? {
    guard let postEnds, case .elements(let count)? = target.ownDivision else { return nil }
    return .synapses(targets: postEnds, offset: target.elementOffset, count: count, own: ownElements)
  }

  /// Has every process make its own synapses alone: before there are any, and where nobody speaks of synapses by number.
  package func stayApart(_ distribution: Distribution) {
    guard synapseCount == 0, let preEnds, case .elements? = target.ownDivision else { return }
    ownElements = OwnElements(distribution, anchor: preEnds)
  }

  /// The ends that the synapses of each process have, where it has its own alone; nil: all.
  var targetParts: [Range<Int>]? {
    guard let ownElements, case .elements(let count)? = target.ownDivision else { return nil }
    return (0..<ownElements.distribution.size).map { rank in
      let part = ownElements.distribution.part(of: count, rank: rank)
      return (part.lowerBound - target.elementOffset..<part.upperBound - target.elementOffset).clamped(to: 0..<targetCount)
    }
  }

  /// The ends that the synapses of this process have, where it has its own alone; nil: all.
  var ownTargets: Range<Int32>? {
    guard let ownElements, case .elements(let count)? = target.ownDivision else { return nil }
    let part = ownElements.distribution.part(of: count)
    return Int32(clamping: part.lowerBound - target.elementOffset)..<Int32(clamping: part.upperBound - target.elementOffset)
  }
}

extension SynapticPathway: DividedOwner {
  package var division: Division? { whole.ifThere?.division }
  package var ownElements: OwnElements? { whole.ifThere?.ownElements }
}

extension Synapses: RunsDivided {}
extension SynapticPathway: RunsDivided {}
extension SummedVariableUpdater: RunsDivided {}
