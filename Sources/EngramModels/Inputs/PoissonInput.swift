public import EngramExpressions
internal import EngramKernels
internal import EngramScalars
public import EngramSimulation
public import EngramUnits

/// What each input spike adds: a quantity, or an expression of the target.
public enum Weight: Sendable, Hashable, ExpressibleByStringInterpolation {
  case quantity(Quantity)
  case expression(ModelExpression)

  public init(stringLiteral text: String) { self = .expression(ModelExpression(stringLiteral: text)) }
  public init(stringInterpolation: ModelTextInterpolation) { self = .expression(ModelExpression(stringInterpolation: stringInterpolation)) }
}

extension Weight: LocatedText {
  package func located(fileID: String, line: Int) -> Weight {
    if case .expression(let text) = self { .expression(text.located(fileID: fileID, line: line)) } else { self }
  }
}

/// Adds the summed spikes of many independent Poisson neurons to a variable, without simulating them (INP-5).
public final class PoissonInput: BrianObject {
  public let target: Group
  public let variableName: String
  public let count: Int
  public let rate: Frequency
  let weight: Weight
  private let builtStepSeconds: Double?
  private var kernel: PreparedKernel?

  public init(
    _ target: Group, _ variable: String, count: Int, rate: Frequency, weight: Weight, when: Slot = .synapses, order: Int = 0,
    name: ObjectName = "poissoninput*", file: StaticString = #fileID, line: UInt = #line
  ) throws {
    let label = name.base
    guard count >= 1 else { throw InputError.notPositive(name: label, what: "the number of inputs", found: "\(count)") }
    guard rate.si >= 0, rate.si.isFinite else { throw InputError.negativeRate(name: label, hertz: rate.si) }
    guard let known = target.variables[variable] as? ArrayVariable, !known.isReadOnly else {
      throw InputError.unknownTarget(
        name: label, variable: variable, group: target.name, nearest: nearest(variable, in: target.variables.names))
    }
    if case .quantity(let quantity) = weight, quantity.dimension != known.dimension, !(quantity.isDimensionless && quantity.si == 0) {
      throw InputError.weightUnit(name: label, variable: variable, expected: "\(known.dimension)", found: "\(quantity.dimension)")
    }
    self.target = target
    variableName = variable
    self.count = count
    self.rate = rate
    self.weight = weight.located(file, line)
    builtStepSeconds = target.clock.stepSeconds
    try super.init(clock: target.clock, when: when, order: order, name: name, file: file, line: line)
    addDependency(target)
    if let step = builtStepSeconds, rate.si * step > 1 {
      throw InputError.probabilityOutOfRange(name: self.name, found: rate.si * step)
    }
  }

  public convenience init(
    _ target: Group, _ variable: String, count: Int, rate: Frequency, weight: some QuantityConvertible, when: Slot = .synapses,
    order: Int = 0, name: ObjectName = "poissoninput*", file: StaticString = #fileID, line: UInt = #line
  ) throws {
    try self.init(
      target, variable, count: count, rate: rate, weight: .quantity(weight.quantity), when: when, order: order, name: name, file: file,
      line: line)
  }

  public override class var addToMagicNetwork: Bool { true }

  public override func beforeRun(_ context: RunContext) throws {
    guard let step = clock.stepSeconds else { return }
    if let builtStepSeconds, builtStepSeconds != step {
      environment.messages.emit(
        .warning, "poissoninput.changed_dt",
        "'\(name)' was made for dt \(builtStepSeconds) s; its probability is now that for dt \(step) s")
    }
    let p = rate.si * step
    guard p <= 1 else { throw InputError.probabilityOutOfRange(name: name, found: p) }
    let draws = Function(
      signature: try FunctionSignature("_spikes", arguments: [], returns: .dimensionless, isStateless: false),
      kernel: BinomialFunction.kernel(n: count, p: p))
    var additional: [String: Variables.Entry] = [:]
    let factor: Expression
    switch weight {
    case .quantity(let quantity):
      let dimension = target.variables[variableName]?.dimension ?? quantity.dimension
      additional["_weight"] = Variables.Entry(try Constant("_weight", .float(quantity.si), dimension: dimension, owner: nil), access: .scalar)
      factor = .name("_weight")
    case .expression(let text):
      factor = try text.parsed()
    }
    var request = CodeRequest(
      .statements([Statement(variableName, .add, factor * .call("_spikes"))]), owner: target, objectName: name, purpose: "input",
      clock: clock, additional: additional)
    request.functions = ["_spikes": draws]
    if case .expression(let text) = weight { request.source = text.source }
    kernel = try context.kernel(for: request)
  }

  public override func run() throws {
    try kernel?.run(target.elementOffset..<target.elementOffset + target.elementCount)
  }

  public override func describe() -> ObjectDescription {
    var description = ObjectDescription(kind: "PoissonInput", name: name)
    description["target"] = .reference(target.referenceText)
    description["target_var"] = .text(variableName)
    description["N"] = .integer(Int64(count))
    description["rate"] = .quantity(Quantity(rate.si, .frequency))
    switch weight {
    case .quantity(let quantity): description["weight"] = .quantity(quantity)
    case .expression(let text): description["weight"] = .text(text.text)
    }
    describeTiming(in: &description, clockOf: target, when: .synapses, order: 0)
    return description
  }
}
