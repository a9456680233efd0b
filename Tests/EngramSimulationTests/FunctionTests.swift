import EngramCheckpoints
import EngramExpressions
import EngramMagic
import EngramScalars
import EngramUnits
import Testing

@testable import EngramSimulation

@Suite("Functions") struct FunctionTests {
  /// Evaluates expressions for a group of one element, through the kernels.
  private func value(_ expression: String, _ namespace: Namespace = [:]) throws -> Double {
    try withScope {
      let group = try TestGroup(1)
      group.wasAdded = true
      try group.w.set(ModelExpression(expression), namespace: namespace)
      return try group.w.values[0]
    }
  }

  @Test("FUN-1, FUN-3: contradictory descriptions are errors that name the function") func descriptions() throws {
    #expect(throws: SignatureError.self) {
      try Function("f", arguments: [FunctionArgument("x", .sameAs("y"))], returns: .dimensionless) { _ in 0 }
    }
    #expect(throws: SignatureError.self) {
      try Function("f", arguments: [FunctionArgument("x", .unit(.voltage), type: .integer)], returns: .dimensionless) { _ in 0 }
    }
    let function = try Function(
      "f", arguments: [FunctionArgument("x", .unit(.voltage)), FunctionArgument("y", .sameAs("x")), FunctionArgument("b", .boolean)],
      returns: .unit(.voltage)
    ) { $0[$0.startIndex] }
    #expect(function.signature.arguments.count == 3)
  }

  @Test("FUN-2: the unit of the result may depend on those of the arguments") func derivedUnit() throws {
    let square = try Function("square", arguments: [FunctionArgument("x", .any)], returns: .derived { $0[0].raised(to: 2) }) {
      $0[$0.startIndex] * $0[$0.startIndex]
    }
    #expect(try square(3 * mV).dimension == Dimension.voltage.raised(to: 2))
    #expect(try value("square(2*mV)/(mV*mV)", ["square": square]) == 4)
    #expect(throws: Problems.self) { try value("square(2*mV)/mV", ["square": square]) }
  }

  @Test("FUN-3: argument and result types") func types() throws {
    let half = try Function(
      "half", arguments: [FunctionArgument("n", type: .integer)], returns: .dimensionless, returnType: .integer
    ) { ($0[$0.startIndex] / 2).rounded(.down) }
    #expect(try value("half(7)", ["half": half]) == 3)
    #expect(try value("half(7) / 2", ["half": half]) == 1.5)
    let isBig = try Function("isBig", arguments: [FunctionArgument("x")], returns: .boolean, returnType: .boolean) {
      $0[$0.startIndex] > 10 ? 1 : 0
    }
    #expect(try value("int(isBig(11)) + int(isBig(9))", ["isBig": isBig]) == 1)
    let same = try Function("same", arguments: [FunctionArgument("x")], returns: .dimensionless, returnType: .highest) { $0[$0.startIndex] }
    #expect(try value("same(7) // 2 + same(0.5)", ["same": same]) == 3.5)
  }

  @Test("FUN-4, COD-10: each textual call of a stateful function counts; stateless ones may be merged") func stateful() throws {
    #expect(try value("rand() - rand()") != 0)
    let function = try Function("f", returns: .dimensionless, stateless: false) { _ in 1 }
    #expect(!function.isStateless)
  }

  @Test("FUN-5: a body can get the number of the element") func elements() throws {
    let function = try Function("place", arguments: [FunctionArgument("x")], returns: .dimensionless) { element, arguments in
      Double(element) * 10 + arguments[arguments.startIndex]
    }
    try withScope {
      let group = try TestGroup(3)
      group.wasAdded = true
      try group.w.set("place(0.5)", namespace: ["place": function])
      #expect(try group.w.values == [0.5, 10.5, 20.5])
    }
  }

  @Test("FUN-6: functions are not locally constant unless they say so") func locallyConstant() throws {
    let function = try Function("f", returns: .dimensionless) { _ in 1 }
    #expect(!function.isLocallyConstant(stepSeconds: 1e-4))
  }

  @Test("FUN-7, FUN-13: callable with quantities; units of arguments and of the result are checked") func calling() throws {
    let function = try Function("f", arguments: [FunctionArgument("x", .unit(.voltage))], returns: .unit(.current)) { $0[$0.startIndex] * 2 }
    #expect(try function(3 * mV) == Quantity(si: 0.006, dimension: .current))
    let error = #expect(throws: DimensionMismatchError.self) { try function(3 * ms) }
    #expect(error?.description.contains("'x'") == true && error?.description.contains("'f'") == true)
    #expect(throws: FunctionCallError.argumentCount(function: "f", expected: 1, found: 0)) { try function() }
    let wrong = try Function.withQuantities("wrong", arguments: [FunctionArgument("x", .any)], returns: .unit(.voltage)) { $0[0] }
    #expect(try wrong(2 * mV).si == 0.002)
    #expect(throws: FunctionCallError.self) { try wrong(2 * ms) }
  }

  @Test("FUN-8, FUN-9: implementations are found for a target or its parents; unavailable and dynamic ones") func implementations() throws {
    struct Unavailable: Error {}
    var function = try Function("f", arguments: [FunctionArgument("x")], returns: .dimensionless) { $0[$0.startIndex] + 1 }
    #expect(try function.implementations.implementation(for: .compiled).code == nil)
    function.addImplementation(FunctionImplementation(name: "f_native", code: "x + 1", dependencies: []), for: .compiled)
    #expect(try function.implementations.implementation(for: .compiled).code == "x + 1")
    #expect(function.implementations.targets == ["compiled", "interpreted"])
    let error = #expect(throws: FunctionCallError.self) { try function.implementations.implementation(for: ExecutionTarget("other")) }
    #expect(error == .noImplementation(function: "f", target: "other", available: ["compiled", "interpreted"]))
    function.addImplementation(FunctionImplementation(availability: { throw Unavailable() }), for: .interpreted)
    #expect(throws: Unavailable.self) { try value("f(1)", ["f": function]) }
    function.addImplementation(
      .dynamic { owner in FunctionImplementation(body: { _ in owner.name.isEmpty ? 0 : 42 }) }, for: .interpreted)
    #expect(try value("f(1)", ["f": function]) == 42)
  }

  @Test("FUN-10: types can be declared by name; unknown names and types are errors") func declareTypes() throws {
    let function = try Function("f", arguments: [FunctionArgument("x")], returns: .dimensionless) { $0[$0.startIndex] }
    let declared = try function.declaringTypes(["x": "integer"], result: "integer")
    #expect(declared.signature.arguments[0].type == .integer && declared.signature.returnType == .integer)
    #expect(throws: SignatureError.self) { try function.declaringTypes(["y": "integer"]) }
    #expect(throws: SignatureError.self) { try function.declaringTypes(["x": "complex"]) }
    #expect(throws: SignatureError.self) { try function.declaringTypes([:], result: "complex") }
  }

  @Test("FUN-11: a function that says nothing of units is not found in a namespace; one that does is") func withoutUnits() throws {
    struct Names {
      let plain: (Double) -> Double = { 2 * $0 }
      let k = 3.0
      let described: Function
    }
    let names = try Namespace(
      reflecting: Names(described: Function("described", arguments: [FunctionArgument("x")], returns: .dimensionless) { 2 * $0[$0.startIndex] }))
    #expect(names.names == ["k", "described"])
    #expect(try value("described(k)", names) == 6)
    #expect(throws: UnresolvedIdentifierError.self) { try value("plain(k)", names) }
    #expect(throws: UnresolvedIdentifierError.self) { try value("nosuch(1)") }
  }

  @Test(
    "FUN-12: wrong calls are found before the run",
    arguments: ["exp(1, 2)", "exp(mV)", "int(not 3) + 1", "exp + 1", "w(3)", "clip(1*mV, 0, 1*mV)/mV", "exp()"])
  func wrongCalls(expression: String) throws { #expect(throws: Problems.self) { try value(expression) } }

  @Test(
    "FUN-20, FUN-21, FUN-23, FUN-24, FUN-25, FUN-26, FUN-27: values of default functions, constants and operators",
    arguments: [
      ("sin(0.5)", 0.479425538604203), ("arctan(1)", 0.785398163397448), ("log10(1000)", 3), ("expm1(1e-10)", 1.00000000005e-10),
      ("sqrt(4*mV**2)/mV", 2), ("abs(-3*mV)/mV", 3), ("sign(-2*mV)", -1), ("clip(5*mV, 1*mV, 3*mV)/mV", 3), ("ceil(1.2)", 2), ("int(-1.9)", -1),
      ("int(3 > 2)", 1), ("timestep(0.0999*ms, 0.1*ms)", 1), ("timestep(0.09989*ms, 0.1*ms)", 0), ("timestep(0.15*ms, 0.1*ms)", 1),
      ("timestep(0.3*ms, 0.1*ms)", 3), ("timestep(-0.1*ms, 0.1*ms)", 0), ("timestep(-1e4*second, 0.1*ms)", -99_999_999), ("exprel(0)", 1),
      ("exprel(1)", 1.718281828459045), ("exprel(800)", .infinity), ("e", 2.718281828459045), ("-inf", -.infinity), ("-7 // 2", -4), ("-7 % 2", 1),
      ("7 % -2", -1), ("7.5 % -2", -0.5), ("7/2", 3.5),
    ] as [(String, Double)])
  func defaults(expression: String, expected: Double) throws {
    let found = try value(expression)
    #expect(found == expected || abs(found - expected) <= 1e-14 * abs(expected))
  }

  @Test("FUN-22: rand is uniform in [0, 1), randn standard normal, poisson integer with its mean") func random() throws {
    try withScope {
      seed(1)
      let group = try TestGroup(20_000)
      group.wasAdded = true
      func moments(_ expression: ModelExpression) throws -> (mean: Double, variance: Double) {
        try group.w <- expression
        let values = try group.w.values
        let mean = values.reduce(0, +) / Double(values.count)
        return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count))
      }
      let uniform = try moments("rand()")
      #expect(abs(uniform.mean - 0.5) < 0.01 && abs(uniform.variance - 1.0 / 12) < 0.003)
      let normal = try moments("randn()")
      #expect(abs(normal.mean) < 0.03 && abs(normal.variance - 1) < 0.05)
      let poisson = try moments("poisson(4)")
      #expect(abs(poisson.mean - 4) < 0.06 && abs(poisson.variance - 4) < 0.2)
      #expect(try group.w.values.allSatisfy { $0 == $0.rounded() && $0 >= 0 })
    }
  }

  @Test("FUN-26: constants by name") func constants() {
    #expect(SymbolicConstant.pi.value == Double.pi && SymbolicConstant.e.name == "e" && SymbolicConstant.inf.value == .infinity)
  }

  struct Refused: Error, CustomStringConvertible { var description: String { "no value here" } }

  @Test("FUN-13, NET-27: a body that throws ends the run with its cause, object, element and text; so does one of another unit than declared")
  func failingBodies() throws {
    func error(of function: Function) throws -> BrianObjectError? {
      try withScope {
        let group = try TestGroup(3, namespace: ["f": function])
        try group.v <- [1, 2, 3] * mV
        let code = try TestCode("v = f(v)", for: group)
        let network = try Network(group, code)
        var found: BrianObjectError?
        do { try network.run(0.1 * ms) } catch { found = error as? BrianObjectError }
        #expect(throws: NetworkError.self) { try network.run(0.1 * ms) }
        return found
      }
    }
    let voltage = [FunctionArgument("x", .unit(.voltage))]
    let throwing = try Function.withQuantities("f", arguments: voltage, returns: .unit(.voltage)) { arguments in
      if arguments[0].si > 0.0015 { throw Refused() }
      return arguments[0]
    }
    let thrown = try #require(try error(of: throwing))
    let body = try #require(thrown.underlying as? FunctionBodyError)
    #expect(thrown.phase == .running && body.function == "f" && body.element == 1 && body.underlying is Refused && body.code == "v = f(v)")
    #expect(thrown.description.hasSuffix("function 'f' failed for element 1: no value here\nin: v = f(v)"))
    let plain = try Function("f", arguments: voltage, returns: .unit(.voltage)) { arguments in
      if arguments[arguments.startIndex] > 0.0025 { throw Refused() }
      return 0
    }
    let second = try error(of: plain)?.underlying as? FunctionBodyError
    #expect(second?.element == 2)
    let numbered = try Function("f", arguments: voltage, returns: .unit(.voltage)) { element, _ in
      if element == 2 { throw Refused() }
      return 0
    }
    let third = try error(of: numbered)?.underlying as? FunctionBodyError
    #expect(third?.element == 2)
    let wrongUnit = try Function.withQuantities("f", arguments: voltage, returns: .unit(.voltage)) { _ in (3 * ms).quantity }
    let unit = try error(of: wrongUnit)?.underlying as? FunctionBodyError
    #expect(unit?.underlying as? FunctionCallError == .wrongResult(function: "f", value: "3. ms", expected: "volt"))
    // Also where a value is assigned, and with nothing done.
    try withScope {
      let group = try TestGroup(2, namespace: ["f": throwing])
      group.wasAdded = true
      try group.v <- 5 * mV
      #expect(throws: FunctionBodyError.self) { try group.v <- "f(v)" }
      #expect(try group.v.values == [0.005, 0.005])
    }
  }

  @Test("FUN-1, FUN-13: a result of 0 fits every unit; arguments of any unit arrive in model code with the unit they have there")
  func unitsOfBodies() throws {
    let zero = try Function.withQuantities("z", arguments: [FunctionArgument("x", .unit(.voltage))], returns: .unit(.voltage)) { _ in Quantity(0) }
    let any = try Function.withQuantities("a", arguments: [FunctionArgument("x", .any)], returns: .dimensionless) { arguments in
      #expect(arguments[0].dimension == .voltage)
      return arguments[0] / (1 * mV)
    }
    #expect(try value("z(2*mV)/mV", ["z": zero]) == 0)
    #expect(try value("a(2*mV)", ["a": any]) == 2)
    #expect(try any(5 * mV).si == 5)
  }

  @Test("FUN-3, COD-9: results of type integer drop their fraction and saturate, those of type boolean are whether they are not 0")
  func convertedResults() throws {
    func integer(_ result: Double) throws -> Function {
      try Function("f", returns: .dimensionless, returnType: .integer) { _ in result }
    }
    #expect(try value("f()/2", ["f": integer(-7.9)]) == -3.5)
    #expect(try value("f()", ["f": integer(.nan)]) == 0)
    #expect(try value("f()", ["f": integer(1e300)]) == Double(Int64.max))
    let truth = try Function("f", returns: .boolean, returnType: .boolean) { _ in 0.25 }
    #expect(try value("int(f()) + 2", ["f": truth]) == 3)
  }

  @Test("COD-10: a function with state is called anew by each textual call: f() - f() of one that counts is -1, in runs and assignments")
  func countedCalls() throws {
    final class Count: @unchecked Sendable {
      var number = 0.0
      func next() -> Double {
        number += 1
        return number
      }
    }
    let count = Count()
    let f = try Function("f", returns: .dimensionless, stateless: false) { _ in count.next() }
    try withScope {
      let group = try TestGroup(1, namespace: ["f": f])
      try Network(group, TestCode("w = f() - f()", for: group)).run(0.3 * ms)
      #expect(try group.w.values == [-1])
      try group.w <- "f() - f()"
      #expect(try group.w.values == [-1])
    }
  }

  @Test("FUN-8: an implementation for its owner knows the dt of the clock that the code runs on, of the owner outside of runs")
  func stepOfOwner() throws {
    var f = try Function("f", returns: .dimensionless) { _ in 0 }
    f.addImplementation(.dynamic { owner in FunctionImplementation(body: { _ in owner.dt.map { $0.si * 1e3 } ?? -1 }) }, for: .interpreted)
    try withScope {
      let group = try TestGroup(1, dt: 0.25 * ms, namespace: ["f": f])
      try group.w <- "f()"
      #expect(try group.w.values == [0.25])
      try Network(group, TestCode("w = 2*f()", for: group)).run(0.25 * ms)
      #expect(try group.w.values == [0.5])
    }
  }
}
