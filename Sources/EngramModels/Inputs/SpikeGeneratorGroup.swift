public import EngramModel
internal import EngramScalars
public import EngramSimulation
internal import EngramStorage
public import EngramUnits

/// Elements that spike at given times (INP-10…14), Brian 2's `SpikeGeneratorGroup`.
///
/// ```swift
/// let stimulus = try SpikeGeneratorGroup(3, indices: [0, 1, 2], times: [5, 10, 10] * ms, period: 100 * ms)
/// ```
///
/// A time belongs to the step in which it lies. Two spikes of one element in one step are refused.
public final class SpikeGeneratorGroup: SpikingGroup {
  private var finder: SpikeGenerator?

  /// A group with spikes that ``setSpikes(indices:times:period:sorted:)`` can replace later.
  ///
  /// - Parameters:
  ///   - count: number of elements, at least 1.
  ///   - indices: the element of each spike.
  ///   - times: when it is, as many as `indices`; finite and not negative.
  ///   - period: after which everything repeats, counted from 0.
  ///   - sorted: whether the spikes are sorted by time already; it saves nothing but a look.
  ///   - dt: length of a step of a clock of its own [s].
  ///   - clock: a clock shared with others; neither this nor `dt`: the default clock.
  ///   - when: slot in which the elements spike.
  ///   - order: place within the slot.
  ///   - name: what messages, files and links call it; `*` becomes a free number.
  ///   - file: where it is made, for messages.
  ///   - line: where it is made, for messages.
  /// - Throws: ``InputError`` for spikes that are none: elements that do not exist, lists of different lengths, impossible times.
  /// - Complexity: O(m log m) for m spikes.
  public init(
    _ count: Int, indices: [Int], times: QuantityArray, period: Time? = nil, sorted: Bool = false, dt: Time? = nil, clock: BaseClock? = nil,
    when: Slot = SpikeGeneratorDescription.slot, order: Int = TimingDescription.usualOrder, name: ObjectName = .usual(.spikeGenerator),
    file: StaticString = #fileID, line: UInt = #line
  ) throws {
    try super.init(count: count, dt: dt, clock: clock, when: when, order: order, namespace: nil, name: name, file: file, line: line)
    let numbers = try variables.addDynamicArray("neuron_index", type: .int32, flags: [.readOnly, .constant])
    numbers.rule = .element(of: self.name) { [count = self.count] in count }
    let seconds = try variables.addDynamicArray("spike_time", dimension: .time, flags: [.readOnly, .constant])
    (seconds.rule, seconds.sizedAs) = (.notNegative, numbers)
    try variables.addArray("period", dimension: .time, count: 1, flags: [.scalar, .readOnly, .constant]).rule = .notNegative
    let generator = try SpikeGenerator(of: self, list: addEvent(.spike), when: when, order: order)
    finder = generator
    addPart(generator)
    try setSpikes(indices: indices, times: times, period: period, sorted: sorted)
  }

  override func eventFinder(_ name: EventName) -> BrianObject? { name == .spike ? finder : nil }

  /// Replaces the spikes, between runs. Spikes before the present time are ignored with a warning (INP-13).
  ///
  /// - Parameters:
  ///   - indices: the element of each spike.
  ///   - times: when it is, as many as `indices`; finite and not negative.
  ///   - period: after which everything repeats, counted from 0.
  ///   - sorted: whether the spikes are sorted by time already.
  /// - Throws: ``InputError``; the spikes are then what they were. ``GroupError`` during a run.
  public func setSpikes(indices: [Int], times: QuantityArray, period: Time? = nil, sorted: Bool = false) throws {
    if isInRun { throw GroupError.duringRun(group: name, what: "the spikes") }
    guard indices.count == times.count else {
      throw InputError.lengthMismatch(name: name, indices: indices.count, times: times.count)
    }
    guard times.dimension == .time || times.isEmpty || times.dimension.isDimensionless && times.si.allSatisfy({ $0 == 0 }) else {
      throw DimensionMismatchError("The times of '\(name)'", expected: .time, found: times[0])
    }
    for index in indices where index < 0 || index >= count {
      throw InputError.indexOutOfRange(name: name, index: index, count: count)
    }
    for seconds in times.si {
      if seconds < 0 { throw InputError.negativeTime(name: name, seconds: seconds) }
      if !seconds.isFinite { throw InputError.notFinite(name: name, what: "spike times") }
    }
    let periodSeconds = period?.si ?? 0
    if periodSeconds < 0 { throw InputError.negativePeriod(name: name, seconds: periodSeconds) }
    if !periodSeconds.isFinite { throw InputError.notFinite(name: name, what: "the period") }
    if let step = clock.stepSeconds {
      _ = try SpikeBinning(
        indices: indices.map { Int32($0) }, seconds: times.si, periodSeconds: periodSeconds, stepSeconds: step, elementCount: count,
        name: name)
      if periodSeconds / step > Double(Int32.max) {
        environment.messages.emit(.warning, "spikegenerator.long_period", "'\(name)': the period is longer than any run and is ignored")
      }
    }
    let early = times.si.filter { $0 + 1e-3 * (clock.stepSeconds ?? 0) < clock.timeSeconds }.count
    if early > 0, periodSeconds == 0 {
      environment.messages.emit(
        .warning, "spikegenerator.past_spikes", "'\(name)': \(early) spikes lie before the present time and are ignored")
    }
    guard let numbers = variables["neuron_index"]?.dynamicArray, let seconds = variables["spike_time"]?.dynamicArray,
      let periods = variables["period"]?.array
    else { return }
    try numbers.resize(to: indices.count)
    try seconds.resize(to: indices.count)
    try numbers.overwrite(of: Int32.self) { for (place, index) in indices.enumerated() { $0[place] = Int32(index) } }
    try seconds.overwrite(of: Double.self) { for (place, time) in times.si.enumerated() { $0[place] = time } }
    try periods.overwrite(of: Double.self) { $0[0] = periodSeconds }
    var call = [DescriptionField("indices", .numbers(indices.map(Double.init))), DescriptionField("times", .numbers(times.si))]
    if periodSeconds > 0 { call.append(DescriptionField("period", .real(periodSeconds))) }
    noteCall("set_spikes", .mapping(call))
  }

  public override func repeatCall(_ verb: String, _ arguments: DescriptionValue, in network: Network) throws {
    guard verb == "set_spikes", case .numbers(let indices)? = arguments["indices"], case .numbers(let times)? = arguments["times"] else {
      return try super.repeatCall(verb, arguments, in: network)
    }
    try setSpikes(
      indices: indices.compactMap { Int(exactly: $0) }, times: QuantityArray(si: times, dimension: .time),
      period: arguments["period"]?.asReal.map { Time(si: $0) })
  }

  public override var describedKind: ObjectKind {
    let indices = variables["neuron_index"]?.array?.column.withElements(of: Int32.self) { $0.map(Int.init) } ?? []
    let times = variables["spike_time"]?.array?.column.withElements(of: Double.self) { Array($0) } ?? []
    let period = (try? variables["period"]?.array?.item()).flatMap { $0 > 0 ? Quantity($0, .time) : nil }
    return .spikeGenerator(
      SpikeGeneratorDescription(
        count, indices: indices, times: QuantityArray(si: times, dimension: .time), period: period, group: describedGroup()))
  }
}

/// Puts the spikes of each step into the list.
final class SpikeGenerator: BrianObject {
  private let whole: Whole<SpikeGeneratorGroup>
  private let list: EventList
  private var binning = SpikeBinning()

  init(of group: SpikeGeneratorGroup, list: EventList, when: Slot, order: Int) throws {
    whole = Whole(group)
    self.list = list
    try super.init(clock: group.clock, when: when, order: order, name: ObjectName(validating: "\(group.name)_spike_thresholder"))
  }

  override func beforeRun(_ context: RunContext) throws {
    let group = try whole.required(by: self)
    if !context.isResumption { list.count = 0 }
    guard let step = clock.stepSeconds, let indices = group.variables["neuron_index"]?.array,
      let times = group.variables["spike_time"]?.array, let period = group.variables["period"]?.array
    else { return }
    // Always anew: dt, the spikes, or both may have changed, also by a restore (INP-14, CKP-40).
    binning = try SpikeBinning(
      indices: indices.withValues(of: Int32.self) { Array($0) }, seconds: times.withValues(of: Double.self) { Array($0) },
      periodSeconds: period.item(), stepSeconds: step, elementCount: list.capacity, name: group.name)
  }

  override func run() throws {
    let due = binning.spikes(at: clock.timestep)
    list.count = due.count
    for (place, spike) in due.enumerated() { list.base[place] = binning.indices[spike] }
  }

  override func afterRun() { list.count = 0 }
  override func afterPause() {}
  override func customState() throws -> [UInt8]? { list.stored }
  override func prepareRestore(customState: [UInt8]?) throws -> () -> Void {
    guard let events = list.decoded(customState) else { throw GroupError.damagedEvents(object: name) }
    return { [list] in list.assign(events) }
  }
}
