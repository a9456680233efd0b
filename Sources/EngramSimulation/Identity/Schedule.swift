public import EngramModel
public import EngramScalars

/// The slots of a step in order.
package struct Schedule: Hashable, Sendable {
  package let slots: [Slot]
  private let positions: [Slot: Int]

  package init(_ slots: [Slot]) throws(ScheduleError) {
    var positions: [Slot: Int] = [:]
    for (index, slot) in slots.enumerated() {
      if slot.isDerived { throw .derivedSlot(slot) }
      if positions[slot] != nil { throw .duplicateSlot(slot) }
      positions[slot] = 3 * index + 1
    }
    for (index, slot) in slots.enumerated() {
      positions[.before(slot)] = 3 * index
      positions[.after(slot)] = 3 * index + 2
    }
    self.slots = slots
    self.positions = positions
  }

  /// Slot k of the schedule is at 3k + 1, with its `before_` one earlier and its `after_` one later.
  func position(of slot: Slot) -> Int? { positions[slot] }

  static let standard = [Slot.start, .groups, .thresholds, .synapses, .resets, .end]
}

/// What cannot be the order of slots (NET-11).
public enum ScheduleError: ExplainedError, Hashable, Sendable {
  case derivedSlot(Slot)
  case duplicateSlot(Slot)

  public var description: String {
    switch self {
    case .derivedSlot(let slot):
      "'\(slot)' cannot be in a schedule: the slots before_… and after_… exist automatically around every slot"
    case .duplicateSlot(let slot): "slot '\(slot)' occurs twice in the schedule"
    }
  }
}
