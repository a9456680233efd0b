package import EngramExpressions
internal import EngramScalars
package import EngramSimulation

/// A wish for synapses, as model files have it: made, or only checked.
package enum ConnectRequest {
  case pairs(condition: ModelExpression?, p: Probability, n: Count)
  /// For each source the targets that the generator gives.
  case targets(SynapseGenerator, n: Count, skipInvalid: Bool)
  /// For each target the sources that the generator gives.
  case sources(SynapseGenerator, n: Count, skipInvalid: Bool)
  case arrays(i: [Int], j: [Int], p: Double, n: Int)
}

extension Synapses {
  package func connect(_ request: ConnectRequest, namespace: Namespace) throws {
    switch request {
    case .pairs(let condition, let p, let n): try connect(where: condition, p: p, n: n, namespace: namespace)
    case .targets(let generator, let n, let skip): try connect(j: generator, n: n, skipInvalid: skip, namespace: namespace)
    case .sources(let generator, let n, let skip): try connect(i: generator, n: n, skipInvalid: skip, namespace: namespace)
    case .arrays(let i, let j, let p, let n): try connect(i: i, j: j, p: p, n: n)
    }
  }

  /// Throws what ``connect(_:namespace:)`` would throw before it looks at the first pair. Makes no synapses: from then on these
  /// have been connected, and nobody knows how many they are.
  package func rehearse(_ request: ConnectRequest, namespace: Namespace) throws {
    func check(_ generator: SynapseGenerator, _ side: SynapticPathway.Side, _ n: Count, _ skip: Bool) throws {
      _ = try GeneratorConnector(
        self, GeneratorText(generator.source), text: generator.text, result: side, n: n, skipInvalid: skip, namespace: namespace, operation: 0
      ).bounds()
    }
    switch request {
    case .pairs(let condition, let p, let n):
      if let condition, condition.text.split(whereSeparator: \.isWhitespace).contains("for") {
        throw SynapseError.generatorAsCondition(text: condition.text)
      }
      if condition == nil, case .number(let probability) = p, probability >= 1, case .number(let each) = n, each > 0 {
        try checkCount(source.elementCount, target.elementCount, each)
      }
      _ = try ConditionConnector(self, condition: condition, p: p, n: n, namespace: namespace, operation: 0).prepared()
    case .targets(let generator, let n, let skip): try check(generator, .post, n, skip)
    case .sources(let generator, let n, let skip): try check(generator, .pre, n, skip)
    case .arrays(let i, let j, let p, let n):
      guard i.count == j.count || i.count == 1 || j.count == 1 else { throw SynapseError.unevenArrays(pre: i.count, post: j.count) }
      for index in i { try self.check(index, "source", source) }
      for index in j { try self.check(index, "target", target) }
      guard n >= 0 else { throw SynapseError.negativeCount(text: "\(n)", value: n) }
      guard !p.isNaN else { throw SynapseError.probability(text: "p", value: p) }
    }
    assumeConnected()
    // What is wrong with a text beyond what was looked at is told when the synapses are made.
    expect((try? expectedCount(request, namespace: namespace)) ?? nil)
  }
}
