internal import EngramEquations
internal import EngramExpressions
internal import EngramModel
internal import EngramSimulation

extension NeuronGroup {
  var describedGroupOfNeurons: NeuronGroupDescription {
    // A reset that runs at its usual place is the group's; elsewhere it is code like any other.
    let reset = resetters[.spike].flatMap { $0.place == PlaceInStep(NeuronGroupDescription.resetSlot, order: order) ? ModelCode($0.code.source) : nil }
    let code = eventCode.filter { !($0.event == .spike && reset != nil) }
    let moved = thresholders.values.filter { $0.place != PlaceInStep(NeuronGroupDescription.slot(of: $0.event), order: order) }
    return NeuronGroupDescription(
      count, equations.source, threshold: threshold, reset: reset, refractory: refractory,
      events: eventConditions.map { Named($0.name.rawValue, $0.condition) }, method: IntegrationMethod(method), methodOptions: methodOptions,
      types: scalarTypes, group: describedGroup(slot: NeuronGroupDescription.slot),
      eventCode: code.compactMap { entry in
        resetters[entry.event].map { Named(entry.event.rawValue, EventCodeDescription(ModelCode($0.code.source), at: $0.place)) }
      },
      eventSchedule: moved.sorted { $0.event.rawValue < $1.event.rawValue }.map { Named($0.event.rawValue, $0.place) }, links: links.descriptions)
  }
}
