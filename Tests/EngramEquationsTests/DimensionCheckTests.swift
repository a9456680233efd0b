@testable import EngramEquations
import EngramExpressions
import EngramUnits
import Testing

@Suite("Units of equations") struct DimensionCheckTests {
  static let symbols = DictionarySymbols([
    "tau": .constant(ConstantSymbol(0.01, .time)), "El": .constant(ConstantSymbol(-0.07, .voltage)), "R": .constant(ConstantSymbol(1e8, .resistance)),
    "t": .variable(VariableSymbol(.time, isScalar: true, isReadOnly: true)), "dt": .variable(VariableSymbol(.time, isScalar: true, isReadOnly: true)),
  ])

  @Test(
    "EQN-18: right units pass",
    arguments: [
      "dv/dt = (El - v)/tau : volt", "dv/dt = (El - v + R*I)/tau : volt\nI : amp", "dv/dt = -v/tau + sigma*xi*tau**-0.5 : volt\nsigma : volt",
      "x = v/El : 1\nv : volt",
      "dv/dt = (sin(2*pi*t/tau)*El - v)/tau : volt", "b = v > El : boolean\nv : volt", "n = int(v/El) : integer\nv : volt",
    ])
  func right(text: String) { #expect(throws: Never.self) { try read(text).checkDimensions(symbols: Self.symbols) } }

  @Test("EQN-18: wrong units are refused, naming variable, expression, expected and actual unit")
  func wrong() throws {
    let error = #expect(throws: EquationError.self) { try read("dv/dt = (El - v) : volt").checkDimensions(symbols: Self.symbols) }
    let message = try #require(error?.description)
    #expect(message.contains("dv/dt, El - v, has the wrong unit"))
    #expect(message.contains("expected: volt/second") && message.contains("found: volt"))
    #expect(error?.problems.problems.first?.name == "v")
  }

  @Test(
    "EQN-18: every kind of mismatch is refused",
    arguments: [
      "x = v : 1\nv : volt", "dv/dt = (El - v)/tau : 1", "dv/dt = (1 - v)/tau : volt", "dv/dt = -v/tau + sigma*xi : volt\nsigma : volt",
      "dv/dt = exp(v)/tau : 1\nw = v + El : 1",
      "x = nothing : 1", "b = v : boolean\nv : 1", "x = v > 1 : 1\nv : 1", "n = 2.5*v : integer\nv : 1",
    ])
  func refused(text: String) { #expect(throws: EquationError.self) { try read(text).checkDimensions(symbols: Self.symbols) } }

  @Test("EQN-18: a misspelt name is met with the nearest variable")
  func suggestion() {
    let error = #expect(throws: EquationError.self) { try read("dv/dt = (El - v)/taau : volt").checkDimensions(symbols: Self.symbols) }
    #expect(error?.description.contains("tau") == true)
  }

  @Test("STU-12: generated code has the units of its variables", arguments: [Method.exact, .euler, .rk2, .rk4, .exponentialEuler, .heun, .milstein])
  func generatedCode(method: Method) throws {
    let equations = try read(
      "dv/dt = (El - v + R*ge)/tau : volt (unless refractory)\ndge/dt = (gx - ge)/tau : amp\ndgx/dt = -gx/tau : amp\ndw/dt = (0.3*v - w)/tau : volt")
    let update = try MethodChoice.named(method).update(for: equations, context: context(constants: ["tau": 0.01, "R": 1e8, "El": -0.07], refractory: true))
    try checkUnits(update.statements, equations)
  }

  @Test("STU-5: numbers computed at preparation carry units")
  func numericUnits() throws {
    let equations = try read("dv/dt = (El - v + R*I - R*J)/tau : volt\ndI/dt = v/(R*tau) - I/tau : amp\ndJ/dt = -J/tau : amp")
    let update = try MethodChoice.named(.exact).update(for: equations, context: context(constants: ["tau": 0.01, "R": 1e8, "El": -0.07]))
    try checkUnits(update.statements, equations)
    #expect(!update.statements.contains { $0.value.calledFunctions.contains("exp") })
  }

  func checkUnits(_ statements: [Statement], _ equations: Equations) throws {
    var symbols = Self.symbols
    symbols.symbols["not_refractory"] = .variable(VariableSymbol(type: .boolean))
    for equation in equations.all { symbols.symbols[equation.name] = .variable(VariableSymbol(equation.dimension)) }
    for statement in statements {
      let info = try ExpressionChecker(symbols).check(statement.value)
      if let equation = equations[statement.target] { #expect(info.dimension == equation.dimension) }
      symbols.symbols[statement.target] = .variable(VariableSymbol(info.dimension))
    }
  }
}
