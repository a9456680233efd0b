internal import EngramExpressions
public import EngramModel
internal import EngramScalars
public import EngramSimulation
internal import EngramStorage
public import EngramUnits

/// Elements that spike at random with given rates, at most once per step (INP-1, 2).
public final class PoissonGroup: SpikingGroup {
  let rates: Rates
  private var thresholder: Thresholder?

  public init(
    _ count: Int, rates: Rates, dt: Time? = nil, clock: BaseClock? = nil, when: Slot = PoissonGroupDescription.slot, order: Int = 0,
    namespace: Namespace? = nil, name: ObjectName = "poissongroup*", file: StaticString = #fileID, line: UInt = #line
  ) throws {
    self.rates = PoissonGroup.simplified(rates.located(file, line))
    try super.init(
      count: count, dt: dt, clock: clock, when: when, order: order, namespace: namespace, name: name, file: file, line: line)
    try makeRates()
    let condition = Expression(.binary(.less, .call("rand"), .name("rates") * .name("dt")))
    let thresholder = try Thresholder(
      of: self, event: .spike, condition: condition, list: addEvent(.spike), refractory: nil, when: when, order: order,
      name: "\(self.name)_spike_thresholder")
    self.thresholder = thresholder
    addPart(thresholder)
  }

  public convenience init(
    _ count: Int, rates: some QuantityConvertible, dt: Time? = nil, clock: BaseClock? = nil, when: Slot = PoissonGroupDescription.slot, order: Int = 0,
    name: ObjectName = "poissongroup*", file: StaticString = #fileID, line: UInt = #line
  ) throws {
    try self.init(
      count, rates: .quantity(rates.quantity), dt: dt, clock: clock, when: when, order: order, name: name, file: file, line: line)
  }

  public convenience init(
    _ count: Int, rates: QuantityArray, dt: Time? = nil, clock: BaseClock? = nil, when: Slot = PoissonGroupDescription.slot, order: Int = 0,
    name: ObjectName = "poissongroup*", file: StaticString = #fileID, line: UInt = #line
  ) throws {
    try self.init(count, rates: .array(rates), dt: dt, clock: clock, when: when, order: order, name: name, file: file, line: line)
  }

  /// A text without names that vary is a constant like any other: it can be set, and is checked at once.
  private static func simplified(_ rates: Rates) -> Rates {
    guard case .expression(let text) = rates, let expression = try? text.parsed(),
      let value = expression.closedValue(besides: ["i", "N", "t", "dt", "t_in_timesteps", "rates"])
    else { return rates }
    return .quantity(value)
  }

  private func makeRates() throws {
    func check(_ dimension: Dimension, _ values: [Double]) throws {
      guard dimension == .frequency || dimension.isDimensionless && values.allSatisfy({ $0 == 0 }) else {
        throw InputError.rateIsNotFrequency(name: name, found: "values in \(dimension)")
      }
      for value in values where !(value >= 0) { throw InputError.negativeRate(name: name, hertz: value) }
    }
    switch rates {
    case .quantity(let rate):
      try check(rate.dimension, [rate.si])
      try variables.addArray("rates", dimension: .frequency, count: count, values: [Double](repeating: rate.si, count: count))
    case .array(let list):
      guard list.count == count else { throw InputError.wrongRateCount(name: name, found: list.count, expected: count) }
      try check(list.dimension, list.si)
      try variables.addArray("rates", dimension: .frequency, count: count, values: list.si)
    case .expression(let text):
      try variables.addSubexpression("rates", text.parsed(), dimension: .frequency)
    }
  }

  override func eventFinder(_ name: EventName) -> BrianObject? { name == .spike ? thresholder : nil }

  public override func beforeRun(_ context: RunContext) throws {
    switch rates {
    case .expression(let text):
      let type = try NamedExpressions.type(of: text, names: context.names(of: self))
      guard type.dimension == .frequency, type.type != .boolean else {
        throw InputError.rateIsNotFrequency(name: name, found: "'\(text.text)', which is in \(type.dimension)")
      }
    case .quantity, .array:
      let highest = (variables["rates"] as? ArrayVariable)?.column.withElements(of: Double.self) { $0.max() } ?? nil
      if let highest, let step = clock.stepSeconds, highest * step > 1 {
        Messages.emit(
          .warning, "poissongroup.saturated",
          "'\(name)' has rates up to \(highest) Hz, more than one spike per step of \(step) s: elements spike once per step at most", once: true)
      }
    }
  }

  public override var describedKind: ObjectKind { .poissonGroup(PoissonGroupDescription(count, rates: rates, group: describedGroup())) }
}

/// Units of expressions outside of equations.
enum NamedExpressions {
  static func type(of text: ModelExpression, names: ModelNames) throws -> TypedInfo {
    let expression = try text.parsed()
    var symbols: [String: Symbol] = [:]
    for name in expression.identifiers.union(expression.calledFunctions).sorted() {
      if let symbol = try names.symbol(name) { symbols[name] = symbol }
    }
    return try ExpressionChecker(DictionarySymbols(symbols)).check(expression, in: text.source)
  }
}
