internal import EngramSimulation

/// Generators that give their variable itself, `k for k in sample(N_post, p=0.1)`: no code is run for the pairs, and processes that have their
/// own synapses alone do nothing for those of others but count them.
extension GeneratorConnector {
  /// Whether elements are the values of the variable, each of which becomes one synapse.
  var givesVariable: Bool {
    guard let variable = parts.variable else { return false }
    return parts.condition == nil && parts.element == variable && examination.takesAll
  }

  /// Makes the synapses of one element of the outer loop.
  ///
  /// - Returns: false where some value may be no element, or there may be too many: then code and checks are run for each of them.
  func addDirectly(_ outer: Int, _ range: IntegerRange, _ bounds: OuterBounds, _ sampler: RowSampler, _ made: NewSynapses) throws -> Bool {
    let limit = result == .post ? synapses.targetCount : synapses.sourceCount
    guard range.count > 0, range.step > 0, 0..<limit ~= range.low, range.count - 1 <= (limit - 1 - range.low) / range.step,
      made.canHold(range.count)
    else { return false }
    switch parts.iterator {
    case .single: return false
    case .range:
      try add(outer, range, count: range.count, made) { take in for place in 0..<range.count { take(place) } }
    case .sampleWithProbability:
      let p = try bounds.probability(outer)
      try add(outer, range, count: nil, made) { sampler.bernoulli(row: outer, count: range.count, p: p, $0) }
    case .sampleOfSize:
      let size = try bounds.size(outer)
      guard 0...range.count ~= size else { return false }
      try add(outer, range, count: size, made) { sampler.choose(row: outer, count: range.count, size: size).forEach($0) }
    }
    return true
  }

  /// - Parameters:
  ///   - count: how many places there are; nil: it is found by going through them.
  ///   - places: goes through the places of the range that are taken.
  @inline(__always)
  private func add(_ outer: Int, _ range: IntegerRange, count: Int?, _ made: NewSynapses, _ places: (_ take: (Int) -> Void) -> Void) throws {
    if result == .post {
      try made.append(from: Int32(outer), atMost: range.count) { targets in
        var found = 0
        places {
          targets[found] = Int32(truncatingIfNeeded: range.value(at: $0))
          found += 1
        }
        return found
      }
    } else if made.isOwn(Int32(outer)) {
      var sources: [Int32] = []
      places { sources.append(Int32(truncatingIfNeeded: range.value(at: $0))) }
      for source in sources { try made.append(source, Int32(outer)) }
    } else if let count {
      made.passOver(count)
    } else {
      var found = 0
      places { _ in found += 1 }
      made.passOver(found)
    }
  }
}
