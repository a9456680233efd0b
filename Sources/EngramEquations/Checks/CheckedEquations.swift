internal import EngramExpressions

/// Equations that obey every rule that can be checked without knowing values and units: what a group is built from.
public struct CheckedEquations: Sendable, Hashable {
  /// The equations.
  public let equations: Equations
  /// What they are for, which decides which flags and names are allowed.
  public let context: EquationContext

  /// - Parameter isStateful: whether a function gives another value at each call; the default functions are known.
  /// - Throws: everything that is wrong, together.
  package init(_ equations: Equations, context: EquationContext, isStateful: (String) -> Bool = { _ in false }) throws(EquationError) {
    try equations.valid()
    var problems: [Problem] = []
    for equation in equations.all {
      EquationNames.check(equation, context: context, into: &problems)
      let allowed = context.allowedFlags(for: equation.kind)
      for flag in EquationFlag.allCases where equation.flags.contains(flag) && !allowed.contains(flag) {
        problems.append(.flagNotAllowed(flag, equation, context: context, at: equation.flagSpans[flag] ?? equation.nameSpan))
      }
    }
    Self.checkShared(equations, &problems)
    Self.checkStateful(equations, isStateful: isStateful, &problems)
    if context == .synapses { Self.checkEventDriven(equations, &problems) }
    if let error = EquationError(problems, in: equations.source) { throw error }
    self.equations = equations
    self.context = context
  }

  /// EQN-9.
  private static func checkShared(_ equations: Equations, _ problems: inout [Problem]) {
    let perElement: Set<String> = ["i", "j", "not_refractory", "lastspike", "lastupdate", "N_incoming", "N_outgoing"]
    for equation in equations.all where equation.kind == .subexpression && equation.isShared {
      for name in equation.expression?.variableNames ?? [] {
        // A linked variable may lead to a single value; that is known when it is linked.
        let isPerElement = equations[name].map { !$0.isShared && !$0.flags.contains(.linked) } ?? perElement.contains(name)
        if isPerElement { problems.append(.sharedUses(equation.name, other: name, at: equation.expression?.place(of: name) ?? equation.nameSpan)) }
      }
    }
  }

  /// EQN-19.
  private static func checkStateful(_ equations: Equations, isStateful: (String) -> Bool, _ problems: inout [Problem]) {
    for equation in equations.all where equation.kind == .subexpression && !equation.flags.contains(.constantOverStep) {
      equation.expression?.forEach { part in
        guard case .call(let function, _) = part.node else { return }
        if DefaultFunctions.statefulNames.contains(function) || isStateful(function) {
          problems.append(.statefulSubexpression(equation.name, function: function, at: part.span))
        }
      }
    }
  }

  /// SYN-52.
  private static func checkEventDriven(_ equations: Equations, _ problems: inout [Problem]) {
    let summed = Set(equations.all.filter { $0.flags.contains(.summed) }.map(\.name))
    for equation in equations.all {
      guard let kind = updating(equation) else { continue }
      for dependency in equations.dependencies(of: equation.name) {
        guard dependency.name != equation.name else { continue }
        // The sum is known under the name of its target, too: `x_post` and `x`.
        let isSum = summed.contains(dependency.name) || equations[dependency.name] == nil && summed.contains(dependency.name + "_post")
        let other: Updating? = isSum ? .summed : equations[dependency.name].flatMap(updating)
        guard let other, (other == .eventDriven) != (kind == .eventDriven) else { continue }
        let place = equation.expression?.place(of: dependency.path[1]) ?? equation.nameSpan
        problems.append(
          .eventDrivenDependence(
            equation.name, dependency.name, kind: kind, otherKind: other, path: dependency.path, at: place))
      }
    }
  }

  /// When a synaptic variable changes by itself: what changes at every step must not read what is up to date only at spikes.
  enum Updating: String {
    case eventDriven = "event-driven", clockDriven = "clock-driven", summed, constantOverStep = "constant over dt"
  }

  private static func updating(_ equation: SingleEquation) -> Updating? {
    if equation.flags.contains(.summed) { return .summed }
    if equation.flags.contains(.constantOverStep) { return .constantOverStep }
    guard equation.kind == .differential else { return nil }
    return equation.flags.contains(.eventDriven) ? .eventDriven : .clockDriven
  }

  // MARK: Event-driven and clock-driven (SYN-50)

  /// Variables that are brought up to date only when an event arrives.
  public var eventDrivenNames: [String] {
    equations.all.filter { $0.kind == .differential && $0.flags.contains(.eventDriven) }.map(\.name)
  }
  /// Variables that are integrated in every step.
  public var clockDrivenNames: [String] {
    equations.all.filter { $0.kind == .differential && !$0.flags.contains(.eventDriven) }.map(\.name)
  }

  /// Differential equations of synapses that say neither: integrated every step, which deserves a message (SYN-50).
  public func unflaggedMessage(owner: String) -> String? {
    guard context == .synapses else { return nil }
    let names = equations.all.filter { $0.kind == .differential && $0.flags.isDisjoint(with: [.eventDriven, .clockDriven]) }.map { "'\($0.name)'" }
    if names.isEmpty { return nil }
    return "the differential equation\(names.count == 1 ? "" : "s") of \(names.joined(separator: ", ")) in '\(owner)' "
      + "\(names.count == 1 ? "is" : "are") integrated every step for every synapse; the flag (clock-driven) says that this is meant, "
      + "(event-driven) updates only when spikes arrive"
  }

  /// `unless refractory` without refractoriness has no effect, which deserves a warning (GRP-6).
  public var refractoryFlagNames: [String] { equations.all.filter { $0.flags.contains(.unlessRefractory) }.map(\.name) }

  // MARK: Code

  /// The code that advances the clock-driven variables by one step.
  public func stateUpdate(
    _ choice: MethodChoice, context: IntegrationContext, options: MethodOptions = [:], accepting: MethodChoice.Acceptance = { _ in }
  ) throws(UnsupportedEquationsError) -> StateUpdate {
    var choice = choice
    // What a channel does in a step is not small, and euler would amplify it (STU-2).
    if case .automatic = choice, self.context == .compartments { choice = .firstOf(MethodChoice.compartmentList) }
    return try choice.update(for: clockDriven, context: context, options: options, accepting: accepting)
  }

  /// The code that brings the event-driven variables up to the present, to run before a pathway's own code; `lastupdate = t`
  /// belongs behind that (SYN-50). Without event-driven equations there are no statements.
  public func eventDrivenUpdate(context: IntegrationContext) throws(UnsupportedEquationsError) -> StateUpdate {
    do throws(UnsupportedEquationsError) {
      return try ExactIntegrator().eventDrivenUpdate(for: equations, names: Set(eventDrivenNames), context: context)
    } catch {
      throw UnsupportedEquationsError(method: error.method, .eventDriven(error.explanation))
    }
  }

  /// The equations as integrators of whole steps see them: event-driven variables keep their values.
  private var clockDriven: Equations {
    if eventDrivenNames.isEmpty { return equations }
    return equations.declaringParameters(eventDrivenNames)
  }
}

extension Equations {
  /// The same equations in which some differential variables are only stored.
  func declaringParameters(_ names: [String]) -> Equations {
    Equations(
      source: source,
      equations: all.map { equation in
        guard names.contains(equation.name) else { return equation }
        return SingleEquation(
          kind: .parameter, name: equation.name, dimension: equation.dimension, type: equation.type, expression: nil, flags: [],
          nameSpan: equation.nameSpan, flagSpans: [:], span: equation.span)
      })
  }
}
