internal import EngramExpressions
internal import EngramSimulation

/// `connect` by generator: an outer loop over one side; the text gives the elements of the other.
final class GeneratorConnector {
  let synapses: Synapses
  let parts: GeneratorText
  private let text: String
  let result: SynapticPathway.Side
  private let skipInvalid: Bool
  private let operation: Int64
  private let block: PairBlock
  private let namespace: Namespace
  private let element: PreparedKernel
  private let condition: PreparedKernel?
  /// Whether the condition speaks about the resulting element: then that must exist before the condition is asked.
  private let conditionNeedsResult: Bool
  let examination: PairExamination
  private var elements: [Int64] = []
  private var scratch: [Int32] = []

  init(
    _ synapses: Synapses, _ parts: GeneratorText, text: String, result: SynapticPathway.Side, n: Count, skipInvalid: Bool,
    namespace: Namespace, operation: Int64
  ) throws {
    self.synapses = synapses
    self.parts = parts
    self.text = text
    self.result = result
    self.skipInvalid = skipInvalid
    self.operation = operation
    self.namespace = namespace
    if case .number(let value) = n, value < 0 { throw SynapseError.negativeCount(text: "\(value)", value: value) }
    let block = try PairBlock(synapses, namespace: namespace, operation: operation, variableName: parts.variable, isGenerator: true)
    self.block = block
    element = try block.integerKernel(parts.expression(parts.element), source: parts.source, purpose: "element")
    let parsedCondition = try parts.condition.map { try parts.expression($0) }
    condition = try parsedCondition.map { try block.kernel(.condition($0), source: parts.source, purpose: "if") }
    conditionNeedsResult = parsedCondition.map { GeneratorConnector.mentionsResult($0, result, synapses) } ?? false
    examination = try PairExamination(
      block, condition: nil, p: 1, n: n, sampler: RowSampler(key: synapses.randomKey("n"), step: UInt64(bitPattern: operation)))
  }

  private static func mentionsResult(_ condition: Expression, _ side: SynapticPathway.Side, _ synapses: Synapses) -> Bool {
    let index = side == .post ? "j" : "i"
    let suffix = side == .post ? "_post" : "_pre"
    return condition.identifiers.contains { name in
      if name == index { return true }
      if name == "N_post" || name == "N_pre" { return false }
      if name.hasSuffix(suffix) { return true }
      return side == .post && synapses.target.variables.contains(name) && !["i", "N", "t", "dt"].contains(name)
    }
  }

  /// The arguments of range(…) and sample(…), prepared.
  func bounds() throws -> OuterBounds {
    try OuterBounds(synapses, parts, text: text, outer: result == .post ? .pre : .post, namespace: namespace, operation: operation)
  }

  func run(_ made: NewSynapses) throws {
    let outerCount = result == .post ? synapses.sourceCount : synapses.targetCount
    let bounds = try self.bounds()
    let sampler = RowSampler(key: synapses.randomKey("sample"), step: UInt64(bitPattern: operation))
    let givesVariable = givesVariable
    for outer in 0..<outerCount {
      try Interrupt.check()
      made.tell(outer, of: outerCount)
      let range = try bounds.range(outer)
      if givesVariable, block.isEmpty, try addDirectly(outer, range, bounds, sampler, made) { continue }
      switch parts.iterator {
      case .single: try add(outer, 0, made)
      case .range:
        for place in 0..<range.count { try add(outer, range.value(at: place), made) }
      case .sampleWithProbability:
        try sampler.bernoulli(row: outer, count: range.count, p: try bounds.probability(outer)) { place in
          try add(outer, range.value(at: place), made)
        }
      case .sampleOfSize:
        var size = try bounds.size(outer)
        if size < 0 || size > range.count {
          guard skipInvalid else { throw SynapseError.sampleSize(size: size, population: range.count, text: text) }
          size = min(max(size, 0), range.count)
        }
        for place in sampler.choose(row: outer, count: range.count, size: size) { try add(outer, range.value(at: place), made) }
      }
    }
    try pass(made)
  }

  /// Elements of the outer loop that are looked at for ``expectedCount()``, and of what each of them gives.
  private static let (triedElements, triedPlaces) = (256, 32)

  /// How many synapses it is expected to make, from some elements of the outer loop and some of what each of them gives.
  func expectedCount() throws -> Double {
    let outerCount = result == .post ? synapses.sourceCount : synapses.targetCount
    let bounds = try self.bounds()
    let elements = min(outerCount, Self.triedElements)
    var sum = 0.0
    for number in 0..<elements {
      let outer = number * outerCount / elements
      let range = try bounds.range(outer)
      let given: Double
      switch parts.iterator {
      case .single, .range: given = Double(range.count)
      case .sampleWithProbability: given = Double(range.count) * (try bounds.probability(outer))
      case .sampleOfSize: given = Double(min(max(try bounds.size(outer), 0), range.count))
      }
      let tried = min(range.count, Self.triedPlaces)
      guard tried > 0 else { continue }
      for place in 0..<tried {
        let value = parts.variable == nil ? 0 : range.value(at: Int((Double(place) + 0.5) / Double(tried) * Double(range.count)))
        try append(outer, value)
      }
      try narrow()
      sum += given * (try examination.expectedCount()) / Double(tried)
    }
    return elements == 0 ? 0 : sum * Double(outerCount) / Double(elements)
  }

  private func add(_ outer: Int, _ value: Int, _ made: NewSynapses) throws {
    try append(outer, value)
    if block.isFull { try pass(made) }
  }

  private func append(_ outer: Int, _ value: Int) throws {
    guard value >= Int(Int32.min), value <= Int(Int32.max) else { throw SynapseError.tooMany(count: value) }
    if result == .post { block.append(pre: outer, post: 0, variable: value) } else { block.append(pre: 0, post: outer, variable: value) }
  }

  private func pass(_ made: NewSynapses) throws {
    if block.isEmpty { return }
    try narrow()
    try examination.pass(made)
    block.removeAll()
  }

  /// Leaves the pairs that the generator gives.
  private func narrow() throws {
    if let condition, !conditionNeedsResult { try block.filter(condition, scratch: &scratch) }
    try block.integers(element, into: &elements)
    let group = result == .post ? synapses.target : synapses.source
    let limit = Int64(group.elementCount)
    var kept = 0
    try block.filter { place in
      let index = elements[place]
      guard index >= 0, index < limit else {
        if skipInvalid { return false }
        throw SynapseError.generatedIndexOutOfRange(
          what: result == .post ? "target" : "source", index: Int(index), count: Int(limit), group: group.name, text: text)
      }
      elements[kept] = index
      kept += 1
      return true
    }
    let base = result == .post ? block.postBase : block.preBase
    for place in 0..<block.count { base[place] = Int32(elements[place]) }
    if let condition, conditionNeedsResult { try block.filter(condition, scratch: &scratch) }
  }
}

extension GeneratorText {
  var variable: String? {
    switch iterator {
    case .single: nil
    case .range(let variable, _, _, _), .sampleWithProbability(let variable, _, _, _, _), .sampleOfSize(let variable, _, _, _, _):
      variable
    }
  }
}

/// An arithmetic sequence, as Python's range.
struct IntegerRange {
  let low: Int
  let step: Int
  let count: Int

  init(low: Int, high: Int, step: Int) {
    self.low = low
    self.step = step
    let (span, overflow) = step > 0 ? high.subtractingReportingOverflow(low) : low.subtractingReportingOverflow(high)
    if overflow || step == .min {
      count = span < 0 || high < low ? Int(Int32.max) : 0
    } else {
      let stride = abs(step)
      count = span > 0 ? (span - 1) / stride + 1 : 0
    }
  }

  func value(at place: Int) -> Int { low &+ place &* step }
}

/// The arguments of range(…) and sample(…) for each element of the outer loop, computed block by block.
final class OuterBounds {
  private let block: PairBlock
  private let outer: SynapticPathway.Side
  private let outerCount: Int
  private let text: String
  private let low: PreparedKernel?
  private let high: PreparedKernel?
  private let step: PreparedKernel?
  private let chance: PreparedKernel?
  private let number: PreparedKernel?
  private var firstOfBlock = -1
  private var lows: [Int64] = []
  private var highs: [Int64] = []
  private var steps: [Int64] = []
  private var chances: [Double] = []
  private var numbers: [Int64] = []

  init(
    _ synapses: Synapses, _ parts: GeneratorText, text: String, outer: SynapticPathway.Side, namespace: Namespace, operation: Int64
  ) throws {
    let block = try PairBlock(synapses, namespace: namespace, operation: operation, variableName: nil, isGenerator: true)
    self.block = block
    self.outer = outer
    self.text = text
    outerCount = outer == .pre ? synapses.sourceCount : synapses.targetCount
    func integer(_ part: Substring, _ purpose: String) throws -> PreparedKernel {
      let expression = try parts.expression(part)
      let resultIndex = outer == .pre ? "j" : "i"
      if expression.identifiers.contains(resultIndex) {
        throw SynapseError.generator(text: text, why: "'\(part)' depends on '\(resultIndex)', which the generator gives")
      }
      return try block.integerKernel(expression, source: parts.source, purpose: purpose)
    }
    switch parts.iterator {
    case .single: (low, high, step, chance, number) = (nil, nil, nil, nil, nil)
    case .range(_, let l, let h, let s):
      (low, high, step, chance, number) = (try integer(l, "low"), try integer(h, "high"), try integer(s, "step"), nil, nil)
    case .sampleWithProbability(_, let l, let h, let s, let p):
      (low, high, step) = (try integer(l, "low"), try integer(h, "high"), try integer(s, "step"))
      (chance, number) = (try block.kernel(.value(parts.expression(p)), source: parts.source, purpose: "p"), nil)
    case .sampleOfSize(_, let l, let h, let s, let size):
      (low, high, step) = (try integer(l, "low"), try integer(h, "high"), try integer(s, "step"))
      (chance, number) = (nil, try integer(size, "size"))
    }
  }

  func range(_ element: Int) throws -> IntegerRange {
    guard low != nil else { return IntegerRange(low: 0, high: 1, step: 1) }
    let place = try fill(element)
    guard steps[place] != 0 else { throw SynapseError.emptyRangeStep(text: text) }
    return IntegerRange(low: Int(lows[place]), high: Int(highs[place]), step: Int(steps[place]))
  }

  func probability(_ element: Int) throws -> Double { try Probability.checked(chances[try fill(element)], text) }
  func size(_ element: Int) throws -> Int { Int(numbers[try fill(element)]) }

  /// Computes the block that holds the element; returns its place.
  private func fill(_ element: Int) throws -> Int {
    let first = element / PairBlock.capacity * PairBlock.capacity
    if first != firstOfBlock {
      if firstOfBlock >= 0 { block.removeAll() }
      firstOfBlock = first
      for number in first..<min(first + PairBlock.capacity, outerCount) {
        if outer == .pre { block.append(pre: number, post: 0) } else { block.append(pre: 0, post: number) }
      }
      if let low { try block.integers(low, into: &lows) }
      if let high { try block.integers(high, into: &highs) }
      if let step { try block.integers(step, into: &steps) }
      if let chance { try block.doubles(chance, into: &chances) }
      if let number { try block.integers(number, into: &numbers) }
    }
    return element - first
  }
}
