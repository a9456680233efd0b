import CEngramMath
import EngramScalars

/// Lets the machine and compiled code do the same work on copies of the columns, and compares all that they changed.
struct NativeTrial {
  /// More than two blocks, and the last one is not whole.
  private static let elementCount = 1100

  private let program: KernelProgram
  private let code: LoadedCode
  private let frame: engram_frame
  /// Elements that all columns have which are read or written by element.
  private let elements: Int
  /// Columns that the body changes, with the number of elements that matter.
  private var changed: [Int: Int] = [:]
  /// The indices that compiled code may get in two bytes, and what they are less than; `nil`: there are none, or they do not fit.
  private var brief: (column: Int, indices: [UInt16], limit: Int32)?

  /// - Parameter frame: a frame of the kernel, bound, with uniform values computed.
  init(_ program: KernelProgram, code: LoadedCode, frame: engram_frame) {
    self.program = program
    self.code = code
    self.frame = frame
    var elements = Self.elementCount
    for operation in program.body {
      guard let number = operation.column, operation.opcode == .load || operation.opcode == .store else { continue }
      elements = min(elements, Int(frame.columns[number].count))
    }
    self.elements = elements
    for operation in program.body where operation.opcode.changesColumn {
      guard let number = operation.column else { continue }
      let count = operation.opcode == .store ? elements : Int(frame.columns[number].count)
      changed[number] = max(changed[number] ?? 0, count)
    }
    if let number = program.briefColumn, let base = frame.columns[number].base {
      let numbers = UnsafeBufferPointer(start: base.assumingMemoryBound(to: Int32.self), count: elements)
      let indices = numbers.compactMap(UInt16.init(exactly:))
      if indices.count == elements { brief = (number, indices, 1 + Int32(indices.max() ?? 0)) }
    }
  }

  /// Whether both did the same; `nil` where there are no elements to try.
  func agrees(_ native: engram_native) -> Bool? {
    if elements == 0 { return nil }
    let expected = outcome(with: nil)
    guard outcome(with: native) == expected else { return false }
    return brief.map { brief in
      brief.indices.withUnsafeBufferPointer { outcome(with: native, brief: (brief.column, $0.baseAddress, brief.limit)) == expected }
    } ?? true
  }

  /// All that a range and a list of elements leave behind, any NaN as one NaN.
  ///
  /// - Parameter brief: indices in two bytes, and of which column.
  private func outcome(with native: engram_native?, brief: (column: Int, UnsafePointer<UInt16>?, limit: Int32)? = nil) -> [[UInt8]] {
    var columns = program.columns.indices.map { frame.columns[$0] }
    if let brief { (columns[brief.column].brief, columns[brief.column].limit) = (brief.1, brief.limit) }
    var copies: [Int: UnsafeMutableRawBufferPointer] = [:]
    for (number, count) in changed {
      let byteCount = count * program.columns[number].type.byteCount
      let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, byteCount), alignment: 64)
      copy.copyMemory(from: UnsafeRawBufferPointer(start: columns[number].base, count: byteCount))
      copies[number] = copy
      columns[number].base = copy.baseAddress
      columns[number].count = Int64(count)
    }
    defer { for copy in copies.values { copy.deallocate() } }
    let list = stride(from: elements - 1, through: 0, by: -3).map(Int32.init)
    var chosen = [Int32](repeating: -1, count: elements)
    var found: [Int64] = []
    columns.withUnsafeBufferPointer { columns in
      var frame = frame
      frame.columns = columns.baseAddress
      frame.native = native
      let (whole, part) = (Int64(elements), Int64(list.count))
      guard program.result != nil else {
        found.append(engram_run_range(code.program, &frame, 0, whole, ENGRAM_BLOCK, nil) ? 1 : 0)
        found.append(engram_run_indices(code.program, &frame, list, part, ENGRAM_BLOCK, nil) ? 1 : 0)
        return
      }
      for isList in [false, true] {
        var count: Int64 = 0
        let succeeded =
          isList
          ? engram_select_indices(code.program, &frame, list, part, code.result, &chosen, &count, nil)
          : engram_select_range(code.program, &frame, 0, whole, code.result, &chosen, &count, nil)
        found += [succeeded ? 1 : 0, count] + chosen[..<Int(count)].map(Int64.init)
      }
    }
    return [found.flatMap { withUnsafeBytes(of: $0, Array.init) }]
      + copies.sorted { $0.key < $1.key }.map { Self.bytes($1, type: program.columns[$0].type, count: changed[$0] ?? 0) }
  }

  private static func bytes(_ memory: UnsafeMutableRawBufferPointer, type: ScalarType, count: Int) -> [UInt8] {
    switch type {
    case .float64:
      let values = memory.bindMemory(to: Double.self)
      for element in 0..<count where values[element].isNaN { values[element] = .nan }
    case .float32:
      let values = memory.bindMemory(to: Float.self)
      for element in 0..<count where values[element].isNaN { values[element] = .nan }
    case .int32, .int64, .bool: break
    }
    return Array(memory[..<(count * type.byteCount)])
  }
}
