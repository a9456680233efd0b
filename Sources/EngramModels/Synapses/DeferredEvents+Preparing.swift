internal import EngramKernels
internal import EngramScalars
internal import EngramSimulation
internal import EngramStorage

extension DeferredEvents {
  /// Prepares a pathway's events to wait, where that gives the same bits and is likely to be faster: where each event touches many synapses
  /// that lie far apart, and its code reads and changes nothing but these synapses.
  ///
  /// - Parameters:
  ///   - kernel: the code of the pathway.
  ///   - table: what it delivers.
  ///   - context: the run, in which everything has been prepared.
  static func prepare(_ pathway: SynapticPathway, _ kernel: PreparedKernel, _ table: DeliveryTable, in context: RunContext) throws -> DeferredEvents? {
    guard pathway.side == .post, table.isUniform, !table.isInOrder, context.network.environment.preferences[.deferredEvents],
      let synapses = pathway.whole.ifThere, synapses.deferredEvents == nil, synapses.elementCount >= leastSynapses,
      // Of a synapse that ends at an element of another process nothing is to be carried out here.
      context.distribution == nil || synapses.ownElements != nil,
      let pre = synapses.preEnds, let post = synapses.postEnds,
      let rows = synapses.pathways.lazy.filter({ $0.side == .pre }).compactMap(\.preparedTable).first
    else { return nil }
    let times = kernel.touched.filter { $0.owner is BaseClock }
    guard times.count <= 1, times.allSatisfy({ $0.name == "t" && $0.scalarType == .float64 }) else { return nil }
    let columns = kernel.touched.filter { !($0.owner is BaseClock) }
    guard columns.allSatisfy({ $0.owner === synapses }) else { return nil }
    let memory = try Column(.float64, rows: synapses.elementCount)
    guard let timed = try context.kernels(kernel, withTimes: memory.withElements { $0 }, inPlaceOf: times.first) else { return nil }
    let now = times.first.map { UnsafePointer($0.column.base.assumingMemoryBound(to: Double.self)) }
    let events = DeferredEvents(
      of: pathway, kernels: timed, pool: context.pool, times: memory, now: now, targetTable: table, rows: rows,
      sources: UnsafePointer(pre.column.base.assumingMemoryBound(to: Int32.self)),
      targets: UnsafePointer(post.column.base.assumingMemoryBound(to: Int32.self)))
    // Constant parameters as well: to model code they are, to a program between two steps they are not. The ends cannot change in a run.
    let changing = columns.filter { $0 !== pre && $0 !== post }
    let own = synapses.pathways.compactMap { $0 === pathway || $0.side == .pre ? $0.preparedKernel : nil }
    let others = context.kernels.filter { other in
      !own.contains { $0 === other } && other.touched.contains { variable in changing.contains { $0 === variable } }
    }
    for variable in changing { variable.column.pending = events }
    for other in others { other.pending = events }
    events.onEnd = {
      for variable in changing { variable.column.pending = nil }
      for other in others { other.pending = nil }
    }
    context.network.pendingChanges.append(events)
    return events
  }
}
