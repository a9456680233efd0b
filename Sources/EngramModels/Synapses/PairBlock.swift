internal import EngramEquations
internal import EngramExpressions
internal import EngramKernels
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage
internal import EngramUnits

/// Candidate synapses under examination: a block of (source, target) pairs, and of values of a generator's variable, as
/// columns that model code can read (SYN-22, 25).
///
/// In the code the names mean what they mean in a synapse: `i`, `j`, variables of source and target with their suffixes,
/// external names.
final class PairBlock {
  static let capacity = 8192

  let pre: ArrayVariable
  let post: ArrayVariable
  let variable: ArrayVariable
  private let synapses: Synapses
  private let namespace: Namespace
  private let operation: Int64
  private let variableName: String?
  private(set) var count = 0
  /// Blocks done so far: the lower part of the random step, so that no block repeats the draws of another. Stays 0 where draws depend on the
  /// pair itself.
  private var blockNumber: Int64 = 0
  /// What random numbers of a pair depend on, wherever and with whatever others it is looked at; nil: on its place among all that are.
  private let pairNumbers: UnsafeMutablePointer<Int64>?
  private var kernels: [PreparedKernel] = []

  /// - Parameters:
  ///   - operation: the number of the operation that draws (RNG-6).
  ///   - variableName: the variable of a generator, which may give a pair several times: its draws depend on when it does.
  init(_ synapses: Synapses, namespace: Namespace, operation: Int64, variableName: String?, isGenerator: Bool) throws {
    self.synapses = synapses
    self.namespace = namespace
    self.operation = operation
    self.variableName = variableName
    pre = try PairBlock.column("i")
    post = try PairBlock.column("j")
    variable = try PairBlock.column(variableName ?? "k")
    pairNumbers = isGenerator ? nil : .allocate(capacity: PairBlock.capacity)
  }

  deinit { pairNumbers?.deallocate() }

  /// The number of a pair among all of them.
  static func number(pre source: Int32, post target: Int32) -> Int64 { Int64(source) << 32 | Int64(target) }

  private static func column(_ name: String) throws -> ArrayVariable {
    try ArrayVariable(name, column: Column(.int32, rows: capacity), flags: [.readOnly], owner: nil)
  }

  private static func base(_ variable: ArrayVariable) -> UnsafeMutablePointer<Int32> {
    variable.column.base.assumingMemoryBound(to: Int32.self)
  }

  private(set) lazy var preBase = PairBlock.base(pre)
  private(set) lazy var postBase = PairBlock.base(post)
  private(set) lazy var variableBase = PairBlock.base(variable)

  var isFull: Bool { count == PairBlock.capacity }
  var isEmpty: Bool { count == 0 }

  func append(pre source: Int, post target: Int, variable value: Int = 0) {
    preBase[count] = Int32(truncatingIfNeeded: source)
    postBase[count] = Int32(truncatingIfNeeded: target)
    variableBase[count] = Int32(truncatingIfNeeded: value)
    pairNumbers?[count] = Self.number(pre: preBase[count], post: postBase[count])
    count += 1
  }

  func removeAll() {
    count = 0
    if pairNumbers != nil { return }
    blockNumber += 1
    for kernel in kernels { kernel.outsideStep = step }
  }

  private var step: Int64 { operation << 24 | (blockNumber & 0xff_ffff) }

  // --------------------------------------------------------------------------------------------------------------- code

  /// Code about the pairs. Names that do not exist yet are refused (SYN-30).
  func kernel(_ code: CodeRequest.Code, source: SourceText, purpose: String) throws -> PreparedKernel {
    let identifiers: Set<String> =
      switch code {
      case .condition(let expression), .value(let expression): expression.identifiers
      case .statements: []
      }
    for name in ["N_incoming", "N_outgoing"] where identifiers.contains(name) {
      throw SynapseError.countsInConnect(name: name, text: source.text)
    }
    var request = CodeRequest(
      code, owner: synapses, objectName: synapses.name, purpose: "connect:\(purpose)", clock: nil, additional: try additionalNames(identifiers))
    request.source = source
    request.isOfElements = false
    if purpose == "p" {
      request.resultType = .float
      request.expectedDimension = .dimensionless
    }
    let kernel = try OutsideCode.kernel(for: request, namespace: namespace, operation: step)
    if let pairNumbers { kernel.kernel.numbers = ElementNumbers(listed: pairNumbers) }
    kernels.append(kernel)
    return kernel
  }

  /// An integer per pair; text that gives a float is refused (SYN-26).
  func integerKernel(_ expression: Expression, source: SourceText, purpose: String) throws -> PreparedKernel {
    let kernel = try kernel(.value(expression), source: source, purpose: purpose)
    guard kernel.program.resultType != .float else {
      throw SynapseError.notInteger(what: "the expression", text: String(source[expression.span]))
    }
    return kernel
  }

  private func additionalNames(_ identifiers: Set<String>) throws -> [String: Variables.Entry] {
    var names: [String: Variables.Entry] = ["i": Variables.Entry(pre), "j": Variables.Entry(post)]
    if let variableName { names[variableName] = Variables.Entry(variable) }
    for name in identifiers where names[name] == nil {
      if let entry = synapses.entry(name, preEnds: pre, postEnds: post) { names[name] = entry }
    }
    return names
  }

  func integers(_ kernel: PreparedKernel, into values: inout [Int64]) throws {
    if values.count < count { values = [Int64](repeating: 0, count: PairBlock.capacity) }
    try values.withUnsafeMutableBytes { if let base = $0.baseAddress, count > 0 { try kernel.evaluate(0..<count, into: base) } }
  }

  func doubles(_ kernel: PreparedKernel, into values: inout [Double]) throws {
    if values.count < count { values = [Double](repeating: 0, count: PairBlock.capacity) }
    try values.withUnsafeMutableBytes { if let base = $0.baseAddress, count > 0 { try kernel.evaluate(0..<count, into: base) } }
  }

  /// Keeps the pairs for which the condition holds.
  func filter(_ kernel: PreparedKernel, scratch: inout [Int32]) throws {
    if scratch.count < PairBlock.capacity { scratch = [Int32](repeating: 0, count: PairBlock.capacity) }
    let found = try scratch.withUnsafeMutableBufferPointer { buffer in
      try buffer.baseAddress.map { try kernel.select(0..<count, into: $0) } ?? 0
    }
    for place in 0..<found { move(Int(scratch[place]), to: place) }
    count = found
  }

  /// Keeps the pairs that `isKept` accepts.
  func filter(_ isKept: (Int) throws -> Bool) rethrows {
    var kept = 0
    for place in 0..<count where try isKept(place) {
      move(place, to: kept)
      kept += 1
    }
    count = kept
  }

  private func move(_ from: Int, to place: Int) {
    preBase[place] = preBase[from]
    postBase[place] = postBase[from]
    variableBase[place] = variableBase[from]
    pairNumbers?[place] = pairNumbers?[from] ?? 0
  }
}

extension Synapses {
  /// What a name of synaptic code means for pairs that are not synapses yet: the ends are those of the pair.
  func entry(_ name: String, preEnds: ArrayVariable, postEnds: ArrayVariable) -> Variables.Entry? {
    func through(_ group: Group, _ plain: String, _ ends: ArrayVariable) -> Variables.Entry? {
      guard let entry = group.variables.entry(plain) else { return nil }
      return entry.reached(through: ends, offset: group.elementOffset, from: group)
    }
    if variables[name] != nil, equations[name] != nil { return nil }
    if name.hasSuffix("_pre"), let entry = through(source, String(name.dropLast(4)), preEnds) { return entry }
    if name.hasSuffix("_post"), let entry = through(target, String(name.dropLast(5)), postEnds) { return entry }
    if ["i", "j", "N", "N_pre", "N_post", "t", "dt"].contains(name) { return nil }
    return through(target, name, postEnds)
  }
}
