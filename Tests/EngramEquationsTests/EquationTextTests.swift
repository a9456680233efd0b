@testable import EngramEquations
import EngramExpressions
import EngramUnits
import Foundation
import Testing

/// Why equations do not fit their owner; nil if they do.
func refusal(of text: String, _ context: EquationContext, isStateful: (String) -> Bool = { _ in false }) -> EquationError? {
  do throws(EquationError) {
    _ = try CheckedEquations(read(text), context: context, isStateful: isStateful)
    return nil
  } catch { return error }
}

@Suite("Text of equations") struct EquationTextTests {
  @Test("EQN-1: comments, blank lines and expressions over several lines are read")
  func layout() throws {
    let equations = try read(
      """
      # a neuron
      dv/dt = (ge + # excitation
               gi   # inhibition
               - (v-El))/taum : volt   # the membrane

      ge : volt
        gi : volt # inhibitory : volt
      """)
    #expect(equations.names == ["v", "ge", "gi"])
    #expect(equations["v"]?.expression?.description == "(ge + gi - (v - El)) / taum")
    #expect(equations["v"]?.kind == .differential)
    #expect(equations["ge"]?.kind == .parameter)
  }

  @Test("EQN-1: empty text is valid; semicolons do not separate equations; Windows line ends are line ends")
  func emptyAndSemicolons() throws {
    #expect(try read("").all.isEmpty)
    #expect(try read("  \n # nothing \n").all.isEmpty)
    #expect(throws: EquationError.self) { try read("v : 1; w : 1") }
    #expect(try read("v : 1\r\nw : 1\r\n").names == ["v", "w"])
  }

  @Test("EQN-2: all mistakes of a text are reported, each at its place")
  func allMistakes() throws {
    let error = #expect(throws: EquationError.self) { try read("v : mV\nw\nif : 1\nx = 3*(2 : 1") }
    #expect(error?.problems.problems.map(\.span.lower) == [4, 8, 9, 22])
  }

  @Test(
    "EQN-3: units are 1, integer, boolean, or made of base units with powers",
    arguments: [
      ("v : 1", EngramUnits.Dimension.dimensionless, ValueType.float), ("v : volt", .voltage, .float), ("v : siemens/metre**2", .conductance / .area, .float),
      ("v : 1/second", .frequency, .float), ("v : Hz", .frequency, .float), ("v : second**-0.5", EngramUnits.Dimension.time.raised(to: -0.5), .float),
      ("v : second**(-1/2)", EngramUnits.Dimension.time.raised(to: -0.5), .float), ("n : integer", .dimensionless, .integer),
      ("b : boolean", .dimensionless, .boolean),
      ("v : kilogram*metre/second**2", .force, .float), ("v : (volt)", .voltage, .float), ("v : volt*(1/second) (constant)", .voltage / .time, .float),
      ("v : meter ** 2", .area, .float), ("v : radian", .dimensionless, .float),
    ])
  func units(text: String, dimension: EngramUnits.Dimension, type: ValueType) throws {
    let equation = try #require(try Equations(text).all.first)
    #expect(equation.dimension == dimension)
    #expect(equation.type == type)
  }

  @Test(
    "EQN-3: a refused unit is met with the unit to write",
    arguments: [
      ("v : mV", "volt"), ("g : nS", "siemens"), ("v : bool", "boolean"), ("A : metre2", "metre ** 2"), ("v : 2*volt", "number"), ("v : vlot", "volt"),
      ("f : kHz", "hertz"),
    ])
  func refusedUnits(text: String, expected: String) {
    let error = #expect(throws: EquationError.self) { try Equations(text) }
    #expect(error?.description.contains(expected) == true)
  }

  @Test("EQN-4: differential equations define floats only", arguments: ["integer", "boolean"])
  func floatsOnly(type: String) {
    #expect(throws: EquationError.self) { try read("dv/dt = -v/tau : \(type)") }
    #expect(throws: Never.self) { try read("v : \(type)") }
  }

  @Test("EQN-5: every rule of names has its own sentence")
  func names() throws {
    let names = ["2v", "_v", "if", "t", "xi_1", "exp", "pi", "mV", "not_refractory", "v_post", "é"]
    var sentences: Set<String> = []
    for name in names {
      let error = refusal(of: "\(name) : 1", .neurons)
      let message = try #require(error?.problems.problems.first?.message)
      sentences.insert(message.replacingOccurrences(of: "'\(name)'", with: ""))
    }
    #expect(sentences.count == names.count)
    for name in ["lambda", "t", "dt", "t_in_timesteps", "xi", "i", "N", "refractory", "refractory_until"] {
      #expect(throws: EquationError.self) { try read("\(name) : 1") }
    }
    for name in ["m", "n", "h", "v_pre_", "xix", "Int", "taum", "E_L", "dx", "d"] { #expect(throws: Never.self) { try read("\(name) : 1") } }
  }

  @Test("EQN-5: in Synapses i, j and delay are taken, and only summed variables end in _pre or _post")
  func synapticNames() throws {
    for name in ["j", "delay", "w_post"] {
      #expect(refusal(of: "\(name) : 1", .synapses) != nil)
    }
    for name in ["j", "delay"] { #expect(refusal(of: "\(name) : 1", .neurons) == nil) }
    #expect(refusal(of: "g_post = w : 1 (summed)\nw : 1", .synapses) == nil)
  }

  @Test("EQN-6: a second definition is refused by name")
  func duplicates() {
    let error = #expect(throws: EquationError.self) { try read("dv/dt = -v/tau : 1\nv : 1") }
    #expect(error?.problems.problems.first?.name == "v")
    #expect(error?.description.contains("'v' is defined more than once") == true)
  }

  @Test("EQN-7: each owner allows its own flags", arguments: EquationContext.allCases)
  func flags(context: EquationContext) {
    func text(_ kind: EquationKind, _ flag: EquationFlag) -> String {
      switch kind {
      case .differential: "dx/dt = -x/tau : 1 (\(flag.rawValue))"
      case .subexpression: (flag == .summed ? "x_post" : "x") + " = 2 : 1 (\(flag.rawValue))"
      case .parameter: "x : 1 (\(flag.rawValue))"
      }
    }
    for kind in EquationKind.allCases {
      for flag in EquationFlag.allCases {
        let isAllowed = context.allowedFlags(for: kind).contains(flag)
        let problems = refusal(of: text(kind, flag), context)?.problems.problems ?? []
        let allowed = context.allowedFlags(for: kind).map(\.rawValue)
        #expect(isAllowed == problems.isEmpty)
        #expect(isAllowed || problems.map(\.expected).contains(allowed))
      }
    }
    #expect(EquationContext.neurons.allowedFlags(for: .differential) == [.unlessRefractory])
    #expect(EquationContext.synapses.allowedFlags(for: .subexpression) == [.summed, .shared, .constantOverStep])
  }

  @Test("EQN-8: flags that exclude each other are refused; constant, shared is fine")
  func excluded() throws {
    for text in [
      "v : 1 (constant, linked)", "v : 1 (linked, shared)", "dv/dt = 0/tau : 1 (event-driven, clock-driven)", "x_post = 2 : 1 (summed, shared)",
      "x_post = 2 : 1 (constant over dt, summed)",
    ] {
      #expect(throws: EquationError.self) { try Equations(text) }
    }
    #expect(try read("v : 1 (constant, shared)")["v"]?.flags == [.constant, .shared])
    #expect(try read("x = 2 : 1 (shared, constant  over dt)")["x"]?.flags == [.shared, .constantOverStep])
  }

  @Test("EQN-9: a shared subexpression refers to shared variables only")
  func shared() throws {
    #expect(refusal(of: "x = 2*v*tau + t/second : 1 (shared)\nv : 1 (shared)", .neurons) == nil)
    let error = refusal(of: "x = 2*v : 1 (shared)\nv : 1", .neurons)
    #expect(error?.description.contains("'v'") == true)
  }

  @Test("EQN-10: circles of subexpressions are refused with their path")
  func cycles() {
    let error = #expect(throws: EquationError.self) { try read("c = a : 1\nb = c : 1\na = b + v : 1\nv : 1") }
    #expect(error?.description.contains("'a' -> 'b' -> 'c' -> 'a'") == true)
    #expect(throws: EquationError.self) { try read("x = x + 1 : 1") }
  }

  @Test("EQN-11: the order is subexpressions by dependency, differential equations, parameters; the text form prints in it with base units")
  func order() throws {
    let equations = try read(
      "z : siemens\ndv/dt = I/C : volt (unless refractory)\nb = a*2 : amp\nI = b + y : amp\ny : amp (shared, constant)\na = y : amp\ndu/dt = -u/second : 1")
    #expect(equations.all.map(\.name) == ["a", "b", "I", "u", "v", "y", "z"])
    #expect(
      equations.description.hasSuffix(
        "dv/dt = I / C : metre**2*kilogram*second**-3*amp**-1 (unless refractory)\ny : amp (constant, shared)\nz : metre**-2*kilogram**-1*second**3*amp**2"))
    #expect(try Equations(equations.description) == equations)
  }

  @Test("EQN-12: subexpressions are inserted into differential equations, except those constant over dt")
  func substitution() throws {
    let equations = try read("dv/dt = (I - v)/tau : 1\nI = a + b : 1\na = 2*c : 1\nb = rand() : 1 (constant over dt)\nc : 1")
    #expect(equations.substitutedRightSide(of: "v")?.description == "(2 * c + b - v) / tau")
    let written = try read("dv/dt = (2*c + b - v)/tau : 1\nb : 1\nc : 1")
    for method in [Method.exact, .euler, .rk2, .rk4, .exponentialEuler] {
      let one = try MethodChoice.named(method).update(for: equations, context: context())
      let other = try MethodChoice.named(method).update(for: written, context: context())
      #expect(one.statements == other.statements)
    }
  }

  @Test("EQN-13: xi belongs into differential equations; several noises need suffixes; one suffix is one realisation")
  func noise() throws {
    #expect(throws: EquationError.self) { try read("x = xi : second**-0.5") }
    #expect(throws: EquationError.self) { try read("dv/dt = xi/tau**0.5 : 1\ndw/dt = xi/tau**0.5 : 1") }
    let equations = try read("dv/dt = (xi_1 + 2*xi_2)/tau**0.5 : 1\ndw/dt = xi_1/tau**0.5 : 1")
    #expect(equations.stochasticVariables == ["xi_1", "xi_2"])
    let update = try MethodChoice.named(.euler).update(for: equations, context: context())
    #expect(update.noise == ["_dW_1", "_dW_2"])
    #expect(update.statements.filter { $0.value.calledFunctions.contains("randn") }.count == 2)
  }

  @Test(
    "EQN-14: noise is additive if its factor is independent of time and state",
    arguments: [
      ("dv/dt = -v/tau : 1", nil), ("dv/dt = -v/tau + sigma*xi/tau**0.5 : 1", .additive), ("dv/dt = p*xi/tau**0.5 : 1\np : 1", .additive),
      ("dv/dt = v*xi/tau**0.5 : 1", .multiplicative), ("dv/dt = xi*w/tau**0.5 : 1\ndw/dt = -w/tau : 1", .multiplicative),
      ("dv/dt = sin(2*pi*f*t)*xi/tau**0.5 : 1", .multiplicative), ("dv/dt = s*xi/tau**0.5 : 1\ns = 2*v : 1", .multiplicative),
      ("dv/dt = (xi_1 + v*xi_2)/tau**0.5 : 1", .multiplicative), ("dv/dt = (v + 1 - v)*xi/tau**0.5 : 1", .additive),
    ] as [(String, Equations.StochasticType?)])
  func stochasticType(text: String, expected: Equations.StochasticType?) throws { #expect(try Equations(text).stochasticType() == expected) }

  @Test("EQN-15: names are replaced as whole words on both sides, values in parentheses on the right")
  func replacement() throws {
    let equations = try read("dv/dt = (ve - v)/tau : volt # v\nve : volt", replacing: ["v": "u", "tau": .value((10 * ms).quantity), "ve": "E"])
    #expect(equations.names == ["u", "E"])
    #expect(equations["u"]?.expression?.description == "(E - u) / (0.01 * second)")
    #expect(try read("dv/dt = -v/t1 : 1\nw : 1", replacing: ["v": "w", "w": "v"]).differentialNames == ["w"])
    #expect(try read("dx/dt = -x/tau + 1e3*e1 : 1", replacing: ["e1": 2.5])["x"]?.expression?.description == "-x / tau + 1000.0 * 2.5")
  }

  @Test("EQN-15: substitute does the same to equations that are there, as often as one likes, and leaves them as they were")
  func substitute() throws {
    let shared = try read("dx/dt = (target - x)/tau : volt\ntarget : volt")
    let fast = try shared.substitute(["x": "v", "tau": .value((10 * ms).quantity)])
    #expect(try fast == read("dx/dt = (target - x)/tau : volt\ntarget : volt", replacing: ["x": "v", "tau": .value((10 * ms).quantity)]))
    #expect(fast.names == ["v", "target"] && shared.names == ["x", "target"])
    #expect(try fast.substitute(["v": "x"])["x"]?.expression?.description == "(target - x) / (0.01 * second)")
    #expect(try shared.substitute([:]) == shared)
    #expect(throws: EquationError.self) { try shared.substitute(["x": 3.0]) }
    #expect(throws: EquationError.self) { try shared.substitute(["x": "target"]) }
    #expect(throws: EquationError.self) { try ("x : furlong" as Equations).substitute(["x": "y"]) }
  }

  @Test("EQN-15: replacing a variable by a value, or by an existing name, or by no name is refused")
  func wrongReplacement() {
    #expect(throws: EquationError.self) { try read("v : 1", replacing: ["v": 3.0]) }
    #expect(throws: EquationError.self) { try read("v : 1\nw : 1", replacing: ["v": "w"]) }
    #expect(throws: EquationError.self) { try read("v : 1\nw : 1", replacing: ["v": "x", "w": "x"]) }
    #expect(throws: EquationError.self) { try read("v : 1", replacing: ["v": "a b"]) }
    #expect(throws: EquationError.self) { try read("v : 1", replacing: ["v": "mV"]) }
  }

  @Test("EQN-16: + joins equations and text; duplicates are refused")
  func joining() throws {
    let first = try read("dv/dt = I/tau : 1")
    #expect(try (first + read("I = 3*x : 1\nx : 1")).names == ["v", "I", "x"])
    #expect(try (first + "I : 1").names == ["v", "I"])
    #expect(throws: EquationError.self) { try first + "v : 1" }
  }

  @Test("EQN-17: names, identifiers, dimensions, noise and dependencies can be asked for; equality and hash look at the content")
  func queries() throws {
    let equations = try read("dv/dt = (I-v)/tau + sigma*xi*tau**-0.5 : volt\nI = R*sin(t*f)*g : volt\ng : siemens\nn : integer")
    #expect(equations.differentialNames == ["v"] && equations.subexpressionNames == ["I"] && equations.parameterNames == ["g", "n"])
    #expect(equations.identifiers == ["tau", "sigma", "R", "t", "f"])
    #expect(equations.calledFunctions == ["sin"])
    #expect(equations.dimensions["g"] == .conductance)
    #expect(equations.stochasticVariables == ["xi"])
    #expect(equations.directDependencies(of: "v").first == "I")
    #expect(equations.dependencies(of: "v").first { $0.name == "g" }?.path == ["v", "I", "g"])
    let same = try read("n : integer\n g:siemens\nI = R*sin(t*f)*g : volt\n\ndv/dt = ((I-v)/tau) + sigma*xi*tau**-0.5 : volt # same")
    #expect(same == equations && same.hashValue == equations.hashValue)
    #expect(try read("g : volt") != read("g : siemens"))
  }

  @Test("EQN-19: a subexpression that draws random numbers needs constant over dt", arguments: ["rand()", "2*randn()", "poisson(3)", "noisy(2)"])
  func stateful(call: String) throws {
    let stateful: (String) -> Bool = { $0 == "noisy" }
    let error = refusal(of: "x = \(call) : 1", .neurons, isStateful: stateful)
    #expect(error?.description.contains("constant over dt") == true)
    #expect(refusal(of: "x = \(call) : 1 (constant over dt)", .neurons, isStateful: stateful) == nil)
  }

  @Test("EQN-20: subexpressions that are constant over dt are listed in the order of their dependencies and stay names in code")
  func constantOverStep() throws {
    let equations = try read("a = b + 1 : 1 (constant over dt)\nb = rand() : 1 (constant over dt)\ndv/dt = (a - v)/tau : 1")
    #expect(equations.constantOverStepNames == ["b", "a"])
    #expect(equations.substitutedRightSide(of: "v")?.description == "(a - v) / tau")
  }

  @Test("EQN-21: special symbols may be used but not defined")
  func specialSymbols() throws {
    let text = "x = t/second + dt/second + t_in_timesteps + i + N + j + N_pre + N_post + N_incoming + N_outgoing + lastupdate/second : 1"
    #expect(refusal(of: text, .synapses) == nil)
    #expect(refusal(of: "x = int(not_refractory)*(t - lastspike)/second : 1", .neurons) == nil)
    for name in ["t", "dt", "t_in_timesteps", "i", "N"] { #expect(throws: EquationError.self) { try read("\(name) : 1") } }
  }

  @Test("EQN-17: interpolated values are exact to the bit, with their units")
  func interpolation() throws {
    let (el, tau): (Voltage, Time) = (-0.1 * 0.7 * volt, 10 * ms / 3)
    let equations: Equations = "dv/dt = (\(el) - v)/\(tau) + \(1.0 / 3)*second**-1*volt : volt"
    #expect(equations.problem == nil)
    var numbers: [Double] = []
    try equations.valid()["v"]?.expression?.forEach { if case .float(let value) = $0.node { numbers.append(value) } }
    #expect(numbers == [-el.si, tau.si, 1.0 / 3])
  }

  @Test("EQN-2: a literal with mistakes is reported when it is first used")
  func wrongLiteral() {
    let equations: Equations = "dv/dt = -v/tau"
    #expect(equations.problem != nil)
    #expect(throws: EquationError.self) { try equations.valid() }
    #expect(throws: EquationError.self) { try CheckedEquations(equations, context: .neurons) }
    #expect(throws: UnsupportedEquationsError.self) { try MethodChoice.automatic.update(for: equations, context: context()) }
  }

  @Test("EQN-17: equations survive coding with text and exact values; damaged ones are refused")
  func coding() throws {
    let equations: Equations = "dv/dt = (\(-0.07 * 1.1 * volt) - v)/tau : volt (unless refractory) # comment\nI : amp"
    let data = try JSONEncoder().encode(equations)
    let back = try JSONDecoder().decode(Equations.self, from: data)
    #expect(back == equations && back.source.text == equations.source.text)
    let damaged = try #require(String(data: data, encoding: .utf8)).replacingOccurrences(of: "I : amp", with: "J : amp")
    #expect(damaged.contains("J : amp"))
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Equations.self, from: Data(#"{"text":"v : 1","canonical":"w : 1"}"#.utf8)) }
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Equations.self, from: Data(#"{"text":"v : mV","canonical":"v : volt"}"#.utf8)) }
  }

  @Test("EQN-2: random text never traps", arguments: 0..<40)
  func noTraps(seed: Int) {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
    let pieces = [
      "d", "v", "/dt", " = ", ":", "1", "volt", "(", ")", "\n", "#", "xi", "constant", ",", "*", "**", "-", "µ", "\r", ";", "'", "=", "0x", "1e999", " ", "\t",
      "[", "if",
    ]
    for _ in 0..<60 {
      var text = ""
      for _ in 0..<30 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text += pieces[Int(state >> 33) % pieces.count]
      }
      let equations = Equations(reading: SourceText(text))
      if let problem = equations.problem {
        #expect(!problem.description.isEmpty)
      } else {
        #expect(Equations(reading: SourceText(equations.description)) == equations)
      }
    }
  }
}
