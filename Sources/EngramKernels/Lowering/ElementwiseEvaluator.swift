package import EngramExpressions
import EngramScalars

/// Evaluates a formula of lists and constants for every place of the lists, through the arithmetic of kernels.
package struct ElementwiseEvaluator {
  /// Numbers under a name; integers and booleans are whole numbers.
  package struct List {
    package var name: String
    package var values: [Double]
    package var type: ValueType

    package init(_ name: String, _ values: [Double], _ type: ValueType) { (self.name, self.values, self.type) = (name, values, type) }
  }

  private let constants: [String: ConstantValue]
  private let lists: [List]

  /// - Precondition: all lists have the same length.
  package init(_ lists: [List], constants: [String: ConstantValue]) {
    precondition(lists.allSatisfy { $0.values.count == lists.first?.values.count })
    (self.lists, self.constants) = (lists, constants)
  }

  /// - Parameter type: of the formula, which decides how its values come out of the machine.
  /// - Throws: ``KernelError`` for a formula that the machine does not take.
  package func values(of formula: Expression, type: ValueType) throws(KernelError) -> [Double] {
    let count = lists.first?.values.count ?? 1
    var symbols = constants.mapValues { KernelSymbol.constant($0) }
    var memory: [(reference: ColumnReference, bytes: UnsafeMutableRawPointer)] = []
    defer { for part in memory { part.bytes.deallocate() } }
    for (number, list) in lists.enumerated() {
      let (type, bytes) = Self.column(list)
      let reference = ColumnReference(id: number, type: type, name: list.name)
      memory.append((reference, bytes))
      symbols[list.name] = .column(reference, access: .element)
    }
    let program = try Lowering.lower(value: formula, as: type, symbols: symbols, purpose: "array")
    let kernel = try InterpreterCompiler().compile(program)
    let buffers = memory.map { ($0.reference.id, ColumnBuffer(base: $0.bytes, count: count, type: $0.reference.type)) }
    try kernel.bind(columns: Dictionary(uniqueKeysWithValues: buffers), randomKey: { _ in 0 })
    kernel.prepareRun()
    let lanes = UnsafeMutablePointer<UInt64>.allocate(capacity: max(1, count))
    lanes.initialize(repeating: 0, count: max(1, count))
    defer { lanes.deallocate() }
    if count > 0, let fault = kernel.evaluate(range: 0..<count, step: 0, into: lanes) { throw .notConstant("\(fault)") }
    return (0..<count).map { ConstantValue(bits: lanes[$0], type: type).doubleValue }
  }

  private static func column(_ list: List) -> (ScalarType, UnsafeMutableRawPointer) {
    func fill<Element: ScalarElement>(_ element: (Double) -> Element) -> UnsafeMutableRawPointer {
      let pointer = UnsafeMutablePointer<Element>.allocate(capacity: max(1, list.values.count))
      for (place, value) in list.values.enumerated() { (pointer + place).initialize(to: element(value)) }
      return UnsafeMutableRawPointer(pointer)
    }
    return switch list.type {
    case .float: (.float64, fill { $0 })
    case .integer: (.int64, fill { Int64(saturating: $0) })
    case .boolean: (.bool, fill { $0 != 0 ? UInt8(1) : 0 })
    }
  }
}
