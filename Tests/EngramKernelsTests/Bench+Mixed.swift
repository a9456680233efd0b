import EngramExpressions
import EngramScalars

@testable import EngramKernels

extension Bench {
  /// Columns of every type, an index, a mask and constants: what random programs compute with.
  static func mixed(count: Int) -> Bench {
    let bench = Bench()
    func values(_ formula: (Double) -> Double) -> [Double] { (0..<count).map { formula(Double($0)) } }
    bench.column("b", values { Double(Int($0) % 3 == 0 ? 1 : 0) }, type: .bool)
    bench.column("v", values { 0.37 * $0 - 40 })
    bench.column("u", values { 5 / ($0 + 0.5) })
    bench.column("f", values { 1.1 * $0 - 3 }, type: .float32)
    bench.column("g", values { 0.9 - 0.01 * $0 }, type: .float32, where: "b")
    bench.column("n", values { Double(Int($0) % 17 - 8) }, type: .int32)
    bench.column("m", values { Double(Int($0) * 31 % 23 - 11) }, type: .int64)
    bench.column("s", [1.25], access: .scalar)
    bench.column("dt", [0.125], access: .scalar)
    bench.column("post", values { Double(Int($0) * 7 % 5) }, type: .int32)
    bench.column("x", [1, 2, 3, 4, 5, 6])
    bench.column("k", [1, 2, 3, 4, 5], type: .int32)
    bench.column("open", [1, 0, 1, 1, 0, 1], type: .bool)
    bench.name("x_post", for: "x", access: .gather([IndexStep(column: bench.reference("post"), offset: 1)]), where: "open")
    bench.name("k_post", for: "k", access: .gather([IndexStep(column: bench.reference("post"))]))
    bench.constant("tau", .float(0.75))
    bench.constant("count", .integer(11))
    bench.constant("h", .float(0.125))
    bench.symbols["i"] = .elementIndex(offset: 0)
    return bench
  }

  /// All bytes of all columns, with any NaN as one NaN.
  var state: [String: [UInt8]] {
    for memory in memories.values where memory.reference.type.isFloat {
      for element in 0..<memory.count where memory[element].isNaN { memory[element] = .nan }
    }
    return memories.mapValues(\.bytes)
  }
}

extension Kernel {
  /// One call for some pieces of a table.
  ///
  /// - Parameters:
  ///   - bounds: where pieces begin and end.
  ///   - elements: what stands at these places; nil: the places are the elements.
  func run(pieces: [Int32], bounds: [Int32], elements: [Int32]?, step: Int64) -> KernelFault? {
    bounds.withUnsafeBufferPointer { bounds in
      (elements ?? []).withUnsafeBufferPointer { listed in
        pieces.withUnsafeBufferPointer {
          let table = PieceTable(
            bounds: bounds.baseAddress!, elements: elements == nil ? nil : listed.baseAddress, count: bounds.count - 1,
            identity: PieceTable.newIdentity())
          return run(pieces: $0, of: table, step: step)
        }
      }
    }
  }
}
