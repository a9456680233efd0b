import EngramExpressions
import EngramMagic
import EngramMessageTestSupport
import EngramScalars
import EngramUnits
import OrderedCollections
import Testing

@testable import EngramSimulation

/// Values that come from outside are taken as they are or refused (MDL-20, VAR-29).
@Suite("Values that are assigned", .expecting("base.unused_brian_object")) struct AssignedValueTests {
  @Test("MDL-20, VAR-29: an integer variable refuses fractions, NaN, infinity and what is out of range, and stays as it was")
  func integers() throws {
    try withScope {
      let group = try TestGroup(3)
      group.wasAdded = true
      try group.n <- [1, 2, 3]
      let refused: [() throws -> Void] = [
        { try group.n <- 2.7 }, { try group.n <- 3e9 }, { try group.n <- Double.nan }, { try group.n <- -Double.infinity },
        { try group.n <- 3_000_000_000 }, { try group.n <- [1, 2, 2.5] }, { try group.n <- "1.7*i" }, { try group.n <- "3000000000 + i" },
        { try group.n <- "1e30" }, { try group.n[1...] <- "i/0.0" }, { try group.n[element: 0] <- 0.5 }, { try group.n.setValues([0, 0, 1e10]) },
        { try group.n.setValues(.nan) }, { try group.n += 0.5 }, { try group.n /= 2 }, { try group.n *= 2_000_000_000 },
        { try group.n.raise(to: 0.5) }, { try group.setStates(ObjectStates(["n": .plain([1.5, 0, 0])]), units: false) },
      ]
      for (number, assignment) in refused.enumerated() {
        #expect(throws: UnrepresentableValueError.self, "number \(number)") { try assignment() }
        #expect(try group.n.values == [1, 2, 3], "number \(number)")
      }
      let error = #expect(throws: UnrepresentableValueError.self) { try group.n <- [7, 2.5, 3] }
      #expect(
        error?.description
          == "'testgroup.n' is an integer and cannot hold 2.5: give a whole number, or cut the fraction with int(…) in an expression (for element 1)")
      #expect(throws: UnrepresentableValueError.self) { try group.variables.addArray("bad", type: .int32, count: 1, values: [1e12]) }
    }
  }

  @Test("MDL-20, VAR-29: whole numbers of any form are taken, and int() cuts; booleans take what is not 0 for true")
  func accepted() throws {
    try withScope {
      let group = try TestGroup(3)
      group.wasAdded = true
      try group.n <- 1e3
      #expect(try group.n.values == [1000, 1000, 1000])
      try group.n <- "int(1.7*i)"
      #expect(try group.n.integers == [0, 1, 3])
      try group.n <- "i*2.0"
      #expect(try group.n.integers == [0, 2, 4])
      try group.n <- "i > 0"
      #expect(try group.n.integers == [0, 1, 1])
      try group.n <- -2_147_483_648
      #expect(try group.n.integers == [-2_147_483_648, -2_147_483_648, -2_147_483_648])
      try group.flag <- [2.5, 0, -1]
      #expect(try group.flag.values == [1, 0, 1])
      #expect(throws: UnrepresentableValueError.self) { try group.flag <- Double.nan }
    }
  }

  @Test("VAR-29: integers of 64 bits are exact as text and when read; a Swift integer that no double holds is refused with the remedy")
  func longIntegers() throws {
    try withScope {
      let group = try TestGroup(2)
      group.wasAdded = true
      try group.variables.addArray("m", type: .int64, count: 2)
      try group.m <- "9007199254740993 + i"
      #expect(try group.m.integers == [9_007_199_254_740_993, 9_007_199_254_740_994])
      let error = #expect(throws: InexactIntegerError.self) { try group.m <- 9_007_199_254_740_993 }
      #expect(error?.description.contains("write it as an expression") == true)
      #expect(throws: InexactIntegerError.self) { try group.m <- [1, 9_007_199_254_740_993] }
      #expect(throws: UnrepresentableValueError.self) { try group.m <- 1e19 }
      #expect(try group.m.integers == [9_007_199_254_740_993, 9_007_199_254_740_994])
    }
  }

  @Test("VAR-29: a float of 32 bits refuses a number that it could only hold as infinity")
  func shortFloats() throws {
    try withScope {
      let group = try TestGroup(2)
      try group.variables.addArray("f", type: .float32, count: 2)
      #expect(throws: UnrepresentableValueError.self) { try group.f <- 1e300 }
      try group.f <- Double.infinity
      #expect(try group.f.values == [.infinity, .infinity])
    }
  }

  @Test("VAR-24: what cannot be read cannot be assigned, and the reason is that of the reading")
  func failingSource() throws {
    try withScope {
      let group = try TestGroup(2)
      let error = #expect(throws: VariableError.self) { try group.w <- group.nothing }
      #expect(error == .unknownVariable(name: "nothing", owner: "testgroup", nearest: nil))
      #expect(throws: VariableError.self) { try group.w += group.nothing }
      #expect(throws: VariableError.self) { _ = try group.w + group.nothing }
    }
  }

  @Test("VAR-21: bounds from the end: -3 ..< -1 is two elements, -3 ... -1 the last three")
  func negativeBounds() throws {
    try withScope {
      let group = try TestGroup(5)
      group.wasAdded = true
      try group.w <- [0, 1, 2, 3, 4]
      #expect(try group.w[-3 ..< -1].values == [2, 3])
      #expect(try group.w[..<(-1)].values == [0, 1, 2, 3])
      #expect(try group.w[-3 ... -2].values == [2, 3])
      #expect(try group.w[-3 ... -1].values == [2, 3, 4])
      #expect(try group.w[(-2)...].values == [3, 4])
    }
  }

  @Test("COD-9: a formula declared with another type than it computes reads as what it was declared, in views, conditions and other formulas")
  func declaredFormulas() throws {
    try withScope {
      let group = try TestGroup(4)
      group.wasAdded = true
      func add(_ name: String, _ text: String, _ type: ScalarType) throws {
        try group.variables.addSubexpression(name, ExpressionParser.parse(text), type: type)
      }
      try add("x", "i", .float64)
      try add("a", "1.7*i", .int32)
      try add("low", "-1.7*i", .int32)
      try add("b", "a/2", .float64)
      #expect(try group.x.values == [0, 1, 2, 3] && group.a.values == [0, 1, 3, 5] && group.low.values == [0, -1, -3, -5])
      #expect(try group.a.integers == [0, 1, 3, 5])
      #expect(try group.b.values == [0, 0.5, 1.5, 2.5])
      #expect(try group.w[where: "a == 3"].elements() == [2])
      try group.w <- "a + 0.5"
      #expect(try group.w.values == [0.5, 1.5, 3.5, 5.5])
      try group.n <- "a"
      #expect(try group.n.integers == [0, 1, 3, 5])
      let f = try Function("f", arguments: [FunctionArgument("n", type: .integer)], returns: .dimensionless) { $0[$0.startIndex] * 10 }
      try group.w.set("f(a)", namespace: ["f": f])
      #expect(try group.w.values == [0, 10, 30, 50])
    }
  }
}
