internal import EngramExpressions

/// How much noise a scheme can integrate.
public enum NoiseSupport: String, Sendable, Hashable, Codable {
  /// No noise.
  case none
  /// Noise whose factor does not change within a step.
  case additive
  /// Noise with any factor.
  case multiplicative
}

/// An explicit scheme written down once for a single equation `dx/dt = f(x, t) + g(x, t)·dW/dt`, and applied to any system.
///
/// Each line holds for every variable of the system at once: `x` is the variable, `f` and `g` its right-hand side, and a
/// name defined by an earlier line is that line's value for the same variable. Noise: a term with `dW` is summed over the
/// noise variables of the equation.
struct ExplicitScheme: Sendable, Hashable {
  struct Line: Sendable, Hashable {
    var name: String
    var value: Expression
  }
  var intermediate: [Line]
  var output: Expression
  var noise: NoiseSupport
  var needsDiagonalNoise = false

  func statements(for original: DifferentialSystem, method: String, context: IntegrationContext) throws(UnsupportedEquationsError) -> StateUpdate {
    if original.isStochastic {
      if noise == .none { throw UnsupportedEquationsError(method: method, .stochastic) }
      if noise == .additive, let found = original.multiplicativeNoise(context: context) {
        throw UnsupportedEquationsError(method: method, .multiplicativeNoise(variable: found.variable, noise: found.noise, because: found.because))
      }
      if needsDiagonalNoise, let violation = original.diagonalViolation {
        throw UnsupportedEquationsError(method: method, .notDiagonal(violation))
      }
    }
    let system = original.pausedWhenRefractory()
    var application = SchemeApplication(system: system, method: method)
    for line in intermediate { try application.add(line) }
    let newValues = try application.lineValues(of: output, isOutput: true)
    let live = application.liveStatements(for: newValues)
    return StateUpdate(
      statements: system.draws + system.noiseStatements + live + system.writing(newValues),
      noise: system.noise.map(DifferentialSystem.increment), methodName: method)
  }
}

/// A scheme on its way through a system, line by line.
private struct SchemeApplication {
  let system: DifferentialSystem
  let method: String
  /// What a name of the scheme stands for, per variable; for a line that holds per noise variable, by noise name.
  private var values: [String: [Value]] = [:]
  private var statements: [Statement] = []

  private enum Value {
    case plain(Expression)
    case perNoise([String: Expression])
  }

  init(system: DifferentialSystem, method: String) {
    self.system = system
    self.method = method
  }

  mutating func add(_ line: ExplicitScheme.Line) throws(UnsupportedEquationsError) {
    var own: [Value] = []
    for index in system.variables.indices {
      let variable = system.variables[index]
      switch try value(of: line.value, for: index) {
      case .plain(let expression): own.append(.plain(bound(expression, to: "_\(line.name)_\(variable)")))
      case .perNoise(let parts):
        var bindings: [String: Expression] = [:]
        for noise in parts.keys.sorted() {
          if let part = parts[noise] { bindings[noise] = bound(part, to: "_\(line.name)_\(variable)_\(noise)") }
        }
        own.append(.perNoise(bindings))
      }
    }
    values[line.name] = own
  }

  func lineValues(of expression: Expression, isOutput: Bool) throws(UnsupportedEquationsError) -> [Expression] {
    var result: [Expression] = []
    for index in system.variables.indices {
      guard case .plain(let expression) = try value(of: expression, for: index) else {
        throw UnsupportedEquationsError(method: method, .notDiagonal(system.diagonalViolation ?? "several noise variables"))
      }
      result.append(expression)
    }
    return result
  }

  /// Only what the new values depend on.
  func liveStatements(for newValues: [Expression]) -> [Statement] {
    var needed = Set(newValues.flatMap(\.variableNames))
    var live: [Statement] = []
    for statement in statements.reversed() where needed.contains(statement.target) {
      live.append(statement)
      needed.formUnion(statement.value.variableNames)
    }
    return live.reversed()
  }

  private mutating func bound(_ expression: Expression, to name: String) -> Expression {
    if expression.literal != nil { return expression }
    if case .name = expression.node { return expression }
    statements.append(Statement(name, .assign, expression))
    return .name(name)
  }

  private func value(of expression: Expression, for index: Int) throws(UnsupportedEquationsError) -> Value {
    if system.isDiagonal { return .plain(try evaluate(expression, for: index, noise: system.diffusion[index].keys.first)) }
    let (plain, noisy) = split(expression, for: index)
    if noisy.isZero { return .plain(try evaluate(plain, for: index, noise: nil)) }
    let names = system.diffusion[index].keys.sorted()
    if noisy.mentions("dW") {
      var terms = [try evaluate(plain, for: index, noise: nil)]
      for name in names { terms.append(try evaluate(noisy, for: index, noise: name)) }
      return .plain(.sum(terms))
    }
    var parts: [String: Expression] = [:]
    for name in names { parts[name] = try evaluate(plain + noisy, for: index, noise: name) }
    return .perNoise(parts)
  }

  /// Inserts the equations of variable `index` and one of its noise variables into a line.
  private func evaluate(_ expression: Expression, for index: Int, noise: String?) throws(UnsupportedEquationsError) -> Expression {
    switch expression.node {
    case .float, .integer, .boolean: return expression
    case .name("x"): return .name(system.variables[index])
    case .name("dW"): return noise.map { .name(DifferentialSystem.increment(of: $0)) } ?? .zero
    case .name(let name):
      switch values[name]?[index] {
      case nil: return expression
      case .plain(let value)?: return value
      case .perNoise(let parts)?:
        guard let noise else { throw UnsupportedEquationsError(method: method, .notDiagonal(system.diagonalViolation ?? "several noise variables")) }
        return parts[noise] ?? .zero
      }
    case .call("f", let arguments) where arguments.count == 2:
      return try rightSide(system.drift[index], at: arguments, noise: nil)
    case .call("g", let arguments) where arguments.count == 2:
      guard let noise, let factor = system.diffusion[index][noise] else { return .zero }
      return try rightSide(factor, at: arguments, noise: noise)
    case .call(let function, let arguments):
      var inserted: [Expression] = []
      for argument in arguments { inserted.append(try evaluate(argument, for: index, noise: noise)) }
      return Expression(.call(function, inserted))
    case .unary(let op, let operand):
      let operand = try evaluate(operand, for: index, noise: noise)
      return op == .minus ? -operand : Expression(.unary(op, operand))
    case .binary(let op, let left, let right):
      let left = try evaluate(left, for: index, noise: noise)
      let right = try evaluate(right, for: index, noise: noise)
      switch op {
      case .add: return left + right
      case .subtract: return left - right
      case .multiply: return left * right
      case .divide: return left / right
      default: return Expression(.binary(op, left, right))
      }
    }
  }

  /// `f` or `g` with every variable replaced by the first argument's value for it, and `t` by the second.
  private func rightSide(_ expression: Expression, at arguments: [Expression], noise: String?) throws(UnsupportedEquationsError) -> Expression {
    var replacements: [String: Expression] = [:]
    for (index, variable) in system.variables.enumerated() where expression.mentions(variable) {
      let own = system.isDiagonal ? system.diffusion[index].keys.first : noise
      replacements[variable] = try evaluate(arguments[0], for: index, noise: own)
    }
    if expression.mentions("t") { replacements["t"] = arguments[1] }
    return expression.replacingNames(replacements)
  }

  /// The part of a line without noise and the part that has a noise factor in every term.
  private func split(_ expression: Expression, for index: Int) -> (plain: Expression, noisy: Expression) {
    guard isNoisy(expression, for: index) else { return (expression, .zero) }
    switch expression.node {
    case .binary(.add, let left, let right):
      let (left, right) = (split(left, for: index), split(right, for: index))
      return (left.plain + right.plain, left.noisy + right.noisy)
    case .binary(.subtract, let left, let right):
      let (left, right) = (split(left, for: index), split(right, for: index))
      return (left.plain - right.plain, left.noisy - right.noisy)
    case .binary(.multiply, let left, let right):
      let (left, right) = (split(left, for: index), split(right, for: index))
      return (left.plain * right.plain, left.plain * right.noisy + left.noisy * right.plain + left.noisy * right.noisy)
    case .binary(.divide, let left, let right):
      let left = split(left, for: index)
      return (left.plain / right, left.noisy / right)
    case .unary(.minus, let operand):
      let operand = split(operand, for: index)
      return (-operand.plain, -operand.noisy)
    default: return (.zero, expression)
    }
  }

  private func isNoisy(_ expression: Expression, for index: Int) -> Bool {
    var found = false
    expression.forEach { part in
      switch part.node {
      case .name("dW"), .call("g", _): found = true
      case .name(let name): if case .perNoise? = values[name]?[index] { found = true }
      default: break
      }
    }
    return found
  }
}
