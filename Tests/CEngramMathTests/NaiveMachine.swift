import CEngramMath

/// What a program means: element by element, instruction by instruction, without blocks.
struct NaiveMachine {
  let code: [engram_instruction]
  let columns: [TestColumn]
  var scalars: [UInt64]
  let step: Int64
  var registers: [UInt64]

  init(_ code: [engram_instruction], registers: Int, columns: [TestColumn], scalars: [UInt64], step: Int64) {
    self.code = code
    self.columns = columns
    self.scalars = scalars
    self.step = step
    self.registers = .init(repeating: 0, count: registers)
  }

  private func lane(_ operand: Int32) -> UInt64 { operand >= 0 ? registers[Int(operand)] : scalars[Int(~operand)] }
  private func number(_ operand: Int32) -> Double { Double(bitPattern: lane(operand)) }
  private func integer(_ operand: Int32) -> Int64 { Int64(bitPattern: lane(operand)) }

  mutating func run(element: Int) {
    for i in code { run(i, element) }
  }

  private mutating func run(_ i: engram_instruction, _ element: Int) {
    let opcode = engram_opcode(rawValue: UInt32(i.opcode))
    let enabled = i.c == everywhere || lane(i.c) != 0
    switch opcode {
    case ENGRAM_LOAD, ENGRAM_LOAD_ALIAS: registers[Int(i.dst)] = columns[Int(i.a)].lane(element)
    case ENGRAM_LOAD_SCALAR: registers[Int(i.dst)] = columns[Int(i.a)].lane(0)
    case ENGRAM_GATHER: registers[Int(i.dst)] = columns[Int(i.a)].lane(Int(integer(i.b)))
    case ENGRAM_STORE: if enabled { columns[Int(i.dst)].setLane(element, lane(i.a)) }
    case ENGRAM_SCATTER: if enabled { columns[Int(i.dst)].setLane(Int(integer(i.b)), lane(i.a)) }
    case ENGRAM_SCATTER_ADD, ENGRAM_SCATTER_SUB, ENGRAM_SCATTER_MUL, ENGRAM_SCATTER_DIV:
      if enabled { accumulate(opcode, columns[Int(i.dst)], Int(integer(i.b)), lane(i.a)) }
    case ENGRAM_ELEMENT: registers[Int(i.dst)] = UInt64(element)
    default: registers[Int(i.dst)] = value(opcode, i, element)
    }
  }

  private func accumulate(_ opcode: engram_opcode, _ column: TestColumn, _ index: Int, _ bits: UInt64) {
    if column.type == ENGRAM_FLOAT64 || column.type == ENGRAM_FLOAT32 {
      let x = Double(bitPattern: column.lane(index)), y = Double(bitPattern: bits)
      let result = opcode == ENGRAM_SCATTER_ADD ? x + y : opcode == ENGRAM_SCATTER_SUB ? x - y : opcode == ENGRAM_SCATTER_MUL ? x * y : x / y
      column.setLane(index, result.bitPattern)
    } else {
      let x = Int64(bitPattern: column.lane(index)), y = Int64(bitPattern: bits)
      let result = opcode == ENGRAM_SCATTER_ADD ? x &+ y : opcode == ENGRAM_SCATTER_SUB ? x &- y : x &* y
      column.setLane(index, UInt64(bitPattern: result))
    }
  }

  private func value(_ opcode: engram_opcode, _ i: engram_instruction, _ element: Int) -> UInt64 {
    let x = number(i.a), n = integer(i.a)
    func truth(_ b: Bool) -> UInt64 { b ? 1 : 0 }
    let y = i.b == everywhere ? 0 : number(i.b), m = i.b == everywhere ? 0 : integer(i.b)
    switch opcode {
    case ENGRAM_COPY: return lane(i.a)
    case ENGRAM_ADD: return (x + y).bitPattern
    case ENGRAM_SUB: return (x - y).bitPattern
    case ENGRAM_MUL: return (x * y).bitPattern
    case ENGRAM_DIV: return (x / y).bitPattern
    case ENGRAM_NEG: return (-x).bitPattern
    case ENGRAM_ABS: return x.magnitude.bitPattern
    case ENGRAM_FLOOR: return x.rounded(.down).bitPattern
    case ENGRAM_SIGN: return (x > 0 ? 1 : x < 0 ? -1 : x == 0 ? 0 : x).bitPattern
    case ENGRAM_FLOOR_MOD: return engram_floor_mod(x, y).bitPattern
    case ENGRAM_MIN: return (y < x ? y : x).bitPattern
    case ENGRAM_MAX: return (y > x ? y : x).bitPattern
    case ENGRAM_CLIP:
      let z = number(i.c), low = x < y ? y : x
      return (low > z ? z : low).bitPattern
    case ENGRAM_MIX: return ((n != 0 ? 1 : 0) * y + (n != 0 ? 0 : 1) * number(i.c)).bitPattern
    case ENGRAM_BOOL_TO_FLOAT: return (n != 0 ? 1.0 : 0.0).bitPattern
    case _ where pairs.contains(opcode.rawValue): return pairValue(opcode, x, y, number(i.c)).bitPattern
    case ENGRAM_EXP: return engram_exp(x).bitPattern
    case ENGRAM_TANH: return engram_tanh(x).bitPattern
    case ENGRAM_SIN: return engram_sin(x).bitPattern
    case ENGRAM_LT: return truth(x < y)
    case ENGRAM_LE: return truth(x <= y)
    case ENGRAM_EQ: return truth(x == y)
    case ENGRAM_NE: return truth(x != y)
    case ENGRAM_IADD: return UInt64(bitPattern: n &+ m)
    case ENGRAM_ISUB: return UInt64(bitPattern: n &- m)
    case ENGRAM_IMUL: return UInt64(bitPattern: n &* m)
    case ENGRAM_INEG: return UInt64(bitPattern: 0 &- n)
    case ENGRAM_IABS: return n.magnitude
    case ENGRAM_ISIGN: return UInt64(bitPattern: n.signum())
    case ENGRAM_IFLOOR_DIV: return UInt64(bitPattern: engram_ifloor_div(n, m))
    case ENGRAM_IFLOOR_MOD: return UInt64(bitPattern: engram_ifloor_mod(n, m))
    case ENGRAM_IMIN: return UInt64(bitPattern: min(n, m))
    case ENGRAM_IMAX: return UInt64(bitPattern: max(n, m))
    case ENGRAM_ICLIP: return UInt64(bitPattern: min(max(n, m), integer(i.c)))
    case ENGRAM_ILT: return truth(n < m)
    case ENGRAM_ILE: return truth(n <= m)
    case ENGRAM_IEQ: return truth(n == m)
    case ENGRAM_INE: return truth(n != m)
    case ENGRAM_AND: return truth(n != 0 && m != 0)
    case ENGRAM_OR: return truth(n != 0 || m != 0)
    case ENGRAM_NOT: return truth(n == 0)
    case ENGRAM_SELECT: return n != 0 ? lane(i.b) : lane(i.c)
    case ENGRAM_INT_TO_FLOAT: return Double(n).bitPattern
    case ENGRAM_FLOAT_TO_INT:
      return UInt64(bitPattern: x.isNaN ? 0 : x >= 0x1p63 ? .max : x <= -0x1p63 ? .min : Int64(x))
    case ENGRAM_FLOAT_TO_BOOL: return truth(x != 0)
    case ENGRAM_INT_TO_BOOL: return truth(n != 0)
    case ENGRAM_ROUND_FLOAT32: return Double(Float(x)).bitPattern
    case ENGRAM_TIMESTEP: return UInt64(bitPattern: engram_timestep(x, y))
    case ENGRAM_RANDOM_UNIFORM: return engram_random_uniform(lane(i.b), UInt64(element), UInt64(step)).bitPattern
    case ENGRAM_RANDOM_NORMAL: return engram_random_normal(lane(i.b), UInt64(element), UInt64(step)).bitPattern
    case ENGRAM_RANDOM_POISSON: return UInt64(bitPattern: engram_random_poisson(lane(i.b), UInt64(element), UInt64(step), x))
    default: fatalError("the naive machine has no opcode \(opcode.rawValue)")
    }
  }
}

/// The instructions that do two operations in one pass.
let pairs = ENGRAM_ADD_ADD.rawValue...ENGRAM_DIV_RDIV.rawValue

/// What such an instruction means: its number is six times that of the first operation plus that of the second.
func pairValue(_ opcode: engram_opcode, _ x: Double, _ y: Double, _ z: Double) -> Double {
  let number = Int(opcode.rawValue - pairs.lowerBound)
  let first = [x + y, x - y, x * y, x / y][number / 6]
  return [first + z, first - z, z - first, first * z, first / z, z / first][number % 6]
}
