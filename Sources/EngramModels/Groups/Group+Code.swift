public import EngramExpressions
public import EngramSimulation
public import EngramUnits

/// Code of the user that runs for all elements of a group, of a part of it, or for all synapses.
extension Group {
  /// Runs code for all elements at every step of the given clock, by default the group's (GRP-10), Brian 2's `run_regularly`. On a part of
  /// a group it affects the part and runs with the whole.
  ///
  /// - Parameters:
  ///   - code: statements; each is carried out for all elements before the next.
  ///   - dt: the step of a clock of its own [s], such as `1 * second` for something rare.
  ///   - clock: a clock shared with others; not together with `dt`.
  ///   - when: slot of the step.
  ///   - order: place within the slot.
  ///   - name: what messages call it; nil: after the group.
  ///   - file: where it is asked for, for messages.
  ///   - line: where it is asked for, for messages.
  /// - Throws: `ClockError` for two clocks, and what is wrong with the text.
  @discardableResult
  public func runRegularly(
    _ code: ModelCode, every dt: Time? = nil, clock: BaseClock? = nil, when: Slot = CodeDescription.slot, order: Int = TimingDescription.usualOrder,
    name: ObjectName? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) throws -> CodeRunner {
    if dt != nil, clock != nil { throw ClockError.bothDtAndClock }
    let pattern = try name ?? ObjectName(validating: "\(self.name)_run_regularly*")
    let parsed = try ParsedCode(code.located(file, line))
    let own = try dt.map { try Clock(dt: $0, name: ObjectName(validating: "\(pattern.base)_clock*")) }
    return try keep(
      CodeRunner(of: self, code: parsed, kind: .regularly, clock: own ?? clock ?? self.clock, when: when, order: order, name: pattern),
      SourceLocation(file: file, line: line))
  }

  /// Runs code for all elements at the given times (GRP-11), Brian 2's `run_at`.
  ///
  /// - Parameters:
  ///   - code: statements; each is carried out for all elements before the next.
  ///   - times: simulated times; each is rounded to a step.
  ///   - when: slot of the step.
  ///   - order: place within the slot.
  ///   - name: what messages call it; nil: after the group.
  ///   - file: where it is asked for, for messages.
  ///   - line: where it is asked for, for messages.
  /// - Throws: ``GroupError`` where there are no times, `ClockError` for impossible ones, and what is wrong with the text.
  @discardableResult
  public func run(
    _ code: ModelCode, at times: [Time], when: Slot = CodeDescription.slot, order: Int = TimingDescription.usualOrder, name: ObjectName? = nil,
    file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> CodeRunner {
    guard !times.isEmpty else { throw GroupError.noTimes(group: self.name) }
    let pattern = try name ?? ObjectName(validating: "\(self.name)_run_at*")
    let parsed = try ParsedCode(code.located(file, line))
    let clock = try EventClock(times: times, name: ObjectName(validating: "\(pattern.base)_clock*"))
    return try run(parsed, at: times, on: clock, when: when, order: order, name: pattern, SourceLocation(file: file, line: line))
  }

  /// The same on a clock that is there already: of a network rebuilt from a checkpoint.
  @discardableResult
  package func run(_ code: ModelCode, at times: [Time], on clock: EventClock, when: Slot, order: Int, name: ObjectName) throws -> CodeRunner {
    try run(ParsedCode(code), at: times, on: clock, when: when, order: order, name: name, nil)
  }

  private func run(
    _ parsed: ParsedCode, at times: [Time], on clock: EventClock, when: Slot, order: Int, name pattern: ObjectName, _ place: SourceLocation?
  ) throws -> CodeRunner {
    try keep(CodeRunner(of: self, code: parsed, kind: .at(times), clock: clock, when: when, order: order, name: pattern), place)
  }

  private func keep(_ runner: CodeRunner, _ place: SourceLocation?) -> CodeRunner {
    if let place { runner.adopt(place: place) }
    if let part = self as? Subgroup {
      part.parent.addContained(runner)
      part.parent.keep(part)
    } else {
      addContained(runner)
    }
    return runner
  }

  /// A part that the group makes by itself: for messages it was made where the group was.
  func addPart(_ part: BrianObject) {
    part.adopt(place: createdAt)
    addContained(part)
  }
}
