import EngramModel

/// The slots of a step in order.
struct Schedule: Hashable, Sendable {
  let slots: [Slot]
  private let positions: [Slot: Int]

  init(_ slots: [Slot]) throws(NetworkError) {
    var positions: [Slot: Int] = [:]
    for (index, slot) in slots.enumerated() {
      if slot.isDerived { throw .derivedSlotInSchedule(slot) }
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
