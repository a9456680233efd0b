/// What can be set on any object between runs.
struct ObjectSettings {
  private(set) var when: Slot
  private(set) var order: Int
  private(set) var isActive: Bool

  init(when: Slot, order: Int, isActive: Bool = TimingDescription.isUsuallyActive) {
    (self.when, self.order, self.isActive) = (when, order, isActive)
  }

  enum Change {
    case when(Slot)
    case order(Int)
    case active(Bool)
  }

  mutating func apply(_ change: Change) {
    switch change {
    case .when(let slot): when = slot
    case .order(let number): order = number
    case .active(let flag): isActive = flag
    }
  }
}

extension ObjectSettings.Change {
  /// As it is noted for checkpoints.
  var verb: String {
    switch self {
    case .when: "when"
    case .order: "order"
    case .active: "active"
    }
  }

  var arguments: DescriptionValue {
    switch self {
    case .when(let slot): .text(slot.rawValue)
    case .order(let number): .integer(Int64(number))
    case .active(let flag): .boolean(flag)
    }
  }

  init?(_ verb: String, _ arguments: DescriptionValue) {
    switch (verb, arguments) {
    case ("when", .text(let slot)): self = .when(Slot(slot))
    case ("order", .integer(let number)): self = .order(Int(number))
    case ("active", .boolean(let flag)): self = .active(flag)
    default: return nil
    }
  }
}
