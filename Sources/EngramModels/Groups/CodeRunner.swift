internal import EngramExpressions
internal import EngramModel
public import EngramSimulation
internal import EngramUnits

/// Runs code for all elements of a group at every step of a clock (GRP-10, 11).
public final class CodeRunner: BrianObject {
  private let whole: Whole<Group>
  let code: ParsedCode
  /// What was asked for.
  let kind: Kind
  private var kernel: PreparedKernel?
  private var elements = 0..<0

  enum Kind: Equatable {
    case regularly
    case at([Time])
  }

  init(of group: Group, code: ParsedCode, kind: Kind, clock: BaseClock, when: Slot, order: Int, name: ObjectName) throws {
    whole = Whole(group)
    self.code = code
    self.kind = kind
    try super.init(clock: clock, when: when, order: order, name: name)
  }

  public override func beforeRun(_ context: RunContext) throws {
    let group = try whole.required(by: self)
    elements = group.elementOffset..<group.elementOffset + group.elementCount
    try group.linkingGroup?.checkLinkedWrites(code, by: "code '\(name)'")
    var request = CodeRequest(.statements(code.statements), owner: group, objectName: name, purpose: "code", clock: clock)
    request.source = code.source
    kernel = try context.kernel(for: request)
  }

  public override func run() throws {
    try kernel?.run(elements)
  }

  var describedCode: CodeDescription {
    var times: [Quantity]?
    var choice = ClockChoice.usual
    switch kind {
    case .at(let moments): times = moments.map(\.quantity)
    case .regularly:
      guard clock !== whole.ifThere?.clock else { break }
      let isOwn = clock.name.hasPrefix("\(name)_clock") || clock.name.contains("_run_regularly")
      choice = clock.stepSeconds.flatMap { isOwn ? .own(step: Quantity($0, .time)) : nil } ?? .named(clock.name)
    }
    return CodeDescription(
      ModelCode(code.source), name: name, part: (whole.ifThere as? Subgroup)?.reference, times: times,
      timing: TimingDescription(clock: choice, when: when, order: order, isActive: isActive))
  }
}
