import CEngramMath
import EngramTestSupport
import Testing

/// One suite, one at a time: the instruction set is chosen for the whole process.
@Suite("Instruction sets, blocks and domains", .serialized) struct InstructionSetTests {
  static let unary: [(engram_opcode, @Sendable (Double) -> Double)] = [
    (ENGRAM_EXP, { engram_exp($0) }), (ENGRAM_EXPM1, { engram_expm1($0) }), (ENGRAM_EXPREL, { engram_exprel($0) }),
    (ENGRAM_LOG, { engram_log($0) }), (ENGRAM_LOG10, { engram_log10($0) }), (ENGRAM_LOG1P, { engram_log1p($0) }),
    (ENGRAM_SIN, { engram_sin($0) }), (ENGRAM_COS, { engram_cos($0) }), (ENGRAM_TAN, { engram_tan($0) }),
    (ENGRAM_ASIN, { engram_asin($0) }), (ENGRAM_ACOS, { engram_acos($0) }), (ENGRAM_ATAN, { engram_atan($0) }),
    (ENGRAM_SINH, { engram_sinh($0) }), (ENGRAM_COSH, { engram_cosh($0) }), (ENGRAM_TANH, { engram_tanh($0) }),
    (ENGRAM_FLOOR, { $0.rounded(.down) }), (ENGRAM_CEIL, { $0.rounded(.up) }), (ENGRAM_TRUNC, { $0.rounded(.towardZero) }),
    (ENGRAM_SQRT, { $0.squareRoot() }), (ENGRAM_ABS, { $0.magnitude }), (ENGRAM_NEG, { -$0 }),
    (ENGRAM_ROUND_FLOAT32, { Double(Float($0)) }),
  ]
  static let binary: [(engram_opcode, @Sendable (Double, Double) -> Double)] = [
    (ENGRAM_POW, { engram_pow($0, $1) }), (ENGRAM_FLOOR_MOD, { engram_floor_mod($0, $1) }),
    (ENGRAM_FLOOR_DIV, { engram_floor_div($0, $1) }), (ENGRAM_ADD, { $0 + $1 }), (ENGRAM_SUB, { $0 - $1 }),
    (ENGRAM_MUL, { $0 * $1 }), (ENGRAM_DIV, { $0 / $1 }),
  ]

  /// Ordinary numbers, random bit patterns and edges, mixed.
  static func arguments(_ count: Int, seed: UInt64) -> [Double] {
    var generator = SplitMix(state: seed)
    let edges: [Double] = [
      0, -0.0, 1, -1, 0.5, .infinity, -.infinity, .nan, 709.8, 716.5, -745.2, 1e22, 823549.5, .leastNonzeroMagnitude,
      .leastNormalMagnitude, .greatestFiniteMagnitude, 0x1p51, 0x1p52 + 1, -0x1p53, 2.5, -2.5, 0x1p63, -0x1p63,
    ]
    return (0..<count).map { i in
      switch i % 4 {
      case 0: .random(in: -5...5, using: &generator)
      case 1: .random(in: -1...1, using: &generator)
      case 2: i < count / 2 ? .random(in: -750...750, using: &generator) : Double(bitPattern: generator.next())
      default: i < count / 2 ? .random(in: 0...100, using: &generator) : edges[Int.random(in: 0..<edges.count, using: &generator)]
      }
    }
  }

  /// Runs `body` with each instruction set this processor has; the widest remains.
  func withEverySet(_ body: (String) throws -> Void) rethrows {
    for name in instructionSets where engram_force_instruction_set(name) {
      #expect(String(cString: engram_instruction_set()) == name)
      try body(name)
    }
  }

  @Test("COD-13: there is always a baseline, and unknown sets are refused")
  func names() {
    #expect(engram_force_instruction_set("baseline"))
    #expect(!engram_force_instruction_set("abacus"))
    #expect(String(cString: engram_instruction_set()) == "baseline")
    withEverySet { _ in }
  }

  @Test("COD-13: functions of one number give the same bits from every instruction set, block and domain as alone")
  func unaryFunctions() {
    let count = 1100
    let values = Self.arguments(count, seed: 1)
    let list = (0..<count).map { Int32(($0 * 37) % count) }
    for (opcode, body) in Self.unary {
      let expected = values.map { canonicalBits(body($0)) }
      let machine = TestMachine(
        [instruction(ENGRAM_LOAD_ALIAS, 0, 0), instruction(opcode, 1, 0)], registers: 2, columns: [TestColumn(values)])
      withEverySet { name in
        func same(_ lanes: [UInt64], _ wanted: [UInt64]) -> Bool {
          zip(lanes, wanted).allSatisfy { canonicalBits(Double(bitPattern: $0)) == $1 }
        }
        #expect(same(machine.evaluate(0..<count, 1), expected), "\(opcode), \(name)")
        #expect(same(machine.evaluate(3..<18, 1), Array(expected[3..<18])), "\(opcode), \(name), part")
        #expect(same(machine.evaluate(indices: list, 1), list.map { expected[Int($0)] }), "\(opcode), \(name), list")
      }
    }
  }

  @Test("COD-13: functions of two numbers give the same bits from every instruction set and operand form as alone")
  func binaryFunctions() {
    let count = 1037
    let x = Self.arguments(count, seed: 2), y = Self.arguments(count, seed: 3).reversed() as [Double]
    for (opcode, body) in Self.binary {
      for fixed in [2.5, -0.0, .nan, 1e300, 3] as [Double] {
        let machine = TestMachine(
          [
            instruction(ENGRAM_LOAD_ALIAS, 0, 0), instruction(ENGRAM_LOAD, 1, 1), instruction(opcode, 2, 0, 1),
            instruction(opcode, 3, 0, uniform(0)), instruction(opcode, 4, uniform(0), 1), instruction(opcode, 5, uniform(0), uniform(0)),
            instruction(opcode, 1, 0, 1),  // in place
          ], registers: 6, columns: [TestColumn(x), TestColumn(y)], scalars: [fixed.bitPattern])
        withEverySet { name in
          func check(_ register: Int32, _ wanted: (Int) -> Double) {
            let lanes = machine.evaluate(0..<count, register)
            let wrong = lanes.indices.first { canonicalBits(Double(bitPattern: lanes[$0])) != canonicalBits(wanted($0)) }
            #expect(wrong == nil, "\(opcode), \(name), register \(register): \(wrong.map { (x[$0], y[$0]) } ?? (0, 0))")
          }
          check(2) { body(x[$0], y[$0]) }
          check(3) { body(x[$0], fixed) }
          check(4) { body(fixed, y[$0]) }
          check(5) { _ in body(fixed, fixed) }
          check(1) { body(x[$0], y[$0]) }
        }
      }
    }
  }

  @Test("COD-13: two operations in one pass round twice, in every operand form and instruction set", arguments: pairs)
  func pairsOfOperations(number: UInt32) {
    let opcode = engram_opcode(rawValue: number)
    let count = 533
    let columns = [5, 6, 7].map { Self.arguments(count, seed: $0) }
    let fixed = [0.001, -3, 1e300]
    // Operand k is column k, or uniform where bit k of the form is set.
    for form in 0..<7 {
      let operands = (0..<3).map { form >> $0 & 1 == 1 ? uniform(Int32($0)) : Int32($0) }
      let loads = (0..<3).map { instruction(ENGRAM_LOAD_ALIAS, Int32($0), Int32($0)) }
      let machine = TestMachine(
        loads + [instruction(opcode, 3, operands[0], operands[1], operands[2])], registers: 4, columns: columns.map { TestColumn($0) },
        scalars: fixed.map(\.bitPattern))
      let expected = (0..<count).map { i in
        let x = (0..<3).map { form >> $0 & 1 == 1 ? fixed[$0] : columns[$0][i] }
        return canonicalBits(pairValue(opcode, x[0], x[1], x[2]))
      }
      withEverySet { name in
        let found = machine.evaluate(0..<count, 3).map { canonicalBits(Double(bitPattern: $0)) }
        #expect(found == expected, "\(opcode), form \(form), \(name)")
      }
    }
  }

  @Test("COD-13: a mixture by a truth value is two products and their sum, also of infinities, NaN and zeros of either sign")
  func mixtures() {
    let values: [Double] = [0, -0.0, 1.5, -2, .infinity, -.infinity, .nan, .leastNonzeroMagnitude]
    let (x, y) = (values.flatMap { a in values.map { _ in a } }, values.flatMap { _ in values })
    let mask = (0..<x.count).map { Int64($0 / 3 % 2) }
    let machine = TestMachine(
      [
        instruction(ENGRAM_LOAD, 0, 0), instruction(ENGRAM_LOAD, 1, 1), instruction(ENGRAM_LOAD, 2, 2), instruction(ENGRAM_MIX, 3, 0, 1, 2),
        instruction(ENGRAM_BOOL_TO_FLOAT, 4, 0),
      ], registers: 5, columns: [TestColumn(mask), TestColumn(x), TestColumn(y)])
    withEverySet { name in
      let found = machine.evaluate(0..<x.count, 3).map { canonicalBits(Double(bitPattern: $0)) }
      #expect(found == x.indices.map { canonicalBits(Double(mask[$0]) * x[$0] + Double(1 - mask[$0]) * y[$0]) }, "\(name)")
      #expect(machine.evaluate(0..<x.count, 4) == mask.map { Double($0).bitPattern }, "\(name)")
    }
  }

  @Test("FUN-24: a time has reached a step just where its own step is not before it")
  func reachedSteps() {
    var generator = SplitMix(state: 8)
    let dts = [1e-4, 0.1, 3e-5, 1.0, 1e-9, 1e300, 0x1p-1074] + (0..<20).map { _ in Double.random(in: 1e-6...1, using: &generator) }
    let steps: [Int64] = [0, 1, -1, 2, 7, 50, -50, 1000, 123_456_789, 1 << 53, .max, .min, .min + 1]
    for dt in dts {
      for n in steps {
        var times: [Double] = [0, -0.0, .infinity, -.infinity, .nan, 1, -1, 1e308, -1e308]
        for offset in [-1.001, -1, -0.5, -0.001, 0, 0.5, 1] {
          let t = (Double(n) + offset) * dt
          times += [t.nextDown.nextDown, t.nextDown, t, t.nextUp, t.nextUp.nextUp]
        }
        let machine = TestMachine(
          [instruction(ENGRAM_LOAD, 0, 0), instruction(ENGRAM_STEP_START, 1, uniform(0), uniform(1)), instruction(ENGRAM_HAS_REACHED, 2, 0, 1)],
          registers: 3, columns: [TestColumn(times)], scalars: [UInt64(bitPattern: n), dt.bitPattern])
        let start = Double(bitPattern: machine.evaluate(0..<1, 1)[0])
        // The very place where the answer changes.
        times += [start.nextDown, start, start.nextUp]
        let again = TestMachine(
          [instruction(ENGRAM_LOAD, 0, 0), instruction(ENGRAM_HAS_REACHED, 1, 0, uniform(0))], registers: 2, columns: [TestColumn(times)],
          scalars: [start.bitPattern])
        withEverySet { name in
          let found = again.evaluate(0..<times.count, 1)
          let wrong = times.indices.first { (found[$0] != 0) != (engram_timestep(times[$0], dt) >= n) }
          #expect(wrong == nil, "\(name): t = \(wrong.map { times[$0] } ?? 0), dt = \(dt), n = \(n), start \(start)")
        }
      }
    }
  }

  @Test("RNG-6: gaps drawn some at a time are those drawn one by one, wherever they begin")
  func gaps() {
    let scale = 1 / engram_log1p(-0.07)
    withEverySet { name in
      for (first, count) in [(0, 512), (1, 511), (6, 1), (7, 1), (1 << 32, 37), ((3 << 32) + 5, 64)] as [(UInt64, Int32)] {
        var found = [Double](repeating: 0, count: Int(count))
        engram_random_gaps(99, first, 4, scale, &found, count)
        let expected = (0..<UInt64(count)).map { engram_log1p(-engram_random_uniform(99, first + $0, 4)) * scale }
        #expect(found == expected, "\(name): \(count) from \(first)")
      }
    }
  }

  @Test("MPR-14: numbers that are taken are those that draws one by one take, whichever are asked for")
  func taken() {
    // Few and many for each stretch, more than a block, and a last stretch that is not whole.
    for (p, stretch, count) in [(0.004, 8192, 20_000), (0.03, 1024, 5_000), (0.5, 1024, 1_500), (0.97, 1024, 3_001)] as [(Double, Int, Int)] {
      let scale = 1 / engram_log1p(-p)
      let row: UInt64 = 7 << 32
      var expected: [Int32] = []
      for start in stride(from: 0, to: count, by: stretch) {
        let end = min(start + stretch, count)
        var (number, draw) = (start - 1, row + 2 * UInt64(start))
        while true {
          let gap = engram_log1p(-engram_random_uniform(99, draw, 4)) * scale
          draw += 1
          guard gap < Double(end - number) else { break }
          number += 1 + Int(gap)
          if number >= end { break }
          expected.append(Int32(number))
        }
      }
      withEverySet { name in
        for wanted in [0..<count, 1..<count, count / 3..<count / 2, count - 1..<count, 0..<1, stretch - 1..<min(stretch + 1, count)] {
          let found = [Int32](unsafeUninitializedCapacity: wanted.count + 1) { taken, found in
            found = Int(
              engram_random_taken(
                99, row, 4, p, Int64(stretch), Int64(count), Int64(wanted.lowerBound), Int64(wanted.upperBound), taken.baseAddress))
          }
          #expect(found == expected.filter { wanted.contains(Int($0)) }, "\(name): p = \(p), \(wanted)")
        }
      }
    }
  }

  @Test("COD-13: random numbers depend on key, element and step alone, not on blocks, domains or instruction sets")
  func draws() {
    let lambdas: [Double] = [0, 0.3, 7, 24.99, 31, 800, -1, .nan]
    let count = 1300
    let means = (0..<count).map { lambdas[($0 * 5) % lambdas.count] }
    let trials = (0..<count).map { Int64($0 % 300) - 3 }
    let code = [
      instruction(ENGRAM_RANDOM_UNIFORM, 0, 0, uniform(0)), instruction(ENGRAM_RANDOM_NORMAL, 1, 0, uniform(1)),
      instruction(ENGRAM_LOAD_ALIAS, 2, 0), instruction(ENGRAM_RANDOM_POISSON, 3, 2, uniform(0)),
      instruction(ENGRAM_RANDOM_POISSON, 4, uniform(2), uniform(1)), instruction(ENGRAM_RANDOM_POISSON, 5, uniform(3), uniform(1)),
      instruction(ENGRAM_LOAD, 6, 1), instruction(ENGRAM_RANDOM_BINOMIAL, 7, 6, uniform(0), uniform(4)),
      instruction(ENGRAM_RANDOM_BINOMIAL, 8, uniform(5), uniform(0), uniform(6)),
      instruction(ENGRAM_RANDOM_BINOMIAL, 9, uniform(7), uniform(0), uniform(8)),
      instruction(ENGRAM_RANDOM_BINOMIAL, 10, uniform(5), uniform(0), uniform(4)),
    ]
    let keys: [UInt64] = [0x1234_5678_9abc_def0, 99]
    let step: Int64 = 1 << 40
    let machine = TestMachine(
      code, registers: 11, columns: [TestColumn(means), TestColumn(trials)],
      scalars: keys + [(0.3).bitPattern, (70.0).bitPattern, (0.4).bitPattern, 1000, (0.002).bitPattern, 6, (0.9).bitPattern], step: step)
    let s = UInt64(step)
    let expected: [Int32: @Sendable (Int) -> UInt64] = [
      0: { engram_random_uniform(keys[0], UInt64($0), s).bitPattern },
      1: { engram_random_normal(keys[1], UInt64($0), s).bitPattern },
      3: { UInt64(bitPattern: engram_random_poisson(keys[0], UInt64($0), s, means[$0])) },
      4: { UInt64(bitPattern: engram_random_poisson(keys[1], UInt64($0), s, 0.3)) },
      5: { UInt64(bitPattern: engram_random_poisson(keys[1], UInt64($0), s, 70)) },
      7: { UInt64(bitPattern: engram_random_binomial(keys[0], UInt64($0), s, trials[$0], 0.4)) },
      // The same for all elements: few successes by a table, many successes from above, large means by rejection.
      8: { UInt64(bitPattern: engram_random_binomial(keys[0], UInt64($0), s, 1000, 0.002)) },
      9: { UInt64(bitPattern: engram_random_binomial(keys[0], UInt64($0), s, 6, 0.9)) },
      10: { UInt64(bitPattern: engram_random_binomial(keys[0], UInt64($0), s, 1000, 0.4)) },
    ]
    let list = (0..<700).map { Int32(($0 * 611) % count) }
    withEverySet { name in
      for (register, wanted) in expected {
        for range in [0..<count, 1..<count, 6..<7, 511..<530, 1..<14] {
          #expect(machine.evaluate(range, register) == range.map(wanted), "\(name), register \(register), \(range)")
        }
        #expect(machine.evaluate(indices: list, register) == list.map { wanted(Int($0)) }, "\(name), register \(register)")
      }
    }
  }
}
