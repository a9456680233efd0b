import EngramExpressions
import EngramMagic
import EngramScalars
import EngramUnits
import Testing

@testable import EngramSimulation

/// Expected values: numpy's of the same arrays, in SI units.
@Suite("Arithmetic with variables") struct ArrayArithmeticTests {
  private func check(_ body: (TestGroup) throws -> Void) throws {
    try withScope {
      let group = try TestGroup(4)
      group.wasAdded = true
      try group.v <- [-7, 2, 3, 12] * mV
      try group.w <- [-7, 2, 3, 12]
      try group.n <- [-7, 2, 3, 12]
      try body(group)
    }
  }

  private func expect(
    _ found: QuantityArray, _ values: [Double], _ dimension: Dimension, _ comment: Comment? = nil, at place: Testing.SourceLocation = #_sourceLocation
  ) {
    #expect(found.dimension == dimension, comment, sourceLocation: place)
    let isClose = found.count == values.count && zip(found.si, values).allSatisfy { abs($0 - $1) <= 1e-15 * max(1, abs($1)) }
    #expect(isClose, "\(found.si), not \(values)", sourceLocation: place)
  }

  @Test("VAR-20: numbers, quantities and arrays may stand on either side of a variable") func bothSides() throws {
    try check { group in
      try expect(2 * group.v, [-0.014, 0.004, 0.006, 0.024], .voltage)
      try expect(group.v * 2, [-0.014, 0.004, 0.006, 0.024], .voltage)
      try expect(-group.v, [0.007, -0.002, -0.003, -0.012], .voltage)
      try expect(1 * mV + group.v, [-0.006, 0.003, 0.004, 0.013], .voltage)
      try expect(1 * mV - group.v, [0.008, -0.001, -0.002, -0.011], .voltage)
      try expect(2 * second * group.v, [-0.014, 0.004, 0.006, 0.024], (1 * second * volt).dimension)
      try expect(6 / group.w, [6.0 / -7, 3, 2, 0.5], .dimensionless)
      try expect(12 * mV / group.v, [12.0 / -7, 6, 4, 1], .dimensionless)
      try expect([1, 2, 3, 4] + group.w, [-6, 4, 6, 16], .dimensionless)
      try expect([1.0, 2, 3, 4] * mV + group.v, [-0.006, 0.004, 0.006, 0.016], .voltage)
      try expect(group.v + group.v, [-0.014, 0.004, 0.006, 0.024], .voltage)
      try expect(group.v * group.w, [0.049, 0.004, 0.009, 0.144], .voltage)
      let factor: Float = 0.5
      try expect(factor * group.w, [-3.5, 1, 1.5, 6], .dimensionless)
    }
  }

  @Test("VAR-20: remainders have the sign of the divisor, floor division rounds down, powers raise the unit") func remainders() throws {
    try check { group in
      try expect(group.w % 5, [3, 2, 3, 2], .dimensionless)
      try expect(group.w % -5, [-2, -3, -2, -3], .dimensionless)
      try expect(10 % group.w, [-4, 0, 1, 10], .dimensionless)
      try expect(group.v % (5 * mV), [0.003, 0.002, 0.003, 0.002], .voltage)
      try expect(group.w.floorDivided(by: 5), [-2, 0, 0, 2], .dimensionless)
      try expect(group.w ** 2, [49, 4, 9, 144], .dimensionless)
      try expect(group.v ** 2, [49e-6, 4e-6, 9e-6, 144e-6], Dimension.voltage * .voltage)
      try expect(-group.w ** 2, [49, 4, 9, 144], .dimensionless, "the minus in front goes first")
    }
  }

  @Test("VAR-20: results go on being calculated with, and can be assigned") func chains() throws {
    try check { group in
      try expect(2 * group.v + 1 * mV, [-0.013, 0.005, 0.007, 0.025], .voltage)
      try expect((group.v - 1 * mV) / (2 * mV) + group.w, [-11, 2.5, 4, 17.5], .dimensionless)
      try expect((group.w * 2) - (group.w * 3), [7, -2, -3, -12], .dimensionless)
      try group.v <- 2 * group.v + 1 * mV
      try expect(group.v.quantities, [-0.013, 0.005, 0.007, 0.025], .voltage)
    }
  }

  @Test("VAR-20, VAR-24: other units and lengths that do not fit are errors, with the names of the variables") func misfits() throws {
    try check { group in
      #expect(throws: DimensionMismatchError.self) { try 1 * ms + group.v }
      #expect(throws: DimensionMismatchError.self) { try 1 - group.v }
      #expect(throws: DimensionMismatchError.self) { try group.v % 2 }
      #expect(throws: DimensionMismatchError.self) { try 2 .< group.v }
      #expect(throws: DimensionMismatchError.self) { try group.v + group.w }
      #expect(throws: DimensionMismatchError.self) { try (group.w * 2) + group.v }
      let error = #expect(throws: SizeMismatchError.self) { try [1, 2, 3] + group.w }
      #expect(error?.description.contains("testgroup.w") == true)
      #expect(throws: VariableError.self) { try 2 * group.nothing }
      #expect(throws: VariableError.self) { try -group.nothing }
      try expect(0 + group.v, [-0.007, 0.002, 0.003, 0.012], .voltage, "zero fits every unit")
      #expect(throws: IndexError.self) { try group.w + ModelExpression("i") }
    }
  }

  @Test("VAR-20: comparisons give one answer per element, from either side") func comparisons() throws {
    try check { group in
      let above = try 2 * mV .< group.v
      #expect(above == [false, false, true, true])
      #expect(try (group.v .<= 2 * mV) == [true, true, false, false])
      #expect(try (3 .== group.n) == [false, false, true, false])
      #expect(try (group.n .!= [0, 2, 0, 12]) == [true, false, true, false])
      #expect(try (group.v[1...] .>= group.v[..<3]) == [true, true, true])
    }
  }

  @Test("VAR-20, FUN-11: functions take what has no unit, the root halves it, the magnitude keeps it") func functions() throws {
    try check { group in
      try expect(exp(group.w[1..<3]), [7.38905609893065, 20.085536923187668], .dimensionless)
      try expect(exp(group.v[1..<3] / (1 * mV)), [7.38905609893065, 20.085536923187668], .dimensionless)
      try expect(sqrt(group.v * group.v), [0.007, 0.002, 0.003, 0.012], .voltage)
      try expect(abs(group.v), [0.007, 0.002, 0.003, 0.012], .voltage)
      let error = #expect(throws: DimensionMismatchError.self) { try exp(group.v) }
      #expect(error?.description.contains("'exp'") == true && error?.description.contains("testgroup.v") == true)
      #expect(throws: DimensionMismatchError.self) { try sin(group.v) }
    }
  }

  @Test("VAR-21, VAR-24: single elements are assigned by their index, also from the end") func elements() throws {
    try check { group in
      try group.v[0] <- -70 * mV
      try group.v[-1] <- "2*mV"
      try group.v[1] += 1 * mV
      try expect(group.v.quantities, [-0.07, 0.003, 0.003, 0.002], .voltage)
      let value = group.v[1]
      #expect(value.si == 0.003)
      #expect(throws: IndexError.self) { try group.v[4] <- 0 }
      #expect(throws: DimensionMismatchError.self) { try group.v[0] <- 1 * ms }
      #expect(try group.v.values[0] == -0.07)
    }
  }

  @Test("VAR-21: every so many elements, forwards and backwards, as slices with a step; numbers of a stride must exist") func strides() throws {
    try check { group in
      #expect(try group.w[every: 2].values == [-7, 3])
      #expect(try group.w[every: -1].values == [12, 3, 2, -7])
      #expect(try group.w[1..<4, every: 2].values == [2, 12])
      #expect(try group.w[1..., every: -2].values == [12, 2])
      #expect(try group.w[0..<99, every: 3].values == [-7, 12])
      #expect(try group.w[every: .max].values == [-7] && group.w[every: .min].values == [12])
      #expect(throws: IndexError.self) { try group.w[every: 0].values }
      #expect(try group.w[stride(from: 3, through: 1, by: -2)].values == [12, 2])
      #expect(try group.w[stride(from: 0, to: 4, by: 3)].values == [-7, 12])
      #expect(throws: IndexError.self) { try group.w[stride(from: 0, to: .max, by: 1)].values }
      try group.w[every: 2] <- 0
      #expect(try group.w.values == [0, 2, 0, 12])
      #expect(throws: IndexError.self) { try group.s[every: 1].values }
    }
  }

  @Test("VAR-24: arrays of quantities, of other numbers and of other variables can be assigned") func assignable() throws {
    try check { group in
      try group.v <- (1...4).map { Double($0) * mV }
      try expect(group.v.quantities, [0.001, 0.002, 0.003, 0.004], .voltage)
      try group.v <- (1...4).map { Quantity(Double($0), .voltage) }
      #expect(try group.v.values == [1, 2, 3, 4])
      #expect(throws: DimensionMismatchError.self) { try group.v <- [Quantity(1, .voltage), Quantity(1, .time), Quantity(0), Quantity(0)] }
      let floats: [Float] = [0.5, 1.5, 2.5, 3.5]
      try group.w <- floats
      #expect(try group.w.values == [0.5, 1.5, 2.5, 3.5])
      let whole: [Int32] = [4, 3, 2, 1]
      try group.n <- whole
      #expect(try group.n.integers == [4, 3, 2, 1])
      try group.w <- Float(2)
      try group.v[..<2] <- group.v[2...]
      #expect(try group.v.values == [3, 4, 3, 4] && group.w.values == [2, 2, 2, 2])
    }
  }

  @Test("FUN-26: a symbolic constant is a value of a namespace, under any name or its own") func symbolicConstants() throws {
    try check { group in
      let golden = SymbolicConstant("golden", 1.618033988749895)
      try group.w[...].set("golden*i", namespace: ["golden": golden])
      #expect(try group.w.values == [0, 1, 2, 3].map { $0 * 1.618033988749895 })
      let names = Namespace([golden, .e])
      #expect(names.names == ["golden", "e"] && names["golden"] == .quantity(Quantity(1.618033988749895)))
      try group.w[...].set("golden", namespace: Namespace([golden]))
      #expect(try group.w.values == [Double](repeating: 1.618033988749895, count: 4))
    }
  }
}
