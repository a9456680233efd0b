import EngramCheckpoints
import EngramExpressions
import EngramMagic
import EngramScalars
import EngramUnits
import OrderedCollections
import Testing

@testable import EngramSimulation

@Suite("Variables") struct VariableTests {
  @Test("VAR-1, VAR-3: descriptions have name, dimension, type and flags, and no value") func descriptions() throws {
    let variable = try Variable("x", owner: nil)
    #expect(variable.dimension == .dimensionless && variable.scalarType == .float64 && variable.flags.isEmpty)
    #expect(throws: VariableError.dimensionalBoolean(name: "b", dimension: .voltage)) {
      try Variable("b", dimension: .voltage, type: .bool, owner: nil)
    }
    try withScope {
      let group = try TestGroup(1)
      try group.variables.addAuxiliaryVariable("xi", dimension: .voltage)
      #expect(throws: VariableError.noValue(name: "testgroup.xi")) { try group.xi.values }
      group.wasAdded = true
    }
  }

  @Test("VAR-2: constants are scalar, constant and read-only; their type follows the value") func constants() throws {
    let constant = try Constant("c", .integer(3), owner: nil)
    #expect(constant.isScalar && constant.isConstant && constant.isReadOnly && constant.scalarType == .int64)
    #expect(try Constant("c", .boolean(true), owner: nil).scalarType == .bool)
    #expect(try Constant("c", .float(1), owner: nil).scalarType == .float64)
  }

  @Test("VAR-4: arrays hold values; a scalar has one") func arrays() throws {
    try withScope {
      let group = try TestGroup(3)
      group.wasAdded = true
      #expect(throws: VariableError.scalarWithManyValues(name: "x", count: 2)) { try group.variables.addArray("x", count: 2, flags: .scalar) }
      let s = try #require(group.variables["s"] as? ArrayVariable)
      #expect(try s.item() == 0)
      let w = try #require(group.variables["w"] as? ArrayVariable)
      #expect(throws: SizeMismatchError.self) { try w.item() }
      try w.withMutableValues(of: Double.self) { values in for index in values.indices { values[index] = Double(index) } }
      #expect(try w.withValues(of: Double.self) { Array($0) } == [0, 1, 2])
      #expect(throws: TypeMismatchError(variable: "testgroup.w", expected: .float64, found: .float32)) {
        try w.withValues(of: Float.self) { _ in }
      }
    }
  }

  @Test("VAR-5: a condition for writing is boolean; model code respects it, assignments do not") func conditionalWrite() throws {
    try withScope {
      let group = try TestGroup(3)
      let v = try #require(group.variables["v"] as? ArrayVariable)
      let flag = try #require(group.variables["flag"] as? ArrayVariable)
      let w = try #require(group.variables["w"] as? ArrayVariable)
      #expect(throws: VariableError.conditionNotBoolean(name: "w", type: .float64)) { try v.setConditionalWrite(w) }
      try v.setConditionalWrite(flag)
      try group.flag <- [true, false, true]
      let network = try Network(group, try TestCode("v = 5*mV", for: group))
      try network.run(0.1 * ms)
      #expect(try group.v.values == [0.005, 0, 0.005])
      try group.v <- "1*mV"
      #expect(try group.v.values == [0.001, 0.001, 0.001])
    }
  }

  @Test("VAR-6: new elements of dynamic arrays are 0, also after shrinking and growing again") func dynamicArrays() throws {
    try withScope {
      let group = try TestGroup(1)
      group.wasAdded = true
      let array = try group.variables.addDynamicArray("d", count: 4)
      try array.withMutableValues(of: Double.self) { $0.update(repeating: 7) }
      try array.resize(to: 2)
      try array.resize(to: 5)
      #expect(try array.withValues(of: Double.self) { Array($0) } == [7, 7, 0, 0, 0])
      #expect(array.ndim == 1)
      let rows = try group.variables.addDynamicArray("rows", count: 2, rowLength: 3)
      #expect(rows.ndim == 2)
      try rows.resize(rows: 4)
      #expect(rows.count == 12)
      #expect(throws: VariableError.fixedRowLength(name: "testgroup.rows")) { try rows.resize(rows: 4, rowLength: 2) }
      #expect(throws: VariableError.constantWithReferenceUpdate(name: "c")) {
        try group.variables.addDynamicArray("c", flags: .constant, needsReferenceUpdate: true)
      }
    }
  }

  @Test("VAR-7, VAR-33: subexpressions are read-only and evaluated on access, with the namespace given") func subexpressions() throws {
    try withScope {
      let group = try TestGroup(2)
      group.wasAdded = true
      try group.variables.addSubexpression("double", ExpressionParser.parse("2*w*factor"))
      try group.w <- [1, 2]
      #expect(try group.double.whole.with(namespace: ["factor": 3.0]).values == [6, 12])
      #expect(throws: UnresolvedIdentifierError.self) { try group.double.values }
      #expect(throws: ReadOnlyVariableError(variable: "testgroup.double")) { try group.double.set(1) }
      #expect(throws: ReadOnlyVariableError.self) { try group.double += 1 }
    }
  }

  @Test("VAR-8, CPR-4: canonical type names") func typeNames() {
    #expect(ScalarType.allCases.map(\.rawValue).sorted() == ["bool", "float32", "float64", "int32", "int64"])
  }

  @Test("VAR-9: variables by owner") func byOwner() throws {
    try withScope {
      let group = try TestGroup(1)
      let part = try TestGroup(part: 0..<1, of: group)
      (group.wasAdded, part.wasAdded) = (true, true)
      #expect(part.variables.owned(by: part).map(\.name) == ["N", "i"])
      #expect(part.variables.owned(by: group).map(\.name) == ["v", "w", "n", "flag", "s"])
    }
  }

  @Test("VAR-12, VAR-13, VAR-14: containers know names and indices, and refuse duplicates and unknown references") func container() throws {
    try withScope {
      let group = try TestGroup(2)
      group.wasAdded = true
      let variables = group.variables
      #expect(variables.indexName(of: "v") == "_idx" && variables.indexName(of: "s") == "0" && variables.indexName(of: "nothing") == nil)
      #expect(throws: VariableError.duplicate(name: "v", owner: "testgroup")) { try variables.addArray("v", count: 2) }
      #expect(throws: VariableError.indexForScalar(name: "q")) { try variables.addArray("q", count: 1, flags: .scalar, access: .element) }
      #expect(throws: VariableError.unknownReference(owner: "testgroup", variable: "zzz")) { try variables.addReference("x", to: group, "zzz") }
      #expect(throws: SizeMismatchError.self) { try variables.addArray("x", count: 2, values: [1, 2, 3]) }
      #expect(throws: VariableError.objectNameWithoutUnderscore(name: "x")) { try variables.addObject("x", group) }
      try variables.addObject("_x", group)
      #expect(variables.object("_x") === group)
      let range = try variables.addArange("r", count: 3, start: 5)
      #expect(range.isReadOnly && range.isConstant && range.flags.contains(.unique) && range.scalarType == .int32)
      #expect((0..<3).map { range.value(at: $0) } == [5, 6, 7])
      try variables.addArrays(["p", "q"], count: 2)
      let event = try EventClock(times: [1 * ms])
      try variables.createClockVariables(event, prefix: "event_")
      #expect(variables.contains("event_t") && variables.contains("event_times") && !variables.contains("event_dt"))
      #expect(variables.contains("t_in_timesteps"))
      let before = variables["p"]
      try variables.addReference("p", to: group, "w")
      #expect(variables["p"] === before)
    }
  }

  @Test("VAR-14: a reference follows an index that changes, since nothing of it is computed beforehand; a place that is none is an error")
  func changingIndex() throws {
    try withScope {
      let source = try TestGroup(3)
      let target = try TestGroup(2)
      (source.wasAdded, target.wasAdded) = (true, true)
      try source.w <- [10, 20, 30]
      let place = try target.variables.addArray("place", type: .int32, count: 2, values: [2, 0])
      try target.variables.addReference("w_source", to: source, "w", access: .through([VariableAccess.IndexStep(place)]))
      #expect(try target.w_source.values == [30, 10])
      try target.place <- [1, 1]
      #expect(try target.w_source.values == [20, 20])
      try target.w <- "w_source + 1"
      #expect(try target.w.values == [21, 21])
      try target.place <- [0, 3]
      let error = #expect(throws: IndexError.self) { try target.w_source.values }
      #expect(error?.description.contains("3 is out of range for 3 elements") == true)
    }
  }

  @Test("VAR-15: a subexpression of another group keeps the meaning of its names") func foreignSubexpression() throws {
    try withScope {
      let source = try TestGroup(3, namespace: ["k": 10.0])
      let target = try TestGroup(2, namespace: ["k": 1.0])
      (source.wasAdded, target.wasAdded) = (true, true)
      try source.variables.addSubexpression("f", ExpressionParser.parse("k*w + i"))
      try source.w <- [1, 2, 3]
      let place = try target.variables.addArray("place", type: .int32, count: 2, values: [2, 0])
      try target.variables.addReference("f_source", to: source, "f", access: .through([VariableAccess.IndexStep(place)]))
      #expect(try target.f_source.values == [32, 10])
      try target.w <- "f_source + k"
      #expect(try target.w.values == [33, 11])
    }
  }
}

@Suite("Views") struct ViewTests {
  private func check(_ body: (TestGroup) throws -> Void) throws {
    try withScope {
      let group = try TestGroup(5)
      group.wasAdded = true
      try group.w <- "i * 1.0"
      try body(group)
    }
  }

  @Test("VAR-20: a view behaves like an array with a unit") func arrayLike() throws {
    try check { group in
      try group.v <- [1, 2, 3, 4, 5] * mV
      #expect(group.v.count == 5 && group.v.shape == [5] && group.v.ndim == 1)
      #expect(group.v.dimension == .voltage && group.v.unit.si == 1)
      #expect(group.v[2].si == 0.003)
      #expect(group.v.map(\.si) == [1, 2, 3, 4, 5].map { $0 * 0.001 })
      #expect(try (group.v + 1 * mV).si[0] == 0.002)
      #expect(try (group.v * 2).dimension == .voltage)
      #expect(try (group.v / group.v).dimension == .dimensionless)
      #expect(throws: DimensionMismatchError.self) { try group.v + 1 * ms }
      #expect(try (group.v .> 2.5 * mV) == [false, false, true, true, true])
      #expect(try group.w.dot([1, 1, 1, 1, 1]).si == 10)
      #expect(group.v.description.contains("testgroup.v"))
    }
  }

  @Test("VAR-21: kinds of indices; ranges are clipped, other indices must exist") func reading() throws {
    try check { group in
      #expect(try group.w[...].values == [0, 1, 2, 3, 4])
      #expect(try group.w[1..<3].values == [1, 2])
      #expect(try group.w[1...3].values == [1, 2, 3])
      #expect(try group.w[3...].values == [3, 4])
      #expect(try group.w[..<2].values == [0, 1])
      #expect(try group.w[3..<99].values == [3, 4])
      #expect(try group.w[7..<9].values == [])
      #expect(try group.w[-2..<5].values == [3, 4])
      #expect(try group.w.at(-1).si == 4)
      #expect(try group.w[[4, 0, 0]].values == [4, 0, 0])
      #expect(try group.w[[true, false, true, false, false]].values == [0, 2])
      #expect(throws: IndexError.self) { try group.w[[5]].values }
      #expect(throws: IndexError.self) { try group.w.at(-6) }
      #expect(throws: IndexError.self) { try group.w[[true]].values }
      let part = try TestGroup(part: 1..<3, of: group)
      part.wasAdded = true
      #expect(try group.w[part].values == [1, 2])
      #expect(try part.w.values == [1, 2])
      #expect(try part.i.values == [0, 1])
      #expect(throws: IndexError.self) { try part.w.at(2) }
    }
  }

  @Test("VAR-22: conditions know i, variables and external names; errors are reported") func conditions() throws {
    try check { group in
      let late = try group.w[where: "i > 2"].values
      #expect(late == [3, 4])
      let limited = try group.w[where: "w < limit and i != 0"].with(namespace: ["limit": 2.5]).values
      #expect(limited == [1, 2])
      #expect(throws: UnresolvedIdentifierError.self) { try group.w[where: "nothing > 2"].values }
      #expect(throws: Problems.self) { try group.w[where: "v > 2"].values }
      #expect(throws: Problems.self) { try group.w[where: "w + 1"].values }
    }
  }

  @Test("VAR-23: a shared variable has the full slice only") func shared() throws {
    try check { group in
      try group.s <- 3
      #expect(try group.s.value.si == 3)
      #expect(try group.s[...].values == [3])
      #expect(throws: IndexError.self) { try group.s[0..<1].values }
      #expect(throws: IndexError.self) { try group.s[where: "i == 0"].values }
      #expect(throws: IndexError.self) { try group.s[[1]].values }
    }
  }

  @Test("VAR-24, UNI-6: units are checked; a bare 0 fits any; sizes must agree") func writing() throws {
    try check { group in
      try group.v <- -70 * mV
      #expect(try group.v.values == Array(repeating: -0.07, count: 5))
      try group.v <- 0
      #expect(throws: DimensionMismatchError.self) { try group.v <- 1 }
      #expect(throws: DimensionMismatchError.self) { try group.v <- 1 * ms }
      try group.v[0..<3] <- [1, 2, 3] * mV
      #expect(try group.v.values == [0.001, 0.002, 0.003, 0, 0])
      #expect(throws: SizeMismatchError(variable: "testgroup.v", expected: 5, found: 3)) { try group.v <- [1, 2, 3] * mV }
      try group.v.setValues([5, 4, 3, 2, 1])
      #expect(try group.v.values == [5, 4, 3, 2, 1])
      try group.v[element: 1] <- 9 * mV
      #expect(try group.v.at(1).si == 9 * 0.001)
    }
  }

  @Test("VAR-25: formulas are evaluated per element; units must match") func formulas() throws {
    try check { group in
      try group.v <- "i*mV"
      #expect(try group.v.values == [0, 1, 2, 3, 4].map { $0 * 0.001 })
      try group.w <- "5 + i/N"
      #expect(try group.w.values == [5, 5.2, 5.4, 5.6, 5.8])
      #expect(throws: Problems.self) { try group.v <- "i*ms" }
      #expect(throws: Problems.self) { try group.v <- "0" }
      try group.v[where: "i >= 3"] <- "10*mV"
      #expect(try group.v[3...].values == [0.01, 0.01])
    }
  }

  @Test("VAR-25, RNG-1, RNG-6: draws differ between elements and assignments, and repeat with the seed") func draws() throws {
    func pair() throws -> ([Double], [Double]) {
      try withScope {
        seed(5)
        let group = try TestGroup(5)
        group.wasAdded = true
        try group.w <- "rand()"
        let first = try group.w.values
        try group.w <- "rand()"
        return (first, try group.w.values)
      }
    }
    let (first, second) = try pair()
    #expect(Set(first + second).count == 10)
    #expect(first.allSatisfy { (0..<1).contains($0) })
    #expect(try pair() == (first, second))
  }

  @Test("VAR-26: with a condition the value is single or a formula") func conditionWithArray() throws {
    try check { group in
      #expect(throws: IndexError.self) { try group.w[where: "i > 2"] <- [1, 2] }
      try group.w[where: "i > 2"] <- "i*2.0"
      #expect(try group.w.values == [0, 1, 2, 6, 8])
    }
  }

  @Test("VAR-27: the formula of a shared variable knows shared variables only") func sharedFormula() throws {
    try check { group in
      try group.s <- "3*2.0"
      #expect(try group.s.value.si == 6)
      try group.s <- "s + 1"
      #expect(try group.s.value.si == 7)
      #expect(throws: IndexError.self) { try group.s <- "w" }
    }
  }

  @Test("VAR-28: read-only variables are named", arguments: ["N", "i", "t", "dt", "t_in_timesteps"]) func readOnly(name: String) throws {
    try check { group in
      let error = #expect(throws: ReadOnlyVariableError.self) { try group.variable(name).set(1) }
      #expect(error?.variable == "testgroup.\(name)")
    }
  }

  @Test("VAR-29: what an integer cannot hold is refused, and nothing is assigned; formulas cut fractions where they say so; non-zero is true")
  func conversions() throws {
    try check { group in
      let before = try group.n.integers
      for values in [[1, 2, 0.5, 3, 4], [1, 2, 3, 4, 1e12], [1, 2, 3, .nan, 4], [1, 2, 3, -.infinity, 4]] {
        let error = #expect(throws: UnrepresentableValueError.self) { try group.n <- values }
        #expect("\(String(describing: error))".contains("testgroup.n"))
        #expect(try group.n.integers == before)
      }
      #expect(throws: (any Error).self) { try group.n <- "w*1.5" }
      #expect(try group.n.integers == before)
      try group.flag <- [0, 2, -1, 0.5, 0]
      #expect(try group.flag.values == [0, 1, 1, 1, 0])
      try group.n <- "int(w*1.5)"
      #expect(try group.n.integers == [0, 1, 3, 4, 6])
    }
  }

  @Test("VAR-30: in-place operators take numbers; formulas are pointed to <-") func inPlace() throws {
    try check { group in
      try group.w += 1
      try group.w *= 2
      try group.w -= [0, 1, 2, 3, 4]
      try group.w /= 2
      #expect(try group.w.values == [1, 1.5, 2, 2.5, 3])
      try group.w.floorDivide(by: 2)
      #expect(try group.w.values == [0, 0, 1, 1, 1])
      try group.w <- [-7, 7, 7.5, 0, 1]
      try group.w %= 2
      #expect(try group.w.values == [1, 1, 1.5, 0, 1])
      try group.w.raise(to: 2)
      #expect(try group.w.values == [1, 1, 2.25, 0, 1])
      try group.v += 1 * mV
      #expect(throws: DimensionMismatchError.self) { try group.v += 1 }
      #expect(throws: DimensionMismatchError.self) { try group.v *= 1 * mV }
      let error = #expect(throws: IndexError.self) { try group.w += ModelExpression("i") }
      #expect(error?.reason.contains("<-") == true)
      try group.w[1..<3] += 10
      #expect(try group.w.values == [1, 11, 12.25, 0, 1])
    }
  }

  @Test("VAR-31: an unknown name is met with a suggestion; attributes cannot take a variable's name") func unknownName() throws {
    try check { group in
      let error = #expect(throws: VariableError.self) { try group.vv <- 1 * mV }
      #expect(error == .unknownVariable(name: "vv", owner: "testgroup", nearest: "v"))
      #expect(throws: VariableError.self) { try group.variable("zzz") }
      #expect(throws: VariableError.nameTaken(name: "v", owner: "testgroup")) { try group.addAttribute("v") }
      try group.addAttribute("note")
      #expect(throws: VariableError.self) { try group.addAttribute("note") }
    }
  }

  @Test("VAR-32: names in a formula for a subgroup's elements mean the outer group, with a warning") func ambiguous() throws {
    try check { group in
      let part = try TestGroup(part: 2..<4, of: group)
      part.wasAdded = true
      let messages = try Messages.capturing { try group.w[part] <- "i*10.0" }.messages
      #expect(try group.w.values == [0, 1, 20, 30, 4])
      #expect(messages.map(\.category) == ["group.Group.set_with_expression.ambiguous_string_expression"])
      try part.w <- "i*10.0"
      #expect(try group.w.values == [0, 1, 0, 10, 4])
    }
  }

  @Test("VAR-34: constant parameters can be set between runs, but model code cannot write them") func constants() throws {
    try check { group in
      try group.variables.addArray("c", count: 5, flags: .constant)
      try group.c <- 3
      #expect(try group.c.values == [3, 3, 3, 3, 3])
      let network = try Network(group, try TestCode("c = 1", for: group))
      #expect(throws: BrianObjectError.self) { try network.run(0 * ms) }
    }
  }

  @Test("NET-41, NET-42: copies of states go out and come back") func states() throws {
    try check { group in
      let network = try Network(group)
      try group.v <- 3 * mV
      try group.variables.addArray("_hidden", count: 5)
      try group.variables.addSubexpression("sub", ExpressionParser.parse("w + 1"))
      let all = try network.states()
      #expect(all["testgroup"]?.values.keys.contains("N") == true)
      #expect(all["testgroup"]?.values.keys.contains("_hidden") == false)
      #expect(all["testgroup"]?.si("sub") == nil)
      #expect(try network.states(subexpressions: true)["testgroup"]?.si("sub") == [1, 2, 3, 4, 5])
      #expect(throws: ReadOnlyVariableError.self) { try network.setStates(all) }
      let writable = try network.states(readOnly: false)
      try group.v <- 0
      try network.setStates(writable)
      #expect(try group.v.values == Array(repeating: 0.003, count: 5))
      var unknown = NetworkStates()
      unknown["nobody"] = ObjectStates()
      #expect(throws: NetworkError.self) { try network.setStates(unknown) }
      var plain = NetworkStates()
      plain["testgroup"] = ObjectStates(["v": .plain([1, 2, 3, 4, 5])])
      #expect(throws: DimensionMismatchError.self) { try network.setStates(plain) }
      try network.setStates(plain, units: false)
      #expect(try group.v.values == [1, 2, 3, 4, 5])
    }
  }
}
