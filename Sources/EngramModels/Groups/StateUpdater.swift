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
  /// Steps whose length is chosen, and what comes before them.
  private var adaptive: AdaptiveSteps?
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
    adaptive = nil
    elements = group.elementOffset..<group.elementOffset + group.elementCount
    additional = columns
    let refractoryUpdate = try refractoryStatement(world, &additional).map { [$0] } ?? []
    if let plan = made.adaptive {
      try prepare(plan, before: refractoryUpdate, trial: made.statements, of: group, context)
      return
    }
    let statements = refractoryUpdate + made.statements
    kernel = try statements.isEmpty ? nil : context.kernel(for: request(statements, of: group, purpose: "stateupdate"))
  }

  private func request(_ statements: [Statement], of group: Group, purpose: String) -> CodeRequest {
    var request = CodeRequest(
      .statements(statements), owner: group, objectName: name, purpose: purpose, clock: clock,
      userWritten: equations.equations.identifiers.union(refractoryIdentifiers), additional: additional,
      writableReadOnly: ["not_refractory"], respectsConditionalWrite: false)
    request.codeText = equations.equations.source.text
    return request
  }

  /// Steps whose length is chosen: what is tried, what is taken over from a trial, and `before` once in each step of the clock.
  private func prepare(_ plan: AdaptiveStep, before: [Statement], trial: [Statement], of group: Group, _ context: RunContext) throws {
    let columns = try AdaptiveSteps.columns(for: plan, of: group)
    additional.merge(columns) { $1 }
    let acceptance = plan.variables.map { Statement($0, .assign, Expression(.name(AdaptiveStep.newValue($0)))) }
    let kernels = (
      trial: try context.kernel(for: request(trial, of: group, purpose: "trial")),
      acceptance: try context.kernel(for: request(acceptance, of: group, purpose: "acceptance"))
    )
    for kernel in [kernels.trial, kernels.acceptance] { kernel.isRepeatedLocally = true }
    adaptive = AdaptiveSteps(
      plan, trial: kernels.trial, acceptance: kernels.acceptance, columns: columns, elements: elements, owner: group.name)
    kernel = try before.isEmpty ? nil : context.kernel(for: request(before, of: group, purpose: "stateupdate"))
  }

  /// Whether a search for events may run in one pass with the update.
  var canBeJoined: Bool { adaptive == nil }

  /// From now on, for this run, finds events, too: `kernel` updates the state and selects.
  func join(_ kernel: PreparedKernel, into list: EventList) { joined = (kernel, list) }
  var isJoined: Bool { joined != nil }

  public override func run() throws {
    if let joined {
      joined.list.count = try joined.kernel.select(elements, into: joined.list.base)
    } else {
      try kernel?.run(elements)
      try adaptive?.run(stepSeconds: clock.stepSeconds ?? 0)
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
