internal import EngramEquations
internal import EngramExpressions
internal import EngramScalars
public import EngramSimulation
internal import EngramStorage
internal import EngramUnits

/// Sets a variable of the source or target to a sum over synapses, in every step of that group (SYN-70…73).
///
/// Terms have the type that the variable was declared with; they are added in it, and the sum becomes what the target is.
public final class SummedVariableUpdater: BrianObject {
  private let whole: Whole<Synapses>
  /// With its suffix, such as `x_post`.
  let variableName: String
  private let expression: Expression
  private let target: ArrayVariable
  /// Where terms are added if the target is of another kind.
  private let sums: ArrayVariable?
  /// The elements that are set, in the numbering of the column.
  private let elements: Range<Int>
  private var kernel: PreparedKernel?
  private var synapseCount = 0

  init(of synapses: Synapses, equation: SingleEquation, expression: Expression) throws {
    let (variableName, dimension) = (equation.name, equation.dimension)
    let isPost = variableName.hasSuffix("_post")
    guard isPost || variableName.hasSuffix("_pre") else { throw SynapseError.summedName(name: variableName) }
    let plain = String(variableName.dropLast(isPost ? 5 : 4))
    let group = isPost ? synapses.target : synapses.source
    guard let entry = group.variables.entry(plain) else {
      throw SynapseError.summedTarget(name: variableName, group: group.name, why: "there is no '\(plain)'")
    }
    if entry.variable.isFormula {
      throw SynapseError.summedTarget(name: variableName, group: group.name, why: "'\(plain)' is a subexpression, not a parameter")
    }
    guard let target = entry.variable.array, !target.isReadOnly else {
      throw SynapseError.summedTarget(name: variableName, group: group.name, why: "'\(plain)' cannot be set")
    }
    if target.owner !== ((group as? Subgroup)?.parent ?? group) {
      throw SynapseError.summedTarget(name: variableName, group: group.name, why: "'\(plain)' is linked to '\(target.path)'; sum into that")
    }
    if group.checkedVariables.contains(plain) {
      throw SynapseError.summedTarget(name: variableName, group: group.name, why: "'\(plain)' has a differential equation")
    }
    guard target.dimension == dimension else {
      throw SynapseError.summedUnit(name: variableName, expected: "\(target.dimension)", found: "\(dimension)")
    }
    whole = Whole(synapses)
    self.variableName = variableName
    self.expression = equation.type == .float ? expression : .call("int", expression)
    self.target = target
    if target.scalarType.isFloat || target.scalarType.isInteger && equation.type != .float {
      sums = nil
    } else {
      let column = try Column(equation.type == .float ? .float64 : .int64, rows: target.count)
      sums = try ArrayVariable("_\(variableName)", column: column, dimension: dimension, flags: [.scratch], owner: nil)
    }
    elements = target.isScalar ? 0..<1 : group.elementOffset..<group.elementOffset + group.elementCount
    // Before the target. A part of a group comes one after the whole, so its sum has the order of the whole, and the names
    // decide, as in the reference.
    let order = (group as? Subgroup)?.parent.order ?? group.order.previous
    try super.init(
      clock: group.clock, when: .groups, order: order,
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
    if let sums, let entry = synapses.variables.entry(variableName) {
      request.additional[variableName] = Variables.Entry(sums, access: entry.access)
    }
    request.source = synapses.equations.source
    kernel = try context.kernel(for: request)
    if sums != nil, let division = targetDivision { context.noteOwnWrite(of: target, division) }
    context.noteWrites { [target] in target.column.touch() }
  }

  /// Of the group whose variable is set.
  private var targetDivision: Division? { (target.owner as? any DividedOwner)?.division }

  public override func run() throws {
    let added = bytes(of: sums ?? target)
    added.initializeMemory(as: UInt8.self, repeating: 0)
    try kernel?.run(0..<synapseCount)
    if let sums { target.scalarType.convert(UnsafeRawBufferPointer(added), of: sums.scalarType, into: bytes(of: target)) }
  }

  private func bytes(of variable: ArrayVariable) -> UnsafeMutableRawBufferPointer {
    let size = variable.scalarType.byteCount
    return UnsafeMutableRawBufferPointer(start: variable.column.base + elements.lowerBound * size, count: elements.count * size)
  }
}
