internal import EngramExpressions
public import EngramSimulation

/// Runs code for all elements of a group at every step of a clock (GRP-10, 11).
public final class CodeRunner: BrianObject {
  unowned let group: Group
  let code: ParsedCode
  /// For the description of the group: what was asked for.
  let kind: Kind
  private var kernel: PreparedKernel?

  enum Kind { case regularly, at }

  init(of group: Group, code: ParsedCode, kind: Kind, clock: BaseClock, when: Slot, order: Int, name: ObjectName) throws {
    self.group = group
    self.code = code
    self.kind = kind
    try super.init(clock: clock, when: when, order: order, name: name)
  }

  public override func beforeRun(_ context: RunContext) throws {
    kernel = try context.kernel(
      for: CodeRequest(.statements(code.statements), owner: group, objectName: name, purpose: "code", clock: clock))
  }

  public override func run() throws {
    try kernel?.run(group.elementOffset..<group.elementOffset + group.elementCount)
  }
}
