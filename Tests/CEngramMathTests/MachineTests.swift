import CEngramMath
import EngramTestSupport
import Testing

@Suite("Register machine", .slow) struct MachineTests {
  static let count = 1200

  /// A random program over columns of every type, with inputs that are equal for equal seeds.
  struct RandomProgram {
    var code: [engram_instruction] = []
    var columns: [TestColumn] = []
    var scalars: [UInt64] = []
    let registers = 12  // 0...5 doubles, 6...9 integers, 10...11 booleans
    let step: Int64

    // Columns: 0, 1 float64, 2 float32, 3 int32, 4 int64, 5 boolean: read and written by element. 6 int32 indices.
    // 7 float64, 8 boolean: gathered from. 9 float64, 10 int32, 11 float32: accumulated into. 12 int64: scattered into.
    init(seed: UInt64) {
      var g = SplitMix(state: seed)
      let count = MachineTests.count
      step = Int64.random(in: 0..<(1 << 48), using: &g)
      let types = [
        ENGRAM_FLOAT64, ENGRAM_FLOAT64, ENGRAM_FLOAT32, ENGRAM_INT32, ENGRAM_INT64, ENGRAM_BOOL, ENGRAM_INT32, ENGRAM_FLOAT64, ENGRAM_BOOL,
        ENGRAM_FLOAT64, ENGRAM_INT32, ENGRAM_FLOAT32, ENGRAM_INT64,
      ]
      for (number, type) in types.enumerated() {
        let column = TestColumn(type, number >= 7 ? 97 : count)
        for i in 0..<column.count {
          switch type {
          case ENGRAM_FLOAT64, ENGRAM_FLOAT32: column.setLane(i, Double.random(in: -10...10, using: &g).bitPattern)
          case ENGRAM_BOOL: column.setLane(i, UInt64.random(in: 0...1, using: &g))
          default:
            let low: Int64 = number == 6 ? 0 : -50
            column.setLane(i, UInt64(bitPattern: Int64.random(in: low...96, using: &g)))
          }
        }
        columns.append(column)
      }
      scalars = (0..<3).map { _ in Double.random(in: -3...3, using: &g).bitPattern }
      scalars += (0..<2).map { _ in UInt64(bitPattern: Int64.random(in: -9...9, using: &g)) }
      scalars += [1, 0, g.next()]  // 5, 6 booleans; 7 a key
      func double() -> Int32 { Int.random(in: 0..<5, using: &g) == 0 ? uniform(.random(in: 0..<3, using: &g)) : .random(in: 0..<6, using: &g) }
      func integer() -> Int32 { Int.random(in: 0..<5, using: &g) == 0 ? uniform(.random(in: 3..<5, using: &g)) : .random(in: 6..<10, using: &g) }
      func boolean() -> Int32 { Int.random(in: 0..<6, using: &g) == 0 ? uniform(.random(in: 5..<7, using: &g)) : .random(in: 10..<12, using: &g) }
      func mask() -> Int32 { Bool.random(using: &g) ? everywhere : boolean() }
      func add(_ opcode: engram_opcode, _ dst: Int32, _ a: Int32, _ b: Int32 = everywhere, _ c: Int32 = everywhere) {
        code.append(instruction(opcode, dst, a, b, c))
      }
      for r in 0..<6 as Range<Int32> { add(ENGRAM_LOAD, r, r % 3) }
      for r in 6..<10 as Range<Int32> { add(ENGRAM_LOAD, r, r % 2 == 0 ? 3 : 4) }
      for r in 10..<12 as Range<Int32> { add(ENGRAM_LOAD, r, 5) }
      let doubleBinary = [ENGRAM_ADD, ENGRAM_SUB, ENGRAM_MUL, ENGRAM_DIV, ENGRAM_FLOOR_MOD, ENGRAM_MIN, ENGRAM_MAX]
      let doubleUnary = [ENGRAM_NEG, ENGRAM_ABS, ENGRAM_FLOOR, ENGRAM_SIGN, ENGRAM_EXP, ENGRAM_TANH, ENGRAM_SIN, ENGRAM_COPY, ENGRAM_ROUND_FLOAT32]
      let compare = [ENGRAM_LT, ENGRAM_LE, ENGRAM_EQ, ENGRAM_NE], integerCompare = [ENGRAM_ILT, ENGRAM_ILE, ENGRAM_IEQ, ENGRAM_INE]
      let integerBinary = [ENGRAM_IADD, ENGRAM_ISUB, ENGRAM_IMUL, ENGRAM_IFLOOR_DIV, ENGRAM_IFLOOR_MOD, ENGRAM_IMIN, ENGRAM_IMAX]
      let integerUnary = [ENGRAM_INEG, ENGRAM_IABS, ENGRAM_ISIGN, ENGRAM_COPY]
      let accumulate = [ENGRAM_SCATTER_ADD, ENGRAM_SCATTER_SUB, ENGRAM_SCATTER_MUL]
      var shared: Set<Int32> = [9, 10, 11, 12]  // written at any index: by one instruction each, or blocks would change the order
      for _ in 0..<30 {
        let d = Int32.random(in: 0..<6, using: &g), n = Int32.random(in: 6..<10, using: &g), t = Int32.random(in: 10..<12, using: &g)
        switch Int.random(in: 0..<24, using: &g) {
        case 0, 1: add(doubleBinary.randomElement(using: &g)!, d, double(), double())
        case 2: add(doubleUnary.randomElement(using: &g)!, d, double())
        case 3, 20, 21: add(engram_opcode(rawValue: .random(in: pairs, using: &g)), d, double(), double(), double())
        case 22: add(ENGRAM_MIX, d, boolean(), double(), double())
        case 23: add(ENGRAM_BOOL_TO_FLOAT, d, boolean())
        case 4: add(ENGRAM_CLIP, d, double(), double(), double())
        case 5: add(compare.randomElement(using: &g)!, t, double(), double())
        case 6: add(integerCompare.randomElement(using: &g)!, t, integer(), integer())
        case 7: add(integerBinary.randomElement(using: &g)!, n, integer(), integer())
        case 8: add(integerUnary.randomElement(using: &g)!, n, integer())
        case 9: add(ENGRAM_ICLIP, n, integer(), integer(), integer())
        case 10: add([ENGRAM_AND, ENGRAM_OR].randomElement(using: &g)!, t, boolean(), boolean())
        case 11: add(ENGRAM_SELECT, d, boolean(), double(), double())
        case 12: add(ENGRAM_SELECT, n, boolean(), integer(), integer())
        case 13: add(ENGRAM_INT_TO_FLOAT, d, integer())
        case 14: add(ENGRAM_FLOAT_TO_INT, n, double())
        case 15: add([ENGRAM_RANDOM_UNIFORM, ENGRAM_RANDOM_NORMAL].randomElement(using: &g)!, d, 0, uniform(7))
        case 16:
          add(ENGRAM_LOAD, n, 6)
          add(ENGRAM_GATHER, d, 7, n)
          add(ENGRAM_GATHER, t, 8, n)
        case 17:
          add(ENGRAM_LOAD_ALIAS, n, 6)
          guard let column = shared.subtracting([12]).sorted().randomElement(using: &g) else { continue }
          shared.remove(column)
          add(accumulate.randomElement(using: &g)!, column, column == 10 ? integer() : double(), n, mask())
        case 18:
          guard shared.remove(12) != nil else { continue }
          add(ENGRAM_LOAD, n, 6)
          add(ENGRAM_SCATTER, 12, integer(), n, mask())
        default:
          let column = Int32.random(in: 0..<6, using: &g)
          add(ENGRAM_STORE, column, column < 3 ? double() : column < 5 ? integer() : boolean(), everywhere, mask())
        }
        if Int.random(in: 0..<8, using: &g) == 0 { add(ENGRAM_ELEMENT, .random(in: 6..<10, using: &g), 0) }
      }
      add(ENGRAM_ADD, 0, double(), double())
      add(ENGRAM_STORE, 0, 0)
      add(ENGRAM_MUL, 1, double(), double())
      add(ENGRAM_STORE, 1, 1, everywhere, mask())
    }
  }

  /// A bit pattern per element and column, NaNs alike.
  func contents(_ columns: [TestColumn]) -> [[UInt64]] {
    columns.map { column in
      let isFloat = column.type == ENGRAM_FLOAT64 || column.type == ENGRAM_FLOAT32
      return (0..<column.count).map { isFloat ? canonicalBits(Double(bitPattern: column.lane($0))) : column.lane($0) }
    }
  }

  @Test("COD-13: random programs over blocks do what element-by-element evaluation does", arguments: 1...24 as ClosedRange<UInt64>)
  func randomPrograms(seed: UInt64) {
    func check(_ description: String, _ elements: [Int], _ run: (TestMachine) -> Bool) {
      let reference = RandomProgram(seed: seed), subject = RandomProgram(seed: seed)
      var naive = NaiveMachine(
        reference.code, registers: reference.registers, columns: reference.columns, scalars: reference.scalars, step: reference.step)
      for element in elements { naive.run(element: element) }
      let machine = TestMachine(
        subject.code, registers: Int32(subject.registers), columns: subject.columns, scalars: subject.scalars, step: subject.step)
      #expect(run(machine), "\(description): fault \(machine.fault)")
      let expected = contents(reference.columns), found = contents(subject.columns)
      for number in expected.indices where expected[number] != found[number] {
        let i = expected[number].indices.first { expected[number][$0] != found[number][$0] }!
        Issue.record("\(description): column \(number), element \(i)")
      }
    }
    let all = Array(0..<Self.count)
    check("all", all) { $0.run(0..<Self.count) }
    check("blocks of 7", all) { $0.run(0..<Self.count, block: 7) }
    check("one by one", all) { $0.run(0..<Self.count, block: 1) }
    check("two ranges", all) { $0.run(0..<601) && $0.run(601..<Self.count) }
    check("part", Array(13..<46)) { $0.run(13..<46) }
    check("nothing", []) { $0.run(5..<5) }
    let list = all.filter { $0 % 3 != 1 }
    check("list", list) { $0.run(indices: list.map { Int32($0) }) }
    let shuffled = (0..<500).map { ($0 * 77) % Self.count }
    check("list out of order", shuffled) { $0.run(indices: shuffled.map { Int32($0) }, block: 64) }
    let run = Array(100..<900)
    check("list that is a range", run) { $0.run(indices: run.map { Int32($0) }) }
  }

  @Test("COD-13: one element at a time, code that reads what it wrote elsewhere runs in order")
  func sequential() {
    // v_post = v_post * 2 + w with w = 1, 2 from v = 1: 8 (COD-12).
    let target = TestColumn([1.0]), w = TestColumn([1.0, 2.0]), post = TestColumn([0, 0] as [Int32])
    let machine = TestMachine(
      [
        instruction(ENGRAM_LOAD, 0, 1), instruction(ENGRAM_LOAD, 1, 2), instruction(ENGRAM_GATHER, 2, 0, 1),
        instruction(ENGRAM_MUL_ADD, 2, 2, uniform(0), 0), instruction(ENGRAM_SCATTER, 0, 2, 1, everywhere),
      ], registers: 3, columns: [target, w, post], scalars: [(2.0).bitPattern])
    #expect(machine.run(0..<2, block: 1))
    #expect(target.doubles == [8])
  }

  @Test("COD-13: an index out of bounds is reported with its place, and nothing outside a column is touched")
  func faults() {
    func check(_ code: [engram_instruction], _ instructionNumber: Int32, column: Int32, index: Int64, element: Int64, run: ((TestMachine) -> Bool)? = nil) {
      var targets = (0..<600).map { Int32($0 % 10) }
      (targets[555], targets[590]) = (10, -1)
      let data = TestColumn((0..<10).map(Double.init)), indices = TestColumn(targets)
      let machine = TestMachine(code, registers: 3, columns: [data, indices], scalars: [(1.0).bitPattern, UInt64(bitPattern: -3)])
      #expect(!(run ?? { $0.run(0..<600) })(machine))
      #expect(machine.fault.instruction == instructionNumber)
      #expect(machine.fault.column == column)
      #expect(machine.fault.index == index)
      #expect(machine.fault.element == element)
    }
    let load = instruction(ENGRAM_LOAD, 0, 1)
    check([load, instruction(ENGRAM_GATHER, 1, 0, 0)], 1, column: 0, index: 10, element: 555)
    check([load, instruction(ENGRAM_SCATTER, 0, uniform(0), 0, everywhere)], 1, column: 0, index: 10, element: 555)
    check([load, instruction(ENGRAM_SCATTER_ADD, 0, uniform(0), 0, everywhere)], 1, column: 0, index: 10, element: 555)
    check([load, instruction(ENGRAM_ILT, 1, 0, uniform(2)), instruction(ENGRAM_SCATTER_ADD, 0, uniform(0), 0, 1)], 2, column: 0, index: -1, element: 590)
    check([instruction(ENGRAM_GATHER, 1, 0, uniform(1))], 0, column: 0, index: -3, element: 0)
    check([instruction(ENGRAM_LOAD, 1, 0)], 0, column: 0, index: 10, element: 10)
    check([instruction(ENGRAM_LOAD_ALIAS, 1, 0)], 0, column: 0, index: 10, element: 10)
    check([instruction(ENGRAM_STORE, 0, uniform(0), 0, everywhere)], 0, column: 0, index: 10, element: 10)
    check([load], 0, column: 1, index: -5, element: -5) { $0.run(-5..<3) }
    check([load], 0, column: 1, index: 600, element: 600) { $0.run(indices: [3, 600, 2]) }
    check([load], 0, column: 1, index: -1, element: -1) { $0.run(indices: [3, -1, 2]) }
  }

  @Test("COD-13: where the mask of a scatter is not set, the index may be any and what is there keeps its bits")
  func maskedScatters() {
    let marked = Double(bitPattern: 0xfff4_0000_0000_1234)
    for isOutside in [false, true] {
      for opcode in [ENGRAM_SCATTER_ADD, ENGRAM_SCATTER_SUB, ENGRAM_SCATTER_MUL, ENGRAM_SCATTER_DIV, ENGRAM_SCATTER] {
        for load in [ENGRAM_LOAD, ENGRAM_LOAD_ALIAS] {
          // Odd elements are not set: they point to a NaN with a mark, to -0.0, or nowhere.
          let kept: [Int32] = isOutside ? [-7, 99] : [6, 7]
          let targets: [Int32] = (0..<600).map { (element: Int) -> Int32 in
            element % 2 == 0 ? Int32(element % 6) : kept[element / 2 % 2]
          }
          let data = TestColumn([1, 2, 3, 4, 5, 6, marked, -0.0] as [Double]), expected = TestColumn([1, 2, 3, 4, 5, 6, marked, -0.0] as [Double])
          let set = TestColumn((0..<600).map { (element: Int) -> Int64 in Int64(1 - element % 2) })
          let indices = TestColumn(targets)
          let code = [instruction(load, 0, 1), instruction(ENGRAM_LOAD, 1, 2), instruction(opcode, 0, uniform(0), 0, 1)]
          let machine = TestMachine(code, registers: 2, columns: [data, indices, set], scalars: [(1.25).bitPattern])
          var naive = NaiveMachine(code, registers: 2, columns: [expected, indices, set], scalars: [(1.25).bitPattern], step: 0)
          for element in 0..<600 { naive.run(element: element) }
          #expect(machine.run(0..<600))
          #expect((0..<8).map { data.lane($0) } == (0..<8).map { expected.lane($0) }, "\(opcode)")
        }
      }
    }
  }

  @Test("COD-13: selection lists the elements whose mask is set, in ascending order, from ranges and lists")
  func selection() {
    let count = 1333
    let values = (0..<count).map { Double(($0 * 7919) % 1000) }
    let machine = TestMachine(
      [instruction(ENGRAM_LOAD_ALIAS, 0, 0), instruction(ENGRAM_LT, 1, 0, uniform(0))], registers: 2, columns: [TestColumn(values)],
      scalars: [(37.0).bitPattern])
    var out = [Int32](repeating: -1, count: count), found: Int64 = -1
    #expect(engram_select_range(&machine.program, &machine.frame, 5, Int64(count - 5), 1, &out, &found, nil))
    #expect(Array(out[0..<Int(found)]) == (5..<count).filter { values[$0] < 37 }.map { Int32($0) })
    let list = (0..<count).reversed().filter { $0 % 2 == 0 }.map { Int32($0) }
    #expect(engram_select_indices(&machine.program, &machine.frame, list, Int64(list.count), 1, &out, &found, nil))
    #expect(Array(out[0..<Int(found)]) == list.filter { values[Int($0)] < 37 })
  }

  @Test("COD-13: user functions get their arguments as lanes, uniform ones too, and the elements they are for")
  func calls() {
    let callback: engram_callback = { _, function, arguments, argumentCount, elements, count, result in
      let x = arguments![0]!.assumingMemoryBound(to: Double.self), y = arguments![1]!.assumingMemoryBound(to: Double.self)
      let out = result!.assumingMemoryBound(to: Double.self)
      for i in 0..<Int(count) { out[i] = x[i] + y[i] * Double(elements![i]) + Double(function) + Double(argumentCount) }
      return true
    }
    let values = (0..<700).map { Double($0) * 0.5 }
    let machine = TestMachine(
      [instruction(ENGRAM_LOAD_ALIAS, 0, 0), instruction(ENGRAM_CALL, 0, 1, 3, 2)], registers: 1, columns: [TestColumn(values)],
      scalars: [(2.0).bitPattern], extra: [99, 0, uniform(0)], callback: callback)
    let expected: [Double] = values.indices.map { values[$0] + 2 * Double($0) + 5 }
    #expect(machine.evaluate(0..<700, 0).map { Double(bitPattern: $0) } == expected)
    #expect(machine.evaluate(indices: [650, 3], 0).map { Double(bitPattern: $0) } == [expected[650], expected[3]])
  }

  @Test("COD-13: uniform programs leave each register in its scalar slot")
  func uniformPrograms() {
    let dt = TestColumn([1e-4]), tau = TestColumn([0.02])
    let machine = TestMachine(
      [
        instruction(ENGRAM_LOAD_SCALAR, 0, 0), instruction(ENGRAM_LOAD, 1, 1), instruction(ENGRAM_NEG, 0, 0), instruction(ENGRAM_DIV, 0, 0, 1),
        instruction(ENGRAM_EXP, 2, 0), instruction(ENGRAM_ADD, 1, uniform(0), uniform(0)),
      ], registers: 3, columns: [dt, tau], scalars: [(1.5).bitPattern])
    #expect(engram_run_uniform(&machine.program, &machine.frame, 1))
    #expect((1...3).map { Double(bitPattern: machine.scalars[$0]) } == [-1e-4 / 0.02, 3, engram_exp(-1e-4 / 0.02)])
  }

  @Test("COD-13: scalar columns are read once for all elements and written from the first lane")
  func scalarColumns() {
    let shared = TestColumn([2.5]), values = TestColumn((0..<20).map(Double.init)), total = TestColumn([0.0])
    let machine = TestMachine(
      [
        instruction(ENGRAM_LOAD_SCALAR, 0, 0), instruction(ENGRAM_LOAD, 1, 1), instruction(ENGRAM_MUL, 1, 0, 1),
        instruction(ENGRAM_STORE, 1, 1, 0, everywhere), instruction(ENGRAM_LOAD_SCALAR, 0, 2), instruction(ENGRAM_ADD, 0, 0, 1),
        instruction(ENGRAM_STORE_SCALAR, 2, 0),
      ], registers: 2, columns: [shared, values, total])
    #expect(machine.run(0..<20, block: 1))
    #expect(values.doubles == (0..<20).map { 2.5 * Double($0) })
    #expect(total.doubles == [2.5 * 190])
  }

  @Test("COD-13: a stored result keeps its value while another register is computed from it and from the old one")
  func aliases() {
    // u = v + 1; v = u; w = u + u; w must see u although u was computed inside column v.
    let v = TestColumn((0..<1024).map(Double.init)), w = TestColumn(ENGRAM_FLOAT64, 1024)
    let machine = TestMachine(
      [
        instruction(ENGRAM_LOAD_ALIAS, 0, 0), instruction(ENGRAM_ADD, 1, 0, uniform(0)), instruction(ENGRAM_STORE, 0, 1, 0, everywhere),
        instruction(ENGRAM_ADD, 2, 1, 1), instruction(ENGRAM_STORE, 1, 2, 0, everywhere), instruction(ENGRAM_MUL, 1, 1, uniform(0)),
        instruction(ENGRAM_COPY, 1, 2),
      ], registers: 3, columns: [v, w], scalars: [(1.0).bitPattern])
    #expect(machine.run(0..<1024))
    #expect(v.doubles == (0..<1024).map { Double($0) + 1 })
    #expect(w.doubles == (0..<1024).map { 2 * Double($0) + 2 })
  }
}
