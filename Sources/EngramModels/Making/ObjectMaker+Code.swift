package import EngramModel
package import EngramSimulation
internal import EngramUnits

/// What is added to groups: code of the user, and links.
extension ObjectMaker {
  /// Adds the code of the user, says when the conditions of events are checked, and whether the object with all its parts is active.
  package func complete(_ object: BrianObject, _ description: ObjectDescription) throws {
    if let group = object as? Group, let common = description.kind.group {
      try addCode(regular: common.regularCode, timed: common.timedCode, to: group)
      if let neurons = description.kind.neurons, let group = group as? NeuronGroup {
        try addCode(of: neurons, to: group)
      }
    }
    if let timing = description.kind.timing, !timing.isActive { object.isActive = false }
  }

  /// Adds code of the user to a group, or to a part of one.
  package func addCode(regular: [CodeDescription], timed: [CodeDescription], to group: Group) throws {
    for code in regular { try addRegular(code, to: group) }
    for code in timed { try addTimed(code, to: group) }
  }

  private func addCode(of neurons: NeuronGroupDescription, to group: NeuronGroup) throws {
    for entry in neurons.eventCode { try group.run(entry.value.code, on: EventName(entry.name), when: entry.value.place.when, order: entry.value.place.order) }
    for entry in neurons.eventSchedule { try group.setSchedule(of: EventName(entry.name), when: entry.value.when, order: entry.value.order) }
  }

  private func addRegular(_ code: CodeDescription, to group: Group) throws {
    let timing = code.timing
    let runner = try (code.part.map(self.group) ?? group).runRegularly(
      code.code, every: step(timing), clock: clock(timing), when: timing.when, order: timing.order,
      name: code.name.map { try ObjectName(validating: $0) })
    if !timing.isActive { runner.isActive = false }
  }

  private func addTimed(_ code: CodeDescription, to group: Group) throws {
    let (owner, timing, name) = (
      try code.part.map(self.group) ?? group, code.timing,
      try code.name.map { try ObjectName(validating: $0) }
    )
    let times = (code.times ?? []).map { Time(si: $0.si) }
    let runner: CodeRunner
    if let name, let clock = try clock(timing) as? EventClock {
      runner = try owner.run(code.code, at: times, on: clock, when: timing.when, order: timing.order, name: name)
    } else {
      runner = try owner.run(code.code, at: times, when: timing.when, order: timing.order, name: name)
    }
    if !timing.isActive { runner.isActive = false }
  }

  /// Links a variable of a group that may have linked ones.
  package func link(_ name: String, _ link: LinkDescription, of group: any LinkingGroup) throws {
    try group.link(name, to: self.group(link.source.group).variable(link.source.variable), index: link.index)
  }
}
