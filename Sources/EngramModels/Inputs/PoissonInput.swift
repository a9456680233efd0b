internal import EngramExpressions
internal import EngramKernels
public import EngramModel
internal import EngramScalars
public import EngramSimulation
public import EngramUnits

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
    _ target: Group, _ variable: String, count: Int, rate: Frequency, weight: Weight, when: Slot = PoissonInputDescription.slot, order: Int = 0,
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
    _ target: Group, _ variable: String, count: Int, rate: Frequency, weight: some QuantityConvertible, when: Slot = PoissonInputDescription.slot,
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
      Messages.emit(
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

  public override var describedKind: ObjectKind {
    .poissonInput(
      PoissonInputDescription(
        target.reference, variableName, count: count, rate: Quantity(rate.si, .frequency), weight: weight, timing: describedTiming(clockOf: target)))
  }
}
