internal import EngramExpressions
public import EngramModel
internal import EngramScalars
public import EngramSimulation
internal import EngramStorage
public import EngramUnits

/// Elements that spike at random with given rates, at most once per step (INP-1, 2), Brian 2's `PoissonGroup`.
///
/// Each element spikes in a step with the probability rate · dt, whatever happened before: a Poisson process on the grid of steps.
///
/// ```swift
/// let noise = try PoissonGroup(1000, rates: 15 * Hz)
/// let modulated = try PoissonGroup(100, rates: "20*Hz*(1 + sin(2*pi*5*Hz*t))")
/// try noise.rates <- 30 * Hz
/// ```
public final class PoissonGroup: SpikingGroup {
  let rates: Rates
  private var thresholder: Thresholder?

  /// A group whose rates are numbers or a text.
  ///
  /// - Parameters:
  ///   - count: number of elements, at least 1.
  ///   - rates: expected spikes per second of each element, not negative. More than one per step cannot be had, and brings a warning.
  ///   - dt: length of a step of a clock of its own [s].
  ///   - clock: a clock shared with others; neither this nor `dt`: the default clock.
  ///   - when: slot in which spikes are drawn.
  ///   - order: place within the slot.
  ///   - namespace: the values of names in the text of the rates.
  ///   - name: what messages, files and links call it; `*` becomes a free number.
  ///   - file: where it is made, for messages.
  ///   - line: where it is made, for messages.
  /// - Throws: ``GroupError`` for a size that is not possible, ``InputError`` for rates that are none.
  public init(
    _ count: Int, rates: Rates, dt: Time? = nil, clock: BaseClock? = nil, when: Slot = PoissonGroupDescription.slot, order: Int = TimingDescription.usualOrder,
    namespace: Namespace? = nil, name: ObjectName = .usual(.poissonGroup), file: StaticString = #fileID, line: UInt = #line
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

  /// The same rate for all: `rates: 15 * Hz`.
  public convenience init(
    _ count: Int, rates: some QuantityConvertible, dt: Time? = nil, clock: BaseClock? = nil, when: Slot = PoissonGroupDescription.slot,
    order: Int = TimingDescription.usualOrder,
    name: ObjectName = .usual(.poissonGroup), file: StaticString = #fileID, line: UInt = #line
  ) throws {
    try self.init(
      count, rates: .quantity(rates.quantity), dt: dt, clock: clock, when: when, order: order, name: name, file: file, line: line)
  }

  /// A rate for each element: as many as there are elements.
  public convenience init(
    _ count: Int, rates: QuantityArray, dt: Time? = nil, clock: BaseClock? = nil, when: Slot = PoissonGroupDescription.slot,
    order: Int = TimingDescription.usualOrder,
    name: ObjectName = .usual(.poissonGroup), file: StaticString = #fileID, line: UInt = #line
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
      let highest = variables["rates"]?.array?.column.withElements(of: Double.self) { $0.max() } ?? nil
      if let highest, let step = clock.stepSeconds, highest * step > 1 {
        environment.messages.emit(
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
