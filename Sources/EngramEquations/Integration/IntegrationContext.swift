public import EngramExpressions
public import EngramUnits

/// What a caller knows about an identifier of the equations: a variable of the group, or an external constant.
public struct IdentifierFacts: Sendable, Hashable {
  /// The dimension of the value.
  public var dimension: Dimension
  /// The value, when it is a number that cannot change during the run and is the same for all elements.
  public var value: Double?
  /// Whether the value stays the same from the start of a step to its end. False for `t`; true for parameters.
  public var isConstantOverStep: Bool
  /// Whether the value of each element stays the same for a whole run, as that of a parameter flagged `constant` does.
  public var isConstantOverRun: Bool
  /// One value for the whole group.
  public var isScalar: Bool
  /// Number, integer or truth value.
  public var type: ValueType

  /// What is known about a name.
  ///
  /// - Parameters:
  ///   - dimension: the dimension of the value.
  ///   - value: the SI value where it is known, and the same for all elements and the whole run.
  ///   - isConstantOverStep: whether it stays the same within a step.
  ///   - isConstantOverRun: whether each element's stays the same for a run, if there is no `value`.
  ///   - isScalar: whether all elements share it.
  ///   - type: number, integer or truth value.
  public init(
    dimension: Dimension, value: Double? = nil, isConstantOverStep: Bool = true, isConstantOverRun: Bool = false, isScalar: Bool = false,
    type: ValueType = .float
  ) {
    self.dimension = dimension
    self.value = value
    self.isConstantOverStep = isConstantOverStep
    self.isConstantOverRun = isConstantOverRun || value != nil
    self.isScalar = isScalar
    self.type = type
  }
}

/// What a caller knows about a function.
public struct FunctionFacts: Sendable, Hashable {
  /// False for random draws: every call gives another value.
  public var isStateless: Bool
  /// Whether `f(t)` keeps its value from the start of a step to its end, as a timed array on the group's grid does (FUN-6, INP-30).
  public var isLocallyConstant: Bool

  /// What is known about a function; by default that it is one of its arguments alone.
  public init(isStateless: Bool = true, isLocallyConstant: Bool = false) {
    self.isStateless = isStateless
    self.isLocallyConstant = isLocallyConstant
  }
}

/// What the integrators may know about the world around a set of equations. A value: nothing here reads arrays.
public struct IntegrationContext: Sendable {
  /// Everything that is not defined by the equations themselves. Nil for a name nobody knows.
  public var identifiers: @Sendable (String) -> IdentifierFacts?
  /// Nil for a name nobody knows: taken as stateless and not locally constant.
  public var functions: @Sendable (String) -> FunctionFacts?
  /// The step length, where it is known at preparation. Nil for event-driven equations, whose step varies.
  public var stepSeconds: Double?
  /// Evaluates a default function with the arithmetic that also runs the model (no libm), for coefficients that are
  /// known at preparation. Nil when the function or the value is out of its reach.
  public var evaluate: @Sendable (_ function: String, _ arguments: [Double]) -> Double?
  /// Whether the group has refractoriness, so that `unless refractory` has a meaning.
  public var hasRefractoriness: Bool
  /// The name of the owner, for messages.
  public var ownerName: String

  /// What integrators may know; what is left out is unknown.
  public init(
    ownerName: String, stepSeconds: Double?, hasRefractoriness: Bool = false,
    identifiers: @escaping @Sendable (String) -> IdentifierFacts?,
    functions: @escaping @Sendable (String) -> FunctionFacts? = { _ in nil },
    evaluate: @escaping @Sendable (_ function: String, _ arguments: [Double]) -> Double? = { _, _ in nil }
  ) {
    self.ownerName = ownerName
    self.stepSeconds = stepSeconds
    self.hasRefractoriness = hasRefractoriness
    self.identifiers = identifiers
    self.functions = functions
    self.evaluate = evaluate
  }
}
