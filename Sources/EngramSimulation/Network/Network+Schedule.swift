public import EngramUnits

extension Network {
  /// The order of slots in force (NET-10).
  public var schedule: [Slot] { (try? effectiveSchedule().slots) ?? Schedule.standard }

  /// `nil` returns to the preference `core.network.default_schedule`.
  public func setSchedule(_ slots: [Slot]?) throws {
    try checkIdle("change the schedule")
    ownSchedule = try slots.map { slots throws(ScheduleError) in try Schedule(slots) }
  }

  /// The device's schedule if it imposes one, else the network's, else the preference's (NET-14).
  func effectiveSchedule() throws(ScheduleError) -> Schedule {
    if let fixed = environment.device.fixedSchedule { return try Schedule(fixed) }
    return try wantedSchedule()
  }

  private func wantedSchedule() throws(ScheduleError) -> Schedule {
    if let ownSchedule { return ownSchedule }
    return try Schedule(environment.preferences[.defaultSchedule].map { Slot($0) })
  }

  func warnAboutDeviceSchedule() throws(ScheduleError) {
    guard let fixed = environment.device.fixedSchedule else { return }
    let wanted = try wantedSchedule().slots
    if wanted != fixed {
      environment.messages.emit(
        .warning, "network.schedule_conflict",
        "the device uses the schedule \(fixed.map(\.rawValue)); that of the network, \(wanted.map(\.rawValue)), is ignored")
    }
  }

  /// Sorted by slot, order and name (NET-12); objects that do no work and have no slot come first.
  package func sortedBySchedule(_ objects: [BrianObject]) -> [BrianObject] {
    let schedule = try? effectiveSchedule()
    return sort(objects) { schedule?.position(of: $0.when) ?? -1 }
  }

  /// The objects that do work, sorted; each has a slot (NET-13).
  package func sortedForRun(_ objects: [BrianObject]) throws -> [BrianObject] {
    let schedule = try effectiveSchedule()
    for object in objects where object.doesWork && schedule.position(of: object.when) == nil {
      throw NetworkError.unknownSlot(object.when, object: object.name, valid: schedule.slots)
    }
    return sort(objects) { schedule.position(of: $0.when) ?? -1 }
  }

  private func sort(_ objects: [BrianObject], position: (BrianObject) -> Int) -> [BrianObject] {
    objects.map { (position($0), $0.order, $0.name, $0) }
      .sorted { a, b in
        if a.0 != b.0 { return a.0 < b.0 }
        if a.1 != b.1 { return a.1 < b.1 }
        return a.2.utf8.lexicographicallyPrecedes(b.2.utf8)
      }
      .map(\.3)
  }

  /// How long a spike takes from threshold to synapse without delay: 0 when `thresholds` precedes `synapses`, else
  /// one step of the default clock (NET-19).
  public var schedulePropagationOffset: Time {
    let slots = schedule
    guard let thresholds = slots.firstIndex(of: .thresholds), let synapses = slots.firstIndex(of: .synapses), thresholds >= synapses
    else { return Time(si: 0) }
    return Time(si: environment.defaultStepSeconds)
  }
}
