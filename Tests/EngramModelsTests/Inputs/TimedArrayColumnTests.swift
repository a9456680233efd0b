import EngramEquations
import EngramExpressions
import EngramMagic
import EngramModels
import EngramScalars
import EngramSimulation
import EngramUnits
import Testing

@Suite("Columns of timed arrays") struct TimedArrayColumnTests {
  @Test("INP-23: a column that does not exist is an error where it is known before the run, and ends the run with the element where it is not") func columns()
    throws
  {
    try withScope {
      let table = try TimedArray([[1, 2] * mV, [3, 4] * mV], dt: 1 * ms, name: "table")
      #expect(throws: InputError.self) { try table(0 * ms, 2) }
      #expect(throws: InputError.self) { try table(0 * ms, -1) }
      #expect(try table(1.5 * ms, 1).si == 4e-3)
      for call in ["table(t, i)", "table(t, 2)", "table(t, -1)"] {
        try withScope {
          let fixed = try NeuronGroup(3, "w : volt", namespace: ["table": table], name: "fixed")
          try fixed.runRegularly("w = \(call)")
          let error = #expect(throws: BrianObjectError.self) { try run(0.1 * ms) }
          #expect(error?.underlying is FunctionCallError, "\(call): \(String(describing: error))")
        }
      }
      let free = try NeuronGroup(3, "k : integer\nw : volt\nx : volt", namespace: ["table": table])
      try free.k <- [0, 1, 7]
      try free.runRegularly("w = table(t, k); x = table(t, 1)")
      let error = #expect(throws: BrianObjectError.self) { try run(0.1 * ms) }
      #expect("\(error.map { "\($0)" } ?? "")".contains("element 2") && "\(error.map { "\($0)" } ?? "")".contains("column 7"))
      try MagicScope.current.network.acceptPartialStep()
      try free.k <- [0, 1, 1]
      try run(0.1 * ms)
      #expect(try free.w.values == [1e-3, 2e-3, 2e-3])
      #expect(try free.x.values == [2e-3, 2e-3, 2e-3])
    }
  }
}
