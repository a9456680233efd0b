@testable import EngramEquations
import EngramExpressions
import EngramUnits
import Testing

/// The table of STU-4, row by row. `tau`, `tau2` and `f` are external constants; `held` is a timed array on the grid, `loose` one off it.
@Suite("Automatic choice") struct MethodChoiceTests {
  static let known = context(
    constants: ["tau": 0.01, "tau2": 0.005, "f": 100, "sigma": 2, "El": -0.07], refractory: true,
    functions: ["held": FunctionFacts(isLocallyConstant: true), "loose": FunctionFacts()])

  static let rows: [(String, String)] = [
    // linear with constant coefficients
    ("dv/dt = -v/tau : 1", "exact"),
    ("dv/dt = (w-v)/tau : 1\ndw/dt = -w/tau : 1", "exact"),
    ("dv/dt = (w-v)/tau : 1\ndw/dt = -w/tau2 : 1", "exact"),
    ("dv/dt = (w-v)/tau : 1\ndw/dt = (v-2*w)/tau2 : 1", "exact"),
    ("dv/dt = (p-v)/q : 1\np : 1\nq : second", "exact"),
    ("dv/dt = (p-v)/q : 1\np : 1 (constant)\nq : second (constant)", "exact"),
    ("dv/dt = (I-v)/tau : 1\nI = 2*p : 1\np : 1", "exact"),
    ("dv/dt = (El-v)/tau : volt (unless refractory)", "exact"),
    ("dy/dt = (x-y)/tau : 1\ndx/dt = -x/tau : 1", "exact"),
    // constant over the step
    ("dv/dt = (I-v)/tau : 1\nI = rand() : 1 (constant over dt)", "exact"),
    ("dv/dt = (held(t)-v)/tau : 1", "exact"),
    // nothing to integrate
    ("x = 3*p : 1\np : 1", "exact"),
    // time and nonlinearity
    ("dv/dt = (sin(2*pi*f*t)-v)/tau : 1", "euler"),
    ("dv/dt = (loose(t)-v)/tau : 1", "euler"),
    ("dv/dt = (held(t+dt)-v)/tau : 1", "euler"),
    ("dv/dt = (v**2-v)/tau : 1", "euler"),
    ("dv/dt = -v*w/tau : 1\ndw/dt = -w/tau : 1", "euler"),
    ("dv/dt = -abs(v)/tau : 1", "euler"),
    ("dv/dt = -clip(v, 0, 1)/tau : 1", "euler"),
    ("dv/dt = -int(v)/tau : 1", "euler"),
    ("dv/dt = exp(-v)/tau : 1", "euler"),
    // singular
    ("dv/dt = 1/tau : 1", "euler"),
    ("dv/dt = 0/tau : 1", "euler"),
    ("dv/dt = -v/tau : 1\ndw/dt = v/tau : 1", "euler"),
    ("dv/dt = (w-v)/tau : 1\ndw/dt = (v-w)/tau2 : 1", "euler"),
    // complex
    ("dv/dt = w/tau : 1\ndw/dt = -v/tau : 1", "euler"),
    ("dv/dt = (-v-w)/tau : 1\ndw/dt = (v-w)/tau : 1", "euler"),
    ("dv/dt = w*p/second : 1\ndw/dt = -v*p/second : 1\np : 1", "euler"),
    // noise
    ("dv/dt = -v/tau + sigma*xi*tau**-0.5 : 1", "euler"),
    ("dv/dt = -v/tau + sigma*xi_1*tau**-0.5 + xi_2*tau**-0.5 : 1", "euler"),
    ("dv/dt = -v/tau + held(t)*xi*tau**-0.5 : 1", "euler"),
    ("dv/dt = -v/tau + v*xi*tau**-0.5 : 1", "heun"),
    ("dv/dt = -v/tau + w*xi*tau**-0.5 : 1\ndw/dt = -w/tau : 1", "heun"),
    ("dv/dt = -v/tau + sin(2*pi*f*t)*xi*tau**-0.5 : 1", "heun"),
  ]

  @Test("STU-4: the automatic choice is the reference's", arguments: rows)
  func row(text: String, expected: String) throws {
    #expect(try chosen(text, Self.known) == expected)
  }

  @Test("STU-4: equations without differential equations need no code")
  func noCode() throws { #expect(try update("x = 2 : 1", .exact).statements.isEmpty) }

  @Test("STU-2: the message names the owner, the method and why others were passed over")
  func message() throws {
    let update = try MethodChoice.automatic.update(for: read("dv/dt = v**2/tau : 1"), context: Self.known)
    #expect(update.message.contains("'neurongroup'") && update.message.contains("using 'euler'"))
    #expect(update.message.contains("exact: dv/dt = v**2 / tau is not linear in 'v'"))
    #expect(try EngramEquationsTests.update("dv/dt = -v/tau : 1", .euler).message.isEmpty)
  }

  @Test("STU-2: when nothing fits, every reason is given")
  func nothingFits() throws {
    let error = #expect(throws: UnsupportedEquationsError.self) {
      try MethodChoice.firstOf([.rk4, .euler]).update(for: read("dv/dt = v*xi*tau**-0.5 : 1"), context: Self.known)
    }
    #expect(error?.description.contains("rk4: they contain noise") == true)
    #expect(error?.description.contains("euler: in the equation of 'v' the noise 'xi' is multiplied by a factor that depends on 'v'") == true)
  }

  @Test("STU-2: the list for neurons with many compartments is exact, exponential_euler, rk2, heun")
  func compartmentList() throws {
    #expect(MethodChoice.standardList == [.exact, .euler, .heun])
    #expect(MethodChoice.compartmentList == [.exact, .exponentialEuler, .rk2, .heun])
    let update = try MethodChoice.firstOf(MethodChoice.compartmentList).update(for: read("dv/dt = (g*(E-v))/tau : 1\ndg/dt = -g/tau : 1"), context: Self.known)
    #expect(update.methodName == "exponential_euler")
  }

  @Test("STU-1: method names ignore case; linear is exact; unknown names are met with the nearest")
  func methodNames() throws {
    #expect(Method(rawValue: "RK4") == .rk4)
    #expect(try update("dv/dt = -v/tau : 1", Method(rawValue: "Linear")).methodName == "exact")
    let error = #expect(throws: UnsupportedEquationsError.self) { try update("dv/dt = -v/tau : 1", Method(rawValue: "eulr")) }
    #expect(error?.description.contains("did you mean 'euler'?") == true)
    #expect(throws: UnsupportedEquationsError.self) {
      try MethodChoice.firstOf([.exact, Method(rawValue: "lsoda")]).update(for: read("dv/dt = v**2/tau : 1"), context: Self.known)
    }
  }

  @Test("STU-3: unknown options are refused with the valid ones; simplify is a truth value of exact")
  func options() throws {
    let equations = try read("dv/dt = -v/tau : 1")
    #expect(throws: Never.self) { try MethodChoice.named(.exact).update(for: equations, context: Self.known, options: ["simplify": false]) }
    let unknown = #expect(throws: UnsupportedEquationsError.self) {
      try MethodChoice.named(.exact).update(for: equations, context: Self.known, options: ["simplfy": true])
    }
    #expect(unknown?.description.contains("valid: simplify") == true)
    #expect(throws: UnsupportedEquationsError.self) { try MethodChoice.named(.exact).update(for: equations, context: Self.known, options: ["simplify": 3]) }
    #expect(throws: UnsupportedEquationsError.self) { try MethodChoice.named(.euler).update(for: equations, context: Self.known, options: ["simplify": true]) }
  }

  @Test(
    "STU-2: a method that does not fit says why",
    arguments: [
      (Method.exact, "dv/dt = v**2/tau : 1", "not linear in 'v'"), (.exact, "dv/dt = (sin(t/tau)-v)/tau : 1", "depends on 't'"),
      (.exact, "dv/dt = xi*tau**-0.5 : 1", "noise"), (.exponentialEuler, "dv/dt = v**2/tau : 1", "not linear"),
      (.exponentialEuler, "dv/dt = tanh(v)/tau : 1", "not linear"),
      (.exponentialEuler, "dv/dt = xi*tau**-0.5 : 1", "noise"), (.rk2, "dv/dt = xi*tau**-0.5 : 1", "noise"), (.rk4, "dv/dt = xi*tau**-0.5 : 1", "noise"),
      (.euler, "dv/dt = v*xi*tau**-0.5 : 1", "multiplicative"), (.milstein, "dv/dt = (xi_1+xi_2)*tau**-0.5 : 1", "'xi_1' and 'xi_2'"),
      (.milstein, "dv/dt = xi_1*tau**-0.5 : 1\ndw/dt = xi_1*tau**-0.5 : 1", "'v' and 'w'"), (.euler, "dv/dt = xi**2 : 1", "not linear in the noise"),
      (.independent, "dv/dt = -w/tau : 1\ndw/dt = -w/tau : 1", "depends on 'w'"),
    ])
  func refusals(method: Method, text: String, reason: String) {
    let error = #expect(throws: UnsupportedEquationsError.self) { try update(text, method, Self.known) }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "accepted")")
  }

  @Test(
    "STU-5: what the automatic choice leaves to euler, exact integrates when asked by name",
    arguments: [
      "dv/dt = 1/tau : 1", "dv/dt = -v/tau : 1\ndw/dt = v/tau : 1", "dv/dt = w/tau : 1\ndw/dt = -v/tau : 1", "dv/dt = (w-v)/tau : 1\ndw/dt = (v-w)/tau2 : 1",
    ])
  func byName(text: String) throws {
    #expect(try update(text, .exact, Self.known).methodName == "exact")
    let message = try MethodChoice.automatic.update(for: read(text), context: Self.known).message
    #expect(message.contains("ask for it by name"))
  }

  @Test("STU-2: the longest and deepest equations the language allows are decided upon without trouble")
  func extremes() throws {
    let long = "dv/dt = (-v" + (0..<350).map { " + a\($0)*v" }.joined() + ")/tau : 1"
    let deep = "dv/dt = " + String(repeating: "(1 + 0.5*(", count: 60) + "-v" + String(repeating: "))", count: 60) + "/tau : 1"
    let nested = "dv/dt = " + String(repeating: "exp(v - ", count: 120) + "v" + String(repeating: ")", count: 120) + "/tau : 1"
    #expect(try chosen(long, Self.known) == "exact")
    #expect(try chosen(deep, Self.known) == "exact")
    #expect(try chosen(nested, Self.known) == "euler")
  }
}
