internal import EngramExpressions
internal import EngramModel
internal import EngramModels
internal import EngramSimulation
internal import EngramUnits

/// Inputs, and the functions of time and chance that a file defines.
extension ModelBuilder {
  func poissonGroup(_ fields: Fields) throws -> PoissonGroupDescription? {
    guard let count = fields.count(), let node = fields["rates"],
      let value = reader.value(node, "rates", atMost: count, in: lasting(fields, ["rates"], count: count))
    else { return nil }
    let rates: Rates
    switch value {
    case .quantity(let quantity): rates = .quantity(quantity)
    case .array(let array) where array.si.count == 1 && ValueReader.namesFile(node): rates = .quantity(Quantity(array.si[0], array.dimension))
    case .array(let array): rates = .array(array)
    case .expression(let source): rates = .expression(ModelExpression(source))
    case .boolean, .booleans, .matrix:
      problems.report("'rates' is a rate, a list of rates or an expression, found \(node.kindName)", at: node)
      return nil
    }
    return PoissonGroupDescription(
      count, rates: rates,
      group: GroupDescription(timing: try fields.timing(slot: PoissonGroupDescription.slot)))
  }

  /// For values that are looked at again in later runs.
  private func lasting(_ fields: Fields, _ names: Set<String>, count: Int) -> ValueScope {
    // A value cannot be made of itself: a constant of its name is meant.
    let known = names.filter { reader.constants[$0] == nil }.union(["i", "N", "t", "dt", "t_in_timesteps"])
    return ValueScope(isVariable: { known.contains($0) }, own: fields.namespace ?? [:], fixed: ["N": count], lasts: true)
  }

  func spikeGenerator(_ fields: Fields) throws -> SpikeGeneratorDescription? {
    guard let count = fields.count(), let spikes = spikes(fields.item.fields, at: fields.item.place) else { return nil }
    return SpikeGeneratorDescription(
      count, indices: spikes.indices, times: spikes.times, period: spikes.period?.quantity,
      group: GroupDescription(timing: try fields.timing(slot: SpikeGeneratorDescription.slot)))
  }

  struct Spikes {
    var indices: [Int]
    var times: QuantityArray
    var period: Time?
    var sorted: Bool
  }

  /// `indices` and `times`, or `spikes`, of a generator or of the step `set_spikes`.
  func spikes(_ entries: [ModelNode.Entry], at place: FilePlace) -> Spikes? {
    func field(_ key: String) -> ModelNode? { entries.first { $0.key == key }?.value }
    let period = field("period").flatMap { reader.time($0, "period") }
    let sorted = field("sorted").flatMap { reader.boolean($0, "sorted") } ?? false
    if let node = field("spikes") {
      for key in ["indices", "times"] {
        if let other = field(key) { problems.report("'\(key)' is given beside 'spikes', which holds both indices and times", at: other) }
      }
      return reader.spikes(node, "spikes").map { Spikes(indices: $0.indices, times: $0.times, period: period, sorted: sorted) }
    }
    guard let indexNode = field("indices"), let timeNode = field("times") else {
      problems.report(
        "a generator needs 'indices' and 'times'", at: place, hint: "or 'spikes', as in spikes: {sonata: input.h5, population: thalamus}")
      return nil
    }
    guard let indices = reader.integers(indexNode, "indices"), let times = reader.array(timeNode, "times", .time) else { return nil }
    return Spikes(indices: indices, times: times, period: period, sorted: sorted)
  }

  func poissonInput(_ fields: Fields) throws -> PoissonInputDescription? {
    guard let targetNode = fields["target"], let target = try group(targetNode, "target"), let variableNode = fields["target_var"],
      let variable = reader.word(variableNode, "target_var"), let count = fields.count(), let rateNode = fields["rate"],
      let rate = reader.quantity(rateNode, "rate", .frequency), let weightNode = fields["weight"],
      let weightValue = reader.value(
        weightNode, "weight",
        in: ValueScope(isVariable: { target.group.variables.contains($0) }, lasts: true))
    else { return nil }
    let weight: Weight
    switch weightValue {
    case .quantity(let quantity): weight = .quantity(quantity)
    case .expression(let source): weight = .expression(ModelExpression(source))
    case .array, .matrix, .boolean, .booleans:
      problems.report("'weight' is a quantity or an expression, found \(weightNode.kindName)", at: weightNode)
      return nil
    }
    return PoissonInputDescription(
      target.reference, variable, count: count, rate: rate, weight: weight,
      timing: TimingDescription(
        when: fields.when(PoissonInputDescription.slot), order: fields.order()))
  }

  // ------------------------------------------------------------------------------------------------------------ functions

  func makeTimedArray(_ fields: Fields) throws {
    guard let node = fields["values"], let value = reader.value(node, "values"), let dt = fields.dt else { return }
    let name = functionName(fields, .timedArray)
    let array: TimedArray
    switch value {
    case .array(let values): array = try TimedArray(values, dt: dt, name: name)
    case .matrix(let values, let columns):
      let rows =
        columns == 0
        ? []
        : stride(from: 0, to: values.si.count, by: columns).map {
          QuantityArray(si: Array(values.si[$0..<$0 + columns]), dimension: values.dimension)
        }
      array = try TimedArray(rows, dt: dt, name: name)
    case .quantity, .boolean, .booleans, .expression:
      problems.report("'values' is a list, found \(node.kindName)", at: node)
      return
    }
    define(array.function, as: array.name)
  }

  func makeBinomialFunction(_ fields: Fields) throws {
    guard let countNode = fields["n"], let n = reader.integer(countNode, "n"), let node = fields["p"],
      let p = reader.quantity(node, "p", .dimensionless)
    else { return }
    let approximate = fields["approximate"].flatMap { reader.boolean($0, "approximate") } ?? BinomialDescription.isUsuallyApproximate
    let function = try BinomialFunction(n: n, p: p.si, approximate: approximate, name: functionName(fields, .binomialFunction))
    define(function.function, as: function.name)
  }

  /// Makes a function known to all code of the file.
  func define(_ function: Function, as name: String) {
    namespace[name] = .function(function)
    reader.functionNames.insert(name)
  }

  /// The name of a function: the file's, or the kind's with the smallest free number. No underscore in front, as in the reference: such
  /// names belong to the program, and no text could use it.
  private func functionName(_ fields: Fields, _ kind: ModelKind) -> String {
    if let node = fields["name"], let name = FileReader(problems: problems).identifier(node, what: "the name of a function") { return name }
    return findName(.usual(kind), taken: Set(namespace.names))
  }

  /// `set_spikes`: generator → its new spikes.
  func setSpikes(_ entry: ModelNode.Entry) throws {
    guard let generator = byName[entry.key] as? SpikeGeneratorGroup else {
      if !hasFailed(entry.key) {
        problems.report(
          byName[entry.key].map { "'\(entry.key)' is a \(type(of: $0)), not a SpikeGeneratorGroup" } ?? "there is no SpikeGeneratorGroup '\(entry.key)'",
          at: entry.keyPlace, length: entry.key.count,
          hint: ProblemCollector.suggestion(entry.key, byName.filter { $0.value is SpikeGeneratorGroup }.map(\.key)))
      }
      return
    }
    let fields = FileReader(problems: problems).fields(entry.value, table: ModelLanguage.setSpikes, of: "'set_spikes'")
    guard let spikes = spikes(fields, at: entry.value.place) else { return }
    try generator.setSpikes(indices: spikes.indices, times: spikes.times, period: spikes.period, sorted: spikes.sorted)
  }
}
