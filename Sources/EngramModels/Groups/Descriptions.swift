internal import EngramSimulation
internal import EngramUnits

extension BrianObject {
  /// Adds `dt` or `clock`, `when` and `order` where they differ from what the kind has by default.
  ///
  /// - Parameter other: the object whose clock is the default one; nil: the default clock.
  func describeTiming(in description: inout ObjectDescription, clockOf other: BrianObject?, when: Slot?, order: Int) {
    if clock !== other?.clock, clock.name != "defaultclock" || other != nil {
      if clock.name.hasPrefix("\(name)_clock"), let step = clock.stepSeconds {
        description["dt"] = .quantity(Quantity(step, .time))
      } else {
        description["clock"] = .reference(clock.name)
      }
    }
    if let when, self.when != when { description["when"] = .text(self.when.rawValue) }
    if self.order != order { description["order"] = .integer(Int64(self.order)) }
    if !isActive { description["active"] = .boolean(false) }
  }
}
