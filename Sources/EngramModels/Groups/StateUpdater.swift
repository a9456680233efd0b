public import EngramEquations
internal import EngramExpressions
public import EngramSimulation
internal import EngramUnits

/// Advances the differential equations of a group by one step (STU).
public final class StateUpdater: BrianObject {
  private let whole: Whole<Group>
  /// The equations that it advances.
  public let equations: CheckedEquations
  /// The method asked for; ``update`` has the one chosen.
  public let method: MethodChoice
  private let options: MethodOptions
  private let refractory: Refractoriness
  /// What the integrator made of the equations for the present run.
  public private(set) var update: StateUpdate?
  private var announced: Set<String> = []
  private var matrices = MatrixColumns()
  /// What the kernel reads beside the variables of the group: kept alive as long as the kernel.
  private var additional: [String: Variables.Entry] = [:]
  private(set) var kernel: PreparedKernel?
  /// The same and the search for events behind it, in one pass, and where the events go.
  private var joined: (kernel: PreparedKernel, list: EventList)?
  private var elements = 0..<0

  init(
    of group: Group, equations: CheckedEquations, method: MethodChoice, options: MethodOptions, refractory: Refractoriness, order: Int
  ) throws {
    whole = Whole(group)
    self.equations = equations
    self.method = method
    self.options = options
    self.refractory = refractory
    try super.init(clock: group.clock, when: .groups, order: order, name: ObjectName(validating: "\(group.name)_stateupdater"))
  }

  public override func beforeRun(_ context: RunContext) throws {
    let group = try whole.required(by: self)
    let world = ModelWorld(of: group, equations: equations.equations, context: context)
    try world.checkEquations()
    var columns: [String: Variables.Entry] = [:]
    let made = try equations.stateUpdate(
      method, context: world.integrationContext(hasRefractoriness: refractory != .none), options: options
    ) { (update: StateUpdate) throws(UnsupportedEquationsError) in
      columns = try matrices.columns(for: update.matrices, of: group, namespace: context.namespace, isRehearsal: context.isRehearsal)
    }
    if !context.isRehearsal { announce(made) }
    update = made
    joined = nil
    elements = group.elementOffset..<group.elementOffset + group.elementCount
    additional = columns
    let refractoryUpdate = try refractoryStatement(world, &additional)
    let statements = (refractoryUpdate.map { [$0] } ?? []) + made.statements
    if statements.isEmpty {
      kernel = nil
      return
    }
    var request = CodeRequest(
      .statements(statements), owner: group, objectName: name, purpose: "stateupdate", clock: clock,
      userWritten: equations.equations.identifiers.union(refractoryIdentifiers), additional: additional,
      writableReadOnly: ["not_refractory"], respectsConditionalWrite: false)
    request.codeText = equations.equations.source.text
    kernel = try context.kernel(for: request)
  }

  /// From now on, for this run, finds events, too: `kernel` updates the state and selects.
  func join(_ kernel: PreparedKernel, into list: EventList) { joined = (kernel, list) }
  var isJoined: Bool { joined != nil }

  public override func run() throws {
    if let joined {
      joined.list.count = try joined.kernel.select(elements, into: joined.list.base)
    } else {
      try kernel?.run(elements)
    }
  }

  /// Which method was chosen and why (STU-2): once, and again only when that changes.
  private func announce(_ update: StateUpdate) {
    for (level, text) in [(MessageLevel.info, update.message), (.warning, update.warning ?? "")] where !text.isEmpty && !announced.contains(text) {
      environment.messages.emit(level, "stateupdater.method_choice", text)
    }
    announced = [update.message, update.warning ?? ""]
  }

  private var refractoryIdentifiers: Set<String> {
    if case .expression(let text) = refractory { return (try? text.parsed().identifiers) ?? [] }
    return []
  }

  private func refractoryStatement(_ world: ModelWorld, _ additional: inout [String: Variables.Entry]) throws -> Statement? {
    let isLegacy = environment.preferences[.refractoryTiming]
    switch refractory {
    case .none: return nil
    case .duration(let quantity):
      let constant = try Constant("_refractory", .float(quantity.si), dimension: .time, owner: nil)
      additional["_refractory"] = Variables.Entry(constant, access: .scalar)
      return Refractoriness.update(duration: .name("_refractory"), condition: nil, isLegacy: isLegacy)
    case .expression(let text):
      let expression = try text.parsed()
      let type = try world.type(of: expression, in: text.source)
      if type.type == .boolean { return Refractoriness.update(duration: nil, condition: expression, isLegacy: isLegacy) }
      guard type.dimension == .time else {
        throw GroupError.refractory(group: whole.name, text: text.text, found: "an expression in \(type.dimension)")
      }
      return Refractoriness.update(duration: expression, condition: nil, isLegacy: isLegacy)
    }
  }
}
