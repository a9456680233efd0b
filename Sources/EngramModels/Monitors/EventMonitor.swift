internal import EngramCheckpoints
public import EngramModel
internal import EngramScalars
public import EngramSimulation
internal import EngramStorage
public import EngramUnits

/// Records which elements have an event, and when (MON-7, 8), Brian 2's `EventMonitor`. ``SpikeMonitor`` is the one for spikes.
///
/// What is recorded goes to disk by itself where the network has a run directory: memory stays bounded.
public class EventMonitor: Group, SpikeCounting {
  /// The group, or the part of a group, whose events are recorded.
  public let source: any SpikeSource
  /// The event that is recorded.
  public let event: EventName
  /// Whether times and indices are recorded, or only counts.
  public let isRecording: Bool
  private let recorded: [RecordedVariable]
  private let indexRecording = Recording(.int32)
  private let timeRecording = Recording(.float64)
  private let timing: (when: Slot, order: Int)?
  /// The numbers that the elements of a step have in the columns, of which a subgroup shows a part.
  private let absolute: EventList
  private var counts32: UnsafeMutablePointer<Int32>?
  /// Whether the source is one of this library, whose lists of spikes need no check.
  private let isOwnSource: Bool

  /// A monitor of one event.
  ///
  /// - Parameters:
  ///   - source: what has the event.
  ///   - event: its name.
  ///   - variables: variables of the source whose values are recorded with each event; as a set, to which `i` and `t` belong anyway.
  ///   - record: false: only counts.
  ///   - timing: slot and order; by default right after the object that finds the events, before any reset.
  ///   - name: what messages and files call it; `*` becomes a free number.
  ///   - file: where it is made, for messages.
  ///   - line: where it is made, for messages.
  /// - Throws: ``MonitorError`` for an event or a variable that the source does not have.
  public init(
    _ source: any SpikeSource, event: EventName, variables: [String] = [], record: Bool = EventMonitorDescription.isUsuallyRecording,
    timing: (when: Slot, order: Int)? = nil, name: ObjectName = .usual(.eventMonitor), file: StaticString = #fileID, line: UInt = #line
  ) throws {
    let label = name.base
    let sourceName = (source as? Nameable)?.name ?? "\(type(of: source))"
    guard source.eventNames.contains(event) else {
      throw MonitorError.unknownEvent(
        monitor: label, source: sourceName, event: event.rawValue, known: source.eventNames.map(\.rawValue))
    }
    self.source = source
    self.event = event
    self.timing = timing
    isOwnSource = source is SpikingGroup || source is Subgroup
    isRecording = record
    let group = source as? Group
    recorded = try EventMonitor.names(variables, monitor: label).map { name in
      guard let group, let variable = group.variables[name], variable.hasValues else {
        throw MonitorError.unknownVariable(
          monitor: label, variable: name, source: sourceName, nearest: group.flatMap { nearest(name, in: $0.variables.names) })
      }
      return RecordedVariable(name: name, variable: variable, rowLength: 1, capacity: source.count)
    }
    absolute = EventList(capacity: record && !recorded.isEmpty ? source.count : 0)
    let produced = EventTiming.of(event, source)
    try super.init(
      clock: source.clock, when: timing?.when ?? produced.when, order: timing?.order ?? produced.order.next, name: name, file: file,
      line: line)
    try self.variables.addConstant("N", .integer(Int64(source.count)))
    try self.variables.addArray("count", type: .int32, count: source.count, flags: [.readOnly]).rule = .count
    if let object = source as? BrianObject { addDependency(object) }
  }

  /// Each once, without those that the monitor records by itself.
  private static func names(_ names: [String], monitor: String) throws -> [String] {
    if names.contains("count") {
      throw MonitorError.notRecordable(monitor: monitor, variable: "count", why: "the monitor counts events under this name")
    }
    var seen: Set<String> = ["i", "t"]
    return names.filter { seen.insert($0).inserted }
  }

  public override class var addToMagicNetwork: Bool { true }
  public override class var invalidatesMagicNetwork: Bool { false }
  public override var elementCount: Int { source.count }

  // ----------------------------------------------------------------------------------------------------------- recording

  public override func beforeRun(_ context: RunContext) throws {
    if let group = source as? Group {
      for variable in recorded { try variable.prepare(context, owner: group, monitor: self.name, clock: clock, last: source.stop - 1) }
    }
    let column = countColumn
    context.noteWrites { column?.touch() }
    counts32 = column?.base.assumingMemoryBound(to: Int32.self)
  }

  private var countColumn: Column? { variables["count"]?.array?.column }

  public override func run() throws {
    try source.withSpikes(of: event) { spikes in
      guard spikes.count > 0, let counts32 else { return }
      if !isOwnSource { try SpikeSourceError.check(spikes, of: source, event) }
      for spike in spikes { counts32[Int(spike)] &+= 1 }
      guard isRecording else { return }
      try indexRecording.append(UnsafeRawBufferPointer(spikes))
      try recordTimes(of: spikes.count)
      if recorded.isEmpty { return }
      let offset = Int32(source.start)
      for (place, spike) in spikes.enumerated() { absolute.base[place] = spike + offset }
      absolute.count = spikes.count
      for variable in recorded { try variable.append(absolute.elements) }
    }
  }

  /// The time of this step, once for each event. In pieces, so that no monitor needs memory for all of its source.
  private func recordTimes(of count: Int) throws {
    try withUnsafeTemporaryAllocation(of: Double.self, capacity: min(count, 512)) { times in
      times.initialize(repeating: clock.timeSeconds)
      for first in stride(from: 0, to: count, by: times.count) {
        try timeRecording.append(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: times[..<min(times.count, count - first)])))
      }
    }
  }

  public override func storedRecordings() -> [StoredRecording] {
    guard isRecording else { return [] }
    return [
      StoredRecording(
        name: "i", recording: indexRecording, type: .int32, rowLength: 1, dimension: .dimensionless, rule: elementRule),
      StoredRecording(name: "t", recording: timeRecording, type: .float64, rowLength: 1, dimension: .time, rule: .notNegative),
    ] + recorded.map(\.stored)
  }

  // ------------------------------------------------------------------------------------------------------------- reading

  private var elementRule: ValueRule { .element(of: (source as? Group)?.reference.description ?? "\(type(of: source))") { [source] in source.count } }

  /// Elements in the order of their events; within a step ascending. Counted in the source.
  ///
  /// - Throws: ``MonitorError`` where only counts are recorded.
  /// - Complexity: reads all that was recorded, from disk where it lies there.
  public var i: [Int32] {
    get throws {
      try checkRecording("i")
      let elements = try indexRecording.int32s()
      // They may have come from a file, whose recordings nobody has looked at before.
      if let place = elements.firstIndex(where: { $0 < 0 || Int($0) >= source.count }) {
        let value = ImpossibleValue(object: self.name, variable: "i", element: place, found: "\(elements[place])", allowed: elementRule.allowed)
        throw CheckpointError.impossibleValues([value])
      }
      return elements
    }
  }

  /// Times of the events; as many as ``i``.
  public var t: QuantityArray {
    get throws {
      try checkRecording("t")
      return QuantityArray(si: try timeRecording.doubles(), dimension: .time)
    }
  }

  /// Indices and times together.
  public var it: (i: [Int32], t: QuantityArray) { get throws { (try i, try t) } }

  /// Events per element.
  public var counts: [Int] { (countColumn?.withElements(of: Int32.self) { $0.map(Int.init) }) ?? [] }
  package var spikeTally: SpikeTally? {
    guard event == .spike else { return nil }
    return SpikeTally(source: (source as? Nameable)?.name ?? name, elementCount: source.count, spikeCount: total)
  }

  /// All events.
  public var total: Int { counts.reduce(0, +) }

  /// The times of each element's events; elements without events have an empty list.
  public func trains() throws -> [Int: QuantityArray] {
    QuantityArray.byElement(try i, values: try t.si, dimension: .time, count: source.count)
  }

  /// A recorded variable, event after event.
  public subscript(variable: String) -> QuantityArray {
    get throws {
      if variable == "t" { return try t }
      if variable == "i" { return QuantityArray(si: try i.map(Double.init), dimension: .dimensionless) }
      let known = try recordedVariable(variable)
      return QuantityArray(si: try known.values(), dimension: known.dimension)
    }
  }

  /// The values of a recorded variable at the events of each element.
  public func values(_ variable: String) throws -> [Int: QuantityArray] {
    if variable == "t" { return try trains() }
    let known = try recordedVariable(variable)
    return QuantityArray.byElement(try i, values: try known.values(), dimension: known.dimension, count: source.count)
  }

  /// `values` of t and of every recorded variable.
  public func allValues() throws -> [String: [Int: QuantityArray]] {
    var result = ["t": try trains()]
    for variable in recorded { result[variable.name] = try values(variable.name) }
    return result
  }

  /// Events per second and element in bins of the given width (MON-12): an incomplete last bin is dropped.
  ///
  /// - Returns: times of the bins' beginnings, and for each element its rates.
  public func binnedRate(_ bin: Time) throws -> (t: QuantityArray, rates: [[Double]]) {
    let (binSteps, stepSeconds) = try Binning.steps(bin, clock: clock, monitor: self.name)
    let binCount = Int(clock.timestep / binSteps)
    let (binsOfAll, overflow) = binCount.multipliedReportingOverflow(by: source.count)
    guard !overflow, binsOfAll < 1 << 32 else {
      throw MonitorError.tooManyBins(monitor: self.name, bins: binCount, elements: source.count)
    }
    var rates = [[Double]](repeating: [Double](repeating: 0, count: binCount), count: source.count)
    for (element, seconds) in zip(try i, try t.si) {
      let place = Int(Int64(saturating: (seconds / stepSeconds).rounded() / Double(binSteps)))
      if place >= 0, place < binCount { rates[Int(element)][place] += 1 / bin.si }
    }
    return (Binning.times(count: binCount, seconds: bin.si), rates)
  }

  private func checkRecording(_ what: String) throws {
    guard isRecording else { throw MonitorError.noTimesRecorded(monitor: self.name, what: what) }
  }

  private func recordedVariable(_ variable: String) throws -> RecordedVariable {
    try checkRecording(variable)
    guard let known = recorded.first(where: { $0.name == variable }) else {
      throw MonitorError.notRecordedVariable(monitor: self.name, variable: variable, recorded: ["i", "t"] + recorded.map(\.name))
    }
    return known
  }

  // -------------------------------------------------------------------------------------------------------- description

  /// nil: the kind of monitor says which.
  var describedEvent: EventName? { event }

  public override var describedKind: ObjectKind {
    .eventMonitor(
      EventMonitorDescription(
        source.reference, event: describedEvent, variables: recorded.map(\.name), isRecording: isRecording, place: timing == nil ? nil : place))
  }
}

/// Records spikes (MON-7), Brian 2's `SpikeMonitor`.
///
/// ```swift
/// let spikes = try SpikeMonitor(neurons, variables: ["v"])
/// try run(100 * ms)
/// let times = try spikes.t                  // when, with unit
/// let elements = try spikes.i               // which, as many
/// let ofThird = try spikes.spikeTrains()[3]
/// let before = try spikes["v"]              // the potential at each spike, before the reset
/// ```
public final class SpikeMonitor: EventMonitor {
  /// A monitor of the spikes of a group or of a part of it.
  ///
  /// - Parameters:
  ///   - source: what spikes.
  ///   - variables: variables of the source whose values are recorded with each spike.
  ///   - record: false: only counts.
  ///   - timing: slot and order; by default right after the threshold, before any reset.
  ///   - name: what messages and files call it; `*` becomes a free number.
  ///   - file: where it is made, for messages.
  ///   - line: where it is made, for messages.
  /// - Throws: ``MonitorError`` where the source has no spikes, or no such variable.
  public init(
    _ source: any SpikeSource, variables: [String] = [], record: Bool = EventMonitorDescription.isUsuallyRecording, timing: (when: Slot, order: Int)? = nil,
    name: ObjectName = .usual(.spikeMonitor), file: StaticString = #fileID, line: UInt = #line
  ) throws {
    try super.init(source, event: .spike, variables: variables, record: record, timing: timing, name: name, file: file, line: line)
  }

  /// All spikes; counted also where times are not recorded.
  public var spikeCount: Int { total }
  /// The times of each element's spikes; elements without spikes have an empty list.
  public func spikeTrains() throws -> [Int: QuantityArray] { try trains() }
  override var describedEvent: EventName? { nil }
}

extension QuantityArray {
  /// Values sorted by element, keeping their order.
  static func byElement(_ elements: [Int32], values: [Double], dimension: Dimension, count: Int) -> [Int: QuantityArray] {
    var lists = [[Double]](repeating: [], count: count)
    for (element, value) in zip(elements, values) { lists[Int(element)].append(value) }
    return Dictionary(uniqueKeysWithValues: lists.enumerated().map { ($0.offset, QuantityArray(si: $0.element, dimension: dimension)) })
  }
}

/// When the object runs that finds an event.
enum EventTiming {
  static func of(_ event: EventName, _ source: any SpikeSource) -> (when: Slot, order: Int) {
    let group = (source as? Subgroup)?.parent ?? source as? SpikingGroup
    if let finder = group?.eventFinder(event) { return (finder.when, finder.order) }
    return (.thresholds, (source as? BrianObject)?.order ?? TimingDescription.usualOrder)
  }
}

extension Int {
  /// The order right behind this one; the greatest has none.
  var next: Int { self == .max ? self : self + 1 }
  var previous: Int { self == .min ? self : self - 1 }
}

/// Bins of whole steps.
enum Binning {
  static func steps(_ bin: Time, clock: BaseClock, monitor: String) throws -> (steps: Int64, stepSeconds: Double) {
    guard let step = clock.stepSeconds, bin.si > 0, bin.si.isFinite else {
      throw MonitorError.binNotMultipleOfStep(monitor: monitor, binSeconds: bin.si, stepSeconds: clock.stepSeconds ?? 0)
    }
    let count = (bin.si / step).rounded()
    guard count >= 1, count < 0x1p53, abs(bin.si / step - count) <= 1e-6 else {
      throw MonitorError.binNotMultipleOfStep(monitor: monitor, binSeconds: bin.si, stepSeconds: step)
    }
    return (Int64(count), step)
  }

  static func times(count: Int, seconds: Double) -> QuantityArray {
    QuantityArray(si: (0..<count).map { Double($0) * seconds }, dimension: .time)
  }
}
