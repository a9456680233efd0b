internal import EngramModel
internal import EngramSimulation
internal import EngramUnits

// What objects say of themselves that several kinds have in common.

extension BrianObject {
  /// - Parameters:
  ///   - other: the object whose clock is the usual one; nil: the default clock.
  ///   - slot: where the object is said to stand; nil: where it stands.
  func describedTiming(clockOf other: BrianObject?, slot: Slot? = nil) -> TimingDescription {
    var choice = ClockChoice.usual
    if clock !== other?.clock, clock.name != "defaultclock" || other != nil {
      choice = clock.stepSeconds.flatMap { clock.name.hasPrefix("\(name)_clock") ? .own(step: Quantity($0, .time)) : nil } ?? .named(clock.name)
    }
    return TimingDescription(clock: choice, when: slot ?? when, order: order, isActive: isActive)
  }

  var place: PlaceInStep { PlaceInStep(when, order: order) }
}

extension Group {
  /// What groups of all kinds have: timing, and code of the user.
  ///
  /// - Parameter slot: where the group is said to stand; nil: where it stands.
  func describedGroup(slot: Slot? = nil) -> GroupDescription {
    let runners = containedObjects.compactMap { $0 as? CodeRunner }
    return GroupDescription(
      timing: describedTiming(clockOf: nil, slot: slot), regularCode: runners.filter { $0.kind == .regularly }.map(\.describedCode),
      timedCode: runners.filter { $0.kind != .regularly }.map(\.describedCode))
  }

  /// How descriptions refer to this group: by name, a subgroup by its parent's name and range.
  var reference: GroupReference { (self as? Subgroup).map { GroupReference($0.parent.name, part: $0.start..<$0.stop) } ?? GroupReference(name) }
}

extension SpikeSource {
  /// A source that is none of ours has no name.
  var reference: GroupReference { (self as? Group)?.reference ?? GroupReference("") }
}
