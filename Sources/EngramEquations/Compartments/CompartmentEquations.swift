internal import EngramExpressions
internal import EngramUnits

/// The equations of the compartments of a neuron with a shape: those of a user, and what every compartment has beside them (SPA-2).
///
/// A user gives the current through the membrane per area, `Im`, and currents at a place, flagged `point current`, which are added to it divided by the
/// area of their compartment. What is written here of `Im` is `I0 - gtot·v` around the present potential, so that the potential can be advanced
/// implicitly (`LinearizedCurrent`).
public struct CompartmentEquations: Sendable, Hashable {
  /// All variables of the compartments, checked.
  public let checked: CheckedEquations

  /// What compartments have whether a user says so or not; another variable cannot have these names, nor those of places where there are some.
  public static let reserved: Set<String> = Set(own.map(\.name)).union(["v", currentName, conductanceName, restName, parentName])
  /// Which compartment is in front of each; -1 for the first.
  public static let parentName = "parent"
  /// The current through the membrane, per area.
  public static let currentName = "Im"
  /// What `Im` loses for each volt that `v` rises, per area.
  public static let conductanceName = "gtot__private"
  /// What is left of `Im` at `v = 0`, per area.
  public static let restName = "I0__private"
  /// Stored variables that hold the shape, and what the cable needs.
  public static let geometry = ["area", "length", "distance", "diameter", "volume", "r_length_1", "r_length_2"]
  /// Where the middle of a compartment is.
  public static let placeNames = ["x", "y", "z"]

  /// - Parameters:
  ///   - equations: those of the user.
  ///   - hasPlaces: whether the shape has coordinates.
  /// - Throws: everything that is wrong, together.
  package init(_ equations: Equations, hasPlaces: Bool) throws(EquationError) {
    try equations.valid()
    var problems: [Problem] = []
    let user = equations.all
    let reserved = hasPlaces ? Self.reserved.union(Self.placeNames) : Self.reserved
    for equation in user where reserved.contains(equation.name) && equation.name != Self.currentName && !Self.isResistivity(equation) {
      problems.append(.name(equation.name, at: equation.nameSpan, "every compartment has a variable of that name"))
    }
    for equation in user where equation.flags.contains(.pointCurrent) && equation.dimension != .current {
      problems.append(.pointCurrentUnit(equation))
    }
    guard let membrane = equations[Self.currentName] else {
      problems.append(.noMembraneCurrent(at: SourceSpan(0, 0)))
      throw EquationError(problems, in: equations.source) ?? EquationError(Problems(problems, in: equations.source))
    }
    if membrane.kind != .subexpression || membrane.dimension != .current / .area || !membrane.flags.isEmpty { problems.append(.wrongMembraneCurrent(membrane)) }
    if let error = EquationError(problems, in: equations.source) { throw error }

    let current = user.filter { $0.flags.contains(.pointCurrent) }.reduce(membrane.expression ?? .zero) { $0 + .name($1.name) / .name("area") }
    var all = user.map { $0.name == Self.currentName ? $0.replacingExpression(with: current) : $0 }
    all.append(SingleEquation(kind: .parameter, name: "v", dimension: .voltage))
    let resistivityIsGiven = equations["Ri"] != nil
    all += Self.own.filter { !(resistivityIsGiven && $0.name == "Ri") }
    if hasPlaces { all += Self.places }
    // Of the current with all that it is made of.
    let (ordered, waiting) = EquationReader.inOrder(all)
    if let first = waiting.first {
      throw EquationError(Problems([EquationReader.cycle(among: waiting, from: first)], in: equations.source))
    }
    let whole = Equations(source: equations.source, equations: ordered)
    guard let substituted = whole.substitutedRightSide(of: Self.currentName) else {
      throw EquationError(Problems([.tooDeep(Self.currentName, at: membrane.nameSpan)], in: equations.source))
    }
    guard let linear = LinearizedCurrent(substituted) else {
      throw EquationError(Problems([.noDerivative(membrane)], in: equations.source))
    }
    let perArea = (conductance: Dimension.conductance / .area, current: Dimension.current / .area)
    all.append(
      SingleEquation(
        kind: .subexpression, name: Self.conductanceName, dimension: perArea.conductance, expression: linear.conductance.nonZero("siemens/metre**2")))
    all.append(SingleEquation(kind: .subexpression, name: Self.restName, dimension: perArea.current, expression: linear.rest.nonZero("amp/metre**2")))
    checked = try CheckedEquations(
      Equations(source: equations.source, equations: EquationReader.inOrder(all).ordered), context: .compartments)
  }

  /// `Ri` may be declared as a parameter, to have a value for each compartment.
  private static func isResistivity(_ equation: SingleEquation) -> Bool {
    equation.name == "Ri" && equation.kind == .parameter && equation.dimension == .resistance * .length && equation.flags == [.constant]
  }

  private static let own = parsed(
    """
    time_constant = Cm/gtot__private : second
    space_constant = (2/pi)**(1.0/3.0)*(area/(1/r_length_1 + 1/r_length_2))**(1.0/6.0)/(2*(Ri*gtot__private)**(1.0/2.0)) : metre
    length : metre (constant)
    distance : metre (constant)
    area : metre**2 (constant)
    volume : metre**3
    Ic : amp/metre**2
    diameter : metre (constant)
    Cm : farad/metre**2 (constant)
    Ri : ohm*metre (constant, shared)
    r_length_1 : metre (constant)
    r_length_2 : metre (constant)
    """)
  private static let places = parsed("x : metre (constant)\ny : metre (constant)\nz : metre (constant)")

  /// Equations that stand in no text of a user.
  private static func parsed(_ text: String) -> [SingleEquation] {
    let equations = Equations(reading: SourceText(text))
    precondition(equations.problem == nil, "the equations of compartments can be read")
    return equations.all.map { equation in
      SingleEquation(
        kind: equation.kind, name: equation.name, dimension: equation.dimension, expression: equation.expression?.withoutPlaces, flags: equation.flags)
    }
  }
}

extension SingleEquation {
  /// One that stands in no text.
  init(kind: EquationKind, name: String, dimension: Dimension, expression: Expression? = nil, flags: Set<EquationFlag> = []) {
    self.init(
      kind: kind, name: name, dimension: dimension, type: .float, expression: expression, flags: flags, nameSpan: .none, flagSpans: [:], span: .none)
  }

  func replacingExpression(with expression: Expression) -> SingleEquation {
    SingleEquation(
      kind: kind, name: name, dimension: dimension, type: type, expression: expression, flags: flags, nameSpan: nameSpan, flagSpans: flagSpans, span: span)
  }
}

extension Expression {
  /// The same as if it stood in no text.
  var withoutPlaces: Expression {
    switch node {
    case .unary(let op, let operand): Expression(.unary(op, operand.withoutPlaces))
    case .binary(let op, let left, let right): Expression(.binary(op, left.withoutPlaces, right.withoutPlaces))
    case .call(let function, let arguments): Expression(.call(function, arguments.map(\.withoutPlaces)))
    case .name, .float, .integer, .boolean: Expression(node)
    }
  }

  /// A zero with a unit, since a bare one has none.
  fileprivate func nonZero(_ unit: String) -> Expression {
    guard isZero, let unit = try? ExpressionParser.parse(unit) else { return self }
    return Expression(.binary(.multiply, .zero, unit.withoutPlaces))
  }
}

extension Problem {
  static func noMembraneCurrent(at span: SourceSpan) -> Problem {
    Problem(
      .syntax, "the current through the membrane, 'Im', is not defined", at: span, expected: ["Im = expression : amp/metre**2"],
      hint: "for a passive membrane: Im = gL*(EL - v) : amp/metre**2", name: CompartmentEquations.currentName)
  }

  static func wrongMembraneCurrent(_ equation: SingleEquation) -> Problem {
    Problem(
      .dimensions, "'Im' is the current through the membrane per area, a subexpression without flags", at: equation.nameSpan,
      expected: ["Im = expression : amp/metre**2"], found: "\(equation)", name: equation.name)
  }

  static func pointCurrentUnit(_ equation: SingleEquation) -> Problem {
    Problem(
      .dimensions, "a point current is in amp, as it is the whole current at its place", at: equation.nameSpan, expected: ["amp"],
      found: equation.dimension.readableUnit, name: equation.name)
  }

  static func noDerivative(_ equation: SingleEquation) -> Problem {
    Problem(
      .type, "the derivative of 'Im' with respect to v is not known, which advancing v implicitly needs", at: equation.nameSpan,
      hint: "functions of v whose derivative is not known belong into variables with differential equations, or into a subexpression (constant over dt)",
      name: equation.name)
  }
}
