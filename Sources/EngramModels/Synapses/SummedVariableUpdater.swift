internal import EngramEquations
internal import EngramExpressions
internal import EngramScalars
public import EngramSimulation
internal import EngramStorage
internal import EngramUnits

/// Sets a variable of the source or target to a sum over synapses, in every step (SYN-70…73).
public final class SummedVariableUpdater: BrianObject {
  private let whole: Whole<Synapses>
  /// With its suffix, such as `x_post`.
  let variableName: String
  private let expression: Expression
  private let target: ArrayVariable
  /// The elements that are set, in the numbering of the column.
  private let elements: Range<Int>
  private var kernel: PreparedKernel?
  private var synapseCount = 0

  init(of synapses: Synapses, name variableName: String, expression: Expression, dimension: Dimension) throws {
    let isPost = variableName.hasSuffix("_post")
    guard isPost || variableName.hasSuffix("_pre") else { throw SynapseError.summedName(name: variableName) }
    let plain = String(variableName.dropLast(isPost ? 5 : 4))
    let group = isPost ? synapses.target : synapses.source
    guard let entry = group.variables.entry(plain) else {
      throw SynapseError.summedTarget(name: variableName, group: group.name, why: "there is no '\(plain)'")
    }
    if entry.variable is Subexpression {
      throw SynapseError.summedTarget(name: variableName, group: group.name, why: "'\(plain)' is a subexpression, not a parameter")
    }
    guard let target = entry.variable as? ArrayVariable, !target.isReadOnly else {
      throw SynapseError.summedTarget(name: variableName, group: group.name, why: "'\(plain)' cannot be set")
    }
    if group.checkedVariables.contains(plain) {
      throw SynapseError.summedTarget(name: variableName, group: group.name, why: "'\(plain)' has a differential equation")
    }
    guard target.dimension == dimension else {
      throw SynapseError.summedUnit(name: variableName, expected: "\(target.dimension)", found: "\(dimension)")
    }
    whole = Whole(synapses)
    self.variableName = variableName
    self.expression = expression
    self.target = target
    elements = target.isScalar ? 0..<1 : group.elementOffset..<group.elementOffset + group.elementCount
    // Before the target. A part of a group comes one after the whole, so its sum has the order of the whole, and the names
    // decide, as in the reference.
    let order = (group as? Subgroup)?.parent.order ?? group.order.previous
    try super.init(
      clock: synapses.clock, when: .groups, order: order,
      name: ObjectName(validating: "\(synapses.name)_summed_variable_\(variableName)"))
    addDependency(group)
  }

  public override var exclusiveWrites: [ExclusiveWrite] { [ExclusiveWrite(target, elements: elements)] }

  public override func beforeRun(_ context: RunContext) throws {
    let synapses = try whole.required(by: self)
    synapseCount = synapses.elementCount
    var request = CodeRequest(
      .statements([Statement(variableName, .add, expression)]), owner: synapses, objectName: name, purpose: "summed", clock: clock,
      respectsConditionalWrite: false)
    request.source = synapses.equations.source
    kernel = try context.kernel(for: request)
    context.noteWrites { [target] in target.column.touch() }
  }

  public override func run() throws {
    let size = target.scalarType.byteCount
    (target.column.base + elements.lowerBound * size).initializeMemory(as: UInt8.self, repeating: 0, count: elements.count * size)
    try kernel?.run(0..<synapseCount)
  }
}
