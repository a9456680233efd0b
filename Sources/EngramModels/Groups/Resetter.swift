internal import EngramExpressions
public import EngramSimulation

/// Runs code for the elements with an event in the current step (GRP-8, EVT-3).
public final class Resetter: BrianObject {
  /// The event whose elements the code runs for.
  public let event: EventName
  private let whole: Whole<Group>
  let code: ParsedCode
  private let list: EventList
  private var kernel: PreparedKernel?

  init(of group: Group, event: EventName, code: ParsedCode, list: EventList, when: Slot, order: Int, name: String) throws {
    self.event = event
    whole = Whole(group)
    self.code = code
    self.list = list
    try super.init(clock: group.clock, when: when, order: order, name: ObjectName(validating: name))
  }

  public override func beforeRun(_ context: RunContext) throws {
    let group = try whole.required(by: self)
    try group.linkingGroup?.checkLinkedWrites(code, by: "the code that runs on '\(event)'")
    var request = CodeRequest(
      .statements(code.statements), owner: group, objectName: name, purpose: "reset", context: .someElements, clock: clock,
      // The reset itself may write what refractoriness protects from everybody else (REF-6), and so may code that runs on
      // other events, as in the reference.
      respectsConditionalWrite: false)
    request.source = code.source
    kernel = try context.kernel(for: request)
  }

  public override func run() throws {
    if list.count > 0 { try kernel?.run(indices: list.elements) }
  }
}
