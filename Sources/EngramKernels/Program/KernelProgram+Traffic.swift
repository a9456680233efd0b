import EngramScalars

extension KernelProgram {
  /// Bytes of columns that one element reads and writes: each column once, each element of it that an index leads to once.
  ///
  /// What is shared by all elements is not counted. Adding to an element reads and writes it.
  package var bytesPerElement: Int {
    var read: Set<Int> = []
    var written: Set<Int> = []
    for operation in body {
      guard let column = operation.column else { continue }
      switch operation.opcode {
      case .load, .gather: read.insert(column)
      case .store, .scatter: written.insert(column)
      case .scatterAdd, .scatterSubtract, .scatterMultiply, .scatterDivide:
        read.insert(column)
        written.insert(column)
      default: break
      }
    }
    return (Array(read) + Array(written)).reduce(0) { $0 + columns[$1].type.byteCount }
  }
}

/// How much kernels did while they were watched.
package struct KernelWork: Sendable, Hashable {
  package var callCount = 0
  package var elementCount = 0
  /// Bytes of columns and of lists of elements.
  package var byteCount = 0

  package init() {}

  package static func + (lhs: KernelWork, rhs: KernelWork) -> KernelWork {
    var sum = lhs
    sum.callCount += rhs.callCount
    sum.elementCount += rhs.elementCount
    sum.byteCount += rhs.byteCount
    return sum
  }
}
