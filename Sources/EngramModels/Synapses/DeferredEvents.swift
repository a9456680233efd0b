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
  /// The code, for synapses that have a time each.
  private let kernel: PreparedKernel
  /// By synapse: the time that the code gets.
  private let times: UnsafeMutableBufferPointer<Double>
  /// Their memory: zeros, which take no room before they are used.
  private let columnOfTimes: Column
  /// The time of the step that goes on [s].
  private let now: UnsafePointer<Double>?
  /// The synapses of each target, one piece each.
  private let targetTable: DeliveryTable
  /// The synapses of each source.
  private let rows: DeliveryTable
  private let sources: UnsafePointer<Int32>
  private let targets: UnsafePointer<Int32>

  /// The last step with events that wait; such steps are numbered from 1.
  private var lastStep: Int32 = 0
  /// The events in their order, and of which target they were.
  private var log: [EventBatch.Event] = []
  private var targetsOfEvents: [Int32] = []
  /// By target: its newest event in the log, and the step of that; -1 and 0: there is none.
  private let newestEvent: UnsafeMutableBufferPointer<Int32>
  private let newestStep: UnsafeMutableBufferPointer<Int32>
  /// By source: up to which step its synapses have had their events.
  private let known: UnsafeMutableBufferPointer<Int32>
  /// Synapses of a source that have missed some.
  private let behind: UnsafeMutableBufferPointer<Int32>
  private let batch = EventBatch()
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
  /// So many executions of one synapse after the other are begun at least before code runs: each run has a price.
  private static let leastBatch = 2048
  /// Fewer synapses fit into caches, wherever they lie.
  static let leastSynapses = 1 << 15

  init(
    of pathway: SynapticPathway, kernel: PreparedKernel, times: Column, now: UnsafePointer<Double>?, targetTable: DeliveryTable,
    rows: DeliveryTable,
    sources: UnsafePointer<Int32>, targets: UnsafePointer<Int32>
  ) {
    self.pathway = pathway
    (self.kernel, self.now, self.targetTable, self.rows) = (kernel, now, targetTable, rows)
    columnOfTimes = times
    self.times = times.withElements { $0 }
    (self.sources, self.targets) = (sources, targets)
    newestEvent = .allocate(capacity: max(1, targetTable.sourceCount))
    newestEvent.initialize(repeating: -1)
    newestStep = .allocate(capacity: max(1, targetTable.sourceCount))
    newestStep.initialize(repeating: 0)
    known = .allocate(capacity: max(1, rows.sourceCount))
    known.initialize(repeating: 0)
    behind = .allocate(capacity: 1 + ((0..<Int32(rows.sourceCount)).map { rows.row(of: $0).count }.max() ?? 0))
  }

  deinit {
    newestEvent.deallocate()
    newestStep.deallocate()
    known.deallocate()
    behind.deallocate()
  }

  // MARK: Events

  /// Remembers the events of a step: the numbers of the targets.
  func add(_ pieces: UnsafeBufferPointer<Int32>) throws {
    if let failure { throw failure }
    if log.count + pieces.count > Self.longestLog { carryOutAll() }
    if pieces.isEmpty { return }
    let seconds = now?.pointee ?? 0
    lastStep += 1
    for target in pieces {
      log.append(EventBatch.Event(seconds: seconds, step: lastStep, previous: newestEvent[Int(target)]))
      targetsOfEvents.append(target)
      newestEvent[Int(target)] = Int32(log.count - 1)
      newestStep[Int(target)] = lastStep
      waitingCount += targetTable.places(of: target).count
    }
  }

  /// Runs the code for events that the synapses of these pieces have missed.
  ///
  /// - Parameter table: of the pathway that is about to deliver the pieces.
  func catchUp(_ pieces: UnsafeBufferPointer<Int32>, of table: DeliveryTable) throws {
    if let failure { throw failure }
    for piece in pieces {
      try collect(from: table.source(of: piece))
      if batch.count >= Self.leastBatch { try runBatch() }
    }
    try runBatch()
  }

  /// Whether it is faster than to run code when events happen.
  var pays: Bool {
    if lookedAtCount > 1 << 22, caughtUpCount < lookedAtCount / 16 { return false }
    return disturbances < 64 || caughtUpCount > disturbedCount
  }

  private func collect(from source: Int32) throws {
    let before = known[Int(source)]
    guard before < lastStep else { return }
    known[Int(source)] = lastStep
    let row = rows.row(of: source)
    var count = 0
    let (targets, newestStep, behind) = (targets, newestStep, behind)
    if let places = rows.synapseAtPlace {
      places.withUnsafeBufferPointer { places in
        for place in row {
          behind[count] = places[place]
          count += newestStep[Int(targets[Int(places[place])])] > before ? 1 : 0
        }
      }
    } else {
      for synapse in row {
        behind[count] = Int32(truncatingIfNeeded: synapse)
        count += newestStep[Int(targets[synapse])] > before ? 1 : 0
      }
    }
    let already = batch.count
    log.withUnsafeBufferPointer { log in
      guard let log = log.baseAddress else { return }
      batch.append(behind[..<count], to: targets, newest: newestEvent, after: before, of: log)
    }
    lookedAtCount += row.count
    caughtUpCount += batch.count - already
    waitingCount -= batch.count - already
  }

  private func runBatch() throws {
    guard batch.count > 0 else { return }
    let times = times
    try batch.take { synapses, seconds in
      for place in synapses.indices { times[Int(synapses[place])] = seconds[place] }
      try kernel.run(indices: synapses)
    }
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
    do {
      // Few events are carried out as they happened, many source by source.
      if waitingCount < rows.firstPlace[rows.firstPlace.count - 1] >> 3 { try runEvents() } else { try runRows() }
    } catch {
      // Only what the machine itself cannot do is told so: nothing is read or written here but elements that are there.
      failure = failure ?? error
    }
    forget()
  }

  private func runEvents() throws {
    var synapses: [Int32] = []
    for (event, target) in zip(log, targetsOfEvents) {
      synapses.removeAll(keepingCapacity: true)
      for place in targetTable.places(of: target) {
        let synapse = targetTable.synapseAtPlace?[place] ?? Int32(place)
        guard known[Int(sources[Int(synapse)])] < event.step else { continue }
        times[Int(synapse)] = event.seconds
        synapses.append(synapse)
      }
      try synapses.withUnsafeBufferPointer { try kernel.run(indices: $0) }
    }
  }

  private func runRows() throws {
    let before = caughtUpCount
    for source in 0..<Int32(rows.sourceCount) {
      try collect(from: source)
      if batch.count >= Self.leastBatch { try runBatch() }
    }
    try runBatch()
    caughtUpCount = before
  }

  private func forget() {
    for target in targetsOfEvents { (newestEvent[Int(target)], newestStep[Int(target)]) = (-1, 0) }
    log.removeAll(keepingCapacity: true)
    targetsOfEvents.removeAll(keepingCapacity: true)
    lastStep = 0
    known.update(repeating: 0)
    waitingCount = 0
  }
}
