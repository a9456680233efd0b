public import EngramCheckpoints
internal import EngramExpressions
internal import EngramKernels
public import EngramModel
internal import EngramScalars
public import EngramSimulation
internal import EngramStorage
internal import EngramUnits

/// The reaction of synapses to an event of their source or target: code, delays, and the spikes on their way (SYN-4…7).
///
/// In each step it queues the new spikes, runs its code for the synapses that are due, and forgets them. One spike is one
/// entry in the queue per delay, and one kernel call delivers all that is due.
public final class SynapticPathway: Group, DependentRestoring {
  /// The end of a synapse whose events count: `pre` the source's, `post` the target's.
  public enum Side: String, Sendable, Hashable { case pre, post }

  let whole: Whole<Synapses>
  /// The end whose events it reacts to.
  public let side: Side
  /// The name within the synapses, such as `pre`.
  public let pathwayName: String
  /// The event that it reacts to.
  public let event: EventName
  let code: ParsedCode
  /// One delay for all synapses; otherwise one per synapse.
  public let hasUniformDelay: Bool
  /// The group whose events it reacts to.
  private let source: any SpikeSource
  private let sourceGroup: Group
  /// Whether the source is one of this library, whose lists of spikes need no check.
  private let isOwnSource: Bool

  private var queue = SpikeQueue()
  private var table: DeliveryTable?
  /// What the table was made of: a table that is still right is kept.
  private var tableKey: TableKey?
  /// Made by `beforeRun`, taken over by the first step: a run that fails while it is prepared changes nothing.
  private var upcoming: (table: DeliveryTable, isNew: Bool, step: Int64, stepSeconds: Double, context: RunContext)?
  private var kernel: PreparedKernel?

  private struct TableKey: Equatable {
    let connectivity: UInt64
    let delays: UInt64
    let stepSeconds: Double
    let count: Int
  }

  init(
    of synapses: Synapses, side: Side, name pathwayName: String, code: ParsedCode, event: EventName, delay: Quantity?
  ) throws {
    let group = side == .pre ? synapses.source : synapses.target
    guard let source = group as? any SpikeSource else { throw SynapseError.notSpiking(group: group.name) }
    guard source.eventNames.contains(event) else {
      throw SynapseError.unknownEvent(synapses: synapses.name, pathway: pathwayName, event: event.rawValue, group: group.name)
    }
    whole = Whole(synapses)
    self.side = side
    self.pathwayName = pathwayName
    self.code = code
    self.event = event
    self.source = source
    sourceGroup = group
    hasUniformDelay = delay != nil
    isOwnSource = group is SpikingGroup || group is Subgroup
    try super.init(
      clock: source.clock, when: side.place.when, order: side.place.order, name: ObjectName(validating: "\(synapses.name)_\(pathwayName)"))
    try variables.addReferences(to: synapses, ["i", "j", "N"])
    if let delay {
      guard delay.dimension == .time || delay.isDimensionless && delay.si == 0 else {
        throw DimensionMismatchError("The delay of pathway '\(pathwayName)'", expected: .time, found: delay)
      }
      guard delay.si >= 0 else { throw SynapseError.negativeDelay(pathway: name, seconds: delay.si) }
      try variables.addArray("delay", dimension: .time, count: 1, flags: [.scalar], values: [delay.si]).rule = .notNegative
    } else {
      let delays = try variables.addDynamicArray("delay", dimension: .time)
      (delays.rule, delays.sizedAs) = (.notNegative, synapses.preEnds)
    }
  }

  /// Expressions for delays may use whatever a synapse knows: `pre.delay = "k*ms"`.
  func takeNamesOfSynapses() throws {
    let synapses = try whole.required(by: self)
    let ownNames: Set<String> = ["t", "dt", "t_in_timesteps", "delay", "lastupdate"]
    for name in synapses.variables.names where !ownNames.contains(name) && !name.hasPrefix("_") && !variables.contains(name) {
      try variables.addReference(name, to: synapses)
    }
  }

  public override var elementCount: Int { whole.ifThere?.elementCount ?? 0 }
  public override var ownNamespace: Namespace? { whole.ifThere?.ownNamespace }
  public override var doesWork: Bool { true }

  private var delayVariable: ArrayVariable? { variables["delay"]?.array }

  /// Whether somebody has given synapses delays of their own; as long as nobody has, they are memory that was never touched.
  private var hasOwnDelays = false

  public override func checkAssignable(_ variable: String) throws { if variable == "delay" { hasOwnDelays = true } }

  /// What one more synapse takes of memory [bytes]: its delay, its place in the table of deliveries, the pieces of that, and the copy of its
  /// target that compiled code reads.
  var bytesPerSynapse: Int {
    let brief = side == .pre && (whole.ifThere?.target.elementCount ?? 0) <= 1 << 16 ? MemoryLayout<UInt16>.size : 0
    if !hasUniformDelay, hasOwnDelays { return MemoryLayout<Double>.size + 3 * MemoryLayout<Int32>.size + brief }
    // Synapses are made in the order of their sources.
    return side == .pre ? brief : MemoryLayout<Int32>.size
  }

  /// New synapses have delay 0 (SYN-33).
  func resize(to count: Int) throws {
    if !hasUniformDelay { try variables["delay"]?.dynamicArray?.resize(to: count) }
  }

  // ------------------------------------------------------------------------------------------------------------- running

  public override func beforeRun(_ context: RunContext) throws {
    let synapses = try whole.required(by: self)
    try synapses.checkConnected()
    try synapses.checkLinkedWrites(code, by: "pathway '\(pathwayName)'")
    guard let step = clock.stepSeconds, let delays = delayVariable, let ends = synapses.ends(side) else { return }
    let key = TableKey(
      connectivity: ends.column.version, delays: delays.column.version, stepSeconds: step, count: synapses.elementCount)
    // What waits under the old table becomes numbers of synapses in all processes at once.
    let isNew = try ownElements?.distribution.anyWants(table == nil || tableKey != key) ?? (table == nil || tableKey != key)
    let made = isNew ? try together { try makeTable(delays: delays, ends: ends, stepSeconds: step) } : table
    // Where other pieces are due in each process, all run the code in every step.
    hasOwnPieces = try made.map(differs) ?? false
    kernel = try context.kernel(for: request(context))
    if let made { upcoming = (made, isNew, clock.timestep, step, context) }
    if isNew { tableKey = nil }
    upcomingKey = key
  }
  private var upcomingKey: TableKey?
  /// Whether what waits is different in each process.
  private var hasOwnPieces = false

  private func makeTable(delays: ArrayVariable, ends: ArrayVariable, stepSeconds: Double) throws -> DeliveryTable {
    var isRounded = false
    let uniform = delays.commonValue
    let steps: [Int32] = try delays.withValues(of: Double.self) { seconds in
      try (uniform == nil ? seconds[...] : seconds.prefix(1)).map { delay in
        guard let steps = DelaySteps.steps(ofSeconds: delay, stepSeconds: stepSeconds) else {
          if delay < 0 || delay.isNaN { throw SynapseError.negativeDelay(pathway: name, seconds: delay) }
          throw SynapseError.delayTooLong(pathway: name, seconds: delay, limitSeconds: DelaySteps.limit * stepSeconds)
        }
        isRounded = isRounded || DelaySteps.isRounded(delay, stepSeconds: stepSeconds, steps: steps)
        return steps
      }
    }
    if isRounded {
      environment.messages.emit(.info, "synapses.delay_rounding", "delays of '\(name)' were rounded to multiples of dt", once: true)
    }
    let starts = side == .pre ? whole.ifThere?.sourceStarts : nil
    // The first spike has them sorted: a run that continues begins with its first step.
    let later = { (body: (UnsafeBufferPointer<Int32>) -> Void) in ends.column.withElements(of: Int32.self) { body(UnsafeBufferPointer($0)) } }
    do {
      return try ends.withValues(of: Int32.self) { ends in
        hasUniformDelay || uniform != nil
          ? try DeliveryTable(sources: ends, sourceCount: source.count, uniformDelay: steps.first ?? 0, starts: starts, later: later)
          : try DeliveryTable(sources: ends, sourceCount: source.count, delays: steps)
      }
    } catch let error as DeliveryTable.Impossible {
      switch error {
      case .source(let synapse, let end):
        throw SynapseError.impossibleEnd(pathway: name, synapse: synapse, end: Int(end), group: sourceGroup.name, count: source.count)
      case .delays(let count, let synapses): throw SynapseError.delayCount(pathway: name, found: count, synapses: synapses)
      }
    }
  }

  private func request(_ context: RunContext) throws -> CodeRequest {
    let synapses = try whole.required(by: self)
    var statements = try synapses.eventDrivenUpdate(context)
    statements += code.statements
    if synapses.hasEventDriven { statements.append(Statement("lastupdate", .assign, .name("t"))) }
    var additional: [String: Variables.Entry] = [:]
    if clock !== synapses.clock {
      // The time of a pathway is that of the group that spikes (SYN-7).
      for name in ["t", "dt"] { additional[name] = clock.variables.entry(name) }
    }
    var request = CodeRequest(
      .statements(statements), owner: synapses, objectName: name, purpose: "pathway", context: .someElements, clock: clock,
      additional: additional, writableReadOnly: ["lastupdate"])
    request.source = code.source
    return request
  }

  public override func run() throws {
    if upcoming != nil { try takeOver() }
    guard let kernel, let table else { return }
    try source.withSpikes(of: event) { spikes in
      if spikes.isEmpty { return }
      if !isOwnSource { try SpikeSourceError.check(spikes, of: source, event) }
      queue.push(spikes, table: table)
    }
    try queue.withDue { bucket in
      if try postpone(bucket, table) { return }
      if !bucket.carried.isEmpty { try bucket.carried.forEachAscending { try deliver($0, kernel) } }
      if !bucket.pieces.isEmpty || hasOwnPieces {
        try bucket.pieces.withUnsafeBufferPointer { pieces in
          try table.withPieces { try kernel.run(pieces: pieces, of: $0) }
        }
      }
    }
    queue.advance()
  }

  /// What it delivers in a run, once everything is prepared; `nil` where it was made of other synapses, as in a pathway that sits a run out.
  var preparedTable: DeliveryTable? {
    guard let synapses = whole.ifThere, let key = upcoming == nil ? tableKey : upcomingKey, key.count == synapses.elementCount,
      key.connectivity == synapses.ends(side)?.column.version
    else { return nil }
    return upcoming?.table ?? table
  }
  /// What it runs in a run.
  var preparedKernel: PreparedKernel? { kernel }

  /// Has events of the target wait, and those of the source wait for these.
  ///
  /// - Returns: whether nothing is left to do for the bucket.
  private func postpone(_ bucket: borrowing SpikeQueue.Bucket, _ table: DeliveryTable) throws -> Bool {
    guard !bucket.isEmpty, let waiting = whole.ifThere?.deferredEvents else { return false }
    guard bucket.carried.isEmpty, waiting.pathway === self || side == .pre else {
      waiting.carryOut()
      return false
    }
    try bucket.pieces.withUnsafeBufferPointer { pieces in
      if side == .pre { try waiting.catchUp(pieces, of: table) } else { try waiting.add(pieces) }
    }
    if !waiting.pays { try endDeferring() }
    return side == .post
  }

  private func endDeferring() throws {
    guard let synapses = whole.ifThere, let waiting = synapses.deferredEvents else { return }
    synapses.deferredEvents = nil
    try waiting.end()
  }

  public override func afterRun() throws {
    upcoming = nil
    try endDeferring()
  }

  private func takeOver() throws {
    guard let upcoming else { return }
    try queue.prepare(
      step: upcoming.step, stepSeconds: upcoming.stepSeconds, table: upcoming.table, previous: upcoming.isNew ? table : nil, carrying: carrying)
    table = upcoming.table
    tableKey = upcomingKey
    self.upcoming = nil
    if let kernel, let events = try DeferredEvents.prepare(self, kernel, upcoming.table, in: upcoming.context) {
      whole.ifThere?.deferredEvents = events
    }
  }

  // --------------------------------------------------------------------------------------------------------- checkpoints

  public override func customState() throws -> [UInt8]? {
    let pending = try queue.pendingSynapses(table: table, carrying: carrying)
    if pending.isEmpty { return nil }
    return StoredSpikes.encode(.init(nextStep: queue.nextStep, stepSeconds: queue.stepSeconds, pending: pending))
  }

  package func prepareRestore(customState: [UInt8]?, beside restoration: Restoration) throws -> () -> Void {
    guard let customState else {
      return { [self] in replaceQueue([], nextStep: 0, stepSeconds: 0) }
    }
    // Where the synapses stay as they are, those that wait and are none of them are forgotten; where they come as well, there is none.
    let ends = try whole.required(by: self).preEnds
    let count = ends.flatMap { restoration.newCount(of: $0) } ?? Int(Int32.max)
    guard let contents = StoredSpikes.decode(customState, synapseCount: count) else {
      throw SynapseError.damagedQueue(pathway: name)
    }
    return { [self] in replaceQueue(contents.pending, nextStep: contents.nextStep, stepSeconds: contents.stepSeconds) }
  }

  private func replaceQueue(_ pending: [(step: Int64, synapses: SynapseRuns)], nextStep: Int64, stepSeconds: Double) {
    queue = SpikeQueue()
    queue.restore(pending, nextStep: nextStep, stepSeconds: stepSeconds)
    table = nil
    tableKey = nil
    upcoming = nil
  }

  public override func didRestore() {
    // Synapses that every process has its own of are restored all of them or not at all.
    if ownElements != nil, tableKey != nil { return }
    // What waits keeps its synapses, whatever becomes of delays.
    if let table { queue.forgetTable(table) }
    table = nil
    tableKey = nil
    upcoming = nil
    queue.dropSynapses(from: Int32(clamping: whole.ifThere?.wholeSynapseCount ?? 0))
  }

  public override var describedKind: ObjectKind { .pathway }
}
