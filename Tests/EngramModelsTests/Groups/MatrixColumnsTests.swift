import EngramCheckpoints
import EngramEquations
import EngramExpressions
import EngramMagic
import EngramModels
import EngramSimulation
import EngramUnits
import Testing

/// Three compartments in a circle, each with its own leak and its own drive: no closed form, coefficients per neuron.
private let circle = """
  dx/dt = (-a*x + b*y + d)/ms : 1
  dy/dt = (b*x - a*y + c*z)/ms : 1
  dz/dt = (c*y + b*x - 2*a*z)/ms : 1
  a : 1 (constant)
  b : 1 (constant)
  c : 1 (constant)
  d : 1
  """

private func makeCircle(_ method: MethodChoice = .exact, count: Int = 6) throws -> NeuronGroup {
  let group = try NeuronGroup(count, Equations(circle), method: method, name: "G")
  try group.a <- "1 + (i % 3)"
  try group.b <- "0.5*(i % 3) - 0.25"
  try group.c <- "-0.3*(i % 2)"
  try group.d <- "0.1*i"
  try group.x <- "1 + i"
  try group.y <- "-0.5*i"
  return group
}

/// The same by the classical Runge-Kutta method with a thousandth of the step.
private func solvedFinely(_ state: [Double], a: Double, b: Double, c: Double, d: Double, steps: Int) -> [Double] {
  func slope(_ s: [Double]) -> [Double] { [-a * s[0] + b * s[1] + d, b * s[0] - a * s[1] + c * s[2], c * s[1] + b * s[0] - 2 * a * s[2]] }
  func moved(_ s: [Double], _ k: [Double], _ h: Double) -> [Double] { zip(s, k).map { $0 + h * $1 } }
  let h = 1e-4
  return (0..<steps * 1000).reduce(state) { s, _ in
    let k1 = slope(s)
    let k2 = slope(moved(s, k1, h / 2))
    let k3 = slope(moved(s, k2, h / 2))
    let k4 = slope(moved(s, k3, h))
    return s.indices.map { s[$0] + h / 6 * (k1[$0] + 2 * k2[$0] + 2 * k3[$0] + k4[$0]) }
  }
}

@Suite("Matrix exponentials per set of parameters") struct MatrixColumnsTests {
  @Test("STU-5: coupled equations with coefficients per neuron and no closed form are solved as an independent solution says")
  func independentSolution() throws {
    try withScope {
      let group = try makeCircle()
      try run(2 * ms)
      let values = [try group.x.values, try group.y.values, try group.z.values]
      for i in 0..<6 {
        let expected = solvedFinely(
          [1 + Double(i), -0.5 * Double(i), 0], a: 1 + Double(i % 3), b: 0.5 * Double(i % 3) - 0.25, c: -0.3 * Double(i % 2), d: 0.1 * Double(i), steps: 20)
        for (own, right) in zip(values.map { $0[i] }, expected) { #expect(abs(own - right) < 1e-12 * (1 + abs(right)), "element \(i)") }
      }
    }
  }

  @Test("STU-5: a coefficient per neuron gives the bits that the same constant gives")
  func sameAsConstants() throws {
    let all = try withScope {
      let group = try makeCircle()
      try run(1 * ms)
      return try group.z.values
    }
    for i in [2, 5] {
      let own = try withScope {
        let text = circle.replacing(" (constant)", with: "").split(separator: "\n").filter { !"abc".contains($0.first ?? " ") }.joined(separator: "\n")
        let names: Namespace = ["a": 1 + Double(i % 3), "b": 0.5 * Double(i % 3) - 0.25, "c": -0.3 * Double(i % 2)]
        let group = try NeuronGroup(1, Equations(text), method: .exact, namespace: names)
        try group.d.set(0.1 * Double(i))
        try group.x.set(1 + Double(i))
        try group.y.set(-0.5 * Double(i))
        try run(1 * ms)
        return try group.z.values[0]
      }
      #expect(own == all[i])
    }
  }

  @Test("STU-5, CKP-10: the numbers are made anew in each run and after a restore: split runs have the same bits, and no digest sees them")
  func splitRuns() throws {
    func made() throws -> (Network, NeuronGroup) {
      let group = try makeCircle()
      return (try Network(group), group)
    }
    let whole = try withScope {
      let (network, group) = try made()
      try network.run(3 * ms)
      return (try group.x.values, try network.digest)
    }
    let split = try withScope {
      let (network, group) = try made()
      try network.run(1.3 * ms)
      try network.store()
      try network.run(1 * ms)
      try network.restore()
      try network.run(0.2 * ms)
      try network.run(1.5 * ms)
      return (try group.x.values, try network.digest)
    }
    #expect(split.0 == whole.0 && split.1 == whole.1)
  }

  @Test("STU-5, NSP-6: parameters that change between two runs count in the second one")
  func changedParameters() throws {
    try withScope {
      let group = try makeCircle(count: 1)
      try run(1 * ms)
      let before = [try group.x.values[0], try group.y.values[0], try group.z.values[0]]
      try group.a.set(4)
      try run(1 * ms)
      let expected = solvedFinely(before, a: 4, b: -0.25, c: 0, d: 0, steps: 10)
      #expect(abs(try group.x.values[0] - expected[0]) < 1e-12)
    }
  }

  @Test("STU-5: coefficients that may change within a run are refused by name, and passed over by the automatic choice")
  func changingCoefficients() throws {
    try withScope {
      let text = circle.replacing("b : 1 (constant)", with: "b : 1")
      let group = try NeuronGroup(1, Equations(text), method: .exact)
      let error = #expect(throws: BrianObjectError.self) { try run(1 * ms) }
      let message = "\(try #require(error))"
      #expect(message.contains("no closed-form solution here, and 'b' may change during a run; parameters that do not change can be flagged (constant)"))
      _ = group
    }
  }

  @Test("STU-2, STU-5: a solution that does not exist for some element is refused with the element; the automatic choice then takes the next method")
  func notVerified() throws {
    let cable = """
      dx/dt = (y - x)/tau : 1
      dy/dt = (x - 3*y + z)/tau : 1
      dz/dt = (y - z - z)/tau : 1
      tau : second (constant)
      """
    try withScope {
      let group = try NeuronGroup(3, Equations(cable), method: .exact, name: "G")
      try group.tau <- "i*ms"
      let error = #expect(throws: BrianObjectError.self) { try run(1 * ms) }
      let message = "\(try #require(error))"
      #expect(message.contains("of element 0 is not a finite number"))
    }
    try withScope {
      let group = try NeuronGroup(3, Equations(cable), name: "G")
      try group.tau <- "i*ms"
      let (_, messages) = try Messages.capturing { try run(0 * ms) }
      #expect(group.stateUpdater.update?.methodName == "euler")
      #expect(messages.contains { $0.text.contains("using 'euler'") && $0.text.contains("element 0 is not a finite number") })
      try group.tau <- "(1 + i)*ms"
      try run(0 * ms)
      #expect(group.stateUpdater.update?.methodName == "exact" && group.stateUpdater.update?.matrices.count == 1)
    }
  }

  @Test("STU-5: a driven pair that is singular for some neurons only is solved for all of them")
  func singularPair() throws {
    try withScope {
      let text = "dv/dt = (-v + g*w + I)/ms : 1\ndw/dt = (v - w)/ms : 1\ng : 1 (constant)\nI : 1"
      let group = try NeuronGroup(2, Equations(text), method: .exact)
      try group.g <- "1 - 0.5*i"
      try group.I.set(1)
      try run(1 * ms)
      // For g = 1, v + w grows by I, and v − w relaxes with rate 2.
      let (v, w) = (try group.v.values, try group.w.values)
      #expect(abs(v[0] + w[0] - 1) < 1e-14)
      #expect(abs(v[0] - w[0] - (1 - 0.1353352832366127) / 2) < 1e-14)
      #expect(v[1].isFinite && v[1] < v[0])
    }
  }

  @Test("STU-5, REF-6: refractoriness holds a variable while the others go on, solved for both cases")
  func refractoriness() throws {
    try withScope {
      let text = circle.replacing("x + b*y + d)/ms : 1", with: "x + b*y + d)/ms : 1 (unless refractory)")
      let group = try NeuronGroup(1, Equations(text), threshold: "x > 0.9 and t < 0.05*ms", reset: "", refractory: 100 * ms, method: .exact)
      try group.a.set(1)
      try group.b.set(0.5)
      try group.x.set(1)
      try run(0.1 * ms)
      let held = try group.x.values[0]
      let before = try group.y.values[0]
      try run(1 * ms)
      #expect(try group.x.values[0] == held)
      // y' = 0.5 x − y with x standing still.
      let expected = 0.5 * held + (before - 0.5 * held) * 0.36787944117144233
      #expect(abs(try group.y.values[0] - expected) < 1e-14)
    }
  }

  @Test("STU-5, SYN-51: synapses may have such equations in every step; event-driven ones are refused with the reason")
  func synapses() throws {
    try withScope {
      let group = try NeuronGroup(2, "v : 1", threshold: "False", reset: "")
      let flagged = circle.replacing("ms : 1", with: "ms : 1 (clock-driven)")
      let S = try Synapses(group, group, Equations(flagged), method: .exact)
      try S.connect()
      try S.a <- "1 + i"
      try S.b <- "0.1*j"
      try S.x.set(1)
      try run(1 * ms)
      let expected = solvedFinely([1, 0, 0], a: 2, b: 0.1, c: 0, d: 0, steps: 10)
      #expect(abs(try S.y.values[3] - expected[1]) < 1e-12)
    }
    try withScope {
      let group = try NeuronGroup(2, "v : 1", threshold: "False", reset: "")
      let S = try Synapses(group, group, Equations(circle.replacing("ms : 1", with: "ms : 1 (event-driven)")), onPre: "x += 1")
      try S.connect()
      let error = #expect(throws: BrianObjectError.self) { try run(1 * ms) }
      let message = "\(try #require(error))"
      #expect(message.contains("'t - lastupdate' may change during a run") && message.contains("use the flag (clock-driven) instead"))
    }
  }

  @Test("STU-2: the chosen method is told once, by the first run, and only where there is something to integrate")
  func toldOnce() throws {
    try withScope {
      let G = try NeuronGroup(1, "dv/dt = -v/ms : 1", name: "G")
      let H = try NeuronGroup(1, "w : 1", name: "H")
      let network = try Network(G, H)
      let (_, messages) = try Messages.capturing {
        _ = try network.explanation()
        for _ in 0..<3 { try network.run(1 * ms) }
      }
      #expect(messages.map(\.category) == ["stateupdater.method_choice"])
      #expect(messages.first?.text.contains("'G'") == true)
    }
  }
}
