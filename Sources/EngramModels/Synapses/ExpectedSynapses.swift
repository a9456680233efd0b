internal import EngramExpressions
internal import EngramSimulation

/// How many synapses will be made, found out without making them: from some of the pairs.
extension Synapses {
  /// How many a request is expected to make.
  ///
  /// Where a text decides, it is asked about some thousands of pairs or some hundreds of elements, spread over all of them.
  ///
  /// - Returns: nil where values of the groups decide, which a network that rehearses does not have.
  /// - Throws: what is wrong with the texts.
  func expectedCount(_ request: ConnectRequest, namespace: Namespace) throws -> Double? {
    let pairs = Double(sourceCount) * Double(targetCount)
    switch request {
    case .pairs(let condition, let p, let n):
      var share = 1.0
      if case .number(let value) = p { share = try Probability.checked(value, "p") }
      if condition == nil, case .number = p, case .number(let each) = n { return pairs * share * Double(each) }
      guard try !needsValues([condition] + [p.text, n.text]) else { return nil }
      let connector = try ConditionConnector(self, condition: condition, p: p, n: n, namespace: namespace, operation: 0)
      return try pairs * share * connector.expectedPerPair()
    case .targets(let generator, let n, let skip): return try expectedCount(generator, .post, n, skip, namespace)
    case .sources(let generator, let n, let skip): return try expectedCount(generator, .pre, n, skip, namespace)
    case .arrays(let i, let j, let p, let n): return Double(max(i.count, j.count)) * p * Double(n)
    }
  }

  private func expectedCount(
    _ generator: SynapseGenerator, _ result: SynapticPathway.Side, _ n: Count, _ skip: Bool, _ namespace: Namespace
  ) throws -> Double? {
    let parts = try GeneratorText(generator.source)
    guard try !needsValues([n.text]), try !needsValues(parts.names) else { return nil }
    return try GeneratorConnector(
      self, parts, text: generator.text, result: result, n: n, skipInvalid: skip, namespace: namespace, operation: 0
    ).expectedCount()
  }

  private func needsValues(_ texts: [ModelExpression?]) throws -> Bool {
    try needsValues(texts.reduce(into: Set<String>()) { $0.formUnion(try $1?.parsed().identifiers ?? []) })
  }

  /// Whether names stand for more than places and sizes.
  private func needsValues(_ names: Set<String>) -> Bool {
    let places: Set<String> = ["i", "j", "N", "N_pre", "N_post"]
    return names.subtracting(places).contains { name in
      variables.contains(name) || target.variables.contains(name)
        || name.hasSuffix("_pre") && source.variables.contains(String(name.dropLast("_pre".count)))
        || name.hasSuffix("_post") && target.variables.contains(String(name.dropLast("_post".count)))
    }
  }
}

extension Probability {
  fileprivate var text: ModelExpression? { if case .expression(let text) = self { text } else { nil } }
}

extension Count {
  fileprivate var text: ModelExpression? { if case .expression(let text) = self { text } else { nil } }
}

extension ConditionConnector {
  /// Synapses of a pair, on average over some pairs.
  func expectedPerPair() throws -> Double {
    let examination = try prepared()
    let (sources, targets) = (synapses.sourceCount, synapses.targetCount)
    guard sources > 0, targets > 0 else { return 0 }
    let isEach = sources <= PairBlock.capacity / targets
    let tried = isEach ? sources * targets : PairBlock.capacity
    for number in 0..<tried {
      if isEach {
        block.append(pre: number / targets, post: number % targets)
      } else {
        // Multiples of two irrational numbers: evenly spread, and along no line.
        let (x, y) = (Double(number) * 0.754_877_666_246_692_7, Double(number) * 0.569_840_290_998_053_2)
        block.append(pre: Int((x - x.rounded(.down)) * Double(sources)), post: Int((y - y.rounded(.down)) * Double(targets)))
      }
    }
    return try examination.expectedCount() / Double(tried)
  }
}
