import EngramExpressions
import EngramUnits
import Testing

@Suite("Checking") struct CheckingTests {
  private let checker = ExpressionChecker(sampleSymbols)

  private func info(_ text: String) throws -> TypedInfo { try checker.check(try ExpressionParser.parse(text)) }
  private func code(_ text: String, _ context: CodeContext = .perElement) throws -> CheckedCode {
    try checker.checkStatements(try ExpressionParser.parseStatements(text), context: context)
  }

  @Test(
    "UNI-5, COD-6: units combine as in physics",
    arguments: unitCases)
  func units(text: String, expected: Dimension) throws { #expect(try info(text).dimension == expected) }

  @Test(
    "COD-9, FUN-27: kinds of numbers follow from operands, as in Python",
    arguments: typeCases)
  func types(text: String, expected: ValueType) throws { #expect(try info(text).type == expected) }

  @Test("COD-7: a condition is a comparison, a boolean variable, or both joined")
  func conditions() throws {
    for text in ["v > -60*mV", "flag", "not flag and v > w", "need_flag(flag) > 0"] {
      let condition = try ExpressionParser.parse(text)
      #expect(try checker.checkCondition(condition, for: "the threshold").type == .boolean)
    }
    let problems = try #require(throws: Problems.self) {
      try checker.checkCondition(try ExpressionParser.parse("v"), for: "the threshold", in: "v")
    }
    #expect(problems.problems.first?.hint == "compare it with something, as in 'v > …*volt'")
  }

  @Test("EQN-18: an expression of the wrong unit is named with its place, expected and actual unit")
  func expectation() throws {
    let source: SourceText = "v/g"
    let tree = try ExpressionParser.parse(source)
    let problems = try #require(throws: Problems.self) { try checker.check(tree, expecting: .voltage, for: "the right side of dv/dt", in: source) }
    let problem = try #require(problems.problems.first)
    #expect(problem.kind == .dimensions && problem.message == "the right side of dv/dt should have the unit 'volt'")
    #expect(problem.expected == ["the unit 'volt'"] && problem.found?.hasPrefix("'v/g' has the unit ") == true)
  }

  @Test("COD-3: unknown names become temporaries with the unit and kind of their value")
  func temporaries() throws {
    let checked = try code("new = v - w\ncount = 3\ncount += 0.5\nx = new/mV + count")
    #expect(checked.temporaries["new"] == VariableSymbol(.voltage))
    #expect(checked.temporaries["count"]?.type == .float)
    #expect(checked.values.map(\.type) == [.float, .integer, .float, .float])
    #expect(checked.reads == ["v", "w"] && checked.writes == ["x"])
  }

  @Test("COD-8: shared variables are written first, in code for all elements")
  func shared() throws {
    let checked = try code("q = 3\ns = q*rand()\ns += 1\nv = s*mV")
    #expect(checked.scalarStatements == 3)
    #expect(checked.temporaries["q"]?.isScalar == true)
    #expect(try code("q = rand()\nx = q").scalarStatements == 0)
  }

  @Test("COD-10: stateful calls are found, also inside subexpressions")
  func stateful() throws {
    #expect(try code("x = sub").statefulFunctions == ["rand"])
    #expect(try code("x = sub").reads == ["sub", "v"])
    #expect(try code("x = randn() + poisson(2)").statefulFunctions == ["randn", "poisson"])
    #expect(try code("x = exp(x)").statefulFunctions.isEmpty)
  }

  @Test(
    "COD-12: accumulating, and setting to what is the same for a whole target, depends on no order",
    arguments: [
      ("v_post += w", ["v_post"]), ("v_post -= w\nu_post += 2*w", ["u_post", "v_post"]), ("v_post *= 2\nv_post /= 3", ["v_post"]),
      ("v_post = 0*mV", []), ("u_post = v_post", []), ("q = 3*mV\nv_post = q", []), ("v_post += rand()*mV", ["v_post"]),
      ("x += 1\nv_post += x*mV", ["v_post"]), ("w = v_post", []), ("v_pre += u_post\nv_post += w", ["v_post", "v_pre"]), ("v = 2*v", []),
    ])
  func orderFree(text: String, accumulates: [String]) throws {
    let checked = try code(text, .partial)
    #expect(!checked.isOrderDependent)
    #expect(checked.accumulates.sorted() == accumulates)
  }

  @Test("COD-12: the example of the specification is order dependent, and the warning quotes it")
  func orderDependent() throws {
    let problem = try #require(try code("v_post = v_post*2 + w", .partial).orderDependence)
    #expect(problem.severity == .warning && problem.message.contains("v_post = v_post * 2 + w"))
  }

  @Test("NSP-3: a name that means nothing is met with the nearest one that does")
  func suggestion() throws {
    let problems = try #require(throws: Problems.self) { try info("tua*2") }
    #expect(problems.problems.first?.kind == .unresolvedName)
    #expect(problems.problems.first?.name == "tua")
    #expect(problems.problems.first?.hint == "did you mean 'tau'?")
  }
}

@Suite("Functions and constants") struct FunctionTests {
  @Test("FUN-20…23: there are 26 default functions, and those that draw are marked")
  func defaults() {
    #expect(DefaultFunctions.all.count == 26)
    #expect(DefaultFunctions.statefulNames == ["rand", "randn", "poisson"])
  }

  @Test("FUN-26: pi, e and inf are constants")
  func constants() {
    #expect(DefaultConstants.byName == ["pi": 3.141592653589793, "e": 2.718281828459045, "inf": .infinity])
  }

  @Test("FUN-1, FUN-3: contradictory descriptions are refused, naming the function")
  func signatures() {
    func error(_ arguments: [FunctionArgument], _ unit: ReturnUnit = .dimensionless, _ type: ReturnType = .float, name: String = "f") -> SignatureError? {
      do throws(SignatureError) {
        _ = try FunctionSignature(name, arguments: arguments, returns: unit, type: type)
        return nil
      } catch { return error }
    }
    #expect(error([FunctionArgument("a", .sameAs("b"))]) == .unknownArgument("b", function: "f", known: ["a"]))
    #expect(error([FunctionArgument("a"), FunctionArgument("a")]) == .duplicateArgument("a", function: "f"))
    #expect(error([FunctionArgument("a", .unit(.voltage), type: .integer)]) == .dimensionalNonFloat(argument: "a", function: "f", type: "integer", .voltage))
    #expect(error([], .unit(.voltage), .integer) == .dimensionalNonFloat(argument: nil, function: "f", type: "integer", .voltage))
    #expect(error([], .boolean, .integer) == .contradictoryReturn(function: "f"))
    #expect(error([], name: "2f") == .notAName("2f"))
    #expect(error([FunctionArgument("a", .boolean), FunctionArgument("b", .sameAs("a"))], .boolean, .boolean) == nil)
    #expect(
      error([FunctionArgument("a", .unit(.voltage), type: .integer)])?.description
        == "argument 'a' of function 'f' has the unit volt, so its type must be float, not integer")
  }

  @Test("FUN-2, FUN-3: the result's unit and kind follow from the arguments")
  func results() throws {
    let root = try #require(DefaultFunctions.byName["sqrt"])
    #expect(root.result(dimensions: [.area], types: [.integer]).dimension == .length)
    let clip = try #require(DefaultFunctions.byName["clip"])
    #expect(clip.result(dimensions: [.time, .time, .time], types: [.boolean, .integer, .boolean]) == (.time, .integer))
  }

  @Test("FUN-4, FUN-12: a function without memory is marked, and its calls are checked")
  func calls() throws {
    let dice = try FunctionSignature(
      "dice", arguments: [FunctionArgument("sides", type: .integer)], returns: .dimensionless, type: .integer, isStateless: false)
    let checker = ExpressionChecker(DictionarySymbols(["dice": .function(dice)]))
    #expect(try checker.check(try ExpressionParser.parse("dice(6)")).type == .integer)
    let problems = try #require(throws: Problems.self) { try checker.check(try ExpressionParser.parse("dice() + dice(1.5) + dice")) }
    #expect(problems.problems.map(\.kind) == [.type, .type, .type])
    #expect(problems.problems.first?.found == "0 arguments")
  }

  @Test("FUN-10: types can be declared by argument name; wrong names and types are named")
  func declaredTypes() throws {
    let f = try FunctionSignature("f", arguments: [FunctionArgument("a"), FunctionArgument("b")], returns: .dimensionless)
    let declared = try f.declaringTypes(["a": "integer"], result: "highest")
    #expect(declared.arguments.map(\.type) == [.integer, .any] && declared.returnType == .highest)
    #expect(throws: SignatureError.unknownArgument("c", function: "f", known: ["a", "b"])) { try f.declaringTypes(["c": "float"]) }
    #expect(throws: SignatureError.unknownType("int", of: "a", function: "f", valid: ["boolean", "integer", "float", "any"])) {
      try f.declaringTypes(["a": "int"])
    }
    #expect(throws: SignatureError.unknownType("any", of: "result", function: "f", valid: ["boolean", "integer", "float", "highest"])) {
      try f.declaringTypes([:], result: "any")
    }
  }
}

private let unitCases: [(String, Dimension)] = [
  ("v*g", .current), ("v - w", .voltage), ("-v", .voltage), ("v % w", .voltage), ("v**2", .voltage * .voltage),
  ("(v*v)**0.5", .voltage), ("v**-1", .voltage.raised(to: -1)), ("v**k", .voltage.raised(to: 2)), ("v**(1 + 1)", .voltage.raised(to: 2)), ("v/g*g*g", .current),
  ("sqrt(v*v)", .voltage), ("abs(v)", .voltage), ("floor(v)", .voltage), ("ceil(v)", .voltage), ("sign(v)", .dimensionless),
  ("clip(v, 0*mV, 10*mV)", .voltage), ("exp(v/w)", .dimensionless), ("x**y", .dimensionless), ("(v > w) + 1", .dimensionless),
  ("10*mV + v", .voltage), ("timestep(t, dt)", .dimensionless), ("inf*ms", .time), ("same(v, w)", .voltage), ("v*(v > w)", .voltage),
]

private let typeCases: [(String, ValueType)] = [
  ("n + 1", .integer), ("n + 1.0", .float), ("n / 2", .float), ("n // 2", .integer), ("n % 2", .integer), ("x // 2", .float),
  ("7.5 % -2", .float), ("n**2", .integer), ("n**-1", .float), ("n**n", .float), ("-n", .integer), ("flag", .boolean), ("flag + 1", .integer),
  ("flag + flag", .integer), ("flag*x", .float), ("not flag", .boolean), ("n > 1 and flag", .boolean), ("int(flag)", .integer), ("int(x)", .integer),
  ("timestep(t, dt)", .integer), ("poisson(3)", .integer), ("rand()", .float), ("abs(n)", .integer), ("abs(x)", .float), ("sign(n)", .integer),
  ("clip(n, 0, 1)", .integer), ("clip(n, 0, 1.5)", .float), ("floor(n)", .float), ("ceil(x)", .float), ("sqrt(n)", .float), ("pi", .float),
  ("1", .integer), ("1.0", .float), ("True", .boolean),
]
