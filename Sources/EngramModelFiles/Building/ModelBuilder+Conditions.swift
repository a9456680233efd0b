internal import EngramExpressions
internal import EngramScalars
internal import EngramSimulation
internal import EngramUnits

extension ModelBuilder {
  /// Whether the condition of a step holds; nil: what is wrong with it was reported. It may look at constants and at the values of the
  /// network, and not at time or chance, so that it holds again when the step is repeated.
  func condition(_ node: ModelNode, of network: Network, isRehearsal: Bool) -> Bool? {
    reader.state = NetworkValues(network: network, part: namedPart, namespace: namespace, isRehearsal: isRehearsal).value
    let samples = reader.samples
    reader.samples = nil
    defer { (reader.state, reader.samples) = (nil, samples) }
    let count = problems.problems.count
    switch reader.value(node, "condition") {
    case .boolean(let flag)?: return flag
    case .expression(let source)?:
      if case .boolean(let flag)? = reader.constant(source, at: node, "condition") { return flag }
    case .quantity?, .array?, .booleans?, .matrix?, nil: break
    }
    if problems.problems.count == count {
      problems.report(
        "'condition' is true or false, found \(node.kindName)", at: node,
        hint: "compare something, as in 'len(spikes.t) > 10', 'hi - lo < 0.1*mV' or 'all(abs(S.w - S.w_old) < 0.01)'")
    }
    return nil
  }
}
