internal import EngramKernels
public import EngramExpressions
internal import EngramScalars
public import EngramSimulation

extension Synapses {
  /// Makes synapses between all pairs of elements for which the condition holds (SYN-20…22, 27, 28): sources in ascending
  /// order, for each its targets in ascending order. Brian 2's `connect(condition=…)`.
  ///
  /// ```swift
  /// try synapses.connect(where: "i != j", p: 0.1)
  /// try synapses.connect(where: "abs(x_pre - x_post) < 100*umetre", n: 2)
  /// ```
  ///
  /// - Parameters:
  ///   - condition: an expression of `i`, `j`, variables with their suffixes and external names; none: all pairs.
  ///   - p: the probability with which a pair gets its synapses.
  ///   - n: how many it gets.
  ///   - namespace: values of external names, before those of the object.
  ///   - file: where it is called, for messages.
  ///   - line: where it is called, for messages.
  /// - Throws: ``SynapseError``, or what is wrong with a text; there are then as many synapses as before.
  /// - Complexity: O(p · pairs) where `p` is a number: only the pairs that the draw takes are looked at. O(pairs) where it is a text.
  public func connect(
    where condition: ModelExpression? = nil, p: Probability = 1, n: Count = 1, namespace: Namespace = [:], file: StaticString = #fileID,
    line: UInt = #line
  ) throws {
    let (condition, p, n) = (condition.located(file, line), p.located(file, line), n.located(file, line))
    if let condition, condition.text.split(whereSeparator: \.isWhitespace).contains("for") {
      throw SynapseError.generatorAsCondition(text: condition.text)
    }
    // Found out before hours of work rather than after it (SYN-32).
    if condition == nil, case .number(let probability) = p, probability >= 1, case .number(let each) = n, each > 0 {
      try checkCount(source.elementCount, target.elementCount, each)
    }
    try making { made, operation in
      try ConditionConnector(self, condition: condition, p: p, n: n, namespace: namespace, operation: operation).run(made)
    }
  }

  /// The same with a number from elsewhere: `try S.connect(p: degree/Double(count))`.
  @_disfavoredOverload
  public func connect(
    where condition: ModelExpression? = nil, p: Double, n: Count = 1, namespace: Namespace = [:], file: StaticString = #fileID, line: UInt = #line
  ) throws {
    try connect(where: condition, p: .number(p), n: n, namespace: namespace, file: file, line: line)
  }
  /// The same with a number from elsewhere: `try S.connect(n: each)`.
  @_disfavoredOverload
  public func connect(
    where condition: ModelExpression? = nil, p: Probability = 1, n: Int, namespace: Namespace = [:], file: StaticString = #fileID,
    line: UInt = #line
  ) throws {
    try connect(where: condition, p: p, n: .number(n), namespace: namespace, file: file, line: line)
  }
  /// The same with both numbers from elsewhere.
  @_disfavoredOverload
  public func connect(
    where condition: ModelExpression? = nil, p: Double, n: Int, namespace: Namespace = [:], file: StaticString = #fileID, line: UInt = #line
  ) throws {
    try connect(where: condition, p: .number(p), n: .number(n), namespace: namespace, file: file, line: line)
  }

  /// The listed pairs, each `n` times (SYN-23). A single index on one side belongs to all on the other.
  ///
  /// ```swift
  /// try synapses.connect(i: [0, 0, 1], j: [1, 2, 2])
  /// try synapses.connect(i: 0, j: 0..<10)
  /// ```
  ///
  /// - Parameters:
  ///   - i: elements of the source.
  ///   - j: elements of the target, as many.
  ///   - p: the probability with which a pair of the list gets its synapses.
  ///   - n: how many it gets.
  /// - Throws: ``SynapseError`` for elements that do not exist and lists of different lengths; there are then as many synapses as before.
  public func connect(i: some Collection<Int>, j: some Collection<Int>, p: Double = 1, n: Int = 1) throws {
    let pre = Array(i)
    let post = Array(j)
    guard pre.count == post.count || pre.count == 1 || post.count == 1 else {
      throw SynapseError.unevenArrays(pre: pre.count, post: post.count)
    }
    for index in pre { try check(index, "source", source) }
    for index in post { try check(index, "target", target) }
    guard n >= 0 else { throw SynapseError.negativeCount(text: "\(n)", value: n) }
    let p = try Probability.checked(p, "p")
    let count = pre.isEmpty || post.isEmpty ? 0 : max(pre.count, post.count)
    if p >= 1 { try checkCount(count, 1, n) }
    try making { made, operation in
      let sampler = RowSampler(key: randomKey("pairs"), step: UInt64(bitPattern: operation))
      try sampler.bernoulli(row: 0, count: count, p: p) { place in
        try made.append(Int32(pre[pre.count == 1 ? 0 : place]), Int32(post[post.count == 1 ? 0 : place]), repeats: n)
      }
    }
  }

  /// One pair, `n` times.
  public func connect(i: Int, j: Int, n: Int = 1) throws { try connect(i: CollectionOfOne(i), j: CollectionOfOne(j), n: n) }
  /// Several sources and one target.
  public func connect(i: some Collection<Int>, j: Int, p: Double = 1, n: Int = 1) throws { try connect(i: i, j: CollectionOfOne(j), p: p, n: n) }
  /// One source and several targets.
  public func connect(i: Int, j: some Collection<Int>, p: Double = 1, n: Int = 1) throws { try connect(i: CollectionOfOne(i), j: j, p: p, n: n) }

  /// For each source the targets that the generator gives, in its order (SYN-25), Brian 2's `connect(j=…)`.
  ///
  /// ```swift
  /// try synapses.connect(j: "k for k in range(i - 2, i + 3) if k != i", skipInvalid: true)   // neighbours
  /// try synapses.connect(j: "i")                                                             // one to one
  /// try synapses.connect(j: "k for k in sample(N_post, size=10)")                            // ten targets each
  /// ```
  ///
  /// - Parameters:
  ///   - generator: elements of the target, one after the other; it may use `i`, variables of the source and external names.
  ///   - n: how many synapses each pair gets.
  ///   - skipInvalid: leaves out elements that do not exist, instead of an error.
  ///   - namespace: values of external names, before those of the object.
  ///   - file: where it is called, for messages.
  ///   - line: where it is called, for messages.
  /// - Throws: ``SynapseError``, or what is wrong with the text; there are then as many synapses as before.
  public func connect(
    j generator: SynapseGenerator, n: Count = 1, skipInvalid: Bool = false, namespace: Namespace = [:], file: StaticString = #fileID,
    line: UInt = #line
  ) throws {
    try connect(generator.located(file, line), result: .post, n: n.located(file, line), skipInvalid: skipInvalid, namespace: namespace)
  }

  /// For each target the sources that the generator gives, in its order.
  public func connect(
    i generator: SynapseGenerator, n: Count = 1, skipInvalid: Bool = false, namespace: Namespace = [:], file: StaticString = #fileID,
    line: UInt = #line
  ) throws {
    try connect(generator.located(file, line), result: .pre, n: n.located(file, line), skipInvalid: skipInvalid, namespace: namespace)
  }

  func connect(
    _ generator: SynapseGenerator, result: SynapticPathway.Side, n: Count, skipInvalid: Bool, namespace: Namespace
  ) throws {
    let parts = try GeneratorText(generator.source)
    try making { made, operation in
      try GeneratorConnector(
        self, parts, text: generator.text, result: result, n: n, skipInvalid: skipInvalid, namespace: namespace, operation: operation
      ).run(made)
    }
  }

  // ------------------------------------------------------------------------------------------------------------- private

  /// Runs a connector so that a failure leaves no trace.
  private func making(_ body: (NewSynapses, Int64) throws -> Void) throws {
    if isInRun { throw SynapseError.duringRun(synapses: self.name) }
    try checkLinksAllowConnecting()
    let made = try NewSynapses(self)
    defer {
      made.cancelUnlessFinished()
      SetUpProgress.end()
    }
    try body(made, OutsideCode.random(of: self).nextOperation())
    if let starts = try made.finish() { noteSourceStarts(starts) }
    try didConnect()
    noteUnrecorded("synapses of '\(self.name)' were made")
  }

  func checkCount(_ sources: Int, _ targets: Int, _ each: Int) throws {
    let (pairs, many) = sources.multipliedReportingOverflow(by: targets)
    let (more, tooMany) = pairs.multipliedReportingOverflow(by: each)
    let (count, over) = more.addingReportingOverflow(wholeSynapseCount)
    if many || tooMany || over { throw SynapseError.tooMany(count: .max) }
    guard count <= Int(Int32.max) else { throw SynapseError.tooMany(count: count) }
  }

  func check(_ index: Int, _ what: String, _ group: Group) throws {
    guard index >= 0, index < group.elementCount else {
      throw SynapseError.indexOutOfRange(what: what, index: index, count: group.elementCount, group: group.name)
    }
  }

  func randomKey(_ purpose: String) -> UInt64 {
    RandomKey.key(seed: OutsideCode.random(of: self).seed, object: self.name, purpose: "connect", site: purpose)
  }
}

/// `connect` by condition and probability.
struct ConditionConnector {
  let synapses: Synapses
  private let condition: ModelExpression?
  private let p: Probability
  private let n: Count
  private let operation: Int64
  let block: PairBlock

  init(
    _ synapses: Synapses, condition: ModelExpression?, p: Probability, n: Count, namespace: Namespace, operation: Int64
  ) throws {
    self.synapses = synapses
    self.condition = condition
    self.p = p
    self.n = n
    self.operation = operation
    block = try PairBlock(synapses, namespace: namespace, operation: operation, variableName: nil, isGenerator: false)
  }

  func run(_ made: NewSynapses) throws {
    let examination = try prepared()
    // With a constant probability only the pairs that the draw takes are looked at: the cost is that of the synapses
    // made, not of all pairs.
    var constant = 1.0
    if case .number(let value) = p { constant = try Probability.checked(value, "p") }
    let isDone = try made.withOwnTargets(of: synapses.targetCount) { targets in
      if examination.takesAll, let shared = shared(p: constant, into: made) { return try shared.run(sources: synapses.sourceCount) }
      try run(targets, examination, p: constant, into: made)
    }
    if isDone { return }
    // What is wrong in one of several processes is found by everybody who looks at all of it.
    block.removeAll()
    try run(0..<synapses.targetCount, examination, p: constant, into: made)
  }

  /// For processes of which each has its own targets; nil: there is one process, or nothing to share. The same in all of them.
  private func shared(p: Double, into made: NewSynapses) -> SharedDraws? {
    let count = synapses.targetCount
    let likely = p * Double(synapses.sourceCount) * Double(count)
    guard p > 0, p < 1, likely < 1e9, made.canHold(Int(2 * likely)), let distribution = synapses.ownElements?.distribution,
      let borders = synapses.targetParts.flatMap({
        StretchBorders(parts: $0, rank: distribution.rank, count: count, stretch: RowSampler.stretch(p))
      })
    else { return nil }
    made.expect(p * Double(synapses.sourceCount) * Double(borders.wanted.count))
    return SharedDraws(borders, distribution, sampler("rows"), p: p, of: count, into: made)
  }

  /// - Parameter targets: those that this process looks at.
  private func run(_ targets: Range<Int>, _ examination: PairExamination, p constant: Double, into made: NewSynapses) throws {
    let rows = sampler("rows")
    if examination.takesAll { made.expect(constant * Double(synapses.sourceCount) * Double(targets.count)) }
    let row = UnsafeMutableBufferPointer<Int32>.allocate(capacity: targets.count + 1)
    defer { row.deallocate() }
    for source in 0..<synapses.sourceCount {
      try Interrupt.check()
      made.tell(source, of: synapses.sourceCount)
      // Where nothing else is asked of a pair, the draws go straight into the columns.
      if examination.takesAll, made.canHold(targets.count + 1) {
        try made.append(from: Int32(source), atMost: targets.count + 1) { found in
          rows.bernoulli(row: source, count: synapses.targetCount, wanted: targets, p: constant, into: found)
        }
        continue
      }
      guard let base = row.baseAddress else { continue }
      for place in 0..<rows.bernoulli(row: source, count: synapses.targetCount, wanted: targets, p: constant, into: base) {
        block.append(pre: source, post: Int(row[place]))
        if block.isFull { try examination.pass(made) }
      }
    }
    try examination.pass(made)
  }

  /// Everything that can be wrong before a pair is looked at.
  func prepared() throws -> PairExamination {
    if case .number(let value) = n, value < 0 { throw SynapseError.negativeCount(text: "\(value)", value: value) }
    if case .number(let value) = p, value.isNaN { throw SynapseError.probability(text: "\(value)", value: value) }
    return try PairExamination(block, condition: condition, p: p, n: n, sampler: sampler("p"))
  }

  private func sampler(_ purpose: String) -> RowSampler {
    RowSampler(key: synapses.randomKey(purpose), step: UInt64(bitPattern: operation))
  }
}

/// Looks at a block of pairs and passes on those that become synapses.
final class PairExamination {
  private let block: PairBlock
  private let condition: PreparedKernel?
  private let probability: (kernel: PreparedKernel, text: String)?
  private let number: (kernel: PreparedKernel, text: String)?
  private let fixedNumber: Int
  private let sampler: RowSampler
  private var scratch: [Int32] = []
  private var probabilities: [Double] = []
  private var numbers: [Int64] = []

  init(_ block: PairBlock, condition: ModelExpression?, p: Probability, n: Count, sampler: RowSampler) throws {
    self.block = block
    self.sampler = sampler
    self.condition = try condition.map { try block.kernel(.condition($0.parsed()), source: $0.source, purpose: "condition") }
    if case .expression(let text) = p {
      probability = (try block.kernel(.value(text.parsed()), source: text.source, purpose: "p"), text.text)
    } else {
      probability = nil
    }
    switch n {
    case .number(let value):
      fixedNumber = value
      number = nil
    case .expression(let text):
      fixedNumber = 1
      number = (try block.integerKernel(text.parsed(), source: text.source, purpose: "n"), text.text)
    }
  }

  /// Whether each pair becomes one synapse without a look at it.
  var takesAll: Bool { condition == nil && probability == nil && number == nil && fixedNumber == 1 }

  /// How many synapses the pairs of the block are expected to become; empties it.
  func expectedCount() throws -> Double {
    defer { block.removeAll() }
    if let condition, !block.isEmpty { try block.filter(condition, scratch: &scratch) }
    if block.isEmpty { return 0 }
    if let probability { try findProbabilities(probability) }
    if let number { try block.integers(number.kernel, into: &numbers) }
    return (0..<block.count).reduce(0) { sum, place in
      sum + (probability == nil ? 1 : probabilities[place]) * (number == nil ? Double(fixedNumber) : Double(max(0, numbers[place])))
    }
  }

  private func findProbabilities(_ probability: (kernel: PreparedKernel, text: String)) throws {
    try block.doubles(probability.kernel, into: &probabilities)
    for place in 0..<block.count { probabilities[place] = try Probability.checked(probabilities[place], probability.text) }
  }

  func pass(_ made: NewSynapses) throws {
    if block.isEmpty { return }
    if let condition { try block.filter(condition, scratch: &scratch) }
    if let probability, !block.isEmpty {
      try findProbabilities(probability)
      block.filter { sampler.uniform(number: PairBlock.number(pre: block.preBase[$0], post: block.postBase[$0])) < probabilities[$0] }
    }
    if let number, !block.isEmpty {
      try block.integers(number.kernel, into: &numbers)
      for place in 0..<block.count {
        guard numbers[place] >= 0 else { throw SynapseError.negativeCount(text: number.text, value: Int(numbers[place])) }
        try made.append(block.preBase[place], block.postBase[place], repeats: Int(numbers[place]))
      }
    } else if fixedNumber == 1 {
      try made.append(block.preBase, block.postBase, pairs: block.count)
    } else {
      for place in 0..<block.count { try made.append(block.preBase[place], block.postBase[place], repeats: fixedNumber) }
    }
    block.removeAll()
  }
}
