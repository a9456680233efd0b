internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage

/// What follows from the two ends of all synapses.
extension Synapses {
  /// Recomputes what follows from `i` and `j`.
  func recount() {
    guard let pre = preEnds?.column, let post = postEnds?.column else { return }
    synapseCount = pre.rows
    variables["N"]?.array?.column.touch()
    variables["N"]?.array?.store(Double(wholeSynapseCount), at: 0)
    // What is counted by all processes is counted when anything has changed in any of them.
    let versions = (ownElements.map { [$0.changeCount] } ?? [pre.version, post.version]) + [UInt64(targetCount), UInt64(sourceCount)]
    defer { countedVersions = versions }
    if versions != countedVersions { countEnds(pre, post) }
    numberPairs(pre, post)
  }

  private func countEnds(_ pre: Column, _ post: Column) {
    for (name, ends, count, isPre) in [("N_incoming", post, targetCount, false), ("N_outgoing", pre, sourceCount, true)] {
      guard let variable = variables[name]?.dynamicArray else { continue }
      // Never smaller than before, so this cannot fail for lack of memory that was there.
      if variable.count < count { try? variable.resize(to: count) }
      variable.column.touch()
      variable.column.withElements(of: Int32.self) { counts in
        counts.update(repeating: 0)
        ends.withElements(of: Int32.self) { ends in
          let starts = isPre ? sourceStarts : AscendingEnds.starts(of: UnsafeBufferPointer(ends), elementCount: counts.count)
          if let starts {
            for element in counts.indices { counts[element] = starts[element + 1] - starts[element] }
          } else {
            // What a program writes into the ends of its synapses is met when a run begins; here nothing is counted outside.
            for end in ends where end >= 0 && Int(end) < counts.count { counts[Int(end)] &+= 1 }
          }
        }
        ownElements?.sum(counts)
      }
    }
  }

  /// 0, 1, … for the synapses of one pair, in their order (SYN-31).
  private func numberPairs(_ pre: Column, _ post: Column) {
    guard let multisynapticIndex, let numbers = variables[multisynapticIndex]?.array?.column else { return }
    numbers.touch()
    numbers.withElements(of: Int32.self) { numbers in
      pre.withElements(of: Int32.self) { pre in
        post.withElements(of: Int32.self) { post in
          guard let table = try? DeliveryTable(sources: UnsafeBufferPointer(pre), sourceCount: sourceCount, uniformDelay: 0, starts: sourceStarts),
            post.allSatisfy({ $0 >= 0 && Int($0) < targetCount })
          else { return }
          var seen = [Int32](repeating: 0, count: targetCount)
          var row: [Int32] = []
          for source in 0..<Int32(sourceCount) {
            row.removeAll(keepingCapacity: true)
            for run in table.runs(of: source) { row.append(contentsOf: run.first..<run.first + run.count) }
            for synapse in row {
              let end = Int(post[Int(synapse)])
              numbers[Int(synapse)] = seen[end]
              seen[end] += 1
            }
            for synapse in row { seen[Int(post[Int(synapse)])] = 0 }
          }
        }
      }
    }
  }

  /// Where the synapses of each source begin, and behind them all; nil: they are in another order.
  var sourceStarts: [Int32]? {
    guard let pre = preEnds?.column else { return nil }
    if let known = knownStarts, known.column == pre.identity, known.version == pre.version { return known.starts }
    let starts = pre.withElements(of: Int32.self) { AscendingEnds.starts(of: UnsafeBufferPointer($0), elementCount: sourceCount) }
    noteSourceStarts(starts)
    return starts
  }

  /// Keeps what was found out of the present sources.
  func noteSourceStarts(_ starts: [Int32]?) {
    guard let pre = preEnds?.column else { return }
    knownStarts = (pre.identity, pre.version, starts)
  }
}
