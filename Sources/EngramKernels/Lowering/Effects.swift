import EngramScalars

/// What a program does to its columns, and whether the order of elements matters (COD-12, COD-13).
///
/// A block of elements runs operation by operation; the meaning is element by element. Both agree unless an element can
/// see or overwrite what another one wrote: that happens only through columns reached by an index and written.
struct Effects {
  var reads: Set<Int> = []
  var writes: Set<Int> = []
  var accumulates: Set<Int> = []
  var isSequential = false
  var isParallel = true

  init(callPart: [KernelProgram.Operation], body: [KernelProgram.Operation], columns: [ColumnReference]) {
    var gathered: Set<Int> = []
    var loaded: Set<Int> = []
    var scatters: [Int: Int] = [:]
    var replaced: Set<Int> = []
    for operation in callPart + body {
      guard let number = operation.column else { continue }
      let id = columns[number].id
      switch operation.opcode {
      case .gather: gathered.insert(id)
      case .load, .loadScalar: loaded.insert(id)
      case .scatter:
        scatters[id, default: 0] += 1
        replaced.insert(id)
      case .scatterAdd, .scatterSubtract, .scatterMultiply, .scatterDivide: scatters[id, default: 0] += 1
      default:
        writes.insert(id)
        replaced.insert(id)
      }
    }
    reads = gathered.union(loaded)
    let scattered = Set(scatters.keys)
    writes.formUnion(scattered)
    accumulates = scattered.subtracting(replaced).subtracting(reads)
    isSequential =
      scattered != accumulates || scatters.values.contains { $0 > 1 } || !writes.isDisjoint(with: gathered)
    isParallel = scattered.isEmpty && !isSequential
  }
}
