internal import EngramKernels
internal import EngramScalars
internal import EngramSimulation

/// Spikes on their way where each process has its own synapses alone.
///
/// What waits under the present table are pieces of own synapses. What has to outlast the table, or leaves the process, are numbers of the
/// synapses of all processes, in the order in which one process delivers them: by arrival, by source, by number.
extension SynapticPathway {
  /// Runs code for synapses that waited under an earlier table.
  func deliver(_ numbers: UnsafeBufferPointer<Int32>, _ kernel: PreparedKernel) throws {
    guard let ownElements else { return try kernel.run(indices: numbers) }
    var places: [Int32] = []
    for number in numbers { places += ownElements.places(of: Int(number)..<Int(number) + 1).map(Int32.init) }
    // Also where there is none: all processes run the same code in the same order.
    try places.withUnsafeBufferPointer { try kernel.run(indices: $0) }
  }

  /// Does what depends on own synapses: where it fails in one process, it fails in all.
  func together<Value>(_ body: () throws -> Value) throws -> Value { try ownElements?.distribution.together(body) ?? body() }

  /// Whether the delays of own synapses are others than those of another process: then something may be due in one alone.
  func differs(_ table: DeliveryTable) throws -> Bool {
    guard let ownElements else { return false }
    let delays = try ownElements.distribution.gather([table.isUniform ? Int64(table.uniformDelay) : -1])
    return delays.contains { $0 < 0 || $0 != delays[0] }
  }

  /// How pieces that wait become numbers of synapses.
  var carrying: SpikeQueue.Carrying<any Error> {
    guard let ownElements else { return SpikeQueue.carriedHere }
    return { waiting, table in
      var own: [Int64] = []
      for entry in waiting {
        let (arrival, source) = (entry.step - Int64(table.delay(of: entry.piece)), Int64(table.source(of: entry.piece)))
        for run in table.runs(of: entry.piece) {
          ownElements.forEachRun(in: Int(run.first)..<Int(run.end)) { number, places in
            own += [entry.step, arrival, source, Int64(number), Int64(places.count)]
          }
        }
      }
      return Self.inOrder(try ownElements.distribution.gather(own))
    }
  }

  /// - Parameter all: five numbers for synapses with consecutive numbers: step, arrival, source, number of the first one, how many they are.
  static func inOrder(_ all: [Int64]) -> [(step: Int64, synapses: SynapseRuns)] {
    let width = 5
    let places = stride(from: 0, to: all.count, by: width).sorted { all[$0..<$0 + 4].lexicographicallyPrecedes(all[$1..<$1 + 4]) }
    var found: [(step: Int64, synapses: SynapseRuns)] = []
    for place in places {
      if found.last?.step != all[place] { found.append((all[place], SynapseRuns())) }
      found[found.count - 1].synapses.append(SynapseRun(first: Int32(all[place + 3]), count: Int32(all[place + 4])))
    }
    return found
  }
}
