public import EngramScalars

/// Turns differential equations into the code of one step (STU-14). Conform to it to bring your own integrator.
public protocol StateUpdateMethod: Sendable {
  /// What error messages call the method.
  var name: String { get }
  /// The option keys this method understands; others are refused (STU-3).
  var optionNames: [String] { get }
  /// The code that advances all differential variables of the equations by one step.
  ///
  /// - Throws: why the method does not suit the equations; a list of methods then goes on to the next.
  func update(for equations: Equations, context: IntegrationContext, options: MethodOptions) throws(UnsupportedEquationsError) -> StateUpdate
}

extension StateUpdateMethod {
  /// None.
  public var optionNames: [String] { [] }
}

/// Why a method does not integrate a set of equations.
public struct UnsupportedEquationsError: ExplainedError, Hashable, Sendable {
  /// What stands in the way, with the names that it is about.
  public enum Reason: Hashable, Sendable {
    /// A name that is no method.
    case unknownMethod(String, nearest: String?)
    /// An option that the method does not have.
    case unknownOption(String, valid: [String])
    /// A value that an option cannot have.
    case wrongOption(String, expected: String, found: String)
    /// The equations themselves are not valid yet.
    case invalidEquations(String)
    /// Noise, which the method does not integrate.
    case stochastic
    /// Noise with a factor that changes, for a method of additive noise.
    case multiplicativeNoise(variable: String, noise: String, because: String)
    /// A noise variable appears in several equations, or several in one.
    case notDiagonal(String)
    /// Noise in something else than a sum.
    case nonlinearNoise(variable: String, noise: String)
    /// An equation that is not linear.
    case nonlinear(variable: String, in: String, expression: String)
    /// A coefficient that may change within a step.
    case notConstant(variable: String, identifier: String, expression: String)
    /// A linear system in which something does not decay; solved when asked for by name.
    case singular
    /// A linear system that oscillates; solved when asked for by name.
    case oscillating
    /// `changing` are the names whose values may differ from step to step.
    case noClosedForm(variables: [String], changing: [String])
    /// For all elements, or for one of them.
    case notVerified(variables: [String], element: Int?)
    /// A coefficient that is no number for one of the elements.
    case notFinite(variables: [String], coefficient: String, element: Int)
    /// More coupled variables than a matrix exponential is computed for.
    case tooMany([String])
    /// The algebra gave up.
    case undecided(String)
    /// A function whose derivative is not known.
    case noDerivative(variable: String, by: String)
    /// Equations that depend on each other.
    case coupled(variable: String, with: String)
    /// An equation that gets too large.
    case tooLarge(variable: String)
    /// Event-driven equations need a closed-form solution (SYN-51).
    case eventDriven(String)
    /// Nothing in a list of methods fits; each with its own reason.
    case noneFits([UnsupportedEquationsError])
  }

  /// The method that refuses; of a list all of them.
  public var method: String
  /// Why it does.
  public var reason: Reason

  /// The refusal of a method of one's own.
  public init(method: String, _ reason: Reason) {
    self.method = method
    self.reason = reason
  }

  public var description: String {
    switch reason {
    case .noneFits, .unknownMethod, .eventDriven: explanation
    default: "method '\(method)' cannot integrate these equations: \(explanation)"
    }
  }

  /// The reason alone, as one clause.
  public var explanation: String {
    switch reason {
    case .unknownMethod(let name, let nearest):
      "there is no integration method '\(name)'" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
        + " (methods: \(Method.names.joined(separator: ", ")))"
    case .unknownOption(let key, let valid):
      "it has no option '\(key)'" + (valid.isEmpty ? " (it takes none)" : " (valid: \(valid.joined(separator: ", ")))")
    case .wrongOption(let key, let expected, let found): "its option '\(key)' must be \(expected), not \(found)"
    case .invalidEquations(let message): message
    case .stochastic: "they contain noise (xi), which this method does not support"
    case .multiplicativeNoise(let variable, let noise, let because):
      "in the equation of '\(variable)' the noise '\(noise)' is multiplied by a factor that depends on \(because) (multiplicative noise); use heun or milstein"
    case .notDiagonal(let detail): "\(detail); this method needs each noise variable in one equation and one noise variable per equation"
    case .nonlinearNoise(let variable, let noise): "the equation of '\(variable)' is not linear in the noise '\(noise)'"
    case .nonlinear(let variable, let other, let expression): "d\(variable)/dt = \(expression) is not linear in '\(other)'"
    case .notConstant(let variable, let identifier, let expression):
      "d\(variable)/dt = \(expression) depends on '\(identifier)', which may change during a step"
    case .singular:
      "the matrix of the linear system is singular (some combination of the variables does not decay); it is not chosen automatically, ask for it by name"
    case .oscillating:
      "the linear system oscillates or may oscillate (complex eigenvalues); it is not chosen automatically, ask for it by name"
    case .noClosedForm(let variables, let changing):
      "the coupled equations of \(Self.list(variables)) have no closed-form solution here, and \(Self.list(changing)) may change during a run"
        + (changing == ["t - lastupdate"] ? "" : "; parameters that do not change can be flagged (constant)")
    case .notVerified(let variables, let element):
      "the matrix exponential of the coupled equations of \(Self.list(variables)) did not pass its accuracy check"
        + (element.map { " for element \($0)" } ?? "")
    case .notFinite(let variables, let coefficient, let element):
      "in the coupled equations of \(Self.list(variables)) the coefficient '\(coefficient)' of element \(element) is not a finite number"
    case .tooMany(let variables): "\(variables.count) coupled equations are more than it solves in numbers (64)"
    case .undecided(let what): "\(what) is too long for the algebra that decides how it can be integrated"
    case .noDerivative(let variable, let other):
      "the derivative of the equation of '\(variable)' with respect to '\(other)' is not known, because a function of '\(other)' has none; "
        + "write the function as a formula"
    case .coupled(let variable, let other): "the equation of '\(variable)' depends on '\(other)'; this method integrates equations one by one"
    case .tooLarge(let variable): "the equation of '\(variable)' becomes too large when its subexpressions are inserted"
    case .eventDriven(let why): "event-driven equations must have an exact solution: \(why); use the flag (clock-driven) instead"
    case .noneFits(let errors):
      "no integration method fits these equations:" + errors.map { "\n  \($0.method): \($0.explanation)" }.joined()
    }
  }
}

extension UnsupportedEquationsError {
  static func list(_ names: [String]) -> String { names.map { "'\($0)'" }.joined(separator: ", ") }
}

/// Named values for a method, as in `method_options` (STU-3): `["simplify": false]`. Which there are is up to the method.
public struct MethodOptions: Sendable, Hashable, ExpressibleByDictionaryLiteral {
  /// The value of an option.
  public enum Value: Sendable, Hashable, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral {
    case boolean(Bool), integer(Int), real(Double), text(String)
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    public init(integerLiteral value: Int) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .real(value) }
    public init(stringLiteral value: String) { self = .text(value) }
  }

  /// The options by name.
  public var values: [String: Value]
  /// These options; by default none.
  public init(_ values: [String: Value] = [:]) { self.values = values }
  public init(dictionaryLiteral elements: (String, Value)...) { values = Dictionary(elements) { $1 } }

  /// - Throws: unless every key is among `valid`.
  package func check(_ method: some StateUpdateMethod) throws(UnsupportedEquationsError) {
    for key in values.keys.sorted() where !method.optionNames.contains(key) {
      throw UnsupportedEquationsError(method: method.name, .unknownOption(key, valid: method.optionNames))
    }
  }

  func boolean(_ key: String, default fallback: Bool, method: String) throws(UnsupportedEquationsError) -> Bool {
    switch values[key] {
    case nil: return fallback
    case .boolean(let value)?: return value
    case .integer(let value)?: throw UnsupportedEquationsError(method: method, .wrongOption(key, expected: "true or false", found: "\(value)"))
    case .real(let value)?: throw UnsupportedEquationsError(method: method, .wrongOption(key, expected: "true or false", found: "\(value)"))
    case .text(let value)?: throw UnsupportedEquationsError(method: method, .wrongOption(key, expected: "true or false", found: "'\(value)'"))
    }
  }
}
