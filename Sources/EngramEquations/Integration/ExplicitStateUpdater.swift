internal import EngramExpressions

/// An explicit integrator described in text (STU-13).
///
/// Intermediate lines give names to values, the last line is `x_new = …`. They may use `x`, `t`, `dt`, `dW`, earlier
/// names, and the right-hand side `f(x, t)` and noise factor `g(x, t)` at any `x` and `t`:
/// ```
/// k = dt*f(x, t)
/// x_new = x + dt*f(x + k/2, t + dt/2)
/// ```
/// Every line is linear in `f` and in `g` and calls each at most once.
public struct ExplicitStateUpdater: StateUpdateMethod {
  /// What error messages call the method.
  public let name: String
  /// The lines as they were given.
  public let text: String
  let scheme: ExplicitScheme
  /// The noise that the scheme is right for.
  public var noise: NoiseSupport { scheme.noise }

  /// A method from its text.
  ///
  /// - Parameters:
  ///   - description: the lines, the last one `x_new = …`.
  ///   - noise: the noise the scheme is right for; equations with other noise are refused.
  ///   - name: what error messages call the method.
  ///   - file: where the text stands, for messages.
  ///   - line: where the text stands, for messages.
  /// - Throws: everything that is wrong with the text.
  public init(
    _ description: String, noise: NoiseSupport = .none, name: String = "explicit", file: StaticString = #fileID, line: UInt = #line
  ) throws(EquationError) {
    let source = SourceText(description).located(file, line)
    let statements: [Statement]
    do throws(Problems) { statements = try ExpressionParser.parseStatements(source) } catch { throw EquationError(error) }
    var problems: [Problem] = []
    let checker = SchemeChecker(statements: statements, source: source)
    problems = checker.problems
    if let error = EquationError(problems, in: source) { throw error }
    self.name = name
    text = description
    scheme = ExplicitScheme(
      intermediate: statements.dropLast().map { ExplicitScheme.Line(name: $0.target, value: $0.value) },
      output: statements.last?.value ?? .name("x"), noise: noise)
  }

  /// The code of one step of these equations by this scheme.
  ///
  /// - Throws: where the equations have noise that the scheme is not made for, or get too large.
  public func update(for equations: Equations, context: IntegrationContext, options: MethodOptions) throws(UnsupportedEquationsError) -> StateUpdate {
    let system = try DifferentialSystem(equations, context: context, method: name)
    return try scheme.statements(for: system, method: name, context: context)
  }
}

/// The grammar of a scheme's text.
private struct SchemeChecker {
  private(set) var problems: [Problem] = []
  private var known: Set<String> = ["x", "t", "dt", "dW", "pi", "e"]
  private static let fixed: Set<String> = ["x", "t", "dt", "dW", "f", "g"]

  init(statements: [Statement], source: SourceText) {
    guard let last = statements.last else {
      problems = [Problem(.syntax, "the description of the integrator is empty", at: source.wholeSpan, expected: ["x_new = …"])]
      return
    }
    for statement in statements {
      if statement.operator != .assign {
        problems.append(Problem(.syntax, "the lines of an integrator assign with '='", at: statement.targetSpan, found: "'\(statement.operator.rawValue)'"))
      }
      if Self.fixed.contains(statement.target) {
        problems.append(Problem(.syntax, "'\(statement.target)' has a fixed meaning and cannot be assigned", at: statement.targetSpan, name: statement.target))
      } else if known.contains(statement.target) {
        problems.append(Problem(.syntax, "'\(statement.target)' is assigned twice", at: statement.targetSpan, name: statement.target))
      }
      if statement.target == "x_new", statement != last {
        problems.append(Problem(.syntax, "'x_new' must be the last line", at: statement.targetSpan))
      }
      check(statement.value)
      known.insert(statement.target)
    }
    if last.target != "x_new" {
      problems.append(Problem(.syntax, "the last line must give the new value", at: last.targetSpan, expected: ["x_new = …"], found: "'\(last.target)'"))
    }
  }

  private mutating func check(_ value: Expression) {
    for function in ["f", "g"] {
      var calls: [Expression] = []
      value.forEach { if case .call(function, _) = $0.node { calls.append($0) } }
      for call in calls {
        if case .call(_, let arguments) = call.node, arguments.count != 2 {
          problems.append(Problem(.syntax, "'\(function)' takes two arguments", at: call.span, expected: ["\(function)(x, t)"], found: "'\(call)'"))
        }
      }
      if calls.count > 1 {
        problems.append(
          Problem(.syntax, "'\(function)' is called twice in one line", at: calls[1].span, hint: "give the first value a name in a line of its own"))
      } else if let call = calls.first {
        let marker = "_\(function)"
        let marked = value.replacingParts { part in
          if case .call(function, _) = part.node { .name(marker) } else { nil }
        }
        if LinearForm.decompose(marked, in: marker, budget: AlgebraBudget()) == nil {
          problems.append(Problem(.syntax, "a line must be linear in '\(function)'", at: call.span, found: "'\(value)'"))
        }
      }
    }
    checkNames(value)
  }

  private mutating func checkNames(_ value: Expression) {
    var found: [Problem] = []
    let known = known
    value.forEach { part in
      switch part.node {
      case .name(let name) where !known.contains(name):
        found.append(Problem(.unresolvedName, "'\(name)' is not known here", at: part.span, expected: known.sorted() + ["f(x, t)", "g(x, t)"], name: name))
      case .call(let function, _) where function != "f" && function != "g" && DefaultFunctions.byName[function]?.isStateless != true:
        found.append(
          Problem(.unresolvedName, "'\(function)' cannot be called here", at: part.span, expected: ["f(x, t)", "g(x, t)", "default functions"], name: function))
      default: break
      }
    }
    problems += found
  }
}

/// An integrator given as a function from equations to code (STU-14).
public struct CustomStateUpdater: StateUpdateMethod {
  /// What error messages call the method.
  public let name: String
  /// The options that it understands.
  public let optionNames: [String]
  private let make: @Sendable (Equations, IntegrationContext, MethodOptions) throws(UnsupportedEquationsError) -> String

  /// A method from a function.
  ///
  /// - Parameters:
  ///   - name: what error messages call the method.
  ///   - optionNames: the options that it understands; others are refused.
  ///   - make: model code that advances all differential variables by one step.
  public init(
    name: String, optionNames: [String] = [],
    _ make: @escaping @Sendable (Equations, IntegrationContext, MethodOptions) throws(UnsupportedEquationsError) -> String
  ) {
    self.name = name
    self.optionNames = optionNames
    self.make = make
  }

  /// The code that the function gives, read.
  ///
  /// - Throws: what the function throws, and what is wrong with its code.
  public func update(for equations: Equations, context: IntegrationContext, options: MethodOptions) throws(UnsupportedEquationsError) -> StateUpdate {
    let code = try make(equations, context, options)
    do throws(Problems) {
      return StateUpdate(statements: try ExpressionParser.parseStatements(code), methodName: name)
    } catch { throw UnsupportedEquationsError(method: name, .invalidEquations("its code is not valid: \(error)")) }
  }
}
