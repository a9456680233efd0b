internal import EngramEquations
internal import EngramExpressions
internal import EngramModel
internal import EngramSimulation
internal import EngramUnits

extension Synapses {
  var describedSynapses: SynapsesDescription {
    let hasEquations = !equations.source.text.allSatisfy(\.isWhitespace)
    // The delay in force, which may have been set after construction.
    let delays = pathways.filter(\.hasUniformDelay).map { pathway in
      (name: pathway.pathwayName, delay: Quantity((try? pathway.variables["delay"]?.array?.item()) ?? 0, .time))
    }
    return SynapsesDescription(
      source.reference, target === source ? nil : target.reference, hasEquations ? equations.source : nil, onPre: onPre, onPost: onPost,
      delays: PathwayDelays(delays), events: pathways.filter { $0.event != .spike }.map { Named($0.pathwayName, $0.event) },
      schedule: pathways.filter { $0.place != $0.side.place }.map { Named($0.pathwayName, $0.place) }, multisynapticIndex: multisynapticIndex,
      method: IntegrationMethod(method), methodOptions: methodOptions, types: scalarTypes, group: describedGroup(slot: SynapsesDescription.slot),
      links: links.descriptions)
  }
}

extension SynapticPathway.Side {
  /// Where pathways of this side usually act.
  var place: PlaceInStep {
    self == .pre ? SynapsesDescription.placeOfPre : SynapsesDescription.placeOfPost
  }
}
