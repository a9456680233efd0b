internal import EngramExpressions
internal import EngramKernels
public import EngramModel
internal import EngramScalars
public import EngramSimulation
public import EngramUnits

/// Adds the summed spikes of many independent Poisson neurons to a variable, without simulating them (INP-5), Brian 2's `PoissonInput`.
///
/// In each step every element gets `weight` times a number drawn from the binomial distribution of `count` trials with probability
/// rate · dt. That is what `count` neurons of a ``PoissonGroup`` for each element would do, at the cost of one draw.
///
/// ```swift
/// let background = try PoissonInput(neurons, "v", count: 1000, rate: 3 * Hz, weight: 0.1 * mV)
/// ```
public final class PoissonInput: BrianObject {
  /// The group, or the part of a group, that gets the spikes.
  public let target: Group
  /// The variable that they are added to.
  public let variableName: String
  /// Number of Poisson neurons for each element.
  public let count: Int
  /// The rate of each of them.
  public let rate: Frequency
  let weight: Weight
  private let builtStepSeconds: Double?
  private var kernel: PreparedKernel?

  /// An input to all elements of a group or of a part of it.
  ///
  /// - Parameters:
  ///   - target: the group, whose clock it uses.
  ///   - variable: a variable of the target that can be written.
  ///   - count: number of Poisson neurons for each element, at least 1.
  ///   - rate: the rate of each of them; not negative, and at most one spike per step.
  ///   - weight: what each spike adds, in the unit of the variable.
  ///   - when: slot in which it is added.
  ///   - order: place within the slot.
  ///   - name: what messages call it; `*` becomes a free number.
  ///   - file: where it is made, for messages.
  ///   - line: where it is made, for messages.
  /// - Throws: ``InputError`` for an unknown variable, a wrong unit, or a number outside of these bounds.
  public init(
    _ target: Group, _ variable: String, count: Int, rate: Frequency, weight: Weight, when: Slot = PoissonInputDescription.slot,
    order: Int = TimingDescription.usualOrder,
    name: ObjectName = .usual(.poissonInput), file: StaticString = #fileID, line: UInt = #line
  ) throws {
    let label = name.base
    guard count >= 1 else { throw InputError.notPositive(name: label, what: "the number of inputs", found: "\(count)") }
    guard rate.si >= 0, rate.si.isFinite else { throw InputError.negativeRate(name: label, hertz: rate.si) }
    guard let known = target.variables[variable]?.array, !known.isReadOnly else {
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

  /// The same with a plain quantity: `weight: 0.1 * mV`.
  public convenience init(
    _ target: Group, _ variable: String, count: Int, rate: Frequency, weight: some QuantityConvertible, when: Slot = PoissonInputDescription.slot,
    order: Int = TimingDescription.usualOrder, name: ObjectName = .usual(.poissonInput), file: StaticString = #fileID, line: UInt = #line
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
      kernel: BinomialFunction.kernel(n: count, p: p, approximate: true))
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
