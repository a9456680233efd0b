internal import EngramKernels
internal import EngramSimulation
internal import EngramStorage

/// Events of targets whose code waits until something looks at their synapses.
///
/// The synapses that end at a neuron lie far apart in memory, those that begin at one lie together. So the code for an event of a target
/// is not run when the event happens. It is run when the source of a synapse spikes, for all events that the synapses of that source have
/// missed; each synapse gets its events in their order, with their times, and so the same bits.
///
/// Whoever else looks at the synapses has everything carried out first: ``EngramStorage/Column/pending`` sees to it for columns, and
/// ``EngramSimulation/PreparedKernel/pending`` for model code. Only the code of pathways of the sources may run without: these call
/// ``catchUp(_:of:)`` for the pieces that they are about to deliver.
final class DeferredEvents: PendingChanges {
  /// The pathway whose events wait.
  unowned let pathway: SynapticPathway
  /// One for each thread.
  private let workers: [EventWorker]
  private let pool: WorkerPool?
  private let memory: EventWorker.Memory
  /// The memory of the times: zeros, which take no room before they are used.
  private let columnOfTimes: Column
  /// The time of the step that goes on [s].
  private let now: UnsafePointer<Double>?
  /// The synapses of each target, one piece each.
  private let targetTable: DeliveryTable
  private let sources: UnsafePointer<Int32>

  /// The last step with events that wait; such steps are numbered from 1.
  private var lastStep: Int32 = 0
  /// The events in their order, and of which target they were.
  private var log: [(event: TargetEvents.Event, target: Int32)] = []
  /// By source: up to which step its synapses have had their events.
  private let known: UnsafeMutableBufferPointer<Int32>
  /// Sources whose synapses have missed events; used again and again.
  private var missed: [EventWorker.Missed] = []
  private var failure: (any Error)?
  /// Has columns and code forget of it.
  var onEnd: () -> Void = {}

  /// How many executions for one synapse wait.
  private var waitingCount = 0
  /// Synapses that were looked at for events, and executions that came of it.
  private var lookedAtCount = 0
  private var caughtUpCount = 0
  /// Executions for somebody else who looked.
  private var disturbedCount = 0
  private var disturbances = 0

  /// So many events are remembered at most.
  private static let longestLog = 1 << 20
  /// Fewer synapses are not worth other threads.
  private static let leastShared = 1024
  /// Fewer synapses fit into caches, wherever they lie.
  static let leastSynapses = 1 << 15

  /// - Parameters:
  ///   - kernels: the code for synapses that have a time each, once for each thread of the pool.
  ///   - times: the column of these times.
  ///   - now: the time of the step that goes on; `nil` where the code does not ask for it.
  init(
    of pathway: SynapticPathway, kernels: [PreparedKernel], pool: WorkerPool?, times: Column, now: UnsafePointer<Double>?,
    targetTable: DeliveryTable, rows: DeliveryTable, sources: UnsafePointer<Int32>, targets: UnsafePointer<Int32>
  ) {
    self.pathway = pathway
    (self.pool, self.now, self.targetTable, self.sources) = (pool, now, targetTable, sources)
    columnOfTimes = times
    let memory = EventWorker.Memory(
      rows: rows, targets: targets, times: times.withElements { $0 }, events: TargetEvents(targetCount: targetTable.sourceCount))
    self.memory = memory
    workers = kernels.map { EventWorker($0, memory) }
    known = .allocate(capacity: max(1, rows.sourceCount))
    known.initialize(repeating: 0)
  }

  deinit { known.deallocate() }

  // MARK: Events

  /// Remembers the events of a step: the numbers of the targets.
  func add(_ pieces: UnsafeBufferPointer<Int32>) throws {
    if let failure { throw failure }
    if log.count + pieces.count > Self.longestLog { carryOutAll() }
    if pieces.isEmpty { return }
    let seconds = now?.pointee ?? 0
    lastStep += 1
    for target in pieces {
      let event = TargetEvents.Event(seconds: seconds, step: lastStep)
      memory.events.append(event, of: target)
      log.append((event, target))
      waitingCount += targetTable.places(of: target).count
    }
  }

  /// Runs the code for events that the synapses of these pieces have missed.
  ///
  /// - Parameter table: of the pathway that is about to deliver the pieces.
  func catchUp(_ pieces: UnsafeBufferPointer<Int32>, of table: DeliveryTable) throws {
    if let failure { throw failure }
    for piece in pieces { miss(table.source(of: piece)) }
    workTogether()
    if let failure { throw failure }
  }

  /// Whether it is faster than to run code when events happen.
  var pays: Bool {
    if lookedAtCount > 1 << 22, caughtUpCount < lookedAtCount / 16 { return false }
    return disturbances < 64 || caughtUpCount > disturbedCount
  }

  /// Notes that the synapses of a source are to get what they have missed.
  private func miss(_ source: Int32) {
    let step = known[Int(source)]
    guard step < lastStep else { return }
    known[Int(source)] = lastStep
    missed.append(EventWorker.Missed(source: source, step: step))
  }

  /// Catches up with all that has been noted, on all threads where there is enough of it.
  private func workTogether() {
    defer { missed.removeAll(keepingCapacity: true) }
    let count = missed.reduce(0) { $0 + memory.rows.row(of: $1.source).count }
    if count == 0 { return }
    lookedAtCount += count
    let isShared =
      count >= Self.leastShared && workers.count > 1
      && pool?.run(
        { context, number in
          guard let context else { return }
          let events = Unmanaged<DeferredEvents>.fromOpaque(context).takeUnretainedValue()
          events.work(Int(number), of: events.workers.count)
        }, Unmanaged.passUnretained(self).toOpaque()) == true
    if !isShared { work(0, of: 1) }
    for worker in workers[..<(isShared ? workers.count : 1)] {
      caughtUpCount += worker.doneCount
      waitingCount -= worker.doneCount
      failure = failure ?? worker.failure
    }
  }

  private func work(_ number: Int, of count: Int) {
    missed.withUnsafeBufferPointer { workers[number].work($0, part: (number, count)) }
  }

  // MARK: Carrying out

  /// Carries out what waits; nothing will wait again.
  func end() throws {
    carryOutAll()
    onEnd()
    onEnd = {}
    if let failure { throw failure }
  }

  var areWaiting: Bool { !log.isEmpty }

  func carryOut() {
    guard areWaiting else { return }
    disturbances += 1
    disturbedCount += waitingCount
    carryOutAll()
  }

  private func carryOutAll() {
    // Few events are carried out as they happened, many source by source.
    if waitingCount < memory.rows.firstPlace[memory.rows.firstPlace.count - 1] >> 3 { runEvents() } else { runRows() }
    // Only what the machine itself cannot do is told so: nothing is read or written here but elements that are there.
    failure = failure ?? workers.lazy.compactMap(\.failure).first
    forget()
  }

  private func runEvents() {
    var synapses: [Int32] = []
    for (event, target) in log {
      synapses.removeAll(keepingCapacity: true)
      for place in targetTable.places(of: target) {
        let synapse = targetTable.synapseAtPlace?[place] ?? Int32(place)
        if known[Int(sources[Int(synapse)])] < event.step { synapses.append(synapse) }
      }
      workers[0].run(synapses, seconds: event.seconds)
    }
  }

  private func runRows() {
    let before = (lookedAtCount, caughtUpCount)
    for source in 0..<Int32(memory.rows.sourceCount) { miss(source) }
    workTogether()
    (lookedAtCount, caughtUpCount) = before
  }

  private func forget() {
    for (_, target) in log { memory.events.forget(target) }
    log.removeAll(keepingCapacity: true)
    lastStep = 0
    known.update(repeating: 0)
    waitingCount = 0
  }
}
