/// What groups of all kinds have.
public struct GroupDescription: Hashable, Sendable {
  /// The clock, and the place in its steps.
  public var timing: TimingDescription
  /// Code at every step of a clock.
  public var regularCode: [CodeDescription]
  /// Code at given times.
  public var timedCode: [CodeDescription]

  public init(timing: TimingDescription, regularCode: [CodeDescription] = [], timedCode: [CodeDescription] = []) {
    self.timing = timing
    self.regularCode = regularCode
    self.timedCode = timedCode
  }
}

extension GroupDescription {
  /// - Parameter slot: the usual one.
  init(_ walk: inout FieldWalk<Self, DescriptionKey>, slot: Slot) throws(DescriptionError) {
    walk.writeNamespace()
    timing = try walk.part(\.timing) { walk throws(DescriptionError) in try TimingDescription(&walk, slot: slot) }
    regularCode = try walk(.runRegularly, \.regularCode, .list(.fields))
    timedCode = try walk(.runAt, \.timedCode, .list(.fields))
  }
}
