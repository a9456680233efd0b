internal import EngramEquations
internal import EngramExpressions
public import EngramSimulation

/// Computes the subexpressions that are constant over dt, once per step before everything else (EQN-20).
public final class SubexpressionUpdater: BrianObject {
  private let whole: Whole<Group>
  private let statements: [Statement]
  private let source: SourceText
  private var kernel: PreparedKernel?
  private var elements = 0..<0

  init(of group: Group, equations: Equations, order: Int) throws {
    whole = Whole(group)
    source = equations.source
    let own = equations.constantOverStepNames.compactMap { equations[$0] }
    // Shared variables come first, as everywhere (COD-8); both groups keep the order of dependencies.
    statements = (own.filter(\.isShared) + own.filter { !$0.isShared }).compactMap { equation in
      equation.expression.map { Statement(equation.name, .assign, $0) }
    }
    try super.init(
      clock: group.clock, when: .before(.start), order: order, name: ObjectName(validating: "\(group.name)_subexpression_update*"))
  }

  public override func beforeRun(_ context: RunContext) throws {
    let group = try whole.required(by: self)
    elements = group.elementOffset..<group.elementOffset + group.elementCount
    var request = CodeRequest(
      .statements(statements), owner: group, objectName: name, purpose: "subexpressions", clock: clock,
      writableReadOnly: Set(statements.map(\.target)), respectsConditionalWrite: false)
    request.source = source
    kernel = try context.kernel(for: request)
  }

  public override func run() throws {
    try kernel?.run(elements)
  }
}
