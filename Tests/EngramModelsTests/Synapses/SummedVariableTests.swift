import EngramEquations
import EngramExpressions
import EngramMagic
import EngramMessageTestSupport
import EngramScalars
import EngramSimulation
import EngramUnits
import Testing

@testable import EngramModels

@Suite("Summed variables", .expecting("base.unused_brian_object", "synapses.different_dt")) struct SummedVariableTests {
  @Test("SYN-70: a sum is computed at every step of its target, whatever the clocks of the synapses and the other end")
  func clockOfTheTarget() throws {
    try withScope {
      try defaultClock.setDt(1 * ms)
      let A = try NeuronGroup(1, "dx/dt = 1/ms : 1", method: .named(.euler), dt: 0.1 * ms)
      let B = try NeuronGroup(1, "s : 1", dt: 0.1 * ms)
      let C = try NeuronGroup(1, "z : 1\ns : 1 (linked)", dt: 0.1 * ms)
      try C.link("s", to: B.s)
      try C.runRegularly("z += s", every: 0.1 * ms, when: .end)
      let S = try Synapses(A, B, "s_post = x_pre : 1 (summed)")
      try S.connect()
      try run(2 * ms)
      // The sum of 0, 0.1, …, 1.9.
      #expect(abs(try C.z.values[0] - 19) < 1e-9)
    }
  }

  @Test("SYN-70: after a change of the target's dt the sum keeps its step")
  func changedStep() throws {
    try withScope {
      let A = try NeuronGroup(1, "x : 1")
      let B = try NeuronGroup(1, "s : 1", dt: 0.2 * ms)
      try A.runRegularly("x += 1")
      let S = try Synapses(A, B, "s_post = x_pre : 1 (summed)")
      try S.connect()
      let M = try StateMonitor(B, "s", record: true, dt: 0.1 * ms, when: .end)
      try run(0.4 * ms)
      try (B.clock as? Clock)?.setDt(0.1 * ms)
      try run(0.3 * ms)
      #expect(try M["s"].row(0) == [1, 1, 3, 3, 5, 6, 7])
    }
  }

  @Test("SYN-70, COD-9: terms have the declared type, the sum becomes what the target is, and only the sum is cut")
  func types() throws {
    try withScope {
      let A = try NeuronGroup(3, "x : 1")
      try A.x <- 0.6
      let B = try NeuronGroup(2, "n : integer\nf : 1\nb : boolean")
      let S = try Synapses(A, B, "n_post = x_pre : 1 (summed)\nf_post = 1.9*x_pre : integer (summed)\nb_post = i - 1 : integer (summed)")
      try S.connect()
      try run(0.1 * ms)
      // 3 · 0.6 = 1.8 is cut to 1; 1.14 is cut to 1 three times; -1 + 0 + 1 is 0.
      #expect(try B.n.values == [1, 1] && B.f.values == [3, 3] && B.b.values == [0, 0])
    }
  }

  @Test("SYN-71: a linked variable cannot be the target of a sum: its values belong to another group")
  func linkedTarget() throws {
    try withScope {
      let A = try NeuronGroup(2, "x : 1")
      let B = try NeuronGroup(2, "y : 1 (linked)")
      try B.link("y", to: A.x)
      #expect(throws: SynapseError.self) { try Synapses(A, B, "y_post = x_pre : 1 (summed)") }
    }
  }

  @Test("SYN-52: a sum cannot read event-driven variables, also through subexpressions, nor can what is constant over dt; nor the reverse")
  func eventDriven() throws {
    try withScope {
      let A = try NeuronGroup(3, "x : 1\ny : 1", threshold: "x > 1", reset: "x = 0")
      for model: Equations in [
        "ds/dt = -s/(3*ms) : 1 (event-driven)\nx_post = s : 1 (summed)",
        "ds/dt = -s/(3*ms) : 1 (event-driven)\nq = 2*s + 1 : 1\nx_post = q*w : 1 (summed)\nw : 1",
        "ds/dt = -s/(3*ms) : 1 (event-driven)\nx_pre = s : 1 (summed)",
        "ds/dt = -s/(3*ms) : 1 (event-driven)\nheld = s : 1 (constant over dt)",
        "ds/dt = (x_post - s)/(3*ms) : 1 (event-driven)\nx_post = 1 : 1 (summed)",
        "ds/dt = (y - s)/(3*ms) : 1 (event-driven)\ny_post = 1 : 1 (summed)",
        "ds/dt = (held - s)/(3*ms) : 1 (event-driven)\nheld = t/ms : 1 (constant over dt)",
      ] {
        #expect(throws: EquationError.self, "\(model)") { try Synapses(A, A, model, onPre: "s += 1") }
      }
      let error = #expect(throws: EquationError.self) {
        try Synapses(A, A, "ds/dt = -s/(3*ms) : 1 (event-driven)\nq = 2*s : 1\nx_post = q : 1 (summed)", onPre: "s += 1")
      }
      #expect(error?.description.contains("the summed variable 'x_post' depends on the event-driven variable 's' (through 'q')") == true)
      _ = try Synapses(A, A, "ds/dt = -s/(3*ms) : 1 (clock-driven)\nx_post = s : 1 (summed)", onPre: "s += 1")
    }
  }
}
