@testable import EngramEquations
import EngramExpressions
import EngramSystem
import EngramUnits
import Testing

@Suite("Integrators") struct IntegratorTests {
  /// x' = A x + b over one step in a way that has nothing to do with the integrators: Taylor steps of norm 1/2.
  static func solution(_ matrix: [[Double]], _ constants: [Double], _ start: [Double], _ time: Double) -> [Double] {
    let norm = matrix.map { row in row.reduce(0) { $0 + $1.magnitude } }.max() ?? 0
    let pieces = max(1, Int((2 * norm * time).rounded(.up)))
    let h = time / Double(pieces)
    var x = start
    for _ in 0..<pieces {
      var derivative = zip(matrix, constants).map { row, constant in zip(row, x).map(*).reduce(constant, +) }
      var next = x
      var factor = 1.0
      for order in 1...18 {
        factor *= h / Double(order)
        next = zip(next, derivative).map { $0 + factor * $1 }
        derivative = matrix.map { row in zip(row, derivative).map(*).reduce(0, +) }
      }
      x = next
    }
    return x
  }

  /// Linear systems as matrix and constants; every coefficient is a parameter `m00`, `k0`, so that formulas must do.
  static func linearText(_ matrix: [[Double]], _ constants: [Double]) -> String {
    matrix.indices.map { row in
      let terms = matrix.indices.filter { matrix[row][$0] != 0 }.map { "m\(row)\($0)*x\($0)" } + (constants[row] != 0 ? ["k\(row)"] : [])
      return "dx\(row)/dt = (\(terms.isEmpty ? "0" : terms.joined(separator: " + ")))/second : 1"
    }.joined(separator: "\n")
  }

  static let systems: [(String, [[Double]], [Double])] = [
    ("decay", [[-3]], [0]), ("driven", [[-3]], [2]), ("coefficient 0", [[-0.0 + 1e-300]], [2]),
    ("chain of two, equal", [[-3, 2], [0, -3]], [1, -1]), ("chain of two, nearly equal", [[-3, 2], [0, -3.0000001]], [1, -1]),
    ("chain of two, far", [[-300, 2], [0, -0.01]], [1, -1]), ("alpha into leak", [[-2, 5, 0], [0, -7, 4], [0, 0, -7]], [0.3, 0, 0]),
    ("chain of three, all equal", [[-4, 1, 0], [0, -4, 2], [0, 0, -4]], [1, 2, 3]),
    ("chain of three, nearly equal", [[-4, 1, 0], [0, -4.001, 2], [0, 0, -3.9999]], [1, 2, 3]),
    ("chain of three, far apart", [[-90, 7, 0], [0, -1, 20], [0, 0, -3000]], [1, 2, 3]),
    ("chain of four", [[-1, 1, 0, 2], [0, -2, 1, 0], [0, 0, -3, 1], [0, 0, 0, -2]], [0, 0, 1, 1]),
    ("oscillating", [[-1, -6], [6, -1]], [0, 0]), ("oscillating, driven", [[-1, -6], [5, -2]], [1, 2]), ("decaying pair", [[-1, 2], [1, -5]], [1, 2]),
    ("pair on the edge", [[-3, 1], [-1, -1]], [1, -2]), ("growing pair", [[1, 2], [1, 0.5]], [0, 1]), ("undamped", [[0, -4], [9, 0]], [0, 0]),
  ]

  @Test("STU-5: formulas with a coefficient per neuron solve linear systems, equal rates, widely different ones, oscillations", arguments: systems)
  func formulas(name: String, matrix: [[Double]], constants: [Double]) throws {
    let update = try update(Self.linearText(matrix, constants), .exact, context(step: nil))
    try check(update, matrix, constants, step: 0.1, tolerance: 2e-14)
    try check(update, matrix, constants, step: 1e-4, tolerance: 1e-15)
  }

  @Test(
    "STU-5: known coefficients without a closed form are solved at preparation",
    arguments: [
      ("three in a circle", [[-1, 0, 2], [2, -1, 0], [0, 2, -1]], [1, 0, 2]), ("pair with a driver", [[-2, -5, 3], [4, -1, 0], [0, 0, -6]], [1, 2, 0]),
      ("cable", [[-3, 1, 0, 0], [1, -3, 1, 0], [0, 1, -3, 1], [0, 0, 1, -2]], [0, 0, 0, 5]),
      ("stiff", [[-3000, 1, 1], [500, -600, 0], [0, 1, -0.1]], [0, 1, 0]),
      ("driven pair, singular by its values", [[-2, 4], [1, -2]], [1, 3]), ("driven pair, nearly singular", [[-2, 4], [1, -2.0000001]], [1, 3]),
      ("singular", [[-1, 1, 0], [1, -2, 1], [0, 1, -1]], [0, 3, 0]),
    ] as [(String, [[Double]], [Double])])
  func numbers(name: String, matrix: [[Double]], constants: [Double]) throws {
    var known: [String: Double] = [:]
    for row in matrix.indices { for column in matrix.indices { known["m\(row)\(column)"] = matrix[row][column] } }
    let text = Self.linearText(matrix, constants)
    let update = try update(text, .exact, context(constants: known, step: 0.1))
    try check(update, matrix, constants, step: 0.1, tolerance: 2e-14)
    if matrix.count == 2 { return }
    let error = #expect(throws: UnsupportedEquationsError.self) { try EngramEquationsTests.update(text, .exact, context(step: 0.1)) }
    #expect(error?.description.contains("no closed-form solution") == true)
  }

  func check(_ update: StateUpdate, _ matrix: [[Double]], _ constants: [Double], step: Double, tolerance: Double) throws {
    var values: [String: Double] = [:]
    for row in matrix.indices {
      values["k\(row)"] = constants[row]
      for column in matrix.indices { values["m\(row)\(column)"] = matrix[row][column] }
    }
    let start = matrix.indices.map { Double($0 + 1) * ($0 % 2 == 0 ? 1 : -0.5) }
    for (index, value) in start.enumerated() { values["x\(index)"] = value }
    let after = try integrate(update, from: values, step: step, steps: 1)
    let expected = Self.solution(matrix, constants, start, step)
    let scale = (expected + start).map(\.magnitude).max() ?? 1
    for (index, value) in expected.enumerated() {
      let own = after["x\(index)"] ?? .nan
      #expect((own - value).magnitude <= tolerance * scale, "x\(index) is \(own), should be \(value)")
    }
  }

  @Test("STU-5: a conductance that is zero leaves the variable alone; a resting value stays to the bit")
  func zeroCoefficients() throws {
    for method in [Method.exact, .exponentialEuler] {
      let update = try update("dv/dt = g*(E-v)/C : 1\ng : 1\nE : 1\nC : second", method)
      let closed = try integrate(update, from: ["v": 0.3, "g": 0, "E": 5, "C": 0.01], step: 1e-4, steps: 3)
      #expect(closed["v"] == 0.3)
    }
    let resting = try integrate(
      update("dv/dt = (E-v)*g(v)/tau : 1", .exponentialEuler), from: ["v": -0.07, "E": -0.07, "tau": 0.01], step: 1e-4, steps: 5, functions: ["g": { _ in 3 }])
    #expect(resting["v"] == -0.07)
  }

  @Test("STU-5, REF-6: while refractory a flagged variable stands still to the bit and others go on, driven by it as it is")
  func refractoriness() throws {
    let text = "dv/dt = (ge - v)/tau : 1 (unless refractory)\ndge/dt = -ge/taue : 1\ndw/dt = (v-w)/tauw : 1"
    let constants = ["tau": 0.02, "taue": 0.005, "tauw": 0.1]
    for method in [Method.exact, .euler, .rk2, .rk4, .exponentialEuler, .heun] {
      let update = try update(text, method, context(constants: constants, refractory: true))
      let start = constants.merging(["v": 0.7, "ge": 0.4, "w": 0.1]) { $1 }
      let held = try integrate(update, from: start.merging(["not_refractory": 0]) { $1 }, step: 1e-4, steps: 20)
      #expect(held["v"] == 0.7)
      #expect(abs((held["ge"] ?? 0) - 0.4 * exp(-0.002 / 0.005)) < 5e-3)
      #expect(abs((held["w"] ?? 0) - (0.7 - 0.6 * exp(-0.002 / 0.1))) < 1e-4)
      let free = try integrate(update, from: start.merging(["not_refractory": 1]) { $1 }, step: 1e-4, steps: 20)
      let unflagged = try integrate(EngramEquationsTests.update(text, method, context(constants: constants)), from: start, step: 1e-4, steps: 20)
      for name in ["v", "ge", "w"] {
        let difference = ((free[name] ?? .nan) - (unflagged[name] ?? 0)).magnitude
        #expect(difference <= 1e-15)
      }
    }
  }

  @Test("STU-5: all new values are computed before any is written", arguments: Method.all)
  func simultaneous(method: Method) throws {
    let text = method == .independent ? "dv/dt = -v/tau : 1\ndw/dt = -w/tau : 1" : "dv/dt = -w/tau : 1\ndw/dt = v/tau : 1"
    let update = try update(text, method, context(constants: ["tau": 0.01]))
    // A trial writes no variable: the caller takes its values over.
    if let plan = update.adaptive {
      let own = Set(plan.variables.flatMap { [AdaptiveStep.newValue($0), AdaptiveStep.error($0)] })
      #expect(update.statements.allSatisfy { $0.target.hasPrefix("_") } && own.isSubset(of: update.statements.map(\.target)))
      return
    }
    let firstWrite = try #require(update.statements.firstIndex { !$0.target.hasPrefix("_") })
    #expect(
      update.statements[firstWrite...].allSatisfy { statement in
        if case .name(let name) = statement.value.node { name.hasPrefix("_") } else { false }
      })
    #expect(update.statements[..<firstWrite].allSatisfy { $0.target.hasPrefix("_") })
    #expect(Set(update.statements.map(\.target)).count == update.statements.count)
  }

  @Test("STU-6: where A is zero it is a step of Euler, where B is zero a pure decay")
  func exponentialEulerForms() throws {
    let update = try update("dv/dt = u/tau : 1\ndu/dt = -u/tau : 1", .exponentialEuler)
    #expect(update.statements.map(\.description).prefix(2) == ["_next_u = u * exp(-(1 / tau * dt))", "_next_v = v + dt * (u / tau)"])
  }

  @Test("STU-7: euler is x + dt*f + g*dW; STU-12: dW is sqrt(dt) times one draw, shared by equations with the same noise")
  func eulerMaruyama() throws {
    let update = try update("dv/dt = -v/tau + s*xi_1 : 1\ndw/dt = 2*s*xi_1 + xi_2 : 1", .euler)
    #expect(
      update.statements.map(\.description) == [
        "_dW_1 = sqrt(dt) * randn()", "_dW_2 = sqrt(dt) * randn()", "_next_v = v + dt * (-v / tau) + s * _dW_1",
        "_next_w = w + 2 * s * _dW_1 + _dW_2", "v = _next_v", "w = _next_w",
      ])
  }

  @Test("STU-12: t in the right side is the step start")
  func timeIsStepStart() throws {
    let after = try integrate(update("dv/dt = t/second**2 : 1", .euler), from: ["v": 0], step: 0.5, steps: 3)
    #expect(after["v"] == 0.5 * (0 + 0.5 + 1))
  }

  @Test("STU-10, STU-11: single steps of milstein and heun are the formulas")
  func singleStochasticSteps() throws {
    let (x, dt, z) = (1.3, 0.01, 0.7)
    let dW = sqrt(dt) * z
    func f(_ x: Double) -> Double { -x * x }
    func g(_ x: Double) -> Double { 0.5 * x * x + 1 }
    let text = "dx/dt = -x**2/second + (0.5*x**2 + 1)*xi*second**-1*second**0.5 : 1"
    let milstein = try integrate(update(text, .milstein), from: ["x": x], step: dt, steps: 1, normals: { z })["x"] ?? .nan
    let support = x + dt * f(x) + sqrt(dt) * g(x)
    #expect(abs(milstein - (x + dt * f(x) + g(x) * dW + (g(support) - g(x)) * dW * dW / (2 * sqrt(dt)))) < 1e-15)
    let heun = try integrate(update(text, .heun), from: ["x": x], step: dt, steps: 1, normals: { z })["x"] ?? .nan
    #expect(abs(heun - (x + dt * f(x) + 0.5 * dW * (g(x) + g(x + g(x) * dW)))) < 1e-15)
  }

  @Test("STU-11: heun with several noises per equation sums them; without noise it is forward Euler")
  func heunSystems() throws {
    let text = "dx/dt = (a*x*xi_1 + y*xi_2)*second**-0.5 : 1\ndy/dt = x*xi_1*second**-0.5 : 1"
    let (x, y, a, dt) = (1.3, -0.4, 0.6, 0.01)
    var draws = [0.7, -1.1]
    let after = try integrate(update(text, .heun), from: ["x": x, "y": y, "a": a], step: dt, steps: 1, normals: { draws.removeFirst() })
    let (dW1, dW2) = (sqrt(dt) * 0.7, sqrt(dt) * -1.1)
    let (supportX, supportY) = (x + a * x * dW1 + y * dW2, y + x * dW1)
    #expect(abs((after["x"] ?? .nan) - (x + 0.5 * (dW1 * (a * x + a * supportX) + dW2 * (y + supportY)))) < 1e-15)
    #expect(abs((after["y"] ?? .nan) - (y + 0.5 * dW1 * (x + supportX))) < 1e-15)
    let deterministic = "dx/dt = -x**3/tau : 1"
    #expect(try update(deterministic, .heun).statements == update(deterministic, .euler).statements)
  }

  @Test("STU-10: milstein accepts equations without noise")
  func deterministicMilstein() throws {
    let text = "dx/dt = -x**3/tau : 1"
    #expect(try update(text, .milstein).statements == update(text, .euler).statements)
  }

  @Test(
    "COD-10: a random call in an equation is drawn once per step, however often the method evaluates the equation", arguments: [Method.exact, .rk4, .euler])
  func drawsAreBound(method: Method) throws {
    let update = try update("dv/dt = (randn() + randn() - v)/tau : 1", method)
    #expect(
      update.statements.flatMap { statement in
        var calls: [String] = []
        statement.value.forEach { if case .call("randn", _) = $0.node { calls.append(statement.target) } }
        return calls
      } == ["_draw_1", "_draw_2"])
  }

  @Test("STU-13: a scheme from text integrates like the built-in one")
  func customScheme() throws {
    let midpoint = try ExplicitStateUpdater("k = dt*f(x, t)\nx_new = x + dt*f(x + k/2, t + dt/2)  # midpoint")
    let equations = try read("dv/dt = sin(t/second)*w/tau : 1\ndw/dt = -v**2/tau : 1")
    let own = try MethodChoice.custom(midpoint).update(for: equations, context: context())
    #expect(own.statements == (try update(equations.source.text, .rk2).statements))
    let noisy = try ExplicitStateUpdater("x_new = x + dt*f(x,t) + g(x,t)*dW", noise: .additive, name: "mine")
    let text = "dv/dt = -v/tau + s*xi : 1"
    #expect(try noisy.update(for: read(text), context: context(), options: [:]).statements == update(text, .euler).statements)
    #expect(throws: UnsupportedEquationsError.self) { try midpoint.update(for: read(text), context: context(), options: [:]) }
    #expect(throws: UnsupportedEquationsError.self) { try noisy.update(for: read("dv/dt = v*xi*tau**-0.5 : 1"), context: context(), options: [:]) }
  }

  @Test(
    "STU-13: a wrong scheme is refused with its place",
    arguments: [
      ("", 0), ("k = dt*f(x,t)", 0), ("x_new = x + dt*f(x)", 15), ("x_new = x + dt*f(x,t)**2", 15), ("x_new = f(x,t) + f(x,t)", 17), ("x_new = x + k", 12),
      ("x = 3\nx_new = x", 0), ("k = dt*f(x,t\nx_new = x", 8), ("k = 1\nk = 2\nx_new = x", 6), ("x_new = x + rand()", 12), ("x_new += dt*f(x,t)", 0),
      ("x_new = x\nk = x", 0),
    ])
  func wrongSchemes(text: String, offset: Int) {
    let error = #expect(throws: EquationError.self) { try ExplicitStateUpdater(text) }
    #expect(error?.problems.problems.contains { $0.span.lower == offset || text.contains("k = dt*f(x,t\n") } == true, "\(error?.description ?? "")")
  }

  @Test("STU-14: a function from equations to code is an integrator")
  func customFunction() throws {
    let custom = CustomStateUpdater(name: "decay", optionNames: ["rate"]) { equations, context, options in
      equations.differentialNames.map { "\($0) *= 1 - dt/\(context.ownerName == "neurongroup" ? "tau" : "none")" }.joined(separator: "\n")
    }
    let update = try MethodChoice.custom(custom).update(for: read("dv/dt = -v/tau : 1"), context: context(), options: ["rate": 3])
    #expect(update.statements.map(\.description) == ["v *= 1 - dt / tau"])
    #expect(throws: UnsupportedEquationsError.self) {
      try MethodChoice.custom(custom).update(for: read("dv/dt = -v/tau : 1"), context: context(), options: ["speed": 3])
    }
    let broken = CustomStateUpdater(name: "broken") { _, _, _ in "v = = 3" }
    #expect(throws: UnsupportedEquationsError.self) { try MethodChoice.custom(broken).update(for: read("v : 1"), context: context()) }
  }

  @Test("STU-15: independent warns that it is deprecated and equals exact for single equations")
  func independent() throws {
    let text = "dv/dt = (E-v)/tau : 1\ndw/dt = 3/tau : 1"
    let update = try update(text, .independent)
    #expect(update.warning?.contains("deprecated") == true)
    #expect(update.statements == (try EngramEquationsTests.update(text, .exact).statements))
  }

  @Test("SYN-50, SYN-51: event-driven equations are solved over t - lastupdate; two spikes 2 ms apart give 1 + 2e^-2")
  func eventDriven() throws {
    let checked = try CheckedEquations(read("da/dt = -a/ms : 1 (event-driven)\nv : 1"), context: .synapses)
    let update = try checked.eventDrivenUpdate(context: context(step: 1e-4))
    var evaluator = Evaluator(values: ["a": 1, "lastupdate": 0, "v": 0])
    for t in [0, 0.002] {
      evaluator.values["t"] = t
      try evaluator.run(update.statements + ExpressionParser.parseStatements("v += a; a += 1"))
      evaluator.values["lastupdate"] = t
    }
    #expect(abs((evaluator.values["v"] ?? .nan) - (1 + 2 * exp(-2.0))) < 1e-15)
  }

  @Test("SYN-50: traces that were not updated for a long time decay to nothing, never below, and never to NaN")
  func longPauses() throws {
    let checked = try CheckedEquations(
      read("dy/dt = (x-y)/tau : 1 (event-driven)\ndx/dt = -x/taux : 1 (event-driven)\ntau : second\ntaux : second"), context: .synapses)
    let update = try checked.eventDrivenUpdate(context: context())
    for pause in [0.0, 0.001, 1, 100, 1e6] {
      var evaluator = Evaluator(values: ["x": 1, "y": 0, "lastupdate": 0, "t": pause, "tau": 0.02, "taux": 0.1])
      try evaluator.run(update.statements)
      let (x, y) = (evaluator.values["x"] ?? .nan, evaluator.values["y"] ?? .nan)
      #expect(abs(x - exp(-pause / 0.1)) <= 1e-15 && x >= 0)
      #expect(abs(y - (exp(-pause / 0.1) - exp(-pause / 0.02)) * 0.1 / 0.08) <= 1e-15 && y >= 0)
    }
  }

  @Test("SYN-51: event-driven equations without exact solution suggest clock-driven")
  func eventDrivenRefusal() throws {
    let checked = try CheckedEquations(read("da/dt = -a**2/tau : 1 (event-driven)"), context: .synapses)
    let error = #expect(throws: UnsupportedEquationsError.self) { try checked.eventDrivenUpdate(context: context()) }
    #expect(error?.description.contains("clock-driven") == true)
  }

  @Test("SYN-50: equations of both kinds are integrated apart; unflagged ones get a message")
  func bothKinds() throws {
    let checked = try CheckedEquations(read("da/dt = -a/tau : 1 (event-driven)\ndb/dt = -b/tau : 1 (clock-driven)\ndc/dt = -c/tau : 1"), context: .synapses)
    #expect(checked.eventDrivenNames == ["a"] && checked.clockDrivenNames == ["b", "c"])
    let stepped = try checked.stateUpdate(.automatic, context: context())
    #expect(Set(stepped.statements.map(\.target)) == ["_next_b", "_next_c", "b", "c"])
    let event = try checked.eventDrivenUpdate(context: context())
    #expect(Set(event.statements.map(\.target)) == ["_elapsed", "_next_a", "a"])
    #expect(checked.unflaggedMessage(owner: "synapses")?.contains("'c'") == true)
    #expect(try CheckedEquations(read("w : 1"), context: .synapses).eventDrivenUpdate(context: context()).statements.isEmpty)
  }

  @Test("SYN-52: event-driven and clock-driven variables may not depend on each other, also not through subexpressions")
  func mixedDependence() {
    let direct = refusal(of: "da/dt = -(a-b)/tau : 1 (event-driven)\ndb/dt = -b/tau : 1", .synapses)
    #expect(direct?.description.contains("the event-driven equation of 'a' depends on the clock-driven variable 'b'") == true)
    let indirect = refusal(of: "da/dt = -a/tau : 1 (event-driven)\ndb/dt = (s-b)/tau : 1 (clock-driven)\ns = 2*a : 1", .synapses)
    #expect(indirect?.description.contains("through 's'") == true)
    #expect(refusal(of: "da/dt = (g_post-a)/tau : 1 (event-driven)\ng_post = 2*w : 1 (summed)\nw : 1", .synapses) != nil)
  }
}
