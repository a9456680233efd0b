internal import EngramEquations
internal import EngramExpressions
internal import EngramModels
internal import EngramSimulation
internal import EngramUnits

/// Groups, clocks and functions.
extension ModelBuilder {
  func makeNeuronGroup(_ fields: Fields) throws -> NeuronGroup? {
    guard let count = fields.count(), let model = try fields.equations(), let method = fields.method else { return nil }
    var events: [EventName: ModelExpression] = [:]
    for entry in fields["events"]?.entries ?? [] {
      if let source = reader.text(entry.value, entry.key) { events[EventName(rawValue: entry.key)] = ModelExpression(source) }
    }
    return try NeuronGroup(
      count, model, threshold: fields.expression("threshold"), reset: fields.code("reset"), refractory: refractoriness(fields),
      events: events, method: method, methodOptions: fields.methodOptions, namespace: fields.namespace, scalarTypes: fields.scalarTypes,
      dt: fields.dt, clock: fields.clock, order: fields.order(), name: fields.name("neurongroup*"))
  }

  /// `refractory`: a time, an expression, or `false`.
  private func refractoriness(_ fields: Fields) -> Refractoriness {
    guard let node = fields["refractory"] else { return .none }
    switch reader.value(node, "refractory") {
    case .quantity(let quantity)?: return .duration(quantity)
    case .expression(let source)?: return .expression(ModelExpression(source))
    case .boolean(false)?, nil: return .none
    case .boolean(true)?, .array?, .matrix?:
      problems.report("'refractory' is a time or an expression, found \(node.kindName)", at: node)
      return .none
    }
  }

  func makePoissonGroup(_ fields: Fields) throws -> PoissonGroup? {
    guard let count = fields.count(), let node = fields["rates"], let value = reader.value(node, "rates") else { return nil }
    let rates: Rates
    switch value {
    case .quantity(let quantity): rates = .constant(quantity)
    case .array(let array): rates = .array(array)
    case .expression(let source): rates = .expression(ModelExpression(source))
    case .boolean, .matrix:
      problems.report("'rates' is a rate, a list of rates or an expression, found \(node.kindName)", at: node)
      return nil
    }
    return try PoissonGroup(
      count, rates: rates, dt: fields.dt, clock: fields.clock, when: fields.when(.thresholds), order: fields.order(),
      namespace: fields.namespace, name: fields.name("poissongroup*"))
  }

  func makeSpikeGenerator(_ fields: Fields) throws -> SpikeGeneratorGroup? {
    guard let count = fields.count(), let spikes = spikes(fields.item.fields, at: fields.item.place) else { return nil }
    return try SpikeGeneratorGroup(
      count, indices: spikes.indices, times: spikes.times, period: spikes.period, sorted: spikes.sorted, dt: fields.dt,
      clock: fields.clock, when: fields.when(.thresholds), order: fields.order(), name: fields.name("spikegeneratorgroup*"))
  }

  struct Spikes {
    var indices: [Int]
    var times: QuantityArray
    var period: Quantity?
    var sorted: Bool
  }

  /// `indices` and `times`, of a generator or of the step `set_spikes`.
  func spikes(_ entries: [ModelNode.Entry], at place: FilePlace) -> Spikes? {
    func field(_ key: String) -> ModelNode? { entries.first { $0.key == key }?.value }
    let period = field("period").flatMap { reader.quantity($0, "period", .time) }
    let sorted = field("sorted").flatMap { reader.boolean($0, "sorted") } ?? false
    if let node = field("spikes") {
      problems.report("spike trains from SONATA files are not read by this release", at: node, hint: "give 'indices' and 'times'")
      return nil
    }
    guard let indexNode = field("indices"), let timeNode = field("times") else {
      problems.report("a generator needs 'indices' and 'times'", at: place)
      return nil
    }
    guard let indices = reader.integers(indexNode, "indices"), let times = reader.array(timeNode, "times", .time) else { return nil }
    return Spikes(indices: indices, times: times, period: period, sorted: sorted)
  }

  func makePoissonInput(_ fields: Fields) throws -> PoissonInput? {
    guard let targetNode = fields["target"], let target = try group(targetNode, "target"), let variableNode = fields["target_var"],
      let variable = reader.word(variableNode, "target_var"), let count = fields.count(), let rateNode = fields["rate"],
      let rate = reader.quantity(rateNode, "rate", .frequency), let weightNode = fields["weight"],
      let weightValue = reader.value(weightNode, "weight")
    else { return nil }
    let weight: Weight
    switch weightValue {
    case .quantity(let quantity): weight = .constant(quantity)
    case .expression(let source): weight = .expression(ModelExpression(source))
    case .array, .matrix, .boolean:
      problems.report("'weight' is a quantity or an expression, found \(weightNode.kindName)", at: weightNode)
      return nil
    }
    return try PoissonInput(
      target, variable, count: count, rate: Frequency(rate), weight: weight, when: fields.when(.synapses), order: fields.order(),
      name: fields.name("poissoninput*"))
  }

  func makeSubgroup(_ fields: Fields) throws -> Subgroup? {
    guard let node = fields["of"], let group = try group(node, "of") else { return nil }
    guard let part = group as? Subgroup else {
      problems.report("'of' is a part of a group", at: node, hint: "write for example 'of: P[0:10]'")
      return nil
    }
    alias(part, fields)
    return part
  }

  /// A subgroup is known in the file under its own name.
  private func alias(_ part: Subgroup, _ fields: Fields) {
    if let name = fields["name"]?.scalar?.text { register(part, as: name) }
  }

  func makeClock(_ fields: Fields) throws {
    if fields.item.kind == "Clock" {
      guard let dt = fields.dt else { return }
      let clock = try Clock(dt: dt, name: fields.name("clock*"))
      clocks[clock.name] = clock
    } else {
      guard let node = fields["times"], let times = reader.array(node, "times", .time) else { return }
      let clock = try EventClock(times: times.si.map { Time(si: $0) }, name: fields.name("eventclock*"))
      clocks[clock.name] = clock
    }
  }

  // ------------------------------------------------------------------------------------------------------------ functions

  func makeTimedArray(_ fields: Fields) throws {
    guard let node = fields["values"], let value = reader.value(node, "values"), let dt = fields.dt else { return }
    let name = fields.name("_timedarray*")
    let array: TimedArray
    switch value {
    case .array(let values): array = try TimedArray(values, dt: dt, name: name)
    case .matrix(let values, let columns):
      let rows = columns == 0 ? [] : stride(from: 0, to: values.si.count, by: columns).map {
        QuantityArray(si: Array(values.si[$0..<$0 + columns]), dimension: values.dimension)
      }
      array = try TimedArray(rows, dt: dt, name: name)
    case .quantity, .boolean, .expression:
      problems.report("'values' is a list, found \(node.kindName)", at: node)
      return
    }
    namespace[array.name] = .function(array.function)
    functionDescriptions.append(array.describe())
  }

  func makeBinomialFunction(_ fields: Fields) throws {
    guard let countNode = fields["n"], let n = reader.integer(countNode, "n"), let node = fields["p"],
      let p = reader.quantity(node, "p", .dimensionless)
    else { return }
    let approximate = fields["approximate"].flatMap { reader.boolean($0, "approximate") } ?? true
    let function = try BinomialFunction(n: n, p: p.si, approximate: approximate, name: fields.name("_binomial*"))
    namespace[function.name] = .function(function.function)
    functionDescriptions.append(function.describe())
  }

  // ----------------------------------------------------------------------------------------------------------- namespaces

  /// A mapping of names to constants.
  func namespace(_ node: ModelNode, _ key: String) -> Namespace? {
    guard let entries = node.entries else {
      problems.report("'\(key)' is a mapping of names to values, found \(node.kindName)", at: node)
      return nil
    }
    var result = Namespace()
    for entry in entries {
      if let value = constantValue(entry.value, entry.key) { result[entry.key] = value }
    }
    return result
  }

  /// A constant of the file: number, quantity, boolean or expression of earlier ones.
  package func constantValue(_ node: ModelNode, _ key: String) -> Namespace.Value? {
    switch reader.value(node, key) {
    case .boolean(let flag)?: return .boolean(flag)
    case .quantity(let quantity)?:
      if quantity.dimension == .dimensionless, let text = node.scalar?.text, let integer = Int(text) { return .integer(integer) }
      return .quantity(quantity)
    case .expression(let source)?: return reader.constant(source, at: node, key)
    case .array?, .matrix?:
      problems.report("the constant '\(key)' is one value, found a list", at: node, hint: "make it a parameter of a group, or a TimedArray")
      return nil
    case nil: return nil
    }
  }
}
