public import EngramExpressions
public import EngramModel
internal import EngramScalars
internal import EngramSimulation

/// Events of a group of neurons: what finds them, and the code that they call.
extension NeuronGroup {
  /// Gives the group one more event (EVT-1), which is looked for from the next run on. Code, monitors and pathways may then ask for it.
  ///
  /// ```swift
  /// try run(100 * ms)
  /// try neurons.addEvent("high", "v > -50*mV")
  /// try neurons.run("hits += 1", on: "high")
  /// let high = try EventMonitor(neurons, event: "high")
  /// try run(100 * ms)
  /// ```
  ///
  /// - Parameters:
  ///   - event: its name, letters, digits and underscores.
  ///   - condition: for which elements it happens; looked at in each step, right after the thresholds.
  ///   - file: where it is asked for, for messages.
  ///   - line: where it is asked for, for messages.
  /// - Throws: ``GroupError`` for a name that is none or is taken, and for a condition that is a number.
  /// - Complexity: O(`count`) memory, 4 bytes for each neuron.
  @discardableResult
  public func addEvent(_ event: EventName, _ condition: ModelExpression, file: StaticString = #fileID, line: UInt = #line) throws -> Thresholder {
    try event.check(of: name)
    guard eventList(event) == nil else {
      throw event == .spike && threshold != nil ? GroupError.spikeEventTwice(group: name) : .secondEvent(group: name, event: event.rawValue)
    }
    let condition = condition.located(file, line)
    let thresholder = try addThresholder(event, condition)
    thresholder.adopt(place: SourceLocation(file: file, line: line))
    let place = eventConditions.firstIndex { $0.name.rawValue > event.rawValue } ?? eventConditions.endIndex
    eventConditions.insert((event, condition), at: place)
    return thresholder
  }

  @discardableResult
  func addThresholder(_ event: EventName, _ condition: ModelExpression) throws -> Thresholder {
    let parsed = try condition.parsed()
    if parsed.isNeverBoolean {
      throw GroupError.thresholdNotBoolean(group: self.name, event: event.rawValue, text: condition.text)
    }
    var state: RefractoryState?
    var whole = parsed
    if event == .spike, refractory != .none, let free = variables["not_refractory"]?.array,
      let last = variables["lastspike"]?.array
    {
      state = RefractoryState(notRefractory: free, lastSpike: last)
      whole = Expression(.binary(.and, parsed, .name("not_refractory")))
    }
    let thresholder = try Thresholder(
      of: self, event: event, condition: whole, list: addEvent(event), refractory: state,
      when: NeuronGroupDescription.slot(of: event), order: order, name: "\(self.name)_\(event)_thresholder",
      onlyElement: event == .spike ? thresholdPlace : nil, source: condition.source)
    thresholders[event] = thresholder
    addPart(thresholder)
    return thresholder
  }

  /// Runs code for the elements with an event (EVT-3), once per event; a reset is such code for `spike`.
  ///
  /// - Parameters:
  ///   - code: statements, with the variables of the elements that have the event.
  ///   - event: the name of one of the group's events.
  ///   - when: slot; by default right after the resets.
  ///   - order: place within the slot; nil: the group's.
  ///   - file: where it is asked for, for messages.
  ///   - line: where it is asked for, for messages.
  /// - Throws: ``GroupError`` for an event that the group does not have, or that has code already.
  @discardableResult
  public func run(
    _ code: ModelCode, on event: EventName, when: Slot = NeuronGroupDescription.eventCodeSlot, order: Int? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) throws -> Resetter {
    try addResetter(code.located(file, line), on: event, when: when, order: order ?? self.order, place: SourceLocation(file: file, line: line))
  }

  func addResetter(_ code: ModelCode, on event: EventName, when: Slot, order: Int, place: SourceLocation?) throws -> Resetter {
    guard let list = eventList(event) else {
      throw GroupError.unknownEvent(group: self.name, event: event.rawValue, known: eventNames.map(\.rawValue))
    }
    guard resetters[event] == nil else { throw GroupError.secondCode(group: self.name, event: event.rawValue) }
    let resetter = try Resetter(
      of: self, event: event, code: ParsedCode(code), list: list, when: when, order: order,
      name: "\(self.name)_\(event)_resetter")
    resetters[event] = resetter
    eventCode.append((event, code))
    resetter.adopt(place: place ?? createdAt)
    addContained(resetter)
    return resetter
  }

  /// When the condition of an event is checked (EVT-2), Brian 2's `set_event_schedule`.
  ///
  /// - Parameters:
  ///   - event: the name of one of the group's events.
  ///   - when: slot; by default right after the thresholds.
  ///   - order: place within the slot; nil: the group's.
  /// - Throws: ``GroupError`` for an event that the group does not have.
  public func setSchedule(of event: EventName, when: Slot = NeuronGroupDescription.eventSlot, order: Int? = nil) throws {
    guard let thresholder = thresholders[event] else {
      throw GroupError.unknownEvent(group: self.name, event: event.rawValue, known: eventNames.map(\.rawValue))
    }
    thresholder.when = when
    thresholder.order = order ?? self.order
  }
}

extension EventName {
  func check(of group: String) throws(GroupError) {
    if !rawValue.isName { throw .eventName(group: group, name: rawValue) }
  }
}

extension Expression {
  /// Whether the value cannot be true or false whatever the names mean: a number, or arithmetic.
  var isNeverBoolean: Bool {
    switch node {
    case .float, .integer: true
    case .boolean, .name, .call: false
    case .unary(let op, _): op != .not
    case .binary(let op, _, _): !(op.isComparison || op == .and || op == .or)
    }
  }
}
