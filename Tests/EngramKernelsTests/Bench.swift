import EngramExpressions
import EngramScalars
@testable import EngramKernels

extension KernelFault {
  var outOfRange: IndexFault? { if case .index(let fault) = self { fault } else { nil } }
  var failedFunction: FunctionFault? { if case .function(let fault) = self { fault } else { nil } }
}

/// Columns with names, and model code that runs over them: what the tests of this room share.
final class Bench {
  final class Memory {
    let reference: ColumnReference
    let count: Int
    let base: UnsafeMutableRawPointer

    init(_ reference: ColumnReference, count: Int) {
      self.reference = reference
      self.count = count
      let bytes = max(8, count * reference.type.byteCount)
      base = .allocate(byteCount: bytes, alignment: 64)
      base.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    }

    deinit { base.deallocate() }

    subscript(element: Int) -> Double {
      get {
        switch reference.type {
        case .float64: base.assumingMemoryBound(to: Double.self)[element]
        case .float32: Double(base.assumingMemoryBound(to: Float.self)[element])
        case .int32: Double(base.assumingMemoryBound(to: Int32.self)[element])
        case .int64: Double(base.assumingMemoryBound(to: Int64.self)[element])
        case .bool: Double(base.assumingMemoryBound(to: UInt8.self)[element])
        }
      }
      set {
        switch reference.type {
        case .float64: base.assumingMemoryBound(to: Double.self)[element] = newValue
        case .float32: base.assumingMemoryBound(to: Float.self)[element] = Float(newValue)
        case .int32: base.assumingMemoryBound(to: Int32.self)[element] = Int32(newValue)
        case .int64: base.assumingMemoryBound(to: Int64.self)[element] = Int64(newValue)
        case .bool: base.assumingMemoryBound(to: UInt8.self)[element] = newValue != 0 ? 1 : 0
        }
      }
    }

    var values: [Double] {
      get { (0..<count).map { self[$0] } }
      set { for (element, value) in newValue.enumerated() { self[element] = value } }
    }

    var bytes: [UInt8] { Array(UnsafeRawBufferPointer(start: base, count: count * reference.type.byteCount)) }
  }

  private(set) var memories: [String: Memory] = [:]
  var symbols: [String: KernelSymbol] = [:]
  var compiler = InterpreterCompiler()
  var seed: UInt64 = 17

  @discardableResult
  func column(
    _ name: String, _ values: [Double], type: ScalarType = .float64, access: Access = .element, where condition: String? = nil
  ) -> Memory {
    let reference = ColumnReference(id: memories.count, type: type, name: name)
    let memory = Memory(reference, count: values.count)
    memory.values = values
    memories[name] = memory
    symbols[name] = .column(reference, access: access, conditionalWrite: condition.map { self.reference($0) })
    return memory
  }

  /// Another name for a column, with another access.
  func name(_ name: String, for column: String, access: Access, where condition: String? = nil) {
    symbols[name] = .column(reference(column), access: access, conditionalWrite: condition.map { reference($0) })
  }

  func constant(_ name: String, _ value: ConstantValue) { symbols[name] = .constant(value) }

  func reference(_ name: String) -> ColumnReference { memories[name]!.reference }
  subscript(name: String) -> [Double] {
    get { memories[name]!.values }
    set { memories[name]!.values = newValue }
  }

  // MARK: Programs

  func program(_ code: String) throws -> KernelProgram {
    try Lowering.lower(statements: ExpressionParser.parseStatements(code), symbols: symbols, purpose: "test")
  }

  func kernel(_ program: KernelProgram) throws -> any Kernel {
    let kernel = try compiler.compile(program)
    var buffers: [Int: ColumnBuffer] = [:]
    for memory in memories.values {
      buffers[memory.reference.id] = ColumnBuffer(base: memory.base, count: memory.count, type: memory.reference.type)
    }
    let seed = seed
    try kernel.bind(columns: buffers) { RandomKey.key(seed: seed, object: "group", purpose: "test", site: $0) }
    return kernel
  }

  @discardableResult
  func run(_ code: String, _ range: Range<Int>, step: Int64 = 0) throws -> KernelFault? {
    try kernel(program(code)).run(range: range, step: step)
  }

  @discardableResult
  func run(_ code: String, indices: [Int32], step: Int64 = 0) throws -> KernelFault? {
    let kernel = try kernel(program(code))
    return indices.withUnsafeBufferPointer { kernel.run(indices: $0, step: step) }
  }

  func select(_ condition: String, after code: String = "", _ range: Range<Int>, step: Int64 = 0) throws -> [Int32] {
    let program = try Lowering.lower(
      statements: code.isEmpty ? [] : ExpressionParser.parseStatements(code), condition: ExpressionParser.parse(condition),
      symbols: symbols, purpose: "test")
    let kernel = try kernel(program)
    var out = [Int32](repeating: -1, count: range.count)
    let found = out.withUnsafeMutableBufferPointer { kernel.select(range: range, step: step, into: $0.baseAddress!) }
    return Array(out[..<found.count])
  }

  /// The value of an expression for each element of a range, as doubles, and its type.
  func evaluate(
    _ expression: String, _ range: Range<Int> = 0..<1, as type: ValueType? = nil, step: Int64 = 0
  ) throws -> (values: [Double], type: ValueType) {
    let program = try Lowering.lower(
      value: ExpressionParser.parse(expression), as: type, symbols: symbols, purpose: "test")
    let kernel = try kernel(program)
    var lanes = [UInt64](repeating: 0, count: range.count)
    if let fault = lanes.withUnsafeMutableBytes({ kernel.evaluate(range: range, step: step, into: $0.baseAddress!) }) {
      throw fault
    }
    let resultType = program.resultType!
    return (lanes.map { ConstantValue(bits: $0, type: resultType).doubleValue }, resultType)
  }
}
