/// Values that depend on constants only.
enum RunConstants {
  static func value(of value: ValueID, type: LaneType, in builder: ProgramBuilder) -> ConstantValue? { nil }
}
