import EngramCheckpoints
import EngramExpressions
import EngramMagic
import EngramNative
import EngramUnits
import FoundationEssentials
import Synchronization
import Testing

@testable import EngramSimulation

/// Which implementation computes, and what reaches it.
@Suite("Implementations of functions") struct FunctionTargetTests {
  private static let cache = FileManager.default.temporaryDirectory.appending(path: "engram-functions-\(UUID().uuidString)").path

  private func on<R>(_ target: String, _ body: () throws -> R) throws -> R {
    try prefs.with(.cCache, Self.cache) { try prefs.with(.codegenTarget, target) { try body() } }
  }

  /// In model code, for a group of one element.
  private func value(_ expression: String, _ namespace: Namespace) throws -> Double {
    try withScope {
      let group = try TestGroup(1)
      group.wasAdded = true
      try group.w.set(ModelExpression(expression), namespace: namespace)
      return try group.w.values[0]
    }
  }

  private let x = [FunctionArgument("x")]

  @Test("FUN-8, FUN-9, DEV-4: codegen.target chooses among a body in Swift and C text, in model code and outside") func targets() throws {
    var function = try Function("f", arguments: x, returns: .dimensionless) { $0[$0.startIndex] + 1 }
    function.addImplementation(FunctionImplementation(code: "double f(double x) { return x + 1000; }"), for: .compiled)
    for (target, expected) in [("auto", 3.0), ("interpreted", 3), ("compiled", 1002)] {
      #expect(try on(target) { try value("f(2)", ["f": function]) } == expected)
      #expect(try on(target) { try function(2).si } == expected)
    }
    // A body in Swift for `compiled` is called there, too.
    var swift = try Function("g", arguments: x, returns: .dimensionless) { _ in 1 }
    swift.addImplementation(FunctionImplementation(body: { _ in 1000 }), for: .compiled)
    #expect(try on("compiled") { try value("g(2)", ["g": swift]) } == 1000)
    #expect(try on("auto") { try value("g(2)", ["g": swift]) } == 1)
  }

  @Test("FUN-8, FUN-9: C text alone computes, in a run and for any types; on 'interpreted' it is missing") func textAlone() throws {
    let parity = try Function(
      "parity", arguments: [FunctionArgument("k", type: .integer), FunctionArgument("flag", .boolean), FunctionArgument("x")],
      returns: .dimensionless, returnType: .integer,
      implementations: [.compiled: FunctionImplementation(code: "int64_t parity(int64_t k, bool flag, double x) { return flag ? k % 2 : (int64_t)x; }")])
    try on("auto") {
      try withScope {
        let group = try TestGroup(5, namespace: ["parity": parity])
        let network = try Network(group, try TestCode("w = parity(i, i < 3, 7.9)/2", for: group))
        try network.run(0.1 * ms)
        #expect(try group.w.values == [0, 0.5, 0, 3.5, 3.5])
      }
      #expect(try parity(5, 1, 0.5).si == 1)
      let isBig = try Function(
        "isBig", arguments: x, returns: .boolean, returnType: .boolean,
        implementations: [.compiled: FunctionImplementation(code: "bool isBig(double x) { return x > 10; }")])
      #expect(try value("int(isBig(11)) + int(isBig(9))", ["isBig": isBig]) == 1)
      let same = try Function(
        "same", arguments: x, returns: .dimensionless, returnType: .highest,
        implementations: [.compiled: FunctionImplementation(code: "double same(double x) { return x; }")])
      #expect(try value("same(7) // 2 + same(0.5)", ["same": same]) == 3.5)
    }
    let error = #expect(throws: FunctionCallError.self) { try on("interpreted") { try value("parity(1, True, 0.5)", ["parity": parity]) } }
    #expect(error == .noImplementation(function: "parity", target: "interpreted", available: ["compiled"]))
  }

  @Test("FUN-8: name, namespace, dependencies and flags of an implementation are used") func parts() throws {
    let half = try Function(
      "half", arguments: x, returns: .dimensionless, implementations: [.compiled: FunctionImplementation(code: "double half(double x) { return x/2; }")])
    let function = try Function(
      "f", arguments: x, returns: .dimensionless,
      implementations: [
        .compiled: FunctionImplementation(
          name: "engine", code: "double engine(double x) { return half(x) + third(0) + tau*SCALE + table[1] + counts[0]; }",
          namespace: [
            "tau": 10 * ms, "table": [1.5, 2.5], "counts": [7],
            "third": try Function(
              "third", arguments: x, returns: .dimensionless,
              implementations: [.compiled: FunctionImplementation(code: "double third(double x) { return x + 0.25; }")]),
          ], dependencies: [half], compilerFlags: ["-DSCALE=100"])
      ])
    #expect(try on("compiled") { try value("f(3)", ["f": function]) } == 1.5 + 0.25 + 1 + 2.5 + 7)
    let lonely = try Function("lonely", arguments: x, returns: .dimensionless) { _ in 0 }
    var needy = try Function("needy", arguments: x, returns: .dimensionless) { _ in 0 }
    needy.addImplementation(FunctionImplementation(code: "double needy(double x) { return lonely(x); }", dependencies: [lonely]), for: .compiled)
    #expect(throws: FunctionCallError.dependencyWithoutCode(function: "needy", dependency: "lonely")) {
      try on("compiled") { try value("needy(3)", ["needy": needy]) }
    }
    var texts = try Function("texts", arguments: x, returns: .dimensionless) { _ in 0 }
    texts.addImplementation(FunctionImplementation(code: "double texts(double x) { return x; }", namespace: ["words": ["a"]]), for: .compiled)
    #expect(throws: FunctionCallError.notANumber(function: "texts", name: "words")) {
      try on("compiled") { try value("texts(3)", ["texts": texts]) }
    }
  }

  struct NotHere: Error, CustomStringConvertible { var description: String { "the library is not installed" } }

  @Test("FUN-8: what cannot be used here gives way to the parent's implementation with a message; where there is none, it is the error")
  func availability() throws {
    var function = try Function("f", arguments: x, returns: .dimensionless) { $0[$0.startIndex] + 1 }
    function.addImplementation(
      FunctionImplementation(code: "double f(double x) { return x + 1000; }", availability: { throw NotHere() }), for: .compiled)
    let (result, messages) = try Messages.capturing { try on("compiled") { try value("f(2)", ["f": function]) } }
    #expect(result == 3)
    let text = try #require(messages.first { $0.category == "codegen.fallback" }).text
    #expect(text.contains("'f'") && text.contains("not installed") && text.contains("'interpreted'"))
    let alone = try Function(
      "g", arguments: x, returns: .dimensionless,
      implementations: [.compiled: FunctionImplementation(code: "double g(double x) { return x; }", availability: { throw NotHere() })])
    #expect(throws: NotHere.self) { try on("compiled") { try value("g(2)", ["g": alone]) } }
  }

  @Test("FUN-8: without a compiler the body in Swift is used, with a message; where there is none, the error says so") func noCompiler() throws {
    func without<R>(_ body: () throws -> R) throws -> R { try prefs.with(.cCompiler, "no-such-compiler") { try on("compiled", body) } }
    var function = try Function("f", arguments: x, returns: .dimensionless) { $0[$0.startIndex] + 1 }
    function.addImplementation(FunctionImplementation(code: "double f(double x) { return x + 1000; }"), for: .compiled)
    let (result, messages) = try Messages.capturing { try without { try value("f(2)", ["f": function]) } }
    #expect(result == 3 && messages.contains { $0.category == "codegen.fallback" && $0.text.contains("no-such-compiler") })
    let both = try Function(
      "g", arguments: x, returns: .dimensionless,
      implementations: [.compiled: FunctionImplementation(code: "double g(double x) { return 7; }", body: { _ in 8 })])
    #expect(try on("compiled") { try value("g(2)", ["g": both]) } == 7)
    #expect(try Messages.capturing { try without { try value("g(2)", ["g": both]) } }.result == 8)
    let alone = try Function(
      "h", arguments: x, returns: .dimensionless, implementations: [.compiled: FunctionImplementation(code: "double h(double x) { return x; }")])
    #expect(throws: NativeCodeError.noCompiler(tried: ["no-such-compiler"])) { try without { try value("h(2)", ["h": alone]) } }
  }

  @Test("FUN-8, FUN-10: text that the compiler refuses is an error with its words, also where there is a body in Swift") func refused() throws {
    var function = try Function("f", arguments: [FunctionArgument("x", type: .integer)], returns: .dimensionless) { _ in 1 }
    function.addImplementation(FunctionImplementation(code: "double f(double x) { return x; }"), for: .compiled)
    let error = #expect(throws: NativeCodeError.self) { try on("compiled") { try value("f(2)", ["f": function]) } }
    #expect(error?.description.contains("conflicting types") == true && error?.description.contains("'f'") == true)
    let empty = try Function("g", arguments: x, returns: .dimensionless, implementations: [.interpreted: FunctionImplementation(name: "nothing")])
    #expect(throws: FunctionCallError.emptyImplementation(function: "g", target: "interpreted")) { try value("g(2)", ["g": empty]) }
  }

  @Test("FUN-8: the same bits whichever implementation computes, if they agree") func sameBits() throws {
    var function = try Function("f", arguments: x, returns: .dimensionless) { arguments in
      let x = arguments[arguments.startIndex]
      return x * x - 0.3 * x
    }
    function.addImplementation(FunctionImplementation(code: "double f(double x) { return x*x - 0.3*x; }"), for: .compiled)
    func digest(_ target: String) throws -> [Double] {
      try on(target) {
        try withScope {
          seed(4)
          let group = try TestGroup(1500, namespace: ["f": function])
          try group.w <- "rand()"
          try Network(group, try TestCode("w = f(w) + 0.1*rand()", for: group)).run(2 * ms)
          return try group.w.values
        }
      }
    }
    #expect(try digest("interpreted") == digest("compiled"))
  }

  @Test("FUN-8: a dynamic implementation can give C text for its owner") func dynamic() throws {
    var function = try Function("f", arguments: x, returns: .dimensionless) { _ in 0 }
    function.addImplementation(
      .dynamic { owner in
        FunctionImplementation(code: "double f(double x) { return x/step; }", namespace: ["step": Quantity(si: owner.dt?.si ?? 0, dimension: .time)])
      }, for: .compiled)
    #expect(try on("compiled") { try value("f(1)", ["f": function]) } == 1 / 1e-4)
  }

  @Test("FUN-3, FUN-10: declared types are enforced outside of models, too") func typesOutside() throws {
    let function = try Function("f", arguments: [FunctionArgument("n", type: .integer)], returns: .dimensionless, returnType: .integer) {
      $0[$0.startIndex] / 2
    }
    #expect(try function(7).si == 3)
    #expect(throws: FunctionCallError.wrongType(function: "f", argument: "n", value: 2.5, expected: "integer")) { try function(2.5) }
    let flag = try Function("g", arguments: [FunctionArgument("b", .boolean)], returns: .boolean) { 5 * $0[$0.startIndex] }
    #expect(throws: FunctionCallError.wrongType(function: "g", argument: "b", value: 2, expected: "boolean")) { try flag(2) }
  }

  @Test("CKP-21: C text is no part of a checkpoint, but what replaces a function is compared with it") func checkpoints() throws {
    func function(_ code: String, tau: Double) throws -> Function {
      try Function(
        "f", arguments: x, returns: .dimensionless, implementations: [.compiled: FunctionImplementation(code: code, namespace: ["tau": tau])])
    }
    let code = "double f(double x) { return x*tau; }"
    let stored: Namespace = ["f": try function(code, tau: 0.1)]
    #expect(try Namespace(stored: stored.description, functions: ["f": function(code, tau: 0.1)]).names == ["f"])
    for other in [try function(code, tau: 0.1.nextUp), try function("double f(double x) { return tau*x; }", tau: 0.1)] {
      #expect(throws: CheckpointError.self) { try Namespace(stored: stored.description, functions: ["f": other]) }
    }
    #expect(throws: CheckpointError.missingFunctions(["f"])) { try Namespace(stored: stored.description, functions: [:]) }
  }

  // ------------------------------------------------------------------------------------------------------------- units

  @Test("FUN-1, FUN-13: every argument reaches a body with the unit that it has in the call, whatever calls it") func units() throws {
    let seen = Seen()
    let function = try Function.withQuantities(
      "f", arguments: [FunctionArgument("a", .any), FunctionArgument("b", .sameAs("a"))], returns: .sameAsArgument(0)
    ) { arguments in
      seen.note(arguments)
      return arguments[0] + arguments[1]
    }
    try withScope {
      let group = try TestGroup(2, namespace: ["f": function])
      try group.variables.addSubexpression("twice", try ExpressionParser.parse("f(v, v)"), dimension: .voltage)
      let code = try TestCode("x = 1*ms\nv = f(2*mV, 1*mV) + 0*twice\nw = f(x, f(x, x))/ms + f(2, 3)", for: group)
      try Network(group, code).run(0.1 * ms)
      #expect(try group.w.values == [8, 8])
      #expect(try group.v.values[0] == 0.003)
    }
    #expect(seen.dimensions == [[.voltage, .voltage], [.time, .time], [.dimensionless, .dimensionless]])
  }

  @Test("NSP-1: a function that a unit hides is named, with the way out") func hidden() throws {
    let function = try Function("mm", arguments: x, returns: .dimensionless) { $0[$0.startIndex] }
    let error = #expect(throws: NamespaceError.self) { try value("mm(3)", ["mm": function]) }
    #expect(error == .hiddenFunction(name: "mm", place: "namespace of the run", by: "unit"))
    #expect(error?.description.contains("another name") == true)
  }
}

/// What a body got, from whichever thread.
private final class Seen: Sendable {
  private let store = Mutex<Set<[Dimension]>>([])
  var dimensions: Set<[Dimension]> { store.withLock { $0 } }
  func note(_ arguments: [Quantity]) { _ = store.withLock { $0.insert(arguments.map(\.dimension)) } }
}
