import CEngramMath
import Foundation

/// Bits, with one pattern for every NaN: its sign and payload are nobody's promise.
func canonicalBits(_ x: Double) -> UInt64 { x.isNaN ? 0x7ff8_0000_0000_0000 : x.bitPattern }

/// A fixture of `tools/reference/elementary.py`.
struct ReferenceTable: Decodable {
  let function: String
  let rows: [String]

  /// Arguments, then the value as high + low.
  var values: [[Double]] {
    rows.map { row in row.split(separator: " ").map { Double(bitPattern: UInt64($0, radix: 16)!) } }
  }

  init(named name: String) throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let data = try Data(contentsOf: root.appendingPathComponent("fixtures/maths/\(name).json"))
    self = try JSONDecoder().decode(ReferenceTable.self, from: data)
  }
}

/// Distance of `value` from the exact high + low, in units of the last place of the exact value.
func unitsInTheLastPlace(_ value: Double, from high: Double, _ low: Double) -> Double {
  abs((value - high) - low) / high.ulp
}

let instructionSets = ["baseline", "avx2", "avx512"]

extension engram_opcode {
  var number: Int32 { Int32(rawValue) }
}

/// The number of a uniform operand.
func uniform(_ slot: Int32) -> Int32 { ~slot }
let everywhere = Int32.min

func instruction(_ opcode: engram_opcode, _ dst: Int32, _ a: Int32 = 0, _ b: Int32 = 0, _ c: Int32 = 0) -> engram_instruction {
  engram_instruction(opcode: opcode.number, dst: dst, a: a, b: b, c: c)
}

/// Memory of one column; elements start at zero.
final class TestColumn {
  let type: engram_type
  let count: Int
  let base: UnsafeMutableRawPointer

  init(_ type: engram_type, _ count: Int) {
    self.type = type
    self.count = count
    base = .allocate(byteCount: count * 8 + 64, alignment: 64)
    base.initializeMemory(as: UInt8.self, repeating: 0, count: count * 8 + 64)
  }

  convenience init(_ values: [Double]) {
    self.init(ENGRAM_FLOAT64, values.count)
    for (i, value) in values.enumerated() { base.storeBytes(of: value, toByteOffset: 8 * i, as: Double.self) }
  }

  convenience init(_ values: [Int64]) {
    self.init(ENGRAM_INT64, values.count)
    for (i, value) in values.enumerated() { base.storeBytes(of: value, toByteOffset: 8 * i, as: Int64.self) }
  }

  convenience init(_ values: [Int32]) {
    self.init(ENGRAM_INT32, values.count)
    for (i, value) in values.enumerated() { base.storeBytes(of: value, toByteOffset: 4 * i, as: Int32.self) }
  }

  deinit { base.deallocate() }

  var doubles: [Double] { (0..<count).map { base.load(fromByteOffset: 8 * $0, as: Double.self) } }
  var integers: [Int64] { (0..<count).map { base.load(fromByteOffset: 8 * $0, as: Int64.self) } }

  /// Element `i` as the bits of a lane.
  func lane(_ i: Int) -> UInt64 {
    switch type {
    case ENGRAM_FLOAT64: return base.load(fromByteOffset: 8 * i, as: UInt64.self)
    case ENGRAM_FLOAT32: return Double(base.load(fromByteOffset: 4 * i, as: Float.self)).bitPattern
    case ENGRAM_INT32: return UInt64(bitPattern: Int64(base.load(fromByteOffset: 4 * i, as: Int32.self)))
    case ENGRAM_INT64: return base.load(fromByteOffset: 8 * i, as: UInt64.self)
    default: return base.load(fromByteOffset: i, as: UInt8.self) != 0 ? 1 : 0
    }
  }

  func setLane(_ i: Int, _ bits: UInt64) {
    switch type {
    case ENGRAM_FLOAT64, ENGRAM_INT64: base.storeBytes(of: bits, toByteOffset: 8 * i, as: UInt64.self)
    case ENGRAM_FLOAT32: base.storeBytes(of: Float(Double(bitPattern: bits)), toByteOffset: 4 * i, as: Float.self)
    case ENGRAM_INT32: base.storeBytes(of: Int32(truncatingIfNeeded: bits), toByteOffset: 4 * i, as: Int32.self)
    default: base.storeBytes(of: bits != 0 ? 1 : 0, toByteOffset: i, as: UInt8.self)
    }
  }
}

/// A program with its columns and uniform values, ready to run.
final class TestMachine {
  let instructions: UnsafeMutableBufferPointer<engram_instruction>
  let extra: UnsafeMutableBufferPointer<Int32>
  let columns: [TestColumn]
  let descriptors: UnsafeMutableBufferPointer<engram_column>
  let scalars: UnsafeMutableBufferPointer<UInt64>
  let scratch: UnsafeMutableRawPointer
  var program: engram_program
  var frame = engram_frame()
  var fault = engram_fault()

  init(
    _ code: [engram_instruction], registers: Int32, columns: [TestColumn], scalars values: [UInt64] = [], extra list: [Int32] = [],
    step: Int64 = 0, callback: engram_callback? = nil
  ) {
    instructions = .allocate(capacity: code.count)
    _ = instructions.initialize(from: code)
    extra = .allocate(capacity: list.count + 1)
    _ = extra.initialize(from: list + [0])
    self.columns = columns
    descriptors = .allocate(capacity: columns.count + 1)
    for (i, column) in columns.enumerated() {
      descriptors[i] = engram_column(base: column.base, count: Int64(column.count), type: Int32(column.type.rawValue), limit: 0, brief: nil)
    }
    scalars = .allocate(capacity: values.count + Int(registers) + 1)
    scalars.initialize(repeating: 0)
    for (i, value) in values.enumerated() { scalars[i] = value }
    program = engram_program(
      instructions: instructions.baseAddress, instruction_count: Int32(code.count), register_count: registers,
      extra: extra.baseAddress)
    scratch = .allocate(byteCount: Int(engram_scratch_bytes(&program)), alignment: 64)
    frame.columns = UnsafePointer(descriptors.baseAddress)
    frame.scalars = scalars.baseAddress
    frame.step = step
    frame.callback = callback
    frame.scratch = scratch
  }

  deinit {
    instructions.deallocate()
    extra.deallocate()
    descriptors.deallocate()
    scalars.deallocate()
    scratch.deallocate()
  }

  @discardableResult
  func run(_ range: Range<Int>, block: Int32 = ENGRAM_BLOCK) -> Bool {
    engram_run_range(&program, &frame, Int64(range.lowerBound), Int64(range.count), block, &fault)
  }

  @discardableResult
  func run(indices: [Int32], block: Int32 = ENGRAM_BLOCK) -> Bool {
    engram_run_indices(&program, &frame, indices, Int64(indices.count), block, &fault)
  }

  /// Register `value` of each element.
  func evaluate(_ range: Range<Int>, _ value: Int32) -> [UInt64] {
    var out = [UInt64](repeating: 0, count: range.count)
    _ = engram_evaluate_range(&program, &frame, Int64(range.lowerBound), Int64(range.count), value, &out, &fault)
    return out
  }

  func evaluate(indices: [Int32], _ value: Int32) -> [UInt64] {
    var out = [UInt64](repeating: 0, count: indices.count)
    _ = engram_evaluate_indices(&program, &frame, indices, Int64(indices.count), value, &out, &fault)
    return out
  }
}
