internal import EngramExpressions
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

  var described: DescriptionValue {
    var fields = [DescriptionField("code", .text(code.text)), DescriptionField("name", .text(name))]
    if let part = whole.ifThere as? Subgroup { fields.append(DescriptionField("of", .reference(part.referenceText))) }
    switch kind {
    case .at(let times): fields.append(DescriptionField("times", .list(times.map { .quantity($0.quantity) })))
    case .regularly:
      if clock !== whole.ifThere?.clock {
        let isOwn = clock.name.hasPrefix("\(name)_clock") || clock.name.contains("_run_regularly")
        if isOwn, let step = clock.stepSeconds {
          fields.append(DescriptionField("dt", .quantity(Quantity(step, .time))))
        } else {
          fields.append(DescriptionField("clock", .reference(clock.name)))
        }
      }
    }
    if when != .start { fields.append(DescriptionField("when", .text(when.rawValue))) }
    if order != 0 { fields.append(DescriptionField("order", .integer(Int64(order)))) }
    if !isActive { fields.append(DescriptionField("active", .boolean(false))) }
    return .mapping(fields)
  }
}
