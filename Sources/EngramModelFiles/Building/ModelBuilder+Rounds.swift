internal import EngramSimulation
internal import EngramUnits

/// Repetitions, whose rounds constants of the file may say.
extension ModelBuilder {
  /// The steps with the rounds of all repetitions known: counts and ramps are calculated, files read. Problems are reported.
  func resolvingRounds(of steps: [Step]) -> [Step] {
    steps.map { step in
      guard case .repetition(var repetition) = step.verb else { return step }
      if case .written(let node, let isCount) = repetition.rounds {
        repetition.rounds = isCount ? count(node) : list(node)
      }
      repetition.steps = resolvingRounds(of: repetition.steps)
      var step = step
      step.verb = .repetition(repetition)
      return step
    }
  }

  private func count(_ node: ModelNode) -> Step.RepeatStep.Rounds {
    guard let count = reader.integer(node, "count") else { return .count(0) }
    guard (0...1 << 40).contains(count) else {
      problems.report("'count' is from 0 to 2^40, found \(count)", at: node)
      return .count(0)
    }
    return .count(count)
  }

  private func list(_ node: ModelNode) -> Step.RepeatStep.Rounds {
    switch reader.value(node, "over") {
    case .array(let array)?: return .values(array)
    case .booleans?: return .over(node.items ?? [])
    case .boolean?, .quantity?, .expression?, .matrix?:
      problems.report(
        "'over' is a list of values, found \(node.kindName)", at: node,
        hint: "forms: [1 mV, 2 mV], {start: 0 mV, stop: 5 mV, count: 6}, {hdf5: data.h5, dataset: /x}")
      return .count(0)
    case nil: return .count(0)
    }
  }

  /// Gives the constant of a repetition its value of a round.
  func bind(_ repetition: Step.RepeatStep, round: Int) {
    guard let name = repetition.variable else { return }
    switch repetition.rounds {
    case .count: setConstant(name, .integer(round))
    case .over(let values):
      if round < values.count, let value = constantValue(values[round], name) { setConstant(name, value) }
    case .values(let array):
      if round < array.si.count { setConstant(name, .quantity(Quantity(array.si[round], array.dimension))) }
    case .written: break
    }
  }
}
