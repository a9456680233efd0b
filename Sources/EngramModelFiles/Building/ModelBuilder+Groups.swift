internal import EngramEquations
internal import EngramExpressions
internal import EngramModel
internal import EngramModels
internal import EngramSimulation
internal import EngramUnits

/// Groups, clocks and functions.
extension ModelBuilder {
  func neuronGroup(_ fields: Fields) throws -> NeuronGroupDescription? {
    guard let count = fields.count(), let model = try fields.equations() else { return nil }
    return try neurons(fields, count, model, variables: Set(model.names))
  }

  /// What groups of neurons have, with or without a shape.
  ///
  /// - Parameter variables: the names of all variables.
  func neurons(_ fields: Fields, _ count: Int, _ model: Equations, variables: Set<String>) throws -> NeuronGroupDescription? {
    guard let method = fields.method else { return nil }
    return NeuronGroupDescription(
      count, model.source, threshold: fields.expression("threshold"), reset: fields.code("reset"),
      refractory: refractoriness(fields, variables: variables), events: events(fields["events"]?.entries ?? []),
      method: method, methodOptions: fields.methodOptions,
      types: fields.scalarTypes,
      group: GroupDescription(
        timing: try fields.timing(slot: NeuronGroupDescription.slot, isFree: false)))
  }

  /// `events: {high: v > 5*mV}`, of an object or of a step.
  func events(_ entries: [ModelNode.Entry]) -> [Named<ModelExpression>] {
    entries.compactMap { entry in reader.text(entry.value, entry.key).map { Named(entry.key, ModelExpression($0)) } }
  }

  /// `refractory`: a time, an expression, or `false`.
  private func refractoriness(_ fields: Fields, variables names: Set<String>) -> Refractoriness {
    guard let node = fields["refractory"] else { return .none }
    let scope = ValueScope(
      isVariable: { names.contains($0) || ["lastspike", "not_refractory"].contains($0) }, own: fields.namespace ?? [:], lasts: true)
    switch reader.value(node, "refractory", in: scope) {
    case .quantity(let quantity)?: return .duration(quantity)
    case .expression(let source)?: return .expression(ModelExpression(source))
    case .boolean(false)?, nil: return .none
    case .boolean(true)?, .array?, .booleans?, .matrix?:
      problems.report("'refractory' is a time or an expression, found \(node.kindName)", at: node)
      return .none
    }
  }

  func makeSubgroup(_ fields: Fields) throws -> Subgroup? {
    guard let node = fields["of"] else { return nil }
    guard let found = try group(node, "of") else { return nil }
    guard let part = try maker.group(found.reference) as? Subgroup else {
      problems.report("'of' is a part of a group", at: node, hint: "write for example 'of: P[0:10]'")
      return nil
    }
    alias(part, fields)
    return part
  }

  /// A subgroup is known in the file under its own name.
  private func alias(_ part: Subgroup, _ fields: Fields) {
    if let name = fields["name"]?.scalar?.text { maker.register(part, as: name) }
  }

  func makeClock(_ fields: Fields) throws {
    if fields.item.kind == "Clock" {
      guard let dt = fields.dt else { return }
      let clock = try Clock(dt: dt, name: ObjectName(validating: fields.name))
      maker.register(clock, as: clock.name)
    } else {
      guard let node = fields["times"], let times = reader.array(node, "times", .time) else { return }
      let clock = try EventClock(
        times: times.si.map { Time(si: $0) },
        name: ObjectName(validating: fields.name))
      maker.register(clock, as: clock.name)
    }
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

  /// The same for an entry of `constants`, which the command line may have replaced.
  func constantValue(of entry: ModelNode.Entry) -> Namespace.Entry? {
    let count = problems.problems.count
    let value = constantValue(entry.value, entry.key, mayBeList: true)
    if entry.isGiven {
      problems.change(from: count) { problem in
        problem.message = "--constant \(entry.key)=\(entry.value.scalar?.text ?? ""): \(problem.message)"
        problem.place = entry.keyPlace
        problem.length = entry.key.count
      }
    }
    return value
  }

  /// A constant of the file: number, quantity, boolean or expression of earlier ones.
  ///
  /// - Parameter mayBeList: whether it is for values of the file alone, which may be made of lists; model text knows no lists.
  func constantValue(_ node: ModelNode, _ key: String, mayBeList: Bool = false) -> Namespace.Entry? {
    let value = reader.value(node, key, in: ValueScope(calculates: false))
    // A file with one value.
    if case .array(let array)? = value, array.si.count == 1, ValueReader.namesFile(node) { return .quantity(Quantity(array.si[0], array.dimension)) }
    if mayBeList {
      reader.arrays[key] = nil
      if let value, let array = ArrayValue(value), !array.isScalar {
        reader.arrays[key] = array
        return QuantityArray(si: array.values, dimension: array.dimension).namespaceValue
      }
    }
    switch value {
    case .boolean(let flag)?: return .boolean(flag)
    case .quantity(let quantity)?:
      if quantity.dimension == .dimensionless, let text = node.scalar?.text, let integer = Int(text) { return .integer(integer) }
      return .quantity(quantity)
    case .expression(let source)?:
      // Samples wait for the seed; whoever needs the constant before that does not find it.
      if reader.samples == nil, (try? reader.arrayExpression(source, key, ValueScope()))??.draws == true { return nil }
      return reader.constant(source, at: node, key)
    case .array?, .matrix?, .booleans?:
      problems.report(
        "the constant '\(key)' is one value, found a list", at: node,
        hint: "lists are constants at the top of the file; in model text use a parameter of a group, or a TimedArray")
      return nil
    case nil: return nil
    }
  }
}
