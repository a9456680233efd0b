internal import EngramSimulation
internal import EngramUnits

/// Repetitions, whose rounds constants of the file may say.
extension ModelBuilder {
  /// The steps with the rounds of all repetitions known: counts and ramps are calculated, files read. Problems are reported.
  func resolvingRounds(of steps: [Step]) -> [Step] {
    steps.map { step in
      if case .choice(var choice) = step.verb {
        choice.then = resolvingRounds(of: choice.then)
        choice.otherwise = resolvingRounds(of: choice.otherwise)
        var step = step
        step.verb = .choice(choice)
        return step
      }
      guard case .repetition(var repetition) = step.verb else { return step }
      if case .untilWritten(let condition, let limit) = repetition.rounds {
        repetition.rounds = .until(condition, atMost: count(limit, "at_most").count)
      }
      if case .written(let node, let isCount) = repetition.rounds {
        repetition.rounds = isCount ? count(node) : list(node)
      }
      repetition.steps = resolvingRounds(of: repetition.steps)
      var step = step
      step.verb = .repetition(repetition)
      return step
    }
  }

  private func count(_ node: ModelNode, _ key: String = "count") -> Step.RepeatStep.Rounds {
    guard let count = reader.integer(node, key) else { return .count(0) }
    guard (0...1 << 40).contains(count) else {
      problems.report("'\(key)' is from 0 to 2^40, found \(count)", at: node)
      return .count(0)
    }
    return .count(count)
  }

  private func list(_ node: ModelNode) -> Step.RepeatStep.Rounds {
    // An item of a list may be a list itself.
    switch reader.value(node, "over") {
    case .array(let array)?: return .values(array)
    case .booleans(let flags)?:
      return .over(flags.map { ModelNode(.scalar(ScalarText($0 ? "true" : "false")), at: node.place) })
    case .matrix(let array, let columns)?: return .rows(array, columns: columns)
    case .boolean?, .quantity?, .expression?:
      problems.report(
        "'over' is a list of values, found \(node.kindName)", at: node,
        hint: "forms: [1 mV, 2 mV], {start: 0 mV, stop: 5 mV, count: 6}, linspace(0, 5, 6)*mV, {hdf5: data.h5, dataset: /x}")
      return .count(0)
    case nil: return .count(0)
    }
  }

  /// Reads what steps need from files, so that a run needs none of them later. In a repetition each round may want another part.
  func readAhead(_ steps: [Step], in outer: [(constant: String?, round: Int)] = []) {
    for step in steps where !Interrupt.endsSetUp {
      if case .choice(let choice) = step.verb {
        readAhead(choice.then, in: outer)
        readAhead(choice.otherwise, in: outer)
        continue
      }
      guard case .repetition(let repetition) = step.verb else {
        reader.readAhead(step.node, limit: mostValues)
        continue
      }
      guard step.node.namesFile else { continue }
      let (names, constants, arrays) = (namespace, reader.constants, reader.arrays)
      for round in 0..<repetition.rounds.count where !Interrupt.endsSetUp {
        bind(repetition, round: round, in: outer)
        readAhead(repetition.steps, in: outer + [(repetition.variable, round)])
      }
      (namespace, reader.constants, reader.arrays, reader.rounds) = (names, constants, arrays, outer)
    }
  }

  /// Gives the constant of a repetition its value of a round.
  ///
  /// - Parameter outer: the repetitions around it, with their rounds.
  func bind(_ repetition: Step.RepeatStep, round: Int, in outer: [(constant: String?, round: Int)] = []) {
    reader.rounds = outer + [(repetition.variable, round)]
    guard let name = repetition.variable else { return }
    switch repetition.rounds {
    case .count, .until: setConstant(name, .integer(round))
    case .over(let values):
      if round < values.count, let value = constantValue(values[round], name, mayBeList: true) { setConstant(name, value) }
    case .rows(let array, let columns):
      guard columns > 0, (round + 1) * columns <= array.si.count else { return }
      let row = ArrayValue(values: Array(array.si[round * columns..<(round + 1) * columns]), dimension: array.dimension)
      reader.arrays[name] = row
      setConstant(name, QuantityArray(si: row.values, dimension: row.dimension).namespaceValue)
    case .values(let array):
      if round < array.si.count { setConstant(name, .quantity(Quantity(array.si[round], array.dimension))) }
    case .written, .untilWritten: break
    }
  }
}

extension ModelNode {
  /// Whether something in the tree is read from a file.
  fileprivate var namesFile: Bool {
    ValueReader.namesFile(self) || self["sonata"] != nil || (entries ?? []).contains { $0.value.namesFile } || (items ?? []).contains { $0.namesFile }
  }
}
